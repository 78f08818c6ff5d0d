"""Find the phrases of questions.toml in a line: the purpose of each of its words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from language.agencies.tables import load_agency_tables
from language.text import fold, normalise
from language.tokens import WordToken, split_words
from language.typing_slips import Lexicon
from locales.data import load_data

LONGEST_PHRASE = 7  # words
_TONES = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0303": "?",
    "\u0309": "?",
    "\u0323": ".",
}  # half the country writes ngã for hỏi
_STOPPING = frozenset(".;:?!,()\n")

OWN = "own"
_GROUPS = (
    *("intent", "manner", "status", "role", "deadline", "task", "words", "fact", "days", "talk"),
)
_NOT_PHRASES = frozenset(
    {
        "talk.item",
        "talk.follow_up",
        "talk.so_what",
        "talk.introduces",
        "words.of",
        "days.numbers",
        "words.section_lead",
        "words.without",
        "words.agencies",
        "talk.except",
        "talk.except_of",
    }
)


class Phrase(NamedTuple):
    """A phrase in a line: its labels ("status.overdue") and its words tokens[start:end]."""

    labels: frozenset[str]
    start: int
    end: int


class WrittenPhrase(NamedTuple):
    """One phrase of questions.toml: its label, and its words with and without their tones."""

    label: str
    sounds: tuple[str, ...]
    toneless: tuple[str, ...]
    is_exact: bool = False  # only as it is written, with its diacritics


@dataclass(frozen=True)
class PhraseTables:
    """questions.toml, ready for look-ups. Keys are folded words."""

    phrases_by_key: Mapping[tuple[str, ...], tuple[WrittenPhrase, ...]]
    lists: Mapping[str, frozenset[tuple[str, ...]]]
    rules: Mapping[str, frozenset[str]]  # single words, folded
    ordinals: Mapping[tuple[str, ...], int]
    heads: frozenset[str]  # of unknown agencies, as written
    ends: frozenset[str]  # of names without capitals, as written
    everyday: frozenset[str]  # words of talk and everyday verbs, as written
    agencies: frozenset[str]  # words for agencies that are counted, as written
    verbs: frozenset[str]  # behind agencies, as written
    not_behind: frozenset[str]  # heads that begin no agency's name, as written
    exceptions: frozenset[str]  # words before agencies that are left out, as written
    subjects: frozenset[str]  # the asker before a verb, as written
    numbers: frozenset[str]  # in words, as written
    folded_numbers: frozenset[str]
    lexicon: Lexicon
    dotted_levels: Mapping[str, str]  # "h" to "huyện", behind "UBND"


def _make_phrase_key(phrase: str) -> tuple[str, ...]:
    return tuple(token.folded for token in split_words(normalise(phrase)))


def _split_phrase(phrase: str) -> list[str]:
    return [token.text for token in split_words(normalise(phrase))]


@lru_cache(maxsize=4096)
def _split_tone(word: str) -> tuple[str, str]:
    """Return the word with its tone at the end, and without it ("vịêc" is "việc")."""
    letters, tone = [], ""
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            letters.append(mark)
    toneless = unicodedata.normalize("NFC", "".join(letters))
    return toneless + tone, toneless


def _list_phrases(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (label, phrase) of every phrase of questions.toml that is looked for in a line."""
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


def _make_lists(data: Mapping[str, Any]) -> dict[str, frozenset[tuple[str, ...]]]:
    """Return the phrases that rules look for themselves, by the name of their list."""
    talk = ("item", "follow_up", "so_what", "introduces", "except", "except_of")
    lists: dict[str, Iterable[str]] = {
        **{name: data["talk"][name] for name in talk},
        **{name: data["words"][name] for name in ("of", "without", "agencies", "section_lead")},
        **data["unknown_agency"],
    }
    return {name: frozenset(map(_make_phrase_key, phrases)) for name, phrases in lists.items()}


@lru_cache(maxsize=1)
def load_phrases() -> PhraseTables:
    """Return questions.toml as tables. It is read once."""
    data = load_data("questions")
    written: dict[tuple[str, ...], set[WrittenPhrase]] = {}
    for label, phrase in _list_phrases(data):
        sounds = [_split_tone(word) for word in _split_phrase(phrase)]
        written.setdefault(_make_phrase_key(phrase), set()).add(
            WrittenPhrase(label, tuple(h for h, _ in sounds), tuple(t for _, t in sounds))
        )
    for status, phrases in data["sign"].items():
        for phrase in phrases:
            sounds = [_split_tone(word) for word in _split_phrase(phrase)]
            form = (tuple(h for h, _ in sounds), tuple(t for _, t in sounds), True)
            for label in (f"status.{status}", "task.noun"):
                written.setdefault(_make_phrase_key(phrase), set()).add(WrittenPhrase(label, *form))
    known = [
        *written,
        *load_agency_tables().forms,
        *map(_make_phrase_key, data["typing"]["more"]),
        *map(_make_phrase_key, data["search"]["written_out"]),
    ]
    known += [_make_phrase_key(word) for word in data["search"]["stop"]]
    return PhraseTables(
        phrases_by_key={key: tuple(forms) for key, forms in written.items()},
        lists=_make_lists(data),
        rules={name: frozenset(map(fold, words)) for name, words in data["rules"].items()},
        ordinals={
            _make_phrase_key(word): number for word, number in data["talk"]["ordinals"].items()
        },
        heads=frozenset(normalise(head) for head in data["unknown_agency"]["heads"]),
        not_behind=frozenset(normalise(words) for words in data["unknown_agency"]["not_behind"]),
        everyday=frozenset(normalise(word) for word in data["rules"]["everyday"]),
        agencies=frozenset(normalise(noun) for noun in data["words"]["agencies"]),
        verbs=frozenset(normalise(verb) for verb in data["unknown_agency"]["verbs"]),
        ends=frozenset(normalise(end) for end in data["unknown_agency"]["ends"]),
        folded_numbers=frozenset(fold(word) for word in data["days"]["numbers"]),
        numbers=frozenset(normalise(word) for word in data["days"]["numbers"]),
        subjects=frozenset(normalise(word) for word in data["own"]["subjects"]),
        dotted_levels=data["typing"]["levels"],
        exceptions=frozenset(normalise(words) for words in data["talk"]["except"]),
        lexicon=Lexicon.from_phrases(
            known, {k.lower(): v for k, v in data["typing"]["words"].items()}
        ),
    )


