"""Joins visual lines, as pages of a PDF have them, to paragraphs."""

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
    """Return the paragraphs of visual lines.

    A line continues its paragraph if it begins with a small letter, or if the line before is full
    and ends no sentence. A line with a number or a bullet begins a paragraph.
    """
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
    """Return whether lines are visual ones: many of them then begin with a small letter."""
    texts = [line.strip() for line in lines if line.strip()]
    return sum(text[0].islower() for text in texts) > WRAPPED_LINES * len(texts)


def normalise_lines(text: str) -> str:
    """Return `text` with every line normalised and empty ones left out."""
    return "\n".join(line for line in map(normalise, text.split("\n")) if line)


def unwrap_cell(text: str) -> str:
    """Return a cell's text with the lines joined that the column's edge broke.

    Bullets and numbered items keep lines of their own.
    """
    lines: list[str] = []
    for line in map(normalise, text.split("\n")):
        if lines and line and not _BULLET.match(line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return "\n".join(lines)
