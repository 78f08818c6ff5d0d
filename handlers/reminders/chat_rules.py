"""What every part of reminders in chat needs: the rules in force, the chat's row, words of `reminders.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.turn import Request
from language.text import fold, strip_marks
from locales.data import load_data
from models import chats
from models.chats import Chat
from scheduler.rules import ZONE, Defaults, Rules, load_rules

LONGEST_LABEL = 44  # characters of a title on a button
GONE = "button-out-of-date"


@cache
def load_words() -> Mapping[str, Any]:
    data = load_data("reminders")
    found: Mapping[str, Any] = data["words"]
    return found


def is_word(name: str, text: str) -> bool:
    return fold(text) in {fold(word) for word in load_words()[name]}


def match_pattern(name: str, text: str) -> re.Match[str] | None:
    """Where the pattern is in `text`, which is compared without diacritics and keeps its places."""
    return re.search(load_words()[name], strip_marks(text).lower())


async def load_current_rules(session: AsyncSession, turn: Request) -> Rules:
    options = turn.app.options
    zone = turn.now.tzinfo
    in_zone = zone if isinstance(zone, ZoneInfo) else ZONE
    return await load_rules(
        session, Defaults(in_zone, options.remind_at, options.remind_steps, options.admins)
    )


async def find_chat(session: AsyncSession, turn: Request) -> Chat | None:
    return await chats.find_chat(session, turn.incoming.channel, turn.incoming.chat)
