"""What a handler works with: the context of the program, and the request (one message)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import answer_cache, registry_names
from handlers.conversation.answer_cache import AnswerCache, RegistryState
from handlers.conversation.incoming import Incoming, Progress
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.rights import Action, Sender, may_do
from locales.answer import Answer
from models.audit import Audit, record_change
from models.channels.usage import ChannelQuota
from models.dialogues import Draft, QuestionWriter, record_update
from models.storage.database import Database
from models.storage.statements import watch_changes
from reports.child import FileMaker
from scheduler.defaults import DEFAULT_REMIND_AT, DEFAULT_STEPS

DIALOGUE_BEGUN = "begun"  # key of a draft's data: when the dialogue's first message was sent


@dataclass(frozen=True)
class HandlerOptions:
    """The settings that handlers need."""

    admins: tuple[str, ...] = ()
    questions_open: bool = False
    own_agency_only: bool = False
    remind_at: time = DEFAULT_REMIND_AT
    remind_steps: tuple[int, ...] = DEFAULT_STEPS
    files: Path = Path("data/plans")
    bot_name: str | None = None
    channel_quotas: tuple[ChannelQuota, ...] = ()
    board_url: str | None = None  # where the board is reached, without a slash at its end
    report_template: str | None = None


@dataclass
class AppContext:
    """What all requests share: the database, the options, caches."""

    database: Database
    options: HandlerOptions
    cache: AnswerCache = field(default_factory=AnswerCache, repr=False)
    questions: QuestionWriter = field(init=False, repr=False)
    files: FileMaker = field(default_factory=FileMaker, repr=False)
    _names: RegistryNames | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.questions = QuestionWriter(self.database)

    async def read_registry_state(
        self, incoming: Incoming, connection: AsyncConnection
    ) -> RegistryState:
        """Read the registry's state for a message; empty the cache if the registry has changed."""
        state = await answer_cache.read_registry_state(connection, incoming)
        self.cache.match_version(state.version)
        return state

    async def load_registry_names(self, session: AsyncSession) -> RegistryNames:
        """Return the names of the registry; read them anew if any process has changed them."""
        names: RegistryNames | None = self.cache.get("names")
        if names is not None:
            return names
        registry_version = self.cache.version
        version = await registry_names.read_version(session)
        if self._names is None or self._names.version != version:
            vocabulary = self._names.vocabulary if self._names is not None else None
            self._names = await registry_names.load_registry_names(session, version, vocabulary)
        self.cache.store("names", self._names, registry_version)
        return self._names

    def forget_names(self) -> None:
        """Forget the names after a change that their version does not show.

        Such as a plan's heading, or a member that enrolled.
        """
        self._names = None


@dataclass
class Request:
    """One message on its way through the handlers.

    `args` is the text behind a command or an action's name; `draft` the dialogue that the message
    continues.
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
        """Return the moment of the message, zoned."""
        return self.incoming.now

    @property
    def today(self) -> date:
        """Return the day of the message."""
        return self.incoming.now.date()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a session for queries."""
        return self.app.database.read()

    @property
    def said_at(self) -> datetime:
        """Return the moment that counts for what was said, zoned.

        It is that of the message, or of the first message of the dialogue that it continues.
        """
        begun = self.draft.data.get(DIALOGUE_BEGUN) if self.draft is not None else None
        said = self.incoming.said_at
        return min(said, datetime.fromisoformat(begun)) if begun else said

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a session that is one transaction; the first one also marks the update as handled.

        If nothing is written in it, nothing is marked. Raises Replayed if the same update changed
        the registry before.
        """
        async with self.app.database.write() as session:
            if self.incoming.update is not None and not self.has_marked_update:
                await record_update(session, self.incoming.channel, self.incoming.update, self.now)
            changes = await watch_changes(session)
            yield session
            await session.flush()
            if not changes:
                session.expunge_all()  # what was read stays as it was
                await session.rollback()
                return
        self.has_marked_update = True
        if self.incoming.receipt is not None:
            self.incoming.receipt.changed = True

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
        return record_change(
            session,
            self.now,
            action,
            subject,
            subject_id,
            person_id=self.sender.person_id,
            before=before,
            after=after,
        )

    def may_do(self, action: Action, *agency_ids: int | None) -> bool:
        """Return whether the sender may do `action`, for one of `agency_ids` if any are given."""
        return may_do(self.sender, action, agency_ids or None)


Handler = Callable[[Request], Awaitable[Answer | None]]
"""Answers a request; None if the bot stays silent."""
