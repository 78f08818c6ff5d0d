"""How far pages and files of the board reach: collectives, closed plans, links of collectives."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from models.people import PostRole
from models.plans import Plan
from models.web_access import WebLink
from tests.support.world import TODAY
from tests.web.conftest import Board, path_in
from tests.web.test_pages import agency_id, make_late, open_restricted

COLLECTIVE = "Các sở, ban, ngành"


async def _close_plans(board: Board) -> None:
    async with board.world.database.write() as session:
        for plan in await session.exec(select(Plan)):
            plan.closed_on = TODAY
            session.add(plan)
    board.world.app.forget_names()
    board.world.app.cache.match_version((0, 0))


async def test_a_collectives_page_hides_what_other_members_do(board: Board) -> None:
    await board.world.joins("22", PostRole.FOCAL_POINT, "Sở Tài chính")
    browser = await open_restricted(board)
    number = await agency_id(board.world, COLLECTIVE)
    assert "Gửi số liệu đánh giá" in await browser.text(f"/co-quan/{number}")
    answer = await browser.get(f"/co-quan/{number}/tai-ve.xlsx")
    table = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [str(cell) for row in table.iter_rows(values_only=True, min_row=2) for cell in row]
    assert "Sở Tư pháp" in cells
    assert "Sở Tài chính" not in cells
    assert "I.1" not in cells


async def test_a_closed_plan_is_in_no_file_of_an_agency(board: Board) -> None:
    browser = await open_restricted(board)
    number = await agency_id(board.world, "Sở Tư pháp")
    feed = path_in((await board.world.says("21", "/lich mới")).text, "/lich/")
    assert (await browser.get(f"/co-quan/{number}/tai-ve.xlsx")).status_code == 200
    assert (await browser.get(feed)).status_code == 200
    await _close_plans(board)
    assert (await browser.get(f"/co-quan/{number}/tai-ve.xlsx")).status_code == 404
    assert (await browser.get(feed)).status_code == 404


async def test_a_collectives_link_lists_what_its_members_owe(board: Board) -> None:
    for who, name in (("21", "Sở Tư pháp"), ("22", "Sở Tài chính")):
        await board.world.joins(who, PostRole.FOCAL_POINT, name)
    await make_late(board.world, "I.3", 3)
    browser = board.browse()
    await browser.get(await board.leader_link(f"Chánh Văn phòng | 5 ngày | {COLLECTIVE}"))
    page = await browser.text("/lich?xem=qua-han")
    assert "Sở Tư pháp" in page
    assert "Sở Tài chính" in page


@pytest.mark.parametrize("number", ["9" * 5000, "٣", "-1", "+1", "1_0", " 1", ""])
async def test_a_number_that_no_row_has_is_404(board: Board, number: str) -> None:
    browser = await open_restricted(board)
    for path in (f"/co-quan/{number}", f"/nhiem-vu/{number}", f"/ke-hoach/{number}"):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.get(f"{path}/tai-ve.xlsx")).status_code == 404


async def test_a_feed_writes_only_now_and_then(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    await board.world.joins("21", PostRole.FOCAL_POINT, "Sở Tư pháp")
    feed = path_in((await board.world.says("21", "/lich mới")).text, "/lich/")
    browser, database, written = board.browse(), board.world.database, 0
    write = database.write

    def count_write(**options: bool) -> object:
        nonlocal written
        written += 1
        return write(**options)

    monkeypatch.setattr(database, "write", count_write)
    for _ in range(3):
        assert (await browser.get(feed)).status_code == 200
    assert written == 1
    async with database.read() as session:
        used = await session.exec(select(WebLink.used_at).order_by(col(WebLink.id).desc()))
        assert used.first() == board.world.now
