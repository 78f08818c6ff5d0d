"""`invite`: a joining code made at the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application import find_or_add_agency, open_registry
from bot.settings import Settings
from handlers.people import join
from locales.answer import Sentence, say
from models.people import PostRole

LIFETIME = timedelta(days=7)
ROLES = {role.value: role for role in PostRole}


@dataclass(frozen=True)
class NewInvitation:
    """A code, told once; the registry keeps its SHA-256."""

    code: str
    link: str | None
    agency: str
    role: PostRole
    expires: datetime

    @property
    def sentence(self) -> Sentence:
        """The code for a person."""
        return say(
            "cli-invited",
            agency=self.agency,
            code=self.code,
            day=self.expires,
            link=self.link or "–",
        )

    def as_json(self) -> dict[str, Any]:
        """The object of `invite --json` (command-line.md)."""
        return {
            "code": self.code,
            "link": self.link,
            "agency": self.agency,
            "role": self.role.value,
            "expires": self.expires.isoformat(),
        }


async def create_invitation(
    settings: Settings, agency: str, role: PostRole, now: datetime
) -> NewInvitation:
    """Makes a code for one person to join `agency`; the link needs the bot's name, which Telegram tells."""
    expires = now + LIFETIME
    async with (
        open_registry(settings.database_url.get_secret_value()) as database,
        database.write() as session,
    ):
        number = await find_or_add_agency(session, agency, now)
        code = await join.make_invitation(session, number, role, 1, expires, None, now)
    return NewInvitation(code, await _make_link(settings, code), agency, role, expires)


async def _make_link(settings: Settings, code: str) -> str | None:
    from bot.channels.telegram.name import ask_bot_name

    return join.make_link(await ask_bot_name(settings), code)
