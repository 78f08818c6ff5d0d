"""What a notice says, made from the registry as it is when it is sent: the answer, and the lines it tells.

A line whose assignment was done, given more time or withdrawn since it was planned is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer, Button, Sentence, from_json, make_answer, say
from locales.phrases import choose_mark, join_beside
from models.assignments import OPEN, Status
from models.chats import Chat
from models.notices import MESSAGE, Notice
from scheduler import steps
from scheduler.audience import find_own_agencies
from scheduler.digest import build_digest
from scheduler.lines import Message, ReminderLine, format_line, has_several, load_lines, mark_repeat
from scheduler.planner import DIGEST, ESCALATION, MISSED, MORNING
from scheduler.rules import Rules

MOST_LINES = 100  # lines of one message; the others are counted, and the button below leads to them


async def build_message(
    session: AsyncSession, notice: Notice, chat: Chat, today: date, rules: Rules
) -> Message | None:
    """The message of `notice` as the registry is now; None where nothing is left to say."""
    if notice.kind == MESSAGE:
        return Message(from_json(notice.body)) if notice.body is not None else None
    if notice.kind == DIGEST:
        return await build_digest(session, notice, chat, today)
    lines = await load_lines(session, notice.id or 0)
    if not lines:
        return None
    makers = {MORNING: _build_morning, ESCALATION: _build_escalation, MISSED: _build_missed_message}
    if notice.kind not in makers:
        raise ValueError(f"no kind of notice: {notice.kind}")
    own = await find_own_agencies(session, chat, today) if notice.kind == MORNING else frozenset()
    what = makers[notice.kind](notice, lines, own, today, rules)
    return Message(mark_repeat(what, notice), tuple(lines))


def _build_morning(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int], today: date, rules: Rules
) -> Answer:
    """One message a morning: own tasks by day, most urgent first; then questions; then agencies not reached."""
    mine = [line for line in lines if line.agency_id in own]
    others = [line for line in lines if line.agency_id not in own]
    agencies = list(dict.fromkeys(line.agency for line in mine if line.agency))
    plans = has_several(line.plan for line in lines)
    head = say("remind-head", day=today, count=len(lines))
    if len(agencies) == 1 and not others:
        head = say("remind-head-agency", day=today, agency=agencies[0], count=len(lines))

    def format_own_line(line: ReminderLine) -> Sentence:
        return format_line(line, today, agency=len(agencies) > 1, plan=plans)

    asked = [line for line in mine if line.step == steps.UPDATE and line.last_day >= today]
    blocks: list[Sentence] = []
    shown = _LineBudget(MOST_LINES)
    for heading, group in _group_by_day([line for line in mine if line not in asked], today, rules):
        blocks += shown.add_section(heading, group, format_own_line)
    blocks += shown.add_section(
        say("remind-section-update", count=steps.QUIET_EVERY), asked, format_own_line
    )
    blocks += shown.add_section(
        say("remind-section-stead"),
        others,
        lambda line: format_line(line, today, agency=True, plan=plans),
    )
    if shown.left_out:
        blocks.append(say("remind-more", count=shown.left_out))
    return make_answer(head, *blocks, buttons=_make_buttons(notice, lines, own))


class _LineBudget:
    """How many lines of a message are still to be had."""

    def __init__(self, room: int) -> None:
        self._lines_left = room
        self.left_out = 0

    def add_section(
        self,
        heading: Sentence,
        lines: Sequence[ReminderLine],
        told: Callable[[ReminderLine], Sentence],
    ) -> list[Sentence]:
        """The heading and as many of the lines as there is room for; nothing where there is none."""
        shown = lines[: self._lines_left]
        self._lines_left -= len(shown)
        self.left_out += len(lines) - len(shown)
        return [heading, *map(told, shown)] if shown else []


def _group_by_day(
    lines: Iterable[ReminderLine], today: date, rules: Rules
) -> list[tuple[Sentence, list[ReminderLine]]]:
    """The lines under headings: all that is overdue, then day by day."""
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
    """The last day, how far off it is, how the plan prints it where that differs, and the practical day before one off.

    The practical day is in the future or today: one that is past helps nobody.
    """
    left = (day - today).days
    said = (
        "remind-section-today"
        if left == 0
        else "remind-section-tomorrow"
        if left == 1
        else "remind-section-day"
    )
    parts = [say(said, mark=choose_mark(day, today), day=day, left=left)]
    printed = {line.printed_day for line in lines}
    if len(printed) == 1 and (only := printed.pop()) is not None:
        parts.append(say("remind-printed", day=only))
    practical = rules.calendar.working_day_on_or_before(day)
    if practical != day:
        name = rules.calendar.name_of_day_off(day) or ""
        today_said = say("remind-practical-today", name=name)
        parts.append(
            say("remind-practical", name=name, day=practical) if practical > today else today_said
        )
    return say("remind-section", heading=join_beside(parts))


def _make_buttons(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int]
) -> list[list[Button]]:
    """Of one task its buttons at once; of several, one picks the task or "all" first."""
    if len(lines) == 1:
        return make_task_buttons(
            lines[0].assignment_id,
            lines[0].task_id,
            lines[0].status,
            mine=lines[0].agency_id in own,
        )
    rows = [[Button(say("button-pick"), f"pick:{notice.id}:0")]]
    if any(line.agency_id in own for line in lines):
        rows.append([Button(say("button-all"), f"pickall:{notice.id}")])
    return rows


def make_task_buttons(
    assignment_id: int, task_id: int, status: str, *, mine: bool
) -> list[list[Button]]:
    """What can be done about one assignment; of somebody else's (`mine` False) only looked at."""
    show = Button(say("button-show"), f"show:{task_id}")
    if not mine or status not in OPEN:
        return [[show]]
    first = [Button(say("button-done"), f"done:{assignment_id}")]
    if status in (Status.NEW, Status.RETURNED):
        first.insert(0, Button(say("button-got"), f"got:{assignment_id}"))
    second = [
        Button(say("button-more"), f"more:{assignment_id}"),
        Button(say("button-later"), f"later:{assignment_id}"),
    ]
    return [first, second, [show]]


