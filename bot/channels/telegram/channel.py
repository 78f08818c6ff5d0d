"""The Telegram channel: its parts put together. Only this folder knows python-telegram-bot.

`polling.py` takes updates and stores them, `updates.py` reads them, `replies.py` answers them,
`sending.py` sends, `requests.py` and `errors.py` tell what a failure means.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken, TelegramError

from bot import logs
from bot.channels.answering import InboxAnswerer
from bot.channels.inbox import Inbox
from bot.channels.inbox_item import InboxItem
from bot.channels.poll_lease import PollLease
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.errors import BadToken, to_delivery_error
from bot.channels.telegram.menus import CommandMenus
from bot.channels.telegram.polling import UPDATES, UpdatePoller, is_update
from bot.channels.telegram.rate_limits import OVERALL_RATE, RateLimiter
from bot.channels.telegram.replies import UpdateReply
from bot.channels.telegram.requests import CONNECT_SECONDS, TelegramRequest, make_requests
from bot.channels.telegram.sending import MessageSender, MessageTarget
from bot.channels.telegram.shared_pace import SharedPace
from bot.channels.telegram.updates import UpdateReader
from bot.channels.webhook import PostingAddress
from bot.settings import PUBLIC_API
from handlers.conversation.incoming import Respond
from locales.answer import Answer, Sentence
from models.storage.database import Database
from scheduler.defaults import LEASE
from scheduler.delivery import NotDelivered, SentMessage

STOP_SECONDS = 10.0  # for what is being answered when the bot stops

_log = logging.getLogger(__name__)


def _make_bot(token: str, api_url: str, requests: tuple[TelegramRequest, TelegramRequest]) -> Bot:
    """Return the library's bot; the first of `requests` is for polling."""
    base = api_url.rstrip("/")
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=requests[1],
        get_updates_request=requests[0],
    )


