"""Nothing of a document is lost in silence: what becomes no task is listed with its place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.agencies.directory import load_standard_directory
from plans.reading.doubts import PlanReading
from plans.reading.narrative.accounting import find_untold
from plans.reading.narrative.outline import make_outline
from plans.reading.row_task import PlanContext
from tests.support.forest import read_lines

AGENCIES = ("Sở Y tế", "Công an tỉnh", "Sở Tài chính", "UBND các xã, phường", "Hợp tác xã Cây Dừa")
PARTS = (
    "MỤC TIÊU",
    "NHIỆM VỤ, GIẢI PHÁP",
    "PHÂN CÔNG NHIỆM VỤ",
    "TỔ CHỨC THỰC HIỆN",
    "CHẾ ĐỘ BÁO CÁO",
    "KINH PHÍ",
    "NỘI DUNG KHÁC",
)
NOISE = ("Rừng che phủ 62% diện tích.", "(Có danh sách kèm theo)", "Nước về trên sông chậm dần.")
TIMES = ("", " trước ngày 20/4/2031", " hằng quý", " (xong trước ngày 15/6/2031)")
VERBS = ("Rà soát", "Lập", "Báo cáo", "Tổ chức", "Kiểm tra")


def list_told(reading: PlanReading) -> str:
    """Return everything that a reading says about its document."""
    plan = reading.plan
    tasks = [f"{task.title} {task.requirement}" for task in plan.tasks]
    return "\n".join(
        [*tasks, *(row.title for row in plan.plan_milestones), *(row.text for row in plan.unread)]
    )


def find_silent(reading: PlanReading, duties: list[str]) -> list[str]:
    """Return the duties that a reading says nothing about."""
    told = re.sub(r"[.;()\n]", " ", list_told(reading)) + " "
    return [duty for duty in duties if f"{duty} " not in told]


@st.composite
def papers(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw the lines of a plan, and the words of the duties in them."""
    lines: list[str] = ["I. PHÂN CÔNG NHIỆM VỤ", "1. Sở Y tế", "- Trồng cây sao ở lô 0."]
    duties = ["lô 0"]
    for part in range(draw(st.integers(1, 3))):
        title = draw(st.sampled_from(PARTS))
        lines.append(f"{['II', 'III', 'IV'][part]}. {title}")
        # under aims nothing tells an unknown name from a matter
        unknown = 0 if title in ("MỤC TIÊU", "KINH PHÍ") else 1
        for number in range(1, draw(st.integers(1, 3)) + 1):
            by_heading = draw(st.booleans())
            agency = draw(st.sampled_from(AGENCIES[: 4 + unknown if by_heading else 4]))
            if by_heading:
                lines.append(f"{number}. {agency}{draw(st.sampled_from(('', ':')))}")
            for _ in range(draw(st.integers(1, 3))):
                duty = f"lô {len(duties)}"
                duties.append(duty)
                verb = draw(st.sampled_from(VERBS))
                month = draw(st.integers(1, 12))
                time = draw(st.sampled_from(("", f" trước ngày 20/{month}/2031")))
                mark = draw(st.sampled_from(("- ", "+ ", "* "))) if by_heading else f"{number}. "
                who = "" if by_heading else f"{agency} "
                words = f"{verb if by_heading else verb.lower()} {duty}{time}."
                lines.append(f"{mark}{who}{words}")
            lines += draw(st.lists(st.sampled_from(NOISE), max_size=1))
    return lines, duties


@settings(max_examples=40)
@given(papers())
def test_every_duty_is_a_task_or_listed(paper: tuple[list[str], list[str]]) -> None:
    lines, duties = paper
    assert find_silent(read_lines(*lines), duties) == []


MARKS = {"digits": "{n}. ", "bracket": "{n}) ", "letters": "{a}) ", "star": "* ", "capitals": ""}
INNER_MARKS = ("- {}", "+ {}", "• {}", "({n}) {}", "{}")
LABELS = ("- Đơn vị chủ trì: Sở Y tế.", "- Thời gian: Tháng 5/2031.")


