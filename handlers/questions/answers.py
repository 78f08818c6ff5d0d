"""Composes the answer to a question that was looked up: tasks, one task, or why there are none.

Looking up is for `look_up`, the sentences themselves are in `locales/vi/messages.ftl`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import rights, task_lines
from handlers.conversation.refusals import refuse_button
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import Request
from handlers.people import welcome
from handlers.questions.facts import compose_facts
from handlers.questions.filters import (
    LONGEST_PART,
    describe_filters,
    keeps_scope,
    make_change_button,
    make_plan_buttons,
)
from handlers.questions.look_up import QuestionResult
from handlers.questions.progress import compose_progress
from handlers.work.state import describe_papers
from handlers.work.task_buttons import make_task_buttons
from language.questions.question import UNKNOWN, Question
from language.search import list_search_words
from language.times.calendars import Calendar
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from locales.phrases import describe_last_day, join_beside, shorten_text
from models.plans import Role
from models.queries.figures import find_printed_days
from models.queries.task_query import TaskQuery, find_meant_assignments
from models.queries.task_search import find_first_tasks, find_tasks
from models.queries.task_view import TaskView, load_milestones, load_task_views
from models.queries.text_search import rank_tasks

TASKS_PER_PAGE = 10  # tasks of one page
MOST_OFFERED = 3  # tasks offered for a line that is not understood
MOST_IN_TURN = 5  # tasks of one line that are answered in turn
MOST_OF_SUBJECT = 3  # tasks shown on a subject of which the filters leave nothing
_UNSUPPORTED_MANNERS = {
    "change": "no-change-here",
    "exception": "no-exceptions",
    "lunar": "no-lunar-days",
    "receiver": "no-receivers",
}  # understood, but not what the bot can do


def may_see_all(request: Request) -> bool:
    """Return whether the sender may see every agency's tasks."""
    return rights.may_see_all(request.sender, own_agency_only=request.app.options.own_agency_only)


async def may_see_task(session: AsyncSession, request: Request, view: TaskView) -> bool:
    """Return whether the sender may see this task.

    If only their own agency's tasks are open to them, the agency or its collective has a part.
    """
    if may_see_all(request):
        return True
    directory = (await request.app.load_registry_names(session)).directory
    own = set(request.sender.seen_agencies)
    own |= {collective for agency in own for collective in directory.find_collectives(agency)}
    assigned_names = {name for _, name in view.assignments}
    return not own.isdisjoint({*view.leads, *view.partners, *assigned_names})


async def refuse_unseen_task(
    session: AsyncSession, request: Request, task_id: int
) -> Answer | None:
    """Return why the sender may not be told of a task; None if they may see it."""
    views = await load_task_views(session, [task_id])
    if not views:
        return refuse_button()
    may_see = await may_see_task(session, request, views[0])
    return None if may_see else make_answer(say("not-your-task"))


def find_list_index(item: int, count: int) -> int | None:
    """Return the index of a line from its number in a list of `count` lines.

    A number below 0 means the last line; None if the list has no such line.
    """
    if item < 0 < count:
        return count - 1
    return item - 1 if 1 <= item <= count else None


async def compose_answer(
    session: AsyncSession,
    result: QuestionResult,
    names: RegistryNames,
    request: Request,
    offset: int = 0,
) -> Answer:
    """Return the answer to a question that was looked up; a list begins at task `offset`."""
    question, ids = result.question, result.tasks.all_ids
    without_tasks = await _compose_without_tasks(session, result, names, request)
    if without_tasks is not None:
        return without_tasks
    narrowed = question.words is not None or question.due is not None
    if question.intent == "progress" and (ids or question.comparison is not None or not narrowed):
        return await compose_progress(session, result, names)
    if not ids:
        return await _compose_nothing_found(session, result, names, request)
    if question.item is not None:
        index = find_list_index(question.item, len(ids))
        if index is None:
            return make_answer(say("no-such-line", count=len(ids)))
        return await _compose_one_task(session, question, request, ids[index])
    if question.more_codes and len(ids) <= MOST_IN_TURN:
        return await _compose_in_turn(session, question, request, ids)
    if question.intent in ("show", "who", "when") and len(ids) == 1:
        return await _compose_one_task(session, question, request, ids[0])
    return await _compose_page(session, result, names, request, offset)


