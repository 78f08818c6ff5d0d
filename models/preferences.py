"""What admins set in chat: values of the bot as a whole, and days off."""

from datetime import date
from typing import Any

from sqlmodel import Field, SQLModel

from models.fields import json_column


class Preference(SQLModel, table=True):
    """A value an admin set that wins over the settings of the process."""

    name: str = Field(primary_key=True)
    value: Any = Field(sa_column=json_column())


class DayEntry(SQLModel, table=True):
    """A day that an admin declared off or worked."""

    __tablename__ = "day_entry"

    day: date = Field(primary_key=True)
    working: bool
    name: str
