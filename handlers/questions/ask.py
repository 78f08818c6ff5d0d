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
from handlers.conversation.registry_names import Scene
from handlers.conversation.rights import Who
from handlers.conversation.turn import Handler, Turn
from handlers.people import welcome as help_
from handlers.work import report
from language import search
from language.questions import understanding
from language.questions.understanding import Question
from language.text import fold, normalise
from language.times.calendars import Calendar
from locales.answer import Answer, Button, Said, answer, say
from locales.phrases import beside, last_day, shortened
from models import task_search
from models.dialogues import Asked
from models.people import PostRole
from models.plans import Plan, Role
from models.task_search import Figures, Found, Wanted, Window

PAGE = 10  # tasks of one page
BAR = 10  # blocks of a bar
MOST_PLANS = 3  # named in the line of filters
MOST_AGENCIES = 15  # lines of a progress answer
_SEES_ALL = (PostRole.ADMIN, PostRole.SUPERVISOR, PostRole.LEADER, PostRole.VIEWER)
_OF_TASKS = frozenset({"list", "count", "show", "who", "when", "progress"})
_NARROWS = ("agencies", "unknown_agency", "candidates", "needs_agency", "due", "code", "section", "plan", "words")
_NOT_DONE = {
    "change": "no-change-here",
    "exception": "no-exceptions",
    "lunar": "no-lunar-days",
}  # understood, but not what the bot can do
_SAME_FOR_ALL = frozenset({"list", "count", "progress"})


@dataclass
class Result:
    """What a question came to: as understood, looked up in which plans, and the tasks found."""

    question: Question
    plans: list[Plan] = field(default_factory=list)
    wanted: Wanted | None = None
    found: Found = field(default_factory=Found)
    former: tuple[str, ...] = ()  # predecessors whose tasks were taken in


# --- from words to tasks ---------------------------------------------------------------------------------------------


def understand(text: str, scene: Scene, who_agency: str | None, today: date, previous: Question | None) -> Question:
    """The question that `text` asks, a follow-up joined with the one before it."""
    return joined(previous, read(text, scene, who_agency, today), today)


def read(text: str, scene: Scene, who_agency: str | None, today: date) -> Question:
    """The question that `text` asks by itself."""
    plans = scene.in_force(today)
    return understanding.understand(
        text,
        today,
        who_agency,
        scene.directory,
        plan_years=scene.years(plans),
        sections=[section.title for plan in plans for section in scene.sections.get(plan.id or 0, ())],
        plans=[plan.number for plan in scene.plans if plan.number],
        vocabulary=scene.vocabulary.pieces,
        provinces=scene.provinces,
    )


def joined(previous: Question | None, asked: Question, today: date) -> Question:
    """A line that goes on with the one before, together with it; days to come leave "overdue" behind."""
    if previous is None:
        return understanding.alone(asked)
    if not asked.follow_up:
        return asked
    both = understanding.merge(previous, asked)
    ahead = both.due is not None and both.due[0] is not None and both.due[0] > today
    return replace(both, status=None) if ahead and both.status == "overdue" and "due" in asked.said else both


async def look_up(session: AsyncSession, question: Question, scene: Scene, today: date) -> Result:
    """The tasks that `question` means (questions.md, rules 1 to 13)."""
    plans = scene.named(question.plan) if question.plan else scene.in_force(today)
    result = Result(question, plans)
    if question.task is not None:
        result.wanted = Wanted(today=today)
        result.found = Found(own=[question.task])
        return result
    if (
        question.intent not in _OF_TASKS
        or question.unknown_agency
        or question.candidates
        or question.needs_agency
        or question.unheld
        or not plans
    ):
        return result
    result.wanted, result.former = _wanted(question, scene, plans, today)
    result.found = await task_search.find(session, result.wanted)
    return result


