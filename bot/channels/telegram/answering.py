"""Answering: asks the router what an update is answered with, and sends that."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace

from telegram import Bot, CallbackQuery, Update
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.sending import MessageSender, MessageTarget, make_parts
from bot.channels.telegram.updates import UpdateReader
from handlers.conversation.incoming import Incoming, Respond
from locales.answer import Answer, make_answer, say
from locales.fluent import load_sentences
from scheduler.delivery import DeliveryError

LONGEST_TOAST = 200  # characters of a word shown at a pressed button
MOST_AT_ONCE = 64  # messages handled at the same time

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class ProgressMessage:
    """The one message in which long work shows how far it is; calling it shows an answer there."""

    sender: MessageSender
    target: MessageTarget
    message: int | None = None  # its id, as soon as it was sent

    async def __call__(self, answer: Answer) -> None:
        """Show `answer` in place of the last one, unless the work had to wait for the limits."""
        limiter = self.sender.limiter
        if self.message is not None and (
            limiter.seconds_until_free(self.target.chat, urgent=True) > 0
        ):
            return
        messages = make_parts(answer)
        if not messages:
            return
        try:
            sent = await self.sender.send_part(
                messages[0], self.target, markup=True, urgent=True, instead=self.message
            )
        except DeliveryError as error:
            _log.info("progress was not shown: %s", error)
            return
        self.message = int(sent)


class UpdateAnswerer:
    """Answers updates; nothing that goes wrong with one reaches another chat."""

    def __init__(
        self, bot: Bot, reader: UpdateReader, sender: MessageSender, respond: Respond
    ) -> None:
        """`respond` is the router."""
        self._bot = bot
        self._reader = reader
        self._sender = sender
        self._respond = respond
        self._free = asyncio.Semaphore(MOST_AT_ONCE)

    async def handle_update(self, update: Update, handled: asyncio.Future[None]) -> None:
        """Ask the router and send what it answers; set `handled` between the two."""
        incoming = self._reader.read_update(update)
        query = update.callback_query
        if incoming is None:
            if query is not None:
                await self._answer_press(query, None)
            return
        progress = ProgressMessage(self._sender, _make_target(incoming, update))
        answer: Answer | None = None
        try:
            async with self._free:
                answer = await self._respond(incoming, progress)
        except Exception:  # whatever the handler met, the person gets an answer and the log has it
            answer = _log_fault(f"update {update.update_id}")
        if not handled.done():
            handled.set_result(None)
        if incoming.event in ("removed", "blocked"):
            return
        sending = [self._send_answer(answer, incoming, progress)]
        if query is not None:
            sending.insert(0, self._answer_press(query, answer))
        await asyncio.gather(*sending)

    async def _answer_press(self, query: CallbackQuery, answer: Answer | None) -> None:
        """End the waiting sign on the pressed button, with a short word if the answer has one."""
        toast = None
        if answer is not None and answer.toast:
            toast = load_sentences().to_text(answer.toast)[:LONGEST_TOAST]
        try:
            await self._bot.answer_callback_query(query.id, text=toast)
        except BadRequest:
            _log.debug("a press is too old to be answered")
        except TelegramError as error:
            _log.warning("a press was not answered: %s", error)

    async def _send_answer(
        self, answer: Answer | None, incoming: Incoming, progress: ProgressMessage
    ) -> None:
        """Send `answer`: in place of the pressed message or of the progress, or as new messages."""
        if answer is None:
            return
        try:
            messages = make_parts(answer)
        except Exception:  # a sentence that cannot be rendered is a fault like any other
            messages = make_parts(_log_fault("an answer"))
        instead = progress.message
        if instead is None and answer.replace and incoming.action and incoming.message:
            instead = int(incoming.message)
        target = progress.target
        for part in messages:
            try:
                await self._sender.send_with_retries(part, target, instead)
            except DeliveryError as error:
                kind = type(error).__name__
                _log.warning("no answer arrived in chat %s: %s %s", target.chat, kind, error)
                return
            instead = None
            target = replace(target, replies_to=None)


def _log_fault(place: str) -> Answer:
    """Log the exception that is being handled; return an answer with the number of its line."""
    number = secrets.token_hex(3).upper()
    _log.exception("fault %s in %s", number, place)
    return make_answer(say("fault", number=number))


def _make_target(incoming: Incoming, update: Update) -> MessageTarget:
    """Return the chat and topic of the answer; in a group it replies to the message."""
    chat = incoming.moved_to or incoming.chat
    message = update.effective_message
    is_message = incoming.action is None and incoming.event is None
    if message is None or incoming.chat_kind != "group" or not is_message:
        return MessageTarget(chat, incoming.topic)
    return MessageTarget(chat, incoming.topic, message.message_id)
