"""Quantities that people type: "1 tuần 2 ngày nữa", "20 tháng sau", "2-3 ngày nữa".

Not for one quantity alone, which the forms of deadlines.toml know.
"""

import re
from datetime import date

from language.times.numbers import DIGIT_WORDS, read_number_text
from language.times.periods import make_day, move_day
from language.times.spans import read_unit

_UNIT = r"(ngay|tuan|thang|quy|nam)"
_NUMBER = rf"(\d{{1,3}}|{'|'.join(DIGIT_WORDS)})"
_PARTS = re.compile(rf"\b{_NUMBER} {_UNIT}\b")
_SUM = re.compile(
    rf"(?:(?:sau|trong|trong vong|con|khoang|hon) )*{_NUMBER} {_UNIT}"
    rf"(?:,? (?:va )?{_NUMBER} {_UNIT})+"
    r"(?: (?:nua|toi|sau|ke tu hom nay|ke tu nay|tinh tu hom nay|nhe))*"
)
_MONTHS_OR_DAY = re.compile(
    r"(?:(?:vao|den|den het|truoc) )?(1[3-9]|2\d|3[01]) thang (?:sau|toi)", re.ASCII
)
_ABOUT = re.compile(
    rf"(?:(?:sau|trong|trong vong|con|khoang) )*{_NUMBER}(?: ?[-,] ?| ){_NUMBER} {_UNIT}"
    r"(?: lam viec)? (?:nua|toi|sau)"
)


def add_quantities(folded: str, today: date) -> date | None:
    """Return the day of "1 tuần 2 ngày nữa", which adds up; None for other texts."""
    if not _SUM.fullmatch(folded):
        return None
    day: date | None = today
    parts = [(read_number_text(n) or 0, read_unit(unit)) for n, unit in _PARTS.findall(folded)]
    for number, unit in sorted(parts, key=lambda part: part[1] in ("day", "week")):
        day = move_day(day, number, unit) if day else None
    return day


def list_months_or_days(folded: str, today: date) -> tuple[date, ...]:
    """Return the days that "20 tháng sau" may mean: that day of next month, or in so many months.

    Up to twelve are months, over 31 as well: none of them has to be asked about.
    """
    found = _MONTHS_OR_DAY.fullmatch(folded)
    month = move_day(today, 1, "month")
    if found is None or month is None:
        return ()
    number = int(found[1])
    days = make_day(month.year, month.month, number), move_day(today, number, "month")
    return tuple(day for day in days if day)  # "31 tháng sau", when that month has 30


def list_about_days(folded: str, today: date) -> tuple[date, ...]:
    """Return the days that "2-3 ngày nữa", "hai ba tuần nữa" may mean."""
    found = _ABOUT.fullmatch(folded)
    if found is None:
        return ()
    first, last = read_number_text(found[1]), read_number_text(found[2])
    if not first or not last or first >= last:
        return ()
    unit = read_unit(found[3])
    days = [move_day(today, number, unit) for number in (first, last)]
    return tuple(day for day in days if day)
