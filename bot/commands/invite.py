"""`invite`: a code with which one person joins an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application import open_registry
from bot.channels.telegram.start import ask_bot_name
from bot.settings import Settings
from handlers.conversation import words
from handlers.people.codes import make_link
from handlers.people.identity import describe_post
from handlers.people.invite import DEFAULT_DAYS
from handlers.people.operator import invite_to_agency
from locales.answer import Sentence, say
from models.people import PostRole

ROLES = {role.value: role for role in PostRole}


def parse_role(text: str) -> PostRole | None:
    """Return the role that a text names, in Vietnamese or by its name in the code."""
    name = words.find_entry("roles", text)
    return PostRole(name) if name is not None else ROLES.get(text)


@dataclass(frozen=True)
class NewInvitation:
    """A code, shown once; the registry keeps its SHA-256."""

    code: str
    link: str | None
    agency: str | None
    role: PostRole
    expires: datetime

    @property
    def sentence(self) -> Sentence:
        """The code for a person."""
        post = describe_post(self.role, self.agency)
        if self.link is None:
            return say("cli-invited-code", post=post, code=self.code, day=self.expires)
        return say("cli-invited", post=post, code=self.code, day=self.expires, link=self.link)

    def as_json(self) -> dict[str, Any]:
        """Return the object of `invite --json` (docs/dev/command-line.md)."""
        return {
            "code": self.code,
            "link": self.link,
            "agency": self.agency,
            "role": self.role.value,
            "expires": self.expires.isoformat(),
        }


async def create_invitation(
    settings: Settings, agency: str | None, role: PostRole, now: datetime
) -> NewInvitation:
    """Make a code for one person to join `agency`, None for a role of no agency.

    Its link needs the bot's name: without a token, or without an answer of Telegram, there is none.
    """
    expires = now + timedelta(days=DEFAULT_DAYS)
    async with open_registry(settings.database_url.get_secret_value()) as database:
        code = await invite_to_agency(database, agency, role, expires, now)
    link = make_link(await ask_bot_name(settings), code)
    return NewInvitation(code, link, agency, role, expires)
