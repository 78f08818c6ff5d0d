"""The buttons under a task: what the sender may do with it now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from locales.answer import Button, make_button, say
from models.assignments import Extension, Move, Status, is_move_possible
from models.plans import TaskState
from models.queries.task_view import TaskView


def make_case_buttons(case: AssignmentCase, *, undo: int | None = None) -> list[list[Button]]:
    """Return what the agency's person may press next; the last row shows or withdraws.

    `undo` is the number of the audit's row of a report that may be withdrawn.
    """
    last = [make_button(say("button-show"), "show", case.task.id)]
    if undo is not None:
        last.append(make_button(say("button-withdraw"), "undo", undo))
    return [*_make_report_buttons(case), last]


def _make_report_buttons(case: AssignmentCase) -> list[list[Button]]:
    """Return the buttons that report on an assignment or ask for more time; none if it is over."""
    assignment = case.assignment
    if not is_move_possible(assignment, Move.REPORT):
        return []
    first = []
    if is_move_possible(assignment, Move.RECEIVE):
        first.append(make_button(say("button-got"), "got", case.id))
    if assignment.status != Status.IN_PROGRESS:
        first.append(make_button(say("button-work"), "work", case.id))
    second = [make_button(say("button-done"), "done", case.id)]
    if assignment.last_day is not None:
        second.append(make_button(say("button-more"), "more", case.id))
    return [first, second]


async def make_task_buttons(
    request: Request, session: AsyncSession, view: TaskView
) -> list[list[Button]]:
    """Return rows of buttons for a task shown whole: report, ask for time, confirm, change."""
    task_cases = await cases.find_cases_of_task(session, view.task.id)
    rows: list[list[Button]] = []
    upcoming = _find_case_to_report(task_cases, request)
    if upcoming is not None:
        rows += _make_report_buttons(upcoming)
    to_confirm = [case for case in task_cases if case.may_do(request, Action.CONFIRM)]
    waiting = cases.find_next_case(to_confirm, [Status.REPORTED])
    report = await cases.find_last_report(session, waiting.id) if waiting is not None else None
    if report is not None:
        rows.append(make_decision_buttons(report.id))
    extension = await _find_extension_to_decide(session, to_confirm)
    if extension is not None:
        rows += make_extension_buttons(extension.id)
    in_force = bool(task_cases) and task_cases[0].plan.closed_on is None
    cancelled = view.task.state == TaskState.CANCELLED
    if in_force and not cancelled and request.may_do(Action.CHANGE_TASK):
        actions = {
            "change": "button-change",
            "give": "button-give",
            "cancel": "button-cancel-task",
        }
        rows.append([make_button(say(label), a, view.task.id) for a, label in actions.items()])
    return rows


async def _find_extension_to_decide(
    session: AsyncSession, to_confirm: Sequence[AssignmentCase]
) -> Extension | None:
    """Return the oldest request for more time that waits on one of these cases."""
    ids = [case.id for case in to_confirm]
    statement = (
        select(Extension)
        .where(col(Extension.assignment_id).in_(ids), col(Extension.decision).is_(None))
        .order_by(col(Extension.id))
    )
    return (await session.exec(statement)).first()


def _find_case_to_report(
    task_cases: Sequence[AssignmentCase], request: Request
) -> AssignmentCase | None:
    """Return the next case that the sender may report on, one of their own agency first.

    If a supervisor sees several agencies, it is not certain for which one: None.
    """
    posts = request.sender.agency_posts
    allowed = [c for c in task_cases if cases.explain_refusal(c, request, Action.REPORT) is None]
    own = [case for case in allowed if any(post.agency_id in case.agency_ids for post in posts)]
    if not own and len({case.assignment.agency_id for case in allowed}) > 1:
        return None
    return cases.find_next_case(own or allowed)


def make_extension_buttons(extension_id: int) -> list[list[Button]]:
    """Return the buttons with which a supervisor decides on a request for more time."""
    return [
        [
            make_button(say("button-grant"), "xyes", extension_id),
            make_button(say("button-other-day"), "xday", extension_id),
        ],
        [make_button(say("button-refuse"), "xno", extension_id)],
    ]


def make_decision_buttons(report_id: int) -> list[Button]:
    """Return the buttons with which a supervisor decides on a report."""
    return [
        make_button(say("button-confirm"), "conf", report_id),
        make_button(say("button-return"), "back", report_id),
    ]
