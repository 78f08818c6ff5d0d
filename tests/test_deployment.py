"""The units, the image and the guide for operators call commands and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
DEPLOYED = [ROOT / "Dockerfile", ROOT / "docs/van-hanh.md", *sorted((ROOT / "deploy").iterdir())]
OF_OTHERS = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "PYTHONUTF8", "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("path", sorted(set(DEPLOYED)), ids=lambda path: path.name)
def test_what_is_called_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    called = set(re.findall(r"(?:^|[ `/])nhacviec ([a-z]+)\b(?! \()", text, flags=re.M))
    words = {name for name in called if name in COMMANDS}
    docker = set(re.findall(r'"nhacviec", "([a-z]+)"', text))
    assert docker <= COMMANDS
    if path.name in ("van-hanh.md", "nhacviec.service", "nhacviec-backup.service"):
        assert words


def test_every_command_of_the_guide_exists() -> None:
    text = (ROOT / "docs/van-hanh.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    called = set(re.findall(r"(?:^|/bin/|khe )nhacviec ([a-z]+)\b", "\n".join(blocks), flags=re.M))
    assert called <= COMMANDS
    assert {"backup", "restore", "check"} <= called


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "docs/van-hanh.md"])
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", text)) - OF_OTHERS
    assert named <= {field.upper() for field in Settings.model_fields}


def test_files_that_a_unit_or_the_image_copies_exist() -> None:
    guide = (ROOT / "docs/van-hanh.md").read_text(encoding="utf-8")
    for path in re.findall(r"\bdeploy/[a-z.-]+", guide):
        assert (ROOT / path).exists(), path
    assert (ROOT / "requirements.lock").exists()
