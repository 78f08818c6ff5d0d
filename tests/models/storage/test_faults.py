"""What fails for a while is one of REGISTRY_FAULTS, logged once; what is damaged is called so."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.agencies import Agency
from models.storage.database import Database, refuse_writes
from models.storage.faults import REGISTRY_FAULTS, RegistryDamaged, RegistryLost
from models.storage.statements import run_statement
from tests.support.registries import make_postgres_registry


async def _add_agencies(database: Database, count: int = 1) -> None:
    async with database.write() as session:
        session.add_all(
            Agency(name=f"Sở {number}", folded=f"so {number}" * 50) for number in range(count)
        )


@pytest.mark.postgres
async def test_a_connection_that_the_server_ends_is_a_passing_fault() -> None:
    found = await make_postgres_registry()
    if found is None:
        pytest.skip("no PostgreSQL server answers (TEST_POSTGRES_URL)")
    database, _ = found
    with pytest.raises(REGISTRY_FAULTS):
        async with database.read() as session:
            await run_statement(session, text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with database.read() as session:
        assert (await run_statement(session, text("SELECT 1"))).scalar() == 1
    await database.close()


async def test_a_server_that_is_not_there_is_a_passing_fault() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(REGISTRY_FAULTS):
        async with database.read() as session:
            await run_statement(session, text("SELECT 1"))
    await database.close()


async def test_a_wrong_statement_is_no_fault_of_the_registry(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one kind of error for both")
    with pytest.raises(DBAPIError) as met:
        async with database.read() as session:
            await run_statement(session, text("SELECT nothing FROM nowhere"))
    assert not isinstance(met.value, REGISTRY_FAULTS)
    assert database.outage.fault is None


async def test_a_full_disk_is_logged_once_and_its_end_once(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with sqlite.write() as session:
        pages = (await run_statement(session, text("PRAGMA page_count"))).scalar()
        await run_statement(session, text(f"PRAGMA max_page_count={pages}"))
    for _ in range(2):
        with pytest.raises(REGISTRY_FAULTS):
            await _add_agencies(sqlite, 2_000)
    assert "full" in str(sqlite.outage.fault)
    async with sqlite.write() as session:
        await run_statement(session, text("PRAGMA max_page_count=100000"))
    await _add_agencies(sqlite, 2_000)
    assert sqlite.outage.fault is None
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2, told
    assert "disk is full" in told[0]
    assert "works again" in told[1]


async def test_a_file_that_is_damaged_is_called_damaged(sqlite: Database) -> None:
    await _add_agencies(sqlite, 2_000)
    async with sqlite.open_connection() as connection:
        await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    await sqlite.close()
    assert sqlite.path is not None
    content = bytearray(sqlite.path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    sqlite.path.write_bytes(content)
    with pytest.raises(RegistryDamaged) as met:
        async with sqlite.read() as session:
            await run_statement(session, text("SELECT count(*) FROM agency WHERE folded <> ''"))
    assert met.value.detail == str(sqlite.path)


async def test_no_transaction_begins_in_a_registry_that_is_lost(sqlite: Database) -> None:
    sqlite.lost = RegistryLost(sqlite.describe_place())
    with pytest.raises(RegistryLost):
        await _add_agencies(sqlite)
    with pytest.raises(RegistryLost):
        async with sqlite.open_connection():
            pass


async def test_a_file_that_vanished_is_not_made_anew(sqlite: Database) -> None:
    assert sqlite.path is not None
    sqlite.path.unlink()
    with pytest.raises(REGISTRY_FAULTS):
        async with sqlite.read() as session:
            await run_statement(session, text("SELECT 1"))
    assert not sqlite.path.exists()


async def test_where_writes_are_refused_nothing_waits_for_a_lock(sqlite: Database) -> None:
    async with sqlite.write():
        with refuse_writes():
            with pytest.raises(REGISTRY_FAULTS):
                async with sqlite.write():
                    pass
            with pytest.raises(REGISTRY_FAULTS):
                async with sqlite.open_lossy_connection():
                    pass
            async with sqlite.read() as session:
                assert (await run_statement(session, text("SELECT 1"))).scalar() == 1
    assert sqlite.outage.fault is None
    await _add_agencies(sqlite, 1)
