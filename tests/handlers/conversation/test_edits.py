"""An edited message corrects nothing that was written down, and says so."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers.conversation.incoming import Receipt
from models.assignments import Report
from models.dialogues import HandledUpdate
from models.inbox import NewUpdate, add_updates, mark_handled, store_answer
from models.people import PostRole
from models.storage.database import Database
from tests.support.world import ZONE, World

REPORTS = [
    ("báo cáo xong I.1, công văn số 45/CV-STP", "báo cáo xong I.1, công văn số 54/CV-STP"),
    ("đã xong I.1", "đã xong II.1"),
    ("/huy", "/huy bỏ"),
]


async def _store(database: Database, world: World, text: str, *, changed: bool) -> None:
    """The first version of message 7, as the inbox keeps it."""
    new = NewUpdate("first", "5", "5", "7", {"text": text}, world.now.astimezone(ZONE))
    async with database.write() as session:
        (row_id,) = (await add_updates(session, "telegram", [new], world.now)).values()
    if changed:
        await store_answer(database, row_id, None)
    async with database.write() as session:
        await mark_handled(session, [row_id], world.now)


@pytest.mark.parametrize(("first", "second"), REPORTS)
async def test_an_edit_of_a_report_is_no_new_report(world: World, first: str, second: str) -> None:
    await _store(world.database, world, first, changed=True)
    reply = await world.give(
        world.incoming("5", text=second, edited=True, message="7", receipt=Receipt())
    )
    assert "Sửa tin không đổi" in reply.text
    async with world.database.read() as session:
        assert not list(await session.exec(select(Report)))


async def test_an_edited_question_is_answered_anew(world: World) -> None:
    await _store(world.database, world, "vieec quá hạn", changed=False)
    reply = await world.give(world.incoming("1", text="việc quá hạn", edited=True, message="7"))
    assert reply.text
    assert "Sửa tin" not in reply.text


async def test_what_writes_nothing_down_changes_nothing(world: World) -> None:
    """A report that is refused may be mended by an edit."""
    await world.joins("5", PostRole.FOCAL_POINT, "Sở Tư pháp")
    for text in ("báo cáo xong I.2", "xin gia hạn II.2", "việc nào quá hạn", "I.2 xong rồi ạ"):
        receipt = Receipt()
        reply = await world.give(world.incoming("5", text=text, message="7", receipt=receipt))
        assert reply.text
        assert not receipt.changed, text
        async with world.database.read() as session:
            assert not [u for u in await session.exec(select(HandledUpdate)) if u.update != "1000"]


async def test_what_is_written_down_changes_something(world: World) -> None:
    await world.joins("5", PostRole.FOCAL_POINT, "Sở Tư pháp")
    for text in ("báo cáo xong I.1", "xin gia hạn II.1"):  # a report, an open dialogue
        receipt = Receipt()
        await world.give(world.incoming("5", text=text, message="7", receipt=receipt))
        assert receipt.changed, text
