"""Finds the handler of a message: who sent it, may they, is it an event, a button, a file, a command or a question."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from types import ModuleType

from handlers import (
    ask,
    audit,
    closing,
    drafts,
    extend,
    groups,
    help,
    join,
    limits,
    names,
    people,
    plan_import,
    plan_settings,
    posts,
    reminders,
    report,
    tasks,
    undo,
    wishes,
)
from handlers.incoming import LONGEST_MESSAGE, Incoming, Progress
from handlers.memo import Opening
from handlers.turn import Handler, House, Turn
from language.text import fold
from locales.answer import Answer, answer, say
from models.dialogues import Draft, Replayed

MODULES: tuple[ModuleType, ...] = (
    help,
    ask,
    plan_import,
    drafts,
    join,
    people,
    posts,
    groups,
    report,
    extend,
    reminders,
    tasks,
    closing,
    plan_settings,
    names,
    undo,
    audit,
)
"""Every module that answers commands (COMMANDS), buttons (ACTIONS), dialogues (DIALOGUES), files (FILES)."""

FOR_STRANGERS = frozenset({"start", "help", "huy", "toi", "roi", "gannhom"})
"""Commands that answer somebody without any role; each says for itself what such a person learns."""

_log = logging.getLogger(__name__)


class Router:
    """One for all channels: `respond` is what a channel calls for each message."""

    def __init__(self, house: House, modules: Iterable[ModuleType] = MODULES) -> None:
        self._house = house
        self._commands: dict[str, Handler] = {}
        self._actions: dict[str, Handler] = {}
        self._dialogues: dict[str, Handler] = {}
        self._file_dialogues: set[str] = set()
        self._messages = limits.Counter()
        for module in modules:
            self._commands |= getattr(module, "COMMANDS", {})
            self._actions |= getattr(module, "ACTIONS", {})
            self._dialogues |= getattr(module, "DIALOGUES", {})
            self._file_dialogues |= getattr(module, "FILE_DIALOGUES", set())

    async def respond(self, incoming: Incoming, progress: Progress) -> Answer | None:
        """The answer to one message, None for one that changed something before.

        A fault is logged with a number, and the answer names the number.
        """
        try:
            return await self._respond(incoming, progress)
        except Replayed:  # it was answered the first time
            return None
        except Exception:  # the last net: whatever went wrong, the person is told and the log has it
            number = secrets.token_hex(3).upper()
            _log.exception("fault %s", number)
            return answer(say("fault", number=number))

    async def _respond(self, incoming: Incoming, progress: Progress) -> Answer | None:
        incoming = replace(incoming, text=incoming.text[:LONGEST_MESSAGE].strip())
        pace = self._messages.count(incoming)
        if pace is not limits.Pace.FINE:
            return answer(say("too-many-messages")) if pace is limits.Pace.TOLD else None
        async with self._house.database.single() as connection:
            opening = await self._house.open(incoming, connection)
            known = await people.known(self._house, incoming, connection)
        who = await people.recognise(self._house, incoming, known)
        turn = Turn(incoming, self._house, who, progress)
        return await drafts.with_hint(turn, await self._handled(turn, opening))

    async def _handled(self, turn: Turn, opening: Opening) -> Answer | None:
        """What the handler of the message says."""
        incoming = turn.incoming
        if incoming.event is not None:
            return await groups.event(turn)
        if incoming.action is not None:
            return await self._action(turn, incoming.action)
        if incoming.text.startswith("/"):
            return await self._command(turn)
        if not await groups.may_ask(turn):
            return await people.stranger(turn)
        draft = await drafts.current(turn) if opening.draft else None
        if draft is not None and self._goes_on(draft, incoming):
            button = drafts.typed_button(draft, incoming.text)
            if button is not None:
                return await self._action(turn, button)
            turn.draft = draft
            with suppress(drafts.Declined):
                return await self._dialogues[draft.kind](turn)
        if incoming.file is not None and not incoming.file.picture:
            return await plan_import.file(turn)
        if incoming.other and draft is not None and draft.kind in self._file_dialogues:
            return answer(say("send-as-file"))
        if incoming.other or not fold(incoming.text):
            return await help.unreadable(turn)
        return await wishes.sentence(turn) or await ask.question(turn)

    def _goes_on(self, draft: Draft, incoming: Incoming) -> bool:
        """Whether a message may be part of the dialogue under way: a file only where one is waited for."""
        if draft.kind not in self._dialogues or incoming.other:
            return False
        return incoming.file is None or draft.kind in self._file_dialogues

    async def _command(self, turn: Turn) -> Answer | None:
        word, _, rest = turn.incoming.text[1:].partition(" ")
        name, separator, more = word.partition("\n")
        handler = self._commands.get(fold(name))
        if fold(name) not in FOR_STRANGERS and not await groups.may_ask(turn):
            return await people.stranger(turn)
        turn.args = (more + " " + rest if separator else rest).strip()
        if handler is None:
            return answer(say("unknown-command", command="/" + name[:40]))
        return await handler(turn)

    async def _action(self, turn: Turn, action: str) -> Answer | None:
        if not await groups.may_ask(turn):
            return await people.stranger(turn)
        name, _, turn.args = action.partition(":")
        handler = self._actions.get(name)
        if handler is None:
            return answer(toast=say("button-out-of-date"))
        return await handler(turn)
