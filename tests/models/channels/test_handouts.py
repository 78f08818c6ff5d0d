"""Files that are handed out: by their own address, for ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.channels.handouts import Handout, find_handout, hand_out
from models.storage.database import Database
from tests.support.fakes import ZONE

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)


async def test_a_file_is_found_by_its_own_address_for_ten_minutes(sqlite: Database) -> None:
    async with sqlite.write() as session:
        tokens = {
            await hand_out(session, f"{n}.pdf", str(n).encode(), NOW): f"{n}.pdf" for n in range(9)
        }

    async def find(token: str, after: timedelta) -> str | None:
        async with sqlite.read() as session:
            found = await find_handout(session, token, NOW + after)
        return found.name if found is not None else None

    assert {
        token: await find(token, timedelta(minutes=9, seconds=59)) for token in tokens
    } == tokens
    assert {await find(token, timedelta(minutes=10)) for token in tokens} == {None}
    assert await find("another", timedelta()) is None


async def test_what_is_over_is_deleted_with_the_next_file(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await hand_out(session, "old.pdf", b"1", NOW)
        await hand_out(session, "new.pdf", b"2", NOW + timedelta(minutes=1))
        await hand_out(session, "last.pdf", b"3", NOW + timedelta(minutes=10))
        names = await session.exec(select(Handout.name).order_by(Handout.name))
        assert list(names) == ["last.pdf", "new.pdf"]


@pytest.mark.parametrize(("name", "is_picture"), [("a.png", True), ("A.PNG", True), ("a", False)])
def test_a_picture_is_known_by_its_name(name: str, is_picture: bool) -> None:
    assert Handout(token_sha256="", name=name, content=b"", expires_at=NOW).is_picture is is_picture
