"""Replies: how a message from Zalo is answered."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from bot.channels.inbox_item import InboxItem
from bot.channels.reply import BeforeSending
from bot.channels.zalo.sending import ZaloSender
from handlers.conversation.incoming import Incoming
from locales.answer import Answer
from models.storage.database import refuse_writes
from scheduler.delivery import QuotaSpent


class EventReply:
    """Answers one message (bot/channels/answering.py, `Reply`)."""

    def __init__(self, sender: ZaloSender, item: InboxItem, incoming: Incoming | None) -> None:
        self.incoming = incoming
        self.sent_parts = 0
        self._sender = sender
        self._item = item

    async def acknowledge(self, answer: Answer | None) -> None:
        """Do nothing: a typed number shows no waiting sign."""

    async def show_progress(self, answer: Answer) -> None:
        """Show that the bot is typing; a message would count against the quota."""
        await self._sender.show_typing(self._item.chat)

    def show_menu(self, commands: Sequence[str]) -> None:
        """Do nothing: Zalo has no menu of commands."""

    async def send(self, answer: Answer, before_sending: BeforeSending) -> None:
        """Send `answer`. Raises a DeliveryError."""
        if not answer.blocks and not answer.files and answer.toast is None:
            return
        is_plain = not self._item.changed
        with self._keep_to_reading():
            try:
                await self._sender.send_answer(
                    self._item.chat, answer, is_plain=is_plain, before_sending=before_sending
                )
            except QuotaSpent:
                if not is_plain:
                    raise
                await self._sender.explain_quota(self._item.chat)
        self.sent_parts += 1

    async def send_note(self, answer: Answer) -> None:
        """Send a text that answers several messages of the chat. Raises a DeliveryError."""
        with self._keep_to_reading():
            await self._sender.send_answer(self._item.chat, answer, is_plain=True)

    def _keep_to_reading(self) -> AbstractContextManager[None]:
        """Refuse writes for a message that the registry did not take: they would wait for long."""
        return refuse_writes() if self._item.is_unstored else nullcontext()
