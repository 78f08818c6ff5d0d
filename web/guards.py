"""What stands before every page: safe headers, a limit of requests, faults without details."""

from __future__ import annotations

import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from locales.answer import say
from locales.fluent import load_sentences
from models.web_access import hash_token
from web.rendering import render_page

COOKIE = "phien"
STRANGER_LIMIT = 60  # requests a minute of one address without a session
SESSION_LIMIT = 600  # requests a minute of one session
MINUTE = 60.0  # seconds
MOST_COUNTED = 20_000  # addresses or sessions counted at a time
LARGEST_BODY = 1_000_000  # bytes of a request: an update of a channel is smaller

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""The content security policy; the origins that may hold a page in a frame follow behind it."""

HEADERS = {
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}

_log = logging.getLogger(__name__)


def allow_own_script(frame: str) -> str:
    """Return the policy of a page in a frame of the origin `frame` that runs its own script."""
    return f"{CSP} {frame}; script-src 'self'"


class RequestCounter:
    """Counts what each key did in the last minute, in memory; a restart forgets it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def is_over(self, key: str, now: float) -> bool:
        """Return whether `key` has reached its limit in the minute before `now` (seconds)."""
        times = self._times.get(key)
        while times and now - times[0] >= MINUTE:
            times.popleft()
        return times is not None and len(times) >= self._limit

    def count_request(self, key: str, now: float) -> None:
        """Count one request of `key`."""
        times = self._times.setdefault(key, deque(maxlen=self._limit))
        self._times.move_to_end(key)
        times.append(now)
        while len(self._times) > MOST_COUNTED:
            self._times.popitem(last=False)


class RequestLimiter:
    """Limits requests by address; those with a session that was found lately by session.

    A made-up cookie is looked up only as long as its address is within the limit.
    """

    def __init__(self) -> None:
        self._strangers = RequestCounter(STRANGER_LIMIT)
        self._sessions = RequestCounter(SESSION_LIMIT)
        self._found: OrderedDict[str, None] = OrderedDict()

    def may_pass(self, address: str, token: str | None) -> bool:
        """Count a request and return whether it is within its limit."""
        now = time.monotonic()
        key = hash_token(token) if token else ""
        if key in self._found:
            counter, who = self._sessions, key
        else:
            counter, who = self._strangers, address
        if counter.is_over(who, now):
            return False
        counter.count_request(who, now)
        return True

    def note_session(self, token: str, *, is_found: bool) -> None:
        """Remember that a session of this token was found in the registry, or was not."""
        key = hash_token(token)
        if not is_found:
            self._found.pop(key, None)
            return
        self._found[key] = None
        self._found.move_to_end(key)
        while len(self._found) > MOST_COUNTED:
            self._found.popitem(last=False)


def read_cookie(headers: Headers) -> str | None:
    """Return the token of the session's cookie, None if there is none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value[:200] if cookie is not None and cookie.value else None


class Guard:
    """Puts the headers on every response, and holds back whoever asks too often or too much."""

    def __init__(
        self,
        app: ASGIApp,
        limiter: RequestLimiter,
        unlimited: Collection[str] = (),
        frame: str = "",
    ) -> None:
        """`unlimited` are paths whose requests are not counted: those of webhooks.

        `frame` is the origin whose pages may hold the board in a frame.
        """
        self._app = app
        self._limiter = limiter
        self._unlimited = unlimited
        self._headers = {**HEADERS, "content-security-policy": f"{CSP} {frame}".strip()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                given = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    given.setdefault(name, value)
            await send(message)

        address = scope["client"][0] if scope.get("client") else ""
        limited = scope["path"] not in self._unlimited
        if limited and not self._limiter.may_pass(address, read_cookie(headers)):
            await _refuse_hasty()(scope, receive, send_with_headers)
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            await PlainTextResponse("", 413)(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:  # whatever went wrong: the reader gets a page, the log the error
            number = secrets.token_hex(3).upper()
            _log.exception("fault %s on the board", number)
            if not is_begun:
                page = render_page("message.html", 500, message=say("board-fault", number=number))
                await page(scope, receive, send_with_headers)


def _refuse_hasty() -> PlainTextResponse:
    """Return the answer to somebody who asks too often; short, because there may be many."""
    text = load_sentences().to_text(say("board-too-many"))
    return PlainTextResponse(text, 429, {"retry-after": "60"})
