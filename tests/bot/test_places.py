"""The data folder, and a relative registry in it: a second, empty one is never made beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import places
from bot.places import find_data_folder, place_registry
from bot.settings import load_settings


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for data; the working folder is another one."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(places, "_CHECKOUT", tmp_path / "site-packages")
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "nhacviec"


def read_registry() -> str:
    return load_settings().database_url.get_secret_value()


def test_an_installed_program_keeps_its_data_in_the_systems_place(
    usual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_data_folder(None) == usual
    assert read_registry() == f"sqlite:///{usual}/nhacviec.db"
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/nhacviec:/var/lib/other")
    assert find_data_folder(None) == Path("/var/lib/nhacviec")


def test_a_checkout_keeps_them_in_its_own_folder(usual: Path, tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "pyproject.toml").touch()
    assert find_data_folder(None) == tmp_path / "site-packages" / "data"


def test_the_folder_that_is_set_wins(usual: Path, tmp_path: Path) -> None:
    settings = load_settings(data_dir=f" {tmp_path}/own ", database_url="sqlite:///a/b.db")
    assert settings.data_folder == tmp_path / "own"
    assert settings.database_url.get_secret_value() == f"sqlite:///{tmp_path}/own/a/b.db"


@pytest.mark.parametrize("url", [None, "sqlite:///data/nhacviec.db", "sqlite:///nhacviec.db"])
def test_an_old_registry_of_the_working_folder_is_used(usual: Path, url: str | None) -> None:
    old = Path("data/nhacviec.db").absolute()
    old.parent.mkdir()
    old.touch()
    more = {"database_url": url} if url else {}
    settings = load_settings(**more)
    assert settings.data_folder == old.parent
    assert settings.database_url.get_secret_value() == f"sqlite:///{old}"
    settings = load_settings(data_dir=str(usual), **more)
    assert settings.database_url.get_secret_value() == f"sqlite:///{old}"
    usual.mkdir(parents=True)
    (usual / "nhacviec.db").touch()
    assert find_data_folder(None) == usual


@pytest.mark.parametrize(
    "url",
    ["sqlite:////abs/x.db", "sqlite://", "postgresql://u:p%40w@h:5432/n?schema=x", "nonsense"],
)
def test_other_addresses_stay_as_they_are(usual: Path, url: str) -> None:
    assert place_registry(url, usual) == url
