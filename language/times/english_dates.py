"""Write English dates as the forms know them: "30-Jun-2026" is "30/06/2026".

Spreadsheets and trackers of foreign projects print them.
"""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REST = "(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}){_REST}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_GAP = r"[ ,/-]{1,2}"
_DATES = tuple(
    re.compile(rf"(?<![\w/]){form}(?!\w)", re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_YEAR}",
        rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}",
        rf"{_MONTH}{_GAP}{_YEAR}",
    )
)


def write_english_dates(text: str) -> str:
    """Return `text` with its English dates in figures, a month alone as "tháng 6/2026"."""
    for pattern in _DATES:
        text = pattern.sub(_write_date, text)
    return text


def _write_date(found: re.Match[str]) -> str:
    month = _MONTHS.index(found["month"].lower()) + 1
    day = found.groupdict().get("day")
    if day is None:
        return f"tháng {month}/{found['year']}"
    return f"{int(day):02d}/{month:02d}/{found['year']}"
