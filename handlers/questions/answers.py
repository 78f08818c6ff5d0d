"""Composes the answer to a question that was looked up: a page of tasks, one task, or what there is instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import task_lines
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.turn import Request
from handlers.people import welcome as help_
from handlers.questions.filters import describe_filters, make_change_button, make_plan_buttons
from handlers.questions.look_up import QuestionResult
from handlers.questions.progress import compose_progress
from handlers.work.task_buttons import make_task_buttons
from language.questions.question import Question
from language.times.calendars import Calendar
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import describe_last_day, join_beside, shorten_text
from models.people import PostRole
from models.plans import Role
from models.queries.figures import find_printed_days
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from models.queries.task_view import TaskView, load_milestones, load_task_views

TASKS_PER_PAGE = 10  # tasks of one page
_ROLES_SEEING_ALL = (PostRole.ADMIN, PostRole.SUPERVISOR, PostRole.LEADER, PostRole.VIEWER)
_UNSUPPORTED_MANNERS = {
    "change": "no-change-here",
    "exception": "no-exceptions",
    "lunar": "no-lunar-days",
}  # understood, but not what the bot can do


def may_see_all(turn: Request) -> bool:
    """Whether the sender may see every agency's tasks."""
    return not turn.app.options.own_agency_only or turn.sender.has_role(*_ROLES_SEEING_ALL)


async def may_see_task(session: AsyncSession, turn: Request, seen: TaskView) -> bool:
    """Whether the sender may see this task: any, or one in which the own agency or its collective has a part."""
    if may_see_all(turn):
        return True
    directory = (await turn.app.load_registry_names(session)).directory
    own = {holding.agency for holding in turn.sender.agency_posts if holding.agency}
    own |= {collective for agency in own for collective in directory.find_collectives(agency)}
    held = {name for _, name in seen.assignments}
    return not own.isdisjoint({*seen.leads, *seen.partners, *held})


def find_list_index(item: int, count: int) -> int | None:
    """The index of a list's line from its number, -1 for the last line; None for one that the list has not."""
    if item < 0 < count:
        return count - 1
    return item - 1 if 1 <= item <= count else None


async def compose_answer(
    session: AsyncSession,
    result: QuestionResult,
    scene: RegistryNames,
    turn: Request,
    offset: int = 0,
) -> Answer:
    """The answer to a question that was looked up."""
    asked = result.question
    if asked.intent == "help":
        return await help_.show_help(turn)
    if asked.intent == "greeting":
        return await _compose_greeting(turn, asked)
    if asked.intent == "unknown":
        if asked.unknown_day is not None:
            return make_answer(say("no-such-day", day=asked.unknown_day))
        if asked.manner in _UNSUPPORTED_MANNERS:
            return make_answer(say(_UNSUPPORTED_MANNERS[asked.manner]))
        return make_answer(say("which-task" if asked.it else "not-understood"))
    if asked.candidates:
        return make_answer(say("agency-which"), buttons=_make_choice_buttons(asked.candidates))
    if asked.unknown_agency:
        name = shorten_text(asked.unknown_agency, 60)
        if not asked.nearest:
            return make_answer(say("agency-unknown-alone", name=name))
        return make_answer(
            say("agency-unknown", name=name), buttons=_make_choice_buttons(asked.nearest)
        )
    if asked.needs_agency:
        return make_answer(say("agency-needed"))
    if asked.unheld:
        return make_answer(
            say("no-task-about", words=shorten_text(asked.words or turn.incoming.text, 60))
        )
    if not result.plans or result.query is None:
        return make_answer(say("no-such-plan", plan=asked.plan) if asked.plan else say("no-plan"))
    if asked.intent == "progress":
        return await compose_progress(session, result, scene)
    ids = result.tasks.all_ids
    if not ids:
        return await _compose_nothing_found(session, result, scene)
    if asked.item is not None:
        line = find_list_index(asked.item, len(ids))
        return (
            await compose_whole_task(session, turn, ids[line])
            if line is not None
            else make_answer(say("no-such-line", count=len(ids)))
        )
    if asked.intent in ("show", "who", "when") and len(ids) == 1:
        return await _compose_one_task(session, result, turn, ids[0])
    return await _compose_page(session, result, scene, turn, offset)


