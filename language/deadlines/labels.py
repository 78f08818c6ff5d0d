"""Labels of milestones: the words before a time, behind it or in a bracket ("BC quý III").

Not for names of documents, whose years are no deadlines: that is `report_names`.
"""

import re
from functools import cache

from language.deadlines.clauses import Clause, DeadlineCell, find_bracket
from language.deadlines.items import BLANKS, Item
from language.text import fold
from language.times.grammar import join_words, load_words

_REMARK_BEFORE = re.compile(r" *\([^()]*\)")
_CLOSING = re.compile(r"\)")
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
        self._brackets = clause.sort_brackets()
        # A bullet is blank in the folded text.
        blanks = BLANKS.match(cell.folded, clause.start, clause.end)
        self._after = blanks.end() if blanks else clause.start

    def read_label(self, item: Item) -> str | None:
        """Return the label of `item`, which must stand behind the items asked for before."""
        text = self._cell.readable[self._after : item.start]
        self._after = max(self._after, item.end)
        before = _trim_label(_strip_remark(text))
        return before or self._read_label_behind(item) or self._read_bracket_label(item)

    def read_rest(self) -> str | None:
        """Return the text of the clause behind the labels read so far, without its bullet."""
        return self._cell.readable[self._after : self._clause.end].strip(LABEL_CUT) or None

    def cut_text(self, start: int, end: int) -> str | None:
        """Return the text between two places, trimmed; None if nothing is left."""
        text = self._cell.readable[start:end].strip(_TEXT_CUT)
        return (text if "(" in text else text.strip(LABEL_CUT)) or None

    def cut_folded_text(self, start: int, end: int) -> str:
        """Return the folded text between two places."""
        return self._cell.folded[start:end]

    def _read_bracket_label(self, item: Item) -> str | None:
        """Return the bracket behind a time of a list: "Tháng 2 (kế hoạch), tháng 12 (báo cáo)"."""
        bracket = find_bracket(self._brackets, self._cell.folded, item.end)
        if bracket is None or bracket.tokens or len(self._starts) < 2:
            return None
        self._after = max(self._after, bracket.end)
        return _trim_label(self._cell.readable[bracket.start : bracket.end])

    def _read_label_behind(self, item: Item) -> str | None:
        """Return the label of "... đối với báo cáo năm" behind the deadline."""
        found = _load_label_pattern().match(self._cell.folded, item.end, self._clause.end)
        if not found:
            return None
        bracket = find_bracket(self._brackets, self._cell.folded, item.end)
        if bracket and any(token.kind in ("preposition", "day") for token in bracket.tokens):
            return None
        following = (start for start in self._starts if start >= found.end())
        end = next(following, self._clause.end)
        closing = _CLOSING.search(self._cell.folded, found.end(), end)
        self._after = closing.start() if closing and "(" in found.group() else end
        return _trim_label(self._cell.readable[found.end() : self._after])


def _strip_remark(text: str) -> str:
    """Return `text` without the bracket at its beginning, which belongs to the time before."""
    remark = _REMARK_BEFORE.match(text)
    return text[remark.end() :] if remark else text


def _trim_label(text: str) -> str | None:
    """Return a label without bullets, joining words and empty words; None if nothing is left."""
    text = text.strip(LABEL_CUT)
    while text:
        folded = fold(text)
        if folded in load_words("labels", "empty") or folded.startswith("theo "):
            return None
        shorter = _drop_word(text, folded)
        if shorter == text:
            break
        text = shorter
    return text + ")" * (text.count("(") - text.count(")")) or None


def _drop_word(text: str, folded: str) -> str:
    """Return `text` without a word like "và" at its beginning, else without one at its end."""
    for word in load_words("labels", "drop_first"):
        if folded.startswith(word + " "):
            return text[len(word) :].strip(LABEL_CUT)
    for word in load_words("labels", "drop_last"):
        if folded.endswith(" " + word):
            return text[: -len(word)].strip(LABEL_CUT)
    return text
