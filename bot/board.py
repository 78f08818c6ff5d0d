"""The board and the pages for monitors as services: on which addresses, with what of the bot."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from bot.channels.channel import ServiceParts, StartFault
from bot.channels.telegram.mini_app import make_mini_app
from bot.logs import hide_secret
from bot.measures import REGISTRY
from bot.settings import Settings
from locales.answer import say
from web.addresses import ListenAddress, is_loopback_host
from web.application import make_board
from web.context import BoardContext
from web.monitor import make_monitor
from web.server import AddressInUse, WebServer, bind_socket

DEFAULT_ADDRESS = ListenAddress("127.0.0.1", 8080)  # of a trial without settings
MOST_PORTS = 20  # ports that a trial tries, from the default one on

_log = logging.getLogger(__name__)


class WebService:
    """One application on one address; the socket is bound when it is made."""

    def __init__(self, app: ASGIApp, server: WebServer, address: ListenAddress) -> None:
        self.app = app
        self.address = address
        self._server = server

    async def start(self) -> None:
        """Begin to serve."""
        await self._server.start()
        _log.info("serving at %s", self.address)

    async def finish(self) -> None:
        """Take no more requests."""
        await self._server.stop()

    async def close(self) -> None:
        """Let go of the address."""
        await self._server.stop()


def make_board_service(parts: ServiceParts) -> WebService | None:
    """Return the board, None without WEB_LISTEN; the handlers learn its address.

    Raises StartFault.
    """
    settings = parts.settings
    if settings.web_listen is None:
        return None
    return _serve_board(parts, settings.web_listen, 1)


def make_trial_board(parts: ServiceParts) -> WebService:
    """Return the board for a trial: without WEB_LISTEN at the default address or the next port.

    Raises StartFault.
    """
    if parts.settings.web_listen is not None:
        return _serve_board(parts, parts.settings.web_listen, 1)
    return _serve_board(parts, DEFAULT_ADDRESS, MOST_PORTS)


def _serve_board(parts: ServiceParts, wanted: ListenAddress, tries: int) -> WebService:
    settings = parts.settings
    check_addresses(settings, wanted)
    bound = _bind_address(wanted, "WEB_LISTEN", tries)
    address = replace(wanted, port=bound.getsockname()[1])
    url = settings.web_url or address.http_url
    parts.context.options = replace(parts.context.options, board_url=url)
    token = settings.telegram_bot_token
    app = make_board(
        BoardContext(
            parts.context,
            parts.now,
            url,
            mini_app=make_mini_app(token.get_secret_value()) if token is not None else None,
            webhooks=tuple(parts.webhooks),
        )
    )
    if token is not None:
        hide_secret(token.get_secret_value())
    return WebService(app, WebServer(app, bound, settings.web_proxies), address)


def make_monitor_service(parts: ServiceParts) -> WebService | None:
    """Return the pages for monitors, None without METRICS_LISTEN. Raises StartFault."""
    wanted = parts.settings.metrics_listen
    if wanted is None:
        return None
    bound = _bind_address(wanted, "METRICS_LISTEN", 1)
    app = make_monitor(parts.context.database, parts.now, REGISTRY)
    return WebService(app, WebServer(app, bound), wanted)


def check_addresses(settings: Settings, wanted: ListenAddress) -> None:
    """Raise StartFault if the board would be reached from outside without TLS."""
    url = settings.web_url
    is_outside = not wanted.is_loopback
    if is_outside and (url is None or not url.startswith("https:")):
        raise StartFault(say("web-needs-https", address=str(wanted)))
    if url is None or url.startswith("https:"):
        return
    if not is_loopback_host(urlsplit(url).hostname or ""):
        raise StartFault(say("web-url-not-https"))


def _bind_address(address: ListenAddress, setting: str, tries: int) -> socket.socket:
    try:
        return bind_socket(address, tries)
    except AddressInUse as fault:
        raise StartFault(
            say("web-address-in-use", address=str(fault.address), setting=setting)
        ) from None
