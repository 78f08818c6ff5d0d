"""Registries at random by the hundred: every output counts the same work, and past days are what
was said on them. The tests of the same names take a few of these seeds."""

from __future__ import annotations

import pytest

from models.storage.database import Database
from tests.models.queries import test_history, test_work_scope
from tests.prove.processes import take_share

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("seed", range(take_share(200)))
async def test_all_outputs_count_the_same_assignments(sqlite: Database, seed: int) -> None:
    await test_work_scope.test_all_outputs_count_the_same_assignments(sqlite, seed)


@pytest.mark.parametrize("seed", range(take_share(100)))
async def test_a_past_day_is_what_was_said_on_it(sqlite: Database, seed: int) -> None:
    await test_history.test_a_past_day_is_what_was_said_on_it(sqlite, seed)
