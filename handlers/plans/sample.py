"""Loads the sample plan, so that a newcomer sees the bot at work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import select

from language.agencies.directory import load_standard_directory
from models.plans import Plan
from models.storage.database import Database
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from plans.sample import make_sample_plan


async def load_sample(database: Database, now: datetime) -> bool:
    """Load the sample plan into a registry without any plan; return whether it did."""
    async with database.write() as session:
        if (await session.exec(select(func.count()).select_from(Plan))).one():
            return False
        plan = make_sample_plan(now.date())
        writer = PlanWriter(session, load_standard_directory(), now, now.date())
        await writer.write_plan(plan, await compare_plan(session, plan), sample=True)
    return True
