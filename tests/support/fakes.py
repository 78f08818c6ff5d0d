"""Stand-ins for the tests of reminders: a channel in memory that fails on order, and a registry
filled by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from locales.answer import Answer
from locales.fluent import load_sentences
from models.agencies import Agency
from models.assignments import Assignment, refresh_tasks
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.people import Person, Post, PostRole
from models.plans import Plan, Task
from models.storage.database import Database
from scheduler.delivery import SentMessage

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day: date, hour: int = 7, minute: int = 30) -> datetime:
    """A local moment."""
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass
class TestClock:
    """A clock that the test turns."""

    __test__ = False

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class Delivered:
    """What arrived in a chat."""

    chat: str
    text: str
    what: Answer
    topic: str | None
    markup: bool


Fault = Callable[[str, Answer], Exception | None]


@dataclass
class FakeDelivery:
    """A channel in memory. `fault` may give an error for a delivery; `late` faults are raised after
    it arrived."""

    fault: Fault | None = None
    late: Fault | None = None
    pause: Callable[[], Awaitable[None]] | None = None
    name: str = "test"
    arrived: list[Delivered] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)  # set by the first arrival

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        self.tried.append(chat)
        await (self.pause() if self.pause is not None else asyncio.sleep(0))
        error = self.fault(chat, what) if self.fault is not None else None
        if error is not None:
            raise error
        text = "\n".join(load_sentences().to_text(block) for block in what.blocks)
        self.arrived.append(Delivered(chat, text, what, topic, markup))
        self.first.set()
        error = self.late(chat, what) if self.late is not None else None
        if error is not None:
            raise error
        return SentMessage(str(len(self.arrived)))

    def to(self, chat: str) -> list[str]:
        """The texts that arrived in `chat`."""
        return [delivered.text for delivered in self.arrived if delivered.chat == chat]


@asynccontextmanager
async def fill(
    database: Database, today: date, channel: str = "test", *, word: date | None = None
) -> AsyncIterator[Filling]:
    """A transaction in which a registry is filled as if on `today`; `word`: the last change."""
    async with database.write() as session:
        yield Filling(session, today, channel, word=word)


class Filling:
    """Fills a registry within one session, by hand: agencies, people with chats, one plan, tasks
    with deadlines."""

    def __init__(
        self,
        session: AsyncSession,
        today: date,
        channel: str = "test",
        *,
        word: date | None = None,
    ) -> None:
        self.session = session
        self.word = word
        self.channel = channel
        self.today = today
        self.now = at(today, 6, 0)
        self._plan: Plan | None = None
        self._count = 0

    async def agency(
        self, name: str, *, focal_point: str | None = None, collective: bool = False
    ) -> Agency:
        """An agency; `focal_point` is the name of a person there."""
        agency = Agency(name=name, folded=fold(name), collective=collective)
        self.session.add(agency)
        await self.session.flush()
        if focal_point is not None:
            await self.person(focal_point, PostRole.FOCAL_POINT, agency)
        return agency

    async def person(
        self, name: str, role: PostRole, agency: Agency | None = None, *, chat: str | None = None
    ) -> Person:
        """A person with a post and a private chat; `chat` is its address."""
        self._count += 1
        address = chat or f"chat-{self._count}"
        person = Person(channel=self.channel, address=address, name=name, joined_at=self.now)
        self.session.add(person)
        await self.session.flush()
        self.session.add(
            Post(
                person_id=person.id,
                role=role,
                agency_id=agency.id if agency else None,
                made_at=self.now,
            )
        )
        self.session.add(
            Chat(
                channel=self.channel,
                address=address,
                kind="private",
                title=name,
                person_id=person.id,
            )
        )
        await self.session.flush()
        return person

    async def group(self, title: str, scope: str = "province", **bound: int | None) -> Chat:
        chat = Chat(
            channel=self.channel, address=f"group-{title}", kind="group", title=title, scope=scope
        )
        for name, value in bound.items():
            setattr(chat, name, value)
        self.session.add(chat)
        await self.session.flush()
        return chat

    async def plan(self, number: str = "10/KH-UBND", **values: object) -> Plan:
        plan = Plan(
            identity=number, title=f"Kế hoạch {number}", number=number, imported_at=self.now
        )
        for name, value in values.items():
            setattr(plan, name, value)
        self.session.add(plan)
        await self.session.flush()
        self._plan = plan
        return plan

    async def task(
        self,
        key: str,
        agencies: Iterable[Agency | None],
        *last_days: date,
        first_day: date | None = None,
        kind: str = "date",
        made_on: date | None = None,
        plan: Plan | None = None,
        title: str | None = None,
    ) -> list[Assignment]:
        """A task with one milestone, a deadline for each of `last_days`, an assignment for each
        agency and deadline."""
        plan = plan or self._plan or await self.plan()
        task = Task(
            plan_id=plan.id,
            position=0,
            key=key,
            title=title or f"Việc {key}",
            search_text=fold(title or key),
        )
        self.session.add(task)
        await self.session.flush()
        milestone = TaskMilestone(task_id=task.id, position=0, kind=kind, first_day=first_day)
        self.session.add(milestone)
        await self.session.flush()
        made = []
        for last_day in last_days:
            deadline = Deadline(
                task_id=task.id,
                milestone_id=milestone.id,
                first_day=first_day,
                last_day=last_day,
            )
            self.session.add(deadline)
            await self.session.flush()
            for agency in agencies:
                assignment = Assignment(
                    plan_id=plan.id,
                    task_id=task.id,
                    deadline_id=deadline.id,
                    agency_id=agency.id if agency else None,
                    lead_id=agency.id if agency else None,
                    first_day=first_day,
                    last_day=last_day,
                    made_on=made_on or self.today,
                    changed_at=at(self.word or made_on or self.today, 6, 0),
                )
                self.session.add(assignment)
                made.append(assignment)
        await self.session.flush()
        await refresh_tasks(self.session, [task.id])
        return made
