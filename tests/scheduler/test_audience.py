"""Who is told: posts that are held on the day, duties handed over, chats that can be reached,
groups by their scope."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import select

from models.agencies import Agency, AgencySuccessor
from models.chats import Chat
from models.people import Person, Post, PostRole, list_posts
from models.storage.database import Database
from scheduler import audience, rules
from scheduler.audience import Audience
from tests.support.fakes import at, fill

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)


async def told(
    database: Database, ear: Audience, day: date = FRIDAY
) -> list[tuple[str, int | None]]:
    """The titles of the chats that are told in this quality, with the agency."""
    async with database.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        titles = {chat.id: chat.title for chat in await session.exec(select(Chat))}
        found = await audience.find_recipients(session, day, in_force)
    return [(titles[r.chat_id], r.agency_id) for r in found if r.audience == ear]


async def post_of(database: Database, name: str) -> Post:
    async with database.read() as session:
        return (await session.exec(select(Post).join(Person).where(Person.name == name))).one()


async def change(database: Database, row: Post | Person | Chat, **values: object) -> None:
    async with database.write() as session:
        kept = await session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(kept, name, value)
        session.add(kept)


async def office(database: Database) -> Agency:
    async with fill(database, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for name in ("An", "Bình"):
            await filling.person(name, PostRole.FOCAL_POINT, agency)
        await filling.plan()
    return agency


async def test_a_post_counts_from_its_first_to_its_last_day(sqlite: Database) -> None:
    agency = await office(sqlite)
    await change(sqlite, await post_of(sqlite, "An"), from_day=FRIDAY, until=FRIDAY + DAY)
    assert ("An", agency.id) not in await told(sqlite, Audience.FOCAL, FRIDAY - DAY)
    assert ("An", agency.id) in await told(sqlite, Audience.FOCAL, FRIDAY + DAY)
    assert ("An", agency.id) not in await told(sqlite, Audience.FOCAL, FRIDAY + 2 * DAY)
    await change(sqlite, await post_of(sqlite, "Bình"), ended_at=at(FRIDAY))
    assert ("Bình", agency.id) not in await told(sqlite, Audience.FOCAL)


async def test_who_stands_in_is_told_in_place_of_the_other_as_long_as_it_can_be(
    sqlite: Database,
) -> None:
    agency = await office(sqlite)
    theirs = await post_of(sqlite, "An")
    await change(
        sqlite,
        await post_of(sqlite, "Bình"),
        stands_in_for=theirs.id,
        from_day=FRIDAY,
        until=FRIDAY + 3 * DAY,
    )
    assert await told(sqlite, Audience.FOCAL) == [("Bình", agency.id)]
    assert await told(sqlite, Audience.FOCAL, FRIDAY + 4 * DAY) == [("An", agency.id)]
    async with sqlite.read() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "Bình"))).one()
    await change(sqlite, chat, unreachable_since=at(FRIDAY))
    assert await told(sqlite, Audience.FOCAL) == [("An", agency.id)]


async def test_who_left_is_told_nothing(sqlite: Database) -> None:
    agency = await office(sqlite)
    async with sqlite.read() as session:
        person = (await session.exec(select(Person).where(Person.name == "An"))).one()
    await change(sqlite, person, left_at=at(FRIDAY))
    assert await told(sqlite, Audience.FOCAL) == [("Bình", agency.id)]


async def test_the_work_of_merged_agencies_goes_down_the_chain(sqlite: Database) -> None:
    agency = await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        older, old = await filling.agency("Sở cũ nhất"), await filling.agency("Sở cũ")
        filling.session.add(
            AgencySuccessor(agency_id=older.id, successor_id=old.id, since=FRIDAY - 90 * DAY)
        )
        filling.session.add(AgencySuccessor(agency_id=old.id, successor_id=agency.id, since=FRIDAY))
    assert {agency_id for _, agency_id in await told(sqlite, Audience.FOCAL)} == {
        agency.id,
        old.id,
        older.id,
    }
    assert {agency_id for _, agency_id in await told(sqlite, Audience.FOCAL, FRIDAY - DAY)} == {
        agency.id
    }


async def test_a_group_that_is_not_bound_or_was_lost_is_told_nothing(sqlite: Database) -> None:
    agency = await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        await filling.group("Tư pháp", "agency", agency_id=agency.id)
        unbound = await filling.group("chưa gắn")
        unbound.scope = None
        lost = await filling.group("đã mất")
        lost.unreachable_since = at(FRIDAY)
        filling.session.add_all([unbound, lost])
    assert await told(sqlite, Audience.GROUP) == [("Tư pháp", agency.id)]


async def test_a_group_is_told_of_what_it_is_bound_to_alone(sqlite: Database) -> None:
    """The plan that a group was bound to before says nothing once it is bound to another part."""
    agency = await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        plan = await filling.plan("22/KH-UBND")
        await filling.group("Kế hoạch", "plan", plan_id=plan.id, agency_id=agency.id)
        await filling.group("Cơ quan", "agency", plan_id=plan.id, agency_id=agency.id)
        await filling.group("Tỉnh", "province", plan_id=plan.id, agency_id=agency.id)
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        titles = {chat.id: chat.title for chat in await session.exec(select(Chat))}
        found = await audience.find_recipients(session, FRIDAY, in_force)
    groups = {titles[r.chat_id]: (r.plan_id, r.agency_id) for r in found if r.audience == "group"}
    assert groups == {
        "Kế hoạch": (plan.id, None),
        "Cơ quan": (None, agency.id),
        "Tỉnh": (None, None),
    }


async def test_a_deputy_is_listed_up_to_the_last_day(sqlite: Database) -> None:
    await office(sqlite)
    deputy = await post_of(sqlite, "Bình")
    await change(sqlite, deputy, from_day=FRIDAY, until=FRIDAY + 3 * DAY)
    async with sqlite.read() as session:
        for day, count in ((FRIDAY + 3 * DAY, 1), (FRIDAY + 4 * DAY, 0)):
            assert len(await list_posts(session, deputy.person_id, day)) == count, day
