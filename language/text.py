"""Make Vietnamese text comparable: normal form, folded diacritics, blanks.

Not for what the text means.
"""

import re
import unicodedata

_LAST_LATIN = 0x2C00  # behind it the table would only grow with letters that no one asks for again
_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_LETTERS_WITHOUT_MARKS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d"})


def normalise(text: str) -> str:
    """Return `text` in NFC, without invisible marks, with single blanks and none at the ends.

    Case is kept.
    """
    return _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def strip_marks(text: str) -> str:
    """Return `text` without tone and vowel marks, đ as d. Other scripts and the case are kept.

    The result of NFC text has the same length, character by character: a place found in it is the
    same place in `text`.
    """
    return text if text.isascii() else text.translate(_BARE_LETTERS)


class _BareLetters(dict[int, str]):
    """A table for `str.translate` that works out a letter when it is first met.

    It keeps the letters of Latin scripts.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code).translate(_LETTERS_WITHOUT_MARKS)
        base = unicodedata.normalize("NFD", character)
        bare = base[0] if len(base) > 1 and base[0].isascii() else character
        if code < _LAST_LATIN:
            self[code] = bare
        return bare


_BARE_LETTERS = _BareLetters()


def fold(text: str) -> str:
    """Return `text` for comparing.

    Normalised, lower case, no diacritics ("Sở Tư pháp" is "so tu phap").
    """
    return strip_marks(normalise(text).lower())
