"""Raw keystrokes, short forms and slips are put right; what may be right is left alone."""

import pytest

from language.questions.phrases import load_phrases
from language.typing_slips import (
    LONGEST_QUESTION,
    from_telex,
    from_vni,
    is_syllable,
    mend_typing,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(
            ("sowr", "sở"),
            ("nhieemj", "nhiệm"),
            ("nhieejm", "nhiệm"),
            ("dduwowcj", "được"),
            ("truwowcs", "trước"),
        ),
        *(
            ("ddang", "đang"),
            ("soos", "số"),
            ("quar", "quả"),
            ("iso", ""),
            ("papi", ""),
            ("cntt", ""),
        ),
    ],
)
def test_telex_is_read(typed: str, meant: str) -> None:
    assert from_telex(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("so73", "sở"),
        ("vie65c", "việc"),
        ("vie6c5", "việc"),
        ("d9u7o7c5", "được"),
        ("ha5n", "hạn"),
        ("qua1", "quá"),
        ("t12", ""),
    ],
)
def test_vni_is_read(typed: str, meant: str) -> None:
    assert from_vni(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vieecj cuar sowr taif chinhs", "việc của sở tài chính"),
        ("vie65c qua1 ha5n", "việc quá hạn"),
        ("sở tài chính còn mấy viêc", "sở tài chính còn mấy viêc"),
        ("việc q4 t12", "việc q4 t12"),
        ("muc3 quy4", "muc3 quy4"),
        ("việc II.4 phần IX", "việc II.4 phần IX"),
        ("phụ trcáh", "phụ trach"),
        ("trường thpt", "trường thpt"),
        ("VIỆC PAPI", "việc papi"),
    ],
)
def test_a_line_is_mended(typed: str, meant: str) -> None:
    assert mend_typing(typed, load_phrases().lexicon) == meant


def test_known_words_are_left_alone() -> None:
    assert mend_typing("ddci", load_phrases().lexicon, {"ddci"}) == "ddci"


def test_a_paste_is_cut() -> None:
    assert len(mend_typing("sở " * 1000, load_phrases().lexicon)) <= LONGEST_QUESTION


@pytest.mark.parametrize(
    ("word", "holds"),
    [("nghieng", True), ("quyen", True), ("a", True), ("ching", False), ("ubnd", False)],
)
def test_syllables_are_told_from_other_words(word: str, holds: bool) -> None:
    assert is_syllable(word) is holds
