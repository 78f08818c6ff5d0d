"""What the tests of the program and its commands share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    """Puts the process's logging back as it was: each command sets it up."""
    root = logging.getLogger()
    factory, level, handlers = logging.getLogRecordFactory(), root.level, root.handlers[:]
    yield
    logging.captureWarnings(False)
    logging.setLogRecordFactory(factory)
    root.setLevel(level)
    root.handlers[:] = handlers
