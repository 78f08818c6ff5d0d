"""The first page: figures of the four classes, agencies worst first, what is late, what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from handlers.conversation.registry_names import RegistryNames
from locales.answer import say
from locales.fluent import load_sentences
from models.queries.board import BoardScope, count_due, find_oldest_late, list_due
from models.queries.figures import Figures
from web.looks import Look
from web.pages.paging import Pager
from web.pages.task_rows import make_due_rows

AGENCIES_PER_PAGE = 60
MOST_LATE, MOST_DUE = 15, 20  # lines of the two lists on the first page
SOON_DAYS = 14


@dataclass(frozen=True)
class AgencyRow:
    """One agency among the others: its figures, and how long its oldest overdue work is late."""

    agency_id: int | None
    name: str
    figures: Figures
    days_late: int

    @property
    def done_percent(self) -> int:
        """Return the share that is done, in percent, rounded down."""
        total = self.figures.dated_total
        return 100 * self.figures.done_total // total if total else 0


async def show_province(look: Look) -> Response:
    """Show the figures of all that the viewer may see, and the agencies."""
    plans = look.list_plans()
    plan_ids = [plan.id for plan in plans if plan.id is not None]
    scope, yesterday = look.viewer.make_scope(plan_ids), look.today - timedelta(days=1)
    by_agency: dict[int | None, Figures] = {}
    oldest: dict[int | None, date] = {}
    if scope.plans:
        by_agency = await look.count_figures(look.viewer.make_query(look.today, plan_ids))
        oldest = await find_oldest_late_once(look, scope)
    rows = make_agency_rows(by_agency, oldest, look.names, look.today)
    ranked = [row for row in rows if not _is_collective(row, look.names)]
    pager = Pager(look, len(ranked), AGENCIES_PER_PAGE)
    soon = look.today + timedelta(days=SOON_DAYS)
    return look.render(
        "province.html",
        plans=plans,
        total=sum(by_agency.values(), Figures()),
        agencies=ranked[pager.first : pager.end],
        shared=[row for row in rows if _is_collective(row, look.names)],
        pager=pager,
        late=make_due_rows(
            await list_due(look.session, scope, None, yesterday, MOST_LATE), look.today
        ),
        late_count=await count_due_once(look, scope, None, yesterday),
        due=make_due_rows(
            await list_due(look.session, scope, look.today, soon, MOST_DUE), look.today
        ),
        due_count=await count_due_once(look, scope, look.today, soon),
        soon_days=SOON_DAYS,
    )


def make_agency_rows(
    by_agency: Mapping[int | None, Figures],
    oldest: Mapping[int | None, date],
    names: RegistryNames,
    today: date,
) -> list[AgencyRow]:
    """Return a row for each agency with work, the most overdue first."""
    nobody = load_sentences().to_text(say("no-agency"))
    rows = [
        AgencyRow(
            agency_id,
            names.agency_names.get(agency_id or 0, nobody),
            figures,
            (today - oldest[agency_id]).days if agency_id in oldest else 0,
        )
        for agency_id, figures in by_agency.items()
    ]
    return sorted(rows, key=lambda r: (-r.figures.open_late, -r.days_late, r.done_percent, r.name))


def _is_collective(row: AgencyRow, names: RegistryNames) -> bool:
    """Return whether a row is of a collective: it is not ranked among the agencies."""
    return names.directory.find_kind(row.name) == "collective"


async def find_oldest_late_once(look: Look, scope: BoardScope) -> dict[int | None, date]:
    """Return `find_oldest_late`, looked up once as long as nothing changes."""
    cache = look.context.app.cache
    key = ("board-oldest", scope, look.today)
    oldest: dict[int | None, date] | None = cache.get(key)
    if oldest is None:
        version = cache.version
        oldest = await find_oldest_late(look.session, scope, look.today)
        cache.store(key, oldest, version)
    return oldest


async def count_due_once(
    look: Look, scope: BoardScope, first: date | None, last: date | None
) -> int:
    """Return `count_due`, counted once as long as nothing changes."""
    cache = look.context.app.cache
    key = ("board-due", scope, first, last)
    count: int | None = cache.get(key)
    if count is None:
        version = cache.version
        count = await count_due(look.session, scope, first, last)
        cache.store(key, count, version)
    return count
