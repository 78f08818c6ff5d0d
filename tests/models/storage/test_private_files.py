"""Files and folders of the program: nobody else may read them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.storage.private_files import (
    make_private_file,
    make_private_folder,
    restrict_file,
    write_private_file,
)


@pytest.fixture(autouse=True)
def _careless_account() -> Iterator[None]:
    """An account whose files anybody may read unless the program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    path = there / "new" / "newer" / "file"
    write_private_file(path, b"first")
    assert path.read_bytes() == b"first"
    assert [_mode(p) for p in (path, *path.parents[:3])] == [0o600, 0o700, 0o700, 0o755]


def test_a_file_that_exists_keeps_its_content_until_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"first, and long")
    make_private_file(path)
    assert (path.read_bytes(), _mode(path)) == (b"first, and long", 0o600)
    write_private_file(path, b"second")
    assert path.read_bytes() == b"second"


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o777])
def test_any_right_of_others_is_taken_away(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)
    restrict_file(path)
    assert _mode(path) == 0o600


@pytest.mark.parametrize("mode", [0o400, 0o500, 0o700])
def test_what_the_owner_may_do_is_not_changed(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)
    restrict_file(path)
    assert _mode(path) == mode


def test_a_file_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    restrict_file(tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_path_that_goes_up_again_is_made_as_well(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "one" / ".." / "two")
    assert _mode(tmp_path / "two") == 0o700
