"""What a notice says, made from the registry as it is when it is sent: the answer, and the lines it tells.

A line whose assignment was done, given more time or withdrawn since it was planned is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, false, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from locales.answer import Answer, Button, Sentence, from_json, make_answer, say
from locales.phrases import choose_mark, join_beside, shorten_text
from models.agencies import Agency, load_predecessors
from models.assignments import OPEN, Assignment, Extension, Status, match_in_force
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.notices import MESSAGE, Notice, NoticeLine
from models.people import Post, PostRole, match_active_posts
from models.plans import Plan, Task
from scheduler import steps
from scheduler.planner import DIGEST, ESCALATION, MISSED, MORNING
from scheduler.rules import Rules

LONGEST_TITLE = 110  # characters of a task's title in a line
LONGEST_PLAN = 60  # characters of a plan's title where it has no number
MOST_LINES = 100  # lines of one message; the others are counted, and the button below leads to them
MOST_DIGEST_LINES = 10  # lines of a digest
MOST_AGENCIES = 12  # agencies counted by name in a digest

DUE, OVERDUE = "due", "overdue"
"""The steps of a digest's lines."""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One line of a message: an assignment and the step that is told of it, with what stands in the text."""

    assignment_id: int
    task_id: int
    plan: str
    key: str
    title: str
    agency_id: int | None
    agency: str | None
    last_day: date
    step: str
    status: str
    plan_full_name: str = ""  # in full where the plan has no number
    printed_day: date | None = None
    wanted_day: date | None = None  # more time that was asked for and not decided on

    @property
    def urgency(self) -> tuple[date, str, int]:
        """What lines are ordered by."""
        return (self.last_day, self.plan, self.assignment_id)


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message and the lines it tells."""

    what: Answer
    lines: tuple[ReminderLine, ...] = ()


async def build_message(
    session: AsyncSession, notice: Notice, chat: Chat, today: date, rules: Rules
) -> Message | None:
    """The message of `notice` as the registry is now; None where nothing is left to say."""
    if notice.kind == MESSAGE:
        return Message(from_json(notice.body)) if notice.body is not None else None
    if notice.kind == DIGEST:
        return await _build_digest(session, notice, chat, today)
    lines = await load_lines(session, notice.id or 0)
    if not lines:
        return None
    makers = {MORNING: _build_morning, ESCALATION: _build_escalation, MISSED: _build_missed_message}
    if notice.kind not in makers:
        raise ValueError(f"no kind of notice: {notice.kind}")
    own = await find_own_agencies(session, chat, today) if notice.kind == MORNING else frozenset()
    what = makers[notice.kind](notice, lines, own, today, rules)
    return Message(_mark_repeat(what, notice), tuple(lines))


def _mark_repeat(what: Answer, notice: Notice) -> Answer:
    if not notice.again:
        return what
    return make_answer(say("remind-again"), *what.blocks, buttons=what.buttons)


# --- lines -----------------------------------------------------------------------------------------------------------


async def load_lines(session: AsyncSession, notice_id: int) -> list[ReminderLine]:
    """What a notice has to tell now, most urgent first: of each assignment the step nearest its last day."""
    waiting = (
        select(func.max(Extension.wanted_day))
        .where(Extension.assignment_id == Assignment.id, col(Extension.decision).is_(None))
        .correlate(Assignment)
        .scalar_subquery()
    )
    statement = (
        select(
            NoticeLine.step,
            Assignment,
            Task,
            Plan,
            Agency.name,
            Deadline,
            TaskMilestone.what,
            waiting,
        )  # type: ignore[call-overload]  # the overloads end at four columns
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(
            NoticeLine.notice_id == notice_id,
            NoticeLine.last_day == Assignment.last_day,
            *match_open_work(),
        )
        .execution_options(populate_existing=True)
    )
    found: dict[int, ReminderLine] = {}
    for step, assignment, task, plan, agency, deadline, what, wanted in await session.exec(
        statement
    ):
        line = make_line(step, assignment, task, plan, agency, deadline, what, wanted)
        other = found.get(line.assignment_id)
        if other is None or steps.rank_step(line.step) > steps.rank_step(other.step):
            found[line.assignment_id] = line
    return sorted(found.values(), key=lambda line: line.urgency)


def match_open_work() -> list[ColumnElement[bool]]:
    """What an assignment must be to be spoken of: open, not replaced, its task and plan not ended."""
    return [
        col(Assignment.status).in_(OPEN),
        match_in_force(),
        col(Task.cancelled_on).is_(None),
        col(Plan.closed_on).is_(None),
    ]


def make_line(
    step: str,
    assignment: Assignment,
    task: Task,
    plan: Plan,
    agency: str | None,
    deadline: Deadline,
    what: str | None,
    wanted: date | None,
) -> ReminderLine:
    printed = deadline.printed_day if assignment.last_day == deadline.last_day else None
    return ReminderLine(
        assignment_id=assignment.id or 0,
        task_id=task.id or 0,
        plan=shorten_plan_name(plan),
        plan_full_name=plan.number or plan.title,
        key=task.key,
        title=task.title
        if what is None or fold(what) in fold(task.title)
        else f"{task.title}: {what}",
        agency_id=assignment.agency_id,
        agency=agency,
        last_day=assignment.last_day or date.max,
        step=steps.strip_day(step),
        status=assignment.status,
        printed_day=printed if printed != deadline.last_day else None,
        wanted_day=wanted,
    )


def shorten_plan_name(plan: Plan) -> str:
    """What a plan is called in short: its number, else its title."""
    return plan.number or shorten_text(plan.title, LONGEST_PLAN)


async def find_own_agencies(session: AsyncSession, chat: Chat, today: date) -> frozenset[int]:
    """The agencies that the person of a private chat is a focal point of, with those that were merged into them."""
    if chat.person_id is None:
        return frozenset()
    posts = await session.exec(
        select(Post.agency_id).where(
            Post.person_id == chat.person_id,
            Post.role == PostRole.FOCAL_POINT,
            match_active_posts(today),
        )
    )
    own = frozenset(agency_id for agency_id in posts if agency_id is not None)
    predecessors = await load_predecessors(session, today)
    return own.union(*(predecessors.get(agency_id, ()) for agency_id in own))


# --- the morning message ---------------------------------------------------------------------------------------------


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


def format_line(
    line: ReminderLine, today: date, *, agency: bool = False, plan: bool = False
) -> Sentence:
    """A line: number, title shortened at a word, last day with weekday, days left, and what else must be known."""
    left = (line.last_day - today).days
    when = "remind-late" if left < 0 else "remind-today" if left == 0 else "remind-left"
    parts = [say(when, day=line.last_day, count=abs(left))]
    if line.step == steps.START:
        parts.append(say("remind-start"))
    if line.status == Status.RETURNED:
        parts.append(say("remind-returned"))
    if line.wanted_day is not None:
        parts.append(say("remind-waits", day=line.wanted_day))
    return say(
        "remind-line",
        key=say("remind-key-plan", key=line.key, plan=line.plan)
        if plan
        else say("remind-key", key=line.key),
        title=shorten_text(line.title, LONGEST_TITLE),
        agency=say("remind-agency", agency=line.agency or say("no-agency"))
        if agency
        else say("nothing"),
        when=join_beside(parts),
    )


def has_several(values: Iterable[str]) -> bool:
    return len(set(values)) > 1


# --- buttons ---------------------------------------------------------------------------------------------------------


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


# --- escalation, the groups' line, the digest ------------------------------------------------------------------------


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


async def _build_digest(
    session: AsyncSession, notice: Notice, chat: Chat, today: date
) -> Message | None:
    """The week's digest of a group: what is overdue and what is due soon, counted by agency, and the worst ten."""
    late = await _count_by_agency(session, chat, col(Assignment.last_day) < today)
    until = today + timedelta(days=steps.DIGEST_DAYS)
    soon = await _count_by_agency(session, chat, col(Assignment.last_day).between(today, until))
    if not late and not soon:
        return None
    lines = await _find_most_urgent(session, chat, today, until)
    plans = has_several(line.plan for line in lines)
    blocks = [say("digest-head", day=today, scope=await _name_scope(session, chat))]
    if late:
        blocks.append(
            say("digest-overdue", count=sum(late.values()), agencies=_format_counts(late))
        )
    if soon:
        blocks.append(
            say(
                "digest-due",
                days=steps.DIGEST_DAYS,
                count=sum(soon.values()),
                agencies=_format_counts(soon),
            )
        )
    blocks.append(say("digest-worst", count=len(lines)))
    blocks += [format_line(line, today, agency=True, plan=plans) for line in lines]
    return Message(_mark_repeat(make_answer(*blocks), notice), tuple(lines))


