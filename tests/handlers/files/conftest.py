from __future__ import annotations

import pytest

from tests.support.makers import NearMaker
from tests.support.world import World


@pytest.fixture
def office(world: World) -> World:
    """A world whose files are made without a child process."""
    world.app.files = NearMaker()
    return world
