"""`rehearse`: what the reminders would send, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.application import defaults, registry
from bot.settings import Settings
from locales.answer import say
from locales.fluent import plain, render, sentences
from scheduler import rehearse as rehearsal

LIMIT = 4096  # units of one message, as Telegram holds


async def rehearse(
    settings: Settings, first: date, last: date, everyone: bool, show: Callable[[dict[str, Any], str], None]
) -> None:
    """Hands `show` each message as JSON values and as text for people."""
    voice = sentences()
    async with registry(settings.database_url.get_secret_value()) as database:
        told = rehearsal.rehearse(database, first, last, everyone=everyone, defaults=defaults(settings))
        async for message in told:
            head = say("rehearsed", day=message.day, at=message.at, chat=message.chat)
            parts = [plain(page) for page in render(message.what, LIMIT)]
            rows = [" ".join(f"[{voice.plain(b.label)}]" for b in row) for row in message.what.buttons]
            show(message.as_json(), "\n".join([f"── {voice.plain(head)}", *parts, *rows, ""]))
