"""The page of one agency: its figures and its tasks, lead and partner apart, with filters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from language.search import choose_search_words
from language.times.periods import find_month_end
from models.plans import Plan, Role
from models.queries.figures import Figures
from models.queries.task_query import DayRange, TaskQuery
from models.queries.task_search import find_tasks
from models.queries.task_view import load_task_views
from web.looks import Look, NotHere
from web.pages.paging import Pager
from web.pages.task_rows import make_task_rows

TASKS_PER_PAGE = 40
STATES = {
    "qua-han": "overdue",
    "sap-den-han": "due_soon",
    "chua-xong": "unfinished",
    "cho-xac-nhan": "reported",
    "da-xong": "done",
}
"""States that the page can be narrowed to, as addresses name them."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Filters:
    """What the list of an agency's tasks is narrowed to; empty: nothing."""

    state: str = ""
    month: str = ""
    plan: str = ""
    text: str = ""
    role: str = ""

    @property
    def is_set(self) -> bool:
        """Return whether anything but the role narrows the list."""
        return bool(self.state or self.month or self.plan or self.text)


def read_filters(look: Look) -> Filters:
    """Return the filters that the address names; what it does not know is left out."""
    state, month = look.get_word("trang-thai"), look.get_word("thang")
    plan = look.get_word("ke-hoach", 9)
    return Filters(
        state if state in STATES else "",
        month if _MONTH.fullmatch(month) else "",
        plan if plan.isascii() and plan.isdecimal() else "",
        look.get_word("tim"),
        Role.PARTNER if look.get_word("vai-tro") == "phoi-hop" else Role.LEAD,
    )


def find_month_days(month: str) -> DayRange:
    """Return the days of a month written "2026-11"."""
    first = date.fromisoformat(f"{month}-01")
    return DayRange(first, find_month_end(first.year, first.month))


async def show_agency(look: Look) -> Response:
    """Show one agency with the tasks that the filters leave."""
    agency_id = look.get_id()
    name = look.names.agency_names.get(agency_id)
    if name is None or not look.viewer.may_see_agency(agency_id):
        raise NotHere
    filters, plans = read_filters(look), look.list_plans()
    plan_ids = [plan.id for plan in plans]
    chosen = tuple(p for p in plan_ids if str(p) == filters.plan) or tuple(plan_ids)
    query = look.make_agency_query(agency_id)
    agencies = frozenset(query.agencies or ())
    counted = agencies.union(query.collectives)
    figures, shared = Figures(), Figures()
    ids: dict[Role, list[int]] = {role: [] for role in Role}
    if chosen:
        by_agency = await look.count_figures(query)
        own = [figures for a, figures in by_agency.items() if a in agencies]
        others = [figures.total for a, figures in by_agency.items() if a not in agencies]
        figures = sum((f.own for f in own), Figures())
        shared = sum((*(f.shared for f in own), *others), Figures())
        narrowed = replace(query, plans=chosen)
        ids = {role: await _find_ids(look, narrowed, filters, role) for role in Role}
    shown = ids[Role(filters.role)]
    pager = Pager(look, len(shown), TASKS_PER_PAGE)
    views = await load_task_views(look.session, shown[pager.first : pager.end])
    return look.render(
        "agency.html",
        agency_id=agency_id,
        name=name,
        figures=figures,
        shared=shared,
        filters=filters,
        states=STATES,
        plans=plans,
        months=_list_months(look.today, plans),
        counts={role.value: len(found) for role, found in ids.items()},
        tasks=make_task_rows(views, look.today, counted if filters.role == Role.LEAD else None),
        pager=pager,
        role_addresses={
            Role.LEAD.value: make_role_address(look, Role.LEAD),
            Role.PARTNER.value: make_role_address(look, Role.PARTNER),
        },
    )


def make_role_address(look: Look, role: Role) -> str:
    """Return the address of the same list in one role, from its first page."""
    kept = [
        (name, value)
        for name, value in look.request.query_params.multi_items()
        if name not in ("trang", "vai-tro")
    ]
    if role == Role.PARTNER:
        kept.append(("vai-tro", "phoi-hop"))
    return "?" + urlencode(kept) if kept else look.request.url.path


async def _find_ids(look: Look, query: TaskQuery, filters: Filters, role: Role) -> list[int]:
    """Return the ids of the agency's tasks in one role that the filters leave."""
    narrowed = replace(
        query,
        role=role,
        status=STATES.get(filters.state),
        due=find_month_days(filters.month) if filters.month else None,
        words=choose_search_words(filters.text) if filters.text else (),
    )
    return (await find_tasks(look.session, narrowed)).all_ids


def _list_months(today: date, plans: list[Plan]) -> list[date]:
    """Return the first days of the months that may be chosen: those of the plans' years."""
    first = min((p.first_year for p in plans if p.first_year), default=today.year)
    last = max((p.last_year or p.first_year or 0 for p in plans), default=0) or today.year
    first, last = max(first, today.year - 1), min(max(last, today.year), today.year + 1)
    return [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]
