"""Drafts of dialogues: what an earlier version wrote is read, or said to be out of date."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from handlers.conversation.drafts import DraftData, NotForDialogue, read_draft
from handlers.conversation.request import Request
from locales.user_error import UserError
from models.dialogues import Draft
from models.people import PostRole
from tests.support.world import World

AN = "11"


async def change_draft(world: World, **data: Any) -> None:
    async with world.database.write() as session:
        draft = (await session.exec(select(Draft))).one()
        draft.data = {"token": draft.data["token"], **data}
        session.add(draft)


@pytest.mark.parametrize("data", [{}, {"assignment": "I.1"}, {"assignment": None}])
async def test_a_draft_that_lacks_what_is_needed_is_out_of_date(
    world: World, data: dict[str, Any]
) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says(AN, "xin gia hạn I.1")
    await change_draft(world, **data)
    said = await world.says(AN, "25/12/2026")
    assert "không còn dùng được" in said.text
    assert "đã ghi lại với số" not in said.text


async def test_fields_of_another_version_are_left_out(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says(AN, "xin gia hạn I.1")
    (row, *_) = await world.assignments("I.1")
    await change_draft(world, assignment=row.id, mood="good", left={"lead": []})
    assert "25/12/2026" in (await world.says(AN, "25/12/2026")).text


def make_request(world: World, draft: Draft | None) -> Request:
    sender: Any = None  # who asks is of no matter here
    return Request(world.incoming(AN, text="x"), world.app, sender, sender, draft=draft)


def test_without_a_dialogue_there_are_no_data(world: World) -> None:
    with pytest.raises(NotForDialogue):
        read_draft(make_request(world, None), DraftData)


def test_wrong_data_are_an_error_that_a_person_can_mend(world: World) -> None:
    names: dict[str, Any] = {"channel": "telegram", "chat": AN, "sender": AN, "kind": "extend"}
    draft = Draft(**names, data={"token": ["1"]}, changed_at=world.now)
    with pytest.raises(UserError) as refused:
        read_draft(make_request(world, draft), DraftData)
    assert refused.value.message_id == "button-out-of-date"
