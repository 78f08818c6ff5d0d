"""The poll loop: takes updates from the server and hands each to its chat's lane.

The library's `Application` is not used (docs/dev/decisions/0001-own-poll-loop.md): one chat must be
answered in order and memory be bounded. What an update says is read in `updates.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot import logs
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.requests import ANSWER_SECONDS, FloodError
from locales.answer import say
from locales.fluent import load_sentences

POLL_SECONDS = 25  # how long the server keeps a poll open
CONFIRM_SECONDS = 0.3  # the next poll confirms a batch; it waits so long for it to be handled
WAITING_IN_CHAT = 50  # updates of one chat in memory; more are dropped
WAITING_AT_ALL = 1000  # updates in memory; no more are fetched
REMEMBERED_UPDATES = 10_000
BACKOFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between failing polls
REPEAT_LOG_SECONDS = 600.0  # the same trouble is logged again after so long
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
WEBHOOK_SET = "webhook"  # in the 409 that a forgotten webhook causes

HandleUpdate = Callable[[Update, "asyncio.Future[None]"], Awaitable[None]]
"""Handles an update; sets the future when the server may forget the update."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class RecentUpdates:
    """The ids of the last updates, so that an update that comes twice is handled once."""

    ids: dict[int, None] = field(default_factory=dict)

    def add_if_new(self, update: int) -> bool:
        """Remember `update`; return False if it was remembered before."""
        if update in self.ids:
            return False
        self.ids[update] = None
        if len(self.ids) > REMEMBERED_UPDATES:
            del self.ids[next(iter(self.ids))]
        return True


class TroubleLog:
    """Tells the operator in one line that polling fails, and in one line that it works again."""

    def __init__(self) -> None:
        self.failures = 0  # polls that failed in a row
        self._logged_at: dict[str, float] = {}  # which trouble was logged when

    def log_failure(self, error: TelegramError) -> None:
        """Count a failing poll; log it if the same trouble was not logged for a while."""
        self.failures += 1
        conflict = isinstance(error, Conflict)
        kind = "telegram-second-poller" if conflict else "telegram-no-network"
        now = time.monotonic()
        if now - self._logged_at.get(kind, float("-inf")) < REPEAT_LOG_SECONDS:
            return
        self._logged_at[kind] = now
        if conflict:
            sentence = say("telegram-second-poller")
        else:
            sentence = say("telegram-no-network", reason=logs.mask_secrets(str(error)))
        _log.warning("%s", load_sentences().to_text(sentence))

    def log_success(self) -> None:
        """Forget the failures; log that the network is back if its loss was logged."""
        if self.failures and "telegram-no-network" in self._logged_at:
            _log.warning("%s", load_sentences().to_text(say("telegram-back")))
            del self._logged_at["telegram-no-network"]
        self.failures = 0