def _wanted(question: Question, scene: Scene, plans: Sequence[Plan], today: date) -> tuple[Wanted, tuple[str, ...]]:
    plan_ids = tuple(p.id for p in plans if p.id is not None)
    ids, collectives, former = _agencies(question, scene, today)
    sections: tuple[int, ...] = ()
    if question.section:
        wanted = fold(question.section)
        sections = tuple(
            s.id for plan_id in plan_ids for s in scene.sections.get(plan_id, ()) if s.folded == wanted and s.id
        )
    others: tuple[int, ...] | None = None
    if question.others:
        other_ids, other_collectives, _ = _agencies(replace(question, agencies=question.others), scene, today)
        others = (*(other_ids or ()), *other_collectives)
    numeral = question.section if question.section and not sections else None
    due = None
    if question.due is not None:
        due = Window(*question.due, question.single)
    return (
        Wanted(
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
            words=search.words(question.words) or search.pieces(question.words) if question.words else (),
            others=others,
        ),
        former,
    )


def _agencies(
    question: Question, scene: Scene, today: date
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
            merged = [before for before, since in scene.predecessors.get(agency_id, ()) if since <= today]
            ids += merged
            former += [scene.agency_names[before] for before in merged]
        known = (scene.agency_ids.get(collective) for collective in scene.directory.collectives_of(name))
        collectives.extend(collective for collective in known if collective is not None)
    return tuple(ids), tuple(c for c in dict.fromkeys(collectives) if c not in ids), tuple(former)


# --- in chat ---------------------------------------------------------------------------------------------------------


async def question(turn: Turn) -> Answer:
    """Answers what the sender typed."""
    return await ask(turn, turn.incoming.text)


async def ask(turn: Turn, text: str) -> Answer:
    """Answers `text` as a question of the sender's."""
    house, agency = turn.house, own_agency(turn.who)
    key = ("understood", text, turn.today, agency)
    kept: Question | None = house.memo.get(key)
    if kept is None:
        seen = house.memo.version
        async with turn.read() as session:
            scene = await house.scene(session)
            asked = read(text, scene, agency, turn.today)
            if asked.follow_up:
                asked = joined(await _previous(session, turn), asked, turn.today)
            else:
                house.memo.keep(key, asked, seen)
            return await _answered(turn, _allowed(turn, asked), session=session)
    return await _answered(turn, _allowed(turn, kept))


def own_agency(who: Who) -> str | None:
    """The agency that "của tôi" means: the person's first."""
    return who.agencies[0].agency if who.agencies else None


def _sees_all(turn: Turn) -> bool:
    """Whether the sender may see every agency's tasks."""
    return not turn.house.options.own_agency_only or turn.who.has(*_SEES_ALL)


async def _may_see(session: AsyncSession, turn: Turn, seen: task_search.Seen) -> bool:
    """Whether the sender may see this task: any, or one in which the own agency or its collective has a part."""
    if _sees_all(turn):
        return True
    directory = (await turn.house.scene(session)).directory
    own = {holding.agency for holding in turn.who.agencies if holding.agency}
    own |= {collective for agency in own for collective in directory.collectives_of(agency)}
    held = {name for _, name in seen.assignments}
    return not own.isdisjoint({*seen.leads, *seen.partners, *held})


def _allowed(turn: Turn, asked: Question) -> Question:
    """Where the settings bind focal points to their agency, a question without one is about it."""
    if _sees_all(turn) or asked.task is not None:
        return asked
    own = tuple(h.agency for h in turn.who.agencies if h.agency)
    if not own and asked.intent in _OF_TASKS:
        return replace(asked, needs_agency=True)
    if asked.intent in _OF_TASKS and not (asked.agencies and set(asked.agencies) <= set(own)):
        return replace(asked, agencies=own, role=asked.role or "any")
    return asked


async def _answered(
    turn: Turn,
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
    memo = turn.house.memo
    key = ("answer", asked, asked.nearest, asked.candidates, turn.today, offset)
    said: Answer | None = memo.get(key)
    shown: int | None = None
    if said is None:
        seen = memo.version
        async with nullcontext(session) if session is not None else turn.read() as opened:
            scene = await turn.house.scene(opened)
            result = await look_up(opened, asked, scene, turn.today)
            said = await compose(opened, result, scene, turn, offset)
            shown = _task_shown(result)
        if asked.intent in _SAME_FOR_ALL and asked.item is None:
            memo.keep(key, said, seen)
    if asked.intent not in _OF_TASKS or asked.it:
        return said
    if asked_id is None:
        asked_id = await _remember(turn, replace(asked, task=shown if shown is not None else _only_task(said)))
    return _numbered(said, asked_id)


def _task_shown(result: Result) -> int | None:
    """The one task that the answer shows."""
    ids, item = result.found.all, result.question.item
    if item is not None and (line := _line(item, len(ids))) is not None:
        return ids[line]
    return ids[0] if len(ids) == 1 else None


def _only_task(said: Answer) -> int | None:
    """The task of a kept answer that lists one task alone."""
    tasks = {button.action.partition(":")[2] for row in said.buttons for button in row if button.action[:5] == "show:"}
    return int(tasks.pop()) if len(tasks) == 1 else None


def _line(item: int, count: int) -> int | None:
    """The index of a list's line from its number, -1 for the last line; None for one that the list has not."""
    if item < 0 < count:
        return count - 1
    return item - 1 if 1 <= item <= count else None


def _numbered(said: Answer, asked_id: int) -> Answer:
    """The answer with the number of its question in its buttons."""
    return replace(
        said,
        buttons=tuple(
            tuple(
                replace(button, action=f"q:{asked_id}:{button.action[2:]}") if button.action[:2] == "q:" else button
                for button in row
            )
            for row in said.buttons
        ),
    )


async def _previous(session: AsyncSession, turn: Turn) -> Question | None:
    incoming = turn.incoming
    statement = (
        select(Asked)
        .where(Asked.channel == incoming.channel, Asked.chat == incoming.chat, Asked.sender == incoming.sender)
        .order_by(col(Asked.id).desc())
        .limit(1)
    )
    row = (await session.exec(statement)).first()
    return Question.from_json(row.question) if row is not None else None


def _as_json(turn: Turn, asked: Question) -> dict[str, Any]:
    """The question as it is kept; worked out once for all who ask the same."""
    memo, key = turn.house.memo, ("json", asked, asked.second)
    kept: dict[str, Any] | None = memo.get(key)
    if kept is None:
        kept = asked.to_json()
        memo.keep(key, kept, memo.version)
    return kept


async def _remember(turn: Turn, asked: Question) -> int:
    """Keeps the question for its buttons and for follow-ups; returns its number."""
    incoming = turn.incoming
    values = {
        "channel": incoming.channel,
        "chat": incoming.chat,
        "sender": incoming.sender,
        "question": _as_json(turn, asked),
        "asked_at": turn.now,
    }
    return await turn.house.questions.keep(values)


# --- the answer ------------------------------------------------------------------------------------------------------


async def compose(session: AsyncSession, result: Result, scene: Scene, turn: Turn, offset: int = 0) -> Answer:
    """The answer to a question that was looked up."""
    asked = result.question
    if asked.intent == "help":
        return await help_.help_(turn)
    if asked.intent == "greeting":
        return await _greeting(turn, asked)
    if asked.intent == "unknown":
        if asked.unknown_day is not None:
            return answer(say("no-such-day", day=asked.unknown_day))
        if asked.manner in _NOT_DONE:
            return answer(say(_NOT_DONE[asked.manner]))
        return answer(say("which-task" if asked.it else "not-understood"))
    if asked.candidates:
        return answer(say("agency-which"), buttons=_choices(asked.candidates))
    if asked.unknown_agency:
        name = shortened(asked.unknown_agency, 60)
        if not asked.nearest:
            return answer(say("agency-unknown-alone", name=name))
        return answer(say("agency-unknown", name=name), buttons=_choices(asked.nearest))
    if asked.needs_agency:
        return answer(say("agency-needed"))
    if asked.unheld:
        return answer(say("no-task-about", words=shortened(asked.words or turn.incoming.text, 60)))
    if not result.plans or result.wanted is None:
        return answer(say("no-such-plan", plan=asked.plan) if asked.plan else say("no-plan"))
    if asked.intent == "progress":
        return await _progress(session, result, scene)
    ids = result.found.all
    if not ids:
        return await _nothing(session, result, scene)
    if asked.item is not None:
        line = _line(asked.item, len(ids))
        return (
            await _whole(session, turn, ids[line]) if line is not None else answer(say("no-such-line", count=len(ids)))
        )
    if asked.intent in ("show", "who", "when") and len(ids) == 1:
        return await _one(session, result, turn, ids[0])
    return await _page(session, result, scene, turn, offset)


async def _page(session: AsyncSession, result: Result, scene: Scene, turn: Turn, offset: int) -> Answer:
    own, ids = len(result.found.own), result.found.all
    offset = max(0, min(offset, (len(ids) - 1) // PAGE * PAGE))
    shown = ids[offset : offset + PAGE]
    wanted = result.wanted
    mine = wanted.agencies if wanted is not None else None
    if wanted is not None and wanted.role != Role.LEAD:
        mine = None
    blocks = [_count_line(result), say("understood-as", filters=beside(filters(result, scene)))]
    several, by_name = len(result.plans) > 1, len(result.question.agencies) != 1 or mine is None or bool(result.former)
    whose = _whose(mine, wanted)
    for place, seen in enumerate(await task_search.seen(session, shown), start=offset):
        if place == own and place >= offset and result.found.shared:
            blocks.append(_shared_head(result, scene))
        blocks.append(task_lines.line(place + 1, seen, turn.today, whose, plan=several, leads=by_name))
    blocks += await _notes(session, result)
    if offset + PAGE < len(ids):
        blocks.append(say("list-rest", first=offset + 1, last=offset + len(shown), count=len(ids)))
    return answer(*blocks, buttons=_list_buttons(result, scene, shown, offset))


async def _greeting(turn: Turn, asked: Question) -> Answer:
    """A word for a kind word; somebody known by the agency alone is not called by its name."""
    if asked.manner is not None:
        return answer(say(f"greeting-{asked.manner}"))
    if turn.who.name in {holding.agency for holding in turn.who.agencies}:
        return answer(say("greeting-agency", name=turn.who.name))
    return await help_.greeting(turn)


def _whose(mine: Sequence[int] | None, wanted: Wanted | None) -> list[int] | None:
    """Whose deadlines the lines tell: those of the agencies asked about and of their collectives."""
    return [*mine, *wanted.collectives] if mine is not None and wanted is not None else None


def _count_line(result: Result) -> Said:
    own, shared = len(result.found.own), len(result.found.shared)
    if own and shared:
        return say("count-both", count=own + shared, own=own, shared=shared)
    if shared:
        return say("count-shared", count=shared)
    return say("count", count=own)


def _shared_head(result: Result, scene: Scene) -> Said:
    names = tuple(scene.agency_names[c] for c in result.wanted.collectives) if result.wanted else ()
    return say("shared-head", names=names, count=len(result.found.shared))


def filters(result: Result, scene: Scene) -> list[Said]:
    """What the question was understood as, part by part, so that a misreading is seen at once."""
    asked = result.question
    parts: list[Said] = []
    if asked.agencies:
        parts.append(say("plain", text=", ".join(asked.agencies)))
        parts.append(say(f"role-{asked.role or Role.LEAD}"))
        for name in asked.agencies:
            became = scene.directory.successor_of(name, result.wanted.today) if result.wanted else None
            if became:
                parts.append(say("filter-now-called", name=became))
        if result.former:
            parts.append(say("filter-merged", names=result.former))
    if asked.others:
        parts.append(say("plain", text=", ".join(asked.others)))
        parts.append(say(f"role-{Role.LEAD if asked.role == Role.PARTNER else Role.PARTNER}"))
    if asked.status:
        parts.append(say(f"filter-{asked.status.replace('_', '-')}"))
    if asked.due is not None:
        parts.append(_due(asked))
    if asked.code:
        parts.append(say("filter-code", code=asked.code))
    if asked.section:
        parts.append(say("filter-section", section=shortened(asked.section, 60)))
    if asked.words:
        parts.append(say("filter-words", words=shortened(asked.words, 60)))
    return [*parts, *_plans_said(result.plans)]


def _plans_said(plans: Sequence[Plan]) -> list[Said]:
    """The plans that the answer is about: "KH" and the numbers, the titles of those without a number as they are."""
    numbers = tuple(p.number for p in plans[:MOST_PLANS] if p.number)
    titles = [say("filter-plan-title", title=shortened(p.title, 60)) for p in plans[:MOST_PLANS] if not p.number]
    return [*([say("filter-plan", plans=numbers)] if numbers else []), *titles]


def _due(asked: Question) -> Said:
    first, last = asked.due if asked.due is not None else (None, None)
    if first is not None and first == last:
        return say("filter-day", day=first)
    if first is not None and last is not None:
        return say("filter-days", first=first, last=last)
    return say("filter-until", day=last) if last is not None else say("filter-from", day=first)


async def _notes(session: AsyncSession, result: Result) -> list[Said]:
    if result.wanted is None:
        return []
    return [
        say("printed-note", count=count, printed=printed, day=day)
        for printed, day, count in await task_search.printed_within(session, result.wanted)
    ]


async def _nothing(session: AsyncSession, result: Result, scene: Scene) -> Answer:
    """No task: said, with what there is in the other role, or without the narrowing."""
    asked, wanted = result.question, result.wanted
    blocks = [say("nothing-found", filters=beside(filters(result, scene)))]
    rows: list[list[Button]] = []
    if wanted is not None and asked.agencies and asked.role != "any":
        other = Role.PARTNER if (asked.role or Role.LEAD) == Role.LEAD else Role.LEAD
        there = await task_search.find(session, replace(wanted, role=other))
        if there.all:
            blocks.append(say(f"but-{other}", count=len(there.all), agencies=len(asked.agencies)))
            rows.append([_change(f"r{other[0]}", f"button-role-{other}")])
    if wanted is not None and _only_collectives(asked, scene):
        there = await task_search.find(session, replace(wanted, agencies=None, collectives=()))
        if there.all:
            blocks.append(say("but-each", count=len(there.all)))
            rows.append([_change("e", "button-each")])
    if asked.status or asked.due:
        rows.append([_change("sn", "button-all-statuses")])
    blocks += await _notes(session, result)
    return answer(*blocks, buttons=rows)


def _only_collectives(asked: Question, scene: Scene) -> bool:
    """Whether all the agencies asked about are collectives: they are meant by name only (rule 1)."""
    kinds = {scene.directory.kind_of(name) for name in asked.agencies}
    return kinds == {"collective"}


def _list_buttons(result: Result, scene: Scene, shown: Sequence[int], offset: int) -> list[list[Button]]:
    numbers = [
        Button(say("button-number", number=str(offset + place)), f"show:{task_id}")
        for place, task_id in enumerate(shown, start=1)
    ]
    rows = [numbers[:5], numbers[5:]]
    turning = []
    if offset > 0:
        turning.append(_change(f"p{offset - PAGE}", "button-before"))
    if offset + PAGE < len(result.found.all):
        turning.append(_change(f"p{offset + PAGE}", "button-after"))
    return [*rows, turning, _widen(result), _other_plan(result, scene)]


def _widen(result: Result) -> list[Button]:
    asked = result.question
    row = []
    if asked.agencies and asked.role != Role.PARTNER:
        row.append(_change("rp", "button-role-partner"))
    elif asked.agencies:
        row.append(_change("rl", "button-role-lead"))
    if asked.status is None:
        row += [_change("su", "button-unfinished"), _change("so", "button-overdue")]
    else:
        row.append(_change("sn", "button-all-statuses"))
    if asked.second is not None:
        row.append(_change("2", "button-second"))
    return row


def _other_plan(result: Result, scene: Scene) -> list[Button]:
    here = {p.id for p in result.plans}
    return [
        Button(
            say("button-plan", plan=p.number) if p.number else say("plain", text=shortened(p.title, 30)), f"q:k{p.id}"
        )
        for p in scene.plans
        if p.id not in here
    ][:3]


def _change(change: str, label: str) -> Button:
    return Button(say(label), f"q:{change}")


def _choices(names: Sequence[str]) -> list[list[Button]]:
    return [[Button(say("plain", text=shortened(name, 60)), f"q:a{place}")] for place, name in enumerate(names)]


async def _one(session: AsyncSession, result: Result, turn: Turn, task_id: int) -> Answer:
    """A question about one task: the thing asked for first, then the task."""
    asked = result.question
    more = [[Button(say("plain", text=asked.second.code), "q:2")]] if asked.second and asked.second.code else []
    if asked.intent == "show":
        told = await _whole(session, turn, task_id)
        return replace(told, buttons=(*told.buttons, *map(tuple, more)))
    found = await task_search.seen(session, [task_id])
    if not found:  # taken out of the registry since it was shown
        return answer(say("which-task"))
    seen = found[0]
    if not await _may_see(session, turn, seen):
        return answer(say("not-your-task"))
    if asked.intent == "who":
        names = seen.partners if asked.role == Role.PARTNER else seen.leads
        head = say(
            f"who-{asked.role if asked.role == Role.PARTNER else Role.LEAD}" if names else "who-none",
            names=", ".join(names),
        )
        upcoming = seen.next_open()
        hint = (
            [say("when-next", when=last_day(upcoming.last_day, turn.today))] if upcoming and upcoming.last_day else []
        )
        return answer(head, _short(seen), *hint, buttons=[[Button(say("button-detail"), f"show:{task_id}")], *more])
    meanings = await task_search.milestones(session, task_id)
    calendar = Calendar()
    blocks = [_short(seen)]
    if seen.task.deadline_text:
        blocks.append(say("task-printed", text=seen.task.deadline_text))
    blocks += [task_lines.milestone(read, turn.today, calendar) for read in meanings]
    if not meanings:
        blocks.append(say("when-none"))
    upcoming = seen.next_open()
    if upcoming is not None and upcoming.last_day is not None:
        blocks.append(say("when-next", when=last_day(upcoming.last_day, turn.today)))
    return answer(*blocks, buttons=[[Button(say("button-detail"), f"show:{task_id}")], *more])


def _short(seen: task_search.Seen) -> Said:
    return say("task-head", key=seen.task.key, title=seen.task.title)


async def _whole(session: AsyncSession, turn: Turn, task_id: int) -> Answer:
    found = await task_search.seen(session, [task_id])
    if not found:
        return answer(toast=say("button-out-of-date"))
    if not await _may_see(session, turn, found[0]):
        return answer(say("not-your-task"))
    meanings = await task_search.milestones(session, task_id)
    rows = await report.buttons_for(turn, session, found[0])
    return answer(*task_lines.whole(found[0], meanings, turn.today, Calendar()), buttons=rows)


async def _progress(session: AsyncSession, result: Result, scene: Scene) -> Answer:
    """The four classes of government reporting, over all and by agency."""
    if result.wanted is None:
        return answer(say("no-plan"))
    by_agency = await task_search.figures(session, result.wanted)
    total = sum(by_agency.values(), Figures())
    blocks = [
        say("progress-head", filters=beside(filters(result, scene))),
        say("progress-bar", bar=bar(total), done=total.done, count=total.dated, percent=_percent(total)),
        say("progress-done-in-time", count=total.done_in_time),
        say("progress-done-late", count=total.done_late),
        say("progress-open-in-time", count=total.open_in_time),
        say("progress-open-late", count=total.open_late),
    ]
    if total.undated or total.undated_done:
        blocks.append(say("progress-undated", count=total.undated + total.undated_done, done=total.undated_done))
    dated = {agency: f for agency, f in by_agency.items() if f.dated}
    if len(dated) > 1:
        blocks.append(say("progress-by-agency"))
        ordered = sorted(dated.items(), key=lambda item: (-item[1].open_late, _percent(item[1])))
        blocks += [
            say(
                "progress-agency",
                agency=scene.agency_names.get(agency or 0) or say("no-agency"),
                bar=bar(f),
                done=f.done,
                count=f.dated,
                late=f.open_late,
            )
            for agency, f in ordered[:MOST_AGENCIES]
        ]
        if len(ordered) > MOST_AGENCIES:
            blocks.append(say("and-more-agencies", count=len(ordered) - MOST_AGENCIES))
    blocks.append(say("progress-foot"))
    row = [_change("Lo", "button-overdue"), _change("Lu", "button-unfinished")]
    return answer(*blocks, buttons=[row, _other_plan(result, scene)])


def _percent(figures: Figures) -> int:
    return 100 * figures.done // figures.dated if figures.dated else 0


def bar(figures: Figures) -> str:
    """The share that is done as a bar of blocks; the share that is overdue stands at its end."""
    if not figures.dated:
        return "░" * BAR
    done = BAR * figures.done // figures.dated
    late = min(BAR - done, -(-BAR * figures.open_late // figures.dated))
    return "█" * done + "░" * (BAR - done - late) + "▒" * late


# --- buttons and commands --------------------------------------------------------------------------------------------


async def changed(turn: Turn) -> Answer:
    """A button under an answer: another page, role, status, plan or agency of the same question."""
    number, _, change = turn.args.partition(":")
    async with turn.read() as session:
        row = await session.get(Asked, int(number)) if number.isdecimal() and len(number) < 18 else None
        if row is None or (row.channel, row.chat) != (turn.incoming.channel, turn.incoming.chat):
            return answer(toast=say("button-out-of-date"))
        scene = await turn.house.scene(session)
    asked = Question.from_json(row.question)
    if change[:1] == "p" and change[1:].isdecimal():
        turned = await _answered(turn, _allowed(turn, asked), offset=int(change[1:8]), asked_id=row.id)
        return replace(turned, replace=True)
    other = _changed(asked, change, scene)
    if other is None:
        return answer(toast=say("button-out-of-date"))
    return await _answered(turn, _allowed(turn, other))


_STATUSES = {"o": "overdue", "u": "unfinished", "d": "done", "n": None}


def _changed(asked: Question, change: str, scene: Scene) -> Question | None:
    kind, rest = change[:1], change[1:]
    if kind == "r" and rest in ("p", "l"):
        return replace(asked, role=Role.PARTNER if rest == "p" else Role.LEAD)
    if kind == "s" and rest in _STATUSES:
        return replace(asked, status=_STATUSES[rest], due=asked.due if rest != "n" else None)
    if kind == "L" and rest in _STATUSES:
        return replace(asked, intent="list", status=_STATUSES[rest])
    if kind == "k":
        plan = next((p for p in scene.plans if str(p.id) == rest), None)
        return replace(asked, plan=plan.number or str(plan.first_year)) if plan is not None else None
    if kind == "a" and rest.isdecimal():
        names = asked.candidates or asked.nearest
        if int(rest[:4]) < len(names):
            return replace(asked, agencies=(names[int(rest[:4])],), unknown_agency=None, candidates=(), nearest=())
    if kind == "e":
        return replace(asked, agencies=(), role=None)
    return asked.second if kind == "2" else None


async def show(turn: Turn) -> Answer:
    """A button that shows one task whole."""
    if not turn.args.isdecimal() or len(turn.args) > 18:
        return answer(toast=say("button-out-of-date"))
    task_id = int(turn.args)
    async with turn.read() as session:
        said = await _whole(session, turn, task_id)
        previous = await _previous(session, turn)
    if said.blocks:
        await _remember(turn, replace(previous or Question("list"), task=task_id))
    return said


def _command(words: str, *, needs: str | None = None) -> Handler:
    async def handler(turn: Turn) -> Answer:
        if needs is not None and not turn.args:
            return answer(say(needs))
        return await ask(turn, f"{words} {turn.args}".strip())

    return handler


def _of_agency(words: str) -> Handler:
    """A command that may name an agency: a name that narrows nothing is an agency nobody knows, not everybody."""

    async def handler(turn: Turn) -> Answer:
        named = normalise(turn.args)
        async with turn.read() as session:
            scene = await turn.house.scene(session)
        asked = read(f"{words} {named}", scene, own_agency(turn.who), turn.today)
        if asked.ignored is None or asked.intent not in _OF_TASKS or any(getattr(asked, name) for name in _NARROWS):
            return await ask(turn, f"{words} {named}".strip())
        unknown = replace(asked, unknown_agency=named, nearest=scene.directory.nearest(named))
        return await _answered(turn, _allowed(turn, unknown))

    return handler


async def search_(turn: Turn) -> Answer:
    """`/tim`: the tasks that hold most of the words, in any order; what is typed is the subject and nothing else."""
    words = normalise(turn.args)
    if not words:
        return answer(say("command-needs-words"))
    async with turn.read() as session:
        vocabulary = (await turn.house.scene(session)).vocabulary.pieces
    held = any(piece in vocabulary for piece in search.words(words) or search.pieces(words))
    return await _answered(turn, _allowed(turn, Question("list", words=words, unheld=not held, said=("words",))))


COMMANDS: dict[str, Handler] = {
    "nhiemvu": _of_agency("nhiệm vụ của"),
    "congviec": _command("nhiệm vụ của tôi"),
    "han": _command("việc đến hạn", needs="command-needs-day"),
    "quahan": _of_agency("việc quá hạn"),
    "tiendo": _of_agency("tiến độ"),
    "tim": search_,
}
ACTIONS: dict[str, Handler] = {"q": changed, "show": show}