@st.composite
def mixed_papers(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw parts whose lines name who acts in any way: above, before, behind, or with labels."""
    lines: list[str] = ["I. PHÂN CÔNG NHIỆM VỤ", "1. Sở Y tế", "- Trồng cây sao ở lô 0."]
    duties = ["lô 0"]

    def draw_duty() -> str:
        duties.append(f"lô {len(duties)}")
        return f"{draw(st.sampled_from(VERBS))} {duties[-1]}{draw(st.sampled_from(TIMES))}"

    for part in range(draw(st.integers(1, 2))):
        lines.append(f"{['II', 'III'][part]}. {draw(st.sampled_from(PARTS[1:5]))}")
        style = draw(st.sampled_from(list(MARKS)))
        for number in range(1, draw(st.integers(1, 3)) + 1):
            mark = MARKS[style].format(n=number, a="abc"[number - 1])
            agency = draw(st.sampled_from((*AGENCIES[:4], "Giao Sở Tài chính", "Riêng Sở Y tế")))
            way = draw(st.sampled_from(("above", "before", "behind", "labels")))
            if way == "above":
                lines.append(f"{mark}{agency.upper() if style == 'capitals' else agency}:")
                inner = draw(st.sampled_from(INNER_MARKS))
                below = range(1, draw(st.integers(1, 3)) + 1)
                lines += [inner.format(f"{draw_duty()};", n=place) for place in below]
            elif way == "before":
                lines.append(f"{mark}{agency}: {draw_duty()}.")
            elif way == "behind":
                lines.append(f"{mark}{draw_duty()} (Sở Y tế chủ trì).")
            else:
                lines += [f"{mark}{draw_duty()}", *LABELS]
            lines += draw(st.lists(st.sampled_from(NOISE), max_size=1))
    return lines, duties


@settings(max_examples=25)
@given(mixed_papers())
def test_every_mixed_duty_is_a_task_or_listed(paper: tuple[list[str], list[str]]) -> None:
    lines, duties = paper
    reading = read_lines(*lines)
    assert find_silent(reading, duties) == []
    assert not [task.title for task in reading.plan.tasks if task.title in PARTS]


def test_duties_of_all_parts_are_read() -> None:
    reading = read_lines(
        "II. NHIỆM VỤ CỤ THỂ",
        "1. Công an tỉnh",
        "- Tuần tra ven suối trước ngày 10/3/2031.",
        "III. CHẾ ĐỘ BÁO CÁO",
        "1. Giao Sở Y tế tổng hợp, báo cáo UBND tỉnh trước ngày 12/12/2031.",
    )
    assert [task.key for task in reading.plan.tasks] == ["II.1.1", "III.1"]
    assert reading.plan.unread == []


def test_dated_aim_is_listed_with_its_place() -> None:
    reading = read_lines(
        "I. MỤC TIÊU",
        "- Cả tỉnh có vườn ươm trước ngày 30/4/2031.",
        "II. PHÂN CÔNG",
        "1. Sở Y tế",
        "- Chọn giống.",
    )
    (row,) = reading.plan.unread
    assert row.where.startswith("mục I, đoạn ")
    assert "30/4/2031" in row.text
    assert len(reading.plan.tasks) == 1


def test_duty_of_nobody_is_listed() -> None:
    reading = read_lines(
        "II. NHIỆM VỤ",
        "1. Đẩy mạnh truyền thông về cây sao.",
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Sở Y tế",
        "- Chọn giống.",
    )
    assert [row.text for row in reading.plan.unread] == ["Đẩy mạnh truyền thông về cây sao."]


def test_grounds_and_signature_are_not_listed() -> None:
    reading = read_lines(
        "Căn cứ Quyết định số 5/QĐ-UBND ngày 02 tháng 01 năm 2030 của UBND tỉnh.",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Sở Y tế",
        "- Thực hiện Nghị quyết số 9/NQ-HĐND ngày 03/02/2030 của HĐND tỉnh.",
        "Nơi nhận:",
        "- Sở Y tế thực hiện;",
    )
    assert [task.deadline_text for task in reading.plan.tasks] == [None]
    assert reading.plan.unread == []


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (
            ("* Đo cây", "- Chủ trì: Sở Y tế.", "* Sở Tài chính", "- Cấp tiền mua giống."),
            ["Đo cây", "Cấp tiền mua giống."],
        ),
        (
            ("* Công an tỉnh:", "+ Canh rẫy.", "* Đo cây", "- Đơn vị chủ trì: Sở Y tế."),
            ["Canh rẫy.", "Đo cây"],
        ),
        (
            ("Dọn suối", "- Đơn vị chủ trì: Sở Y tế.", "SỞ TÀI CHÍNH:", "Cấp tiền mua giống."),
            ["Dọn suối", "Cấp tiền mua giống."],
        ),
    ],
)
def test_title_of_part_is_no_task(lines: tuple[str, ...], titles: list[str]) -> None:
    reading = read_lines("II. PHÂN CÔNG TRÁCH NHIỆM", *lines)
    assert [task.title for task in reading.plan.tasks] == titles
    assert reading.plan.unread == []


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Thợ rừng", "(1) Rà soát bìa rừng;", "a) Chòi canh", "- Sơn lại."),
        ("1. Sở Tài chính", "a) Chủ trì, phối hợp với Sở Y tế ngó bìa rừng;", "Tiền tỉnh cấp."),
        ("1. Phối hợp với Sở Tài chính ngó bìa rừng (Sở Y tế chủ trì).", "Nước lên chậm."),
        (
            "* Sở Y tế:",
            "(1) Rà soát bìa rừng;",
            *("* Đo cây", "- Đơn vị chủ trì: Sở Y tế.", "- Thời gian: Tháng 5/2031."),
            *("* Dọn suối", "- Đơn vị chủ trì: Sở Y tế.", "- Thời gian: Tháng 6/2031."),
        ),
    ],
)
def test_duty_over_other_lines_is_kept(lines: tuple[str, ...]) -> None:
    start = ("I. PHÂN CÔNG", "1. Công an tỉnh", "- Canh rẫy.", "II. NHIỆM VỤ")
    assert "bìa rừng" in list_told(read_lines(*start, *lines))


@pytest.mark.parametrize("text", ["Dọn suối trước ngày 3/3/2031", "Rà soát bìa rừng."])
def test_duty_that_nothing_tells_is_found(text: str) -> None:
    root = make_outline(["I. NHIỆM VỤ", f"- {text}", "- Cây sao mọc chậm."]).root
    context = PlanContext(load_standard_directory(), (2031, 2031), None)
    assert [item.text for item in find_untold(root, ["Đo cây"], (), context)] == [text]
    assert list(find_untold(root, [f"1. {text}"], (), context)) == []
    assert list(find_untold(root, [], {2}, context)) == []
