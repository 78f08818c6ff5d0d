"""Writers of one process take turns: in their order, small writes before all others."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from models.preferences import Preference
from models.storage.database import Database
from models.storage.turns import WriteTurns


async def _write(
    turns: WriteTurns, order: list[str], name: str, *, goes_first: bool = False
) -> None:
    async with turns.take_turn(goes_first=goes_first):
        order.append(name)
        await asyncio.sleep(0)


async def test_small_writes_go_before_those_that_wait() -> None:
    turns = WriteTurns()
    order: list[str] = []
    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third"):
            group.create_task(_write(turns, order, name))
        group.create_task(_write(turns, order, "note", goes_first=True))
    assert order == ["first", "note", "second", "third"]


async def test_a_turn_that_nobody_waits_for_any_more_goes_to_the_next() -> None:
    turns = WriteTurns()
    order: list[str] = []
    async with turns.take_turn(goes_first=False):
        given_up = asyncio.create_task(_write(turns, order, "given up"))
        waiting = asyncio.create_task(_write(turns, order, "waiting"))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
    await waiting
    assert order == ["waiting"]


async def test_a_turn_given_to_a_task_that_is_cancelled_goes_on() -> None:
    turns = WriteTurns()
    order: list[str] = []
    async with turns.take_turn(goes_first=False):
        chosen = asyncio.create_task(_write(turns, order, "chosen"))
        waiting = asyncio.create_task(_write(turns, order, "waiting"))
        await asyncio.sleep(0)
    chosen.cancel()  # its turn has come, but it has not run yet
    await asyncio.gather(chosen, return_exceptions=True)
    await asyncio.wait_for(waiting, 1)
    assert order == ["waiting"]


async def test_a_writer_that_fails_lets_the_next_one_in() -> None:
    turns = WriteTurns()
    order: list[str] = []
    with pytest.raises(ValueError, match="fault"):
        async with turns.take_turn(goes_first=False):
            raise ValueError("fault")
    await asyncio.wait_for(_write(turns, order, "next"), 1)
    assert order == ["next"]


async def test_a_note_waits_for_one_writer_and_not_for_all_of_them(sqlite: Database) -> None:
    order: list[int | None] = []

    async def change(number: int) -> None:
        async with sqlite.write() as session:
            session.add(Preference(name=f"p{number}", value="1"))
            await session.flush()
        order.append(number)

    async def note() -> None:
        async with sqlite.open_lossy_connection() as connection:
            await connection.execute(text("UPDATE inbox SET note = 'x' WHERE id = 0"))
        order.append(None)

    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(change(number))
        await asyncio.sleep(0)
        group.create_task(note())
    assert order.index(None) <= 2
    assert [number for number in order if number is not None] == list(range(30))
