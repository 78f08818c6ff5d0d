"""Requests to Telegram: connections, timeouts, and errors that tell what was never sent."""

from __future__ import annotations

import contextlib
import json
from http import HTTPStatus
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot import logs
from bot.channels.channel import StartFault
from locales.answer import say

CONNECT_SECONDS, ANSWER_SECONDS, UPLOAD_SECONDS = 5.0, 10.0, 60.0
CONNECTIONS = 256
KEEP_SECONDS = 15.0  # of an idle connection; later the server may close it just when it is used
RETRY_AFTER = 60.0  # seconds to wait after a 429 that does not say how long


class BadProxy(StartFault):
    """The proxy's address cannot be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(say("telegram-bad-proxy", reason=logs.mask_secrets(reason)))


class RequestUnsent(NetworkError):
    """The request certainly never reached the server."""


class ServerBroken(NetworkError):
    """The server answered 5xx."""


class FloodError(TelegramError):
    """The server answered 429: too many messages.

    The library's own class is not used: it warns of a change of its type each time it is made.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class TelegramRequest(HTTPXRequest):
    """The library's request with errors of our own for 429, 5xx and what was never sent."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Do as the library; also raises RequestUnsent, ServerBroken and FloodError."""
        timeouts = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        try:
            status, body = await super().do_request(url, method, request_data, *timeouts)
        except NetworkError as error:
            if is_unsent(error):
                raise RequestUnsent(str(error)) from error
            raise
        if status >= 500:
            raise ServerBroken(f"HTTP {status}")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_read_retry_after(body))
        return status, body


def _read_retry_after(body: bytes) -> float:
    """Return the seconds that a 429 asks to wait; a minute if it does not say."""
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        return float((json.loads(body).get("parameters") or {})["retry_after"])
    return RETRY_AFTER


def is_unsent(error: BaseException) -> bool:
    """Whether a request that failed with `error` never reached the server: no connection was made.

    httpx-aiohttp calls a connection that broke in the middle of a request a ConnectTimeout too. So
    if aiohttp's own error is in the chain of causes, it alone decides.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__
    of_aiohttp = [link for link in chain if isinstance(link, aiohttp.ClientError)]
    if of_aiohttp:
        return isinstance(
            of_aiohttp[-1],
            (
                aiohttp.ClientConnectorError,
                aiohttp.ConnectionTimeoutError,
                aiohttp.ClientHttpProxyError,
                aiohttp.InvalidURL,
            ),
        )
    no_connection = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    )
    return any(isinstance(link, no_connection) for link in chain)


def make_requests(proxy: str | None) -> tuple[TelegramRequest, TelegramRequest]:
    """Return the request objects for polling and for everything else. Raises BadProxy.

    aiohttp's transport carries several times what httpx's own pool does (docs/benchmarks.md); it
    knows no SOCKS, so httpx's own is kept for that.
    """
    try:
        way = httpx.Proxy(proxy) if proxy else None
        if way is not None and way.url.scheme.startswith("socks"):
            return _make_request(1, {}, proxy), _make_request(CONNECTIONS, {}, proxy)
        trust = httpx.create_ssl_context()
        poller = {"transport": _make_transport(1, way, trust)}
        sender = {"transport": _make_transport(CONNECTIONS, way, trust)}
        return _make_request(1, poller, None), _make_request(CONNECTIONS, sender, None)
    except (ValueError, RuntimeError, httpx.InvalidURL) as error:
        raise BadProxy(str(error)) from None  # RuntimeError: SOCKS without its package


def _make_request(size: int, more: dict[str, Any], proxy: str | None) -> TelegramRequest:
    return TelegramRequest(
        connection_pool_size=size,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        pool_timeout=2 * CONNECT_SECONDS,  # aiohttp counts making the connection into it
        proxy=proxy,
        httpx_kwargs=more,
    )


def _make_transport(size: int, proxy: httpx.Proxy | None, trust: Any) -> AiohttpTransport:
    def make_session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=size, ssl=trust, keepalive_timeout=KEEP_SECONDS)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=trust, proxy=proxy, client=make_session)
