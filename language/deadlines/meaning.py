"""What an item of a clause means in a plan: its milestones (deadlines.md). Not for how items are found or arranged."""

import re
from collections.abc import Iterator
from dataclasses import replace

from language.deadlines.context import Context, doubt_text, doubtful
from language.deadlines.items import Item
from language.deadlines.labels import Labels
from language.deadlines.one_time_milestones import from_now, once
from language.deadlines.recurrence import MONTHS, Repeat
from language.deadlines.recurring_milestones import recurring
from language.deadlines.relative_milestones import relative
from language.milestones import Milestone
from language.text import fold
from language.times.scanner import grammar


def milestones_of(item: Item, labels: Labels, context: Context) -> Iterator[Milestone]:
    """The milestones of one item, in the order printed; `labels` are those of its clause, asked for in that order."""
    what = labels.of(item)
    if item.kind == "time":
        yield from _of_time(item, what, labels, context)
    elif item.kind == "from-now":
        yield from_now(item, what, context)
    elif item.kind == "every":
        yield recurring(item, what, context)
    elif item.kind == "relative" and item.term:
        yield relative(item.term, what, labels, context)
    elif item.kind == "ongoing":
        first = item.spans[0].days(context.only_year or 0) if item.spans else None
        yield Milestone(what=what, kind="ongoing", first_day=first[0] if first else None)
    elif item.kind == "with":
        yield Milestone(what=what, kind="with", report=labels.text(*_behind_first_words(item, labels)))
    elif item.kind == "impossible":
        yield doubtful(item.doubt or "impossible", what, labels.text(item.start, item.end))
    elif item.kind == "periodic":
        yield doubtful("no_step", what)
    else:
        yield Milestone(what=what, kind="regulation", reference=_reference(item, labels))


def _behind_first_words(item: Item, labels: Labels) -> tuple[int, int]:
    """The host report of "cùng với báo cáo ...": from its own noun on."""
    at = re.search(r"(?:ky )?(?:bao cao|bc)", labels.folded(item.start, item.end))
    return (item.start + at.start() if at else item.start), item.end


def _reference(item: Item, labels: Labels) -> str | None:
    """ "theo kế hoạch của tỉnh" refers to "kế hoạch của tỉnh"; a bare "theo quy định" to nothing named."""
    text = labels.text(item.start, item.end)
    folded = fold(text or "")
    if text and folded.startswith("theo "):
        text = text[5:]
    return None if fold(text or "") in ("quy dinh", "qui dinh", "") else text


def _of_time(item: Item, what: str | None, labels: Labels, context: Context) -> Iterator[Milestone]:
    if item.units:
        yield from _of_units(item, what, labels, context)
        return
    for span in item.spans:
        one = item if len(item.spans) == 1 else replace(item, spans=[span])
        if not one.repeat and not (item.until or span).has_month and not one.refs:
            repeat = _report_repeat(what)
            if repeat is None:
                yield doubtful("day_alone", what, labels.text(item.start, item.end))
                continue
            one.repeat = repeat
            found = recurring(one, what, context)
            yield (
                found
                if repeat.months == 1 or item.period_end
                else found.model_copy(update={"doubt": doubt_text("report_unit")})
            )
        elif _comes_back(one, context):
            yield recurring(one, what, context)
        else:
            yield from once(one, what, context)


def _report_repeat(what: str | None) -> Repeat | None:
    """The rhythm that a report's name gives: "Báo cáo tháng: trước ngày 20"."""
    folded = fold(what or "")
    for unit, names in grammar()["labels"]["report_units"].items():
        if any(fold(name) in folded for name in names):
            return Repeat(months=MONTHS[unit])
    return None


def _comes_back(item: Item, context: Context) -> bool:
    """Rule 5: said to come back, of a "năm báo cáo", or without a year in a plan of several years."""
    if item.repeat or item.refs:
        return True
    if item.role == "from" and not item.until:
        return False
    end = item.until or item.span
    return not end.has_year and not item.span.has_year and context.years is not None and context.only_year is None


def _of_units(item: Item, what: str | None, labels: Labels, context: Context) -> Iterator[Milestone]:
    """ "ngày 20 của tháng/cuối quý báo cáo": a recurring milestone for each unit named."""
    several = len(item.units) > 1
    for unit, start, end in item.units:
        one = replace(item, units=[], repeat=Repeat(months=MONTHS[unit]))
        label = labels.text(start, end) if several else what
        yield recurring(one, label, context)
