"""Visual lines become paragraphs; cells keep their bullets."""

from plans.documents.paragraphs import are_visual_lines, join_paragraphs, unwrap_cell

LINES = [
    "Các sở, ban, ngành tỉnh có trách nhiệm triển",
    "khai kế hoạch này.",
    "1. Sở Y tế lập danh sách.",
    "KÈM THEO",
]


def test_a_line_that_begins_small_continues_its_paragraph() -> None:
    assert are_visual_lines(LINES)
    assert join_paragraphs(LINES) == [f"{LINES[0]} {LINES[1]}", *LINES[2:]]


def test_whole_lines_are_no_visual_ones() -> None:
    assert not are_visual_lines(["Kế hoạch", "Thực hiện năm 2031"])


def test_bullets_of_a_cell_keep_their_lines() -> None:
    assert unwrap_cell("Sổ\nmượn\n- Thẻ bạn\nđọc") == "Sổ mượn\n- Thẻ bạn đọc"
