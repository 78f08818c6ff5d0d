"""What a person types for a deadline ("thứ 6 tuần sau"); see docs/dev/deadlines.md.

A pure function of the text and of today: the bot repeats the day to the person before it stores it.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from language.deadlines.cell import read_deadline_cell
from language.deadlines.context import get_doubt_text, make_doubtful_milestone
from language.deadlines.items import MIDNIGHT
from language.deadlines.relative_milestones import count_term
from language.deadlines.typed_deadline.counts import (
    add_quantities,
    list_about_days,
    list_months_or_days,
)
from language.deadlines.typed_deadline.words import (
    list_vague_days,
    rewrite_typed_words,
    says_no_day,
    says_past,
    split_alternatives,
)
from language.milestones import Milestone
from language.text import fold
from language.times.calendars import Calendar, load_default_calendar
from language.times.grammar import load_words
from language.times.periods import PlanYears, move_day
from language.times.scanner import DeadlineToken, fold_for_scan
from language.times.spans import format_hour, read_spans, read_unit, read_weekday
from language.times.windows import TimeWindow, find_windows, is_relative, load_chat_scanner
from language.typing_slips import mend_raw_telex

LONGEST_TYPED = 300  # characters; who types more is not typing a deadline
_PARTS = frozenset({"part", "month-part", "start", "middle", "end"})
_NEXT = _PARTS | {"weekday", "dom"}  # what names the next one that is not past
_REPEATS = frozenset({"every", "every-list", "rate", "ref", "units", "periodic"})
_TODAY = frozenset({"ahead", "now"})  # what begins today, so that nothing is before it
_WEEKS = frozenset({"week", "month-week"})
_MIDDLE_DAY = 15  # of a month (Bộ luật Dân sự 2015, Điều 146)
# "15.12", "15 12 2026": in a plan such numbers are no days.
_BARE_DAY = re.compile(r"^(\d{1,2})[ .-](\d{1,2})(?:[ .-](20\d\d))?$")
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TypedDeadline:
    """What was understood of a typed deadline.

    `milestones` is what it means, empty if it is not clear; `at` an hour "17:00". `candidates` are
    days to ask about, if several or none for certain may be meant ("tuần tới"). `reason` says why
    nothing was understood: "unread", "past", "lunar" for a day of the moon calendar, "impossible"
    for a day that the calendar does not have.
    """

    milestones: tuple[Milestone, ...] = ()
    at: str | None = None
    candidates: tuple[date, ...] = ()
    reason: str | None = None

    @property
    def only_day(self) -> date | None:
        """The last day, if exactly one deadline was understood."""
        deadlines = [day for milestone in self.milestones for day in milestone.deadlines]
        return deadlines.pop() if len(deadlines) == 1 else None


def read_typed_deadline(
    text: str, today: date, plan_years: PlanYears = None, calendar: Calendar | None = None
) -> TypedDeadline:
    """Return what a person means who types `text` for a deadline on `today`. Never raises.

    A day or month without a year is the next one from today on. What comes back does so in
    `plan_years` (default: the year of today), from today on. `calendar` gives the working days to
    choose from.
    """
    if len(text) <= LONGEST_TYPED:
        text = mend_raw_telex(text)
    folded = fold_for_scan(text)[1]
    if not folded or len(folded) > LONGEST_TYPED:
        return TypedDeadline(reason="unread")
    if says_past(folded):
        return TypedDeadline(reason="past")
    if says_no_day(folded):
        return TypedDeadline(reason="unread")
    calendar = calendar or load_default_calendar()
    text = rewrite_typed_words(text)
    parts = split_alternatives(text)
    if parts:
        found = _ask_between([_read_one(part, today, plan_years, calendar) for part in parts])
    else:
        found = _read_one(text, today, plan_years, calendar)
    days = tuple(day for day in found.candidates if day >= today)
    if found.candidates and not days:
        return TypedDeadline(reason="past")
    return replace(found, candidates=days)


def _ask_in_week(found: TypedDeadline, today: date, calendar: Calendar) -> TypedDeadline:
    """Return the working days of "tuần 2 tháng 9", for which people count weeks in several ways."""
    match found.milestones:
        case (Milestone(first_day=date() as first, last_day=date() as last),):
            days = _list_days(first, last, today, calendar)
            return TypedDeadline(candidates=days) if days else TypedDeadline(reason="past")
        case _:
            return found


def _list_days(first: date, last: date, today: date, calendar: Calendar) -> tuple[date, ...]:
    """Return the days of a week from today on, only the working ones if it has any."""
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    days = [day for day in days if day >= today]
    return tuple([day for day in days if calendar.is_working(day)] or days)


def _ask_between(found: list[TypedDeadline]) -> TypedDeadline:
    """Return the days of alternatives, to be asked about: "thứ 5 hoặc thứ 6"."""
    days = {day for one in found for day in (one.only_day, *one.candidates) if day}
    if not days or any(one.reason for one in found):
        return TypedDeadline(reason="unread")
    return TypedDeadline(candidates=tuple(sorted(days)))


def _read_one(text: str, today: date, plan_years: PlanYears, calendar: Calendar) -> TypedDeadline:
    """Return what one typed deadline means, in the words that the forms know."""
    readable, folded = fold_for_scan(text)
    tokens = load_chat_scanner(True).scan(folded)
    if any(token.kind == "lunar" or token.form.get("doubt") == "festival" for token in tokens):
        return TypedDeadline(reason="lunar")
    counted = _read_counts(folded, today)
    if counted:
        return counted
    named = _read_named_weekday(readable, tokens, today, plan_years, calendar)
    return named or _read_tokens(readable, folded, tokens, today, plan_years, calendar)


def _read_counts(folded: str, today: date) -> TypedDeadline | None:
    """Return quantities that add up, or the days that a vague one may mean."""
    day = add_quantities(folded, today)
    if day:
        return TypedDeadline((Milestone(kind="date", last_day=day, printed_day=day),))
    days = list_months_or_days(folded, today) or list_about_days(folded, today)
    days = days or tuple(today + timedelta(days=count) for count in list_vague_days(folded))
    return TypedDeadline(candidates=days) if days else None


def _read_named_weekday(
    readable: str,
    tokens: list[DeadlineToken],
    today: date,
    plan_years: PlanYears,
    calendar: Calendar,
) -> TypedDeadline | None:
    """Return a date that has its weekday beside it; where they disagree, both are asked about."""
    weekday = next((token for token in tokens if token.kind == "weekday"), None)
    day = next((token for token in tokens if token.kind in ("day", "dom", "month-pair")), None)
    if weekday is None or day is None:
        return None
    rest = f"{readable[: weekday.start]} {readable[weekday.end :]}".strip(" ,()-")
    found = _read_one(rest, today, plan_years, calendar)
    only, number = found.only_day, read_weekday(weekday)
    printed = [one.printed_day for one in found.milestones if only and one.printed_day]
    named = printed.pop() if printed else only
    if named is None or named.weekday() == number:
        return found
    near = [named + timedelta(days=shift) for shift in range(-3, 4)]
    return TypedDeadline(candidates=tuple(d for d in near if d == named or d.weekday() == number))


def _read_tokens(
    readable: str,
    folded: str,
    tokens: list[DeadlineToken],
    today: date,
    plan_years: PlanYears,
    calendar: Calendar,
) -> TypedDeadline:
    """Return what the tokens mean: seen from today first, then the official forms."""
    if any(token.kind in _REPEATS for token in tokens):
        official = _read_official_form(readable, today, plan_years, calendar)
        return official or TypedDeadline(reason="unread")
    if any(_is_spoken_time(token) for token in tokens):
        if any(token.kind == "dom" and not read_spans(token) for token in tokens):
            return TypedDeadline(reason="impossible")  # "ngày 32 tháng này"
        spoken = _read_spoken_time(readable, folded, tokens, today, calendar)
        if spoken and _is_past(spoken, today) and any(t.kind in _NEXT for t in tokens):
            tomorrow = today + _ONE_DAY  # "trước thứ 4" on a Wednesday
            spoken = _read_spoken_time(readable, folded, tokens, tomorrow, calendar)
        if spoken and _is_past(spoken, today) and _has_before(tokens):
            return TypedDeadline(reason="past")  # "trước tuần này"
        if spoken:
            return spoken
    readable = _BARE_DAY.sub(lambda day: "/".join(filter(None, day.groups())), readable)
    official = _read_official_form(readable, today, plan_years, calendar)
    if official and any(token.kind in _WEEKS for token in tokens):
        return _ask_in_week(official, today, calendar)
    if official and any(milestone.kind == "recurring" for milestone in official.milestones):
        # Nothing says that it comes back: "ngày 30 tháng sau" in January.
        return TypedDeadline(reason="impossible")
    return official or _guess_day(readable, today)


def _is_past(found: TypedDeadline, today: date) -> bool:
    return found.only_day is not None and found.only_day < today


# ---- what people say ---------------------------------------------------------------------------


def _is_spoken_time(token: DeadlineToken) -> bool:
    """Return whether a token is seen from today, or is a part or a day of a month."""
    return is_relative(token) or token.kind in _PARTS or token.kind == "dom"


def _read_spoken_time(
    readable: str, folded: str, tokens: list[DeadlineToken], today: date, calendar: Calendar
) -> TypedDeadline | None:
    """Return a time seen from today; None if there is not exactly one."""
    at, text = _take_hour(readable, folded, tokens)
    windows = find_windows(text, today, None, for_deadline=True)
    if len(windows) != 1:
        return None
    (window,) = windows
    tokens = load_chat_scanner(True).scan(fold_for_scan(text)[1])
    inside = [token for token in tokens if window.start <= token.start < window.end]
    if _has_before(inside) and any(token.kind in _TODAY for token in inside):
        return TypedDeadline(reason="unread")  # "trước 8 tháng tới", which begin today
    days = _list_days_to_ask(window, inside, today, calendar)
    if days:
        return TypedDeadline(at=at, candidates=days)
    milestone = _make_part_milestone(text, window, inside, today, at)
    milestone = milestone or _make_window_milestone(window, inside, at)
    return TypedDeadline((milestone,), at) if milestone else None


def _take_hour(readable: str, folded: str, tokens: list[DeadlineToken]) -> tuple[str | None, str]:
    """Return the hour as "17:00" and the text without it; "chiều mai 2h" is 14:00."""
    hour = next((token for token in tokens if token.kind == "hour"), None)
    if hour is None:
        return None, readable
    afternoon = not set(load_words("words", "afternoon")).isdisjoint(folded.split())
    before = readable[: hour.start].removesuffix("lúc ")
    behind = readable[hour.end :].removeprefix(" ")
    return format_hour(hour, afternoon=afternoon), f"{before}{behind}".strip(" ,")


def _list_days_to_ask(
    window: TimeWindow, inside: list[DeadlineToken], today: date, calendar: Calendar
) -> tuple[date, ...]:
    """Return the days to choose from if a week has no day, or today's weekday no week."""
    times = [token for token in inside if token.kind != "preposition"]
    first, last = window.first_day, window.last_day
    if len(times) != 1 or first is None or last is None:
        return ()
    (time,) = times
    if time.kind == "weekday" and first == today:
        return (today, today + _ONE_WEEK)
    if "unit" not in time.values or read_unit(time.values["unit"]) != "week":
        return ()
    if time.kind == "this":
        return _list_days(first, last, today, calendar)
    part = time.form.get("part")
    if part == "middle":
        return (first if first >= today else first + _ONE_WEEK,)
    return (first - _ONE_DAY, first, last) if part == "end" else ()


