"""Questions: understood by `language.questions`, looked up in the registry, answered from it alone (questions.md)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import task_lines
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.rights import Sender
from handlers.conversation.turn import Handler, Request
from handlers.people import welcome as help_
from handlers.work import report
from language import search
from language.questions import understanding
from language.questions.understanding import Question
from language.text import fold, normalise
from language.times.calendars import Calendar
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import describe_last_day, join_beside, shorten_text
from models.dialogues import Asked
from models.people import PostRole
from models.plans import Plan, Role
from models.queries import task_search
from models.queries.task_search import DayRange, Figures, TaskPage, TaskQuery

TASKS_PER_PAGE = 10  # tasks of one page
BAR_BLOCKS = 10  # blocks of a bar
MOST_PLANS = 3  # named in the line of filters
MOST_AGENCIES = 15  # lines of a progress answer
_ROLES_SEEING_ALL = (PostRole.ADMIN, PostRole.SUPERVISOR, PostRole.LEADER, PostRole.VIEWER)
_INTENTS_ABOUT_TASKS = frozenset({"list", "count", "show", "who", "when", "progress"})
_NARROWING_FIELDS = (
    "agencies",
    "unknown_agency",
    "candidates",
    "needs_agency",
    "due",
    "code",
    "section",
    "plan",
    "words",
)
_UNSUPPORTED_MANNERS = {
    "change": "no-change-here",
    "exception": "no-exceptions",
    "lunar": "no-lunar-days",
}  # understood, but not what the bot can do
_INTENTS_SAME_FOR_ALL = frozenset({"list", "count", "progress"})


@dataclass
class QuestionResult:
    """What a question came to: as understood, looked up in which plans, and the tasks found."""

    question: Question
    plans: list[Plan] = field(default_factory=list)
    query: TaskQuery | None = None
    tasks: TaskPage = field(default_factory=TaskPage)
    predecessors: tuple[str, ...] = ()  # predecessors whose tasks were taken in


# --- from words to tasks ---------------------------------------------------------------------------------------------


def understand_question(
    text: str, scene: RegistryNames, who_agency: str | None, today: date, previous: Question | None
) -> Question:
    """The question that `text` asks, a follow-up joined with the one before it."""
    return join_follow_up(previous, read_question(text, scene, who_agency, today), today)


def read_question(text: str, scene: RegistryNames, who_agency: str | None, today: date) -> Question:
    """The question that `text` asks by itself."""
    plans = scene.list_plans_in_force(today)
    return understanding.understand(
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
        return understanding.resolve_alone(asked)
    if not asked.follow_up:
        return asked
    both = understanding.merge_follow_up(previous, asked)
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
        question.intent not in _INTENTS_ABOUT_TASKS
        or question.unknown_agency
        or question.candidates
        or question.needs_agency
        or question.unheld
        or not plans
    ):
        return result
    result.query, result.predecessors = _make_query(question, scene, plans, today)
    result.tasks = await task_search.find_tasks(session, result.query)
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
            words=search.list_search_words(question.words) or search.split_pieces(question.words)
            if question.words
            else (),
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


# --- in chat ---------------------------------------------------------------------------------------------------------


async def answer_message(turn: Request) -> Answer:
    """Answers what the sender typed."""
    return await answer_text(turn, turn.incoming.text)


async def answer_text(turn: Request, text: str) -> Answer:
    """Answers `text` as a question of the sender's."""
    house, agency = turn.app, find_own_agency(turn.sender)
    key = ("understood", text, turn.today, agency)
    kept: Question | None = house.cache.get(key)
    if kept is None:
        seen = house.cache.version
        async with turn.read() as session:
            scene = await house.load_registry_names(session)
            asked = read_question(text, scene, agency, turn.today)
            if asked.follow_up:
                asked = join_follow_up(await _load_previous(session, turn), asked, turn.today)
            else:
                house.cache.store(key, asked, seen)
            return await _answer_question(turn, _restrict_question(turn, asked), session=session)
    return await _answer_question(turn, _restrict_question(turn, kept))


def find_own_agency(who: Sender) -> str | None:
    """The agency that "của tôi" means: the person's first."""
    return who.agency_posts[0].agency if who.agency_posts else None


