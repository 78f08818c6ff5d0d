"""People are counted on every channel that they write by."""

from __future__ import annotations

from datetime import date

from models.channels.accounts import Account
from models.channels.usage import count_people
from models.people import PostRole
from models.storage.database import Database
from tests.support.fakes import fill


async def test_who_adds_a_channel_counts_there_and_nobody_counts_twice(sqlite: Database) -> None:
    async with fill(sqlite, date(2026, 11, 20)) as filling:
        one = await filling.person("An", PostRole.ADMIN)
        two = await filling.person("Bình", PostRole.LEADER)
        gone = await filling.person("Chi", PostRole.LEADER)
        gone.left_at = filling.now
        filling.session.add_all(
            [
                Account(person_id=one.id, channel="zalo", address="z-1"),
                Account(person_id=one.id, channel="test", address="t-2"),
                Account(person_id=gone.id, channel="zalo", address="z-3"),
                Account(person_id=two.id, code_sha256="offered"),
            ]
        )
    async with sqlite.read() as session:
        assert await count_people(session, "zalo") == 1
        assert await count_people(session, "test") == 2
