"""Plans without a table: duties by agency, and tasks with labelled lines."""

from pathlib import Path

from tests.support.forest import tasks_of
from tests.support.papers import HEADING

LABELLED = """ỦY BAN NHÂN DÂN
TỈNH BẾN TRE
KẾ HOẠCH
Trồng rừng năm 2031
II. NHIỆM VỤ
1. Ươm cây
a) Lập vườn ươm
- Chọn đất cao.
- Cơ quan chủ trì: Sở Y tế.
- Cơ quan phối hợp: Sở Tài chính, UBND cấp xã.
- Thời gian hoàn thành: Quý II/2031.
b) Mua hạt giống (chủ trì: Sở Tài chính; phối hợp: Công an tỉnh; UBND cấp huyện; \
thời gian: trước ngày 01/3/2031).
2. Chăm cây
Đơn vị chủ trì: Công an tỉnh; thời gian thực hiện: thường xuyên
III. TỔ CHỨC THỰC HIỆN
1. Sở Y tế
- Theo dõi chung.
"""


def test_prose_with_labelled_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LABELLED, encoding="utf-8")
    tasks = tasks_of(path)
    assert [(key, task.title, task.lead) for key, task in tasks.items()] == [
        ("II.1.a", "Lập vườn ươm", ["Sở Y tế"]),
        ("II.1.b", "Mua hạt giống", ["Sở Tài chính"]),
        ("II.2", "Chăm cây", ["Công an tỉnh"]),
    ]
    assert tasks["II.1.b"].partners == ["Công an tỉnh", "UBND cấp huyện"]
    assert [[time.kind for time in task.milestones] for task in tasks.values()] == [
        ["period"],
        ["date"],
        ["ongoing"],
    ]


def test_responsibility_beside_the_duties(tmp_path: Path) -> None:
    lines = ["KẾ HOẠCH", "Dạy bơi năm 2031", "I. NỘI DUNG"]
    for number, agency in ((1, "Sở Y tế"), (2, "Công an tỉnh")):
        lines += [
            f"{number}. Lĩnh vực {number}",
            f"{number}.1. Giải pháp",
            "- Mở bể bơi.",
            "- Mua phao.",
            f"{number}.2. Trách nhiệm thực hiện",
            f"- Đơn vị chủ trì triển khai thực hiện: {agency}.",
            "- Đơn vị thực hiện: UBND cấp xã.",
        ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(key, task.lead, task.partners) for key, task in tasks_of(path).items()] == [
        ("I.1.1.1", ["Sở Y tế"], ["UBND cấp xã"]),
        ("I.1.1.2", ["Sở Y tế"], ["UBND cấp xã"]),
        ("I.2.1.1", ["Công an tỉnh"], ["UBND cấp xã"]),
        ("I.2.1.2", ["Công an tỉnh"], ["UBND cấp xã"]),
    ]


def test_duties_listed_by_agency(tmp_path: Path) -> None:
    lines = [
        *HEADING,
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Các sở, ban, ngành, Ủy ban nhân dân các huyện, thị xã, thành phố:",
        "– Lập sổ cây.",
        "– Phối hợp với Sở Y tế trong việc chọn giống;",
        "giống phải sạch bệnh.",
        "2. Đề nghị Đài Phát thanh và Truyền hình tỉnh",
        "Đưa tin hằng tuần.",
        "- Định kỳ hàng quý báo cáo số buổi phát.",
        "Trong quá trình thực hiện, nếu có vướng mắc thì báo về Sở Y tế./.",
        "Nơi nhận:",
        "- Như trên.",
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    tasks = tasks_of(path)
    assert list(tasks) == ["IV.1.1", "IV.1.2", "IV.2.1", "IV.2.2"]
    assert [time.every for time in tasks["IV.2.2"].milestones] == ["quarter"]
    assert tasks["IV.1.1"].lead == ["Các sở, ban, ngành", "UBND cấp huyện"]
    assert (tasks["IV.1.2"].partners, tasks["IV.1.2"].title[-8:]) == (["Sở Y tế"], "ch bệnh.")
    assert tasks["IV.2.1"].lead == ["Đài Phát thanh - Truyền hình tỉnh"]
