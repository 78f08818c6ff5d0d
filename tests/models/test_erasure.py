"""Erasing people: their name goes out of the messages that hold it, and out of no others; term by
term."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.drafts import DRAFT_LIFETIME
from locales.answer import make_answer, say, to_json
from models import erasure
from models.channels.accounts import Account
from models.channels.choices import ChoiceSet
from models.chats import Chat
from models.dialogues import (
    QUESTIONS_KEPT_FOR,
    UPDATES_KEPT_FOR,
    Asked,
    Draft,
    delete_old_questions,
)
from models.erasure import (
    ERASED_PREFIX,
    LEAVER_KEPT_DAYS,
    LEAVER_KEPT_DAYS_PREFERENCE,
    erase_people_who_left,
    erase_person,
)
from models.inbox import InboxRow
from models.notices import MESSAGE, Notice, NoticeStatus
from models.people import Attempt, Person
from models.preferences import set_preference
from models.storage.database import Database
from models.storage.processes import IDLE_PACE_KEPT_FOR
from models.tables import METADATA
from models.web_access import LINKS_KEPT_FOR, LinkKind, WebLink, WebSession

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


async def _person(session: Any, name: str, **more: Any) -> Person:
    person = Person(
        channel="telegram", address=f"address of {name}", name=name, joined_at=NOW, **more
    )
    session.add(person)
    await session.flush()
    session.add(
        Chat(
            channel="telegram",
            address=person.address,
            kind="private",
            title=name,
            person_id=person.id,
        )
    )
    await session.flush()
    return person


async def _kept(database: Database, name: str, texts: list[str]) -> list[bool]:
    """Whether each of these messages to somebody else still has its text once `name` was erased."""
    async with database.write() as session:
        person = await _person(session, name)
        other = await _person(session, "Lê Thị Chi")
        chat = (await session.exec(select(Chat).where(Chat.person_id == other.id))).one()
        for number, text in enumerate(texts):
            body = to_json(make_answer(say("told-finished", name=text, number=3)))
            session.add(
                Notice(
                    chat_id=chat.id,
                    day=date(2026, 11, 19),
                    kind=MESSAGE,
                    token=f"t{number}",
                    body=body,
                    status=NoticeStatus.SENT,
                    not_before=NOW,
                    planned_at=NOW,
                )
            )
        await session.flush()
        await erase_person(session, person, NOW)
    async with database.read() as session:
        rows = await session.exec(select(Notice).order_by(col(Notice.id)))
        return [notice.body is not None for notice in rows]


@pytest.mark.parametrize(
    ("name", "texts", "kept"),
    [
        ("An", ["An", "việc của An, hôm nay", "tỉnh Antôn", "BAN"], [False, False, True, True]),
        ('Bình "B" \\', ['do Bình "B" \\ gửi', "Bình"], [False, True]),
        ("", ["bất kỳ"], [True]),
        ("Trần C. (STP)", ["Trần C. (STP)", "Trần CX (STP)"], [False, True]),
    ],
)
async def test_the_name_goes_out_of_messages_that_hold_it_as_a_whole(
    database: Database, name: str, texts: list[str], kept: list[bool]
) -> None:
    assert await _kept(database, name, texts) == kept


async def test_only_people_who_left_long_enough_ago_are_erased(database: Database) -> None:
    async with database.write() as session:
        await _person(session, "Đã lâu", left_at=NOW - timedelta(days=31))
        await _person(session, "Mới đây", left_at=NOW - timedelta(days=29))
        await _person(session, "Còn đây")
        assert await erase_people_who_left(session, NOW) == 1
        assert await erase_people_who_left(session, NOW) == 0
    async with database.read() as session:
        people = list(await session.exec(select(Person).order_by(col(Person.id))))
    assert [(p.name, p.address.startswith(ERASED_PREFIX)) for p in people] == [
        ("", True),
        ("Mới đây", False),
        ("Còn đây", False),
    ]


async def test_questions_are_kept_no_longer_than_is_said(database: Database) -> None:
    async with database.write() as session:
        for days in (1, 119, 121, 400):
            asked_at = NOW - timedelta(days=days)
            row = Asked(channel="telegram", chat="1", sender="1", question={}, asked_at=asked_at)
            session.add(row)
    async with database.write() as session:
        await delete_old_questions(session, NOW)
        assert len((await session.exec(select(Asked))).all()) == 2


def test_the_page_on_personal_data_names_every_table_and_the_terms() -> None:
    page = (Path(__file__).parents[2] / "docs/du-lieu-ca-nhan.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert set(METADATA.tables) <= named
    lines = [line for line in page.splitlines() if line.startswith("|")]
    about_people = {name for line in lines for name in re.findall(r"`([a-z_]+)`", line)}
    holds = {
        table.name
        for table in METADATA.sorted_tables
        if {"sender", "address", "person_id", "made_by", "note", "update"}
        & set(table.columns.keys())
    }
    assert holds <= about_people
    terms = {
        "asked": f"{QUESTIONS_KEPT_FOR.days} ngày",
        "draft": f"{DRAFT_LIFETIME.days} ngày",
        "handled_update": f"{UPDATES_KEPT_FOR.days} ngày",
        "person": f"{LEAVER_KEPT_DAYS} ngày",
        "web_link": f"{LINKS_KEPT_FOR.days} ngày",
        "web_session": f"{LINKS_KEPT_FOR.days} ngày",
        "pace": f"{IDLE_PACE_KEPT_FOR // timedelta(hours=1)} giờ",
    }
    for table, term in terms.items():
        assert [line for line in lines if f"`{table}`" in line and term in line], table


async def test_what_is_kept_of_others_stays(sqlite: Database) -> None:
    """Whatever numbers and addresses they have, on this channel and on others."""
    async with sqlite.write() as session:
        people = [await _person(session, name) for name in ("An", "Bình", "Chi")]
        for person in people:
            for further in ("sms", "zalo"):
                address = f"address of {person.name}"
                session.add(Account(person_id=person.id, channel=further, address=address))
            for channel in ("mail", "sms", "telegram", "zalo"):
                await _add_traces(session, channel, person)
        await session.flush()
        await erase_person(session, people[1], NOW)
    others = sorted(
        f"{channel} {name}"
        for channel in ("mail", "sms", "telegram", "zalo")
        for name in ("An", "Bình", "Chi")
        if name != "Bình" or channel == "mail"
    )
    async with sqlite.read() as session:

        async def read(column: Any) -> list[str]:
            return sorted(await session.exec(select(column)))

        for column in (Draft.chat, Asked.chat, InboxRow.chat, Attempt.kind):
            assert await read(column) == others
        assert await read(ChoiceSet.chat) == ["address of An", "address of Chi"]
        assert await read(Account.channel) == ["sms", "sms", "zalo", "zalo"]
        assert set(await read(Account.address)) == {"address of An", "address of Chi"}
        assert await read(WebSession.token_sha256) == ["of An", "of Chi"]
        assert await read(WebLink.token_sha256) == [
            *(f"feed of {name}" for name in ("An", "Chi")),
            *(f"leader of {name}" for name in ("An", "Bình", "Chi")),
            *(f"login of {name}" for name in ("An", "Chi")),
        ]


async def _add_traces(session: AsyncSession, channel: str, person: Person) -> None:
    """Rows of somebody with the person's address on a channel; what the board has of them once."""
    sender, place = person.address, f"{channel} {person.name}"
    who: dict[str, Any] = {"channel": channel, "chat": place, "sender": sender}
    session.add(Draft(**who, kind="add", data={}, changed_at=NOW))
    session.add(Asked(**who, question={}, asked_at=NOW))
    session.add(InboxRow(**who, update=place, received_at=NOW))
    session.add(Attempt(channel=channel, address=sender, kind=place, at=NOW))
    if channel != "telegram":
        return
    session.add(ChoiceSet(channel=channel, chat=sender, actions={}, of_notice=False, shown_at=NOW))
    token = f"of {person.name}"
    session.add(WebSession(token_sha256=token, person_id=person.id, opened_at=NOW, expires_at=NOW))
    for kind in LinkKind:
        session.add(
            WebLink(kind=kind, token_sha256=f"{kind} {token}", person_id=person.id, made_at=NOW)
        )


