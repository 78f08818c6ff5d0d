"""A rehearsal has every message that would be sent, and changes nothing (rule 21)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from language.agencies.directory import load_standard_directory
from models.chats import Chat
from models.notices import Notice
from models.people import PostRole
from models.storage.database import Database
from models.storage.statements import run_statement
from plans.plan_json import parse_plan
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from scheduler.rehearse import RehearsedMessage, rehearse_days
from tests.support.fakes import Filling, at, fill

pytestmark = pytest.mark.long

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)


async def rehearsed(
    database: Database, first: date, last: date, *, everyone: bool = False
) -> list[RehearsedMessage]:
    return [message async for message in rehearse_days(database, first, last, everyone=everyone)]


async def test_real_people_hear_what_they_would(database: Database) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        justice, finance = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Tài chính")
        await filling.person("An", PostRole.FOCAL_POINT, justice)
        await filling.group("Tỉnh")
        await filling.task("I.1", [justice], FRIDAY)
        await filling.task("I.2", [finance], FRIDAY)
    told = await rehearsed(database, FRIDAY, FRIDAY + 3 * DAY)
    assert [(m.day, m.at, m.chat, m.kind, len(m.lines)) for m in told] == [
        (FRIDAY, "07:30", "An", "morning", 1),
        (FRIDAY + 3 * DAY, "07:30", "An", "morning", 1),
        (FRIDAY + 3 * DAY, "07:30", "Tỉnh", "overdue", 2),
        (FRIDAY + 3 * DAY, "07:30", "Tỉnh", "digest", 2),
    ]
    assert told[0].as_json() == {
        "day": "2026-10-16",
        "at": "07:30",
        "chat": "An",
        "kind": "morning",
        "lines": [
            {
                "plan": "10/KH-UBND",
                "key": "I.1",
                "agency": "Sở Tư pháp",
                "last_day": "2026-10-16",
                "step": "on-day",
            }
        ],
    }
    async with database.read() as session:
        assert (await session.exec(select(Notice))).all() == []
        assert (
            await run_statement(session, text("SELECT count(*) FROM heartbeat"))
        ).scalar_one() == 0


async def test_everyone_is_as_if_each_agency_and_plan_were_there(database: Database) -> None:
    async with database.write() as session:
        filling = Filling(
            session, FRIDAY + 30 * DAY
        )  # imported later: counts as made on the first day
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("Người thật", PostRole.FOCAL_POINT, justice)
        await filling.task("I.1", [justice], FRIDAY)
        await filling.task("I.2", [interior], FRIDAY - 20 * DAY)
    told = await rehearsed(database, FRIDAY, FRIDAY + 5 * DAY, everyone=True)
    assert {m.chat for m in told} == {"Sở Nội vụ", "Sở Tư pháp", "10/KH-UBND"}
    first = [(m.chat, [line.step for line in m.lines]) for m in told if m.day == FRIDAY]
    assert first == [("Sở Nội vụ", ["overdue-20"]), ("Sở Tư pháp", ["on-day"])]
    assert {m.kind for m in told} == {"morning", "overdue", "digest", "escalation"}
    async with database.read() as session:
        assert [chat.title for chat in (await session.exec(select(Chat))).all()] == ["Người thật"]


async def test_a_year_of_a_real_plan_is_told_on_working_days_only(
    sqlite: Database, shared: Path
) -> None:
    async with sqlite.write() as session:
        plan = parse_plan((shared / "gold" / "000.json").read_bytes())
        writer = PlanWriter(session, load_standard_directory(), at(FRIDAY), FRIDAY)
        await writer.write_plan(plan, await compare_plan(session, plan))
    told = await rehearsed(sqlite, date(2017, 9, 1), date(2017, 12, 10), everyone=True)
    assert all(m.day.weekday() < 5 and m.day != date(2017, 9, 4) for m in told)
    assert len({(m.day, m.chat, m.kind) for m in told}) == len(told)  # one message a morning
    lines = [(m.chat, m.kind, line) for m in told if m.kind != "digest" for line in m.lines]
    assert len(lines) == len(
        {
            (chat, kind, line.key, line.agency, line.last_day, line.step)
            for chat, kind, line in lines
            if line.step != "update"
        }
    ) + sum(line.step == "update" for _, _, line in lines)
    steps = {line.step for _, _, line in lines}
    assert {
        "before-30",
        "before-14",
        "before-7",
        "before-3",
        "before-1",
        "on-day",
        "update",
        "escalate-3",
    } <= steps
