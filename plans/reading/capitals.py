"""Write what stands in capitals as people write names: "UBND CÁC XÃ, PHƯỜNG" in small letters."""

import re

from plans.tables.columns import load_column_words


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
    return found[2].lower() if found[2] else found[3].capitalize()
