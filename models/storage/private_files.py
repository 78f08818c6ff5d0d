"""Files and folders that only the program's own account may read (modes 0600 and 0700)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make_private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it; folders that exist stay as they are."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make `path` an empty file if it does not exist, in a folder that is made if need be.

    A file that exists is not opened: closing it would drop the locks that SQLite holds on it for
    this process, and the next one to leave the registry would delete the log that is in use.
    """
    make_private_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
    restrict_file(path)


def write_private_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, in a folder that is made if need be."""
    make_private_file(path)
    path.write_bytes(content)


def restrict_file(path: Path) -> None:
    """Take the rights of others away from a file that may have been made before."""
    with contextlib.suppress(OSError):  # somebody else's file, or a system without such rights
        if path.stat().st_mode & 0o077:
            path.chmod(FILE_MODE)
