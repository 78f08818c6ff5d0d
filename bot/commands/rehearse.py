"""`rehearse`: the messages that the reminders would send, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.application import make_reminder_defaults, open_registry
from bot.settings import Settings
from locales.answer import say
from locales.fluent import load_sentences, render_pages, strip_markup
from scheduler.rehearse import rehearse_days

LONGEST_PAGE = 4096  # units of one message, as on Telegram


async def rehearse_reminders(
    settings: Settings,
    first: date,
    last: date,
    everyone: bool,
    show: Callable[[dict[str, Any], str], None],
) -> None:
    """Give `show` each message from `first` to `last`, as JSON values and as text for people."""
    text = load_sentences().to_text
    defaults = make_reminder_defaults(settings)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        async for message in rehearse_days(
            database, first, last, everyone=everyone, defaults=defaults
        ):
            head = say("rehearsed", day=message.day, at=message.at, chat=message.chat)
            parts = [strip_markup(page) for page in render_pages(message.what, LONGEST_PAGE)]
            rows = [" ".join(f"[{text(b.label)}]" for b in row) for row in message.what.buttons]
            lines = [f"── {text(head)}", *parts, *rows, ""]
            show(message.as_json(), "\n".join(lines))
