"""How a channel delivers a finished answer to a chat, and the ways in which that can fail (reminders.md)."""

from dataclasses import dataclass
from typing import Protocol

from locales.answer import Answer, Sentence, say


class DeliveryError(Exception):
    """A message did not certainly arrive."""


class NotDelivered(DeliveryError):
    """It certainly did not arrive and may later: no connection (refused, DNS, connect timeout)."""


class ServerFault(DeliveryError):
    """The server answered 5xx: try again."""


class Uncertain(DeliveryError):
    """It may have arrived: a read or write timeout."""


class TooFast(DeliveryError):
    """The server asks to wait `retry_after` seconds in this chat."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class Unreachable(DeliveryError):
    """The chat cannot be reached for good: blocked, deleted, not found, thrown out."""


class Moved(DeliveryError):
    """The group has a new address."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat moved")
        self.address = address


class TopicMissing(DeliveryError):
    """The forum topic is gone; the group may still be reached without it."""


class BadMarkup(DeliveryError):
    """The server could not parse the text; it may go as plain text."""


class Rejected(DeliveryError):
    """The server refuses this message for good, for another reason."""


FAILURE_SENTENCES = {
    "NotDelivered": "reason-not-delivered",
    "ServerFault": "reason-server",
    "Uncertain": "reason-uncertain",
    "TooFast": "reason-too-fast",
    "Unreachable": "reason-unreachable",
    "TopicMissing": "reason-topic",
    "BadMarkup": "reason-refused",
    "Rejected": "reason-refused",
}
"""The sentence for each way to fail, by the name that a notice keeps at the beginning of its `error`."""


def explain_failure(error: str) -> Sentence:
    """Why a notice did not arrive, for people; the channel's own words are in the log."""
    return say(FAILURE_SENTENCES.get(error.partition(":")[0], "reason-other"))


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What the channel knows of a delivered message: the id of its last part."""

    message: str


class Delivery(Protocol):
    """What a channel offers the sender."""

    name: str

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Sends `what` to `chat`, in parts where it is long. Raises a DeliveryError."""
        ...
