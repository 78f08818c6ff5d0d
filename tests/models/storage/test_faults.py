"""What fails for a while is one of REGISTRY_FAULTS, logged once; what is damaged is called so."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.agencies import Agency
from models.storage.database import Database, refuse_writes
from models.storage.faults import REGISTRY_FAULTS, RegistryDamaged, RegistryLost, translate_error
from models.storage.statements import run_statement
from tests.support.registries import make_postgres_registry


class DriverError(Exception):
    """An error of a driver, with the codes that it gives."""

    def __init__(self, **codes: Any) -> None:
        super().__init__("x")
        self.__dict__.update(codes)


def _translate(
    original: Exception, kind: type[DBAPIError] = DBAPIError, engine: Any = None
) -> Exception | None:
    context: Any = SimpleNamespace(
        sqlalchemy_exception=kind("SELECT 1", None, original),
        original_exception=original,
        statement="SELECT 1",
        engine=engine,
    )
    return translate_error(context)


@pytest.mark.parametrize("state", ["08006", "25006", "40001", "53300", "55P03", "57P01", "58030"])
def test_what_the_server_blames_on_the_moment_passes(state: str) -> None:
    assert isinstance(_translate(DriverError(sqlstate=state)), OperationalError)
    wrapped = DriverError()
    wrapped.__cause__ = DriverError(sqlstate=state)
    assert isinstance(_translate(wrapped), OperationalError)
    assert _translate(DriverError(sqlstate=state), OperationalError) is None  # it is one already


@pytest.mark.parametrize("state", [None, "", "22012", "23505", "25001", "42P01", "55000", "9053"])
def test_what_the_server_blames_on_the_statement_stays_as_it_is(state: str | None) -> None:
    assert _translate(DriverError(sqlstate=state)) is None


@pytest.mark.parametrize(
    ("code", "is_damaged"),
    [
        *((sqlite3.SQLITE_CORRUPT, True), (sqlite3.SQLITE_NOTADB, True)),
        *((sqlite3.SQLITE_CORRUPT_INDEX, True), (sqlite3.SQLITE_CORRUPT_VTAB, True)),
        *((sqlite3.SQLITE_BUSY, False), (sqlite3.SQLITE_FULL, False), (None, False)),
        *((sqlite3.SQLITE_IOERR_READ, False), (sqlite3.SQLITE_PERM, False)),
    ],
)
def test_a_file_is_damaged_by_the_codes_of_sqlite(code: int | None, is_damaged: bool) -> None:
    original = DriverError(sqlite_errorcode=code) if code is not None else DriverError()
    engine = SimpleNamespace(url=SimpleNamespace(database="registry.db"))
    for place in (engine, None):
        found = _translate(original, engine=place)
        assert isinstance(found, RegistryDamaged) is is_damaged
        if isinstance(found, RegistryDamaged):
            assert found.detail == ("registry.db" if place else "")


def test_a_connection_that_broke_within_the_driver_passes() -> None:
    InternalClientError = type("InternalClientError", (Exception,), {})  # noqa: N806
    found = _translate(InternalClientError("got result for unknown protocol state"))
    assert isinstance(found, OperationalError)
    assert "SELECT 1" in str(found)


def test_what_the_program_itself_raised_stays_as_it_is() -> None:
    context: Any = SimpleNamespace(
        sqlalchemy_exception=None, original_exception=DriverError(sqlstate="08006"), engine=None
    )
    assert translate_error(context) is None


@pytest.mark.parametrize("hides", [{"sqlstate": "08006"}, {}])
def test_a_fault_that_passes_does_not_tell_the_values_of_its_statement(
    hides: dict[str, str],
) -> None:
    original: Exception = DriverError(**hides)
    if not hides:
        original = type("InternalClientError", (Exception,), {})("x")
    found = _translate(original)
    assert isinstance(found, OperationalError)
    assert found.hide_parameters


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
    async with sqlite.read() as session:  # that works all the time
        await run_statement(session, text("SELECT 1"))
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
