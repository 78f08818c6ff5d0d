"""Wishes in a sentence: "báo cáo xong nhiệm vụ II.4, BC số 123/BC-STP", "xin gia hạn 2.1.3 đến 15/12 vì ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, words
from handlers.conversation.cases import Case
from handlers.conversation.rights import Action
from handlers.conversation.turn import Turn
from handlers.conversation.words import Bare
from handlers.tasks import dialogue
from handlers.work import evidence, more_time, report
from language import search
from locales.answer import Answer, Button, answer, say
from locales.phrases import shortened
from models import task_search
from models.assignments import OPEN, Status
from models.plans import Task
from models.task_search import Wanted

Kind = Literal["done", "received", "progress", "more"]

KINDS: tuple[tuple[Kind, Action, str], ...] = (
    ("more", Action.EXTEND, "more"),
    ("done", Action.REPORT, "done"),
    ("progress", Action.REPORT, "work"),
    ("received", Action.REPORT, "got"),
)
"""What can be wished for, with the right for it and the button that does the same; the first that is said counts."""

LABEL = 45  # characters on a button
MOST_OFFERED = 6
LONGEST = 1500  # characters of a sentence that may be a wish


@dataclass(frozen=True)
class Wish:
    """What was wished for. `strong`: said so that it is a wish even without a task's number."""

    kind: Kind
    rest: Bare
    strong: bool


def read(text: str) -> Wish | None:
    """The wish in a sentence; None for a question or anything else."""
    if len(text) > LONGEST:
        return None
    said = words.bare(text)
    if said.search(words.pattern("sentences", "asks")):
        return None
    start = words.pattern("sentences", "before").match(said.folded)
    place = start.end() if start else 0
    ordered = words.pattern("sentences", "orders").search(said.folded[:place]) is not None
    begun = words.bare(said.text[place:])
    strong = said.search(words.pattern("sentences", "strong")) is not None
    for kind, _, _ in KINDS:
        found = words.pattern("sentences", kind).match(begun.folded)
        if found is not None and not begun.folded[found.end() : found.end() + 1].isalnum():
            if ordered and not strong and kind != "more":
                return None  # somebody is asked to do it
            return Wish(kind, words.bare(begun.text[found.end() :]), strong)
    behind = said.search(words.pattern("sentences", "done_behind"))
    if behind is None or not said.folded[: behind.start()].strip():
        return None
    to_others = words.pattern("sentences", "to_others").search(said.folded) is not None and not strong
    if to_others or words.pattern("sentences", "not_yet").search(said.folded[: behind.start()]):
        return None
    return Wish("done", said.without(behind), False)


def codes(said: Bare) -> Iterator[tuple[str, re.Match[str]]]:
    """What may be a task's number or code in the text, those behind "nhiệm vụ" first, with its place."""
    for name in ("named_code", "code"):
        for match in words.pattern("sentences", name).finditer(said.folded):
            yield said.typed(match, 1), match


async def sentence(turn: Turn) -> Answer | None:
    """Does what the sentence wishes, or says why not; None where it is no wish about a task."""
    wish = read(turn.incoming.text)
    if wish is None:
        return None
    async with turn.write() as session:
        named = await _named(session, turn, wish)
        if named is None:
            return await _by_words(session, turn, wish) if wish.strong else None
        task, rest = named
        return await _do(session, turn, wish, task, rest)


async def _named(session: AsyncSession, turn: Turn, wish: Wish) -> tuple[Task, Bare] | None:
    """The task that the sentence names by number or code, and the text without it."""
    for code, match in codes(wish.rest):
        found = await dialogue.by_code(session, turn, code)
        own = [t for t in found if await _mine(session, turn, t)] if len(found) > 1 else found
        if len(own) == 1:
            return own[0], wish.rest.without(match)
    return None


async def _mine(session: AsyncSession, turn: Turn, task: Task) -> bool:
    agencies = {h.agency_id for h in turn.who.agencies}
    return any(agencies & case.concerned for case in await cases.of_task(session, task.id or 0))


