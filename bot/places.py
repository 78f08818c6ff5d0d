"""Places of files on this machine: the data folder, and a registry whose address is relative."""

from __future__ import annotations

import os
import sys
from pathlib import Path

REGISTRY_NAME = "nhacviec.db"  # of the registry in the data folder, unless the settings say another
OLD_FOLDER = "data"  # in the working folder: where earlier versions kept everything
_CHECKOUT = Path(__file__).resolve().parents[1]


def find_data_folder(given: Path | None) -> Path:
    """Return the folder of registry, kept files and history, absolute: `given` if there is one.

    Else the folder `data` of the checkout, or the system's place for an installed program. An old
    `data` with a registry in the working folder is used while there is none in that place.
    """
    if given is not None:
        return given.expanduser().absolute()
    usual, old = _find_usual_folder(), Path(OLD_FOLDER).absolute()
    is_used = (old / REGISTRY_NAME).exists() and not (usual / REGISTRY_NAME).exists()
    return old if is_used else usual


def _find_usual_folder() -> Path:
    if (_CHECKOUT / "pyproject.toml").exists():
        return _CHECKOUT / "data"
    state = os.environ.get("STATE_DIRECTORY")  # systemd sets it for a unit with StateDirectory=
    if state:
        return Path(state.partition(":")[0])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "nhacviec"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "nhacviec"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "nhacviec"


def place_registry(url: str, folder: Path) -> str:
    """Return the address of a registry with an absolute path; other addresses stay as they are.

    A relative path lies in `folder`. A file of that name in the working folder is used as long as
    there is none in `folder`: a second, empty registry is never made beside the first.
    """
    from models.storage.address import choose_path, read_relative_path  # slow to import

    path = read_relative_path(url)
    if path is None:
        return url
    places = [folder / path, path.absolute()]
    if path.name == REGISTRY_NAME:
        places.append(Path(OLD_FOLDER, path.name).absolute())
    return choose_path(url, places)
