"""Small changes made at random in the code: which of them do the tests notice?

`python -m tests.mutate [--count N] [--seed S]` (`make mutate`). The unit tests run once, and
coverage notes which of them execute which line. Then each change is made in a copy of the
repository, and at most `MOST_TESTS` tests run there until one fails: first those that execute the
changed statement, then others of its module, since what is kept in memory is executed by the first
test alone. A change in what no test executes goes unnoticed at once. What goes unnoticed is printed
with its diff. Cosmic Ray makes the changes. SQL is text in Python, so its conditions are not among
them.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import queue
import random
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
SLOWEST = 240.0  # seconds of one run; a change that makes it endless is noticed so
MOST_TESTS = 400  # that are run for a change
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
    "tests/bot/channels",
    "tests/handlers",
    "tests/language/deadlines",
    "tests/migrations",
    "tests/models",
    "tests/plans/registry",
    "tests/reports",
    "tests/scheduler",
    "tests/web",
)
"""Folders whose unit tests are run."""
COVERAGE = f"""[run]
source = {",".join(sorted({place.partition("/")[0] for place in PLACES}))}
concurrency = thread, greenlet
parallel = true
"""
WITHOUT_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"
"""Set while code is changed: byte code of a change is not taken for that of the code."""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp=.tmp")
"""Its temporary files are apart: two runs that tidy up the usual folder may fail by that."""


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


FindContexts = Callable[[str], dict[int, list[str]]]
"""Finds for the path of a module the contexts, "test|run", that executed each line."""


def record_tests(copy: Path, workers: int) -> FindContexts:
    """Run the unit tests in `copy`, all of which must pass; return which executed which lines."""
    (copy / "mutate.ini").write_text(COVERAGE, encoding="utf-8")
    options = ["--cov", "--cov-config=mutate.ini", "--cov-context=test", "--cov-report="]
    command = [*PYTEST, "-n", str(workers), "-m", "unit", *options, *TESTS]
    environment = {name: os.environ[name] for name in os.environ if name != WITHOUT_BYTE_CODE}
    subprocess.run(command, cwd=copy, env=environment, check=True)
    data = CoverageData(str(copy / ".coverage"))
    data.read()
    return cache(data.contexts_by_lineno)


def choose_tests(mutation: Mutation, find_contexts: FindContexts, copy: Path) -> list[str]:
    """Return the tests to run for the change, those likeliest to notice it first."""
    path = copy / mutation.path
    by_line = find_contexts(str(path))
    lines = mutation.list_lines(path.read_text(encoding="utf-8"))
    near = {context for line in lines for context in by_line.get(line, ())}
    if not near:
        return []
    others = {context for contexts in by_line.values() for context in contexts}
    mirror = f"tests/{Path(mutation.path).parent.as_posix()}/"
    chosen = [*_order_tests(near, mirror), *_order_tests(others, mirror)]
    return list(dict.fromkeys(chosen))[:MOST_TESTS]


def _order_tests(contexts: Iterable[str], mirror: str) -> list[str]:
    """Return the tests of `contexts`, those of the folder `mirror` first.

    Otherwise they are mixed, always in the same way. Imports have the context "".
    """
    tests = sorted({context.rpartition("|")[0] for context in contexts} - {""})
    random.Random(0).shuffle(tests)
    return sorted(tests, key=lambda test: not test.startswith(mirror))


def is_noticed(mutation: Mutation, tests: list[str], copy: Path) -> bool:
    """Return whether one of `tests` fails in `copy` with the change; undo it."""
    path = copy / mutation.path
    code = path.read_text(encoding="utf-8")
    path.write_text(mutation.apply(code), encoding="utf-8")
    try:
        done = subprocess.run(
            [*PYTEST, "-x", "-p", "no:xdist", *tests],
            cwd=copy,
            env={**os.environ, WITHOUT_BYTE_CODE: "1"},
            capture_output=True,
            timeout=SLOWEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(code, encoding="utf-8")
    return done.returncode != 0


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
        find_contexts = record_tests(copies[0], given.workers)
        tests = [choose_tests(mutation, find_contexts, copies[0]) for mutation in chosen]
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
