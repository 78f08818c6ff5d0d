"""Plans in HTML, text and PDF, whose columns are drawn, tabbed, blank or run together."""

from pathlib import Path

import pytest

from plans.documents.faults import ClassifiedError
from plans.reading.document import read_document_file
from tests.support.forest import check_forest, tasks_of
from tests.support.papers import HEADER, HEADING, ROWS, lay_out, pdf


def test_html_with_spans(tmp_path: Path) -> None:
    cells = "".join(
        "<tr>" + "".join(f"<td>{text.replace(chr(10), '<br>')}</td>" for text in row) + "</tr>"
        for row in ROWS[1:]
    )
    head = "".join(f"<th>{text}</th>" for text in HEADER)
    page = f"<html><body><p>{'</p><p>'.join(HEADING)}</p><table><tr>{head}</tr>"
    page += f"<tr><td>I</td><td colspan=5>TRỒNG RỪNG</td></tr>{cells}</table></body></html>"
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    check_forest(read_document_file(path))


def test_text_with_a_tab_before_every_cell(tmp_path: Path) -> None:
    rows = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in [HEADER, *ROWS])
    path = tmp_path / "a.txt"
    path.write_text(
        "\n".join(HEADING) + "\n" + rows + "\n\n\nNơi nhận:\n- Như trên.", encoding="utf-8"
    )
    check_forest(read_document_file(path))


def test_text_with_tabs_between_cells(tmp_path: Path) -> None:
    rows = "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in [HEADER, *ROWS])
    path = tmp_path / "a.txt"
    path.write_text("\n".join(HEADING) + "\n\n" + rows, encoding="utf-8")
    check_forest(read_document_file(path))


def test_text_with_bars(tmp_path: Path) -> None:
    lines = [
        "| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |"
        for row in [HEADER, *ROWS]
    ]
    lines.insert(1, "|" + "---|" * 6)
    path = tmp_path / "a.md"
    path.write_text("\n".join([*HEADING, "", *lines]), encoding="utf-8")
    check_forest(read_document_file(path))


def test_recognised_text_with_scraps_of_html(tmp_path: Path) -> None:
    row = "2\tCấp cây giống đợt đầu\tSở Y tế\tSở Tài chính; UBND cấp huyện"
    row += '\t<ul style="list-style-type: none">- Biên bản giao; - Báo cáo.\t<p>Quý II/2031</p>'
    lines = [
        "\t".join(HEADER),
        "I TRỒNG RỪNG\t\t\t\t\t",
        "\t".join(ROWS[1]),
        row,
        "",
        "II GIỮ RỪNG",
        "",
        "\t".join(ROWS[4]),
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*HEADING, "", *lines]), encoding="utf-8")
    check_forest(read_document_file(path))


def test_text_without_a_header_is_guessed_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    rows = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in ROWS)
    path.write_text("\n".join(HEADING) + "\n" + rows, encoding="utf-8")
    reading = read_document_file(path)
    assert [task.lead for task in reading.plan.tasks] == [
        ["Sở Tài chính"],
        ["Sở Y tế"],
        ["Công an tỉnh"],
    ]
    assert "doubt-no-header" in {doubt.message_id for doubt in reading.doubts}


COLUMNS = (40.0, 75.0, 235.0, 340.0, 500.0, 640.0)


def _drawn(rows: list[list[str]], top: float) -> tuple[list[tuple[float, float, str]], list[float]]:
    """Words at their places, and the heights at which rows end."""
    words: list[tuple[float, float, str]] = []
    edges = [top]
    for row in rows:
        height = max(text.count("\n") + 1 for text in row)
        for x, text in zip(COLUMNS, row, strict=True):
            for line, part in enumerate(text.split("\n")):
                words.append((x + 3, edges[-1] - 14 - 13 * line, part))
        edges.append(edges[-1] - 13 * height - 12)
    return words, edges


