"""Registries filled at random: agencies, a collective, plans, assignments in every state.

Tasks lie in sections, have codes, words and partners; some were cancelled.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from models.agencies import Agency, AgencyMember, TaskAgency
from models.assignments import Assignment, Extension, Report, Status, refresh_tasks
from models.plans import Plan, Role, Section, Task
from tests.support.fakes import Filling, at

AGENCIES = ("Sở Tư pháp", "Sở Y tế", "Sở Tài chính", "Sở Xây dựng", "Thanh tra tỉnh")
COLLECTIVE = "Các sở, ban, ngành"
SECTIONS = ("Cải cách hành chính", "Chuyển đổi số")
TITLES = ("Rà soát hồ sơ", "=1+1", "+84 đường dây nóng", "@mọi người", "- Gạch")
STATUSES = (*Status, Status.NEW, Status.NEW, Status.DONE, Status.DONE)


async def fill_at_random(session: AsyncSession, seed: int, today: date) -> list[Plan]:
    """Fill an empty registry: one or two plans of up to 15 tasks; return the plans."""
    chance = random.Random(seed)
    filling = Filling(session, today)
    agencies = [await filling.agency(name) for name in AGENCIES[: chance.randint(2, 5)]]
    collective = await filling.agency(COLLECTIVE, collective=True)
    for agency in agencies:
        agency.enrolled_on = chance.choice([None, today])
        session.add_all([agency, AgencyMember(collective_id=collective.id, member_id=agency.id)])
    plans = []
    for number in range(chance.randint(1, 2)):
        plan = await filling.plan(
            f"{number + 1}/KH-UBND", first_year=today.year, last_year=today.year
        )
        plans.append(plan)
        sections = [
            Section(plan_id=plan.id, position=place, title=title, folded=fold(title))
            for place, title in enumerate(SECTIONS)
        ]
        session.add_all(sections)
        await session.flush()
        for place in range(chance.randint(1, 15)):
            section = chance.choice([None, *sections])
            await _add_task(filling, chance, (plan, section, place), agencies, collective)
    return plans


async def _add_task(
    filling: Filling,
    chance: random.Random,
    where: tuple[Plan, Section | None, int],
    agencies: list[Agency],
    collective: Agency,
) -> None:
    session, today = filling.session, filling.today
    plan, section, place = where
    key = f"{chance.choice(['I', 'II'])}.{place + 1}"
    days = [today + timedelta(days=chance.randint(-90, 60)) for _ in range(chance.randint(1, 3))]
    shared = chance.random() < 0.3
    chosen = chance.sample(agencies, chance.randint(1, 2))
    title = f"{chance.choice(TITLES)} {key}"
    made = await filling.task(
        key, chosen, *days, plan=plan, made_on=today - timedelta(days=120), title=title
    )
    parties = [(lead, Role.LEAD) for lead in ([collective] if shared else chosen)]
    parties += [(one, Role.PARTNER) for one in agencies if chance.random() < 0.3]
    for number, (party, role) in enumerate(parties):
        session.add(
            TaskAgency(task_id=made[0].task_id, agency_id=party.id, role=role, position=number)
        )
    for assignment in made:
        if shared:
            assignment.lead_id = collective.id
        _set_state(session, chance, assignment, today)
        session.add(assignment)
    await _place_task(session, chance, made[0].task_id, section, today if place else None)
    await refresh_tasks(session, [made[0].task_id])


async def _place_task(
    session: AsyncSession,
    chance: random.Random,
    task_id: int,
    section: Section | None,
    cancelled_on: date | None,
) -> None:
    """Give a task its section and a code; few are outside the table, or cancelled on a day."""
    task = await session.get_one(Task, task_id)
    task.section_id = section.id if section is not None else None
    task.code = chance.choice([None, f"{chance.randint(1, 2)}.{chance.randint(1, 3)}"])
    task.outside = cancelled_on is not None and chance.random() < 0.05
    task.cancelled_on = cancelled_on if chance.random() < 0.05 else None
    session.add(task)
    await session.flush()


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
