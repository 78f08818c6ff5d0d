"""Reads the numbers of headings and rows (A, II, 3, 1.2, a) and makes the keys of tasks from them.

The keys are those of `docs/dev/plan-format.md`.
"""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from language.roman import format_roman, parse_roman

Kind = Literal["letter", "roman", "arabic", "small", "key", "none"]

_ROMAN = re.compile(r"^(?=[IVXLC])(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
LONGEST_NUMBER = 40  # characters; a longer text is no number of a row
_ARABIC = re.compile(r"^\d{1,4}(?:[.,]\d{1,3})*$")
# A whole key, as some plans print it ("II.3") and as our own workbook does ("A.II.3b", "VI.4.5+1").
_KEY = re.compile(r"^(?:PL\d+\.)?(?:[A-ZĐ]\.)?(?:[IVXLC]+\.)?\d+(?:\.\d+)*[a-z]?(?:\+\d+)?$")
LETTERS = "ABCDĐEGHIKLMNOPQRSTUVXY"  # of groups, in the order in which Vietnamese counts by them
_LETTER = re.compile(r"^[A-ZĐ]$")
_SMALL = re.compile(r"^[a-zđ]$")
_CLOSING = " .)/:-"
_PREFIX = re.compile(
    r"^\(?([IVXLC]+|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*|[a-zđ])(?:[.)/:]+\s*|\s*[-–]\s+)(?=\S)"
)


class Numeral(NamedTuple):
    """A number as printed without its point: its kind and what it counts."""

    kind: Kind
    label: str
    value: int


NO_NUMBER = Numeral("none", "", 0)
MOST_SECTIONS = 89  # sections without a number are counted up to LXXXIX


def parse_number(text: str) -> Numeral | None:
    """Return the number in a number cell, or None if it holds something else.

    An empty cell or a dash gives NO_NUMBER. One letter alone is a letter, but I, V and X are Roman.
    """
    label = text.strip().strip("()").strip(_CLOSING)
    if len(label) > LONGEST_NUMBER:
        return None
    if not label or label in "+*•":
        return NO_NUMBER
    if _ARABIC.match(label):
        label = ".".join(part.lstrip("0") or "0" for part in label.replace(",", ".").split("."))
        return Numeral("arabic", label, int(label.rsplit(".", 1)[-1]))
    if _ROMAN.match(label) and (len(label) > 1 or label in "IVX"):
        return Numeral("roman", label, parse_roman(label) or 0)
    if _LETTER.match(label):
        return Numeral("letter", label, LETTERS.find(label) + 1)
    if _KEY.match(label):
        return Numeral("key", label, int(re.findall(r"\d+", label)[-1]))
    if _SMALL.match(label):
        return Numeral("small", label, LETTERS.lower().find(label) + 1)
    return None


def split_number(text: str) -> tuple[Numeral, str]:
    """Return the number before a heading's text, or NO_NUMBER, and the rest of the text."""
    match = _PREFIX.match(text)
    numeral = parse_number(match[1]) if match else None
    if match is None or numeral is None:
        return NO_NUMBER, text
    return numeral, text[match.end() :].strip()


@dataclass
class Heading:
    """An open heading: `label` is its number in keys ("" if it has none), depth 0 is a group."""

    label: str
    text: str
    depth: int
    numeral: Numeral


_DEPTH: dict[Kind, int] = {"letter": 0, "roman": 1, "arabic": 2, "small": 3, "key": 3, "none": 1}


class OpenHeadings:
    """The headings open at a row, and the keys of the rows under them."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._used_keys: set[str] = set()
        self._last_at: dict[int, Numeral] = {}
        self._count = 0
        self._number = ""  # the last arabic row, which rows a, b, c belong to

    @property
    def section(self) -> str | None:
        """Return the text of the innermost group or Roman heading, else of the innermost one."""
        sections = [heading for heading in self.headings if heading.depth <= 1] or self.headings
        return sections[-1].text if sections else None

    def open_heading(self, numeral: Numeral, text: str, group: str | None = None) -> None:
        """Open a heading and close those of its depth or deeper.

        Without a number it counts on from the one before (V, VI); `group` is a group's letter.
        """
        if group is not None:
            numeral, depth = Numeral("letter", group, 0), 0
        elif numeral.kind == "none":
            depth = 1
            before = self._last_at.get(depth)
            value = before.value + 1 if before else 1
            numeral = Numeral("roman", format_roman(min(value, MOST_SECTIONS)), value)
        else:
            depth = _DEPTH[numeral.kind]
            if numeral.kind == "arabic":
                depth += numeral.label.count(".")
        self.headings = [heading for heading in self.headings if heading.depth < depth]
        self.headings.append(Heading(numeral.label, text, depth, numeral))
        self._last_at = {level: last for level, last in self._last_at.items() if level < depth}
        self._last_at[depth] = numeral
        self._count, self._number = 0, ""

    def next_key(self, numeral: Numeral) -> str:
        """Return the key of a row with this number; a row without a number is counted."""
        if numeral.kind == "key":
            return self.make_unique(numeral.label)
        if numeral.kind == "none":
            self._count += 1
            label = str(self._count)
        else:
            label = numeral.label
            self._count = numeral.value
        self._close_siblings(numeral)
        if numeral.kind == "arabic":
            self._number = label
        elif (
            numeral.kind == "small"
            and self._number
            and not any(one.depth >= 2 for one in self.headings)
        ):
            label = f"{self._number}.{label}"
        return self.make_unique(".".join([*self._list_prefixes(label), label]))

    def _close_siblings(self, numeral: Numeral) -> None:
        """Close the heading 2 before a row 3: the row is beside it, not below."""
        while self.headings and self.headings[-1].depth >= 2:
            last = self.headings[-1].numeral
            beside = numeral.kind == last.kind and numeral.label.count(".") == last.label.count(".")
            if not (beside and numeral.value == last.value + 1):
                return
            self.headings.pop()

    def _list_prefixes(self, label: str) -> list[str]:
        """Return the labels of the open headings, but not "2" before "2.1"."""
        parts: list[str] = []
        for heading in self.headings:
            if heading.depth >= 2 and label.startswith(f"{heading.label}."):
                continue
            if parts and heading.label.startswith(f"{parts[-1]}.") and heading.depth > 2:
                parts[-1] = heading.label
                continue
            if heading.label:
                parts.append(heading.label)
        return parts

    def continue_key(self, key: str) -> str:
        """Return the key of a row without a number that continues the task `key`: III.2, III.2b."""
        for letter in "bcdefghijklmnopqrstuvwxyz":
            if f"{key}{letter}" not in self._used_keys:
                return self.make_unique(f"{key}{letter}")
        return self.make_unique(f"{key}z")

    def make_unique(self, key: str) -> str:
        """Return `key`, with the next free letter if the plan prints its number twice."""
        if key not in self._used_keys:
            self._used_keys.add(key)
            return key
        return self.continue_key(key) if not key.endswith("z") else self.make_unique(f"{key}z")
