"""Vietnamese text made comparable: normal form, folded diacritics, blanks. Not for agencies, deadlines or questions."""

import re
import unicodedata
from functools import lru_cache

_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_LETTERS_WITHOUT_MARKS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d"})


def normalise(text: str) -> str:
    """`text` in NFC, without invisible marks, every run of blanks one blank, none at the ends; case is kept."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def strip_marks(text: str) -> str:
    """`text` without tone and vowel marks, đ as d; letters of other scripts stay; the case is kept.

    For NFC text the answer has the same length, character for character, so a place found in the answer is the
    same place in `text`.
    """
    if text.isascii():
        return text
    return "".join(_bare(character) for character in text)


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    character = character.translate(_LETTERS_WITHOUT_MARKS)
    base = unicodedata.normalize("NFD", character)
    return base[0] if len(base) > 1 and base[0].isascii() else character


def fold(text: str) -> str:
    """`text` as it is compared: normalised, lower case, without diacritics ("Sở Tư pháp" and "SO TU PHAP" are one)."""
    return strip_marks(normalise(text).lower())
