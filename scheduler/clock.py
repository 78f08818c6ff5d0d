"""Wakes the planner, the sender and the auditor (docs/dev/reminders.md rule 18).

It stores nothing: what is to be done is in the registry alone. APScheduler wakes them; a watch of
its own does so too, because no jump of the wall clock can stop it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.audit import read_last_change
from models.dialogues import delete_old_questions
from models.erasure import erase_people_who_left
from models.notices import NEVER, Heartbeat, save_heartbeat
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from models.storage.statements import run_statement
from scheduler import auditor, hours
from scheduler.auditor import AuditReport
from scheduler.defaults import LEASE
from scheduler.delivery import Delivery
from scheduler.planning import planner, planning_sql
from scheduler.planning.planner import PlanningResult
from scheduler.rules import Defaults, load_rules
from scheduler.sender import NoticeSender

PLAN_FROM = time(5, 0)  # the hour from which a day is planned; nothing is sent before 07:00
SEND_EVERY, PLAN_EVERY, AUDIT_EVERY = 20, 60, 3600  # seconds
BEAT_EVERY, CALL_EVERY = 15, 60  # seconds; `health` and monitors wait for the beats
AUDIT_RETRY = 600  # seconds after which an audit that did not end is tried again
_AUDIT_BEGUN = "begun"
_CHANGES = "changes"  # the heartbeat that holds the newest change whose steps were planned
WATCH_EVERY = 45.0  # seconds, by a clock that does not jump
HEARTBEAT_SECONDS = 20.0  # that the heartbeat's address has to answer in
STOP_SECONDS = 10.0  # for what is on its way when the clock stops

HeartbeatCall = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class Clock:
    """The clock of the reminders; one for each process.

    `start` and `stop` are called within one event loop.
    """

    def __init__(
        self,
        database: Database,
        deliveries: Mapping[str, Delivery],
        defaults: Defaults,
        now: Callable[[], datetime],
        *,
        lease: float = LEASE,
        heartbeat: HeartbeatCall | None = None,
    ) -> None:
        """Set up: `now` gives the moment with its zone, `lease` is in seconds.

        `heartbeat` is called every minute, to show that the clock runs.
        """
        self._database = database
        self._defaults = defaults
        self._now = now
        self._heartbeat = heartbeat
        self.sender = NoticeSender(
            database, deliveries, defaults, now, lease=lease, on_progress=self._show_heartbeat
        )
        self._wake_event = asyncio.Event()
        self._scheduler: AsyncIOScheduler | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._planning = asyncio.Lock()
        self._last_heartbeat: datetime | None = None
        self._last_call: datetime | None = None
        self._heartbeat_call: asyncio.Task[None] | None = None
        self._planning_works = True  # whether planning worked when it was last tried

    def start(self) -> None:
        """Start to tick: plan, audit and send at once what is due."""
        scheduler = AsyncIOScheduler(timezone=self._defaults.zone)
        options = {"coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(self.wake_sender, "interval", seconds=SEND_EVERY, **options)
        scheduler.add_job(self.plan_if_due, "interval", seconds=PLAN_EVERY, **options)
        scheduler.add_job(self.audit_if_due, "interval", seconds=AUDIT_EVERY, **options)
        scheduler.start()
        self._scheduler = scheduler
        self._tasks = [
            asyncio.create_task(self._run_sender()),
            asyncio.create_task(self._run_watch()),
        ]

    async def stop(self) -> None:
        """Stop: claim nothing more and wait for what is on its way.

        What is not finished by then is sent again later.
        """
        self.sender.stop()
        self._wake_event.set()
        if self._scheduler is None:
            return
        self._scheduler.shutdown()
        self._scheduler = None
        sending, watching = self._tasks
        watching.cancel()
        await asyncio.wait((sending,), timeout=STOP_SECONDS)
        sending.cancel()
        calls = [self._heartbeat_call] if self._heartbeat_call is not None else []
        for task in calls:
            task.cancel()
        await asyncio.gather(sending, watching, *calls, return_exceptions=True)

    def wake_sender(self) -> None:
        """Let the sender look at once, because there may be something to send."""
        self._wake_event.set()

    async def plan_if_due(self) -> PlanningResult | None:
        """Plan today if that is still to be done and reminders may go out today; None if not.

        What came up since then (somebody joined, a task was added, a report returned) is planned as
        soon as it is noticed.
        """
        try:
            async with self._planning:
                planned = await self._plan_today() or await self._plan_changes()
            self._planning_works = True
            return planned
        except REGISTRY_FAULTS:  # logged by the registry; the next beat tries again
            self._planning_works = False
            return None
        except Exception:
            _log.exception("planning failed")
            self._planning_works = False
            return None

    async def _plan_today(self) -> PlanningResult | None:
        now = self._now()
        async with self._database.read() as session:
            in_force = await load_rules(session, self._defaults)
            local = in_force.to_local(now)
            last = await planner.read_last_planned_day(session, local.date())
        is_planned = last is not None and last >= local.date()
        if is_planned or not PLAN_FROM <= local.time() < hours.CLOSES:
            return None
        if not in_force.calendar.is_working(local.date()):
            return None
        async with self._database.write() as session:
            result = await planner.plan_day(session, local.date(), now, in_force)
            change = str(await read_last_change(session))
            await save_heartbeat(session, _CHANGES, now, change)
        _log.info("%s: %d notices with %d lines", result.day, result.notices, result.lines)
        self.wake_sender()
        return result

    async def _plan_changes(self) -> PlanningResult | None:
        """Plan what changes of the registry brought up after the day was planned.

        The newest change that was looked at is a heartbeat's detail: one process looks for all.
        """
        now = self._now()
        async with self._database.read() as session:
            in_force = await load_rules(session, self._defaults)
            local = in_force.to_local(now)
            last_change = str(await read_last_change(session))
            seen = await session.get(Heartbeat, _CHANGES)
            if not hours.is_sending(local, in_force.calendar):
                return None
            if seen is not None and seen.detail == last_change:
                return None
            is_to_plan = await planner.has_missing_notices(session, local.date(), in_force)
        result = None
        async with self._database.write() as session:
            if is_to_plan:
                result = await planner.plan_day(session, local.date(), now, in_force)
            await save_heartbeat(session, _CHANGES, now, last_change)
        self.wake_sender()
        return result

    async def audit_if_due(self) -> AuditReport | None:
        """Audit, at most once an hour over all processes; None if another process has."""
        try:
            now = self._now()
            async with self._planning:
                if not await self._begin_audit(now):
                    return None
                await self._plan_changes()  # what came up is not missing
                report = await auditor.audit_day(self._database, now, self._defaults)
                detail = f"repaired {report.repaired}, stuck {report.stuck}"
                async with self._database.write() as session:
                    await save_heartbeat(session, "auditor", now, detail)
        except REGISTRY_FAULTS:  # as for planning
            return None
        except Exception:
            _log.exception("the audit failed")
            return None
        self.wake_sender()
        await self._erase_people_who_left(now)
        return report

    async def _begin_audit(self, now: datetime) -> bool:
        """Return whether this process audits now.

        An audit that began and never ended is retried sooner.
        """
        async with self._database.write() as session:
            first = {"name": "auditor", "at": NEVER}
            await run_statement(session, planning_sql.FIRST_HEARTBEAT, first)
            last = await session.get_one(Heartbeat, "auditor", with_for_update=True)
            wait = AUDIT_RETRY if last.detail == _AUDIT_BEGUN else AUDIT_EVERY * 0.9
            if timedelta() <= now - last.at < timedelta(seconds=wait):
                return False
            await save_heartbeat(session, "auditor", now, _AUDIT_BEGUN)
        return True

    async def _erase_people_who_left(self, now: datetime) -> None:
        """Erase people and questions whose term is over (docs/du-lieu-ca-nhan.md)."""
        try:
            async with self._database.write() as session:
                erased = await erase_people_who_left(session, now)
                await delete_old_questions(session, now)
        except REGISTRY_FAULTS:  # as for planning
            return
        except Exception:
            _log.exception("erasing people who left failed")
            return
        if erased:
            _log.info("the data of %d people who left are erased", erased)

    async def _run_sender(self) -> None:
        """Send what is due whenever woken, and wake up for what comes due soon."""
        loop = asyncio.get_running_loop()
        while not self.sender.is_stopping:
            self._wake_event.clear()
            soon: float | None = None
            try:
                await self.sender.send_due()
                soon = await self.sender.seconds_to_next(SEND_EVERY)
                await self._show_heartbeat()
            except REGISTRY_FAULTS:
                pass  # as for planning
            except Exception:
                _log.exception("sending failed")
            timer = loop.call_later(soon, self._wake_event.set) if soon is not None else None
            await self._wake_event.wait()
            if timer is not None:
                timer.cancel()

    async def _show_heartbeat(self) -> None:
        """Write the heartbeat now and then, and call its address once a minute.

        The call runs beside: a slow address holds up no reminder. It is left out while planning
        or the registry fails, so that whoever watches from outside notices.
        """
        now = self._now()
        if _is_within(BEAT_EVERY, self._last_heartbeat, now):
            return
        self._last_heartbeat = now
        try:
            async with self._database.write() as session:
                await save_heartbeat(session, "sender", now, self.sender.name)
        except REGISTRY_FAULTS:  # as for planning; what is on its way goes on
            return
        is_calling = self._heartbeat_call is not None and not self._heartbeat_call.done()
        if _is_within(CALL_EVERY, self._last_call, now) or is_calling:
            return
        if self._heartbeat is not None and self._planning_works:
            self._last_call = now
            self._heartbeat_call = asyncio.create_task(self._call_outside(self._heartbeat))

    async def _call_outside(self, heartbeat: HeartbeatCall) -> None:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await heartbeat()
        except Exception as fault:  # an address out of reach stops no reminder
            _log.warning("the heartbeat's address does not answer: %s", type(fault).__name__)

    async def _run_watch(self) -> None:
        """Wake everything by a clock that does not jump.

        APScheduler would sleep through a jump back of the wall clock.
        """
        while True:
            await self.plan_if_due()
            await self.audit_if_due()
            self.wake_sender()
            await asyncio.sleep(WATCH_EVERY)


def _is_within(seconds: float, last: datetime | None, now: datetime) -> bool:
    """Return whether `last` was that short a time ago; a clock that was set back does not count."""
    return last is not None and timedelta() <= now - last < timedelta(seconds=seconds)
