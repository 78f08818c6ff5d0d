"""Read a document in a child process, with limits on time and memory.

What a person sends may be anything: the child gets no settings and no secrets, and may write no
file. Not for the plan format (`plan_file`).
"""

import json
import logging
import pickle
import resource
import signal
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from language.agencies.directory import Directory
from plans.documents.faults import (
    FAULTS,
    BrokenError,
    DocumentError,
    LongCellError,
    MemoryFault,
    TimeoutFault,
)
from plans.format import LONGEST_TEXT, PlanFile
from plans.reading.doubts import Doubt, PlanReading, Progress

MOST_SECONDS = 10  # processor time of one reading
_WALL_FACTOR = 60  # times as long on the clock, for a child that hangs: busy machines are slow
MOST_MEGABYTES = 500  # address space of the reading process

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_CHILD = "from plans.reading.sandbox import run_child; run_child()"


def read_in_sandbox(
    path: Path,
    directory: Directory | None = None,
    progress: Progress | None = None,
    *,
    seconds: float = MOST_SECONDS,
    megabytes: int = MOST_MEGABYTES,
) -> PlanReading:
    """Return the plan in the file at `path`, read in a child process.

    Blocks until the child ends, after `seconds` of processor time at most: call it in a thread.
    `progress` is called from the same thread. Raises the DocumentErrors of
    `document.read_document_file`, TimeoutFault and MemoryFault.
    """
    order = _make_order(path, directory, seconds, megabytes)
    message = _run_child(order, progress, seconds, megabytes)
    doubts = [Doubt(**doubt) for doubt in message["doubts"]]
    return PlanReading(PlanFile.model_validate(message["plan"]), doubts, message["rows"])


class FileCells(NamedTuple):
    """The texts of the cells of each table of a file, and the places of formulas without a value.

    A place is the address of a cell ("B5").
    """

    tables: list[list[list[str]]]
    formulas: list[str]


def read_cells_in_sandbox(path: Path) -> FileCells:
    """Return the cells of the file at `path`, read in a child process.

    Raises as `read_in_sandbox`.
    """
    order = _make_order(path, None, MOST_SECONDS, MOST_MEGABYTES, cells=True)
    answer = _run_child(order, None, MOST_SECONDS, MOST_MEGABYTES)
    return FileCells(answer["cells"], answer["formulas"])


def _run_child(
    order: bytes, progress: Progress | None, seconds: float, megabytes: int
) -> dict[str, Any]:
    """Return the answer of a child process to `order`."""
    environment = {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(  # noqa: S603 - no shell, constant arguments
        [sys.executable, "-s", "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=_ROOT,
    )
    late = threading.Event()

    def stop_late_child() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(_WALL_FACTOR * seconds, stop_late_child)
    timer.start()
    try:
        message = _receive_answer(process, order, progress)
        if message is not None:
            return message
        if process.wait() in (-signal.SIGXCPU, -signal.SIGKILL) or late.is_set():
            raise TimeoutFault(seconds=max(1, round(seconds)))
        raise MemoryFault(megabytes=megabytes) if process.returncode < 0 else BrokenError
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _make_order(
    path: Path,
    directory: Directory | None,
    seconds: float,
    megabytes: int,
    *,
    cells: bool = False,
) -> bytes:
    """Return the order for the child: pickled, since the parent may be trusted.

    The answer is JSON, since the child may not.
    """
    return pickle.dumps((str(path.resolve()), directory, seconds, megabytes, cells))


def _receive_answer(
    process: "subprocess.Popen[bytes]", order: bytes, progress: Progress | None
) -> dict[str, Any] | None:
    """Send the order and return the child's answer, None if the child dies without one.

    Raises the fault that the child reports.
    """
    if process.stdin is None or process.stdout is None:
        raise BrokenError
    try:
        process.stdin.write(order)
        process.stdin.close()
    except BrokenPipeError:
        pass  # the child is dead already; the caller finds out why
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        if "stage" in message and progress is not None:
            progress(message["stage"], message["count"])
        elif "fault" in message:
            if "bug" in message:
                logger.error("reading a document failed: %s", message["bug"])
            raise FAULTS.get(message["fault"], BrokenError)(**message["values"])
        elif "plan" in message or "cells" in message:
            return message
    return None


# ---------------------------------------------------------------- in the child


def run_child() -> None:
    """Read an order from standard input and write the answer to standard output as JSON lines.

    The parent kills this process as soon as it has the answer.
    """
    path, directory, seconds, megabytes, cells = pickle.load(sys.stdin.buffer)  # noqa: S301 - ours
    _limit_process(seconds, megabytes)
    try:
        answer = _answer_cells(Path(path)) if cells else _read_for_parent(Path(path), directory)
    except DocumentError as fault:
        answer = {"fault": fault.message_id, "values": dict(fault.values)}
    except MemoryError:
        answer = {"fault": MemoryFault.message_id, "values": {"megabytes": megabytes}}
    except ValidationError as error:
        answer = _describe_misfit(error)
    except Exception as bug:  # whatever the file does, its sender gets one sentence
        answer = {"fault": BrokenError.message_id, "values": {}, "bug": _locate_bug(bug)}
    _send_message(answer)


def _describe_misfit(error: ValidationError) -> dict[str, Any]:
    """Return the fault of a plan that does not fit its format: a text is too long, or a bug."""
    if any(detail["type"] in ("string_too_long", "too_long") for detail in error.errors()):
        return {"fault": LongCellError.message_id, "values": {"characters": LONGEST_TEXT}}
    return {"fault": BrokenError.message_id, "values": {}, "bug": _locate_bug(error)}


def _locate_bug(bug: Exception) -> str:
    """Return an exception's kind and place for the log.

    Its words are left out: they may quote the document.
    """
    frames = traceback.extract_tb(bug.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(bug).__name__} at {place}"


def _limit_process(seconds: float, megabytes: int) -> None:
    """Limit memory and processor time; forbid writing files and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_for_parent(path: Path, directory: Directory | None) -> dict[str, Any]:
    from plans.reading.document import read_document_file  # its libraries load in the child only

    reading = read_document_file(
        path, directory, lambda stage, count: _send_message({"stage": stage, "count": count})
    )
    return {
        "plan": reading.plan.model_dump(mode="json"),
        "doubts": [asdict(doubt) for doubt in reading.doubts],
        "rows": reading.rows,
    }


def _answer_cells(path: Path) -> dict[str, Any]:
    tables, formulas = read_cells(path)
    return {"cells": tables, "formulas": formulas}


def read_cells(path: Path) -> FileCells:
    """Return the cells of the file at `path`, read in this process. Raises DocumentError."""
    from plans.documents.opening import load_document  # its libraries load in the child only

    document = load_document(path)
    return FileCells(
        [[[*row.texts] for row in table.rows] for table in document.tables],
        [place for kind, place in document.losses if kind == "formula"],
    )


def _send_message(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
