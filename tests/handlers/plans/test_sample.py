"""A trial and production never mix: the sample plan and the terminal's people end with it."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from handlers.people.operator import register_terminal_person
from handlers.plans.sample import end_trial, load_sample
from models.assignments import Assignment
from models.erasure import ERASED_PREFIX
from models.notices import Notice
from models.people import Person, Post
from models.plans import Plan
from models.storage.database import Database
from scheduler.rehearse import rehearse_days
from scheduler.rules import Defaults
from tests.support.world import ADMIN, NOW, TODAY, ZONE, World, load, small_plan


async def _begin_trial(database: Database) -> None:
    assert await load_sample(database, NOW)
    await register_terminal_person(database, NOW, "Sở Nội vụ", admin=False)
    await register_terminal_person(database, NOW, None, admin=True)


async def test_the_end_of_a_trial_leaves_nothing_of_the_sample(database: Database) -> None:
    await _begin_trial(database)
    await load(database, small_plan())
    assert await end_trial(database, NOW)
    async with database.read() as session:
        assert (await session.exec(select(Plan.number))).all() == ["15/KH-UBND"]
        plans = set(await session.exec(select(Assignment.plan_id)))
        assert plans == set(await session.exec(select(Plan.id)))
        assert not (await session.exec(select(Post).where(col(Post.ended_at).is_(None)))).all()
        people = (await session.exec(select(Person))).all()
        assert all(person.address.startswith(ERASED_PREFIX) for person in people)
    messages = [
        message.as_json()
        async for message in rehearse_days(
            database, TODAY, TODAY + timedelta(days=20), everyone=True, defaults=Defaults(ZONE)
        )
    ]
    assert {line["plan"] for message in messages for line in message["lines"]} == {"15/KH-UBND"}
    assert not await end_trial(database, NOW)


async def test_the_first_admin_who_comes_is_told_once(world: World) -> None:
    async with world.database.write() as session:
        for plan in await session.exec(select(Plan)):
            await session.delete(plan)
    await _begin_trial(world.database)
    assert await end_trial(world.database, NOW)
    for _ in range(2):
        await world.says(ADMIN, "/toi")
    told = [reply.text for reply in await world.told(ADMIN) if "kế hoạch mẫu" in reply.text]
    assert len(told) == 1


async def test_an_admin_who_is_there_is_told_at_once(world: World) -> None:
    await world.says(ADMIN, "/toi")
    async with world.database.write() as session:
        plan = (await session.exec(select(Plan))).one()
        plan.sample = True
        session.add(plan)
    assert await end_trial(world.database, NOW)
    async with world.database.read() as session:
        assert (await session.exec(select(Notice.token))).all() == ["trial-ended"]


async def test_a_registry_that_somebody_joined_gets_no_sample(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add(Person(channel="telegram", address="7", name="An", joined_at=NOW))
    assert not await load_sample(sqlite, NOW)
    async with sqlite.read() as session:
        assert not (await session.exec(select(Plan))).all()
