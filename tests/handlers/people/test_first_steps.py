"""The first steps: an admin is told what to do next, and the menu fits the role."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from models.people import PostRole
from models.storage.database import Database
from tests.support.world import ADMIN, World, load, small_plan


@pytest.fixture
def empty(sqlite: Database, tmp_path: Path) -> World:
    """An empty registry and the admin of the settings."""
    options = replace(HandlerOptions(), admins=(ADMIN,), files=tmp_path / "plans")
    app = AppContext(sqlite, options)
    return World(sqlite, Router(app), app)


async def test_an_admin_is_told_to_import_a_plan_and_then_to_invite(empty: World) -> None:
    first = await empty.says(ADMIN, "/start")
    assert first.text.startswith("👉 Bước tiếp theo: nhập kế hoạch")
    assert "gửi tệp kế hoạch" in (await empty.presses(ADMIN, first.action("Nhập kế hoạch"))).text
    await load(empty.database, small_plan())
    empty.restart()
    second = await empty.says(ADMIN, "/start")
    assert second.text.startswith("👉 Bước tiếp theo: mời đầu mối")
    sheet = await empty.presses(ADMIN, second.action("Mời tất cả"))
    assert "Bảng mã mời: 3 mã mới" in sheet.text
    await empty.joins("11", PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "Bước tiếp theo" not in (await empty.says(ADMIN, "/start")).text


async def test_the_sample_plan_is_no_first_step(empty: World) -> None:
    await load(empty.database, small_plan(), sample=True)
    assert "nhập kế hoạch" in (await empty.says(ADMIN, "/start")).text


@pytest.mark.parametrize(
    ("role", "agency", "labels"),
    [
        (PostRole.FOCAL_POINT, "Sở Tư pháp", ["Việc của tôi", "Tiến độ", "Việc quá hạn"]),
        (PostRole.LEADER, None, ["Tiến độ", "Việc quá hạn"]),
        (PostRole.SUPERVISOR, None, ["Chờ xử lý", "Tiến độ", "Việc quá hạn"]),
        (
            PostRole.ADMIN,
            None,
            ["Chờ xử lý", "Tiến độ", "Việc quá hạn", "Nhập kế hoạch", "Mời người"],
        ),
    ],
)
async def test_the_menu_fits_the_role(
    world: World, role: PostRole, agency: str | None, labels: list[str]
) -> None:
    await world.joins("11", role, agency)
    help_ = await world.says("11", "/help")
    assert list(help_.buttons) == labels
    for action in help_.buttons.values():
        assert (await world.presses("11", action)).text


async def test_a_button_runs_no_command_that_does_not_exist(world: World) -> None:
    assert "không còn" in (await world.presses(ADMIN, "do:khongco")).text
