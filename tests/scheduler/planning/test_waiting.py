"""What waits to be sent, changed before it is: lines handed on, added, notices moved."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.agencies import Agency
from models.assignments import Assignment
from models.chats import Chat
from models.notices import Notice, NoticeStatus, queue_message
from models.people import Post, PostRole
from models.plans import Task
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.planning import planner, waiting
from tests.support.fakes import Filling, at, fill

FRIDAY = date(2026, 10, 16)
MONDAY = FRIDAY + timedelta(days=3)
DAY = timedelta(days=1)
ESCALATED = {"head": MONDAY, "supervisor": MONDAY + 2 * DAY, "leader": MONDAY + 8 * DAY}


async def plan(database: Database, day: date) -> None:
    async with database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        await planner.plan_day(session, day, at(day, 6), in_force)


async def told(database: Database, day: date) -> list[tuple[str, str, str]]:
    """The chat, kind and task of each line of a day's notices that wait."""
    statement = (
        "SELECT c.title, n.kind, t.key FROM notice_line l JOIN notice n ON n.id = l.notice_id"
        " JOIN chat c ON c.id = n.chat_id JOIN assignment a ON a.id = l.assignment_id"
        " JOIN task t ON t.id = a.task_id WHERE n.status = 'pending' AND n.day = :day"
        " ORDER BY c.title, n.kind, t.key"
    )
    async with database.read() as session:
        rows = await run_statement(session, text(statement), {"day": day.isoformat()})
        return [(row.title, row.kind, row.key) for row in rows]


async def lose_chat(database: Database, title: str, day: date) -> list[tuple[str, str, str]]:
    """Let a chat be out of reach; return what the others are told that day."""
    async with database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        chat = (await session.exec(select(Chat).where(Chat.title == title))).one()
        chat.unreachable_since = at(day, 8)
        session.add(chat)
        notices = await session.exec(select(Notice).where(Notice.chat_id == chat.id))
        ids = []
        for notice in notices.all():
            notice.status = NoticeStatus.FAILED
            session.add(notice)
            ids.append(notice.id)
        await session.flush()
        await waiting.hand_on_lines(session, ids, at(day, 8), in_force)
    return await told(database, day)


async def office(filling: Filling) -> tuple[Agency, Agency]:
    """Two agencies with a plan that each supervises; each leads a task of the other's plan."""
    one, other = await filling.agency("Sở A"), await filling.agency("Sở B")
    for agency, key in ((one, "II.1"), (other, "I.1")):
        await filling.plan(f"{key}/KH-UBND", supervisor_id=agency.id)
        await filling.task(key, [other if agency is one else one], FRIDAY)
    return one, other


