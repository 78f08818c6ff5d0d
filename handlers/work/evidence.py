"""Evidence of work done: a document's number and day, a link, a file or a note, read from what a person sends."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handlers.conversation import words
from handlers.conversation.incoming import IncomingFile
from handlers.conversation.quotas import LARGEST_FILE
from handlers.conversation.turn import HandlerOptions

LEAST_NOTE = 3  # characters; less is what is left over of a number
LONGEST_NOTE = 1000  # characters
LONGEST_NAME = 120  # characters of a file's name


@dataclass(frozen=True)
class Evidence:
    """What proves a report. `future`: the document's day is said to lie in the future, which cannot be."""

    number: str | None = None
    day: date | None = None
    link: str | None = None
    note: str | None = None
    future: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return not (self.number or self.link or self.note or self.day)


def read_evidence(text: str, today: date) -> Evidence:
    """The evidence that `text` names: "BC số 123/BC-STP ngày 10/10/2026", a link, what is left as a note."""
    rest = words.make_typed_text(text)
    link = rest.search(words.get_pattern("evidence", "link"))
    address = rest.get_original(link).rstrip(".,;)") if link else None
    if link:
        rest = rest.remove_match(link)
    stated = rest.search(words.get_pattern("evidence", "day"))
    day = _parse_day(stated.group(1), stated.group(2), stated.group(3), today) if stated else None
    if stated and day is not None:
        rest = rest.remove_match(stated)
    found = rest.search(words.get_pattern("evidence", "number")) or rest.search(
        words.get_pattern("evidence", "bare_number")
    )
    number = rest.get_original(found, 1).upper() if found else None
    if found:
        rest = _drop_number(rest, found)
    note = rest.text.strip(" ,.;:-–()")
    return Evidence(
        number=number,
        day=day if day is not None and day <= today else None,
        link=address,
        note=note[:LONGEST_NOTE] if len(note) >= LEAST_NOTE else None,
        future=day is not None and day > today,
    )


def _drop_number(text: words.TypedText, number: re.Match[str]) -> words.TypedText:
    """The text without a document's number and the kind of document before it."""
    before = words.make_typed_text(text.text[: number.start(1)])
    kind = before.search(words.get_pattern("evidence", "kind"))
    return words.make_typed_text(
        f"{before.text[: kind.start()] if kind else before.text} {text.text[number.end(1) :]}"
    )


def _parse_day(day: str, month: str, year: str | None, today: date) -> date | None:
    """The day of a document; without a year such a day nearest to `today`. None for no day of the calendar."""
    years = [int(year)] if year is not None else [today.year, today.year - 1]
    days = []
    for one in years:
        with suppress(ValueError):  # 29/02 of a common year
            days.append(date(one, int(month), int(day)))
    return min(days, key=lambda d: abs((d - today).days), default=None)


class FileTooLarge(Exception):
    """A file over the limit (limits.LARGEST_FILE)."""


async def store_evidence_file(sent: IncomingFile, options: HandlerOptions) -> tuple[str, str]:
    """Keeps a file under its SHA-256 beside the plans' files; returns its name and SHA-256. Raises FileTooLarge."""
    if sent.size > LARGEST_FILE:
        raise FileTooLarge
    content = await sent.fetch()
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    digest = hashlib.sha256(content).hexdigest()
    await asyncio.to_thread(
        write_whole_file, find_evidence_folder(options) / digest[:2] / digest, content
    )
    return Path(sent.name.replace("\\", "/")).name[:LONGEST_NAME] or digest[:12], digest


def find_evidence_folder(options: HandlerOptions) -> Path:
    """Where files of evidence are kept."""
    return options.files.parent / "evidence"


def write_whole_file(path: Path, content: bytes) -> bool:
    """Writes `content` under its final name as a whole or not at all; False where it is there already."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}")  # the same file may come twice at once
    part.write_bytes(content)
    part.replace(path)
    return True