async def _compose_page(
    session: AsyncSession, result: QuestionResult, scene: RegistryNames, turn: Request, offset: int
) -> Answer:
    own, ids = len(result.tasks.own), result.tasks.all_ids
    offset = max(0, min(offset, (len(ids) - 1) // TASKS_PER_PAGE * TASKS_PER_PAGE))
    shown = ids[offset : offset + TASKS_PER_PAGE]
    wanted = result.query
    mine = wanted.agencies if wanted is not None else None
    if wanted is not None and wanted.role != Role.LEAD:
        mine = None
    blocks = [
        _format_count(result),
        say("understood-as", filters=join_beside(describe_filters(result, scene))),
    ]
    several, by_name = (
        len(result.plans) > 1,
        len(result.question.agencies) != 1 or mine is None or bool(result.predecessors),
    )
    whose = _collect_line_agencies(mine, wanted)
    for place, seen in enumerate(await load_task_views(session, shown), start=offset):
        if place == own and place >= offset and result.tasks.shared:
            blocks.append(_format_shared_head(result, scene))
        blocks.append(
            task_lines.format_task_line(
                place + 1, seen, turn.today, whose, plan=several, leads=by_name
            )
        )
    blocks += await _describe_printed_days(session, result)
    if offset + TASKS_PER_PAGE < len(ids):
        blocks.append(say("list-rest", first=offset + 1, last=offset + len(shown), count=len(ids)))
    return make_answer(*blocks, buttons=_make_list_buttons(result, scene, shown, offset))


async def _compose_greeting(turn: Request, asked: Question) -> Answer:
    """A word for a kind word; somebody known by the agency alone is not called by its name."""
    if asked.manner is not None:
        return make_answer(say(f"greeting-{asked.manner}"))
    if turn.sender.name in {holding.agency for holding in turn.sender.agency_posts}:
        return make_answer(say("greeting-agency", name=turn.sender.name))
    return await help_.answer_greeting(turn)


def _collect_line_agencies(
    mine: Sequence[int] | None, wanted: TaskQuery | None
) -> list[int] | None:
    """Whose deadlines the lines tell: those of the agencies asked about and of their collectives."""
    return [*mine, *wanted.collectives] if mine is not None and wanted is not None else None


def _format_count(result: QuestionResult) -> Sentence:
    own, shared = len(result.tasks.own), len(result.tasks.shared)
    if own and shared:
        return say("count-both", count=own + shared, own=own, shared=shared)
    if shared:
        return say("count-shared", count=shared)
    return say("count", count=own)


def _format_shared_head(result: QuestionResult, scene: RegistryNames) -> Sentence:
    names = tuple(scene.agency_names[c] for c in result.query.collectives) if result.query else ()
    return say("shared-head", names=names, count=len(result.tasks.shared))


async def _describe_printed_days(session: AsyncSession, result: QuestionResult) -> list[Sentence]:
    if result.query is None:
        return []
    return [
        say("printed-note", count=count, printed=printed, day=day)
        for printed, day, count in await find_printed_days(session, result.query)
    ]


async def _compose_nothing_found(
    session: AsyncSession, result: QuestionResult, scene: RegistryNames
) -> Answer:
    """No task: said, with what there is in the other role, or without the narrowing."""
    asked, wanted = result.question, result.query
    blocks = [say("nothing-found", filters=join_beside(describe_filters(result, scene)))]
    rows: list[list[Button]] = []
    if wanted is not None and asked.agencies and asked.role != "any":
        other = Role.PARTNER if (asked.role or Role.LEAD) == Role.LEAD else Role.LEAD
        there = await find_tasks(session, replace(wanted, role=other))
        if there.all_ids:
            blocks.append(
                say(f"but-{other}", count=len(there.all_ids), agencies=len(asked.agencies))
            )
            rows.append([make_change_button(f"r{other[0]}", f"button-role-{other}")])
    if wanted is not None and _are_all_collectives(asked, scene):
        there = await find_tasks(session, replace(wanted, agencies=None, collectives=()))
        if there.all_ids:
            blocks.append(say("but-each", count=len(there.all_ids)))
            rows.append([make_change_button("e", "button-each")])
    if asked.status or asked.due:
        rows.append([make_change_button("sn", "button-all-statuses")])
    blocks += await _describe_printed_days(session, result)
    return make_answer(*blocks, buttons=rows)


def _are_all_collectives(asked: Question, scene: RegistryNames) -> bool:
    """Whether all the agencies asked about are collectives: they are meant by name only (rule 1)."""
    kinds = {scene.directory.find_kind(name) for name in asked.agencies}
    return kinds == {"collective"}


def _make_list_buttons(
    result: QuestionResult, scene: RegistryNames, shown: Sequence[int], offset: int
) -> list[list[Button]]:
    numbers = [
        Button(say("button-number", number=str(offset + place)), f"show:{task_id}")
        for place, task_id in enumerate(shown, start=1)
    ]
    rows = [numbers[:5], numbers[5:]]
    turning = []
    if offset > 0:
        turning.append(make_change_button(f"p{offset - TASKS_PER_PAGE}", "button-before"))
    if offset + TASKS_PER_PAGE < len(result.tasks.all_ids):
        turning.append(make_change_button(f"p{offset + TASKS_PER_PAGE}", "button-after"))
    return [*rows, turning, _make_filter_buttons(result), make_plan_buttons(result, scene)]


def _make_filter_buttons(result: QuestionResult) -> list[Button]:
    asked = result.question
    row = []
    if asked.agencies and asked.role != Role.PARTNER:
        row.append(make_change_button("rp", "button-role-partner"))
    elif asked.agencies:
        row.append(make_change_button("rl", "button-role-lead"))
    if asked.status is None:
        row += [
            make_change_button("su", "button-unfinished"),
            make_change_button("so", "button-overdue"),
        ]
    else:
        row.append(make_change_button("sn", "button-all-statuses"))
    if asked.second is not None:
        row.append(make_change_button("2", "button-second"))
    return row


def _make_choice_buttons(names: Sequence[str]) -> list[list[Button]]:
    return [
        [Button(say("plain", text=shorten_text(name, 60)), f"q:a{place}")]
        for place, name in enumerate(names)
    ]


async def _compose_one_task(
    session: AsyncSession, result: QuestionResult, turn: Request, task_id: int
) -> Answer:
    """A question about one task: the thing asked for first, then the task."""
    asked = result.question
    more = (
        [[Button(say("plain", text=asked.second.code), "q:2")]]
        if asked.second and asked.second.code
        else []
    )
    if asked.intent == "show":
        told = await compose_whole_task(session, turn, task_id)
        return replace(told, buttons=(*told.buttons, *map(tuple, more)))
    found = await load_task_views(session, [task_id])
    if not found:  # taken out of the registry since it was shown
        return make_answer(say("which-task"))
    seen = found[0]
    if not await may_see_task(session, turn, seen):
        return make_answer(say("not-your-task"))
    if asked.intent == "who":
        names = seen.partners if asked.role == Role.PARTNER else seen.leads
        head = say(
            f"who-{asked.role if asked.role == Role.PARTNER else Role.LEAD}"
            if names
            else "who-none",
            names=", ".join(names),
        )
        upcoming = seen.find_next_open()
        hint = (
            [say("when-next", when=describe_last_day(upcoming.last_day, turn.today))]
            if upcoming and upcoming.last_day
            else []
        )
        return make_answer(
            head,
            _format_task_head(seen),
            *hint,
            buttons=[[Button(say("button-detail"), f"show:{task_id}")], *more],
        )
    meanings = await load_milestones(session, task_id)
    calendar = Calendar()
    blocks = [_format_task_head(seen)]
    if seen.task.deadline_text:
        blocks.append(say("task-printed", text=seen.task.deadline_text))
    blocks += [task_lines.format_milestone(read, turn.today, calendar) for read in meanings]
    if not meanings:
        blocks.append(say("when-none"))
    upcoming = seen.find_next_open()
    if upcoming is not None and upcoming.last_day is not None:
        blocks.append(say("when-next", when=describe_last_day(upcoming.last_day, turn.today)))
    return make_answer(*blocks, buttons=[[Button(say("button-detail"), f"show:{task_id}")], *more])


def _format_task_head(seen: TaskView) -> Sentence:
    return say("task-head", key=seen.task.key, title=seen.task.title)


async def compose_whole_task(session: AsyncSession, turn: Request, task_id: int) -> Answer:
    found = await load_task_views(session, [task_id])
    if not found:
        return make_answer(toast=say("button-out-of-date"))
    if not await may_see_task(session, turn, found[0]):
        return make_answer(say("not-your-task"))
    meanings = await load_milestones(session, task_id)
    rows = await make_task_buttons(turn, session, found[0])
    return make_answer(
        *task_lines.format_whole_task(found[0], meanings, turn.today, Calendar()), buttons=rows
    )
