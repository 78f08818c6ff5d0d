"""`rehearse`: what the reminders would send, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.application import make_reminder_defaults, open_registry
from bot.settings import Settings
from locales.answer import say
from locales.fluent import load_sentences, render_pages, strip_markup
from scheduler import rehearse as rehearsal

LIMIT = 4096  # units of one message, as Telegram holds


async def rehearse_reminders(
    settings: Settings,
    first: date,
    last: date,
    everyone: bool,
    show: Callable[[dict[str, Any], str], None],
) -> None:
    """Hands `show` each message as JSON values and as text for people."""
    voice = load_sentences()
    async with open_registry(settings.database_url.get_secret_value()) as database:
        told = rehearsal.rehearse_days(
            database, first, last, everyone=everyone, defaults=make_reminder_defaults(settings)
        )
        async for message in told:
            head = say("rehearsed", day=message.day, at=message.at, chat=message.chat)
            parts = [strip_markup(page) for page in render_pages(message.what, LIMIT)]
            rows = [
                " ".join(f"[{voice.to_text(b.label)}]" for b in row) for row in message.what.buttons
            ]
            show(message.as_json(), "\n".join([f"── {voice.to_text(head)}", *parts, *rows, ""]))
