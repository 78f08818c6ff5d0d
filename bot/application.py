"""Puts the parts together and starts and stops them in order: registry, router, channels, clock."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.channels.channel import Channel, Service, ServiceParts, StartFault
from bot.settings import Settings
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.people.operator import register_terminal_person
from handlers.plans.sample import end_trial, load_sample
from handlers.router import Router
from locales.answer import make_answer, say
from locales.fluent import load_sentences
from migrations.upgrade import upgrade
from models.storage.database import Database
from models.storage.run_lock import hold_run_lock
from scheduler.clock import Clock
from scheduler.delivery import Delivery
from scheduler.rules import Defaults

_log = logging.getLogger(__name__)


def make_clock(settings: Settings, begin: datetime | None = None) -> Callable[[], datetime]:
    """Return the clock of the process, in the settings' zone; for trials it starts at `begin`."""
    if begin is None:
        return lambda: datetime.now(settings.zone)
    shift = begin.replace(tzinfo=begin.tzinfo or settings.zone) - datetime.now(settings.zone)
    return lambda: datetime.now(settings.zone) + shift


@asynccontextmanager
async def open_registry(url: str, *, alone: bool = False) -> AsyncIterator[Database]:
    """Open the registry at `url` and bring it to this program's version. Raises RegistryError.

    `alone`: no other process may run the same SQLite registry so.
    """
    database = Database(url)
    try:
        with hold_run_lock(database) if alone else nullcontext():
            await upgrade(database)
            yield database
    finally:
        await database.close()


def make_app_context(database: Database, settings: Settings) -> AppContext:
    """Return what the handlers share."""
    options = HandlerOptions(
        admins=settings.admins,
        questions_open=settings.questions_open,
        own_agency_only=settings.own_agency_only,
        remind_at=settings.remind_at,
        remind_steps=settings.remind_steps,
    )
    return AppContext(database, options)


def make_reminder_defaults(settings: Settings) -> Defaults:
    """Return what the settings say of reminders."""
    return Defaults(settings.zone, settings.remind_at, settings.remind_steps, settings.admins)


async def run_terminal(
    settings: Settings, agency: str | None, admin: bool, begin: datetime | None
) -> None:
    """Talk in the terminal until the person leaves; the clock starts at `begin`."""
    from bot.channels.terminal import Terminal

    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        sample = await load_sample(database, now())
        address, name = await register_terminal_person(database, now(), agency, admin)
        router = Router(make_app_context(database, settings))
        terminal = Terminal(router.respond, now, address, name)
        blocks = [say("terminal-welcome", name=name)]
        if sample:
            blocks.append(say("terminal-sample"))
        async with _run_clock(database, settings, now, {terminal.name: terminal}):
            await terminal.run(make_answer(*blocks), Path("data") / "history")


async def run_services(settings: Settings, begin: datetime | None) -> None:
    """Run every service that is set up, and the reminders, until the process is asked to stop.

    Raises StartFault, RegistryError.
    """
    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value(), alone=True) as database:
        if await end_trial(database, now()):
            _log.warning("%s", load_sentences().to_text(say("trial-ended")))
        context = make_app_context(database, settings)
        services = make_services(ServiceParts(settings, context, Router(context).respond, now))
        if not services:
            raise StartFault(say("cli-no-token"))
        channels = {service.name: service for service in services if isinstance(service, Channel)}
        stop = _catch_stop_signals()
        try:
            async with _run_clock(database, settings, now, channels) as clock:
                await asyncio.gather(*(service.start() for service in services))
                await stop.wait()
                # Side by side, before the channels close: what is on its way arrives and is marked.
                await asyncio.gather(*(service.finish() for service in services), clock.stop())
        finally:
            await asyncio.gather(*(service.close() for service in services))


def make_services(parts: ServiceParts) -> list[Service]:
    """Return the services that the settings ask for: each has a line here. Raises StartFault."""
    from bot.channels.telegram.start import make_telegram  # slow to import
    from bot.channels.zalo.start import make_zalo

    makers: tuple[Callable[[ServiceParts], Service | None], ...] = (make_telegram, make_zalo)
    return [service for make in makers if (service := make(parts)) is not None]


def _catch_stop_signals() -> asyncio.Event:
    """Return an event that the process's signals to stop set."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


@asynccontextmanager
async def _run_clock(
    database: Database,
    settings: Settings,
    now: Callable[[], datetime],
    deliveries: Mapping[str, Delivery],
) -> AsyncIterator[Clock]:
    """Run the reminders' clock beside the block; what handlers queue is sent at once."""
    clock = Clock(
        database,
        deliveries,
        make_reminder_defaults(settings),
        now,
        lease=settings.send_lease,
        heartbeat=_make_heartbeat(settings.heartbeat_url) if settings.heartbeat_url else None,
    )
    database.on_queued = clock.wake_sender
    clock.start()
    try:
        yield clock
    finally:
        database.on_queued = None
        await clock.stop()


def _make_heartbeat(url: SecretStr) -> Callable[[], Awaitable[None]]:
    async def send_heartbeat() -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            await client.get(url.get_secret_value())

    return send_heartbeat
