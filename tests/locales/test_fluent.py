"""Answers are rendered escaped, cut to the channel's length between blocks, and kept as JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.answer import Button, File, Sentence, from_json, make_answer, say, to_json
from locales.fluent import (
    TYPED,
    count_units,
    load_sentences,
    render_pages,
    split_pages,
    strip_markup,
)


def test_values_are_data_not_markup() -> None:
    assert (
        load_sentences().to_html(say("plain", text="<b>1 & 2</b>"))
        == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"
    )
    assert load_sentences().to_text(say("plain", text="<b>1 & 2</b>")) == "<b>1 & 2</b>"


def test_days_are_said_with_their_weekday() -> None:
    said = load_sentences().to_text(say("day-left", day=date(2026, 11, 20), count=3))
    assert said == "thứ Sáu 20/11/2026 – còn 3 ngày"


def test_the_names_of_a_list_are_divided_by_semicolons() -> None:
    names = ("Sở Văn hóa, Thể thao và Du lịch", "Các ban, ngành")
    said = load_sentences().to_text(say("plain", text=names))
    assert said == "Sở Văn hóa, Thể thao và Du lịch; các ban, ngành"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="plain"):
        load_sentences().to_html(say("plain"))


def test_a_variant_is_said_in_place_of_the_sentence_also_within_another() -> None:
    typed = load_sentences(TYPED)
    usual = load_sentences()
    within = say("invite-for", role=say("import-how"), agency="Sở Y tế")
    for sentence in (say("import-how"), say("no-plan"), within):
        assert "gửi tệp" in usual.to_text(sentence)
        assert "lệnh import" in typed.to_text(sentence)
    assert typed.to_text(say("stranger")) == usual.to_text(say("stranger"))


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(LookupError):
        load_sentences().to_html(say("no-such-sentence"))


def test_a_button_holds_at_most_64_bytes() -> None:
    with pytest.raises(ValueError, match="64"):
        Button(say("button-drop"), "x" * 65)


@given(
    st.lists(st.text(alphabet="aă😀 &<>\n", min_size=0, max_size=300), max_size=12),
    st.integers(20, 200),
)
def test_pages_hold_every_word_and_no_page_is_too_long(texts: list[str], limit: int) -> None:
    import html

    blocks = [html.escape(text, quote=False) for text in texts]
    cut = split_pages(blocks, limit)
    assert all(count_units(page) <= limit for page in cut)
    assert "".join("".join(map(strip_markup, cut)).split()) == "".join("".join(texts).split())


def test_length_counts_as_telegram_does() -> None:
    assert count_units("<b>a</b>&amp;😀") == 4


def test_an_answer_survives_being_kept() -> None:
    given_answer = make_answer(
        say("day-left", day=date(2026, 11, 20), count=3),
        say("import-kinds", kinds=(say("import-kind-date", count=1), "x")),
        Sentence("plain", {"text": datetime(2026, 1, 1, tzinfo=UTC)}),
        buttons=[[Button(say("button-drop"), "import:drop")]],
        files=[File("a.xlsx", b"\x00\x01")],
    )
    assert from_json(to_json(given_answer)) == given_answer


def test_the_parts_of_a_long_answer_are_numbered_and_hold_the_limit() -> None:
    what = make_answer(*(say("plain", text=f"việc {n} " + "x" * 80) for n in range(100)))
    parts = render_pages(what, 4096)
    assert len(parts) == 3
    assert [part.rsplit("\n", 1)[1] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert all(count_units(part) <= 4096 for part in parts)
    assert render_pages(make_answer(say("plain", text="ngắn")), 4096) == ["ngắn"]
