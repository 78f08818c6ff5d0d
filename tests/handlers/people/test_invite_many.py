"""A province is invited at once: one sheet, no second code, and nobody joins by accident."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from sqlmodel import select

from models.people import Invitation, PostRole
from tests.support.world import ADMIN, Reply, World

GROUP = "-7"


def _read_sheet(reply: Reply) -> list[dict[str, object]]:
    """Return the rows of the sheet by heading."""
    assert reply.answer is not None
    (file,) = reply.answer.files
    head, *rows = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0].values
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def _make_list(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
async def admin(world: World) -> World:
    await world.says(ADMIN, "/start")
    return world


async def test_a_sheet_has_a_code_for_each_agency_and_says_who_has_joined(admin: World) -> None:
    await admin.joins("11", PostRole.FOCAL_POINT, "Sở Tư pháp")
    reply = await admin.says(ADMIN, "/moi tất cả")
    rows = {row["Cơ quan"]: row for row in _read_sheet(reply)}
    assert set(rows) == {"Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp"}
    assert rows["Sở Tư pháp"]["Mã mời"] is None
    assert rows["Sở Tư pháp"]["Ngày tham gia"] is not None
    assert "Chưa tham gia: Sở Nội vụ; Sở Tài chính" in reply.text
    code = str(rows["Sở Nội vụ"]["Mã mời"])
    assert rows["Sở Nội vụ"]["Liên kết tham gia"] == f"https://t.me/nhacviec_bot?start={code}"
    assert "đầu mối của Sở Nội vụ" in (await admin.says("12", f"/start {code}")).text


async def test_the_steps_of_a_bot_without_a_link_name_no_address(admin: World) -> None:
    admin.app.options = replace(admin.app.options, bot_name=None)
    reply = await admin.says(ADMIN, "/moi tất cả")
    assert reply.answer is not None
    (file,) = reply.answer.files
    rows = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[1].values
    steps = " ".join(str(row[0]) for row in rows if row[0])
    assert "tìm Nhắc việc và gửi" in steps
    assert "Telegram" not in steps


async def test_the_way_to_a_new_code_names_the_role_too(admin: World) -> None:
    rows = _make_list(
        ("Cơ quan", "Vai trò"), ("Sở Tư pháp", "thủ trưởng"), ("Sở Tư phápp", "thủ trưởng")
    )
    await admin.sends(ADMIN, "ds.xlsx", rows, "/moi")
    again = _read_sheet(await admin.sends(ADMIN, "ds.xlsx", rows, "/moi"))
    for row in again:
        command = str(row["Tình trạng"]).partition(": /moi")[2]
        assert command.endswith("| người đứng đầu")
        assert "Sở Tư pháp" in (await admin.says(ADMIN, f"/moi{command}")).text


async def test_a_code_is_renewed_though_the_agency_had_to_be_asked_for(admin: World) -> None:
    await admin.says(ADMIN, "/moi Sở Tư pháp")
    await admin.says(ADMIN, "/moi lại sở gì đó")
    assert "không còn hiệu lực" in (await admin.says(ADMIN, "Sở Tư pháp")).text
    assert "không còn hiệu lực" in (await admin.says(ADMIN, "mời lại Sở Tư pháp")).text


async def test_everybody_is_invited_only_to_the_roles_of_an_agency(admin: World) -> None:
    for text in ("/moi tất cả | người theo dõi", "/moi tất cả | người xem"):
        assert "mời từng người" in (await admin.says(ADMIN, text)).text
    assert "“Sở Tư pháp”" in (await admin.says(ADMIN, "/moi tất cả | Sở Tư pháp")).text
    async with admin.database.read() as session:
        assert list(await session.exec(select(Invitation))) == []


async def test_a_sheet_asked_for_again_makes_no_second_code(admin: World) -> None:
    await admin.says(ADMIN, "/moi tất cả")
    again = _read_sheet(await admin.says(ADMIN, "/moi tất cả"))
    assert all(row["Mã mời"] is None for row in again)
    assert all("Đã cấp ngày 20/11/2026" in str(row["Tình trạng"]) for row in again)
    async with admin.database.read() as session:
        codes = list(await session.exec(select(Invitation)))
    assert len(codes) == len(again)
    assert all(code.expires_at - admin.now > timedelta(days=29) for code in codes)


@pytest.mark.parametrize(
    "text", ["/moi lại tất cả", "/moi lại Sở Nội vụ", "/moi lại đầu mối Sở Nội vụ"]
)
async def test_a_renewed_code_replaces_the_old_one(admin: World, text: str) -> None:
    old = _read_sheet(await admin.says(ADMIN, "/moi tất cả"))
    code = next(row["Mã mời"] for row in old if row["Cơ quan"] == "Sở Nội vụ")
    await admin.says(ADMIN, text)
    assert "hết hạn hoặc đã dùng hết" in (await admin.says("12", f"/start {code}")).text


async def test_the_leaders_of_all_agencies_are_their_heads(admin: World) -> None:
    rows = _read_sheet(await admin.says(ADMIN, "/moi tất cả | lãnh đạo"))
    assert {row["Vai trò"] for row in rows} == {"người đứng đầu"}


async def test_a_sheet_goes_only_to_a_private_chat(admin: World) -> None:
    reply = await admin.says(ADMIN, "/moi tất cả", group=GROUP)
    assert reply.answer is not None
    assert reply.answer.files == ()
    async with admin.database.read() as session:
        assert not list(await session.exec(select(Invitation)))


async def test_where_no_file_can_be_sent_no_code_is_made(admin: World) -> None:
    incoming = replace(admin.incoming(ADMIN, text="/moi tất cả"), takes_files=False)
    assert "chưa tạo mã mời nào" in (await admin.give(incoming)).text
    async with admin.database.read() as session:
        assert not (await session.exec(select(Invitation))).all()


async def test_only_an_admin_gets_a_sheet(admin: World) -> None:
    await admin.joins("13", PostRole.SUPERVISOR, "Sở Nội vụ")
    reply = await admin.presses("13", "inviteall:")
    assert "Chỉ người quản trị" in reply.text


async def test_a_collective_gets_no_focal_point_by_accident(admin: World) -> None:
    offered = await admin.says(ADMIN, "/moi UBND cấp xã")
    assert "tên chung của nhiều cơ quan" in offered.text
    async with admin.database.read() as session:
        assert not list(await session.exec(select(Invitation)))
    chosen = await admin.presses(ADMIN, offered.action("Vẫn mời chung"))
    assert "đầu mối của UBND cấp xã" in chosen.text


@pytest.mark.process
async def test_a_list_in_excel_invites_whom_it_names(admin: World) -> None:
    content = _make_list(
        ("DANH SÁCH ĐẦU MỐI", "", ""),
        ("STT", "Tên cơ quan", "Vai trò"),
        ("1", "Xã Hòa Lạc", ""),
        ("2", "UBND phường An Bình", "Thủ trưởng"),
        ("3", "Trung tâm Xúc tiến", ""),
        ("4", "UBND cấp xã", "đầu mối"),
        ("5", "Sở Y tế", "đầu mối"),
    )
    reply = await admin.sends(ADMIN, "ds.xlsx", content, "/moi")
    rows = {row["Cơ quan"]: row for row in _read_sheet(reply)}
    assert rows["UBND xã Hòa Lạc"]["Vai trò"] == "đầu mối"
    assert rows["UBND phường An Bình"]["Vai trò"] == "người đứng đầu"
    assert all(rows[name]["Mã mời"] for name in ("UBND xã Hòa Lạc", "UBND phường An Bình"))
    for name in ("Trung tâm Xúc tiến", "UBND cấp xã"):
        assert rows[name]["Mã mời"] is None
        assert name in reply.text
    communes = _read_sheet(await admin.says(ADMIN, "/moi cấp xã"))
    assert [row["Cơ quan"] for row in communes] == ["UBND phường An Bình", "UBND xã Hòa Lạc"]


async def test_the_leaders_of_the_province_and_of_an_agency_are_told_apart_in_a_list(
    admin: World,
) -> None:
    rows = (("Cơ quan", "Vai trò"), ("UBND tỉnh", "lãnh đạo"), ("Sở Y tế", "lãnh đạo"))
    reply = await admin.sends(ADMIN, "ds.xlsx", _make_list(*rows), "/moi")
    sheet = {row["Cơ quan"]: row for row in _read_sheet(reply)}
    assert "chưa rõ tên" not in reply.text
    assert sheet["UBND tỉnh"]["Vai trò"] == "lãnh đạo tỉnh"
    assert sheet["Sở Y tế"]["Vai trò"] == "người đứng đầu"
    said = await admin.says("31", f"/start {sheet['UBND tỉnh']['Mã mời']}")
    assert "lãnh đạo tỉnh" in said.text
    again = _read_sheet(await admin.sends(ADMIN, "ds.xlsx", _make_list(*rows), "/moi"))
    assert again[0]["Tình trạng"] == "Đã tham gia"
    assert "Đã cấp ngày" in str(again[1]["Tình trạng"])


async def test_a_formula_without_a_value_in_a_list_is_named_by_its_cell(admin: World) -> None:
    rows = (("Cơ quan", "Vai trò"), ("Sở Y tế", "đầu mối"), ('="Sở "&"Xây dựng"', "đầu mối"))
    reply = await admin.sends(ADMIN, "ds.xlsx", _make_list(*rows), "/moi")
    assert [row["Cơ quan"] for row in _read_sheet(reply)] == ["Sở Y tế"]
    assert "Chưa đọc được ô A3 vì công thức" in reply.text
    alone = await admin.sends(ADMIN, "ds.xlsx", _make_list(rows[0], rows[2]), "/moi")
    assert "Chưa đọc được ô A2" in alone.text


async def test_a_list_is_taken_in_the_dialogue_too(admin: World) -> None:
    await admin.says(ADMIN, "/moi")
    reply = await admin.sends(
        ADMIN, "ds.xlsx", _make_list(("Sở Y tế", "đầu mối"), ("Sở Xây dựng",))
    )
    assert [row["Cơ quan"] for row in _read_sheet(reply)] == ["Sở Y tế", "Sở Xây dựng"]


async def test_a_list_without_agencies_is_refused(admin: World) -> None:
    reply = await admin.sends(ADMIN, "ds.xlsx", _make_list(("a", "b"), ("1", "2")), "/moi")
    assert "không tìm thấy cột tên cơ quan" in reply.text


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("/moi người theo dõi Sở Nội vụ", "người theo dõi của Sở Nội vụ"),
        ("/moi đầu mối của Sở Tài chính", "đầu mối của Sở Tài chính"),
        ("/moi lãnh đạo Sở Y tế", "người đứng đầu của Sở Y tế"),
        ("/moi UBND tỉnh | lãnh đạo", "Mã mời lãnh đạo tỉnh"),
        ("mời Sở Tài chính làm đầu mối", "đầu mối của Sở Tài chính"),
        ("moi so noi vu lam nguoi theo doi", "người theo dõi của Sở Nội vụ"),
        ("/moi lãnh đạo tỉnh", "Mã mời lãnh đạo tỉnh"),
    ],
)
async def test_a_role_stands_in_its_natural_place(admin: World, text: str, who: str) -> None:
    assert who in (await admin.says(ADMIN, text)).text
