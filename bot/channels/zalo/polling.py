"""The poll loop, for trials: the platform hands out one event a poll and forgets it at once.

There is no confirmation, so an event that was polled is kept in memory until the registry has it;
a kill in between loses it. A poll that has begun ends by itself when the lease is lost, for the
same reason. In production the webhook is used (docs/zalo.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.poll_lease import PollLease
from bot.channels.waiting import run_until, wait_for_event
from bot.channels.zalo.client import BAD_REQUEST, BAD_TOKEN, TIMEOUT, ZaloClient, ZaloError
from locales.answer import say
from locales.fluent import load_sentences
from models.storage.faults import REGISTRY_FAULTS
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
        lease: PollLease | None,
    ) -> None:
        """`introduce` asks the server who the bot is; until it succeeds, no event is taken.

        Of several processes, the one with the `lease` polls; without one, events are posted.
        """
        self._client = client
        self._introduce = introduce
        self._store = store
        self._wait_for_room = wait_for_room
        self._lease = lease
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
                    await run_until(self._introduce(), self._stopping)
                    self._introduced = not self._stopping.is_set()
                elif self._lease is None:
                    return
                else:
                    await self._take_event(self._lease)
                failures = 0
            except (ZaloError, DeliveryError) as error:
                failures += 1
                await self._wait_after_failure(error, failures)
            except Exception as error:  # an answer that cannot be read must not end polling
                _log.exception("polling Zalo failed")
                failures += 1
                await self._wait_after_failure(error, failures)

    async def _take_event(self, lease: PollLease) -> None:
        """Ask for an event, and store the one that comes. Raises ZaloError or a DeliveryError."""
        await run_until(self._wait_for_room(), self._stopping)
        await run_until(lease.wait_for_turn(), self._stopping)
        poll = self._client.call_method(
            "getUpdates", seconds=POLL_SECONDS + 10.0, timeout=str(POLL_SECONDS)
        )
        try:
            event = await run_until(poll, self._stopping)
        except ZaloError as error:
            if error.code != TIMEOUT:
                raise
            return  # nothing came
        if event is not None:
            await self._store_event(event)

    async def _store_event(self, event: Any) -> None:
        """Store an event, again while the registry fails: it will not come a second time.

        One that the program cannot store is left out: it must not keep out all others.
        """
        failures = 0
        while True:
            try:
                await self._store(event)
                return
            except REGISTRY_FAULTS:  # logged by the registry
                failures += 1
                if self._stopping.is_set() and failures >= len(BACKOFF):
                    _log.error("an event of Zalo is lost: the registry did not take it")
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
        await wait_for_event(self._stopping, BACKOFF[min(failures, len(BACKOFF)) - 1])
