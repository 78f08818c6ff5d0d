"""Buttons that nobody was shown: whoever presses them, nothing changes and nothing breaks.

A focal point and an admin press each button with a third of the rubbish, another one for each
button; `make prove` goes through all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from handlers.router import MODULES
from models.people import PostRole
from tests.support.walks import take_turns
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.long

NAMES = sorted({name for module in MODULES for name in getattr(module, "ACTIONS", {})})
COMMANDS = sorted(
    {name for module in MODULES for name in getattr(module, "COMMANDS", {})} - {"roi"}
)
RUBBISH = (
    "",
    "0",
    "-1",
    "999999999",
    "9" * 30,
    "abc",
    "1:2:3",
    "deadbeef",
    "deadbeef:0",
    "deadbeef:0:0",
    ":",
    "::",
    "٣",
    "1' OR '1'='1",
    "2026-99-99",
    "\x00",
    "á" * 20,
)


TAILS = (
    "",
    "|",
    "||| |",
    ":",
    "a" * 3000,
    "<b>&",
    "'; DROP TABLE task; --",
    "\u202e x",
    "9" * 40,
    "😀",
)


@pytest.mark.parametrize(
    ("role", "rubbish"),
    [  # those who may do nothing share the rubbish among them
        (None, RUBBISH[::3]),
        (PostRole.VIEWER, RUBBISH[1::3]),
        (PostRole.LEADER, RUBBISH[2::3]),
    ],
)
async def test_rubbish_in_a_button_changes_nothing(
    world: World, role: PostRole | None, rubbish: tuple[str, ...]
) -> None:
    await press_as(world, role, dict.fromkeys(NAMES, rubbish))


async def test_rubbish_in_a_button_of_a_focal_point_changes_nothing(world: World) -> None:
    await press_as(world, PostRole.FOCAL_POINT, take_turns(NAMES, RUBBISH, 0))


async def press_as(
    world: World, role: PostRole | None, buttons: Mapping[str, tuple[str, ...]]
) -> None:
    """Somebody with `role` presses the buttons, and nothing changes."""
    if role is not None:
        await world.joins("21", role, "Sở Tư pháp" if role is PostRole.FOCAL_POINT else None)
    before = len(await world.audit())
    for name, rubbish in buttons.items():
        for rest in rubbish:
            world.wait(seconds=3)
            await world.presses("21", f"{name}:{rest}")
    assert len(await world.audit()) == before


async def test_rubbish_in_a_button_breaks_nothing_for_an_admin(world: World) -> None:
    await press_as_admin(world, take_turns(NAMES, RUBBISH, 1))


async def press_as_admin(world: World, buttons: Mapping[str, tuple[str, ...]]) -> None:
    """The admin presses the buttons, and each gets an answer."""
    await world.says(ADMIN, "/start")
    for name, rubbish in buttons.items():
        for rest in rubbish:
            world.wait(seconds=3)
            await world.presses(ADMIN, f"{name}:{rest}")


async def test_every_button_of_another_person_is_refused(world: World) -> None:
    await world.joins("21", PostRole.VIEWER)
    await world.joins("22", PostRole.SUPERVISOR)
    await world.joins("23", PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    shown = [
        await world.says(ADMIN, "/moi sở gì đó"),
        await world.says(ADMIN, "/quyen An"),
        await world.says(ADMIN, "/kehoach"),
        await world.says(ADMIN, "/ketthuc 15"),
        await world.says("22", "/them Sở Tư pháp | Việc mới | 20/12/2026"),
        await world.says("23", "xin gia hạn I.1 đến 15/12 vì chờ ý kiến"),
        await world.says("23", "/roi"),
    ]
    before = len(await world.audit())
    for said in shown:
        for action in said.buttons.values():
            if not action.startswith(("show", "q:")):
                await world.presses("21", action)
    assert len(await world.audit()) == before


async def test_commands_take_whatever_follows_them(world: World) -> None:
    await write_commands(world, take_turns(COMMANDS, TAILS, 0))


async def write_commands(world: World, commands: Mapping[str, tuple[str, ...]]) -> None:
    """The admin writes commands with what is behind them."""
    await world.says(ADMIN, "/start")
    for name, tails in commands.items():
        for rest in tails:
            world.wait(seconds=5)
            await world.says(ADMIN, f"/{name} {rest}")
