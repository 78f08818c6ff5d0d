"""SQLite's driver: a trip to the connection's thread a statement; no transaction, connection or
thread is left behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, insert, select

from models.agencies import Agency
from models.storage import sqlite as driver
from models.storage.database import Database


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The trips made to a connection's thread, as the names of what was run there."""
    made: list[str] = []
    plain = driver.TripSavingConnection._execute

    async def counted(
        self: driver.TripSavingConnection, function: Callable[..., Any], *args: Any, **named: Any
    ) -> Any:
        made.append(function.__name__)
        run: Callable[..., Any] = plain
        return await run(self, function, *args, **named)

    monkeypatch.setattr(driver.TripSavingConnection, "_execute", counted)
    return made


async def _add(database: Database, name: str) -> None:
    async with database.write() as session:
        session.add(Agency(name=name, folded=name))


async def test_a_statement_is_one_trip_and_the_first_one_begins_the_transaction(
    sqlite: Database, trips: list[str]
) -> None:
    async with sqlite.read() as session:  # connected before it is counted
        await session.exec(select(Agency))
    trips.clear()
    async with sqlite.read() as session:
        await session.exec(select(Agency))
        await session.exec(select(col(Agency.id)))
    assert trips == ["_run_and_count", "_run_and_count", "rollback"]


@pytest.mark.parametrize("is_note", [False, True])
async def test_what_opened_no_transaction_ends_without_a_trip(
    sqlite: Database, trips: list[str], is_note: bool
) -> None:
    open_connection = sqlite.open_lossy_connection if is_note else sqlite.open_connection
    for _ in range(2):  # connected before it is counted
        trips.clear()
        async with open_connection() as connection:
            await connection.execute(text("SELECT 1"))
    assert trips == ["_run_and_count"]


async def test_a_session_for_queries_sees_one_state_of_the_registry(sqlite: Database) -> None:
    await _add(sqlite, "Sở Tư pháp")
    async with sqlite.read() as session:
        before = (await session.exec(select(col(Agency.name)))).all()
        await _add(sqlite, "Sở Y tế")
        assert (await session.exec(select(col(Agency.name)))).all() == before
    async with sqlite.read() as session:
        assert len((await session.exec(select(col(Agency.name)))).all()) == 2


async def test_a_session_that_asks_nothing_leaves_no_transaction_behind(sqlite: Database) -> None:
    async with sqlite.read() as session:
        await session.connection()
    async with sqlite.open_connection() as connection:
        raw = await connection.get_raw_connection()
        assert isinstance(raw.driver_connection, driver.TripSavingConnection)
        assert not raw.driver_connection.begin_first
        await connection.execute(
            insert(Agency).values(name="Sở Y tế", folded="so y te", collective=False)
        )
    async with sqlite.read() as session:
        assert (await session.exec(select(col(Agency.name)))).all() == ["Sở Y tế"]


async def test_a_failed_statement_is_told_and_the_connection_goes_on(sqlite: Database) -> None:
    with pytest.raises(OperationalError):
        async with sqlite.read() as session:
            await (await session.connection()).execute(text("SELECT nothing FROM nowhere"))
    await _add(sqlite, "Sở Y tế")
    with pytest.raises(IntegrityError):
        await _add(sqlite, "Sở Y tế")
    async with sqlite.read() as session:
        assert len((await session.exec(select(Agency))).all()) == 1


async def test_who_is_cancelled_before_the_answer_leaves_no_transaction_open() -> None:
    """The thread goes on with what it was given, so the transaction may begin after its end was
    asked for."""
    connection = driver.TripSavingConnection(
        lambda: sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False), 1
    )
    await connection
    at_work = threading.Event()
    working = asyncio.create_task(connection.run_in_thread(at_work.wait))
    asking = asyncio.create_task(connection.cursor().execute("BEGIN"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    undoing = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    at_work.set()
    await asyncio.gather(working, undoing)
    await connection.run_in_thread(lambda: None)  # by now the thread is through with all of it
    assert not connection.in_transaction
    await connection.close()


async def test_rows_of_many_values_are_written_in_one_trip(
    sqlite: Database, trips: list[str]
) -> None:
    rows = [{"name": f"Sở {n}", "folded": f"so {n}", "collective": False} for n in range(3)]
    async with sqlite.write() as session:
        connection = await session.connection()
        trips.clear()
        await connection.execute(insert(Agency), rows)
        assert trips == ["_run_and_count"]
    async with sqlite.read() as session:
        assert len((await session.exec(select(Agency))).all()) == 3


async def test_rows_come_one_at_a_time_unless_more_are_asked_for(sqlite: Database) -> None:
    async with sqlite.open_connection() as connection:
        found = await connection.execute(text("VALUES (1), (2), (3), (4)"))
        assert [len(found.fetchmany(*size)) for size in ((), (2,), (), ())] == [1, 2, 1, 0]


async def _let_others_run() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def _is_closed(file: sqlite3.Connection | None) -> bool:
    assert file is not None
    try:
        file.cursor()
    except sqlite3.ProgrammingError:
        return True
    return False


async def _get_connection(database: Database) -> driver.TripSavingConnection:
    """Return the only connection of the pool for queries."""
    async with database.open_connection() as connection:
        found = (await connection.get_raw_connection()).driver_connection
    assert isinstance(found, driver.TripSavingConnection)
    return found


async def test_who_is_cancelled_while_the_file_is_opened_leaves_no_thread() -> None:
    """The thread answers when the file is open; by then the event loop must not be closed."""
    may_open = threading.Event()

    def open_slowly() -> sqlite3.Connection:
        may_open.wait()
        return sqlite3.connect(":memory:", check_same_thread=False)

    connection = driver.TripSavingConnection(open_slowly, 1)
    opening = asyncio.ensure_future(connection.__aenter__())
    await _let_others_run()
    for _ in range(2):
        opening.cancel()
        await _let_others_run()
    was_over = opening.done()
    may_open.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not was_over
    assert _is_closed(connection._file)


async def test_who_is_cancelled_twice_leaves_no_connection_behind_the_registry(
    sqlite: Database,
) -> None:
    """At the first time SQLAlchemy closes the connection, at the second it waits no more."""
    connection = await _get_connection(sqlite)
    may_go_on = threading.Event()
    connection._tx.put_nowait((None, may_go_on.wait))
    begun = connection._trips_begun

    async def ask() -> None:
        async with sqlite.read() as session:
            await session.exec(select(Agency))

    asking = asyncio.create_task(ask())
    await _let_others_run()
    assert connection._trips_begun > begun
    for _ in range(2):
        asking.cancel()
        await _let_others_run()
    closing = asyncio.create_task(sqlite.close())
    await _let_others_run()
    was_closed = closing.done()
    may_go_on.set()
    await closing
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not was_closed
    assert _is_closed(connection._file)


async def test_a_registry_that_is_closed_closes_what_is_in_use(sqlite: Database) -> None:
    connection = await _get_connection(sqlite)
    is_using, may_end = asyncio.Event(), asyncio.Event()

    async def use() -> None:
        async with sqlite.read() as session:
            await session.exec(select(Agency))
            is_using.set()
            await may_end.wait()

    using = asyncio.create_task(use())
    await is_using.wait()
    await sqlite.close()
    assert _is_closed(connection._file)
    may_end.set()
    await using
