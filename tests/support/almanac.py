"""A bot that lives through days, beside an almanac that says, assignment by assignment, what it
must tell.

The almanac knows no SQL: it goes over every assignment and every day by itself. Used by the short
test of time and by the long one of `make prove`.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from models.assignments import OPEN, UNFINISHED, Assignment, Extension, Status, refresh_tasks
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.notices import Notice, NoticeLine, NoticeStatus
from models.people import Post, PostRole
from models.plans import Task
from models.preferences import DayEntry, set_preference
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import hours, rules, steps
from scheduler.planning import planner
from scheduler.rules import Defaults, Rules
from scheduler.sender import NoticeSender
from tests.support.fakes import ZONE, FakeDelivery, TestClock

DAY = timedelta(days=1)
DEFAULTS = Defaults(ZONE)


@dataclass
class Life:
    """What the almanac knows of one assignment."""

    id: int
    task_id: int
    agency_id: int | None
    key: str
    first_day: date | None
    last_day: date
    former: date | None  # the last day of the occurrence before it
    made_on: date
    word: datetime
    status: str = Status.NEW
    granted_at: datetime | None = None
    told: set[tuple[str, date]] = field(default_factory=set)  # step, last day
    heard: dict[date, date] = field(default_factory=dict)  # when each last day was last spoken of


@dataclass
class Almanac:
    """The bot, its clock and its registry, and what must be told."""

    database: Database
    clock: TestClock
    chance: random.Random
    lives: dict[int, Life] = field(default_factory=dict)
    asked: dict[int | None, date] = field(default_factory=dict)  # when each agency was asked last
    asking: dict[int | None, set[int]] = field(default_factory=dict)  # about what, not yet sent
    planned: date | None = None
    planned_at: datetime | None = None
    channel: FakeDelivery = field(default_factory=FakeDelivery)
    chats: dict[int | None, str] = field(
        default_factory=dict
    )  # the address of each agency's focal point
    checked: int = 0  # lines that were written as they must be
    spoken: int = 0  # lines that were found in what was sent

    @property
    def today(self) -> date:
        """The day of the clock."""
        return self.clock.moment.date()

    async def read(self) -> None:
        """Reads every dated assignment out of the registry."""
        async with self.database.read() as session:
            rows = await session.exec(
                select(Assignment, Task, Deadline, TaskMilestone)
                .join(Task, col(Task.id) == Assignment.task_id)
                .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
                .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id)
                .where(col(Assignment.last_day).is_not(None))
            )
            found = rows.all()
            days: dict[int | None, list[date]] = {}
            focal = await session.exec(
                select(Post.agency_id, Chat.address)
                .join(Chat, col(Chat.person_id) == Post.person_id)
                .where(Post.role == PostRole.FOCAL_POINT)
            )
            self.chats = dict(focal.all())
            for deadline in await session.exec(
                select(Deadline).where(col(Deadline.last_day).is_not(None))
            ):
                days.setdefault(deadline.milestone_id, []).append(deadline.last_day or date.max)
        for assignment, task, deadline, milestone in found:
            last = deadline.last_day or date.max
            before = (
                [day for day in days.get(milestone.id, ()) if day < last]
                if milestone.kind == "recurring"
                else []
            )
            if assignment.id in self.lives:
                continue
            self.lives[assignment.id] = Life(
                id=assignment.id,
                task_id=assignment.task_id,
                agency_id=assignment.agency_id,
                key=task.key,
                first_day=assignment.first_day,
                last_day=assignment.last_day or date.max,
                former=max(before, default=None),
                made_on=assignment.made_on,
                word=assignment.changed_at.astimezone(ZONE),
                status=assignment.status,
            )

    # --- what must be told ---

    def must(self, day: date, in_force: Rules) -> dict[int, str]:
        """What planning `day` must write for the focal points: assignment to step."""
        calendar = in_force.calendar
        if not calendar.is_working(day) or (self.planned is not None and day < self.planned):
            return {}
        first = self.planned or day
        window = [
            first + n * DAY
            for n in range((day - first).days + 1)
            if calendar.is_working(first + n * DAY)
        ]
        found = {}
        for life in self.lives.values():
            if life.status not in OPEN:
                continue
            step = self._step(life, window, day, in_force)
            if step is not None:
                found[life.id] = step
        return found

    def _step(self, life: Life, window: list[date], day: date, in_force: Rules) -> str | None:
        found = False
        for on in reversed(window):
            step = None if self._past(life, on) else self._on(life, on, in_force)
            if step is not None:
                if (step, life.last_day) not in life.told:
                    return step
                found = True
                break
        if not found and self._is_asked(life, day, in_force):
            return steps.name_recurring(steps.UPDATE, day)
        late = life.last_day < day and not self._past(life, day)
        if late and life.heard.get(life.last_day, date.min) <= life.last_day:
            return steps.name_overdue((day - life.last_day).days)
        return None

    def _is_asked(self, life: Life, day: date, in_force: Rules) -> bool:
        """Whether the bot asks how it stands: long quiet, near, and the agency not asked lately."""
        calendar, asked = in_force.calendar, self.asked.get(life.agency_id)
        if self._past(life, day) or (self.planned is not None and day <= self.planned):
            return False
        if day < life.last_day and life.former is not None and life.former > day:
            return False
        return (
            calendar.count_working_days(life.word.date(), day) >= steps.QUIET_DAYS
            and life.last_day <= day + steps.ASK_AHEAD * DAY
            and self._is_next(life)
            and (asked is None or calendar.count_working_days(asked, day) >= steps.ASK_EVERY)
        )

    def _past(self, life: Life, on: date) -> bool:
        """Whether the step of a day was past already when the assignment was made, or more time was
        given."""
        if life.made_on > on or (
            life.made_on == on and self.planned is not None and on <= self.planned
        ):
            return True
        looked_at_again = self.planned is not None and on <= self.planned
        return looked_at_again and (
            life.granted_at is not None
            and self.planned_at is not None
            and life.granted_at > self.planned_at
        )

    def _on(self, life: Life, on: date, in_force: Rules) -> str | None:
        calendar = in_force.calendar
        if on < life.last_day and life.former is not None and life.former > on:
            return None
        step = steps.find_step(on, life.last_day, in_force.steps, calendar)
        if step is not None:
            return step
        begins = (
            life.first_day is not None and life.last_day > life.first_day and on <= life.last_day
        )
        if begins and calendar.next_working_day((life.first_day or on) - DAY) == on:
            return steps.START
        return None

    def _is_next(self, life: Life) -> bool:
        return not any(
            other.task_id == life.task_id
            and other.agency_id == life.agency_id
            and other.last_day < life.last_day
            and other.status in UNFINISHED
            for other in self.lives.values()
        )

    # --- days ---

    async def live(self, *, plan: bool = True, send: bool = True, between: int = 0) -> None:
        """Lives through the clock's day: plans in the morning, changes `between` assignments,
        sends.

        What is written must be what the almanac says; what is sent must speak of all that is open,
        and nothing else.
        """
        if plan:
            await self._plan()
        for _ in range(between):
            await self.change()
        if send:
            await self._send()

    async def _plan(self) -> None:
        self.clock.moment = datetime.combine(self.today, time(6), ZONE)
        async with self.database.write() as session:
            in_force = await rules.load_rules(session, DEFAULTS)
            must = self.must(self.today, in_force)
            last = (
                await run_statement(session, text("SELECT coalesce(max(id), 0) FROM notice_line"))
            ).scalar_one()
            for _ in range(2):  # twice, as after a crash: the second time there is nothing to do
                await planner.plan_day(session, self.today, self.clock.moment, in_force)
            lines = await session.exec(
                select(NoticeLine)
                .join(Notice)
                .where(col(NoticeLine.id) > last, Notice.kind == "morning")
            )
            wrote = [(line.assignment_id, line.step) for line in lines]
        assert len(wrote) == len(set(wrote)), f"{self.today}: doubled {wrote}"
        assert dict(wrote) == must, (
            f"{self.today} (planned {self.planned}): {_differing(dict(wrote), must)}"
        )
        self._carry_over_questions(must)
        for assignment_id, step in must.items():
            life = self.lives[assignment_id]
            life.told.add((step, life.last_day))
            life.heard[life.last_day] = self.today
            if step.startswith(steps.UPDATE):
                self.asked[life.agency_id] = self.today
                self.asking.setdefault(life.agency_id, set()).add(life.id)
        self.checked += len(must)
        working = in_force.calendar.is_working(self.today)
        if working and (self.planned is None or self.today > self.planned):
            self.planned, self.planned_at = self.today, self.clock.moment

    def _carry_over_questions(self, must: dict[int, str]) -> None:
        """A question that waits goes into today's message, if the agency gets one: it is asked
        today, except about what the message speaks of anyway."""
        told = {self.lives[assignment_id].agency_id for assignment_id in must}
        for agency_id in told & self.asking.keys():
            self.asking[agency_id] -= must.keys()
            if self.asking[agency_id]:
                self.asked[agency_id] = self.today

    async def _send(self) -> None:
        async with self.database.read() as session:
            in_force = await rules.load_rules(session, DEFAULTS)
        sender = NoticeSender(self.database, {"test": self.channel}, DEFAULTS, self.clock)
        for at in (time(6, 59), time(18, 30)):
            self.clock.moment = datetime.combine(self.today, at, ZONE)
            assert await sender.send_due() == 0, f"{self.clock.moment}: sent at night"
        self.clock.moment = datetime.combine(self.today, time(8), ZONE)
        waiting = await self._waiting()
        self.channel.arrived.clear()
        await sender.send_due()
        if not hours.is_sending(self.clock.moment, in_force.calendar):
            assert not self.channel.arrived, f"{self.today}: sent on a day off"
            return
        self.asking = {
            agency: about
            for agency, about in self.asking.items()
            if self.asked[agency] > self.today
        }
        for life in waiting:
            sent = "\n".join(self.channel.to(self.chats[life.agency_id]))
            if "việc khác, bấm nút" in sent or "việc khác. Đề nghị" in sent:
                continue  # a very long message does not name them all
            spoken = any(
                (line.startswith(f"• {life.key} ") and f" {life.last_day:%d/%m}" in line)
                or ("chưa có thông tin" in line and re.search(rf" {re.escape(life.key)}[,.]", line))
                for line in sent.splitlines()
            )
            assert spoken == (life.status in OPEN), (
                f"{self.today}: {life.key} {life.status} told: {spoken}\n{sent}"
            )
            self.spoken += spoken

    async def _waiting(self) -> list[Life]:
        """The assignments of waiting notices to people, with the last day they have."""
        async with self.database.read() as session:
            rows = await session.exec(
                select(NoticeLine, Notice.planned_at)
                .join(Notice)
                .where(Notice.status == NoticeStatus.PENDING, Notice.kind == "morning")
                .where(col(Notice.not_before) <= self.clock.moment)
            )
            lines = [
                line
                for line, planned_at in rows
                if not line.step.startswith(steps.UPDATE)
                or self.lives[line.assignment_id].word <= planned_at
            ]
        valid = [
            self.lives[line.assignment_id]
            for line in lines
            if self.lives[line.assignment_id].last_day == line.last_day
        ]
        return list({life.id: life for life in valid}.values())

    # --- changes ---

    async def change(self) -> None:
        """One assignment gets another status, or more time."""
        life = self.chance.choice(list(self.lives.values()))
        kind = self.chance.choice(("status", "status", "extend"))
        self.clock.moment += timedelta(seconds=1)
        now = self.clock.moment
        async with self.database.write() as session:
            row = await session.get_one(Assignment, life.id)
            if kind == "extend":
                if life.status not in UNFINISHED:
                    return
                row.last_day = life.last_day = (
                    max(life.last_day, self.today) + self.chance.randint(1, 40) * DAY
                )
                life.granted_at = now
                session.add(
                    Extension(
                        assignment_id=life.id,
                        asked_at=now,
                        from_day=self.today,
                        wanted_day=life.last_day,
                        reason="cần thêm số liệu",
                        decision="granted",
                        granted_day=life.last_day,
                        decided_at=now,
                    )
                )
            else:
                row.status = life.status = self.chance.choice(list(Status))
            row.changed_at = life.word = now
            session.add(row)
            await session.flush()
            await refresh_tasks(session, [life.task_id])

    async def declare(self, day: date, *, working: bool) -> None:
        """An admin declares a day off or worked."""
        async with self.database.write() as session:
            await session.merge(DayEntry(day=day, working=working, name="điều chỉnh"))

    async def set_steps(self, own: list[int] | None) -> None:
        """An admin sets other steps for the whole bot."""
        async with self.database.write() as session:
            await set_preference(session, rules.REMIND_STEPS, own)

    def goes(self, days: int) -> None:
        """The clock goes so many days on (or back)."""
        self.clock.moment += days * DAY

    async def everything_sent_once(self) -> None:
        """No step of a last day was told twice to a chat, and nothing waits at the end that should
        have gone out."""
        async with self.database.read() as session:
            twice = await run_statement(
                session,
                text(
                    "SELECT chat_id, assignment_id, step, last_day, count(*) FROM notice_line"
                    " GROUP BY chat_id, assignment_id, step, last_day HAVING count(*) > 1"
                ),
            )
            assert not twice.all()
            again = (await session.exec(select(Notice).where(Notice.again))).all()
            assert not again


def _differing(wrote: dict[int, str], must: dict[int, str]) -> str:
    missing = {k: v for k, v in must.items() if wrote.get(k) != v}
    extra = {k: v for k, v in wrote.items() if must.get(k) != v}
    return f"missing {missing}, not expected {extra}"
