"""Makes one ordered file from the registry, in whatever process it is called."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from types import ModuleType

from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import load_agency_names
from models.queries.calendar_rows import load_calendar_rows
from models.queries.figures import count_agency_figures, count_figures_by_day
from models.queries.status_rows import load_partner_names, stream_status_rows
from models.storage.database import Database
from reports.figure_table import sum_figures, translate
from reports.orders import FileKind, FileOrder, MadeFile, OrderFault, Tell


async def make_file(order: FileOrder, tell: Tell | None = None) -> MadeFile:
    """Return the file that `order` names. Raises OrderFault, RegistryError."""
    database = Database(order.url)
    try:
        async with database.read() as session:
            return await _MAKERS[order.kind](session, order, tell)
    finally:
        await database.close()


async def _make_sheet(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    from reports.sheet import write_status_sheet  # its library is slow to load

    partners = await load_partner_names(session, order.query)
    rows = stream_status_rows(session, order.query)
    content, figures, count = await write_status_sheet(
        rows, partners, order.about, order.today, tell
    )
    if not count:
        raise OrderFault("file-nothing")
    return MadeFile(content, asdict(figures) | {"rows": count})


async def _make_report(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    from reports.report import gather_report
    from reports.word import render_report

    values, figures, flow = await gather_report(session, order)
    return MadeFile(render_report(values, order.template), asdict(figures) | asdict(flow))


async def _compare_periods(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    from reports.report import load_stands

    now, before = await load_stands(session, order)
    figures = {
        name: asdict(stand.total)
        | asdict(stand.flow)
        | {"day": stand.day.isoformat(), "known": bool(stand.states)}
        for name, stand in (("now", now), ("before", before))
    }
    return MadeFile(b"", figures)


async def _draw_progress(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    chart = _load_chart_module()
    by_agency = await count_agency_figures(session, order.query)
    names = await load_agency_names(session)
    head = chart.ChartHead(order.about, order.today)
    return MadeFile(chart.draw_progress(by_agency, names, head), asdict(sum_figures(by_agency)))


async def _draw_timeline(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    chart = _load_chart_module()
    by_agency = await count_agency_figures(session, order.query)
    days, total = await count_figures_by_day(session, order.query), sum_figures(by_agency)
    head = chart.ChartHead(order.about, order.today)
    return MadeFile(chart.draw_timeline(days, total, head), asdict(total))


def _load_chart_module() -> ModuleType:
    """Return the module that draws. Raises OrderFault if its library is not installed."""
    try:
        return importlib.import_module("reports.chart")
    except ModuleNotFoundError as error:
        raise OrderFault("chart-missing") from error


async def _make_calendar(session: AsyncSession, order: FileOrder, tell: Tell | None) -> MadeFile:
    from reports.calendar_file import MOST_EVENTS, write_calendar

    rows = await load_calendar_rows(session, order.query, MOST_EVENTS + 1)
    live = [row for row in rows if not row.is_withdrawn]
    if not live:
        raise OrderFault("file-nothing")
    if len(rows) > MOST_EVENTS:
        raise OrderFault("calendar-too-large", most=MOST_EVENTS)
    name = translate("calendar-name", about=order.about)
    return MadeFile(write_calendar(rows, name, order.now), {"rows": len(live)})


_MAKERS = {
    FileKind.SHEET: _make_sheet,
    FileKind.REPORT: _make_report,
    FileKind.PROGRESS_CHART: _draw_progress,
    FileKind.TIMELINE_CHART: _draw_timeline,
    FileKind.CALENDAR: _make_calendar,
    FileKind.COMPARISON: _compare_periods,
}
