"""The command line does what docs/dev/command-line.md says: exits, one line on stderr, JSON."""

from __future__ import annotations

import copy
import json
import os
import sqlite3
from contextlib import chdir, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from tests.support.plan_files import PLAN

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def bot(folder: Path, *arguments: str, given: str = "", **environment: str) -> Done:
    """Run a command, in this process, in a folder with a registry of its own."""
    own = {"DATABASE_URL": f"sqlite:///{folder}/registry.db", **environment}
    with chdir(folder), patch.dict(os.environ, own, clear=True):
        result = CliRunner().invoke(app, arguments, input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose registry holds PLAN."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    done = bot(folder, "import", "--yes", "plan.json")
    assert done.returncode == 0, done.stderr
    return folder


def test_an_import_without_yes_and_without_a_terminal_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    done = bot(tmp_path, "import", "plan.json")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert bot(tmp_path, "export").returncode == 1


def test_a_registry_that_another_program_locks_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    assert bot(tmp_path, "import", "--yes", "plan.json").returncode == 0
    monkeypatch.setattr("models.storage.database.BUSY_TIMEOUT", 1)
    monkeypatch.setattr("models.storage.database._PRAGMAS", ("busy_timeout=1",))
    with closing(sqlite3.connect(tmp_path / "registry.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        done = bot(tmp_path, "invite", "Sở Tư pháp")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "locked" in done.stderr


def test_a_place_that_cannot_be_written_is_said_in_one_line(loaded: Path) -> None:
    done = bot(loaded, "export", "--out", "none/plan.json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "none/plan.json" in done.stderr


def test_a_plan_goes_in_and_out(loaded: Path) -> None:
    done = bot(loaded, "export", "--json")
    exported: dict[str, Any] = json.loads(done.stdout)
    assert [task["key"] for task in exported["tasks"]] == ["I.1", "I.2", "II.1"]
    assert exported["plan"] == PLAN["plan"]


def test_a_second_import_says_that_nothing_changed(loaded: Path) -> None:
    done = bot(loaded, "import", "--yes", "plan.json")
    assert done.returncode == 0
    assert "Không có gì thay đổi" in done.stdout


def test_a_task_that_may_be_another_writes_nothing_with_yes(loaded: Path) -> None:
    changed = copy.deepcopy(PLAN)
    changed["tasks"][0]["title"] = "Thay máy chủ lưu trữ"
    (loaded / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    done = bot(loaded, "import", "--yes", "changed.json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Chưa ghi gì" in done.stderr
    assert "“Thay máy chủ lưu trữ”" in done.stdout
    assert "Thay máy chủ lưu trữ" not in bot(loaded, "export").stdout


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{}", "plan"),
        ("[1]", "$"),
        ('{"plan": {"title": "x"}, "tasks": [{"key": "1"}]}', "tasks[0].title"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_the_place(
    tmp_path: Path, content: str, place: str
) -> None:
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    done = bot(tmp_path, "import", "--yes", "plan.json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"tại {place} " in done.stderr


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    done = bot(tmp_path, "read", "khong-co.docx")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_questions_come_as_lines_of_text_or_json(loaded: Path) -> None:
    line = {"q": "việc của tôi", "today": "2026-05-04", "as": "Sở Tư pháp"}
    given = f"nhiệm vụ của Sở Khoa học và Công nghệ\n{json.dumps(line)}\n"
    done = bot(loaded, "ask", "--json", "--today", "04/05/2026", given=given)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["intent"], first["keys"], first["shared_keys"]) == ("list", ["I.1"], ["I.2"])
    assert (second["keys"], second["shared_keys"]) == (["II.1"], ["I.2"])
    assert first["tasks"] == [
        {"plan": "12/KH-UBND", "key": "I.1", "shared": False},
        {"plan": "12/KH-UBND", "key": "I.2", "shared": True},
    ]
    assert set(first) == {
        "intent",
        "agencies",
        "unknown_agency",
        "role",
        "status",
        "due",
        "code",
        "section",
        "plan",
        "words",
        "keys",
        "shared_keys",
        "tasks",
        "answer",
    }


def test_a_faulty_line_of_questions_does_not_end_the_others(loaded: Path) -> None:
    lines = [
        {"q": "việc của tôi", "as": "Sở Abc"},
        {"q": "việc của tôi", "as": ["x"]},
        {"q": "việc của tôi", "today": "2026-02-30"},
        {"q": "việc của tôi", "as": "Sở Tư pháp"},
    ]
    given = "\n".join(map(json.dumps, lines))
    done = bot(loaded, "ask", "--json", "--today", "04/05/2026", given=given)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["intent"] for answer in answers] == ["unknown"] * 3 + ["list"]
    assert "Sở Abc" in answers[0]["answer"]
    assert "2026-02-30" in answers[2]["answer"]
    assert bot(loaded, "ask", "--as", "Sở Abc", "việc của tôi").returncode == 1


def test_deadlines_are_read_from_arguments_and_lines(tmp_path: Path) -> None:
    done = bot(tmp_path, "deadline", "--json", "--year", "2026", "Trước ngày 01/12")
    assert json.loads(done.stdout)["milestones"][0]["last_day"] == "2026-11-30"
    line = json.dumps({"text": "Quý II", "plan_year": [2027, 2028], "issued_on": "2027-01-04"})
    done = bot(tmp_path, "deadline", "--json", given=line + "\n")
    assert json.loads(done.stdout)["milestones"]


def test_typed_deadlines_are_read_from_today_on(tmp_path: Path) -> None:
    lines = [{"text": text, "today": "2026-11-20"} for text in ("17h mai", "tuần tới", "hôm qua")]
    given = "".join(json.dumps(line) + "\n" for line in lines)
    done = bot(tmp_path, "deadline", "--typed", "--json", given=given)
    day, asked, past = map(json.loads, done.stdout.splitlines())
    assert day == {"day": "2026-11-21", "asks": [], "at": "17:00", "reason": None}
    assert (asked["day"], asked["asks"][0]) == (None, "2026-11-23")
    assert (past["day"], past["reason"]) == (None, "past")
    done = bot(tmp_path, "deadline", "--typed", "--today", "2026-11-20", "mai mốt", "hôm qua")
    assert "21/11/2026, 22/11/2026" in done.stdout


def test_a_wrong_day_is_wrong_usage(tmp_path: Path) -> None:
    assert bot(tmp_path, "ask", "--today", "31/02/2026", "x").returncode == 2


@pytest.mark.parametrize(
    "url",
    [
        *("postgresql://postgres@127.0.0.1:1/test", "postgresql://u@h:abc/x", "mysql://x"),
        *("nonsense", "sqlite:///plan.json"),
    ],
)
def test_a_registry_that_cannot_be_used_is_one_line(tmp_path: Path, url: str) -> None:
    (tmp_path / "plan.json").write_text("{}" * 100, encoding="utf-8")
    done = bot(tmp_path, "ask", "--db", url, "nhiệm vụ")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("command", [("ask", "nhiệm vụ"), ("export",), ("chat",)])
def test_a_registry_that_cannot_be_made_is_one_line(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    done = bot(tmp_path, *command, DATABASE_URL=f"sqlite:///{tmp_path}/file/registry.db")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{tmp_path}/file" in done.stderr


@pytest.mark.parametrize("place", ["file/registry.db", "file/below/registry.db"])
def test_check_knows_a_place_where_no_registry_can_be_made(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    done = bot(tmp_path, "check", DATABASE_URL=f"sqlite:///{tmp_path}/{place}")
    assert done.returncode == 1
    assert f"✗ Tài khoản đang chạy lệnh này không ghi được vào {tmp_path}/{place}" in done.stdout


def test_check_says_what_is_good_and_shows_no_secret(loaded: Path) -> None:
    done = bot(
        loaded,
        "check",
        TELEGRAM_BOT_TOKEN="123456:SECRETSECRETSECRETSECRETSECRETSECRE",
        TELEGRAM_API_URL="http://127.0.0.1:1",
    )
    assert done.returncode == 1
    assert "SECRET" not in done.stdout + done.stderr
    assert "✓ Sổ nhiệm vụ" in done.stdout


def test_run_without_a_token_says_where_to_put_it(tmp_path: Path) -> None:
    done = bot(tmp_path, "run")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "TELEGRAM_BOT_TOKEN" in done.stderr
    assert "make run" in done.stderr


def test_a_wrong_setting_is_one_line_that_names_it(tmp_path: Path) -> None:
    done = bot(tmp_path, "run", SEND_RATE="nhanh", TELEGRAM_BOT_TOKEN="1:x")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SEND_RATE" in done.stderr
