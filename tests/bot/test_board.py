"""The board within the bot: what the settings ask for, and what keeps it from starting."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.board import make_board_service, make_monitor_service, make_trial_board
from bot.channels.channel import ServiceParts, StartFault
from bot.settings import Settings, SettingsError, load_settings
from handlers.conversation.incoming import Incoming, Progress
from handlers.conversation.request import AppContext, HandlerOptions
from locales.answer import Answer
from models.storage.database import Database
from web.addresses import ListenAddress


async def _stay_silent(_: Incoming, __: Progress) -> Answer | None:
    return None


def make_parts(database: Database, **values: Any) -> ServiceParts:
    settings = Settings(_env_file=None, **values)
    context = AppContext(database, HandlerOptions())
    return ServiceParts(settings, context, _stay_silent, lambda: datetime.now(tz=settings.zone))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_without_an_address_nothing_listens(sqlite: Database) -> None:
    parts = make_parts(sqlite)
    assert make_board_service(parts) is None
    assert make_monitor_service(parts) is None
    assert parts.context.options.board_url is None


async def test_the_board_is_served_and_the_handlers_learn_its_address(
    sqlite: Database, free_port: int
) -> None:
    parts = make_parts(sqlite, web_listen=f"127.0.0.1:{free_port}")
    service = make_board_service(parts)
    assert service is not None
    url = f"http://127.0.0.1:{free_port}"
    assert parts.context.options.board_url == url
    await service.start()
    try:
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 404
    finally:
        await service.finish()
        await service.close()


async def test_an_address_in_use_is_one_sentence(sqlite: Database) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for make, setting in (
            (make_board_service, "web_listen"),
            (make_monitor_service, "metrics_listen"),
        ):
            with pytest.raises(StartFault, match=setting.upper()):
                make(make_parts(sqlite, **{setting: address}))


async def test_a_trial_takes_the_next_free_port(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr("bot.board.DEFAULT_ADDRESS", ListenAddress("127.0.0.1", port))
        parts = make_parts(sqlite)
        service = make_trial_board(parts)
        assert service.address.port > port
        assert parts.context.options.board_url == f"http://127.0.0.1:{service.address.port}"
        await service.close()


@pytest.mark.parametrize(
    ("listen", "url", "word"),
    [
        ("0.0.0.0:8080", None, "https://"),
        ("0.0.0.0:8080", "http://10.0.0.1:8080", "https://"),
        ("127.0.0.1:8080", "http://bang.tinh.vn", "https://"),
    ],
)
async def test_an_open_address_needs_tls(
    sqlite: Database, listen: str, url: str | None, word: str
) -> None:
    with pytest.raises(StartFault, match=word):
        make_board_service(make_parts(sqlite, web_listen=listen, web_url=url))


async def test_behind_tls_the_public_address_is_given(sqlite: Database, free_port: int) -> None:
    parts = make_parts(
        sqlite,
        web_listen=f"127.0.0.1:{free_port}",
        web_url="https://bang.tinh.vn/",
        web_proxies="127.0.0.1, 10.0.0.0/8",
    )
    service = make_board_service(parts)
    assert service is not None
    assert parts.context.options.board_url == "https://bang.tinh.vn"
    assert parts.settings.web_proxies == ("127.0.0.1", "10.0.0.0/8")
    await service.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_LISTEN", "8080"),
        ("WEB_LISTEN", "127.0.0.1:abc"),
        ("METRICS_LISTEN", "x"),
        ("WEB_URL", "bang.tinh.vn"),
        ("WEB_URL", "https://x/duong-dan"),
        ("WEB_PROXIES", "nginx"),
        ("WEB_PROXIES", "10.0.0.0/99"),
    ],
)
def test_a_wrong_value_names_its_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("WEB_LISTEN", "METRICS_LISTEN", "WEB_URL", "WEB_PROXIES"):
        monkeypatch.setenv(name, " ")
    settings = load_settings()
    assert (settings.web_listen, settings.metrics_listen, settings.web_url) == (None, None, None)
    assert settings.web_proxies == ()