_DOTTED_LEVEL = re.compile(r"(?<=\bUBND )(\w{1,2})\. ?(?=[^\W\d_])", re.IGNORECASE)


def write_out_levels(text: str) -> str:
    """Return the text with the level behind "UBND" in full: "UBND h. Tân Hòa"."""
    levels = load_phrases().dotted_levels

    def write_out(match: re.Match[str]) -> str:
        level = levels.get(match[1].lower())
        if level is None:
            return match[0]
        return f"{level.upper() if text.isupper() else level} "

    return _DOTTED_LEVEL.sub(write_out, text)


# These must be typed as they are written: "ve" is "về" far more often than "vẽ", and "tới có" is
# not "tôi có".
_STRICT = frozenset({"intent.off_topic", OWN})


def _find_labels(tokens: Sequence[WordToken], key: tuple[str, ...]) -> frozenset[str]:
    """Return the labels of the phrases `key` that the typed words allow.

    A word typed without diacritics may be any. With diacritics its vowels must be right, and so
    must its tone, except in one word of several. A single word of a strict phrase must be typed
    with its diacritics.
    """
    allowed = load_phrases().phrases_by_key.get(key)
    if not allowed:
        return frozenset()
    if all(token.text.isascii() for token in tokens):
        alone = len(key) == 1
        return frozenset(
            w.label
            for w in allowed
            if not w.is_exact and not (alone and w.label in _STRICT and w.sounds != key)
        )
    slips = [(w.label, _count_slips(tokens, w)) for w in allowed]
    right = frozenset(label for label, count in slips if count == 0)
    return right or frozenset(label for label, count in slips if count is not None)


def _count_slips(tokens: Sequence[WordToken], written: WrittenPhrase) -> int | None:
    """Return how many tones of the phrase are wrong, None if the words are no such phrase."""
    slips = 0
    strict = written.label in _STRICT or written.is_exact
    for token, sound, toneless in zip(tokens, written.sounds, written.toneless, strict=True):
        if token.text.isascii() and not strict:
            continue
        typed, typed_plain = _split_tone(token.text)
        if typed_plain != toneless:
            return None
        slips += typed != sound
    return slips if slips == 0 or (slips == 1 and len(tokens) > 1 and not strict) else None


def find_phrases(tokens: Sequence[WordToken], taken: Sequence[bool]) -> list[Phrase]:
    """Return the phrases of a line, the longest at each place.

    None goes over taken words or over punctuation.
    """
    out: list[Phrase] = []
    at = 0
    while at < len(tokens):
        phrase = _find_phrase_at(tokens, taken, at)
        if phrase is not None:
            out.append(phrase)
        at = phrase.end if phrase else at + 1
    return out


def _find_phrase_at(tokens: Sequence[WordToken], taken: Sequence[bool], at: int) -> Phrase | None:
    reach = at
    while reach < min(at + LONGEST_PHRASE, len(tokens)) and not taken[reach]:
        if reach > at and _STOPPING.intersection(tokens[reach].gap):
            break
        reach += 1
    words = tuple(token.folded for token in tokens[at:reach])
    for size in range(len(words), 0, -1):
        labels = _find_labels(tokens[at : at + size], words[:size])
        if labels:
            return Phrase(labels, at, at + size)
    return None


def match_list_at(tokens: Sequence[WordToken], at: int, name: str, longest: int = 4) -> int:
    """Return how many words the longest phrase of the list `name` at `at` has; 0 if none."""
    words = tuple(token.folded for token in tokens[at : at + longest])
    wanted = load_phrases().lists[name]
    return next((size for size in range(len(words), 0, -1) if words[:size] in wanted), 0)


def is_list_before(tokens: Sequence[WordToken], at: int, name: str, longest: int = 3) -> bool:
    """Return whether a phrase of the list `name` ends right before word `at`."""
    words = tuple(token.folded for token in tokens[max(0, at - longest) : at])
    return any(words[start:] in load_phrases().lists[name] for start in range(len(words)))
