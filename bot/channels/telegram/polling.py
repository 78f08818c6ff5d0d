"""The poll loop: takes updates from the server and stores each batch before it is confirmed.

The next poll confirms a batch, and begins when the batch is in the inbox; so what a kill or a
locked registry keeps from being stored comes again. No reply of the server ends the loop. The
library's `Updater` is not used (docs/dev/decisions/0001-own-poll-loop.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot import logs
from bot.channels.poll_lease import PollLease
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.requests import ANSWER_SECONDS, FloodError
from bot.channels.waiting import run_until, wait_for_event
from locales.answer import say
from locales.fluent import load_sentences
from models.storage.faults import REGISTRY_FAULTS

POLL_SECONDS = 25  # how long the server keeps a poll open
BACKOFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between failing polls
LONGEST_REGISTRY_PAUSE = 5.0  # seconds; people are told meanwhile that the registry fails
EMPTY_SECONDS = 1.0  # a poll that returns nothing sooner is followed by a pause
REPEAT_LOG_SECONDS = 600.0  # the same trouble is logged again after so long
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
WEBHOOK_SET = "webhook"  # in the 409 that a forgotten webhook causes

UPDATES_AT_ONCE = 100  # that the server gives

StoreBatch = Callable[[Sequence[dict[str, Any]], datetime | None], Awaitable[None]]
"""Stores a batch of updates; when it returns, the server may forget them.

The moment is since when no poll had succeeded, if that is long ago.
"""

_log = logging.getLogger(__name__)


class TroubleLog:
    """Tells the operator in one line that polling fails, and in one line that it works again."""

    def __init__(self) -> None:
        self.failures = 0  # polls that failed in a row
        self._logged_at: dict[str, float] = {}  # which trouble was logged when

    def log_failure(self, error: TelegramError) -> None:
        """Count a failing poll; log it if the same trouble was not logged for a while."""
        self.failures += 1
        kind = "telegram-no-network"
        if isinstance(error, Conflict):
            kind = "telegram-second-poller"
        elif isinstance(error, InvalidToken | EndPointNotFound):
            kind = "telegram-refused"
        now = time.monotonic()
        if now - self._logged_at.get(kind, float("-inf")) < REPEAT_LOG_SECONDS:
            return
        self._logged_at[kind] = now
        values = {"reason": logs.mask_secrets(str(error))} if kind == "telegram-no-network" else {}
        _log.warning("%s", load_sentences().to_text(say(kind, **values)))

    def find_pause(self) -> float:
        """Return how many seconds to wait after so many failures in a row."""
        return BACKOFF[min(self.failures, len(BACKOFF)) - 1]

    def log_success(self) -> None:
        """Forget the failures; log that the network is back if its loss was logged."""
        told = [k for k in ("telegram-no-network", "telegram-refused") if k in self._logged_at]
        if self.failures and told:
            _log.warning("%s", load_sentences().to_text(say("telegram-back")))
            for kind in told:
                del self._logged_at[kind]
        self.failures = 0


class UpdatePoller:
    """Polls until it is stopped, and stores what comes."""

    def __init__(
        self,
        bot: Bot,
        introduce: Callable[[], Awaitable[None]],
        wait_for_room: Callable[[], Awaitable[None]],
        store: StoreBatch,
        lease: PollLease | None,
    ) -> None:
        """`introduce` asks the server who the bot is; until it succeeds, no update is taken.

        Of several processes, the one with the `lease` polls; without one, updates are posted.
        """
        self._task: asyncio.Task[None] | None = None
        self._bot = bot
        self._introduce = introduce
        self._wait_for_room = wait_for_room
        self._store = store
        self._lease = lease
        self._introduced = False
        self._trouble = TroubleLog()
        self._offset = 0
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Introduce the bot and start polling; without a network it keeps trying.

        Raises BadToken: later, no answer of the server ends the polling.
        """
        try:
            await self._introduce_bot()
        except (InvalidToken, EndPointNotFound):
            raise BadToken from None
        except TelegramError as error:
            self._trouble.log_failure(error)
        except Exception as error:  # an answer that the library cannot read
            self._trouble.log_failure(TelegramError(type(error).__name__))
        self._task = asyncio.create_task(self._poll_updates())

    async def stop(self) -> None:
        """Take no more updates; a batch that came is stored."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def confirm_updates(self) -> None:
        """Tell the server to forget what is stored: at the end no next poll does it.

        Without the lease it is another process that polls, and that would be disturbed.
        """
        if not self._offset or self._lease is None or self._lease.lost.is_set():
            return
        with contextlib.suppress(TelegramError):  # unconfirmed updates only come again
            await self._bot.get_updates(
                offset=self._offset, timeout=0, limit=1, allowed_updates=list(UPDATES)
            )

    async def _introduce_bot(self) -> None:
        await self._introduce()
        self._introduced = True
        self._trouble.log_success()

    async def _poll_updates(self) -> None:
        """Take updates until `stop`; after a failure of any kind try again."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            await run_until(self._wait_for_room(), self._stopping)
            begun = loop.time()
            try:
                if not self._introduced:
                    await run_until(self._introduce_bot(), self._stopping)
                if self._lease is None:
                    return
                batch = await self._take_batch(self._lease)
                if batch is None:
                    continue
            except TelegramError as error:
                await self._wait_after_failure(error)
                continue
            except REGISTRY_FAULTS:  # logged by the registry; the batch comes again
                self._trouble.failures += 1
                pause = min(self._trouble.find_pause(), LONGEST_REGISTRY_PAUSE)
                await wait_for_event(self._stopping, pause)
                continue
            except Exception as error:  # an answer that cannot be read must not end polling
                _log.exception("polling failed")
                await self._wait_after_failure(TelegramError(type(error).__name__))
                continue
            self._trouble.log_success()
            if batch:
                self._offset = max(self._offset, *(int(raw["update_id"]) + 1 for raw in batch))
            await self._lease.note_poll(is_full=len(batch) >= UPDATES_AT_ONCE)
            if not batch and loop.time() - begun < EMPTY_SECONDS:
                await wait_for_event(self._stopping, EMPTY_SECONDS)

    async def _take_batch(self, lease: PollLease) -> list[dict[str, Any]] | None:
        """Fetch and store updates; return None if the bot stops, or another process is to poll."""
        await run_until(lease.wait_for_turn(), self._stopping)
        batch: list[dict[str, Any]] | None = await run_until(
            self._fetch_updates(), self._stopping, lease.lost
        )
        if batch:
            await self._store(batch, await lease.find_gap())
        return batch

    async def _fetch_updates(self) -> list[dict[str, Any]]:
        """Return the next updates as the server wrote them, without what is no update.

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
        updates = [raw for raw in result if is_update(raw)] if isinstance(result, list) else []
        if not updates and result != []:
            raise TelegramError("the reply holds no updates")
        return updates

    async def _wait_after_failure(self, error: TelegramError) -> None:
        """Log the failure and wait, longer after each failure in a row. Remove a webhook."""
        if isinstance(error, Conflict) and WEBHOOK_SET in str(error).lower():
            with contextlib.suppress(TelegramError):  # the next poll shows whether it helped
                await self._bot.delete_webhook()
        self._trouble.log_failure(error)
        delay = self._trouble.find_pause()
        if isinstance(error, FloodError):
            delay = max(delay, error.seconds)
        await wait_for_event(self._stopping, delay)


def is_update(raw: Any) -> bool:
    """Return whether an element of a reply is an update: it has a number to confirm it by."""
    if not isinstance(raw, dict):
        return False
    number = raw.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31
