"""Small changes made at random in the code: which of them do the tests notice?

`python -m tests.mutate [--count N] [--seed S]` (`make mutate`). The unit tests run once, and
coverage notes which of them execute which line; one that fails there is left out. Then each change
is made in a copy of the repository, and at most `MOST_TESTS` tests run there until one fails,
twice: one that waits only so long may fail once because the machine is busy. First come
those that execute the changed statement, then others of its module, since what is kept in memory is
executed by the first test alone. A change in what no test executes goes unnoticed at once. What
goes unnoticed is printed with its diff. Cosmic Ray makes the changes. SQL is text in Python, so its
conditions are not among them.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
WANTED = 0.92  # share of the changes that tests notice
SLOWEST = 240.0  # seconds of a run; the test that is not done by then counts as one that fails
SLOWEST_TEST = 60.0  # seconds of a run of the last tests of another
AT_END = 3  # tests that are run again where one fails: another may leave behind what it fails by
MOST_TESTS = 400  # that are run for a change; all of its own folder, though
KINDS = (
    "ReplaceComparisonOperator",
    "NumberReplacer",
    "ReplaceAnd",
    "ReplaceOr",
    "AddNot",
    "ReplaceTrue",
    "ReplaceFalse",
    "ReplaceBinaryOperator_Add",
    "ReplaceBinaryOperator_Sub",
)
"""How the names of Cosmic Ray's operators begin that are used."""
PLACES = (
    "scheduler",
    "models",
    "handlers/conversation/rights.py",
    "bot/channels/inbox.py",
    "bot/channels/lanes.py",
    "bot/channels/answering.py",
    "language/deadlines",
)
"""Code that is changed."""
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
TABLE_TESTS = "tests/migrations/"
"""The tests that compare all tables with the models."""
COVERAGE = f"""[run]
source = {",".join(sorted({place.partition("/")[0] for place in PLACES}))}
concurrency = thread, greenlet
parallel = true
"""
WITHOUT_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"
"""Set while code is changed: byte code of a change is not taken for that of the code."""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp=.tmp")
"""Its temporary files are apart: two runs that tidy up the usual folder may fail by that."""
NAMES = ("-vvv", "--tb=no")  # print a line a test, with its name
_FAILED = re.compile(r"^\[gw\d+\] \[ *\d+%\] (?:FAILED|ERROR) (.+?) *$", re.M)
_TRIED = re.compile(r"^(tests/.+?\.py::.+?)(?: (?:PASSED|FAILED|ERROR|SKIPPED)\b.*)?$", re.M)


@dataclass(frozen=True)
class Mutation:
    """One small change: the `occurrence`-th place at which `operator` can change `path`."""

    path: str
    operator: str
    occurrence: int

    def apply(self, code: str) -> str:
        """Return `code` with the change; as it was if there is no such place."""
        changed: str | None = mutate_code(code, get_operator(self.operator)(), self.occurrence)
        return changed or code

    def list_lines(self, code: str) -> range:
        """Return the numbers of the lines of the changed statement, without those of its body."""
        pairs = zip(code.splitlines(), self.apply(code).splitlines(), strict=True)
        line = next(number for number, (old, new) in enumerate(pairs, 1) if old != new)
        heads = [
            range(node.lineno, _find_end(node) + 1)
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.stmt)
        ]
        return min((head for head in heads if line in head), key=len, default=range(line, line + 1))


def _find_end(statement: ast.stmt) -> int:
    """Return the last line of the statement before its body, if it has one."""
    body: list[ast.stmt] = getattr(statement, "body", [])
    last = statement.end_lineno or statement.lineno
    return max(statement.lineno, body[0].lineno - 1) if body else last


def list_mutations() -> Iterator[Mutation]:
    """Yield every change that could be made."""
    operators = [name for name in operator_names() if name.partition("/")[2].startswith(KINDS)]
    for place in PLACES:
        found = sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
        for path in found:
            nodes = list(ast_nodes(get_ast_from_path(path)))
            for name in operators:
                operator = get_operator(name)()
                count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
                for occurrence in range(count):
                    yield Mutation(path.relative_to(ROOT).as_posix(), name, occurrence)


def choose_mutations(count: int, seed: int) -> list[Mutation]:
    """Return `count` of them at random, each place of the code as likely as any other."""
    by_kind: dict[tuple[str, str, int], list[Mutation]] = {}
    for mutation in list_mutations():
        kind = mutation.operator.rpartition("_")[0] or mutation.operator
        by_kind.setdefault((mutation.path, kind, mutation.occurrence), []).append(mutation)
    dice = random.Random(seed)
    places = dice.sample(sorted(by_kind), min(count, len(by_kind)))
    return [dice.choice(by_kind[place]) for place in places]


