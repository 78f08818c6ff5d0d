"""The message of a notice, made from the registry as it is when the notice is sent.

Lines of assignments that were done, given more time or withdrawn since planning are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer, Button, Sentence, from_json, make_answer, make_button, say
from locales.phrases import choose_mark, join_beside
from models.assignments import OPEN, Status
from models.chats import Chat
from models.notices import DIGEST, ESCALATION, MESSAGE, MISSED, MORNING, Notice
from scheduler import steps
from scheduler.audience import find_own_agencies
from scheduler.digest import build_digest
from scheduler.lines import Message, ReminderLine, format_line, has_several, load_lines, mark_repeat
from scheduler.rules import Rules

MOST_ASKED = 12  # tasks that the line of questions names
MOST_LINES = 100  # of one message; the others are counted, and the button leads to them


async def build_message(
    session: AsyncSession, notice: Notice, chat: Chat, today: date, rules: Rules
) -> Message | None:
    """Return the message of `notice` as the registry is now, None if nothing is left to say."""
    if notice.kind == MESSAGE:
        return Message(mark_repeat(from_json(notice.body), notice)) if notice.body else None
    if notice.kind == DIGEST:
        return await build_digest(session, notice, chat, today)
    lines = await load_lines(session, notice.id)
    if not lines:
        return None
    if notice.kind == MORNING:
        own = await find_own_agencies(session, chat, today)
        what = _build_morning(notice, lines, own, today, rules)
    elif notice.kind in _BY_AGENCY:
        what = _build_by_agency(notice, lines, today)
    else:
        raise ValueError(f"no kind of notice: {notice.kind}")
    return Message(mark_repeat(what, notice), tuple(lines))


def _build_morning(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int], today: date, rules: Rules
) -> Answer:
    """Return the morning message (docs/dev/reminders.md rule 13).

    First come own tasks by day, most urgent first; then tasks that the bot asks about; then tasks
    of agencies that nobody can be reached of.
    """
    mine = [line for line in lines if line.agency_id in own]
    others = [line for line in lines if line.agency_id not in own]
    agencies = list(dict.fromkeys(line.agency for line in mine if line.agency))
    plans = has_several(line.plan for line in lines)
    head = say("remind-head", day=today, count=len(lines))
    if len(agencies) == 1 and not others:
        (only,) = agencies
        head = say("remind-head-agency", day=today, agency=only, count=len(lines))

    def format_own_line(line: ReminderLine) -> Sentence:
        return format_line(line, today, agency=len(agencies) > 1, plan=plans)

    asked = [line for line in mine if line.step == steps.UPDATE]
    blocks: list[Sentence] = []
    budget = _LineBudget(MOST_LINES)
    for heading, group in _group_by_day([line for line in mine if line not in asked], today, rules):
        blocks += budget.add_section(heading, group, format_own_line)
    if asked:
        blocks.append(_format_question(asked))
    blocks += budget.add_section(
        say("remind-section-stead"),
        others,
        lambda line: format_line(line, today, agency=True, plan=plans),
    )
    blocks += budget.count_left_out()
    rows = _make_buttons(notice, lines, own)
    if len(asked) > 1:
        rows.insert(0, [make_button(say("button-asked", count=len(asked)), "asked", notice.id)])
    return make_answer(head, *blocks, buttons=rows)


def _format_question(asked: Sequence[ReminderLine]) -> Sentence:
    """Return the one line that asks how these tasks stand, soonest first."""
    keys = tuple(dict.fromkeys(line.key for line in asked))
    more = max(0, len(keys) - MOST_ASKED)
    return say(
        "remind-asked",
        count=len(asked),
        days=steps.QUIET_DAYS,
        keys=", ".join(keys[:MOST_ASKED]),
        more=more,
    )


class _LineBudget:
    """The number of lines that a message may still have."""

    def __init__(self, most: int) -> None:
        self._lines_left = most
        self._left_out = 0

    def add_section(
        self,
        heading: Sentence,
        lines: Sequence[ReminderLine],
        format_one: Callable[[ReminderLine], Sentence],
    ) -> list[Sentence]:
        """Return the heading and as many lines as may still be added; nothing if none may."""
        added = lines[: self._lines_left]
        self._lines_left -= len(added)
        self._left_out += len(lines) - len(added)
        return [heading, *map(format_one, added)] if added else []

    def count_left_out(self) -> list[Sentence]:
        """Return the sentence that counts the lines left out; nothing if there are none."""
        return [say("remind-more", count=self._left_out)] if self._left_out else []


def _group_by_day(
    lines: Iterable[ReminderLine], today: date, rules: Rules
) -> list[tuple[Sentence, list[ReminderLine]]]:
    """Return the lines under headings: first all that is overdue, then each day."""
    lines = list(lines)
    late = [line for line in lines if line.last_day < today]
    groups = [(say("remind-section-overdue", count=len(late)), late)] if late else []
    rest = [line for line in lines if line.last_day >= today]
    for day, group in groupby(rest, key=lambda line: line.last_day):
        of_day = list(group)
        groups.append((_format_day_heading(day, today, of_day, rules), of_day))
    return groups


def _format_day_heading(
    day: date, today: date, lines: Sequence[ReminderLine], rules: Rules
) -> Sentence:
    """Return the last day, how far off it is, and what differs from it.

    That is the day as the plan prints it, and the working day before it if the last day is off; it
    is not past, because the message is sent on a working day.
    """
    left = (day - today).days
    sentences = {0: "remind-section-today", 1: "remind-section-tomorrow"}
    sentence = sentences.get(left, "remind-section-day")
    parts = [say(sentence, mark=choose_mark(day, today), day=day, left=left)]
    printed = {line.printed_day for line in lines}
    if len(printed) == 1 and (only := printed.pop()) is not None:
        parts.append(say("remind-printed", day=only))
    practical = rules.calendar.working_day_on_or_before(day)
    if practical != day:
        name = rules.calendar.name_of_day_off(day) or ""
        if practical > today:
            parts.append(say("remind-practical", name=name, day=practical))
        else:
            parts.append(say("remind-practical-today", name=name))
    return say("remind-section", heading=join_beside(parts))


def _make_buttons(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int]
) -> list[list[Button]]:
    """Return the buttons of the one task, or those that pick one of several tasks or all."""
    if len(lines) == 1:
        (line,) = lines
        mine = line.agency_id in own
        return make_task_buttons(line.assignment_id, line.task_id, line.status, mine=mine)
    rows = [[make_button(say("button-pick"), "pick", notice.id, "0")]]
    if any(line.agency_id in own for line in lines):
        rows.append([make_button(say("button-all"), "pickall", notice.id)])
    return rows


def make_task_buttons(
    assignment_id: int, task_id: int, status: str, *, mine: bool
) -> list[list[Button]]:
    """Return what can be done about one assignment; `mine` False: it can only be shown."""
    show = make_button(say("button-show"), "show", task_id)
    if not mine or status not in OPEN:
        return [[show]]
    first = [make_button(say("button-done"), "done", assignment_id)]
    if status in (Status.NEW, Status.RETURNED):
        first = [make_button(say("button-got"), "got", assignment_id), *first]
    second = [
        make_button(say("button-more"), "more", assignment_id),
        make_button(say("button-later"), "later", assignment_id),
    ]
    return [first, second, [show]]


_BY_AGENCY = {
    ESCALATION: ("escalation-head", "escalation-section"),
    MISSED: ("missed-head", "missed-section"),
}
"""The heads of messages that are grouped by agency, and of their sections."""


def _build_by_agency(notice: Notice, lines: Sequence[ReminderLine], today: date) -> Answer:
    """Return the message about other people's work: longest overdue first, agency by agency.

    It is for heads, supervisors and leaders, or for a group after missed deadlines.
    """
    head, section = _BY_AGENCY[notice.kind]
    plans = has_several(line.plan for line in lines)
    blocks = [say(head, day=today, count=len(lines))]
    budget = _LineBudget(MOST_LINES)

    def sort_key(line: ReminderLine) -> tuple[Any, ...]:
        return (-steps.read_days(line.step), line.agency or "", line.urgency)

    by_agency = groupby(sorted(lines, key=sort_key), key=lambda line: (line.step, line.agency))
    for (step, agency), group in by_agency:
        some, name, days = list(group), agency or say("no-agency"), steps.read_days(step)
        heading = say(section, late=days, agency=name, count=len(some))
        blocks += budget.add_section(
            heading, some, lambda line: format_line(line, today, plan=plans)
        )
    blocks += budget.count_left_out()
    return make_answer(*blocks, buttons=_make_view_buttons(notice, lines))


def _make_view_buttons(notice: Notice, lines: Sequence[ReminderLine]) -> list[list[Button]]:
    if len(lines) == 1:
        (line,) = lines
        return [[make_button(say("button-show"), "show", line.task_id)]]
    return [[make_button(say("button-pick"), "pick", notice.id, "0")]]
