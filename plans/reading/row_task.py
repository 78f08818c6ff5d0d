"""One row of a table to one task of the plan format: names, bullets, times, and what is doubtful about them."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from language import deadlines
from language.agencies.directory import Directory, Named
from language.milestones import Milestone
from language.text import fold
from plans.format import ConflictRow, MilestoneRow, TaskRow
from plans.reading.bullets import deadline_text, deliverables, one_line
from plans.reading.doubts import Doubt
from plans.reading.roles import Sides, sides, tells_roles
from plans.reading.rows import Entry
from plans.tables.columns import Columns, Role, words
from plans.tables.patterns import pattern

LONGEST_TITLE = 20_000  # characters

_CODE = pattern("code")
_OTHER_TIME = pattern("other_time")


@dataclass
class Context:
    """What all rows of a plan share."""

    directory: Directory
    years: tuple[int, int] | None  # the plan's first and last year
    issued_on: date | None
    province: str | None
    doubts: list[Doubt] = field(default_factory=list)
    _read_times: dict[str, tuple[Milestone, ...]] = field(default_factory=dict)
    _read_names: dict[str, tuple[Named, ...]] = field(default_factory=dict)

    def doubt(self, message_id: str, task: str, row: int, column: Role, /, **values: str | int) -> None:
        """Notes a doubt about a cell of the task with the key `task`."""
        self.doubts.append(Doubt(message_id, values, task, row or None, column))

    def quiet(self) -> "Context":
        """The same without the doubts so far, and none that are noted in it count."""
        return replace(self, doubts=[])

    def times(self, text: str) -> list[Milestone]:
        """What a deadline phrase means in this plan; plans repeat few phrases many times."""
        if text not in self._read_times:
            self._read_times[text] = tuple(deadlines.read(text, self.years, self.issued_on)) if text else ()
        return list(self._read_times[text])

    def names(self, text: str) -> list[Named]:
        """The agencies that a cell names; plans repeat few cells many times."""
        if text not in self._read_names:
            self._read_names[text] = tuple(self.directory.read_cell(text, self.province)) if text else ()
        return list(self._read_names[text])


def task_of(
    entry: Entry,
    key: str,
    section: str | None,
    columns: Columns | None,
    context: Context,
    heading_lead: str | None = None,
) -> TaskRow:
    """The task of a row. `heading_lead` is the agency that heads the section, where no column has the lead."""
    title = one_line(entry.text("title"))[:LONGEST_TITLE]
    lead, partners = _agencies(entry, key, columns, context, heading_lead)
    printed = deadline_text(entry.text("deadline"))
    times = context.times(printed)
    task = TaskRow(
        key=key,
        section=one_line(entry.text("section")) or section,
        title=title,
        code=code_of(title),
        lead=lead,
        partners=partners,
        deliverables=deliverables(entry.text("deliverables")),
        requirement=entry.text("requirement") or None,
        deadline_text=printed or None,
        milestones=[MilestoneRow(**time.model_dump()) for time in times],
    )
    task.conflict = _conflict(entry, times, context)
    _doubt_task(task, entry, columns, context)
    return task


def code_of(title: str) -> str | None:
    """The criterion's code that begins a title ("TCTP 1.2.1 - ..."), or None."""
    found = _CODE.match(title)
    return found[1] if found else None


def _agencies(
    entry: Entry, key: str, columns: Columns | None, context: Context, heading_lead: str | None
) -> tuple[list[str], list[str]]:
    """The lead and partners of a row; a lead cell may name partners too ("X chủ trì; Y phối hợp")."""
    own = _sides(entry.text("lead"), "lead", context)
    helping = _sides(entry.text("partners"), "partners", context)
    if columns is not None and columns.both is not None and not own.partners:
        own = _first_leads(own)
    lead_text = own.lead or helping.lead or ("" if entry.text("lead") else heading_lead or "")
    lead = names(lead_text, context, key, entry.number, "lead")
    partners = names("\n".join(filter(None, (helping.partners, own.partners))), context, key, entry.number, "partners")
    return lead, partners


def _sides(text: str, role: str, context: Context) -> Sides:
    """The names of a cell; one that tells no roles and holds only known names is not cut at words of duty."""
    if text and not tells_roles(text):
        found = context.names(text)
        if found and all(named.known for named in found):
            return Sides(text, "") if role == "lead" else Sides("", text)
    return sides(text, role)


def _first_leads(own: Sides) -> Sides:
    """In a column for leads and partners together, the first line leads."""
    first, *others = re.split(r"\s*[;\n]\s*", own.lead)
    return Sides(first, "; ".join(others))


def names(text: str, context: Context, key: str, row: int, column: Role) -> list[str]:
    """The agencies of a text, each once; unknown ones are kept as printed and doubted."""
    found: list[Named] = context.names(text)
    for named in found:
        if not named.known:
            context.doubt("doubt-agency-unknown", key, row, column, name=named.printed)
    return list(dict.fromkeys(named.name for named in found))


def _conflict(entry: Entry, times: list[Milestone], context: Context) -> ConflictRow | None:
    """A time in the requirement or the product that the deadline column does not have, or None."""
    own_days = {day for time in times for day in (*time.deadlines, time.printed_day) if day}
    periods = [(time.first_day, time.last_day) for time in times if time.first_day and time.last_day]
    for role in ("requirement", "deliverables"):
        for found in _OTHER_TIME.finditer(entry.text(role)):
            for other in context.times(found[0].strip(" -")):
                if other.kind == "relative" and not any(time.kind == "relative" for time in times):
                    return ConflictRow(text=found[0].strip(), milestone=MilestoneRow(**other.model_dump()))
                if other.kind != "date" or not own_days or other.last_day is None:
                    continue
                inside = any(first <= other.last_day <= last for first, last in periods)
                if not inside and not own_days & {other.last_day, other.printed_day}:
                    return ConflictRow(text=found[0].strip(), milestone=MilestoneRow(**other.model_dump()))
    return None


def _doubt_task(task: TaskRow, entry: Entry, columns: Columns | None, context: Context) -> None:
    """Notes what the admin should look at in a task."""
    key, row = task.key, entry.number
    if not task.lead:
        context.doubt("doubt-no-lead", key, row, "lead")
    if task.conflict is not None:
        dated = task.conflict.milestone is not None and task.conflict.milestone.kind == "date"
        kind = "doubt-conflict" if dated else "doubt-other-time"
        context.doubt(kind, key, row, "requirement", text=task.conflict.text, deadline=task.deadline_text or "")
    if columns is not None and columns.first("deadline") is not None and not task.deadline_text:
        context.doubt("doubt-no-deadline", key, row, "deadline")
    for time in task.milestones:
        if time.doubt:
            context.doubt("doubt-deadline", key, row, "deadline", text=task.deadline_text or "", why=time.doubt)
        elif (
            context.issued_on
            and time.kind in ("date", "period")
            and time.last_day
            and time.last_day < context.issued_on
        ):
            context.doubt(
                "doubt-past", key, row, "deadline", day=time.last_day.isoformat(), issued=context.issued_on.isoformat()
            )


def is_ditto(text: str) -> bool:
    """Whether a cell says "as above"."""
    return fold(text).strip(" .") in words()["rows"]["ditto"]
