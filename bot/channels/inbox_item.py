"""A stored message on its way, and what is done with one that cannot be handled."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from locales.answer import Answer, make_answer, say, to_json
from models import inbox
from models.chats import find_chat
from models.notices import queue_message
from models.storage.database import Database
from scheduler.audience import find_admin_chats

MOST_TRIES = 3  # of a message that ends the process, or alone meets faults of the registry
FAULTS_FOR = timedelta(minutes=1)  # that faults of the registry must have lasted, too

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class InboxItem:
    """A stored message on its way.

    - `is_repeat`: it was stored before this process began, so an earlier one may have begun it.
    - `was_sending`: an earlier process may have sent its answer; `is_sending`: this one may.
    - `unsent` is an answer that the channel did not take yet; `uncertain_tries` counts how often it
      may have arrived all the same.
    - `failures` counts the tries in this process that did not end; `tries` how often its handling
      began or failed in all; `failing_since` is when it first met a fault of the registry.
    - `is_late`: it is marked when its chat was told of late answers.
    - `is_unstored`: the registry did not take it; what answers it writes nothing.
    - `after_gap`: a press; `sent_at` is since when the channel had not been asked.
    """

    id: int
    chat: str
    body: Mapping[str, Any] | None
    sent_at: datetime | None
    received_at: datetime
    answer: Mapping[str, Any] | None = None
    changed: bool = False
    is_repeat: bool = False
    was_sending: bool = False
    is_sending: bool = False
    unsent: Answer | None = None
    uncertain_tries: int = 0
    is_done: bool = False
    failures: int = 0
    is_late: bool = False
    is_unstored: bool = False
    after_gap: bool = False
    tries: int = 0
    failing_since: datetime | None = None


def is_poison(item: InboxItem, now: datetime) -> bool:
    """Return whether a message was tried often enough, and is not at its end but for the answer."""
    if item.is_done or item.answer is not None or item.tries < MOST_TRIES:
        return False
    return item.failing_since is None or now - item.failing_since >= FAULTS_FOR


async def set_aside(database: Database, channel: str, item: InboxItem, now: datetime) -> None:
    """Set a message aside, and tell its chat and the admins by the outbox.

    A stranger has no chat in the registry, and is not told.
    """
    number = secrets.token_hex(3).upper()
    _log.error("message %d is set aside: fault %s", item.id, number)
    today = now.date()
    async with database.write() as session:
        await inbox.set_aside(session, item.id, now, number)
        told = [(admin, "aside-to-admin") for admin in await find_admin_chats(session, today)]
        chat = await find_chat(session, channel, item.chat)
        if chat is not None and chat.id is not None:
            told.append((chat.id, "aside-to-person"))
        for chat_id, name in told:
            at = (item.sent_at or item.received_at).astimezone(now.tzinfo)
            what = to_json(make_answer(say(name, number=number, at=at)))
            token = f"{name}:{item.id}"
            await queue_message(session, chat_id, what, token=token, now=now, today=today)
