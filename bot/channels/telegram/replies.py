"""Replies: how an update of Telegram is answered, in its chat and topic."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot, Update
from telegram.error import BadRequest, TelegramError

from bot.channels.reply import BeforeSending
from bot.channels.telegram.menus import CommandMenus
from bot.channels.telegram.sending import MessageSender, MessageTarget, make_parts
from handlers.conversation.incoming import Incoming
from handlers.conversation.refusals import log_fault
from locales.answer import Answer
from locales.fluent import load_sentences
from scheduler.delivery import DeliveryError

LONGEST_TOAST = 200  # characters of a word shown at a pressed button

_log = logging.getLogger(__name__)


class UpdateReply:
    """Answers one update (bot/channels/reply.py, `Reply`)."""

    def __init__(
        self,
        bot: Bot,
        sender: MessageSender,
        menus: CommandMenus,
        update: Update,
        incoming: Incoming | None,
    ) -> None:
        self.incoming = incoming
        self.sent_parts = 0
        self._bot = bot
        self._sender = sender
        self._menus = menus
        self._query = update.callback_query
        self._target = _make_target(incoming, update) if incoming is not None else None
        self._progress_message: int | None = None  # its id, as soon as it was sent

    async def acknowledge(self, answer: Answer | None) -> None:
        """End the waiting sign on the pressed button, with a short word if the answer has one."""
        if self._query is None:
            return
        toast = None
        if answer is not None and answer.toast:
            toast = load_sentences().to_text(answer.toast)[:LONGEST_TOAST]
        try:
            await self._bot.answer_callback_query(self._query.id, text=toast)
        except BadRequest:
            _log.debug("a press is too old to be answered")
        except TelegramError as error:
            _log.warning("a press was not answered: %s", error)

    async def show_progress(self, answer: Answer) -> None:
        """Show `answer` in place of the last one, unless the work had to wait for the limits."""
        target = self._require_target()
        if self._progress_message is not None and (
            self._sender.limiter.seconds_until_free(target.chat, urgent=True) > 0
        ):
            return
        messages = make_parts(answer)
        if not messages:
            return
        try:
            sent = await self._sender.send_part(
                messages[0], target, markup=True, urgent=True, instead=self._progress_message
            )
        except DeliveryError as error:
            _log.info("progress was not shown: %s", error)
            return
        self._progress_message = int(sent)

    def show_menu(self, commands: Sequence[str]) -> None:
        """Let the private chat have a menu of these commands soon."""
        if self.incoming is not None:
            self._menus.show_menu(self.incoming.chat, commands)

    async def send(self, answer: Answer, before_sending: BeforeSending) -> None:
        """Send `answer`, in place of the pressed message or of the progress if it can be."""
        try:
            messages = make_parts(answer)
        except Exception:  # a sentence that cannot be rendered is a fault like any other
            messages = make_parts(log_fault("an answer"))
        incoming, target = self.incoming, self._require_target()
        instead = self._progress_message
        if instead is None and answer.replace and incoming and incoming.action and incoming.message:
            instead = int(incoming.message)
        self.sent_parts = 0
        for part in messages:
            first = before_sending if self.sent_parts == 0 else None
            await self._sender.send_with_retries(part, target, instead, first)
            self.sent_parts += 1
            instead = None
            target = replace(target, replies_to=None)

    async def send_note(self, answer: Answer) -> None:
        """Send a text to the chat that replies to no message of it. Raises a DeliveryError."""
        target = replace(self._require_target(), replies_to=None)
        for part in make_parts(answer):
            await self._sender.send_with_retries(part, target, None)

    def _require_target(self) -> MessageTarget:
        if self._target is None:
            raise ValueError("an update that is not meant for the bot is not answered")
        return self._target


def _make_target(incoming: Incoming, update: Update) -> MessageTarget:
    """Return the chat and topic of the answer; in a group it replies to the message."""
    chat = incoming.moved_to or incoming.chat
    message = update.effective_message
    is_message = incoming.action is None and incoming.event is None
    if message is None or incoming.chat_kind != "group" or not is_message:
        return MessageTarget(chat, incoming.topic)
    return MessageTarget(chat, incoming.topic, message.message_id)
