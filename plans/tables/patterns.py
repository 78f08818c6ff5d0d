"""Compiles the patterns of official writing in `locales/vi/columns.toml`; classes of letters.

Patterns without Vietnamese words stand in the modules that use them.
"""

import re

from plans.tables.columns import load_column_words

# Vietnamese small letters one by one: a range like "à-ỹ" holds capitals and small letters.
LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
UPPER_LETTER = rf"[^\W\d_{LOWER}]"
LOWER_LETTER = f"[{LOWER}]"


def compile_pattern(name: str, *, small: bool = True) -> re.Pattern[str]:
    """Return the pattern `name` of the table `patterns`; it ignores case unless `small` is false.

    "{capital}" and "{small}" in it stand for one letter. Raises KeyError for an unknown name.
    """
    source = (
        str(load_column_words()["patterns"][name])
        .replace("{capital}", UPPER_LETTER)
        .replace("{small}", LOWER_LETTER)
    )
    return re.compile(source, re.IGNORECASE if small else re.NOFLAG)
