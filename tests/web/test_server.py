"""Addresses of the machine, and what a real server does on one."""

from __future__ import annotations

import socket

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from web.addresses import ListenAddress, is_loopback_host, parse_listen_address, parse_public_url
from web.server import AddressInUse, WebServer, bind_socket


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        (" localhost:80 ", "localhost", 80),
        ("[::1]:8080", "[::1]", 8080),
        ("0.0.0.0:0", "0.0.0.0", 0),
        ("bang.tinh.vn:443", "bang.tinh.vn", 443),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, host: str, port: int) -> None:
    assert parse_listen_address(text) == ListenAddress(host, port)


@pytest.mark.parametrize(
    "text", ["", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "h:99999", "h:-1", "::1:80", "[x]:80"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_listen_address(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://bang.tinh.vn/", "https://bang.tinh.vn"),
        ("https://bang.tinh.vn:8443", "https://bang.tinh.vn:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_public_address_loses_its_slash(text: str, url: str) -> None:
    assert parse_public_url(text) == url


@pytest.mark.parametrize(
    "text",
    ["bang.tinh.vn", "ftp://x", "https://", "https://x/bang", "https://a:b@x", "https://x?y"],
)
def test_what_is_no_public_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_public_url(text)


def test_loopback_is_known_by_name_and_address() -> None:
    assert [is_loopback_host(h) for h in ("localhost", "127.0.0.9", "[::1]")] == [True] * 3
    assert [is_loopback_host(h) for h in ("0.0.0.0", "10.0.0.1", "x.vn")] == [False] * 3


def test_an_address_in_use_is_refused_or_the_next_port_taken() -> None:
    with bind_socket(ListenAddress("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse):
            bind_socket(ListenAddress("127.0.0.1", port))
        with bind_socket(ListenAddress("127.0.0.1", port), tries=50) as other:
            assert other.getsockname()[1] > port


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(AddressInUse):
        bind_socket(ListenAddress("203.0.113.7", 8080))


async def show_client(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the address that the application sees."""
    client = Request(scope).client
    await PlainTextResponse(client.host if client else "")(scope, receive, send)


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [((), "127.0.0.1"), (("10.9.9.9",), "127.0.0.1"), (("127.0.0.0/8",), "203.0.113.9")],
)
async def test_forwarded_addresses_are_believed_from_proxies_alone(
    proxies: tuple[str, ...], seen: str
) -> None:
    bound: socket.socket = bind_socket(ListenAddress("127.0.0.1", 0))
    port = bound.getsockname()[1]
    server = WebServer(show_client, bound, proxies)
    await server.start()
    try:
        async with httpx.AsyncClient() as client:
            answer = await client.get(
                f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "203.0.113.9"}
            )
        assert answer.text == seen
        assert "server" not in answer.headers
    finally:
        await server.stop()


async def test_a_server_stops_and_frees_its_address() -> None:
    bound = bind_socket(ListenAddress("127.0.0.1", 0))
    port = bound.getsockname()[1]
    server = WebServer(show_client, bound)
    await server.start()
    await server.stop()
    await server.stop()
    bind_socket(ListenAddress("127.0.0.1", port)).close()
