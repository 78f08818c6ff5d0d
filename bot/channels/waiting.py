"""Waiting that an event cuts short: a channel that stops, or may not go on, waits no longer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def run_until(work: Awaitable[T], *events: asyncio.Event) -> T | None:
    """Return the result of `work`, or None if one of `events` comes first: `work` is cancelled."""
    task = asyncio.ensure_future(work)
    ends = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait({task, *ends}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, *ends):
            one.cancel()
        await asyncio.gather(task, *ends, return_exceptions=True)


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until the event comes."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
