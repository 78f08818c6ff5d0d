from __future__ import annotations

import json
from dataclasses import replace

import pytest

from handlers.router import Router
from models.people import PostRole
from reports.child import FileMaker
from reports.orders import OrderFault
from tests.reports.papers import open_paper
from tests.reports.sheets import read_table
from tests.support.world import ADMIN, Reply, World

AN, BINH = "11", "12"


def _content(said: Reply) -> bytes:
    assert said.answer is not None, said.text
    assert said.answer.files, said.text
    return said.answer.files[0].content


async def test_the_button_under_a_list_gives_the_list_as_a_table(world: World) -> None:
    shown = await world.says(ADMIN, "nhiệm vụ của Sở Tư pháp")
    said = await world.presses(ADMIN, shown.action("Tải Excel"))
    assert said.answer is not None
    assert said.answer.files[0].name == "bang-theo-doi-2026-11-20.xlsx"
    rows = read_table(_content(said))
    assert {row["Số thứ tự"] for row in rows} == {"I.1", "I.3", "II.1"}
    assert {row["Cơ quan chủ trì"] for row in rows} == {"Sở Tư pháp", "Các sở, ban, ngành"}
    assert "Sở Tư pháp" in said.text


async def test_the_button_of_another_chat_does_nothing(world: World) -> None:
    shown = await world.says(ADMIN, "nhiệm vụ của Sở Tư pháp")
    await world.joins(AN, PostRole.VIEWER)
    said = await world.presses(AN, shown.action("Tải Excel"))
    assert said.answer is not None
    assert not said.answer.files


async def test_the_command_offers_the_formats_by_right(world: World) -> None:
    assert {"Tải Excel", "Báo cáo Word", "Tệp kế hoạch (JSON)"} <= set(
        (await world.says(ADMIN, "/xuat")).buttons
    )
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    shown = await world.says(AN, "/xuat")
    assert "Tệp kế hoạch (JSON)" not in shown.buttons
    assert "JSON" not in shown.text
    keys = {
        row["Số thứ tự"]
        for row in read_table(_content(await world.presses(AN, shown.action("Excel"))))
    }
    assert keys == {"I.1", "I.2", "I.3", "II.1", "II.2"}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("/xuat excel việc của Sở Tài chính", {"I.2", "I.3"}),
        ("/xuat excel 15/KH-UBND", {"I.1", "I.2", "I.3", "II.1", "II.2"}),
        ("/xuất excel việc quá hạn", {"II.1"}),
    ],
)
async def test_the_command_takes_a_question_or_a_plan(
    world: World, text: str, keys: set[str]
) -> None:
    rows = read_table(_content(await world.says(ADMIN, text)))
    assert {row["Số thứ tự"] for row in rows} == keys


async def test_what_is_not_found_is_said_and_no_file_is_made(world: World) -> None:
    said = await world.says(ADMIN, "/xuat excel việc của Sở Xyz")
    assert "Sở Xyz" in said.text
    assert said.answer is not None
    assert not said.answer.files


async def test_who_sees_only_the_agency_gets_only_its_rows(world: World) -> None:
    world.app.options = replace(world.app.options, own_agency_only=True)
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tài chính")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tư pháp")
    for text in ("/xuat excel", "/xuat excel việc của Sở Tư pháp", "/xuat excel việc quá hạn"):
        said = await world.says(AN, text)
        rows = read_table(_content(said)) if said.answer and said.answer.files else []
        assert {row["Cơ quan chủ trì"] for row in rows} <= {"Sở Tài chính"}, text
        assert "Sở Tư pháp" not in str(rows)


async def test_a_plan_is_exported_by_admins_alone(world: World) -> None:
    said = await world.says(ADMIN, "/xuat 15")
    assert len(json.loads(_content(said))["tasks"]) == 5
    assert "Tải Excel" in said.buttons
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    shown = await world.says(ADMIN, "/xuat")
    assert len(json.loads(_content(await world.presses(ADMIN, shown.action("JSON"))))["tasks"])
    assert "người quản trị" in (await world.says(AN, "/xuat json")).text.lower()


async def test_a_fault_of_the_maker_is_one_sentence(world: World) -> None:
    class Busy(FileMaker):
        async def make_file(self, *_: object) -> None:  # type: ignore[override]
            raise OrderFault("file-busy")

    world.app.files = Busy()
    assert "vui lòng thử lại" in (await world.says(ADMIN, "/xuat excel")).text


@pytest.mark.process
async def test_the_file_comes_from_a_process_of_its_own(world: World) -> None:
    world.app.files = FileMaker()
    seen: list[str] = []

    async def progress(answer: object) -> None:
        seen.append(str(answer))

    incoming = world.incoming(ADMIN, text="/xuat excel")
    answer = await Router(world.app).respond(incoming, progress)
    assert answer is not None
    assert len(read_table(answer.files[0].content)) > 5
    assert "file-making-xlsx" in seen[0]


async def test_a_report_on_a_subject_says_so(world: World) -> None:
    said = await world.says(ADMIN, "lập báo cáo tháng 11 về quyết toán")
    assert said.answer is not None
    paper = open_paper(said.answer.files[0].content)
    assert any("phạm vi: “quyết toán”" in paragraph.text for paragraph in paper.paragraphs)
