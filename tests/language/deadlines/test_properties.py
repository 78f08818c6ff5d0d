"""Spelling, blanks, case and normal form change no reading; any text has a reading."""

import unicodedata
from datetime import date
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadlines import read_deadline_cell, read_typed_deadline
from language.text import strip_marks

DAYS = st.dates(date(2017, 1, 1), date(2035, 12, 31))
SPELLINGS = (
    "{d:02d}/{m:02d}/{y}",
    "{d}/{m}/{y}",
    "{d}-{m}-{y}",
    "{d:02d}.{m:02d}.{y}",
    "{d} / {m} / {y}",
    "ngày {d} tháng {m} năm {y}",
    "ngày {d:02d} tháng {m:02d}/{y}",
    "ngày {d}/{m}/{y}",
    "mùng {d} tháng {m} năm {y}",
)
PHRASES = st.sampled_from(
    [
        "Trước ngày 14/8/2026",
        "- BC quý I trước ngày 15/3; - BC năm trước ngày 01/12/2026",
        "Quý II, III/2026",
        "ngày 05 hàng tháng",
        "trước ngày 10 của tháng cuối quý",
        "từ tháng 3 đến tháng 11 hằng năm",
        "không quá 15 ngày làm việc kể từ ngày nhận hồ sơ",
        "Thường xuyên, mỗi quý có báo cáo",
        "cùng với báo cáo tháng",
        "tuần 2 tháng 4",
        "31/6/2026",
    ]
)
NormalForm = Literal["NFC", "NFD"]
NORMAL_FORMS: tuple[NormalForm, ...] = ("NFC", "NFD")
VOCABULARY = (
    "trước từ đến ngày tháng quý năm hằng hàng định kỳ 6 12 31 15/6 2026 5/2026 I IV II kể từ sau "
    "khi theo quy định thường xuyên báo cáo , ; ( ) - / . + : của và chậm nhất tuần cuối đầu giữa "
    "mai thứ nay 17h00 lần năm sau"
)
WORDS = st.sampled_from(VOCABULARY.split())


@given(DAYS, st.sampled_from(SPELLINGS))
def test_a_printed_day_survives_every_spelling(day: date, spelling: str) -> None:
    text = spelling.format(d=day.day, m=day.month, y=day.year)
    for phrase in (text, f"Trước {text}", f"chậm nhất {text}"):
        (milestone,) = read_deadline_cell(phrase, 2026)
        assert milestone.printed_day == day
        assert milestone.kind == "date"
        assert milestone.last_day is not None
        assert milestone.last_day <= day


@given(PHRASES, st.sampled_from(NORMAL_FORMS), st.booleans(), st.booleans())
def test_reading_is_the_same_under_blanks_case_and_normal_form(
    phrase: str, form: NormalForm, upper: bool, wide: bool
) -> None:
    expected = [m.model_copy(update={"what": None}) for m in read_deadline_cell(phrase, 2026)]
    changed = unicodedata.normalize(form, phrase.upper() if upper else phrase)
    changed = "  " + changed.replace(" ", " \t ") + " " if wide else changed
    found = [m.model_copy(update={"what": None}) for m in read_deadline_cell(changed, 2026)]
    drop = {"after", "reference", "report"} if upper else set()
    assert [m.model_dump(exclude=drop) for m in found] == [
        m.model_dump(exclude=drop) for m in expected
    ]


@given(PHRASES)
def test_days_are_the_same_without_diacritics(phrase: str) -> None:
    assert [(m.kind, m.deadlines) for m in read_deadline_cell(strip_marks(phrase), 2026)] == [
        (m.kind, m.deadlines) for m in read_deadline_cell(phrase, 2026)
    ]


@given(
    st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)),
    st.sampled_from([None, 2026, (2026, 2030), (2030, 2026)]),
    st.one_of(st.none(), DAYS),
)
@settings(max_examples=400)
def test_any_text_gives_an_answer_that_holds_together(
    text: str, years: tuple[int, int] | int | None, issued_on: date | None
) -> None:
    for milestone in read_deadline_cell(text, years, issued_on):
        if milestone.last_day and milestone.printed_day:
            assert milestone.last_day <= milestone.printed_day
        if milestone.first_day and milestone.last_day:
            assert milestone.first_day <= milestone.last_day
        if milestone.kind in ("date", "period"):
            assert milestone.last_day is not None
        assert list(milestone.last_days) == sorted(milestone.last_days)
        assert milestone.kind != "recurring" or milestone.last_days


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), DAYS)
@settings(max_examples=150)
def test_whatever_is_typed_is_understood_asked_about_or_refused(text: str, today: date) -> None:
    found = read_typed_deadline(text, today)
    assert bool(found.milestones) + bool(found.candidates) + bool(found.reason) == 1
