"""What a handler works with: the house (registry, options, names) and the turn (one message and who sent it)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.incoming import Incoming, Progress
from handlers.rights import Action, Who, may
from language import agencies
from locales.answer import Answer
from models.agencies import Agency, AgencyName
from models.database import Database
from models.dialogues import Draft


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
    """What all turns share. `directory` knows every name of the registry; `names_changed` makes it read them anew."""

    database: Database
    options: Options
    _directory: agencies.Directory | None = field(default=None, repr=False)

    async def directory(self, session: AsyncSession) -> agencies.Directory:
        """The standard names with those of the registry, kept until `names_changed`."""
        if self._directory is None:
            entries = [agencies.Entry(name) for name in await session.exec(select(Agency.name))]
            other = select(AgencyName.name, Agency.name).join(Agency).where(col(AgencyName.by_admin).is_(True))
            entries += [agencies.Entry(agency, (name,)) for name, agency in await session.exec(other)]
            self._directory = agencies.standard().with_names(entries)
        return self._directory

    def names_changed(self) -> None:
        """Called after agencies or their names were added."""
        self._directory = None


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

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session that is one transaction."""
        return self.house.database.write()

    def may(self, action: Action, *agency_ids: int | None) -> bool:
        """Whether the sender may do `action`, for one of `agency_ids` where any are given."""
        return may(self.who, action, agency_ids or None)


Handler = Callable[[Turn], Awaitable[Answer | None]]
"""What answers a turn; None where nothing is to be said."""
