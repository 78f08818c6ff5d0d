"""Registries in which people have joined: played once in a process, then copied.

Many tests begin with the same people in the same registry, and joining takes far longer than a
copy.
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
    """A registry in which people have joined, and what came of the last one."""

    registry: Path
    outcome: Any


_PLAYED: dict[tuple[Hashable, ...], _Played] = {}


class Beginning:
    """A registry of SQLite that is a copy of `template`; as long as nobody but us writes to it."""

    def __init__(self, template: Path, registry: Path) -> None:
        self._registry = registry
        self._log = registry.with_name(f"{registry.name}-wal")
        self._joined: tuple[Hashable, ...] = (template,)
        self._mark()

    def is_open(self) -> bool:
        """Whether there are connections to it; the last one removes the log when it is closed."""
        return self._log.exists()

    def is_kept(self) -> bool:
        """Whether nothing was written but what was copied."""
        is_logged = self.is_open() and self._log.stat().st_size > 0
        return not is_logged and self._registry.stat().st_mtime_ns == _LONG_AGO

    async def let_join(self, who: Hashable, play: Callable[[Path], Awaitable[Any]]) -> Any:
        """Let somebody join: `play` does it in a registry, which is closed then.

        Returns what `play` returned, now or when it was played. No connection may be open.
        """
        joined = (*self._joined, who)
        played = _PLAYED.get(joined)
        if played is None:
            folder = Path(str(self._joined[0])).parent
            copy = Path(shutil.copy(self._registry, folder / f"joined-{len(_PLAYED)}.db"))
            played = _PLAYED[joined] = _Played(copy, await play(copy))
        shutil.copy(played.registry, self._registry)
        self._joined = joined
        self._mark()
        return played.outcome

    def _mark(self) -> None:
        os.utime(self._registry, ns=(_LONG_AGO, _LONG_AGO))
