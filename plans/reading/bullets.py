"""Split a cell into its items, and join the lines that the column's edge broke."""

import re
from typing import NamedTuple

from language.text import fold, normalise
from plans.tables.columns import load_column_words
from plans.tables.patterns import LOWER_LETTER, UPPER_LETTER, compile_pattern

_SIGNS = "".join(re.escape(sign) for sign in load_column_words()["rows"]["bullets"])
_MARK = re.compile(
    rf"^(?:([{_SIGNS}])\s*(?=[^\W\d_\s]|\d|[\"“(])|(\(?\d{{1,2}}[.)])\s+(?=\D)|([a-zđ][.)])\s+)"
)
_NUMBER = re.compile(r"\d+")
_CAPITAL = re.compile(rf"^[\"“(]?{UPPER_LETTER}")
_NEW_PHRASE = re.compile(rf"^{UPPER_LETTER}{LOWER_LETTER}")
_ENDS_ITEM = (";", ".")
_WHOLE_PHRASE = compile_pattern("whole_phrase")


class Bullet(NamedTuple):
    """One item of a cell: its mark as printed ("-", "1.") or "", and its text on one line."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.text}".strip()


def split_bullets(text: str) -> list[Bullet]:
    """Return the items of a cell.

    A line with a mark begins an item. A line without one goes on with the item before, unless that
    has ended with ";" or "." and the line begins with a capital. Numbers are marks only if they
    count up from 1.
    """
    items: list[Bullet] = []
    expected = 1
    for line in filter(None, map(normalise, text.split("\n"))):
        found = _MARK.match(line)
        if found and found[2] and int(_NUMBER.findall(found[2])[0]) != expected:
            found = None
        if found:
            expected += 1 if found[2] else 0
            items.append(Bullet(found[0].strip(), line[found.end() :]))
        elif items and not (items[-1].text.endswith(_ENDS_ITEM) and _CAPITAL.match(line)):
            items[-1] = Bullet(items[-1].mark, f"{items[-1].text} {line}")
        else:
            items.append(Bullet("", line))
    return items


def join_lines(text: str) -> str:
    """Return `text` on one line (docs/dev/plan-format.md rule 4)."""
    return normalise(text.replace("\n", " "))


def read_deliverables(text: str) -> list[str]:
    """Return one string a bullet, without its signs (docs/dev/plan-format.md rule 6)."""
    return [
        stripped
        for bullet in split_bullets(text)
        if (stripped := _strip_closing_marks(bullet.text))
    ]


def _strip_closing_marks(text: str) -> str:
    while text.endswith((";", ".", ",")) and not text.endswith(("...", "v.v.")):
        text = text[:-1].rstrip()
    return text


def format_deadline_cell(text: str) -> str:
    """Return a deadline cell with its bullets joined by " / " (docs/dev/plan-format.md rule 7).

    Lines that the column's edge broke are joined by a blank. In a cell without marks, a line that
    begins a phrase of its own after a whole phrase is an item too.
    """
    lines = [line for line in map(normalise, text.split("\n")) if line]
    if not any(map(_MARK.match, lines)):
        items: list[str] = []
        for line in lines:
            if items and not (_NEW_PHRASE.match(line) and _WHOLE_PHRASE.search(fold(items[-1]))):
                items[-1] += f" {line}"
            else:
                items.append(line)
        return " / ".join(items)
    return " / ".join(str(bullet) for bullet in split_bullets(text))
