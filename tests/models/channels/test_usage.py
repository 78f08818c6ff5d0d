"""People are counted on every channel that they write by, messages by the month."""

from __future__ import annotations

from datetime import date

from models.channels.accounts import Account
from models.channels.usage import count_messages, count_people, read_usage
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
                Account(person_id=two.id, channel="sms", address="s-2"),
                Account(person_id=two.id, channel="zulu", address="z-2"),
            ]
        )
    async with sqlite.read() as session:
        assert await count_people(session, "zalo") == 1
        assert await count_people(session, "test") == 2
        for neighbour in ("sms", "zulu"):
            assert await count_people(session, neighbour) == 1


async def test_messages_are_counted_by_channel_and_month(database: Database) -> None:
    day = date(2026, 11, 20)

    async def count(channel: str, day: date, messages: int) -> int:
        async with database.write() as session:
            return await count_messages(
                session, channel, day, messages, is_sqlite=database.is_sqlite
            )

    assert await count("zalo", day, 2) == 2
    assert await count("zalo", date(2026, 11, 30), 3) == 5
    assert await count("zalo", date(2026, 12, 1), 1) == 1
    assert await count("test", day, 7) == 7
    async with database.read() as session:
        used = [
            await read_usage(session, channel, on)
            for channel in ("zalo", "test")
            for on in (date(2026, 11, 1), date(2026, 12, 31), date(2025, 11, 20))
        ]
    assert used == [5, 1, 0, 7, 0, 0]
