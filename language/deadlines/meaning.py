"""What an item of a clause means in a plan: its milestones (docs/dev/deadlines.md).

Not for how items are read (`item_reader`) or arranged (`arrangement`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from language.deadlines.context import (
    DeadlineContext,
    add_doubt,
    get_doubt_text,
    make_doubtful_milestone,
)
from language.deadlines.items import Item
from language.deadlines.labels import Labels
from language.deadlines.one_time_milestones import make_from_now_milestone, make_one_time_milestones
from language.deadlines.recurrence import Repeat
from language.deadlines.recurring_milestones import make_recurring_milestone
from language.deadlines.relative_milestones import make_relative_milestone
from language.milestones import Milestone
from language.text import fold
from language.times.grammar import load_grammar, load_words
from language.times.periods import MONTHS_OF_UNIT

_REPORT = re.compile(r"(?:ky )?(?:bao cao|bc)")


def make_milestones(item: Item, labels: Labels, context: DeadlineContext) -> Iterator[Milestone]:
    """Yield the milestones of one item, in the order printed.

    `labels` are those of its clause; items must come in the order of the text.
    """
    what = labels.read_label(item)
    for milestone in _make_item_milestones(item, what, labels, context):
        yield add_doubt(milestone, item.doubt) if item.doubt else milestone


def _make_item_milestones(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Iterator[Milestone]:
    if item.kind == "time":
        yield from _make_time_milestones(item, what, labels, context)
    elif item.kind == "from-now":
        yield make_from_now_milestone(item, what, context)
    elif item.kind == "every":
        yield make_recurring_milestone(item, what, context)
    elif item.term:
        yield make_relative_milestone(item.term, what, labels, context)
    elif item.kind == "ongoing":
        first = item.first_span.find_days(context.only_year) if item.spans else None
        yield Milestone(what=what, kind="ongoing", first_day=first[0] if first else None)
    elif item.kind == "with":
        yield Milestone(what=what, kind="with", report=_read_host_report(item, labels))
    elif item.kind == "impossible":
        text = labels.cut_text(item.start, item.end)
        yield make_doubtful_milestone(item.doubt or "impossible", what, text)
    elif item.kind == "periodic":
        yield make_doubtful_milestone("no_step", what)
    else:
        yield Milestone(what=what, kind="regulation", reference=_read_reference(item, labels))


def _read_host_report(item: Item, labels: Labels) -> str | None:
    """Return the report of "cùng với báo cáo ...", from its own noun on."""
    noun = _REPORT.search(labels.cut_folded_text(item.start, item.end))
    return labels.cut_text(item.start + noun.start() if noun else item.start, item.end)


def _read_reference(item: Item, labels: Labels) -> str | None:
    """Return what "theo kế hoạch của tỉnh" refers to; None for a bare "theo quy định"."""
    text = labels.cut_text(item.start, item.end) or ""
    if fold(text).startswith("theo "):
        text = text[len("theo ") :]
    return None if not text or fold(text) in load_words("labels", "no_reference") else text


def _make_time_milestones(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Iterator[Milestone]:
    if item.units:
        yield from _make_unit_milestones(item, what, labels, context)
        return
    if item.plan_year is not None and context.years:
        year = context.years[item.plan_year]  # "năm cuối kỳ kế hoạch"
        item = replace(item, spans=[span.with_year(year) for span in item.spans])
    for span in item.spans:
        one = item if len(item.spans) == 1 else replace(item, spans=[span])
        if not one.repeat and _is_of_next_month(one):
            one.repeat = _find_report_repeat(what)
        if not one.repeat and not (item.until or span).has_month and not one.references:
            yield _make_day_milestone(one, what, labels, context)
        elif _is_recurring(one, context):
            yield make_recurring_milestone(one, what, context)
        else:
            yield from make_one_time_milestones(one, what, context)


def _is_of_next_month(item: Item) -> bool:
    """Return whether a day is of the month behind what the report's name says."""
    refers = [(ref.form["unit"], ref.form["shift"]) for ref in item.references]
    return refers == [("month", 1)] and not item.last_span.has_month


def _make_day_milestone(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Milestone:
    """Return the milestone of a day alone: a doubt, unless the report's name says how often."""
    item.repeat = _find_report_repeat(what)
    if item.repeat is None:
        text = labels.cut_text(item.start, item.end)
        return make_doubtful_milestone("day_alone", what, text)
    found = make_recurring_milestone(item, what, context)
    if item.repeat.months == 1 or item.is_period_end:
        return found
    return found.model_copy(update={"doubt": get_doubt_text("report_unit")})


def _find_report_repeat(what: str | None) -> Repeat | None:
    """Return how often a report is due by its name: "Báo cáo tháng: trước ngày 20"."""
    folded = fold(what or "")
    for unit, names in load_grammar()["labels"]["report_units"].items():
        if any(fold(name) in folded for name in names):
            return Repeat(months=MONTHS_OF_UNIT[unit])
    return None


def _is_recurring(item: Item, context: DeadlineContext) -> bool:
    """Return whether a time comes back (docs/dev/deadlines.md rule 5).

    It does if the text says so, or refers to a "năm báo cáo", or has no year in a plan of several.
    """
    if item.repeat:
        return True
    if item.role == "from" and not item.until:
        return any(ref.form["unit"] != "year" for ref in item.references)
    if item.references:
        return True
    if item.first_span.has_year or (item.until and item.until.has_year):
        return False
    return context.years is not None and context.only_year is None


def _make_unit_milestones(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Iterator[Milestone]:
    """Yield what comes back for each unit of "ngày 20 của tháng, cuối quý báo cáo"."""
    several = len(item.units) > 1
    for unit, start, end in item.units:
        one = replace(item, units=[], repeat=Repeat(months=MONTHS_OF_UNIT[unit]))
        label = labels.cut_text(start, end) if several else what
        yield make_recurring_milestone(one, label, context)
