"""Agencies of the plans and enrolled ones, their names, members, successors and predecessors."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Date, Index, UniqueConstraint, bindparam
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Agency(SQLModel, table=True):
    """An agency or a collective ("Các sở, ban, ngành"), by canonical name.

    `enrolled_on`: from that day it has assignments of its own instead of those of its collectives
    (docs/dev/reminders.md rule 1).
    """

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    folded: str = Field(index=True)
    collective: bool = False
    enrolled_on: date | None = None


class AgencyName(SQLModel, table=True):
    """Another name of an agency: from the language data, or entered by an admin (`by_admin`)."""

    __tablename__ = "agency_name"
    __table_args__ = (UniqueConstraint("agency_id", "folded"),)

    id: int = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    name: str
    folded: str = Field(index=True)
    kind: str  # "short", "abbreviation", "synonym", "former"
    by_admin: bool = False


class AgencyMember(SQLModel, table=True):
    """A member of a collective, among the agencies of the registry."""

    __tablename__ = "agency_member"

    collective_id: int = Field(foreign_key="agency.id", primary_key=True)
    member_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)


class AgencySuccessor(SQLModel, table=True):
    """An agency that another one became (merged, renamed), and since when."""

    __tablename__ = "agency_successor"

    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    successor_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)
    since: date


class TaskAgency(SQLModel, table=True):
    """An agency that leads a task or takes part in it; `position` is the order printed."""

    __tablename__ = "task_agency"
    __table_args__ = (Index("ix_task_agency_agency_role", "agency_id", "role", "task_id"),)

    task_id: int = Field(foreign_key="task.id", primary_key=True, ondelete="CASCADE")
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    role: str = Field(primary_key=True)  # Role.LEAD, Role.PARTNER
    position: int


_SUCCESSORS_BY_DAY = select(AgencySuccessor.successor_id, AgencySuccessor.agency_id).where(
    AgencySuccessor.since <= bindparam("day", type_=Date())
)


async def load_agency_names(session: AsyncSession) -> dict[int, str]:
    """Return the names of all agencies by id."""
    rows = await session.exec(select(Agency.id, Agency.name))
    return {agency_id: name for agency_id, name in rows if agency_id is not None}


async def load_predecessors(session: AsyncSession, day: date) -> dict[int, set[int]]:
    """Return, for each agency, those that were merged into it by `day`, directly or in steps.

    Their work is its work now.
    """
    links = list(await session.exec(_SUCCESSORS_BY_DAY, params={"day": day}))
    return {agency_id: _follow(links, agency_id) for agency_id, _ in links}


async def load_successors(session: AsyncSession) -> list[tuple[int, int]]:
    """Return the ids of each agency and of what it was merged into or renamed to."""
    rows = await session.exec(select(AgencySuccessor))
    return [(link.agency_id, link.successor_id) for link in rows]


def find_agency_with_successors(
    successors: Iterable[tuple[int, int]], agency_id: int | None
) -> frozenset[int | None]:
    """Return the agency and those that it was merged into or renamed to, directly or in steps.

    Its work is theirs now. For work without an agency, return None alone. `successors` is what
    `load_successors` returned.
    """
    if agency_id is None:
        return frozenset({None})
    return frozenset({agency_id, *_follow(successors, agency_id)})


def _follow(links: Iterable[tuple[int, int]], start: int) -> set[int]:
    """Return all that the links (from, to) lead to from `start`."""
    next_ones: dict[int, set[int]] = {}
    for one, other in links:
        next_ones.setdefault(one, set()).add(other)
    reached: set[int] = set()
    waiting = {start}
    while waiting:
        waiting = {other for one in waiting for other in next_ones.get(one, ())} - reached
        reached |= waiting
    return reached
