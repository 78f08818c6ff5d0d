"""A plan sent as a file is shown, asked about and written; a changed one shows the changes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from docx import Document as Word
from openpyxl import load_workbook
from sqlmodel import select

from handlers.conversation.incoming import IncomingFile
from handlers.conversation.request import AppContext
from handlers.router import Router
from models.assignments import Assignment, Status
from models.audit import Audit
from models.people import PostRole
from models.plans import Plan, Task
from tests.support.plan_files import PLAN
from tests.support.world import ADMIN, World

ROWS = (
    (
        "1",
        "Ban hành kế hoạch số hoá",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Kế hoạch",
        "Trước ngày 15/12/2026",
    ),
    ("2", "Rà soát quy trình nội bộ", "Sở Tư pháp", "", "Báo cáo", "Quý IV/2026"),
    ("3", "Lập dự toán", "Sở Tài chính", "", "Dự toán", "Tháng 11/2026"),
)


def word(rows: tuple[tuple[str, ...], ...] = ROWS) -> bytes:
    """A plan as a Word file with one table."""
    paper = Word()
    paper.add_paragraph("ỦY BAN NHÂN DÂN TỈNH VÂN KHÊ")
    paper.add_paragraph("Số: 31/KH-UBND")
    paper.add_paragraph("Vân Khê, ngày 05 tháng 11 năm 2026")
    paper.add_paragraph("KẾ HOẠCH")
    paper.add_paragraph("Số hoá hồ sơ năm 2026")
    table = paper.add_table(rows=1, cols=6)
    heads = (
        "TT",
        "Nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Sản phẩm",
        "Thời gian hoàn thành",
    )
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


@pytest.mark.process
async def test_a_word_file_is_shown_and_written_when_confirmed(world: World) -> None:
    shown = await world.sends(ADMIN, "ke-hoach.docx", word())
    assert "3 nhiệm vụ" in shown.text
    assert "Đây là kế hoạch mới" in shown.text
    written = await world.presses(ADMIN, shown.action("Nhập"))
    assert "3 nhiệm vụ mới" in written.text
    assert (
        "Ban hành kế hoạch số hoá"
        in (await world.says(ADMIN, "kế hoạch 31 việc của Sở Nội vụ")).text
    )


async def test_a_changed_file_shows_just_the_change(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    changed = (ROWS[0], (*ROWS[1][:5], "Quý III/2026"), ROWS[2])
    shown = await world.sends(ADMIN, "b.docx", word(changed))
    assert "0 mới, 1 thay đổi, 0 không còn trong văn bản, 2 giữ nguyên" in shown.text


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    again = await world.sends(ADMIN, "a.docx", word())
    assert "Không có gì thay đổi" in again.text
    assert again.buttons == {}


async def test_the_workbook_can_be_mended_and_sent_back(world: World) -> None:
    shown = await world.sends(ADMIN, "a.docx", word())
    assert shown.answer is not None
    (sheet,) = shown.answer.files
    book = load_workbook(io.BytesIO(sheet.content))
    cells = [c for ws in book for row in ws.iter_rows() for c in row if c.value == "Tháng 11/2026"]
    assert cells
    cells[0].value = "Tháng 12/2026"
    out = io.BytesIO()
    book.save(out)
    await world.presses(ADMIN, shown.action("Nhập"))
    mended = await world.sends(ADMIN, sheet.name, out.getvalue())
    assert "1 thay đổi" in mended.text, mended.text
    await world.presses(ADMIN, mended.action("Nhập"))
    assert "31/12/2026" in (await world.says(ADMIN, "kế hoạch 31 việc của Sở Tài chính")).text


async def test_dropping_writes_nothing_and_the_buttons_are_spent(world: World) -> None:
    shown = await world.sends(ADMIN, "a.docx", word())
    await world.presses(ADMIN, shown.action("Bỏ"))
    late = await world.presses(ADMIN, shown.action("Nhập"))
    assert "không còn dùng được" in late.text
    assert "Không có kế hoạch" in (await world.says(ADMIN, "kế hoạch 31 có việc gì")).text


async def test_the_buttons_of_an_earlier_file_do_not_write_a_later_one(world: World) -> None:
    earlier = await world.sends(ADMIN, "a.docx", word())
    later = await world.sends(ADMIN, "b.docx", word(ROWS[:2]))
    assert "không còn dùng được" in (await world.presses(ADMIN, earlier.action("Nhập"))).text
    assert "2 nhiệm vụ mới" in (await world.presses(ADMIN, later.action("Nhập"))).text


async def test_the_file_of_a_plan_that_is_there_outlives_its_being_dropped_again(
    world: World,
) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    changed = await world.sends(ADMIN, "b.docx", word((*ROWS[:2], (*ROWS[2][:5], "Tháng 12/2026"))))
    await world.presses(ADMIN, changed.action("Nhập"))
    again = await world.sends(ADMIN, "a.docx", word())
    await world.presses(ADMIN, again.action("Bỏ"))
    assert len(list(world.app.options.files.iterdir())) == 2


async def test_a_task_that_a_document_leaves_out_is_told_and_can_be_cancelled(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    shown = await world.sends(ADMIN, "b.docx", word(ROWS[:2]))
    assert "1 không còn trong văn bản" in shown.text
    assert not any(action.endswith(":write") for action in shown.buttons.values())
    await world.presses(ADMIN, shown.action("hủy"))
    async with world.database.read() as session:
        task = (await session.exec(select(Task).where(Task.title == ROWS[2][1]))).one()
        held = (await session.exec(select(Assignment).where(Assignment.task_id == task.id))).all()
    assert (task.state, {a.status for a in held}) == ("cancelled", {Status.CANCELLED})
    assert "Không có gì thay đổi" in (await world.sends(ADMIN, "b.docx", word(ROWS[:2]))).text


async def test_a_lead_that_is_no_name_holds_up_no_question(world: World) -> None:
    plan = {
        "plan": {"title": "Kế hoạch gạch", "first_year": 2026},
        "tasks": [{"key": "1", "title": "x", "lead": ["…"]}],
    }
    await world.presses(
        ADMIN, (await world.sends(ADMIN, "a.json", json.dumps(plan).encode())).action("Nhập")
    )
    assert "I.1" in (await world.says(ADMIN, "nhiệm vụ của Sở Tư pháp")).text
    asked = await world.says(ADMIN, "/moi --- | đầu mối")
    assert not any("Cơ quan mới" in label for label in asked.buttons)


async def test_nothing_is_written_into_a_closed_plan(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    async with world.database.write() as session:
        plan = (await session.exec(select(Plan).where(Plan.number == "31/KH-UBND"))).one()
        plan.closed_on = world.now.date()
        session.add(plan)
    said = await world.sends(
        ADMIN, "b.docx", word((*ROWS, ("4", "Việc thêm", "Sở Y tế", "", "", "Quý IV/2026")))
    )
    assert "đã kết thúc" in said.text
    assert said.buttons == {}


async def test_what_another_process_changed_is_known_without_a_restart(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    await world.says(ADMIN, "việc của Sở Nội vụ")
    async with world.database.read() as session:
        before = await world.app.load_registry_names(session)
    app = AppContext(world.database, world.app.options)
    other = World(world.database, Router(app), app, world.now, updates=world.updates)
    await other.says(ADMIN, "/kehoach 31")
    async with world.database.read() as session:
        plan = (await session.exec(select(Plan).where(Plan.number == "31/KH-UBND"))).one()
    await other.presses(ADMIN, f"planset:{plan.id}:evidence:yes")
    await world.says(ADMIN, "việc của Sở Nội vụ")
    async with world.database.read() as session:
        after = await world.app.load_registry_names(session)
    assert [p.evidence_needed for s in (before, after) for p in s.plans if p.id == plan.id] == [
        False,
        True,
    ]


async def test_a_task_added_by_command_is_none_that_the_document_leaves_out(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    asked = await world.says(ADMIN, "/them Sở Y tế | Việc giao thêm | 20/12/2026 | kế hoạch: 31")
    await world.presses(ADMIN, asked.action("Lưu"))
    assert "Không có gì thay đổi" in (await world.sends(ADMIN, "a.docx", word())).text


async def test_a_file_whose_size_the_channel_does_not_know_is_still_refused(world: World) -> None:
    async def fetch() -> bytes:
        return b"0" * 20_000_001

    said = await world.give(world.incoming(ADMIN, file=IncomingFile("a.txt", 0, fetch)))
    assert "20 MB" in said.text
    assert not world.app.options.files.exists()


async def test_only_admins_import(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tài chính")
    said = await world.sends("2", "a.docx", word())
    assert "Chỉ người quản trị" in said.text


async def test_deadlines_that_are_past_may_count_as_done(world: World) -> None:
    plan: dict[str, Any] = {**PLAN, "plan": {**PLAN["plan"], "number": "40/KH-UBND"}}
    shown = await world.sends(ADMIN, "a.json", json.dumps(plan).encode())
    assert "thời hạn đã qua" in shown.text
    await world.presses(ADMIN, shown.action("coi là đã xong"))
    said = await world.says(ADMIN, "kế hoạch 40 việc quá hạn")
    assert "Không có nhiệm vụ nào" in said.text


async def test_an_amending_file_goes_into_the_plan_named(world: World) -> None:
    await world.presses(ADMIN, (await world.sends(ADMIN, "a.docx", word())).action("Nhập"))
    assert "31/KH-UBND" in (await world.says(ADMIN, "/nhap 31")).text
    plan = {
        "plan": {
            "title": "Quyết định sửa đổi, bổ sung",
            "number": "55/QĐ-UBND",
            "first_year": 2026,
            "last_year": 2026,
        },
        "tasks": [{"key": "X.9", "title": "Việc bổ sung", "lead": ["Sở Y tế"]}],
    }
    shown = await world.sends(ADMIN, "sua-doi.json", json.dumps(plan).encode())
    assert "1 mới" in shown.text
    await world.presses(ADMIN, shown.action("Nhập"))
    assert "Việc bổ sung" in (await world.says(ADMIN, "kế hoạch 31 việc của Sở Y tế")).text


async def test_a_plan_goes_out_as_a_file(world: World) -> None:
    said = await world.says(ADMIN, "/xuat json 15")
    assert said.answer is not None
    (file,) = said.answer.files
    assert [t["key"] for t in json.loads(file.content)["tasks"]] == [
        "I.1",
        "I.2",
        "I.3",
        "II.1",
        "II.2",
    ]


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.docx", b"", "trống"),
        pytest.param("a.docx", b"PK\x03\x04 broken", "hỏng", marks=pytest.mark.process),
        ("a.json", b"{", "định dạng kế hoạch"),
        ("a.exe", b"MZ" * 50, "loại tệp"),
        ("a.pdf", b"%PDF-1.4 nonsense", "hỏng"),
    ],
)
async def test_a_bad_file_gets_one_sentence_and_is_not_kept(
    world: World, name: str, content: bytes, part: str
) -> None:
    said = await world.sends(ADMIN, name, content)
    assert part in said.text, said.text
    assert "\n" not in said.text
    folder = world.app.options.files
    assert not folder.exists() or list(folder.iterdir()) == []


async def test_a_classified_file_is_refused_and_only_the_fact_is_kept(world: World) -> None:
    paper = Word(io.BytesIO(word()))
    paper.paragraphs[0].insert_paragraph_before("TUYỆT MẬT")
    out = io.BytesIO()
    paper.save(out)
    said = await world.sends(ADMIN, "a.docx", out.getvalue())
    assert "độ mật" in said.text
    folder = world.app.options.files
    assert not folder.exists() or list(folder.iterdir()) == []
    async with world.database.read() as session:
        (row,) = (
            await session.exec(select(Audit).where(Audit.action == "refuse_classified"))
        ).all()
        assert row.after is None


async def test_the_status_table_that_was_taken_away_is_no_second_plan(world: World) -> None:
    said = await world.says(ADMIN, "/xuat excel 15")
    assert said.answer is not None
    (table,) = said.answer.files
    back = await world.sends(ADMIN, table.name, table.content)
    assert "không nhập lại được" in back.text
    assert "/sua" in back.text
    assert back.buttons == {}
