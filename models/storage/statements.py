"""SQL statements as text, and how one is run in a session. Not for the statements themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Executable, TextClause, bindparam, event, text
from sqlmodel.ext.asyncio.session import AsyncSession


def make_statement(statement: str, **types: Any) -> TextClause:
    """Return a statement whose parameters have these types, so that values are stored as usual."""
    return text(statement).bindparams(
        *(bindparam(name, type_=type_) for name, type_ in types.items())
    )


async def run_statement(
    session: AsyncSession, statement: Executable, values: Any = None
) -> CursorResult[Any]:
    """Run one statement within the session's transaction, after the session's own changes.

    `values` are those of one run, or a list for several. Objects that the session has read stay as
    they were read.
    """
    await session.flush()
    return await (await session.connection()).execute(statement, values)


async def watch_changes(session: AsyncSession) -> list[str]:
    """Return a list that gets the first word of each later statement that may change something.

    That is any statement of the session's transaction but a SELECT.
    """
    changes: list[str] = []
    connection = (await session.connection()).sync_connection

    def note_statement(_: Any, __: Any, statement: str, *___: Any) -> None:
        verb = statement.split()[0].upper()
        if verb != "SELECT":
            changes.append(verb)

    event.listen(connection, "before_cursor_execute", note_statement)
    return changes
