"""Assignments: which agency is responsible for which deadline, their status, reports, more time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, text, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, AgencyMember
from models.audit import Audit, record_change
from models.storage.fields import Moment

ROWS_PER_STATEMENT = 500


class Status(StrEnum):
    """How an assignment stands (docs/dev/reminders.md rule 2)."""

    NEW = "new"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    DONE = "done"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


OPEN = (Status.NEW, Status.RECEIVED, Status.IN_PROGRESS, Status.RETURNED)
"""Statuses that are reminded of and can be overdue."""

UNFINISHED = (*OPEN, Status.REPORTED)
"""Statuses that are not done, cancelled or suspended (docs/dev/questions.md rule 4)."""

FINISHED = (Status.DONE, Status.CANCELLED)
"""Statuses that nothing follows."""


def _quote_all(statuses: Iterable[Status]) -> str:
    return ",".join(f"'{status}'" for status in statuses)


IN_FORCE_SQL = "a.ended_on IS NULL"
"""The condition `match_in_force` as text, for an assignment named `a`."""

OPEN_SQL = f"a.status IN ({_quote_all(OPEN)}) AND {IN_FORCE_SQL}"
UNFINISHED_SQL = f"a.status IN ({_quote_all(UNFINISHED)}) AND {IN_FORCE_SQL}"
"""Statuses are spelled out, or the databases do not use the index of open assignments."""

_IN_INDEX = text(OPEN_SQL.replace("a.", ""))


class Assignment(SQLModel, table=True):
    """One agency's responsibility for one deadline (docs/dev/reminders.md rule 1).

    - `last_day` is the day that counts: the deadline's, or a later one that was granted.
    - `lead_id` is the agency that the plan names: a collective if `agency_id` is a member of it.
      Both are None for a task without a lead.
    - `made_on` is the day on which the assignment was made; steps before it are not sent.
    - `ended_on` is the day on which other assignments replaced it; it stays on record.
    - `done_on` is the day on which the report came in.
    - `changed_at` is the last change by its agency, or when it was made.
    - `version` counts changes, so that of two people who change it at once only one succeeds.
    """

    __table_args__ = (
        Index(
            "ix_assignment_open",
            "last_day",
            "plan_id",
            sqlite_where=_IN_INDEX,
            postgresql_where=_IN_INDEX,
        ),
        Index("ix_assignment_agency", "agency_id", "last_day"),
    )

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True, ondelete="CASCADE")
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    deadline_id: int = Field(foreign_key="deadline.id", index=True, ondelete="CASCADE")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    lead_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    status: str = Status.NEW
    first_day: date | None = None
    last_day: date | None = None
    made_on: date
    done_on: date | None = None
    ended_on: date | None = None
    note: str | None = None
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    version: int = 0  # counts changes, so that two people who change it at once are told apart


class Report(SQLModel, table=True):
    """A report of completion with its evidence, and the decision of the supervisor.

    `after_gap`: a press that came after the bot had not been reachable; when it was made is not
    known, and it counts from the moment since when.
    """

    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    reported_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    after_gap: bool = False
    number: str | None = None
    document_day: date | None = None
    link: str | None = None
    note: str | None = None
    file_name: str | None = None
    file_sha256: str | None = None
    decision: str | None = None  # "confirmed", "returned"
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    reason: str | None = None


class Extension(SQLModel, table=True):
    """A request for more time and its answer; `from_day` is the last day at the time of asking."""

    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    from_day: date
    wanted_day: date
    reason: str
    decision: str | None = None  # "granted", "refused"
    granted_day: date | None = None
    document: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    decision_reason: str | None = None


def match_in_force(assignment: Any = Assignment) -> ColumnElement[bool]:
    """Return the condition that an assignment is in force: no other one has replaced it."""
    return col(assignment.ended_on).is_(None)


_OF_TASK = f"FROM assignment a WHERE a.task_id = task.id AND {IN_FORCE_SQL}"
_REFRESH_TASK = text(
    f"""
    UPDATE task SET
      next_day = (SELECT min(a.last_day) {_OF_TASK} AND {UNFINISHED_SQL}),
      state = CASE
        WHEN cancelled_on IS NOT NULL THEN 'cancelled'
        WHEN EXISTS (SELECT 1 {_OF_TASK} AND {UNFINISHED_SQL}) THEN 'unfinished'
        WHEN EXISTS (SELECT 1 {_OF_TASK} AND a.status = 'suspended') THEN 'suspended'
        WHEN EXISTS (SELECT 1 {_OF_TASK} AND a.status = 'done') THEN 'done'
        ELSE 'cancelled' END
    WHERE id = :id
    """  # noqa: S608  # every part is a constant
)


async def find_enrolled_members(session: AsyncSession, collective_id: int) -> list[int]:
    """Return the ids of the enrolled members of a collective, ascending."""
    members = await session.exec(
        select(Agency.id)
        .join(AgencyMember, col(AgencyMember.member_id) == Agency.id)
        .where(AgencyMember.collective_id == collective_id, col(Agency.enrolled_on).is_not(None))
        .order_by(col(Agency.id))
    )
    return [member for member in members if member is not None]


async def find_responsible_agencies(
    session: AsyncSession, leads: Sequence[Agency]
) -> list[tuple[int | None, int | None]]:
    """Return who is responsible for the deadlines of a task, as (agency, lead) ids.

    A collective stands for its enrolled members, or for itself if it has none. An agency that leads
    by name is not counted again as a member. A task without a lead has (None, None), so that its
    deadlines are not lost (docs/dev/reminders.md rule 1).
    """
    named = {lead.id for lead in leads if not lead.collective}
    pairs: list[tuple[int | None, int | None]] = []
    for lead in leads:
        members: list[int | None] = []
        if lead.collective:
            members = [m for m in await find_enrolled_members(session, lead.id) if m not in named]
        for agency_id in members or [lead.id]:
            if agency_id not in [agency for agency, _ in pairs]:
                pairs.append((agency_id, lead.id))
    return pairs or [(None, None)]


async def enrol_agency(session: AsyncSession, agency: Agency, today: date, now: datetime) -> int:
    """Enrol `agency`: from `today` it has assignments of its own. Return how many were made.

    They copy those of its collectives. The assignments of a collective end, on record, when its
    first member enrols. An agency that is enrolled already gets none.
    """
    if agency.enrolled_on is not None:
        return 0
    agency.enrolled_on = today
    session.add(agency)
    of_member = select(AgencyMember.collective_id).where(AgencyMember.member_id == agency.id)
    collectives = (await session.exec(of_member)).all()
    if not collectives:
        return 0
    of_collectives = (
        select(Assignment)
        .where(col(Assignment.lead_id).in_(collectives))
        .order_by(col(Assignment.id))
    )
    originals = (await session.exec(of_collectives)).all()
    own_deadlines = select(Assignment.deadline_id).where(Assignment.agency_id == agency.id)
    own = set((await session.exec(own_deadlines)).all())
    count = 0
    for assignment in originals:
        if assignment.agency_id == assignment.lead_id and assignment.ended_on is None:
            if assignment.status in FINISHED:
                continue  # the collective finished it before anybody enrolled
            assignment.ended_on = today
            session.add(assignment)
        if assignment.deadline_id in own:
            continue
        own.add(assignment.deadline_id)
        session.add(
            Assignment(
                plan_id=assignment.plan_id,
                task_id=assignment.task_id,
                deadline_id=assignment.deadline_id,
                agency_id=agency.id,
                lead_id=assignment.lead_id,
                first_day=assignment.first_day,
                last_day=assignment.last_day,
                made_on=today,
                changed_at=now,
            )
        )
        count += 1
    await session.flush()
    await refresh_tasks(session, sorted({assignment.task_id for assignment in originals}))
    return count


async def refresh_tasks(session: AsyncSession, task_ids: Sequence[int]) -> None:
    """Bring `next_day` and `state` of these tasks in line with their assignments."""
    connection = await session.connection()
    for start in range(0, len(task_ids), ROWS_PER_STATEMENT):
        some = task_ids[start : start + ROWS_PER_STATEMENT]
        await connection.execute(_REFRESH_TASK, [{"id": task_id} for task_id in some])


# --- changes of one assignment ---


class Move(StrEnum):
    """A change of an assignment; its value is also the name of the action in the audit."""

    RECEIVE = "receive"
    PROGRESS = "progress"
    REPORT = "report"
    FINISH = "finish"
    CONFIRM = "confirm"
    RETURN = "return"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel_assignment"
    EXTEND = "extend"


MOVES: dict[Move, tuple[frozenset[Status], Status | None]] = {
    Move.RECEIVE: (frozenset({Status.NEW, Status.RETURNED}), Status.RECEIVED),
    Move.PROGRESS: (frozenset(OPEN), Status.IN_PROGRESS),
    Move.REPORT: (frozenset(OPEN), Status.REPORTED),
    Move.FINISH: (frozenset(OPEN), Status.DONE),
    Move.CONFIRM: (frozenset({Status.REPORTED}), Status.DONE),
    Move.RETURN: (frozenset({Status.REPORTED}), Status.RETURNED),
    Move.SUSPEND: (frozenset(UNFINISHED), Status.SUSPENDED),
    Move.RESUME: (frozenset({Status.SUSPENDED}), Status.IN_PROGRESS),
    Move.CANCEL: (frozenset({*UNFINISHED, Status.SUSPENDED}), Status.CANCELLED),
    Move.EXTEND: (frozenset(UNFINISHED), None),
}
"""From which statuses each move is possible, and the status after it (None: it stays)."""

_FIELDS_IN_AUDIT = ("status", "last_day", "done_on", "note")


class MoveRefused(Exception):
    """The status of the assignment does not allow the move; `status` is how it stands now."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


