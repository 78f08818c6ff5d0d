"""Takes apart a task in one line: "/them Sở Tư pháp | Báo cáo ... | trước 15/10/2026 | ..."."""

from __future__ import annotations

import re
from datetime import date

from handlers.conversation import days, words
from language.agencies.cells import read_agency_cell
from language.agencies.directory import Directory
from language.text import normalise

FIRST_FIELDS = ("lead", "title")
"""The fields of the first two parts; the others have a label, or look like their field."""

LONGEST_LINE = 4000  # characters


def split_parts(text: str) -> list[str]:
    """Return the parts between bars; if there is no bar, the lines."""
    pieces = text[:LONGEST_LINE].split("|") if "|" in text else text[:LONGEST_LINE].split("\n")
    return [normalise(piece) for piece in pieces if normalise(piece)]


def read_label(part: str) -> tuple[str, str] | None:
    """Return the field that a part names ("hạn: 15/10") and its value; None if it names none."""
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
    """Return the parts of a task by field, as typed; a field given twice is joined by ";"."""
    fields: dict[str, str] = {}
    for place, part in enumerate(split_parts(text)):
        label = read_label(part)
        if label is not None:
            field, value = label
        elif place < len(FIRST_FIELDS):
            field, value = FIRST_FIELDS[place], part
        else:
            field, value = _guess_field(part, directory, today), part
        if value:
            fields[field] = f"{fields[field]}; {value}" if field in fields else value
    return fields


def _guess_field(part: str, directory: Directory, today: date) -> str:
    """Return the field of a part without label: a deadline, partners, else deliverables."""
    typed = days.parse_deadline(part, today, None)
    if typed.milestones or typed.candidates or days.is_day_out_of_reach(part, today):
        return "deadline"
    names = read_agency_cell(directory, part)
    if names and all(name.is_known for name in names):
        return "partners"
    return "deliverables"


def split_deliverables(text: str) -> list[str]:
    """Return the products that a person lists behind semicolons or bullets, without those."""
    # a mark of a list stands behind a blank: "Báo cáo - Tờ trình"
    pieces = re.split(r"[;\n]|(?:^|\s)[-•+]\s", text)
    return [normalise(piece).strip(" .;,") for piece in pieces if normalise(piece).strip(" .;,")]
