"""Read a plan from a file: JSON in the plan format, or a document. Not for the registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from locales.answer import say
from locales.user_error import UserError
from plans.format import PlanFile
from plans.plan_json import parse_plan

if TYPE_CHECKING:
    from language.agencies.directory import Directory
    from plans.reading.doubts import Doubt, Progress

LARGEST_FILE = 20_000_000  # bytes of a file


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
    UserError.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(say("file-too-large", megabytes=LARGEST_FILE // 1_000_000))
        content = path.read_bytes()
    except OSError as fault:
        raise UserError(say("file-missing", path=str(path))) from fault
    digest = hashlib.sha256(content).hexdigest()
    if path.suffix.lower() == ".json":
        return LoadedPlan(parse_plan(content), (), path.name, digest)
    from plans.reading import sandbox  # not needed for the plan format

    reading = sandbox.read_in_sandbox(path, directory, progress)
    return LoadedPlan(reading.plan, tuple(reading.doubts), path.name, digest)
