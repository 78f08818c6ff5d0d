"""The clock wakes planner, sender and auditor, keeps nothing, and repairs what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from locales.answer import make_answer, say, to_json
from models.agencies import Agency
from models.audit import record_change
from models.chats import Chat
from models.notices import Heartbeat, Notice, NoticeStatus, queue_message
from models.people import Person, PostRole, end_membership
from models.storage.database import Database
from models.storage.faults import RegistryLost
from models.storage.statements import run_statement
from scheduler import auditor, rules
from scheduler.clock import Clock
from scheduler.planning import planner
from scheduler.rules import Defaults
from tests.support.fakes import ZONE, FakeDelivery, TestClock, at, fill
from tests.support.registries import copy_registry, fill_copy

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)


async def fill_office(database: Database) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        await filling.person("An", PostRole.FOCAL_POINT, agency, chat="An")
        await filling.person("Quản trị", PostRole.ADMIN, chat="admin")
        await filling.task("I.1", [agency], FRIDAY)
        await filling.task("I.2", [agency], FRIDAY)


@pytest.fixture(scope="session")
def office_registry(tmp_path_factory: pytest.TempPathFactory, empty_registry: Path) -> Path:
    """The registry of the office on SQLite, made once and copied."""
    return fill_copy(empty_registry, tmp_path_factory.mktemp("office"), fill_office)


@pytest.fixture
async def office(office_registry: Path, tmp_path: Path) -> AsyncIterator[Database]:
    made = copy_registry(office_registry, tmp_path)
    yield made
    await made.close()


def clock_of(database: Database, channel: FakeDelivery, now: TestClock) -> Clock:
    return Clock(database, {"test": channel}, Defaults(ZONE), now)


async def test_at_start_the_day_is_planned_and_what_is_due_goes_out(office: Database) -> None:
    channel = FakeDelivery()
    beaten = asyncio.Event()

    async def beat() -> None:
        beaten.set()

    ticking = Clock(
        office, {"test": channel}, Defaults(ZONE), TestClock(at(FRIDAY, 8)), heartbeat=beat
    )
    ticking.start()
    async with asyncio.timeout(20):
        await beaten.wait()
        await channel.first.wait()  # planning woke the sender
    await ticking.stop()
    assert [delivered.chat for delivered in channel.arrived] == ["An"]
    async with office.read() as session:
        beats = {row.name for row in await session.exec(select(Heartbeat))}
    assert {planner.PLANNING_HEARTBEAT, "sender"} <= beats


async def test_a_heartbeat_that_hangs_holds_up_no_reminder(office: Database) -> None:
    channel, hanging = FakeDelivery(), asyncio.Event()

    async def beat() -> None:
        hanging.set()
        await asyncio.Event().wait()

    now = TestClock(at(FRIDAY, 6))
    ticking = Clock(office, {"test": channel}, Defaults(ZONE), now, heartbeat=beat)
    ticking.start()
    async with asyncio.timeout(20):
        await hanging.wait()
        await ticking.plan_if_due()
        now.moment = at(FRIDAY, 8)
        ticking.wake_sender()
        await channel.first.wait()
    await ticking.stop()
    assert [delivered.chat for delivered in channel.arrived] == ["An"]


async def test_the_heartbeat_stays_away_while_planning_fails(office: Database) -> None:
    beaten = asyncio.Event()

    async def beat() -> None:
        beaten.set()

    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE notice_line RENAME TO gone"))
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 8))
    ticking = Clock(office, {"test": channel}, Defaults(ZONE), now, heartbeat=beat)
    await ticking.plan_if_due()
    ticking.start()
    async with office.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == "admin"))).one()
        what = to_json(make_answer(say("plain", text="xong")))
        await queue_message(session, chat.id, what, token="t", now=now(), today=FRIDAY)
    ticking.wake_sender()
    async with asyncio.timeout(20):
        await channel.first.wait()
    assert not beaten.is_set()
    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE gone RENAME TO notice_line"))
    await ticking.plan_if_due()
    now.forward(minutes=1)
    ticking.wake_sender()
    async with asyncio.timeout(20):
        await beaten.wait()
    await ticking.stop()


async def test_a_heartbeat_that_cannot_be_written_stops_nothing_on_its_way(
    office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await joins(office, "Bình")
    failed = asyncio.Event()

    async def lose_heartbeat(*_args: object) -> None:
        failed.set()
        raise RegistryLost("gone")

    async def hold_second() -> None:
        if len(channel.tried) > 1:
            await failed.wait()

    channel, now = FakeDelivery(pause=hold_second), TestClock(at(FRIDAY, 8))
    ticking = clock_of(office, channel, now)
    await ticking.plan_if_due()
    monkeypatch.setattr("scheduler.clock.save_heartbeat", lose_heartbeat)
    async with asyncio.timeout(20):
        assert await ticking.sender.send_due() == 2
    assert sorted(delivered.chat for delivered in channel.arrived) == ["An", "Bình"]


async def test_a_queued_message_wakes_the_sender(office: Database) -> None:
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 20))
    ticking = clock_of(office, channel, now)
    ticking.start()
    async with office.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == "An"))).one()
        what = to_json(make_answer(say("plain", text="xong")))
        await queue_message(session, chat.id, what, token="t", now=now(), today=FRIDAY)
    ticking.wake_sender()
    async with asyncio.timeout(20):
        await channel.first.wait()
    await ticking.stop()
    assert channel.to("An") == ["xong"]


async def test_a_fault_of_the_program_in_planning_is_logged_and_keeps_the_heartbeat_away(
    office: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    beaten: list[bool] = []

    async def beat() -> None:
        beaten.append(True)

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    now = TestClock(at(FRIDAY, 8))
    ticking = Clock(office, {"test": FakeDelivery()}, Defaults(ZONE), now, heartbeat=beat)
    for works in (True, False, True):
        with monkeypatch.context() as patch:
            if not works:
                patch.setattr(planner, "plan_day", fail)
            await ticking.plan_if_due()
            await sends_one(ticking, office, now)
        now.forward(days=3)
    assert len(beaten) == 2
    assert caplog.text.count("planning failed") == 1


async def test_a_fault_of_the_program_in_the_audit_is_logged(
    sqlite: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(auditor, "audit_day", fail)
    ticking = clock_of(sqlite, FakeDelivery(), TestClock(at(FRIDAY, 8)))
    assert await ticking.audit_if_due() is None
    assert "the audit failed" in caplog.text


async def sends_one(ticking: Clock, database: Database, now: TestClock) -> None:
    """Let the clock's sender deliver one message, after which it shows its heartbeat."""
    async with database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == "admin"))).one()
        what = to_json(make_answer(say("plain", text="xong")))
        token = now().isoformat()
        await queue_message(session, chat.id, what, token=token, now=now(), today=FRIDAY)
    assert await ticking.sender.send_due()
    await asyncio.sleep(0)  # the call of the address begins


