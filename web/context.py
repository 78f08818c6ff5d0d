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


ReadLaunch = Callable[[str, datetime], tuple[str, str] | None]
"""Return channel and address of whom launch data were signed for; None if they are no good now."""


@dataclass(frozen=True)
class MiniApp:
    """The board inside a channel's own app.

    `origin` is that of the page that holds the board in a frame; `field` names the launch data, in
    the address behind "#" and in the form that posts them.
    """

    origin: str
    field: str
    read_launch: ReadLaunch


@dataclass(frozen=True)
class BoardContext:
    """What the pages need.

    - `now` gives the zoned moment.
    - `url` is the public address of the board without a slash at its end.
    - `mini_app`: the channel's app that shows the board; None: there is none.
    """

    app: AppContext
    now: Callable[[], datetime]
    url: str
    mini_app: MiniApp | None = None
    webhooks: tuple[Webhook, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Return whether people reach the board through TLS."""
        return self.url.startswith("https:")