def _make_part_milestone(
    text: str, window: TimeWindow, inside: list[DeadlineToken], today: date, at: str | None
) -> Milestone | None:
    """Return "cuối tháng" as its last day, "đầu tháng" as the 1st, "giữa tháng" as the 15th.

    See Bộ luật Dân sự 2015, Điều 146; None for other times.
    """
    part = next((token for token in inside if token.kind in _PARTS), None)
    name = part.form.get("part", part.kind) if part else None
    if part is None or name not in ("start", "middle", "end"):
        return None
    windows = find_windows(text[part.start :], today, None, for_deadline=True)
    whole = next(iter(windows), window)
    first, last = whole.first_day, whole.last_day
    if first is None or last is None:
        return None
    spoken = "unit" in part.values
    unit: str = read_unit(part.values["unit"]) if spoken else part.form.get("unit", "month")
    middles = {"week": first, "year": first.replace(month=6, day=30)}
    middle = middles.get(unit) or first.replace(day=_MIDDLE_DAY)
    day = {"start": first, "middle": middle, "end": last}[name]
    if day < today and spoken:  # "đầu tuần" on a Friday
        day = move_day(day, 1, unit) or day
    # Before an hour of a day, that day is the last.
    last_day = day - _ONE_DAY if _has_before(inside) and at in (None, MIDNIGHT) else day
    return Milestone(kind="date", last_day=last_day, printed_day=day, at=at)


