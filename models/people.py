"""People, what they may do for which agency, and invitations."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.fields import Moment


class PostRole(StrEnum):
    """What a person is (issue "People, rights"); most rights first."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    HEAD = "head"
    FOCAL_POINT = "focal_point"
    VIEWER = "viewer"


class Person(SQLModel, table=True):
    """Somebody who writes to the bot through a channel. Kept small: name and address (docs, personal data)."""

    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address: str
    name: str
    joined_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    left_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Post(SQLModel, table=True):
    """One role of a person, for one agency where the role is an agency's.

    `stands_in_for`: the post whose duties are handed over; `from_day` and `until` bound it. `ended_at`: given up.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    from_day: date | None = None
    until: date | None = None
    stands_in_for: int | None = Field(default=None, foreign_key="post.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Invitation(SQLModel, table=True):
    """A joining code; only its SHA-256 is kept."""

    id: int | None = Field(default=None, primary_key=True)
    code_sha256: str = Field(unique=True)
    role: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    uses_left: int
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    made_by: int | None = Field(default=None, foreign_key="person.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Attempt(SQLModel, table=True):
    """Something counted against a limit: a message, a wrong code."""

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address: str = Field(index=True)
    kind: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
