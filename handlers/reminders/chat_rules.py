"""What all of reminders in chat share: the rules in force, the chat's row, words and days typed.

The words and patterns are in `locales/vi/reminders.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import Request
from language.text import fold, strip_marks
from locales.answer import Button, say
from locales.data import load_data
from models import chats
from models.chats import Chat
from scheduler.rules import ZONE, Defaults, Rules, load_rules

LONGEST_LABEL = 44  # characters of a title on a button
LONGEST_ECHO = 40  # characters that are repeated of a text that was not understood


def load_words() -> Mapping[str, Any]:
    """Return the word lists and patterns of commands about reminders, by name."""
    words: Mapping[str, Any] = load_data("reminders")["words"]
    return words


def is_word(name: str, text: str) -> bool:
    """Return whether `text` as a whole is one of the words of this list."""
    return fold(text) in {fold(word) for word in load_words()[name]}


def match_pattern(name: str, text: str) -> re.Match[str] | None:
    """Return the first match of a pattern in `text` without diacritics; positions are the same."""
    return re.search(load_words()[name], strip_marks(text).lower())


def make_page_buttons(action: str, page: int, pages: int, suffix: str = "") -> list[Button]:
    """Return the buttons for the page before and the page after, if there is one."""
    neighbours = [(page - 1, "button-page-before"), (page + 1, "button-page-after")]
    return [
        Button(say(label), f"{action}:{to}{suffix}") for to, label in neighbours if 0 <= to < pages
    ]


async def load_current_rules(session: AsyncSession, request: Request) -> Rules:
    """Return the rules of reminders as they are set now, in the time zone of the message."""
    options, zone = request.app.options, request.now.tzinfo
    in_zone = zone if isinstance(zone, ZoneInfo) else ZONE
    defaults = Defaults(in_zone, options.remind_at, options.remind_steps, options.admins)
    return await load_rules(session, defaults)


async def find_chat(session: AsyncSession, request: Request) -> Chat | None:
    """Return the registry's row of the chat that the message came from."""
    return await chats.find_chat(session, request.incoming.channel, request.incoming.chat)