async def _compose_without_tasks(
    session: AsyncSession, result: QuestionResult, names: RegistryNames, request: Request
) -> Answer | None:
    """Return the answer to small talk, to what cannot be answered, and to a question for facts."""
    question = result.question
    if question.intent in ("help", "greeting"):
        return await _compose_small_talk(request, question)
    if question == UNKNOWN and (offered := await _offer_tasks(session, request, names)):
        return offered
    unanswerable = explain_unanswerable(result, request)
    if unanswerable is not None:
        return unanswerable
    if question.manner in ("plan", "look"):
        return await compose_facts(session, result, names)
    return None


async def _offer_tasks(
    session: AsyncSession, request: Request, names: RegistryNames
) -> Answer | None:
    """Return the tasks that the words of a line not understood come near to, as buttons."""
    plans = tuple(plan.id for plan in names.list_plans_in_force(request.today))
    words = list_search_words(request.incoming.text)
    if not plans or not may_see_all(request):
        return None
    views = await load_task_views(session, await rank_tasks(session, words, plans, MOST_OFFERED))
    if not views:
        return None
    rows = [
        [
            make_button(
                say(
                    "button-task",
                    key=view.task.key,
                    title=shorten_text(view.task.title, LONGEST_PART),
                ),
                "show",
                view.task.id,
            )
        ]
        for view in views
    ]
    return make_answer(say("not-understood-offer"), buttons=rows)


def explain_unanswerable(result: QuestionResult, request: Request) -> Answer | None:
    """Return why nothing was looked up, with agencies to choose from; None if it was."""
    question = result.question
    if question.intent == "unknown":
        return make_answer(_explain_not_understood(question))
    if question.candidates:
        return make_answer(say("agency-which"), buttons=_make_choice_buttons(question.candidates))
    if question.unknown_agency:
        name = shorten_text(question.unknown_agency, LONGEST_PART)
        message = "agency-unknown" if question.nearest else "agency-unknown-alone"
        buttons = _make_choice_buttons(question.nearest)
        return make_answer(say(message, name=name), buttons=buttons)
    if question.needs_agency:
        return make_answer(say("agency-needed"))
    if question.unheld:
        words = shorten_text(question.words or request.incoming.text, LONGEST_PART)
        return make_answer(say("no-task-about", words=words))
    if not result.plans or (result.query is None and question.manner != "plan"):
        plan = question.plan
        return make_answer(say("no-such-plan", plan=plan) if plan else say("no-plan"))
    return None


def _explain_not_understood(question: Question) -> Sentence:
    """Return why a text is no question that the bot can answer."""
    if question.unknown_day is not None:
        return say("no-such-day", day=question.unknown_day)
    if question.manner == "not_kept":
        return say("not-kept", name=shorten_text(question.ignored or "", LONGEST_PART))
    if question.manner in _UNSUPPORTED_MANNERS:
        return say(_UNSUPPORTED_MANNERS[question.manner])
    return say("which-task" if question.it else "not-understood")


async def _compose_page(
    session: AsyncSession,
    result: QuestionResult,
    names: RegistryNames,
    request: Request,
    offset: int,
) -> Answer:
    """Return one page of a list: what was understood, the tasks, buttons to go on or to narrow."""
    own, ids, query = len(result.tasks.own), result.tasks.all_ids, result.query
    if offset >= len(ids):
        offset = (len(ids) - 1) // TASKS_PER_PAGE * TASKS_PER_PAGE
    page_ids = ids[offset : offset + (result.question.first or TASKS_PER_PAGE)]
    agency_ids: list[int] | None = None  # whose deadlines the lines are about
    if query is not None and query.role == Role.LEAD and query.agencies is not None:
        agency_ids = [*query.agencies, *query.collectives]
    several_plans = len(result.plans) > 1
    one_agency = len(result.question.agencies) == 1 and agency_ids is not None
    blocks = [
        _format_count(result),
        say("understood-as", filters=join_beside(describe_filters(result, names))),
    ]
    blocks[1:1] = await _count_by_agency(session, result, names)
    blocks[1:1] = await _count_part(session, result)
    views = await load_task_views(session, page_ids)
    meant = await find_meant_assignments(session, query, page_ids) if query is not None else ()
    for place, view in enumerate(views, start=offset):
        if place == own and place >= offset and result.tasks.shared:
            blocks.append(_format_shared_head(result, names))
        blocks.append(
            task_lines.format_task_line(
                place + 1,
                view,
                request.today,
                agency_ids,
                due=query.due if query is not None else None,
                meant=meant,
                plan=several_plans,
                leads=not one_agency or bool(result.predecessors),
            )
        )
    blocks += await _describe_printed_days(session, result)
    last = offset + len(page_ids)
    if last < len(ids):
        blocks.append(say("list-rest", first=offset + 1, last=last, count=len(ids)))
    return make_answer(*blocks, buttons=_make_list_buttons(result, names, page_ids, offset))


