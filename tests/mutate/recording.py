"""Which tests execute which line, and so which of them to run for a change."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coverage import CoverageData

from tests.mutate.changes import PLACES, ROOT, Mutation

MOST_TESTS = 400  # that are run for a change; all of its own folder, though
TESTS = (
    "tests/bot",
    "tests/handlers",
    "tests/language/deadlines",
    "tests/migrations",
    "tests/models",
    "tests/plans/registry",
    "tests/reports",
    "tests/scheduler",
    "tests/web",
)
"""Folders of which tests are run that need no more than Python."""
CHOICE = ("-m", "unit or service", *TESTS)
TABLE_TESTS = "tests/migrations/"
"""The tests that compare all tables with the models."""
COVERAGE = f"""[run]
source = {",".join(sorted({place.partition("/")[0] for place in PLACES}))}
concurrency = thread, greenlet
parallel = true
"""
WITHOUT_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"
"""Set while code is changed: byte code of a change is not taken for that of the code."""
OPTIONS = ("-q", "-p", "no:cacheprovider")
PYTEST = (sys.executable, "-m", "pytest", *OPTIONS, "--basetemp=.tmp")
"""Its temporary files are apart: two runs that tidy up the usual folder may fail by that."""
NAMES = ("-vvv", "--tb=no")  # print a line a test, with its name
_FAILED = re.compile(r"^\[gw\d+\] \[ *\d+%\] (?:FAILED|ERROR) (.+?) *$", re.M)


def copy_repository(folder: Path) -> Path:
    """Copy what git knows, without its history."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@dataclass(frozen=True)
class Recording:
    """All tests that pass, and for the path of a module which of them executed each line.

    Lines that run when the module is imported have the test "" among theirs.
    """

    tests: frozenset[str]
    find_tests: Callable[[str], dict[int, set[str]]]


def record_tests(copy: Path, workers: int) -> Recording:
    """Run the tests in `copy`; return which of those that pass executed which line."""
    (copy / "mutate.ini").write_text(COVERAGE, encoding="utf-8")
    options = [*NAMES, "--cov", "--cov-config=mutate.ini", "--cov-context=test", "--cov-report="]
    command = [*PYTEST, "-n", str(workers), *options, *CHOICE]
    environment = {name: os.environ[name] for name in os.environ if name != WITHOUT_BYTE_CODE}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False)
    said = done.stdout.decode()
    failed = set(_FAILED.findall(said))
    if done.returncode and not failed:
        raise RuntimeError(f"the tests do not run:\n{said}\n{done.stderr.decode()}")
    for test in sorted(failed):
        print(f"left out, it fails without a change: {test}", flush=True)
    data = CoverageData(str(copy / ".coverage"))
    data.read()

    def find_tests(path: str) -> dict[int, set[str]]:
        by_line = data.contexts_by_lineno(path)
        return {line: _name_tests(contexts) - failed for line, contexts in by_line.items()}

    tests = _name_tests(data.measured_contexts()) - failed - {""}
    return Recording(frozenset(tests), cache(find_tests))


def _name_tests(contexts: Iterable[str]) -> set[str]:
    """Return the tests of contexts like "test|run"; imports have the context ""."""
    return {context.rpartition("|")[0] for context in contexts}


def runs_at_import(mutation: Mutation, recording: Recording, copy: Path) -> bool:
    """Return whether the changed statement is executed when its module is imported."""
    path = copy / mutation.path
    by_line = recording.find_tests(str(path))
    lines = mutation.list_lines(path.read_text(encoding="utf-8"))
    return any("" in by_line.get(line, ()) for line in lines)


def choose_tests(mutation: Mutation, recording: Recording, copy: Path) -> list[str]:
    """Return the tests to run for the change, those likeliest to notice it first.

    First come those of the test module that is named after it, then those of its folder. Those that
    execute the changed statement go before others of its module, which are there since what is
    kept in memory is executed by the first test alone. A statement that no test executes has none.
    What runs when the module is imported may be used by tests that execute no line of it: there
    the tests of its folder are added, and those of the migrations, which look at all tables.
    """
    path = copy / mutation.path
    by_line = recording.find_tests(str(path))
    lines = [n for n in mutation.list_lines(path.read_text(encoding="utf-8")) if n in by_line]
    near = {test for line in lines for test in by_line[line]} - {""}
    if not lines:
        return []
    folders: tuple[str, ...] = (find_mirror(mutation.path, recording),)
    if not near:
        folders = (*folders, TABLE_TESTS)
        near = {test for test in recording.tests if test.startswith(folders)}
    others = {test for tests in by_line.values() for test in tests} - {""}
    chosen = list(dict.fromkeys([*_mix_tests(near), *_mix_tests(others)]))
    own = sum(test.startswith(folders) for test in chosen)
    module = f"/test_{path.stem}.py::"
    chosen.sort(key=lambda test: (module not in test, not test.startswith(folders)))
    return chosen[: max(own, MOST_TESTS)]


def find_mirror(path: str, recording: Recording) -> str:
    """Return the nearest folder of tests that mirrors one of the module's folders."""
    folders = (f"tests/{folder.as_posix()}/" for folder in Path(path).parents)
    return next(f for f in folders if any(test.startswith(f) for test in recording.tests))


def _mix_tests(tests: Iterable[str]) -> list[str]:
    """Return the tests mixed, always in one way: neighbours notice much the same."""
    mixed = sorted(tests)
    random.Random(0).shuffle(mixed)
    return mixed
