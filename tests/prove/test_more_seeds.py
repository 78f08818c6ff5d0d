"""What the tests of the same names show for a few seeds, for hundreds of them: registries whose
outputs count the same work, past days as they were said, cells that mean what they were built of.
"""

from __future__ import annotations

import pytest

from models.storage.database import Database
from tests.language.deadlines import test_variants
from tests.models.queries import test_history, test_work_scope
from tests.prove.processes import take_share

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("seed", range(take_share(200)))
async def test_all_outputs_count_the_same_assignments(sqlite: Database, seed: int) -> None:
    await test_work_scope.test_all_outputs_count_the_same_assignments(sqlite, seed)


@pytest.mark.parametrize("seed", range(take_share(100)))
async def test_a_past_day_is_what_was_said_on_it(sqlite: Database, seed: int) -> None:
    await test_history.test_a_past_day_is_what_was_said_on_it(sqlite, seed)


@pytest.mark.parametrize("seed", range(take_share(100)))
def test_cells_mean_what_they_were_built_from(seed: int) -> None:
    test_variants.test_cells_mean_what_they_were_built_from(seed)
