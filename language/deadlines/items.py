"""What one clause says about time (items), and the gaps between items. Not for reading them."""

import re
from dataclasses import dataclass, field

from language.deadlines.clauses import DeadlineCell
from language.deadlines.recurrence import Repeat
from language.times.scanner import DeadlineToken
from language.times.spans import Span

MOST_ITEMS = 500  # of one clause; a plan holds no more milestones of a task (plan-format.md)
HOURS_OF_DAY = 24  # of a day: "24h00" is its end, no hour that a clock shows
LIST_GAP = re.compile(
    r" *(?:\([^()]{0,80}\))? *(?:[,;&/]| va| hoac)[ ,;&/]*(?:va |hoac )?(?:cac )?"
)
BLANKS = re.compile(r" *")


@dataclass(frozen=True, slots=True)
class Term:
    """A term counted from an event: days or months (negative: before it)."""

    days: int | None
    months: int | None
    working: bool
    after_start: int  # where the event is said; equal to after_end where it is not
    after_end: int
    event: Span | None = None


@dataclass(slots=True)
class Item:
    """One thing that a clause says about time; `start` is that of its first preposition."""

    kind: str  # time, from-now, every, relative, ongoing, regulation, demand, with, periodic, impossible
    start: int
    end: int
    role: str | None = None
    spans: list[Span] = field(default_factory=list)
    until: Span | None = None
    until_role: str | None = None
    references: list[DeadlineToken] = field(default_factory=list)
    units: list[tuple[str, int, int]] = field(default_factory=list)
    repeat: Repeat | None = None
    at: str | None = None
    term: Term | None = None
    onward: bool = False
    years: tuple[int | None, int | None] = (
        None,
        None,
    )  # in which it comes back: "hằng năm từ năm 2027"
    within: tuple[Span | None, Span | None] = (
        None,
        None,
    )  # the months or days between which: "hằng tuần từ tháng 3"
    is_last_working_day: bool = False  # "ngày làm việc cuối cùng"
    is_period_end: bool = False  # "của tháng cuối kỳ báo cáo"
    starts_year_before: bool = False  # "từ ngày 15 tháng 12 năm trước đến ..."
    is_explanation: bool = (
        False  # said in a bracket to what comes back: "02 lần/năm (tháng 6, tháng 12)"
    )
    doubt: str | None = None  # a key of [doubts] in deadlines.toml

    @property
    def first_span(self) -> Span:
        """The first span of a time."""
        return self.spans[0]


def has_gap(cell: DeadlineCell, left: Item, right: Item, pattern: re.Pattern[str]) -> bool:
    """Whether nothing but what `pattern` allows stands between the end of `left` and the start of `right`."""
    return pattern.fullmatch(cell.folded, left.end, max(left.end, right.start)) is not None
