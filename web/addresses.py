"""Addresses of this machine that the board listens on, and of the public. Light to import."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class ListenAddress:
    """A host and a port of this machine."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Return whether only programs of this machine reach it."""
        return is_loopback_host(self.host)

    @property
    def http_url(self) -> str:
        """Return it as the beginning of a web address."""
        return f"http://{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def parse_listen_address(text: str) -> ListenAddress:
    """Parse "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". Raises ValueError."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdecimal():
        raise ValueError("host:port")
    if not 0 <= int(port) <= 65535:
        raise ValueError("port")
    if host.startswith("["):
        ipaddress.IPv6Address(host.strip("[]"))
    elif ":" in host:
        raise ValueError("host")
    return ListenAddress(host, int(port))


def is_loopback_host(host: str) -> bool:
    """Return whether only programs of this machine reach `host`, a name or an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def parse_public_url(text: str) -> str:
    """Parse the public address of the board; return it without a slash at its end.

    It is a scheme and a host, with a port if need be, and has no path. Raises ValueError.
    """
    parts = urlsplit(text.strip().rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("scheme and host")
    if parts.path or parts.query or parts.fragment or (parts.port or 1) < 1:
        raise ValueError("path")
    return f"{parts.scheme}://{parts.netloc}"
