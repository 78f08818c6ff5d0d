"""Agencies as the registry knows them: those of the plans and those enrolled, with names admins added."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Agency(SQLModel, table=True):
    """An agency or a collective ("Các sở, ban, ngành"), by canonical name.

    `enrolled_on`: from that day it holds assignments of its own out of those of its collectives (reminders.md).
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    folded: str = Field(index=True)
    collective: bool = False
    enrolled_on: date | None = None


class AgencyName(SQLModel, table=True):
    """Another name of an agency: from the language data at the time, or entered by an admin (`by_admin`)."""

    __tablename__ = "agency_name"
    __table_args__ = (UniqueConstraint("agency_id", "folded"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    name: str
    folded: str = Field(index=True)
    kind: str  # "short", "abbreviation", "synonym", "former"
    by_admin: bool = False


class AgencyMember(SQLModel, table=True):
    """A member of a collective among the agencies of the registry."""

    __tablename__ = "agency_member"

    collective_id: int = Field(foreign_key="agency.id", primary_key=True)
    member_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)


class AgencySuccessor(SQLModel, table=True):
    """What an agency became (merged, renamed) and since when."""

    __tablename__ = "agency_successor"

    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    successor_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)
    since: date


class TaskAgency(SQLModel, table=True):
    """That an agency leads a task or takes part in it, in the order printed."""

    __tablename__ = "task_agency"
    __table_args__ = (Index("ix_task_agency_agency_role", "agency_id", "role", "task_id"),)

    task_id: int = Field(foreign_key="task.id", primary_key=True, ondelete="CASCADE")
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    role: str = Field(primary_key=True)  # Role.LEAD, Role.PARTNER
    position: int
