"""Questions: understood by `language.questions`, looked up in the registry, answered from it alone (questions.md)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.rights import Sender
from handlers.conversation.turn import Handler, Request
from handlers.questions.answers import (
    compose_answer,
    compose_whole_task,
    find_list_index,
    may_see_all,
)
from handlers.questions.look_up import (
    INTENTS_ABOUT_TASKS,
    QuestionResult,
    join_follow_up,
    look_up_tasks,
    read_question,
)
from language.questions.question import Question
from language.text import normalise
from locales.answer import Answer, make_answer, say
from models.dialogues import Asked
from models.plans import Role

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
_INTENTS_SAME_FOR_ALL = frozenset({"list", "count", "progress"})


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


def _restrict_question(turn: Request, asked: Question) -> Question:
    """Where the settings bind focal points to their agency, a question without one is about it."""
    if may_see_all(turn) or asked.task is not None:
        return asked
    own = tuple(h.agency for h in turn.sender.agency_posts if h.agency)
    if not own and asked.intent in INTENTS_ABOUT_TASKS:
        return replace(asked, needs_agency=True)
    if asked.intent in INTENTS_ABOUT_TASKS and not (
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
    if asked.intent not in INTENTS_ABOUT_TASKS or asked.it:
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
            or asked.intent not in INTENTS_ABOUT_TASKS
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
    held = any(piece in vocabulary for piece in Question("list", words=words).search_words)
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
