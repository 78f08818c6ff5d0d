"""Small changes made at random in the code: which of them do the tests notice?

`python -m tests.mutate [--count N] [--seed S]` (`make mutate`). Each change is made in a copy of
the repository, and the tests of its folder run there; what none notices is printed with its diff.
Cosmic Ray makes the changes. SQL is text in Python, so its conditions are not among them.
"""

from __future__ import annotations

import argparse
import difflib
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
WANTED = 0.92  # share of the changes that tests notice
SLOWEST = 240.0  # seconds of one run; a change that makes it endless is noticed so
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
TESTS: dict[str, tuple[str, ...]] = {
    "scheduler": ("tests/scheduler",),
    "models": ("tests/models", "tests/plans/registry", "tests/scheduler", "tests/handlers"),
    "handlers/conversation/rights.py": ("tests/handlers/conversation", "tests/handlers/people"),
    "bot/channels/inbox.py": ("tests/bot/channels",),
    "bot/channels/lanes.py": ("tests/bot/channels",),
    "bot/channels/answering.py": ("tests/bot/channels",),
    "language/deadlines": ("tests/language/deadlines",),
}
"""Code that is changed, and the tests that are run, those likeliest to notice first."""


@dataclass(frozen=True)
class Mutation:
    """One small change: the `occurrence`-th place at which `operator` can change `path`."""

    path: str
    operator: str
    occurrence: int
    tests: tuple[str, ...]

    def apply(self, code: str) -> str:
        """Return `code` with the change; as it was if there is no such place."""
        changed: str | None = mutate_code(code, get_operator(self.operator)(), self.occurrence)
        return changed or code


def list_mutations() -> Iterator[Mutation]:
    """Yield every change that could be made."""
    operators = [name for name in operator_names() if name.partition("/")[2].startswith(KINDS)]
    for place, tests in TESTS.items():
        found = sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
        for path in found:
            nodes = list(ast_nodes(get_ast_from_path(path)))
            for name in operators:
                operator = get_operator(name)()
                count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
                for occurrence in range(count):
                    yield Mutation(path.relative_to(ROOT).as_posix(), name, occurrence, tests)


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


def is_noticed(mutation: Mutation, copy: Path) -> bool:
    """Return whether a test fails in `copy` with the change; undo it."""
    path = copy / mutation.path
    code = path.read_text(encoding="utf-8")
    path.write_text(mutation.apply(code), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "unit"]
    try:
        done = subprocess.run(
            [*command, *mutation.tests],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
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
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(given.workers) as pool:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(given.workers):
            copies.put(copy_repository(Path(folder) / f"copy{number}"))

        def try_mutation(mutation: Mutation) -> bool:
            copy = copies.get()
            try:
                return is_noticed(mutation, copy)
            finally:
                copies.put(copy)

        for number, (mutation, noticed) in enumerate(
            zip(chosen, pool.map(try_mutation, chosen), strict=True), 1
        ):
            survivors += not noticed
            if not noticed:
                print(f"\n{number}: {mutation.path}\n{describe_mutation(mutation)}", flush=True)
    share = 1 - survivors / len(chosen)
    print(f"\n{survivors} of {len(chosen)} unnoticed; noticed {share:.0%}, wanted {WANTED:.0%}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
