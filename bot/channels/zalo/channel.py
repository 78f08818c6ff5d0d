"""The Zalo channel: its parts put together.

`polling.py` or the webhook takes events and stores them, `events.py` reads them, `replies.py`
answers them, `sending.py` and `choices.py` send, `quota.py` counts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.answering import InboxAnswerer
from bot.channels.channel import StartFault
from bot.channels.inbox import Inbox
from bot.channels.inbox_item import InboxItem
from bot.channels.poll_lease import PollLease
from bot.channels.webhook import PostingAddress
from bot.channels.zalo.choices import parse_number
from bot.channels.zalo.client import BAD_TOKEN, ZaloClient, ZaloError
from bot.channels.zalo.events import CHANNEL, EventReader
from bot.channels.zalo.polling import EventPoller
from bot.channels.zalo.quota import MonthlyQuota
from bot.channels.zalo.replies import EventReply
from bot.channels.zalo.sending import ZaloSender
from handlers.conversation.incoming import Incoming, Respond
from locales.answer import Answer, say
from locales.fluent import load_sentences
from models.channels.choices import find_action
from models.storage.database import Database
from scheduler.defaults import LEASE
from scheduler.delivery import DeliveryError, NotDelivered, SentMessage

STOP_SECONDS = 10.0  # for what is being answered when the bot stops

_log = logging.getLogger(__name__)


class Zalo:
    """Takes messages to the router and sends its answers; delivers messages for the sender."""

    name = CHANNEL

    def __init__(
        self,
        client: ZaloClient,
        respond: Respond,
        clock: Callable[[], datetime],
        database: Database,
        *,
        monthly: int,
        webhook: PostingAddress | None = None,
        files_url: str | None = None,
        lease: float = LEASE,
    ) -> None:
        """Put the channel together; nothing is started. Without a webhook it polls.

        `files_url` is the public address under which the board hands out files; None: no board.
        """
        self._client = client
        self._database = database
        self._webhook = webhook
        self._reader = EventReader(client, clock, takes_files=files_url is not None)
        self._quota = MonthlyQuota(database, clock, monthly)
        self._sender = ZaloSender(client, database, self._quota, clock, files_url)
        self._inbox = Inbox(
            database, CHANNEL, clock, lease=lease, count_new=self._quota.count_messages
        )
        self._answerer = InboxAnswerer(CHANNEL, self._open_reply, respond, self._inbox)
        self._lease = PollLease(database, CHANNEL, clock)
        self._poller = EventPoller(
            client,
            self._introduce,
            self._store_event,
            self._inbox.lanes.wait_for_room,
            self._lease if webhook is None else None,
        )
        self._stopped = False

    async def check_access(self) -> None:
        """Ask whether the platform accepts the token. Raises StartFault."""
        try:
            await self._client.fetch_bot_names()
        except (ZaloError, DeliveryError) as error:
            if isinstance(error, ZaloError) and error.code == BAD_TOKEN:
                raise StartFault(say("zalo-bad-token")) from None
            _log.info("Zalo does not answer: %s", error)  # the start says so

    async def start(self) -> None:
        """Ask the server who the bot is and handle what waits; without a network keep trying.

        Raises StartFault if the platform does not accept the token.
        """
        introduced = False
        try:
            await self._introduce()
            introduced = True
        except (ZaloError, DeliveryError) as error:
            if isinstance(error, ZaloError) and error.code == BAD_TOKEN:
                await self.close()
                raise StartFault(say("zalo-bad-token")) from None
            _log.warning("%s", load_sentences().to_text(say("zalo-no-network", reason=str(error))))
        self._poller.start(introduced=introduced)

    async def finish(self) -> None:
        """Take no more events and begin none; finish those that were begun (up to 10 s)."""
        await self._poller.stop()
        await asyncio.gather(
            self._inbox.stop(STOP_SECONDS), self._answerer.outage.stop(STOP_SECONDS)
        )
        await self._quota.store_uncounted()
        await self._lease.end_lease()

    async def close(self) -> None:
        """Close the connections; nothing can be sent any more."""
        if not self._stopped:
            self._stopped = True
            await self._client.close()

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Send a notice. Raises a DeliveryError."""
        if self._stopped:
            raise NotDelivered("the channel is stopped")
        return await self._sender.send_answer(chat, what, of_notice=True)

    async def save_event(self, body: bytes, secret: str | None) -> bool:
        """Store what the platform posted; return False if the secret is wrong.

        Raises what a registry that fails raises: the platform posts it again; unless it was a
        question that was answered without the registry being written.
        """
        if self._webhook is None or not self._webhook.is_secret(secret):
            return False
        try:
            event = json.loads(body)
        except ValueError:
            _log.warning("an event that is no JSON is left out")
            return True
        update = self._reader.make_new_update(event)
        if update is not None and not await self._answerer.store_posted_update(update):
            self._quota.note_unstored(1)
        return True

    async def _introduce(self) -> None:
        """Ask the server who the bot is, set the webhook, and begin to handle."""
        self._reader.names = await self._client.fetch_bot_names()
        if self._webhook is not None:
            await self._client.call_method(
                "setWebhook", url=self._webhook.url, secret_token=self._webhook.secret
            )
        await self._inbox.start(self._answerer.handle_item, self._answerer.outage.answer_unstored)

    async def _store_event(self, event: Any) -> None:
        """Store a polled event, unless it was answered beside an inbox that could not store it."""
        update = self._reader.make_new_update(event)
        if update is None:
            return
        if await self._answerer.outage.was_answered(update.update):
            self._quota.note_unstored(1)
        else:
            await self._inbox.store([update])

    async def _open_reply(self, item: InboxItem) -> EventReply:
        incoming = self._reader.read_stored(item)
        if incoming is not None:
            incoming = await self._read_choice(incoming)
        return EventReply(self._sender, item, incoming)

    async def _read_choice(self, incoming: Incoming) -> Incoming:
        """Return a typed number as the press of the button that it stood for."""
        number = parse_number(incoming.text)
        if number is None:
            return incoming
        async with self._database.read() as session:
            action = await find_action(session, CHANNEL, incoming.chat, number, incoming.said_at)
        return replace(incoming, text="", action=action) if action else incoming