async def test_choices_of_the_same_address_on_another_channel_stay(sqlite: Database) -> None:
    async with sqlite.write() as session:
        person = await _person(session, "An")
        for channel in ("mail", "telegram", "zalo"):
            row = ChoiceSet(
                channel=channel, chat=person.address, actions={}, of_notice=False, shown_at=NOW
            )
            session.add(row)
        await session.flush()
        await erase_person(session, person, NOW)
        left = await session.exec(select(ChoiceSet.channel).order_by(ChoiceSet.channel))
        assert list(left) == ["mail", "zalo"]


async def test_a_chat_that_was_lost_before_keeps_the_day_of_that(sqlite: Database) -> None:
    before = NOW - timedelta(days=9)
    async with sqlite.write() as session:
        people = [await _person(session, name) for name in ("An", "Bình", "Chi")]
        chats = list(await session.exec(select(Chat).order_by(col(Chat.id))))
        chats[0].unreachable_since = before
        for person in people[:2]:
            await erase_person(session, person, NOW)
    assert [chat.unreachable_since for chat in chats] == [before, NOW, None]
    assert [chat.title for chat in chats] == ["", "", "Chi"]
    assert [chat.address for chat in chats] == ["erased:1", "erased:2", "address of Chi"]


@pytest.mark.parametrize("at_once", [1, 2, 500])
async def test_messages_to_the_person_go_however_many_there_are(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(erasure, "MESSAGES_PER_BATCH", at_once)
    body = to_json(make_answer(say("registry-busy")))
    async with sqlite.write() as session:
        people = [await _person(session, name) for name in ("An", "Bình", "Chi")]
        chats = list(await session.exec(select(Chat.id).order_by(col(Chat.id))))
        for number, status in enumerate([*NoticeStatus] * 2):
            for chat_id in chats:
                session.add(
                    Notice(
                        chat_id=chat_id,
                        day=NOW.date(),
                        kind=MESSAGE,
                        token=str(number),
                        body=body,
                        status=status,
                        not_before=NOW,
                        planned_at=NOW,
                    )
                )
        await session.flush()
        await erase_person(session, people[1], NOW)
    async with sqlite.read() as session:
        empty = [
            (notice.chat_id, notice.status)
            for notice in await session.exec(select(Notice))
            if notice.body is None
        ]
    ended = (NoticeStatus.SENT, NoticeStatus.FAILED, NoticeStatus.DROPPED)
    assert sorted(empty) == sorted((chats[1], status) for status in ended * 2)


@pytest.mark.parametrize(("term", "days"), [(None, 30), (60, 60)])
async def test_who_left_is_erased_when_the_term_is_over(
    sqlite: Database, term: int | None, days: int
) -> None:
    async with sqlite.write() as session:
        await set_preference(session, LEAVER_KEPT_DAYS_PREFERENCE, term)
        for name, left in (("An", days), ("Bình", days), ("Chi", days - 1)):
            await _person(session, name, left_at=NOW - timedelta(days=left))
        assert await erase_people_who_left(session, NOW - timedelta(seconds=1)) == 0
        assert await erase_people_who_left(session, NOW) == 2
        names = await session.exec(select(Person.name).order_by(col(Person.id)))
        assert list(names) == ["", "", "Chi"]
