"""Looks up what a question asks: a text becomes a `Question`, and that a query of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.registry_names import RegistryNames
from handlers.questions.bare_numbers import add_task_word, mend_question
from language.questions.question import FIGURES, Question, merge_follow_up, resolve_alone
from language.questions.understanding import understand
from language.search import choose_search_words, split_pieces
from language.text import fold
from models.plans import Plan, Role
from models.queries.task_query import DayRange, TaskQuery
from models.queries.task_search import TaskPage, find_tasks

INTENTS_ABOUT_TASKS = frozenset({"list", "count", "show", "who", "when", "progress"})

MOST_LISTED = 500  # tasks of a list that are kept as shown

KIND_STATUSES = {"recurring": "recurring", "ongoing": "ongoing", "by_regulation": "regulation"}
"""Kinds of milestones that a question asks for as a status, by that."""


@dataclass
class QuestionResult:
    """A question with the plans it is about, the query that was made of it, and the tasks."""

    question: Question
    plans: list[Plan] = field(default_factory=list)
    query: TaskQuery | None = None
    tasks: TaskPage = field(default_factory=TaskPage)
    predecessors: tuple[str, ...] = ()  # names of predecessors whose tasks are among them


def understand_question(
    text: str, names: RegistryNames, agency: str | None, today: date, previous: Question | None
) -> Question:
    """Return the question that `text` asks; a follow-up is joined with the one before it."""
    return join_follow_up(previous, read_question(text, names, agency, today), today)


def read_question(text: str, names: RegistryNames, agency: str | None, today: date) -> Question:
    """Return the question that `text` asks by itself; `agency` is the sender's own."""
    question = _read_text(text, names, agency, today)
    numbered = add_task_word(text) if question.intent == "unknown" else None
    if numbered is not None:
        question = _read_text(numbered, names, agency, today)
    return mend_question(question)


def _read_text(text: str, names: RegistryNames, agency: str | None, today: date) -> Question:
    plans = names.list_plans_in_force(today)
    question = understand(
        text,
        today,
        agency,
        names.directory,
        plan_years=names.find_year_span(plans),
        sections=[section.title for plan in plans for section in names.sections.get(plan.id, ())],
        plans=[plan.number for plan in names.plans if plan.number],
        vocabulary=names.vocabulary.pieces,
        provinces=names.provinces,
        titles=[plan.title for plan in plans],
    )
    named = next((plan for plan in plans if plan.title == question.plan), None)
    return replace(question, plan=named.number) if named and named.number else question


def join_follow_up(previous: Question | None, question: Question, today: date) -> Question:
    """Return the question joined with the one before it, if it goes on with it.

    If it names days to come, "overdue" of the question before no longer holds, and the days of the
    question before do not if it asks for what is overdue.
    """
    if question.bare and question.intent == "progress" and previous and previous.task is not None:
        return Question("show", follow_up=True, it=True, task=previous.task)
    if question.elliptic and previous is not None and not _shows_several(previous):
        previous = None
    if previous is None:
        return resolve_alone(question)
    if not question.follow_up and not question.elliptic:
        return question
    both = _renew_days_of_work(merge_follow_up(previous, question), question, today)
    ahead = both.due is not None and both.due[0] is not None and both.due[0] > today
    if ahead and both.status == "overdue":  # what the line says itself holds
        if "due" in question.said:
            return replace(both, status=None)
        return replace(both, due=None, single=False)
    return both


def _renew_days_of_work(both: Question, question: Question, today: date) -> Question:
    """Return the joined question with the days of the line instead of those before it.

    Days that are past are those in which work was done, others are those of deadlines.
    """
    if both.done_in is None or both.due is None or "due" not in question.said:
        return both
    last = both.due[1]
    if last is not None and last <= today:
        return replace(both, done_in=both.due, due=None, single=False)
    return replace(both, done_in=None, status=question.status)


def _shows_several(question: Question) -> bool:
    """Return whether the answer was about several tasks, or about one of such a list."""
    return question.intent in FIGURES or question.item is not None


async def look_up_tasks(
    session: AsyncSession, question: Question, names: RegistryNames, today: date
) -> QuestionResult:
    """Return the tasks that `question` means (docs/dev/questions.md rules 1 to 13)."""
    plans = names.find_plans(question.plan) if question.plan else names.list_plans_in_force(today)
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
        or question.manner == "plan"
        or not plans
    ):
        return result
    result.query, result.predecessors = _make_query(question, names, plans, today)
    result.tasks = _keep_list_as_shown(question, await find_tasks(session, result.query))
    if not result.tasks.all_ids and question.words:
        return await _look_up_held_state(session, result, names) or result
    return result


