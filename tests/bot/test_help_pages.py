"""Help and errors of the command line: Vietnamese throughout, an error in one line."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

COMMANDS = [
    info.name or info.callback.__name__ for info in app.registered_commands if info.callback
]
ENGLISH = re.compile(
    r"\b(?:Usage|Options|Commands|Arguments|Show this|exit|required|default|Error|Invalid|Missing|"
    r"No such|Try|argument|option|FILE|DATE|TEXT|str|bool)\b"
)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), prog_name="nhacviec")
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_vietnamese(command: str) -> None:
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert out.startswith("Cách dùng: nhacviec")
    assert "--help" in out
    assert ENGLISH.findall(out) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_and_option_is_explained(command: str) -> None:
    _, out, _ = run(command, "--help")
    rows = re.findall(r"^  (-{2}\S+|\[?[A-ZĐÂẾỆỎƠ][^ ]*)(.*)", out, re.MULTILINE)
    assert rows
    assert [word for word, text in rows if not text.strip()] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nosuch",), "Không có lệnh “nosuch”"),
        (("read",), "Còn thiếu TỆP"),
        (("read", "a.docx", "b.docx"), "Thừa “b.docx”"),
        (("check", "--boss"), "Không có lựa chọn --boss"),
        (("check", "--today"), "--today"),
        (("check", "--today", "xx"), "--today: Không hiểu ngày “xx”"),
        (("rehearse", "--from", "02/12/2026", "--to", "01/12/2026"), "đứng trước ngày bắt đầu"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "--help" in err
    assert err.count("\n") == 1
    assert ENGLISH.findall(err) == []
