"""SQLite without threads: a statement runs where it is asked for, and its caller goes on later.

A trip to a connection's thread and back takes far longer than most statements of tests. What
threads do to each other is for the tests of `models/storage` and of people at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiosqlite.core import set_exception, set_result

from models.storage.sqlite import TripSavingConnection


class NearThread:
    """Stands for the thread of a connection, and for the queue of what it is to do."""

    daemon = True

    def start(self) -> None:
        """Do nothing: there is no thread."""

    def put_nowait(self, order: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        """Do what is ordered; who waits for it hears of it in the loop's next turn."""
        future, function = order
        try:
            result = function()
        except Exception as error:
            if future is not None:
                future.get_loop().call_soon(set_exception, future, error)
        else:
            if future is not None:
                future.get_loop().call_soon(set_result, future, result)


def run_statements_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no connection to SQLite start a thread until `monkeypatch` ends."""
    make = TripSavingConnection.__init__

    def make_near(connection: TripSavingConnection, *given: Any) -> None:
        make(connection, *given)
        near: Any = NearThread()
        connection._tx = connection._thread = near

    monkeypatch.setattr(TripSavingConnection, "__init__", make_near)
