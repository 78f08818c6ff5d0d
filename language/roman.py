"""Roman numerals, as headings of plans are numbered and as questions name sections."""

_SIGNS = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_VALUE_OF_SIGN = {
    sign: value for sign, value in zip(_SIGNS, _VALUES, strict=True) if len(sign) == 1
}


def format_roman(value: int) -> str:
    """Return `value` (0 or more) in Roman numerals, in capitals: 14 is "XIV", 0 is ""."""
    text = ""
    for sign, worth in zip(_SIGNS, _VALUES, strict=True):
        text += sign * (value // worth)
        value %= worth
    return text


def parse_roman(text: str) -> int | None:
    """Return the value of a Roman numeral in capitals, or None if a sign of it is no Roman one.

    A sign before a larger one is subtracted; the order of the signs is not checked.
    """
    if not text or any(sign not in _VALUE_OF_SIGN for sign in text):
        return None
    values = [_VALUE_OF_SIGN[sign] for sign in text]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )
