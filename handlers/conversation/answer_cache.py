"""A cache of what was looked up lately; it is good as long as the audit shows no change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.conversation.incoming import Incoming

MOST_ENTRIES = 4096
AUDIT_TAIL = 100  # newest rows of the audit: one with a lower number may be committed later

Version = tuple[int, int]

_REGISTRY_STATE = text(
    "SELECT coalesce(sum(id), 0), count(*), (SELECT max(id) FROM draft"
    " WHERE channel = :channel AND chat = :chat AND sender = :sender)"
    " FROM (SELECT id FROM audit ORDER BY id DESC LIMIT :tail) AS newest"
).bindparams(bindparam("tail", AUDIT_TAIL))


_REGISTRY_VERSION = text(
    "SELECT coalesce(sum(id), 0), count(*)"
    " FROM (SELECT id FROM audit ORDER BY id DESC LIMIT :tail) AS newest"
).bindparams(bindparam("tail", AUDIT_TAIL))


@dataclass(frozen=True)
class RegistryState:
    """What is read for every message: the registry's version, and whether a dialogue is open."""

    version: Version
    has_draft: bool


async def read_registry_state(connection: AsyncConnection, incoming: Incoming) -> RegistryState:
    """Read the state of the registry for one message, in one statement."""
    values = {"channel": incoming.channel, "chat": incoming.chat, "sender": incoming.sender}
    row = (await connection.execute(_REGISTRY_STATE, values)).one()
    return RegistryState((int(row[0]), int(row[1])), row[2] is not None)


async def read_registry_version(connection: AsyncConnection) -> Version:
    """Read the registry's version alone, for somebody who looks and does not write."""
    row = (await connection.execute(_REGISTRY_VERSION)).one()
    return int(row[0]), int(row[1])


@dataclass
class AnswerCache:
    """Values looked up at one version of the registry; the oldest go first."""

    version: Version | None = None
    _entries: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    def match_version(self, version: Version) -> None:
        """Forget everything if `version` is another one than before."""
        if version != self.version:
            self._entries.clear()
            self.version = version

    def get(self, key: Hashable) -> Any:
        """Return the value of `key`, None if there is none."""
        return self._entries.get(key)

    def store(self, key: Hashable, value: Any, version: Version | None) -> None:
        """Store `value`, which was looked up when the registry was at `version`.

        Nothing is stored if the registry has changed since.
        """
        if version is None or version != self.version:
            return
        self._entries[key] = value
        if len(self._entries) > MOST_ENTRIES:
            self._entries.popitem(last=False)
