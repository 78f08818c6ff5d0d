"""The trial: loads the sample plan, so that a newcomer sees the bot at work, and ends it again.

A trial and production never mix: before the channels start, nothing of the sample is left.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import select

from handlers.people.identity import TRIAL_ENDED, tell_end_of_trial
from language.agencies.directory import load_standard_directory
from models.people import count_people
from models.plans import Plan
from models.preferences import set_preference
from models.storage.database import Database
from models.trial import TERMINAL, delete_trial
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from plans.sample import make_sample_plan
from scheduler.audience import find_admin_chats


async def load_sample(database: Database, now: datetime) -> bool:
    """Load the sample plan into a registry without any plan; return whether it did.

    A registry that somebody joined by a channel is no trial, and gets none.
    """
    async with database.write() as session:
        plans = (await session.exec(select(func.count()).select_from(Plan))).one()
        if plans or await count_people(session, TERMINAL):
            return False
        plan = make_sample_plan(now.date())
        writer = PlanWriter(session, load_standard_directory(), now, now.date())
        await writer.write_plan(plan, await compare_plan(session, plan), sample=True)
    return True


async def end_trial(database: Database, now: datetime) -> bool:
    """Remove what a trial left; return whether the sample plan was there.

    The first admin who can be reached is told, now or when the first one joins.
    """
    async with database.write() as session:
        if not await delete_trial(session, now):
            return False
        await set_preference(session, TRIAL_ENDED, now.date().isoformat())
        for chat_id in (await find_admin_chats(session, now.date()))[:1]:
            await tell_end_of_trial(session, chat_id, now)
    return True
