"""Every form of docs/dev/deadlines.md in examples: kinds, days, labels, doubts, rules."""

from datetime import date
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr

from language.deadlines import complete_milestone, read_deadline_cell
from language.deadlines.context import get_doubt_text
from language.milestones import Milestone
from language.times.calendars import Calendar, DayKind
from tests.bench.bench_deadlines import RUBBISH
from tests.support.milestones import ISSUED_ON, Years, short

ONE_YEAR = [
    # a day, before (exclusive) and by (inclusive): rules 1 and 2
    ("trước ngày 14/8/2026", ["date 2026-08-13"]),
    ("Xong trước 14/8", ["date 2026-08-13"]),
    ("đến ngày 14/8", ["date 2026-08-14"]),
    ("muộn nhất là ngày 14 tháng 8", ["date 2026-08-14"]),
    ("không muộn hơn ngày 14/8/2026", ["date 2026-08-14"]),
    ("Hạn chót: 14/8/2026", ["date 2026-08-14"]),
    ("ngày mùng 5 tháng 6", ["date 2026-06-05"]),
    ("ngày 11 /12", ["date 2026-12-11"]),
    ("O1/12/2026", ["date 2026-12-01"]),
    ("Thứ Sáu tuần đầu hằng tháng", ["every month 2026-02-06..2026-12-04 x11"]),
    ("trước ngày làm việc thứ 5 hằng tháng", ["every month 2026-01-08..2026-12-06 x12"]),
    ("Tháng 6 hoặc 9", ["period 2026-06-01..2026-06-30"]),
    ("15/12/26", ["date 2026-12-15"]),
    ("Trước tháng 9", ["date 2026-08-31"]),
    ("trước quý III/2026", ["date 2026-06-30"]),
    ("Trước năm 2027", ["date 2026-12-31"]),
    ("trước khi kết thúc quý II/2026", ["date 2026-06-30"]),
    ("đến hết tháng 9", ["date 2026-09-30"]),
    ("Đến năm 2028", ["date 2028-12-31"]),
    ("ngày 15/6, 15/9", ["date 2026-06-15", "date 2026-09-15"]),
    ("trước ngày 15/6 và 15/9", ["date 2026-06-14", "date 2026-09-14"]),
    ("ngày 20 các tháng 4, 8", ["date 2026-04-20", "date 2026-08-20"]),
    # a period: rule 3
    ("Tháng 4", ["period 2026-04-01..2026-04-30"]),
    ("T4/2026", ["period 2026-04-01..2026-04-30"]),
    ("tháng tư năm 2026", ["period 2026-04-01..2026-04-30"]),
    ("Tháng 4//2026", ["period 2026-04-01..2026-04-30"]),
    ("Quí IV-2026", ["period 2026-10-01..2026-12-31"]),
    ("Quý tư năm 2026", ["period 2026-10-01..2026-12-31"]),
    ("Quý nhất", ["doubt"]),
    ("Quý 4 năm 2026", ["period 2026-10-01..2026-12-31"]),
    ("quý lV/2026", ["period 2026-10-01..2026-12-31"]),
    ("Quý I, II, III năm 2026", ["period 2026-01-01..2026-09-30"]),
    ("Quý I-II/2026", ["period 2026-01-01..2026-06-30"]),
    ("Quý III/2026 quý IV/2026", ["period 2026-07-01..2026-12-31"]),
    ("Quý I và quý III/2026", ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"]),
    ("Tháng 5, 6, 9", ["period 2026-05-01..2026-06-30", "period 2026-09-01..2026-09-30"]),
    ("sáu tháng cuối năm", ["period 2026-07-01..2026-12-31"]),
    ("9 tháng đầu năm 2026", ["period 2026-01-01..2026-09-30"]),
    ("Trong năm", ["period 2026-01-01..2026-12-31"]),
    ("từ quý II đến quý IV/2026", ["period 2026-04-01..2026-12-31"]),
    ("từ tháng 11 đến tháng 02/2027", ["period 2026-11-01..2027-02-28"]),
    ("Quý IV/2026 - Quý I/2027", ["period 2026-10-01..2027-03-31"]),
    ("từ ngày 01 đến ngày 05 tháng 6", ["period 2026-06-01..2026-06-05"]),
    ("từ ngày 20/6 đến trước ngày 10/7/2026", ["period 2026-06-20..2026-07-09"]),
    ("từ nay đến hết quý II", ["period 2026-01-05..2026-06-30"]),
    ("nửa đầu tháng 6", ["period 2026-06-01..2026-06-15"]),
    ("tuần 3 tháng 6", ["period 2026-06-15..2026-06-21"]),
    ("2026 và các năm tiếp theo", ["period 2026-01-01..2026-12-31", "ongoing 2027-01-01"]),
    # what comes back: rules 5 and 6
    ("hàng thảng", ["every month 2026-01-31..2026-12-31 x12"]),
    ("ngày 30 hằng tháng", ["every month 2026-01-30..2026-12-30 x12"]),
    ("trước ngày 01 hằng tháng", ["every month 2026-01-31..2026-11-30 x11"]),
    ("mỗi quý một lần", ["every quarter 2026-03-31..2026-12-31 x4"]),
    ("02 lần/năm", ["every half-year 2026-06-30..2026-12-31 x2"]),
    ("01 lần/6 tháng", ["every half-year 2026-06-30..2026-12-31 x2"]),
    ("2 tháng một lần", ["every None 2026-02-28..2026-12-31 x6"]),
    ("Hằng quý, trước ngày 12 của tháng cuối quý", ["every quarter 2026-03-11..2026-12-11 x4"]),
    ("ngày 20 tháng thứ hai của quý", ["every quarter 2026-02-20..2026-11-20 x4"]),
    ("chậm nhất ngày 08 của tháng sau", ["every month 2026-02-08..2027-01-08 x12"]),
    ("trước ngày 20/12 của năm báo cáo", ["every year 2026-12-19..2026-12-19 x1"]),
    ("ngày 10/01 năm sau liền kề", ["every year 2027-01-10..2027-01-10 x1"]),
    ("từ tháng 3 đến tháng 11 hằng năm", ["every year 2026-11-30..2026-11-30 x1"]),
    (
        "ngày 05/6 và 05/12 hằng năm",
        ["every year 2026-06-05..2026-06-05 x1", "every year 2026-12-05..2026-12-05 x1"],
    ),
    ("Định kỳ hằng năm (trước ngày 10/11)", ["every year 2026-11-09..2026-11-09 x1"]),
    (
        "Định kỳ (quý, năm)",
        ["every quarter 2026-03-31..2026-12-31 x4", "every year 2026-12-31..2026-12-31 x1"],
    ),
    ("thứ tư hằng tuần", ["every week 2026-01-07..2026-12-30 x52"]),
    ("trước 9h00 hằng ngày", ["every day 2026-01-05..2026-12-31 x361"]),
    ("ngày làm việc cuối cùng của tháng", ["every month 2026-01-30..2026-12-31 x12"]),
    ("hằng năm từ năm 2027", ["every year 2027-12-31..2027-12-31 x1"]),
    # counted from an event: rule 9
    ("trong 07 ngày kể từ ngày họp", ["relative 7 days"]),
    ("không quá mười lăm (15) ngày làm việc, kể từ ngày nhận hồ sơ", ["relative 15 days working"]),
    ("sau 03 ngày làm việc", ["relative 3 days working"]),
    ("trước ngày khai giảng 5 ngày", ["relative -5 days"]),
    ("02 tuần sau khi kết thúc đợt kiểm tra", ["relative 14 days"]),
    ("06 tháng kể từ ngày phê duyệt", ["relative 6 months"]),
    ("trong vòng 48 giờ kể từ khi xảy ra", ["relative 2 days"]),
    ("Ngay sau khi có kết luận", ["relative 0 days"]),
    ("ngày làm việc tiếp theo của ngày họp", ["relative 1 days working"]),
    # no day
    ("Thực hiện thường xuyên", ["ongoing"]),
    ("thường xuyên trong năm 2026", ["ongoing"]),
    ("Thường xuyên, hằng quý có báo cáo", ["ongoing", "every quarter 2026-03-31..2026-12-31 x4"]),
    ("từ quý III/2026", ["ongoing 2026-07-01"]),
    ("đột xuất", ["regulation"]),
    ("theo tiến độ dự án", ["regulation"]),
    ("Hằng quý và khi có yêu cầu", ["every quarter 2026-03-31..2026-12-31 x4", "regulation"]),
    ("lồng ghép vào báo cáo quý", ["with"]),
    # documents and their days: rule 7
    ("theo Quyết định số 99/QĐ-UBND ngày 03/02/2025 của UBND tỉnh", ["regulation"]),
    ("Công văn số 5/SNV-TCBC ngày 7 tháng 2 năm 2025", ["doubt"]),
    ("theo Kế hoạch giai đoạn 2021-2025, trước ngày 15/12/2026", ["date 2026-12-14"]),
    ("ISO 9001:2015 trong quý III/2026", ["period 2026-07-01..2026-09-30"]),
    # not guessed: rule 8
    ("31/6", ["doubt"]),
    ("Trước ngày 31/4 hằng năm", ["doubt"]),
    ("ngày 30 tháng 02 hàng năm", ["doubt"]),
    *(
        (f"{torn}20/10/2026", ["date 2026-10-19"])
        for torn in ("Trư ớc ngày ", "Trướcngày ", "Tước ngày ")
    ),
    ("trước ngày 2 0/10/2026", ["date 2026-10-19"]),
    ("Quý I V/2026", ["period 2026-10-01..2026-12-31"]),
    ("Quý I I/2026", ["period 2026-04-01..2026-06-30"]),
    ("Quý II III/2026", ["period 2026-04-01..2026-09-30"]),
    ("29/02/2026", ["doubt"]),
    ("45/13", ["doubt"]),
    ("Tháng 13", ["doubt"]),
    ("trước ngày 5/2026", ["doubt"]),
    ("ngày 15", ["doubt"]),
    ("05-3/2026", ["doubt"]),
    ("trước Tết", ["doubt"]),
    ("3 lần/năm", ["doubt"]),
    ("", []),
    (" - ; / ", []),
    # brackets
    ("(trước ngày 14/8/2026)", ["date 2026-08-13"]),
    ("Phiên họp thứ 12 (tháng 5/2026)", ["period 2026-05-01..2026-05-31"]),
    ("14/8/2026 (trước ngày hội 30 ngày)", ["date 2026-08-14"]),
    ("Theo quy định (trước 14/8/2026)", ["date 2026-08-13"]),
    # several in a cell: rule 4
    (
        "1. Quý I/2026; 2. Quý III/2026",
        ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"],
    ),
    ("a) Tháng 3 b) Tháng 9", ["period 2026-03-01..2026-03-31", "period 2026-09-01..2026-09-30"]),
    ("• 15/3/2026 • 15/9/2026", ["date 2026-03-15", "date 2026-09-15"]),
    (
        "Khởi công quý I, khánh thành quý IV/2026",
        ["period 2026-01-01..2026-03-31", "period 2026-10-01..2026-12-31"],
    ),
    # lists of days: the preposition holds for all, and nothing is left over
    ("Trước 10/3; 10/6; 10/9", ["date 2026-03-09", "date 2026-06-09", "date 2026-09-09"]),
    ("trước ngày 20 tháng 4 và 20 tháng 10", ["date 2026-04-19", "date 2026-10-19"]),
    (
        "trước 05/6 và 05/12 hằng năm",
        ["every year 2026-06-04..2026-06-04 x1", "every year 2026-12-04..2026-12-04 x1"],
    ),
    (
        "ngày 10 và 25 hằng tháng",
        ["every month 2026-01-10..2026-12-10 x12", "every month 2026-01-25..2026-12-25 x12"],
    ),
    # weeks and months in a row
    ("tuần 3-4 tháng 9", ["period 2026-09-15..2026-09-28"]),
    (
        "tuần 1 và tuần 4 tháng 9",
        ["period 2026-09-01..2026-09-07", "period 2026-09-22..2026-09-28"],
    ),
    ("T4-T9/2026", ["period 2026-04-01..2026-09-30"]),
    ("Cả năm 2026", ["period 2026-01-01..2026-12-31"]),
    ("Các quý trong năm", ["every quarter 2026-03-31..2026-12-31 x4"]),
    # several rhythms, and what only names a report
    (
        "Quý, 6 tháng, hằng năm",
        [
            "every quarter 2026-03-31..2026-12-31 x4",
            "every half-year 2026-06-30..2026-12-31 x2",
            "every year 2026-12-31..2026-12-31 x1",
        ],
    ),
    (
        "Định kỳ 6 tháng, hằng năm (trước ngày 08/6 và 08/12)",
        ["every year 2026-06-07..2026-06-07 x1", "every year 2026-12-07..2026-12-07 x1"],
    ),
    (
        "Hằng tháng, hằng quý, trước ngày 18",
        ["every month 2026-01-17..2026-12-17 x12", "every quarter 2026-03-17..2026-12-17 x4"],
    ),
    ("Hằng quý, ngày 22 của tháng cuối kỳ báo cáo", ["every quarter 2026-03-22..2026-12-22 x4"]),
    ("Báo cáo quý: ngày 22 của tháng cuối kỳ báo cáo", ["every quarter 2026-03-22..2026-12-22 x4"]),
    ("ngày 22 của tháng cuối kỳ báo cáo", ["doubt"]),
    (
        "Báo cáo định kỳ hằng năm: chậm nhất ngày 18/12 hằng năm",
        ["every year 2026-12-18..2026-12-18 x1"],
    ),
    ("Báo cáo cả năm gửi trước ngày 12/01 năm sau", ["every year 2027-01-11..2027-01-11 x1"]),
    (
        "02 lần/năm (tháng 5, tháng 11)",
        ["every year 2026-05-31..2026-05-31 x1", "every year 2026-11-30..2026-11-30 x1"],
    ),
    # the move of a first day is not that of the last
    (
        "từ ngày 11 tháng trước đến ngày 10 của tháng báo cáo",
        ["every month 2026-01-10..2026-12-10 x12"],
    ),
    ("từ ngày 11 tháng 12 năm trước đến ngày 10 tháng 6", ["every year 2026-06-10..2026-06-10 x1"]),
    ("từ ngày ban hành kế hoạch đến ngày 30/4", ["period 2026-01-05..2026-04-30"]),
    ("bắt đầu từ ngày 04/3 và kết thúc vào ngày 19/3/2026", ["period 2026-03-04..2026-03-19"]),
    ("Sớm nhất vào ngày 03/8, muộn nhất ngày 20/8/2026", ["ongoing 2026-08-03", "date 2026-08-20"]),
    ("ngày thứ 18 của tháng tiếp theo", ["every month 2026-02-18..2027-01-18 x12"]),
    ("ngày cuối cùng của tháng đầu quý sau", ["every quarter 2026-04-30..2027-01-31 x4"]),
    ("ngày 09 (chín) tháng 4 (bốn)", ["date 2026-04-09"]),
    # days that others set
    ("Tại kỳ họp thường lệ giữa năm", ["regulation"]),
    ("kỳ họp giữa năm (tháng 7/2026)", ["period 2026-07-01..2026-07-31"]),
    ("Phiên họp thường kỳ tháng 4", ["period 2026-04-01..2026-04-30"]),
    ("Đầu năm học", ["doubt"]),
    ("Trước Tết Nguyên đán năm 2026", ["doubt"]),
    ("Liên tục 24/24", ["ongoing"]),
    ("Báo cáo năm 2026", ["doubt"]),
    ("1. Báo cáo năm 2026 / 2. Trước 15/12", ["doubt", "date 2026-12-14"]),
    (
        "Định kỳ 6 tháng, hằng năm trước ngày 20/11",
        ["every half-year 2026-06-30..2026-12-31 x2", "every year 2026-11-19..2026-11-19 x1"],
    ),
    (
        "trong quý IV; 1 lần/quý",
        ["period 2026-10-01..2026-12-31", "every quarter 2026-03-31..2026-12-31 x4"],
    ),
    (
        "- Quý II - Quý IV/2026 / - tháng 9",
        ["period 2026-04-01..2026-12-31", "period 2026-09-01..2026-09-30"],
    ),
    ("- Quý II - Quý IV/2026", ["period 2026-04-01..2026-12-31"]),
    # what was silently another day before
    ("trước ngày 08/4 và 08/10 năm 2026", ["date 2026-04-07", "date 2026-10-07"]),
    ("Hằng tuần, vào thứ Năm", ["every week 2026-01-08..2026-12-31 x52"]),
    ("Hằng tuần (chiều thứ Năm)", ["every week 2026-01-08..2026-12-31 x52"]),
    ("Ngày thứ 5 hằng tuần", ["every week 2026-01-08..2026-12-31 x52"]),
    ("ngày làm việc đầu tiên hằng tháng", ["every month 2026-01-05..2026-12-01 x12"]),
    ("ngày đầu tiên của tháng", ["every month 2026-02-01..2026-12-01 x11"]),
    ("từ quý II đến hết năm", ["period 2026-04-01..2026-12-31"]),
    ("từ khi có quyết định đến ngày 20/8/2026", ["date 2026-08-20"]),
    (
        "Quý I, 6 tháng, quý III và năm",
        [
            "period 2026-01-01..2026-03-31",
            "period 2026-01-01..2026-06-30",
            "period 2026-07-01..2026-09-30",
            "period 2026-01-01..2026-12-31",
        ],
    ),
    ("Báo cáo quý I, 6 tháng, quý III, năm: trước 20/11", ["date 2026-11-19"]),
    ("12-18 tháng 9 năm 2026", ["period 2026-09-12..2026-09-18"]),
    ("từ 12 đến 18/9/2026", ["period 2026-09-12..2026-09-18"]),
    ("12, 13 và 14/9/2026", ["period 2026-09-12..2026-09-14"]),
    ("trong 08 ngày đầu tháng", ["every month 2026-01-08..2026-12-08 x12"]),
    ("trong 03 ngày làm việc đầu tiên của tháng sau", ["every month 2026-02-04..2027-01-06 x12"]),
    (
        "trước ngày 12 của tháng đầu tiên sau khi kết thúc quý",
        ["every quarter 2026-04-11..2027-01-11 x4"],
    ),
    ("trong vòng 24 giờ kể từ khi phát hiện", ["relative 1 days"]),
    ("hai lần một năm", ["every half-year 2026-06-30..2026-12-31 x2"]),
    (
        "trước ngày 12 tháng 01; tháng 8 đến tháng 9/2026",
        ["date 2026-01-11", "period 2026-08-01..2026-09-30"],
    ),
    ("từ ngày 12.3-30.4", ["period 2026-03-12..2026-04-30"]),
    ("12.3 - 10.4.2026", ["period 2026-03-12..2026-04-10"]),
    ("từ ngày 02 đến 28-9", ["period 2026-09-02..2026-09-28"]),
    ("từ ngày 02 - 28.9", ["period 2026-09-02..2026-09-28"]),
    ("trong 03 ngày, từ ngày 12/9-14/9/2026", ["period 2026-09-12..2026-09-14"]),
    # bullets of other shapes, torn and short forms
    (
        "(1) Quý I/2026; (2) Quý III/2026",
        ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"],
    ),
    ("I. Quý I; II. Quý III", ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"]),
    (
        "-Quý I/2026 -Quý III/2026",
        ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"],
    ),
    ("- 14/4\n- 14/8", ["date 2026-04-14", "date 2026-08-14"]),
    ("QuýIII/2026", ["period 2026-07-01..2026-09-30"]),
    ("Quý I + II/2026", ["period 2026-01-01..2026-06-30"]),
    ("Q1-Q3/2026", ["period 2026-01-01..2026-09-30"]),
    ("T8, T9/2026", ["period 2026-08-01..2026-09-30"]),
    ("trước ngày 14 tháng 8, 2026", ["date 2026-08-13"]),
    ("Hết quý II/2026", ["date 2026-06-30"]),
    ("trước cuối tháng 4", ["date 2026-04-29"]),
    ("từ ngày 20 đến 25 hằng tháng", ["every month 2026-01-25..2026-12-25 x12"]),
    ("ngày 14 tháng cuối quý sau", ["every quarter 2026-06-14..2027-03-14 x4"]),
    ("không quá 02 ngày, bắt đầu từ tháng 4/2026", ["ongoing 2026-04-01"]),
    # a quarter as tables shorten it, a month of a quarter, marks of word processors
    ("Q.IV", ["period 2026-10-01..2026-12-31"]),
    ("QIV/2026", ["period 2026-10-01..2026-12-31"]),
    ("Q4-2026", ["period 2026-10-01..2026-12-31"]),
    ("Tháng 10, 2026", ["period 2026-10-01..2026-10-31"]),
    ("tháng đầu quý III/2026", ["period 2026-07-01..2026-07-31"]),
    ("trước ngày 10 của tháng đầu quý III năm 2026", ["date 2026-07-09"]),
    ("trước ngày 20 tháng cuối quý I, quý III", ["date 2026-03-19", "date 2026-09-19"]),
    ("01‑14/8/2026", ["period 2026-08-01..2026-08-14"]),
    ("01/8/2026 → 14/8/2026", ["period 2026-08-01..2026-08-14"]),
    ("14∕8∕2026", ["date 2026-08-14"]),
    ("2026-08-14 00:00:00", ["date 2026-08-14"]),
    ("14/08/2026 00:00", ["date 2026-08-14"]),
    ("trước ngay 14/8/2026", ["date 2026-08-13"]),
    ("trước các ngày 14/6 và 14/8", ["date 2026-06-13", "date 2026-08-13"]),
    ("ngày mười bốn tháng tám năm 2026", ["date 2026-08-14"]),
    ("sau ngày 14/8/2026", ["ongoing 2026-08-15"]),
    ("trong sáu ngày làm việc kể từ ngày nhận", ["relative 6 days working"]),
    ("trước 24h00 ngày 14/8/2026", ["date 2026-08-14"]),
    # the day of an event that a deadline lies before
    ("trước dịp lễ 30/4/2026", ["date 2026-04-29"]),
    ("sau ngày khánh thành 14/8/2026", ["ongoing 2026-08-15"]),
    ("Trước ngày khánh thành (14/8/2026)", ["date 2026-08-13"]),
    ("trước ngày khánh thành 14/8/2026", ["date 2026-08-13"]),
    # a blank left to be filled in is no month, and a season or a lunar day no day of the calendar
    ("trước ngày ... tháng ... năm 2026", ["doubt"]),
    ("trước ngày ..../9/2026", ["doubt"]),
    ("Ngày    tháng 9 năm 2026", ["doubt"]),
    ("tháng …/2026", ["doubt"]),
    ("Vụ Đông Xuân 2026 - 2027", ["doubt"]),
    ("đầu năm học", ["doubt"]),
    ("14/8 âm lịch", ["doubt"]),
    ("Ngày 14/8 (âm lịch)", ["doubt"]),
    ("14/3 và 14/8 âm lịch", ["doubt", "doubt"]),
    ("14/3, 14/8 (âm lịch)", ["doubt", "doubt"]),
    ("14/3 âm lịch và ngày 20/5", ["doubt", "date 2026-05-20"]),
    # numbers in words, with and without "ngày"
    ("hai mươi mốt tháng chín năm 2026", ["date 2026-09-21"]),
    ("trước mười hai tháng tư", ["date 2026-04-11"]),
    ("mười tám tháng 12", ["date 2026-12-18"]),
    ("trước thứ Ba, ngày 19/5/2026", ["date 2026-05-18"]),
    ("rằm tháng 8", ["doubt"]),
    # each bracket holds the deadline of what stands before it
    (
        "Báo cáo quý I (trước 14/3), 6 tháng (trước 14/6), năm (trước 14/12)",
        ["date 2026-03-13", "date 2026-06-13", "date 2026-12-13"],
    ),
    ("Báo cáo quý I (trước 14/3)", ["date 2026-03-13"]),
    ("1. Quý I và 2. Quý III", ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"]),
    ("Trong quý III, chậm nhất ngày 14/8", ["date 2026-08-14"]),
    (
        "lần 1 tháng 4, lần 2 tháng 10",
        ["period 2026-04-01..2026-04-30", "period 2026-10-01..2026-10-31"],
    ),
    (
        "Lần 1 quý II, lần 2 quý IV",
        ["period 2026-04-01..2026-06-30", "period 2026-10-01..2026-12-31"],
    ),
    (
        "Số liệu tính từ ngày 14/12/2025 đến ngày 13/6/2026, gửi trước ngày 20/6/2026",
        ["date 2026-06-19"],
    ),
    ("Diễn đàn chuyển đổi số: 14/8/2026", ["date 2026-08-14"]),
    # rhythms: words, bounds, days of their own
    ("Theo quý", ["every quarter 2026-03-31..2026-12-31 x4"]),
    ("báo cáo theo tháng", ["every month 2026-01-31..2026-12-31 x12"]),
    ("02 đợt/năm", ["every half-year 2026-06-30..2026-12-31 x2"]),
    ("Ba tháng một lần", ["every quarter 2026-03-31..2026-12-31 x4"]),
    ("nửa tháng một lần", ["doubt"]),
    ("hằng tháng, từ tháng 3 đến tháng 10/2026", ["every month 2026-03-31..2026-10-31 x8"]),
    ("từ tháng 3/2026, hằng tháng", ["every month 2026-03-31..2026-12-31 x10"]),
    ("hằng quý từ quý II/2026", ["every quarter 2026-06-30..2026-12-31 x3"]),
    (
        "Ngày 14/3/2026, hằng tháng từ tháng 5/2026",
        ["date 2026-03-14", "every month 2026-05-31..2026-12-31 x8"],
    ),
    (
        "Từ tháng 3/2026 triển khai tại các xã, kiểm tra hằng quý",
        ["ongoing 2026-03-01", "every quarter 2026-03-31..2026-12-31 x4"],
    ),
    ("Từ 16/4 đến 31/10/2026, định kỳ", ["period 2026-04-16..2026-10-31"]),
    ("hằng tuần trong tháng 8/2026", ["every week 2026-08-02..2026-08-30 x5"]),
    ("hằng tháng đến hết tháng 8/2026", ["every month 2026-01-31..2026-08-31 x8"]),
    ("ngày 05 hằng tháng từ tháng 3/2026", ["every month 2026-03-05..2026-12-05 x10"]),
    (
        "Hằng quý, trước ngày 14/3, 14/6, 14/9, 14/12",
        [
            "every year 2026-03-13..2026-03-13 x1",
            "every year 2026-06-13..2026-06-13 x1",
            "every year 2026-09-13..2026-09-13 x1",
            "every year 2026-12-13..2026-12-13 x1",
        ],
    ),
    (
        "Định kỳ 6 tháng trước ngày 14/6, hằng năm trước ngày 14/12",
        ["every year 2026-06-13..2026-06-13 x1", "every year 2026-12-13..2026-12-13 x1"],
    ),
    (
        "trước ngày 14/01 và 14/7 của năm sau",
        ["every year 2027-01-13..2027-01-13 x1", "every year 2027-07-13..2027-07-13 x1"],
    ),
    (
        "trước ngày 14/01/2026 và 14/7 của năm sau",
        ["date 2026-01-13", "every year 2027-07-13..2027-07-13 x1"],
    ),
    ("trước ngày 14/7, kèm số liệu đối với trường hợp nộp theo quý", ["date 2026-07-13"]),
    (
        "trước ngày 05/6 (báo cáo 6 tháng), trước ngày 05/12 (báo cáo năm) "
        "và đột xuất khi có yêu cầu",
        ["date 2026-06-04", "date 2026-12-04", "regulation"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ONE_YEAR)
def test_a_form_is_read(text: str, expected: list[str]) -> None:
    assert short(text) == expected


SEVERAL_YEARS = [
    ("trước ngày 15/12", ["every year 2026-12-14..2028-12-14 x3"]),
    ("Quý IV", ["every year 2026-12-31..2028-12-31 x3"]),
    ("quý IV/2027", ["period 2027-10-01..2027-12-31"]),
    ("tháng 5 năm liền kề sau năm đánh giá", ["every year 2027-05-31..2029-05-31 x3"]),
    ("quý IV năm trước liền kề năm thực hiện kế hoạch", ["every year 2026-12-31..2027-12-31 x2"]),
    ("hằng năm", ["every year 2026-12-31..2028-12-31 x3"]),
    ("hằng tuần", ["every week 2026-01-11..2028-12-31 x156"]),
    ("hằng năm 2027 - 2028", ["every year 2027-12-31..2028-12-31 x2"]),
    ("Từ ngày 03/4 đến ngày 18/4/2027", ["period 2027-04-03..2027-04-18"]),
    ("từ tháng 6", ["ongoing 2026-06-01"]),
    ("hằng tháng, từ tháng 3 đến tháng 10", ["every month 2026-03-31..2028-10-31 x24"]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL_YEARS)
def test_in_a_plan_of_several_years_a_day_without_a_year_comes_back(
    text: str, expected: list[str]
) -> None:
    assert short(text, (2026, 2028)) == expected


def test_the_hour_of_the_end_of_a_range_bounds_it_and_the_end_of_a_day_is_no_hour() -> None:
    assert [
        m.at for m in read_deadline_cell("từ 7h30 ngày 14/8 đến 17h00 ngày 16/8/2026", 2026)
    ] == ["17:00"]
    assert [m.at for m in read_deadline_cell("đến 24h00 ngày 14/8/2026", 2026)] == [None]
    two_days = read_deadline_cell("ngày 14/3 và ngày 14/6 trước 17h", 2026)
    assert [m.at for m in two_days] == [None, "17:00"]


@pytest.mark.parametrize(
    "text",
    [
        "thứ 2, thứ 4 hằng tuần trước 17h",
        "trước 17h thứ 2, thứ 4 hằng tuần",
        "hằng tuần, thứ 2, thứ 4 trước 17h",
    ],
)
def test_the_hour_of_a_list_of_weekdays_is_that_of_each(text: str) -> None:
    assert [m.at for m in read_deadline_cell(text, 2026)] == ["17:00", "17:00"]


def test_words_behind_a_day_are_no_document_that_it_goes_by() -> None:
    (day,) = read_deadline_cell("ngày 14/6/2026; giao Sở Tư pháp chủ trì", 2026)
    assert day.reference is None


def test_a_number_that_no_form_took_leaves_a_doubt() -> None:
    assert read_deadline_cell("Tháng 6 hoặc 9", 2026)[0].doubt
    assert read_deadline_cell("14/8/2026 (trước ngày 10/8)", 2026)[0].doubt
    assert read_deadline_cell("14/8/2026", 2026)[0].doubt is None


def test_occurrences_before_the_day_of_issue_are_left_out_but_a_single_date_is_kept() -> None:
    issued_on = date(2026, 9, 10)
    assert short("ngày 05 hằng tháng", 2026, issued_on) == ["every month 2026-10-05..2026-12-05 x3"]
    assert short("ngày 05/3", 2026, issued_on) == ["date 2026-03-05"]
    assert read_deadline_cell("trước 15/2 hằng năm", 2026, issued_on)[0].doubt


def test_without_the_plan_year_only_what_names_its_year_is_read() -> None:
    assert short("trước ngày 14/8/2026", None, None) == ["date 2026-08-13"]
    assert short("trước ngày 14/8", None, None) == ["doubt"]
    assert read_deadline_cell("hằng quý", None, None)[0].doubt


def test_the_printed_day_is_kept() -> None:
    assert read_deadline_cell("trước ngày 01/12", 2026)[0].printed_day == date(2026, 12, 1)
    assert read_deadline_cell("ngày 01/12", 2026)[0].printed_day == date(2026, 12, 1)


def test_before_an_hour_of_a_day_that_day_is_the_last() -> None:
    (milestone,) = read_deadline_cell("trước 16 giờ 30 ngày 12/5", 2026)
    assert (milestone.last_day, milestone.at) == (date(2026, 5, 12), "16:30")
    assert read_deadline_cell("ngày 12/5/2026 lúc 8h", 2026)[0].at == "08:00"
    assert read_deadline_cell("2h chiều ngày 12/5/2026", 2026)[0].at == "14:00"


LABELS = [
    ("Báo cáo quý III trước ngày 15/9", ["Báo cáo quý III"]),
    ("- Ban hành: quý I/2026 - Tổng kết: trước ngày 10/12/2026", ["Ban hành", "Tổng kết"]),
    ("Hoàn thành trước ngày 15/9", [None]),
    ("ngày 15/7 đối với báo cáo 6 tháng", ["báo cáo 6 tháng"]),
    ("15/7 (báo cáo 6 tháng), 15/12 (báo cáo năm)", ["báo cáo 6 tháng", "báo cáo năm"]),
    ("1. Sơ kết: tháng 6; 2. Tổng kết: tháng 12", ["Sơ kết", "Tổng kết"]),
    ("chậm nhất ngày 20 của tháng, quý báo cáo", ["tháng", "quý"]),
    ("Trước 18/6 (6 tháng) và 18/12 (năm)", ["6 tháng", "năm"]),
    ("Ít nhất 02 lần/năm", [None]),
    ("Báo cáo tỉnh (qua Sở Nội vụ) trước 18/6", ["Báo cáo tỉnh (qua Sở Nội vụ)"]),
    ("Tháng 2 (kế hoạch), tháng 12 (báo cáo)", ["kế hoạch", "báo cáo"]),
    ("Thứ Ba (14/4/2026)", [None]),
]


@pytest.mark.parametrize(("text", "expected"), LABELS)
def test_a_milestone_has_the_label_printed_with_it(text: str, expected: list[str | None]) -> None:
    assert [m.what for m in read_deadline_cell(text, 2026)] == expected


def test_references_and_reports_are_named() -> None:
    assert read_deadline_cell("Theo quy định", 2026)[0].reference is None
    assert (
        read_deadline_cell("theo quy định tại Điều 5 Luật Lưu trữ", 2026)[0].reference
        == "quy định tại Điều 5 Luật Lưu trữ"
    )
    assert read_deadline_cell("cùng với báo cáo tháng", 2026)[0].report == "báo cáo tháng"
    assert read_deadline_cell("10 ngày kể từ ngày nghiệm thu", 2026)[0].after == "nghiệm thu"


def test_a_reference_goes_on_over_a_semicolon() -> None:
    (milestone,) = read_deadline_cell(
        "Theo quy định tại Điều 3 Nghị định số 12/2021/NĐ-CP; Điều 7 Thông tư số 4/2022/TT-BNV",
        2026,
    )
    assert (milestone.reference or "").endswith("Điều 7 Thông tư số 4/2022/TT-BNV")
    first, second = read_deadline_cell(
        "Theo Thông tư số 4/2022/TT-BNV / Thực hiện theo quy định", 2026
    )
    assert (first.reference, second.reference) == ("Thông tư số 4/2022/TT-BNV", None)


def test_a_term_ends_on_a_known_day_where_the_event_is_known() -> None:
    assert read_deadline_cell("10 ngày kể từ ngày ban hành Kế hoạch này", 2026, ISSUED_ON)[
        0
    ].last_day == date(2026, 1, 15)
    assert read_deadline_cell("05 ngày làm việc kể từ ngày 20/11/2026", 2026)[0].last_day == date(
        2026, 11, 30
    )
    assert read_deadline_cell("03 tháng kể từ ngày 30/11/2026", 2026)[0].last_day == date(
        2027, 2, 28
    )
    storm = Calendar({date(2026, 11, 23): DayKind(False, "Nghỉ tránh bão")})
    assert read_deadline_cell("05 ngày làm việc kể từ ngày 20/11/2026", 2026, None, storm)[
        0
    ].last_day == date(2026, 12, 1)


RECURRING = [text for text, expected in ONE_YEAR if expected and expected[0].startswith("every")]


@pytest.mark.parametrize(
    "text",
    [*RECURRING, "ngày 29 hằng tháng", "ngày 31 hằng tháng", "hằng quý", "ngày 29/02 hằng năm"],
)
@pytest.mark.parametrize("years", [2026, (2026, 2030)])
def test_the_rule_expands_to_the_last_days(text: str, years: Years) -> None:
    for milestone in read_deadline_cell(text, years, ISSUED_ON):
        if milestone.kind == "recurring":
            assert milestone.rrule is not None
            assert (
                tuple(moment.date() for moment in rrulestr(milestone.rrule)) == milestone.last_days
            )
            assert all(a < b for a, b in pairwise(milestone.last_days))


def test_complete_fills_what_the_program_works_out_itself() -> None:
    days = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
    whole = complete_milestone(Milestone(kind="recurring", last_days=days))
    assert whole.every == "quarter"
    assert whole.rrule is not None
    assert tuple(moment.date() for moment in rrulestr(whole.rrule)) == days
    assert complete_milestone(Milestone(kind="date", last_day=days[0])).printed_day == days[0]
    assert complete_milestone(whole) == whole


def test_complete_guesses_no_rhythm_that_is_not_exact() -> None:
    days = (date(2026, 3, 31), date(2026, 4, 2), date(2026, 9, 30))
    whole = complete_milestone(Milestone(kind="recurring", last_days=days))
    assert whole.every is None
    assert tuple(moment.date() for moment in rrulestr(whole.rrule or "")) == days


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_however_long_is_a_doubt_and_no_day(rubbish: str) -> None:
    milestones = read_deadline_cell(rubbish * (100_000 // len(rubbish)), 2026)
    assert milestones[-1].doubt
    assert {milestone.last_day for milestone in milestones if milestone.kind != "period"} == {None}


def test_what_lies_behind_the_longest_cell_is_a_doubt() -> None:
    milestones = read_deadline_cell(
        "trước ngày 14/8/2026 " + "x " * 10_000 + "trước ngày 14/9/2026", 2026
    )
    assert milestones[0].last_day == date(2026, 8, 13)
    assert milestones[-1].doubt


@pytest.mark.parametrize(
    "text", ["ngày 15 tháng 10 năm 3026", "tháng 12/9999", "trước ngày 31/12/3026"]
)
def test_a_year_that_is_none_is_doubted_never_replaced_in_silence(text: str) -> None:
    assert all(milestone.doubt for milestone in read_deadline_cell(text, 2026, None))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("ngày 12/3, trước 8h và ngày 14/6, trước 17h", ["08:00", "17:00"]),
        ("17h ngày 12/3, 9h ngày 14/6", ["17:00", "09:00"]),
        ("ngày 12/3 lúc 8h, ngày 14/6 lúc 9h", ["08:00", "09:00"]),
        ("ngày 12/3 (8h) và ngày 14/6 (9h30)", ["08:00", "09:30"]),
        ("trước 17h các ngày 12/3, 14/6", ["17:00", "17:00"]),
    ],
)
def test_each_day_keeps_its_hour(text: str, hours: list[str]) -> None:
    found = read_deadline_cell(text, 2026)
    assert [one.at for one in found] == hours
    assert [one.last_day for one in found] == [date(2026, 3, 12), date(2026, 6, 14)]
    assert not any(one.what for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "Thứ Hai, ngày 20/5/2026",
        "trước thứ Sáu, 20/5/2026",
        "8h00 thứ Ba ngày 20/5",
        "ngày 20/5/2026 (thứ Năm)",
        "từ thứ Hai 18/5 đến thứ Bảy 22/5/2026",
    ],
)
def test_a_weekday_that_contradicts_its_day_is_a_doubt(text: str) -> None:
    assert [one.doubt for one in read_deadline_cell(text, 2026)] == [get_doubt_text("weekday")]


@pytest.mark.parametrize(
    "text", ["thứ Tư, ngày 20/5/2026", "20/5 (thứ Tư)", "Tuần thứ 2, ngày 20/5/2026"]
)
def test_a_weekday_that_fits_its_day_is_no_doubt(text: str) -> None:
    found = read_deadline_cell(text, 2026)
    assert [(one.last_day, one.doubt) for one in found] == [(date(2026, 5, 20), None)]
