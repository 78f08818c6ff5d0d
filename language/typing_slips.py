"""Correct slips of typing: raw Telex and VNI keystrokes, lost or swapped letters, short forms.

The result is what the person meant to type, as far as that is certain; the rest is left as it is.
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
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec "
    "iem ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat "
    "oay oc oe oen oeo oet oi om on ong ooc oong op ot u ua uan uang uat uay uc ue uech uenh ui "
    "uich uinh um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh "
    "uyt uyu y yem yen yet yeu"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{'|'.join(sorted(_RIMES.split(), key=len, reverse=True))})")
_FIRST_VOWEL = re.compile("[aeiouyw]")
_ROMAN = re.compile("[ivx]+")
_DIGITS = re.compile(r"[a-z][a-z0-9]*[0-9][a-z0-9]*")
_DIGIT_INSIDE = re.compile(r"[a-z]+[1-9]+[a-z]")
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "4": "\u0303", "3": "\u0309", "5": "\u0323"}
_TELEX_LETTERS = (("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))
_VNI_LETTERS = {"a6": "â", "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư"}
_COUNTED = frozenset(
    [
        "thang",
        "tuan",
        "quy",
        "ngay",
        "nam",
        "muc",
        "so",
        "phan",
        "tang",
        "phuong",
        "quan",
        "nv",
        "kh",
        "khu",
        "lan",
        "cap",
    ]
)  # "quy4", "muc3"


def is_syllable(folded: str) -> bool:
    """Return whether a folded word can be a Vietnamese syllable.

    "nghieng" can, "ching" and "ubnd" cannot.
    """
    return _SYLLABLE.fullmatch(folded) is not None


def from_telex(typed: str) -> str:
    """Return the syllable that raw Telex keystrokes mean ("sowr" is "sở"), or ""."""
    word = typed.lower()
    word = "đ" + word[2:] if word.startswith("dd") else word
    word = "ư" + word[1:] if word.startswith("w") else word
    vowel = _FIRST_VOWEL.search(word)
    if vowel is None:
        return ""
    start, rest = word[: vowel.start()], word[vowel.start() :]
    tone = re.search("[sfrxj]", rest)
    rest = rest.replace(tone.group(), "", 1) if tone else rest
    if start.startswith("d") and ("dd" in rest or rest.endswith("d")):
        start, rest = "đ" + start[1:], rest.replace("d", "")
    rest = re.sub("([aeo])([a-z]+?)\\1$", "\\1\\1\\2", rest)  # "vieecj" and "viecej" alike
    for keys, letter in (*_TELEX_LETTERS, ("uow", "ươ"), ("w", "")):
        rest = rest.replace(keys, letter)
    return _place_tone(
        start + rest.replace("uơ", "ươ"), _TELEX_TONES[tone.group()] if tone else "", typed
    )


def mend_raw_telex(text: str) -> str:
    """Return `text` with words that are syllables only as raw Telex read as such ("lamf")."""

    def read_word(match: re.Match[str]) -> str:
        word = match.group()
        is_raw = word.isascii() and word.isalpha() and not is_syllable(word.lower())
        return (from_telex(word) if is_raw else "") or word

    return _WORD.sub(read_word, text)


def from_vni(typed: str) -> str:
    """Return the syllable that raw VNI keystrokes mean ("so73" is "sở"), or ""."""
    word = typed.lower()
    word = "đ" + word[1:].replace("9", "", 1) if word.startswith("d") and "9" in word else word
    tone = re.search("[1-5]", word)
    word = word.replace(tone.group(), "", 1) if tone else word
    while digit := re.search("[678]", word):
        vowels = [i for i in range(digit.start()) if word[i] + digit.group() in _VNI_LETTERS]
        if not vowels:
            return ""
        letter = _VNI_LETTERS[word[vowels[-1]] + digit.group()]
        word = (
            word[: vowels[-1]] + letter + word[vowels[-1] + 1 : digit.start()] + word[digit.end() :]
        )
    return _place_tone(word.replace("uơ", "ươ"), _VNI_TONES[tone.group()] if tone else "", typed)


def _place_tone(word: str, tone: str, typed: str) -> str:
    """Return `word` with its tone on the right vowel; "" if it is no syllable or unchanged."""
    plain = strip_marks(word)
    if not is_syllable(plain) or (word == typed.lower() and not tone):
        return ""
    if not tone and plain.endswith(("c", "ch", "t", "p")):
        return plain  # these bear a tone always: it was lost, the rest is right
    nucleus = [i for i, letter in enumerate(plain) if letter in "aeiouy"]
    if len(nucleus) > 1 and plain[:2] in {"qu", "gi"}:
        nucleus = nucleus[1:]
    marked = [i for i in nucleus if not word[i].isascii()]
    place = (
        marked[-1]
        if marked
        else nucleus[min(1, len(nucleus) - 1)]
        if plain[-1] not in "aeiouy"
        else nucleus[0]
    )
    return normalise(word[: place + 1] + tone + word[place + 1 :])


@dataclass(frozen=True)
class Lexicon:
    """The words that questions are made of: what a typing slip may have been meant to be."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    by_deletion: Mapping[str, tuple[str, ...]]
    short_forms: Mapping[str, str]

    @classmethod
    def from_phrases(
        cls, phrases: Iterable[Sequence[str]], short_forms: Mapping[str, str]
    ) -> "Lexicon":
        """Return a lexicon of folded phrases, and of short forms with their meanings."""
        words: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for phrase in phrases:
            words.update(phrase)
            pairs.update(pairwise(phrase))
        index: dict[str, set[str]] = {}
        for word in words:
            for shorter in _list_deletions(word):
                index.setdefault(shorter, set()).add(word)
        by_deletion = {shorter: tuple(sorted(candidates)) for shorter, candidates in index.items()}
        return cls(frozenset(words), frozenset(pairs), by_deletion, dict(short_forms))


