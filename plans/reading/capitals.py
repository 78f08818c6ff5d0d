"""Write what stands in capitals as people write names: "UBND CÁC XÃ, PHƯỜNG" in small letters."""

import re

from language.text import fold
from language.typing_slips import is_syllable
from plans.tables.columns import load_column_words

_LONGEST_ABBREVIATION = 5  # letters; longer ones are in columns.toml


def lower_capitals(text: str) -> str:
    """Return a name in capitals with a capital letter a word, other texts unchanged.

    Words that no name begins with ("CÁC", "XÃ"), and abbreviations, are kept as they are written
    in a sentence.
    """
    if not text.isupper():
        return text
    heading = load_column_words()["heading"]
    kept = "|".join(heading["abbreviations"])
    small = "|".join(map(re.escape, heading["small_words"]))
    pattern = re.compile(rf"\b(?:({kept})|({small})|([^\W\d_]+))\b", re.IGNORECASE)
    return pattern.sub(_write_word, text)


def _write_word(found: re.Match[str]) -> str:
    if found[1]:
        return found[1].upper()
    if found[2]:
        return found[2].lower()
    return found[3] if _is_abbreviation(found[3]) else found[3].capitalize()


def _is_abbreviation(word: str) -> bool:
    """Return whether a short word is none that one could say: "TNHH", "BIDV", but not "ANA"."""
    letters = word.replace("Đ", "D")
    short = letters.isascii() and len(letters) <= _LONGEST_ABBREVIATION
    return short and not _can_be_said(fold(word))


def _can_be_said(folded: str) -> bool:
    """Return whether a word is made of syllables."""
    return is_syllable(folded) or any(
        is_syllable(folded[:place]) and _can_be_said(folded[place:])
        for place in range(1, len(folded))
    )
