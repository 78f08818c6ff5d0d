"""What a person types for a deadline: official forms, what people say ("thứ 6 tuần sau"), dateparser last.

A pure function of the text and of today. The bot repeats the day it understood before it stores it (deadlines.md).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from language.deadlines.cell import read_deadline_cell
from language.deadlines.context import PlanYears
from language.deadlines.items import HOURS_OF_DAY
from language.milestones import Milestone
from language.text import fold
from language.times.calendars import Calendar, load_default_calendar
from language.times.grammar import load_grammar
from language.times.scanner import DeadlineToken, fold_for_scan
from language.times.spans import add_months, find_week, read_unit
from language.times.windows import TimeWindow, find_windows, is_relative, load_chat_scanner

LONGEST_TYPED = 300  # characters; who types more is not typing a deadline
_PARTS = frozenset({"part", "month-part", "start", "middle", "end"})
_REPEATS = frozenset({"every", "every-list", "rate", "ref", "units", "periodic"})
_MIDDLE_DAY = 15  # of a month (Bộ luật Dân sự 2015, Điều 146)
_LONGEST_THIRD = 40  # days: the parts of a month and a quarter are shorter, those of a year longer
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_BARE_DAY = re.compile(
    r"^(\d{1,2})[ .-](\d{1,2})(?:[ .-](20\d\d))?$"
)  # "15.12", "15 12 2026": only who types is so short
_AFTERNOON = ("chieu", "toi")


@dataclass(frozen=True, slots=True)
class TypedDeadline:
    """What was understood of a typed deadline.

    `milestones` is what it means, empty if it is not clear; `at` an hour "17:00". `candidates` are days to ask about
    where several, or none for certain, may be meant ("tuần tới"). `reason` says why nothing was understood: "unread" or
    "impossible" (a day that the calendar does not have).
    """

    milestones: tuple[Milestone, ...] = ()
    at: str | None = None
    candidates: tuple[date, ...] = ()
    reason: str | None = None

    @property
    def only_day(self) -> date | None:
        """The last day, where a single milestone with a single deadline was understood."""
        deadlines = [day for milestone in self.milestones for day in milestone.deadlines]
        return deadlines[0] if len(deadlines) == 1 else None


def read_typed_deadline(
    text: str, today: date, plan_years: PlanYears = None, calendar: Calendar | None = None
) -> TypedDeadline:
    """What a person means who types `text` for a deadline on `today`.

    A day or month without a year is the next one from today on; what comes back does so in `plan_years` (default: the
    year of today), from today on. `calendar` gives the working days to choose from. Never raises.
    """
    readable, folded = fold_for_scan(text)
    if not folded or len(folded) > LONGEST_TYPED:
        return TypedDeadline(reason="unread")
    calendar = calendar or load_default_calendar()
    tokens = load_chat_scanner(True).scan(folded)
    if any(token.kind in _REPEATS for token in tokens):
        return _read_official_form(readable, today, plan_years, calendar) or TypedDeadline(
            reason="unread"
        )
    if any(_is_spoken_time(token) for token in tokens):
        said = _read_spoken_time(readable, folded, tokens, today, calendar)
        if said:
            return said
    readable = _BARE_DAY.sub(lambda day: "/".join(filter(None, day.groups())), readable)
    official = _read_official_form(readable, today, plan_years, calendar)
    if official and any(milestone.kind == "recurring" for milestone in official.milestones):
        return TypedDeadline(
            reason="impossible"
        )  # nothing said that it comes back: "ngày 30 tháng sau" in January
    return official or _guess_day(readable, today)


def _is_spoken_time(token: DeadlineToken) -> bool:
    """Whether the token is said from today's point of view, or a part or a day of a month without its own rule."""
    return is_relative(token) or token.kind in _PARTS or token.kind == "dom"


# ---- what people say -------------------------------------------------------------------------------------------------


def _read_spoken_time(
    readable: str, folded: str, tokens: list[DeadlineToken], today: date, calendar: Calendar
) -> TypedDeadline | None:
    """A time seen from today; None if there is not exactly one."""
    at, without_hour = _take_hour(readable, folded, tokens)
    windows = find_windows(without_hour, today, None, typed=True)
    if len(windows) != 1:
        return None
    window = windows[0]
    inside = [
        t
        for t in load_chat_scanner(True).scan(fold_for_scan(without_hour)[1])
        if window.start <= t.start < window.end
    ]
    days = _list_days_to_ask(window, inside, today, calendar)
    if days:
        return TypedDeadline(at=at, candidates=days)
    milestone = _make_part_milestone(
        without_hour, window, inside, today, at
    ) or _make_window_milestone(window, inside, at)
    return TypedDeadline((milestone,), at) if milestone else None


def _take_hour(readable: str, folded: str, tokens: list[DeadlineToken]) -> tuple[str | None, str]:
    """The hour said, as "17:00", and the text without it; "chiều mai 2h" is 14:00."""
    hour = next((token for token in tokens if token.kind == "hour"), None)
    if hour is None:
        return None, readable
    number = int(hour.values["hh"])
    afternoon = hour.form.get("afternoon") or any(word in folded.split() for word in _AFTERNOON)
    number += 12 if afternoon and number < 12 else 0
    at = (
        f"{number:02d}:{int(hour.values.get('mm', 0)):02d}" if number < HOURS_OF_DAY else None
    )  # "24h" is the end of the day
    return (
        at,
        f"{readable[: hour.start].removesuffix('lúc ')}{readable[hour.end :].removeprefix(' ')}".strip(
            " ,"
        ),
    )


