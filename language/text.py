"""Vietnamese text made comparable: normal form, folded diacritics, blanks. Not for agencies, deadlines or questions."""

import re
import unicodedata

_LAST_LATIN = 0x2C00  # behind it the table would only grow with letters that no one asks for again
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
    return text if text.isascii() else text.translate(_BARE_LETTERS)


class _BareLetters(dict[int, str]):
    """A table for `str.translate` that works out a letter when it is first met; it keeps those of Latin scripts."""

    def __missing__(self, code: int) -> str:
        character = chr(code).translate(_LETTERS_WITHOUT_MARKS)
        base = unicodedata.normalize("NFD", character)
        bare = base[0] if len(base) > 1 and base[0].isascii() else character
        if code < _LAST_LATIN:
            self[code] = bare
        return bare


_BARE_LETTERS = _BareLetters()


def fold(text: str) -> str:
    """`text` as it is compared: normalised, lower case, without diacritics ("Sở Tư pháp" and "SO TU PHAP" are one)."""
    return strip_marks(normalise(text).lower())
