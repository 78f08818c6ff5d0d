"""One person with several channels (`/kenh`): a further account, and where reminders go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import select

from handlers.people.codes import make_invitation
from language.agencies.directory import load_standard_directory
from models.channels.accounts import Account
from models.channels.usage import ChannelQuota
from models.chats import find_private_chats
from models.erasure import erase_person
from models.people import Person, Post, PostRole
from plans.registry.agencies import AgencyWriter
from scheduler.audience import find_recipients
from scheduler.rules import Defaults, load_rules
from tests.support.world import ADMIN, TODAY, ZONE, Reply, World

AN, AN_ON_ZALO, BINH = "11", "z11", "12"


async def says_on_zalo(world: World, text: str = "", who: str = AN_ON_ZALO, **more: Any) -> Reply:
    return await world.give(replace(world.incoming(who, text=text, **more), channel="zalo"))


async def joins_on_zalo(world: World, agency: str) -> None:
    async with world.database.write() as session:
        agencies = AgencyWriter(session, load_standard_directory(), world.now.date())
        row = await agencies.ensure_agency(agency)
        until = world.now + timedelta(days=7)
        role = PostRole.FOCAL_POINT
        code = await make_invitation(session, row.id, role, 1, until, None, world.now)
    assert agency in (await says_on_zalo(world, f"/start {code}")).text


async def link(world: World) -> Reply:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    offer = await world.says(AN, "/kenh")
    code = (await world.presses(AN, offer.action("Thêm kênh"))).text.rpartition("/kenh ")[2]
    return await says_on_zalo(world, f"/kenh {code}")


async def reminded_channels(world: World) -> list[str]:
    async with world.database.read() as session:
        rules = await load_rules(session, Defaults(ZONE, admins=()))
        told = {r.chat_id for r in await find_recipients(session, TODAY, rules)}
        person = (await session.exec(select(Person).where(Person.address == AN))).one()
        chats = await find_private_chats(session, [person.id])
    assert told == {chat.id for chat in chats}
    return [chat.channel for chat in chats]


async def test_a_second_account_asks_and_reports_as_the_same_person(world: World) -> None:
    assert "Nguyễn Văn An" in (await link(world)).text
    assert "Sở Tư pháp" in (await says_on_zalo(world, "việc của tôi")).text
    people = await world.people()
    assert AN in people
    assert AN_ON_ZALO not in people


async def test_reminders_go_where_the_person_chose(world: World) -> None:
    await link(world)
    assert await reminded_channels(world) == ["telegram"]
    offered = await says_on_zalo(world, "/kenh")
    assert "qua Telegram" in offered.text
    chosen = await says_on_zalo(world, action=offered.action("Zalo"))
    assert "qua Zalo" in chosen.text
    assert await reminded_channels(world) == ["zalo"]


async def test_an_unreachable_choice_falls_back_to_the_other_channel(world: World) -> None:
    await link(world)
    await says_on_zalo(world, action="channel:zalo")
    await world.give(replace(world.incoming(AN_ON_ZALO, event="blocked"), channel="zalo"))
    assert await reminded_channels(world) == ["telegram"]


async def test_a_code_works_once_and_for_ten_minutes(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    code = (await world.presses(AN, "channel:")).text.rpartition("/kenh ")[2]
    world.wait(minutes=11)
    assert "quá hạn" in (await says_on_zalo(world, f"/kenh {code}")).text
    code = (await world.presses(AN, "channel:")).text.rpartition("/kenh ")[2]
    assert "Đã nối" in (await says_on_zalo(world, f"/kenh {code}")).text
    assert "không đúng" in (await says_on_zalo(world, f"/kenh {code}", who="z12")).text


async def test_guessing_codes_is_limited(world: World) -> None:
    for _ in range(5):
        assert "không đúng" in (await says_on_zalo(world, "/kenh AAAA-BBBB-CCCC")).text
    assert "không đúng" not in (await says_on_zalo(world, "/kenh AAAA-BBBB-CCCC")).text


async def test_an_account_with_a_role_of_its_own_is_not_taken_over(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính")
    code = (await world.presses(AN, "channel:")).text.rpartition("/kenh ")[2]
    assert "/roi" in (await world.says(BINH, f"/kenh {code}")).text


async def test_an_account_that_joined_by_itself_is_connected_only_after_it_left(
    world: World,
) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await joins_on_zalo(world, "Sở Tài chính")
    async with world.database.write() as session:  # the role ended, the membership did not
        (post,) = await session.exec(select(Post).join(Person).where(Person.address == AN_ON_ZALO))
        post.ended_at = world.now
        session.add(post)
    world.app.forget_names()
    code = (await world.presses(AN, "channel:")).text.rpartition("/kenh ")[2]
    assert "/roi" in (await says_on_zalo(world, f"/kenh {code}")).text
    sure = await says_on_zalo(world, "/roi")
    await says_on_zalo(world, action=next(iter(sure.buttons.values())))
    assert "Đã nối" in (await says_on_zalo(world, f"/kenh {code}")).text
    assert "Nguyễn Văn An" in (await says_on_zalo(world, "/toi")).text
    await joins_on_zalo(world, "Sở Nội vụ")
    told = (await world.says(AN, "/toi")).text
    assert "Sở Tư pháp" in told
    assert "Sở Nội vụ" in told


async def test_the_account_of_somebody_who_left_can_be_connected_by_another_person(
    world: World,
) -> None:
    await link(world)
    sure = await world.says(AN, "/roi")
    await world.presses(AN, next(iter(sure.buttons.values())))
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Trần Bình")
    code = (await world.presses(BINH, "channel:")).text.rpartition("/kenh ")[2]
    assert "Đã nối" in (await says_on_zalo(world, f"/kenh {code}")).text
    assert "Trần Bình" in (await says_on_zalo(world, "/toi")).text


async def test_a_code_typed_where_it_was_given_asks_for_the_other_account(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    code = (await world.presses(AN, "channel:")).text.rpartition("/kenh ")[2]
    assert "đã là của anh/chị" in (await world.says(AN, f"/kenh {code}")).text
    assert "Đã nối" in (await says_on_zalo(world, f"/kenh {code}")).text


async def test_of_two_people_at_one_account_the_sender_is_always_one(world: World) -> None:
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính")
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    async with world.database.write() as session:
        binh = (await session.exec(select(Person).where(Person.address == BINH))).one()
        session.add(Account(person_id=binh.id, channel="telegram", address=AN))
    world.app.forget_names()
    told = (await world.says(AN, "/toi")).text
    assert "Sở Tài chính" in told
    assert "Sở Tư pháp" not in told


async def test_strangers_and_groups_learn_what_to_do(world: World) -> None:
    assert "Thêm kênh" in (await says_on_zalo(world, "/kenh")).text
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "riêng" in (await world.says(AN, "/kenh", group="-5")).text
    assert (await says_on_zalo(world, action="channel:zalo", who="z99")).text


async def test_erasing_a_person_erases_every_account(world: World) -> None:
    await link(world)
    await says_on_zalo(world, "việc của tôi")
    async with world.database.write() as session:
        person = (await session.exec(select(Person).where(Person.address == AN))).one()
        await erase_person(session, person, world.now)
    async with world.database.read() as session:
        assert list(await session.exec(select(Account))) == []
    world.app.forget_names()
    assert "chưa tham gia" in (await says_on_zalo(world, "/kenh")).text


async def test_who_manages_the_bot_sees_what_is_used(world: World) -> None:
    world.app.options = replace(world.app.options, channel_quotas=(ChannelQuota("zalo", 3000, 50),))
    await world.joins("z1", PostRole.FOCAL_POINT, "Sở Tư pháp")
    for command in ("/guitin", "/moi Sở Tư pháp"):
        text = (await world.says(ADMIN, command)).text
        assert "Zalo: tháng này đã dùng 0 trong 3.000 tin, 0 trong 50 người" in text
