"""Converts texts in fonts from before Unicode (TCVN3 or "ABC", VNI) to Unicode.

The tables stand in code because no official mends them: `docs/dev/decisions/0003-font-tables.md`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Literal

from locales.data import load_data

Encoding = Literal["tcvn3", "vni"]

# TCVN 5712:1993, third table: the letters in the order of their codes, from Latin-1 places.
_TCVN3 = dict(
    zip(
        "¨©®ª«¬\u00ad¡¢§£¤¥¦µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI for Windows: a letter and a mark after it, or a letter of its own.
_VNI_MARKS = {
    "a": dict(zip("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ", strict=True)),
    "e": dict(zip("øùûõïâàáåãä", "èéẻẽẹêềếểễệ", strict=True)),
    "o": dict(zip("øùûõïâàáåãä", "òóỏõọôồốổỗộ", strict=True)),
    "u": dict(zip("øùûõï", "ùúủũụ", strict=True)),
    "y": dict(zip("øùûõ", "ỳýỷỹ", strict=True)),
    "ô": dict(zip("øùûõï", "ờớởỡợ", strict=True)),
    "ö": dict(zip("øùûõï", "ừứửữự", strict=True)),
}
_VNI_ALONE = dict(zip("ìíæóòôöîñ", "ìíỉĩịơưỵđ", strict=True))
FEWEST_SIGNS = 10  # letters of the old half in a text that may be old

_UNICODE_ONLY = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0303\u0309\u0323]")
_LATIN_1 = re.compile("[\u00a1-\u00ff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+")


def _make_vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for letter, marks in _VNI_MARKS.items():
        for mark, result in marks.items():
            for first, whole in ((letter, result), (letter.upper(), result.upper())):
                pairs[first + mark] = whole
                pairs[first + mark.upper()] = whole
    for sign, result in _VNI_ALONE.items():
        pairs[sign], pairs[sign.upper()] = result, result.upper()
    return pairs


_VNI = _make_vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def find_encoding(font: str) -> Encoding | None:
    """Return the encoding of a font by its name (".VnTime", "VNI-Times"), None for Unicode."""
    name = font.lower()
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni-") else None


def convert_text(text: str, encoding: Encoding, capitals: bool = False) -> str:
    """Return `text` in Unicode; `capitals` is for fonts that draw capitals only (".VnTimeH")."""
    if encoding == "tcvn3":
        result = "".join(_TCVN3.get(sign, sign) for sign in text)
    else:
        result = _VNI_PATTERN.sub(lambda match: _VNI[match[0]], text)
    return result.upper() if capitals else result


def convert_by_font(text: str, font: str) -> str:
    """Return `text` as its font shows it.

    A Unicode font changes nothing, nor does an old one if the text is Unicode in spite of it.
    """
    encoding = find_encoding(font)
    if encoding is None or _UNICODE_ONLY.search(text):
        return text
    return convert_text(text, encoding, capitals=encoding == "tcvn3" and font.lower().endswith("h"))


def convert_runs(runs: Iterable[tuple[str, str]]) -> str:
    """Return the text of a paragraph's runs, each a text and its font, as their fonts show it.

    What stands side by side in one encoding is converted as a whole: a letter may be torn apart.
    """
    return "".join(
        convert_by_font("".join(text for text, _ in stretch), font)
        for font, stretch in groupby(filter(itemgetter(0), runs), key=_name_family)
    )


def _name_family(run: tuple[str, str]) -> str:
    encoding = find_encoding(run[1])
    return run[1].lower() if encoding == "tcvn3" else f"{encoding or ''}-"


@lru_cache(maxsize=1)
def _load_common_words() -> frozenset[str]:
    return frozenset(load_data("columns")["fonts"]["common_words"])


def guess_encoding(text: str) -> Encoding | None:
    """Return the old encoding of a text whose file names no font; None for Unicode or unknown.

    A text is old if it has many letters of Latin-1 and nearly none that only Vietnamese in Unicode
    has, and if its conversion gives many of the commonest words.
    """
    old, new = len(_LATIN_1.findall(text)), len(_UNICODE_ONLY.findall(text))
    if old < FEWEST_SIGNS or new * 5 > old:
        return None
    counts = {
        encoding: _count_common_words(convert_text(text, encoding)) for encoding in ("tcvn3", "vni")
    }
    best: Encoding = "tcvn3" if counts["tcvn3"] >= counts["vni"] else "vni"
    return best if counts[best] >= 5 and counts[best] > 2 * _count_common_words(text) else None


def _count_common_words(text: str) -> int:
    common = _load_common_words()
    return sum(word in common for word in _WORD.findall(text.lower()))