def _list_deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def mend_typing(text: str, lexicon: Lexicon, known: Collection[str] = ()) -> str:
    """Return `text` normalised, with raw keystrokes, short forms and clear slips corrected.

    Words in `known` (folded) are right as they are. A line that is all capitals is returned in
    small letters.
    """
    tidy = normalise(text[:LONGEST_QUESTION])
    tidy = tidy.lower() if tidy.isupper() else tidy
    vni = _is_vni(tidy.lower())
    parts: list[str] = []
    spans = list(_WORD.finditer(tidy))
    folded = [strip_marks(match.group().lower()) for match in spans]
    before = 0
    for index, match in enumerate(spans):
        word = (
            match.group()
            if folded[index] in known
            else _mend_word(match.group(), vni, lexicon, tidy.isascii())
        )
        if word is None:
            near = (
                folded[index - 1] if index else "",
                folded[index + 1] if index + 1 < len(folded) else "",
            )
            word = _correct_slip(folded[index], near, lexicon, certain=False) or match.group()
        elif (
            known
            and word == match.group()
            and folded[index] not in known
            and folded[index] not in lexicon.words
        ):
            near = (
                folded[index - 1] if index else "",
                folded[index + 1] if index + 1 < len(folded) else "",
            )
            if is_syllable(folded[index]) and word.islower():
                word = _correct_slip(folded[index], near, lexicon, certain=True) or word
        folded[index] = fold(word).split(" ")[-1]
        parts += [tidy[before : match.start()], word]
        before = match.end()
    return "".join([*parts, tidy[before:]])


def _is_vni(text: str) -> bool:
    """Return whether VNI keystrokes were left raw.

    Then a digit stands inside a syllable, or behind two syllables that nothing is counted with.
    """
    words = [word for word in _DIGITS.findall(text) if is_syllable(re.sub("[0-9]", "", word))]
    behind = [
        word for word in words if word[-1] in "12345" and re.sub("[0-9]", "", word) not in _COUNTED
    ]
    return any(_DIGIT_INSIDE.match(word) for word in words) or len(behind) > 1


def _mend_word(typed: str, vni: bool, lexicon: Lexicon, bare: bool) -> str | None:
    """Return the word as meant, or None if it may be a slip."""
    lower = typed.lower()
    if _ROMAN.fullmatch(lower):
        return typed
    if lower in lexicon.short_forms:
        meant = lexicon.short_forms[lower]
        return strip_marks(meant) if bare else meant
    if not lower.isascii():
        plain = strip_marks(lower)
        return typed if is_syllable(plain) or plain in lexicon.words else None
    if lower in lexicon.words or is_syllable(lower) or not lower.isalpha():
        return (from_vni(lower) if vni and _DIGITS.fullmatch(lower) else "") or typed
    if typed.isupper():
        return typed
    return from_telex(lower) or None


def _may_be_meant(candidate: str) -> bool:
    """Return whether a slip may stand for the candidate.

    It must be a syllable, or an abbreviation too long to be another one.
    """
    return len(candidate) > LEAST_FIXED or (
        len(candidate) >= LEAST_FIXED - 1 and is_syllable(candidate)
    )


def _correct_slip(
    word: str, near: tuple[str, str], lexicon: Lexicon, *, certain: bool
) -> str | None:
    """Return the only word of the lexicon that is one slip away and makes sense, or None.

    `certain` demands that it makes a phrase with the word before or behind it.
    """
    if len(word) < LEAST_FIXED or not word.isalpha() or not _FIRST_VOWEL.search(word):
        return None
    candidates = {
        candidate
        for shorter in _list_deletions(word)
        for candidate in lexicon.by_deletion.get(shorter, ())
        if _may_be_meant(candidate) and OSA.distance(word, candidate) <= 1
    }
    fits = {
        c: ((near[0], c) in lexicon.pairs) + ((c, near[1]) in lexicon.pairs) for c in candidates
    }
    most = max(fits.values(), default=0)
    if most < 2 - ("" in near) if certain else most == 0 and len(word) == LEAST_FIXED:
        return None
    best = [c for c, count in fits.items() if count == most]
    return best[0] if len(best) == 1 else None
