"""Who may do what: the table in docs/quyen.md is the program's, and each cell holds in chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from handlers.conversation.rights import (
    ROLES_BY_ACTION,
    Action,
    ActivePost,
    Sender,
    find_reach,
    format_rights_page,
    may_do,
    may_see_all,
)
from models.people import PostRole
from tests.support.world import Reply, World

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "quyen.md"
ME, OTHER, SUPERVISOR = "21", "22", "23"
GROUP = "-1001"
OWN_TASK, OTHER_TASK = "I.1", "I.2"


async def number(world: World, key: str) -> int:
    return (await world.assignments(key))[0].id


async def report(world: World, key: str) -> Reply:
    return await world.presses(ME, f"got:{await number(world, key)}")


async def report_in_a_sentence(world: World, key: str) -> Reply:
    return await world.says(ME, f"đã tiếp nhận nhiệm vụ {key}")


async def more(world: World, key: str) -> Reply:
    return await world.presses(ME, f"more:{await number(world, key)}")


async def confirm(world: World, key: str) -> Reply:
    """Presses the button of a report that `prepare` made."""
    (told,) = await world.told(SUPERVISOR)
    return await world.presses(ME, told.action("Xác nhận"))


async def prepare(world: World) -> None:
    """Sở Tài chính has reported its task to a supervisor."""
    await world.joins(OTHER, PostRole.FOCAL_POINT, "Sở Tài chính")
    await world.joins(SUPERVISOR, PostRole.SUPERVISOR)
    await world.presses(OTHER, f"done:{await number(world, OTHER_TASK)}")


def command(text: str) -> Callable[[World, str], Awaitable[Reply]]:
    async def attempt(world: World, key: str) -> Reply:
        return await world.says(ME, text.format(key=key))

    return attempt


def group_command(text: str) -> Callable[[World, str], Awaitable[Reply]]:
    async def attempt(world: World, key: str) -> Reply:
        return await world.says(ME, text, group=GROUP)

    return attempt


async def send_plan(world: World, key: str) -> Reply:
    return await world.sends(ME, "ke-hoach.json", b"{}")


async def new_name(world: World, key: str) -> Reply:
    said = await world.says(ME, "/them Trung tâm Xyz | Việc | 20/12/2026")
    return said if "Cơ quan mới" in " ".join(said.buttons) else Reply(None)


Attempt = Callable[[World, str], Awaitable[Reply]]
ATTEMPTS: list[tuple[Action, Attempt, str]] = [
    (Action.ASK, command("nhiệm vụ {key}"), OTHER_TASK),
    (Action.ASK_PROGRESS, command("tiến độ Sở Tài chính"), OTHER_TASK),
    (Action.REPORT, report, OWN_TASK),
    (Action.REPORT, report, OTHER_TASK),
    (Action.REPORT, report_in_a_sentence, OWN_TASK),
    (Action.REPORT, report_in_a_sentence, OTHER_TASK),
    (Action.EXTEND, more, OWN_TASK),
    (Action.EXTEND, more, OTHER_TASK),
    (Action.CONFIRM, confirm, OTHER_TASK),
    (Action.ADD_TASK, command("/them Sở Tư pháp | Việc mới | 20/12/2026"), OWN_TASK),
    (Action.CHANGE_TASK, command("/sua {key} | hạn: 20/12/2026"), OWN_TASK),
    (Action.CHANGE_TASK, command("/giao {key} | Sở Y tế"), OWN_TASK),
    (Action.CHANGE_TASK, command("/xoa {key} | thôi không làm"), OWN_TASK),
    (Action.IMPORT, send_plan, OWN_TASK),
    (Action.IMPORT, command("/xuat json"), OWN_TASK),
    (Action.IMPORT, command("/doclai"), OWN_TASK),
    (Action.CLOSE_PLAN, command("/ketthuc"), OWN_TASK),
    (Action.PLAN_SETTINGS, command("/kehoach"), OWN_TASK),
    (Action.NAMES, command("/ten Sở Tư pháp | tư pháp tỉnh"), OWN_TASK),
    (Action.INVITE, command("/moi Sở Y tế"), OWN_TASK),
    (Action.PEOPLE, command("/nguoi"), OWN_TASK),
    (Action.PEOPLE, command("/quyen"), OWN_TASK),
    (Action.PEOPLE, command("/thoihanluu 60"), OWN_TASK),
    (Action.HAND_OVER, command("/bangiao"), OWN_TASK),
    (Action.BIND_GROUP, group_command("/gannhom tỉnh"), OWN_TASK),
    (Action.NAMES, new_name, OWN_TASK),
    (Action.REMINDERS_OWN, command("/nhacnho"), OWN_TASK),
    (Action.DELIVERY_REPORT, command("/guitin"), OWN_TASK),
    (Action.AUDIT, command("/nhatky"), OWN_TASK),
    (Action.URGE, command("/dondoc Sở Tài chính"), OWN_TASK),
    (Action.URGE, command("đôn đốc Sở Tài chính nộp báo cáo I.2"), OWN_TASK),
    (Action.ANNOUNCE, command("/thongbao Họp giao ban"), OWN_TASK),
    (Action.BOARD, command("/web"), OWN_TASK),
    (Action.BOARD_LINKS, command("/lienket lãnh đạo tỉnh"), OWN_TASK),
]
REFUSALS = ("may-not-", "import-not-allowed", "reminders-not", "deliveries-not", "not-allowed")
"""How the ids of sentences begin that say somebody may not do something."""


def refused(said: Reply) -> bool:
    if said.answer is None:
        return True
    ids = [block.id for block in said.answer.blocks] + (
        [said.answer.toast.id] if said.answer.toast else []
    )
    return any(
        name.startswith(REFUSALS) or "not-allowed" in name or "may-not" in name for name in ids
    )


def allowed(role: PostRole, action: Action, key: str) -> bool:
    how = find_reach(role, action)
    return how == "all" or (how == "own" and key == OWN_TASK)


@pytest.mark.long
@pytest.mark.parametrize("role", list(PostRole))
@pytest.mark.parametrize(
    ("action", "attempt", "key"), ATTEMPTS, ids=[f"{a}-{i}" for i, (a, _, _) in enumerate(ATTEMPTS)]
)
async def test_each_cell_of_the_table_holds(
    world: World, role: PostRole, action: Action, attempt: Attempt, key: str
) -> None:
    of_agency = role in (PostRole.HEAD, PostRole.FOCAL_POINT)
    if action is Action.CONFIRM:
        await prepare(world)
    await world.joins(ME, role, "Sở Tư pháp" if of_agency else None)
    said = await attempt(world, key)
    assert refused(said) != allowed(role, action, key), said.text


def test_every_action_but_the_settings_of_all_is_attempted() -> None:
    assert set(Action) - {action for action, _, _ in ATTEMPTS} == {Action.REMINDERS_ALL}


def test_the_document_is_the_programs_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == format_rights_page()


def test_an_agencys_role_reaches_as_far_as_its_agency() -> None:
    an = Sender(1, "An", (ActivePost(PostRole.FOCAL_POINT, 5, "Sở Tư pháp"),))
    assert may_do(an, Action.REPORT, [5])
    assert may_do(an, Action.REPORT, [4, 5])
    assert not may_do(an, Action.REPORT, [4])
    assert not may_do(an, Action.REPORT, [None])


def test_an_agencys_role_does_what_concerns_no_agency() -> None:
    head = Sender(1, "An", (ActivePost(PostRole.HEAD, 5, "Sở Tư pháp"),))
    assert may_do(head, Action.HAND_OVER)
    assert not may_do(head, Action.IMPORT)
    assert not may_do(head, Action.REPORT, [])


def test_one_of_several_roles_is_enough() -> None:
    posts = (
        ActivePost(PostRole.VIEWER),
        ActivePost(PostRole.FOCAL_POINT, 5, "Sở Tư pháp"),
        ActivePost(PostRole.SUPERVISOR),
    )
    for chosen in (posts, posts[::-1]):
        assert may_do(Sender(1, "An", chosen), Action.REPORT, [4, None])
        assert may_do(Sender(1, "An", chosen), Action.REPORT, [None])
    assert not may_do(Sender(1, "An", posts[:2]), Action.REPORT, [4, 6])


@pytest.mark.parametrize(
    ("role", "own_agency_only", "all_seen"),
    [
        (PostRole.FOCAL_POINT, True, False),
        (PostRole.HEAD, True, False),
        (PostRole.FOCAL_POINT, False, True),
        (PostRole.VIEWER, True, True),
        (PostRole.ADMIN, True, True),
    ],
)
def test_agencies_may_be_bound_to_their_own_tasks(
    role: PostRole, own_agency_only: bool, all_seen: bool
) -> None:
    an = Sender(1, "An", (ActivePost(role),))
    assert may_see_all(an, own_agency_only=own_agency_only) is all_seen
    assert may_see_all(Sender(None, "?"), own_agency_only=own_agency_only) is not own_agency_only


def test_the_agencies_of_a_sender_are_the_own_ones_then_the_groups() -> None:
    posts = (
        ActivePost(PostRole.ADMIN),
        ActivePost(PostRole.HEAD, 5, "Sở Tư pháp"),
        ActivePost(PostRole.FOCAL_POINT, 4, "Sở Nội vụ"),
        ActivePost(PostRole.FOCAL_POINT, 5, "Sở Tư pháp"),
    )
    an = Sender(1, "An", posts, "Sở Y tế")
    assert an.seen_agencies == ("Sở Tư pháp", "Sở Nội vụ", "Sở Y tế")
    assert an.agency_posts == posts[1:]
    assert Sender(1, "An", posts[:3], "Sở Nội vụ").seen_agencies == ("Sở Tư pháp", "Sở Nội vụ")
    assert Sender(1, "An", (ActivePost(PostRole.ADMIN),)).seen_agencies == ()
    assert an.has_role(PostRole.VIEWER, PostRole.HEAD)
    assert not an.has_role(PostRole.VIEWER, PostRole.LEADER)


def test_a_name_stands_behind_its_agency_unless_it_is_the_agency_itself() -> None:
    post = ActivePost(PostRole.FOCAL_POINT, 5, "Sở Tư pháp")
    assert Sender(1, "An", (ActivePost(PostRole.ADMIN), post)).signed_name == "Sở Tư pháp – An"
    assert Sender(1, "Sở Tư pháp", (post,)).signed_name == "Sở Tư pháp"
    assert Sender(1, "An", (ActivePost(PostRole.ADMIN),)).signed_name == "An"


def test_a_stranger_may_nothing() -> None:
    assert not any(may_do(Sender(None, "?"), action) for action in Action)


def test_every_action_has_roles_and_every_role_may_ask() -> None:
    assert set(ROLES_BY_ACTION) == set(Action)
    assert ROLES_BY_ACTION[Action.ASK] == frozenset(PostRole)
