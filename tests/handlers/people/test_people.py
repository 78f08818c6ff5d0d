"""Joining, roles, handing over, leaving, groups, limits: who is who to the bot."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.people.codes import hash_code, make_code
from models.agencies import Agency
from models.assignments import Status
from models.chats import Chat, find_chat
from models.erasure import erase_people_who_left
from models.notices import Notice
from models.people import Invitation, Person, Post, PostRole
from tests.support.world import ADMIN, World

AN, BINH, CHI = "11", "12", "13"
GROUP = "-1001"


def code_of(text: str) -> str:
    return text.rpartition("/start ")[2].split()[0]


async def posts(world: World, address: str) -> list[Post]:
    async with world.database.read() as session:
        rows = await session.exec(
            select(Post).join(Person).where(Person.address == address, Post.ended_at == None)  # noqa: E711  # SQL
        )
        return list(rows)


async def test_the_first_admin_comes_from_the_settings(world: World) -> None:
    said = await world.says(ADMIN, "/start")
    assert "/moi" in said.text
    assert [p.role for p in await posts(world, ADMIN)] == [PostRole.ADMIN]


async def test_a_stranger_learns_only_how_to_join(world: World) -> None:
    for text in (
        "nhiệm vụ của Sở Tư pháp",
        "/congviec",
        "/nguoi",
        "/start",
        "/help",
        "/them a | b | mai",
        "đánh dấu xong I.1",
    ):
        said = await world.says("99", text)
        assert "mã mời" in said.text
        assert "I.1" not in said.text
    for action in ("show:1", "done:1", "q:1:p0", "import:write"):
        assert "mã mời" in (await world.presses("99", action)).text
    assert "mã mời" in (await world.sends("99", "a.docx", b"x")).text


async def test_questions_may_be_open_to_everyone_but_changes_never(world: World) -> None:
    object.__setattr__(world.app.options, "questions_open", True)
    assert "I.1" in (await world.says("99", "việc của Sở Tư pháp")).text
    number = (await world.assignments("I.1"))[0].id
    for action in (f"got:{number}", f"done:{number}", f"more:{number}"):
        assert "do Sở Tư pháp thực hiện" in (await world.presses("99", action)).text
    for text in (
        "/them Sở Y tế | a | mai",
        "/sua I.1",
        "/moi Sở Y tế",
        "/nhatky",
        "/ketthuc",
        "/nguoi",
    ):
        assert "Chỉ " in (await world.says("99", text)).text
    assert (await world.assignments("I.1"))[0].status == Status.NEW


async def test_an_admin_invites_and_a_person_joins(world: World) -> None:
    made = await world.says(ADMIN, "/moi Sở Tư pháp")
    assert "đầu mối của Sở Tư pháp" in made.text
    assert "https://t.me/nhacviec_bot?start=" in made.text
    world.names[AN] = "Nguyễn Văn An"
    said = await world.says(AN, f"/start {code_of(made.text)}")
    assert "đầu mối của Sở Tư pháp" in said.text
    (told,) = await world.told(ADMIN)
    assert "Nguyễn Văn An" in told.text
    agency = await world.agency("Sở Tư pháp")
    assert agency is not None
    assert agency.enrolled_on == world.now.date()


async def test_a_code_that_is_pasted_alone_or_in_a_sentence_joins(world: World) -> None:
    code = code_of((await world.says(ADMIN, "/moi Sở Y tế")).text)
    wrong = "K7QM-2XDR-9PWA" if code != "K7QM-2XDR-9PWA" else "K7QM-2XDR-9PWB"
    assert "không đúng" in (await world.says(AN, wrong)).text
    assert "Sở Y tế" in (await world.says(AN, f"mã của em là {code.lower()} ạ")).text


async def test_joining_enrols_the_agency_in_its_collectives(world: World) -> None:
    (before,) = await world.assignments("I.3")
    assert before.agency_id == before.lead_id
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(BINH, PostRole.HEAD, "Sở Tài chính")
    held = await world.assignments("I.3")
    agencies = {(await world.agency(n)).id for n in ("Sở Tư pháp", "Sở Tài chính")}  # type: ignore[union-attr]
    assert {a.agency_id for a in held} == agencies


@pytest.mark.parametrize(
    ("text", "role", "agency", "uses", "until"),
    [
        (
            "Sở Văn hóa, Thể thao và Du lịch",
            "focal_point",
            "Sở Văn hóa, Thể thao và Du lịch",
            1,
            date(2026, 11, 27),
        ),
        ("stp | thủ trưởng | 3 lượt | đến 30/11", "head", "Sở Tư pháp", 3, date(2026, 11, 30)),
        ("Sở Y tế, đầu mối, 2 người", "focal_point", "Sở Y tế", 2, date(2026, 11, 27)),
        ("quản trị", "admin", None, 1, date(2026, 11, 27)),
        ("lãnh đạo tỉnh | 30 ngày", "leader", None, 1, date(2026, 12, 20)),
        ("Sở Nội vụ | theo dõi", "supervisor", "Sở Nội vụ", 1, date(2026, 11, 27)),
        ("UBND xã Tân Hội", "focal_point", "UBND xã Tân Hội", 1, date(2026, 11, 27)),
    ],
)
async def test_invitations_are_read_in_any_order(
    world: World, text: str, role: str, agency: str | None, uses: int, until: date
) -> None:
    said = await world.says(ADMIN, f"/moi {text}")
    assert "Mã mời" in said.text
    async with world.database.read() as session:
        row = (await session.exec(select(Invitation))).one()
        name = (await session.exec(select(Agency.name).where(Agency.id == row.agency_id))).first()
    assert (row.role, name, row.uses_left) == (role, agency, uses)
    assert row.expires_at.astimezone(world.now.tzinfo).date() == until
    assert row.code_sha256 == hash_code(code_of(said.text))
    assert code_of(said.text) not in str(await world.audit())


async def test_an_agency_that_is_not_certain_is_asked_about(world: World) -> None:
    said = await world.says(ADMIN, "/moi Sở Tư phap tinh nao do")
    assert "Sở Tư pháp" in said.buttons
    made = await world.presses(ADMIN, said.action("Sở Tư pháp"))
    assert "đầu mối của Sở Tư pháp" in made.text


async def test_only_an_admin_invites(world: World) -> None:
    for who, role in ((AN, PostRole.FOCAL_POINT), (BINH, PostRole.HEAD)):
        await world.joins(who, role, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR)
    for who in (AN, BINH, CHI):
        assert "Chỉ người quản trị" in (await world.says(who, "/moi Sở Tư pháp")).text


async def test_a_code_lets_in_as_many_as_it_says_and_no_longer_than_it_lasts(world: World) -> None:
    made = await world.says(ADMIN, "/moi Sở Tư pháp | 2 lượt | 3 ngày")
    code = code_of(made.text)
    assert "Từ nay" in (await world.says(AN, f"/start {code.lower().replace('-', ' ')}")).text
    assert "rồi" in (await world.says(AN, f"/start {code}")).text
    assert "Từ nay" in (await world.says(BINH, f"/start {code}")).text
    assert "hết lượt" in (await world.says(CHI, f"/start {code}")).text
    other = code_of((await world.says(ADMIN, "/moi Sở Y tế | 3 ngày")).text)
    world.wait(days=4)
    assert "hết hạn" in (await world.says(CHI, f"/start {other}")).text


async def test_a_code_that_is_over_keeps_nothing_of_who_tried_it(world: World) -> None:
    code = "/start " + code_of((await world.says(ADMIN, "/moi Sở Tư pháp | 1 lượt")).text)
    await world.says(AN, code)
    assert "hết hạn" in (await world.says(CHI, code)).text
    assert CHI not in await world.people()
    await world.presses(AN, (await world.says(AN, "/roi")).action("Tôi rời"))
    assert "hết hạn" in (await world.says(AN, code)).text
    assert (await world.people())[
        AN
    ].left_at is not None  # the days until the data are erased go on


async def test_five_wrong_codes_an_hour(world: World) -> None:
    good = code_of((await world.says(ADMIN, "/moi Sở Tư pháp")).text)
    for _ in range(5):
        assert "không đúng" in (await world.says(AN, f"/start {make_code()}")).text
    assert "nhiều lần" in (await world.says(AN, f"/start {good}")).text
    world.wait(hours=1, minutes=1)
    assert "Từ nay" in (await world.says(AN, f"/start {good}")).text


async def test_a_code_is_not_taken_in_a_group(world: World) -> None:
    good = code_of((await world.says(ADMIN, "/moi Sở Tư pháp")).text)
    assert "nhắn riêng" in (await world.says(AN, f"/start {good}", group=GROUP)).text


async def test_people_and_their_roles_are_listed_given_and_ended(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    listed = await world.says(ADMIN, "/nguoi")
    assert "Nguyễn Văn An" in listed.text
    assert "đầu mối của Sở Tư pháp" in listed.text
    card = await world.says(ADMIN, "/quyen an")
    await world.presses(ADMIN, card.action("Thêm vai trò"))
    given = await world.says(ADMIN, "Sở Tài chính | thủ trưởng")
    assert "người đứng đầu của Sở Tài chính" in given.text
    assert len(await posts(world, AN)) == 2
    card = await world.says(ADMIN, "/quyen Nguyễn Văn An")
    await world.presses(ADMIN, card.action("Kết thúc vai trò: đầu mối"))
    assert [p.role for p in await posts(world, AN)] == [PostRole.HEAD]
    assert len(await world.told(AN)) == 2
    assert "Chỉ người quản trị" in (await world.says(AN, "/quyen")).text


async def test_the_bot_is_never_without_an_admin(world: World) -> None:
    await world.says(ADMIN, "/start")
    card = await world.says(ADMIN, "/quyen quản trị")
    assert (
        "duy nhất"
        in (await world.presses(ADMIN, card.action("Kết thúc vai trò: người quản trị"))).text
    )
    assert "duy nhất" in (await world.says(ADMIN, "/roi")).text
    await world.joins(CHI, PostRole.ADMIN)
    assert "chắc chắn" in (await world.says(ADMIN, "/roi")).text


async def test_duties_are_handed_over_for_days(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.VIEWER, "Sở Tư pháp", "Trần Bình")
    whom = await world.says(AN, "/bangiao")
    asked = await world.presses(AN, whom.action("Trần Bình"))
    assert "bao lâu" in asked.text
    sure = await world.says(AN, "từ 23/11 đến 27/11")
    assert "thứ Hai 23/11/2026" in sure.text
    await world.presses(AN, sure.action("Đúng"))
    number = (await world.assignments("I.1"))[0].id
    assert "nhờ đầu mối" in (await world.presses(BINH, f"got:{number}")).text
    world.wait(days=3)
    assert "đã tiếp nhận" in (await world.presses(BINH, f"got:{number}")).text
    world.wait(days=5)
    assert "nhờ đầu mối" in (await world.presses(BINH, f"work:{number}")).text


async def test_duties_are_handed_over_for_good(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.VIEWER, "Sở Tư pháp", "Trần Bình")
    whom = await world.says(AN, "/bangiao")
    asked = await world.presses(AN, whom.action("Trần Bình"))
    done = await world.presses(AN, asked.action("Bàn giao hẳn"))
    assert "từ nay Trần Bình" in done.text
    assert await posts(world, AN) == []
    assert {p.role for p in await posts(world, BINH)} == {PostRole.VIEWER, PostRole.FOCAL_POINT}
    assert len(await world.told(BINH)) == 1


async def test_duties_go_for_good_to_who_has_them_already(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tư pháp", "Trần Bình")
    asked = await world.presses(AN, (await world.says(AN, "/bangiao")).action("Trần Bình"))
    done = await world.presses(AN, asked.action("Bàn giao hẳn"))
    assert "từ nay Trần Bình" in done.text
    assert await posts(world, AN) == []
    assert [p.role for p in await posts(world, BINH)] == [PostRole.FOCAL_POINT]


async def test_only_ones_own_duties_and_only_to_colleagues(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Bình")
    own = (await posts(world, AN))[0]
    people = await world.people()
    for action in (f"hand:{own.id}", f"handto:{own.id}:{people[BINH].id}"):
        assert "không bàn giao được" in (await world.presses(BINH, action)).text
    assert (
        "không còn dùng được"
        in (await world.presses(AN, f"handto:{own.id}:{people[BINH].id}")).text
    )
    assert "Chưa có đồng nghiệp" in (await world.says(AN, "/bangiao")).text


async def test_a_person_sees_what_is_kept_and_leaves(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    me = await world.says(AN, "/toi")
    assert "Nguyễn Văn An" in me.text
    assert "đầu mối của Sở Tư pháp" in me.text
    sure = await world.says(AN, "/roi")
    assert "đầu mối duy nhất của Sở Tư pháp" in sure.text
    assert "đã rời" in (await world.presses(AN, sure.action("Tôi rời"))).text
    assert "mã mời" in (await world.says(AN, "việc của tôi")).text
    assert (await world.people())[AN].name == "Nguyễn Văn An"
    async with world.database.write() as session:
        assert await erase_people_who_left(session, world.now + timedelta(days=29)) == 0
        assert await erase_people_who_left(session, world.now + timedelta(days=31)) == 1
    assert "Nguyễn Văn An" not in str(
        [(p.name, p.address) for p in (await world.people()).values()]
    )


async def test_data_are_erased_on_request(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.says(AN, "việc của tôi")
    number = (await world.assignments("I.1"))[0].id
    await world.presses(AN, f"got:{number}")
    me = await world.says(AN, "/toi")
    sure = await world.presses(AN, me.action("Xóa dữ liệu"))
    await world.presses(AN, sure.action("Xóa dữ liệu"))
    from sqlalchemy import text

    async with world.database.engine.connect() as connection:
        for table in ("person", "chat", "asked", "draft", "audit", "attempt", "notice"):
            rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            assert "Nguyễn Văn An" not in str(rows)
            assert not any(value == AN for row in rows for value in row)
    assert "người đã rời" in (await world.says(ADMIN, "/nhatky I.1")).text


async def test_who_left_may_come_back(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    sure = await world.says(AN, "/roi")
    await world.presses(AN, sure.action("Tôi rời"))
    assert "Từ nay" in (await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")).text


async def test_nothing_is_kept_of_a_stranger_who_blocks_the_bot(world: World) -> None:
    before = len(await world.audit())
    await world.happens("77", "blocked")
    await world.happens("77", "unblocked")
    assert len(await world.audit()) == before
    async with world.database.read() as session:
        assert (await session.exec(select(Chat).where(Chat.address == "77"))).all() == []


async def test_the_chat_of_somebody_who_left_and_blocked_the_bot_is_erased_with_them(
    world: World,
) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.presses(AN, (await world.says(AN, "/roi")).action("Tôi rời"))
    await world.happens(AN, "blocked")
    world.wait(days=31)
    await world.says(ADMIN, "/nguoi")
    async with world.database.read() as session:
        assert AN not in set(await session.exec(select(Chat.address)))


async def test_a_group_is_bound_by_an_admin_of_the_bot(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    added = await world.happens(ADMIN, "added", group=GROUP)
    assert "/gannhom" in added.text
    assert "chưa được gắn" in (await world.says(AN, "việc của tôi", group=GROUP)).text
    assert "I.1" in (await world.says(ADMIN, "việc của Sở Tư pháp", group=GROUP)).text
    assert "Chỉ người quản trị" in (await world.says(AN, "/gannhom tỉnh", group=GROUP)).text
    offer = await world.says(ADMIN, "/gannhom", group=GROUP)
    bound = await world.presses(ADMIN, offer.action("15/KH-UBND"), group=GROUP)
    assert "kế hoạch 15/KH-UBND" in bound.text
    assert "I.1" in (await world.says("99", "việc của Sở Tư pháp", group=GROUP)).text
    number = (await world.assignments("I.1"))[0].id
    assert "nhờ đầu mối" in (await world.presses("99", f"done:{number}", group=GROUP)).text


@pytest.mark.parametrize(
    ("text", "scope"),
    [("tỉnh", "province"), ("Sở Tư pháp", "agency"), ("kế hoạch 15", "plan"), ("kh 15", "plan")],
)
async def test_a_group_is_bound_by_a_word(world: World, text: str, scope: str) -> None:
    await world.says(ADMIN, f"/gannhom {text}", group=GROUP)
    async with world.database.read() as session:
        chat = await find_chat(session, "telegram", GROUP)
    assert chat is not None
    assert chat.scope == scope
    await world.says(ADMIN, "/gannhom bỏ", group=GROUP)
    async with world.database.read() as session:
        chat = await find_chat(session, "telegram", GROUP)
    assert chat is not None
    assert chat.scope is None


async def test_a_group_that_moves_stays_bound(world: World) -> None:
    await world.says(ADMIN, "/gannhom tỉnh", group=GROUP)
    await world.happens(ADMIN, "added", group="-2002")
    for _ in range(2):  # the server tells of it to both addresses, and the sender may hear it first
        await world.happens(ADMIN, "moved", group=GROUP, moved_to="-2002")
    async with world.database.read() as session:
        chats = {
            c.address: c.scope for c in await session.exec(select(Chat).where(Chat.kind == "group"))
        }
    assert chats.pop("-2002") == "province"
    assert list(chats.values()) == [None]  # the row that stood at the new address
    await world.happens(ADMIN, "removed", group="-2002")
    async with world.database.read() as session:
        chat = await find_chat(session, "telegram", "-2002")
    assert chat is not None
    assert chat.unreachable_since is not None


async def test_twenty_messages_a_minute_then_one_polite_sentence(world: World) -> None:
    await world.joins(AN, PostRole.VIEWER)
    world.wait(minutes=2)
    frozen = world.now
    said = []
    for _ in range(30):
        world.now = frozen
        said.append((await world.says(AN, "/huy")).text)
    assert [bool(text) for text in said] == [True] * 21 + [False] * 9
    assert "một phút" in said[20]
    world.now = frozen + timedelta(seconds=61)
    assert "một phút" not in (await world.says(AN, "/huy")).text


async def test_a_word_may_stand_for_the_button(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(CHI, PostRole.SUPERVISOR)
    await world.says(AN, "xin gia hạn I.1 đến 15/12 vì chờ ý kiến")
    assert "Đã ghi đề nghị" in (await world.says(AN, "Đúng rồi")).text
    await world.says(CHI, "/them Sở Tư pháp | Việc mới | 20/12/2026")
    assert "Đã lưu" in (await world.says(CHI, "ok")).text
    await world.says(CHI, "/them")
    assert "Đã dừng" in (await world.says(CHI, "thôi")).text
    await world.says(AN, "/roi")
    await world.says(AN, "việc của tôi")
    assert (await world.people())[AN].left_at is None


async def test_the_name_goes_out_of_messages_that_were_sent(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(CHI, PostRole.SUPERVISOR)
    await world.says(AN, "xong I.1, số 5/BC-STP")
    assert "Nguyễn Văn An" in (await world.told(CHI))[0].text
    me = await world.says(AN, "/toi")
    sure = await world.presses(AN, me.action("Xóa dữ liệu"))
    await world.presses(AN, sure.action("Xóa dữ liệu"))
    async with world.database.read() as session:
        bodies = [notice.body for notice in await session.exec(select(Notice))]
    assert "Nguyễn Văn An" not in json.dumps(bodies, ensure_ascii=False)


async def test_in_a_group_a_question_of_the_bot_asks_for_a_reply(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says(ADMIN, "/gannhom tỉnh", group=GROUP)
    asked = await world.says(AN, "đang thực hiện I.1", group=GROUP)
    assert "trả lời ngay tin này" in asked.text
    assert "trả lời ngay tin này" not in (await world.says(AN, "đã lấy ý kiến", group=GROUP)).text
    assert "trả lời ngay tin này" not in (await world.says(AN, "đang thực hiện I.1")).text


async def joined(world: World, count: int) -> None:
    """So many focal points of one agency, written straight into the registry."""
    await world.says(ADMIN, "/start")
    async with world.database.write() as session:
        for number in range(count):
            person = Person(
                channel="telegram",
                address=f"9{number}",
                name=f"Người {number:02}",
                joined_at=world.now,
            )
            session.add(person)
            await session.flush()
            session.add(Post(person_id=person.id, role=PostRole.VIEWER, made_at=world.now))


async def test_many_people_are_listed_in_pages(world: World) -> None:
    await joined(world, 45)
    first = await world.says(ADMIN, "/nguoi")
    assert "46 người" in first.text
    assert "Đang xem 1–20 trong 46 người" in first.text
    second = await world.presses(ADMIN, first.action("Sau"))
    assert "21. Người 19" in second.text
    assert second.answer is not None
    assert second.answer.replace
    third = await world.presses(ADMIN, second.action("Sau"))
    assert "46. Người 44" in third.text
    assert not any("Sau" in label for label in third.buttons)
    assert "21. Người 19" in (await world.presses(ADMIN, third.action("Trước"))).text
    named = await world.says(ADMIN, "/quyen Người")
    assert "Đang xem 1–20 trong 45 người" in named.text
    assert "41–45" in (await world.presses(ADMIN, "people:40:nguoi")).text


async def test_people_of_a_name_too_long_for_a_button_are_listed_without_pages(
    world: World,
) -> None:
    await joined(world, 45)
    named = await world.says(ADMIN, "/nguoi " + "Người " * 15)
    assert "Đang xem 1–20 trong 45 người" in named.text
    assert not any("Sau" in label for label in named.buttons)


async def test_pages_of_people_are_for_admins(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "Chỉ người quản trị" in (await world.presses(AN, "people:0:")).text


async def test_nobody_of_a_name_is_not_nobody_at_all(world: World) -> None:
    assert "Không có ai tên “zzz”" in (await world.says(ADMIN, "/nguoi zzz")).text


async def test_a_role_is_given_in_one_line(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    assert (
        "người đứng đầu của Sở Tài chính"
        in (await world.says(ADMIN, "/quyen Văn An | Sở Tài chính | thủ trưởng")).text
    )
    assert {p.role for p in await posts(world, AN)} == {PostRole.FOCAL_POINT, PostRole.HEAD}


async def test_a_role_that_is_none_is_given_to_nobody(world: World) -> None:
    await world.joins(AN, PostRole.VIEWER, name="Nguyễn Văn An")
    await world.presses(ADMIN, (await world.says(ADMIN, "/quyen Văn An")).action("Thêm vai trò"))
    assert (
        "chưa hiểu phần “trưởng phòng”"
        in (await world.says(ADMIN, "Sở Tư pháp | trưởng phòng")).text
    )
    assert [p.role for p in await posts(world, AN)] == [PostRole.VIEWER]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sở Tư pháp | 1000 lượt", "từ 1 đến 200"),
        ("Sở Tư pháp | 5000 ngày", "nhiều nhất 366 ngày"),
        ("Sở Tư pháp | đến 30/2", "Không có “30/2” trên lịch"),
        ("Sở Tư pháp | đến hôm qua", "đã qua"),
    ],
)
async def test_an_invitation_that_cannot_be_says_why(world: World, text: str, said: str) -> None:
    assert said in (await world.says(ADMIN, f"/moi {text}")).text


@pytest.mark.parametrize(
    ("channel", "admins", "is_admin"),
    [
        ("telegram", ("telegram:77",), True),
        ("telegram", ("zalo:77",), False),
        ("zalo", ("telegram:77",), False),
        ("zalo", ("zalo:77",), True),
    ],
)
async def test_an_address_makes_an_admin_on_its_own_channel_alone(
    world: World, channel: str, admins: tuple[str, ...], is_admin: bool
) -> None:
    world.app.options = replace(world.app.options, admins=admins)
    said = await world.give(replace(world.incoming("77", text="/moi"), channel=channel))
    assert ("mời người của cơ quan nào" in said.text) is is_admin


async def test_who_is_unknown_learns_the_number_for_the_settings(world: World) -> None:
    said = await world.says(CHI, "/toi")
    assert "không lưu tên" in said.text
    assert f"Telegram {CHI}" in said.text


async def test_a_stranger_in_a_bound_group_learns_what_to_ask(world: World) -> None:
    await world.says(ADMIN, "/gannhom toàn tỉnh", group=GROUP)
    for text in ("/start", "/help"):
        said = await world.says(CHI, text, group=GROUP)
        assert "hỏi được về các nhiệm vụ" in said.text
    assert "/toi riêng" in (await world.says(CHI, "/toi", group=GROUP)).text


async def test_a_group_is_not_bound_to_a_plan_that_is_not_there(world: World) -> None:
    said = await world.says(ADMIN, "/gannhom kế hoạch 999", group=GROUP)
    assert "không rõ kế hoạch “999”" in said.text
    assert any("15/KH-UBND" in label for label in said.buttons)


async def test_days_of_absence_the_wrong_way_round_are_not_turned_into_others(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.HEAD, "Sở Tư pháp", "Trần Bình")
    whom = await world.says(AN, "/bangiao")
    await world.presses(AN, whom.action("Trần Bình"))
    said = await world.says(AN, "từ 27/11 đến 23/11")
    assert "đứng trước ngày bắt đầu" in said.text
    assert "Đúng" not in said.buttons
    assert "thứ Sáu 27/11/2026" in (await world.says(AN, "từ 23/11 đến 27/11")).text


@pytest.mark.parametrize(
    "text", ["/nhiemvu stp", "/nhiệm vụ stp", "/ nhiemvu stp", "/NhiemVu\nstp", "/nhiem vu\nstp"]
)
async def test_a_command_is_known_however_it_is_spaced(world: World, text: str) -> None:
    assert "Sở Tư pháp · chủ trì" in (await world.says(ADMIN, text)).text


@pytest.mark.parametrize(
    ("text", "near"),
    [("/nhiemvuu", "/nhiemvu"), ("/hep", "/help"), ("/bangiao", ""), ("/zzz", ""), ("/", "")],
)
async def test_an_unknown_command_offers_what_it_is_like(
    world: World, text: str, near: str
) -> None:
    said = await world.says(ADMIN, text)
    assert ("Có phải anh/chị muốn gõ" in said.text) is bool(near)
    assert near in said.text


async def test_a_sticker_in_the_middle_of_a_dialogue_says_that_an_answer_is_waited_for(
    world: World,
) -> None:
    await world.says(ADMIN, "/them")
    said = await world.give(world.incoming(ADMIN, other=True))
    assert "câu trả lời cho câu hỏi ở trên" in said.text
    assert "Tên nhiệm vụ" in (await world.says(ADMIN, "Sở Tư pháp")).text


async def test_what_steers_text_is_left_out_where_text_comes_in(both: World) -> None:
    both.names["5"] = "Lê\0 \u202eChi\ud83d"
    await both.joins("5", PostRole.FOCAL_POINT, "\u0405ở \u0422ư \u0440háp")
    await both.says("5", "xong\0 rồi \ud800\u2066")
    person = (await both.people())["5"]
    assert person.name == "Lê Chi"
    posts = (await both.says("5", "/toi")).text
    assert "Sở Tư pháp" in posts


async def test_events_by_strangers_leave_no_rows_and_few_greetings(world: World) -> None:
    greeted, moment = 0, world.now
    for number in range(200):
        world.now = moment  # all of it within a minute
        said = await world.happens("666", "added", group=f"-9{number % 50}")
        await world.happens("666", "removed", group=f"-9{number % 50}")
        greeted += said.answer is not None
    async with world.database.read() as session:
        groups = (await session.exec(select(Chat).where(Chat.kind == "group"))).all()
    assert not groups
    assert not [row for row in await world.audit() if row.action.startswith("chat_")]
    assert greeted == 20


async def test_a_bound_group_follows_each_event_and_the_audit_keeps_the_first(
    world: World,
) -> None:
    await world.says(ADMIN, "/start")
    await world.says(ADMIN, "/gannhom tỉnh", group=GROUP)
    for _ in range(100):
        await world.happens("666", "removed", group=GROUP)
        await world.happens("666", "added", group=GROUP)
    await world.happens("666", "removed", group=GROUP)
    async with world.database.read() as session:
        chat = await find_chat(session, "telegram", GROUP)
    assert chat is not None
    assert chat.unreachable_since is not None
    assert chat.scope == "province"
    recorded = [row.action for row in await world.audit() if row.action.startswith("chat_")]
    assert sorted(recorded) == ["chat_added", "chat_removed"]
    world.wait(days=2)
    await world.happens("666", "added", group=GROUP)
    assert len([row for row in await world.audit() if row.action == "chat_added"]) == 2
