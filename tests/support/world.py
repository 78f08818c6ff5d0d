"""A registry with a small plan, and people who talk to the bot through the router."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from handlers.conversation.incoming import ChatKind, Event, Incoming, IncomingFile
from handlers.conversation.request import AppContext
from handlers.people.codes import make_invitation
from handlers.router import Router
from language import deadlines
from language.agencies.directory import load_standard_directory
from locales.answer import Answer, Button, from_json
from locales.fluent import load_sentences, render_pages
from migrations.upgrade import upgrade
from models.agencies import Agency, AgencySuccessor
from models.assignments import Assignment
from models.audit import Audit
from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import Person, PostRole
from models.plans import Plan, Task
from models.storage.database import Database
from plans.format import MilestoneRow, PlanFile, PlanHead, TaskRow
from plans.registry.agencies import AgencyWriter
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from tests.support.joined import Beginning
from tests.support.registries import close_as_one_file

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
TODAY = date(2026, 11, 20)
ADMIN = "1"
ADMINS = (f"telegram:{ADMIN}",)  # as the setting names them

TASKS = (
    ("I.1", "Rà soát thủ tục nội bộ của ngành", "Sở Tư pháp", "Ngày 30/11/2026", None),
    ("I.2", "Công khai quyết toán ngân sách", "Sở Tài chính", "Trước ngày 15/12/2026", "2.1.1"),
    ("I.3", "Gửi số liệu đánh giá", "Các sở, ban, ngành", "Quý IV/2026", None),
    ("II.1", "Cập nhật sổ theo dõi văn bản", "Sở Tư pháp", "Hàng tháng", None),
    ("II.2", "Duy trì chuyên trang cải cách", "Sở Nội vụ", "Thường xuyên", None),
)


def small_plan(number: str = "15/KH-UBND", year: int = 2026) -> PlanFile:
    """A plan of five tasks: a day, a day before, a quarter for a collective, monthly, ongoing."""
    issued = date(year, 1, 5)
    tasks = []
    for key, title, lead, text, code in TASKS:
        said = text.replace("2026", str(year))
        read = deadlines.read_deadline_cell(said, (year, year), issued)
        milestones = [MilestoneRow(**m.model_dump()) for m in read]
        tasks.append(
            TaskRow(
                key=key,
                title=title,
                lead=[lead],
                deadline_text=said,
                milestones=milestones,
                code=code,
            )
        )
    head = PlanHead(
        title="Kế hoạch thử", number=number, issued_on=issued, first_year=year, last_year=year
    )
    return PlanFile(plan=head, tasks=tasks)


async def load(
    database: Database, plan: PlanFile, today: date = TODAY, *, sample: bool = False
) -> int:
    """Writes a plan into the registry and returns its id."""
    async with database.write() as session:
        writer = PlanWriter(session, load_standard_directory(), NOW, today)
        return await writer.write_plan(plan, await compare_plan(session, plan), sample=sample)


@dataclass
class Reply:
    """What the bot answered: its text without markup, and its buttons."""

    answer: Answer | None

    @property
    def text(self) -> str:
        if self.answer is None:
            return ""
        toast = [load_sentences().to_text(self.answer.toast)] if self.answer.toast else []
        return "\n".join(
            [*toast, *(load_sentences().to_text(block) for block in self.answer.blocks)]
        )

    @property
    def buttons(self) -> dict[str, str]:
        """Label to action."""
        rows: tuple[tuple[Button, ...], ...] = self.answer.buttons if self.answer else ()
        return {load_sentences().to_text(b.label): b.action for row in rows for b in row}

    def action(self, label: str) -> str:
        """The action of the first button whose label holds `label`."""
        found = [action for text, action in self.buttons.items() if label in text]
        assert found, f"no button {label!r} in {list(self.buttons)}\n{self.text}"
        return found[0]


@dataclass
class World:
    """The bot and the people who write to it; the time stands still until `wait`."""

    database: Database
    router: Router
    app: AppContext
    now: datetime = NOW
    names: dict[str, str] = field(default_factory=dict)
    updates: Iterator[int] = field(default_factory=lambda: itertools.count(1000))
    beginning: Beginning | None = None  # of a registry that is a copy

    def wait(self, **more: float) -> None:
        """Lets time pass (arguments of timedelta)."""
        self.now += timedelta(**more)

    def restart(self) -> None:
        """Everything that is not in the registry is lost."""
        self.app = AppContext(self.database, self.app.options)
        self.router = Router(self.app)

    def incoming(self, who: str, *, group: str | None = None, **more: Any) -> Incoming:
        """A message of `who` in their private chat or in a group."""
        kind: ChatKind = "group" if group else "private"
        self.now += timedelta(seconds=4)
        return Incoming(
            channel="telegram",
            chat=group or who,
            chat_kind=kind,
            chat_title=f"Nhóm {group}" if group else self.names.get(who, who),
            sender=who,
            sender_name=self.names.get(who, f"Người {who}"),
            now=self.now,
            update=str(next(self.updates)),
            **more,
        )

    async def give(self, incoming: Incoming) -> Reply:
        """Hands a message to the router; the answer must be one that can be shown."""
        said = await self.router.respond(incoming, _no_progress)
        if said is not None:
            render_pages(said, 4096)
            for row in said.buttons:
                for button in row:
                    load_sentences().to_text(button.label)
        answer = Reply(said)
        assert "có lỗi, đã ghi lại" not in answer.text, answer.text
        return answer

    async def says(self, who: str, text: str, group: str | None = None) -> Reply:
        """`who` writes `text`."""
        if text == "/start" and group is None:
            return await self._begin(
                (who, text, self.names.get(who)), lambda there: there.give_text(who, text)
            )
        return await self.give(self.incoming(who, text=text, group=group))

    async def give_text(self, who: str, text: str) -> Reply:
        """`who` writes `text` in the private chat."""
        return await self.give(self.incoming(who, text=text))

    async def presses(self, who: str, action: str, group: str | None = None) -> Reply:
        """`who` presses a button."""
        return await self.give(self.incoming(who, action=action, message="7", group=group))

    async def sends(
        self, who: str, name: str, content: bytes, text: str = "", *, picture: bool = False
    ) -> Reply:
        """`who` sends a file, or a picture."""

        async def fetch() -> bytes:
            return content

        file = IncomingFile(name, len(content), fetch, picture)
        return await self.give(self.incoming(who, text=text, file=file))

    async def happens(
        self, who: str, event: Event, group: str | None = None, moved_to: str | None = None
    ) -> Reply:
        """Something happens to the bot in a chat."""
        return await self.give(self.incoming(who, event=event, group=group, moved_to=moved_to))

    async def joins(
        self, who: str, role: PostRole, agency: str | None = None, name: str | None = None
    ) -> Reply:
        """`who` joins with an invitation of the command line."""
        self.names[who] = name or self.names.get(who, f"Người {who}")
        joining = (who, role, agency, self.names[who])
        return await self._begin(joining, lambda there: _join(there, who, role, agency))

    async def _begin(self, what: Hashable, play: Callable[[World], Awaitable[Reply]]) -> Reply:
        """Play `what` happens here; or in a copy, once for all worlds that begin alike."""
        if self.beginning is None or not self.beginning.is_kept():
            return await play(self)
        update = next(self.updates)
        options = replace(self.app.options, files=Path())
        if self.beginning.is_open():
            await self.database.close()
        outcome: tuple[Reply, datetime] = await self.beginning.let_happen(
            (what, self.now, update, options),
            lambda registry: _play_in(registry, self, update, play),
        )
        reply, self.now = outcome
        self.app.forget_names()
        return reply

    async def told(self, who: str) -> list[Reply]:
        """The messages that wait for `who` (or were sent), oldest first, and are taken out."""
        async with self.database.write() as session:
            rows = await session.exec(
                select(Notice)
                .join(Chat, col(Chat.id) == Notice.chat_id)
                .where(
                    Chat.address == who,
                    Notice.kind == "message",
                    Notice.status == NoticeStatus.PENDING,
                )
                .order_by(col(Notice.id))
            )
            found = list(rows)
            for notice in found:
                notice.status = NoticeStatus.SENT
                session.add(notice)
        return [Reply(from_json(notice.body)) for notice in found if notice.body is not None]

    async def assignments(self, key: str) -> list[Assignment]:
        """The assignments of a task that count, earliest first."""
        async with self.database.read() as session:
            rows = await session.exec(
                select(Assignment)
                .join(Task, col(Task.id) == Assignment.task_id)
                .where(Task.key == key, col(Assignment.ended_on).is_(None))
                .order_by(col(Assignment.last_day), col(Assignment.id))
            )
            return list(rows)

    async def task(self, key: str) -> Task:
        """The task of this number; the newest where several plans have it."""
        async with self.database.read() as session:
            return (
                await session.exec(
                    select(Task).where(Task.key == key).order_by(col(Task.id).desc())
                )
            ).all()[0]

    async def plan(self) -> Plan:
        """The only plan."""
        async with self.database.read() as session:
            return (await session.exec(select(Plan))).one()

    async def audit(self) -> list[Audit]:
        """The audit, oldest first."""
        async with self.database.read() as session:
            return list(await session.exec(select(Audit).order_by(col(Audit.id))))

    async def people(self) -> dict[str, Person]:
        """The people by address."""
        async with self.database.read() as session:
            return {p.address: p for p in await session.exec(select(Person))}

    async def agency(self, name: str) -> Agency | None:
        """The registry's row of an agency."""
        async with self.database.read() as session:
            return (await session.exec(select(Agency).where(Agency.name == name))).first()

    async def merges(self, old: str, new: str, since: date) -> None:
        """An agency of the registry is merged into another one."""
        before, after = await self.agency(old), await self.agency(new)
        assert before is not None
        assert after is not None
        async with self.database.write() as session:
            session.add(AgencySuccessor(agency_id=before.id, successor_id=after.id, since=since))
        self.app.forget_names()

    async def sets_plan(self, **values: Any) -> None:
        """Changes settings of the plan."""
        async with self.database.write() as session:
            plan = (await session.exec(select(Plan))).one()
            for name, value in values.items():
                setattr(plan, name, value)
            session.add(plan)


async def _no_progress(what: Answer) -> None:
    return None


async def _join(world: World, who: str, role: PostRole, agency: str | None) -> Reply:
    async with world.database.write() as session:
        agency_id = None
        if agency is not None:
            agencies = AgencyWriter(session, load_standard_directory(), world.now.date())
            row = await agencies.ensure_agency(agency)
            agency_id = row.id
        until = world.now + timedelta(days=7)
        code = await make_invitation(session, agency_id, role, 1, until, None, world.now)
    return await world.says(who, f"/start {code}")


async def _play_in(
    registry: Path, world: World, update: int, play: Callable[[World], Awaitable[Reply]]
) -> tuple[Reply, datetime]:
    """Play in a registry that is like the world's; the answer, and the time then."""
    database = Database(f"sqlite:///{registry}")
    app = AppContext(database, world.app.options)
    there = replace(world, database=database, router=Router(app), app=app, beginning=None)
    there.updates = iter([update])
    try:
        return await play(there), there.now
    finally:
        await database.close()


async def make_registry(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    await load(database, small_plan())
    await close_as_one_file(database)
