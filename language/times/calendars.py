"""Which days are worked in Viet Nam: days off, swapped days, counting by working days.

What an admin enters wins over `locales/vi/days.toml`, and that over the package `holidays`. Not for
the meaning of deadlines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from locales.data import load_data

_SATURDAY = 5
LONGEST_BREAK = 60  # days; a longer run of days off is a broken calendar


@dataclass(frozen=True, slots=True)
class DayKind:
    """Whether a day is worked, and the name of the day off."""

    working: bool
    name: str = ""


class Calendar:
    """The working days of Viet Nam; `entries`, what an admin entered, win over everything else."""

    def __init__(self, entries: Mapping[date, DayKind] | None = None) -> None:
        self._entries = dict(entries or {})

    def is_working(self, day: date) -> bool:
        """Return whether `day` is worked."""
        kind = self._find_day_kind(day)
        return kind.working if kind else day.weekday() < _SATURDAY

    def name_of_day_off(self, day: date) -> str | None:
        """Return the name of a day off ("Quốc khánh", "Chủ nhật"); None on a working day."""
        kind, words = self._find_day_kind(day), load_data("days")["words"]
        if kind:
            return None if kind.working else kind.name or str(words["day_off"])
        if day.weekday() < _SATURDAY:
            return None
        return str(words["saturday" if day.weekday() == _SATURDAY else "sunday"])

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_working_days(day, 1)

    def working_day_on_or_before(self, day: date) -> date:
        """Return `day` if it is worked, else the last working day before it."""
        return day if self.is_working(day) else self.add_working_days(day, -1)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, for a negative n before it.

        `day` itself is not counted (Bộ luật Dân sự 2015, Điều 147). Raise OverflowError beyond the
        years of `date`, ValueError if the entries leave no working day for two months.
        """
        step = timedelta(days=1 if n > 0 else -1)
        left, idle = abs(n), 0
        while left:
            day += step
            idle = 0 if self.is_working(day) else idle + 1
            left -= idle == 0
            if idle > LONGEST_BREAK:
                raise ValueError(f"no working day within {LONGEST_BREAK} days of {day}")
        return day

    def count_working_days(self, a: date, b: date) -> int:
        """Return how many working days lie after `a` up to `b`; negative if `b` is before `a`."""
        if b < a:
            return -self.count_working_days(b, a)
        return sum(self.is_working(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))

    def _find_day_kind(self, day: date) -> DayKind | None:
        return (
            self._entries.get(day)
            or _load_swapped_days().get(day)
            or _load_public_holidays(day.year).get(day)
        )


@cache
def load_default_calendar() -> Calendar:
    """Return the calendar without entries of an admin."""
    return Calendar()


@cache
def _load_swapped_days() -> dict[date, DayKind]:
    """Return the swapped days of `days.toml`: days off, and the Saturdays worked for them."""
    data = load_data("days")
    name: str = data["words"]["swapped"]
    days: dict[date, DayKind] = {}
    for swap in data.get("swap", []):
        days[swap["off"]] = DayKind(False, name.format(worked=f"{swap['worked']:%d/%m/%Y}"))
        days[swap["worked"]] = DayKind(True)
    return days


@cache
def _load_public_holidays(year: int) -> dict[date, DayKind]:
    """Return the public holidays and worked Saturdays of `year`, from the package `holidays`."""
    package = holidays.country_holidays("VN", years=year, language="vi")
    days = {day: DayKind(False, _name_holiday(day, name)) for day, name in package.items()}
    return days | {day: DayKind(True) for day in package.weekend_workdays if day.year == year}


def _name_holiday(day: date, name: str) -> str:
    """Return the name of a public holiday; one of the lunar new year has no name of its own.

    Which days are off then is announced each year, so until then they are only expected.
    """
    words = load_data("days")["words"]
    if not any(part in name for part in words["tet_names"]):
        return name
    announced = day.year in words["tet_announced"]
    return str(words["tet" if announced else "tet_expected"])
