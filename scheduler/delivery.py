"""How a channel delivers a finished answer, and how that can fail (docs/dev/reminders.md rule 16).

The names of the errors are stored in `notice.error`.
"""

from dataclasses import dataclass
from typing import Protocol

from locales.answer import Answer, Sentence, say


class DeliveryError(Exception):
    """A message that did not certainly arrive."""


class NotDelivered(DeliveryError):
    """No connection (refused, DNS, connect timeout): it did not arrive and may later."""


class ServerFault(DeliveryError):
    """The server answered 5xx: it is tried again."""


class Uncertain(DeliveryError):
    """A read or write timeout: the message may have arrived."""


class TooFast(DeliveryError):
    """The server asks to wait `retry_after` seconds in this chat."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class QuotaSpent(DeliveryError):
    """The channel takes no more messages this month; another channel of the person may."""


class Unreachable(DeliveryError):
    """The chat cannot be reached for good: blocked, deleted, not found, the bot was removed."""


class Moved(DeliveryError):
    """The group has a new address."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat moved")
        self.address = address


class TopicMissing(DeliveryError):
    """The forum topic is gone; the group may be reached without it."""


class BadMarkup(DeliveryError):
    """The server could not parse the text; it may go as plain text."""


class Rejected(DeliveryError):
    """The server refuses this message for good, for a reason that is none of the others."""


FAILURE_SENTENCES = {
    "NotDelivered": "reason-not-delivered",
    "ServerFault": "reason-server",
    "Uncertain": "reason-uncertain",
    "TooFast": "reason-too-fast",
    "QuotaSpent": "reason-quota",
    "Unreachable": "reason-unreachable",
    "TopicMissing": "reason-topic",
    "BadMarkup": "reason-refused",
    "Rejected": "reason-refused",
}
"""The sentence for each way to fail, by the name at the beginning of `notice.error`."""


def explain_failure(error: str) -> Sentence:
    """Return why a notice did not arrive, for people; the channel's own words are in the log."""
    return say(FAILURE_SENTENCES.get(error.partition(":")[0], "reason-other"))


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A delivered message as the channel knows it: the id of its last part."""

    message: str


class Delivery(Protocol):
    """The part of a channel that the sender uses."""

    name: str

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Send `what` to `chat`, in parts if it is long. Raises a DeliveryError."""
        ...
