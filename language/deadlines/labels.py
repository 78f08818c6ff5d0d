"""Labels of milestones: the words printed with a time ("BC quý III"), in front of it, behind it or in a bracket.

Not for names of documents, whose years are no deadlines: `deadline_names`.
"""

import re
from bisect import bisect_left
from functools import cache

from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.items import BLANKS, Item
from language.text import fold
from language.times.grammar import load_grammar

_FOR_LABEL = re.compile(
    r"[ ,]*(?:\(? ?(?:doi voi|ap dung (?:cho|voi)|danh cho|cho) |\( ?(?=bao cao |bc |so ket |tong ket "
    r"|(?:0?6 thang|9 thang|thang|quy(?: [iv]+)?|nam)(?: dau nam| cuoi nam)? ?\)))"
)
_REMARK_BEFORE = re.compile(r" *\([^()]*\)")
LABEL_CUT = ' \t.…,;:-–+*•()/"“”'


class Labels:
    """What is printed with a milestone ("BC quý III"): the text between the one before and it."""

    def __init__(self, cell: DeadlineCell, clause: Clause, starts: list[int]) -> None:
        self._starts = sorted(starts)
        self._opening = [bracket.start for bracket in clause.brackets]
        blanks = BLANKS.match(
            cell.folded, clause.start, clause.end
        )  # a bullet is blank in the folded text
        self._cell, self._clause, self._after = (
            cell,
            clause,
            blanks.end() if blanks else clause.start,
        )

    def read_label(self, item: Item) -> str | None:
        """The label of `item`, which must come behind those asked for before."""
        text = self._cell.readable[self._after : item.start] if item.start > self._after else ""
        self._after = max(self._after, item.end)
        return (
            _trim_label(_strip_remark(text))
            or self._read_label_behind(item)
            or self._read_bracket_label(item)
        )

    def read_rest(self) -> str | None:
        """The text of the clause behind what was asked for, without its bullet."""
        return self._cell.readable[self._after : self._clause.end].strip(LABEL_CUT) or None

    def _find_bracket_at(self, end: int) -> Clause | None:
        """The bracket that opens right behind the place `end`."""
        at = bisect_left(self._opening, end)
        return (
            self._clause.brackets[at]
            if at < len(self._opening) and self._opening[at] < end + 3
            else None
        )

    def _read_bracket_label(self, item: Item) -> str | None:
        """ "Tháng 2 (kế hoạch), tháng 12 (báo cáo)": in a list of times a bracket behind one says what it is of."""
        bracket = self._find_bracket_at(item.end)
        if bracket is None or bracket.tokens or len(self._starts) < 2:
            return None
        self._after = max(self._after, bracket.end)
        return _trim_label(self._cell.readable[bracket.start : bracket.end])

    def cut_text(self, start: int, end: int) -> str | None:
        """The text between two places, trimmed; None if nothing is left."""
        return (
            self._cell.readable[start:end].strip(LABEL_CUT.replace("(", "").replace(")", ""))
            or None
        )

    def cut_folded_text(self, start: int, end: int) -> str:
        """The folded text between two places."""
        return self._cell.folded[start:end]

    def _read_label_behind(self, item: Item) -> str | None:
        """ "... đối với báo cáo năm" behind the deadline."""
        found = _FOR_LABEL.match(self._cell.folded, item.end, self._clause.end)
        bracket = self._find_bracket_at(item.end)
        if not found or (
            bracket and any(token.kind in ("preposition", "day") for token in bracket.tokens)
        ):
            return None
        opened = "(" in found.group()
        end = self._cell.folded.find(")", found.end(), self._clause.end) if opened else -1
        at = bisect_left(self._starts, found.end())
        following = self._starts[at] if at < len(self._starts) else self._clause.end
        stop = min(end if end >= 0 else self._clause.end, following)
        self._after = stop
        return _trim_label(self._cell.readable[found.end() : stop])


def _strip_remark(text: str) -> str:
    """`text` without the bracket that it begins with: that belongs to the time before."""
    remark = _REMARK_BEFORE.match(text)
    return text[remark.end() :] if remark else text


@cache
def _load_label_words(key: str) -> tuple[str, ...]:
    return tuple(
        sorted((fold(word) for word in load_grammar()["labels"][key]), key=len, reverse=True)
    )


def _trim_label(text: str) -> str | None:
    """A label without bullets, joining words and words that say nothing ("hoàn thành"); None if nothing is left."""
    text = text.strip(LABEL_CUT)
    changed = True
    while changed and text:
        changed = False
        folded = fold(text)
        if folded in _load_label_words("empty") or folded.startswith("theo "):
            return None
        for word in _load_label_words("drop_first"):
            if folded.startswith(word + " "):
                text, changed = text[len(word) :].strip(LABEL_CUT), True
                break
        for word in _load_label_words("drop_last"):
            if not changed and folded.endswith(" " + word):
                text, changed = text[: -len(word)].strip(LABEL_CUT), True
                break
    return f"{text})" if text.count("(") > text.count(")") else text or None
