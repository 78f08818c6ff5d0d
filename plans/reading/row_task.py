"""Make one task of the plan format of one row: names, bullets, deadlines, and doubts about them."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from language import deadlines
from language.agencies.cells import AgencyMention, read_agency_cell
from language.agencies.directory import Directory
from language.agencies.tables import count_head_words
from language.text import fold
from plans.format import ConflictRow, MilestoneRow, TaskRow
from plans.reading.bullets import (
    format_deadline_cell,
    join_lines,
    read_deliverables,
    split_bullets,
)
from plans.reading.capitals import lower_capitals
from plans.reading.doubts import Doubt
from plans.reading.roles import RoleTexts, has_role_words, split_roles
from plans.reading.row_entry import RowEntry
from plans.tables.columns import Columns, Role, load_column_words
from plans.tables.marks import is_agency_start
from plans.tables.patterns import compile_pattern

_CODE = compile_pattern("code")
_OWN_BODIES = compile_pattern("own_bodies")
_FEWEST_WORDS = 2  # of a name that a cell's line may hold
_MOST_WORDS = 5  # of a person's name
_OF_PARTY = " Tỉnh ủy"
_PARTY_WORDS = frozenset({"uy", "tu"})
_OTHER_TIME = compile_pattern("other_time")


@dataclass
class PlanContext:
    """What all rows of a plan share, with the texts that were read already.

    Plans repeat few texts many times: each deadline and each agency cell is read once.
    """

    directory: Directory
    years: tuple[int, int] | None  # the plan's first and last year
    issued_on: date | None
    issuer: str | None = None
    doubts: list[Doubt] = field(default_factory=list)
    _deadline_cache: dict[str, tuple[MilestoneRow, ...]] = field(default_factory=dict)
    _agency_cache: dict[str, tuple[AgencyMention, ...]] = field(default_factory=dict)

    def add_doubt(
        self, message_id: str, task: str, row: int, column: Role, /, **values: str | int
    ) -> None:
        """Add a doubt about a cell of the task with the key `task`; row 0 means no row."""
        self.doubts.append(Doubt(message_id, values, task, row or None, column))

    def rename_task(self, old: str, new: str, start: int) -> None:
        """Give the doubts about the task `old`, from the one at `start` on, its new key."""
        for place in range(start, len(self.doubts)):
            if self.doubts[place].key == old:
                self.doubts[place] = replace(self.doubts[place], key=new)

    def copy_without_doubts(self) -> "PlanContext":
        """Return a copy whose doubts do not reach the plan."""
        return replace(self, doubts=[])

    def read_deadline(self, text: str) -> list[MilestoneRow]:
        """Return what a deadline text means in this plan, [] for an empty one."""
        if text and text not in self._deadline_cache:
            milestones = deadlines.read_deadline_cell(text, self.years, self.issued_on)
            self._deadline_cache[text] = tuple(map(MilestoneRow.from_milestone, milestones))
        return list(self._deadline_cache.get(text, ()))

    def read_agencies(self, text: str) -> list[AgencyMention]:
        """Return the agencies that a cell names, [] for an empty one."""
        text = lower_capitals(text)
        if text and text not in self._agency_cache:
            found = read_agency_cell(self.directory, text)
            if self.issuer and _OWN_BODIES.match(fold(self.issuer)):
                found = [_keep_own_body(mention) for mention in found]
            self._agency_cache[text] = tuple(found)
        return list(self._agency_cache.get(text, ()))


def _keep_own_body(mention: AgencyMention) -> AgencyMention:
    """Return a body of the issuer as printed: "Ban Tuyên giáo" of a union is not the Party's."""
    words = fold(mention.printed_name).split()
    if mention.name.endswith(_OF_PARTY) and words[-1] not in _PARTY_WORDS:
        return AgencyMention(mention.printed_name, False, mention.printed_name)
    return mention


def make_task(
    entry: RowEntry,
    key: str,
    section: str | None,
    columns: Columns | None,
    context: PlanContext,
    heading_lead: str | None = None,
) -> TaskRow:
    """Return the task of a row.

    `heading_lead` is the agency that heads the section; it leads if no column does.
    """
    title = join_lines(entry.get_text("title"))
    lead, partners = _read_lead_and_partners(entry, key, columns, context, heading_lead)
    printed = format_deadline_cell(entry.get_text("deadline"))
    times = context.read_deadline(printed)
    task = TaskRow(
        key=key,
        section=join_lines(entry.get_text("section")) or section,
        title=title,
        code=find_code(title),
        lead=lead,
        partners=partners,
        deliverables=read_deliverables(entry.get_text("deliverables")),
        requirement=entry.get_text("requirement") or None,
        deadline_text=printed or None,
        milestones=times,
    )
    task.conflict = _find_conflict(entry, times, context)
    _add_task_doubts(task, entry, context)
    return task


def find_code(title: str) -> str | None:
    """Return the criterion's code that begins a title ("TCTP 1.2.1 - ..."), or None."""
    found = _CODE.match(title)
    return found[1] if found else None


def _read_lead_and_partners(
    entry: RowEntry,
    key: str,
    columns: Columns | None,
    context: PlanContext,
    heading_lead: str | None,
) -> tuple[list[str], list[str]]:
    """Return the lead and the partners of a row.

    A lead cell may name partners too ("X chủ trì; Y phối hợp").
    """
    own = _split_cell_roles(entry.get_text("lead"), "lead", context)
    helping = _split_cell_roles(entry.get_text("partners"), "partners", context)
    if columns is not None and columns.lead_and_partners is not None and not own.partners:
        own = _split_first_line(own)
    lead_text = own.lead or helping.lead or ("" if entry.get_text("lead") else heading_lead or "")
    lead = read_agency_names(lead_text, context, key, entry.number, "lead")
    partner_text = "\n".join(filter(None, (helping.partners, own.partners)))
    partners = read_agency_names(partner_text, context, key, entry.number, "partners")
    return lead, partners