def is_move_possible(assignment: Assignment, move: Move) -> bool:
    """Return whether `move` is possible as the assignment stands."""
    return assignment.ended_on is None and Status(assignment.status) in MOVES[move][0]


async def make_move(
    session: AsyncSession,
    assignment: Assignment,
    move: Move,
    *,
    now: datetime,
    person_id: int | None,
    **values: date | str | None,
) -> Audit:
    """Make `move`, set `values` (last_day, done_on, note), write the audit and refresh the task.

    The row is changed only if it still is as it was read, so of two people who press at once one
    succeeds. Return the row of the audit. Raises MoveRefused.
    """
    if not is_move_possible(assignment, move):
        raise MoveRefused(Status(assignment.status))
    after_status = MOVES[move][1]
    wanted: dict[str, date | str | None] = dict(values)
    if after_status is not None:
        wanted["status"] = after_status
    return await _update_assignment(session, assignment, wanted, move, now, person_id)


async def undo_move(
    session: AsyncSession,
    assignment: Assignment,
    before: Mapping[str, Any],
    *,
    now: datetime,
    person_id: int | None,
) -> None:
    """Give the assignment the values that an audit row has as `before`. Raises MoveRefused."""
    days = ("last_day", "done_on")
    wanted = {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in before.items()
        if name in _FIELDS_IN_AUDIT
    }
    await _update_assignment(session, assignment, wanted, "undo", now, person_id)


