"""Files of what a page shows: the same that the bot sends, made in a process of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from handlers.files.periods import find_month
from locales.answer import say
from locales.fluent import load_sentences
from models.queries.task_query import TaskQuery
from reports.orders import FileKind, FileOrder, OrderFault
from web.looks import Look, NotHere
from web.rendering import render_page

KINDS = {
    "xlsx": FileKind.SHEET,
    "docx": FileKind.REPORT,
    "png": FileKind.PROGRESS_CHART,
    "ics": FileKind.CALENDAR,
}
"""What may be taken away, by the ending of the address."""

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "ics": "text/calendar; charset=utf-8",
}
"""The kind of content, by the same ending."""

NOTHING = "file-nothing"  # the sentence of an order that means no task


@dataclass(frozen=True)
class ShownWork:
    """The work that a page shows: the query, and what it is in words."""

    query: TaskQuery
    about: str


FindWork = Callable[[Look], Awaitable[ShownWork]]
"""Return the work of a page. Raises NotHere for whoever may not see it."""


def make_download(find_work: FindWork) -> Callable[[Look], Awaitable[Response]]:
    """Return the page that sends the work of `find_work` as a file of the address's ending."""

    async def send_file(look: Look) -> Response:
        ending = look.request.path_params["ending"]
        if ending not in KINDS:
            raise NotHere
        order = order_file(look, KINDS[ending], await find_work(look))
        await look.session.close()  # making may take a while: the connection is for others
        try:
            made = await look.context.app.files.make_file(order)
        except OrderFault as fault:
            status = 404 if fault.sentence.id == NOTHING else 503
            return render_page("message.html", status, message=fault.sentence)
        name = load_sentences().to_text(say(f"file-name-{order.kind.value}"))
        file_name = f"{name}-{look.today:%Y-%m-%d}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{file_name}"'}
        return Response(made.content, headers=headers, media_type=TYPES[ending])

    return send_file


def order_file(look: Look, kind: FileKind, work: ShownWork) -> FileOrder:
    """Return the order of a file about `work`; a report is of the month."""
    app, homes = look.context.app, look.viewer.home_agency_ids
    return FileOrder(
        kind,
        app.database.given_url,
        work.query,
        work.about,
        look.now,
        period=find_month(look.today) if kind is FileKind.REPORT else None,
        agency=look.names.agency_names.get(homes[0]) if homes else None,
        template=app.options.report_template,
    )


async def find_province_work(look: Look) -> ShownWork:
    """Return all work that the viewer may see."""
    plans = look.list_plans()
    query = look.viewer.make_query(look.today, [p.id for p in plans if p.id is not None])
    if not query.plans:
        raise NotHere
    return ShownWork(query, ", ".join(plan.full_name for plan in plans))


async def find_plan_work(look: Look) -> ShownWork:
    """Return the work of the plan in the address."""
    plan_id = look.get_id()
    plan = next((p for p in look.names.plans if p.id == plan_id), None)
    if plan is None or not look.viewer.limit_plans([plan_id]):
        raise NotHere
    return ShownWork(look.viewer.make_query(look.today, [plan_id]), plan.full_name)


async def find_agency_work(look: Look) -> ShownWork:
    """Return the work that the agency in the address leads."""
    agency_id = look.get_id()
    name = look.names.agency_names.get(agency_id)
    if name is None or not look.viewer.may_see_agency(agency_id):
        raise NotHere
    return _show_agency_work(look, agency_id, name)


async def find_home_work(look: Look) -> ShownWork:
    """Return the work of the agency that the viewer works in; of all agencies without one."""
    if not look.viewer.home_agency_ids:
        return await find_province_work(look)
    agency_id = look.viewer.home_agency_ids[0]
    name = look.names.agency_names.get(agency_id)
    if name is None:
        raise NotHere
    return _show_agency_work(look, agency_id, name)


def _show_agency_work(look: Look, agency_id: int, name: str) -> ShownWork:
    """Return the work of an agency in the plans that count. Raises NotHere if there are none."""
    query = look.make_agency_query(agency_id)
    if not query.plans:  # a query of no plan would mean all
        raise NotHere
    return ShownWork(query, name)
