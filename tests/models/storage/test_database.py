"""Sessions of the registry: what is written together stays together, and queries keep nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models.agencies import Agency, AgencyName
from models.storage.database import POOL_SIZE, Database


async def _fail(database: Database) -> None:
    async with database.write() as session:
        session.add(Agency(name="Sở Tư pháp", folded="so tu phap"))
        await session.flush()
        raise RuntimeError


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await _fail(database)
    async with database.read() as session:
        assert (await session.exec(select(Agency))).all() == []


async def test_foreign_keys_are_kept(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(AgencyName(agency_id=999, name="x", folded="x", kind="synonym"))


async def test_sqlite_runs_with_a_write_ahead_log(sqlite: Database) -> None:
    async with sqlite.engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1


async def test_a_session_for_queries_keeps_nothing(database: Database) -> None:
    async with database.read() as session:
        session.add(Agency(name="Sở Y tế", folded="so y te"))
        await session.flush()
    async with database.read() as session:
        assert (await session.exec(select(col(Agency.id)))).all() == []


async def test_a_fault_in_a_statement_does_not_tell_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as fault:
        async with database.read() as session:
            await (await session.connection()).execute(
                text("SELECT :told FROM nowhere"), {"told": "chuyện riêng"}
            )
    assert "nowhere" in str(fault.value)
    assert "chuyện riêng" not in str(fault.value)


async def test_readers_who_wait_for_a_note_hold_up_no_writer(database: Database) -> None:
    """Each has a connection while it waits; a writer has the turn that the notes wait for."""

    async def ask() -> None:
        async with database.read() as session:
            await session.exec(select(Agency))
            async with database.open_lossy_connection() as connection:
                await connection.execute(text("SELECT 1"))

    async def change() -> None:
        async with database.write() as session:
            await session.exec(select(Agency))

    async with asyncio.timeout(20):
        await asyncio.gather(*(work() for _ in range(2 * POOL_SIZE) for work in (ask, change)))


async def test_an_upgrade_hides_what_people_wrote_too(database: Database) -> None:
    engine = database.make_upgrade_engine()
    try:
        assert engine.sync_engine.hide_parameters
    finally:
        await engine.dispose()


async def test_a_registry_waits_for_what_goes_on_beside_before_it_closes(sqlite: Database) -> None:
    may_end = asyncio.Event()
    beside = sqlite.start_beside(may_end.wait())
    closing = asyncio.create_task(sqlite.close())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    may_end.set()
    await closing
    assert beside.result()


async def test_what_takes_too_long_is_cancelled_before_the_registry_closes(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.storage.database.CLOSE_SECONDS", 0)
    beside = sqlite.start_beside(asyncio.Event().wait())
    await sqlite.close()
    assert beside.cancelled()
