"""Whether the registry works at the moment: told in one line of the log when that changes.

Not for what to do about it: the inbox, the sender and the clock try again by themselves.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Outage:
    """What is wrong with one registry, as its transactions found it; `fault` is None if nothing."""

    def __init__(self, place: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.fault: Exception | None = None
        self._place, self._clock = place, clock
        self._since = clock()

    def note_fault(self, fault: Exception) -> None:
        """Note that a transaction failed; the first of a row is logged."""
        if self.fault is None:
            self._since = self._clock()
            _log.warning("the registry %s does not work: %s", self._place, describe_fault(fault))
        self.fault = fault

    def note_success(self) -> None:
        """Note that something was written, which needs the registry whole."""
        if self.fault is not None:
            seconds = self._clock() - self._since
            _log.warning("the registry %s works again after %.0f s", self._place, seconds)
        self.fault = None


def describe_fault(fault: Exception) -> str:
    """Return what a fault says in one line, without the statement that met it."""
    original = getattr(fault, "orig", None) or fault
    lines = str(original).splitlines()
    return f"{type(fault).__name__}: {lines[0] if lines else ''}"
