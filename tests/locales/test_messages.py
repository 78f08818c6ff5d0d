"""Every sentence that the code names exists, gets its values, and is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, VariableReference
from fluent.syntax.visitor import Visitor

from locales.data import LOCALE_FOLDER
from tests.support.code_names import CODE, ROOT


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802  # the visitor's own naming
        self.names.add(node.id.name)


@cache
def messages() -> dict[str, set[str]]:
    """Every message id with the variables its pattern takes."""
    found: dict[str, set[str]] = {}
    for path in sorted(LOCALE_FOLDER.glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                variables = _Variables()
                variables.visit(entry)
                found[entry.id.name] = variables.names
    return found


@dataclass(frozen=True)
class Said:
    """A call of `say`: the ids that it may name, or how they begin, and the values it gives."""

    place: str
    ids: tuple[str, ...]
    start: str | None
    given: frozenset[str]
    is_whole: bool  # no values are handed on that cannot be seen


@dataclass
class Code:
    """What the code says of sentences, read in one walk."""

    calls: list[Said] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)


@cache
def read_code() -> Code:
    code = Code()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    code.strings.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    start = beginning(node)
                    if start and start.endswith("-"):
                        code.starts.add(start)
                elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == "say":
                    code.calls.append(read_call(node, path))
    return code


def read_call(call: ast.Call, path: Path) -> Said:
    return Said(
        f"{path.name}:{call.lineno}",
        tuple(literals(call.args[0])),
        beginning(call.args[0]),
        frozenset(k.arg.replace("_", "-") for k in call.keywords if k.arg),
        all(k.arg for k in call.keywords),
    )


def beginning(node: ast.expr) -> str | None:
    """The fixed beginning of an f-string."""
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value)
    return None


def literals(node: ast.expr) -> Iterator[str]:
    """The ids that an expression may be: a string, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def test_every_sentence_that_is_said_exists_and_gets_its_values() -> None:
    known = messages()
    faults = []
    for call in read_code().calls:
        for message_id in call.ids:
            if message_id not in known:
                faults.append(f"{call.place}: no message {message_id}")
            elif call.is_whole and not known[message_id] <= call.given:
                faults.append(f"{call.place}: {message_id} lacks {known[message_id] - call.given}")
        if call.start is not None and not any(name.startswith(call.start) for name in known):
            faults.append(f"{call.place}: no message begins with {call.start}")
    assert faults == []


def test_every_sentence_of_a_page_exists() -> None:
    known = messages()
    for name in sorted(said_by_pages()):
        assert name in known or name.endswith("-"), name
        assert not name.endswith("-") or any(known_id.startswith(name) for known_id in known), name


def said_by_pages() -> set[str]:
    """The ids that the templates of the board say; the beginning of one that is put together."""
    found: set[str] = set()
    for path in sorted((ROOT / "web" / "templates").glob("*.html")):
        for call in re.findall(r"""\b(?:say|word)\(([^,)]*)""", path.read_text(encoding="utf-8")):
            found |= set(re.findall(r"""["']([a-z]+-[a-z0-9-]*)["']""", call))
    return found


def test_every_sentence_there_is_is_said() -> None:
    code, pages = read_code(), said_by_pages()
    strings = code.strings | pages
    starts = {"weekday", *code.starts, *(name for name in pages if name.endswith("-"))}
    starts |= {call.start for call in code.calls if call.start}
    unused = [m for m in messages() if m not in strings and not m.startswith(tuple(starts))]
    assert unused == []


@pytest.mark.parametrize("path", sorted(LOCALE_FOLDER.glob("*.ftl")), ids=lambda p: p.name)
def test_the_markup_of_sentences_is_closed(path: Path) -> None:
    for line in re.findall(r"<(/?)(\w+)[^<>]*>", path.read_text(encoding="utf-8")):
        assert line[1] in ("b", "i", "u", "s", "code", "a"), line
    text = path.read_text(encoding="utf-8")
    for tag in ("b", "i", "u", "s", "code"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>"), tag


def sentences_of(name: str = "*.ftl") -> str:
    """The texts of the sentences of these files, without their ids and comments."""
    lines = [
        line
        for path in sorted(LOCALE_FOLDER.glob(name))
        for line in path.read_text(encoding="utf-8").split("\n")
    ]
    return "\n".join(re.sub(r"^[a-z-]+ =", "", line) for line in lines if not line.startswith("#"))


def test_the_tone_mark_stands_where_the_names_of_agencies_have_it() -> None:
    assert re.findall(r"\w*(?<![qQ])(?:o[áàảãạéèẻẽẹ]|u[ýỳỷỹỵ])(?!\w)", sentences_of()) == []


def test_no_english_word_stands_where_there_is_a_vietnamese_one() -> None:
    assert (
        re.findall(
            r"(?<![\w/])(?i:token|admin|deadline|email|user)\b",
            re.sub(r"\{[^{}]*\}", "", sentences_of()),
        )
        == []
    )


def test_no_sentence_begins_with_a_weekday_in_lower_case() -> None:
    ids = "reminders-day|days-off-[a-z-]+|button-day|day-right|pause-[a-z-]+|rehearsed"
    beginning = rf"^(?:{ids}) = (?:• )?\{{ WEEKDAY"
    texts = "\n".join(path.read_text(encoding="utf-8") for path in LOCALE_FOLDER.glob("*.ftl"))
    assert re.findall(beginning, texts, re.MULTILINE) == []


def test_help_names_every_command_that_another_sentence_names() -> None:
    """But those that are typed in answer to a sentence, or by who has not joined: /start, /huy,
    /thoat, /help.
    """
    named = set(re.findall(r"(?<![\w/<])/([a-z]{2,})\b", sentences_of()))
    helped = set()
    for path in LOCALE_FOLDER.glob("*.ftl"):
        for block in re.findall(
            r"^help-[a-z-]+ =(.*(?:\n +.*)*)", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            helped |= set(re.findall(r"(?<![\w/<])/([a-z]{2,})\b", block))
    assert named - helped - {"start", "huy", "thoat", "help"} == set()
