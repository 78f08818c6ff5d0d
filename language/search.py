"""Make the words to search titles and products with: folded, abbreviations expanded, no stop words.

No database here.

The data is in `locales/vi/questions.toml`, the rule is docs/dev/questions.md rule 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import NamedTuple

from language.text import normalise
from language.tokens import split_words
from locales.data import load_data

LONGEST_ABBREVIATION = 4  # words


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
    return tuple(token.folded for token in split_words(normalise(text)))


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


def make_index_text(title: str, deliverables: Sequence[str] = ()) -> str:
    """Return the text of a task that searches look in.

    It is the title and the products, folded, with abbreviations expanded.
    """
    return " ".join(_expand_abbreviations(_fold_words(" ".join([title, *deliverables]))))


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
    subject = tokens[inside[0] : inside[-1] + 1] if inside else []
    return tuple(
        dict.fromkeys(_add_pairs(_expand_abbreviations([token.folded for token in subject])))
    )


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


def make_vocabulary(index_texts: Iterable[str]) -> frozenset[str]:
    """Return every word and pair of words in these index texts.

    The subject of a question can be made of them.
    """
    return frozenset(piece for text in index_texts for piece in _add_pairs(text.split()))


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