def test_pdf_with_ruling_lines_over_two_pages(tmp_path: Path) -> None:
    pages: list[list[tuple[float, float, str]]] = []
    rules: list[list[tuple[float, ...]]] = []
    for rows in ([HEADER, *ROWS[:2]], [HEADER, *ROWS[2:]]):
        words, edges = _drawn(rows, 500)
        lines: list[tuple[float, ...]] = [(COLUMNS[0], y, 800, y) for y in edges]
        lines += [(x, edges[0], x, edges[-1]) for x in (*COLUMNS, 800.0)]
        pages.append([*words, (420.0, 20.0, str(len(pages) + 1))])
        rules.append(lines)
    pages[0] += [(300.0, 580.0 - 14 * place, line) for place, line in enumerate(HEADING[:5])]
    check_forest(read_document_file(pdf(tmp_path / "a.pdf", pages, rules)))


def test_pdf_without_ruling_lines(tmp_path: Path) -> None:
    pages = [_drawn([HEADER, *ROWS[:2]], 500)[0], _drawn([HEADER, *ROWS[2:]], 560)[0]]
    check_forest(read_document_file(pdf(tmp_path / "a.pdf", pages)))


def test_a_cell_of_text_may_end_with_an_empty_line(tmp_path: Path) -> None:
    rows = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in [HEADER, *ROWS])
    rows = rows.replace("\tSở Y tế\n", "\tSở Y tế\n\n")
    path = tmp_path / "a.txt"
    path.write_text("\n".join(HEADING) + "\n" + rows, encoding="utf-8")
    check_forest(read_document_file(path))


RUN_ON = """ỦY BAN NHÂN DÂN
TỈNH BẾN TRE
KẾ HOẠCH
Trồng và giữ rừng năm 2031

TT Nội dung nhiệm vụ
Cơ quan
chủ trì
Cơ quan phối
hợp
Sản phẩm
Thời gian
hoàn thành
I TRỒNG RỪNG
1
Lập danh sách các hộ nhận khoán trồng rừng
phòng hộ ven sông
Sở Tài chính
UBND cấp xã; Công
an tỉnh
Danh sách
Trước ngày
15/3/2031
2
Cấp cây giống đợt đầu cho các hộ ở vùng
đất cao
Sở Y tế
Sở Tài chính; UBND
cấp huyện
- Biên bản
- Báo cáo
Quý II/2031
TT Nội dung nhiệm vụ
Cơ quan
chủ trì
Cơ quan phối
hợp
Sản phẩm
Thời gian
hoàn thành
3 Mở lớp dạy ghép cây Sở Y tế Công an tỉnh Báo cáo Quý III/2031
II GIỮ RỪNG
4
Tuần tra dọc các con suối vào những tháng
mùa khô hanh
Công an tỉnh
Các sở, ban, ngành
Sổ ghi
Thường xuyên
5
Dọn đường băng cản lửa quanh các trảng
cỏ tranh
UBND cấp xã
Sở Tài chính
Báo cáo
Tháng 2/2031
Nơi nhận:
- Như trên.
"""


