"""The phrases of questions.toml, and where they stand in a line: what each word of a question is there for."""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from language.agencies import tables
from language.text import normalise
from language.tokens import Token, tokens_of
from language.typing_slips import Lexicon

LONGEST_PHRASE = 7  # words
_ALIKE_TONES = str.maketrans({"\u0303": "\u0309"})  # ngã and hỏi, which half the country writes for each other
_STOPPING = frozenset(".;:?!,()\n")

OWN = "own"
_GROUPS = ("intent", "status", "role", "deadline", "task", "words", "talk")
_NOT_PHRASES = frozenset({"talk.item", "talk.follow_up", "talk.so_what", "talk.joins", "words.of"})


class Phrase(NamedTuple):
    """A phrase found in a line: what it is there for ("status.overdue"), and its words tokens[start:end]."""

    labels: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True)
class Phrases:
    """questions.toml, ready for look-ups. Keys are folded words."""

    labels: Mapping[tuple[str, ...], frozenset[str]]
    marked: Mapping[tuple[str, ...], frozenset[str]]  # the one-word phrases, as they are heard
    lists: Mapping[str, frozenset[tuple[str, ...]]]
    own: frozenset[str]  # "của tôi" as it is heard: "tới có" is not "tôi có"
    heads: frozenset[str]  # of unknown agencies, as written
    lexicon: Lexicon


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens_of(normalise(phrase)))


def _as_heard(word: str) -> str:
    """The word with ngã and hỏi made one: the slip of the tone that is no other word ("chũ trì", "trể")."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_ALIKE_TONES))


def _labelled(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, phrase) of every phrase that is looked for in a line."""
    for group in _GROUPS:
        for name, phrases in data[group].items():
            if isinstance(phrases, dict):
                continue
            if f"{group}.{name}" not in _NOT_PHRASES:
                yield from ((f"{group}.{name}", phrase) for phrase in phrases)
    yield from (("filler", phrase) for phrase in data["search"]["filler"])
    own = data["own"]
    yield from ((OWN, f"{unit} {pronoun}") for unit in own["units"] for pronoun in own["pronouns"])
    yield from ((OWN, phrase) for phrase in own["alone"])
    yield from (("not_own", phrase) for phrase in own["not"])


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """questions.toml, read once."""
    data = tomllib.loads(resources.files("locales").joinpath("vi/questions.toml").read_text(encoding="utf-8"))
    labels: dict[tuple[str, ...], set[str]] = {}
    marked: dict[tuple[str, ...], set[str]] = {}
    for label, phrase in _labelled(data):
        key = _key(phrase)
        labels.setdefault(key, set()).add(label)
        if len(key) == 1:
            marked.setdefault(key, set()).add(_as_heard(normalise(phrase)))
    lists = {
        **{name: frozenset(map(_key, data["talk"][name])) for name in ("item", "follow_up", "so_what", "joins")},
        "of": frozenset(map(_key, data["words"]["of"])),
        **{name: frozenset(map(_key, words)) for name, words in data["unknown_agency"].items()},
    }
    known = [*labels, *tables().forms, *map(_key, data["typing"]["more"]), *map(_key, data["search"]["written_out"])]
    known += [_key(word) for word in data["search"]["stop"]]
    return Phrases(
        labels={key: frozenset(found) for key, found in labels.items()},
        marked={key: frozenset(found) for key, found in marked.items()},
        lists=lists,
        own=frozenset(_as_heard(normalise(phrase)) for label, phrase in _labelled(data) if label == OWN),
        heads=frozenset(normalise(head) for head in data["unknown_agency"]["heads"]),
        lexicon=Lexicon.of(known, {k.lower(): v for k, v in data["typing"]["words"].items()}),
    )


# Single words of these must be typed as they are written: "ve" is "về" far more often than "vẽ".
_STRICT = frozenset({"intent.off_topic"})


def _fits(tokens: Sequence[Token], key: tuple[str, ...]) -> frozenset[str]:
    """The labels of the phrase `key` that the words as typed allow."""
    labels = phrases().labels.get(key, frozenset())
    if OWN in labels and not all(token.text.isascii() for token in tokens):
        heard = " ".join(_as_heard(token.text) for token in tokens)
        labels = labels if _partly_marked(heard, key) else labels - {OWN}
    if len(key) != 1 or not labels:
        return labels
    typed = _as_heard(tokens[0].text)
    written = phrases().marked[key]
    if typed in written:
        return labels
    return labels - _STRICT if tokens[0].text.isascii() else frozenset()


@lru_cache(maxsize=1024)
def _partly_marked(heard: str, key: tuple[str, ...]) -> bool:
    """Whether the words are the asker's own as typed, each with its diacritics or with none."""
    typed = heard.split()
    for written in phrases().own:
        words = written.split()
        if len(words) == len(typed) and all(t in (w, f) for t, w, f in zip(typed, words, key, strict=False)):
            return True
    return False


def found(tokens: Sequence[Token], taken: Sequence[bool]) -> list[Phrase]:
    """The phrases in a line, the longest at each place, none over words already taken or over punctuation."""
    out: list[Phrase] = []
    at = 0
    while at < len(tokens):
        phrase = _phrase_at(tokens, taken, at)
        if phrase is not None:
            out.append(phrase)
        at = phrase.end if phrase else at + 1
    return out


def _phrase_at(tokens: Sequence[Token], taken: Sequence[bool], at: int) -> Phrase | None:
    reach = at
    while reach < min(at + LONGEST_PHRASE, len(tokens)) and not taken[reach]:
        if reach > at and _STOPPING.intersection(tokens[reach].gap):
            break
        reach += 1
    words = tuple(token.folded for token in tokens[at:reach])
    for size in range(len(words), 0, -1):
        labels = _fits(tokens[at : at + size], words[:size])
        if labels:
            return Phrase(labels, at, at + size)
    return None


def stands_at(tokens: Sequence[Token], at: int, name: str, longest: int = 4) -> int:
    """How many words of the longest phrase of the list `name` stand at `at`; 0 for none."""
    words = tuple(token.folded for token in tokens[at : at + longest])
    wanted = phrases().lists[name]
    return next((size for size in range(len(words), 0, -1) if words[:size] in wanted), 0)


def stands_before(tokens: Sequence[Token], at: int, name: str, longest: int = 3) -> bool:
    """Whether a phrase of the list `name` ends right before word `at`."""
    words = tuple(token.folded for token in tokens[max(0, at - longest) : at])
    return any(words[start:] in phrases().lists[name] for start in range(len(words)))
