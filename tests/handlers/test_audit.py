"""The audit: every change is on record, filtered, exported, and never rewritten."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from handlers.audit import AuditNames
from locales.fluent import load_sentences
from models.audit import AppendOnly, Audit
from models.people import PostRole
from tests.support.world import ADMIN, NOW, World

AN, CHI = "11", "13"


async def day(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    number = (await world.assignments("I.1"))[0].id
    await world.presses(AN, f"got:{number}")
    said = await world.presses(AN, f"done:{number}")
    await world.presses(AN, said.action("Không kèm"))
    (told,) = await world.told(CHI)
    await world.presses(CHI, told.action("Trả lại"))
    await world.says(CHI, "thiếu phụ lục")


async def test_who_did_what_when_is_shown(world: World) -> None:
    await day(world)
    said = await world.says(ADMIN, "/nhatky")
    assert "Lê Thị Chi: trả lại nhiệm vụ I.1" in said.text
    assert "chờ xác nhận → bị trả lại" in said.text
    assert "lý do: thiếu phụ lục" in said.text
    assert "Nguyễn Văn An: tham gia" in said.text


async def test_it_is_filtered_by_task_person_and_day(world: World) -> None:
    await day(world)
    assert "tham gia" not in (await world.says(ADMIN, "/nhatky I.1")).text
    assert "Lê Thị Chi: trả lại" not in (await world.says(ADMIN, "/nhatky Nguyễn Văn An")).text
    assert "I.1" in (await world.says(ADMIN, "/nhatky hôm nay")).text
    assert "Không có thay đổi" in (await world.says(ADMIN, "/nhatky tháng trước")).text
    assert "chưa rõ" in (await world.says(ADMIN, "/nhatky xyz")).text


async def test_it_is_exported_without_formulas(world: World) -> None:
    await day(world)
    said = await world.says(ADMIN, "/nhatky xuất")
    assert said.answer is not None
    sheet = load_workbook(io.BytesIO(said.answer.files[0].content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:3] == ("Thời điểm", "Người làm", "Việc")
    assert len(rows) == len(await world.audit()) + 1
    assert not any(str(cell).startswith(("=", "+", "@")) for row in rows for cell in row)


async def test_older_rows_are_on_further_pages(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    number = (await world.assignments("I.1"))[0].id
    for _ in range(12):
        await world.presses(AN, f"work:{number}")
        await world.says(AN, "đang làm")
        world.wait(minutes=2)
    first = await world.says(ADMIN, "/nhatky I.1")
    older = await world.presses(ADMIN, first.action("Cũ hơn"))
    assert "đang thực hiện nhiệm vụ I.1" in older.text
    assert older.text != first.text


async def test_only_admins_read_it(world: World) -> None:
    await day(world)
    for who in (AN, CHI):
        assert "Chỉ người quản trị" in (await world.says(who, "/nhatky")).text
        assert "Chỉ người quản trị" in (await world.presses(who, "log:0:")).text


async def _rewrite(world: World, *, delete: bool) -> None:
    async with world.database.write() as session:
        row = (await session.exec(select(Audit))).all()[0]
        row.action = "other"
        await (session.delete(row) if delete else session.flush())


@pytest.mark.parametrize("delete", [False, True])
async def test_it_can_only_grow(world: World, delete: bool) -> None:
    await day(world)
    with pytest.raises(AppendOnly):
        await _rewrite(world, delete=delete)


async def test_every_action_on_record_has_its_words(world: World) -> None:
    await day(world)
    for row in await world.audit():
        assert load_sentences().has_sentence(f"audit-action-{row.action.replace('_', '-')}"), (
            row.action
        )


def _actions() -> set[str]:
    """The names of actions that the program's own code puts on record."""
    root = Path(__file__).resolve().parents[2]
    found = set()
    for folder in ("bot", "handlers", "models", "plans", "reports", "scheduler"):
        for path in (root / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "record_change" not in source:
                continue
            for node in ast.walk(ast.parse(source)):
                if not isinstance(node, ast.Call):
                    continue
                if isinstance(node.func, ast.Name) and node.func.id == "record_change":
                    place = 2  # record_change(session, at, action, ...)
                elif isinstance(node.func, ast.Attribute) and node.func.attr == "record_change":
                    place = 1  # request.record_change(session, action, ...)
                else:
                    continue
                args = [
                    value
                    for arg in node.args
                    for value in (
                        arg.value.elts
                        if isinstance(arg, ast.Starred) and isinstance(arg.value, ast.Tuple)
                        else [arg]
                    )
                ]
                found |= {n.value for n in ast.walk(args[place]) if isinstance(n, ast.Constant)}
    return {action for action in found if isinstance(action, str) and not action.endswith("_")}


def test_every_action_that_is_ever_on_record_has_its_words() -> None:
    actions = _actions()
    assert len(actions) > 20
    assert [
        a
        for a in sorted(actions)
        if not load_sentences().has_sentence(f"audit-action-{a.replace('_', '-')}")
    ] == []


@pytest.mark.long
async def test_more_rows_than_one_statement_takes_are_named(world: World) -> None:
    (one,) = await world.assignments("I.1")
    numbers = range(one.id, 33_000)
    rows = [
        Audit(at=NOW, action="receive", subject="assignment", subject_id=number)
        for number in numbers
    ]
    async with world.database.read() as session:
        names = await AuditNames.load_names(session, rows)
    assert load_sentences().to_text(names.describe_subject(rows[0])) == "nhiệm vụ I.1"


async def test_a_day_off_is_named(world: World) -> None:
    await world.says(ADMIN, "/ngaynghi 10/12/2026 nghỉ bù")
    assert "khai ngày nghỉ, ngày làm việc 10/12/2026" in (await world.says(ADMIN, "/nhatky")).text
