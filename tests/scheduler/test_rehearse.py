"""A rehearsal has every message that would be sent, and changes nothing (rule 21)."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from language.agencies.directory import load_standard_directory
from models.agencies import Agency
from models.assignments import Assignment, Status
from models.chats import Chat
from models.notices import Notice, queue_message
from models.people import PostRole
from models.storage.database import Database
from models.storage.statements import run_statement
from plans.plan_json import parse_plan
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from scheduler import rules
from scheduler.planning import planner
from scheduler.rehearse import RehearsedMessage, rehearse_days
from tests.support.fakes import Filling, at, fill

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


async def plan(database: Database, *days: date) -> None:
    """Plan and send days as the bot does."""
    for day in days:
        async with database.write() as session:
            in_force = await rules.load_rules(session, rules.Defaults())
            await planner.plan_day(session, day, at(day, 6), in_force)
            await run_statement(session, text("UPDATE notice SET status = 'sent'"))


def list_lines(told: list[RehearsedMessage]) -> list[tuple[date, str, str, str]]:
    return [(m.day, m.chat, line.key, line.step) for m in told for line in m.lines]


async def two_agencies(database: Database) -> None:
    """An's agency has a task a day from Tuesday on; at the other one, nobody joined yet."""
    async with fill(database, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = await filling.agency("Sở A", focal_point="An"), await filling.agency("Sở B")
        await filling.plan(steps=[7, 0])
        for days in range(-3, 4):
            last_day = FRIDAY + days * DAY
            await filling.task(f"A.{last_day.day}", [one], last_day)
            await filling.task(f"B.{last_day.day}", [other], last_day + 7 * DAY)


async def test_a_day_that_was_sent_is_rehearsed_as_if_it_had_not_been(sqlite: Database) -> None:
    await two_agencies(sqlite)
    await plan(sqlite, *(FRIDAY - days * DAY for days in (3, 2, 1, 0)))
    async with fill(sqlite, FRIDAY) as filling:
        other = (await filling.session.exec(select(Agency).where(Agency.name == "Sở B"))).one()
        await filling.person("Bình", PostRole.FOCAL_POINT, other, chat="Bình")
        await filling.plan("11/KH-UBND")
        await filling.task("A.moi", [other], FRIDAY)
    told = await rehearsed(sqlite, FRIDAY, FRIDAY)
    assert list_lines(told) == [
        (FRIDAY, "An", "A.15", "overdue-1"),
        (FRIDAY, "An", "A.16", "on-day"),
        (FRIDAY, "An", "A.17", "on-day"),
        (FRIDAY, "An", "A.18", "on-day"),
        (FRIDAY, "Bình", "A.moi", "on-day"),
        (FRIDAY, "Bình", "B.15", "before-7"),
        (FRIDAY, "Bình", "B.16", "before-7"),
        (FRIDAY, "Bình", "B.17", "before-7"),
        (FRIDAY, "Bình", "B.18", "before-7"),
    ]


async def test_if_nothing_was_sent_before_the_first_day_nothing_is_caught_up(
    sqlite: Database,
) -> None:
    await two_agencies(sqlite)
    await plan(sqlite, FRIDAY)
    told = await rehearsed(sqlite, FRIDAY, FRIDAY)
    keys = [key for _, _, key, step in list_lines(told) if step == "on-day"]
    assert keys == ["A.16", "A.17", "A.18"]
    assert list_lines(told) == list_lines(await rehearsed(sqlite, FRIDAY, FRIDAY))


async def test_the_days_up_to_the_first_one_are_gone_through_but_not_told(
    sqlite: Database,
) -> None:
    await two_agencies(sqlite)
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one = (await filling.session.exec(select(Agency).where(Agency.name == "Sở A"))).one()
        await filling.plan("11/KH-UBND", steps=[7])
        await filling.task("A.sau", [one], FRIDAY + 7 * DAY)  # told on Friday alone
    await plan(sqlite, FRIDAY - DAY)
    monday = FRIDAY + 3 * DAY
    told = await rehearsed(sqlite, monday, monday)
    on_day = [line for line in list_lines(told) if line[3] == "on-day"]
    assert on_day == [(monday, "An", "A.19", "on-day")]
    assert {day for day, *_ in list_lines(told)} == {monday}
    assert ("A.16", "overdue-3") in [line[2:] for line in list_lines(told)]
    assert "A.sau" not in [line[2] for line in list_lines(told)]


async def test_everyone_hears_again_what_was_sent_before(sqlite: Database) -> None:
    await two_agencies(sqlite)
    await plan(sqlite, FRIDAY - DAY, FRIDAY)
    told = await rehearsed(sqlite, FRIDAY, FRIDAY, everyone=True)
    assert [line[2:] for line in list_lines(told) if line[1] == "Sở A"] == [
        ("A.13", "overdue-3"),
        ("A.14", "overdue-2"),
        ("A.15", "overdue-1"),
        ("A.16", "on-day"),
        ("A.17", "on-day"),
        ("A.18", "on-day"),
    ]


async def test_everyone_is_responsible_for_something_and_no_plan_is_closed(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        idle, busy = await filling.agency("Sở Rảnh"), await filling.agency("Sở Bận")
        await filling.person("Giám đốc", PostRole.HEAD, idle)
        await filling.task("I.1", [busy, None], FRIDAY)
        await filling.plan("11/KH-UBND", closed_on=FRIDAY)
        await filling.task("II.1", [busy], FRIDAY)
    told = await rehearsed(sqlite, FRIDAY, FRIDAY + 3 * DAY, everyone=True)
    assert {m.chat for m in told} == {"Sở Bận", "10/KH-UBND"}
    assert {line.key for m in told for line in m.lines} == {"I.1"}


async def test_a_change_after_the_first_day_counts_as_made_on_it(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FRIDAY - 60 * DAY, word=FRIDAY + 30 * DAY)
        one = await filling.agency("Sở A", focal_point="An")
        other = await filling.agency("Sở B", focal_point="Bình")
        await filling.plan(steps=[90])
        await filling.task("I.1", [one], FRIDAY + 50 * DAY)
        filling.word = FRIDAY - 30 * DAY
        await filling.task("I.2", [other], FRIDAY + 50 * DAY)
    told = await rehearsed(sqlite, FRIDAY, FRIDAY + 21 * DAY)
    assert [line for line in list_lines(told) if line[3] == "update"] == [
        (FRIDAY, "Bình", "I.2", "update"),
        (date(2026, 11, 6), "An", "I.1", "update"),
    ]


async def test_a_rehearsal_keeps_hours_pauses_and_days_off(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        for name in ("An", "Bình", "Chi", "Dũng"):
            agency = await filling.agency(f"Sở của {name}", focal_point=name)
            await filling.task(name, [agency], FRIDAY)
        for chat in await filling.session.exec(select(Chat)):
            chat.title = f"Chat của {chat.title}"
            if chat.title.endswith("Bình"):
                chat.remind_at = time(17, 59)
            if chat.title.endswith("Chi"):
                chat.muted_until = FRIDAY + 3 * DAY
        before = FRIDAY - DAY
        await queue_message(
            filling.session, chat.id, {"blocks": []}, token="x", now=at(before), today=before
        )
        in_force = await rules.load_rules(filling.session, rules.Defaults())
        await planner.plan_day(filling.session, before, at(before, 6), in_force)
    told = [
        (m.day, m.at, m.chat)
        async for m in rehearse_days(
            sqlite, FRIDAY, FRIDAY + 4 * DAY, defaults=rules.Defaults(remind_at=time(9))
        )
    ]
    assert told[:3] == [
        (FRIDAY, "09:00", "An"),
        (FRIDAY, "09:00", "Dũng"),
        (FRIDAY, "17:59", "Bình"),
    ]
    assert {day for day, *_ in told} == {FRIDAY, FRIDAY + 3 * DAY, FRIDAY + 4 * DAY}
    assert [day for day, _, name in told if name == "Chi"] == [FRIDAY + 4 * DAY]


async def test_what_waits_since_an_earlier_day_goes_out_when_the_day_opens(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        await filling.plan(steps=[7])
        await filling.task("I.1", [agency], FRIDAY + 7 * DAY)
        await filling.task("I.2", [agency], FRIDAY + 7 * DAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        await run_statement(session, text("UPDATE notice SET status = 'uncertain'"))
        done = (await session.exec(select(Assignment).order_by(col(Assignment.id)))).first()
        assert done is not None
        done.status = Status.DONE
        session.add(done)
    told = await rehearsed(sqlite, FRIDAY + DAY, FRIDAY + 4 * DAY)
    assert [(m.day, m.at, [line.key for line in m.lines]) for m in told] == [
        (FRIDAY + 3 * DAY, "07:00", ["I.2"])
    ]


@pytest.mark.long
async def test_two_months_of_a_real_plan_are_told_on_working_days_only(
    sqlite: Database, shared: Path
) -> None:
    async with sqlite.write() as session:
        plan = parse_plan((shared / "gold" / "000.json").read_bytes())
        writer = PlanWriter(session, load_standard_directory(), at(FRIDAY), FRIDAY)
        await writer.write_plan(plan, await compare_plan(session, plan))
    told = await rehearsed(sqlite, date(2017, 9, 1), date(2017, 10, 31), everyone=True)
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
