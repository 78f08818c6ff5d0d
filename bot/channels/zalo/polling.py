"""The poll loop, for trials: the platform hands out one event a poll and forgets it at once.

There is no confirmation, so an event that was polled is kept in memory until the registry has it;
a kill in between loses it. In production the webhook is used (docs/zalo.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.zalo.client import BAD_REQUEST, BAD_TOKEN, TIMEOUT, ZaloClient, ZaloError
from locales.answer import say
from locales.fluent import load_sentences
from scheduler.delivery import DeliveryError

POLL_SECONDS = 25
BACKOFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between failing polls

_log = logging.getLogger(__name__)


class EventPoller:
    """Polls until it is stopped, and stores what comes."""

    def __init__(
        self,
        client: ZaloClient,
        introduce: Callable[[], Awaitable[None]],
        store: Callable[[Any], Awaitable[None]],
        wait_for_room: Callable[[], Awaitable[None]],
        *,
        by_webhook: bool,
    ) -> None:
        """`introduce` asks the server who the bot is; until it succeeds, no event is taken.

        `by_webhook`: events are not polled.
        """
        self._client = client
        self._introduce = introduce
        self._store = store
        self._wait_for_room = wait_for_room
        self._by_webhook = by_webhook
        self._introduced = False
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, *, introduced: bool) -> None:
        """Begin to poll; `introduced`: the server named the bot already."""
        self._introduced = introduced
        self._task = asyncio.create_task(self._poll_events())

    async def stop(self) -> None:
        """Take no more events; what came is stored."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _poll_events(self) -> None:
        """Take events until `stop`; after a failure of any kind try again."""
        failures = 0
        while not self._stopping.is_set():
            try:
                if not self._introduced:
                    await self._run_until_stop(self._introduce())
                    self._introduced = not self._stopping.is_set()
                    failures = 0
                    continue
                if self._by_webhook:
                    return
                await self._run_until_stop(self._wait_for_room())
                event = await self._run_until_stop(
                    self._client.call_method(
                        "getUpdates", seconds=POLL_SECONDS + 10.0, timeout=str(POLL_SECONDS)
                    )
                )
                if event is not None:
                    await self._store_event(event)
            except ZaloError as error:
                if error.code == TIMEOUT:  # nothing came
                    failures = 0
                    continue
                failures += 1
                await self._wait_after_failure(error, failures)
            except (DeliveryError, TypeError, ValueError) as error:
                failures += 1
                await self._wait_after_failure(error, failures)
            else:
                failures = 0

    async def _store_event(self, event: Any) -> None:
        """Store an event, again while the registry fails: it will not come a second time."""
        failures = 0
        while True:
            try:
                await self._store(event)
                return
            except Exception:  # whatever the registry met, the event must not be lost
                failures += 1
                _log.exception("an event of Zalo waits for the registry")
                if self._stopping.is_set() and failures >= len(BACKOFF):
                    return
                await asyncio.sleep(BACKOFF[min(failures, len(BACKOFF)) - 1])

    async def _wait_after_failure(self, error: Exception, failures: int) -> None:
        """Log the first failure in a row and wait, longer after each. Remove a webhook."""
        if isinstance(error, ZaloError) and error.code == BAD_REQUEST:
            with contextlib.suppress(ZaloError, DeliveryError):  # the next poll shows if it helped
                await self._client.call_method("deleteWebhook")
        if failures == 1:
            refused = isinstance(error, ZaloError) and error.code == BAD_TOKEN
            sentence = say("zalo-refused") if refused else say("zalo-no-network", reason=str(error))
            _log.warning("%s", load_sentences().to_text(sentence))
        with contextlib.suppress(asyncio.TimeoutError):
            delay = BACKOFF[min(failures, len(BACKOFF)) - 1]
            await asyncio.wait_for(self._stopping.wait(), delay)

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
