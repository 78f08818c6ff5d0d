"""What a deadline cell is read against: the plan's years, its day of issue, the days off; doubts.

Not for reading: that is `cell`.
"""

from dataclasses import dataclass
from datetime import date

from language.milestones import Milestone
from language.times.calendars import Calendar, load_default_calendar
from language.times.grammar import load_grammar
from language.times.periods import find_only_year


@dataclass(frozen=True, slots=True)
class DeadlineContext:
    """The plan's first and last year, its day of issue and the days off."""

    years: tuple[int, int] | None
    issued_on: date | None
    calendar: Calendar | None

    @property
    def only_year(self) -> int | None:
        """The year of a plan of one year."""
        return find_only_year(self.years)

    def get_calendar(self) -> Calendar:
        """Return the calendar that working days are counted by."""
        return self.calendar or load_default_calendar()


def get_doubt_text(key: str) -> str:
    """Return a doubt of [doubts] in deadlines.toml, as the admin reads it."""
    return str(load_grammar()["doubts"][key])


def make_doubtful_milestone(
    key: str, what: str | None = None, reference: str | None = None
) -> Milestone:
    """Return a regulation with a doubt, for what cannot be read (docs/dev/deadlines.md rule 8)."""
    return Milestone(what=what, kind="regulation", reference=reference, doubt=get_doubt_text(key))


def add_doubt(milestone: Milestone, key: str) -> Milestone:
    """Return `milestone` with a doubt, unless it has one."""
    if milestone.doubt:
        return milestone
    return milestone.model_copy(update={"doubt": get_doubt_text(key)})
