"""A plan from a file: the plan format, or a document read in a process of its own. Nothing of the registry here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from locales.answer import Sentence, say
from plans.documents.faults import DocumentError
from plans.format import PlanFile
from plans.plan_json import PlanFormatError, complete_plan, get_reason_message, parse_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from language.agencies.directory import Directory
    from plans.reading.doubts import Doubt

LARGEST_FILE = 20_000_000  # bytes of a file


class FileFault(Exception):
    """The file cannot be read as a plan; `said` says why and what to do."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said.id)
        self.sentence = said


@dataclass(frozen=True)
class LoadedPlan:
    """A plan that was read from a file, with what is doubtful about it."""

    plan: PlanFile
    doubts: tuple[Doubt, ...]
    name: str
    sha256: str


def read_plan_file(
    path: Path,
    directory: Directory | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> LoadedPlan:
    """Reads a plan document or the plan format, with the names that `directory` knows.

    Blocks for up to 10 s: call it in a thread; `progress` is called from that thread with a stage ("open", "rows") and
    how many rows there are so far. Raises FileFault.
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
        from plans.reading import sandbox

        reading = sandbox.read_in_sandbox(path, directory, progress)
        return LoadedPlan(complete_plan(reading.plan), tuple(reading.doubts), path.name, digest)
    except PlanFormatError as fault:
        raise FileFault(
            say(
                "plan-format-fault", place=fault.place, reason=say(get_reason_message(fault.reason))
            )
        ) from fault
    except DocumentError as fault:
        raise FileFault(say(fault.message_id, **fault.values)) from fault
