"""The terminal as a channel, without a person: lines go in, text comes out."""

from __future__ import annotations

import io
import logging
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.terminal import Terminal
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, File, make_answer, say

NOW = datetime(2026, 10, 16, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


async def test_a_fault_is_told_with_the_number_in_the_log_and_the_next_line_is_answered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def respond(incoming: Incoming, progress: Progress) -> Answer:
        if incoming.text == "hỏng":
            raise RuntimeError("broken")
        return make_answer(say("plain", text=f"đã nghe: {incoming.text}"))

    monkeypatch.setattr(sys, "stdin", io.StringIO("hỏng\nviệc của tôi\n"))
    terminal = Terminal(respond, lambda: NOW, "operator", "Người vận hành")
    await terminal.run(make_answer(say("plain", text="Chào")), tmp_path / "history")
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    number = record.getMessage().split()[1]
    printed = capsys.readouterr().out
    assert f"đã ghi lại với số {number}." in printed
    assert "đã nghe: việc của tôi" in printed


@pytest.mark.parametrize("line", ["việc nào quá hạn. " * 30, "~khong-co-ai/tep.docx", "a\0b.docx"])
async def test_what_is_no_name_of_a_file_is_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    heard: list[Incoming] = []

    async def respond(incoming: Incoming, progress: Progress) -> None:
        heard.append(incoming)

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{line}\n"))
    terminal = Terminal(respond, lambda: NOW, "operator", "Người vận hành")
    await terminal.run(make_answer(say("plain", text="Chào")), tmp_path / "history")
    assert [(one.text, one.file) for one in heard] == [(line.strip(), None)]
    assert not caplog.records


async def test_a_file_takes_the_place_of_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet of codes is made once: the next one must not be written over it."""

    async def respond(incoming: Incoming, progress: Progress) -> Answer:
        return make_answer(files=[File("ma-moi.xlsx", incoming.text.encode())])

    monkeypatch.setattr(sys, "stdin", io.StringIO("một\nhai\nba\n"))
    terminal = Terminal(respond, lambda: NOW, "operator", "Người vận hành")
    await terminal.run(make_answer(say("plain", text="Chào")), tmp_path / "history")
    names = ("ma-moi.xlsx", "ma-moi-2.xlsx", "ma-moi-3.xlsx")
    assert [(tmp_path / name).read_text() for name in names] == ["một", "hai", "ba"]
