"""The same plan, imported a second time, changes nothing."""

from __future__ import annotations

import json

from sqlmodel import select

from models.audit import Audit
from models.storage.database import Database
from plans import plan_json
from tests.support.plan_files import (
    PLAN,
    export_only_plan,
    import_plan,
)


async def test_the_same_plan_again_changes_nothing(database: Database) -> None:
    plan = plan_json.parse_plan(json.dumps(PLAN))
    await import_plan(database, plan)
    again = await import_plan(database, plan)
    assert again.is_up_to_date
    assert again.unchanged == 3
    async with database.read() as session:
        assert len((await session.exec(select(Audit).where(Audit.action == "import"))).all()) == 1


async def test_its_own_export_changes_nothing(database: Database) -> None:
    await import_plan(database, plan_json.parse_plan(json.dumps(PLAN)))
    again = await import_plan(
        database, plan_json.parse_plan(json.dumps(await export_only_plan(database)))
    )
    assert again.is_up_to_date
