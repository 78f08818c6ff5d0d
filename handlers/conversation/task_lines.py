"""How tasks look in an answer: as a line of a list, and one task whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from language.milestones import Milestone
from language.times.calendars import Calendar
from locales.answer import Sentence, say
from locales.phrases import choose_mark, describe_last_day, join_beside, shorten_text
from models.assignments import OPEN, UNFINISHED, Assignment, Status
from models.queries.task_query import DayRange
from models.queries.task_view import TaskView, find_first_open

TITLE_IN_LIST = 110  # characters
MOST_DAYS = 6  # occurrences of a recurring deadline shown
MOST_LATE = 4  # deadlines that were kept too late, in one line
MOST_ASSIGNMENTS = 8  # agencies shown with their status


def format_task_line(
    number: int,
    view: TaskView,
    today: date,
    agency_ids: Iterable[int] | None = None,
    *,
    due: DayRange | None = None,
    meant: Collection[int] = (),
    plan: bool = False,
    leads: bool = False,
) -> Sentence:
    """Return one task as a line of a list: number, key, title, and its next deadline.

    The deadline is that of the agencies `agency_ids`, of all if None, and the one in the days
    `due`, if these are asked about. `meant`: the assignments in the state that is asked for; if
    the task has some, the line is about these. `plan`: with its plan's number; `leads`: with who
    leads it.
    """
    asked = set(agency_ids or ())
    every = view.find_assignments(asked)
    assignments = [a for a in every if a.id in meant] or every
    upcoming = find_first_open(assignments, due)
    when = _describe_due_day(view, assignments, upcoming, today, asked)
    if upcoming is not None:
        when = _add_late_periods(when, every, upcoming, today)
    return say(
        "task-line",
        number=str(number),
        key=_format_key(view, plan=plan),
        title=shorten_text(view.task.title, TITLE_IN_LIST),
        mark=choose_mark(upcoming.last_day, today)
        if upcoming
        else _choose_settled_mark(every, asked),
        when=_add_agencies(view, assignments, upcoming, when) if leads and view.leads else when,
    )


def describe_when(view: TaskView, today: date, agency_ids: Iterable[int] | None = None) -> Sentence:
    """Say when the next deadline of the agencies is (see `format_task_line`), or how it ended."""
    asked = set(agency_ids or ())
    assignments, upcoming = view.find_assignments(asked), view.find_next_open(asked)
    when = _describe_due_day(view, assignments, upcoming, today, asked)
    return when if upcoming is None else _add_late_periods(when, assignments, upcoming, today)


def _add_late_periods(
    when: Sentence, assignments: Sequence[Assignment], upcoming: Assignment, today: date
) -> Sentence:
    """Add to `when` how many deadlines are overdue, if more than the one it tells of are.

    A deadline that several agencies have not kept is one.
    """
    late = {
        a.deadline_id
        for a in assignments
        if a.status in OPEN and a.last_day is not None and a.last_day < today
    }
    others = late - {upcoming.deadline_id}
    return say("when-several-late", when=when, count=len(late)) if others else when


def _add_agencies(
    view: TaskView, assignments: Sequence[Assignment], upcoming: Assignment | None, when: Sentence
) -> Sentence:
    """Add to `when` the agencies that it is true of: those that still owe, else all that lead."""
    owing = [a for a in assignments if a.status in OPEN]
    if not owing:
        owing = [a for a in assignments if a.status == Status.REPORTED]
    if upcoming is not None:
        last = upcoming.last_day or date.max
        now = [a for a in owing if a.last_day == upcoming.last_day]
        later = {a.agency_id for a in owing if a.last_day is not None and a.last_day > last}
        later -= {a.agency_id for a in now}
        owing = now
        when = say("when-others-later", when=when, count=len(later)) if later else when
    names = list(dict.fromkeys(view.find_agency_name(a) for a in owing))
    if not names or None in names:
        names = list(view.leads)
    first = names[0] or ""
    more = len(names) - 1
    named = say("lead-and-more", name=first, count=more) if more else first
    return say("when-led", names=named, when=when)


def _format_key(view: TaskView, *, plan: bool) -> Sentence:
    """Return the task's key, with its plan's number if `plan`."""
    if plan and view.plan.number:
        return say("key-of-plan", key=view.task.key, plan=view.plan.number)
    return say("key", key=view.task.key)


def _choose_settled_mark(assignments: Sequence[Assignment], asked: set[int]) -> Sentence:
    """Return the mark of a task without an open deadline.

    A collective is not done because those of its members are that have joined.
    """
    done = bool(assignments) and all(a.status == Status.DONE for a in assignments)
    return say("mark-done" if done and not _find_members(assignments, asked) else "mark-undated")


def _find_members(assignments: Sequence[Assignment], asked: set[int]) -> set[int | None]:
    """Return the agencies that answer as members of a collective and were not asked about."""
    return {
        a.agency_id
        for a in assignments
        if a.lead_id is not None and a.lead_id != a.agency_id and a.agency_id not in asked
    }


def _describe_due_day(
    view: TaskView,
    assignments: Sequence[Assignment],
    upcoming: Assignment | None,
    today: date,
    asked: set[int],
) -> Sentence:
    """Say when the next deadline is, or how the task stands if none is open."""
    if upcoming is not None and upcoming.last_day is not None:
        return describe_last_day(upcoming.last_day, today)
    if any(a.status == Status.REPORTED for a in assignments):
        return say("status-reported")
    if any(a.status in UNFINISHED for a in assignments):
        return say("when-undated")
    if any(a.status == Status.SUSPENDED for a in assignments):
        return say("status-suspended")
    return _describe_end(view, assignments, asked)


def _describe_end(view: TaskView, assignments: Sequence[Assignment], asked: set[int]) -> Sentence:
    """Say when a task was done, and which deadline was not kept, by whom."""
    done = [a for a in assignments if a.status == Status.DONE and a.done_on is not None]
    if not done:
        return say("status-cancelled")
    last = max(a.done_on for a in done if a.done_on is not None)
    members = _find_members(done, asked)
    if members:
        ended = say("when-done-members", count=len(members), day=last)
    elif len(done) > 1 and len({a.last_day for a in done}) > 1:
        ended = say("when-done-all", count=len({a.deadline_id for a in done}), day=last)
    else:
        ended = say("when-done", day=last)
    late = [a for a in done if a.done_on and a.last_day and a.done_on > a.last_day]
    if not late:
        return ended
    if len(done) == 1:
        return say("when-done-late", day=last, last=late[0].last_day)
    several = len({a.agency_id for a in done}) > 1
    parts = tuple(_describe_late_end(view, a, several=several) for a in late[:MOST_LATE])
    more = len(late) - len(parts)
    return say("when-done-some-late", when=ended, late=parts, more=more)


def _describe_late_end(view: TaskView, assignment: Assignment, *, several: bool) -> Sentence:
    """Say which deadline was kept too late; `several`: by which of several agencies."""
    name = view.find_agency_name(assignment) if several else None
    part = say("done-late-part", last=assignment.last_day, day=assignment.done_on)
    return say("done-late-part-of", agency=name, part=part) if name else part


def list_task_parts(
    partners: Sequence[str], deliverables: Sequence[str], requirement: str | None
) -> list[Sentence]:
    """Return the parts that a task may have beside its title, lead and deadline."""
    blocks = [say("task-partners", names=tuple(partners))] if partners else []
    if deliverables:
        blocks.append(say("task-products"))
        blocks += [say("bullet", text=text) for text in deliverables]
    if requirement:
        blocks.append(say("task-requirement", text=requirement))
    return blocks


def format_whole_task(
    view: TaskView, milestones: Sequence[Milestone], today: date, calendar: Calendar
) -> list[Sentence]:
    """Return all there is to say about one task: the blocks of an answer."""
    task = view.task
    blocks = [say("task-head", key=task.key, title=task.title), _describe_plan(view)]
    blocks.append(say("task-lead", names=tuple(view.leads)) if view.leads else say("task-no-lead"))
    blocks += list_task_parts(view.partners, task.deliverables, task.requirement)
    if task.deadline_text:
        blocks.append(say("task-printed", text=task.deadline_text))
    if milestones:
        blocks.append(say("task-understood"))
        blocks += [format_milestone(read, today, calendar) for read in milestones]
    if task.conflict:
        blocks.append(say("task-conflict", text=str(task.conflict.get("text", ""))))
    blocks += _list_statuses(view, today)
    return blocks


def _describe_plan(view: TaskView) -> Sentence:
    """Say which plan and section the task belongs to."""
    plan = view.plan
    parts = [
        say("task-plan", plan=plan.number)
        if plan.number
        else say("plain", text=shorten_text(plan.title, 80))
    ]
    if view.section:
        parts.append(say("plain", text=view.section))
    if view.task.code:
        parts.append(say("task-code", code=view.task.code))
    return join_beside(parts)


def format_milestone(read: Milestone, today: date, calendar: Calendar) -> Sentence:
    """Return one milestone as a line: its label and what it means."""
    what = say("milestone-what", what=read.what) if read.what else say("nothing")
    return say("milestone", what=what, meaning=explain_milestone(read, today, calendar))


def explain_milestone(milestone: Milestone, today: date, calendar: Calendar) -> Sentence:
    """Say what a milestone means, so that a person can check it.

    A day stands with its weekday, and with the working day before it if it is a day off.
    """
    if milestone.kind == "recurring":
        coming = [d for d in milestone.last_days if d >= today][:MOST_DAYS]
        every = say(f"every-{milestone.every}") if milestone.every else say("every-other")
        if not coming:
            return say("meaning-recurring-over", every=every, count=len(milestone.last_days))
        return say(
            "meaning-recurring", every=every, days=tuple(say("day-short", day=d) for d in coming)
        )
    if milestone.kind == "relative":
        unit = (
            "months"
            if milestone.months is not None
            else "working"
            if milestone.working_days
            else "days"
        )
        count = milestone.months if milestone.months is not None else milestone.days or 0
        sentence = say(f"meaning-relative-{unit}", count=abs(count), after=milestone.after or "…")
        if count < 0:
            sentence = say(
                "meaning-relative-before", count=abs(count), after=milestone.after or "…"
            )
        return sentence
    if milestone.kind == "ongoing":
        return (
            say("meaning-ongoing-from", day=milestone.first_day)
            if milestone.first_day
            else say("meaning-ongoing")
        )
    if milestone.kind == "regulation":
        if milestone.doubt:
            return say("meaning-unread")
        if milestone.reference:
            return say("meaning-regulation-of", reference=milestone.reference)
        return say("meaning-regulation")
    if milestone.kind == "with":
        return say("meaning-with", report=milestone.report or "…")
    return _explain_day(milestone, today, calendar)


def _explain_day(milestone: Milestone, today: date, calendar: Calendar) -> Sentence:
    """Say what a milestone with a last day means."""
    day = milestone.last_day
    if day is None:
        return say("meaning-unread")
    if milestone.kind == "period" and milestone.first_day:
        sentence = say("meaning-period", first=milestone.first_day, last=day)
    elif milestone.printed_day and milestone.printed_day != day:
        sentence = say("meaning-before", day=day, printed=milestone.printed_day)
    elif milestone.at:
        sentence = say("meaning-hour", day=day, at=milestone.at)
    else:
        sentence = say("meaning-date", day=day)
    practical = calendar.working_day_on_or_before(day)
    if practical == day:
        return sentence
    if practical < today:  # nobody can send it on that day any more
        return say("meaning-day-off", meaning=sentence)
    return say("meaning-practical", meaning=sentence, day=practical)


def _list_statuses(view: TaskView, today: date) -> list[Sentence]:
    """Return how each responsible agency stands: its next open deadline, or that it is done."""
    by_agency: dict[str | None, list[Assignment]] = {}
    for assignment, name in view.assignments:
        by_agency.setdefault(name, []).append(assignment)
    blocks = [say("task-status")]
    for name, assignments in list(by_agency.items())[:MOST_ASSIGNMENTS]:
        upcoming = find_first_open(assignments)
        agency, asked = name or say("no-agency"), {a.agency_id or 0 for a in assignments}
        when = _describe_due_day(view, assignments, upcoming, today, asked)
        if upcoming is not None:
            when = _add_late_periods(when, assignments, upcoming, today)
        status = _choose_status(assignments, upcoming)
        if upcoming is None and status not in _SAID_BESIDE:  # `when` says how it stands
            blocks.append(say("task-status-done", agency=agency, when=when))
            continue
        blocks.append(
            say("task-status-line", agency=agency, status=say(f"status-{status}"), when=when)
        )
        blocks += _list_waiting(assignments) if upcoming is not None else []
        if any(a.status == Status.DONE for a in assignments):
            ended = _describe_end(view, assignments, asked)
            blocks.append(say("task-status-before", when=ended))
    if len(by_agency) > MOST_ASSIGNMENTS:
        blocks.append(say("and-more", count=len(by_agency) - MOST_ASSIGNMENTS))
    return blocks


def _list_waiting(assignments: Sequence[Assignment]) -> list[Sentence]:
    """Return which deadlines, beside the open one that is shown, have a report that waits."""
    waiting = [a.last_day for a in assignments if a.status == Status.REPORTED]
    days = sorted({day for day in waiting if day is not None})
    if not waiting:
        return []
    return [say("task-status-waiting", days=tuple(say("day-short", day=day) for day in days))]


_SAID_BESIDE = frozenset(status.replace("_", "-") for status in OPEN)
"""Statuses that are not said by the words about the deadline."""


def _choose_status(assignments: Sequence[Assignment], upcoming: Assignment | None) -> str:
    """Return the status to show for an agency, as part of a sentence's id."""
    chosen = upcoming or next((a for a in assignments if a.status in UNFINISHED), assignments[0])
    return chosen.status.replace("_", "-")