async def test_the_heartbeat_is_called_once_a_minute_and_never_twice_at_once(
    office: Database,
) -> None:
    called: list[int] = []
    answering = asyncio.Event()
    answering.set()

    async def beat() -> None:
        called.append(1)
        await answering.wait()

    now = TestClock(at(FRIDAY, 20))
    ticking = Clock(office, {"test": FakeDelivery()}, Defaults(ZONE), now, heartbeat=beat)
    steps = [(0, 1), (40, 1), (20, 2), (59, 2), (20, 3), (60, 3), (60, 3), (-3600, 4)]
    for seconds, calls in steps:
        now.forward(seconds=seconds)
        if len(called) == 2:
            answering.clear()  # the third call waits for its answer
        if seconds < 0:  # the clock is set back
            answering.set()
            await asyncio.sleep(0)
        await sends_one(ticking, office, now)
        assert len(called) == calls
    await ticking.stop()


async def test_the_sender_shows_every_quarter_of_a_minute_that_it_lives(
    office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    now = TestClock(at(FRIDAY, 20))
    ticking = clock_of(office, FakeDelivery(), now)
    for seconds, shown in ((0, 0), (14, 0), (1, 15), (14, 15), (2, 31), (-60, -29)):
        now.forward(seconds=seconds)
        await sends_one(ticking, office, now)
        async with office.read() as session:
            at_last = (await session.get_one(Heartbeat, "sender")).at
        assert at_last == at(FRIDAY, 20) + timedelta(seconds=shown)
    assert "heartbeat" not in caplog.text  # there is no address to call


async def test_a_clock_that_stopped_leaves_nothing_running(office: Database) -> None:
    hanging = asyncio.Event()

    async def beat() -> None:
        hanging.set()
        await asyncio.Event().wait()

    before = asyncio.all_tasks()
    now = TestClock(at(FRIDAY, 8))
    ticking = Clock(office, {"test": FakeDelivery()}, Defaults(ZONE), now, heartbeat=beat)
    await ticking.stop()  # before it runs there is nothing to stop
    for _ in range(2):
        ticking = Clock(office, {"test": FakeDelivery()}, Defaults(ZONE), now, heartbeat=beat)
        ticking.start()
        async with asyncio.timeout(20):
            await hanging.wait()
        await ticking.stop()
        await ticking.stop()
        assert asyncio.all_tasks() == before
        hanging.clear()
        now.forward(minutes=2)


async def test_what_comes_due_in_a_moment_goes_out_by_itself(office: Database) -> None:
    loop = asyncio.get_running_loop()
    begun, channel = loop.time(), FakeDelivery()

    def now() -> datetime:
        return at(FRIDAY, 20) + timedelta(seconds=loop.time() - begun)

    ticking = Clock(office, {"test": channel}, Defaults(ZONE), now)
    await ticking.audit_if_due()
    ticking.start()
    async with office.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == "An"))).one()
        what, soon = to_json(make_answer(say("plain", text="xong"))), now() + timedelta(seconds=0.3)
        await queue_message(session, chat.id, what, token="t", now=soon, today=FRIDAY)
    ticking.wake_sender()
    async with asyncio.timeout(15):  # it looks every 20 seconds anyway
        await channel.first.wait()
    await ticking.stop()


