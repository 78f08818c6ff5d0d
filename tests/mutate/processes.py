"""Try changes in copies of the repository: pytest is started anew for each.

So for what runs when a module is imported: constants, fields of tables, defaults.
"""

from __future__ import annotations

import os
import queue
import re
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.mutate.changes import Mutation
from tests.mutate.forks import AT_END, SLOWEST, SLOWEST_TEST
from tests.mutate.recording import NAMES, PYTEST, WITHOUT_BYTE_CODE

_TRIED = re.compile(r"^(tests/.+?\.py::.+?)(?: (?:PASSED|FAILED|ERROR|SKIPPED)\b.*)?$", re.M)


def try_mutations(
    chosen: Iterable[tuple[int, Mutation, list[str]]], copies: list[Path]
) -> Iterator[tuple[int, bool]]:
    """Yield the number of each change and whether its tests notice it, one at a time in a copy."""
    free: queue.Queue[Path] = queue.Queue()
    for copy in copies:
        free.put(copy)

    def try_mutation(number: int, mutation: Mutation, tests: list[str]) -> tuple[int, bool]:
        copy = free.get()
        try:
            return number, is_noticed(mutation, tests, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        for done in as_completed([pool.submit(try_mutation, *each) for each in chosen]):
            yield done.result()


def is_noticed(mutation: Mutation, tests: list[str], copy: Path) -> bool:
    """Return whether one of `tests` fails twice in `copy` with the change; undo it."""
    path = copy / mutation.path
    code = path.read_text(encoding="utf-8")
    path.write_text(mutation.apply(code), encoding="utf-8")
    left = tests
    try:
        while left:
            passes, tried = run_tests(left, copy, SLOWEST)
            if passes:
                return False
            again = run_tests(tried[-AT_END:], copy, SLOWEST_TEST) if tried else (False, [])
            if not again[0]:
                return True
            left = [test for test in left if test not in tried]
    finally:
        path.write_text(code, encoding="utf-8")
    return False


def run_tests(tests: list[str], copy: Path, slowest: float) -> tuple[bool, list[str]]:
    """Run `tests` in `copy` until one fails; return whether all pass, and those that were begun."""
    try:
        done = subprocess.run(
            [*PYTEST, *NAMES, "-x", "-p", "no:xdist", *tests],
            cwd=copy,
            env={**os.environ, WITHOUT_BYTE_CODE: "1"},
            capture_output=True,
            timeout=slowest,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return False, find_tried(late.stdout or b"")
    return done.returncode == 0, find_tried(done.stdout)


def find_tried(said: bytes) -> list[str]:
    """Return the tests that pytest began by what it has said so far, in their order."""
    return [test.strip() for test in _TRIED.findall(said.decode(errors="replace"))]
