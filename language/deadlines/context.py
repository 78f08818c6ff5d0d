"""What a deadline cell is read against: the plan's years, its day of issue, the days off; and doubts by their key.

Not for reading: that is `deadline_cells`.
"""

from dataclasses import dataclass
from datetime import date

from language.milestones import Milestone
from language.times.calendars import Calendar, load_default_calendar
from language.times.grammar import load_grammar

PlanYears = tuple[int, int] | int | None


@dataclass(frozen=True, slots=True)
class DeadlineContext:
    """What a cell is read against: the plan's first and last year, its day of issue, the days off."""

    years: tuple[int, int] | None
    issued_on: date | None
    calendar: Calendar | None

    @property
    def only_year(self) -> int | None:
        """The year of a plan of one year."""
        return self.years[0] if self.years and self.years[0] == self.years[1] else None

    def get_calendar(self) -> Calendar:
        """The calendar that working days are counted by."""
        return self.calendar or load_default_calendar()


def get_doubt_text(key: str) -> str:
    """The doubt of that key in [doubts] of deadlines.toml, as the admin reads it."""
    return str(load_grammar()["doubts"][key])


def make_doubtful_milestone(
    key: str, what: str | None = None, reference: str | None = None
) -> Milestone:
    """What cannot be read: a regulation with the doubt of that key (deadlines.md rule 8)."""
    return Milestone(what=what, kind="regulation", reference=reference, doubt=get_doubt_text(key))


def add_doubt(milestone: Milestone, key: str) -> Milestone:
    """`milestone` with the doubt of that key, unless it has one already."""
    return (
        milestone
        if milestone.doubt
        else milestone.model_copy(update={"doubt": get_doubt_text(key)})
    )
