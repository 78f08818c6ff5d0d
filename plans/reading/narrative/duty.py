"""What a duty in the narrative says: its task, or its deadlines beside a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from language.agencies.item_words import write_out_name
from language.deadlines.context import get_doubt_text
from plans.format import MilestoneRow, PlanMilestoneRow, TaskRow, UnreadRow
from plans.reading.bullets import format_deadline_cell, read_deliverables
from plans.reading.narrative.leads import begins_like_agency, find_bracket_time
from plans.reading.narrative.outline import OutlineItem
from plans.reading.narrative.sentence_times import (
    find_doubtful_time,
    find_unread_time,
    read_intervals,
    read_times,
)
from plans.reading.roles import find_partners
from plans.reading.row_entry import RowEntry
from plans.reading.row_task import PlanContext, find_code, make_task, read_agency_names
from plans.reading.unread_row import make_unread_row
from plans.tables.columns import Role
from plans.tables.numerals import NO_NUMBER
from plans.tables.patterns import UPPER_LETTER, compile_pattern

_SENTENCE_END = re.compile(rf"(?<=\.)\s+(?={UPPER_LETTER})")
_PERIODICAL = compile_pattern("periodical")
_REPORT = compile_pattern("report")
_OPENS_LIST = compile_pattern("opens_list")


@dataclass
class Duty:
    """A duty in the narrative: its key, its heading's text, its words, who leads and helps.

    `time` is the heading above that is a time alone ("Tháng 3"); a time of its own goes before.
    """

    key: str
    place: int
    section: str
    text: str
    lead: str = ""
    partners: str = ""
    labels: dict[Role, str] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    is_labelled: bool = False
    time: str = ""


def select_dated_milestones(times: list[MilestoneRow]) -> list[MilestoneRow]:
    """Return the milestones of a sentence that say when; if none does, the first alone."""
    return [time for time in times if time.kind != "regulation"] or times[:1]


def make_duty_task(duty: Duty, context: PlanContext) -> TaskRow:
    """Return the task of a duty; what could be read otherwise becomes a doubt."""
    if duty.is_labelled:
        texts: dict[Role, str] = {"deadline": duty.time, "title": duty.text.rstrip(" :")}
        texts |= duty.labels
        if duty.more:
            texts["requirement"] = "\n".join(duty.more)
        entry = RowEntry("task", NO_NUMBER, texts, 0)
        return make_task(entry, duty.key, duty.section or None, None, context)
    printed, times = _read_deadline(duty, context)
    lead = _read_lead(duty, context)
    if not lead:
        context.add_doubt("doubt-no-lead", duty.key, 0, "lead")
    return TaskRow(
        key=duty.key,
        section=duty.section or None,
        title=_OPENS_LIST.sub("", duty.text),
        code=find_code(duty.text),
        lead=lead,
        partners=_read_partners(duty, lead, context),
        deliverables=read_deliverables(duty.labels.get("deliverables", "")),
        requirement="\n".join(duty.more) or None,
        deadline_text=printed,
        milestones=times,
    )


def _read_deadline(duty: Duty, context: PlanContext) -> tuple[str | None, list[MilestoneRow]]:
    """Return the deadline of a duty as printed and as read, with doubts about it."""
    if duty.labels.get("deadline"):
        printed = format_deadline_cell(duty.labels["deadline"].rstrip(" ."))
        times = context.read_deadline(printed)
        for time in times:
            if time.doubt:
                context.add_doubt(
                    "doubt-deadline", duty.key, 0, "deadline", text=printed, why=time.doubt
                )
        return printed, times
    in_bracket = find_bracket_time(duty.text)
    found, times = read_times(in_bracket, context)
    if not times:
        found, times = read_times(duty.text, context)
    if not times:
        found, times = read_intervals(duty.text, context)
    if not times and in_bracket:
        found, times = in_bracket, context.read_deadline(in_bracket)
    unsure = find_doubtful_time(duty.text, context)
    if unsure is None and not times:
        unsure = find_unread_time(duty.text)
    is_read = unsure is not None and unsure[0] in (found or "")
    if unsure is not None and not (is_read and unsure[1] == get_doubt_text("unread")):
        text, why = unsure
        context.add_doubt("doubt-deadline", duty.key, 0, "deadline", text=text, why=why)
    if not times and duty.time:
        found, times = duty.time, context.read_deadline(duty.time)
    return found, times


def _read_lead(duty: Duty, context: PlanContext) -> list[str]:
    """Return who leads a duty; a heading of which nothing is known stays whole, with a doubt."""
    text = duty.labels.get("lead", duty.lead)
    mentions = context.read_agencies(text)
    is_list = len(mentions) > 1 and all(begins_like_agency(one.printed_name) for one in mentions)
    is_unknown = bool(text) and not any(one.is_known for one in mentions)
    if is_unknown and "lead" not in duty.labels and not is_list:
        name = write_out_name(text)
        context.add_doubt("doubt-agency-unknown", duty.key, 0, "lead", name=name)
        return [name]
    return read_agency_names(text, context, duty.key, 0, "lead")


def _read_partners(duty: Duty, lead: list[str], context: PlanContext) -> list[str]:
    text = duty.labels.get("partners") or find_partners(duty.text) or duty.partners
    names = read_agency_names(text, context, duty.key, 0, "partners")
    return [name for name in names if name not in lead]


def make_outside_rows(duty: Duty, context: PlanContext) -> Iterator[PlanMilestoneRow]:
    """Yield the deadlines of a duty beside a table: its own, or those of a periodical report."""
    lead = _read_lead(duty, context)
    partners = _read_partners(duty, lead, context)
    text, times = duty.text, read_times(duty.text, context)[1]
    if duty.labels.get("deadline"):
        times = select_dated_milestones(_read_deadline(duty, context)[1])
    if not times:
        text, times = _read_periodical_report(duty.text, context)
    for time in times:
        title = text.rstrip(" ./;")
        yield PlanMilestoneRow(lead=lead, partners=partners, title=title, milestone=time)


def _read_periodical_report(text: str, context: PlanContext) -> tuple[str, list[MilestoneRow]]:
    """Return the sentence that orders a periodical report, and what it means.

    The meaning is periods, a report that it goes with, or a doubt. Return `text` and [] if no
    sentence orders one.
    """
    for sentence in _SENTENCE_END.split(text):
        match = _PERIODICAL.search(sentence)
        if match is not None and _REPORT.search(sentence):
            times = context.read_deadline(match[0].strip(" ./"))
            return sentence, select_dated_milestones(times)
    return text, []


def make_labelled(
    key: str,
    item: OutlineItem,
    text: str,
    labels: dict[Role, str],
    more: list[str] | None = None,
    time: str = "",
) -> Duty:
    """Return the task with labelled lines that an item is."""
    return Duty(key, item.place, item.section, text, "", "", labels, more or [], True, time)


def make_unread(path: list[str], place: int, text: str) -> UnreadRow:
    """Return a paragraph that is told as unread, with its place."""
    return make_unread_row("part" if path else "line", text, path=".".join(path), place=place)
