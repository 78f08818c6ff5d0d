"""Who holds a role on a day, which admin is the last one, and what ends when somebody leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.people import (
    Person,
    Post,
    PostRole,
    count_people,
    end_membership,
    find_post_holders,
    is_only_admin,
    list_posts,
    match_active_posts,
)
from models.storage.database import Database
from models.web_access import LinkKind, WebLink, add_link, find_link, find_session, open_session
from tests.support.world import NOW, TODAY

DAY = timedelta(days=1)


async def _add_person(session: AsyncSession, address: str = "1", **more: Any) -> Person:
    given = {"channel": "telegram", "name": "An", "joined_at": NOW, **more}
    person = Person(address=address, **given)
    session.add(person)
    await session.flush()
    return person


async def _add_post(
    session: AsyncSession, person: Person, role: PostRole = PostRole.ADMIN, **more: Any
) -> Post:
    post = Post(person_id=person.id, role=role, made_at=NOW, **more)
    session.add(post)
    await session.flush()
    return post


@pytest.mark.parametrize(
    ("from_day", "until", "days"),
    [
        (None, None, [-2, -1, 0, 1, 2]),
        (TODAY, None, [0, 1, 2]),
        (None, TODAY, [-2, -1, 0]),
        (TODAY - DAY, TODAY + DAY, [-1, 0, 1]),
        (TODAY, TODAY, [0]),
    ],
)
async def test_a_post_is_active_from_its_first_day_to_its_last(
    sqlite: Database, from_day: date | None, until: date | None, days: list[int]
) -> None:
    async with sqlite.write() as session:
        person = await _add_person(session)
        await _add_post(session, person, from_day=from_day, until=until)
        active = [
            number
            for number in range(-2, 3)
            if (
                await session.exec(select(Post).where(match_active_posts(TODAY + number * DAY)))
            ).first()
        ]
        assert active == days


async def test_a_post_that_was_given_up_is_not_active(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person = await _add_person(session)
        await _add_post(session, person, ended_at=NOW)
        assert not (await session.exec(select(Post).where(match_active_posts(TODAY)))).all()
        assert await list_posts(session, person.id, TODAY) == []


async def test_people_of_one_channel_are_not_counted(sqlite: Database) -> None:
    async with sqlite.write() as session:
        assert await count_people(session, "terminal") == 0
        for channel, count in (("telegram", 1), ("terminal", 2), ("zalo", 4)):
            for number in range(count):
                await _add_person(session, f"{number}", channel=channel, left_at=NOW)
        assert await count_people(session, "terminal") == 1 + 4
        assert await count_people(session, "telegram") == 2 + 4


async def test_those_who_hold_a_role_are_found_by_it_by_agency_and_by_day(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        agencies = [Agency(name=f"Sở {n}", folded=f"so {n}") for n in range(2)]
        session.add_all(agencies)
        people = [await _add_person(session, str(number)) for number in range(5)]
        one, other = (agency.id for agency in agencies)
        head, focal_point, viewer = PostRole.HEAD, PostRole.FOCAL_POINT, PostRole.VIEWER
        await _add_post(session, people[2], head, agency_id=one)
        await _add_post(session, people[1], head, agency_id=other, until=TODAY)
        await _add_post(session, people[0], focal_point, agency_id=one, from_day=TODAY + DAY)
        await _add_post(session, people[3], viewer, agency_id=one)
        await _add_post(session, people[3], head, agency_id=one)
        await _add_post(session, people[4], head, agency_id=one)
        people[4].left_at = NOW
        session.add(people[4])

        async def find(
            roles: list[PostRole], day: date, agency_ids: list[int] | None = None
        ) -> list[int]:
            found = await find_post_holders(session, roles, day, agency_ids)
            return [int(person.address) for person in found]

        assert await find([head], TODAY) == [1, 2, 3]
        assert await find([head], TODAY + DAY) == [2, 3]
        assert await find([head], TODAY, [one]) == [2, 3]
        assert await find([head], TODAY, [one, other]) == [1, 2, 3]
        assert await find([head], TODAY, []) == []
        assert await find([head, focal_point], TODAY + DAY, [one]) == [0, 2, 3]
        assert await find([focal_point], TODAY) == []


async def test_the_posts_of_today_and_later_are_listed_with_their_agencies(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        agencies = [Agency(name=name, folded=name) for name in ("Sở A", "Sở B", "Sở C")]
        session.add_all(agencies)
        one, person, other = [await _add_person(session, address) for address in "123"]
        agency_id = agencies[1].id
        await _add_post(session, person, PostRole.LEADER, agency_id=agency_id, until=TODAY - DAY)
        await _add_post(session, person, PostRole.VIEWER, from_day=TODAY + DAY)
        for stranger in (one, other):
            await _add_post(session, stranger, PostRole.ADMIN)
        await _add_post(session, person, PostRole.HEAD, agency_id=agency_id, until=TODAY)
        await _add_post(session, person, PostRole.SUPERVISOR, until=TODAY + DAY)
        listed = await list_posts(session, person.id, TODAY)
        assert [(post.role, name) for post, name in listed] == [
            ("viewer", None),
            ("head", "Sở B"),
            ("supervisor", None),
        ]


async def test_an_admin_is_the_only_one_if_no_other_has_the_role_for_good(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        first, admin, leaver, last = [await _add_person(session, address) for address in "1234"]
        assert not await is_only_admin(session, admin.id)
        post = await _add_post(session, admin)
        assert await is_only_admin(session, admin.id)
        assert await is_only_admin(session, admin.id, post.id)
        assert not await is_only_admin(session, admin.id, post.id + 1)
        for other in (first, last):
            await _add_post(session, other, PostRole.SUPERVISOR)
            await _add_post(session, other, until=TODAY + DAY)
            await _add_post(session, other, ended_at=NOW)
            assert not await is_only_admin(session, other.id)
        assert await is_only_admin(session, admin.id)
        post_of_leaver = await _add_post(session, leaver)
        assert not await is_only_admin(session, admin.id)
        assert not await is_only_admin(session, leaver.id)
        leaver.left_at = NOW
        session.add(leaver)
        assert await is_only_admin(session, admin.id)
        assert not await is_only_admin(session, leaver.id, post_of_leaver.id)


async def test_an_admin_with_two_posts_may_give_up_one_of_them(sqlite: Database) -> None:
    async with sqlite.write() as session:
        admin = await _add_person(session)
        posts = [await _add_post(session, admin) for _ in range(3)]
        assert await is_only_admin(session, admin.id)
        assert not any([await is_only_admin(session, admin.id, post.id) for post in posts])


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_nobody_is_the_only_one_of_three_admins(sqlite: Database, place: int) -> None:
    async with sqlite.write() as session:
        people = [await _add_person(session, address) for address in "123"]
        posts = [await _add_post(session, person) for person in people]
        assert not await is_only_admin(session, people[place].id)
        assert not await is_only_admin(session, people[place].id, posts[place].id)


async def test_who_leaves_loses_posts_sessions_and_links_but_not_those_made_for_leaders(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        one, leaver, other = [await _add_person(session, address) for address in "123"]
        kept = [await _add_post(session, person) for person in (one, other)]
        ended = await _add_post(session, leaver, PostRole.HEAD, ended_at=NOW - DAY)
        posts = [await _add_post(session, leaver) for _ in range(2)]
        cookies = [
            await open_session(session, NOW, DAY, person_id=person.id)
            for person in (one, leaver, other)
        ]
        tokens = {
            kind: await add_link(
                session,
                WebLink(
                    kind=kind,
                    token_sha256="",
                    person_id=leaver.id,
                    made_at=NOW,
                    expires_at=NOW + DAY,
                ),
            )
            for kind in LinkKind
        }
        assert await end_membership(session, leaver, NOW) == [post.id for post in posts]
        assert leaver.left_at == NOW
        dates = await session.exec(select(Post.ended_at).order_by(col(Post.id)))
        assert list(dates) == [None, None, NOW - DAY, NOW, NOW]
        assert [post.ended_at for post in (*kept, ended)] == [None, None, NOW - DAY]
        open_ = [await find_session(session, cookie, NOW) for cookie in cookies]
        assert [found is not None for found in open_] == [True, False, True]
        good = [k for k in LinkKind if await find_link(session, k, tokens[k], NOW)]
        assert good == [LinkKind.LEADER]
        assert await end_membership(session, leaver, NOW) == []
