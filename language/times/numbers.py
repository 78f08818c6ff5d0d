"""Numbers in words: "hai mươi lăm" is 25, "một trăm hai mươi" 120, with digits behind: "ba (03)".

Not for Roman numerals: that is `language.roman`.
"""

import re
from functools import cache

from language.times.grammar import load_grammar

_TEN, _HUNDRED = "muoi", "tram"
DIGIT_WORDS = ("mot", "hai", "ba", "bon", "nam", "sxu", "bay", "tam", "chin")
"""The numbers from one to nine as they are folded for scanning."""

_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]+")


@cache
def read_number_words(text: str) -> int | None:
    """Return the number that folded words say: "muoi hai" is 12, "hai lam" 25; None for others."""
    values: dict[str, int] = load_grammar()["numbers"]
    words = _WORD.findall(text)
    if not words:
        return None
    total, unit, tens = 0, None, False
    for word in words:
        if word == _HUNDRED:
            total, unit = 100 * (unit or 1), None
        elif word == _TEN:
            total, unit, tens = total + 10 * (unit or 1), None, True
        elif word not in values:
            return None
        elif values[word] == 0:
            continue  # "linh", "lẻ"
        elif unit is not None:
            total, unit = total + 10 * unit, values[word]  # "hai lăm"
        else:
            unit = values[word]
    return total + (unit or 0) if total or unit or tens else None


def read_number_text(text: str) -> int | None:
    """Return the number of a place of a form: digits before words, as in "30 (ba muoi)"."""
    if text.isdigit():
        return int(text)
    digits = _DIGITS.search(text)
    return int(digits.group()) if digits else read_number_words(text)


@cache
def has_other_digits(text: str) -> bool:
    """Return whether words and digits of one number disagree: "ba muoi (20)"."""
    digits, words = _DIGITS.search(text), read_number_words(text)
    return bool(digits and words is not None and int(digits.group()) != words)
