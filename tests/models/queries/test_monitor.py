"""What a monitor is told: what waits, since when, and who has not been heard of in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.inbox import InboxRow
from models.notices import Heartbeat, Notice, NoticeStatus
from models.queries.monitor import Vitals, find_late_channel, is_sender_late, read_vitals
from models.storage.database import Database
from models.storage.processes import Lease
from tests.support.fakes import fill

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


async def _add_notice(database: Database, status: NoticeStatus, since: datetime) -> None:
    async with fill(database, NOW.date()) as filling:
        group = await filling.group(f"{status} {since}")
        filling.session.add(
            Notice(
                chat_id=group.id,
                day=NOW.date(),
                kind="morning",
                status=status,
                not_before=since,
                planned_at=since,
            )
        )


@pytest.mark.parametrize("status", NoticeStatus)
async def test_a_notice_is_due_while_it_may_still_go_out(
    sqlite: Database, status: NoticeStatus
) -> None:
    await _add_notice(sqlite, status, NOW - HOUR)
    await _add_notice(sqlite, NoticeStatus.PENDING, NOW - SECOND)
    async with sqlite.read() as session:
        vitals = await read_vitals(session, NOW)
    goes_out = status in (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    assert vitals.oldest_due == (NOW - HOUR if goes_out else NOW - SECOND)
    assert sum(vitals.notices.values()) == 2
    assert vitals.notices[status] == (2 if status is NoticeStatus.PENDING else 1)


async def test_an_empty_registry_has_nothing_to_tell(sqlite: Database) -> None:
    async with sqlite.read() as session:
        vitals = await read_vitals(session, NOW)
    assert vitals == Vitals(notices={str(status): 0 for status in NoticeStatus})


@pytest.mark.parametrize(("wait", "due"), [(timedelta(0), NOW), (SECOND, None)])
async def test_a_notice_is_due_from_its_moment_on(
    sqlite: Database, wait: timedelta, due: datetime | None
) -> None:
    await _add_notice(sqlite, NoticeStatus.PENDING, NOW + wait)
    async with sqlite.read() as session:
        assert (await read_vitals(session, NOW)).oldest_due == due


async def test_updates_wait_until_they_are_handled(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add_all(
            InboxRow(
                channel="test",
                update=str(number),
                chat="c",
                sender="s",
                received_at=NOW,
                handled_at=NOW if number == 1 else None,
            )
            for number in range(3)
        )
        session.add(Heartbeat(name="sender", at=NOW - HOUR))
    async with sqlite.read() as session:
        vitals = await read_vitals(session, NOW)
    assert (vitals.waiting, vitals.beats) == (2, {"sender": NOW - HOUR})


async def test_a_channel_was_asked_when_its_poll_last_succeeded(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add_all(
            [
                Lease(name="poll:telegram", worked_at=NOW - HOUR),
                Lease(name="poll:zalo"),
                Lease(name="sender", worked_at=NOW),
            ]
        )
    async with sqlite.read() as session:
        assert (await read_vitals(session, NOW)).polls == {"telegram": NOW - HOUR}


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (75, False), (76, True)])
def test_the_sender_is_late_after_75_seconds(seconds: int, late: bool) -> None:
    vitals = Vitals(beats={"sender": NOW - seconds * SECOND, "planner": NOW})
    assert is_sender_late(vitals, NOW) is late


def test_a_sender_that_never_ran_is_late() -> None:
    assert is_sender_late(Vitals(beats={"planner": NOW}), NOW)


@pytest.mark.parametrize(("seconds", "late"), [(0, None), (120, None), (121, "zalo")])
def test_a_channel_is_late_after_two_minutes(seconds: int, late: str | None) -> None:
    vitals = Vitals(polls={"telegram": NOW, "zalo": NOW - seconds * SECOND, "other": NOW - HOUR})
    assert find_late_channel(vitals, NOW, ["zalo", "telegram", "never asked"]) == late
