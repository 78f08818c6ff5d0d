"""A task as it is written in one line, taken apart: "/them Sở Tư pháp | Báo cáo ... | trước 15/10/2026 | ..."."""

from __future__ import annotations

import re
from datetime import date

from handlers.conversation import days, words
from language.agencies.cells import read_agency_cell
from language.agencies.directory import Directory
from language.text import normalise

FIRST_FIELDS = ("lead", "title")
"""What the first two parts are; the others say what they are, or look like it."""

LONGEST_LINE = 4000  # characters


def split_parts(text: str) -> list[str]:
    """The parts between bars, or, without bars, the lines."""
    pieces = text[:LONGEST_LINE].split("|") if "|" in text else text[:LONGEST_LINE].split("\n")
    return [normalise(piece) for piece in pieces if normalise(piece)]


def read_label(part: str) -> tuple[str, str] | None:
    """The field that a part names before its colon, and what follows; None where it names none."""
    before, colon, after = part.partition(":")
    field = words.find_entry("task_labels", before) if colon else None
    if field is not None:
        return field, normalise(after)
    for label in words.list_words("task", "without_colon"):
        rest = words.find_rest_after(part, label)
        field = words.find_entry("task_labels", label)
        if rest and field is not None:
            return field, rest
    return None


def read_task_line(text: str, directory: Directory, today: date) -> dict[str, str]:
    """The parts of a task by field; agencies and deadlines as typed. A field that is said twice is joined by ";"."""
    found: dict[str, str] = {}
    for place, part in enumerate(split_parts(text)):
        named = read_label(part)
        if named is None:
            field = (
                FIRST_FIELDS[place]
                if place < len(FIRST_FIELDS)
                else _guess_field(part, directory, today)
            )
            named = (field, part)
        field, value = named
        if value:
            found[field] = f"{found[field]}; {value}" if field in found else value
    return found


def _guess_field(part: str, directory: Directory, today: date) -> str:
    """What a part without a label is: a deadline, agencies that take part, else what comes out of the task."""
    if days.parse_deadline(part, today, None).milestones:
        return "deadline"
    names = read_agency_cell(directory, part)
    if names and all(name.is_known for name in names):
        return "partners"
    return "deliverables"


def split_deliverables(text: str) -> list[str]:
    """Products as a person lists them: behind semicolons or bullets, without the mark and the closing dot."""
    pieces = re.split(r"[;\n]|(?:^|\s)[-•+]\s", text)
    return [normalise(piece).strip(" .;,") for piece in pieces if normalise(piece).strip(" .;,")]