class Telegram:
    """Takes updates to the router and sends its answers; delivers messages for the sender."""

    name = CHANNEL

    def __init__(
        self,
        token: str,
        respond: Respond,
        clock: Callable[[], datetime],
        *,
        api_url: str = PUBLIC_API,
        proxy: str | None = None,
        rate: float = OVERALL_RATE,
        commands: Sequence[tuple[str, Sentence]] = (),
        database: Database | None = None,
        lease: float = LEASE,
        on_named: Callable[[str], None] | None = None,
        webhook: PostingAddress | None = None,
    ) -> None:
        """Put the channel together; nothing is started. Raises BadProxy.

        `database` is the registry with the inbox; without it the channel can send, but not start.

        `respond` is the router, `clock` gives the zoned now, `rate` is in messages a second (above
        30 for trials), `commands` fill the menu: a command without its slash, and what it does.
        `on_named` is told the bot's name (without @) as soon as the server says it. With a
        `webhook` the server posts updates instead of being polled.
        """
        logs.hide_secret(token)
        self._requests = make_requests(proxy)
        self._bot = _make_bot(token, api_url, self._requests)
        self._commands = tuple(commands)
        self._menus = CommandMenus(self._bot)
        self._on_named = on_named
        self._webhook = webhook
        self._reader = UpdateReader(self._bot, clock)
        limiter = RateLimiter(rate)
        if database is not None and not database.is_sqlite:
            limiter.shared = SharedPace(database, token, limiter.window)
        self._sender = MessageSender(self._bot, limiter)
        self._inbox: Inbox | None = None
        self._poller: UpdatePoller | None = None
        if database is not None:
            self._inbox = Inbox(database, CHANNEL, clock, lease=lease)
            answerer = InboxAnswerer(CHANNEL, self._open_reply, respond, self._inbox)
            self._answerer = answerer
            self._lease = PollLease(database, CHANNEL, clock)
            self._poller = UpdatePoller(
                self._bot,
                self._introduce,
                self._inbox.lanes.wait_for_room,
                self._store_batch,
                self._lease if webhook is None else None,
            )
        self._menu: asyncio.Task[None] | None = None
        self._stopped = False

    async def check_access(self) -> None:
        """Ask whether the server accepts the token. Raises BadToken."""
        try:
            await self._bot.get_me()
        except (InvalidToken, EndPointNotFound):
            raise BadToken from None
        except Exception as error:  # also an answer that the library cannot read; `start` says so
            _log.info("Telegram does not answer: %s", type(error).__name__)

    async def start(self) -> None:
        """Ask the server who the bot is, handle what waits and start polling. Raises BadToken.

        Without a network it keeps trying.
        """
        if self._poller is None or self._inbox is None:
            raise ValueError("a channel without a registry cannot start")
        try:
            await self._poller.start()
        except BadToken:
            await self.stop()
            raise

    async def finish(self) -> None:
        """Take no more updates and begin none; finish those that were begun (up to 10 s)."""
        if self._poller is None or self._inbox is None:
            return
        await self._poller.stop()
        await asyncio.gather(
            self._inbox.stop(STOP_SECONDS), self._answerer.outage.stop(STOP_SECONDS)
        )
        await self._poller.confirm_updates()
        await self._lease.end_lease()

    async def stop(self) -> None:
        """Finish and close."""
        if not self._stopped:
            await self.finish()
            await self.close()

    async def close(self) -> None:
        """Close the connections; nothing can be sent any more."""
        if self._stopped:
            return
        await self._menus.close()
        if self._menu is not None:
            self._menu.cancel()
            await asyncio.gather(self._menu, return_exceptions=True)
        self._stopped = True
        if self._sender.limiter.shared is not None:
            await self._sender.limiter.shared.close()
        await asyncio.gather(*(request.shutdown() for request in self._requests))

    async def _store_batch(
        self, batch: Sequence[dict[str, Any]], gap_start: datetime | None = None
    ) -> None:
        """Store what was not answered beside an inbox that could not store it."""
        updates = [self._reader.make_new_update(raw, gap_start) for raw in batch]
        was_answered = self._answerer.outage.was_answered
        left = [one for one in updates if not await was_answered(one.update)]
        if self._inbox is not None and left:
            await self._inbox.store(left)

    async def save_update(self, body: bytes, secret: str | None) -> bool:
        """Store an update that the server posted; return False if the secret is wrong.

        Raises what a registry that fails raises: the server posts it again, perhaps to another
        process; unless it was a question that was answered without the registry being written.
        """
        if self._webhook is None or not self._webhook.is_secret(secret):
            return False
        try:
            raw = json.loads(body)
        except ValueError:
            raw = None
        if is_update(raw) and self._inbox is not None:
            await self._answerer.store_posted_update(self._reader.make_new_update(raw, None))
        else:
            _log.warning("what the server posted is no update, and is left out")
        return True

    async def _open_reply(self, item: InboxItem) -> UpdateReply:
        update, incoming = self._reader.read_stored(item)
        return UpdateReply(self._bot, self._sender, self._menus, update, incoming)

    async def probe(self, seconds: float = CONNECT_SECONDS) -> str:
        """Return the bot's name (without @), asked within `seconds`; start nothing.

        Raises BadToken or a DeliveryError.
        """
        try:
            me = await self._bot.get_me(
                connect_timeout=seconds,
                read_timeout=seconds,
                write_timeout=seconds,
                pool_timeout=seconds,
            )
        except InvalidToken:
            raise BadToken from None
        except TelegramError as error:
            raise to_delivery_error(error) from None
        finally:
            await self.close()
        return me.username or me.first_name

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Send `what` to `chat` as `MessageSender.deliver` does. Raises a DeliveryError."""
        if self._stopped:
            raise NotDelivered("the channel is stopped")
        return await self._sender.deliver(what, MessageTarget(chat, topic), markup=markup)

    async def _introduce(self) -> None:
        """Ask the server who the bot is; then set the menu beside the polling."""
        me = self._reader.me = await self._bot.get_me()
        if self._on_named is not None and me.username:
            self._on_named(me.username)
        if self._inbox is not None:  # before the bot's name is known, no message can be read
            await self._inbox.start(
                self._answerer.handle_item, self._answerer.outage.answer_unstored
            )
        if self._webhook is not None:
            await self._bot.set_webhook(
                self._webhook.url,
                secret_token=self._webhook.secret,
                allowed_updates=list(UPDATES),
            )
        _log.info("%s as @%s", "polling" if self._webhook is None else "called", me.username)
        if self._commands:
            self._menu = asyncio.create_task(self._menus.set_usual_menu(self._commands))
