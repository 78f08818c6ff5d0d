"""One process runs a SQLite registry; what asks for the right meanwhile is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.storage.database import Database
from models.storage.faults import RegistryInUse, RegistryUnreachable
from models.storage.run_lock import hold_run_lock, is_run


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


def test_a_registry_whose_place_cannot_be_written_to_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegistryUnreachable):
        is_run(Database(f"sqlite:///{tmp_path}/file/registry.db"))
