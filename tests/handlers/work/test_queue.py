"""Who decides sees what waits: `/choxuly`, the line of progress, a task's papers and buttons."""

from __future__ import annotations

from datetime import date

import pytest

from models.people import PostRole
from tests.support.world import ADMIN, World

AN, CHI, DUNG, VIEWER = "11", "13", "14", "15"


@pytest.fixture
async def office(world: World) -> World:
    await world.says(ADMIN, "/start")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.says(AN, "báo cáo xong I.1, báo cáo số 45/BC-STP ngày 19/11/2026")
    return world


async def _ask_time(office: World) -> None:
    await office.joins(DUNG, PostRole.FOCAL_POINT, "Sở Tài chính", "Phạm Dũng")
    await office.says(DUNG, "xin gia hạn I.2 đến 30/12/2026 vì chờ số liệu")
    await office.says(DUNG, "đúng")


@pytest.mark.parametrize("text", ["/choxuly", "có gì chờ xử lý không?", "việc cần xử lý"])
async def test_a_supervisor_sees_all_that_waits(office: World, text: str) -> None:
    reply = await office.says(CHI, text)
    assert "Báo cáo chờ anh/chị xác nhận: 1\n1. I.1 Rà soát" in reply.text
    assert "chưa có đầu mối: 1 (Sở Tài chính)" in reply.text
    await _ask_time(office)
    reply = await office.says(CHI, text)
    assert "Đề nghị gia hạn chờ trả lời: 1\n2. I.2 Công khai" in reply.text
    assert "Xác nhận" in (await office.presses(CHI, reply.action("1"))).buttons


async def test_what_was_returned_waits_until_it_is_reported_again(office: World) -> None:
    shown = await office.says(CHI, "I.1")
    await office.presses(CHI, shown.action("Trả lại"))
    await office.says(CHI, "thiếu phụ lục số liệu")
    assert "cơ quan chưa báo cáo lại: 1\n1. I.1" in (await office.says(CHI, "/choxuly")).text
    assert "cần báo cáo lại: 1" in (await office.says(AN, "/choxuly")).text
    await office.says(AN, "báo cáo xong I.1, báo cáo số 46/BC-STP")
    assert "chưa báo cáo lại" not in (await office.says(CHI, "/choxuly")).text


async def test_a_focal_point_sees_what_waits_of_the_own_agency(office: World) -> None:
    await _ask_time(office)
    text = (await office.says(AN, "/choxuly")).text
    assert "đang chờ cơ quan theo dõi xác nhận: 1" in text
    assert "I.2" not in text
    assert "I.1" not in (await office.says(DUNG, "/choxuly")).text


async def test_what_waits_of_a_merged_agency_waits_for_its_successor(office: World) -> None:
    await _ask_time(office)
    await office.merges("Sở Tài chính", "Sở Tư pháp", date(2026, 11, 1))
    assert "I.2" in (await office.says(AN, "/choxuly")).text


async def test_others_have_no_queue(office: World) -> None:
    await office.joins(VIEWER, PostRole.VIEWER)
    assert "Chỉ người theo dõi" in (await office.says(VIEWER, "/choxuly")).text


async def test_progress_counts_what_waits(office: World) -> None:
    await _ask_time(office)
    text = (await office.says(CHI, "tiến độ")).text
    assert "trong đó chờ xác nhận 1, chờ gia hạn 1" in text


async def test_a_task_shows_the_document_of_its_report_and_a_request_with_buttons(
    office: World,
) -> None:
    await _ask_time(office)
    assert "số 45/BC-STP ngày 19/11/2026" in (await office.says(AN, "I.1")).text
    shown = await office.says(CHI, "I.2")
    assert "Sở Tài chính đề nghị gia hạn đến hết 30/12/2026: chờ số liệu" in shown.text
    granted = await office.presses(CHI, shown.action("Đồng ý"))
    assert "30/12/2026" in granted.text
    assert "Đồng ý" not in (await office.says(DUNG, "I.2")).buttons


async def test_a_collective_is_no_agency_that_has_not_joined(world: World) -> None:
    await world.says(ADMIN, "/start")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    for text in ("/choxuly", "cơ quan nào chưa tham gia?"):
        reply = await world.says(ADMIN, text)
        assert "Các sở, ban, ngành: việc giao chung" in reply.text
        assert "2 (Sở Tài chính; Sở Tư pháp)" in reply.text or "• Sở Tư pháp" in reply.text


@pytest.mark.parametrize("typed", ["có gì chờ mình duyệt ko", "co gi cho toi duyet k"])
async def test_what_waits_is_asked_for_in_short(world: World, typed: str) -> None:
    await world.joins("3", PostRole.SUPERVISOR, "Sở Nội vụ")
    assert "chưa hiểu" not in (await world.says("3", typed)).text
