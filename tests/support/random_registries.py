"""Registries filled at random: agencies, a collective, plans, assignments in every state."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, TaskAgency
from models.assignments import Assignment, Extension, Report, Status, refresh_tasks
from models.plans import Plan, Role
from tests.support.fakes import Filling, at

AGENCIES = ("Sở Tư pháp", "Sở Y tế", "Sở Tài chính", "Sở Xây dựng", "Thanh tra tỉnh")
COLLECTIVE = "Các sở, ban, ngành"
STATUSES = (*Status, Status.NEW, Status.NEW, Status.DONE, Status.DONE)


async def fill_at_random(session: AsyncSession, seed: int, today: date) -> list[Plan]:
    """Fill an empty registry: one or two plans of up to 15 tasks; return the plans."""
    chance = random.Random(seed)
    filling = Filling(session, today)
    agencies = [await filling.agency(name) for name in AGENCIES[: chance.randint(2, 5)]]
    collective = await filling.agency(COLLECTIVE, collective=True)
    plans = []
    for number in range(chance.randint(1, 2)):
        plan = await filling.plan(
            f"{number + 1}/KH-UBND", first_year=today.year, last_year=today.year
        )
        plans.append(plan)
        for place in range(chance.randint(1, 15)):
            await _add_task(filling, chance, plan, f"I.{place + 1}", agencies, collective)
    return plans


async def _add_task(
    filling: Filling,
    chance: random.Random,
    plan: Plan,
    key: str,
    agencies: list[Agency],
    collective: Agency,
) -> None:
    session, today = filling.session, filling.today
    days = [today + timedelta(days=chance.randint(-90, 60)) for _ in range(chance.randint(1, 3))]
    shared = chance.random() < 0.3
    chosen = chance.sample(agencies, chance.randint(1, 2))
    title = chance.choice(["Rà soát hồ sơ", "=1+1", "+84 đường dây nóng", "@mọi người", "- Gạch"])
    made = await filling.task(
        key, chosen, *days, plan=plan, made_on=today - timedelta(days=120), title=f"{title} {key}"
    )
    for place, lead in enumerate([collective] if shared else chosen):
        session.add(
            TaskAgency(task_id=made[0].task_id, agency_id=lead.id, role=Role.LEAD, position=place)
        )
    for assignment in made:
        if shared:
            assignment.lead_id = collective.id
        _set_state(session, chance, assignment, today)
        session.add(assignment)
    await session.flush()
    await refresh_tasks(session, [made[0].task_id])


def _set_state(
    session: AsyncSession, chance: random.Random, assignment: Assignment, today: date
) -> None:
    status = chance.choice(STATUSES)
    assignment.status = status
    if chance.random() < 0.1:
        assignment.last_day = None
    if status in (Status.DONE, Status.REPORTED):
        assignment.done_on = today - timedelta(days=chance.randint(0, 80))
        session.add(
            Report(
                assignment_id=assignment.id,
                reported_at=at(assignment.done_on),
                number=chance.choice([None, "01/12", "12/BC-STP"]),
            )
        )
    elif chance.random() < 0.2 and assignment.last_day is not None:
        session.add(
            Extension(
                assignment_id=assignment.id,
                asked_at=at(today),
                from_day=assignment.last_day,
                wanted_day=today + timedelta(days=20),
                reason="thiếu số liệu",
            )
        )