async def _look_up_held_state(
    session: AsyncSession, result: QuestionResult, names: RegistryNames
) -> QuestionResult | None:
    """Return the tasks whose subject holds the words of the state: "hồ sơ ... quá hạn".

    None if the other reading is none of this kind, or what it finds does not hold them.
    """
    question, query = result.question, result.query
    other, subject = question.second, question.words or ""
    said = (other.words or "").removeprefix(subject) if other is not None else ""
    if other is None or query is None or other.status or said in ("", other.words):
        return None
    pairs = tuple(piece for piece in split_pieces(said) if " " in piece)
    holders = await find_tasks(session, TaskQuery(query.today, plans=query.plans, words=pairs))
    found = await look_up_tasks(session, other, names, query.today)
    return found if found.tasks.all_ids and {*found.tasks.all_ids} <= {*holders.all_ids} else None


def _keep_list_as_shown(question: Question, found: TaskPage) -> TaskPage:
    """Return the tasks of the list that was shown, then what was not shown of it.

    So a page or a line is where it was, whatever was done in between. If no list was shown, they
    are those found now.
    """
    shown = {*question.listed_own, *question.listed_shared}
    if not shown:
        return found
    if len(shown) < MOST_LISTED:
        return TaskPage([*question.listed_own], [*question.listed_shared])
    return TaskPage(
        [*question.listed_own, *(task for task in found.own if task not in shown)],
        [*question.listed_shared, *(task for task in found.shared if task not in shown)],
    )


def note_list(question: Question, tasks: TaskPage) -> Question:
    """Return the question with the tasks of its list, as kept for pages and lines of it."""
    own = tuple(tasks.own[:MOST_LISTED])
    shared = tuple(tasks.shared[: MOST_LISTED - len(own)])
    return replace(question, listed_own=own, listed_shared=shared)


def _make_query(
    question: Question, names: RegistryNames, plans: Sequence[Plan], today: date
) -> tuple[TaskQuery, tuple[str, ...]]:
    """Return the query of a question, and the names of predecessors whose tasks it includes."""
    plan_ids = tuple(p.id for p in plans)
    ids, collectives, predecessors = _collect_agencies(question.agencies, names, today)
    sections = _find_sections(question.section, names, plan_ids)
    others: tuple[int, ...] | None = None
    if question.others:
        other_ids, other_collectives, _ = _collect_agencies(question.others, names, today)
        others = (*(other_ids or ()), *other_collectives)
    query = TaskQuery(
        today=today,
        plans=plan_ids,
        agencies=ids,
        collectives=collectives,
        role=question.role or Role.LEAD,
        status=question.status if question.status not in KIND_STATUSES else None,
        kind=KIND_STATUSES.get(question.status or ""),
        every=question.every,
        done_in=DayRange(*question.done_in) if question.done_in is not None else None,
        due=DayRange(*question.due, question.single) if question.due is not None else None,
        code=question.code,
        more_codes=question.more_codes,
        sections=sections,
        numeral=question.section if question.section and not sections else None,
        words=question.search_words,
        parts=tuple(choose_search_words(part) for part in question.parts),
        others=others,
        together=question.together,
    )
    return query, predecessors


def _find_sections(
    title: str | None, names: RegistryNames, plan_ids: Sequence[int]
) -> tuple[int, ...]:
    """Return the ids of the sections of this title in the plans."""
    folded = fold(title) if title else None
    sections = (section for plan_id in plan_ids for section in names.sections.get(plan_id, ()))
    return tuple(s.id for s in sections if s.folded == folded and s.id)


def _collect_agencies(
    agencies: Sequence[str], names: RegistryNames, today: date
) -> tuple[tuple[int, ...] | None, tuple[int, ...], tuple[str, ...]]:
    """Return ids of the agencies asked about, and of their collectives, and names of predecessors.

    The ids of agencies that were merged into them are among the first; None if none is named.
    """
    if not agencies:
        return None, (), ()
    ids: list[int] = []
    collectives: list[int] = []
    predecessors: list[str] = []
    for name in agencies:
        agency_id = names.agency_ids.get(name)
        if agency_id is not None:
            ids.append(agency_id)
            merged_ids = names.list_merged_agencies(agency_id, today)
            ids += merged_ids
            predecessors += [names.agency_names[before] for before in merged_ids]
        collective_ids = (
            names.agency_ids.get(collective)
            for collective in names.directory.find_collectives(name)
        )
        collectives.extend(collective for collective in collective_ids if collective is not None)
    return (
        tuple(ids),
        tuple(c for c in dict.fromkeys(collectives) if c not in ids),
        tuple(predecessors),
    )
