"""What the Word report says: figures of a period and of the one before, and the tasks behind them.

The sentences are in `locales/vi/messages-files.ftl`, the layout in `locales/vi/report.docx`; their
names are explained in docs/dev/reports.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import load_agency_names
from models.assignments import OPEN, Status
from models.plans import Plan
from models.queries.figures import AgencyFigures, Figures
from models.queries.history import (
    Flow,
    PastState,
    count_flow,
    count_past_figures,
    find_waiting_extensions,
    load_past_states,
)
from models.queries.periods import Period
from models.queries.status_rows import StatusRow, stream_listed_rows
from models.queries.task_query import TaskQuery
from reports.figure_table import (
    CLASSES,
    format_count,
    format_sums,
    list_agency_rows,
    name_class,
    name_period,
    sum_figures,
    translate,
)
from reports.orders import FileOrder, OrderFault

MOST_IN_TABLE = 100  # tasks in a table of the report's body
MOST_IN_APPENDIX = 500
BLANK = "……"  # what people fill in
NOTHING = "–"  # in a table, for what is not known


@dataclass
class Stand:
    """How things stood at the end of a day of a period, and what had happened in it."""

    period: Period
    day: date
    states: list[PastState]
    by_agency: dict[int | None, AgencyFigures]
    flow: Flow
    waiting: set[int] = field(default_factory=set)

    @property
    def total(self) -> Figures:
        """The figures of all agencies together."""
        return sum_figures(self.by_agency)


async def load_stands(session: AsyncSession, order: FileOrder) -> tuple[Stand, Stand]:
    """Return how things stand in the order's period, and in the one it is compared with.

    A period that has not ended stands as today. Raises OrderFault for one that has not begun.
    """
    period = order.period
    if period is None:
        raise ValueError("a report needs a period")
    if period.first > order.today:
        raise OrderFault("report-future", period=name_period(period))
    earlier = order.before or period.previous
    days = {one: min(one.last, order.today) for one in (period, earlier)}
    states = await load_past_states(session, order.query, days.values(), order.now)
    stands = []
    for one, day in days.items():
        waiting = await find_waiting_extensions(session, day, order.now)
        figures = count_past_figures(states[day], day, waiting)
        flow = count_flow(states[day], one, day)
        stands.append(Stand(one, day, states[day], figures, flow, waiting))
    return stands[0], stands[1]


async def gather_report(
    session: AsyncSession, order: FileOrder
) -> tuple[dict[str, Any], Figures, Flow]:
    """Return the values for the template, the figures and the flow of the period.

    Raises OrderFault if there is no work or the period has not begun.
    """
    now, before = await load_stands(session, order)
    if not now.states:
        raise OrderFault("report-nothing", period=name_period(now.period))
    names = await load_agency_names(session)
    plans = await _load_plans(session, order)
    lists = _TaskLists(session, now)
    overdue = [s for s in now.states if s.find_class(now.day) == "open_late"]
    horizon = now.period.following.last  # and what is left of a period that has not ended
    coming = [s for s in now.states if s.is_due(now.day + timedelta(days=1), horizon)]
    waiting = [
        s
        for s in now.states
        if s.status in (Status.RETURNED, Status.REPORTED)
        or (s.status in OPEN and s.assignment_id in now.waiting)
    ]
    values = {
        **_describe_head(order, plans),
        **_describe_figures(now, before),
        **_describe_agencies(now, names),
        "overdue": await lists.load_rows(overdue, lists.remark_days_late),
        "overdue_lines": lists.describe_list("overdue", overdue, day=now.day),
        "coming": await lists.load_rows(coming, lists.remark_days_left),
        "coming_lines": lists.describe_list("coming", coming, day=horizon),
        "waiting": await lists.load_rows(waiting, lists.remark_state),
        "waiting_lines": lists.describe_list("waiting", waiting, day=now.day),
        "closing": [translate("report-closing")],
        "appendix": await lists.load_rows(now.states, lists.remark_class, MOST_IN_APPENDIX),
        "appendix_lines": lists.describe_appendix(),
    }
    return values, now.total, now.flow


async def _load_plans(session: AsyncSession, order: FileOrder) -> Sequence[Plan]:
    statement = select(Plan).order_by(col(Plan.id))
    if order.query.plans:
        statement = statement.where(col(Plan.id).in_(order.query.plans))
    return (await session.exec(statement)).all()


def _describe_head(order: FileOrder, plans: Sequence[Plan]) -> dict[str, Any]:
    """Return what stands above the text and below it; number, day and signer stay blank."""
    issuer = next((plan.issuer for plan in plans if plan.issuer), None)
    agency = (order.agency or BLANK).upper()
    superior = (issuer or translate("report-superior")).upper()
    period = name_period(order.period) if order.period else ""
    numbers = "; ".join(plan.full_name for plan in plans)
    whole = TaskQuery(order.today, order.query.plans)
    basis = "report-basis" if order.query == whole else "report-basis-about"
    return {
        "superior": superior,
        "agency": agency,
        "sign": BLANK,
        "place": _find_place(issuer) or BLANK,
        "year": str(order.today.year),
        "abstract": translate("report-abstract", period=period),
        "basis": [translate(basis, plans=numbers, about=order.about)],
        "recipients": [
            translate("report-recipient-superior", name=issuer or BLANK),
            translate("report-recipient-file"),
        ],
        "signing": translate("report-signing"),
        "signer": "",
        "appendix_title": translate("report-appendix-title", period=period).upper(),
    }


def _find_place(issuer: str | None) -> str | None:
    """Return the province or city in the name of who issued the plan."""
    words = (issuer or "").split()
    lowered = [word.lower() for word in words]
    for mark in (["thành", "phố"], ["tỉnh"]):
        for start in range(len(words) - len(mark)):
            if lowered[start : start + len(mark)] == mark:
                return " ".join(words[start + len(mark) :]).title()
    return None


def _describe_figures(now: Stand, before: Stand) -> dict[str, Any]:
    """Return the general part: sentences, and a table of this period beside the one before."""
    total = now.total
    general = translate("report-general", day=now.day, **format_sums(total))
    flow = translate(
        "report-flow",
        period=name_period(now.period),
        done=format_count(now.flow.done),
        due=format_count(now.flow.came_due),
        late=format_count(now.flow.became_late),
    )
    before_name = name_period(before.period)
    compared = translate("report-compared-none", period=before_name)
    if before.states:
        compared = translate(
            "report-compared", period=before_name, day=before.day, done=before.flow.done
        )
    return {
        "general": [general, flow, compared],
        "now_name": translate("report-column-day", day=now.day),
        "before_name": translate("report-column-day", day=before.day),
        "figures": [
            _compare_figures(name, value, before_value if before.states else None)
            for (name, value), before_value in zip(
                _list_figures(now).items(), _list_figures(before).values(), strict=True
            )
        ],
    }


def _list_figures(stand: Stand) -> dict[str, int]:
    """Return the figures of the general table by their names there."""
    total, flow = stand.total, stand.flow
    return {
        "total": total.dated_total,
        **{name: getattr(total, name) for name in CLASSES},
        **{"percent": total.percent_done, "flow-done": flow.done, "flow-due": flow.came_due},
        **{"flow-late": flow.became_late, "reported": total.reported},
        **{"extension": total.extension_asked, "undated": total.undated_total},
    }


def _compare_figures(name: str, now: int, before: int | None) -> dict[str, str]:
    """Return a row of the general table: a figure, the one before (None: unknown), the change."""
    label = name_class(name) if name in CLASSES else translate(f"report-row-{name}")
    if before is None:
        return {"name": label, "now": format_count(now), "before": NOTHING, "change": NOTHING}
    change = now - before
    sign = "+" if change > 0 else "-" if change < 0 else ""
    change_text = f"{sign}{format_count(abs(change))}"
    return {
        "name": label,
        "now": format_count(now),
        "before": format_count(before),
        "change": change_text,
    }


def _describe_agencies(now: Stand, names: Mapping[int, str]) -> dict[str, Any]:
    """Return the table of agencies, the worst first; collective work in a column of its own."""
    agencies = [
        row
        for row in list_agency_rows(now.by_agency, names)
        if row.own.dated_total or row.shared.dated_total
    ]
    rows = [
        {
            "number": str(place),
            "name": row.name,
            **{name: format_count(getattr(row.own, name)) for name in CLASSES},
            "total": format_count(row.own.dated_total),
            "shared": f"{row.shared.done_total}/{row.shared.dated_total}"
            if row.shared.dated_total
            else "",
        }
        for place, row in enumerate(agencies, start=1)
    ]
    line = translate("report-by-agency", count=len(rows), day=now.day)
    return {"agencies": rows, "by_agency": [line]}


class _TaskLists:
    """The tables of tasks of a report: the worst first, no longer than a person reads."""

    def __init__(self, session: AsyncSession, stand: Stand) -> None:
        self._session, self._stand = session, stand
        self._day = stand.day

    async def load_rows(
        self,
        states: Iterable[PastState],
        remark: Callable[[StatusRow, PastState], str],
        most: int = MOST_IN_TABLE,
    ) -> list[dict[str, str]]:
        """Return the first rows of a table; `remark` fills its last column."""
        chosen = sorted(states, key=self._rank_state)[:most]
        by_id = {state.assignment_id: state for state in chosen}
        rows: list[dict[str, str]] = []
        async for row in stream_listed_rows(self._session, list(by_id), self._day):
            state = by_id[row.assignment_id]
            day = f"{state.last_day:%d/%m/%Y}" if state.last_day else ""
            rows.append(
                {
                    "number": str(len(rows) + 1),
                    "key": row.key,
                    "title": row.title,
                    "agency": row.agency or translate("no-agency"),
                    "last_day": day,
                    "remark": remark(row, state),
                    "plan": row.plan,
                }
            )
        return rows

    def _rank_state(self, state: PastState) -> tuple[bool, bool, date, int]:
        """Rank what is longest overdue first, then what is due next, then what is done."""
        no_day = state.last_day is None
        return state.done_on is not None, no_day, state.last_day or date.max, state.assignment_id

    def describe_list(self, name: str, states: Sequence[PastState], **values: object) -> list[str]:
        """Return the sentence above a table: how many tasks, and that not all are shown."""
        count = len(states)
        lines = [translate(f"report-{name}", count=format_count(count), number=count, **values)]
        if count > MOST_IN_TABLE:
            lines.append(translate("report-cut", shown=MOST_IN_TABLE, count=format_count(count)))
        return lines

    def describe_appendix(self) -> list[str]:
        """Return the sentence above the appendix if it does not hold all."""
        count = len(self._stand.states)
        if count <= MOST_IN_APPENDIX:
            return []
        return [translate("report-appendix-cut", shown=MOST_IN_APPENDIX, count=format_count(count))]

    def remark_days_late(self, _: StatusRow, state: PastState) -> str:
        """Return how many days a task is overdue."""
        return str((self._day - (state.last_day or self._day)).days)

    def remark_days_left(self, _: StatusRow, state: PastState) -> str:
        """Return how many days are left for a task."""
        return str(((state.last_day or self._day) - self._day).days)

    def remark_state(self, row: StatusRow, state: PastState) -> str:
        """Return what a task waits for."""
        if state.status == Status.REPORTED:
            return translate("status-reported")
        if state.assignment_id in self._stand.waiting:
            if row.wanted_day is not None:
                return translate("report-wanted", day=row.wanted_day)
            return translate("report-wanted-any")
        return translate("status-returned")

    def remark_class(self, _: StatusRow, state: PastState) -> str:
        """Return the class of a task."""
        return name_class(state.find_class(self._day))