async def _compose_small_talk(request: Request, question: Question) -> Answer:
    """Return help, or the reply to a greeting or thanks.

    Somebody who is known by the agency alone is not called by its name.
    """
    if question.intent == "help":
        return await welcome.show_help(request)
    if question.manner is not None:
        return make_answer(say(f"greeting-{question.manner}"))
    if request.sender.name in {post.agency for post in request.sender.agency_posts}:
        return make_answer(say("greeting-agency", name=request.sender.name))
    return await welcome.answer_greeting(request)


async def _count_part(session: AsyncSession, result: QuestionResult) -> list[Sentence]:
    """Return how many of the tasks stand as the part that is told apart; empty without one."""
    among, query = result.question.among, result.query
    if among is None or query is None:
        return []
    found = await find_tasks(session, replace(query, status=among))
    state = say(f"filter-{among.replace('_', '-')}")
    return [say("count-among", filter=state, count=len(found.all_ids))]


async def _count_by_agency(
    session: AsyncSession, result: QuestionResult, names: RegistryNames
) -> list[Sentence]:
    """Return how many tasks each of several agencies has, if a number is asked for."""
    question, query = result.question, result.query
    if query is None or question.intent != "count" or len(question.agencies) < 2:
        return []
    blocks = []
    for name in question.agencies[:MOST_IN_TURN]:
        agency = names.agency_ids.get(name)
        mine = (agency,) if agency is not None else ()
        shared = tuple(
            names.agency_ids[c]
            for c in names.directory.find_collectives(name)
            if c in names.agency_ids
        )
        found = await find_tasks(session, replace(query, agencies=mine, collectives=shared))
        blocks.append(say("count-of-agency", agency=name, count=len(found.all_ids)))
    return blocks


def _format_count(result: QuestionResult) -> Sentence:
    """Return how many tasks there are: given by name, through a collective, or both."""
    own, shared = len(result.tasks.own), len(result.tasks.shared)
    if own and shared:
        return say("count-both", count=own + shared, own=own, shared=shared)
    if shared:
        return say("count-shared", count=shared)
    return say("count", count=own)


def _format_shared_head(result: QuestionResult, names: RegistryNames) -> Sentence:
    """Return the heading above the tasks that a collective leads."""
    ids = result.query.collectives if result.query else ()
    collectives = tuple(names.agency_names[agency_id] for agency_id in ids)
    return say("shared-head", names=collectives, count=len(result.tasks.shared))


async def _describe_printed_days(session: AsyncSession, result: QuestionResult) -> list[Sentence]:
    """Return a note for each printed day in the days asked about (docs/dev/questions.md rule 3)."""
    if result.query is None:
        return []
    return [
        say("printed-note", count=count, printed=printed, day=day)
        for printed, day, count in await find_printed_days(session, result.query)
    ]


_ANY_STATE: dict[str, Any] = dict.fromkeys(("status", "kind", "every", "done_in", "due"))
"""The fields of a query that say how work stands, each open."""


