"""The right to run one SQLite registry, which one process has; PostgreSQL needs no such right."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from models.storage.database import Database
from models.storage.faults import RegistryInUse, RegistryUnreachable
from models.storage.private_files import make_private_file


@contextmanager
def hold_run_lock(database: Database) -> Iterator[None]:
    """Hold the right to run the registry until the block ends, or the process in any way.

    The system takes the lock back, so none is left behind. Raises RegistryInUse if another process
    has it.
    """
    if database.path is None:
        yield
        return
    path = database.path.resolve()  # a second name of the file is no second registry
    lock = path.with_name(f"{path.name}.run")
    try:
        make_private_file(lock)
        handle = lock.open("a")
    except OSError as fault:
        raise RegistryUnreachable(str(path)) from fault
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise RegistryInUse(str(path)) from fault
        yield


def is_run(database: Database) -> bool:
    """Return whether a process runs the registry now; False for PostgreSQL, where none is asked.

    Raises RegistryUnreachable.
    """
    try:
        with hold_run_lock(database):
            return False
    except RegistryInUse:
        return True
