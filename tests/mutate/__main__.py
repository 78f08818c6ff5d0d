"""Make the changes, print those that went unnoticed; end with 1 if they are too many."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.mutate import __doc__ as purpose
from tests.mutate import processes
from tests.mutate.changes import Mutation, choose_mutations
from tests.mutate.exchange import find_exchange
from tests.mutate.forks import Trial
from tests.mutate.recording import (
    PYTEST,
    Recording,
    choose_tests,
    copy_repository,
    record_tests,
    runs_at_import,
)

WANTED = 0.92  # share of the changes that tests notice


def check_tests(tests: Iterable[list[str]], copy: Path) -> None:
    """Raise an error unless pytest finds each test by its name, or it would seem to notice."""
    (copy / "tests.txt").write_text("\n".join({test for ids in tests for test in ids}), "utf-8")
    command = [*PYTEST, "-q", "--collect-only", "@tests.txt"]
    done = subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RuntimeError(f"not all tests are found:\n{done.stdout.decode()}")


def try_in_forks(trials: list[Trial], copy: Path, workers: int) -> Iterator[tuple[int, bool]]:
    """Yield the number of each change and whether it is noticed; see `tests.mutate.forks`."""
    (copy / "trials.json").write_text(json.dumps([asdict(trial) for trial in trials]), "utf-8")
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "tests.mutate.forks", "trials.json", str(writing)]
    with (copy / "forks.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, str(workers)], cwd=copy, pass_fds=[writing], stdout=log, stderr=log
        )
        os.close(writing)
        answered = 0
        with os.fdopen(reading) as answers:
            for line in answers:
                number, noticed = line.split()
                answered += 1
                yield int(number), noticed == "1"
        process.wait()
    if answered < len(trials):
        raise RuntimeError(f"not all were tried:\n{(copy / 'forks.log').read_text('utf-8')}")


def try_mutations(
    chosen: list[Mutation], tests: list[list[str]], recording: Recording, copies: list[Path]
) -> Iterator[tuple[int, bool]]:
    """Yield the number of each change and whether its tests notice it, in any order."""
    inside: list[Trial] = []
    outside: list[tuple[int, Mutation, list[str]]] = []
    for number, (mutation, ids) in enumerate(zip(chosen, tests, strict=True)):
        code = (copies[0] / mutation.path).read_text(encoding="utf-8")
        changed = mutation.apply(code)
        try:
            exchange = find_exchange(code, changed)
        except SyntaxError:
            yield number, True  # by every test that imports it
            continue
        if not ids:
            yield number, False
        elif exchange and not runs_at_import(mutation, recording, copies[0]):
            inside.append(Trial(number, mutation.path, changed, ids))
        else:
            outside.append((number, mutation, ids))
    yield from try_in_forks(inside, copies[0], len(copies))
    yield from processes.try_mutations(outside, copies)


def main() -> int:
    """Make the changes and print them."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default="", help="how the paths begin that are changed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chosen = choose_mutations(given.count, given.seed, given.only)
    if not chosen:
        parser.error(f"nothing is changed in {given.only or 'no place'}")
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
        tried = try_mutations(chosen, tests, recording, copies)
        for count, (number, noticed) in enumerate(tried, 1):
            if not noticed:
                survivors += 1
                by = f"{len(tests[number])} tests run" if tests[number] else "no test executes it"
                mutation = chosen[number]
                print(f"\n{mutation.path}, {by}\n{mutation.describe()}", flush=True)
            elif count % 20 == 0:
                print(f"{count} tried", flush=True)
    share = 1 - survivors / len(chosen)
    print(f"\n{survivors} of {len(chosen)} unnoticed; noticed {share:.0%}, wanted {WANTED:.0%}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
