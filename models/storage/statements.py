"""SQL statements as text, and how one is run in a session. Not for the statements themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Executable, TextClause, bindparam, text
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
