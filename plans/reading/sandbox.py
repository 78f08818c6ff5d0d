"""Reading a document in a process of its own, with limits on time and memory: what a person sends may be anything."""

import json
import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from language.agencies.directory import Directory
from plans.documents.faults import FAULTS, BrokenError, DocumentError, MemoryFault, TimeoutFault
from plans.format import PlanFile
from plans.reading.doubts import Doubt, PlanReading

MOST_SECONDS = 10  # wall-clock time and processor time of one reading
MOST_MEGABYTES = 500  # address space of the reading process

logger = logging.getLogger(__name__)

Progress = Callable[[str, int], None]  # stage ("open", "rows"), how many so far

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
    """The plan in the file at `path`, read in a child process that gets no settings and no secrets of this one.

    Blocks until the child ends, `seconds` at most; call it in a thread. `progress` is called from the same thread.
    Raises the DocumentErrors of `plans.reader.read_file`, TimeoutFault and MemoryFault.
    """
    environment = {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell, arguments are constants
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

    timer = threading.Timer(seconds, stop_late_child)
    timer.start()
    try:
        reading = _receive_reading(
            process, _make_order(path, directory, seconds, megabytes), progress
        )
        if reading is not None:
            return reading
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


def _make_order(path: Path, directory: Directory | None, seconds: float, megabytes: int) -> bytes:
    """What the child is told; pickled, as it comes from us. What the child answers is JSON, as it may not."""
    return pickle.dumps((str(path.resolve()), directory, seconds, megabytes))


def _receive_reading(
    process: "subprocess.Popen[bytes]", order: bytes, progress: Progress | None
) -> PlanReading | None:
    """What the child says; None where it dies without a word. Raises the fault that it tells of."""
    if process.stdin is None or process.stdout is None:
        raise BrokenError
    try:
        process.stdin.write(order)
        process.stdin.close()
    except BrokenPipeError:
        pass  # the child is dead already; how it died is told below
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        if "stage" in message and progress is not None:
            progress(message["stage"], message["count"])
        elif "fault" in message:
            if "bug" in message:
                logger.error("reading a document failed: %s", message["bug"])
            raise _make_fault(message["fault"], message["values"])
        elif "plan" in message:
            return _parse_reading(message)
    return None


def _make_fault(message_id: str, values: dict[str, str | int]) -> DocumentError:
    return FAULTS.get(message_id, BrokenError)(**values)


def _parse_reading(message: dict[str, Any]) -> PlanReading:
    doubts = [Doubt(**doubt) for doubt in message["doubts"]]
    return PlanReading(PlanFile.model_validate(message["plan"]), doubts, message["rows"])


# ---------------------------------------------------------------- in the child


def run_child() -> None:
    """Reads the order from standard input, limits itself, reads the document, writes JSON lines to standard output."""
    path, directory, seconds, megabytes = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by read_file above
    _limit_process(seconds, megabytes)
    try:
        answer = _read_for_parent(Path(path), directory)
    except DocumentError as fault:
        answer = {"fault": fault.message_id, "values": dict(fault.values)}
    except MemoryError:
        answer = {"fault": MemoryFault.message_id, "values": {"megabytes": megabytes}}
    except Exception as bug:  # whatever a file does to us, its sender gets one sentence; the place of the bug is logged
        answer = {"fault": BrokenError.message_id, "values": {}, "bug": _locate_bug(bug)}
    _send_message(answer)
    os._exit(0)  # nothing to put in order, and libraries may hang in doing so


def _locate_bug(bug: Exception) -> str:
    """The kind of an exception and where it arose, without its words: they may hold the document's."""
    frames = traceback.extract_tb(bug.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(bug).__name__} at {where}"


def _limit_process(seconds: float, megabytes: int) -> None:
    """Limits memory, processor time, and takes away the writing of files and dumps."""
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
        "doubts": [
            {
                "message_id": doubt.message_id,
                "values": dict(doubt.values),
                "key": doubt.key,
                "row": doubt.row,
                "column": doubt.column,
            }
            for doubt in reading.doubts
        ],
        "rows": reading.rows,
    }


def _send_message(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
