"""What the process measures of itself, for Prometheus; no measure has labels."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram

from handlers.conversation.incoming import Incoming, Progress, Respond
from locales.answer import Answer

REGISTRY = CollectorRegistry()
ANSWERS = Histogram(
    "nhacviec_answer_seconds",
    "Seconds in which an answer is found, without its sending.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10),
    registry=REGISTRY,
)
UPDATES = Counter("nhacviec_updates", "Messages, presses and files handled.", registry=REGISTRY)
TOO_FAST = Counter("nhacviec_too_many_requests", "Times Telegram asked to wait.", registry=REGISTRY)


def measure_answers(respond: Respond) -> Respond:
    """Return `respond` with each call counted and timed."""

    async def measure_answer(incoming: Incoming, progress: Progress) -> Answer | None:
        begin = time.perf_counter()
        try:
            return await respond(incoming, progress)
        finally:
            UPDATES.inc()
            ANSWERS.observe(time.perf_counter() - begin)

    return measure_answer
