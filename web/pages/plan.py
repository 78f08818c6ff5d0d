"""The page of one plan: its figures, its sections, its tasks in the order printed."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from starlette.responses import Response

from models.queries.board import count_plan_tasks, list_plan_tasks
from models.queries.figures import Figures
from models.queries.task_view import load_task_views
from web.looks import LARGEST_ID, Look, NotHere
from web.pages.paging import Pager
from web.pages.task_rows import TaskListing, make_task_rows

TASKS_PER_PAGE = 50


async def show_plan(look: Look) -> Response:
    """Show one plan; the address may name one of its sections."""
    plan_id = look.get_id()
    plan = next((p for p in look.names.plans if p.id == plan_id), None)
    if plan is None or not look.viewer.limit_plans([plan_id]):
        raise NotHere
    sections = look.names.sections.get(plan_id, ())
    word = look.get_word("muc", 9)
    number = int(word) if word.isascii() and word.isdecimal() else LARGEST_ID
    section = next((s for s in sections if s.id == number), None)
    scope = look.viewer.make_scope([plan_id])
    query = look.viewer.make_query(look.today, [plan_id])
    if section is not None:
        query = replace(query, sections=(number,))
    section_id = section.id if section else None
    count = await look.look_up_once(
        ("plan", scope, section_id),
        lambda: count_plan_tasks(look.session, scope, section_id),
    )
    pager = Pager(look, count, TASKS_PER_PAGE)
    ids = await list_plan_tasks(look.session, scope, section_id, TASKS_PER_PAGE, pager.first)
    by_agency = await look.count_figures(query)
    return look.render(
        "plan.html",
        plan=plan,
        section=section,
        sections=sections,
        figures=sum((f.total for f in by_agency.values()), Figures()),
        groups=group_rows(make_task_rows(await load_task_views(look.session, ids), look.today)),
        pager=pager,
    )


def group_rows(rows: list[TaskListing]) -> list[tuple[str | None, list[TaskListing]]]:
    """Return the rows with the title of their section, in the order printed."""
    return [(title, list(some)) for title, some in groupby(rows, key=lambda row: row.section)]
