"""Which preposition and which hour belong to a deadline."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("không muộn hơn trước ngày 15/6", "date 2026-06-14"),
        ("trước không muộn hơn ngày 15/6", "date 2026-06-14"),
        ("trước sau ngày 15/6", "date 2026-06-14"),
        ("sau trước ngày 15/6", "date 2026-06-14"),
        ("đến trước ngày 15/6", "date 2026-06-14"),
        ("từ sau ngày 15/6", "ongoing 2026-06-16"),
        ("từ hạn ngày 15/6", "ongoing 2026-06-15"),
        ("hạn đến tháng 6", "date 2026-06-30"),
        ("đến hạn tháng 6", "period 2026-06-01..2026-06-30"),
        ("đến trong tháng 6", "date 2026-06-30"),
        ("trong hạn tháng 6", "period 2026-06-01..2026-06-30"),
        ("chậm nhất trong tháng 6", "period 2026-06-01..2026-06-30"),
        ("xong trong tháng 6", "period 2026-06-01..2026-06-30"),
        ("trong xong tháng 6", "period 2026-06-01..2026-06-30"),
        ("hạn 15/6 - 20/6", "period 2026-06-15..2026-06-20"),
        ("trong hạn 15/6 - 20/6", "period 2026-06-15..2026-06-20"),
    ],
)
def test_the_stronger_of_two_prepositions_bounds(text: str, expected: str) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "what", "expected"),
    [
        ("Báo cáo ngay sau khi họp", "Báo cáo", "relative 0 days"),
        ("Báo cáo ngay, sau khi họp", "Báo cáo", "relative 0 days"),
        ("Bao cao ngay sau khi hop", "Bao cao", "relative 0 days"),
        ("Bao cao ngay, sau khi hop", "Bao cao", "relative 0 days"),
        ("Báo cáo ngay trước ngày 15/6", "Báo cáo", "date 2026-06-14"),
        ("Ngay sau khi họp", None, "relative 0 days"),
        ("Ngay sau 05 ngày kể từ khi họp", None, "relative 5 days"),
        ("Báo cáo nhanh sau khi họp", "Báo cáo nhanh", "doubt"),
    ],
)
def test_at_once_belongs_to_the_preposition_behind_it(
    text: str, what: str | None, expected: str
) -> None:
    assert short(text) == [expected]
    assert read_deadline_cell(text, 2026)[0].what == what


@pytest.mark.parametrize("at_once", ["ngay sau", "ngay, sau"])
def test_at_once_after_an_event_behind_a_day_is_about_that_day(at_once: str) -> None:
    (found,) = read_deadline_cell(f"ngày 05 hằng tháng, {at_once} buổi giao ban", 2026)
    assert (found.every, found.doubt) == ("month", "còn tùy một sự kiện")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("17h ngày 15/6", ["17:00"]),
        ("17h, ngày 15/6", ["17:00"]),
        ("trước 17h, ngày 15/6", ["17:00"]),
        ("ngày 15/6 lúc 17h", ["17:00"]),
        ("ngày 15/6, họp 17h ngày 16/6", [None, "17:00"]),
        ("ngày 15/6, 17h ngày 16/6", [None, "17:00"]),
        ("ngày 15/6, trước 17h, ngày 16/6", ["17:00", None]),
        ("tháng 6, 17h ngày 16/6", ["17:00"]),
        ("quý II, trước 17h ngày 16/6", ["17:00"]),
        ("tháng 6, trước 17h, ngày 16/6", ["17:00"]),
        ("tháng 6 trước 17h", ["17:00"]),
        ("tháng 6, họp trước 17h", [None]),
        ("hằng tháng, 17h ngày 15", ["17:00"]),
        ("hằng tháng, trước 17h ngày 15", ["17:00"]),
        ("hằng ngày 17h, 15/6", ["17:00", None]),
        ("hằng tháng, quý, năm, trước 17h", ["17:00", "17:00", "17:00"]),
        ("thường xuyên, 17h", [None]),
        ("thường xuyên, 17h ngày 15/6", [None, "17:00"]),
        ("ngày 12/3, 14/6 trước 17h", [None, "17:00"]),
        ("thứ 2, 4, 6 hằng tuần trước 17h", ["17:00", "17:00", "17:00"]),
        ("ngày 15/9; thứ 2, 4 hằng tuần trước 17h", [None, "17:00", "17:00"]),
        ("sơ kết ngày 15/9, họp thứ 2, 4 hằng tuần trước 17h", [None, "17:00", "17:00"]),
        ("từ 8h đến 11h ngày 20/3", ["11:00"]),
        ("từ 8h ngày 15/6", ["08:00"]),
        ("từ 7h ngày 15/9 đến 17h ngày 17/9", ["17:00"]),
        ("từ 7h ngày 15/9 đến ngày 17/9", [None]),
        ("từ 7h ngày 15/9 - 17/9, 17h ngày 18/9", [None, "17:00"]),
        ("trước 24h ngày 12/3", [None]),
        ("ngày 12/3 trước 24h00", [None]),
        ("trước 23h ngày 12/3", ["23:00"]),
    ],
)
def test_an_hour_belongs_to_its_day(text: str, hours: list[str | None]) -> None:
    assert [one.at for one in read_deadline_cell(text, 2026)] == hours


@pytest.mark.parametrize("text", ["trước 24h ngày 12/3", "trước 17h ngày 12/3", "từ 8h - 11h 12/3"])
def test_before_an_hour_of_a_day_is_not_before_the_day(text: str) -> None:
    assert short(text) == ["date 2026-03-12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ 8h ngày 12/3", "ongoing 2026-03-12"),
        ("sau 24h ngày 12/3", "ongoing 2026-03-13"),
    ],
)
def test_from_or_after_an_hour_of_a_day_is_a_beginning(text: str, expected: str) -> None:
    assert short(text) == [expected]


def test_before_an_event_adds_nothing_to_a_day() -> None:
    assert short("trước khi họp, nộp ngày 15/6") == ["date 2026-06-15"]
