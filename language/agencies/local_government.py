"""Know the UBND of districts and communes: their levels, their names and how people write them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from language.agencies.places import (
    NAME_BREAK,
    are_words_at,
    is_place_name_at,
)
from language.agencies.tables import (
    NameForm,
    load_agency_tables,
)
from language.text import fold
from language.tokens import WordToken, make_name_key

_UBND = "UBND"
END_OF_DISTRICTS = date(2025, 7, 1)  # Luật Tổ chức chính quyền địa phương số 72/2025/QH15
_ROW_STARTS = frozenset({"cac", "cap"})
_ROW_LINKS = frozenset({*_ROW_STARTS, "va", "ubnd", "hoac"})


@lru_cache(maxsize=1)
def _load_name_pattern() -> re.Pattern[str]:
    levels = "|".join(load_agency_tables().levels)
    return re.compile(rf"(?:ubnd |uy ban nhan dan )(?P<level>{levels}) (?P<place>.+)")


def split_local_name(folded: str) -> tuple[str, str] | None:
    """Return (level, place) of the folded name of a UBND; None if it is no such name."""
    match = _load_name_pattern().fullmatch(folded)
    return (match["level"], match["place"]) if match else None


def find_local_kind(level: str, place: str) -> str:
    """Return "district" or "commune" for the folded name of a level.

    It is "office" for a city directly under the centre.
    """
    collective = load_agency_tables().levels.get(level, "")
    if level in {"thanh pho", "tp"} and tuple(place.split()) in load_agency_tables().cities:
        return "office"
    return "district" if collective == load_agency_tables().levels["huyen"] else "commune"


def list_local_forms(name: str) -> Iterable[tuple[tuple[str, ...], NameForm]]:
    """Yield how people write a UBND that only the registry knows: in full, short, or by place."""
    local = split_local_name(fold(name))
    if local is None:
        return
    level, place = local[0], make_name_key(local[1])
    for spelling in load_agency_tables().level_spellings.get(level, (level,)):
        yield (*spelling.split(), *place), NameForm(name, "name")
        yield ("ubnd", *spelling.split(), *place), NameForm(name, "name")
        yield ("uy", "ban", *spelling.split(), *place), NameForm(name, "name")
    if len(place) > 1:
        yield place, NameForm(name, "place")
        yield ("ubnd", *place), NameForm(name, "name")


def list_local_names(place: str, on: date) -> tuple[str, ...]:
    """Return the UBND that a bare place ("Pleiku") may mean on the day `on`, the largest first."""
    levels = ("phường", "xã") if on >= END_OF_DISTRICTS else ("thành phố", "huyện", "thị xã", "xã")
    return tuple(f"{_UBND} {level} {place}" for level in levels)


def count_ubnd_words(tokens: Sequence[WordToken], at: int) -> int:
    """Return how many words of "UBND" or "Ủy ban nhân dân" stand at `at`; 0 if there is none."""
    if tokens[at].folded == "ubnd":
        return 1
    words = [t.folded for t in tokens[at : at + 4]]
    if words == ["uy", "ban", "nhan", "dan"]:
        return 4
    return 3 if words[:3] == ["ub", "nhan", "dan"] else 0


def read_level_at(tokens: Sequence[WordToken], at: int) -> tuple[int, str] | None:
    """Return the level of government at `at` as (number of words, its collective), or None."""
    for size in (2, 1):
        words = " ".join(t.folded for t in tokens[at : at + size])
        typed = " ".join(t.text.lower() for t in tokens[at : at + size])
        if not typed.isascii() and typed not in load_agency_tables().level_words:
            continue  # "phương án"
        if len(tokens) >= at + size and words in load_agency_tables().levels:
            return size, load_agency_tables().levels[words]
    return None


def read_levels_at(tokens: Sequence[WordToken], at: int) -> tuple[int, tuple[str, ...]] | None:
    """Read a row of levels that means all of them: "UBND huyện, thị xã", "cấp huyện, cấp xã".

    Return (number of words, collectives). Return None if a place's name follows a level, or if a
    single level has none of "UBND", "các" and "cấp" before it.
    """
    end = at + count_ubnd_words(tokens, at)
    plural = end > at
    names: list[str] = []
    levels = 0
    last = at
    while end < len(tokens):
        if end > at and NAME_BREAK.search(tokens[end].gap):
            break
        if tokens[end].folded in _ROW_LINKS and (names or tokens[end].folded in _ROW_STARTS):
            plural = plural or tokens[end].folded in _ROW_STARTS
            end += 1
            continue
        level = read_level_at(tokens, end)
        if level is None or is_place_name_at(tokens, end + level[0]):
            break
        end += level[0]
        last = end
        levels += 1
        if level[1] not in names:
            names.append(level[1])
    if (
        not names
        or not (plural or levels > 1)
        or (end < len(tokens) and last < end and read_level_at(tokens, end))
    ):
        return None
    for words in load_agency_tables().behind_levels:
        if are_words_at(tokens, last, *words):
            last += len(words)
            break
    return last - at, tuple(names)


def make_local_name(tokens: Sequence[WordToken], at: int, end: int) -> str | None:
    """Return the canonical name of the UBND in tokens[at:end].

    "tp Long Xuyên" is "UBND thành phố Long Xuyên". Return None if the words are not a level and a
    place of one to five words.
    """
    start = at + (count_ubnd_words(tokens, at) if at < end else 0)
    if start >= end:
        return None
    level = read_level_at(tokens, start)
    if level is None or not 1 <= end - start - level[0] <= 5:
        return None
    words = " ".join(t.folded for t in tokens[start : start + level[0]])
    level_name = load_agency_tables().level_names[words]
    place = [
        token.text if token.has_capital else token.text.capitalize()
        for token in tokens[start + level[0] : end]
    ]
    return f"{_UBND} {level_name} {' '.join(place)}"