def _has_before(inside: list[DeadlineToken]) -> bool:
    return any(token.kind == "preposition" and token.form["role"] == "before" for token in inside)


def _make_window_milestone(
    window: TimeWindow, inside: list[DeadlineToken], at: str | None
) -> Milestone | None:
    """Return a window as a period or a date; None if its end is open."""
    first, last = window.first_day, window.last_day
    if last is None:
        return None
    if first and first != last:
        return Milestone(kind="period", first_day=first, last_day=last, at=at)
    printed = last + _ONE_DAY if _has_before(inside) else last
    # Before an hour of a day, that day is the last.
    last_day = last if at in (None, MIDNIGHT) else printed
    return Milestone(kind="date", last_day=last_day, printed_day=printed, at=at)


# ---- official forms, and dateparser ------------------------------------------------------------


def _read_official_form(
    text: str, today: date, plan_years: PlanYears, calendar: Calendar
) -> TypedDeadline | None:
    """Return the official reading, in the future if no year is named; None if it is unread."""
    found = read_deadline_cell(text, today.year, today)
    if any(milestone.kind == "recurring" for milestone in found):
        found = read_deadline_cell(text, plan_years or today.year, today)
    elif any(milestone.last_day and milestone.last_day < today for milestone in found):
        found = read_deadline_cell(text, today.year + 1, today)
    found = [_count_from_today(milestone, today, calendar) for milestone in found]
    doubts = {milestone.doubt for milestone in found}
    if get_doubt_text("after") in doubts:
        return TypedDeadline(reason="unread")  # "sau lễ 2/9" names no last day
    if found and not any(m.kind == "regulation" and m.doubt for m in found):
        return TypedDeadline(tuple(found), next((m.at for m in found if m.at), None))
    reasons = {get_doubt_text("impossible"): "impossible", get_doubt_text("past"): "past"}
    reason = next((reason for text, reason in reasons.items() if text in doubts), None)
    return TypedDeadline(reason=reason) if reason else None


def _count_from_today(milestone: Milestone, today: date, calendar: Calendar) -> Milestone:
    """Return a term without an event ("sau 3 ngày", "10 ngày kể từ hôm nay") counted from today."""
    if milestone.kind != "relative" or milestone.last_day:
        return milestone
    if milestone.after and fold(milestone.after) not in load_words("words", "today"):
        return milestone
    working = bool(milestone.working_days)
    day = count_term(today, milestone.days, milestone.months, calendar, working)
    if day < today:  # "trước 3 ngày", but before what?
        return make_doubtful_milestone("past")
    return Milestone(kind="date", last_day=day, printed_day=day, at=milestone.at)


def _guess_day(text: str, today: date) -> TypedDeadline:
    """Return the day that dateparser finds, only to be asked about: it guesses without a word."""
    import dateparser  # a second to import: only who types what we cannot read waits for it

    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "TIMEZONE": "Asia/Ho_Chi_Minh",
    }
    try:
        guess = dateparser.parse(text, languages=["vi"], settings=settings)
    except (ValueError, OverflowError):  # what it makes of rubbish may lie beyond the calendar
        guess = None
    if guess is None or guess.date() < today:
        return TypedDeadline(reason="unread")
    return TypedDeadline(candidates=(guess.date(),))