async def test_a_clock_set_back_a_day_plans_nothing(office: Database) -> None:
    now = TestClock(at(FRIDAY, 8))
    ticking = clock_of(office, FakeDelivery(), now)
    assert await ticking.plan_if_due() is not None
    now.forward(days=-1)
    assert await ticking.plan_if_due() is None


async def test_what_was_planned_before_changes_were_looked_at_is_looked_at_again(
    office: Database,
) -> None:
    async with office.write() as session:
        in_force = await rules.load_rules(session, Defaults(ZONE))
        await planner.plan_day(session, FRIDAY, at(FRIDAY, 6), in_force)
    await joins(office, "Bình")
    ticking = clock_of(office, FakeDelivery(), TestClock(at(FRIDAY, 9)))
    planned = await ticking.plan_if_due()
    assert planned is not None
    assert (planned.notices, planned.again) == (1, True)
    assert await ticking.plan_if_due() is None


@pytest.mark.parametrize("moment", [at(FRIDAY, 5, 0), at(FRIDAY, 17, 59)])
async def test_a_day_is_planned_from_five_in_the_morning_until_nothing_is_sent(
    office: Database, moment: datetime
) -> None:
    ticking = clock_of(office, FakeDelivery(), TestClock(moment))
    assert await ticking.plan_if_due() is not None


@pytest.mark.parametrize(
    "moment",
    [at(FRIDAY, 4, 59), at(FRIDAY, 18, 0), at(FRIDAY + DAY, 9)],
    ids=["night", "evening", "saturday"],
)
async def test_a_day_is_not_planned_at_night_or_when_off(
    office: Database, moment: datetime
) -> None:
    assert await clock_of(office, FakeDelivery(), TestClock(moment)).plan_if_due() is None


async def test_a_day_is_planned_once_whatever_wakes_it(database: Database) -> None:
    await fill_office(database)
    one, other = (clock_of(database, FakeDelivery(), TestClock(at(FRIDAY, 6))) for _ in range(2))
    planned = await asyncio.gather(one.plan_if_due(), other.plan_if_due(), one.plan_if_due())
    assert sum(p.lines for p in planned if p is not None) == 2
    assert await other.plan_if_due() is None


