"""Define a milestone: what one deadline phrase means (docs/dev/deadlines.md).

`language.deadlines` reads the phrases.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

MilestoneKind = Literal["date", "period", "recurring", "relative", "ongoing", "regulation", "with"]
Every = Literal["day", "week", "month", "quarter", "half-year", "year"]


class Milestone(BaseModel):
    """One meaning of a deadline cell, in the words of the plan format (docs/dev/plan-format.md).

    `last_day` is the last day on which the work is in time, `printed_day` the day as the document
    names it: "trước ngày 01/12" has the last day 30/11 and the printed day 01/12. `last_days` are
    the occurrences of a recurring milestone, ascending, and `rrule` is the same as an RFC 5545
    rule. `days` or `months` count from the event `after`; `at` is a time such as "17:00". `doubt`
    says why the reading is unsure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str | None = None
    kind: MilestoneKind
    first_day: date | None = None
    last_day: date | None = None
    printed_day: date | None = None
    at: str | None = None
    every: Every | None = None
    last_days: tuple[date, ...] = ()
    rrule: str | None = None
    days: int | None = None
    months: int | None = None
    working_days: bool | None = None
    after: str | None = None
    reference: str | None = None
    report: str | None = None
    doubt: str | None = None

    @property
    def deadlines(self) -> tuple[date, ...]:
        """Return every last day of the milestone, ascending; empty if it has none."""
        if self.last_days:
            return self.last_days
        return (self.last_day,) if self.last_day else ()
