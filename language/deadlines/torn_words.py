"""Mend words of time that scanning tore or glued: "Trướ c ngày", "Trướcngày", "15/1 2/2026".

Not for other letters that look alike: that is `language.text`.
"""

import re
from functools import cache

from language.times.grammar import load_words

# Numbers of a day that a blank tore: its day, its month or its year.
_DIGITS_APART = re.compile(r"\d \d")
_TORN_NUMBER = re.compile(
    r"(?<=/)[01] [0-2](?=/(?:19|20)\d\d(?!\d))|(?<=ngay )[0-3] \d(?=/\d)"
    r"|(?<=thang )1 [0-2](?=/20)|(?:(?<=\d/)|(?<=nam ))(?:20 \d\d|20\d \d)(?![\d/])"
)


_QUARTER = r"(?<!\w)([Qq]u[ýíyi]|QU[ÝÍYI]|Q)"
_GLUED_QUARTER = re.compile(rf"{_QUARTER}(?=[IVX]{{1,4}}\b)")
# Behind the word: a torn numeral, two quarters without a comma, and what may be either.
_TORN_QUARTER = re.compile(rf"{_QUARTER} (I V|I I(?: I)?)\b(?! ?[IV])")
_QUARTER_LIST = re.compile(rf"{_QUARTER} (I{{2,3}}) (?=(?:III|IV)\b)")
_UNSURE_QUARTER = re.compile(rf"{_QUARTER} I (?=II\b)")


@cache
def _load_slips() -> re.Pattern[str]:
    """Return what finds words of time, whole or with blanks in them, and glued ones."""
    whole = "|".join(" ?".join(word) for word in load_words("words", "torn"))
    glued = "|".join(load_words("words", "glued_first"))
    units = "|".join(load_words("words", "glued_last"))
    return re.compile(
        rf"\b(?:(?:{whole})\b|(?P<glued>{glued})(?=(?:{units})\b))",
        re.ASCII,
    )


def mend_torn_words(readable: str, folded: str) -> tuple[str, str]:
    """Return both texts, of one length, with the words of time whole and apart."""
    changes: list[tuple[int, int, str]] = []
    for slip in _load_slips().finditer(folded):
        if slip["glued"]:
            changes.append((slip.end(), slip.end(), " "))
        elif " " in slip.group():
            changes += [(at, at + 1, "") for at in range(*slip.span()) if folded[at] == " "]
    if changes:
        readable, folded = _make_changes(changes, readable), _make_changes(changes, folded)
    if not _DIGITS_APART.search(folded):
        return readable, folded
    torn = [slip.start() + slip.group().index(" ") for slip in _TORN_NUMBER.finditer(folded)]
    changes = [(at, at + 1, "") for at in torn]
    return _make_changes(changes, readable), _make_changes(changes, folded)


def mend_torn_quarters(text: str) -> str:
    """Return a text with the numerals of its quarters whole: "quý I V", "quýI", "quý II III".

    "Quý I II" may be the third one or two of them: it becomes "I/II", which is doubted.
    """
    text = _GLUED_QUARTER.sub(r"\1 ", text)
    text = _TORN_QUARTER.sub(lambda slip: f"{slip[1]} {slip[2].replace(' ', '')}", text)
    return _UNSURE_QUARTER.sub(r"\1 I/", _QUARTER_LIST.sub(r"\1 \2, ", text))


def _make_changes(changes: list[tuple[int, int, str]], text: str) -> str:
    for start, end, put in reversed(changes):
        text = text[:start] + put + text[end:]
    return text
