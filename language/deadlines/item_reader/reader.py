"""The state of reading one clause, shared by the readers of single kinds of token."""

import re
from dataclasses import dataclass

from language.deadlines.items import Item
from language.times.scanner import DeadlineToken
from language.times.spans import read_spans

CLOSE_GAP = re.compile(r"[ ,:]*")
BLANK_GAP = re.compile(r" *")
_BEFORE_TIME = re.compile(r"[ ,:]*(?:cac )?")
NEAR_GAP = re.compile(r"[ ,:/]*")
BRACKET_GAP = re.compile(r"[ ,(]*")
DASH_GAP = re.compile(r" ?[-–—÷→] ?")


@dataclass(slots=True)
class Preposition:
    """A preposition whose time is still to come; `role` is that of its form in deadlines.toml."""

    role: str
    start: int
    end: int
    is_immediate: bool = False  # "ngay sau", "ngay trước"


class ItemReader:
    """The text, tokens and items of one clause, and what waits for the next time."""

    def __init__(self, folded: str, tokens: list[DeadlineToken], end: int) -> None:
        self.folded, self.tokens, self.end = folded, tokens, end
        self.items: list[Item] = []
        self.weak_items: list[Item] = []  # count only if there are no others
        self.preposition: Preposition | None = None
        # An event stands behind this one, then a count: "trước ngày bầu cử 10 ngày".
        self.event_preposition: Preposition | None = None
        self.hour: str | None = None

    @property
    def last_item(self) -> Item | None:
        """The item that was read last."""
        return self.items[-1] if self.items else None

    def get_token(self, index: int) -> DeadlineToken | None:
        """Return the token at `index`; None behind the last one."""
        return self.tokens[index] if index < len(self.tokens) else None

    def is_near(self, left: int, right: int, pattern: re.Pattern[str] = CLOSE_GAP) -> bool:
        """Return whether the text between two places is only what `pattern` allows."""
        return pattern.fullmatch(self.folded, left, max(left, right)) is not None

    def is_behind(self, place: int, words: str | tuple[str, ...]) -> bool:
        """Return whether `words`, or one of several, stand right before `place`."""
        return self.folded.endswith(words, 0, place)

    def is_time(self, index: int) -> bool:
        """Return whether the token at `index` names a time, possible or not."""
        token = self.get_token(index)
        return token is not None and read_spans(token) is not None

    def is_range(self, index: int) -> bool:
        """Return whether a range begins at `index`: "10/12 - 12/12", "10/12 đến 12/12"."""
        following = self.get_token(index + 1)
        if following is None or not self.is_time(index):
            return False
        if DASH_GAP.fullmatch(self.folded, self.tokens[index].end, following.start):
            return self.is_time(index + 1)
        to = following.kind == "preposition" and following.form["role"] == "to"
        return to and self.is_time(index + 2)

    def find_preposition_before(self, token: DeadlineToken) -> Preposition | None:
        """Return the preposition that stands right before `token`."""
        found = self.preposition
        return found if found and self.is_near(found.end, token.start, _BEFORE_TIME) else None

    def take_start(self, token: DeadlineToken) -> tuple[int, str | None]:
        """Use up the preposition before `token`: return the item's start and the role."""
        before = self.find_preposition_before(token)
        self.preposition = None
        return (before.start, before.role) if before else (token.start, None)

    def add_item(self, item: Item) -> Item:
        """Append `item` with the hour that waits for it, and return it."""
        item.at, self.hour = item.at or self.hour, None
        self.event_preposition = None
        self.items.append(item)
        return item
