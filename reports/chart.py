"""Charts as PNG: the four classes by agency, and what is due by week.

Drawn with matplotlib's `Figure` alone: no window, no state of the process. Each class has a colour
that stays apart in red-green blindness, a pattern, and its number on the bar.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from models.queries.figures import AgencyFigures, Figures
from reports.figure_table import (
    CLASSES,
    COLOURS,
    AgencyRow,
    format_count,
    format_sums,
    list_agency_rows,
    name_class,
    sum_figures,
    translate,
)

MOST_BARS = 20  # agencies; the others are one bar
WEEKS_BEFORE, WEEKS_AFTER = 8, 12
DOTS = 144  # an inch: twice what a screen shows
WIDTH = 9.0  # inches
LONGEST_NAME = 34  # letters of a line
FONT = "DejaVu Sans"  # comes with matplotlib and has every Vietnamese letter
SMALLEST_SHARE = 0.035  # of the axis, so that a number fits into its part
MOST_TIMES = 2  # a sum of agencies is drawn at most so many times as long as the longest agency

_PATTERNS = {"done_in_time": "", "done_late": "//", "open_in_time": "", "open_late": "xx"}
_INKS = dict.fromkeys(CLASSES, "black") | {"done_in_time": "white", "open_late": "white"}


@dataclass(frozen=True)
class ChartHead:
    """What stands above a chart: what it is about, and the day."""

    about: str
    today: date


def draw_progress(
    by_agency: Mapping[int | None, AgencyFigures], names: Mapping[int, str], head: ChartHead
) -> bytes:
    """Return a PNG of stacked bars, the worst agency on top; collective work is one bar below."""
    agencies = [row for row in list_agency_rows(by_agency, names) if row.own.dated_total]
    shared = sum((figures.shared for figures in by_agency.values()), Figures())
    bars = _choose_bars(agencies, shared)
    canvas, axes = _start_canvas(1.9 + 0.36 * len(bars))
    places = list(range(len(bars)))
    left = [0] * len(bars)
    longest = max((row.own.dated_total for row in agencies), default=0) or 1
    limit = min(MOST_TIMES * longest, max([f.dated_total for _, f in bars], default=1) or 1)
    for name in CLASSES:
        counts = [int(getattr(figures, name)) for _, figures in bars]
        drawn = axes.barh(
            places,
            counts,
            left=left,
            height=0.72,
            **_style_bars(name),
        )
        labels = [
            format_count(count) if count >= SMALLEST_SHARE * limit and end <= limit else ""
            for count, end in zip(counts, (f.dated_total for _, f in bars), strict=True)
        ]
        numbers = axes.bar_label(drawn, labels, label_type="center", fontsize=8, zorder=3)
        _colour_numbers(numbers, name)
        left = [one + count for one, count in zip(left, counts, strict=True)]
    for place, (_, figures) in enumerate(bars):
        if figures.dated_total > limit:  # too long to be drawn whole: its numbers are written
            _write_sums(axes, place, figures)
    axes.set_xlim(0, limit * 1.02)
    axes.set_yticks(places, [name for name, _ in bars], fontsize=9)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _finish_axes(axes, translate("chart-axis"))
    return _save_canvas(canvas, axes, "chart-progress", head, sum_figures(by_agency))


def _write_sums(axes: Any, place: int, figures: Figures) -> None:
    """Write the sums of a bar that goes on beyond the edge."""
    text = translate("chart-beyond", **format_sums(figures))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    style = {"ha": "center", "va": "center", "fontsize": 8, "bbox": box}
    axes.annotate(text, (0.5, place), xycoords=("axes fraction", "data"), **style)


def _colour_numbers(numbers: Sequence[Any], name: str) -> None:
    """Let numbers be read on the colour of their class; a pattern is left out behind them."""
    for number in numbers:
        number.set_color(_INKS[name])
        if _PATTERNS[name] and number.get_text():
            number.set_bbox({"facecolor": f"#{COLOURS[name]}", "edgecolor": "none", "pad": 1.0})


def _choose_bars(agencies: Sequence[AgencyRow], shared: Figures) -> list[tuple[str, Figures]]:
    """Return the bars with their names: the worst agencies, the others, what is shared."""
    bars = [(_fold_name(row.name), row.own) for row in agencies[:MOST_BARS]]
    rest = agencies[MOST_BARS:]
    if rest:
        others = sum((row.own for row in rest), Figures())
        bars.append((translate("chart-others", count=len(rest)), others))
    if shared.dated_total:
        bars.append((translate("chart-shared"), shared))
    return bars


def draw_timeline(days: Mapping[date, Figures], total: Figures, head: ChartHead) -> bytes:
    """Return a PNG of what is due by week, as it stands today, with a line for today.

    `days` are the figures of the work that is due on each day, `total` those of all work.
    """
    monday = head.today - timedelta(days=head.today.weekday())
    weeks = [monday + timedelta(weeks=n) for n in range(-WEEKS_BEFORE, WEEKS_AFTER + 1)]
    by_week = {week: Figures() for week in weeks}
    for day, figures in days.items():
        week = day - timedelta(days=day.weekday())
        if week in by_week:
            by_week[week] += figures
    canvas, axes = _start_canvas(4.6)
    places = list(range(len(weeks)))
    bottom = [0] * len(weeks)
    for name in CLASSES:
        counts = [int(getattr(by_week[week], name)) for week in weeks]
        axes.bar(
            places,
            counts,
            bottom=bottom,
            width=0.8,
            **_style_bars(name),
        )
        bottom = [one + count for one, count in zip(bottom, counts, strict=True)]
    for place, count in zip(places, bottom, strict=True):
        if count:
            axes.annotate(
                format_count(count),
                (place, count),
                ha="center",
                va="bottom",
                fontsize=8,
                xytext=(0, 1),
                textcoords="offset points",
            )
    _mark_today(axes, WEEKS_BEFORE - 0.5 + (head.today - monday).days / 7)
    axes.set_xticks(places, [f"{week:%d/%m}" for week in weeks], fontsize=8, rotation=60)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(y=0.12)
    _finish_axes(axes, translate("chart-axis-week"))
    return _save_canvas(canvas, axes, "chart-timeline", head, total)


def _mark_today(axes: Any, place: float) -> None:
    axes.axvline(place, color="black", linewidth=1.2, linestyle="--")
    axes.annotate(
        translate("chart-today"),
        (place, 1.0),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        fontsize=9,
    )


def _start_canvas(height: float) -> tuple[Canvas, Any]:
    canvas = Canvas(figsize=(WIDTH, height), dpi=DOTS, layout="constrained")
    FigureCanvasAgg(canvas)
    return canvas, canvas.add_subplot()


def _style_bars(name: str) -> dict[str, Any]:
    """Return how the bars of a class look, and its name for the legend."""
    drawn = {"color": f"#{COLOURS[name]}", "hatch": _PATTERNS[name], "edgecolor": "white"}
    return {"label": name_class(name), "linewidth": 0.6, **drawn}


def _finish_axes(axes: Any, label: str) -> None:
    axes.set_xlabel(label, fontsize=9)
    axes.tick_params(axis="both", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _save_canvas(canvas: Canvas, axes: Any, message: str, head: ChartHead, total: Figures) -> bytes:
    """Add the title, what it is about and the legend; return the PNG."""
    title = translate(message)
    about = "\n".join(textwrap.wrap(head.about, 95)[:2])
    sums = translate("chart-sums", day=head.today, **format_sums(total))
    below = axes.set_title(f"{about}\n{sums}\n", fontsize=9)
    axes.annotate(  # in the middle of the bars, as the lines below it
        title,
        (0.5, 1),
        xycoords=below,
        xytext=(0, 4),
        textcoords="offset points",
        **{"ha": "center", "va": "bottom", "fontsize": 14, "fontweight": "bold"},
        fontfamily=FONT,
    )
    canvas.legend(loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    content = BytesIO()
    canvas.savefig(content, format="png")
    return content.getvalue()


def _fold_name(name: str) -> str:
    """Return a name in lines that fit beside a bar."""
    return "\n".join(textwrap.wrap(name, LONGEST_NAME)[:2])