@pytest.mark.parametrize(
    ("muted", "told_of_own"),
    [(None, ["Bình"]), (FRIDAY - DAY, ["An"]), (FRIDAY, ["An", "Bình"])],
    ids=["nobody", "awake", "muted"],
)
async def test_the_lines_of_a_lost_chat_go_to_the_agencys_others_or_who_supervises(
    sqlite: Database, muted: date | None, told_of_own: list[str]
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = await office(filling)
        await filling.person("Chi", PostRole.FOCAL_POINT, one, chat="Chi")
        await filling.person("Bình", PostRole.SUPERVISOR, other, chat="Bình")
        await filling.person("Dũng", PostRole.SUPERVISOR, one, chat="Dũng")
        await filling.person("Giám đốc", PostRole.HEAD, one, chat="Giám đốc")
    await plan(sqlite, FRIDAY)
    assert [line for line in await told(sqlite, FRIDAY) if line[2] == "I.1"] == [
        ("Chi", "morning", "I.1")
    ]
    if muted is not None:  # somebody joins the agency
        async with fill(sqlite, FRIDAY) as filling:
            await filling.person("An", PostRole.FOCAL_POINT, one, chat="An")
            chat = (await filling.session.exec(select(Chat).where(Chat.title == "An"))).one()
            chat.muted_until = muted
            filling.session.add(chat)
    lines = await lose_chat(sqlite, "Chi", FRIDAY)
    assert [title for title, _, key in lines if key == "I.1"] == told_of_own
    # Of the agency of II.1 there is nobody; as before, those who supervise its plan are told.
    stand_in = ["Dũng"] if muted is None else ["An", "Dũng"]
    assert [title for title, _, key in lines if key == "II.1"] == stand_in


@pytest.mark.parametrize("role", list(ESCALATED))
async def test_an_escalation_goes_to_the_others_it_is_for_or_to_who_supervises(
    sqlite: Database, role: str
) -> None:
    day = ESCALATED[role]
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = await office(filling)
        for agency in (one, other):
            await filling.person(f"Đầu mối {agency.name}", PostRole.FOCAL_POINT, agency)
        for name in ("Một", "Hai"):
            posted = None if role == "leader" else other if role == "supervisor" else one
            await filling.person(name, PostRole(role), posted)
    for number in range((day - FRIDAY).days + 1):
        await plan(sqlite, FRIDAY + number * DAY)
    escalated = [line for line in await told(sqlite, day) if line[1] == "escalation"]
    assert ("Một", "escalation", "I.1") in escalated
    assert ("Hai", "escalation", "I.1") in escalated
    async with sqlite.write() as session:  # Hai was told before, and is told nothing twice
        await run_statement(session, text("UPDATE notice SET status = 'sent'"))
    assert await lose_chat(sqlite, "Một", day) == []
    async with sqlite.write() as session:
        await run_statement(session, text("UPDATE notice SET status = 'sent'"))
    handed_on = await lose_chat(sqlite, "Hai", day)
    assert ("Đầu mối Sở B", "escalation", "I.1") in handed_on or role == "supervisor"
    assert {line[0] for line in handed_on if line[2] == "I.1"} <= {"Đầu mối Sở B"}


async def test_lines_of_a_group_go_to_nobody_else(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, _ = await office(filling)
        await filling.person("An", PostRole.FOCAL_POINT, one)
        for title in ("Tỉnh", "Tỉnh khác"):
            await filling.group(title)
    await plan(sqlite, MONDAY)
    async with sqlite.write() as session:
        await run_statement(session, text("DELETE FROM notice WHERE kind = 'morning'"))
        other = (await session.exec(select(Chat).where(Chat.title == "Tỉnh khác"))).one()
        await run_statement(
            session, text("DELETE FROM notice WHERE chat_id = :id"), {"id": other.id}
        )
    assert await lose_chat(sqlite, "Tỉnh", MONDAY) == []


async def test_who_lost_one_of_two_posts_keeps_the_lines_of_the_other(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = await office(filling)
        person = await filling.person("An", PostRole.FOCAL_POINT, one)
        second = Post(person_id=person.id, role=PostRole.FOCAL_POINT, made_at=at(FRIDAY))
        second.agency_id = other.id
        filling.session.add(second)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        second.ended_at = at(FRIDAY, 6, 30)
        session.add(second)
        await session.flush()
        in_force = await rules.load_rules(session, rules.Defaults())
        notice = (await session.exec(select(Notice))).one()
        lost = await waiting.find_lines_to_withdraw(session, notice, FRIDAY, in_force)
        await waiting.withdraw_lines(session, notice, lost, at(FRIDAY, 7), in_force)
    # An supervises, as the focal point of Sở A, the plan of the task of Sở B
    assert await told(sqlite, FRIDAY) == [("An", "morning", "I.1"), ("An", "morning", "II.1")]
    async with sqlite.write() as session:
        first = (await session.exec(select(Post).where(Post.agency_id == one.id))).one()
        first.ended_at = at(FRIDAY, 6, 30)
        session.add(first)
        await session.flush()
        lost = await waiting.find_lines_to_withdraw(session, notice, FRIDAY, in_force)
        await waiting.withdraw_lines(session, notice, lost, at(FRIDAY, 7), in_force)
    assert await told(sqlite, FRIDAY) == []


async def test_the_binding_of_a_group_decides_which_lines_it_may_still_be_told(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = await office(filling)
        group = await filling.group("Tỉnh")
        (led,) = await filling.task("III.1", [other], FRIDAY)
        led.lead_id = one.id
        filling.session.add(led)
    await plan(sqlite, MONDAY)
    bindings: list[tuple[str | None, int | None, int | None, set[str]]] = [
        ("province", None, None, set()),
        ("agency", one.id, None, {"II.1"}),  # of others, and not led by it either
        ("agency", other.id, None, {"I.1"}),
        ("plan", None, led.plan_id, {"II.1"}),
        (None, None, None, {"I.1", "II.1", "III.1"}),
    ]
    for scope, agency_id, plan_id, withdrawn in bindings:
        async with sqlite.write() as session:
            chat = await session.get_one(Chat, group.id)
            chat.scope, chat.agency_id, chat.plan_id = scope, agency_id, plan_id
            session.add(chat)
            await session.flush()
            in_force = await rules.load_rules(session, rules.Defaults())
            notice = (await session.exec(select(Notice).where(Notice.kind == "overdue"))).one()
            lost = await waiting.find_lines_to_withdraw(session, notice, MONDAY, in_force)
            rows = await run_statement(
                session,
                text(
                    "SELECT l.id, t.key FROM notice_line l JOIN assignment a"
                    " ON a.id = l.assignment_id JOIN task t ON t.id = a.task_id"
                ),
            )
            keys = {row.id: row.key for row in rows}
        assert {keys[line_id] for line_id in lost} == withdrawn, scope


async def test_a_wish_goes_into_the_chats_message_of_that_day_or_into_one_of_its_own(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A")
        for name in ("An", "Bình", "Chi"):
            await filling.person(name, PostRole.FOCAL_POINT, agency)
        await filling.task("I.1", [agency], FRIDAY)
        await filling.task("I.2", [agency], FRIDAY + 11 * DAY)
    await plan(sqlite, FRIDAY - DAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        wished = (await session.exec(select(Assignment).join(Task).where(Task.key == "I.2"))).one()
        chat = (await session.exec(select(Chat).where(Chat.title == "Bình"))).one()
        for day in (FRIDAY, MONDAY):
            await waiting.remind_again_on(session, chat, [wished], day, at(FRIDAY, 6), in_force)
        await run_statement(
            session,
            text("UPDATE notice SET status = 'sent' WHERE day = :day"),
            {"day": MONDAY.isoformat()},
        )
        late = at(FRIDAY, 7)
        await waiting.remind_again_on(session, chat, [wished], MONDAY, late, in_force)
        count = len((await session.exec(select(Notice).where(Notice.day == MONDAY))).all())
    assert [line for line in await told(sqlite, FRIDAY) if line[2] == "I.2"] == [
        ("Bình", "morning", "I.2")
    ]
    assert count == 2  # what was sent stays as it is


async def test_a_new_hour_moves_the_reminders_of_one_chat_and_none_to_the_past(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A")
        for name in ("An", "Bình", "Chi"):
            await filling.person(name, PostRole.FOCAL_POINT, agency)
        await filling.task("I.1", [agency], FRIDAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        chat = (await session.exec(select(Chat).where(Chat.title == "Bình"))).one()
        now = at(FRIDAY, 6)
        await queue_message(session, chat.id, {"blocks": []}, token="x", now=now, today=FRIDAY)
        session.add(
            Notice(
                chat_id=chat.id,
                day=FRIDAY,
                kind="escalation",
                status=NoticeStatus.SENT,
                not_before=at(FRIDAY),
                planned_at=at(FRIDAY),
            )
        )
        chat.remind_at = time(9)
        session.add(chat)
        await session.flush()
        await waiting.move_waiting_notices(session, chat, at(MONDAY, 6), in_force)
        rows = await session.exec(
            select(Chat.title, Notice.kind, Notice.not_before).join(Notice).order_by(col(Notice.id))
        )
        moments = {(title, kind): moment for title, kind, moment in rows}
    assert moments == {
        ("An", "morning"): at(FRIDAY),
        ("Bình", "morning"): at(MONDAY, 9, 0),
        ("Bình", "message"): at(FRIDAY, 6),
        ("Bình", "escalation"): at(FRIDAY),
        ("Chi", "morning"): at(FRIDAY),
    }
