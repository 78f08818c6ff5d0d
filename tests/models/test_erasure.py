"""Erasing people: their name goes out of the messages that hold it, and out of no others; term by
term."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from handlers.conversation.drafts import DRAFT_LIFETIME
from locales.answer import make_answer, say, to_json
from models.chats import Chat
from models.dialogues import (
    QUESTIONS_KEPT_FOR,
    UPDATES_KEPT_FOR,
    Asked,
    delete_old_questions,
)
from models.erasure import (
    ERASED_PREFIX,
    LEAVER_KEPT_DAYS,
    erase_people_who_left,
    erase_person,
)
from models.notices import MESSAGE, Notice, NoticeStatus
from models.people import Attempt, Person
from models.storage.database import Database
from models.storage.processes import IDLE_PACE_KEPT_FOR
from models.tables import METADATA
from models.web_access import LINKS_KEPT_FOR, WebSession

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
            body = to_json(make_answer(say("told-finished", name=text)))
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


async def test_the_sessions_and_attempts_of_others_stay(database: Database) -> None:
    async with database.write() as session:
        people = [await _person(session, name) for name in ("An", "Bình", "Chi")]
        for person in people:
            session.add(Attempt(channel="telegram", address=person.address, kind="code", at=NOW))
            session.add(
                WebSession(
                    token_sha256=f"of {person.name}",
                    person_id=person.id,
                    opened_at=NOW,
                    expires_at=NOW,
                )
            )
        await session.flush()
        await erase_person(session, people[1], NOW)
    async with database.read() as session:
        sessions = list(await session.exec(select(WebSession.token_sha256)))
        attempts = list(await session.exec(select(Attempt.address)))
    assert sorted(sessions) == ["of An", "of Chi"]
    assert sorted(attempts) == ["address of An", "address of Chi"]
