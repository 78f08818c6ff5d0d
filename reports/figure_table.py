"""The figures by agency as every file shows them: the four classes, fit to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from locales.answer import say
from locales.fluent import load_sentences
from models.queries.figures import AgencyFigures, Figures, rank_agencies
from models.queries.periods import Period, PeriodKind

CLASSES = ("done_in_time", "done_late", "open_in_time", "open_late")
"""The four classes of government reporting, as fields of `Figures`."""

COLOURS = {
    "done_in_time": "1B5E9E",
    "done_late": "8FC1E3",
    "open_in_time": "D9D9D9",
    "open_late": "C44900",
}
"""A colour for each class, told apart in red-green blindness and in grey."""


@dataclass(frozen=True)
class AgencyRow:
    """The figures of one agency; `own` may be compared, `shared` comes through a collective."""

    name: str
    own: Figures
    shared: Figures


def list_agency_rows(
    by_agency: Mapping[int | None, AgencyFigures], names: Mapping[int, str]
) -> list[AgencyRow]:
    """Return a row for each agency, the worst first, those with nothing to compare last."""
    nameless = translate("no-agency")
    return [
        AgencyRow(names.get(agency_id or 0, nameless), figures.own, figures.shared)
        for agency_id, figures in rank_agencies(by_agency, names)
    ]


def sum_figures(by_agency: Mapping[int | None, AgencyFigures]) -> Figures:
    """Return the figures of all agencies together."""
    return sum((figures.total for figures in by_agency.values()), Figures())


def translate(message_id: str, **values: object) -> str:
    """Return the sentence `message_id` as text."""
    return load_sentences().to_text(say(message_id, **values))


def name_class(name: str) -> str:
    """Return the words for a class ("done_in_time" ...), or for "suspended"."""
    return translate(f"class-{name.replace('_', '-')}")


def name_period(period: Period) -> str:
    """Return what a period is called: "tháng 11 năm 2026", "quý IV năm 2026"."""
    if period.kind is PeriodKind.WEEK:
        return translate("period-week", first=period.first, last=period.last)
    year = str(period.first.year)
    return translate(f"period-{period.kind.value}", number=period.number, year=year)


def format_sums(figures: Figures) -> dict[str, str | int]:
    """Return the figures that a sentence about them names, as officials write them."""
    return {
        "count": format_count(figures.dated_total),
        "done": format_count(figures.done_total),
        "percent": figures.percent_done,
        "late": format_count(figures.open_late),
    }


def format_count(count: int) -> str:
    """Return a number as officials write it: "1.234"."""
    return f"{count:,}".replace(",", ".")
