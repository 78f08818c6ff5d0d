"""A registry copied into another one: every row once, in whatever batches; and what then ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, insert, select

from models import transfer
from models.agencies import Agency, AgencyMember, AgencyName
from models.channels.accounts import Account
from models.channels.handouts import hand_out
from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import Invitation, Person, PostRole
from models.preferences import DayEntry, Preference
from models.storage.database import Database
from models.tables import METADATA
from models.transfer import RegistryNotEmpty, copy_rows, count_rows, end_what_was_open
from models.web_access import LinkKind, WebLink, WebSession
from tests.support.registries import copy_registry
from tests.support.world import NOW, TODAY


@pytest.fixture
async def target(empty_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Another registry, which is empty."""
    made = copy_registry(empty_registry, tmp_path_factory.mktemp("target"))
    yield made
    await made.close()


async def _fill(database: Database) -> None:
    """Rows whose keys are numbers, text, days and pairs."""
    async with database.write() as session:
        agencies = [Agency(name=f"Sở {n}", folded=f"so {n}") for n in range(5)]
        session.add_all(agencies)
        await session.flush()
        session.add_all(
            AgencyMember(collective_id=agencies[one].id, member_id=agencies[other].id)
            for one, other in ((0, 2), (0, 3), (0, 4), (1, 2), (1, 4))
        )
        session.add_all(Preference(name=name, value=[name]) for name in "băcda")
        session.add_all(
            DayEntry(day=TODAY + timedelta(days=n), working=False, name="Nghỉ") for n in range(3)
        )


async def _list_rows(database: Database) -> dict[str, list[Any]]:
    async with database.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, await connection.execute(table.select())), key=str)
            for table in METADATA.sorted_tables
        }


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 500])
async def test_every_row_is_copied_once_in_whatever_batches(
    sqlite: Database, target: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(transfer, "ROWS_AT_ONCE", at_once)
    await _fill(sqlite)
    told: dict[str, int] = {}
    assert await copy_rows(sqlite, target, told.__setitem__) == 18
    assert await _list_rows(target) == await _list_rows(sqlite)
    assert told.keys() == METADATA.tables.keys()
    counts = {name: count for name, count in told.items() if count}
    assert counts == {"agency": 5, "agency_member": 5, "preference": 5, "day_entry": 3}


async def test_rows_of_pairs_are_copied_from_either_database(
    database: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "ROWS_AT_ONCE", 2)
    await _fill(database)
    assert await copy_rows(database, target) == 18
    assert await _list_rows(target) == await _list_rows(database)


async def test_new_rows_are_numbered_behind_those_that_were_copied(
    sqlite: Database, database: Database, target: Database
) -> None:
    await _fill(target)
    await copy_rows(target, database)
    async with database.write() as session:
        session.add(Agency(name="Sở mới", folded="so moi"))
        session.add(Person(channel="telegram", address="1", name="An", joined_at=NOW))
    async with database.read() as session:
        newest = select(col(Agency.id)).order_by(col(Agency.id).desc())
        assert (await session.exec(newest)).first() == 6
        assert list(await session.exec(select(Person.id))) == [1]


async def test_nothing_is_copied_into_a_registry_that_holds_something(
    sqlite: Database, target: Database
) -> None:
    await _fill(sqlite)
    async with target.write() as session:
        session.add(Preference(name="đã có", value=1))
    before = await _list_rows(target)
    with pytest.raises(RegistryNotEmpty, match="preference"):
        await copy_rows(sqlite, target)
    assert await _list_rows(target) == before


async def test_a_copy_whose_rows_point_to_nothing_fails_and_leaves_nothing(
    sqlite: Database, target: Database
) -> None:
    await _fill(sqlite)
    async with sqlite.make_upgrade_engine().begin() as connection:  # it checks no references
        lost = {"agency_id": 99, "name": "x", "folded": "x", "kind": "synonym"}
        await connection.execute(insert(AgencyName).values(lost))
    with pytest.raises(ValueError, match="agency_name"):
        await copy_rows(sqlite, target)
    assert await count_rows(target) == 0


async def test_the_rows_of_all_tables_that_exist_are_counted(sqlite: Database) -> None:
    assert await count_rows(sqlite) == 0
    await _fill(sqlite)
    assert await count_rows(sqlite) == 18
    async with sqlite.write() as session:
        await (await session.connection()).execute(text("DROP TABLE day_entry"))
    assert await count_rows(sqlite) == 15


async def test_what_was_open_ends_and_what_is_kept_stays(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person = Person(channel="telegram", address="1", name="An", joined_at=NOW)
        chat = Chat(channel="telegram", address="1", kind="private", title="An")
        session.add_all([person, chat])
        await session.flush()
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
                    claimed_by="process",
                    lease_until=NOW,
                )
            )
        session.add(
            WebSession(token_sha256="a", person_id=person.id, opened_at=NOW, expires_at=NOW)
        )
        session.add(
            WebLink(kind=LinkKind.LOGIN, token_sha256="b", person_id=person.id, made_at=NOW)
        )
        session.add_all(
            Account(person_id=person.id, channel=channel, address="9") for channel in ("zalo", None)
        )
        session.add(
            Invitation(
                code_sha256="c", role=PostRole.VIEWER, uses_left=3, expires_at=NOW, made_at=NOW
            )
        )
        await hand_out(session, "bang.xlsx", b"x", NOW)
    await end_what_was_open(sqlite)
    async with sqlite.read() as session:
        notices = {notice.token: notice for notice in await session.exec(select(Notice))}
        open_ = {"pending", "sending", "uncertain"}
        assert {token: notice.status for token, notice in notices.items()} == {
            status: "uncertain" if status in open_ else status for status in NoticeStatus
        }
        assert {token for token, notice in notices.items() if notice.again} == open_
        assert {token for token, notice in notices.items() if notice.claimed_by is None} == open_
        assert {token for token, notice in notices.items() if notice.lease_until is None} == open_
        assert list(await session.exec(select(col(Invitation.uses_left)))) == [0]
        assert list(await session.exec(select(col(Account.channel)))) == ["zalo"]
    assert await count_rows(sqlite) == 2 + len(NoticeStatus) + 2
