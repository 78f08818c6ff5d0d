"""The right to run a registry ends with the process that has it, however that ends."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.storage.database import Database
from models.storage.faults import RegistryInUse
from models.storage.run_lock import hold_run_lock

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
