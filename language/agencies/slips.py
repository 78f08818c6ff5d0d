"""Find agencies whose name was typed with a slip of the finger ("Sở Thông tin và Truyền thôn")."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from language.agencies.places import NAME_BREAK
from language.agencies.tables import load_agency_tables
from language.tokens import AND, WordToken

CLOSE_ENOUGH = 0.8  # share of letters (without "Sở") that must agree
CLOSER_BY = 0.12  # how much better than any other agency the nearest must be, else the bot asks
LONGEST_SLIPPED = 10  # words behind the first of a name with a slip
LEAST_LETTERS = 4  # shorter names are not taken for a slip
MOST_SLIPS = 2  # letters wrong, missing, too many or swapped
_FIRST_WORDS_OF_SLIPS = frozenset(
    {"so", "van", "thanh", "ban", "cong", "bao", "dai", "hoi", "lien", "kho"}
)


def find_slip(
    tokens: Sequence[WordToken], at: int, least: int = 1, letters_over: int = 0
) -> tuple[list[str], int]:
    """Return the agencies nearest to the name at `at`, and the number of its words.

    There are several agencies if none is clearly nearest, and none if no name is near enough. The
    name has at least `least` words behind the first. Only agencies of more than `letters_over`
    letters are considered. tests/language/agencies/test_slips.py measures how often it is right.
    """
    first = tokens[at].folded
    names = (
        load_agency_tables().letter_index.get(first, ()) if first in _FIRST_WORDS_OF_SLIPS else ()
    )
    best: dict[str, tuple[float, int]] = {}
    typed = ""
    for size in range(1, LONGEST_SLIPPED if names else 1):
        if at + size >= len(tokens) or NAME_BREAK.search(tokens[at + size].gap):
            break
        typed += "" if tokens[at + size].folded == AND else tokens[at + size].folded
        if size < least:
            continue
        for letters, name in names:
            likeness = measure_likeness(typed, letters) if len(letters) > letters_over else 0.0
            if likeness > best.get(name, (0.0, 0))[0]:
                best[name] = (likeness, size)
    ranked = sorted(((*rank, name) for name, rank in best.items()), reverse=True)
    near = [other for other in ranked if other[0] > ranked[0][0] - CLOSER_BY]
    # "Sở Nông nghiệp" is a part of "Sở Nông nghiệp và Môi trường"
    size = max((other[1] for other in near), default=0)
    return [name for _, words, name in near if words == size], size + 1


def measure_likeness(typed: str, letters: str) -> float:
    """Return how alike two runs of letters are, from 0 to 1.

    It is 0 if a typing slip cannot explain the difference.
    """
    if len(letters) < LEAST_LETTERS:
        return 0.0
    distance = OSA.distance(typed, letters, score_cutoff=MOST_SLIPS)
    likeness = 1 - distance / len(letters)
    return likeness if distance <= MOST_SLIPS and likeness >= CLOSE_ENOUGH else 0.0
