"""What admins set in chat: values for the bot as a whole, and days off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import json_column


class Preference(SQLModel, table=True):
    """A value that an admin set; it wins over the settings of the process."""

    name: str = Field(primary_key=True)
    value: Any = Field(sa_column=json_column())


class DayEntry(SQLModel, table=True):
    """A day that an admin declared off or worked."""

    __tablename__ = "day_entry"

    day: date = Field(primary_key=True)
    working: bool
    name: str


# Made once: they are run for each message that is sent.
_VALUES = select(Preference.name, col(Preference.value)).where(
    col(Preference.name).in_(bindparam("names", expanding=True))
)
_DECLARED_DAYS = select(DayEntry).order_by(col(DayEntry.day))


async def read_preferences(session: AsyncSession, names: Sequence[str]) -> dict[str, Any]:
    """Return the values that an admin set for some of `names`, by name."""
    return dict((await session.exec(_VALUES, params={"names": names})).all())


async def read_preference(session: AsyncSession, name: str) -> Any:
    """Return the value that an admin set for `name`, None if none was set."""
    row = await session.get(Preference, name)
    return row.value if row is not None else None


async def set_preference(session: AsyncSession, name: str, new: Any) -> Any:
    """Set `name` to `new` (a JSON value) and return what it was.

    None gives back to the settings of the process.
    """
    row = await session.get(Preference, name) or Preference(name=name, value=None)
    before, row.value = row.value, new
    session.add(row)
    return before


async def list_declared_days(session: AsyncSession) -> list[DayEntry]:
    """Return the days that admins declared off or worked, ascending."""
    return list((await session.exec(_DECLARED_DAYS)).all())
