"""Serves applications on an address of the machine, within the loop of the process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from web.addresses import ListenAddress

BACKLOG = 256  # connections that wait to be taken
MOST_CONNECTIONS = 500  # at one time; more are refused
IDLE_SECONDS, STOP_SECONDS = 10, 5


class AddressInUse(Exception):
    """Another program listens at the address, or it is none of this machine."""

    def __init__(self, address: ListenAddress) -> None:
        super().__init__(str(address))
        self.address = address


def bind_socket(address: ListenAddress, tries: int = 1) -> socket.socket:
    """Return a socket bound to `address`, or to the first free one of the `tries` ports from it.

    Raises AddressInUse.
    """
    for port in range(address.port, min(address.port + tries, 65536)):
        host = address.host.strip("[]")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
            bound.listen(BACKLOG)
        except OSError:
            bound.close()
            continue
        bound.setblocking(False)
        return bound
    raise AddressInUse(address)


class WebServer:
    """Serves one application on a bound socket; `start` and `stop` belong to one loop."""

    def __init__(self, app: ASGIApp, bound: socket.socket, proxies: Sequence[str] = ()) -> None:
        """`proxies` are the addresses whose forwarded headers are believed."""
        self._socket = bound
        config = uvicorn.Config(
            app,
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies) or None,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
            ws="none",
        )
        self._server = _QuietServer(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve; return when the first request can come."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        ready = asyncio.create_task(self._server.is_ready.wait())
        await asyncio.wait((self._serving, ready), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._serving.done():
            self._serving.result()

    async def stop(self) -> None:
        """Take no more requests and wait for those that are being answered."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
            self._serving = None
        self._socket.close()


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals as they are."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        self.is_ready.set()