async def _update_assignment(
    session: AsyncSession,
    assignment: Assignment,
    wanted: Mapping[str, date | str | None],
    action: str,
    now: datetime,
    person_id: int | None,
) -> Audit:
    before = {name: _to_json_value(getattr(assignment, name)) for name in wanted}
    changed = await session.exec(
        update(Assignment)
        .where(col(Assignment.id) == assignment.id, col(Assignment.version) == assignment.version)
        .values(**wanted, version=assignment.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:
        await session.refresh(assignment)
        raise MoveRefused(Status(assignment.status))
    await session.refresh(assignment)
    after = {name: _to_json_value(value) for name, value in wanted.items()}
    row = record_change(
        session,
        now,
        action,
        "assignment",
        assignment.id,
        person_id=person_id,
        before=before,
        after=after,
    )
    await refresh_tasks(session, [assignment.task_id])
    return row


def _to_json_value(value: date | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


# --- changes of all assignments of a task or plan ---


async def cancel_assignments(
    session: AsyncSession, now: datetime, *, plan_id: int | None = None, task_id: int | None = None
) -> dict[str, str]:
    """Cancel the unfinished and suspended assignments of a plan or a task.

    Return the status before by assignment id (ids are strings, as in JSON); the caller writes the
    audit with it. Raises ValueError without exactly one of plan and task.
    """
    movable = MOVES[Move.CANCEL][0]
    return await set_statuses(
        session, now, movable, Status.CANCELLED, plan_id=plan_id, task_id=task_id
    )


async def set_statuses(
    session: AsyncSession,
    now: datetime,
    movable: Iterable[Status],
    status: Status,
    *,
    plan_id: int | None = None,
    task_id: int | None = None,
) -> dict[str, str]:
    """Give `status` to the assignments of a plan or a task that stand in one of `movable`.

    Return the status before by assignment id, as `cancel_assignments` does. Raises ValueError
    without exactly one of plan and task.
    """
    if (plan_id is None) == (task_id is None):
        raise ValueError("a plan or a task")
    of_plan = col(Assignment.plan_id) == plan_id
    to_change = [
        of_plan if plan_id is not None else col(Assignment.task_id) == task_id,
        match_in_force(),
        col(Assignment.status).in_(list(movable)),
    ]
    rows = (
        await session.exec(
            select(Assignment.id, Assignment.status, Assignment.task_id).where(*to_change)
        )
    ).all()
    await session.exec(
        update(Assignment)
        .where(*to_change)
        .values(status=status, version=Assignment.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    await refresh_tasks(session, sorted({task for _, _, task in rows}))
    return {str(number): before for number, before, _ in rows}


async def restore_assignments(
    session: AsyncSession, before: Mapping[str, str], now: datetime
) -> None:
    """Give assignments that are still cancelled the statuses that `cancel_assignments` returned."""
    touched: set[int] = set()
    for number, status in before.items():
        assignment = await session.get(Assignment, int(number), populate_existing=True)
        if assignment is not None and assignment.status == Status.CANCELLED:
            assignment.status, assignment.changed_at = status, now
            assignment.version += 1
            session.add(assignment)
            touched.add(assignment.task_id)
    await session.flush()
    await refresh_tasks(session, sorted(touched))
