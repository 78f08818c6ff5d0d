"""The program as an operator starts it: a process, its exit and its lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from bot.__main__ import app
from tests.support.plan_files import PLAN


def bot(
    folder: Path, *arguments: str, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the program in an empty folder with a registry of its own."""
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(root),
            "PYTHONUTF8": "1",
            "DATABASE_URL": f"sqlite:///{folder}/registry.db",
            **environment,
        },
    )


def test_a_plan_goes_in_and_its_questions_are_answered(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    registry = f"sqlite:///{tmp_path}/registry.db"
    import_ = ["import", "--yes", str(tmp_path / "plan.json"), "--db", registry]
    assert CliRunner().invoke(app, import_).exit_code == 0
    done = bot(tmp_path, "ask", "--json", given="nhiệm vụ của Sở Khoa học và Công nghệ\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["keys"] == ["I.1"]


def test_the_terminal_chats_about_the_sample_plan(tmp_path: Path) -> None:
    done = bot(
        tmp_path,
        "chat",
        "--admin",
        given="nhiệm vụ của sở tư pháp\n1\n/help\n/khong-co\n\n' OR 1=1 --\n<b>\n",
    )
    assert done.returncode == 0, done.stderr
    assert "nhiệm vụ" in done.stdout
    assert "Chủ trì: Sở Tư pháp" in done.stdout
    assert "lỗi" not in done.stdout
