"""Try changes of functions in a process that has imported everything: a fork for each.

`python -m tests.mutate.forks TRIALS ANSWERS WORKERS` in a copy of the repository: `TRIALS` is a
file with a list of `Trial` in JSON; to the descriptor `ANSWERS` goes a line a trial, `{number}
{noticed}`. A fork gives the functions their new code and runs the tests until one fails. That one
is run again in a second fork, with those before it: a test that waits only so long may fail once
because the machine is busy, and one may leave behind what another fails by.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutate.exchange import Exchange, Program, find_exchange
from tests.mutate.recording import CHOICE, OPTIONS

SLOWEST = 240  # seconds of a run; the test that is not done by then counts as one that fails
SLOWEST_TEST = 60  # seconds of a run of the last tests of another
AT_END = 3  # tests that are run again where one fails


@dataclass(frozen=True)
class Trial:
    """A change of functions of the module at `path`, and the tests to run for it."""

    number: int
    path: str
    changed: str  # the source of the module with the change
    tests: list[str]


class Forks:
    """A plugin of pytest that tries the changes in the place of running the tests."""

    def __init__(self, trials: list[Trial], answers: int, workers: int) -> None:
        self.trials = trials
        self.answers = answers
        self.workers = workers

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        """Let hypothesis be content with the first example that fails."""
        from hypothesis import Phase, settings  # here: pytest imports it in a way of its own

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutate", deadline=None, database=None, phases=phases)
        settings.load_profile("mutate")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Divide the changes among workers, each a fork of this process."""
        make_registry(session)
        tester = Tester(session)
        for first in range(self.workers):
            if not os.fork():
                for trial in self.trials[first :: self.workers]:
                    noticed = tester.is_noticed(trial)
                    os.write(self.answers, f"{trial.number} {int(noticed)}\n".encode())
                os._exit(0)
        for _ in range(self.workers):
            os.wait()
        return True


def make_registry(session: pytest.Session) -> None:
    """Run one test with the empty registry, which is made once, before the forks."""
    item = next(i for i in session.items if "empty_registry" in getattr(i, "fixturenames", ()))
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


class Tester:
    """Runs tests with changed code, in forks of this process."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        self.program = Program(str(Path.cwd()))
        gc.freeze()

    def is_noticed(self, trial: Trial) -> bool:
        """Return whether one of the tests fails twice with the change."""
        path = Path(trial.path).absolute()
        exchange = find_exchange(path.read_text(encoding="utf-8"), trial.changed)
        if not exchange:
            raise ValueError(f"not in functions alone: {trial}")
        left = [self.items[name] for name in trial.tests]
        while left:
            passes, begun = self.run(left, path, exchange, SLOWEST)
            if passes:
                return False
            last = left[max(0, begun - AT_END) : begun]
            if not self.run(last, path, exchange, SLOWEST_TEST)[0]:
                return True
            left = left[begun:]
        return False

    def run(
        self, items: list[pytest.Item], path: Path, exchange: Exchange, slowest: int
    ) -> tuple[bool, int]:
        """Run `items` in a fork until one fails; return whether all pass, how many were begun."""
        reading, writing = os.pipe()
        with tempfile.TemporaryDirectory() as folder:
            fork = os.fork()
            if not fork:
                signal.alarm(slowest)
                self.program.exchange(str(path), exchange)
                self.session.config._tmp_path_factory._basetemp = Path(folder)  # type: ignore[attr-defined]
                os._exit(0 if self._pass_all(items, writing) else 1)
            os.close(writing)
            _, status = os.waitpid(fork, 0)
            with os.fdopen(reading, "rb") as begun:
                return status == 0, len(begun.read())

    def _pass_all(self, items: list[pytest.Item], begun: int) -> bool:
        self.session.testsfailed = 0
        for item, following in zip(items, [*items[1:], self.session], strict=True):
            os.write(begun, b".")
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.session.testsfailed:
                return False
        return True


def main() -> int:
    """Read the trials and write the answers."""
    trials, answers, workers = sys.argv[1:]
    listed = [Trial(**each) for each in json.loads(Path(trials).read_text(encoding="utf-8"))]
    options = [*OPTIONS, "-p", "no:xdist", "--basetemp=.tmp", *CHOICE]
    return int(pytest.main(options, plugins=[Forks(listed, int(answers), int(workers))]))


if __name__ == "__main__":
    sys.exit(main())
