"""Numbered choices: which message a number is of."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.channels.choices import (
    KEPT_FOR,
    delete_choices,
    find_action,
    list_choices,
    set_shown_at,
    store_choices,
)
from models.storage.database import Database
from tests.support.fakes import ZONE

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
DAY = timedelta(days=1)


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


async def test_a_number_is_of_its_own_chat_for_a_day(sqlite: Database) -> None:
    places = [("m", "5"), ("l", "5"), ("n", "5"), ("m", "4"), ("m", "6")]
    async with sqlite.write() as session:
        for channel, chat in places:
            action = {1: f"{channel}{chat}"}
            await store_choices(session, channel, chat, action, NOW, of_notice=channel == "l")
    async with sqlite.read() as session:
        for channel, chat in places:
            for after in (timedelta(milliseconds=-5), DAY - timedelta(milliseconds=1)):
                found = await find_action(session, channel, chat, 1, NOW + after)
                assert found == f"{channel}{chat}"
            for after in (timedelta(milliseconds=-6), DAY):
                assert await find_action(session, channel, chat, 1, NOW + after) is None
            (row,) = await list_choices(session, channel, chat)
            assert row.of_notice is (channel == "l")


async def test_of_numbers_shown_at_one_moment_the_last_is_meant(sqlite: Database) -> None:
    async with sqlite.write() as session:
        for action in ("first", "last"):
            await store_choices(session, "m", "5", {1: action}, NOW, of_notice=False)
        earlier = NOW - timedelta(hours=1)
        await store_choices(session, "m", "5", {1: "earlier"}, earlier, of_notice=False)
        assert await find_action(session, "m", "5", 1, NOW) == "last"
        last, first, _ = await list_choices(session, "m", "5")
        await delete_choices(session, last.id)
        await set_shown_at(session, last.id, NOW)  # that is gone
        assert await find_action(session, "m", "5", 1, NOW) == "first"
        await delete_choices(session, first.id)
        assert await find_action(session, "m", "5", 1, NOW) == "earlier"


async def test_numbers_that_nobody_may_type_any_more_go_with_the_next_of_their_chat(
    sqlite: Database,
) -> None:
    places = [("m", "5"), ("l", "5"), ("n", "5"), ("m", "4"), ("m", "6")]
    async with sqlite.write() as session:
        for channel, chat in places:
            for day in (NOW, NOW + timedelta(seconds=1)):
                await store_choices(session, channel, chat, {1: "x"}, day, of_notice=False)
        now = NOW + DAY + timedelta(seconds=1)
        await store_choices(session, "m", "5", {1: "x"}, now, of_notice=False)
        counts = [len(await list_choices(session, *place)) for place in places]
    assert counts == [2, 2, 2, 2, 2]
