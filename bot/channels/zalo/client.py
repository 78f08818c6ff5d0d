"""Calls of the Zalo Bot Platform, and what a failing one means for a delivery (docs/zalo.md).

The platform reports errors in the body, also with HTTP 200, so the status alone says nothing.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx

from bot import logs
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    QuotaSpent,
    Rejected,
    ServerFault,
    Uncertain,
    Unreachable,
)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
LONGEST_PICTURE = 20 * 1024 * 1024  # bytes

BAD_REQUEST, BAD_TOKEN, NOT_FOUND = 400, 401, 404
FORBIDDEN, TIMEOUT, QUOTA = 403, 408, 429
# What a 400 says of the chat, in lower case; any other 400 is about the message.
CHAT_REFUSALS = ("chat not found", "user not found", "cannot send", "blocked", "not allow")

_log = logging.getLogger(__name__)


class ZaloError(Exception):
    """The platform answered with an error; `code` is its own."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {logs.mask_secrets(description)}")
        self.code = code
        self.description = description

    def to_delivery_error(self) -> DeliveryError:
        """Return what the error means for a message."""
        description = self.description.lower()
        if self.code == QUOTA:
            return QuotaSpent(str(self))
        if self.code == TIMEOUT:
            return Uncertain(str(self))
        if self.code == BAD_TOKEN:
            return NotDelivered(str(self))
        if self.code == FORBIDDEN or self.code >= 500:
            return ServerFault(str(self))
        if self.code in (BAD_REQUEST, NOT_FOUND) and any(p in description for p in CHAT_REFUSALS):
            return Unreachable(str(self))
        return Rejected(str(self))


class ZaloClient:
    """Calls the methods of one bot."""

    def __init__(self, token: str, api_url: str) -> None:
        """Nothing is called yet."""
        logs.hide_secret(token)
        self._base = f"{api_url.rstrip('/')}/bot{token}/"
        self._own_host = httpx.URL(api_url).host
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def call_method(self, method: str, seconds: float = ANSWER_SECONDS, **given: Any) -> Any:
        """Call a method; return its result.

        Raises ZaloError if the platform refuses, NotDelivered if it was not reached, Uncertain if
        it may have been, ServerFault if what answered is not the platform.
        """
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            reply = await self._http.post(self._base + method, json=given, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotDelivered(logs.mask_secrets(str(error) or type(error).__name__)) from None
        except httpx.HTTPError as error:
            raise Uncertain(logs.mask_secrets(str(error) or type(error).__name__)) from None
        try:
            body = json.loads(reply.content)
        except ValueError:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
            kind = ServerFault if reply.status_code >= 500 else Uncertain
            raise kind(f"HTTP {reply.status_code} without an answer of the platform")
        if not body["ok"]:
            code = body.get("error_code")
            raise ZaloError(
                code if isinstance(code, int) else reply.status_code,
                str(body.get("description", "")),
            )
        return body.get("result")

    async def fetch_bot_names(self, seconds: float = ANSWER_SECONDS) -> tuple[str, ...]:
        """Return the names of the bot, the displayed one first. Raises what `call_method` raises.

        An answer that names no bot is Uncertain: what answered may not be the platform.
        """
        me = await self.call_method("getMe", seconds)
        if not isinstance(me, dict):
            raise Uncertain("the platform names no bot")
        names = (me.get("display_name"), me.get("account_name"))
        return tuple(name for name in names if isinstance(name, str) and name)

    async def fetch_picture(self, url: str) -> bytes:
        """Return a picture that somebody sent; its address came from the platform.

        Raises NotDelivered if it cannot be had, or is over 20 MB.
        """
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise NotDelivered("the picture has no address") from error
        if target.scheme != "https" and target.host != self._own_host:
            raise NotDelivered("the picture has no https address")
        content = bytearray()
        try:
            async with self._http.stream("GET", target) as reply:
                reply.raise_for_status()
                async for piece in reply.aiter_bytes():
                    content += piece
                    if len(content) > LONGEST_PICTURE:
                        raise NotDelivered("the picture is too large")
        except httpx.HTTPError as error:
            raise NotDelivered(logs.mask_secrets(str(error))) from None
        return bytes(content)
