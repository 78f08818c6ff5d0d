"""The long proofs run only when asked for (`make prove`); their short forms are among the other
tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "prove" in (config.option.markexpr or ""):
        return
    proofs = [item for item in items if item.get_closest_marker("prove") is not None]
    items[:] = [item for item in items if item.get_closest_marker("prove") is None]
    config.hook.pytest_deselected(items=proofs)
