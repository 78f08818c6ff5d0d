"""What a deadline cell is read against: the plan's years, its day of issue, the days off; and doubts by their key.

Not for reading: that is `deadline_cells`.
"""

from dataclasses import dataclass
from datetime import date

from language.milestones import Milestone
from language.times.calendars import Calendar, default_calendar
from language.times.scanner import grammar

Years = tuple[int, int] | int | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell is read against: the plan's first and last year, its day of issue, the days off."""

    years: tuple[int, int] | None
    issued_on: date | None
    calendar: Calendar | None

    @property
    def only_year(self) -> int | None:
        """The year of a plan of one year."""
        return self.years[0] if self.years and self.years[0] == self.years[1] else None

    def days_off(self) -> Calendar:
        """The calendar that working days are counted by."""
        return self.calendar or default_calendar()


def doubt_text(key: str) -> str:
    """The doubt of that key in [doubts] of deadlines.toml, as the admin reads it."""
    return str(grammar()["doubts"][key])


def doubtful(key: str, what: str | None = None, reference: str | None = None) -> Milestone:
    """What cannot be read: a regulation with the doubt of that key (deadlines.md rule 8)."""
    return Milestone(what=what, kind="regulation", reference=reference, doubt=doubt_text(key))


def with_doubt(milestone: Milestone, key: str) -> Milestone:
    """`milestone` with the doubt of that key, unless it has one already."""
    return milestone if milestone.doubt else milestone.model_copy(update={"doubt": doubt_text(key)})
