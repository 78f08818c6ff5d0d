"""What a trial leaves in the registry goes; what belongs to others stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.audit import Audit
from models.chats import Chat
from models.erasure import ERASED_PREFIX
from models.notices import Notice, NoticeStatus
from models.people import Person, Post, PostRole
from models.plans import Plan, Task
from models.storage.database import Database
from models.trial import TERMINAL, delete_sample, delete_trial, find_sample, holds_trial
from models.web_access import LinkKind, WebLink, add_link, find_link
from tests.support.world import NOW, TODAY


async def _add_plan(session: AsyncSession, title: str, *, sample: bool = False) -> Plan:
    plan = Plan(identity=title, title=title, sample=sample, imported_at=NOW)
    session.add(plan)
    await session.flush()
    for key in ("1", "2"):
        session.add(Task(plan_id=plan.id, position=1, key=key, title="Việc", search_text="viec"))
    session.add(
        Chat(
            channel="telegram",
            address=title,
            kind="group",
            title=title,
            plan_id=plan.id,
            scope="plan",
        )
    )
    await session.flush()
    return plan


async def _add_person(session: AsyncSession, address: str, channel: str = TERMINAL) -> Person:
    person = Person(channel=channel, address=address, name="An", joined_at=NOW)
    session.add(person)
    await session.flush()
    session.add(
        Chat(channel=channel, address=address, kind="private", title="An", person_id=person.id)
    )
    session.add(Post(person_id=person.id, role=PostRole.ADMIN, made_at=NOW))
    await session.flush()
    return person


@pytest.mark.parametrize(
    ("channel", "address", "holds"),
    [(TERMINAL, "1", True), ("telegram", "1", False), (TERMINAL, f"{ERASED_PREFIX}1", False)],
)
async def test_a_registry_with_people_of_the_terminal_holds_a_trial(
    sqlite: Database, channel: str, address: str, holds: bool
) -> None:
    async with sqlite.write() as session:
        await _add_plan(session, "thật")
        assert not await holds_trial(session)
        await _add_person(session, address, channel)
        assert await holds_trial(session) is holds


async def test_a_registry_with_the_sample_plan_holds_a_trial(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _add_plan(session, "thật")
        assert await find_sample(session) is None
        sample = await _add_plan(session, "mẫu", sample=True)
        assert await find_sample(session) == sample
        assert await holds_trial(session)


async def test_the_sample_goes_with_its_tasks_and_groups_are_bound_to_it_no_more(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        plan = await _add_plan(session, "thật")
        sample = await _add_plan(session, "mẫu", sample=True)
        newer = await _add_plan(session, "mới")
        await delete_sample(session, sample)
    async with sqlite.read() as session:
        assert set(await session.exec(select(Plan.title))) == {"thật", "mới"}
        tasks = await session.exec(select(Task.plan_id).order_by(col(Task.id)))
        assert list(tasks) == [plan.id, plan.id, newer.id, newer.id]
        chats = await session.exec(select(Chat).order_by(col(Chat.id)))
        assert [(c.plan_id, c.scope) for c in chats] == [
            (plan.id, "plan"),
            (None, None),
            (newer.id, "plan"),
        ]


async def test_the_end_of_a_trial_says_whether_the_sample_was_there(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _add_plan(session, "thật")
        assert not await delete_trial(session, NOW)
        assert not (await session.exec(select(Audit))).all()
        await _add_plan(session, "mẫu", sample=True)
        assert await delete_trial(session, NOW)
        assert not await holds_trial(session)
        (change,) = await session.exec(select(Audit))
        assert (change.action, change.before) == ("remove_sample", {"title": "mẫu"})


async def test_the_people_of_the_terminal_are_erased_with_what_they_opened(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        people = [
            await _add_person(session, address, channel)
            for address, channel in (
                ("1", "telegram"),
                ("1", TERMINAL),
                ("2", TERMINAL),
                ("1", "zalo"),
            )
        ]
        tokens = []
        for person in people:
            link = WebLink(
                kind=LinkKind.LEADER,
                token_sha256="",
                person_id=person.id,
                made_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
            tokens.append(await add_link(session, link))
        for chat in await session.exec(select(Chat)):
            for status in NoticeStatus:
                session.add(
                    Notice(
                        chat_id=chat.id,
                        day=TODAY,
                        kind="message",
                        token=status,
                        status=status,
                        not_before=NOW,
                        planned_at=NOW,
                    )
                )
        await session.flush()
        await delete_trial(session, NOW)
    async with sqlite.read() as session:
        left = await session.exec(select(Person.name, Person.left_at).order_by(col(Person.id)))
        assert list(left) == [("An", None), ("", NOW), ("", NOW), ("An", None)]
        active = select(Post.person_id).where(col(Post.ended_at).is_(None))
        assert list(await session.exec(active)) == [people[0].id, people[3].id]
        found = [await find_link(session, LinkKind.LEADER, token, NOW) for token in tokens]
        assert [link is not None for link in found] == [True, False, False, True]
        dropped = (NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)
        notices = select(Notice.token, Notice.status).join(Chat, col(Chat.id) == Notice.chat_id)
        for person, is_erased in zip(people, (False, True, True, False), strict=True):
            rows = await session.exec(notices.where(Chat.person_id == person.id))
            assert dict(rows.all()) == {
                status: NoticeStatus.DROPPED if is_erased and status in dropped else status
                for status in NoticeStatus
            }