def may_see_all(turn: Request) -> bool:
    """Whether the sender may see every agency's tasks."""
    return not turn.app.options.own_agency_only or turn.sender.has_role(*_ROLES_SEEING_ALL)


async def may_see_task(session: AsyncSession, turn: Request, seen: task_search.TaskView) -> bool:
    """Whether the sender may see this task: any, or one in which the own agency or its collective has a part."""
    if may_see_all(turn):
        return True
    directory = (await turn.app.load_registry_names(session)).directory
    own = {holding.agency for holding in turn.sender.agency_posts if holding.agency}
    own |= {collective for agency in own for collective in directory.find_collectives(agency)}
    held = {name for _, name in seen.assignments}
    return not own.isdisjoint({*seen.leads, *seen.partners, *held})


def _restrict_question(turn: Request, asked: Question) -> Question:
    """Where the settings bind focal points to their agency, a question without one is about it."""
    if may_see_all(turn) or asked.task is not None:
        return asked
    own = tuple(h.agency for h in turn.sender.agency_posts if h.agency)
    if not own and asked.intent in _INTENTS_ABOUT_TASKS:
        return replace(asked, needs_agency=True)
    if asked.intent in _INTENTS_ABOUT_TASKS and not (
        asked.agencies and set(asked.agencies) <= set(own)
    ):
        return replace(asked, agencies=own, role=asked.role or "any")
    return asked


async def _answer_question(
    turn: Request,
    asked: Question,
    *,
    offset: int = 0,
    asked_id: int | None = None,
    session: AsyncSession | None = None,
) -> Answer:
    """The answer to a question, kept with the chat unless it was before (`asked_id`).

    What the answer says depends on the registry and the day alone (but for one task whole, and for help), so it is
    looked up once for all who ask the same. `session`: one for queries that is open already.
    """
    memo = turn.app.cache
    key = ("answer", asked, asked.nearest, asked.candidates, turn.today, offset)
    said: Answer | None = memo.get(key)
    shown: int | None = None
    if said is None:
        seen = memo.version
        async with nullcontext(session) if session is not None else turn.read() as opened:
            scene = await turn.app.load_registry_names(opened)
            result = await look_up_tasks(opened, asked, scene, turn.today)
            said = await compose_answer(opened, result, scene, turn, offset)
            shown = _find_task_of_result(result)
        if asked.intent in _INTENTS_SAME_FOR_ALL and asked.item is None:
            memo.store(key, said, seen)
    if asked.intent not in _INTENTS_ABOUT_TASKS or asked.it:
        return said
    if asked_id is None:
        asked_id = await _store_question(
            turn, replace(asked, task=shown if shown is not None else _find_only_task(said))
        )
    return _number_buttons(said, asked_id)


def _find_task_of_result(result: QuestionResult) -> int | None:
    """The one task that the answer shows."""
    ids, item = result.tasks.all_ids, result.question.item
    if item is not None and (line := find_list_index(item, len(ids))) is not None:
        return ids[line]
    return ids[0] if len(ids) == 1 else None


def _find_only_task(said: Answer) -> int | None:
    """The task of a kept answer that lists one task alone."""
    tasks = {
        button.action.partition(":")[2]
        for row in said.buttons
        for button in row
        if button.action[:5] == "show:"
    }
    return int(tasks.pop()) if len(tasks) == 1 else None


def find_list_index(item: int, count: int) -> int | None:
    """The index of a list's line from its number, -1 for the last line; None for one that the list has not."""
    if item < 0 < count:
        return count - 1
    return item - 1 if 1 <= item <= count else None


def _number_buttons(said: Answer, asked_id: int) -> Answer:
    """The answer with the number of its question in its buttons."""
    return replace(
        said,
        buttons=tuple(
            tuple(
                replace(button, action=f"q:{asked_id}:{button.action[2:]}")
                if button.action[:2] == "q:"
                else button
                for button in row
            )
            for row in said.buttons
        ),
    )


async def _load_previous(session: AsyncSession, turn: Request) -> Question | None:
    incoming = turn.incoming
    statement = (
        select(Asked)
        .where(
            Asked.channel == incoming.channel,
            Asked.chat == incoming.chat,
            Asked.sender == incoming.sender,
        )
        .order_by(col(Asked.id).desc())
        .limit(1)
    )
    row = (await session.exec(statement)).first()
    return Question.from_json(row.question) if row is not None else None


