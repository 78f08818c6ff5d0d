"""Find provinces, cities and the words around them in a line."""

import re
from collections.abc import Mapping, Sequence

from language.agencies.tables import (
    LONGEST_NAME,
    load_agency_tables,
)
from language.text import normalise
from language.tokens import AND, WordToken, split_words

_ENDS_OF_PLACES = frozenset({"tinh", "uy", "tu", "ubnd", "hdnd"})
NAME_BREAK = re.compile(r"[;:()\[\]?!\"“”…]")


def read_place_at(tokens: Sequence[WordToken], at: int, free_place: bool) -> tuple[int, str, str]:
    """Read the place behind a name.

    (first word after it, "tỉnh" or "thành phố" or "", place or "").
    """
    level = ""
    start = at
    if are_words_at(tokens, at, "cua") and are_words_at(tokens, at + 1, "tinh"):
        at += 1
    if are_words_at(tokens, at, "tinh"):
        level, at = "tỉnh", at + 1
    elif are_words_at(tokens, at, "thanh", "pho") or are_words_at(tokens, at, "tp"):
        width = 1 if tokens[at].folded == "tp" else 2
        if not count_place_words(
            tokens, at + width, load_agency_tables().cities
        ) and is_place_name_at(tokens, at + width):
            return start, "", ""
        level, at = "thành phố", at + width
    places = load_agency_tables().places
    width = count_place_words(tokens, at, places)
    if width:
        return at + width, level, places[tuple(t.folded for t in tokens[at : at + width])]
    if free_place and level and not _begins_agency(tokens, at):
        width = count_capital_words(tokens, at)
        if width:
            return at + width, level, " ".join(t.text for t in tokens[at : at + width])
    return (at, level, "") if level else (start, "", "")


def _begins_agency(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether a name of several words that agencies have begins at `at`."""
    words = tuple(t.folded for t in tokens[at : at + LONGEST_NAME] if t.folded != AND)
    forms = load_agency_tables().forms
    return any(words[:size] in forms for size in range(2, len(words) + 1))


def are_words_at(tokens: Sequence[WordToken], at: int, *words: str) -> bool:
    """Return whether these words stand at `at`, with nothing but blanks before each of them."""
    part = tokens[at : at + len(words)]
    return [t.folded for t in part] == list(words) and all(not t.gap.strip() for t in part)


def count_place_words(
    tokens: Sequence[WordToken], at: int, places: Mapping[tuple[str, ...], str]
) -> int:
    """Return how many words the longest of `places` at `at` has; 0 if there is none."""
    for size in (4, 3, 2, 1):
        part = tokens[at : at + size]
        if (
            len(part) == size
            and tuple(t.folded for t in part) in places
            and not part[0].gap.strip()
        ):
            return size
    return 0


def find_province_at_end(tokens: Sequence[WordToken]) -> str | None:
    """Return the province or central city with whose name the words end.

    None if they do not, or if the name is all of them.
    """
    places = load_agency_tables().places
    for start in range(1, len(tokens)):
        place = places.get(tuple(token.folded for token in tokens[start:]))
        if place is not None:
            return place
    return None


def find_provinces(text: str) -> frozenset[str]:
    """Return the provinces and central cities that a text names ("UBND tỉnh An Giang")."""
    tokens = split_words(normalise(text))
    places = load_agency_tables().places
    widths = ((at, count_place_words(tokens, at, places)) for at in range(len(tokens)))
    return frozenset(
        places[tuple(t.folded for t in tokens[at : at + width])] for at, width in widths if width
    )


def count_capital_words(tokens: Sequence[WordToken], at: int) -> int:
    """Return how many words with capitals follow each other from `at`, at most four.

    Only blanks stand between them.
    """
    end = at
    while (
        end < len(tokens)
        and end < at + 4
        and tokens[end].has_capital
        and not tokens[end].gap.strip(" ")
    ):
        end += 1
    return end - at


def is_place_name_at(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether a word with a capital letter stands at `at`, behind nothing but blanks."""
    return at < len(tokens) and not tokens[at].gap.strip() and tokens[at].has_capital


def is_lower_level_at(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether a level below the province follows.

    "Hội Nông dân huyện ..." is another agency.
    """
    if at >= len(tokens) or tokens[at].gap.strip():
        return False
    two = " ".join(t.folded for t in tokens[at : at + 2])
    return tokens[at].folded in {"cap", "cac", "huyen", "quan", "xa", "phuong"} or two in {
        "thi xa",
        "thi tran",
        "thanh pho",
    }


def is_elsewhere_at(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether words follow that make a name another body than the province's own.

    "Hội Nông dân Việt Nam" is one, "Hội Nông dân Việt Nam tỉnh An Giang" is not.
    """
    for words in load_agency_tables().cell_words["elsewhere"]:
        if are_words_at(tokens, at, *words):
            after = at + len(words)
            return read_place_at(tokens, after, True)[0] == after
    return False


def is_branch_at(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether words follow that name a branch: "Ngân hàng Nhà nước ... Chi nhánh ..."."""
    branches = load_agency_tables().cell_words["branches"]
    return any(are_words_at(tokens, at, *words) for words in branches)


def belongs_to_other_at(tokens: Sequence[WordToken], at: int, end: int) -> bool:
    """Return whether the words tokens[at:end] name a body of the one named behind them.

    "Ban Tuyên giáo Hội Nông dân tỉnh" is none of the province's own; "Thanh tra tỉnh" names its
    own place.
    """
    words = load_agency_tables().cell_words
    is_inner = any(are_words_at(tokens, at, *inner) for inner in words["inner"])
    has_place = tokens[end - 1].folded in _ENDS_OF_PLACES
    end += are_words_at(tokens, end, "cua")
    if not is_inner or has_place or end >= len(tokens) or not tokens[end].has_capital:
        return False
    return any(are_words_at(tokens, end, *owner) for owner in words["owners"])
