"""The calendar feed: for whoever has its address, until it is made anew or its person leaves."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from models.assignments import Assignment
from models.people import PostRole
from tests.web.conftest import Board, path_in
from tests.web.test_pages import finish

ME = "21"


@pytest.fixture
async def joined(board: Board) -> Board:
    await board.world.joins(ME, PostRole.FOCAL_POINT, "Sở Tư pháp")
    return board


async def feed_of(board: Board, who: str) -> str:
    return path_in((await board.world.says(who, "/lich mới")).text, "/lich/")


async def test_the_feed_holds_the_deadlines_of_ones_own_agency(joined: Board) -> None:
    answer = await joined.browse().get(await feed_of(joined, ME))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    titles = " ".join(str(event["summary"]) for event in calendar.walk("VEVENT"))
    assert "Rà soát thủ tục nội bộ" in titles
    assert "Công khai quyết toán" not in titles
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in answer.content


async def test_what_has_not_changed_is_304(joined: Board) -> None:
    path, browser = await feed_of(joined, ME), joined.browse()
    first = await browser.get(path)
    tag = first.headers["etag"]
    again = await browser.get(path, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    joined.world.wait(hours=30)
    assert (await browser.get(path, **{"If-None-Match": tag})).status_code == 304
    await finish(joined.world, "I.1")
    changed = await browser.get(path, **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_the_address_before_is_over_once_there_is_a_new_one(joined: Board) -> None:
    first = await feed_of(joined, ME)
    second = await feed_of(joined, ME)
    assert (await joined.browse().get(first)).status_code == 404
    assert (await joined.browse().get(second)).status_code == 200


async def test_who_leaves_has_no_feed(joined: Board) -> None:
    path = await feed_of(joined, ME)
    said = await joined.world.says(ME, "/roi")
    await joined.world.presses(ME, said.action("Tôi rời"))
    assert (await joined.browse().get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/lich/x.ics", "/lich/.ics", "/lich/" + "a" * 300 + ".ics"])
async def test_a_made_up_address_is_404(joined: Board, path: str) -> None:
    assert (await joined.browse().get(path)).status_code == 404


async def test_a_feed_opens_no_page_and_a_session_no_feed(joined: Board) -> None:
    path, browser = await feed_of(joined, ME), joined.browse()
    await browser.get(path)
    assert (await browser.get("/")).status_code == 404
    other = path.replace("/lich/", "/xem/").removesuffix(".ics")
    assert (await browser.get(other)).status_code == 404


async def test_without_any_deadline_there_is_nothing_to_fetch(joined: Board) -> None:
    async with joined.world.database.write() as session:
        for key in ("I.1", "I.3", "II.1"):
            for row in await joined.world.assignments(key):
                found = await session.get_one(Assignment, row.id)
                found.last_day = None
                session.add(found)
    joined.world.wait(days=1)
    path = await feed_of(joined, ME)
    assert (await joined.browse().get(path)).status_code == 404