async def _describe_subject(
    session: AsyncSession,
    result: QuestionResult,
    names: RegistryNames,
    request: Request,
    rows: list[list[Button]],
) -> list[Sentence]:
    """Return how a subject stands that exists though the other filters leave nothing of it.

    The buttons of its tasks are added to `rows`. Empty if there is no subject or nothing on it.
    """
    query = result.query
    if query is None or not query.words or not may_see_all(request):
        return []
    words = shorten_text(result.question.words or "", LONGEST_PART)
    theirs = replace(query, **_ANY_STATE) if query.agencies and not query.others else query
    ids, count = await find_first_tasks(session, theirs, MOST_OF_SUBJECT)
    agency_ids = [*(query.agencies or ()), *query.collectives] if ids else None
    everything = TaskQuery(query.today, plans=query.plans, words=query.words)
    if not ids and everything != query:
        ids, count = await find_first_tasks(session, everything, MOST_OF_SUBJECT)
    if not ids:
        return []
    asked = result.question
    rest = replace(asked, words=None, agencies=() if agency_ids else asked.agencies)
    filters = join_beside(describe_filters(replace(result, question=rest), names))
    agencies = asked.agencies
    message = "subject-exists-of" if agency_ids else "subject-exists"
    blocks = [say(message, words=words, count=count, filters=filters, agencies=agencies)]
    views = await load_task_views(session, ids)
    for place, view in enumerate(views, start=1):
        line = task_lines.format_task_line(place, view, request.today, agency_ids, plan=False)
        blocks.append(line)
    rows.append(
        [
            make_button(say("button-number", number=str(place)), "show", view.task.id)
            for place, view in enumerate(views, start=1)
        ]
    )
    return blocks


async def _compose_nothing_found(
    session: AsyncSession, result: QuestionResult, names: RegistryNames, request: Request
) -> Answer:
    """Return that there is no task, and what there is in the other role or for each member."""
    question, query = result.question, result.query
    rows: list[list[Button]] = []
    blocks = await _describe_subject(session, result, names, request, rows)
    if not blocks:
        blocks = [say("nothing-found", filters=join_beside(describe_filters(result, names)))]
    if query is not None and question.agencies and question.role != "any":
        other = Role.PARTNER if (question.role or Role.LEAD) == Role.LEAD else Role.LEAD
        there = await find_tasks(session, replace(query, role=other))
        if there.all_ids:
            blocks.append(
                say(f"but-{other}", count=len(there.all_ids), agencies=len(question.agencies))
            )
            rows.append([make_change_button(f"r{other[0]}", f"button-role-{other}")])
    if query is not None and _are_all_collectives(question, names):
        there = await find_tasks(session, replace(query, agencies=None, collectives=()))
        if there.all_ids:
            blocks.append(say("but-each", count=len(there.all_ids)))
            rows.append([make_change_button("e", "button-each")])
    if question.status or question.due:
        rows.append([make_change_button("sn", "button-all-statuses")])
    if keeps_scope(question):
        rows.append([make_change_button("e", "button-everybody")])
    blocks += await _describe_printed_days(session, result)
    return make_answer(*blocks, buttons=rows)


def _are_all_collectives(question: Question, names: RegistryNames) -> bool:
    """Return whether all agencies asked about are collectives.

    A collective is meant by its name only (docs/dev/questions.md rule 1).
    """
    return {names.directory.find_kind(name) for name in question.agencies} == {"collective"}


def _make_list_buttons(
    result: QuestionResult, names: RegistryNames, page_ids: Sequence[int], offset: int
) -> list[list[Button]]:
    """Return the buttons below a page: its tasks, other pages, other filters, other plans."""
    numbers = [
        make_button(say("button-number", number=str(offset + place)), "show", task_id)
        for place, task_id in enumerate(page_ids, start=1)
    ]
    rows = [numbers[:5], numbers[5:]]
    page_buttons = []
    if offset > 0:
        page_buttons.append(
            make_change_button(f"p{max(offset - TASKS_PER_PAGE, 0)}", "button-before")
        )
    after = offset + len(page_ids)
    if after < len(result.tasks.all_ids):
        page_buttons.append(make_change_button(f"p{after}", "button-after"))
    cancelled = result.question.status == "cancelled"  # nothing to do: no row of a sheet
    file_buttons = [] if cancelled else [Button(say("button-file-xlsx"), "file:xlsx")]
    return [
        *(*rows, page_buttons, _make_filter_buttons(result), file_buttons),
        make_plan_buttons(result, names),
    ]


