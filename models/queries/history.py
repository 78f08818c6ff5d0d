"""How assignments stood at the end of past days, worked out from the audit and the reports.

The present state is led back, change by change, to the end of each day; today's state alone would
say of last month what is true of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import OPEN, Assignment, Extension, Status
from models.audit import Audit
from models.milestones import Deadline
from models.plans import Plan, Task
from models.queries.figures import AgencyFigures, match_collective_work
from models.queries.periods import Period
from models.queries.task_query import DayRange, TaskQuery
from models.queries.work_scope import find_scope


@dataclass(slots=True)
class PastState:
    """One assignment as it stood at the end of a day.

    - `done_on` is the day on which the report came in that made it done, then or by a later
      confirmation; None if it was not done.
    - `reported_on` is the day of the report that waited for confirmation then.
    """

    assignment_id: int
    agency_id: int | None
    is_shared: bool
    status: str
    last_day: date | None
    done_on: date | None
    reported_on: date | None = None

    def is_due(self, first: date, last: date) -> bool:
        """Return whether it was open and its last day lies in these days."""
        return self.status in OPEN and DayRange(first, last).holds(self.last_day)

    def find_class(self, day: date) -> str:
        """Return the class at the end of `day`: a field of `Figures`."""
        if self.last_day is None:
            return "undated" if self.done_on is None else "undated_done"
        if self.done_on is not None:
            return "done_in_time" if self.done_on <= self.last_day else "done_late"
        return "open_late" if self.status in OPEN and self.last_day < day else "open_in_time"


@dataclass
class Flow:
    """What happened in a period: how many were done, came due, became late, by assignment."""

    done: int = 0
    came_due: int = 0
    became_late: int = 0


@dataclass(slots=True)
class _Ledger:
    """An assignment on its way back in time.

    `confirmed_on` is the day of the report that a later change made done, so that what waited for
    confirmation on a day and was confirmed since counts from the day of its report.
    """

    assignment_id: int
    agency_id: int | None
    is_shared: bool
    status: str
    last_day: date | None
    done_on: date | None
    printed_day: date | None
    first_day: date  # on which it existed
    ended_on: date | None
    confirmed_on: date | None = None

    def lead_back(self, before: dict[str, Any]) -> None:
        """Undo one change; `before` are the values that it changed."""
        if "status" in before:
            if self.status == Status.DONE:
                self.confirmed_on = self.done_on
            elif self.status == Status.RETURNED:
                self.confirmed_on = None
            self.status = before["status"]
        if "last_day" in before:
            self.last_day = _parse_day(before["last_day"])
        if "done_on" in before:
            self.done_on = _parse_day(before["done_on"])

    def is_within(self, due: DayRange | None) -> bool:
        """Return whether its last day lies in the days, as `match_days` has it."""
        if due is None:
            return True
        return due.holds(self.last_day) or (due.single and self.printed_day == due.first)

    def find_state(self, day: date, today: date) -> PastState | None:
        """Return how it stood at the end of `day`; None if it did not count then."""
        ended = self.ended_on is not None and self.ended_on <= day
        if self.first_day > day or ended or self.status in (Status.CANCELLED, Status.SUSPENDED):
            return None
        done_on = self.done_on if self.status == Status.DONE else self.confirmed_on
        if done_on is not None and day < done_on and day < today:
            done_on = None
        status = Status.DONE if done_on is not None else self.status
        if status == Status.DONE and done_on is None:  # it was done later, by import
            status = Status.NEW
        parts = (self.assignment_id, self.agency_id, self.is_shared, status)
        reported_on = self.done_on if status == Status.REPORTED else None
        return PastState(*parts, self.last_day, done_on, reported_on)


async def load_past_states(
    session: AsyncSession, query: TaskQuery, days: Iterable[date], now: datetime
) -> dict[date, list[PastState]]:
    """Return the assignments that counted at the end of each of `days`, as they stood then.

    `query` narrows by all but the state: its days are those of the last day as it was then. The
    zone of `now` says when a day ends; a day that has not ended counts until now. What was
    suspended or cancelled on a day is left out.
    """
    ledgers = await _load_ledgers(session, query)
    wanted = sorted(set(days), reverse=True)
    changes = await _load_changes(session, _find_end(wanted[-1], now))
    states: dict[date, list[PastState]] = {}
    place = 0
    for day in wanted:
        end = _find_end(day, now)
        while place < len(changes) and changes[place][0] >= end:
            for assignment_id, before in _list_values_before(*changes[place][1:]):
                if assignment_id in ledgers:
                    ledgers[assignment_id].lead_back(before)
            place += 1
        found = (
            ledger.find_state(day, now.date())
            for ledger in ledgers.values()
            if ledger.is_within(query.due)
        )
        states[day] = [state for state in found if state is not None]
    return states


def _find_end(day: date, now: datetime) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), now.tzinfo)


_ENDED = col(Assignment.ended_on)


async def _load_ledgers(session: AsyncSession, query: TaskQuery) -> dict[int, _Ledger]:
    """Return all assignments of the query, as they are now.

    Those that were made when their plan came in exist from its beginning on: from the day of its
    document or the first day of its years, whatever is earlier. Those that were replaced on the
    day on which they were made never stood at the end of a day.
    """
    first_made = (
        select(Assignment.plan_id, func.min(col(Assignment.made_on)).label("day"))
        .group_by(col(Assignment.plan_id))
        .subquery()
    )
    columns: tuple[Any, ...] = (
        *(Assignment.id, Assignment.agency_id, match_collective_work()),
        *(Assignment.status, Assignment.last_day, Assignment.done_on, Deadline.printed_day),
        *(Assignment.ended_on, Task.cancelled_on, Assignment.made_on, first_made.c.day),
        *(Plan.issued_on, Plan.first_year),
    )
    meant = replace(query, status=None, done_in=None)
    scope = await find_scope(session, meant, with_withdrawn=True)
    statement = (
        select(*columns)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(first_made, first_made.c.plan_id == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(or_(_ENDED.is_(None), col(Assignment.made_on) < _ENDED), *scope.conditions)
    )
    ledgers = {}
    rows = await (await session.connection()).execute(statement, scope.values)
    for number, agency, shared, status, last_day, done_on, printed, *days in rows:
        ended, cancelled, made, first_made_on, issued, year = days
        end = min((day for day in (ended, cancelled) if day is not None), default=None)
        parts = (number, agency, shared, status, last_day, done_on, printed)
        begin = _find_begin(issued, year, first_made_on) if made == first_made_on else made
        ledgers[number] = _Ledger(*parts, begin, end)
    return ledgers


def _find_begin(issued: date | None, year: int | None, made: date) -> date:
    """Return the first day of a plan that came in on `made`; without a day and year it is open."""
    known = [day for day in (issued, date(year, 1, 1) if year else None) if day is not None]
    return min(*known, made) if known else date.min


async def _load_changes(
    session: AsyncSession, since: datetime
) -> Sequence[tuple[datetime, str, Any, Any, Any]]:
    """Return the changes of assignments, tasks and plans since a moment, the newest first."""
    columns: Any = (Audit.at, Audit.subject, Audit.subject_id, Audit.before, Audit.after)
    statement = (
        select(*columns)  # the overloads of `select` end at four columns
        .where(col(Audit.subject).in_(["assignment", "task", "plan"]), col(Audit.at) >= since)
        .order_by(col(Audit.at).desc(), col(Audit.id).desc())
    )
    rows = await (await session.connection()).execute(statement)
    return [tuple(row) for row in rows]


def _list_values_before(
    subject: str, subject_id: Any, before: Any, after: Any
) -> list[tuple[int, dict[str, Any]]]:
    """Return the values before a change by assignment id.

    A change of a task or a plan holds the statuses of its assignments, or their last days.
    """
    if subject == "assignment":
        return [(subject_id, before or {})]
    listed = (before or {}).get("assignments")
    if isinstance(listed, dict):
        return [(int(number), {"status": status}) for number, status in listed.items()]
    if isinstance(listed, list):
        return [(entry["id"], {"last_day": entry["last_day"]}) for entry in listed]
    restored = (after or {}).get("assignments")
    if isinstance(restored, dict):
        return [(int(number), {"status": Status.CANCELLED}) for number in restored]
    return []


def _parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def count_past_figures(
    states: Iterable[PastState], day: date, waiting: AbstractSet[int] = frozenset()
) -> dict[int | None, AgencyFigures]:
    """Return the figures by agency at the end of `day`, as `count_agency_figures` has today's.

    `waiting` are the assignments for which more time was asked.
    """
    found: dict[int | None, AgencyFigures] = {}
    for state in states:
        figures = found.setdefault(state.agency_id, AgencyFigures())
        part = figures.shared if state.is_shared else figures.own
        name = state.find_class(day)
        setattr(part, name, getattr(part, name) + 1)
        part.reported += state.status == Status.REPORTED
        part.extension_asked += state.status in OPEN and state.assignment_id in waiting
    return found


def count_flow(states: Iterable[PastState], period: Period, day: date) -> Flow:
    """Return what happened from the first day of `period` to `day`, whose states are given."""
    flow = Flow()
    for state in states:
        if state.done_on is not None and period.first <= state.done_on <= day:
            flow.done += 1
        if state.last_day is None:
            continue
        if period.first <= state.last_day <= day:
            flow.came_due += 1
        late_from = state.last_day + timedelta(days=1)
        came_in = state.done_on or state.reported_on
        if period.first <= late_from <= day and (came_in is None or came_in > state.last_day):
            flow.became_late += 1
    return flow


async def find_waiting_extensions(session: AsyncSession, day: date, now: datetime) -> set[int]:
    """Return the assignments for which more time was asked, undecided at the end of `day`."""
    end = _find_end(day, now)
    decided = col(Extension.decided_at)
    statement = select(Extension.assignment_id).where(
        col(Extension.asked_at) < end,
        or_(
            and_(col(Extension.decision).is_(None), decided.is_(None)),
            decided >= end,
        ),
    )
    return set(await session.exec(statement))
