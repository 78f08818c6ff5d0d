"""`/health` and `/metrics`, on an address of their own: nothing of what the registry holds."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.queries.monitor import SENDER, Vitals, is_sender_late, read_vitals
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from scheduler.planning.planner import read_last_planned_day

_log = logging.getLogger(__name__)


def make_monitor(
    database: Database, now: Callable[[], datetime], measured: CollectorRegistry | None = None
) -> Starlette:
    """Return the pages for monitors; `measured` is what the process measures of itself."""
    return Starlette(
        routes=[
            Route("/health", _make_health(database, now)),
            Route("/metrics", _make_metrics(database, now, measured)),
        ]
    )


def _make_health(
    database: Database, now: Callable[[], datetime]
) -> Callable[[Request], Awaitable[Response]]:
    async def show_health(request: Request) -> Response:
        try:
            async with database.read() as session:
                vitals = await read_vitals(session, now())
        except REGISTRY_FAULTS as fault:
            _log.warning("the registry does not answer: %s", type(fault).__name__)
            return JSONResponse({"healthy": False, "why": "registry"}, 503)
        beat = vitals.beats.get(SENDER)
        is_beating = not is_sender_late(vitals, now())
        state = {
            "healthy": is_beating,
            "last_beat": beat.isoformat() if beat is not None else None,
            "waiting": vitals.waiting,
        }
        if is_beating:
            return JSONResponse(state)
        return JSONResponse({**state, "why": "clock"}, 503)

    return show_health


def _make_metrics(
    database: Database, now: Callable[[], datetime], measured: CollectorRegistry | None
) -> Callable[[Request], Awaitable[Response]]:
    async def show_metrics(request: Request) -> Response:
        moment = now()
        async with database.read() as session:
            vitals = await read_vitals(session, moment)
            planned = await read_last_planned_day(session, moment.date())
        text = generate_latest(collect_vitals(vitals, planned, moment))
        if measured is not None:
            text += generate_latest(measured)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return show_metrics


def collect_vitals(vitals: Vitals, planned: date | None, now: datetime) -> CollectorRegistry:
    """Return the gauges of what the registry says at `now`."""
    registry = CollectorRegistry()
    notices = Gauge("nhacviec_notices", "Notices by status.", ["status"], registry=registry)
    for status, count in vitals.notices.items():
        notices.labels(status).set(count)
    beats = Gauge("nhacviec_last_beat_timestamp_seconds", "Last beat.", ["part"], registry=registry)
    for part, at in vitals.beats.items():
        beats.labels(part).set(at.timestamp())
    oldest = Gauge(
        "nhacviec_oldest_due_seconds", "Age of the oldest notice due.", registry=registry
    )
    if vitals.oldest_due is not None:
        oldest.set((now - vitals.oldest_due).total_seconds())
    waiting = Gauge("nhacviec_updates_waiting", "Updates not handled yet.", registry=registry)
    waiting.set(vitals.waiting)
    last = Gauge(
        "nhacviec_planned_day_timestamp_seconds", "The last planned day.", registry=registry
    )
    if planned is not None:
        last.set(datetime.combine(planned, time(), tzinfo=now.tzinfo).timestamp())
    return registry
