"""What an item of a clause means in a plan: its milestones (deadlines.md). Not for how items are found or arranged."""

import re
from collections.abc import Iterator
from dataclasses import replace

from language.deadlines.context import DeadlineContext, get_doubt_text, make_doubtful_milestone
from language.deadlines.items import Item
from language.deadlines.labels import Labels
from language.deadlines.one_time_milestones import make_from_now_milestone, make_one_time_milestones
from language.deadlines.recurrence import MONTHS_OF_UNIT, Repeat
from language.deadlines.recurring_milestones import make_recurring_milestone
from language.deadlines.relative_milestones import make_relative_milestone
from language.milestones import Milestone
from language.text import fold
from language.times.grammar import load_grammar


def make_milestones(item: Item, labels: Labels, context: DeadlineContext) -> Iterator[Milestone]:
    """The milestones of one item, in the order printed; `labels` are those of its clause, asked for in that order."""
    what = labels.read_label(item)
    if item.kind == "time":
        yield from _make_time_milestones(item, what, labels, context)
    elif item.kind == "from-now":
        yield make_from_now_milestone(item, what, context)
    elif item.kind == "every":
        yield make_recurring_milestone(item, what, context)
    elif item.kind == "relative" and item.term:
        yield make_relative_milestone(item.term, what, labels, context)
    elif item.kind == "ongoing":
        first = item.spans[0].find_days(context.only_year or 0) if item.spans else None
        yield Milestone(what=what, kind="ongoing", first_day=first[0] if first else None)
    elif item.kind == "with":
        yield Milestone(
            what=what, kind="with", report=labels.cut_text(*_locate_host_report(item, labels))
        )
    elif item.kind == "impossible":
        yield make_doubtful_milestone(
            item.doubt or "impossible", what, labels.cut_text(item.start, item.end)
        )
    elif item.kind == "periodic":
        yield make_doubtful_milestone("no_step", what)
    else:
        yield Milestone(what=what, kind="regulation", reference=_read_reference(item, labels))


def _locate_host_report(item: Item, labels: Labels) -> tuple[int, int]:
    """The host report of "cùng với báo cáo ...": from its own noun on."""
    at = re.search(r"(?:ky )?(?:bao cao|bc)", labels.cut_folded_text(item.start, item.end))
    return (item.start + at.start() if at else item.start), item.end


def _read_reference(item: Item, labels: Labels) -> str | None:
    """ "theo kế hoạch của tỉnh" refers to "kế hoạch của tỉnh"; a bare "theo quy định" to nothing named."""
    text = labels.cut_text(item.start, item.end)
    folded = fold(text or "")
    if text and folded.startswith("theo "):
        text = text[5:]
    return None if fold(text or "") in ("quy dinh", "qui dinh", "") else text


def _make_time_milestones(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Iterator[Milestone]:
    if item.units:
        yield from _make_unit_milestones(item, what, labels, context)
        return
    for span in item.spans:
        one = item if len(item.spans) == 1 else replace(item, spans=[span])
        if not one.repeat and not (item.until or span).has_month and not one.references:
            repeat = _find_report_repeat(what)
            if repeat is None:
                yield make_doubtful_milestone(
                    "day_alone", what, labels.cut_text(item.start, item.end)
                )
                continue
            one.repeat = repeat
            found = make_recurring_milestone(one, what, context)
            yield (
                found
                if repeat.months == 1 or item.is_period_end
                else found.model_copy(update={"doubt": get_doubt_text("report_unit")})
            )
        elif _is_recurring(one, context):
            yield make_recurring_milestone(one, what, context)
        else:
            yield from make_one_time_milestones(one, what, context)


def _find_report_repeat(what: str | None) -> Repeat | None:
    """The rhythm that a report's name gives: "Báo cáo tháng: trước ngày 20"."""
    folded = fold(what or "")
    for unit, names in load_grammar()["labels"]["report_units"].items():
        if any(fold(name) in folded for name in names):
            return Repeat(months=MONTHS_OF_UNIT[unit])
    return None


def _is_recurring(item: Item, context: DeadlineContext) -> bool:
    """Rule 5: said to come back, of a "năm báo cáo", or without a year in a plan of several years."""
    if item.repeat or item.references:
        return True
    if item.role == "from" and not item.until:
        return False
    end = item.until or item.first_span
    return (
        not end.has_year
        and not item.first_span.has_year
        and context.years is not None
        and context.only_year is None
    )


def _make_unit_milestones(
    item: Item, what: str | None, labels: Labels, context: DeadlineContext
) -> Iterator[Milestone]:
    """ "ngày 20 của tháng/cuối quý báo cáo": a recurring milestone for each unit named."""
    several = len(item.units) > 1
    for unit, start, end in item.units:
        one = replace(item, units=[], repeat=Repeat(months=MONTHS_OF_UNIT[unit]))
        label = labels.cut_text(start, end) if several else what
        yield make_recurring_milestone(one, label, context)
