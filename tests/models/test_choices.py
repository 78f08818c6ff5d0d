"""Numbered choices: which message a number is of."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.channels.choices import (
    KEPT_FOR,
    delete_choices,
    find_action,
    set_shown_at,
    store_choices,
)
from models.storage.database import Database
from tests.support.fakes import ZONE

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)


async def test_a_number_is_of_the_newest_message_that_arrived(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await store_choices(session, "zalo", "11", {1: "old"}, NOW, of_notice=False)
        later = NOW + timedelta(minutes=1)
        lost = await store_choices(session, "zalo", "11", {1: "lost"}, later, of_notice=False)
        await delete_choices(session, lost)
    async with sqlite.read() as session:
        said_at = NOW + timedelta(minutes=2)
        assert await find_action(session, "zalo", "11", 1, said_at) == "old"
        assert await find_action(session, "zalo", "11", 2, said_at) is None
        assert await find_action(session, "zalo", "11", 1, NOW + KEPT_FOR) is None


async def test_a_message_counts_from_when_it_was_shown(sqlite: Database) -> None:
    async with sqlite.write() as session:
        made = await store_choices(session, "zalo", "11", {1: "done"}, NOW, of_notice=False)
        await set_shown_at(session, made, NOW + timedelta(hours=1))
    async with sqlite.read() as session:
        assert await find_action(session, "zalo", "11", 1, NOW + timedelta(minutes=30)) is None
        assert await find_action(session, "zalo", "11", 1, NOW + timedelta(hours=1)) == "done"