def _make_filter_buttons(result: QuestionResult) -> list[Button]:
    """Return buttons that ask the same in another role or status, or the other reading."""
    question = result.question
    row = []
    if keeps_scope(question):
        row.append(make_change_button("e", "button-everybody"))
    if question.agencies and question.role != Role.PARTNER:
        row.append(make_change_button("rp", "button-role-partner"))
    elif question.agencies:
        row.append(make_change_button("rl", "button-role-lead"))
    if question.status is None:
        row += [
            make_change_button("su", "button-unfinished"),
            make_change_button("so", "button-overdue"),
        ]
    else:
        row.append(make_change_button("sn", "button-all-statuses"))
    if question.second is not None:
        row.append(make_change_button("2", "button-second"))
    return row


def _make_choice_buttons(names: Sequence[str]) -> list[list[Button]]:
    """Return a button for each agency that may be meant."""
    return [
        [make_button(say("plain", text=shorten_text(name, LONGEST_PART)), "q", f"a{place}")]
        for place, name in enumerate(names)
    ]


async def _compose_in_turn(
    session: AsyncSession, question: Question, request: Request, ids: Sequence[int]
) -> Answer:
    """Return the answers about several tasks that one line names, in their order in the plan."""
    alone = replace(question, more_codes=(), second=None)
    answers = [await _compose_one_task(session, alone, request, number) for number in ids]
    blocks = [block for answer in answers for block in answer.blocks]
    buttons = [
        make_button(say("button-number", number=str(place)), "show", number)
        for place, number in enumerate(ids, start=1)
    ]
    return make_answer(*blocks, buttons=[buttons])


async def _compose_one_task(
    session: AsyncSession, question: Question, request: Request, task_id: int
) -> Answer:
    """Return the answer about one task: the thing asked for first, then the task."""
    if question.intent not in ("who", "when"):
        return await compose_whole_task(session, request, task_id)
    views = await load_task_views(session, [task_id])
    if not views:  # taken out of the registry since it was shown
        return make_answer(say("which-task"))
    view = views[0]
    if not await may_see_task(session, request, view):
        return make_answer(say("not-your-task"))
    head = say("task-head", key=view.task.key, title=view.task.title)
    if question.intent == "who":
        blocks = [_format_agencies(question, view), head]
    else:
        blocks = [head, *await _describe_deadline(session, view, request)]
    upcoming = view.find_next_open()
    if upcoming is not None and upcoming.last_day is not None:
        blocks.append(say("when-next", when=describe_last_day(upcoming.last_day, request.today)))
    return make_answer(*blocks, buttons=[[make_button(say("button-detail"), "show", task_id)]])


def _format_agencies(question: Question, view: TaskView) -> Sentence:
    """Return who leads the task, or who takes part in it if that was asked."""
    role = Role.PARTNER if question.role == Role.PARTNER else Role.LEAD
    agencies = view.partners if role == Role.PARTNER else view.leads
    return say(f"who-{role}" if agencies else "who-none", names=tuple(agencies))


async def _describe_deadline(
    session: AsyncSession, view: TaskView, request: Request
) -> list[Sentence]:
    """Return the deadline as printed, and what each of its milestones means."""
    milestones = await load_milestones(session, view.task.id)
    printed = view.task.deadline_text
    blocks = [say("task-printed", text=printed)] if printed else []
    blocks += [task_lines.format_milestone(m, request.today, Calendar()) for m in milestones]
    return blocks if milestones else [*blocks, say("when-none")]


async def compose_whole_task(session: AsyncSession, request: Request, task_id: int) -> Answer:
    """Return one task whole, with the buttons for what the sender may do with it."""
    views = await load_task_views(session, [task_id])
    if not views:
        return refuse_button()
    if not await may_see_task(session, request, views[0]):
        return make_answer(say("not-your-task"))
    milestones = await load_milestones(session, task_id)
    rows = await make_task_buttons(request, session, views[0])
    blocks = task_lines.format_whole_task(views[0], milestones, request.today, Calendar())
    blocks += await describe_papers(session, task_id)
    return make_answer(*blocks, buttons=rows)
