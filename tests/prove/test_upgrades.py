"""Upgrades killed at 200 moments, and the last one on a registry of 100,000 tasks; the short forms
are in tests/migrations."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

import migrations
from migrations.upgrade import upgrade
from models.storage.database import Database
from tests.migrations.conftest import empty_url
from tests.migrations.test_upgrade import run_upgrades
from tests.prove.processes import take_share

__all__ = ["empty_url"]

pytestmark = pytest.mark.prove

MOMENTS, MOMENTS_OF_MANY, TASKS = take_share(200), take_share(40), 100_000


def test_a_first_start_killed_at_200_moments_starts_again(empty_url: str) -> None:
    found = run_upgrades(empty_url, MOMENTS)
    print(f"{found['killed']} killed before the end, in {found['tries']} tries")
    assert found["failed"] == [], found["told"]
    assert found["killed"] == MOMENTS


async def test_the_last_upgrade_of_a_full_registry_is_killed_and_repeated(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    database = Database(f"sqlite:///{template}")
    await upgrade(database, migrations.REVISIONS[-2])
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(
            text(
                "INSERT INTO plan (id, identity, title, sample, evidence_needed, imported_at)"
                " VALUES (1, 'p', 'Kế hoạch', FALSE, FALSE, '2026-01-05 00:00:00')"
            )
        )
        await connection.execute(
            text(
                "WITH RECURSIVE row(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM row WHERE i < :n)"
                " INSERT INTO task (id, plan_id, position, key, title, deliverables, outside,"
                " added, state, search_text)"
                " SELECT i, 1, i, i, 'Nhiệm vụ số ' || i, '[]', FALSE, FALSE, 'unfinished',"
                " 'nhiem vu so ' || i FROM row"
            ),
            {"n": TASKS},
        )
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()
    found = run_upgrades(
        f"sqlite:///{tmp_path}/many.db", MOMENTS_OF_MANY, "--template", str(template)
    )
    print(f"{found['killed']} killed before the end, in {found['tries']} tries")
    assert found["failed"] == [], found["told"]
    assert found["killed"] == MOMENTS_OF_MANY
    many = Database(f"sqlite:///{tmp_path}/many.db")
    async with many.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM task"))).scalar() == TASKS
    await many.close()
