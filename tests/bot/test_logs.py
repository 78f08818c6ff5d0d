"""No secret in a log line."""

from __future__ import annotations

import json
import logging

import pytest

from bot import logs
from models.web_access import make_token

TOKEN = "5550001112:AAF-x_0123456789abcdefghijklmnopqrstu"


@pytest.mark.parametrize(
    "text",
    [
        f"HTTP Request: POST https://api.telegram.org/bot{TOKEN}/getMe",
        f"token {TOKEN} refused",
        f"/file/bot{TOKEN.replace(':', '%3A')}/documents/1",
    ],
)
def test_tokens_are_masked_and_the_bots_number_stays(text: str) -> None:
    assert "AAF-x" not in logs.mask_secrets(text)
    assert "5550001112" in logs.mask_secrets(text)


@pytest.mark.parametrize("path", ["vao", "xem", "lich", "tep"])
def test_links_to_the_board_are_masked(path: str) -> None:
    token = make_token()
    text = f"sendMessage {{'text': 'https://bang.vn/{path}/{token}.ics'}}"
    assert token not in logs.mask_secrets(text)
    assert token not in logs.mask_secrets(f"GET /{path}/{token}")
    assert f"/{path}/2026-11" in logs.mask_secrets(f"GET /{path}/2026-11")


def test_passwords_in_addresses_are_masked() -> None:
    assert (
        logs.mask_secrets("postgresql+asyncpg://bot:geheim@db:5432/x")
        == "postgresql+asyncpg://bot:***@db:5432/x"
    )
    assert logs.mask_secrets("socks5://:geheim@proxy") == "socks5://:***@proxy"


def test_what_was_hidden_is_masked_whatever_it_looks_like() -> None:
    logs.hide_secret("kurz!geheim")
    assert logs.mask_secrets("x kurz!geheim y") == "x *** y"


def test_text_without_secrets_stays() -> None:
    text = "12:30 ngày 20/11/2026: 3 việc, xem https://example.org/a:b"
    assert logs.mask_secrets(text) == text


def test_lines_of_libraries_and_tracebacks_are_masked(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.set_up_logging("INFO")
    logging.getLogger("httpx").warning("HTTP Request: %s", f"https://h/bot{TOKEN}/x")
    try:
        raise ValueError(f"https://h/bot{TOKEN}/x")
    except ValueError:
        logging.getLogger("bot").exception("fault")
    shown = capsys.readouterr().err
    assert "AAF-x" not in shown + caplog.text
    assert shown.count("5550001112") == 2
    assert "Traceback" in shown


def test_libraries_do_not_chat(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logging("INFO")
    logging.getLogger("httpx").info("every request")
    assert capsys.readouterr().err == ""


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        logs.set_up_logging("LOUD")


def test_every_line_of_the_json_log_parses_and_holds_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.hide_secret('q"uo\\te')
    logs.set_up_logging("DEBUG", "json")
    said = logging.getLogger("bot.channels")
    said.info("hai dòng\nvà “dấu” ở https://a:", extra={"more": "x@y"})
    said.warning('%s and %s, "x": {"y": 1}', TOKEN, 'q"uo\\te')
    logging.getLogger("py.warnings").warning("http://user:geheim@proxy")
    try:
        raise ValueError(f"https://h/bot{TOKEN}/x\nế")
    except ValueError:
        said.exception("fault")
    shown = capsys.readouterr().err
    lines = [json.loads(line) for line in shown.splitlines()]
    assert [line["level"] for line in lines] == ["info", "warning", "warning", "error"]
    assert all(line["timestamp"] and line["logger"] and line["event"] for line in lines)
    assert "Traceback" in lines[-1]["exception"]
    assert not [secret for secret in ("AAF-x", "geheim", "uo\\te", "uo\\\\te") if secret in shown]


def test_debug_shows_no_details_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logging("DEBUG")
    for name in ("telegram.ext", "aiosqlite", "httpcore.http11", "pdfminer", "somebody"):
        logging.getLogger(name).debug("executing INSERT ... 'lời của người dân'")
    logging.getLogger("bot.channels").debug("own detail")
    assert capsys.readouterr().err.count("\n") == 1
