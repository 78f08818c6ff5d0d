"""Questions of many chats are kept together, each with its own number; a fault reaches everybody
who waits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from models import dialogues
from models.dialogues import (
    MOST_QUESTIONS,
    Asked,
    QuestionWriter,
    Replayed,
    delete_old_questions,
    record_update,
)
from models.storage.database import Database

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def asked(chat: str) -> dict[str, Any]:
    return {
        "channel": "telegram",
        "chat": chat,
        "sender": chat,
        "question": {"said": chat},
        "asked_at": NOW,
    }


async def test_each_gets_the_number_of_its_own_question(database: Database) -> None:
    questions = QuestionWriter(database)
    numbers = await asyncio.gather(
        *(questions.save_question(asked(str(chat))) for chat in range(250))
    )
    async with database.read() as session:
        rows = {
            row.id: row.chat for row in await session.exec(select(Asked).order_by(col(Asked.id)))
        }
    assert [rows[number] for number in numbers] == [str(chat) for chat in range(250)]


async def test_a_fault_reaches_everybody_who_waits_and_the_next_is_kept(database: Database) -> None:
    questions = QuestionWriter(database)
    bad = {**asked("1"), "channel": None}
    answers = await asyncio.gather(
        questions.save_question(bad), questions.save_question(asked("2")), return_exceptions=True
    )
    assert any(isinstance(answer, SQLAlchemyError) for answer in answers)
    assert await questions.save_question(asked("3")) > 0


async def test_old_questions_are_deleted_and_new_ones_stay(sqlite: Database) -> None:
    questions = QuestionWriter(sqlite)
    await questions.save_question({**asked("old"), "asked_at": datetime(2026, 1, 1, tzinfo=UTC)})
    await questions.save_question({**asked("new"), "asked_at": datetime(2026, 11, 1, tzinfo=UTC)})
    day = datetime(2027, 3, 1, tzinfo=UTC)  # 120 days after
    for now, kept in ((day, ["new"]), (day + timedelta(seconds=1), [])):
        async with sqlite.write() as session:
            await delete_old_questions(session, now)
            assert (await session.exec(select(Asked.chat))).all() == kept


async def test_at_most_two_hundred_questions_of_a_person_are_kept(sqlite: Database) -> None:
    questions, kept = QuestionWriter(sqlite), list[int]()
    for number in range(260):
        chat = "1" if number % 3 else "-100"  # in a group, too
        await questions.save_question({**asked(chat), "sender": "1"})
        if number > 190:
            async with sqlite.read() as session:
                rows = await session.exec(select(Asked).where(Asked.sender == "1"))
                kept.append(len(rows.all()))
    await questions.save_question(asked("2"))
    async with sqlite.read() as session:
        last = (await session.exec(select(Asked.id).order_by(col(Asked.id).desc()))).all()
    assert (min(kept), max(kept)) == (181, 200)
    assert last[0] == 261


@pytest.mark.parametrize("at_once", [1, 15, 40])
async def test_a_restart_does_not_let_more_questions_be_kept(
    sqlite: Database, at_once: int
) -> None:
    async with sqlite.write() as session:
        for person in ("0", "1", "2"):
            session.add_all(Asked(**asked(person)) for _ in range(MOST_QUESTIONS - 1))
    for _ in range(4):
        questions = QuestionWriter(sqlite)
        await asyncio.gather(*(questions.save_question(asked("1")) for _ in range(at_once)))
        async with sqlite.read() as session:
            senders = list(await session.exec(select(Asked.sender)))
        assert senders.count("1") <= MOST_QUESTIONS
        assert (senders.count("0"), senders.count("2")) == (MOST_QUESTIONS - 1, MOST_QUESTIONS - 1)


async def test_questions_are_trimmed_however_many_people_ask(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogues, "MOST_COUNTED", 1)
    async with sqlite.write() as session:
        for person in ("1", "2"):
            session.add_all(Asked(**asked(person)) for _ in range(MOST_QUESTIONS))
    questions = QuestionWriter(sqlite)
    for _ in range(2):
        for person in ("1", "2"):
            await questions.save_question(asked(person))
    async with sqlite.read() as session:
        senders = list(await session.exec(select(Asked.sender)))
    assert max(senders.count(person) for person in ("1", "2")) <= MOST_QUESTIONS


async def test_an_update_is_known_for_ten_days_whatever_came_since(database: Database) -> None:
    async def record(update: str, days: int) -> None:
        async with database.write() as session:
            await record_update(session, "telegram", update, NOW + timedelta(days=days))

    await record("1", 0)
    await record("2", 10)
    for update in ("1", "2"):
        with pytest.raises(Replayed):
            await record(update, 10)
    await record("3", 11)
    await record("1", 11)  # ten days after: it is not known any more