def _split_cell_roles(text: str, role: str, context: PlanContext) -> RoleTexts:
    """Return the names of a cell by role.

    A cell that has no word for a role and holds only known names is not cut at verbs of duty.
    """
    if text and not has_role_words(text):
        text = _separate_lines(text, context)
        mentions = context.read_agencies(text)
        if mentions and all(mention.is_known for mention in mentions):
            return RoleTexts(text, "") if role == "lead" else RoleTexts("", text)
    return split_roles(text, role)


def _separate_lines(text: str, context: PlanContext) -> str:
    """Return a cell with its lines that each name somebody as items of a list.

    Other lines go on with the name before them, which the edge of the column broke.
    """
    first, *lines = dict.fromkeys(text.split("\n"))
    if any(bullet.mark for bullet in split_bullets(text)):
        return text
    items = [first]
    are_people = all(map(_names_person, (first, *lines)))
    for line in lines:
        begins = are_people or _begins_name(line)
        if begins and not _goes_on(items[-1], line, context):
            items.append(line)
        else:
            items[-1] += f" {line}"
    return "; ".join(items)


def _begins_name(line: str) -> bool:
    return line[:1].isupper() and (is_agency_start(line) or count_head_words(line) > 1)


def _names_person(line: str) -> bool:
    """Return whether a line has a few words only, each with a capital."""
    words = line.split()
    return _FEWEST_WORDS <= len(words) <= _MOST_WORDS and all(word[0].isupper() for word in words)


def _goes_on(name: str, line: str, context: PlanContext) -> bool:
    """Return whether a line is the rest of a name: "Văn phòng" before "UBND tỉnh"."""
    if len(name.split()) < _FEWEST_WORDS or count_head_words(name) == len(name.split()):
        return True
    whole = context.read_agencies(f"{name} {line}")
    before = [mention.name for mention in context.read_agencies(name)]
    return len(whole) == 1 and whole[0].is_known and [whole[0].name] != before


def _split_first_line(own: RoleTexts) -> RoleTexts:
    """Return the first line as the lead, in a column for leads and partners together."""
    first, *others = re.split(r"\s*[;\n]\s*", own.lead)
    return RoleTexts(first, "; ".join(others))


def read_agency_names(
    text: str, context: PlanContext, key: str, row: int, column: Role
) -> list[str]:
    """Return the agencies of a text, each once; an unknown one as printed, with a doubt."""
    mentions = _drop_lone_nouns(context.read_agencies(text))
    for mention in mentions:
        if not mention.is_known:
            context.add_doubt("doubt-agency-unknown", key, row, column, name=mention.printed_name)
    return list(dict.fromkeys(mention.name for mention in mentions))


def _drop_lone_nouns(mentions: list[AgencyMention]) -> list[AgencyMention]:
    """Return the agencies without a bare "đơn vị" behind a known one ("các sở, ngành, đơn vị")."""
    nouns = load_column_words()["roles"]["lone_nouns"]
    return [
        mention
        for place, mention in enumerate(mentions)
        if not (place and not mention.is_known and fold(mention.name) in nouns)
    ]


def _find_conflict(
    entry: RowEntry, times: list[MilestoneRow], context: PlanContext
) -> ConflictRow | None:
    """Return a deadline of the requirement or product that the deadline column lacks."""
    for role in ("requirement", "deliverables"):
        for match in _OTHER_TIME.finditer(entry.get_text(role)):
            for other in context.read_deadline(match[0].strip(" -")):
                if _contradicts(other, times):
                    return ConflictRow(text=match[0].strip(), milestone=other)
    return None


def _contradicts(other: MilestoneRow, times: list[MilestoneRow]) -> bool:
    """Return whether `times` lack the deadline `other`: a relative one, or a day outside them."""
    if other.kind == "relative":
        return not any(time.kind == "relative" for time in times)
    days = {day for time in times for day in (*time.deadlines, time.printed_day) if day}
    if other.kind != "date" or other.last_day is None or not days:
        return False
    if days & {other.last_day, other.printed_day}:
        return False
    return not any(
        time.first_day <= other.last_day <= time.last_day
        for time in times
        if time.first_day and time.last_day
    )


def _add_task_doubts(task: TaskRow, entry: RowEntry, context: PlanContext) -> None:
    """Add the doubts about a task."""

    def add_doubt(message_id: str, column: Role, /, **values: str | int) -> None:
        context.add_doubt(message_id, task.key, entry.number, column, **values)

    deadline = task.deadline_text or ""
    if not task.lead:
        add_doubt("doubt-no-lead", "lead")
    if task.conflict is not None:
        dated = task.conflict.milestone is not None and task.conflict.milestone.kind == "date"
        message_id = "doubt-conflict" if dated else "doubt-other-time"
        add_doubt(message_id, "requirement", text=task.conflict.text, deadline=deadline)
    issued_on = context.issued_on
    for time in task.milestones:
        last_day = time.last_day if time.kind in ("date", "period") else None
        if time.doubt:
            add_doubt("doubt-deadline", "deadline", text=deadline, why=time.doubt)
        elif issued_on and last_day and last_day < issued_on:
            day, issued = last_day.isoformat(), issued_on.isoformat()
            add_doubt("doubt-past", "deadline", day=day, issued=issued)


def is_ditto(text: str) -> bool:
    """Return whether a cell stands for the cell above ("như trên")."""
    return fold(text).strip(" .") in load_column_words()["rows"]["ditto"]
