"""A report counts from the channel's time of its message, however late it is handled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.people import PostRole
from tests.support.world import World

AN = "5"


@pytest.mark.parametrize("delay", [timedelta(hours=3), timedelta(days=1), timedelta(days=4)])
async def test_the_day_of_a_report_is_that_of_its_message(world: World, delay: timedelta) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = world.now
    world.now += delay
    message = world.incoming(AN, text="báo cáo xong I.1, công văn số 45/CV-STP", sent_at=said)
    await world.give(message)
    (one,) = await world.assignments("I.1")
    assert one.done_on == said.date()


async def test_a_message_from_the_future_counts_now(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    message = world.incoming(AN, text="báo cáo xong I.1, công văn số 45/CV-STP")
    await world.give(replace(message, sent_at=message.now + timedelta(days=2)))
    (one,) = await world.assignments("I.1")
    assert one.done_on == world.now.date()
