"""Labels of milestones and the words that they refer to, as they stand in the cell."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short


def read_labels(text: str) -> list[str | None]:
    return [one.what for one in read_deadline_cell(text, 2026)]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("15/7 đối với xã, 15/12 đối với tỉnh", ["xã", "tỉnh"]),
        ("15/7 (đối với xã), 15/12 (đối với tỉnh)", ["xã", "tỉnh"]),
        ("15/7 đối với xã (vùng cao), 15/12", ["xã (vùng cao)", None]),
        ("15/7 đối với xã (vùng cao) và tỉnh, 15/12", ["xã (vùng cao) và tỉnh", None]),
        ("15/7 (đối với xã) nộp tỉnh", ["xã"]),
        ("15/7 (báo cáo (sơ kết)), 15/12 họp", ["báo cáo (sơ kết)", None]),
        ("15/7 (báo cáo, 15/12", [None]),
        ("Tháng 2 (kế hoạch)", [None]),
        ("Tháng 2 (kế hoạch), tháng 4 (hội nghị)", ["kế hoạch", "hội nghị"]),
        ("Tháng 2 (kế hoạch), tháng 4 (hội nghị), tháng 6", ["kế hoạch", "hội nghị", None]),
        ("Tháng 2 (kế hoạch) hội nghị tháng 4 (họp)", ["kế hoạch", "hội nghị"]),
        ("15/3 (nộp) họp 15/6", [None, "họp"]),
        ("15/7 (báo cáo trước 15/6)", [None, "báo cáo"]),
        ("15/7 (báo cáo ngày 15/6)", [None]),
    ],
)
def test_a_label_stands_behind_a_time_too(text: str, labels: list[str | None]) -> None:
    assert read_labels(text) == labels


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("và báo cáo trước 15/3", "báo cáo"),
        ("báo cáo và trước 15/3", "báo cáo"),
        ("hoặc và báo cáo là trước 15/3", "báo cáo"),
        ("và trước 15/3", None),
        ("vàng trước 15/3", "vàng"),
        ("theo kế hoạch trước 15/3", None),
        ("Họp (tỉnh trước 15/3", "Họp (tỉnh)"),
        ("Họp (tỉnh (xã)) trước 15/3", "Họp (tỉnh (xã))"),
        ("Họp (tỉnh) trước 15/3", "Họp (tỉnh)"),
        ("họp) trước 15/3", "họp"),
    ],
)
def test_a_label_is_trimmed(text: str, label: str | None) -> None:
    assert read_labels(text) == [label]


def test_each_unit_of_a_list_is_the_label_of_its_day_but_a_single_one_is_not() -> None:
    assert read_labels("BC X: ngày 20 của tháng báo cáo") == ["BC X"]
    assert read_labels("BC X: ngày 20 của tháng, quý báo cáo") == ["tháng", "quý"]
    assert read_labels("chậm nhất ngày 20 của tháng, quý, năm báo cáo") == ["tháng", "quý", "năm"]


@pytest.mark.parametrize(
    ("text", "expected", "doubt"),
    [
        ("Báo cáo tháng: trước ngày 20", "every month 2026-01-19..2026-12-19 x12", None),
        ("Báo cáo quý: trước ngày 20", "every quarter 2026-03-19..2026-12-19 x4", "report_unit"),
        ("Báo cáo năm: ngày 20", "every year 2026-12-20..2026-12-20 x1", "report_unit"),
        (
            "Báo cáo quý: ngày 20 của tháng cuối kỳ báo cáo",
            "every quarter 2026-03-20..2026-12-20 x4",
            None,
        ),
        ("Báo cáo: trước ngày 20", "doubt", "day_alone"),
    ],
)
def test_the_name_of_a_report_says_how_often_a_day_comes_back(
    text: str, expected: str, doubt: str | None
) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert short(text) == [expected]
    assert found.doubt == (get_doubt_text(doubt) if doubt else None)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("theo Kế hoạch số 5 (đợt 1)", "Kế hoạch số 5 (đợt 1)"),
        ("15/12 (hoặc khi có yêu cầu)", "khi có yêu cầu"),
        ("- Kế hoạch năm 2026 của tỉnh", "Kế hoạch năm 2026 của tỉnh"),
        ("Theo quy định", None),
        ("theo tiến độ", "tiến độ"),
        ("khi có yêu cầu", "khi có yêu cầu"),
    ],
)
def test_a_reference_has_no_bracket_that_it_does_not_open(text: str, reference: str | None) -> None:
    assert read_deadline_cell(text, 2026)[-1].reference == reference


def test_the_event_of_a_term_in_a_bracket_ends_before_the_bracket_does() -> None:
    (found,) = read_deadline_cell("nộp báo cáo (trong 5 ngày kể từ ngày họp)", 2026)
    assert (found.days, found.after) == (5, "họp")


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("cùng với báo cáo tháng", "báo cáo tháng"),
        ("gửi cùng kỳ báo cáo tháng 6", "kỳ báo cáo tháng 6"),
        ("lồng ghép vào báo cáo quý", "báo cáo quý"),
    ],
)
def test_the_report_that_another_goes_with_is_named_by_its_noun(text: str, report: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, found.report) == ("with", report)
