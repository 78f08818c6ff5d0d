"""What `bot/application.py` asks of a channel, and of whatever else serves people beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.settings import Settings
from handlers.conversation.incoming import Respond
from handlers.conversation.request import AppContext
from locales.fluent import load_sentences
from locales.user_error import UserError
from scheduler.delivery import Delivery
from web.context import Webhook


class StartFault(UserError):
    """A service cannot start before the operator mends something."""

    def __str__(self) -> str:
        return load_sentences().to_text(self.sentence)


class Service(Protocol):
    """What serves people from the start of the process to its end."""

    async def start(self) -> None:
        """Begin to serve; without a network keep trying. Raises StartFault."""
        ...

    async def finish(self) -> None:
        """Take nothing new, and finish what was begun."""
        ...

    async def close(self) -> None:
        """Let go of everything; what is closed or was never started stays so."""
        ...


@runtime_checkable
class Channel(Service, Delivery, Protocol):
    """A service over which reminders go, too, by its `name`."""

    async def check_access(self) -> None:
        """Ask the server, before the start, whether it accepts the token. Raises StartFault.

        A server that is out of reach raises nothing.
        """
        ...


@dataclass(frozen=True)
class ServiceParts:
    """What a service is made of: settings, registry (in `context`), router and clock.

    A channel adds the addresses to `webhooks` to which its server is to post updates; the board,
    which is made after the channels, serves them.
    """

    settings: Settings
    context: AppContext
    respond: Respond
    now: Callable[[], datetime]
    webhooks: list[Webhook] = field(default_factory=list)
