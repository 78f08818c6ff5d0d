"""What all pages share: the handlers' context, the clock, the public address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.conversation.request import AppContext

HANDOUT_PATH = "/tep/"
"""The beginning of the addresses of files that are handed out (web/handouts.py)."""

SaveUpdate = Callable[[bytes, str | None], Awaitable[bool]]
"""Store an update that a channel's server posted, with its secret; False for a wrong secret."""


@dataclass(frozen=True)
class Webhook:
    """The address to which a channel's server posts updates, and what stores them.

    `path` begins with a slash; `header` is the one in which the server sends the secret.
    """

    path: str
    header: str
    save_update: SaveUpdate


@dataclass(frozen=True)
class BoardContext:
    """What the pages need.

    - `now` gives the zoned moment.
    - `url` is the public address of the board without a slash at its end.
    - `bot_token`: of the Telegram bot whose Mini App the board is; None: it is none.
    """

    app: AppContext
    now: Callable[[], datetime]
    url: str
    bot_token: str | None = None
    webhooks: tuple[Webhook, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Return whether people reach the board through TLS."""
        return self.url.startswith("https:")