def _build_escalation(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int], today: date, rules: Rules
) -> Answer:
    """What the head, the supervising agency or the leaders are told: longest overdue first, agency by agency."""
    return _build_by_agency(notice, "escalation-head", "escalation-section", lines, today)


def _build_missed_message(
    notice: Notice, lines: Sequence[ReminderLine], own: frozenset[int], today: date, rules: Rules
) -> Answer:
    """What a group is told on the first working day after missed deadlines, agency by agency."""
    return _build_by_agency(notice, "missed-head", "missed-section", lines, today)


def _build_by_agency(
    notice: Notice, head: str, section: str, lines: Sequence[ReminderLine], today: date
) -> Answer:
    plans = has_several(line.plan for line in lines)
    blocks = [say(head, day=today, count=len(lines))]
    room = _LineBudget(MOST_LINES)
    ordered = sorted(
        lines, key=lambda line: (-_read_step_days(line.step), line.agency or "", line.urgency)
    )
    for (step, agency), group in groupby(ordered, key=lambda line: (line.step, line.agency)):
        of_agency = list(group)
        heading = say(
            section,
            late=_read_step_days(step),
            agency=agency or say("no-agency"),
            count=len(of_agency),
        )
        blocks += room.add_section(
            heading, of_agency, lambda line: format_line(line, today, plan=plans)
        )
    if room.left_out:
        blocks.append(say("remind-more", count=room.left_out))
    return make_answer(*blocks, buttons=_make_view_buttons(notice, lines))


def _read_step_days(step: str) -> int:
    """The number at the end of a step's name."""
    return int(step.rpartition("-")[2])


def _make_view_buttons(notice: Notice, lines: Sequence[ReminderLine]) -> list[list[Button]]:
    if len(lines) == 1:
        return [[Button(say("button-show"), f"show:{lines[0].task_id}")]]
    return [[Button(say("button-pick"), f"pick:{notice.id}:0")]]
