"""What a column is: by the words of its header, by its cells if the header is lost."""

import pytest

from plans.tables.blocks import Table, TableCell, make_table
from plans.tables.columns import STRONG_WORD, find_task_columns, is_repeated_header, score_roles
from plans.tables.guessed_columns import guess_columns, may_have_columns
from tests.support.papers import HEADER, ROWS


def table_of(*rows: list[str]) -> Table:
    return make_table([[TableCell(text) for text in row] for row in rows])


def test_short_rows_are_filled_up() -> None:
    table = table_of(["1", "2"], ["3"])
    assert [row.texts for row in table.rows] == [["1", "2"], ["3", ""]]
    assert [row.number for row in table.rows] == [1, 2]


def test_strong_words_count_anywhere_and_weak_ones_at_the_beginning() -> None:
    assert score_roles("Cơ quan phối hợp")["partners"] > STRONG_WORD
    assert score_roles("Hạn")["deadline"] < STRONG_WORD
    assert "deadline" not in score_roles("Giới hạn")
    assert score_roles("x" * 200) == {}


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("ĐVTH", "lead"),
        ("CQ chủ trì", "lead"),
        ("Đơn vị CT", "lead"),
        ("CQPH", "partners"),
        ("KQ thực hiện", "deliverables"),
        ("Tgian HT", "deadline"),
        ("Đơn vị được kiểm tra", "requirement"),
        ("Ý kiến chỉ đạo", "title"),
        ("Trích yếu", "title"),
        ("Gói thầu", "title"),
        ("Số, ngày thông báo", "other"),
    ],
)
def test_short_words_and_words_of_inspections_and_orders(header: str, role: str) -> None:
    scores = score_roles(header)
    assert max(scores, key=lambda one: scores[one]) == role


@pytest.mark.parametrize("header", ["Phòng", "Trưởng đoàn"])
def test_who_acts_where_no_other_column_says_it(header: str) -> None:
    columns = find_task_columns(table_of(["STT", "Nội dung", header, "Thời hạn"]))
    assert columns is not None
    assert columns.find_column("lead") == 2


@pytest.mark.parametrize(
    ("body", "person"),
    [
        ("Cơ quan chuẩn bị", "Đồng chí phụ trách"),
        ("Đơn vị", "Người thực hiện"),
    ],
)
def test_a_body_leads_before_its_person(body: str, person: str) -> None:
    columns = find_task_columns(table_of(["STT", "Nội dung", person, body, "Thời hạn"]))
    assert columns is not None
    assert columns.roles == ("number", "title", None, "lead", "deadline")


def test_weak_words_say_nothing_beside_a_strong_one() -> None:
    header = ["STT", "Nội dung", "Đơn vị", "Thời gian thực hiện", "Thời gian thực hiện thực tế"]
    columns = find_task_columns(table_of(header))
    assert columns is not None
    assert columns.roles[2:4] == ("lead", "deadline")


@pytest.mark.parametrize(("shares", "has_fractions"), [(["1", "0.7"], True), (["1", "70"], False)])
def test_shares_up_to_one_are_fractions(shares: list[str], has_fractions: bool) -> None:
    rows = [[str(place), "Đo rừng", "Sở Y tế", share] for place, share in enumerate(shares)]
    columns = find_task_columns(table_of(["STT", "Nội dung", "Đơn vị", "% HT"], *rows))
    assert columns is not None
    assert columns.has_fractions is has_fractions


def test_columns_of_a_header() -> None:
    table = table_of(["Bảng phân công"], HEADER, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], *ROWS)
    columns = find_task_columns(table)
    assert columns is not None
    assert columns.header == range(1, 3)
    assert columns.roles == ("number", "title", "lead", "partners", "deliverables", "deadline")
    assert (columns.find_column("lead"), columns.find_column("section")) == (2, None)
    assert is_repeated_header(table.rows[1], table, columns)
    assert not is_repeated_header(table.rows[3], table, columns)


def test_a_list_of_people_is_no_table_of_tasks() -> None:
    assert (
        find_task_columns(table_of(["STT", "Họ và tên", "Chức vụ"], ["1", "An", "Kế toán"])) is None
    )


def test_columns_without_a_header_are_guessed_by_their_cells() -> None:
    tasks = [row for row in ROWS if row[2]]
    columns = guess_columns(table_of(*tasks))
    assert columns is not None
    assert columns.roles == ("number", "title", "lead", "partners", "deliverables", "deadline")
    assert may_have_columns(table_of(*tasks), columns)
    assert not may_have_columns(table_of(*[row[::-1] for row in tasks]), columns)
    assert guess_columns(table_of(*tasks[:2])) is None
