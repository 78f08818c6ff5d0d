"""Make Vietnamese text comparable: normal form, folded diacritics, blanks.

Not for what the text means.
"""

import re
import unicodedata

_LAST_LATIN = 0x2C00  # behind it the table would only grow with letters that no one asks for again
_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Letters that look like others: full-width ones, Đ of Icelandic and Ewe, Cyrillic, Roman numerals.
_LOOK_ALIKES: dict[int, str] = {
    **{0xFF01 + i: chr(0x21 + i) for i in range(94)},
    **{
        0x2160 + i: sign
        for i, sign in enumerate(
            ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
        )
    },
    **{
        0x2170 + i: sign
        for i, sign in enumerate(
            ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
        )
    },
    **dict.fromkeys(map(ord, "ÐƉ"), "Đ"),
    **dict.fromkeys(map(ord, "ðɖ"), "đ"),
}
_CYRILLIC = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁ", "ABESIJKMHOPCTYXaesijopcyxhd")
_ODD_LETTER = re.compile("[\u00d0\u00f0\u0189\u0256\u0400-\u04ff\u2160-\u217b\uff01-\uff5e]")
_OTHER_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTERS_WITHOUT_MARKS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d"})


def drop_controls(text: str) -> str:
    """Return `text` without what only steers or breaks: controls, direction marks, half characters.

    Blanks of all kinds and line ends stay.
    """
    return text if text.isprintable() else _CONTROLS.sub("", text)


def normalise(text: str) -> str:
    """Return `text` in NFC, without invisible marks, with single blanks and none at the ends.

    Letters and digits that only look like Vietnamese ones become those. Case is kept.
    """
    text = drop_controls(text)
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
        text = _replace_look_alikes(text) if _ODD_LETTER.search(text) else text
    return _BLANKS.sub(" ", text).strip()


def _replace_look_alikes(text: str) -> str:
    """Return `text` in the letters it is meant in; Cyrillic is kept if it is more than looks."""
    text = text.translate(_LOOK_ALIKES)
    latin = text.translate(_CYRILLIC)
    return unicodedata.normalize("NFC", text if _OTHER_CYRILLIC.search(latin) else latin)


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


def lower_first(text: str) -> str:
    """Return `text` with a small first letter."""
    return text[:1].lower() + text[1:]
