"""`export --format xlsx`, `report`, `chart` and `calendar` on the command line."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.plans import print_plan
from plans.format import PlanFile
from reports.child import FileMaker
from reports.making import make_file
from reports.orders import FileOrder, MadeFile
from tests.reports.sheets import read_table
from tests.support.world import make_registry

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("registry") / "small.db"
    asyncio.run(make_registry(path))
    return f"sqlite:///{path}"


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made without a child; the table narrowed by a question comes from one."""

    async def make_near(_: FileMaker, order: FileOrder, tell: object = None) -> MadeFile:
        return await make_file(order)

    monkeypatch.setattr(FileMaker, "make_file", make_near)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("arguments", "begin"),
    [
        (["export", "--format", "xlsx"], b"PK"),
        (["report", "--period", "2026-11", "--plan", "15/KH-UBND"], b"PK"),
        (["chart", "--kind", "timeline"], b"\x89PNG"),
        (["calendar", "--agency", "Sở Tư pháp"], b"BEGIN:VCALENDAR"),
    ],
)
def test_a_command_writes_its_file(
    registry: str, tmp_path: Path, arguments: list[str], begin: bytes
) -> None:
    out = tmp_path / "tep"
    more = ["--out", str(out), "--db", registry, "--today", "2026-11-20", "--json"]
    result = RUNNER.invoke(app, [*arguments, *more])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["file"] == str(out)
    assert out.read_bytes().startswith(begin)


def test_a_table_may_be_narrowed_by_a_question(registry: str, tmp_path: Path) -> None:
    out = tmp_path / "bang.xlsx"
    question = ["--question", "việc của Sở Tài chính"]
    more = ["--out", str(out), "--db", registry, "--today", "2026-11-20"]
    result = RUNNER.invoke(app, ["export", "--format", "xlsx", *question, *more])
    assert result.exit_code == 0, result.output
    assert {row["Số thứ tự"] for row in read_table(out.read_bytes())} == {"I.2", "I.3"}


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["report", "--period", "2026-13"], 2, "2026-13"),
        (["report", "--period", "2027"], 1, "Chưa đến năm 2027"),
        (["report", "--period", "2026", "--plan", "99/KH-UBND"], 1, "99/KH-UBND"),
        (["chart", "--kind", "pie"], 2, "pie"),
        (["calendar", "--agency", "Sở Xyz"], 1, "Sở Xyz"),
        (["export", "--format", "pdf"], 2, "pdf"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_written(
    registry: str, tmp_path: Path, arguments: list[str], code: int, part: str
) -> None:
    out = tmp_path / "tep"
    more = ["--out", str(out), "--db", registry, "--today", "2026-11-20"]
    result = RUNNER.invoke(app, [*arguments, *more])
    assert result.exit_code == code
    assert part in result.output
    assert not out.exists()


def test_no_command_loads_a_library_that_only_others_need() -> None:
    code = (
        "import sys, bot.__main__;"
        "print([n for n in ('sqlalchemy', 'sqlmodel', 'telegram', 'httpx', 'aiohttp')"
        " if n in sys.modules]);"
        "import bot.application, handlers.router;"
        "print([n for n in ('matplotlib', 'numpy', 'docxtpl', 'icalendar', 'openpyxl', 'docx',"
        " 'httpx') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["[]", "[]"]


@pytest.mark.parametrize("names", [("Sở Y tế", "Biên bản"), ("Sở Xây dựng", "Bản vẽ")])
def test_a_printed_plan_tells_all_that_was_read(
    capsys: pytest.CaptureFixture[str], names: tuple[str, str]
) -> None:
    partner, product = names
    outside = {"kind": "date", "last_day": "2031-12-05"}
    task = {"key": "I.1", "title": "Ươm cây", "partners": [partner], "deliverables": [product]}
    head = {"title": "Trồng cây", "number": "7/KH", "first_year": 2031, "last_year": 2032}
    row = {"title": "Báo cáo", "lead": ["Công an tỉnh"], "milestone": outside}
    print_plan(PlanFile.model_validate({"plan": head, "tasks": [task], "plan_milestones": [row]}))
    printed = capsys.readouterr().out
    said = ("7/KH", "2031–2032", partner, product, "Báo cáo", "Công an tỉnh", "05/12/2031")
    assert [text for text in said if text not in printed] == []
