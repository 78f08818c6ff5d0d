"""What answering asks of a channel: how one message of it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from handlers.conversation.incoming import Incoming
from locales.answer import Answer

BeforeSending = Callable[[], Awaitable[None]]


class Reply(Protocol):
    """How a channel answers one message.

    `incoming` is what it says, None if it is not meant for the bot; `sent_parts` counts the parts
    of the answer that arrived.
    """

    incoming: Incoming | None
    sent_parts: int

    async def acknowledge(self, answer: Answer | None) -> None:
        """Show at a pressed button that the press was taken. It never raises."""
        ...

    async def show_progress(self, answer: Answer) -> None:
        """Show how far long work is. It never raises."""
        ...

    def show_menu(self, commands: Sequence[str]) -> None:
        """Let the chat offer these commands, by their names; empty for the usual ones.

        A channel without such a menu does nothing. It neither waits nor raises.
        """
        ...

    async def send(self, answer: Answer, before_sending: BeforeSending) -> None:
        """Send an answer to the message, in parts. Raises a DeliveryError.

        `before_sending` is awaited at the moment when the first part is handed to the server.
        """
        ...

    async def send_note(self, answer: Answer) -> None:
        """Send a text that answers several messages of the chat. Raises a DeliveryError."""
        ...