def _list_days_to_ask(
    window: TimeWindow, inside: list[DeadlineToken], today: date, calendar: Calendar
) -> tuple[date, ...]:
    """The days to choose from where a week is named without its day, or today's weekday without its week."""
    times = [token for token in inside if token.kind != "preposition"]
    if len(times) != 1 or window.first_day is None or window.last_day is None:
        return ()
    if times[0].kind == "weekday" and window.first_day == today:
        return (today, today + timedelta(days=7))
    week = (
        window.first_day >= find_week(window.first_day)[0]
        and window.last_day == find_week(window.first_day)[1]
    )
    if times[0].kind not in ("this", "part") or not week or window.single:
        return ()
    first = (
        window.first_day - timedelta(days=1)
        if times[0].form.get("part") == "end"
        else window.first_day
    )
    days = [first + timedelta(days=i) for i in range((window.last_day - first).days + 1)]
    open_days = [day for day in days if day >= today]
    working = [day for day in open_days if calendar.is_working(day)]
    return tuple(open_days if times[0].kind == "part" or not working else working)


def _make_part_milestone(
    text: str, window: TimeWindow, inside: list[DeadlineToken], today: date, at: str | None
) -> Milestone | None:
    """ "cuối tháng" as its last day, "đầu tháng" as the 1st, "giữa tháng" as the 15th (Điều 146); else None."""
    part = next((token for token in inside if token.kind in _PARTS), None)
    name = part.form.get("part", part.kind) if part else None
    if part is None or name not in ("start", "middle", "end"):
        return None
    whole = next(iter(find_windows(text[part.start :], today, None, typed=True)), window)
    if whole.first_day is None or whole.last_day is None:
        return None
    long = (whole.last_day - whole.first_day).days > _LONGEST_THIRD or name == part.kind
    middle = (
        whole.first_day.replace(month=6, day=30)
        if long
        else whole.first_day.replace(day=_MIDDLE_DAY)
    )
    day = {"start": whole.first_day, "middle": middle, "end": whole.last_day}[name]
    unit = read_unit(part.values["unit"]) if "unit" in part.values else None
    if day < today and unit in _UNIT_MONTHS:
        day = add_months(day, _UNIT_MONTHS[unit])
    before = _has_before(inside)
    return Milestone(kind="date", last_day=day - timedelta(days=before), printed_day=day, at=at)


def _has_before(inside: list[DeadlineToken]) -> bool:
    return any(token.kind == "preposition" and token.form["role"] == "before" for token in inside)


def _make_window_milestone(
    window: TimeWindow, inside: list[DeadlineToken], at: str | None
) -> Milestone | None:
    before = _has_before(inside)
    if window.last_day is None:
        return None
    if window.first_day and window.first_day != window.last_day:
        return Milestone(kind="period", first_day=window.first_day, last_day=window.last_day, at=at)
    if before and at:  # before an hour of a day: that day is the last
        day = window.last_day + timedelta(days=1)
        return Milestone(kind="date", last_day=day, printed_day=day, at=at)
    printed = window.last_day + timedelta(days=1) if before else window.last_day
    return Milestone(kind="date", last_day=window.last_day, printed_day=printed, at=at)


# ---- official forms, and dateparser ----------------------------------------------------------------------------------


def _read_official_form(
    text: str, today: date, plan_years: PlanYears, calendar: Calendar
) -> TypedDeadline | None:
    """The official reading, in the future where no year is said; None if it understood nothing."""
    found = read_deadline_cell(text, today.year, today)
    if any(milestone.kind == "recurring" for milestone in found):
        found = read_deadline_cell(text, plan_years or today.year, today)
    elif any(milestone.last_day and milestone.last_day < today for milestone in found):
        found = read_deadline_cell(text, today.year + 1, today)
    found = [_count_from_today(milestone, today, calendar) for milestone in found]
    after = load_grammar()["doubts"]["after"]
    if any(milestone.doubt == after for milestone in found):
        return TypedDeadline(reason="unread")  # "sau lễ 2/9" names no last day
    understood = tuple(
        milestone for milestone in found if milestone.kind != "regulation" or not milestone.doubt
    )
    if understood and len(understood) == len(found):
        return TypedDeadline(
            understood, next((milestone.at for milestone in understood if milestone.at), None)
        )
    impossible = load_grammar()["doubts"]["impossible"]
    return TypedDeadline(reason="impossible") if any(m.doubt == impossible for m in found) else None


def _count_from_today(milestone: Milestone, today: date, calendar: Calendar) -> Milestone:
    """A term without an event ("sau 3 ngày", "10 ngày kể từ hôm nay") counted from today."""
    event = fold(milestone.after or "")
    if (
        milestone.kind != "relative"
        or milestone.last_day
        or event not in ("", "hom nay", "nay", "bay gio")
    ):
        return milestone
    if milestone.months is not None:
        day = add_months(today, milestone.months)
    elif milestone.working_days:
        day = calendar.add_working_days(today, milestone.days or 0)
    else:
        day = today + timedelta(days=milestone.days or 0)
    return Milestone(kind="date", last_day=day, printed_day=day, at=milestone.at)


def _guess_day(text: str, today: date) -> TypedDeadline:
    """What dateparser makes of the text: only a day to ask about, because it guesses without a word (deadlines.md)."""
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
    return TypedDeadline(candidates=(guess.date(),)) if guess else TypedDeadline(reason="unread")
