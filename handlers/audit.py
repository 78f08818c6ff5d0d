"""What was changed, by whom, when, from what to what (`/nhatky`): filtered, and as a table for Excel."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.people.identity import post_name
from handlers.tasks.dialogue import by_code
from handlers.work.report import status
from language.text import fold
from language.times import windows
from locales.answer import Answer, Button, File, Said, answer, say
from locales.fluent import sentences
from locales.phrases import shortened
from models.agencies import Agency
from models.assignments import BATCH, Assignment, Extension, Report
from models.audit import Audit
from models.people import Person
from models.plans import Plan, Task

SHOWN = 15  # rows of a page
MOST_EXPORTED = 50_000  # rows
LONGEST_VALUE = 120  # characters of a value
HEAD = ("time", "who", "action", "about", "before", "after")


@dataclass
class Wanted:
    """What narrows the audit: people, tasks, days; `about` is what was said of it."""

    people: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    export: bool = False
    unclear: str = ""


async def read(session: AsyncSession, turn: Turn, text: str) -> Wanted:
    """The filter that `text` means: days ("tuần này"), a task's number, a person's name, "xuất"."""
    wanted = Wanted()
    rest = text
    for said in words.listed("audit", "export"):
        after = words.after(rest, said)
        if after is not None:
            wanted.export, rest = True, after
            break
    found = windows.find(rest, turn.today)
    if found:
        wanted.first, wanted.last = found[0].first_day, found[0].last_day
        rest = rest[: found[0].start] + " " + rest[found[0].end :]
    rest = rest.strip(" ,;")
    if not rest:
        return wanted
    wanted.tasks = [task.id for task in await by_code(session, turn, rest) if task.id is not None]
    if not wanted.tasks:
        people = (await session.exec(select(Person))).all()
        asked = fold(rest).split()
        wanted.people = [p.id or 0 for p in people if p.name and set(asked) <= set(fold(p.name).split())]
    if not wanted.tasks and not wanted.people:
        wanted.unclear = rest
    return wanted


def _statement(wanted: Wanted, turn: Turn) -> Any:
    statement = select(Audit)
    if wanted.people:
        statement = statement.where(col(Audit.person_id).in_(wanted.people))
    if wanted.tasks:
        held = select(Assignment.id).where(col(Assignment.task_id).in_(wanted.tasks))
        of = {"task": wanted.tasks, "assignment": held}
        of["report"] = select(Report.id).where(col(Report.assignment_id).in_(held))
        of["extension"] = select(Extension.id).where(col(Extension.assignment_id).in_(held))
        statement = statement.where(
            or_(*(and_(Audit.subject == s, col(Audit.subject_id).in_(ids)) for s, ids in of.items()))
        )
    zone = turn.now.tzinfo
    if wanted.first is not None:
        statement = statement.where(col(Audit.at) >= datetime.combine(wanted.first, time(), tzinfo=zone))
    if wanted.last is not None:
        until = datetime.combine(wanted.last + timedelta(days=1), time(), tzinfo=zone)
        statement = statement.where(col(Audit.at) < until)
    return statement


async def log(turn: Turn) -> Answer:
    """`/nhatky [days, number, name] [xuất]`: the newest changes, or all of them as a table."""
    return await _log(turn, turn.args, 0)


async def page(turn: Turn) -> Answer:
    """The button of an older page: `log:offset:filter`."""
    offset, _, text = turn.args.partition(":")
    return await _log(turn, text, int(offset) if offset.isdecimal() and len(offset) < 9 else 0)


async def _log(turn: Turn, text: str, offset: int) -> Answer:
    if not turn.may(Action.AUDIT):
        return answer(say("may-not-audit"))
    async with turn.read() as session:
        wanted = await read(session, turn, text)
        if wanted.unclear:
            return answer(say("audit-unclear", text=wanted.unclear[:80]))
        statement = _statement(wanted, turn).order_by(col(Audit.id).desc())
        if wanted.export:
            rows = list(await session.exec(statement.limit(MOST_EXPORTED)))
            return await _exported(session, turn, rows)
        rows = list(await session.exec(statement.offset(offset).limit(SHOWN + 1)))
        names = await Names.of(session, rows)
    if not rows:
        return answer(say("audit-none"))
    lines = [names.line(row, turn) for row in rows[:SHOWN]]
    buttons = []
    action = f"log:{offset + SHOWN}:{text}"
    if len(rows) > SHOWN and len(action.encode()) <= 64:
        buttons.append(Button(say("button-older"), action))
    return answer(say("audit-head"), *lines, say("audit-foot"), buttons=[buttons])


@dataclass
class Names:
    """What the numbers in audit rows are called."""

    people: dict[int, str]
    agencies: dict[int, str]
    tasks: dict[int, str]
    plans: dict[int, str]
    about: dict[tuple[str, int], int]  # (table, id) to task

    @classmethod
    async def of(cls, session: AsyncSession, rows: Sequence[Audit]) -> Names:
        """The names that `rows` need."""
        numbers = {s: sorted({r.subject_id or 0 for r in rows if r.subject == s}) for s in {r.subject for r in rows}}
        about = {("task", number): number for number in numbers.get("task", [])}
        of_report = select(Report.id, Assignment.task_id).join(Assignment)
        of_extension = select(Extension.id, Assignment.task_id).join(Assignment)
        for table, statement, key in (
            ("assignment", select(Assignment.id, Assignment.task_id), col(Assignment.id)),
            ("report", of_report, col(Report.id)),
            ("extension", of_extension, col(Extension.id)),
        ):
            for some in _batches(numbers.get(table, [])):
                found = await session.exec(statement.where(key.in_(some)))
                about |= {(table, number or 0): task for number, task in found}
        tasks: dict[int, str] = {}
        for some in _batches(sorted(set(about.values()))):
            keys = await session.exec(select(Task.id, Task.key).where(col(Task.id).in_(some)))
            tasks |= {number or 0: key for number, key in keys}
        plans = await session.exec(select(Plan.id, Plan.number, Plan.title))
        people = await session.exec(select(Person.id, Person.name))
        agencies = await session.exec(select(Agency.id, Agency.name))
        return cls(
            {number or 0: name for number, name in people},
            {number or 0: name for number, name in agencies},
            tasks,
            {number or 0: shortened(name or title, 60) for number, name, title in plans},
            about,
        )

    def who(self, row: Audit) -> str | Said:
        """Who did it: a person, or the program itself."""
        if row.person_id is None:
            return say("audit-program")
        return self.people.get(row.person_id) or say("person-gone")

    def thing(self, row: Audit) -> Said:
        """What it was done to, in words."""
        key = self.tasks.get(self.about.get((row.subject, row.subject_id or 0), 0))
        if key is not None:
            return say("audit-task", key=key)
        if row.subject == "plan":
            return say("audit-plan", plan=self.plans.get(row.subject_id or 0) or (row.before or {}).get("title") or "")
        after = row.after or {}
        if "role" in after:
            name = self.people.get(after.get("person") or 0)
            post = post_name(after["role"], self.agencies.get(after.get("agency") or 0))
            return say("audit-post", name=name, post=post) if name else post
        if row.subject == "person":
            return say("plain", text=self.people.get(row.subject_id or 0) or sentences().plain(say("person-gone")))
        if row.subject == "agency":
            return say("plain", text=self.agencies.get(row.subject_id or 0, ""))
        if row.subject == "day_entry" and after.get("day"):
            return say("day-short", day=date.fromisoformat(after["day"]))
        return say("nothing")

    def line(self, row: Audit, turn: Turn) -> Said:
        """One change in a line."""
        at = row.at.astimezone(turn.now.tzinfo)
        return say(
            "audit-line", at=at, day=at.date(), who=self.who(row), what=action_name(row.action),
            thing=self.thing(row), change=_change(row),
        )  # fmt: skip


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in parts that one statement takes (SQLite holds 32,766 values, PostgreSQL 32,767)."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def action_name(action: str) -> Said:
    """What was done, in words; a name of a later program is shown as it is."""
    message = f"audit-action-{action.replace('_', '-')}"
    return say(message) if sentences().knows(message) else say("plain", text=action)


def _change(row: Audit) -> Said:
    """The values that matter to a reader: the status, the last day, the reason."""
    before, after = row.before or {}, row.after or {}
    parts: list[Said] = []
    if after.get("status") and before.get("status"):
        parts.append(say("audit-from-to", before=status(before["status"]), after=status(after["status"])))
    if "last_day" in after and before.get("last_day") and after["last_day"]:
        parts.append(
            say(
                "audit-days",
                before=date.fromisoformat(before["last_day"]),
                after=date.fromisoformat(after["last_day"]),
            )
        )
    if after.get("reason"):
        parts.append(say("audit-reason", reason=shortened(str(after["reason"]), LONGEST_VALUE)))
    if not parts:
        return say("nothing")
    joined = parts[0]
    for part in parts[1:]:
        joined = say("beside", left=joined, right=part)
    return say("audit-change", change=joined)


async def _exported(session: AsyncSession, turn: Turn, rows: Sequence[Audit]) -> Answer:
    names = await Names.of(session, rows)
    voice = sentences()
    table = [[voice.plain(say(f"audit-column-{name}")) for name in HEAD]]
    for row in rows:
        who = names.who(row)
        table.append(
            [
                f"{row.at.astimezone(turn.now.tzinfo):%d/%m/%Y %H:%M:%S}",
                who if isinstance(who, str) else voice.plain(who),
                voice.plain(action_name(row.action)),
                voice.plain(names.thing(row)),
                _values(row.before),
                _values(row.after),
            ]
        )
    content = await asyncio.to_thread(_workbook, table)
    return answer(say("audit-exported", count=len(rows)), files=[File("nhat-ky.xlsx", content)])


def _values(values: dict[str, Any] | None) -> str:
    return json.dumps(values, ensure_ascii=False)[:32_000] if values else ""


def _workbook(table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # slow to import, and needed for an export alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append([_harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless(cell: str) -> str:
    """The text without control characters, and never a formula: what people typed is only text."""
    text = "".join(c for c in cell if c >= " " or c in "\n\t")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


COMMANDS: dict[str, Handler] = {"nhatky": log}
ACTIONS: dict[str, Handler] = {"log": page}
