"""Log lines without secrets: tokens and passwords are masked, in the libraries' lines too."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

MASK = "***"
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PATTERNS = (
    # A Telegram token: the bot's number, a colon (plain or as in a URL), 30 or more letters.
    (re.compile(r"(?<!\d)(\d{5,}(?::|%3A))[A-Za-z0-9_-]{30,}", re.IGNORECASE), rf"\1{MASK}"),
    # The same in a request's path, whatever it looks like.
    (re.compile(r"(/bot\d+(?::|%3A))[^/\s\"']+", re.IGNORECASE), rf"\1{MASK}"),
    # A password in an address: scheme://user:password@host.
    (re.compile(r"([a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+(?=@)", re.IGNORECASE), rf"\1{MASK}"),
    # What opens the board, a calendar or a file, in a message that a library shows.
    (re.compile(r"(/(?:vao|xem|lich|tep)/)[\w-]{20,}", re.IGNORECASE), rf"\1{MASK}"),
)
# Their lines of every request say nothing to an operator; their warnings do.
_OWN = ("bot", "web", "handlers", "scheduler", "reports", "plans", "models", "migrations")
_LIBRARIES = ("uvicorn", "httpx", "httpcore", "aiohttp", "telegram", "apscheduler", "alembic")

_PLAIN = logging.Formatter()

_secrets: set[str] = set()


def hide_secret(secret: str) -> None:
    """Let `mask_secrets` mask `secret` too; under 4 characters it is none."""
    if len(secret) >= 4:
        _secrets.add(secret)


def mask_secrets(text: str) -> str:
    """Return `text` with tokens, passwords in addresses and all secrets of `hide_secret` masked."""
    for secret in _secrets:
        text = text.replace(secret, MASK)
    if ":" in text or "/" in text or "%3" in text:
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
    return text


class MaskingFormatter(logging.Formatter):
    """A formatter that masks the finished line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line of `record`, masked."""
        return mask_secrets(super().format(record))


def _make_masked_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """Return a record whose message and traceback are masked before a handler gets it."""
    record = logging.LogRecord(*args, **kwargs)
    if record.exc_info and record.exc_info[0] is not None:
        # Formatters print `exc_text` if it is set.
        record.exc_text = mask_secrets(_PLAIN.formatException(record.exc_info))
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # wrong arguments: logging reports them when it writes the line
        return record
    masked = mask_secrets(message)
    if masked != message:
        record.msg, record.args = masked, None
    return record


def _mask_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask the words of a line before they become JSON, whose own signs must stay."""
    return {
        name: mask_secrets(value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _make_json_formatter() -> logging.Formatter:
    """Return a formatter of one JSON object a line: time, level, logger, event, exception."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def set_up_logging(level: str = "INFO", form: str = "text") -> None:
    """Write lines of `level` and above to standard error, masked; `form` is "text" or "json".

    With DEBUG the program's own lines are more, those of libraries are not: they repeat what people
    wrote. Raises ValueError for an unknown level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_make_json_formatter() if form == "json" else MaskingFormatter(_LINE))
    handler.addFilter(_drop_details_of_libraries)
    root = logging.getLogger()
    root.setLevel(level.upper())
    logging.setLogRecordFactory(_make_masked_record)
    logging.captureWarnings(True)
    for old in root.handlers[:]:
        # A plain one is of an earlier call, or of a library that set logging up by itself.
        if type(old) is logging.StreamHandler:
            root.removeHandler(old)
    root.addHandler(handler)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


def _drop_details_of_libraries(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG or record.name.partition(".")[0] in _OWN


def writes_json() -> bool:
    """Return whether the log is JSON, so that nothing else may stand between its lines."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return any(isinstance(one, structlog.stdlib.ProcessorFormatter) for one in formatters)
