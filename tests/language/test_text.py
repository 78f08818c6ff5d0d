"""Text becomes comparable: letters that only look alike, marks in another order, full width."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.text import drop_controls, fold, normalise

ALIKE = [
    ("Ðề án", "Đề án"),  # Đ of Iceland
    ("Ɖường thủy", "Đường thủy"),  # of Africa
    ("ðê điều", "đê điều"),
    ("Ѕở Тư рháp", "Sở Tư pháp"),
    ("Sở У tế", "Sở Y tế"),
    ("Вộ Nội vụ", "Bộ Nội vụ"),
    ("Mục ІІ.3", "Mục II.3"),
    ("Ｓở Nội vụ", "Sở Nội vụ"),
    ("３０/１１/２０２６", "30/11/2026"),
    ("８８/KH-UBND", "88/KH-UBND"),
    ("Ⅲ.2", "III.2"),
    ("phần ⅳ", "phần iv"),
    ("Ⅻ", "XII"),
    ("Sở Y te\u0302\u0301", "Sở Y tế"),
    ("Sơ\u0309 Nội vụ", "Sở Nội vụ"),
    ("ngày\u300005", "ngày 05"),
    ("（phối hợp）", "(phối hợp)"),
    ("Sở\u200b Y\u00ad tế", "Sở Y tế"),
]


@pytest.mark.parametrize(("typed", "meant"), ALIKE)
def test_letters_that_look_alike_are_one(typed: str, meant: str) -> None:
    assert normalise(typed) == meant
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize("text", ["Москва", "Ελλάδα", "Sở Y tế tỉnh", "10 m²", "5 µm", "中文", "Ω"])
def test_words_of_other_languages_are_left(text: str) -> None:
    assert normalise(text) == text


@given(st.text(max_size=40))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\0b", "ab"),
        ("\x1b[31mđỏ", "[31mđỏ"),
        ("\u202eegdetnes\u202c", "egdetnes"),
        ("\u2066Sở\u2069 Y tế\u200f", "Sở Y tế"),
        ("nửa \ud83d chữ", "nửa  chữ"),
        ("hai\ndòng\tvà cách\x0b", "hai\ndòng\tvà cách\x0b"),
        ("👩‍👩‍👧 Sở Tư pháp", "👩‍👩‍👧 Sở Tư pháp"),
    ],
)
def test_controls_direction_marks_and_half_characters_go(given: str, kept: str) -> None:
    assert drop_controls(given) == kept
    kept.encode()
