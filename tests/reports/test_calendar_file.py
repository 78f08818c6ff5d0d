from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest

from models.assignments import Move, make_move
from models.queries.task_query import TaskQuery
from models.storage.database import Database
from reports.making import make_file
from reports.orders import FileKind, FileOrder, OrderFault
from tests.support.fakes import Filling, at

TODAY = date(2026, 11, 20)
LONG = "Tổ chức rà soát, sửa đổi; bổ sung quy định về thủ tục, hồ sơ \\ biểu mẫu của các cơ quan"


async def _make(database: Database, **narrow: Any) -> bytes:
    query = TaskQuery(TODAY, **narrow)
    order = FileOrder(FileKind.CALENDAR, database.given_url, query, "Sở Tư pháp", at(TODAY))
    return (await make_file(order)).content


def _read(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def _read_by_hand(content: bytes) -> list[dict[str, str]]:
    """Another reader: RFC 5545 by the letter, lines unfolded and split at the first colon."""
    text = content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            events[-1][name.partition(";")[0]] = value
    return events


@pytest.fixture
async def filled(sqlite: Database) -> Database:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency, other = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế")
        await filling.task("I.1", [agency], date(2026, 11, 30), title=LONG)
        await filling.task("I.2", [agency, other], date(2026, 12, 10))
    return sqlite


async def test_two_readers_read_the_same_events(filled: Database) -> None:
    content = await _make(filled)
    by_library, by_hand = _read(content), _read_by_hand(content)
    assert len(by_library) == len(by_hand) == 3
    for event, fields in zip(by_library, by_hand, strict=True):
        assert str(event["uid"]) == fields["UID"]
        assert fields["DTSTART"] == f"{event.decoded('dtstart'):%Y%m%d}"
        assert fields["TRANSP"] == "TRANSPARENT"
        assert fields["STATUS"] == "CONFIRMED"
    assert LONG in str(by_library[2]["summary"])
    assert b"VTODO" not in content


async def test_an_event_lasts_all_day_and_ends_the_day_after(filled: Database) -> None:
    for event in _read(await _make(filled)):
        start, end = event.decoded("dtstart"), event.decoded("dtend")
        assert type(start) is date
        assert end - start == timedelta(days=1)


async def test_an_event_keeps_its_name_and_counts_its_changes(filled: Database) -> None:
    before = {str(e["uid"]): int(e["sequence"]) for e in _read(await _make(filled))}
    assert len(before) == 3
    async with filled.write() as session:
        from models.assignments import Assignment

        one = await session.get_one(Assignment, 1)
        moved = date(2026, 12, 20)
        await make_move(
            session, one, Move.EXTEND, now=at(TODAY, 10), person_id=None, last_day=moved
        )
        two = await session.get_one(Assignment, 2)
        await make_move(session, two, Move.CANCEL, now=at(TODAY, 10), person_id=None)
        three = await session.get_one(Assignment, 3)
        three.ended_on = TODAY
        session.add(three)
    after = {str(e["uid"]): e for e in _read(await _make(filled))}
    assert after.keys() == before.keys()
    assert all(int(e["sequence"]) > before[uid] for uid, e in after.items())
    assert sorted(str(e["status"]) for e in after.values()) == [
        "CANCELLED",
        "CANCELLED",
        "CONFIRMED",
    ]
    (kept,) = [e for e in after.values() if e["status"] == "CONFIRMED"]
    assert kept.decoded("dtstart") == moved


async def test_an_agencys_calendar_holds_its_own_days(filled: Database) -> None:
    events = _read(await _make(filled, agencies=(2,)))
    assert ["I.2" in str(e["summary"]) for e in events] == [True]


async def test_no_days_are_no_calendar(filled: Database) -> None:
    with pytest.raises(OrderFault):
        await _make(filled, plans=(99,))
