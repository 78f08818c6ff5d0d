"""Chats: by which one a person is written to, and groups that move."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.chats import Chat, find_chat, find_other_chat, find_private_chats, move_chat
from models.people import Person, PostRole
from models.storage.database import Database
from tests.support.fakes import Filling, at, fill

TODAY = date(2026, 11, 20)
NOW = at(TODAY)


async def _person(filling: Filling, name: str, *further: str) -> Person:
    """A person with a private chat on the channel "m" and on each of these."""
    person = await filling.person(name, PostRole.ADMIN, chat=name)
    for channel in further:
        chat = Chat(channel=channel, address=name, kind="private", title=name, person_id=person.id)
        filling.session.add(chat)
        await filling.session.flush()
    return person


async def _find(session: AsyncSession, *people: Person) -> list[tuple[str, str]]:
    chats = await find_private_chats(session, [person.id for person in people])
    return [(chat.channel, chat.address) for chat in chats]


async def _lose(session: AsyncSession, channel: str, address: str) -> None:
    chat = await find_chat(session, channel, address)
    assert chat is not None
    chat.unreachable_since = NOW
    session.add(chat)
    await session.flush()


async def test_each_is_written_to_by_the_channel_they_chose_or_joined_by(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY, "m") as filling:
        session = filling.session
        one, two, three = [await _person(filling, name, "l", "n") for name in ("1", "2", "3")]
        one.remind_channel, three.remind_channel = "l", "n"
        group = await filling.group("Nhóm")
        group.person_id = two.id
        await session.flush()
        assert await _find(session) == []
        assert await _find(session, two) == [("m", "2")]
        assert await _find(session, one, two, three) == [("l", "1"), ("m", "2"), ("n", "3")]
        await _lose(session, "m", "2")
        assert await _find(session, two) == [("l", "2"), ("n", "2")]
        assert await _find(session, one, three) == [("l", "1"), ("n", "3")]
        await _lose(session, "l", "2")
        assert await _find(session, two) == [("n", "2")]


async def test_another_chat_of_the_same_person_is_found_in_the_channels_named(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY, "m") as filling:
        session = filling.session
        for name in ("1", "2", "3"):
            await _person(filling, name, "l", "n")
        group = await filling.group("Nhóm")
        chat = await find_chat(session, "m", "2")
        assert chat is not None
        group.person_id, group.channel = chat.person_id, "l"

        async def find(*channels: str) -> tuple[str, str] | None:
            other = await find_other_chat(session, chat, channels)
            return (other.channel, other.address) if other is not None else None

        assert await find("l", "m", "n") == ("l", "2")
        assert await find("n", "m") == ("n", "2")
        assert await find("m") is None
        assert await find() is None
        await _lose(session, "l", "2")
        assert await find("l", "n") == ("n", "2")
        other = await find_chat(session, "l", "2")
        assert other is not None
        back = await find_other_chat(session, other, ["m", "l"])
        assert back is not None
        assert (back.channel, back.address) == ("m", "2")
        session.add(Chat(channel="l", address="x", kind="private", title=""))  # of a stranger
        assert await find_other_chat(session, await filling.group("Khác"), ["l", "n"]) is None


async def test_a_chat_is_found_by_its_channel_and_address(sqlite: Database) -> None:
    places = [("m", "5"), ("l", "5"), ("n", "5"), ("m", "4"), ("m", "6")]
    async with sqlite.write() as session:
        for channel, address in places:
            session.add(Chat(channel=channel, address=address, kind="group", title=""))
        await session.flush()
        for channel, address in places:
            chat = await find_chat(session, channel, address)
            assert chat is not None
            assert (chat.channel, chat.address) == (channel, address)
        assert await find_chat(session, "m", "7") is None


@pytest.mark.parametrize("is_bound", [True, False])
async def test_a_group_that_moved_is_bound_as_its_new_address_was_unless_it_is_bound(
    sqlite: Database, is_bound: bool
) -> None:
    async with fill(sqlite, TODAY, "m") as filling:
        session = filling.session
        old = await filling.group("Cũ")
        old.scope = "province" if is_bound else None
        old.unreachable_since = NOW
        agency = await filling.agency("Sở Tư pháp")
        new = await filling.group("Mới", "agency", agency_id=agency.id)
        new.topic, new.remind_at, new.muted_until = "7", time(8), TODAY
        far = await filling.group("Xa")
        await move_chat(session, old, new.address)
    async with sqlite.read() as session:
        chats = list(await session.exec(select(Chat).order_by(col(Chat.id))))
    kept, gone, other = chats
    assert (kept.address, kept.unreachable_since) == ("group-Mới", None)
    assert (gone.address, gone.scope) == (f"group-Mới ({gone.id})", None)
    assert (other.address, other.scope) == (far.address, "province")
    bound = (kept.scope, kept.agency_id, kept.topic, kept.remind_at, kept.muted_until)
    assert bound == (
        ("province", None, None, None, None)
        if is_bound
        else ("agency", agency.id, "7", time(8), TODAY)
    )


async def test_a_chat_that_moves_to_its_own_address_stays_as_it_is(sqlite: Database) -> None:
    async with fill(sqlite, TODAY, "m") as filling:
        group = await filling.group("Nhóm")
        await move_chat(filling.session, group, group.address)
        await move_chat(filling.session, group, "new")
    assert (group.address, group.scope) == ("new", "province")
