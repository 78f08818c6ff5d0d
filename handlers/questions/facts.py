"""Says what is no list of tasks: a plan's own number and day, who has not joined, the one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import task_lines
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from handlers.questions.filters import describe_filters, make_change_button, make_plan_buttons
from handlers.questions.look_up import QuestionResult
from handlers.reminders.chat_rules import load_current_rules
from locales.answer import Answer, Sentence, make_answer, make_button, say
from locales.phrases import join_beside
from models.plans import Plan
from models.queries.task_query import DayRange, TaskQuery, find_meant_assignments
from models.queries.task_search import find_tasks
from models.queries.task_view import load_task_views
from scheduler import audience

MOST_PLANS = 3  # described in one answer
MOST_AGENCIES = 20  # named in one answer
DAYS_AHEAD = 7  # of the one look
MOST_OF_KIND = 5  # tasks of the one look that are late, and that come up
_WAITING = ("reported", "extension_asked")


async def compose_facts(
    session: AsyncSession, result: QuestionResult, names: RegistryNames
) -> Answer:
    """Return the plan's own facts, or the one look."""
    if result.question.manner == "plan":
        return _describe_plans(result, names)
    return await _compose_look(session, result, names)


def _describe_plans(result: QuestionResult, names: RegistryNames) -> Answer:
    """Return the plans' own facts: title, number, day, issuer and years."""
    blocks = [block for plan in result.plans[:MOST_PLANS] for block in _describe_plan(plan)]
    if len(result.plans) > MOST_PLANS:
        blocks.append(say("and-more-plans", count=len(result.plans) - MOST_PLANS))
    return make_answer(*blocks, buttons=[make_plan_buttons(result, names)])


def _describe_plan(plan: Plan) -> list[Sentence]:
    blocks = [say("plan-fact-title", title=plan.title)]
    blocks.append(
        say("plan-fact-number", number=plan.number) if plan.number else say("plan-fact-no-number")
    )
    blocks.append(
        say("plan-fact-day", day=plan.issued_on) if plan.issued_on else say("plan-fact-no-day")
    )
    if plan.issuer:
        blocks.append(say("plan-fact-issuer", issuer=plan.issuer))
    return blocks


async def compose_not_joined(session: AsyncSession, request: Request) -> Answer:
    """Return which agencies have work and nobody who gets the reminders."""
    if not request.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("not-joined-not-allowed"))
    rules = await load_current_rules(session, request)
    names, collectives = await audience.list_unreached_agencies(session, request.today, rules)
    if not names and not collectives:
        return make_answer(say("not-joined-none"))
    blocks = [say("not-joined", count=len(names))] if names else []
    blocks += [say("bullet", text=name) for name in names[:MOST_AGENCIES]]
    if len(names) > MOST_AGENCIES:
        blocks.append(say("and-more-agencies", count=len(names) - MOST_AGENCIES))
    if collectives:
        blocks.append(say("collectives-not-joined", names=tuple(collectives)))
    return make_answer(*blocks, say("not-joined-next"))


async def _compose_look(
    session: AsyncSession, result: QuestionResult, names: RegistryNames
) -> Answer:
    """Return the one look: what is late, what comes up within days, and what waits."""
    query = result.query
    if query is None:
        return make_answer(say("no-plan"))
    filters = join_beside(describe_filters(result, names))
    blocks = [say("look-head", day=query.today, filters=filters)]
    shown: list[int] = []
    soon = DayRange(query.today, query.today + timedelta(days=DAYS_AHEAD))
    for name, narrowed in (
        ("late", replace(query, due=None, status="overdue")),
        ("soon", replace(query, due=soon, status="unfinished")),
    ):
        ids = (await find_tasks(session, narrowed)).all_ids
        if ids:
            blocks.append(say(f"look-{name}", count=len(ids), days=DAYS_AHEAD))
            fresh = [number for number in ids if number not in shown][:MOST_OF_KIND]
            blocks += await _format_lines(session, narrowed, fresh, len(shown))
            shown += fresh
    counts = {
        status: len((await find_tasks(session, replace(query, due=None, status=status))).all_ids)
        for status in _WAITING
    }
    if any(counts.values()):
        reported, asked = counts.values()
        blocks.append(say("look-waiting", reported=reported, asked=asked))
    if len(blocks) == 1:
        blocks.append(say("look-nothing", days=DAYS_AHEAD))
    numbers = [
        make_button(say("button-number", number=str(place)), "show", number)
        for place, number in enumerate(shown, start=1)
    ]
    lists = [
        make_change_button("Lo", "button-overdue"),
        make_change_button("Lu", "button-unfinished"),
    ]
    return make_answer(*blocks, buttons=[numbers[:MOST_OF_KIND], numbers[MOST_OF_KIND:], lists])


async def _format_lines(
    session: AsyncSession, query: TaskQuery, ids: Sequence[int], before: int
) -> list[Sentence]:
    """Return a line for each task, numbered on from `before`."""
    meant = await find_meant_assignments(session, query, ids)
    return [
        task_lines.format_task_line(
            place,
            view,
            query.today,
            query.agencies,
            due=query.due,
            meant=meant,
            leads=query.agencies is None,
        )
        for place, view in enumerate(await load_task_views(session, ids), start=before + 1)
    ]
