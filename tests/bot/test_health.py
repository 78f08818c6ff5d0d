"""`health` says by the beats in the registry whether a bot runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.check import run_checks
from bot.commands.health import check_health
from bot.settings import load_settings
from bot.version import read_versions
from models.notices import Heartbeat
from models.storage.database import Database
from models.storage.processes import Lease
from tests.support.world import NOW


@pytest.mark.parametrize(
    ("sender", "poll", "wrong"),
    [
        (10, 10, None),
        (74, 119, None),
        (76, 10, "health-late"),
        (10, 121, "health-channel-late"),
        (None, None, "health-never"),
        (10, None, None),
    ],
)
async def test_each_part_must_have_beaten_in_time(
    sqlite: Database, sender: int | None, poll: int | None, wrong: str | None
) -> None:
    async with sqlite.write() as session:
        if sender is not None:
            session.add(Heartbeat(name="sender", at=NOW - timedelta(seconds=sender)))
        if poll is not None:
            session.add(Lease(name="poll:telegram", worked_at=NOW - timedelta(seconds=poll)))
    settings = load_settings(database_url=f"sqlite:///{sqlite.path}", telegram_bot_token="1:x")
    _, fault = await check_health(settings, NOW)
    assert (fault.id if fault is not None else None) == wrong


async def test_a_channel_whose_updates_are_posted_needs_no_poll(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add(Heartbeat(name="sender", at=NOW))
        session.add(Lease(name="poll:telegram", worked_at=NOW - timedelta(days=1)))
    settings = load_settings(
        database_url=f"sqlite:///{sqlite.path}",
        telegram_bot_token="1:x",
        telegram_webhook_url="https://bot.example.org/telegram",
    )
    assert (await check_health(settings, NOW))[1] is None


async def test_a_registry_that_is_not_there_is_not_healthy(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", "postgresql://nobody@127.0.0.1:1/none"):
        _, fault = await check_health(load_settings(database_url=url), NOW)
        assert fault is not None
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    "url",
    ["mysql://h/x", "sqlite:///", "sqlite:///:memory:", "postgresql://nobody@127.0.0.1:1/none"],
)
async def test_an_address_that_is_none_keeps_nothing_else_from_being_looked_at(url: str) -> None:
    settings = load_settings(database_url=url, telegram_bot_token=None, zalo_bot_token=None)
    findings = {finding.name: finding.good for finding in await run_checks(settings)}
    assert findings == {"settings": True, "database": False, "telegram": True}
    assert (await check_health(settings, NOW))[1] is not None
    assert (await read_versions(settings))[1] == "–"