def _dump_question(turn: Request, asked: Question) -> dict[str, Any]:
    """The question as it is kept; worked out once for all who ask the same."""
    memo, key = turn.app.cache, ("json", asked, asked.second)
    kept: dict[str, Any] | None = memo.get(key)
    if kept is None:
        kept = asked.to_json()
        memo.store(key, kept, memo.version)
    return kept


async def _store_question(turn: Request, asked: Question) -> int:
    """Keeps the question for its buttons and for follow-ups; returns its number."""
    incoming = turn.incoming
    values = {
        "channel": incoming.channel,
        "chat": incoming.chat,
        "sender": incoming.sender,
        "question": _dump_question(turn, asked),
        "asked_at": turn.now,
    }
    return await turn.app.questions.save_question(values)


# --- the answer ------------------------------------------------------------------------------------------------------


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
    for place, seen in enumerate(await task_search.load_task_views(session, shown), start=offset):
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


def describe_filters(result: QuestionResult, scene: RegistryNames) -> list[Sentence]:
    """What the question was understood as, part by part, so that a misreading is seen at once."""
    asked = result.question
    parts: list[Sentence] = []
    if asked.agencies:
        parts.append(say("plain", text=", ".join(asked.agencies)))
        parts.append(say(f"role-{asked.role or Role.LEAD}"))
        for name in asked.agencies:
            became = (
                scene.directory.find_successor(name, result.query.today) if result.query else None
            )
            if became:
                parts.append(say("filter-now-called", name=became))
        if result.predecessors:
            parts.append(say("filter-merged", names=result.predecessors))
    if asked.others:
        parts.append(say("plain", text=", ".join(asked.others)))
        parts.append(say(f"role-{Role.LEAD if asked.role == Role.PARTNER else Role.PARTNER}"))
    if asked.status:
        parts.append(say(f"filter-{asked.status.replace('_', '-')}"))
    if asked.due is not None:
        parts.append(_describe_due(asked))
    if asked.code:
        parts.append(say("filter-code", code=asked.code))
    if asked.section:
        parts.append(say("filter-section", section=shorten_text(asked.section, 60)))
    if asked.words:
        parts.append(say("filter-words", words=shorten_text(asked.words, 60)))
    return [*parts, *_describe_plans(result.plans)]


def _describe_plans(plans: Sequence[Plan]) -> list[Sentence]:
    """The plans that the answer is about: "KH" and the numbers, the titles of those without a number as they are."""
    numbers = tuple(p.number for p in plans[:MOST_PLANS] if p.number)
    titles = [
        say("filter-plan-title", title=shorten_text(p.title, 60))
        for p in plans[:MOST_PLANS]
        if not p.number
    ]
    return [*([say("filter-plan", plans=numbers)] if numbers else []), *titles]


def _describe_due(asked: Question) -> Sentence:
    first, last = asked.due if asked.due is not None else (None, None)
    if first is not None and first == last:
        return say("filter-day", day=first)
    if first is not None and last is not None:
        return say("filter-days", first=first, last=last)
    return say("filter-until", day=last) if last is not None else say("filter-from", day=first)


