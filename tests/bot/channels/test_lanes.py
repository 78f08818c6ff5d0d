"""Work of one chat in order, of different chats side by side, bounded."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.lanes import Job, Lanes


def writes(what: str, where: list[str], gate: asyncio.Event | None = None) -> Job:
    async def job() -> None:
        if gate is not None:
            await gate.wait()
        where.append(what)

    return job


async def test_one_key_in_order_others_beside_it() -> None:
    lanes, done, gate = Lanes(most=10, limit=20), list[str](), asyncio.Event()
    lanes.put("a", writes("a1", done, gate))
    lanes.put("a", writes("a2", done))
    lanes.put("b", writes("b1", done))
    await asyncio.sleep(0)
    assert done == ["b1"]
    gate.set()
    await lanes.drain(1)
    assert done == ["b1", "a1", "a2"]
    assert lanes.job_count == 0


async def test_full_lanes_take_no_more() -> None:
    lanes, done, gate = Lanes(most=1, limit=3), list[str](), asyncio.Event()
    assert lanes.put("a", writes("1", done, gate))
    await asyncio.sleep(0)
    taken = [lanes.put(key, writes(n, done, gate)) for key, n in (("a", "2"), ("b", "3"))]
    assert taken == [True, True]
    assert not lanes.put("a", writes("4", done))
    assert not lanes.put("c", writes("5", done))
    gate.set()
    await lanes.drain(1)
    assert sorted(done) == ["1", "2", "3"]


async def test_room_is_waited_for() -> None:
    lanes, done, gate = Lanes(most=1, limit=2), list[str](), asyncio.Event()
    await lanes.wait_for_room()
    lanes.put("a", writes("1", done, gate))
    waiting = asyncio.create_task(lanes.wait_for_room())
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.set()
    await waiting
    assert done == ["1"]


async def test_room_is_waited_for_where_more_was_taken_than_there_is_room_for() -> None:
    lanes, done, gate = Lanes(most=1, limit=3), list[str](), asyncio.Event()
    for key in ("a", "b", "b"):
        lanes.put(key, writes(key, done, gate))
    waiting = asyncio.create_task(lanes.wait_for_room())
    await asyncio.sleep(0)
    assert (lanes.job_count, waiting.done()) == (3, False)
    gate.set()
    await waiting
    await lanes.drain(1)
    assert (sorted(done), lanes.job_count) == (["a", "b", "b"], 0)


async def test_what_has_not_begun_can_be_dropped() -> None:
    lanes, done, gate = Lanes(most=2, limit=9), list[str](), asyncio.Event()
    for key, what in (("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("b", "b2")):
        lanes.put(key, writes(what, done, gate))
    waiting = asyncio.create_task(lanes.wait_for_room())
    await asyncio.sleep(0)
    lanes.discard_waiting()
    assert lanes.job_count == 2
    gate.set()
    await lanes.drain(1)
    await waiting
    assert (sorted(done), lanes.job_count) == (["a1", "b1"], 0)


async def test_a_lane_that_ended_is_begun_anew() -> None:
    lanes, done = Lanes(most=9, limit=9), list[str]()
    for what in ("1", "2"):
        lanes.put("a", writes(what, done))
        await lanes.drain(1)
    assert done == ["1", "2"]


async def test_what_is_not_done_in_time_is_cancelled() -> None:
    lanes, done, gate = Lanes(most=10, limit=20), list[str](), asyncio.Event()
    lanes.put("a", writes("1", done, gate))
    lanes.put("a", writes("2", done))
    await lanes.drain(0.01)
    assert done == []
    assert lanes.job_count == 0


@pytest.mark.parametrize("seconds", [0.0, 1.0])
async def test_draining_nothing_takes_no_time(seconds: float) -> None:
    await Lanes(most=1, limit=1).drain(seconds)
