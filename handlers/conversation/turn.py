"""What a handler works with: the house (registry, options, names) and the turn (one message and who sent it)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import answer_cache
from handlers.conversation import registry_names as scenes
from handlers.conversation.answer_cache import Memo, Opening
from handlers.conversation.incoming import Incoming, Progress
from handlers.conversation.registry_names import Scene
from handlers.conversation.rights import Action, Who, may
from locales.answer import Answer
from models.database import Database
from models.dialogues import Draft, Questions, mark_handled


@dataclass(frozen=True)
class Options:
    """What the settings say that handlers must know."""

    admins: tuple[str, ...] = ()
    questions_open: bool = False
    own_agency_only: bool = False
    remind_at: time = time(7, 30)
    remind_steps: tuple[int, ...] = (30, 14, 7, 3, 1, 0)
    files: Path = Path("data/plans")
    bot_name: str | None = None


@dataclass
class House:
    """What all turns share."""

    database: Database
    options: Options
    memo: Memo = field(default_factory=Memo, repr=False)
    questions: Questions = field(init=False, repr=False)
    _scene: Scene | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.questions = Questions(self.database)

    async def open(self, incoming: Incoming, connection: AsyncConnection) -> Opening:
        """The first look at the registry for a message; what was kept of it is forgotten if it changed."""
        opening = await answer_cache.opening(connection, incoming)
        self.memo.at(opening.version)
        return opening

    async def scene(self, session: AsyncSession) -> Scene:
        """The names of the registry, read anew when they changed, by whatever process."""
        kept: Scene | None = self.memo.get("scene")
        if kept is not None:
            return kept
        seen = self.memo.version
        now = await scenes.version(session)
        if self._scene is None or self._scene.version != now:
            known = self._scene.vocabulary if self._scene is not None else None
            self._scene = await scenes.load(session, now, known)
        self.memo.keep("scene", self._scene, seen)
        return self._scene

    def names_changed(self) -> None:
        """Called after a change that `scenes.version` does not see (a plan's heading, a member that enrolled)."""
        self._scene = None


@dataclass
class Turn:
    """One message on its way through the handlers.

    `args` is what follows a command or an action's name; `draft` the dialogue that the message goes on with.
    """

    incoming: Incoming
    house: House
    who: Who
    progress: Progress
    args: str = ""
    draft: Draft | None = None
    marked: bool = False

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
        return self.house.database.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that is one transaction. The first one of a turn also notes that the update was handled.

        Raises Replayed where the same update changed the registry before.
        """
        async with self.house.database.write() as session:
            if self.incoming.update is not None and not self.marked:
                await mark_handled(session, self.incoming.channel, self.incoming.update, self.now)
            yield session
        self.marked = True

    def may(self, action: Action, *agency_ids: int | None) -> bool:
        """Whether the sender may do `action`, for one of `agency_ids` where any are given."""
        return may(self.who, action, agency_ids or None)


Handler = Callable[[Turn], Awaitable[Answer | None]]
"""What answers a turn; None where nothing is to be said."""
