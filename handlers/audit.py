"""The audit in chat (`/nhatky`): who changed what and when; also as an Excel table."""

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
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.people.identity import describe_post
from handlers.tasks.find import find_tasks_by_code
from handlers.work.state import format_status
from language.text import fold
from language.times import windows
from locales.answer import (
    Answer,
    Button,
    File,
    Sentence,
    fits_button,
    make_answer,
    pack_action,
    say,
    unpack_action,
)
from locales.fluent import load_sentences
from locales.phrases import join_beside, shorten_text
from models.agencies import Agency
from models.assignments import ROWS_PER_STATEMENT, Assignment, Extension, Report
from models.audit import Audit
from models.people import Person
from models.plans import Plan, Task

PAGE_SIZE = 15  # rows of a page
MOST_EXPORTED = 50_000  # rows
EXPORT_NAME = "nhat-ky.xlsx"  # in Vietnamese, as people see it among their files
LONGEST_VALUE = 120  # characters of a value
COLUMNS = ("time", "who", "action", "about", "before", "after")


@dataclass
class AuditQuery:
    """What narrows the audit: ids of people and tasks, first and last day.

    `unclear` holds the text that is no filter.
    """

    people: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    export: bool = False
    unclear: str = ""


async def read_audit_query(session: AsyncSession, request: Request, text: str) -> AuditQuery:
    """Read the filter in `text`: days ("tuần này"), a task's number, a person's name, "xuất"."""
    query = AuditQuery()
    export = words.find_rest_after_any("audit", "export", text)
    query.export, rest = export is not None, text if export is None else export
    found = windows.find_windows(rest, request.today)
    if found:
        query.first, query.last = found[0].first_day, found[0].last_day
        rest = rest[: found[0].start] + " " + rest[found[0].end :]
    rest = rest.strip(" ,;")
    if not rest:
        return query
    query.tasks = [task.id for task in await find_tasks_by_code(session, request, rest)]
    if not query.tasks:
        people = (await session.exec(select(Person))).all()
        asked = fold(rest).split()
        query.people = [p.id for p in people if p.name and set(asked) <= set(fold(p.name).split())]
    if not query.tasks and not query.people:
        query.unclear = rest
    return query


def _build_statement(query: AuditQuery, request: Request) -> Any:
    """Return the query for the rows of the audit that the filter lets through."""
    statement = select(Audit)
    if query.people:
        statement = statement.where(col(Audit.person_id).in_(query.people))
    if query.tasks:
        assignments = select(Assignment.id).where(col(Assignment.task_id).in_(query.tasks))
        of: dict[str, Any] = {"task": query.tasks, "assignment": assignments}
        of["report"] = select(Report.id).where(col(Report.assignment_id).in_(assignments))
        of["extension"] = select(Extension.id).where(col(Extension.assignment_id).in_(assignments))
        statement = statement.where(
            or_(
                *(and_(Audit.subject == s, col(Audit.subject_id).in_(ids)) for s, ids in of.items())
            )
        )
    zone = request.now.tzinfo
    if query.first is not None:
        statement = statement.where(
            col(Audit.at) >= datetime.combine(query.first, time(), tzinfo=zone)
        )
    if query.last is not None:
        until = datetime.combine(query.last + timedelta(days=1), time(), tzinfo=zone)
        statement = statement.where(col(Audit.at) < until)
    return statement


async def show_log(request: Request) -> Answer:
    """Answer `/nhatky [days, number, name] [xuất]`: the newest changes, or all as a table."""
    return await _make_log_page(request, request.args, 0)


async def show_older_page(request: Request) -> Answer:
    """Show an older page, for the button `log:offset:filter`."""
    offset, text = unpack_action(request.args, 2)
    return await _make_log_page(
        request, text, int(offset) if offset.isdecimal() and len(offset) < 9 else 0
    )


async def _make_log_page(request: Request, text: str, offset: int) -> Answer:
    """Return the changes from `offset` on, or the whole table if an export is asked for."""
    if not request.may_do(Action.AUDIT):
        return make_answer(say("may-not-audit"))
    async with request.read() as session:
        query = await read_audit_query(session, request, text)
        if query.unclear:
            return make_answer(say("audit-unclear", text=query.unclear[:80]))
        statement = _build_statement(query, request).order_by(col(Audit.id).desc())
        if query.export:
            rows = list(await session.exec(statement.limit(MOST_EXPORTED)))
            return await _export_rows(session, request, rows)
        rows = list(await session.exec(statement.offset(offset).limit(PAGE_SIZE + 1)))
        names = await AuditNames.load_names(session, rows)
    if not rows:
        return make_answer(say("audit-none"))
    lines = [names.format_line(row, request) for row in rows[:PAGE_SIZE]]
    buttons = []
    action = pack_action("log", offset + PAGE_SIZE, text)
    if len(rows) > PAGE_SIZE and fits_button(action):
        buttons.append(Button(say("button-older"), action))
    return make_answer(say("audit-head"), *lines, say("audit-foot"), buttons=[buttons])


