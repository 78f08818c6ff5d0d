"""The audit: who changed what and when, before and after. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, event, exists
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import Moment, json_column


class Audit(SQLModel, table=True):
    """One change. `subject` is a table's name; `person_id` None: the program or a command line."""

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    action: str = Field(index=True)
    subject: str
    subject_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    after: dict[str, Any] | None = Field(default=None, sa_column=json_column())


class AppendOnly(Exception):
    """An attempt to change or delete a row of the audit."""


@event.listens_for(Audit, "before_update")
@event.listens_for(Audit, "before_delete")
def _refuse_change(mapper: Mapper[Any], connection: Connection, target: Audit) -> None:
    raise AppendOnly(str(target.id))


def record_change(
    session: AsyncSession,
    at: datetime,
    action: str,
    subject: str,
    subject_id: int | None = None,
    *,
    person_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Audit:
    """Add one row to the audit within the running transaction, and return it.

    `before` and `after` hold JSON values and no secrets. The row's id is known after a flush.
    """
    row = Audit(
        at=at,
        person_id=person_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        before=before,
        after=after,
    )
    session.add(row)
    return row


async def has_change(
    session: AsyncSession, action: str, subject: str, subject_id: int | None, since: datetime
) -> bool:
    """Return whether such a change was recorded from `since` on."""
    change = exists().where(
        col(Audit.action) == action,
        col(Audit.subject) == subject,
        col(Audit.subject_id) == subject_id,
        col(Audit.at) >= since,
    )
    return (await session.exec(select(change))).one()


async def read_last_change(session: AsyncSession) -> int:
    """Return the id of the newest change, 0 before the first."""
    return (await session.exec(select(func.max(Audit.id)))).one() or 0
