"""Puts the parts together and starts and stops them in order: registry, router, channels, clock."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import datetime

from pydantic import SecretStr

from bot.channels.channel import Channel, Service, ServiceParts, StartFault
from bot.measures import measure_answers
from bot.registry_watch import RegistryWatch
from bot.settings import Settings
from bot.version import read_program_version
from handlers.board.open_board import offer_login
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.people.operator import register_terminal_person
from handlers.plans.sample import end_trial, load_sample
from handlers.router import Router
from locales.answer import Sentence, make_answer, say
from locales.fluent import load_sentences
from migrations.upgrade import upgrade
from models.storage.database import Database
from models.storage.run_lock import hold_run_lock, is_run
from models.trial import TERMINAL, holds_trial
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
        files=settings.data_folder / "plans",
        report_template=settings.report_template,
    )
    return AppContext(database, options)


def make_reminder_defaults(settings: Settings) -> Defaults:
    """Return what the settings say of reminders."""
    return Defaults(settings.zone, settings.remind_at, settings.remind_steps, settings.admins)


async def run_terminal(
    settings: Settings,
    agency: str | None,
    admin: bool,
    begin: datetime | None,
    *,
    board: bool = False,
) -> None:
    """Talk in the terminal until the person leaves; the clock starts at `begin`.

    `board`: serve the board beside it, and print a link that opens it. Raises StartFault.
    """
    from bot.channels.terminal import Terminal

    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        sample = not is_run(database) and await load_sample(database, now())
        address, name = await register_terminal_person(database, now(), agency, admin)
        context = make_app_context(database, settings)
        respond = Router(context).respond
        terminal = Terminal(respond, now, address, name)
        blocks = [say("terminal-welcome", name=name)]
        if sample:
            blocks.append(say("terminal-sample"))
        async with AsyncExitStack() as stack:
            if board:
                parts = ServiceParts(settings, context, respond, now)
                blocks.append(await _open_trial_board(stack, parts, address))
            await stack.enter_async_context(
                _run_clock(database, settings, now, {terminal.name: terminal})
            )
            await terminal.run(make_answer(*blocks), settings.data_folder / "history")


async def _open_trial_board(stack: AsyncExitStack, parts: ServiceParts, address: str) -> Sentence:
    """Serve the board until `stack` ends; return the link for the person at the terminal."""
    from bot.board import make_trial_board

    service = make_trial_board(parts)
    stack.push_async_callback(service.close)
    await service.start()
    return await offer_login(parts.context, TERMINAL, address, parts.now())


async def run_board(settings: Settings, begin: datetime | None) -> None:
    """Serve the board and the pages for monitors alone, until the process is asked to stop.

    Raises StartFault, RegistryError.
    """
    from bot.board import make_board_service, make_monitor_service

    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        context = make_app_context(database, settings)
        parts = ServiceParts(settings, context, Router(context).respond, now)
        board, monitor = make_board_service(parts), make_monitor_service(parts)
        if board is None:
            raise StartFault(say("web-no-listen"))
        services = [service for service in (board, monitor) if service is not None]
        stop = _catch_stop_signals()
        try:
            await asyncio.gather(*(service.start() for service in services))
            await stop.wait()
        finally:
            await asyncio.gather(*(service.close() for service in services))


async def run_services(settings: Settings, begin: datetime | None) -> None:
    """Run every service that is set up, and the reminders, until the process is asked to stop.

    Raises StartFault, RegistryError.
    """
    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value(), alone=True) as database:
        context = make_app_context(database, settings)
        respond = measure_answers(Router(context).respond)
        services = make_services(ServiceParts(settings, context, respond, now))
        if not any(isinstance(service, Channel) for service in services):
            raise StartFault(say("cli-no-token"))
        channels = {service.name: service for service in services if isinstance(service, Channel)}
        _log.info(
            "nhacviec %s starts with the registry %s and %s",
            *(read_program_version(), database.describe_place(), ", ".join(channels)),
        )
        stop = _catch_stop_signals()
        try:
            await _end_trial(database, now, channels)
            # Before the channels start: one whose server is out of reach holds up no other's
            # reminders.
            async with _run_clock(database, settings, now, channels) as clock:
                await asyncio.gather(*(service.start() for service in services))
                watch = RegistryWatch(
                    database, channels, settings.admins, now, settings.data_folder
                )
                watching = asyncio.create_task(watch.watch())
                await stop.wait()
                watching.cancel()
                # Side by side, before the channels close: what is on its way arrives and is marked.
                await asyncio.gather(*(service.finish() for service in services), clock.stop())
                await asyncio.gather(watching, return_exceptions=True)
        finally:
            await asyncio.gather(*(service.close() for service in services))
            _log.info("stopped")


async def _end_trial(
    database: Database, now: Callable[[], datetime], channels: Mapping[str, Channel]
) -> None:
    """Remove what a trial left before anybody can ask for it. Raises StartFault.

    A token that is not accepted leaves the trial as it is.
    """
    async with database.read() as session:
        if not await holds_trial(session):
            return
    await asyncio.gather(*(channel.check_access() for channel in channels.values()))
    if await end_trial(database, now()):
        _log.warning("%s", load_sentences().to_text(say("trial-ended")))


def make_services(parts: ServiceParts) -> list[Service]:
    """Return the services that the settings ask for: each has a line here. Raises StartFault."""
    from bot.channels.telegram.start import make_telegram  # slow to import
    from bot.channels.zalo.start import make_zalo

    makers: list[Callable[[ServiceParts], Service | None]] = [make_telegram, make_zalo]
    if parts.settings.web_listen is not None or parts.settings.metrics_listen is not None:
        from bot.board import make_board_service, make_monitor_service  # megabytes of libraries

        makers += [make_board_service, make_monitor_service]
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
    import httpx  # slow to import

    async def send_heartbeat() -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            (await client.get(url.get_secret_value())).raise_for_status()

    return send_heartbeat
