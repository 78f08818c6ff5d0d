"""Links and sessions of the board: what each opens, until when, and who is not met by an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person
from models.storage.database import Database
from models.web_access import (
    LINKS_KEPT_FOR,
    USE_NOTED_EVERY,
    LinkKind,
    WebLink,
    WebSession,
    add_link,
    end_session,
    end_sessions,
    find_link,
    find_session,
    hash_token,
    list_leader_links,
    make_token,
    note_use,
    open_session,
    revoke_links,
    use_up_link,
)
from tests.support.world import NOW

A_WHILE = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


async def _add_person(session: AsyncSession, address: str = "1") -> int:
    person = Person(channel="telegram", address=address, name="An", joined_at=NOW)
    session.add(person)
    await session.flush()
    return person.id


def _make_link(
    person_id: int, kind: LinkKind = LinkKind.LEADER, lasts: timedelta | None = A_WHILE
) -> WebLink:
    expires_at = NOW + lasts if lasts is not None else None
    return WebLink(
        kind=kind, token_sha256="", person_id=person_id, made_at=NOW, expires_at=expires_at
    )


async def test_a_link_is_found_by_its_kind_and_token_until_it_expires(sqlite: Database) -> None:
    async with sqlite.write() as session:
        link = _make_link(await _add_person(session))
        token = await add_link(session, link)
        assert len(token) == 32  # letters of 6 bits: 192 bits
        assert token not in link.model_dump().values()
        assert await find_link(session, LinkKind.LEADER, token, NOW + A_WHILE - MOMENT) == link
        for late in (timedelta(), MOMENT):
            assert await find_link(session, LinkKind.LEADER, token, NOW + A_WHILE + late) is None
        assert await find_link(session, LinkKind.FEED, token, NOW) is None
        assert await find_link(session, LinkKind.LEADER, make_token(), NOW) is None
        assert await find_link(session, LinkKind.LEADER, "\udcff", NOW) is None


async def _list_used(session: AsyncSession) -> list[bool]:
    """Whether each link was used, the oldest first."""
    used = await session.exec(select(WebLink.used_at).order_by(col(WebLink.id)))
    return [moment is not None for moment in used]


async def test_a_login_link_ends_by_its_use_and_no_other_does(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person_id = await _add_person(session)
        tokens = [await add_link(session, _make_link(person_id, LinkKind.LOGIN)) for _ in range(3)]
    async with sqlite.write() as session:
        used = await use_up_link(session, tokens[1], NOW)
        assert used is not None
        assert used.used_at == NOW
    async with sqlite.write() as session:
        assert await use_up_link(session, tokens[1], NOW) is None
        assert await find_link(session, LinkKind.LOGIN, tokens[1], NOW) is None
        assert await _list_used(session) == [False, True, False]


@pytest.mark.parametrize("kind", [LinkKind.LEADER, LinkKind.FEED])
async def test_a_link_of_another_kind_is_good_after_its_use(
    sqlite: Database, kind: LinkKind
) -> None:
    async with sqlite.write() as session:
        person_id = await _add_person(session)
        tokens = [await add_link(session, _make_link(person_id, kind)) for _ in range(3)]
        assert await use_up_link(session, tokens[1], NOW) is None
        links = [await find_link(session, kind, token, NOW) for token in tokens]
        assert links == list(await session.exec(select(WebLink).order_by(col(WebLink.id))))
        link = links[1]
        assert link is not None
        await note_use(session, link, NOW)
        assert await find_link(session, kind, tokens[1], NOW) == link
        assert await _list_used(session) == [False, True, False]


async def test_a_use_is_noted_once_in_a_while(sqlite: Database) -> None:
    async with sqlite.write() as session:
        link = _make_link(await _add_person(session))
        await add_link(session, link)
        noted = []
        for moment in (
            NOW,
            NOW + USE_NOTED_EVERY - MOMENT,
            NOW + USE_NOTED_EVERY,
            NOW + USE_NOTED_EVERY + MOMENT,
            NOW + USE_NOTED_EVERY * 3,
        ):
            await note_use(session, link, moment)
            await session.refresh(link)
            noted.append(link.used_at)
    assert noted == [
        NOW,
        NOW,
        *[NOW + USE_NOTED_EVERY] * 2,
        NOW + USE_NOTED_EVERY * 3,
    ]


async def test_links_and_sessions_long_over_are_deleted_when_one_is_made(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person_id = await _add_person(session)
        for past in (LINKS_KEPT_FOR + MOMENT, LINKS_KEPT_FOR, timedelta()):
            for kind in (LinkKind.LOGIN, LinkKind.FEED):
                link = _make_link(person_id, kind, -past)
                link.made_at = NOW - LINKS_KEPT_FOR * 2
                await add_link(session, link)
            begun = NOW - LINKS_KEPT_FOR * 2
            await open_session(session, begun, NOW - past - begun, person_id=person_id)
        await add_link(session, _make_link(person_id))
        await open_session(session, NOW, A_WHILE, person_id=person_id)
        kinds = list(await session.exec(select(WebLink.kind).order_by(col(WebLink.id))))
        assert kinds == ["feed", "login", "feed", "login", "feed", "leader"]
        ends = await session.exec(select(WebSession.expires_at).order_by(col(WebSession.id)))
        assert list(ends) == [NOW - LINKS_KEPT_FOR, NOW, NOW + A_WHILE]


async def test_leaders_links_that_are_good_are_listed_the_oldest_first(sqlite: Database) -> None:
    async with sqlite.write() as session:
        first, second = [await _add_person(session, address) for address in "12"]
        links = [
            _make_link(second),
            _make_link(first, lasts=A_WHILE * 2),
            _make_link(first, LinkKind.FEED),
            _make_link(first, LinkKind.LOGIN),
            _make_link(second, lasts=-MOMENT),
            _make_link(second, lasts=timedelta()),
            _make_link(first, lasts=MOMENT),
        ]
        for link in links:
            await add_link(session, link)
        assert await list_leader_links(session, NOW) == [links[0], links[1], links[6]]
        assert await list_leader_links(session, NOW + A_WHILE) == [links[1]]
        assert await revoke_links(session, NOW, second, LinkKind.LEADER) == 3
        assert await list_leader_links(session, NOW) == [links[1], links[6]]


async def test_links_are_taken_back_of_one_person_and_of_the_kinds_named(sqlite: Database) -> None:
    async with sqlite.write() as session:
        first, one, last = [await _add_person(session, address) for address in "123"]
        tokens = {
            (person_id, kind): await add_link(session, _make_link(person_id, kind))
            for person_id in (first, one, last)
            for kind in LinkKind
        }
        kinds = (LinkKind.LOGIN, LinkKind.FEED)
        assert [await revoke_links(session, NOW, one, *kinds) for _ in range(2)] == [2, 0]
        good = [
            key
            for key, token in tokens.items()
            if await find_link(session, key[1], token, NOW) is not None
        ]
        assert good == [
            *((first, kind) for kind in LinkKind),
            (one, LinkKind.LEADER),
            *((last, kind) for kind in LinkKind),
        ]


async def test_a_session_is_open_until_it_expires_or_ends(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person_id = await _add_person(session)
        await add_link(session, _make_link(person_id))  # has nothing to do with the sessions
        tokens = [await open_session(session, NOW, A_WHILE, person_id=person_id) for _ in range(4)]
        for token in tokens:
            found = await find_session(session, token, NOW + A_WHILE - MOMENT)
            assert found is not None
            assert (found[0].token_sha256, found[1]) == (hash_token(token), None)
            for late in (timedelta(), MOMENT):
                assert await find_session(session, token, NOW + A_WHILE + late) is None
        assert await find_session(session, make_token(), NOW) is None
        while tokens:
            ended = tokens.pop()
            await end_session(session, ended, NOW)
            assert await find_session(session, ended, NOW) is None
            assert all([await find_session(session, token, NOW) for token in tokens])


async def test_a_session_by_a_link_is_open_as_long_as_the_link_is_good(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person_id = await _add_person(session)
        links = [_make_link(person_id) for _ in range(3)]
        for each in links:
            await add_link(session, each)
        link = links[1]
        token = await open_session(session, NOW, A_WHILE * 3, link_id=link.id)
        found = await find_session(session, token, NOW)
        assert found is not None
        assert found[1] == link
        assert await find_session(session, token, NOW + A_WHILE) is None
        await revoke_links(session, NOW, person_id, LinkKind.LEADER)
        assert await find_session(session, token, NOW) is None


async def test_a_session_belongs_to_a_person_or_to_a_link(sqlite: Database) -> None:
    async with sqlite.write() as session:
        for given in ({}, {"person_id": 1, "link_id": 1}):
            with pytest.raises(ValueError, match="a person or to a link"):
                await open_session(session, NOW, A_WHILE, **given)


async def test_the_open_sessions_of_one_person_end_together(sqlite: Database) -> None:
    async with sqlite.write() as session:
        first, one, last = [await _add_person(session, address) for address in "123"]
        tokens = [
            await open_session(session, NOW, lasts, person_id=person_id)
            for person_id, lasts in (
                (first, A_WHILE),
                (one, A_WHILE),
                (one, A_WHILE),
                (one, MOMENT),
                (one, timedelta()),
                (last, A_WHILE),
            )
        ]
        later = NOW + MOMENT
        await end_session(session, tokens[2], NOW)
        assert [await end_sessions(session, later, one) for _ in range(2)] == [1, 0]
        ended = await session.exec(select(WebSession.ended_at).order_by(col(WebSession.id)))
        assert list(ended) == [None, later, NOW, None, None, None]
