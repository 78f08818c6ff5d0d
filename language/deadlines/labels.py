"""Labels of milestones: the words before a time, behind it or in a bracket ("BC quý III").

Not for names of documents, whose years are no deadlines: that is `report_names`.
"""

import re
from bisect import bisect_left
from functools import cache

from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.items import BLANKS, Item
from language.text import fold
from language.times.grammar import join_words, load_words

_REMARK_BEFORE = re.compile(r" *\([^()]*\)")
LABEL_CUT = ' \t.…,;:-–+*•()/"“”'
_TEXT_CUT = LABEL_CUT.replace("(", "").replace(")", "")


@cache
def _load_label_pattern() -> re.Pattern[str]:
    """Return what begins a label behind a time: "đối với ...", "(báo cáo ...", "(6 tháng)"."""
    return re.compile(
        rf"[ ,]*(?:\(? ?(?:{join_words('labels', 'for_whom')}) "
        r"|\( ?(?=bao cao |bc |so ket |tong ket "
        r"|(?:0?6 thang|9 thang|thang|quy(?: [iv]+)?|nam)(?: dau nam| cuoi nam)? ?\)))"
    )


class Labels:
    """The labels of a clause, to be asked for in the order of its items."""

    def __init__(self, cell: DeadlineCell, clause: Clause, starts: list[int]) -> None:
        self._cell, self._clause = cell, clause
        self._starts = sorted(starts)
        self._opening = [bracket.start for bracket in clause.brackets]
        # A bullet is blank in the folded text.
        blanks = BLANKS.match(cell.folded, clause.start, clause.end)
        self._after = blanks.end() if blanks else clause.start

    def read_label(self, item: Item) -> str | None:
        """Return the label of `item`, which must stand behind the items asked for before."""
        text = self._cell.readable[self._after : item.start] if item.start > self._after else ""
        self._after = max(self._after, item.end)
        before = _trim_label(_strip_remark(text))
        return before or self._read_label_behind(item) or self._read_bracket_label(item)

    def read_rest(self) -> str | None:
        """Return the text of the clause behind the labels read so far, without its bullet."""
        return self._cell.readable[self._after : self._clause.end].strip(LABEL_CUT) or None

    def cut_text(self, start: int, end: int) -> str | None:
        """Return the text between two places, trimmed; None if nothing is left."""
        return self._cell.readable[start:end].strip(_TEXT_CUT) or None

    def cut_folded_text(self, start: int, end: int) -> str:
        """Return the folded text between two places."""
        return self._cell.folded[start:end]

    def _find_bracket_at(self, end: int) -> Clause | None:
        """Return the bracket that opens right behind the place `end`."""
        at = bisect_left(self._opening, end)
        if at >= len(self._opening) or self._opening[at] >= end + 3:
            return None
        return self._clause.brackets[at]

    def _read_bracket_label(self, item: Item) -> str | None:
        """Return the bracket behind a time of a list: "Tháng 2 (kế hoạch), tháng 12 (báo cáo)"."""
        bracket = self._find_bracket_at(item.end)
        if bracket is None or bracket.tokens or len(self._starts) < 2:
            return None
        self._after = max(self._after, bracket.end)
        return _trim_label(self._cell.readable[bracket.start : bracket.end])

    def _read_label_behind(self, item: Item) -> str | None:
        """Return the label of "... đối với báo cáo năm" behind the deadline."""
        found = _load_label_pattern().match(self._cell.folded, item.end, self._clause.end)
        if not found:
            return None
        bracket = self._find_bracket_at(item.end)
        if bracket and any(token.kind in ("preposition", "day") for token in bracket.tokens):
            return None
        opened = "(" in found.group()
        end = self._cell.folded.find(")", found.end(), self._clause.end) if opened else -1
        at = bisect_left(self._starts, found.end())
        following = self._starts[at] if at < len(self._starts) else self._clause.end
        self._after = min(end if end >= 0 else self._clause.end, following)
        return _trim_label(self._cell.readable[found.end() : self._after])


def _strip_remark(text: str) -> str:
    """Return `text` without the bracket at its beginning, which belongs to the time before."""
    remark = _REMARK_BEFORE.match(text)
    return text[remark.end() :] if remark else text


@cache
def _load_label_words(key: str) -> tuple[str, ...]:
    return tuple(sorted(load_words("labels", key), key=len, reverse=True))


def _trim_label(text: str) -> str | None:
    """Return a label without bullets, joining words and empty words; None if nothing is left."""
    text = text.strip(LABEL_CUT)
    while text:
        folded = fold(text)
        if folded in _load_label_words("empty") or folded.startswith("theo "):
            return None
        shorter = _drop_word(text, folded)
        if shorter == text:
            break
        text = shorter
    return f"{text})" if text.count("(") > text.count(")") else text or None


def _drop_word(text: str, folded: str) -> str:
    """Return `text` without a word like "và" at its beginning, else without one at its end."""
    for word in _load_label_words("drop_first"):
        if folded.startswith(word + " "):
            return text[len(word) :].strip(LABEL_CUT)
    for word in _load_label_words("drop_last"):
        if folded.endswith(" " + word):
            return text[: -len(word)].strip(LABEL_CUT)
    return text
