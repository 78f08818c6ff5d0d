"""The state of reading one clause, which the readers of single kinds of token share."""

import re
from dataclasses import dataclass

from language.deadlines.items import HOURS_OF_DAY, Item
from language.times.scanner import DeadlineToken
from language.times.spans import read_spans

NEAR_GAP = re.compile(r"[ ,:/]*")
BEHIND_GAP = re.compile(r"[ ,(]*")
CLOSE_GAP = re.compile(r"[ ,:]*")
DASH_GAP = re.compile(r" ?[-–—÷→] ?")
UNIT_WORDS = {
    "6 thang": "half-year",
    "06 thang": "half-year",
    "thang": "month",
    "quy": "quarter",
    "nam": "year",
}
STEP_MONTHS = {"month": 1, "quarter": 3, "year": 12}
STEP_DAYS = {"day": 1, "week": 7}


@dataclass(slots=True)
class Preposition:
    role: str
    start: int
    end: int
    is_immediate: bool = False


class ItemReader:
    """Reads the tokens of one clause, from left to right."""

    def __init__(self, folded: str, tokens: list[DeadlineToken], end: int) -> None:
        self.folded, self.tokens, self.end = folded, tokens, end
        self.items: list[Item] = []
        self.preposition: Preposition | None = None
        self.event_preposition: Preposition | None = (
            None  # a preposition that an event follows: "trước ngày bầu cử 10 ngày"
        )
        self.pending_hour: str | None = None
        self.last_resort: list[Item] = []

    def is_near(self, left: int, right: int, pattern: re.Pattern[str] = CLOSE_GAP) -> bool:
        gap = pattern.match(self.folded, left, max(left, right))
        return gap is not None and gap.end() >= right

    def find_preposition_before(self, token: DeadlineToken) -> Preposition | None:
        """The preposition that stands right before `token`."""
        found = self.preposition
        return found if found and self.is_near(found.end, token.start) else None

    def take_start(self, token: DeadlineToken) -> tuple[int, str | None]:
        active = self.find_preposition_before(token)
        self.preposition = None
        return (active.start, active.role) if active else (token.start, None)

    def add_item(self, item: Item) -> Item:
        item.at, self.pending_hour = item.at or self.pending_hour, None
        self.event_preposition = None
        self.items.append(item)
        return item

    def is_time(self, index: int) -> bool:
        return index < len(self.tokens) and read_spans(self.tokens[index]) is not None

    def is_range(self, index: int) -> bool:
        """Whether a time and "đến" begin at the token `index`."""
        if not self.is_time(index) or index + 1 >= len(self.tokens):
            return False
        following = self.tokens[index + 1]
        if DASH_GAP.fullmatch(self.folded, self.tokens[index].end, following.start):
            return self.is_time(index + 1)
        return (
            following.kind == "preposition"
            and following.form["role"] == "to"
            and self.is_time(index + 2)
        )


def format_hour(token: DeadlineToken) -> str | None:
    """ "17:00" for "17 giờ", "5 giờ chiều"; None for the end of a day ("24h00")."""
    hour = int(token.values["hh"]) + (
        12 if token.form.get("afternoon") and int(token.values["hh"]) < 12 else 0
    )
    return f"{hour:02d}:{int(token.values.get('mm', 0)):02d}" if hour < HOURS_OF_DAY else None
