"""Join the lines of a narrative to paragraphs: broken sentences, numbers of parts alone."""

import re

from language.text import normalise
from plans.tables.patterns import LOWER_LETTER, compile_pattern

_SMALL_START = re.compile(f"^{LOWER_LETTER}")
_MARKED = re.compile(r"^(?:[-–+*•]|\(?\d{1,2}[.)]|[a-zđ][.)]|[IVXLC]+[.)/]|[A-ZĐ][.)])\s*\S")
_DANGLING = compile_pattern("dangling")
_PART_ALONE = compile_pattern("part_alone")


def join_paragraphs(lines: list[str]) -> list[str]:
    """Return the lines with broken sentences joined.

    A line that begins with a small letter goes on with the line before, one that begins with a
    number if a word of time stands at the end of that line.
    """
    joined: list[str] = []
    for line in filter(None, map(normalise, lines)):
        if joined and not _MARKED.match(line) and _goes_on(joined[-1], line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _goes_on(before: str, line: str) -> bool:
    """Return whether a line goes on with the sentence of the line before, or is its heading."""
    if _PART_ALONE.match(before):
        return True
    is_small = bool(_SMALL_START.match(line)) and not before.endswith((".", ":"))
    return is_small or (line[0].isdigit() and bool(_DANGLING.search(before)))
