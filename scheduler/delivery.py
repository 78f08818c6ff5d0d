"""How a channel delivers a finished answer, and how that can fail (docs/dev/reminders.md rule 16).

Of an error its reason is stored, in `notice.failure`.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from locales.answer import Answer, Sentence, say
from models.notices import FailureReason


class DeliveryError(Exception):
    """A message that did not certainly arrive."""

    reason: ClassVar = FailureReason.OTHER


class NotDelivered(DeliveryError):
    """No connection (refused, DNS, connect timeout): it did not arrive and may later."""

    reason = FailureReason.NOT_DELIVERED


class ServerFault(DeliveryError):
    """The server answered 5xx: it is tried again."""

    reason = FailureReason.SERVER


class Uncertain(DeliveryError):
    """A read or write timeout: the message may have arrived."""

    reason = FailureReason.UNCERTAIN


class TooFast(DeliveryError):
    """The server asks to wait `retry_after` seconds in this chat."""

    reason = FailureReason.TOO_FAST

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class QuotaSpent(DeliveryError):
    """The channel takes no more messages this month; another channel of the person may."""

    reason = FailureReason.QUOTA


class Unreachable(DeliveryError):
    """The chat cannot be reached for good: blocked, deleted, not found, the bot was removed."""

    reason = FailureReason.UNREACHABLE


class Moved(DeliveryError):
    """The group has a new address."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat moved")
        self.address = address


class TopicMissing(DeliveryError):
    """The forum topic is gone; the group may be reached without it."""

    reason = FailureReason.TOPIC


class BadMarkup(DeliveryError):
    """The server could not parse the text; it may go as plain text."""

    reason = FailureReason.REFUSED


class Rejected(DeliveryError):
    """The server refuses this message for good, for a reason that is none of the others."""

    reason = FailureReason.REFUSED


def find_reason(fault: Exception) -> FailureReason:
    """Return the reason that is stored of a failure; a fault of the program has none of its own."""
    return fault.reason if isinstance(fault, DeliveryError) else FailureReason.OTHER


def explain_failure(reason: FailureReason) -> Sentence:
    """Return why a notice did not arrive, for people; the channel's own words are in the log."""
    return say(f"reason-{reason}")


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
