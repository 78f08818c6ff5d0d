"""What stands elsewhere in a clause changes no reading of a deadline."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import short

DEADLINES = [
    ("thường xuyên, trước ngày 15/6", ["ongoing", "date 2026-06-14"]),
    ("theo quy định, trước 17h ngày 15/6", ["date 2026-06-15"]),
    ("theo quy định, tháng 6/2026", ["period 2026-06-01..2026-06-30"]),
    ("khi có yêu cầu, chậm nhất 05 ngày kể từ ngày nhận văn bản", ["relative 5 days"]),
    (
        "ngay sau khi được giao và định kỳ 06 tháng",
        ["relative 0 days", "every half-year 2026-06-30..2026-12-31 x2"],
    ),
    (
        "ngày 15/7 đối với báo cáo 6 tháng, ngày 20/12 đối với báo cáo năm",
        ["date 2026-07-15", "date 2026-12-20"],
    ),
    ("ngày 20/4 đối với đơn vị nộp theo quý, ngày 25/5", ["date 2026-04-20", "date 2026-05-25"]),
    (
        "sau mỗi đợt kiểm tra, tổng hợp kết quả trong quý III",
        ["doubt", "period 2026-07-01..2026-09-30"],
    ),
    (
        "ngay trong ngày nhận hồ sơ hoặc chậm nhất là ngày làm việc tiếp theo",
        ["relative 0 days", "relative 1 days working"],
    ),
    ("tại kỳ họp thứ 8, trước ngày 15/6", ["date 2026-06-14"]),
    ("kỳ họp thứ 8", ["regulation"]),
    ("đầu năm học, trước ngày 15/6", ["date 2026-06-14"]),
    ("15/3 và 15/9 âm lịch, ngày 20/12/2026", ["doubt", "doubt", "date 2026-12-20"]),
    ("vào trước ngày 16/6", ["date 2026-06-15"]),
    ("sau khi có hướng dẫn, hoàn thành trước ngày 15/6", ["doubt", "date 2026-06-14"]),
    ("17h ngày 20/3, 9h ngày 21/3", ["date 2026-03-20", "date 2026-03-21"]),
    ("ngày 20/3, trước 8h và ngày 15/6, trước 17h", ["date 2026-03-20", "date 2026-06-15"]),
    ("từ 8h đến 11h ngày 20/3", ["date 2026-03-20"]),
    (
        "thứ 2, thứ 4 hằng tuần, sơ kết ngày 15/6",
        [
            "every week 2026-01-05..2026-12-28 x52",
            "every week 2026-01-07..2026-12-30 x52",
            "date 2026-06-15",
        ],
    ),
    (
        "hằng tuần, gửi báo cáo trước 16h thứ Sáu và thứ Bảy, sơ kết ngày 15/6",
        [
            "every week 2026-01-09..2026-12-25 x51",
            "every week 2026-01-10..2026-12-26 x51",
            "date 2026-06-15",
        ],
    ),
    (
        "hằng tuần, vào thứ Hai, sơ kết ngày 15/6",
        ["every week 2026-01-05..2026-12-28 x52", "date 2026-06-15"],
    ),
    ("mỗi 2 tháng, sơ kết ngày 15/6", ["every None 2026-02-28..2026-12-31 x6", "date 2026-06-15"]),
    ("nửa năm một lần, sơ kết ngày 15/6", ["every year 2026-06-15..2026-06-15 x1"]),
    (
        "02 ngày làm việc đầu tiên của tuần, sơ kết ngày 15/6",
        ["every week 2026-01-06..2026-12-29 x52", "date 2026-06-15"],
    ),
    (
        "tuần đầu hằng tháng, sơ kết ngày 15/6",
        ["every month 2026-01-07..2026-12-07 x12", "date 2026-06-15"],
    ),
    (
        "hằng tháng, quý, năm, sơ kết ngày 15/6/2027",
        [
            "every month 2026-01-31..2026-12-31 x12",
            "every quarter 2026-03-31..2026-12-31 x4",
            "every year 2026-12-31..2026-12-31 x1",
            "date 2027-06-15",
        ],
    ),
    (
        "tháng, quý, năm",
        [
            "every month 2026-01-31..2026-12-31 x12",
            "every quarter 2026-03-31..2026-12-31 x4",
            "every year 2026-12-31..2026-12-31 x1",
        ],
    ),
    ("02 lần/năm, sơ kết trước ngày 15/9", ["every year 2026-09-14..2026-09-14 x1"]),
    ("05 lần/năm, sơ kết ngày 15/9", ["doubt", "date 2026-09-15"]),
    (
        "không quá 15 ngày kể từ ngày nhận hồ sơ, báo cáo trước ngày 20/12",
        ["relative 15 days", "date 2026-12-19"],
    ),
    ("trong 03 ngày, từ ngày 10/12 đến ngày 12/12", ["period 2026-12-10..2026-12-12"]),
    ("trong 03 ngày, từ 10/12 - 12/12", ["period 2026-12-10..2026-12-12"]),
    ("03 tháng trước ngày 16/4", ["date 2026-04-15"]),
    (
        "ngày làm việc tiếp theo sau ngày nhận hồ sơ, báo cáo trước ngày 20/12",
        ["relative 1 days working", "date 2026-12-19"],
    ),
    (
        "ngày 25 các tháng 3, 6, 9, sơ kết ngày 15/6",
        ["date 2026-03-25", "date 2026-06-25", "date 2026-09-25", "date 2026-06-15"],
    ),
    (
        "trước ngày 10/12 trong giai đoạn 2027-2029, sơ kết ngày 15/6",
        ["every year 2027-12-09..2029-12-09 x3", "date 2026-06-15"],
    ),
    (
        "từ ngày 15 tháng trước đến ngày 14 tháng báo cáo",
        ["every month 2026-01-14..2026-12-14 x12"],
    ),
    ("từ tháng 3 đến khi hoàn thành", ["ongoing 2026-03-01"]),
    ("từ nay đến 30/9, sơ kết ngày 15/6", ["period 2026-01-05..2026-09-30", "date 2026-06-15"]),
    (
        "trong tháng cuối quý, sơ kết ngày 15/6",
        ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-06-15"],
    ),
    ("2026 và các năm tiếp theo", ["period 2026-01-01..2026-12-31", "ongoing 2027-01-01"]),
    ("trước dịp lễ 30/4 - 01/5, sơ kết ngày 15/6", ["date 2026-04-29", "date 2026-06-15"]),
    (
        "từ 15/6 đến hết 20/6, sơ kết ngày 25/6",
        ["period 2026-06-15..2026-06-20", "date 2026-06-25"],
    ),
    ("trong năm, sơ kết ngày 15/6", ["period 2026-01-01..2026-12-31", "date 2026-06-15"]),
    (
        "thường xuyên, duy trì các năm tiếp theo, sơ kết ngày 15/6",
        ["ongoing", "ongoing", "date 2026-06-15"],
    ),
    (
        "trước ngày 20 tháng cuối quý, sơ kết ngày 15/6",
        ["every quarter 2026-03-19..2026-12-19 x4", "date 2026-06-15"],
    ),
    ("sau khi bầu cử 05 ngày, sơ kết ngày 15/6", ["relative 5 days", "date 2026-06-15"]),
    ("sau ngày ban hành Quyết định số 5/QĐ-UBND 05 ngày", ["relative 5 days"]),
    ("trước ngày bầu cử 10 ngày, sơ kết ngày 15/6", ["relative -10 days", "date 2026-06-15"]),
    (
        "30 ngày kể từ ngày 15/6, sơ kết trong quý III",
        ["relative 30 days", "period 2026-07-01..2026-09-30"],
    ),
    ("ngày làm việc tiếp theo sau cuộc họp trong quý I", ["relative 1 days working"]),
    ("trước 10 ngày so với cuộc họp trong quý I", ["relative -10 days"]),
    ("ngay sau cuộc họp trong quý I", ["relative 0 days"]),
    ("sau khi họp trong quý I", ["doubt"]),
    ("05 ngày kể từ khi họp trong quý I", ["relative 5 days"]),
    ("trong 03 ngày, duy trì thường xuyên", ["relative 3 days", "ongoing"]),
    ("từ 03 ngày, duy trì thường xuyên", ["ongoing"]),
    ("chậm nhất 03 ngày, duy trì thường xuyên", ["relative 3 days", "ongoing"]),
    ("03 ngày, duy trì thường xuyên", ["ongoing"]),
    (
        "trước ngày 10/12 các năm 2026, 2028, sơ kết ngày 15/6/2027",
        ["date 2026-12-09", "date 2028-12-09", "date 2027-06-15"],
    ),
    (
        "từ 7h ngày 15/9 đến 17h ngày 17/9, sơ kết ngày 20/9",
        ["period 2026-09-15..2026-09-17", "date 2026-09-20"],
    ),
    (
        "từ ngày 15/12 năm trước đến ngày 14/6, sơ kết ngày 20/9",
        ["every year 2026-06-14..2026-06-14 x1", "date 2026-09-20"],
    ),
    ("nộp ngày 15/6 âm lịch, sơ kết ngày 20/9", ["doubt", "date 2026-09-20"]),
    ("kỳ họp thứ 5 (tháng 7/2026), sơ kết ngày 20/9", ["date 2026-09-20"]),
    ("đầu năm học", ["doubt"]),
    ("mùa mưa hằng năm, sơ kết ngày 20/9", ["doubt", "date 2026-09-20"]),
    ("ngay trong ngày nhận hồ sơ, sơ kết trước ngày 20/9", ["relative 0 days", "date 2026-09-19"]),
    (
        "03 ngày từ tháng 4 đến tháng 5, sơ kết ngày 20/9",
        ["period 2026-04-01..2026-05-31", "date 2026-09-20"],
    ),
    (
        "ngày 15/7 đối với báo cáo 6 tháng, trước ngày 20/12 đối với báo cáo năm",
        ["date 2026-07-15", "date 2026-12-19"],
    ),
    ("tháng thứ 3 kể từ ngày ký, sơ kết trước ngày 20/9", ["relative 3 months", "date 2026-09-19"]),
    ("ISO 9001:2015, sơ kết ngày 20/9", ["date 2026-09-20"]),
    (
        "05 ngày làm việc đầu tiên của tháng 6, sơ kết ngày 20/9",
        ["date 2026-06-05", "date 2026-09-20"],
    ),
    (
        "thứ Sáu tuần cuối hằng tháng, sơ kết ngày 20/9",
        ["every month 2026-01-30..2026-12-25 x12", "date 2026-09-20"],
    ),
    ("ISO 9001:2015 trước ngày 20/9", ["date 2026-09-19"]),
    ("ngày 31/6, sơ kết ngày 20/9", ["doubt", "date 2026-09-20"]),
    ("ngày 31/6 trước ngày 20/9", ["doubt", "date 2026-09-19"]),
    ("cả năm, sơ kết ngày 20/9", ["date 2026-09-20"]),
    (
        "theo tháng, quý, sơ kết ngày 20/9",
        [
            "every month 2026-01-31..2026-12-31 x12",
            "every quarter 2026-03-31..2026-12-31 x4",
            "date 2026-09-20",
        ],
    ),
    (
        "từ nay đến hết 30/9, sơ kết ngày 15/10",
        ["period 2026-01-05..2026-09-30", "date 2026-10-15"],
    ),
    (
        "ngày 15/6/2026 và các năm tiếp theo, sơ kết ngày 20/9",
        ["date 2026-06-15", "ongoing 2026-06-16", "date 2026-09-20"],
    ),
    ("ngày 15/6 năm cuối kỳ kế hoạch, sơ kết ngày 20/9", ["date 2026-06-15", "date 2026-09-20"]),
    (
        "ngày 15 tháng sau, sơ kết ngày 20/9",
        ["every month 2026-02-15..2027-01-15 x12", "date 2026-09-20"],
    ),
    (
        "ngày 15/6 của tháng, quý báo cáo",
        ["every year 2026-06-15..2026-06-15 x1", "every year 2026-06-15..2026-06-15 x1"],
    ),
]


def read(text: str) -> list[tuple[object, ...]]:
    found = read_deadline_cell(text, 2026)
    return [(m.kind, m.first_day, m.deadlines, m.days, m.after, m.at, m.doubt) for m in found]


@pytest.mark.parametrize(("text", "expected"), DEADLINES)
def test_documents_named_before_deadlines_do_not_change_them(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
    for count in (1, 2, 3):
        documents = ", ".join(f"số {number}/TB-SNV" for number in range(count))
        assert read(f"{documents}: {text}") == read(text)