async def _do(session: AsyncSession, turn: Turn, wish: Wish, task: Task, rest: Bare) -> Answer:
    found = await cases.of_task(session, task.id or 0)
    if not found:
        return answer(say("button-out-of-date"))
    action, button = next((a, b) for kind, a, b in KINDS if kind == wish.kind)
    may = [case for case in found if case.may(turn, action)]
    if not may:
        return cases.refusal(found[0], turn, action) or answer(say("button-out-of-date"))
    own = [case for case in may if any(h.agency_id in case.concerned for h in turn.who.agencies)] or may
    open_ones = [case for case in own if case.assignment.status in OPEN]
    if len({case.assignment.agency_id for case in open_ones}) > 1:
        return _whose(open_ones, button)
    case = cases.next_of(open_ones) or cases.next_of(own, [Status.REPORTED]) or own[0]
    return await _carry_out(session, turn, wish.kind, case, rest)


def _whose(open_ones: Sequence[Case], button: str) -> Answer:
    """Several agencies have the task: for which of them is it said?"""
    first: dict[int | None, Case] = {}
    for case in open_ones:
        first.setdefault(case.assignment.agency_id, case)
    rows = [
        [Button(say("button-agency", name=shortened(case.agency or "…", LABEL)), f"{button}:{case.id}")]
        for case in list(first.values())[:MOST_OFFERED]
    ]
    return answer(say("wish-whose"), open_ones[0].named(), buttons=rows)


async def _carry_out(session: AsyncSession, turn: Turn, kind: Kind, case: Case, rest: Bare) -> Answer:
    particles = rest.search(words.pattern("sentences", "particles"))
    said = (rest.text[: particles.start()] if particles else rest.text).strip(" ,.;:-–")
    if kind == "done":
        return await report.report_done(session, case, turn, evidence.read(said, turn.today))
    if kind == "received":
        return await report.take_on(session, case, turn)
    if kind == "progress":
        return await report.under_way(session, case, turn, said or None)
    return await _more(session, turn, case, words.bare(said))


async def _more(session: AsyncSession, turn: Turn, case: Case, said: Bare) -> Answer:
    """A request for more time; what the sentence says of the day is repeated before it is taken."""
    because = said.search(words.pattern("sentences", "because"))
    reason = said.typed(because, 1) if because else None
    until = said.search(words.pattern("sentences", "until"))
    wanted = days.single(said.typed(until, 1), turn.today) if until else ()
    if len(wanted) != 1:
        return await more_time.ask_day(session, case, turn)
    return await more_time.repeat_day(session, case, turn, wanted[0], reason)


async def _by_words(session: AsyncSession, turn: Turn, wish: Wish) -> Answer | None:
    """The sender's own tasks that the words fit, to choose from; None where there is none."""
    agencies = tuple(h.agency_id for h in turn.who.agencies if h.agency_id is not None)
    wanted_words = search.words(wish.rest.text)
    if not agencies or not wanted_words:
        return None
    scene = await turn.house.scene(session)
    plans = tuple(p.id for p in scene.in_force(turn.today) if p.id is not None)
    collectives = tuple(c for a in agencies for c in scene.collectives.get(a, ()))
    wanted = Wanted(
        turn.today, plans=plans, agencies=agencies, collectives=collectives, status="unfinished", words=wanted_words
    )
    found = await task_search.find(session, wanted)
    _, action, button = next(row for row in KINDS if row[0] == wish.kind)
    rows = []
    for task_id in found.all[:MOST_OFFERED]:
        held = [c for c in await cases.of_task(session, task_id) if c.may(turn, action)]
        case = cases.next_of([c for c in held if c.assignment.agency_id in agencies] or held)
        if case is not None:
            label = say("button-task", key=case.task.key, title=shortened(case.task.title, LABEL))
            rows.append([Button(label, f"{button}:{case.id}")])
    if not rows:
        return None
    return answer(say("wish-which"), buttons=rows)
