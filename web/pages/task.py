"""The page of one task whole: as printed and as understood, who owes what, evidence, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from starlette.responses import Response

from handlers.audit import describe_action, describe_change
from handlers.conversation.days import load_calendar
from handlers.conversation.task_lines import format_milestone
from locales.answer import Sentence, say
from locales.phrases import describe_last_day
from models.assignments import OPEN, Assignment, Report, Status
from models.audit import Audit
from models.plans import Role
from models.queries.board import list_changes, list_parties, list_reports
from models.queries.task_view import TaskView, load_milestones, load_task_views
from web.looks import Look, NotHere

MOST_CHANGES = 60  # lines of the history
MOST_ASSIGNMENTS = 400  # rows of what is owed


@dataclass(frozen=True)
class AssignmentRow:
    """What one agency owes by one day, and how it stands."""

    agency_id: int | None
    agency: str | Sentence
    when: Sentence
    status: Sentence
    note: str | None
    is_late: bool


@dataclass(frozen=True)
class ChangeRow:
    """One line of the history."""

    at: datetime
    action: Sentence
    change: Sentence


async def show_task(look: Look) -> Response:
    """Show one task with everything that is known of it."""
    task_id = look.get_id()
    views = await load_task_views(look.session, [task_id])
    parties = await list_parties(look.session, task_id)
    if not views or not look.viewer.may_see_task(views[0], parties):
        raise NotHere
    view = views[0]
    numbers = [a.id for a, _ in view.assignments if a.id is not None]
    milestones = await load_milestones(look.session, task_id)
    days_off = await load_calendar(look.session)
    changes = await list_changes(look.session, task_id, numbers, MOST_CHANGES)
    return look.render(
        "task.html",
        view=view,
        task=view.task,
        leads=_list_names(look, [p.agency_id for p in parties if p.role == Role.LEAD]),
        partners=_list_names(look, [p.agency_id for p in parties if p.role == Role.PARTNER]),
        understood=[format_milestone(m, look.today, days_off) for m in milestones],
        assignments=[
            _make_row(look, assignment, agency)
            for assignment, agency in view.assignments[:MOST_ASSIGNMENTS]
        ],
        left_out=max(0, len(view.assignments) - MOST_ASSIGNMENTS),
        reports=[
            (report, _name_agency(view, report), find_safe_link(report.link))
            for report in await list_reports(look.session, numbers)
        ],
        changes=[_make_change(look, row) for row in changes],
    )


def _list_names(look: Look, agency_ids: list[int]) -> list[tuple[int | None, str]]:
    """Return (id, name) of the agencies; the id is None if the page may not be seen."""
    return [
        (number if look.viewer.may_see_agency(number) else None, look.names.agency_names[number])
        for number in agency_ids
        if number in look.names.agency_names
    ]


def _make_row(look: Look, assignment: Assignment, agency: str | None) -> AssignmentRow:
    """Return one row of what is owed."""
    number, day = assignment.agency_id, assignment.last_day
    is_linked = number is not None and look.viewer.may_see_agency(number)
    return AssignmentRow(
        number if is_linked else None,
        agency or say("no-agency"),
        _describe_when(assignment, look.today),
        say(f"status-{assignment.status.replace('_', '-')}"),
        assignment.note,
        assignment.status in OPEN and day is not None and day < look.today,
    )


def _describe_when(assignment: Assignment, today: date) -> Sentence:
    """Say when an assignment ends, or when it was done."""
    day = assignment.last_day
    if assignment.status == Status.DONE and assignment.done_on is not None:
        if day is not None and assignment.done_on > day:
            return say("when-done-late", day=assignment.done_on, last=day)
        return say("when-done", day=assignment.done_on)
    if day is None:
        return say("when-undated")
    return describe_last_day(day, today) if assignment.status in OPEN else say("board-day", day=day)


def _name_agency(view: TaskView, report: Report) -> str | None:
    """Return the name of the agency that a report is of."""
    return next((name for a, name in view.assignments if a.id == report.assignment_id), None)


def find_safe_link(link: str | None) -> str | None:
    """Return `link` if a browser may follow it: a web address, nothing that runs."""
    if link is None:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.netloc else None


def _make_change(look: Look, row: Audit) -> ChangeRow:
    return ChangeRow(
        row.at.astimezone(look.now.tzinfo), describe_action(row.action), describe_change(row)
    )
