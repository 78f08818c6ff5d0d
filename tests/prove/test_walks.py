"""Walks through every dialogue, button and command, a deadly day, and people who act at random.

The short forms are in tests/handlers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from models.people import PostRole
from tests.handlers import test_day, test_forged_buttons
from tests.handlers.conftest import open_world, template
from tests.handlers.conversation import test_dialogues
from tests.handlers.conversation.test_dialogues import everybody
from tests.handlers.people import test_people_at_random
from tests.prove.processes import take_share
from tests.support.readers import read_near
from tests.support.walks import take_turns
from tests.support.world import World

__all__ = ["everybody", "template"]

pytestmark = pytest.mark.prove

OFFICES = take_share(60)
ALL_BUTTONS = take_turns(test_forged_buttons.NAMES, test_forged_buttons.RUBBISH, 0, 1)
ALL_COMMANDS = take_turns(test_forged_buttons.COMMANDS, test_forged_buttons.TAILS, 0, 1)


@pytest.mark.parametrize("name", test_dialogues.STEPS)
async def test_a_dialogue_is_left_in_every_way(
    everybody: tuple[Path, World], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_near(monkeypatch)
    async with test_dialogues.open_joined_world(everybody, tmp_path) as world:
        await test_dialogues.leave_in_ways(world, name, test_dialogues.WAYS)


@pytest.mark.parametrize("role", [None, PostRole.VIEWER, PostRole.LEADER, PostRole.FOCAL_POINT])
async def test_all_rubbish_in_a_button_changes_nothing(
    template: Path, tmp_path: Path, role: PostRole | None
) -> None:
    async with open_world(template, tmp_path) as world:
        await test_forged_buttons.press_as(world, role, ALL_BUTTONS)


async def test_all_rubbish_in_a_button_breaks_nothing_for_an_admin(
    template: Path, tmp_path: Path
) -> None:
    async with open_world(template, tmp_path) as world:
        await test_forged_buttons.press_as_admin(world, ALL_BUTTONS)


async def test_commands_take_all_that_may_follow_them(template: Path, tmp_path: Path) -> None:
    async with open_world(template, tmp_path) as world:
        await test_forged_buttons.write_commands(world, ALL_COMMANDS)


def test_people_act_at_random(template: Path) -> None:
    test_people_at_random.Office.template = template
    test_people_at_random.act_at_random(test_people_at_random.Office, OFFICES)


async def test_a_day_on_which_the_process_is_killed_in_every_dialogue(tmp_path: Path) -> None:
    await test_day.play_day(tmp_path, is_deadly=True)
