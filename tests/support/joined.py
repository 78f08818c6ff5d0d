"""Registries in which people have come: played once in a process, then copied.

Many tests begin with the same people in the same registry, and to let them come takes far longer
than a copy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONG_AGO = 0  # when a copy was last changed, by its file: any writing shows


@dataclass(frozen=True, slots=True)
class _Played:
    """A registry in which something has happened, and what came of it."""

    registry: Path
    outcome: Any


_PLAYED: dict[tuple[Hashable, ...], _Played] = {}


class Beginning:
    """A registry of SQLite that is a copy of `template`; as long as nobody but us writes to it."""

    def __init__(self, template: Path, registry: Path) -> None:
        self._registry = registry
        self._log = registry.with_name(f"{registry.name}-wal")
        self._happened: tuple[Hashable, ...] = (template,)
        self._mark()

    def is_open(self) -> bool:
        """Whether there are connections to it; the last one removes the log when it is closed."""
        return self._log.exists()

    def is_kept(self) -> bool:
        """Whether nothing was written but what was copied."""
        is_logged = self.is_open() and self._log.stat().st_size > 0
        return not is_logged and self._registry.stat().st_mtime_ns == _LONG_AGO

    async def let_happen(self, what: Hashable, play: Callable[[Path], Awaitable[Any]]) -> Any:
        """Let `what` happen: `play` does it in a registry, which is closed then.

        Returns what `play` returned, now or when it was played. No connection may be open.
        """
        happened = (*self._happened, what)
        played = _PLAYED.get(happened)
        if played is None:
            folder = Path(str(self._happened[0])).parent
            copy = Path(shutil.copy(self._registry, folder / f"played-{len(_PLAYED)}.db"))
            played = _PLAYED[happened] = _Played(copy, await play(copy))
        shutil.copy(played.registry, self._registry)
        self._happened = happened
        self._mark()
        return played.outcome

    def _mark(self) -> None:
        os.utime(self._registry, ns=(_LONG_AGO, _LONG_AGO))