def test_text_whose_columns_ran_together(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(RUN_ON, encoding="utf-8")
    tasks = tasks_of(path)
    assert [(key, task.lead, task.partners) for key, task in tasks.items()] == [
        ("I.1", ["Sở Tài chính"], ["UBND cấp xã", "Công an tỉnh"]),
        ("I.2", ["Sở Y tế"], ["Sở Tài chính", "UBND cấp huyện"]),
        ("I.3", ["Sở Y tế"], ["Công an tỉnh"]),
        ("II.4", ["Công an tỉnh"], ["Các sở, ban, ngành"]),
        ("II.5", ["UBND cấp xã"], ["Sở Tài chính"]),
    ]
    assert tasks["I.1"].title == "Lập danh sách các hộ nhận khoán trồng rừng phòng hộ ven sông"
    assert tasks["I.2"].deliverables == ["Biên bản", "Báo cáo"]
    assert [task.deadline_text for task in tasks.values()] == [
        "Trước ngày 15/3/2031",
        "Quý II/2031",
        "Quý III/2031",
        "Thường xuyên",
        "Tháng 2/2031",
    ]


def test_text_whose_few_columns_ran_together(tmp_path: Path) -> None:
    lines = [
        "TT Nhiệm vụ Chủ trì Thời hạn",
        "1",
        "Đắp bờ bao quanh vườn ươm cho kịp mùa",
        "nước",
        "Sở Y tế",
        "Quý I/2031",
    ]
    lines += [
        "2",
        "Đào mương dẫn nước ngọt về các vườn ở",
        "cù lao",
        "Sở Tài chính",
        "Tháng 5/2031",
    ]
    lines += ["3", "Trồng tràm dọc theo các bờ mương mới", "đắp", "Công an tỉnh", "Tháng 6/2031"]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [task.lead for task in tasks_of(path).values()] == [
        ["Sở Y tế"],
        ["Sở Tài chính"],
        ["Công an tỉnh"],
    ]


def test_a_second_table_of_run_on_text_and_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        RUN_ON + "Phụ lục 2\n" + RUN_ON[RUN_ON.index("TT Nội dung") :], encoding="utf-8"
    )
    assert list(tasks_of(path))[4:7] == ["II.5", "PL2.I.1", "PL2.I.2"]
    path.write_text(RUN_ON + "\nTỐI MẬT\n", encoding="utf-8")
    with pytest.raises(ClassifiedError):
        read_document_file(path)


SPACED_ROWS = [
    ["I", "TRỒNG RỪNG PHÒNG HỘ Ở CÁC CỒN BÃI VEN SÔNG, VEN BIỂN TRÊN TOÀN TỈNH"],
    [
        "1",
        "Lập danh sách các hộ nhận trồng rừng ở cồn bãi mới bồi",
        "Sở Nông nghiệp và Môi trường",
        "Sở Tài chính; UBND các xã, phường",
        "Danh sách",
        "Trước ngày 15/3/2031",
    ],
    [
        "2",
        "Cấp cây giống",
        "Sở Y tế",
        "Sở Tài chính",
        "- Biên bản giao cây;\n- Báo cáo",
        "Quý II/2031",
    ],
    ["3", "Cắm biển", "UBND các xã, phường", "", "Biển báo rừng", "Tháng 5/2031"],
    ["II", "GIỮ RỪNG"],
    [
        "1",
        "Tuần tra các lối mòn dẫn vào rừng trong mùa khô",
        "Công an tỉnh",
        "",
        "Sổ ghi",
        "Thường xuyên",
    ],
]


SPACED_HEADING = [
    "  ỦY BAN NHÂN DÂN               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "    TỈNH BẾN TRE                    Độc lập - Tự do - Hạnh phúc",
    "  Số: 77/KH-UBND            Bến Tre, ngày 05 tháng 01 năm 2031",
    "",
    "                        KẾ HOẠCH",
    "           Trồng và giữ rừng tỉnh Bến Tre năm 2031",
    "     (Kèm theo Quyết định số 5/QĐ-UBND ngày 05/01/2031)",
    "",
]


SPACED_END = [
    "",
    "III. TỔ CHỨC THỰC HIỆN",
    "1. Sở Y tế",
    "- Tổng hợp kết quả trồng rừng của các địa phương, báo cáo UBND tỉnh trước ngày",
    "30/11/2031.",
    "",
    "Nơi nhận:                         TM. ỦY BAN NHÂN DÂN",
]


WIDTHS = (4, 24, 18, 20, 14, 13)


NARROW = (4, 21, 16, 23, 12, 15)


