"""Webhooks: the public address to which a channel's server posts what people say."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from web.context import Webhook


@dataclass(frozen=True, slots=True)
class PostingAddress:
    """The address that the server is told, and the secret by which it shows who it is."""

    url: str
    secret: str

    def is_secret(self, secret: str | None) -> bool:
        """Return whether `secret` is the right one, in a time that tells nothing of it."""
        return hmac.compare_digest((secret or "").encode(), self.secret.encode())

    def make_webhook(
        self, header: str, save_update: Callable[[bytes, str | None], Awaitable[bool]]
    ) -> Webhook:
        """Return what the board serves; the server sends the secret in `header`."""
        return Webhook(urlsplit(self.url).path or "/", header, save_update)


def derive_secret(token: str, purpose: str) -> str:
    """Return a secret that all processes with the same bot's token have."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()