async def test_a_registry_out_of_reach_is_logged_and_tried_again(
    office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE heartbeat RENAME TO gone"))
    ticking = clock_of(office, FakeDelivery(), TestClock(at(FRIDAY, 8)))
    assert await ticking.plan_if_due() is None
    assert await ticking.audit_if_due() is None
    assert caplog.text.count("does not work") == 1
    assert "Traceback" not in caplog.text
    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE gone RENAME TO heartbeat"))
    planned = await ticking.plan_if_due()
    assert planned is not None
    assert planned.lines == 2


async def test_the_audit_runs_once_an_hour_over_all_processes(database: Database) -> None:
    await fill_office(database)
    now = TestClock(at(FRIDAY, 8))
    one, other = clock_of(database, FakeDelivery(), now), clock_of(database, FakeDelivery(), now)
    await one.plan_if_due()
    assert await one.audit_if_due() is not None
    assert await other.audit_if_due() is None
    now.forward(hours=1)
    assert await other.audit_if_due() is not None
    now.forward(minutes=50)
    assert await one.audit_if_due() is None
    now.forward(hours=-3)  # the clock was wrong, and is set back
    assert await one.audit_if_due() is not None


async def test_the_data_of_who_left_are_erased_when_their_term_is_over(
    office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    now = TestClock(at(FRIDAY, 8))
    async with office.write() as session:
        person = (await session.exec(select(Person).where(Person.name == "An"))).one()
        await end_membership(session, person, now())
    ticking = clock_of(office, FakeDelivery(), now)
    names = []
    caplog.set_level("INFO", "scheduler.clock")
    for _ in range(3):
        await ticking.audit_if_due()
        async with office.read() as session:
            names.append((await session.get_one(Person, person.id)).name)
        now.forward(days=30)
    assert names == ["An", "", ""]
    assert caplog.text.count("the data of 1 people who left are erased") == 1
    assert caplog.text.count("are erased") == 1


async def test_a_missing_notice_is_repaired_and_told_to_the_admins(database: Database) -> None:
    await fill_office(database)
    async with database.write() as session:
        in_force = await rules.load_rules(session, Defaults(ZONE))
        await planner.plan_day(session, FRIDAY, at(FRIDAY, 6), in_force)
    async with database.write() as session:
        await run_statement(session, text("DELETE FROM notice_line"))
        await run_statement(session, text("DELETE FROM notice"))
    assert (await auditor.audit_day(database, at(FRIDAY, 9), Defaults(ZONE))).repaired == 2
    assert (await auditor.audit_day(database, at(FRIDAY, 10), Defaults(ZONE))).repaired == 0
    async with database.read() as session:
        notices = (await session.exec(select(Notice).order_by(Notice.kind))).all()
    assert [notice.kind for notice in notices] == ["message", "morning"]
    assert "alarm-repaired" in str(notices[0].body)


async def test_an_audit_that_finds_nothing_missing_writes_nothing(office: Database) -> None:
    async with office.write() as session:
        in_force = await rules.load_rules(session, Defaults(ZONE))
        await planner.plan_day(session, FRIDAY, at(FRIDAY, 6), in_force)
    wrote: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        verb, rest = statement.split(None, 1)
        if verb in ("INSERT", "UPDATE", "DELETE", "BEGIN") and " due_" not in f" {rest}":
            wrote.append(statement)

    event.listen(office.engine.sync_engine, "before_cursor_execute", note)
    found = await auditor.audit_day(office, at(FRIDAY, 9), Defaults(ZONE))
    assert found == auditor.AuditReport(repaired=0, stuck=0)
    event.remove(office.engine.sync_engine, "before_cursor_execute", note)
    assert wrote == []


async def test_an_audit_that_did_not_end_is_begun_again_before_the_hour_is_over(
    office: Database,
) -> None:
    now = TestClock(at(FRIDAY, 8))
    one, other = clock_of(office, FakeDelivery(), now), clock_of(office, FakeDelivery(), now)
    await one.plan_if_due()
    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE notice_line RENAME TO gone"))
    assert await one.audit_if_due() is None
    async with office.write() as session:
        await run_statement(session, text("ALTER TABLE gone RENAME TO notice_line"))
    now.forward(minutes=9, seconds=59)
    assert await other.audit_if_due() is None
    now.forward(seconds=1)
    assert await other.audit_if_due() is not None


@pytest.mark.parametrize(("status", "hour"), [("uncertain", 19), ("pending", 19), ("pending", 10)])
async def test_a_notice_without_an_end_is_told_to_the_admins(
    office: Database, status: str, hour: int
) -> None:
    async with office.write() as session:
        in_force = await rules.load_rules(session, Defaults(ZONE))
        await planner.plan_day(session, FRIDAY, at(FRIDAY, 6), in_force)
    later = FRIDAY + 6 * DAY
    async with office.write() as session:
        await run_statement(session, text("UPDATE notice SET status = :status"), {"status": status})
    found = await auditor.audit_day(office, at(later, hour), Defaults(ZONE))
    assert (found.repaired, found.stuck) == (0, 1)
    async with office.read() as session:
        waiting = (await session.exec(select(Notice).where(Notice.kind == "message"))).all()
    assert [notice.status for notice in waiting] == [NoticeStatus.PENDING]
    assert "alarm-stuck" in str(waiting[0].body)


async def arrived_at(database: Database, channel: FakeDelivery, now: TestClock) -> list[str]:
    """Let the clock look at the registry, send what is due, and tell to whom it went."""
    ticking, before = clock_of(database, channel, now), len(channel.arrived)
    await ticking.plan_if_due()
    await ticking.audit_if_due()
    await ticking.sender.send_due()
    return [delivered.chat for delivered in channel.arrived[before:]]


async def joins(database: Database, name: str) -> None:
    """Let a focal point of the office join, without a word in the audit."""
    async with fill(database, FRIDAY) as filling:
        agency = (await filling.session.exec(select(Agency))).one()
        await filling.person(name, PostRole.FOCAL_POINT, agency, chat=name)


async def comes_back(database: Database, key: str) -> None:
    """Let a task be open again that was not before, as when its report is returned."""
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = (await filling.session.exec(select(Agency))).one()
        await filling.plan(f"{key}/KH-UBND")
        await filling.task(key, [agency], FRIDAY)


async def note_change(database: Database, now: TestClock) -> None:
    async with database.write() as session:
        record_change(session, now(), "join", "person", 1)


async def test_who_joins_after_the_morning_is_told_the_same_day_without_an_alarm(
    office: Database,
) -> None:
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 7, 30))
    assert await arrived_at(office, channel, now) == ["An"]
    now.forward(minutes=90)
    await joins(office, "Bình")
    await note_change(office, now)
    assert await arrived_at(office, channel, now) == ["Bình"]
    assert await arrived_at(office, channel, now) == []


