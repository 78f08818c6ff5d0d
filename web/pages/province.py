"""The first page: figures of the four classes, agencies worst first, what is late, what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from handlers.conversation.registry_names import RegistryNames
from locales.answer import say
from locales.fluent import load_sentences
from models.queries.board import BoardScope, DueLine, count_due, find_oldest_late, list_due
from models.queries.figures import AgencyFigures, Figures, rank_agencies
from web.looks import Look
from web.pages.paging import Pager
from web.pages.task_rows import make_due_rows

AGENCIES_PER_PAGE = 60
MOST_LATE, MOST_DUE = 15, 20  # lines of the two lists on the first page
SOON_DAYS = 14


@dataclass(frozen=True)
class AgencyCard:
    """One agency among the others: its figures, and how long its oldest overdue work is late."""

    agency_id: int | None
    name: str
    own: Figures
    shared: Figures
    days_late: int


async def show_province(look: Look) -> Response:
    """Show the figures of all that the viewer may see, and the agencies."""
    plans = look.list_plans()
    plan_ids = [plan.id for plan in plans]
    scope, yesterday = look.viewer.make_scope(plan_ids), look.today - timedelta(days=1)
    by_agency: dict[int | None, AgencyFigures] = {}
    oldest: dict[int | None, date] = {}
    if scope.plans:
        by_agency = await look.count_figures(look.viewer.make_query(look.today, plan_ids))
        oldest = await look.look_up_once(
            ("oldest", scope, look.today), lambda: find_oldest_late(look.session, scope, look.today)
        )
    rows = make_agency_rows(by_agency, oldest, look.names, look.today)
    pager = Pager(look, len(rows), AGENCIES_PER_PAGE)
    soon = look.today + timedelta(days=SOON_DAYS)
    late = await _list_due(look, scope, None, yesterday, MOST_LATE)
    due = await _list_due(look, scope, look.today, soon, MOST_DUE)
    return look.render(
        "province.html",
        plans=plans,
        total=sum((figures.total for figures in by_agency.values()), Figures()),
        agencies=rows[pager.first : pager.end],
        has_shared=any(row.shared.dated_total for row in rows),
        pager=pager,
        late=make_due_rows(late, look.today),
        late_count=await _count_due(look, scope, None, yesterday),
        due=make_due_rows(due, look.today),
        due_count=await _count_due(look, scope, look.today, soon),
        soon_days=SOON_DAYS,
    )


def make_agency_rows(
    by_agency: Mapping[int | None, AgencyFigures],
    oldest: Mapping[int | None, date],
    names: RegistryNames,
    today: date,
) -> list[AgencyCard]:
    """Return a row for each agency with work, the worst first, as the other lists rank them."""
    nobody = load_sentences().to_text(say("no-agency"))
    return [
        AgencyCard(
            agency_id,
            names.agency_names.get(agency_id or 0, nobody),
            figures.own,
            figures.shared,
            (today - oldest[agency_id]).days if agency_id in oldest else 0,
        )
        for agency_id, figures in rank_agencies(by_agency, names.agency_names)
    ]


async def _list_due(
    look: Look, scope: BoardScope, first: date | None, last: date, limit: int
) -> list[DueLine]:
    """Return the open assignments with their last day in the days, the earliest first."""
    return await look.look_up_once(
        ("list", scope, first, last), lambda: list_due(look.session, scope, first, last, limit)
    )


async def _count_due(look: Look, scope: BoardScope, first: date | None, last: date) -> int:
    """Return how many open assignments have their last day in the days."""
    return await look.look_up_once(
        ("due", scope, first, last), lambda: count_due(look.session, scope, first, last)
    )
