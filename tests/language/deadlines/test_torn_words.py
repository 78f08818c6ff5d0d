"""Words of time that scanning tore or glued are whole and apart again."""

import pytest

from language.deadlines.clauses import mend_sentence
from language.deadlines.torn_words import mend_torn_quarters, mend_torn_words
from language.times.scanner import fold_for_scan


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Trướ c ngày 15/9/2026", "Trước ngày 15/9/2026"),
        ("T r ư ớ c n g à y 15/9", "Trước ngày 15/9"),
        ("Trướcngày 15/9, hằngquý", "Trước ngày 15/9, hằng quý"),
        ("trư ớc ngày 1 5/9 và trước ngày 2 0/9", "trước ngày 15/9 và trước ngày 20/9"),
        ("15/1 2/2026", "15/12/2026"),
        ("ngày 15 tháng 1 2/2026", "ngày 15 tháng 12/2026"),
        ("15/9/20 26, 15/10/202 6", "15/9/2026, 15/10/2026"),
        ("năm 20 26", "năm 2026"),
        ("số 20 26 và 15/9", "số 20 26 và 15/9"),
        ("Sở Nội vụ 3 4 xã", "Sở Nội vụ 3 4 xã"),
        ("", ""),
    ],
)
def test_torn_words_and_numbers_are_whole(text: str, mended: str) -> None:
    assert mend_sentence(text) == mended


def test_the_readable_and_the_folded_text_keep_one_length() -> None:
    text = "Trướ c ngày 1 5/9/20 26, hằngquý, trư ớc ngày 15/1 2/2026"
    readable, folded = mend_torn_words(*fold_for_scan(text))
    assert readable == "Trước ngày 15/9/2026, hằng quý, trước ngày 15/12/2026"
    assert folded == fold_for_scan(readable)[1]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Quý I V/2026", "Quý IV/2026"),
        ("quý I I I", "quý III"),
        ("quý I I", "quý II"),
        ("quýI và QIV", "quý I và Q IV"),
        ("Quý II III", "Quý II, III"),
        ("Quý III IV", "Quý III, IV"),
        ("Quý I II", "Quý I/II"),
        ("Quý I VB", "Quý I VB"),
    ],
)
def test_the_numerals_of_quarters_are_whole(text: str, mended: str) -> None:
    assert mend_torn_quarters(text) == mended
