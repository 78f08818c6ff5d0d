"""The first steps: an admin is told what to do next, and the menu fits the role."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.conversation.incoming import Receipt
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.conversation.rights import ActivePost, Sender
from handlers.people.welcome import list_menu_commands
from handlers.router import MODULES, Router
from locales.answer import say
from locales.fluent import load_sentences
from models.people import PostRole
from models.storage.database import Database
from tests.support.world import ADMIN, ADMINS, World, load, small_plan


@pytest.fixture
def empty(sqlite: Database, tmp_path: Path) -> World:
    """An empty registry and the admin of the settings."""
    options = replace(HandlerOptions(), admins=ADMINS, files=tmp_path / "plans")
    app = AppContext(sqlite, options)
    return World(sqlite, Router(app), app)


async def test_an_admin_is_told_to_import_a_plan_and_then_to_invite(empty: World) -> None:
    first = await empty.says(ADMIN, "/start")
    assert first.text.startswith("Bước tiếp theo: nhập kế hoạch")
    assert "gửi tệp kế hoạch" in (await empty.presses(ADMIN, first.action("Nhập kế hoạch"))).text
    await load(empty.database, small_plan())
    empty.restart()
    second = await empty.says(ADMIN, "/start")
    assert second.text.startswith("Bước tiếp theo: mời đầu mối")
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


async def _find_menu(world: World, who: str, text: str) -> tuple[str, ...] | None:
    receipt = Receipt()
    await world.give(replace(world.incoming(who, text=text), receipt=receipt))
    return receipt.menu


async def test_the_menu_fits_the_roles_as_soon_as_they_change(world: World) -> None:
    assert await _find_menu(world, "11", "/help") == ()
    assert {"nhap", "moi", "choxuly"} <= set(await _find_menu(world, ADMIN, "/start") or ())
    await world.joins("11", PostRole.FOCAL_POINT, "Sở Tư pháp")
    own = await _find_menu(world, "11", "việc của tôi") or ()
    assert own[0] == "congviec"
    assert {"nhap", "moi", "choxuly", "dondoc", "web"}.isdisjoint(own)
    sure = await world.says("11", "/roi")
    receipt = Receipt()
    pressed = world.incoming("11", action=next(iter(sure.buttons.values())), message="7")
    await world.give(replace(pressed, receipt=receipt))
    assert receipt.menu == ()


async def test_every_command_of_a_menu_is_known_and_described(world: World) -> None:
    roles = tuple(ActivePost(role, 1, "Sở Tư pháp") for role in PostRole)
    for command in list_menu_commands(Sender(1, "An", roles), has_board=True):
        assert any(command in getattr(module, "COMMANDS", {}) for module in MODULES)
        assert load_sentences().to_text(say(f"menu-{command}"))


async def test_a_group_has_no_menu_of_its_own(world: World) -> None:
    receipt = Receipt()
    await world.give(replace(world.incoming(ADMIN, text="/help", group="-5"), receipt=receipt))
    assert receipt.menu is None
