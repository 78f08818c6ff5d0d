"""Make the words to search titles and products with: folded, abbreviations expanded, no stop words.

No database here.

The data is in `locales/vi/questions.toml`, the rule is docs/dev/questions.md rule 6.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import NamedTuple

from language.roman import parse_roman
from language.text import normalise
from language.tokens import split_words
from locales.data import load_data

LONGEST_ABBREVIATION = 4  # words
LONGEST_ROMAN = 5  # letters of a numeral that is read as a number
AMBIGUOUS_ROMAN = frozenset({"VI", "XI"})
COUNTED_IN_ROMAN = frozenset({"quy", "khu", "hang", "loai", "dot", "cap", "do"})


class SearchWords(NamedTuple):
    """The word lists of questions.toml that a search needs."""

    abbreviations: Mapping[tuple[str, ...], tuple[str, ...]]
    stop_marked: frozenset[str]
    stop_bare: frozenset[str]
    ambiguous: frozenset[str]


@lru_cache(maxsize=1)
def _load_search_words() -> SearchWords:
    data = load_data("questions")
    stop = {normalise(word).lower() for word in data["search"]["stop"]}
    return SearchWords(
        abbreviations={
            _fold_words(short): _fold_words(long)
            for short, long in data["search"]["written_out"].items()
        },
        stop_marked=frozenset(stop),
        stop_bare=frozenset(word for text in stop for word in _fold_words(text)),
        ambiguous=frozenset(normalise(word).lower() for word in data["search"]["ambiguous"]),
    )


def _fold_words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`; Roman numerals are written in digits ("quý III")."""
    tidy = normalise(text)
    out: list[str] = []
    for token in split_words(tidy):
        sure = (bool(out) and out[-1] in COUNTED_IN_ROMAN) or (
            token.text in AMBIGUOUS_ROMAN and not tidy.isupper()
        )
        number = parse_roman(token.text.upper()) if _may_be_roman(token.text, sure) else None
        out.append(str(number) if number else token.folded)
    return tuple(out)


def _may_be_roman(text: str, sure: bool) -> bool:
    """Return whether a word is a Roman numeral: "iii" is one, "vi" and "xi" are syllables too."""
    upper = text.upper()
    if len(upper) > LONGEST_ROMAN or not set(upper) <= set("IVX"):
        return False
    return sure or (len(upper) > 1 and upper not in AMBIGUOUS_ROMAN)


def _expand_abbreviations(folded: Sequence[str]) -> list[str]:
    """Return the words with every abbreviation ("vbqppl", "cchc") replaced by its long form."""
    out: list[str] = []
    at = 0
    table = _load_search_words().abbreviations
    while at < len(folded):
        for size in range(min(LONGEST_ABBREVIATION, len(folded) - at), 0, -1):
            long = table.get(tuple(folded[at : at + size]))
            if long is not None:
                out.extend(long)
                at += size
                break
        else:
            out.append(folded[at])
            at += 1
    return out


def make_index_text(
    title: str, deliverables: Sequence[str] = (), milestones: Iterable[str | None] = ()
) -> str:
    """Return the text of a task that searches look in.

    It is the title, the products and the names of the milestones, folded, with abbreviations
    expanded and Roman numerals in digits.
    """
    named = [what for what in milestones if what]
    return " ".join(_expand_abbreviations(_fold_words(" ".join([title, *deliverables, *named]))))


def is_stop_word(text: str) -> bool:
    """Return whether a typed word says nothing about the subject.

    A word with diacritics must be the stop word itself: "mình" is one, the "minh" of "minh bạch" is
    not. A word without diacritics is one if any stop word folds to it.
    """
    lower = normalise(text).lower()
    return lower in _load_search_words().stop_marked or (
        lower.isascii() and lower in _load_search_words().stop_bare
    )


def is_ambiguous(text: str) -> bool:
    """Return whether a stop word may be content beside a word of the subject.

    So is "anh" in "phan anh".
    """
    return normalise(text).lower() in _load_search_words().ambiguous


def list_search_words(text: str) -> tuple[str, ...]:
    """Return the words to look for in `text` and each pair of neighbours ("tinh gian"), each once.

    They are folded and abbreviations are expanded. Stop words before and after the subject are left
    out, but not if the text has no diacritics: "van" may be "vẫn" or "vận". Pairs make a task with
    neighbouring words score higher.
    """
    tokens = split_words(normalise(text))
    bare = text.isascii() and len(tokens) > 1
    is_kept = [
        bare or not is_stop_word(t.text) or (is_ambiguous(t.text) and len(tokens) > 1)
        for t in tokens
    ]
    inside = [i for i, keep in enumerate(is_kept) if keep]
    if not inside:
        return ()
    subject = normalise(text)[tokens[inside[0]].start : tokens[inside[-1]].end]
    return tuple(dict.fromkeys(_add_pairs(_expand_abbreviations(_fold_words(subject)))))


def choose_search_words(text: str) -> tuple[str, ...]:
    """Return the words to search for in `text`; stop words too if it has no others."""
    return list_search_words(text) or split_pieces(text)


def split_pieces(text: str) -> tuple[str, ...]:
    """Return all words and pairs of words of `text`, stop words too.

    Never empty if `text` has a letter.
    """
    return tuple(_add_pairs(_expand_abbreviations(_fold_words(text))))


def _add_pairs(folded: Sequence[str]) -> list[str]:
    return [*folded, *(f"{one} {other}" for one, other in pairwise(folded))]


def make_vocabulary(index_texts: Iterable[str], titles: Iterable[str] = ()) -> dict[str, int]:
    """Return every word and pair of words in these index texts, with the number of texts.

    The subject of a question can be made of them. The words of `titles` are added as they are
    written with diacritics: "huế" is another word than "hue".
    """
    held = Counter(piece for text in index_texts for piece in set(_add_pairs(text.split())))
    for title in titles:
        written = {token.text.lower() for token in split_words(normalise(title))}
        held.update(word for word in written if not word.isascii())
    return dict(held)


def score_text(wanted: Iterable[str], haystack: str) -> int:
    """Return how many of the words and pairs the index text of a task contains.

    The highest score matches.
    """
    padded = f" {haystack} "
    return sum(f" {word} " in padded for word in wanted)


def score_texts(wanted: Iterable[str], texts: Mapping[int, str]) -> dict[int, float]:
    """Return the BM25 score of each index text that contains one of the words and pairs.

    A rare word weighs more than one that many tasks have. Neither how often a text contains it nor
    the length of the text counts: a title is one sentence.
    """
    padded = {number: f" {text} " for number, text in texts.items()}
    scores: dict[int, float] = {}
    for word in dict.fromkeys(wanted):
        holders = [number for number, text in padded.items() if f" {word} " in text]
        weight = log(1 + (len(padded) - len(holders) + 0.5) / (len(holders) + 0.5))
        for number in holders:
            scores[number] = scores.get(number, 0.0) + weight
    return scores
