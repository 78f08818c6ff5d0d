"""What is said as done without a number is offered as a report, never searched for."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from handlers import sentences
from handlers.statements import read_statement
from models.assignments import Assignment, Status
from models.people import PostRole
from models.plans import Task
from tests.support.world import World


@pytest.mark.parametrize(
    ("text", "kind", "line", "rest"),
    [
        ("tôi đã làm xong rà soát thủ tục", "done", None, True),
        ("dạ em vừa hoàn thành việc công khai quyết toán", "done", None, True),
        ("bên em đã nộp báo cáo số liệu rồi", "done", None, True),
        ("1 xong rồi", "done", 1, False),
        ("việc số 2 đã hoàn thành, số 15/BC-STP", "done", 2, False),
        ("số 3 làm xong", "done", 3, False),
        ("ok em đã nhận việc này", "received", None, False),
        ("vâng, tôi đã tiếp nhận nhiệm vụ này ạ", "received", None, False),
        ("việc này xong rồi nhé", "done", None, False),
        ("xong rồi", "done", None, False),
        ("xác nhận II.1", "decide", None, True),
        ("trả lại II.1 vì thiếu số văn bản", "decide", None, True),
        ("đồng ý gia hạn I.4", "decide", None, True),
    ],
)
def test_statements_are_read(text: str, kind: str, line: int | None, rest: bool) -> None:
    statement = read_statement(text)
    assert statement is not None
    assert (statement.kind, statement.line) == (kind, line)
    assert bool(statement.rest.text.strip()) == rest


@pytest.mark.parametrize(
    "text",
    [
        "tôi đã hoàn thành những việc nào",
        "em đã xong mấy việc",
        "việc đã hoàn thành của sở tư pháp",
        "em mới nhận việc, cho em hỏi việc của sở y tế",
        "sở y tế đã làm xong việc gì",
        "1 xong chưa",
        "xong rồi thì làm gì",
        "nhiệm vụ của tôi",
        "quá hạn",
        "có gì chờ xác nhận không",
    ],
)
def test_questions_state_nothing(text: str) -> None:
    assert read_statement(text) is None


async def _list_statuses(world: World) -> set[str]:
    async with world.database.read() as session:
        return set((await session.exec(select(Assignment.status))).all())


@pytest.mark.parametrize(
    "typed",
    ["tôi đã làm xong rà soát thủ tục nội bộ", "em vừa hoàn thành việc rà soát thủ tục nội bộ ạ"],
)
async def test_the_task_of_the_words_is_offered_and_written_by_its_button(
    world: World, typed: str
) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", typed)
    assert "I.1" in str(said.buttons)
    assert await _list_statuses(world) == {Status.NEW}
    await world.presses("2", said.action("I.1"))
    assert await _list_statuses(world) != {Status.NEW}


async def test_a_line_of_the_list_is_offered(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("2", "việc của tôi chưa xong")
    said = await world.says("2", "1 xong rồi")
    assert "Tôi chưa ghi gì" in said.text
    assert "II.1" in said.text
    assert await _list_statuses(world) == {Status.NEW}


async def test_a_number_alone_is_no_code_above_a_task(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tài chính")
    said = await world.says("2", "việc số 2 đã hoàn thành")  # I.2 has the code 2.1.1
    assert "Tôi chưa ghi gì" in said.text
    assert await _list_statuses(world) == {Status.NEW}


async def test_the_task_on_screen_is_offered_and_politeness_is_no_report(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "ok em đã nhận việc này")
    assert "Tôi chưa ghi gì" in said.text
    await world.says("2", "I.1")
    said = await world.says("2", "ok em đã nhận việc này")
    assert "Tôi chưa ghi gì" in said.text
    assert "I.1" in said.text
    await world.presses("2", next(iter(said.buttons.values())))
    assert Status.RECEIVED in await _list_statuses(world)


@pytest.mark.parametrize("typed", ["xác nhận I.1", "trả lại I.1 vì thiếu số", "đồng ý I.1"])
async def test_a_decision_in_words_gets_its_buttons(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    assert "không có báo cáo" in (await world.says("3", typed)).text
    await world.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    said = await world.says("3", typed)
    assert "Xác nhận" in str(said.buttons)
    assert "Trả lại" in str(said.buttons)
    assert Status.REPORTED in await _list_statuses(world)


async def test_more_time_counts_from_the_deadline(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "xin gia hạn I.1 thêm 1 tuần vì chờ ý kiến các đơn vị")
    assert "thứ Hai 07/12/2026" in said.text  # a week behind 30/11
    await world.says("2", "/huy")
    said = await world.says("2", "xin gia hạn I.1 thêm năm ngày làm việc")
    assert "07/12/2026" in said.text
    await world.says("2", "/huy")
    await world.says("2", "xin gia hạn I.1")
    assert "14/12/2026" in (await world.says("2", "hai tuần")).text


async def test_a_number_stays_as_it_was_typed(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "I.1 đã hoàn thành, số 15/TTr-STP ngày 18/11")
    assert "15/TTr-STP" in said.text


async def test_what_is_done_already_is_said(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    title = (await world.says("2", "I.1")).text.split(". ", 1)[1].splitlines()[0]
    said = await world.says("2", f"tôi đã làm xong {title.lower()}")
    assert "I.1" in said.text


@pytest.mark.parametrize(
    "typed",
    [
        "báo cáo I.1 số 120/BC-STP ngày 18/11",
        "em gửi báo cáo I.1 rồi nhé",
    ],
)
async def test_what_was_sent_is_offered_as_a_report(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", typed)
    assert "chưa ghi gì" in said.text
    assert said.action("Đã hoàn thành").startswith(("done:", "said:"))


async def test_a_wish_for_time_needs_no_word_for_it(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "bên em xin thêm 2 tuần cho I.1 vì chờ ý kiến")
    assert "14/12/2026" in said.text


@pytest.mark.parametrize(
    "typed",
    [
        "ra soat thu tuc noi bo lam xong roi, so 215/BC-STP ngay 19/11",
        "rà soát thủ tục nội bộ xong rồi nha",
        "sổ theo dõi văn bản em cập nhật rồi, nộp rồi ạ",
        "dạ em gửi báo cáo đầu năm về rà soát thủ tục nội bộ rồi ạ, số 300/BC-STP",
    ],
)
async def test_what_is_said_as_done_at_the_end_is_offered(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", typed)
    offered = said.buttons.values()
    assert any(action.startswith(("done:", "said:")) for action in offered), said.text
    for key in ("I.1", "II.1"):
        assert {row.status for row in await world.assignments(key)} == {Status.NEW}


async def test_what_nobody_here_owes_is_no_report(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "công khai quyết toán ngân sách làm xong rồi")
    assert not any(action.startswith("done:") for action in said.buttons.values())


@pytest.mark.parametrize(
    "typed", ["số 97/BC-STP ngay 18/11/2026", "dạ 97/BC-STP ạ", "cv 12/CV-STP"]
)
async def test_a_document_alone_is_no_subject(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "chưa ghi gì" in (await world.says("2", typed)).text
    await world.says("2", "I.1")
    offered = await world.says("2", typed)
    assert offered.action("Đã hoàn thành").startswith("said:")


async def test_progress_beside_a_number_is_noted_for_who_owes_the_task(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("4", PostRole.FOCAL_POINT, "Sở Tài chính")
    assert "Đã ghi tình hình" not in (await world.says("4", "I.1 đang làm, khoảng 70%")).text
    assert await _list_statuses(world) == {Status.NEW}
    assert (
        "Đã ghi tình hình: khoảng 70%"
        in (await world.says("2", "I.1 em đang làm, khoảng 70%")).text
    )
    half = await world.says("2", "I.1 làm được một nửa rồi ạ")
    assert "Đã ghi tình hình: làm được một nửa" in half.text
    assert "Đã ghi tình hình: mới xong 60%" in (await world.says("2", "I.1 mới xong 60%")).text
    assert {row.status for row in await world.assignments("I.1")} == {Status.IN_PROGRESS}


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("đã nhận", "got:"),
        ("em nhận rồi ạ", "got:"),
        ("đã tiếp nhận nha", "got:"),
        ("ok đã nhận", "got:"),
        ("đang làm", "work:"),
        ("bên em đang thực hiện ạ", "work:"),
        ("làm được 50% rồi", "said:"),
    ],
)
async def test_a_state_alone_is_of_the_task_on_screen(
    world: World, typed: str, action: str
) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert action not in str((await world.says("2", typed)).buttons)
    await world.says("2", "I.1")
    said = await world.says("2", typed)
    assert "Tôi chưa ghi gì" in said.text
    assert next(iter(said.buttons.values())).startswith(action)
    assert await _list_statuses(world) == {Status.NEW}


async def test_a_question_on_the_task_on_screen_is_no_statement(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("2", "I.1")
    assert "Tôi chưa ghi gì" not in (await world.says("2", "đang làm tới đâu rồi")).text
    assert "I.1. Rà soát" in (await world.says("2", "file")).text


@pytest.fixture
async def counted(world: World) -> World:
    """The world with its tasks counted 1, 2, 3."""
    async with world.database.write() as session:
        for number, task in enumerate(await session.exec(select(Task).order_by(col(Task.id))), 1):
            task.key = str(number)
            session.add(task)
    world.restart()
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    return world


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("đã xong 1", "done:"),
        ("đã xong 1, công văn số 5/STP", "done:"),
        ("báo cáo xong 4, báo cáo số 12/BC-STP ngày 18/11", "done:"),
        ("1 xong rồi ạ", "done:"),
        ("tiếp nhận 1", "got:"),
        ("em đang làm 4", "work:"),
        ("xin gia hạn 1 đến 20/12", "extday:"),
    ],
)
async def test_a_bare_number_behind_a_verb_is_a_task(
    counted: World, typed: str, action: str
) -> None:
    said = await counted.says("2", typed)
    assert action in str(said.buttons), said.text
    assert await _list_statuses(counted) == {Status.NEW}


async def test_two_bare_numbers_or_two_meanings_are_offered(counted: World) -> None:
    said = await counted.says("2", "đã xong 1 và 4")
    assert len([a for a in said.buttons.values() if "done:" in a]) == 2
    await counted.says("2", "việc của tôi")  # its first line is the task 4
    said = await counted.says("2", "đã xong 1, công văn số 5/STP")
    assert len([a for a in said.buttons.values() if "done:" in a]) == 2
    assert await _list_statuses(counted) == {Status.NEW}


async def test_a_bare_number_of_no_task_is_asked_for(counted: World) -> None:
    assert "chưa ghi gì" in (await counted.says("2", "đã xong 77, công văn số 5/STP")).text
    assert "do Sở Tài chính thực hiện" in (await counted.says("2", "đã xong 2")).text


@pytest.mark.parametrize(
    "text",
    [
        *("đã xong 3 việc", "xong 1 phần", "gia hạn 5 ngày", "hoàn thành 70%", "xong 15/12"),
        *("hoàn thành 1.500 hồ sơ", "đã xong 1 chưa", "xong 1/3 khối lượng"),
    ],
)
def test_a_number_of_things_is_no_task(text: str) -> None:
    command = sentences.read_sentence(text)
    assert command is None or sentences.read_bare_numbers(command.rest)[0] == []