def _limit_to_group(chat: Chat) -> list[ColumnElement[bool]]:
    """What a group hears of; one that an admin unbound since its digest was planned hears of nothing."""
    if chat.scope == "plan":
        return [col(Assignment.plan_id) == chat.plan_id]
    if chat.scope == "agency":
        return [
            (col(Assignment.agency_id) == chat.agency_id)
            | (col(Assignment.lead_id) == chat.agency_id)
        ]
    return [] if chat.scope == "province" else [false()]


async def _count_by_agency(
    session: AsyncSession, chat: Chat, when: ColumnElement[bool]
) -> dict[str | None, int]:
    """How many assignments of the group's scope there are in a time, by agency, the most first."""
    number = func.count()
    statement = (
        select(Agency.name, number)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(when, *match_open_work(), *_limit_to_group(chat))
        .group_by(Agency.name)
        .order_by(number.desc(), Agency.name)
    )
    return {row[0]: row[1] for row in await session.exec(statement)}


async def _find_most_urgent(
    session: AsyncSession, chat: Chat, today: date, until: date
) -> list[ReminderLine]:
    """The ten assignments that most need a look: longest overdue first, then the soonest due."""
    statement = (
        select(Assignment, Task, Plan, Agency.name, Deadline, TaskMilestone.what)  # type: ignore[call-overload]  # the overloads end at four columns
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.last_day) <= until, *match_open_work(), *_limit_to_group(chat))
        .order_by(col(Assignment.last_day), col(Assignment.id))
        .limit(MOST_DIGEST_LINES)
        .execution_options(populate_existing=True)
    )
    return [
        make_line(
            OVERDUE if assignment.last_day < today else DUE,
            assignment,
            task,
            plan,
            agency,
            deadline,
            what,
            None,
        )
        for assignment, task, plan, agency, deadline, what in await session.exec(statement)
    ]


def _format_counts(counts: dict[str | None, int]) -> Sentence:
    """ "Sở A 3, Sở B 2 và 4 cơ quan khác"."""
    shown = [
        say("digest-agency", agency=name or say("no-agency"), count=count)
        for name, count in list(counts.items())[:MOST_AGENCIES]
    ]
    if len(counts) > MOST_AGENCIES:
        return say("digest-agencies-more", agencies=tuple(shown), count=len(counts) - MOST_AGENCIES)
    return say("digest-agencies", agencies=tuple(shown))


async def _name_scope(session: AsyncSession, chat: Chat) -> Sentence:
    if chat.scope == "plan" and (plan := await session.get(Plan, chat.plan_id)) is not None:
        return say("digest-plan", plan=shorten_plan_name(plan))
    if chat.scope == "agency" and (agency := await session.get(Agency, chat.agency_id)) is not None:
        return say("plain", text=agency.name)
    return say("digest-province")
