"""`/health` and `/metrics`: whether the clock beats, and figures without a name in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.notices import Heartbeat, Notice
from models.people import PostRole
from models.storage.database import Database
from tests.handlers.conftest import template, world
from tests.support.world import NOW, TODAY, World
from web.monitor import make_monitor

__all__ = ["template", "world"]


@pytest.fixture
async def monitor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=make_monitor(world.database, lambda: NOW))
    async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
        yield client


async def beat(database: Database, age: timedelta) -> None:
    async with database.write() as session:
        await session.merge(Heartbeat(name="sender", at=NOW - age))


async def metrics(monitor: httpx.AsyncClient) -> dict[str, float]:
    """The figures by name, with a label's value behind a blank."""
    text = (await monitor.get("/metrics")).text
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_without_a_beat_the_bot_is_not_healthy(monitor: httpx.AsyncClient) -> None:
    answer = await monitor.get("/health")
    assert (answer.status_code, answer.json()["healthy"]) == (503, False)
    assert "\n" not in answer.text


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (70, 200), (80, 503)])
async def test_a_beat_is_good_for_75_seconds(
    monitor: httpx.AsyncClient, world: World, seconds: int, status: int
) -> None:
    await beat(world.database, timedelta(seconds=seconds))
    assert (await monitor.get("/health")).status_code == status


async def test_metrics_count_notices_and_say_how_late_the_oldest_is(
    monitor: httpx.AsyncClient, world: World
) -> None:
    await world.joins("21", PostRole.VIEWER, name="Đỗ Thị Hiếm Gặp")
    await beat(world.database, timedelta(seconds=5))
    async with world.database.write() as session:
        session.add(
            Notice(
                chat_id=1,
                day=TODAY,
                kind="morning",
                not_before=NOW - timedelta(minutes=10),
                planned_at=NOW,
            )
        )
    figures = await metrics(monitor)
    assert figures["nhacviec_notices pending"] >= 1
    assert figures["nhacviec_oldest_due_seconds"] == 600
    assert figures["nhacviec_last_beat_timestamp_seconds sender"] == NOW.timestamp() - 5
    assert "Hiếm Gặp" not in (await monitor.get("/metrics")).text


async def test_there_is_nothing_else_at_the_monitors_address(monitor: httpx.AsyncClient) -> None:
    for path in ("/", "/lich", "/metrics/", "/health/x"):
        assert (await monitor.get(path)).status_code in (307, 404)
