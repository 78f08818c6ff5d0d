"""Renders answers: `locales/vi/*.ftl` to HTML (b, i, u, s, code, a) or text, cut into pages."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from locales.answer import Answer, Sentence
from locales.data import LOCALE_FOLDER

PART_NUMBER_UNITS = 12  # units that the number of a part may take
LONGEST_VALUE = 2000  # characters that are given to Fluent as they are
CACHED_SENTENCES = (
    4096  # rendered sentences in memory: the same tasks are asked about again and again
)
TYPED = "typed"
"""The variant for a channel without buttons and files: people type all they say."""

_STANDS_FOR = "\ue000{}\ue001"  # private characters around the name of a long value
_TAG = re.compile(r"<(/?)([a-z]+)[^<>]*>")


class Sentences:
    """The sentences of one language. Values are escaped; only sentences hold markup.

    `variant` names an attribute: a sentence that has it says that in its own place.
    """

    def __init__(self, variant: str = "") -> None:
        self._variant = variant
        self._bundle = _load_bundle()
        self._cached_html = lru_cache(maxsize=CACHED_SENTENCES)(self._format_sentence)

    def has_sentence(self, message_id: str) -> bool:
        """Return whether there is a sentence of this id."""
        return bool(self._bundle.has_message(message_id))

    def to_html(self, sentence: Sentence) -> str:
        """Return `sentence` as HTML of a few tags: b, i, code, a.

        Raises KeyError for an unknown id, ValueError for missing values.
        """
        return self._cached_html(sentence)

    def _format_sentence(self, sentence: Sentence) -> str:
        message = self._bundle.get_message(sentence.id)
        pattern = message.attributes.get(self._variant, message.value)
        if pattern is None:
            raise KeyError(sentence.id)
        values = {name: self._format_value(value) for name, value in sentence.values.items()}
        # Fluent refuses values over 2,500 characters; a longer one (the requirement of a plan) is
        # put in afterwards
        long = {
            name: text
            for name, text in values.items()
            if isinstance(text, str) and len(text) > LONGEST_VALUE
        }
        values |= {name: _STANDS_FOR.format(name) for name in long}
        formatted, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise ValueError(f"{sentence.id}: {errors[0]}")
        text = str(formatted)
        for name, value in long.items():
            text = text.replace(_STANDS_FOR.format(name), value)
        return text

    def to_text(self, sentence: Sentence) -> str:
        """Return `sentence` as text without markup. Raises as `to_html` does."""
        return strip_markup(self.to_html(sentence))

    def _format_value(self, value: Any) -> Any:
        if isinstance(value, Sentence):
            return self.to_html(value)
        if isinstance(value, str):
            return html.escape(value, quote=False)
        if isinstance(value, tuple | list):
            parts = [str(self._format_value(v)) for v in value]
            return "; ".join([*parts[:1], *map(_begin_small, parts[1:])])  # names hold commas
        return value


@cache
def _load_bundle() -> FluentBundle:
    """Read the files of sentences, once."""
    functions: dict[str, Callable[..., Any]] = {
        "CAPITAL": _capitalise_first,
        "DAY": _format_day,
        "DAYMONTH": _format_day_month,
        "HOUR": _format_hour,
        "MONTHYEAR": _format_month_year,
        "SMALL": _begin_small,
        "WEEKDAY": _name_weekday,
    }
    bundle = FluentBundle(["vi"], functions=functions, use_isolating=False)
    for path in sorted(LOCALE_FOLDER.glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def _name_weekday(day: Any) -> str:
    return load_sentences().to_html(Sentence("weekday", {"number": day.weekday()}))


def _capitalise_first(text: Any) -> str:
    """Capitalise a weekday that opens a sentence or a label."""
    return f"{str(text)[:1].upper()}{str(text)[1:]}"


def _begin_small(text: Any) -> str:
    """Begin the name of a collective small, as it is written inside a sentence."""
    return re.sub(r"^Các\b", "các", str(text))


def _format_day(day: Any) -> str:
    return f"{day:%d/%m/%Y}"


def _format_day_month(day: Any) -> str:
    return f"{day:%d/%m}"


def _format_month_year(day: Any) -> str:
    return f"{day.month}/{day.year}"


def _format_hour(moment: Any) -> str:
    return f"{moment:%H:%M}"


@cache
def load_sentences(variant: str = "") -> Sentences:
    """Load the Vietnamese sentences, once; with what `variant` says in place of some."""
    return Sentences(variant)


def strip_markup(markup: str) -> str:
    """Return HTML of `Sentences.to_html` without tags and entities."""
    return html.unescape(_TAG.sub("", markup))


def count_units(markup: str) -> int:
    """Count as chats do: UTF-16 units after entities are parsed."""
    return len(strip_markup(markup).encode("utf-16-le", "surrogatepass")) // 2


def split_pages(blocks: Sequence[str], limit: int) -> list[str]:
    """Join rendered blocks by line breaks into as few texts of at most `limit` units as possible.

    A block that is longer than `limit` alone is cut between words and loses its markup.
    """
    texts: list[str] = []
    current = ""
    for piece in (piece for block in blocks for piece in _split_block(block, limit)):
        joined = f"{current}\n{piece}" if current else piece
        if current and count_units(joined) > limit:
            texts.append(current)
            current = piece
        else:
            current = joined
    return [*texts, current] if current.strip() else texts


def _split_block(block: str, limit: int) -> list[str]:
    if count_units(block) <= limit:
        return [block]
    pieces: list[str] = []
    rest = strip_markup(block)
    while rest:
        cut = _find_cut(rest, limit)
        pieces.append(html.escape(rest[:cut].rstrip(), quote=False))
        rest = rest[cut:].lstrip()
    return pieces


def _find_cut(text: str, limit: int) -> int:
    """Count the characters that fit `limit` UTF-16 units, up to a blank if one is near."""
    units = 0
    for place, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            blank = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place))
            return blank if blank > place // 2 else place
    return len(text)


def render_pages(answer: Answer, limit: int, variant: str = "") -> list[str]:
    """Return the texts of `answer` as HTML, each of at most `limit` units.

    If there are several, each ends with its number: "(1/3)". `variant`: as in `load_sentences`.
    """
    to_html = load_sentences(variant).to_html
    blocks = [to_html(block) for block in answer.blocks]
    texts = split_pages(blocks, limit)
    if len(texts) < 2:
        return texts
    texts = split_pages(blocks, limit - PART_NUMBER_UNITS)
    return [f"{text}\n({number}/{len(texts)})" for number, text in enumerate(texts, start=1)]
