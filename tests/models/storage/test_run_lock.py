"""One process runs a SQLite registry; the right ends with it."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.storage.database import Database
from models.storage.faults import RegistryInUse
from models.storage.run_lock import hold_run_lock, is_run

HOLDER = """
import sys, time
from models.storage.database import Database
from models.storage.run_lock import hold_run_lock
with hold_run_lock(Database(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_registry_that_is_run_is_refused_until_its_process_died(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/registry.db")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, f"sqlite:///{tmp_path}/registry.db"], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(RegistryInUse) as refused, hold_run_lock(database):
            pass
        assert refused.value.detail == str(tmp_path / "registry.db")
        holder.send_signal(signal.SIGKILL)
    with hold_run_lock(database):
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}


def test_a_second_name_of_the_file_is_the_same_registry(tmp_path: Path) -> None:
    (tmp_path / "registry.db").touch()
    (tmp_path / "other.db").symlink_to(tmp_path / "registry.db")
    with (
        hold_run_lock(Database(f"sqlite:///{tmp_path}/registry.db")),
        pytest.raises(RegistryInUse),
        hold_run_lock(Database(f"sqlite:///{tmp_path}/other.db")),
    ):
        pass


def test_processes_share_postgresql() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with hold_run_lock(database), hold_run_lock(database):
        pass


def test_whether_a_registry_is_run_is_asked_without_taking_the_right(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/registry.db")
    assert not is_run(database)
    with hold_run_lock(database):
        assert is_run(database)
    assert not is_run(database)
