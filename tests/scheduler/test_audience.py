"""Who is told: posts that are held on the day, duties handed over, chats that can be reached,
groups by their scope."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.agencies import Agency, AgencySuccessor
from models.assignments import Status
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


async def test_each_role_is_told_in_its_own_way_of_its_agency(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for role in PostRole:
            await filling.person(role, role, agency)
        await filling.plan(supervisor_id=(await filling.agency("Sở Nội vụ")).id)
    assert {ear: await told(sqlite, ear) for ear in Audience} == {
        Audience.FOCAL: [("focal_point", agency.id)],
        Audience.HEAD: [("head", agency.id)],
        Audience.LEADER: [("leader", None)],
        Audience.SUPERVISOR: [],
        Audience.STAND_IN: [("admin", None)],
        Audience.GROUP: [],
    }


@pytest.mark.parametrize("named", [True, False])
async def test_a_plan_is_supervised_by_one_agency_and_by_those_who_supervise_all(
    sqlite: Database, named: bool
) -> None:
    """The plan names the agency, or it is the one that supervises what names none."""
    async with fill(sqlite, FRIDAY) as filling:
        await filling.person("Quản trị", PostRole.ADMIN)
        await filling.person("Cả tỉnh", PostRole.SUPERVISOR)
        for name in ("Sở Giáo dục", "Sở Nội vụ", "Sở Tư pháp", "Sở Y tế"):
            agency = await filling.agency(name, focal_point=f"Đầu mối {name}")
            await filling.person(f"Theo dõi {name}", PostRole.SUPERVISOR, agency)
            await filling.person(f"Giám đốc {name}", PostRole.HEAD, agency)
            if name == "Sở Tư pháp" and named:
                await filling.plan(supervisor_id=agency.id)
        if not named:
            await filling.plan()
    name = "Sở Tư pháp" if named else "Sở Nội vụ"
    for ear in (Audience.SUPERVISOR, Audience.STAND_IN):
        titles = {title for title, _ in await told(sqlite, ear)}
        assert titles == {"Cả tỉnh", f"Đầu mối {name}", f"Theo dõi {name}"}


async def test_who_has_no_agency_supervises_no_plan_that_has_none(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.person("Không rõ", PostRole.FOCAL_POINT)
        await filling.plan()
    assert await told(sqlite, Audience.STAND_IN) == []
    assert [title for title, _ in await told(sqlite, Audience.FOCAL)] == ["An"]


async def test_a_muted_chat_is_awake_again_the_day_after(sqlite: Database) -> None:
    await office(sqlite)
    async with sqlite.read() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
    await change(sqlite, chat, muted_until=FRIDAY)
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        for days, is_awake in ((-1, False), (0, False), (1, True), (2, True)):
            found = await audience.find_recipients(session, FRIDAY + days * DAY, in_force)
            assert {r.awake for r in found if r.chat_id == chat.id} == {is_awake}, days


async def test_what_one_chat_may_be_told_is_found_alone(sqlite: Database) -> None:
    agency = await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        groups = [await filling.group(title) for title in ("Một", "Hai", "Ba")]
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        an, binh = (
            await session.exec(select(Chat).where(Chat.kind == "private").order_by(Chat.title))
        ).all()
        for chat, ear in ((an, "focal"), (binh, "focal"), (groups[1], "group")):
            found = await audience.find_recipients(session, FRIDAY, in_force, only=chat.id)
            assert [(r.chat_id, r.audience) for r in found] == [(chat.id, ear)]
        for chat, own in ((an, {agency.id}), (binh, {agency.id}), (groups[1], set())):
            assert await audience.find_own_agencies(session, chat, FRIDAY) == own


async def test_only_the_work_of_a_focal_point_is_somebodys_own(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        for role in PostRole:
            agency = await filling.agency(f"Sở của {role}")
            await filling.person(role, role, agency)
    async with sqlite.read() as session:
        for chat in (await session.exec(select(Chat))).all():
            own = await audience.find_own_agencies(session, chat, FRIDAY)
            assert len(own) == (chat.title == PostRole.FOCAL_POINT), chat.title


async def test_the_agencies_that_nobody_can_be_reached_of_have_open_dated_work(
    sqlite: Database,
) -> None:
    """Neither what is done, has no day, was replaced, nor what belongs to a closed plan counts."""
    async with fill(sqlite, FRIDAY) as filling:
        await filling.person("Quản trị", PostRole.ADMIN, await filling.agency("Sở Quản trị"))
        names = ("Sở B", "Sở A", "Sở Xong", "Sở Chưa rõ ngày", "Sở Đã thay", "Các sở, ban, ngành")
        work = {}
        await filling.plan()
        for name in names:
            agency = await filling.agency(name, collective=name.startswith("Các"))
            await filling.person(f"Giám đốc {name}", PostRole.HEAD, agency)
            (work[name],) = await filling.task(name, [agency], FRIDAY)
        work["Sở Xong"].status = Status.DONE
        work["Sở Chưa rõ ngày"].last_day = None
        work["Sở Đã thay"].ended_on = FRIDAY
        filling.session.add_all(work.values())
        reached = await filling.agency("Sở Tới được", focal_point="An")
        await filling.task("I.1", [reached], FRIDAY)
        await filling.plan("11/KH-UBND", closed_on=FRIDAY)
        await filling.task("I.2", [await filling.agency("Sở Đã đóng")], FRIDAY)
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        found = await audience.list_unreached_agencies(session, FRIDAY, in_force)
    assert found == (["Sở A", "Sở B"], ["Các sở, ban, ngành"])


async def test_all_admins_who_can_be_reached_are_found_once(sqlite: Database) -> None:
    agency = await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        for name in ("Quản trị", "Quản trị khác"):
            person = await filling.person(name, PostRole.ADMIN, chat=name)
        twice = Post(person_id=person.id, role=PostRole.ADMIN, made_at=at(FRIDAY))
        filling.session.add(twice)
        await filling.person("Theo dõi", PostRole.SUPERVISOR, agency, chat="Theo dõi")
    async with sqlite.read() as session:
        found = await audience.find_admin_chats(session, FRIDAY)
        titles = [(await session.get_one(Chat, chat_id)).title for chat_id in found]
    assert titles == ["Quản trị", "Quản trị khác"]


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
    await office(sqlite)
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Y tế")
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
