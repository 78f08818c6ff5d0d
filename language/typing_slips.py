"""What fingers do to Vietnamese: Telex and VNI keystrokes left raw, a letter lost or swapped, short forms of chat.

The text that comes out is what the person meant to type, as far as that is certain; the rest is left as it is.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from language.text import fold, normalise, strip_marks

LONGEST_QUESTION = 1000  # characters; what is longer is no question but a paste
LEAST_FIXED = 3  # letters; a shorter word fits too many others

_WORD = re.compile(r"[^\W_]+")
_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu "
    "im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op "
    "ot u ua uan uang uat uay uc ue uech uenh ui uich uinh um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy "
    "uya uych uyen uyet uynh uyt uyu y yem yen yet yeu"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{'|'.join(sorted(_RIMES.split(), key=len, reverse=True))})")
_FIRST_VOWEL = re.compile("[aeiouyw]")
_VNI = re.compile(r"[a-z]+[0-9]+[a-z]*", re.IGNORECASE)
_VNI_INSIDE = re.compile(r"[a-z]+[1-9]+[a-z]+", re.IGNORECASE)


def is_syllable(folded: str) -> bool:
    """Whether a folded word can be a Vietnamese syllable ("nghieng" can, "ching" and "ubnd" cannot)."""
    return _SYLLABLE.fullmatch(folded) is not None


def from_telex(typed: str) -> str:
    """The folded syllable that raw Telex keystrokes mean ("sowr" is "so"), or "" if they mean none."""
    word = typed.lower()
    if word.startswith("dd"):
        word = word[1:]
    word = "u" + word[1:] if word.startswith("w") else word
    vowel = _FIRST_VOWEL.search(word)
    if vowel is None:
        return ""
    start, rest = word[: vowel.start()], word[vowel.start() :]
    rest = re.sub("[sfrxj]", "", rest, count=1)
    rest = re.sub("([aeo])([^aeo]*)\\1", "\\1\\2", rest).replace("w", "").replace("dd", "d")
    plain = start + rest
    return plain if plain != typed and is_syllable(plain) else ""


@dataclass(frozen=True)
class Lexicon:
    """The words that questions are made of: what a slip may have been meant to be."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    by_deletion: Mapping[str, tuple[str, ...]]
    short_forms: Mapping[str, str]

    @classmethod
    def of(cls, phrases: Iterable[Sequence[str]], short_forms: Mapping[str, str]) -> "Lexicon":
        """A lexicon of folded phrases, and of short forms with what they stand for."""
        words: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for phrase in phrases:
            words.update(phrase)
            pairs.update(pairwise(phrase))
        index: dict[str, set[str]] = {}
        for word in words:
            for shorter in _with_one_deleted(word):
                index.setdefault(shorter, set()).add(word)
        by_deletion = {shorter: tuple(sorted(found)) for shorter, found in index.items()}
        return cls(frozenset(words), frozenset(pairs), by_deletion, dict(short_forms))


def _with_one_deleted(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def mended(text: str, lexicon: Lexicon, known: Collection[str] = ()) -> str:
    """`text` normalised, with raw keystrokes, short forms and clear slips put right; about 10 µs a word.

    Words in `known` (folded) are right as they are.
    """
    tidy = normalise(text[:LONGEST_QUESTION])
    vni = any(is_syllable(_letters(word)) for word in _VNI_INSIDE.findall(tidy))
    parts: list[str] = []
    spans = list(_WORD.finditer(tidy))
    folded = [strip_marks(match.group().lower()) for match in spans]
    before = 0
    for index, match in enumerate(spans):
        word = match.group() if folded[index] in known else _word(match.group(), vni, lexicon)
        if word is None:
            near = (folded[index - 1] if index else "", folded[index + 1] if index + 1 < len(folded) else "")
            word = _fixed(folded[index], near, lexicon) or match.group()
        folded[index] = fold(word).split(" ")[-1]
        parts += [tidy[before : match.start()], word]
        before = match.end()
    return "".join([*parts, tidy[before:]])


def _letters(word: str) -> str:
    return re.sub("[0-9]", "", word).lower()


def _word(typed: str, vni: bool, lexicon: Lexicon) -> str | None:
    """The word as meant, or None if it may be a slip."""
    lower = typed.lower()
    if lower in lexicon.short_forms:
        return lexicon.short_forms[lower]
    if not lower.isascii():
        plain = strip_marks(lower)
        return typed if is_syllable(plain) or plain in lexicon.words else None
    if lower in lexicon.words or is_syllable(lower) or not lower.isalpha():
        if vni and _VNI.fullmatch(lower) and is_syllable(_letters(lower)):
            return _letters(lower)
        return typed
    if typed.isupper():
        return typed
    return from_telex(lower) or None


def _fixed(word: str, near: tuple[str, str], lexicon: Lexicon) -> str | None:
    """The one word of the lexicon that a single slip away makes sense here; None where several do."""
    if len(word) < LEAST_FIXED or not word.isalpha() or not _FIRST_VOWEL.search(word):
        return None
    found = {
        candidate
        for shorter in _with_one_deleted(word)
        for candidate in lexicon.by_deletion.get(shorter, ())
        if len(candidate) >= LEAST_FIXED - 1 and OSA.distance(word, candidate) <= 1
    }
    fitting = {c for c in found if (near[0], c) in lexicon.pairs or (c, near[1]) in lexicon.pairs}
    best = fitting or (found if len(word) > LEAST_FIXED else set())
    return best.pop() if len(best) == 1 else None
