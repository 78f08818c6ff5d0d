"""What stands elsewhere in a clause changes no reading of a deadline."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import ISSUED_ON

DEADLINES = """thường xuyên, trước ngày 15/6
theo quy định, trước 17h ngày 15/6
theo quy định, tháng 6/2026
khi có yêu cầu, chậm nhất 05 ngày kể từ ngày nhận văn bản
ngay sau khi được giao và định kỳ 06 tháng
ngày 15/7 đối với báo cáo 6 tháng, ngày 20/12 đối với báo cáo năm
ngày 20/4 đối với đơn vị nộp theo quý, ngày 25/5
sau mỗi đợt kiểm tra, tổng hợp kết quả trong quý III
ngay trong ngày nhận hồ sơ hoặc chậm nhất là ngày làm việc tiếp theo
tại kỳ họp thứ 8, trước ngày 15/6
kỳ họp thứ 8
đầu năm học, trước ngày 15/6
15/3 và 15/9 âm lịch, ngày 20/12/2026
vào trước ngày 16/6
sau khi có hướng dẫn, hoàn thành trước ngày 15/6
trước ngày bầu cử 10 ngày
17h ngày 20/3, 9h ngày 21/3
ngày 20/3, trước 8h và ngày 15/6, trước 17h
từ 8h đến 11h ngày 20/3
từ 7h ngày 15/9 đến 17h ngày 17/9
thứ 2, thứ 4 hằng tuần, sơ kết ngày 15/6
hằng tuần, gửi báo cáo trước 16h thứ Sáu và thứ Bảy, sơ kết ngày 15/6
hằng tuần, vào thứ Hai, sơ kết ngày 15/6
mỗi 2 tháng, sơ kết ngày 15/6
nửa năm một lần, sơ kết ngày 15/6
02 ngày làm việc đầu tiên của tuần, sơ kết ngày 15/6
tuần đầu hằng tháng, sơ kết ngày 15/6
hằng tháng, quý, năm, sơ kết ngày 15/6/2027
tháng, quý, năm
02 lần/năm, sơ kết trước ngày 15/9
05 lần/năm, sơ kết ngày 15/9
30 ngày kể từ ngày 15/6/2026
không quá 15 ngày kể từ ngày nhận hồ sơ, báo cáo trước ngày 20/12
trong 03 ngày, từ ngày 10/12 đến ngày 12/12
trong 03 ngày, từ 10/12 - 12/12
03 tháng trước ngày 16/4
ngày làm việc tiếp theo sau ngày nhận hồ sơ, báo cáo trước ngày 20/12
ngày 25 các tháng 3, 6, 9, sơ kết ngày 15/6
trước ngày 10/12 các năm 2026, 2028
trước ngày 10/12 trong giai đoạn 2027-2029, sơ kết ngày 15/6
từ ngày 15 tháng trước đến ngày 14 tháng báo cáo
từ tháng 3 đến khi hoàn thành
từ nay đến 30/9, sơ kết ngày 15/6
trong tháng cuối quý, sơ kết ngày 15/6
2026 và các năm tiếp theo
trước dịp lễ 30/4 - 01/5, sơ kết ngày 15/6
từ 15/6 đến hết 20/6, sơ kết ngày 25/6
trong năm, sơ kết ngày 15/6
thường xuyên, duy trì các năm tiếp theo, sơ kết ngày 15/6
trước ngày 20 tháng cuối quý, sơ kết ngày 15/6""".splitlines()


def read(text: str) -> list[tuple[object, ...]]:
    found = read_deadline_cell(text, (2026, 2029), ISSUED_ON)
    return [
        (m.kind, m.first_day, m.deadlines, m.days, m.working_days, m.at, m.doubt) for m in found
    ]


@pytest.mark.parametrize("text", DEADLINES)
@pytest.mark.parametrize("documents", [1, 2, 3])
def test_documents_named_before_a_deadline_do_not_change_it(documents: int, text: str) -> None:
    names = ", ".join(f"số {number}/TB-SNV" for number in range(documents))
    assert read(f"{names}: {text}") == read(text)
