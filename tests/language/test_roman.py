"""Roman numerals, written and read."""

import pytest

from language.roman import format_roman, parse_roman


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (58, "LVIII"), (1994, "MCMXCIV")],
)
def test_a_number_is_written_and_read(value: int, text: str) -> None:
    assert format_roman(value) == text
    assert parse_roman(text) == value


def test_what_is_no_roman_numeral() -> None:
    assert format_roman(0) == ""
    assert parse_roman("") is None
    assert parse_roman("A.I") is None
