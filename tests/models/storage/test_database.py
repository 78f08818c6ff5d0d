"""Sessions of the registry: what is written together stays together, and queries keep nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, insert, select

from models.agencies import Agency, AgencyName
from models.storage.database import POOL_SIZE, Database, visit_registry
from models.storage.faults import RegistryUnreachable, RegistryUrlWrong


@pytest.mark.parametrize(
    ("url", "place", "schema"),
    [
        ("postgresql://an:mat-khau@may-chu/nhacviec", "may-chu/nhacviec", None),
        ("postgres://may-chu:5433/nhacviec?schema=thu", "may-chu/nhacviec (thu)", "thu"),
        ("postgresql+asyncpg://may-chu", "may-chu/", None),
        ("postgresql:///nhacviec?schema=", "/nhacviec", None),
    ],
)
def test_the_place_of_a_server_is_told_without_the_password(
    url: str, place: str, schema: str | None
) -> None:
    database = Database(url)
    assert (database.describe_place(), database.schema) == (place, schema)
    assert (database.is_sqlite, database.path) == (False, None)
    assert database.url.drivername == "postgresql+asyncpg"
    assert "schema" not in str(database.url)


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+aiosqlite"])
def test_the_place_of_a_file_does_not_depend_on_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database(f"{driver}:///data/registry.db")
    monkeypatch.chdir("/")
    assert database.is_sqlite
    assert database.path == tmp_path / "data" / "registry.db"
    assert database.describe_place() == str(database.path)


@pytest.mark.parametrize(
    "url",
    ["mysql://may-chu/x", "sqlite://", "sqlite:///:memory:", "x", "postgresql://may-chu:cong/x"],
)
def test_an_address_of_no_registry_is_refused(url: str) -> None:
    with pytest.raises(RegistryUrlWrong):
        Database(url)


async def _is_locked(database: Database) -> bool:
    """Whether another process may not write to the registry at the moment."""
    with closing(sqlite3.connect(str(database.path), timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


async def test_only_who_writes_locks_the_registry_and_does_so_from_the_start(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        await session.exec(select(Agency))
        assert await _is_locked(sqlite)
    async with sqlite.make_upgrade_engine().begin() as connection:
        await connection.execute(text("SELECT 1"))
        assert await _is_locked(sqlite)
    async with sqlite.read() as session:
        await session.exec(select(Agency))
        assert not await _is_locked(sqlite)
    async with sqlite.open_connection() as connection:
        await connection.execute(insert(Agency).values(name="A", folded="a", collective=False))
        assert not await _is_locked(sqlite)  # the statement was a transaction of its own
    async with sqlite.open_lossy_connection() as connection:
        await connection.execute(insert(Agency).values(name="B", folded="b", collective=False))
        assert not await _is_locked(sqlite)


async def test_who_goes_first_writes_before_those_who_wait(sqlite: Database) -> None:
    order: list[str] = []

    async def write(name: str) -> None:
        turn = sqlite.write(goes_first=True) if name == "urgent" else sqlite.write()
        async with turn as session:
            order.append(name)
            await session.exec(select(Agency))

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third", "urgent"):
            group.create_task(write(name))
    assert order == ["first", "urgent", "second", "third"]


async def test_whoever_looks_into_a_registry_is_told_its_fault_in_one_way(tmp_path: Path) -> None:
    for url, fault in (
        (f"sqlite:///{tmp_path}/missing.db", RegistryUnreachable),
        ("mysql://may-chu/x", RegistryUrlWrong),
    ):
        with pytest.raises(fault):
            async with visit_registry(url) as database, database.read() as session:
                await session.exec(select(Agency))


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


@pytest.mark.parametrize(("upgrades", "waits", "checks"), [(False, 15, 1), (True, 600, 0)])
async def test_sqlite_runs_with_a_write_ahead_log_and_waits_for_other_writers(
    sqlite: Database, upgrades: bool, waits: int, checks: int
) -> None:
    engine = sqlite.make_upgrade_engine() if upgrades else sqlite.engine
    async with engine.connect() as connection:
        for name, value in (
            ("journal_mode", "wal"),
            ("foreign_keys", checks),
            ("busy_timeout", waits * 1_000),
            ("cache_size", -8_000),  # kB
        ):
            assert (await connection.execute(text(f"PRAGMA {name}"))).scalar() == value


async def test_what_a_session_wrote_or_read_is_known_after_its_end(sqlite: Database) -> None:
    async with sqlite.write() as session:
        written = Agency(name="Sở Y tế", folded="so y te")
        session.add(written)
    async with sqlite.read() as session:
        (read,) = await session.exec(select(Agency))
    assert (read.id, read.name) == (written.id, written.name)


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
