"""What one clause says about time: its items, and the gaps between them.

Not for reading items (`item_reader`) nor for what they mean (`meaning`).
"""

import re
from dataclasses import dataclass, field

from language.deadlines.clauses import DeadlineCell
from language.deadlines.recurrence import Repeat
from language.times.scanner import DeadlineToken
from language.times.spans import Span

MOST_ITEMS = 500  # of one clause; a task holds no more milestones (docs/dev/plan-format.md)
MIDNIGHT = "00:00"  # before the first minute of a day is the day before
LIST_GAP = re.compile(
    r" *(?:\([^()]{0,80}\))? *(?:[,;&/]| va| hoac)[ ,;&/]*(?:va |hoac )?(?:cac )?"
)
BLANKS = re.compile(r" *")


@dataclass(frozen=True, slots=True)
class Term:
    """A number of days or months counted from an event; negative if it counts back."""

    days: int | None
    months: int | None
    working: bool
    after_start: int  # place of the event's words; equal to after_end if the event is not named
    after_end: int
    event: Span | None = None


@dataclass(slots=True)
class Item:
    """One statement about time in a clause; `start` is the place of its first preposition.

    `kind` is time, from-now, every, relative, ongoing, regulation, demand, with, periodic or
    impossible. `role` is the preposition's: in, loose, by, to, from, after, before.
    """

    kind: str
    start: int
    end: int
    role: str | None = None
    spans: list[Span] = field(default_factory=list)
    until: Span | None = None  # the other end of a range
    until_role: str | None = None
    references: list[DeadlineToken] = field(default_factory=list)  # "của năm sau"
    units: list[tuple[str, int, int]] = field(default_factory=list)  # (unit, place of its word)
    repeat: Repeat | None = None
    at: str | None = None
    term: Term | None = None
    onward: bool = False  # "và các năm tiếp theo"
    # The years in which it comes back: "hằng năm từ năm 2027".
    years: tuple[int | None, int | None] = (None, None)
    # The months or days between which it comes back: "hằng tuần từ tháng 3".
    within: tuple[Span | None, Span | None] = (None, None)
    working_ordinal: int | None = None  # "ngày làm việc thứ 3" is 3, the last one -1
    is_start: bool = False  # counted from the first month of its unit
    weekday: int | None = None  # "thứ Sáu tuần thứ ba": of the week that ends on the day
    period_shift: int = 0  # months behind the period: "tháng sau tháng cuối kỳ báo cáo"
    plan_year: int | None = None  # 0: "năm đầu kỳ kế hoạch", -1: its last year
    is_rate: bool = False  # "02 lần/năm"
    is_period_end: bool = False  # "của tháng cuối kỳ báo cáo"
    starts_year_before: bool = False  # "từ ngày 15 tháng 12 năm trước đến ..."
    # Stands in a bracket behind what comes back: "02 lần/năm (tháng 6, tháng 12)".
    is_explanation: bool = False
    doubt: str | None = None  # a key of [doubts] in deadlines.toml

    @property
    def is_time(self) -> bool:
        """Whether it is a day, a period or a range, which has spans."""
        return self.kind == "time"

    @property
    def is_every(self) -> bool:
        """Whether it says how often, without the day: "hằng năm"."""
        return self.kind == "every"

    @property
    def first_span(self) -> Span:
        """The first span of a time."""
        return self.spans[0]

    @property
    def last_span(self) -> Span:
        """The end of a time: the other end of its range, else its last span."""
        return self.until or self.spans[-1]


def get_item(items: list[Item], index: int) -> Item | None:
    """Return the item at `index`; None before the first and behind the last."""
    return items[index] if 0 <= index < len(items) else None


def has_gap(cell: DeadlineCell, left: Item, right: Item, pattern: re.Pattern[str]) -> bool:
    """Return whether the text between two items is what `pattern` allows."""
    return pattern.fullmatch(cell.folded, left.end, max(left.end, right.start)) is not None
