"""Looks up what a question asks: the text becomes a `Question`, the question a query of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.registry_names import RegistryNames
from language.questions.question import Question, merge_follow_up, resolve_alone
from language.questions.understanding import understand
from language.text import fold
from models.plans import Plan, Role
from models.queries.task_query import DayRange, TaskQuery
from models.queries.task_search import TaskPage, find_tasks

INTENTS_ABOUT_TASKS = frozenset({"list", "count", "show", "who", "when", "progress"})


@dataclass
class QuestionResult:
    """What a question came to: as understood, looked up in which plans, and the tasks found."""

    question: Question
    plans: list[Plan] = field(default_factory=list)
    query: TaskQuery | None = None
    tasks: TaskPage = field(default_factory=TaskPage)
    predecessors: tuple[str, ...] = ()  # predecessors whose tasks were taken in


def understand_question(
    text: str, scene: RegistryNames, who_agency: str | None, today: date, previous: Question | None
) -> Question:
    """The question that `text` asks, a follow-up joined with the one before it."""
    return join_follow_up(previous, read_question(text, scene, who_agency, today), today)


def read_question(text: str, scene: RegistryNames, who_agency: str | None, today: date) -> Question:
    """The question that `text` asks by itself."""
    plans = scene.list_plans_in_force(today)
    return understand(
        text,
        today,
        who_agency,
        scene.directory,
        plan_years=scene.find_year_span(plans),
        sections=[
            section.title for plan in plans for section in scene.sections.get(plan.id or 0, ())
        ],
        plans=[plan.number for plan in scene.plans if plan.number],
        vocabulary=scene.vocabulary.pieces,
        provinces=scene.provinces,
    )


def join_follow_up(previous: Question | None, asked: Question, today: date) -> Question:
    """A line that goes on with the one before, together with it; days to come leave "overdue" behind."""
    if previous is None:
        return resolve_alone(asked)
    if not asked.follow_up:
        return asked
    both = merge_follow_up(previous, asked)
    ahead = both.due is not None and both.due[0] is not None and both.due[0] > today
    return (
        replace(both, status=None)
        if ahead and both.status == "overdue" and "due" in asked.said
        else both
    )


async def look_up_tasks(
    session: AsyncSession, question: Question, scene: RegistryNames, today: date
) -> QuestionResult:
    """The tasks that `question` means (questions.md, rules 1 to 13)."""
    plans = scene.find_plans(question.plan) if question.plan else scene.list_plans_in_force(today)
    result = QuestionResult(question, plans)
    if question.task is not None:
        result.query = TaskQuery(today=today)
        result.tasks = TaskPage(own=[question.task])
        return result
    if (
        question.intent not in INTENTS_ABOUT_TASKS
        or question.unknown_agency
        or question.candidates
        or question.needs_agency
        or question.unheld
        or not plans
    ):
        return result
    result.query, result.predecessors = _make_query(question, scene, plans, today)
    result.tasks = await find_tasks(session, result.query)
    return result


def _make_query(
    question: Question, scene: RegistryNames, plans: Sequence[Plan], today: date
) -> tuple[TaskQuery, tuple[str, ...]]:
    plan_ids = tuple(p.id for p in plans if p.id is not None)
    ids, collectives, former = _collect_agencies(question, scene, today)
    sections: tuple[int, ...] = ()
    if question.section:
        wanted = fold(question.section)
        sections = tuple(
            s.id
            for plan_id in plan_ids
            for s in scene.sections.get(plan_id, ())
            if s.folded == wanted and s.id
        )
    others: tuple[int, ...] | None = None
    if question.others:
        other_ids, other_collectives, _ = _collect_agencies(
            replace(question, agencies=question.others), scene, today
        )
        others = (*(other_ids or ()), *other_collectives)
    numeral = question.section if question.section and not sections else None
    due = None
    if question.due is not None:
        due = DayRange(*question.due, question.single)
    return (
        TaskQuery(
            today=today,
            plans=plan_ids,
            agencies=ids,
            collectives=collectives,
            role=question.role or Role.LEAD,
            status=question.status,
            due=due,
            code=question.code,
            sections=sections,
            numeral=numeral,
            words=question.search_words,
            others=others,
        ),
        former,
    )


def _collect_agencies(
    question: Question, scene: RegistryNames, today: date
) -> tuple[tuple[int, ...] | None, tuple[int, ...], tuple[str, ...]]:
    """Ids of the agencies asked about, of the collectives they belong to, and the names of those merged into them."""
    if not question.agencies:
        return None, (), ()
    ids: list[int] = []
    collectives: list[int] = []
    former: list[str] = []
    for name in question.agencies:
        agency_id = scene.agency_ids.get(name)
        if agency_id is not None:
            ids.append(agency_id)
            merged = [
                before for before, since in scene.predecessors.get(agency_id, ()) if since <= today
            ]
            ids += merged
            former += [scene.agency_names[before] for before in merged]
        known = (
            scene.agency_ids.get(collective)
            for collective in scene.directory.find_collectives(name)
        )
        collectives.extend(collective for collective in known if collective is not None)
    return tuple(ids), tuple(c for c in dict.fromkeys(collectives) if c not in ids), tuple(former)
