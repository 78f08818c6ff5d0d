"""Evidence of work done: a document's number and day, a link, a file or a note.

Reads it from what a person sends, stores files, and says it. The dialogue is `report_evidence`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from handlers.conversation import words
from handlers.conversation.incoming import IncomingFile
from handlers.conversation.quotas import LARGEST_FILE
from handlers.conversation.request import HandlerOptions
from locales.answer import Sentence, say
from models.assignments import Report
from models.storage.private_files import write_private_file

LEAST_NOTE = 3  # characters; less is what is left over of a number
LONGEST_NOTE = 1000  # characters
LONGEST_NAME = 120  # characters of a file's name


@dataclass(frozen=True)
class Evidence:
    """What proves a report. `future`: the day of the document would be in the future."""

    number: str | None = None
    day: date | None = None
    link: str | None = None
    note: str | None = None
    future: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no evidence at all."""
        return not (self.number or self.link or self.note or self.day)


def read_evidence(text: str, today: date) -> Evidence:
    """Return the evidence in a text ("BC số 123/BC-STP ngày 10/10/2026"); the rest is a note."""
    rest = words.make_typed_text(text)
    link = rest.search(words.get_pattern("evidence", "link"))
    address = rest.get_original(link).rstrip(".,;)") if link else None
    if link:
        rest = rest.remove_match(link)
    day_match = rest.search(words.get_pattern("evidence", "day"))
    day = _parse_day(today, *day_match.group(1, 2, 3)) if day_match else None
    if day_match and day is not None:
        rest = rest.remove_match(day_match)
    patterns = (words.get_pattern("evidence", name) for name in ("number", "bare_number"))
    match = next((found for pattern in patterns if (found := rest.search(pattern))), None)
    number = _tidy_number(rest.get_original(match, 1)) if match else None
    if match:
        rest = _drop_number(rest, match)
    note = rest.text.strip(" ,.;:-–()")
    return Evidence(
        number=number,
        day=day if day is not None and day <= today else None,
        link=address,
        note=note[:LONGEST_NOTE] if len(note) >= LEAST_NOTE else None,
        future=day is not None and day > today,
    )


def map_evidence_columns(proof: Evidence) -> dict[str, Any]:
    """Return the evidence as values of the columns of a report."""
    return {
        "number": proof.number,
        "document_day": proof.day,
        "link": proof.link,
        "note": proof.note,
    }


def dump_evidence(proof: Evidence) -> dict[str, Any]:
    """Return the evidence that there is as JSON values for the audit."""
    day = proof.day.isoformat() if proof.day else None
    values = {**map_evidence_columns(proof), "document_day": day}
    return {name: value for name, value in values.items() if value is not None}


def format_evidence(report: Report) -> list[Sentence]:
    """Return the evidence of a report, one line each kind."""
    lines = []
    if report.number and report.document_day:
        lines.append(say("evidence-number-day", number=report.number, day=report.document_day))
    elif report.number:
        lines.append(say("evidence-number", number=report.number))
    elif report.document_day:
        lines.append(say("evidence-day", day=report.document_day))
    if report.link:
        lines.append(say("evidence-link", link=report.link))
    if report.file_name:
        lines.append(say("evidence-file", name=report.file_name))
    if report.note:
        lines.append(say("evidence-note", note=report.note))
    return lines


def take_document(typed: words.TypedText) -> tuple[words.TypedText, str | None]:
    """Return the text without a document's number, its day and its kind, and those as typed."""
    patterns = (words.get_pattern("evidence", name) for name in ("number", "bare_number", "link"))
    match = next((found for pattern in patterns if (found := typed.search(pattern))), None)
    if match is None:
        return typed, None
    rest, said = _drop_number(typed, match) if match.re.groups else typed.remove_match(match), ""
    day = rest.search(words.get_pattern("evidence", "day"))
    if day is not None:
        rest, said = rest.remove_match(day), f" {rest.get_original(day)}"
    return rest, f"{typed.get_original(match).strip()}{said}"


def _tidy_number(typed: str) -> str:
    """Return a document's number as it was typed ("15/TTr-STP"), in capitals if it has none."""
    return typed if any(letter.isupper() for letter in typed) else typed.upper()


def _drop_number(text: words.TypedText, number: re.Match[str]) -> words.TypedText:
    """Return the text without a document's number and the kind of document before it."""
    before = words.make_typed_text(text.text[: number.start(1)])
    kind = before.search(words.get_pattern("evidence", "kind"))
    return words.make_typed_text(
        f"{before.text[: kind.start()] if kind else before.text} {text.text[number.end(1) :]}"
    )


def _parse_day(today: date, day: str, month: str, year: str | None) -> date | None:
    """Return the day of a document; without a year, the day nearest to `today`.

    None if the calendar has no such day.
    """
    years = [int(year)] if year is not None else [today.year, today.year - 1]
    days = []
    for one in years:
        with suppress(ValueError):  # 29/02 of a common year
            days.append(date(one, int(month), int(day)))
    return min(days, key=lambda d: abs((d - today).days), default=None)


class StoredFile(NamedTuple):
    """A file of evidence, by the name it was sent with and its SHA-256."""

    name: str
    sha256: str


def map_file_columns(file: StoredFile | None) -> dict[str, Any]:
    """Return a file as values of the columns of a report; nothing if there is none."""
    return {} if file is None else {"file_name": file.name, "file_sha256": file.sha256}


class FileTooLarge(Exception):
    """A file is larger than `quotas.LARGEST_FILE`."""


async def store_evidence_file(sent: IncomingFile, options: HandlerOptions) -> StoredFile:
    """Store a file under its SHA-256 beside the plans' files.

    Raises FileTooLarge, and UserError if it cannot be fetched.
    """
    if sent.size > LARGEST_FILE:
        raise FileTooLarge
    content = await sent.load_content()
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    digest = hashlib.sha256(content).hexdigest()
    await asyncio.to_thread(write_whole_file, find_evidence_path(options, digest), content)
    name = Path(sent.name.replace("\\", "/")).name[:LONGEST_NAME]
    return StoredFile(name or digest[:12], digest)


def find_evidence_path(options: HandlerOptions, digest: str) -> Path:
    """Return the path of the file of evidence with this SHA-256."""
    return options.files.parent / "evidence" / digest[:2] / digest


def write_whole_file(path: Path, content: bytes) -> bool:
    """Write a file as a whole or not at all; return False if it is there already."""
    if path.exists():
        return False
    part = path.with_suffix(f".{secrets.token_hex(4)}")  # the same file may come twice at once
    write_private_file(part, content)
    part.replace(path)
    return True
