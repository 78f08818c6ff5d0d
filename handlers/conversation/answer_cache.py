"""What was looked up lately, good for as long as the audit shows that the registry did not change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.conversation.incoming import Incoming

MOST_ENTRIES = 4096  # things kept
AUDIT_TAIL = 100  # newest rows of the audit that are looked at: one with a lower number may be committed later

Version = tuple[int, int]

_REGISTRY_STATE = text(
    "SELECT coalesce(sum(id), 0), count(*), (SELECT max(id) FROM draft"
    " WHERE channel = :channel AND chat = :chat AND sender = :sender)"
    " FROM (SELECT id FROM audit ORDER BY id DESC LIMIT :tail) AS newest"
).bindparams(bindparam("tail", AUDIT_TAIL))


@dataclass(frozen=True)
class RegistryState:
    """What is looked at for every message: whether the registry changed, whether a dialogue is under way."""

    version: Version
    has_draft: bool


async def read_registry_state(connection: AsyncConnection, incoming: Incoming) -> RegistryState:
    """Looks at the registry for one message, in one statement."""
    values = {"channel": incoming.channel, "chat": incoming.chat, "sender": incoming.sender}
    row = (await connection.execute(_REGISTRY_STATE, values)).one()
    return RegistryState((int(row[0]), int(row[1])), row[2] is not None)


@dataclass
class AnswerCache:
    """Answers to what was asked lately, forgotten as a whole when the registry changes; the oldest go first."""

    version: Version | None = None
    _entries: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    def match_version(self, version: Version) -> None:
        """Forgets everything if the registry is another than before."""
        if version != self.version:
            self._entries.clear()
            self.version = version

    def get(self, key: Hashable) -> Any:
        """What was kept for `key`, None where nothing was."""
        return self._entries.get(key)

    def store(self, key: Hashable, value: Any, version: Version | None) -> None:
        """Keeps `value`, which was looked up when the registry was at `version`."""
        if version is None or version != self.version:
            return
        self._entries[key] = value
        if len(self._entries) > MOST_ENTRIES:
            self._entries.popitem(last=False)
