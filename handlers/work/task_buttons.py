"""The buttons under a task: what the sender may do with it now."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.rights import Action
from handlers.conversation.turn import Request
from locales.answer import Button, say
from models.assignments import (
    Move,
    Status,
    is_move_possible,
)
from models.queries.task_view import TaskView


def make_case_buttons(case: AssignmentCase, *, undo: int | None = None) -> list[list[Button]]:
    """What the agency's person may press next on this case."""
    one = case.assignment
    rows: list[list[Button]] = []
    if is_move_possible(one, Move.REPORT):
        first = []
        if is_move_possible(one, Move.RECEIVE):
            first.append(Button(say("button-got"), f"got:{case.id}"))
        if one.status != Status.IN_PROGRESS:
            first.append(Button(say("button-work"), f"work:{case.id}"))
        rows.append(first)
        second = [Button(say("button-done"), f"done:{case.id}")]
        if one.last_day is not None:
            second.append(Button(say("button-more"), f"more:{case.id}"))
        rows.append(second)
    last = [Button(say("button-show"), f"show:{case.task.id}")]
    if undo is not None:
        last.append(Button(say("button-withdraw"), f"undo:{undo}"))
    return [*rows, last]


async def make_task_buttons(
    turn: Request, session: AsyncSession, seen: TaskView
) -> list[list[Button]]:
    """What the sender may press now under a task shown whole: report, ask for time, confirm, change; rows."""
    found = await cases.find_cases_of_task(session, seen.task.id or 0)
    rows: list[list[Button]] = []
    own = [c for c in found if cases.explain_refusal(c, turn, Action.REPORT) is None]
    if (
        not any(h.agency_id in c.agency_ids for c in own for h in turn.sender.agency_posts)
        and len(own) > 1
    ):
        agencies = {c.assignment.agency_id for c in own}
        own = own if len(agencies) == 1 else []  # whose would a supervisor report?
    mine = [
        c for c in own if any(h.agency_id in c.agency_ids for h in turn.sender.agency_posts)
    ] or own
    upcoming = cases.find_next_case(mine)
    if upcoming is not None:
        rows += make_case_buttons(upcoming)[:-1]
    waiting = cases.find_next_case(
        [c for c in found if c.may_do(turn, Action.CONFIRM)], [Status.REPORTED]
    )
    if (
        waiting is not None
        and (report := await cases.find_last_report(session, waiting.id)) is not None
    ):
        rows.append(make_decision_buttons(report.id or 0))
    if found and found[0].plan.closed_on is None and turn.may_do(Action.CHANGE_TASK):
        task = seen.task.id
        rows.append(
            [
                Button(say("button-change"), f"change:{task}"),
                Button(say("button-give"), f"give:{task}"),
            ]
        )
        rows[-1].append(Button(say("button-cancel-task"), f"cancel:{task}"))
    return rows


def make_decision_buttons(report_id: int) -> list[Button]:
    return [
        Button(say("button-confirm"), f"conf:{report_id}"),
        Button(say("button-return"), f"back:{report_id}"),
    ]
