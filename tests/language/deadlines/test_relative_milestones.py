"""Terms counted from an event: the name of the event, and the last day if its day is known."""

from datetime import date

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import ISSUED_ON, Years


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("10 ngày kể từ ngày khi có kết luận", "có kết luận"),
        ("trước 10 ngày so với ngày khai mạc", "khai mạc"),
        ("trước 10 ngày so với Lễ khai mạc", "Lễ khai mạc"),
        ("trong 07 ngày sau Hội nghị tổng kết", "Hội nghị tổng kết"),
        ("trước ngày họp ít nhất 05 ngày", "họp"),
        ("trước ngày họp chậm nhất là 03 ngày", "họp"),
        ("trước ngày bầu cử 10 ngày", "bầu cử"),
        ("sau 10 ngày", None),
    ],
)
def test_the_event_is_named_without_the_words_around_it(text: str, event: str | None) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.after, found.doubt is None) == (event, event is not None)


@pytest.mark.parametrize(
    ("text", "years", "last_day"),
    [
        ("10 ngày kể từ ngày 15/6/2026", (2026, 2030), date(2026, 6, 25)),
        ("10 ngày kể từ ngày 15/6", 2026, date(2026, 6, 25)),
        ("10 ngày kể từ ngày 15/6", (2026, 2030), None),
        ("10 ngày kể từ ngày 15/6", None, None),
        ("10 ngày kể từ ngày 29/02", 2026, None),
        ("10 ngày kể từ ngày 03-05/6", 2026, date(2026, 6, 13)),
        ("03 ngày trước ngày 20/11", 2026, date(2026, 11, 17)),
        ("0 ngày kể từ ngày 20/11", 2026, date(2026, 11, 20)),
        ("0 ngày làm việc kể từ ngày 20/11", 2026, date(2026, 11, 20)),
        ("trước ngày 15/6/2026 ít nhất 10 ngày", 2026, date(2026, 6, 5)),
        ("trước ngày 15/6 tối thiểu 05 ngày làm việc", 2026, date(2026, 6, 8)),
        ("trước ngày 15/6 ít nhất 10 ngày", (2026, 2030), None),
        ("trước 10 ngày so với ngày 15/6/2026", 2026, date(2026, 6, 5)),
        ("trước 10 ngày tính đến ngày 15/6/2026", 2026, date(2026, 6, 5)),
        ("trước tháng 6/2026 ít nhất 10 ngày", 2026, date(2026, 5, 22)),
        ("trước ngày 31/3/2026 ít nhất 01 tháng", 2026, date(2026, 2, 28)),
        ("ngay sau khi ban hành Kế hoạch này", 2026, ISSUED_ON),
        ("ngay sau khi ban hành Đề án", 2026, None),
    ],
)
def test_a_term_ends_on_a_known_day_only_if_the_day_of_its_event_is_known(
    text: str, years: Years, last_day: date | None
) -> None:
    assert [one.last_day for one in read_deadline_cell(text, years, ISSUED_ON)] == [last_day]
