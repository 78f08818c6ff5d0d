"""Column types that hold on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time: with a zone in Python, stored as UTC without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert for the database. Raises ValueError if `value` has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert from the database."""
        return value.replace(tzinfo=UTC) if value is not None else None


def json_column(*, nullable: bool = True) -> Column[Any]:
    """Return a column of plain JSON values; None is stored as NULL.

    A change inside a stored value is not noticed: assign a new value.
    """
    return Column(JSON(none_as_null=True), nullable=nullable)


def enum_column(kind: type[StrEnum]) -> Column[Any]:
    """Return a column that holds a member of `kind`, stored as its text, or nothing."""
    return Column(Enum(kind, native_enum=False, values_callable=list), nullable=True)