async def _describe_printed_days(session: AsyncSession, result: QuestionResult) -> list[Sentence]:
    if result.query is None:
        return []
    return [
        say("printed-note", count=count, printed=printed, day=day)
        for printed, day, count in await task_search.find_printed_days(session, result.query)
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
        there = await task_search.find_tasks(session, replace(wanted, role=other))
        if there.all_ids:
            blocks.append(
                say(f"but-{other}", count=len(there.all_ids), agencies=len(asked.agencies))
            )
            rows.append([make_change_button(f"r{other[0]}", f"button-role-{other}")])
    if wanted is not None and _are_all_collectives(asked, scene):
        there = await task_search.find_tasks(
            session, replace(wanted, agencies=None, collectives=())
        )
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


def make_plan_buttons(result: QuestionResult, scene: RegistryNames) -> list[Button]:
    here = {p.id for p in result.plans}
    return [
        Button(
            say("button-plan", plan=p.number)
            if p.number
            else say("plain", text=shorten_text(p.title, 30)),
            f"q:k{p.id}",
        )
        for p in scene.plans
        if p.id not in here
    ][:3]


def make_change_button(change: str, label: str) -> Button:
    return Button(say(label), f"q:{change}")


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
    found = await task_search.load_task_views(session, [task_id])
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
    meanings = await task_search.load_milestones(session, task_id)
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


def _format_task_head(seen: task_search.TaskView) -> Sentence:
    return say("task-head", key=seen.task.key, title=seen.task.title)


async def compose_whole_task(session: AsyncSession, turn: Request, task_id: int) -> Answer:
    found = await task_search.load_task_views(session, [task_id])
    if not found:
        return make_answer(toast=say("button-out-of-date"))
    if not await may_see_task(session, turn, found[0]):
        return make_answer(say("not-your-task"))
    meanings = await task_search.load_milestones(session, task_id)
    rows = await report.make_task_buttons(turn, session, found[0])
    return make_answer(
        *task_lines.format_whole_task(found[0], meanings, turn.today, Calendar()), buttons=rows
    )


async def compose_progress(
    session: AsyncSession, result: QuestionResult, scene: RegistryNames
) -> Answer:
    """The four classes of government reporting, over all and by agency."""
    if result.query is None:
        return make_answer(say("no-plan"))
    by_agency = await task_search.count_figures(session, result.query)
    total = sum(by_agency.values(), Figures())
    blocks = [
        say("progress-head", filters=join_beside(describe_filters(result, scene))),
        say(
            "progress-bar",
            bar=draw_bar(total),
            done=total.done_total,
            count=total.dated_total,
            percent=_compute_percent(total),
        ),
        say("progress-done-in-time", count=total.done_in_time),
        say("progress-done-late", count=total.done_late),
        say("progress-open-in-time", count=total.open_in_time),
        say("progress-open-late", count=total.open_late),
    ]
    if total.undated or total.undated_done:
        blocks.append(
            say(
                "progress-undated",
                count=total.undated + total.undated_done,
                done=total.undated_done,
            )
        )
    dated = {agency: f for agency, f in by_agency.items() if f.dated_total}
    if len(dated) > 1:
        blocks.append(say("progress-by-agency"))
        ordered = sorted(
            dated.items(), key=lambda item: (-item[1].open_late, _compute_percent(item[1]))
        )
        blocks += [
            say(
                "progress-agency",
                agency=scene.agency_names.get(agency or 0) or say("no-agency"),
                bar=draw_bar(f),
                done=f.done_total,
                count=f.dated_total,
                late=f.open_late,
            )
            for agency, f in ordered[:MOST_AGENCIES]
        ]
        if len(ordered) > MOST_AGENCIES:
            blocks.append(say("and-more-agencies", count=len(ordered) - MOST_AGENCIES))
    blocks.append(say("progress-foot"))
    row = [
        make_change_button("Lo", "button-overdue"),
        make_change_button("Lu", "button-unfinished"),
    ]
    return make_answer(*blocks, buttons=[row, make_plan_buttons(result, scene)])


def _compute_percent(figures: Figures) -> int:
    return 100 * figures.done_total // figures.dated_total if figures.dated_total else 0


def draw_bar(figures: Figures) -> str:
    """The share that is done as a bar of blocks; the share that is overdue stands at its end."""
    if not figures.dated_total:
        return "░" * BAR_BLOCKS
    done = BAR_BLOCKS * figures.done_total // figures.dated_total
    late = min(BAR_BLOCKS - done, -(-BAR_BLOCKS * figures.open_late // figures.dated_total))
    return "█" * done + "░" * (BAR_BLOCKS - done - late) + "▒" * late


# --- buttons and commands --------------------------------------------------------------------------------------------


async def change_question(turn: Request) -> Answer:
    """A button under an answer: another page, role, status, plan or agency of the same question."""
    number, _, change = turn.args.partition(":")
    async with turn.read() as session:
        row = (
            await session.get(Asked, int(number))
            if number.isdecimal() and len(number) < 18
            else None
        )
        if row is None or (row.channel, row.chat) != (turn.incoming.channel, turn.incoming.chat):
            return make_answer(toast=say("button-out-of-date"))
        scene = await turn.app.load_registry_names(session)
    asked = Question.from_json(row.question)
    if change[:1] == "p" and change[1:].isdecimal():
        turned = await _answer_question(
            turn, _restrict_question(turn, asked), offset=int(change[1:8]), asked_id=row.id
        )
        return replace(turned, replace=True)
    other = _apply_change(asked, change, scene)
    if other is None:
        return make_answer(toast=say("button-out-of-date"))
    return await _answer_question(turn, _restrict_question(turn, other))


_STATUS_LETTERS = {"o": "overdue", "u": "unfinished", "d": "done", "n": None}


def _apply_change(asked: Question, change: str, scene: RegistryNames) -> Question | None:
    kind, rest = change[:1], change[1:]
    if kind == "r" and rest in ("p", "l"):
        return replace(asked, role=Role.PARTNER if rest == "p" else Role.LEAD)
    if kind == "s" and rest in _STATUS_LETTERS:
        return replace(asked, status=_STATUS_LETTERS[rest], due=asked.due if rest != "n" else None)
    if kind == "L" and rest in _STATUS_LETTERS:
        return replace(asked, intent="list", status=_STATUS_LETTERS[rest])
    if kind == "k":
        plan = next((p for p in scene.plans if str(p.id) == rest), None)
        return (
            replace(asked, plan=plan.number or str(plan.first_year)) if plan is not None else None
        )
    if kind == "a" and rest.isdecimal():
        names = asked.candidates or asked.nearest
        if int(rest[:4]) < len(names):
            return replace(
                asked,
                agencies=(names[int(rest[:4])],),
                unknown_agency=None,
                candidates=(),
                nearest=(),
            )
    if kind == "e":
        return replace(asked, agencies=(), role=None)
    return asked.second if kind == "2" else None


async def show_task(turn: Request) -> Answer:
    """A button that shows one task whole."""
    if not turn.args.isdecimal() or len(turn.args) > 18:
        return make_answer(toast=say("button-out-of-date"))
    task_id = int(turn.args)
    async with turn.read() as session:
        said = await compose_whole_task(session, turn, task_id)
        previous = await _load_previous(session, turn)
    if said.blocks:
        await _store_question(turn, replace(previous or Question("list"), task=task_id))
    return said


def _make_command_handler(words: str, *, needs: str | None = None) -> Handler:
    async def answer_command(turn: Request) -> Answer:
        if needs is not None and not turn.args:
            return make_answer(say(needs))
        return await answer_text(turn, f"{words} {turn.args}".strip())

    return answer_command


def _make_agency_handler(words: str) -> Handler:
    """A command that may name an agency: a name that narrows nothing is an agency nobody knows, not everybody."""

    async def answer_command(turn: Request) -> Answer:
        named = normalise(turn.args)
        async with turn.read() as session:
            scene = await turn.app.load_registry_names(session)
        asked = read_question(f"{words} {named}", scene, find_own_agency(turn.sender), turn.today)
        if (
            asked.ignored is None
            or asked.intent not in _INTENTS_ABOUT_TASKS
            or any(getattr(asked, name) for name in _NARROWING_FIELDS)
        ):
            return await answer_text(turn, f"{words} {named}".strip())
        unknown = replace(asked, unknown_agency=named, nearest=scene.directory.find_nearest(named))
        return await _answer_question(turn, _restrict_question(turn, unknown))

    return answer_command


async def search_tasks(turn: Request) -> Answer:
    """`/tim`: the tasks that hold most of the words, in any order; what is typed is the subject and nothing else."""
    words = normalise(turn.args)
    if not words:
        return make_answer(say("command-needs-words"))
    async with turn.read() as session:
        vocabulary = (await turn.app.load_registry_names(session)).vocabulary.pieces
    held = any(
        piece in vocabulary
        for piece in search.list_search_words(words) or search.split_pieces(words)
    )
    return await _answer_question(
        turn,
        _restrict_question(turn, Question("list", words=words, unheld=not held, said=("words",))),
    )


COMMANDS: dict[str, Handler] = {
    "nhiemvu": _make_agency_handler("nhiệm vụ của"),
    "congviec": _make_command_handler("nhiệm vụ của tôi"),
    "han": _make_command_handler("việc đến hạn", needs="command-needs-day"),
    "quahan": _make_agency_handler("việc quá hạn"),
    "tiendo": _make_agency_handler("tiến độ"),
    "tim": search_tasks,
}
ACTIONS: dict[str, Handler] = {"q": change_question, "show": show_task}
