"""Has files made in a child process: the heavy libraries and the work never weigh on the bot.

The order goes to the child pickled through its input, since the parent may be trusted; what comes
back is a line of JSON for each word on the way, and a last one with the length of the bytes behind.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import resource
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from reports.orders import FileOrder, MadeFile, OrderFault

MOST_SECONDS = 180  # on the clock, for one file
MOST_MEGABYTES = 2_000  # address space of the child; what it really takes is far less
MOST_AT_ONCE = 2  # children
MOST_WAITING = 20  # orders that wait for a child

_ROOT = Path(__file__).resolve().parents[1]
_CHILD = "from reports.child import run_child; run_child()"
_KEPT = ("PATH", "HOME", "TMPDIR", "TZ", "SYSTEMROOT")  # of the environment; no setting, no secret

_log = logging.getLogger(__name__)

TellLater = Callable[[int], Awaitable[None]]
"""Awaited with the number of rows that are done."""


class FileMaker:
    """Makes files in child processes, a few at once; the others wait."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE) -> None:
        self._free = asyncio.Semaphore(most_at_once)
        self._waiting = 0

    async def make_file(self, order: FileOrder, tell: TellLater | None = None) -> MadeFile:
        """Return the file that `order` names. Raises OrderFault."""
        if self._free.locked() and self._waiting >= MOST_WAITING:
            raise OrderFault("file-busy")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            return await _make_in_child(order, tell)
        finally:
            self._free.release()


async def _make_in_child(order: FileOrder, tell: TellLater | None) -> MadeFile:
    """Start a child, hand it the order, and return what it makes; it ends in any case."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-s", "-c", _CHILD),
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ}
        | {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await _receive_file(process, order, tell)
    except TimeoutError as error:
        raise OrderFault("file-too-long") from error
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _receive_file(process: Process, order: FileOrder, tell: TellLater | None) -> MadeFile:
    if process.stdin is None or process.stdout is None:
        raise OrderFault("file-broken")
    try:
        process.stdin.write(pickle.dumps(order))
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        _log.error("the child that makes files ended before it had its order")
    try:
        return await _read_answer(process.stdout, tell)
    except (ValueError, asyncio.IncompleteReadError) as error:
        _log.error("what the child that makes files sent is no answer")
        raise OrderFault("file-broken") from error


async def _read_answer(output: asyncio.StreamReader, tell: TellLater | None) -> MadeFile:
    """Return the file that the child sends. Raises OrderFault; ValueError for what is no answer."""
    while line := await output.readline():
        message = json.loads(line)
        if not isinstance(message, dict):
            raise ValueError("a line that is no object")
        if "rows" in message and tell is not None:
            await tell(message["rows"])
        elif "fault" in message:
            if "bug" in message:
                _log.error("making a file failed: %s", message["bug"])
            raise OrderFault(message["fault"], **message["values"])
        elif "size" in message:
            content = await output.readexactly(message["size"])
            return MadeFile(content, message["figures"])
    _log.error("the child that makes files ended without an answer")
    raise OrderFault("file-broken")


# ---------------------------------------------------------------- in the child


def run_child() -> None:
    """Read an order from standard input, make the file, and write it to standard output."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the parent
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEGABYTES * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        made = asyncio.run(_make_for_parent(order))
    except OrderFault as fault:
        _send_line({"fault": fault.message_id, "values": fault.values})
    except Exception as bug:  # whatever goes wrong: one sentence for the person, a line for the log
        _send_line({"fault": "file-broken", "values": {}, "bug": _locate_bug(bug)})
    else:
        _send_line({"size": len(made.content), "figures": dict(made.figures)})
        sys.stdout.buffer.write(made.content)
        sys.stdout.buffer.flush()


async def _make_for_parent(order: FileOrder) -> MadeFile:
    from reports.making import make_file

    return await make_file(order, lambda rows: _send_line({"rows": rows}))


def _send_line(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _locate_bug(bug: Exception) -> str:
    """Return an exception's kind and place; its words are left out, for they may quote people."""
    frames = traceback.extract_tb(bug.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(bug).__name__} at {place}"