@dataclass
class AuditNames:
    """The names of what rows of the audit refer to by id."""

    people: dict[int, str]
    agencies: dict[int, str]
    tasks: dict[int, str]
    plans: dict[int, str]
    about: dict[tuple[str, int], int]  # (table, id) to task

    @classmethod
    async def load_names(cls, session: AsyncSession, rows: Sequence[Audit]) -> AuditNames:
        """Load the names that `rows` need."""
        numbers = {
            s: sorted({r.subject_id or 0 for r in rows if r.subject == s})
            for s in {r.subject for r in rows}
        }
        about = {("task", number): number for number in numbers.get("task", [])}
        of_report = select(Report.id, Assignment.task_id).join(Assignment)
        of_extension = select(Extension.id, Assignment.task_id).join(Assignment)
        for table, statement, key in (
            ("assignment", select(Assignment.id, Assignment.task_id), col(Assignment.id)),
            ("report", of_report, col(Report.id)),
            ("extension", of_extension, col(Extension.id)),
        ):
            for some in _split_batches(numbers.get(table, [])):
                found = await session.exec(statement.where(key.in_(some)))
                about |= {(table, number): task for number, task in found}
        tasks: dict[int, str] = {}
        for some in _split_batches(sorted(set(about.values()))):
            keys = await session.exec(select(Task.id, Task.key).where(col(Task.id).in_(some)))
            tasks |= dict(keys.all())
        plans = await session.exec(select(Plan.id, Plan.number, Plan.title))
        people = await session.exec(select(Person.id, Person.name))
        agencies = await session.exec(select(Agency.id, Agency.name))
        return cls(
            dict(people.all()),
            dict(agencies.all()),
            tasks,
            {number: shorten_text(name or title, 60) for number, name, title in plans},
            about,
        )

    def name_actor(self, row: Audit) -> str | Sentence:
        """Return who did it: a person, or the program itself."""
        if row.person_id is None:
            return say("audit-program")
        return self.people.get(row.person_id) or say("person-gone")

    def describe_subject(self, row: Audit) -> Sentence:
        """Return in words what was changed."""
        key = self.tasks.get(self.about.get((row.subject, row.subject_id or 0), 0))
        if key is not None:
            return say("audit-task", key=key)
        if row.subject == "plan":
            return say(
                "audit-plan",
                plan=self.plans.get(row.subject_id or 0) or (row.before or {}).get("title") or "",
            )
        after = row.after or {}
        if "role" in after:
            name = self.people.get(after.get("person") or 0)
            post = describe_post(after["role"], self.agencies.get(after.get("agency") or 0))
            return say("audit-post", name=name, post=post) if name else post
        if row.subject == "person":
            return say(
                "plain",
                text=self.people.get(row.subject_id or 0)
                or load_sentences().to_text(say("person-gone")),
            )
        if row.subject == "agency":
            return say("plain", text=self.agencies.get(row.subject_id or 0, ""))
        if row.subject == "day_entry" and after.get("day"):
            return say("day-short", day=date.fromisoformat(after["day"]))
        return say("nothing")

    def format_line(self, row: Audit, request: Request) -> Sentence:
        """Return one change as a line."""
        at = row.at.astimezone(request.now.tzinfo)
        return say(
            "audit-line",
            at=at,
            day=at.date(),
            who=self.name_actor(row),
            what=describe_action(row.action),
            thing=self.describe_subject(row),
            change=describe_change(row),
        )


def _split_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Split `ids` into parts that fit one statement.

    SQLite holds 32,766 values, PostgreSQL 32,767.
    """
    return (
        ids[start : start + ROWS_PER_STATEMENT] for start in range(0, len(ids), ROWS_PER_STATEMENT)
    )


def describe_action(action: str) -> Sentence:
    """Return an action in words; the name itself if a later version of the program wrote it."""
    message = f"audit-action-{action.replace('_', '-')}"
    return say(message) if load_sentences().has_sentence(message) else say("plain", text=action)


def describe_change(row: Audit) -> Sentence:
    """Return the values that matter to a reader: the status, the last day, the reason."""
    before, after = row.before or {}, row.after or {}
    parts: list[Sentence] = []
    if after.get("status") and before.get("status"):
        parts.append(
            say(
                "audit-from-to",
                before=format_status(before["status"]),
                after=format_status(after["status"]),
            )
        )
    if "last_day" in after and before.get("last_day") and after["last_day"]:
        parts.append(
            say(
                "audit-days",
                before=date.fromisoformat(before["last_day"]),
                after=date.fromisoformat(after["last_day"]),
            )
        )
    if after.get("reason"):
        parts.append(say("audit-reason", reason=shorten_text(str(after["reason"]), LONGEST_VALUE)))
    if not parts:
        return say("nothing")
    return say("audit-change", change=join_beside(parts))


async def _export_rows(session: AsyncSession, request: Request, rows: Sequence[Audit]) -> Answer:
    """Return the rows as an Excel file."""
    names = await AuditNames.load_names(session, rows)
    texts = load_sentences()
    table = [[texts.to_text(say(f"audit-column-{name}")) for name in COLUMNS]]
    for row in rows:
        actor = names.name_actor(row)
        table.append(
            [
                f"{row.at.astimezone(request.now.tzinfo):%d/%m/%Y %H:%M:%S}",
                actor if isinstance(actor, str) else texts.to_text(actor),
                texts.to_text(describe_action(row.action)),
                texts.to_text(names.describe_subject(row)),
                _format_values(row.before),
                _format_values(row.after),
            ]
        )
    content = await asyncio.to_thread(_make_workbook, table)
    return make_answer(say("audit-exported", count=len(rows)), files=[File(EXPORT_NAME, content)])


def _format_values(values: dict[str, Any] | None) -> str:
    """Return the values as JSON, cut to what an Excel cell holds."""
    return json.dumps(values, ensure_ascii=False)[:32_000] if values else ""


def _make_workbook(table: Sequence[Sequence[str]]) -> bytes:
    """Return an Excel workbook with these rows."""
    from openpyxl import Workbook  # slow to import, and needed for an export alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append([_escape_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _escape_cell(cell: str) -> str:
    """Return the text without control characters, and never as a formula."""
    text = "".join(c for c in cell if c >= " " or c in "\n\t")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


COMMANDS: dict[str, Handler] = {"nhatky": show_log}
ACTIONS: dict[str, Handler] = {"log": show_older_page}