def copy_repository(folder: Path) -> Path:
    """Copy what git knows, without its history."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@dataclass(frozen=True)
class Recording:
    """All tests that pass, and for the path of a module which of them executed each line."""

    tests: frozenset[str]
    find_tests: Callable[[str], dict[int, set[str]]]


def record_tests(copy: Path, workers: int) -> Recording:
    """Run the unit tests in `copy`; return which of those that pass executed which line."""
    (copy / "mutate.ini").write_text(COVERAGE, encoding="utf-8")
    options = [*NAMES, "--cov", "--cov-config=mutate.ini", "--cov-context=test", "--cov-report="]
    command = [*PYTEST, "-n", str(workers), "-m", "unit or service", *options, *TESTS]
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

    tests = _name_tests(data.measured_contexts()) - failed

    def find_tests(path: str) -> dict[int, set[str]]:
        by_line = data.contexts_by_lineno(path)
        return {line: _name_tests(contexts) & tests for line, contexts in by_line.items()}

    return Recording(frozenset(tests), cache(find_tests))


def _name_tests(contexts: Iterable[str]) -> set[str]:
    """Return the tests of contexts like "test|run"; imports have the context ""."""
    return {context.rpartition("|")[0] for context in contexts} - {""}


def choose_tests(mutation: Mutation, recording: Recording, copy: Path) -> list[str]:
    """Return the tests to run for the change, those likeliest to notice it first.

    What runs when the module is imported may be used by tests that execute no line of it: there
    the tests of its folder are added, and those of the migrations, which look at all tables.
    """
    path = copy / mutation.path
    by_line = recording.find_tests(str(path))
    lines = [n for n in mutation.list_lines(path.read_text(encoding="utf-8")) if n in by_line]
    near = {test for line in lines for test in by_line[line]}
    if not lines:
        return []
    mirror = find_mirror(mutation.path, recording)
    if not near:
        near = {test for test in recording.tests if test.startswith((mirror, TABLE_TESTS))}
    others = {test for tests in by_line.values() for test in tests}
    chosen = list(dict.fromkeys([*_order_tests(near, mirror), *_order_tests(others, mirror)]))
    own = [test for test in chosen if test.startswith(mirror)]
    return [*own, *(test for test in chosen if test not in own)][: max(len(own), MOST_TESTS)]


def find_mirror(path: str, recording: Recording) -> str:
    """Return the nearest folder of tests that mirrors one of the module's folders."""
    folders = (f"tests/{folder.as_posix()}/" for folder in Path(path).parents)
    return next(f for f in folders if any(test.startswith(f) for test in recording.tests))


def _order_tests(tests: Iterable[str], mirror: str) -> list[str]:
    """Return the tests, those of the folder `mirror` first, otherwise mixed, always in one way."""
    mixed = sorted(tests)
    random.Random(0).shuffle(mixed)
    return sorted(mixed, key=lambda test: not test.startswith(mirror))


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


def describe_mutation(mutation: Mutation) -> str:
    """Return the change as a diff without context."""
    code = (ROOT / mutation.path).read_text(encoding="utf-8")
    pair = code.splitlines(), mutation.apply(code).splitlines()
    lines = list(difflib.unified_diff(*pair, mutation.path, mutation.path, lineterm="", n=0))
    return "\n".join(lines[2:])


def try_mutations(
    chosen: list[Mutation], tests: list[list[str]], copies: list[Path]
) -> Iterator[bool]:
    """Yield whether each change is noticed by its tests, as many at once as there are copies."""
    free: queue.Queue[Path] = queue.Queue()
    for copy in copies:
        free.put(copy)

    def try_mutation(mutation: Mutation, ids: list[str]) -> bool:
        if not ids:
            return False
        copy = free.get()
        try:
            return is_noticed(mutation, ids, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(try_mutation, chosen, tests)


def check_tests(tests: list[list[str]], copy: Path) -> None:
    """Raise an error unless pytest finds each test by its name, or it would seem to notice."""
    (copy / "tests.txt").write_text("\n".join({test for ids in tests for test in ids}), "utf-8")
    subprocess.run([*PYTEST, "-q", "--collect-only", "@tests.txt"], cwd=copy, check=True)


def main() -> int:
    """Make the changes, print those that went unnoticed; 1 if they are too many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chosen = choose_mutations(given.count, given.seed)
    print(f"{len(chosen)} changes, seed {given.seed}", flush=True)
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / f"copy{number}" for number in range(given.workers)]
        copy_repository(copies[0])
        recording = record_tests(copies[0], given.workers)
        tests = [choose_tests(mutation, recording, copies[0]) for mutation in chosen]
        check_tests(tests, copies[0])
        for copy in copies[1:]:
            shutil.copytree(copies[0], copy)
        tried = try_mutations(chosen, tests, copies)
        for number, (mutation, ids, noticed) in enumerate(
            zip(chosen, tests, tried, strict=True), 1
        ):
            survivors += not noticed
            if not noticed:
                by = f"{len(ids)} tests run" if ids else "no test executes it"
                print(
                    f"\n{number}: {mutation.path}, {by}\n{describe_mutation(mutation)}", flush=True
                )
    share = 1 - survivors / len(chosen)
    print(f"\n{survivors} of {len(chosen)} unnoticed; noticed {share:.0%}, wanted {WANTED:.0%}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
