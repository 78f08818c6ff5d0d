"""Visual lines, as PDF pages and their texts have them, put together to paragraphs."""

import re
from collections.abc import Sequence

from language.text import normalise
from plans.tables.patterns import compile_pattern

FULL_LINE = 0.75  # share of the usual width from which a line may be broken by the page's edge
WRAPPED_LINES = 0.1  # share of lines that begin small, from which a text is one of visual lines

_MARKED = re.compile(r"^(?:[-–+•*]|\(?\d+(?:\.\d+)*[.)]|[a-zđ]\)|[IVX]+[.)])\s*\S")
_BULLET = re.compile(r"^(?:[-–+*•]\s|\(?\d{1,2}[.)]\s|[a-zđ]\)\s)")
_ATTACHED = compile_pattern("attached_bracket")
_SENTENCE_ENDS = (".", ";", ":", "./.", "!", "?")


def join_paragraphs(visual: Sequence[str]) -> list[str]:
    """The paragraphs of visual lines: one goes on that begins small, or comes after a full line without an end."""
    lines = [line for line in map(normalise, visual) if line]
    widest = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    paragraphs: list[str] = []
    width = 0  # of the last visual line
    for line in lines:
        last = paragraphs[-1] if paragraphs else ""
        full = width > FULL_LINE * widest and not last.endswith(_SENTENCE_ENDS)
        other = last.isupper() != line.isupper() or bool(_ATTACHED.match(line))
        if last and not _MARKED.match(line) and (line[0].islower() or (full and not other)):
            paragraphs[-1] = f"{last} {line}"
        else:
            paragraphs.append(line)
        width = len(line)
    return paragraphs


def are_visual_lines(lines: Sequence[str]) -> bool:
    """Whether lines are visual ones: then many begin in the middle of a sentence."""
    said = [line.strip() for line in lines if line.strip()]
    return sum(line[0].islower() for line in said) > WRAPPED_LINES * len(said)


def unwrap_cell(text: str) -> str:
    """A cell's lines joined where the column's edge broke them; bullets keep their lines."""
    lines: list[str] = []
    for line in map(normalise, text.split("\n")):
        if lines and line and not _BULLET.match(line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return "\n".join(lines)
