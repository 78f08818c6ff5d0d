"""The notation of forms in deadlines.toml, and its word lists."""

import re

import pytest

from language.text import strip_marks
from language.times.grammar import FormCompiler, join_words, load_grammar, load_words
from language.times.scanner import Scanner, fold_for_scan, load_scanner
from language.times.windows import load_chat_scanner

PLACES = {"n": r"(\d+)"}


def scan(form: str, text: str) -> list[str]:
    folded = fold_for_scan(text)[1]
    tokens = Scanner([{"kind": "x", "say": [form]}], PLACES).scan(folded)
    return [folded[token.start : token.end] for token in tokens]


def test_a_form_has_optional_parts_choices_and_places() -> None:
    form = "(hàng|hằng) tháng[ ngày {n}]"
    assert scan(form, "Hằng tháng ngày 5") == ["hang thang ngay 5"]
    assert scan(form, "hàng tháng") == ["hang thang"]
    assert scan(form, "tháng") == []


def test_a_word_that_only_its_marks_tell_apart_is_found_in_either_spelling() -> None:
    assert scan("sáu tháng", "sáu tháng") == ["sxu thang"]
    assert scan("sáu tháng", "sau thang") == ["sau thang"]
    assert scan("sau tháng", "sáu tháng") == []


@pytest.mark.parametrize("form", ["(tháng", "tháng{n", "tháng?"])
def test_a_form_that_breaks_the_notation_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"form|place"):
        FormCompiler(form, PLACES).compile_form()


def test_a_place_of_two_groups_is_refused_when_its_form_is_looked_for() -> None:
    scanner = Scanner([{"kind": "x", "say": ["tháng {n}"]}], {"n": r"(\d)(\d)"})
    assert scanner.scan("ngay 12") == []
    with pytest.raises(ValueError, match="not one group"):
        scanner.scan("thang 12")


@pytest.mark.parametrize("scanner", [load_scanner(), load_chat_scanner(True)])
def test_the_forms_of_every_word_can_be_looked_for(scanner: Scanner) -> None:
    words = set(re.findall(r"[a-z]+", strip_marks(str(load_grammar()).lower())))
    assert {"truoc", "sxu", "ngxy"} <= words
    assert [token.kind for word in sorted(words) for token in scanner.scan(word)]
    assert scanner.scan("15/9")


def test_word_lists_are_folded() -> None:
    assert "thoi han" in load_words("words", "loose_prepositions")
    acts = re.compile(join_words("labels", "acts"))
    for text in ("Xây dựng", "xay dung", "HOÀN THÀNH"):
        assert acts.fullmatch(fold_for_scan(text)[1]), text
