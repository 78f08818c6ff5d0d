"""The patterns of official writing in `locales/vi/columns.toml`, compiled; those without Vietnamese stand in code."""

import re

from plans.tables.columns import load_column_words

# Vietnamese small letters one by one: a range like "à-ỹ" holds capitals and small letters.
LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
UPPER_LETTER = rf"[^\W\d_{LOWER}]"
LOWER_LETTER = f"[{LOWER}]"


def compile_pattern(name: str, *, small: bool = True) -> re.Pattern[str]:
    """The pattern `name` of the table `patterns`; capitals and small letters are one unless `small` is false.

    "{capital}" and "{small}" in a pattern are a capital and a small letter. Raises KeyError for an unknown name.
    """
    source = (
        str(load_column_words()["patterns"][name])
        .replace("{capital}", UPPER_LETTER)
        .replace("{small}", LOWER_LETTER)
    )
    return re.compile(source, re.IGNORECASE if small else re.NOFLAG)
