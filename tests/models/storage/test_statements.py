"""Statements as text: values are stored as usual, and what changes something is told."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import select

from models.preferences import Preference
from models.storage.database import Database
from models.storage.fields import Moment
from models.storage.statements import make_statement, run_statement, watch_changes
from tests.support.world import NOW


async def test_whatever_may_change_something_is_told_by_its_first_word(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add(Preference(name="one", value=1))
        await session.flush()
        changes = await watch_changes(session)
        await session.exec(select(Preference))
        await run_statement(session, text("select 1"))
        assert changes == []
        await run_statement(session, text("\n  update preference\n SET name = 'two'"))
        await run_statement(session, text("DELETE FROM preference"))
        session.add(Preference(name="three", value=1))
        await session.flush()
    assert changes == ["UPDATE", "DELETE", "INSERT"]


async def test_a_statement_runs_after_the_changes_of_its_session(sqlite: Database) -> None:
    insert = make_statement("INSERT INTO heartbeat (name, at) VALUES (:name, :at)", at=Moment())
    async with sqlite.write() as session:
        session.add(Preference(name="one", value=1))
        count = await run_statement(session, text("SELECT count(*) FROM preference"))
        assert count.scalar() == 1
        await run_statement(session, insert, [{"name": name, "at": NOW} for name in "ab"])
        at = await run_statement(session, text("SELECT at FROM heartbeat").columns(at=Moment()))
        assert list(at.scalars()) == [NOW, NOW]
