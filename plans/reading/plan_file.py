"""Read a plan from a file: JSON in the plan format, or a document. Not for the registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from locales.answer import Sentence, say
from plans.documents.faults import DocumentError
from plans.format import PlanFile
from plans.plan_json import PlanFormatError, get_reason_message, parse_plan

if TYPE_CHECKING:
    from language.agencies.directory import Directory
    from plans.reading.doubts import Doubt, Progress

LARGEST_FILE = 20_000_000  # bytes of a file


class FileFault(Exception):
    """The file cannot be read as a plan; `sentence` tells its sender why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.id)
        self.sentence = sentence


@dataclass(frozen=True)
class LoadedPlan:
    """A plan read from a file, with its doubts; `name` and `sha256` are those of the file."""

    plan: PlanFile
    doubts: tuple[Doubt, ...]
    name: str
    sha256: str


def read_plan_file(
    path: Path, directory: Directory | None = None, progress: Progress | None = None
) -> LoadedPlan:
    """Return the plan in the file at `path`, with the agency names that `directory` knows.

    Blocks for up to 10 s: call it in a thread; `progress` is called from that thread. Raises
    FileFault.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileFault(say("file-too-large", megabytes=LARGEST_FILE // 1_000_000))
        content = path.read_bytes()
    except OSError as fault:
        raise FileFault(say("file-missing", path=str(path))) from fault
    digest = hashlib.sha256(content).hexdigest()
    try:
        if path.suffix.lower() == ".json":
            return LoadedPlan(parse_plan(content), (), path.name, digest)
        from plans.reading import sandbox  # not needed for the plan format

        reading = sandbox.read_in_sandbox(path, directory, progress)
        return LoadedPlan(reading.plan, tuple(reading.doubts), path.name, digest)
    except PlanFormatError as fault:
        reason = say(get_reason_message(fault.reason))
        raise FileFault(say("plan-format-fault", place=fault.place, reason=reason)) from fault
    except DocumentError as fault:
        raise FileFault(say(fault.message_id, **fault.values)) from fault
