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


def _read_services() -> dict[str, str]:
    """The services of the compose file, each with its lines; those of the anchor under "*bot"."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    head, services, _ = re.split(r"^(?:services|volumes):\n", text, flags=re.M)
    found = re.findall(r"^  ([a-z-]+):\n((?:    .*\n|\n)+)", services, flags=re.M)
    return {"*bot": head, **dict(found)}


def test_the_provinces_of_the_compose_file_share_nothing_but_the_database() -> None:
    """It is no YAML without spaces that go in twos, and each bot has what is its own."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "\t" not in text
    assert all(len(line) - len(line.lstrip()) in (0, 2, 4, 6) for line in text.splitlines())
    services = _read_services()
    bots = {name: lines for name, lines in services.items() if "<<: *bot" in lines}
    assert set(services) - set(bots) == {"*bot", "database"}
    assert len(bots) >= 2
    own = [
        re.findall(r"env_file: \[(.*)\]|\?schema=(\w+)|- ([\w-]+):/data", lines)
        for lines in bots.values()
    ]
    values = [value for found in own for groups in found for value in groups if value]
    assert len(values) == len(set(values)) == 3 * len(bots)
    declared = set(re.findall(r"^  ([a-z-]+):$", text.rpartition("\nvolumes:\n")[2], flags=re.M))
    mounted = set(re.findall(r"^      - ([a-z-]+):/", text, flags=re.M))
    assert mounted == declared
    assert "condition: service_healthy" in services["*bot"]
    assert "healthcheck:" in services["database"]
