"""The services of the process are started, finished and closed together, whoever they are."""

from __future__ import annotations

import asyncio
import io
import signal
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from httpx import HTTPStatusError
from pydantic import SecretStr

from bot import application
from bot.channels.channel import Channel, ServiceParts, StartFault
from bot.settings import Settings, load_settings
from handlers.plans.sample import load_sample
from locales.answer import Answer, make_answer, say, to_json
from models.chats import Chat
from models.notices import queue_message
from models.storage.database import Database
from models.storage.run_lock import hold_run_lock
from models.trial import find_sample
from scheduler.delivery import SentMessage


@dataclass
class Pages:
    """A service that serves people and carries no reminders; `fault` keeps it from starting."""

    fault: StartFault | None = None
    calls: list[str] = field(default_factory=list)

    async def start(self) -> None:
        self.calls.append("start")
        if self.fault is not None:
            raise self.fault

    async def finish(self) -> None:
        self.calls.append("finish")

    async def close(self) -> None:
        self.calls.append("close")


@dataclass
class Post(Pages):
    """A channel; as soon as it starts, the process is asked to stop."""

    name: str = "post"
    delivered: asyncio.Event = field(default_factory=asyncio.Event)

    async def check_access(self) -> None:
        if self.fault is not None:
            raise self.fault

    async def start(self) -> None:
        await super().start()
        signal.raise_signal(signal.SIGTERM)

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        self.delivered.set()
        return SentMessage("1")


@dataclass
class Distant(Post):
    """A channel whose server does not answer until another one has delivered something."""

    name: str = "distant"
    other: Post = field(default_factory=Post)

    async def start(self) -> None:
        await self.other.delivered.wait()


def make_settings(registry: Database, **values: object) -> Settings:
    return load_settings(database_url=f"sqlite:///{registry.engine.url.database}", **values)


def serve(monkeypatch: pytest.MonkeyPatch, *services: Pages) -> list[str]:
    """Let the process have these services; return the list of names that get reminders."""
    names: list[str] = []
    run_clock = application._run_clock

    def run_noted_clock(*args: Any) -> Any:
        names.extend(args[-1])
        return run_clock(*args)

    monkeypatch.setattr(application, "make_services", lambda parts: list(services))
    monkeypatch.setattr(application, "_run_clock", run_noted_clock)
    return names


async def test_all_services_run_until_a_signal_and_channels_get_reminders(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database
) -> None:
    pages, post = Pages(), Post()
    names = serve(monkeypatch, pages, post)
    await application.run_services(make_settings(sqlite), None)
    assert pages.calls == post.calls == ["start", "finish", "close"]
    assert names == ["post"]


async def test_a_service_that_cannot_start_ends_all(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database
) -> None:
    pages, broken = Pages(), Post(StartFault(say("telegram-bad-token")))
    serve(monkeypatch, pages, broken)
    with pytest.raises(StartFault, match="mã truy cập"):
        await application.run_services(make_settings(sqlite), None)
    assert pages.calls == broken.calls == ["start", "close"]


async def test_without_a_token_the_operator_is_told_what_to_write(sqlite: Database) -> None:
    settings = make_settings(sqlite, telegram_bot_token=None, zalo_bot_token=None)
    with pytest.raises(StartFault, match=r"TELEGRAM_BOT_TOKEN.*ZALO_BOT_TOKEN"):
        await application.run_services(settings, None)


async def test_a_token_that_is_not_accepted_leaves_the_trial_as_it_is(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database
) -> None:
    settings = make_settings(sqlite)
    assert await load_sample(sqlite, application.make_clock(settings)())
    serve(monkeypatch, Post(StartFault(say("telegram-bad-token"))))
    with pytest.raises(StartFault):
        await application.run_services(settings, None)
    async with sqlite.read() as session:
        assert await find_sample(session) is not None
    serve(monkeypatch, Post())
    await application.run_services(settings, None)
    async with sqlite.read() as session:
        assert await find_sample(session) is None


async def test_nobody_is_answered_from_the_sample_while_channels_start(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database
) -> None:
    settings = make_settings(sqlite)
    assert await load_sample(sqlite, application.make_clock(settings)())
    found: list[object] = []

    class Early(Post):
        """Looks for the sample as soon as it starts."""

        async def start(self) -> None:
            async with sqlite.read() as session:
                found.append(await find_sample(session))
            await super().start()

    serve(monkeypatch, Early())
    await application.run_services(settings, None)
    assert found == [None]


async def test_a_server_out_of_reach_holds_up_no_other_channels_reminders(
    monkeypatch: pytest.MonkeyPatch, sqlite: Database
) -> None:
    settings = make_settings(sqlite)
    now = application.make_clock(settings)()
    async with sqlite.write() as session:
        chat = Chat(channel="post", address="1", kind="private", title="An")
        session.add(chat)
        await session.flush()
        said = to_json(make_answer(say("plain", text="nhắc")))
        await queue_message(session, chat.id, said, token="t", now=now, today=now.date())
    post = Post()
    serve(monkeypatch, post, Distant(other=post))
    await asyncio.wait_for(application.run_services(settings, None), 10)
    assert post.delivered.is_set()


async def test_a_heartbeat_that_is_refused_is_no_beat() -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=404)

    app = web.Application()
    app.router.add_get("/beat", refuse)
    async with TestServer(app) as server:
        beat = application._make_heartbeat(SecretStr(str(server.make_url("/beat"))))
        with pytest.raises(HTTPStatusError):
            await beat()


async def test_a_token_makes_telegram_a_channel(sqlite: Database) -> None:
    settings = make_settings(sqlite, telegram_bot_token="1:" + "x" * 35)
    async with application.open_registry(settings.database_url.get_secret_value()) as database:
        context = application.make_app_context(database, settings)
        parts = ServiceParts(settings, context, lambda *_: None, application.make_clock(settings))  # type: ignore[arg-type]
        (telegram,) = application.make_services(parts)
        await telegram.close()
    assert isinstance(telegram, Channel)
    assert telegram.name == "telegram"


async def test_the_terminal_beside_a_bot_that_runs_loads_no_sample(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People may join that bot at any moment, and would be told invented tasks."""
    monkeypatch.setattr("sys.stdin", io.StringIO("/huy\n"))
    settings = make_settings(sqlite)
    with hold_run_lock(sqlite):
        await application.run_terminal(settings, None, True, None)
    async with sqlite.read() as session:
        assert await find_sample(session) is None
