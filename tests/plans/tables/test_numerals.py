"""Numbers of rows and headings, and the keys that they make."""

import pytest

from plans.tables.numerals import NO_NUMBER, Numeral, OpenHeadings, parse_number, split_number


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("I", "roman", "I"),
        ("IV.", "roman", "IV"),
        ("A", "letter", "A"),
        ("D.", "letter", "D"),
        ("03", "arabic", "3"),
        ("1.2.", "arabic", "1.2"),
        ("a)", "small", "a"),
        ("II.3", "key", "II.3"),
        ("VI.4.5+1", "key", "VI.4.5+1"),
        ("2b", "key", "2b"),
        ("", "none", ""),
        ("-", "none", ""),
    ],
)
def test_numbers(text: str, kind: str, label: str) -> None:
    found = parse_number(text)
    assert found is not None
    assert (found.kind, found.label) == (kind, label)


def test_words_are_no_numbers() -> None:
    assert parse_number("Sở Y tế") is None
    assert split_number("Sở Y tế")[0].kind == "none"
    assert split_number("II. Việc làm") == (parse_number("II"), "Việc làm")


def test_a_number_printed_twice_gets_a_letter() -> None:
    headings = OpenHeadings()
    one = parse_number("1")
    assert one is not None
    assert [headings.next_key(one), headings.next_key(one)] == ["1", "1b"]


def test_headings_make_the_keys_of_rows() -> None:
    headings = OpenHeadings()
    headings.open_heading(*split_number("A. Việc chung"))
    headings.open_heading(*split_number("II. Giữ rừng"))
    key = headings.next_key(Numeral("arabic", "3", 3))
    assert (key, headings.section) == ("A.II.3", "Giữ rừng")
    assert [headings.continue_key(key), headings.continue_key(key)] == ["A.II.3b", "A.II.3c"]
    assert headings.next_key(Numeral("small", "a", 1)) == "A.II.3.a"
    headings.open_heading(NO_NUMBER, "Trồng rừng")
    assert headings.next_key(NO_NUMBER) == "A.III.1"


def test_a_text_too_long_for_a_number_is_none() -> None:
    assert parse_number("1" * 80) is None
