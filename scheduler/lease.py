"""Delivering under a lease that is renewed meanwhile, so that slow is not taken for lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from models.storage.faults import REGISTRY_FAULTS
from scheduler.delivery import SentMessage, Uncertain

_log = logging.getLogger(__name__)

Renewal = Callable[[], Coroutine[Any, Any, bool]]
"""Renews the lease; returns False if the sender holds it no more."""


async def deliver_under_lease(
    delivery: Awaitable[SentMessage], renew: Renewal, lease: float
) -> SentMessage:
    """Wait for a delivery and renew its lease, of so many seconds, meanwhile.

    Raises Uncertain when the lease is over or lost: another process may send the message.
    """
    loop = asyncio.get_running_loop()
    renewed_at, task = loop.time(), asyncio.ensure_future(delivery)
    try:
        while True:
            await asyncio.wait((task,), timeout=lease / 3)
            if task.done():
                return task.result()
            begun = loop.time()
            is_held = await _try_to_renew(renew, lease / 3)
            renewed_at = begun if is_held else renewed_at
            if is_held is False or loop.time() - renewed_at >= lease:
                raise Uncertain("the lease is over")
    finally:
        task.cancel()


async def _try_to_renew(renew: Renewal, seconds: float) -> bool | None:
    """Renew the lease; return whether it is held, None if the registry does not say in time."""
    work = asyncio.create_task(renew())
    done, _ = await asyncio.wait({work}, timeout=seconds)
    if not done:
        work.cancel()  # that may hang, too, and is not waited for
        return None
    try:
        return work.result()
    except REGISTRY_FAULTS:
        return None  # the registry may be back before the answer comes
    except Exception:
        _log.exception("the lease of a notice cannot be renewed")
        return None