class UpdatePoller:
    """Polls until it is stopped. Updates of one chat are handled in order, chats side by side."""

    def __init__(
        self, bot: Bot, introduce: Callable[[], Awaitable[None]], handle: HandleUpdate
    ) -> None:
        """`introduce` asks the server who the bot is; until it succeeds, no update is taken."""
        self.lanes = Lanes(deep=WAITING_IN_CHAT, most=WAITING_AT_ALL)
        self.task: asyncio.Task[None] | None = None
        self._bot = bot
        self._introduce = introduce
        self._handle = handle
        self._introduced = False
        self._recent = RecentUpdates()
        self._trouble = TroubleLog()
        self._unhandled: dict[int, asyncio.Future[None]] = {}
        self._offset = 0
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Introduce the bot and start polling; without a network it keeps trying.

        Raises BadToken.
        """
        try:
            await self._introduce_bot()
        except (InvalidToken, EndPointNotFound):
            raise BadToken from None
        except TelegramError as error:
            self._trouble.log_failure(error)
        self.task = asyncio.create_task(self._poll_updates())

    async def stop(self, seconds: float) -> BaseException | None:
        """Take no more updates and wait up to `seconds` for those that were taken.

        Returns what ended the polling before, if anything did.
        """
        self._stopping.set()
        outcome: BaseException | None = None
        if self.task is not None:
            (outcome,) = await asyncio.gather(self.task, return_exceptions=True)
        await self.lanes.drain(seconds)
        return outcome

    async def confirm_updates(self) -> None:
        """Tell the server to forget what was handled: at the end no next poll does it."""
        if not self._introduced or not self._offset:
            return
        waiting = (number for number, done in self._unhandled.items() if not done.done())
        offset = min(waiting, default=self._offset)
        with contextlib.suppress(TelegramError):  # unconfirmed updates only come again
            await self._bot.get_updates(
                offset=offset, timeout=0, limit=1, allowed_updates=list(UPDATES)
            )

    async def _introduce_bot(self) -> None:
        await self._introduce()
        self._introduced = True

    async def _poll_updates(self) -> None:
        """Take updates until `stop`; after a failure try again. Raises BadToken."""
        while not self._stopping.is_set():
            await self._run_until_stop(self.lanes.wait_for_room())
            try:
                if not self._introduced:
                    await self._run_until_stop(self._introduce_bot())
                batch = await self._run_until_stop(self._fetch_updates())
            except (InvalidToken, EndPointNotFound):
                refusal = BadToken()
                _log.error("%s", refusal)
                raise refusal from None
            except TelegramError as error:
                await self._wait_after_failure(error)
                continue
            except Exception as error:  # a fault of ours must not end the polling for good
                _log.exception("polling failed")
                await self._wait_after_failure(TelegramError(type(error).__name__))
                continue
            self._trouble.log_success()
            self._take_updates(batch or ())
            await self._wait_for_handlers()

    async def _run_until_stop(self, work: Any) -> Any:
        """Return the result of `work`, or None if the bot stops first."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    async def _fetch_updates(self) -> list[dict[str, Any]]:
        """Return the next updates as the server wrote them.

        The library's own call fails as a whole if it cannot read one of them. Method names have no
        case (core.telegram.org/bots/api, "Making requests"); written in lower case the library
        lets the name pass.
        """
        result: Any = await self._bot.do_api_request(
            "getupdates",
            api_kwargs={
                "offset": self._offset,
                "timeout": POLL_SECONDS,
                "allowed_updates": list(UPDATES),
            },
            read_timeout=POLL_SECONDS + ANSWER_SECONDS,
        )
        return result if isinstance(result, list) else []

    async def _wait_after_failure(self, error: TelegramError) -> None:
        """Log the failure and wait, longer after each failure in a row. Remove a webhook."""
        if isinstance(error, Conflict) and WEBHOOK_SET in str(error).lower():
            with contextlib.suppress(TelegramError):  # the next poll shows whether it helped
                await self._bot.delete_webhook()
        self._trouble.log_failure(error)
        delay = BACKOFF[min(self._trouble.failures, len(BACKOFF)) - 1]
        if isinstance(error, FloodError):
            delay = max(delay, error.seconds)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), delay)

    def _take_updates(self, batch: Iterable[dict[str, Any]]) -> None:
        """Put each update in its chat's lane. One that cannot be read is logged and passed over."""
        for raw in batch:
            number = int(raw.get("update_id", -1))
            self._offset = max(self._offset, number + 1)
            if not self._recent.add_if_new(number):
                continue
            try:
                update = Update.de_json(raw, self._bot)
                chat = update.effective_chat
            except Exception:  # a new or broken kind of update must not stop all others
                _log.exception("update %d cannot be read", number)
                continue
            if chat is not None:
                self._line_up(update, chat.id)

    def _line_up(self, update: Update, chat: int) -> None:
        number = update.update_id
        handled = asyncio.get_running_loop().create_future()

        async def run_handler() -> None:
            try:
                await self._handle(update, handled)
            except Exception:  # whatever it is, the chat's next message must be answered
                _log.exception("update %d was not handled", number)
            if not handled.done():  # not reached if the bot stops first: the update comes again
                handled.set_result(None)

        if self.lanes.put(str(chat), run_handler):
            self._unhandled[number] = handled
        else:
            _log.warning(
                "chat %d sends faster than it can be answered; update %d was dropped", chat, number
            )

    async def _wait_for_handlers(self) -> None:
        """Wait a moment for the updates that were taken: the next poll confirms them."""
        self._unhandled = {n: done for n, done in self._unhandled.items() if not done.done()}
        if self._unhandled:
            await asyncio.wait(self._unhandled.values(), timeout=CONFIRM_SECONDS)