async def test_the_tenth_change_of_a_registry_is_newer_than_the_ninth(office: Database) -> None:
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 9))
    for _ in range(9):
        await note_change(office, now)
    assert await arrived_at(office, channel, now) == ["An"]
    await joins(office, "Bình")
    await note_change(office, now)
    assert await clock_of(office, channel, now).plan_if_due() is not None


async def test_what_comes_up_soon_after_a_message_waits_a_quarter_of_an_hour(
    office: Database,
) -> None:
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 9, 30))
    assert await arrived_at(office, channel, now) == ["An"]
    no: list[str] = []
    for minutes, told in ((5, no), (5, no), (4.9, no), (0.2, ["An"])):
        now.forward(minutes=minutes)
        if minutes == 5:
            await comes_back(office, f"II.{now().minute}")
            await note_change(office, now)
        assert await arrived_at(office, channel, now) == told
    assert "II.35" in channel.arrived[-1].text
    assert "II.40" in channel.arrived[-1].text


async def test_what_comes_up_in_the_evening_goes_with_the_next_morning(office: Database) -> None:
    channel, now = FakeDelivery(), TestClock(at(FRIDAY, 9))
    assert await arrived_at(office, channel, now) == ["An"]
    now.forward(hours=10)
    await joins(office, "Bình")
    await note_change(office, now)
    assert await arrived_at(office, channel, now) == []
    now.forward(days=3, hours=-11)
    assert sorted(await arrived_at(office, channel, now)) == ["An", "Bình"]