@pytest.mark.parametrize(
    "pages",
    [
        [(SPACED_ROWS, WIDTHS, 2, False)],
        [(SPACED_ROWS, WIDTHS, 1, False)],
        [(SPACED_ROWS, WIDTHS, 2, True)],
        [(SPACED_ROWS[:3], WIDTHS, 2, False), (SPACED_ROWS[3:], NARROW, 3, False)],
        [(SPACED_ROWS[:3], WIDTHS, 2, False), ([HEADER, *SPACED_ROWS[3:]], NARROW, 3, True)],
    ],
    ids=[
        "columns",
        "close columns",
        "numbers in the middle",
        "next page without a header",
        "header again",
    ],
)
def test_text_laid_out_by_blanks(
    tmp_path: Path, pages: list[tuple[list[list[str]], tuple[int, ...], int, bool]]
) -> None:
    lines: list[str] = list(SPACED_HEADING)
    for number, (rows, widths, gap, middle) in enumerate(pages, start=1):
        lines += ["\f" + " " * 20 + str(number), ""] if number > 1 else []
        lines += lay_out([HEADER, *rows] if number == 1 else rows, widths, gap=gap, middle=middle)
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*lines, *SPACED_END]), encoding="utf-8")
    plan = read_document_file(path).plan
    assert (plan.plan.number, str(plan.plan.issued_on), plan.plan.issuer) == (
        "77/KH-UBND",
        "2031-01-05",
        "UBND tỉnh Bến Tre",
    )
    found = {
        task.key: (task.title, task.lead, task.deliverables, task.deadline_text)
        for task in plan.tasks
    }
    assert found == {
        "I.1": (
            SPACED_ROWS[1][1],
            ["Sở Nông nghiệp và Môi trường"],
            ["Danh sách"],
            "Trước ngày 15/3/2031",
        ),
        "I.2": ("Cấp cây giống", ["Sở Y tế"], ["Biên bản giao cây", "Báo cáo"], "Quý II/2031"),
        "I.3": ("Cắm biển", ["UBND cấp xã"], ["Biển báo rừng"], "Tháng 5/2031"),
        "II.1": (SPACED_ROWS[5][1], ["Công an tỉnh"], ["Sổ ghi"], "Thường xuyên"),
    }
    assert plan.tasks[0].section == SPACED_ROWS[0][1]
    assert plan.tasks[0].partners == ["Sở Tài chính", "UBND cấp xã"]
    assert [str(row.milestone.last_day) for row in plan.plan_milestones] == ["2031-11-29"]


def test_what_stands_below_a_pdf_table_is_read(tmp_path: Path) -> None:
    rows = [
        [
            (40, 500, "STT"),
            (90, 500, "Nội dung"),
            (300, 500, "Cơ quan chủ trì"),
            (500, 500, "Thời gian"),
        ],
        [
            (40, 480, "1"),
            (90, 480, "Cấp cây giống"),
            (300, 480, "Sở Y tế"),
            (500, 480, "Quý II/2031"),
        ],
        [
            (40, 460, "2"),
            (90, 460, "Cắm biển"),
            (300, 460, "Công an tỉnh"),
            (500, 460, "Tháng 5/2031"),
        ],
        [(40, 430, "II. TỔ CHỨC THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN, ĐƠN VỊ")],
        [(40, 410, "1. Sở Y tế")],
        [(40, 390, "- Tổng hợp kết quả của các địa phương, báo cáo trước ngày 30/11/2031.")],
    ]
    words = [
        (x + 5.2 * i, y, c)
        for row in rows
        for x, y, text in row
        for i, c in enumerate(text)
        if c != " "
    ]
    plan = read_document_file(pdf(tmp_path / "a.pdf", [words])).plan
    assert {task.key: task.deadline_text for task in plan.tasks} == {
        "1": "Quý II/2031",
        "2": "Tháng 5/2031",
    }
    assert [str(row.milestone.last_day) for row in plan.plan_milestones] == ["2031-11-29"]
