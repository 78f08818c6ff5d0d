"""Local government."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

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
_UBND_NAME = re.compile(
    r"(?:ubnd |uy ban nhan dan )"
    r"(?P<level>huyen|quan|thi xa|tx|thanh pho|tp|xa|phuong|thi tran|tt|dac khu) (?P<place>.+)"
)
_LEVEL_SPELLINGS = {
    "thi xa": ("thi xa", "tx"),
    "thanh pho": ("thanh pho", "tp"),
    "thi tran": ("thi tran", "tt"),
    "phuong": ("phuong", "p"),
    "huyen": ("huyen", "h"),
}
_LEVEL_NAMES = {
    "huyen": "huyện", "quan": "quận", "thi xa": "thị xã", "tx": "thị xã", "thanh pho": "thành phố", "tp": "thành phố",
    "xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "tt": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
_LEVEL_LINKS = frozenset({"cac", "cap", "va", "ubnd", "hoac"})
_BEHIND_LEVELS = tuple(
    tuple(words.split())
    for words in (
        "thuoc tinh",
        "trong tinh",
        "cua tinh",
        "tren dia ban tinh",
        "tren dia ban",
        "tren toan tinh",
    )
)


def split_local_name(folded: str) -> tuple[str, str] | None:
    """Return (level, place) of the folded name of a UBND; None if it is no such name."""
    match = _UBND_NAME.fullmatch(folded)
    return (match["level"], match["place"]) if match else None


def find_local_kind(level: str, place: str) -> str:
    """ "district" or "commune" of the level's folded name; a city directly under the centre is neither."""
    collective = load_agency_tables().levels.get(level, "")
    if level in {"thanh pho", "tp"} and tuple(place.split()) in load_agency_tables().cities:
        return "office"
    return "district" if collective == load_agency_tables().levels["huyen"] else "commune"


def list_local_forms(name: str) -> Iterable[tuple[tuple[str, ...], NameForm]]:
    """Yield how people write a UBND that only the registry knows: in full, short, or by its place."""
    local = split_local_name(fold(name))
    if local is None:
        return
    level, place = local[0], make_name_key(local[1])
    for spelling in _LEVEL_SPELLINGS.get(level, (level,)):
        yield (*spelling.split(), *place), NameForm(name, "name")
        yield ("ubnd", *spelling.split(), *place), NameForm(name, "name")
        yield ("uy", "ban", *spelling.split(), *place), NameForm(name, "name")
    if len(place) > 1:
        yield place, NameForm(name, "place")
        yield ("ubnd", *place), NameForm(name, "name")


def count_ubnd_words(tokens: Sequence[WordToken], at: int) -> int:
    """How many words of "UBND", "Ủy ban nhân dân" or "Ủy ban" stand at `at`; 0 for none."""
    if tokens[at].folded == "ubnd":
        return 1
    words = [t.folded for t in tokens[at : at + 4]]
    return (
        4
        if words == ["uy", "ban", "nhan", "dan"]
        else 3
        if words[:3] == ["ub", "nhan", "dan"]
        else 0
    )


def read_level_at(tokens: Sequence[WordToken], at: int) -> tuple[int, str] | None:
    """The level of government at `at` ("thị xã"): how many words, and its collective."""
    for size in (2, 1):
        words = " ".join(t.folded for t in tokens[at : at + size])
        if len(tokens) >= at + size and words in load_agency_tables().levels:
            return size, load_agency_tables().levels[words]
    return None


def read_levels_at(tokens: Sequence[WordToken], at: int) -> tuple[int, tuple[str, ...]] | None:
    """A row of levels that means all of them: "UBND huyện, thị xã, thành phố", "cấp huyện, cấp xã".

    Returns how many words and the collectives; None where a level is followed by a place's name, or where a lone
    level has neither "UBND", "các" nor "cấp" before it.
    """
    end = at + count_ubnd_words(tokens, at)
    plural = end > at
    names: list[str] = []
    levels = 0
    last = at
    while end < len(tokens):
        if end > at and NAME_BREAK.search(tokens[end].gap):
            break
        if tokens[end].folded in _LEVEL_LINKS and (names or tokens[end].folded in {"cac", "cap"}):
            plural = plural or tokens[end].folded in {"cac", "cap"}
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
    for words in _BEHIND_LEVELS:
        if are_words_at(tokens, last, *words):
            last += len(words)
            break
    return last - at, tuple(names)


def make_local_name(tokens: Sequence[WordToken], at: int, end: int) -> str | None:
    """The canonical name of the UBND in tokens[at:end]: "tp Long Xuyên" is "UBND thành phố Long Xuyên".

    None where the words are not a level and a place of one to five words.
    """
    start = at + (count_ubnd_words(tokens, at) if at < end else 0)
    if start >= end:
        return None
    level = read_level_at(tokens, start)
    if level is None or not 1 <= end - start - level[0] <= 5:
        return None
    written = _LEVEL_NAMES[" ".join(t.folded for t in tokens[start : start + level[0]])]
    words = [
        token.text if token.has_capital else token.text.capitalize()
        for token in tokens[start + level[0] : end]
    ]
    return f"{_UBND} {written} {' '.join(words)}"
