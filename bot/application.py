"""Puts the parts together and starts and stops them in order: registry, router, channels, clock."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.settings import Settings
from handlers.conversation.turn import AppContext, HandlerOptions
from handlers.router import Router
from language.agencies import directory
from locales.answer import make_answer, say
from migrations.upgrade import upgrade
from models.agencies import Agency
from models.assignments import enrol_agency
from models.audit import record_change
from models.chats import Chat
from models.people import Person, Post, PostRole
from models.plans import Plan
from models.storage.database import Database
from plans.registry.agencies import AgencyWriter
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from plans.sample import make_sample_plan
from scheduler.clock import Clock
from scheduler.delivery import Delivery
from scheduler.rules import Defaults

_log = logging.getLogger(__name__)


def make_clock(settings: Settings, begin: datetime | None = None) -> Callable[[], datetime]:
    """The clock of the process: now in the settings' zone, or, for trials, going on from `begin`."""
    if begin is None:
        return lambda: datetime.now(settings.zone)
    shift = begin.replace(tzinfo=begin.tzinfo or settings.zone) - datetime.now(settings.zone)
    return lambda: datetime.now(settings.zone) + shift


@asynccontextmanager
async def open_registry(url: str) -> AsyncIterator[Database]:
    """The registry at `url`, brought to this program's version. Raises RegistryError."""
    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


def make_app_context(database: Database, settings: Settings) -> AppContext:
    """What the handlers share."""
    return AppContext(
        database,
        HandlerOptions(
            admins=settings.admins,
            questions_open=settings.questions_open,
            own_agency_only=settings.own_agency_only,
            remind_at=settings.remind_at,
            remind_steps=settings.remind_steps,
        ),
    )


async def load_sample(database: Database, now: datetime) -> bool:
    """Loads the sample plan into a registry without any plan; True where it did."""
    async with database.write() as session:
        if (await session.exec(select(func.count()).select_from(Plan))).one():
            return False
        plan = make_sample_plan(now.date())
        writer = PlanWriter(session, directory.load_standard_directory(), now, now.date())
        await writer.write_plan(plan, await compare_plan(session, plan), sample=True)
    return True


async def register_terminal_person(
    database: Database, now: datetime, agency: str | None, admin: bool
) -> tuple[str, str]:
    """The person who sits at the terminal, in the registry: address and name. A local person may ask in any case."""
    name = agency or ("Quản trị" if admin else "Khách")
    address = f"terminal:{'admin:' if admin else ''}{agency or ''}"
    async with database.write() as session:
        found = select(Person).where(Person.channel == "terminal", Person.address == address)
        if (await session.exec(found)).first() is not None:
            return address, name
        person = Person(channel="terminal", address=address, name=name, joined_at=now)
        session.add(person)
        await session.flush()
        person_id = person.id or 0
        session.add(
            Chat(
                channel="terminal", address=address, kind="private", title=name, person_id=person_id
            )
        )
        if agency is not None:
            number = await find_or_add_agency(session, agency, now)
            session.add(
                Post(person_id=person_id, role=PostRole.FOCAL_POINT, agency_id=number, made_at=now)
            )
            await enrol_agency(session, await session.get_one(Agency, number), now.date(), now)
            record_change(
                session,
                now,
                "enrol",
                "agency",
                number,
                after={"enrolled_on": now.date().isoformat()},
            )
        if admin or agency is None:
            role = PostRole.ADMIN if admin else PostRole.VIEWER
            session.add(Post(person_id=person_id, role=role, made_at=now))
        record_change(session, now, "join", "person", person_id, after={"by": "terminal"})
    return address, name


async def find_or_add_agency(session: AsyncSession, name: str, now: datetime) -> int | None:
    """The registry's id of an agency by canonical name, made where it is missing."""
    there = (await session.exec(select(Agency).where(col(Agency.name) == name))).first()
    if there is not None:
        return there.id
    agencies = AgencyWriter(session, directory.load_standard_directory(), now.date())
    made = await agencies.ensure_agency(name)
    return made.id


async def run_terminal(
    settings: Settings, agency: str | None, admin: bool, today: date | None
) -> None:
    """Talks in the terminal until the person leaves."""
    from bot.channels.terminal import Terminal

    begin = None if today is None else datetime.combine(today, datetime.now(settings.zone).timetz())
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


def make_reminder_defaults(settings: Settings) -> Defaults:
    """What the settings say of reminders."""
    return Defaults(settings.zone, settings.remind_at, settings.remind_steps, settings.admins)


@asynccontextmanager
async def _run_clock(
    database: Database,
    settings: Settings,
    now: Callable[[], datetime],
    deliveries: Mapping[str, Delivery],
) -> AsyncIterator[None]:
    """The reminders' clock, ticking while the block runs; what handlers queue is sent at once."""
    beat = _make_heartbeat(settings.heartbeat_url) if settings.heartbeat_url else None
    ticking = Clock(
        database,
        deliveries,
        make_reminder_defaults(settings),
        now,
        lease=settings.send_lease,
        beat=beat,
    )
    database.on_queued = ticking.wake_sender
    ticking.start()
    try:
        yield
    finally:
        database.on_queued = None
        await ticking.stop()


def _make_heartbeat(url: SecretStr) -> Callable[[], Awaitable[None]]:
    async def send_heartbeat() -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            await client.get(url.get_secret_value())

    return send_heartbeat


MENU = ("congviec", "nhiemvu", "han", "quahan", "tiendo", "tim", "toi", "help")
"""Commands in the menu of a channel that shows one, with messages `menu-...`."""


async def run_channels(settings: Settings, begin: datetime | None) -> None:
    """Runs the channels that have a token, and the reminders, until the process is asked to stop.

    Raises BadToken, RegistryError.
    """
    from bot.channels.telegram.channel import Telegram

    if settings.telegram_bot_token is None:
        raise ValueError("no channel has a token")
    now = make_clock(settings, begin)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        shared = make_app_context(database, settings)
        router = Router(shared)
        telegram = Telegram(
            settings.telegram_bot_token.get_secret_value(),
            router.respond,
            now,
            api_url=settings.telegram_api_url,
            proxy=settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else None,
            rate=settings.send_rate,
            commands=[(name, say(f"menu-{name}")) for name in MENU],
        )
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        naming = asyncio.create_task(_learn_bot_name(shared, settings))
        try:
            async with _run_clock(database, settings, now, {telegram.name: telegram}):
                await telegram.run_until(stop)
        finally:
            naming.cancel()


async def _learn_bot_name(shared: AppContext, settings: Settings) -> None:
    """Asks for the bot's name while it starts: invitations made in chat then hold a link beside the code."""
    from bot.channels.telegram.name import ask_bot_name

    shared.options = replace(shared.options, bot_name=await ask_bot_name(settings))
