"""What a registry that cannot be used raises, and which of the drivers' errors that is.

Not for faults in the program's own statements: those stay what SQLAlchemy makes of them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class RegistryError(Exception):
    """A registry that cannot be used; `message_id` names the sentence that says why."""

    message_id = "registry-broken"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class RegistryUnreachable(RegistryError):
    """A database that does not answer or refuses the login."""

    message_id = "registry-unreachable"


class RegistryUrlWrong(RegistryError):
    """An address that is none of a SQLite or PostgreSQL database."""

    message_id = "registry-url-wrong"


class RegistryTooNew(RegistryError):
    """A registry that a newer program has upgraded."""

    message_id = "registry-too-new"


class RegistryDamaged(RegistryError):
    """A SQLite file whose content is not that of a sound database."""

    message_id = "registry-damaged"


class RegistryForeign(RegistryError):
    """A database that another program made."""

    message_id = "registry-foreign"


class RegistryHalfMade(RegistryError):
    """A registry whose making or upgrade an earlier program did not finish."""

    message_id = "registry-half-made"


class RegistryLost(RegistryError):
    """A registry whose file vanished, or was replaced by one that cannot be the same registry."""

    message_id = "registry-lost"


class RegistryInUse(RegistryError):
    """A SQLite registry that another process runs."""

    message_id = "registry-in-use"


class RegistryNotWritable(RegistryError):
    """A registry that is locked or full, and is not asked to keep anything meanwhile."""

    message_id = "registry-busy-now"


REGISTRY_FAULTS = (
    *(OperationalError, InterfaceError, PoolTimeout, ConnectionError),
    *(RegistryDamaged, RegistryLost, RegistryNotWritable),
)
"""What a registry that is locked or out of reach raises: the same may work a moment later."""

_PASSING_STATES = ("08", "25006", "40", "53", "55P03", "57P", "58")
"""Beginnings of PostgreSQL's codes that blame the server or the moment, not the statement."""

_DAMAGE_CODES = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB


def translate_error(context: ExceptionContext) -> Exception | None:
    """Return the error that stands for a driver's one, None to leave it as it is.

    For SQLAlchemy's event "handle_error". A damaged file becomes RegistryDamaged; what passes by
    itself becomes an OperationalError, which the asyncpg driver does not do for all of it.
    """
    error, original = context.sqlalchemy_exception, context.original_exception
    cause = getattr(original, "__cause__", None)
    if getattr(original, "sqlite_errorcode", 0) & 0xFF in _DAMAGE_CODES:
        return RegistryDamaged(_find_place(context))
    if type(original).__name__ == "InternalClientError":  # asyncpg's, of a connection that broke
        return OperationalError(context.statement, None, original, hide_parameters=True)
    state = getattr(original, "sqlstate", None) or getattr(cause, "sqlstate", None)
    is_told_apart = not isinstance(error, DBAPIError) or isinstance(error, REGISTRY_FAULTS)
    if is_told_apart or not str(state or "").startswith(_PASSING_STATES):
        return None
    return OperationalError(context.statement, None, original, hide_parameters=True)


def _find_place(context: ExceptionContext) -> str:
    engine: Any = context.engine
    return str(engine.url.database) if engine is not None else ""


async def connect_to_postgresql(*arguments: Any, **options: Any) -> Any:
    """Return a connection of asyncpg. Raises ConnectionError, whatever keeps the server away."""
    import asyncpg  # not needed for a registry on SQLite

    try:
        return await asyncpg.connect(*arguments, **options)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise ConnectionError(f"{type(fault).__name__}: {fault}") from fault
