"""What a handler works with: the house (registry, options, names) and the turn (one message and who sent it)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import answer_cache
from handlers.conversation import registry_names as scenes
from handlers.conversation.answer_cache import AnswerCache, RegistryState
from handlers.conversation.incoming import Incoming, Progress
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.rights import Action, Sender, may_do
from locales.answer import Answer
from models.audit import Audit, record_change
from models.dialogues import Draft, QuestionWriter, record_update
from models.storage.database import Database
from scheduler.defaults import DEFAULT_REMIND_AT, DEFAULT_STEPS


@dataclass(frozen=True)
class HandlerOptions:
    """What the settings say that handlers must know."""

    admins: tuple[str, ...] = ()
    questions_open: bool = False
    own_agency_only: bool = False
    remind_at: time = DEFAULT_REMIND_AT
    remind_steps: tuple[int, ...] = DEFAULT_STEPS
    files: Path = Path("data/plans")
    bot_name: str | None = None


@dataclass
class AppContext:
    """What all turns share."""

    database: Database
    options: HandlerOptions
    cache: AnswerCache = field(default_factory=AnswerCache, repr=False)
    questions: QuestionWriter = field(init=False, repr=False)
    _names: RegistryNames | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.questions = QuestionWriter(self.database)

    async def read_registry_state(
        self, incoming: Incoming, connection: AsyncConnection
    ) -> RegistryState:
        """The first look at the registry for a message; what was kept of it is forgotten if it changed."""
        opening = await answer_cache.read_registry_state(connection, incoming)
        self.cache.match_version(opening.version)
        return opening

    async def load_registry_names(self, session: AsyncSession) -> RegistryNames:
        """The names of the registry, read anew when they changed, by whatever process."""
        kept: RegistryNames | None = self.cache.get("scene")
        if kept is not None:
            return kept
        seen = self.cache.version
        now = await scenes.read_version(session)
        if self._names is None or self._names.version != now:
            known = self._names.vocabulary if self._names is not None else None
            self._names = await scenes.load_registry_names(session, now, known)
        self.cache.store("scene", self._names, seen)
        return self._names

    def forget_names(self) -> None:
        """Called after a change that `scenes.version` does not see (a plan's heading, a member that enrolled)."""
        self._names = None


@dataclass
class Request:
    """One message on its way through the handlers.

    `args` is what follows a command or an action's name; `draft` the dialogue that the message goes on with.
    """

    incoming: Incoming
    app: AppContext
    sender: Sender
    progress: Progress
    args: str = ""
    draft: Draft | None = None
    has_marked_update: bool = False

    @property
    def now(self) -> datetime:
        """The moment of the message, zoned."""
        return self.incoming.now

    @property
    def today(self) -> date:
        """The day of the message."""
        return self.incoming.now.date()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session for queries."""
        return self.app.database.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that is one transaction. The first one of a turn also notes that the update was handled.

        Raises Replayed where the same update changed the registry before.
        """
        async with self.app.database.write() as session:
            if self.incoming.update is not None and not self.has_marked_update:
                await record_update(session, self.incoming.channel, self.incoming.update, self.now)
            yield session
        self.has_marked_update = True

    def record_change(
        self,
        session: AsyncSession,
        action: str,
        subject: str,
        subject_id: int | None = None,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> Audit:
        """Add a change by the sender to the audit; return its row, whose id a flush gives."""
        person_id = self.sender.person_id
        return record_change(
            *(session, self.now, action, subject, subject_id),
            person_id=person_id,
            before=before,
            after=after,
        )

    def may_do(self, action: Action, *agency_ids: int | None) -> bool:
        """Whether the sender may do `action`, for one of `agency_ids` where any are given."""
        return may_do(self.sender, action, agency_ids or None)


Handler = Callable[[Request], Awaitable[Answer | None]]
"""What answers a turn; None where nothing is to be said."""
