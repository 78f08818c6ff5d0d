"""How tasks look in an answer: as a line of a list, and one task whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from language.milestones import Milestone
from language.times.calendars import Calendar
from locales.answer import Sentence, say
from locales.phrases import choose_mark, describe_last_day, join_beside, shorten_text
from models.assignments import OPEN, UNFINISHED, Assignment, Status
from models.queries.task_view import TaskView

TITLE_IN_LIST = 110  # characters
MOST_DAYS = 6  # occurrences of a recurring deadline shown
MOST_ASSIGNMENTS = 8  # agencies shown with their status


def format_task_line(
    number: int,
    view: TaskView,
    today: date,
    agency_ids: Iterable[int] | None = None,
    *,
    plan: bool = False,
    leads: bool = False,
) -> Sentence:
    """Return one task as a line of a list: number, key, title, and its next deadline.

    The deadline is that of the agencies `agency_ids`, of all if None. `plan`: with its plan's
    number; `leads`: with who leads it.
    """
    assignments = view.find_assignments(agency_ids)
    upcoming = view.find_next_open(agency_ids)
    when = _describe_due_day(assignments, upcoming, today)
    return say(
        "task-line",
        number=str(number),
        key=_format_key(view, plan=plan),
        title=shorten_text(view.task.title, TITLE_IN_LIST),
        mark=choose_mark(upcoming.last_day, today)
        if upcoming
        else _choose_settled_mark(assignments),
        when=_add_leads(view, when) if leads and view.leads else when,
    )


def _add_leads(view: TaskView, when: Sentence) -> Sentence:
    """Add who leads the task to `when`."""
    names = (
        view.leads[0]
        if len(view.leads) == 1
        else say("lead-and-more", name=view.leads[0], count=len(view.leads) - 1)
    )
    return say("when-led", names=names, when=when)


def _format_key(view: TaskView, *, plan: bool) -> Sentence:
    """Return the task's key, with its plan's number if `plan`."""
    if plan and view.plan.number:
        return say("key-of-plan", key=view.task.key, plan=view.plan.number)
    return say("key", key=view.task.key)


def _choose_settled_mark(assignments: Sequence[Assignment]) -> Sentence:
    """Return the mark of a task without an open deadline."""
    if assignments and all(a.status == Status.DONE for a in assignments):
        return say("mark-done")
    return say("mark-undated")


def _describe_due_day(
    assignments: Sequence[Assignment], upcoming: Assignment | None, today: date
) -> Sentence:
    """Say when the next deadline is, or how the task stands if none is open."""
    if upcoming is not None and upcoming.last_day is not None:
        late = sum(
            1
            for a in assignments
            if a.status in OPEN and a.last_day is not None and a.last_day < today
        )
        sentence = describe_last_day(upcoming.last_day, today)
        return say("when-several-late", when=sentence, count=late) if late > 1 else sentence
    if any(a.status == Status.REPORTED for a in assignments):
        return say("status-reported")
    if any(a.status in UNFINISHED for a in assignments):
        return say("when-undated")
    if any(a.status == Status.SUSPENDED for a in assignments):
        return say("status-suspended")
    finished = [a.done_on for a in assignments if a.status == Status.DONE and a.done_on is not None]
    if not finished:
        return say("status-cancelled")
    late = sum(1 for a in assignments if a.done_on and a.last_day and a.done_on > a.last_day)
    return say("when-done-late" if late else "when-done", day=max(finished))


def list_task_parts(
    partners: Sequence[str], deliverables: Sequence[str], requirement: str | None
) -> list[Sentence]:
    """Return the parts that a task may have beside its title, lead and deadline."""
    blocks = [say("task-partners", names=", ".join(partners))] if partners else []
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
    blocks.append(
        say("task-lead", names=", ".join(view.leads)) if view.leads else say("task-no-lead")
    )
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
        if milestone.reference:
            return say("meaning-regulation-of", reference=milestone.reference)
        return say("meaning-unread" if milestone.doubt else "meaning-regulation")
    if milestone.kind == "with":
        return say("meaning-with", report=milestone.report or "…")
    return _explain_day(milestone, calendar)


def _explain_day(milestone: Milestone, calendar: Calendar) -> Sentence:
    """Say what a milestone with a last day means."""
    day = milestone.last_day
    if day is None:
        return say("meaning-unread")
    hour = say("at-hour", at=milestone.at) if milestone.at else say("nothing")
    if milestone.kind == "period" and milestone.first_day:
        sentence = say("meaning-period", first=milestone.first_day, last=day)
    elif milestone.printed_day and milestone.printed_day != day:
        sentence = say("meaning-before", day=day, printed=milestone.printed_day, hour=hour)
    else:
        sentence = say("meaning-date", day=day, hour=hour)
    practical = calendar.working_day_on_or_before(day)
    return (
        say("meaning-practical", meaning=sentence, day=practical) if practical != day else sentence
    )


def _list_statuses(view: TaskView, today: date) -> list[Sentence]:
    """Return how each responsible agency stands: its next open deadline, or that it is done."""
    by_agency: dict[str | None, list[Assignment]] = {}
    for assignment, name in view.assignments:
        by_agency.setdefault(name, []).append(assignment)
    blocks = [say("task-status")]
    for name, assignments in list(by_agency.items())[:MOST_ASSIGNMENTS]:
        upcoming = min(
            (a for a in assignments if a.status in OPEN and a.last_day is not None),
            key=lambda a: a.last_day or date.max,
            default=None,
        )
        agency, when = name or say("no-agency"), _describe_due_day(assignments, upcoming, today)
        if all(a.status == Status.DONE for a in assignments):  # when it was done says that it is
            blocks.append(say("task-status-done", agency=agency, when=when))
            continue
        status = say(f"status-{_choose_status(assignments, upcoming)}")
        blocks.append(say("task-status-line", agency=agency, status=status, when=when))
    if len(by_agency) > MOST_ASSIGNMENTS:
        blocks.append(say("and-more", count=len(by_agency) - MOST_ASSIGNMENTS))
    return blocks


def _choose_status(assignments: Sequence[Assignment], upcoming: Assignment | None) -> str:
    """Return the status to show for an agency, as part of a sentence's id."""
    chosen = upcoming or next((a for a in assignments if a.status in UNFINISHED), assignments[0])
    return chosen.status.replace("_", "-")
