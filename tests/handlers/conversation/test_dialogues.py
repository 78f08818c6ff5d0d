"""Every dialogue, at every step, can be left in every way: nothing breaks, nothing is half done.

Here the ways are shared among the steps of one kind of dialogue; `make prove` tries them all.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from handlers.router import MODULES
from models.assignments import Status
from models.dialogues import Draft
from models.people import PostRole
from models.tables import METADATA
from tests.handlers.conftest import open_world
from tests.support.walks import SHARES, take_turns
from tests.support.world import ADMIN, Reply, World, load, small_plan

pytestmark = pytest.mark.long

AN, BINH, CHI, DUNG = "11", "12", "13", "14"
GROUP = "-900"
NOT_COMPARED = {"draft", "asked", "handled_update", "attempt", "notice", "notice_line", "chat"}
"""Tables that may change while a dialogue waits: none of them is about a task or a person."""


@dataclass(frozen=True)
class Step:
    """How `who` comes to a step of a dialogue of `kind`.

    Each move is a text, "[label]" for a button of the answer before, or "!action". `says` is what
    is said when the step is left.
    """

    kind: str
    who: str
    moves: tuple[str, ...]
    says: str = "Đã dừng"
    group: str | None = None
    plans: int = 1


STEPS = {
    "a new task: the lead": Step("task", CHI, ("/them",)),
    "a new task: an unknown lead": Step("task", CHI, ("/them Sở Lạ Hoắc | Việc | 20/12/2026",)),
    "a new task: a lead that may be two": Step("task", CHI, ("/them", "Sở Tư phap")),
    "a new task: its title": Step("task", CHI, ("/them", "Sở Tư pháp")),
    "a new task: its deadline": Step("task", CHI, ("/them Sở Tư pháp | Soạn sổ tay",)),
    "a new task: a deadline nobody reads": Step(
        "task", CHI, ("/them Sở Tư pháp | Soạn sổ tay | hạn: bao giờ cũng được",)
    ),
    "a new task: its plan": Step(
        "task", CHI, ("/them Sở Tư pháp | Soạn sổ tay | 20/12/2026",), plans=2
    ),
    "a new task: shown": Step("task", CHI, ("/them Sở Tư pháp | Soạn sổ tay | 20/12/2026",)),
    "a new task: its products": Step(
        "task", CHI, ("/them Sở Tư pháp | Soạn sổ tay | 20/12/2026", "[sản phẩm]")
    ),
    "a changed task: the deadline": Step("task", CHI, ("/sua I.1 | hạn: lúc nào đó",)),
    "a changed task: shown": Step("task", CHI, ("/sua I.1 | hạn: 20/12/2026",)),
    "a task given: to whom": Step("task", CHI, ("/giao I.1",)),
    "a task given: an unknown agency": Step("task", CHI, ("/giao I.1 | Sở Mây Mưa",)),
    "a task cancelled: why": Step("task", CHI, ("/xoa I.1",)),
    "a task cancelled: sure": Step("task", CHI, ("/xoa I.1 | trùng với I.2",)),
    "a plan closed: which": Step("close", ADMIN, ("/ketthuc",), plans=2),
    "a plan closed: how": Step("close", ADMIN, ("/ketthuc",)),
    "a plan closed: why": Step("close", ADMIN, ("/ketthuc", "[nhiệm vụ]")),
    "a plan closed: sure": Step("close", ADMIN, ("/ketthuc", "[nhiệm vụ]", "hết năm kế hoạch")),
    "a plan's supervisor": Step("plan", ADMIN, ("/kehoach", "[cơ quan theo dõi]")),
    "a plan's supervisor: unknown": Step(
        "plan", ADMIN, ("/kehoach", "[cơ quan theo dõi]", "Sở Mây Mưa")
    ),
    "an invitation": Step("invite", ADMIN, ("/moi",)),
    "an invitation: an unknown agency": Step("invite", ADMIN, ("/moi Sở Mây Mưa",)),
    "another name of an agency": Step("name", ADMIN, ("/ten Sở Mây Mưa | mây mưa",), says=""),
    "a group bound": Step("bind", ADMIN, ("/gannhom",), group=GROUP),
    "a group bound: an unknown agency": Step("bind", ADMIN, ("/gannhom Sở Mây Mưa",), group=GROUP),
    "another role": Step("post", ADMIN, ("/quyen An", "[Thêm vai trò]")),
    "another role: an unknown agency": Step(
        "post", ADMIN, ("/quyen An", "[Thêm vai trò]", "Sở Mưa")
    ),
    "leaving": Step("leaving", AN, ("/roi",)),
    "erasing": Step("leaving", AN, ("/toi", "[Xóa dữ liệu]")),
    "a hand-over: for how long": Step("handover", AN, ("/bangiao", "[Đỗ Văn Dũng]")),
    "a hand-over: the days": Step(
        "handover", AN, ("/bangiao", "[Đỗ Văn Dũng]", "23/11/2026 đến 27/11/2026")
    ),
    "an announcement: its text": Step("announce", ADMIN, ("/thongbao",)),
    "an announcement: shown": Step("announce", ADMIN, ("/thongbao Họp giao ban lúc 8 giờ",)),
    "a plan read": Step("import", ADMIN, ("<tệp",)),
    "a plan amended": Step("import-into", ADMIN, ("/nhap 15/KH-UBND",)),
    "progress: a note": Step("progress", AN, ("!work:{I.1}",), says="Đã ghi: đang thực hiện"),
    "a report: its evidence": Step(
        "evidence", AN, ("!done:{I.1}",), says="Báo cáo hoàn thành đã được ghi"
    ),
    "a report that needs evidence": Step("evidence", AN, ("+evidence_needed", "!done:{I.1}")),
    "a report returned: why": Step("return", CHI, ("@!done:{I.1}", "!back:1")),
    "more time: the day": Step("extend", AN, ("!more:{I.1}",)),
    "more time: the day repeated": Step("extend", AN, ("!more:{I.1}", "10/12/2026")),
    "more time: the days that may be meant": Step("extend", AN, ("!more:{I.1}", "đầu tháng 12")),
    "more time: why": Step("extend", AN, ("!more:{I.1}", "10/12/2026", "đúng")),
    "more time granted: the document": Step("decide", CHI, ("@more", "!xyes:1")),
    "more time granted: another day": Step("decide", CHI, ("@more", "!xday:1")),
    "more time refused: why": Step("decide", CHI, ("@more", "!xno:1")),
}


@pytest.fixture(scope="module")
def everybody(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A registry in which everybody has joined, made once, and the world in which they did."""
    folder = tmp_path_factory.mktemp("everybody")

    async def join_everybody() -> World:
        async with open_world(template, folder) as world:
            await world.says(ADMIN, "/start")
            await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
            await world.joins(DUNG, PostRole.FOCAL_POINT, "Sở Tư pháp", "Đỗ Văn Dũng")
            await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
            await world.sets_plan(confirmation=True)
            return world

    world = asyncio.run(join_everybody())
    assert world.database.path is not None
    return world.database.path, world


@pytest.fixture
async def world(everybody: tuple[Path, World], tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own in which everybody has joined."""
    async with open_joined_world(everybody, tmp_path) as world:
        yield world


@asynccontextmanager
async def open_joined_world(everybody: tuple[Path, World], folder: Path) -> AsyncIterator[World]:
    """Open in `folder` a world in which everybody has joined."""
    registry, before = everybody
    async with open_world(registry, folder) as world:
        world.now, world.updates, world.names = before.now, before.updates, dict(before.names)
        yield world


async def _open(world: World, step: Step) -> Reply:
    if step.plans == 2:
        await load(world.database, small_plan("88/KH-UBND"))
    reply = Reply(None)
    for move in step.moves:
        reply = await _make_move(world, step, move, reply)
    return reply


async def _make_move(world: World, step: Step, move: str, before: Reply) -> Reply:
    row = (await world.assignments("I.1"))[0]
    action = move.replace("{I.1}", str(row.id))
    if move.startswith("["):
        label = next(
            (text for text in before.buttons if move[1:-1].lower() in text.lower()), move[1:-1]
        )
        return await world.presses(step.who, before.action(label), step.group)
    if move.startswith("!"):
        return await world.presses(step.who, action[1:], step.group)
    if move.startswith("@!"):
        return await world.presses(AN, action[2:])
    if move == "@more":
        shown = await world.presses(AN, f"more:{row.id}")
        shown = await world.says(AN, "10/12/2026")
        shown = await world.presses(AN, shown.action("Đúng"))
        return await world.says(AN, "chờ số liệu của các xã")
    if move.startswith("+"):
        await world.sets_plan(**{move[1:]: True})
        return before
    if move.startswith("<"):
        content = json.dumps(small_plan("77/KH-UBND").as_json(), ensure_ascii=False).encode()
        return await world.sends(step.who, "ke-hoach.json", content)
    return await world.says(step.who, move, step.group)


async def _find_draft(world: World, step: Step) -> Draft | None:
    async with world.database.read() as session:
        statement = select(Draft).where(col(Draft.sender) == step.who)
        return (await session.exec(statement)).first()


def _dump(world: World) -> dict[str, list[Any]]:
    """All that is stored about tasks, plans and people."""
    assert world.database.path is not None
    with closing(sqlite3.connect(world.database.path)) as connection:
        return {
            table.name: connection.execute(f'SELECT * FROM "{table.name}"').fetchall()
            for table in METADATA.sorted_tables
            if table.name not in NOT_COMPARED
        }


async def _press_leave(world: World, step: Step, shown: Reply) -> Reply:
    leaves = [action for action in shown.buttons.values() if action.startswith("leave:")]
    if not leaves:
        return await world.says(step.who, "/huy", step.group)
    return await world.presses(step.who, leaves[-1], step.group)


async def _type_leave(world: World, step: Step, shown: Reply) -> Reply:
    draft = await _find_draft(world, step)
    known = {kind for module in MODULES for kind in getattr(module, "DIALOGUES", {})}
    text = "Thôi" if draft is not None and draft.kind in known else "/huy"
    return await world.says(step.who, text, step.group)


async def _command_leave(world: World, step: Step, shown: Reply) -> Reply:
    return await world.says(step.who, "/huy", step.group)


async def _leave_after_restart(world: World, step: Step, shown: Reply) -> Reply:
    world.restart()
    return await _command_leave(world, step, shown)


async def _leave_after_question(world: World, step: Step, shown: Reply) -> Reply:
    asked = await world.says(step.who, "nhiệm vụ nào hạn 15/12?", step.group)
    assert "nhiệm vụ" in asked.text
    assert await _find_draft(world, step) is not None, "a question ended the dialogue"
    return await _press_leave(world, step, shown)


async def _leave_after_other_button(world: World, step: Step, shown: Reply) -> Reply:
    task = await world.task("I.2")
    await world.presses(step.who, f"show:{task.id}", step.group)
    await world.presses(step.who, "leave:00000000", step.group)
    assert await _find_draft(world, step) is not None, "a button of another message ended it"
    return await _press_leave(world, step, shown)


Way = Callable[[World, Step, Reply], Awaitable[Reply]]
WAYS: dict[str, Way] = {
    "the button": _press_leave,
    "Dừng lại": _type_leave,
    "/huy": _command_leave,
    "a restart": _leave_after_restart,
    "a question": _leave_after_question,
    "a button of another message": _leave_after_other_button,
}


def share_ways() -> dict[str, tuple[str, ...]]:
    """Share the ways among the steps of a kind, which is what decides how a dialogue is left."""
    shared: dict[str, tuple[str, ...]] = {}
    for kind, steps in itertools.groupby(sorted(STEPS, key=_get_kind), _get_kind):
        names = list(steps)
        shared |= take_turns(names, tuple(WAYS), 0, min(len(names), SHARES))
        assert {way for name in names for way in shared[name]} == set(WAYS), kind
    return shared


def _get_kind(name: str) -> str:
    return STEPS[name].kind


@pytest.mark.parametrize(("name", "ways"), share_ways().items())
async def test_a_dialogue_is_left_at_every_step_in_every_way(
    world: World, name: str, ways: tuple[str, ...]
) -> None:
    await leave_in_ways(world, name, ways)


async def leave_in_ways(world: World, name: str, ways: Iterable[str]) -> None:
    """Leave the dialogue at the step `name` in each way: nothing of it remains."""
    step = STEPS[name]
    shown = await _open(world, step)
    before = _dump(world)
    for way in ways:
        draft = await _find_draft(world, step)
        assert draft is not None, f"{name}: no dialogue is open\n{shown.text}"
        assert draft.kind == step.kind
        left = await WAYS[way](world, step, shown)
        assert step.says in left.text, (name, way, left.text)
        assert await _find_draft(world, step) is None, (name, way)
        assert _dump(world) == before, (name, way)
        again = await world.says(step.who, "/huy", step.group)
        assert "không có việc nào" in again.text
        async with world.database.write() as session:
            session.add(Draft(**draft.model_dump(exclude={"id"})))  # the same step once more


@pytest.mark.parametrize("name", STEPS)
async def test_no_text_breaks_a_dialogue(world: World, name: str) -> None:
    step = STEPS[name]
    await _open(world, step)
    for text in ("😀", "..", "31/02/2026", "a" * 1200, "đúng", "|", "không", "0", "II.1"):
        world.wait(seconds=20)
        await world.says(step.who, text, step.group)


def test_every_dialogue_has_steps_here() -> None:
    known = {kind for module in MODULES for kind in getattr(module, "DIALOGUES", {})}
    assert {step.kind for step in STEPS.values()} == known | {"import", "import-into", "name"}


async def test_a_dialogue_of_version_0_1_is_left_whatever_waited_in_it(world: World) -> None:
    step = STEPS["a new task: an unknown lead"]
    await _open(world, step)
    for left, said in (({"deadline": "x"}, "Đã dừng"), ("progress-left", "đang thực hiện")):
        async with world.database.write() as session:
            draft = (await session.exec(select(Draft))).one()
            draft.data = {**draft.data, "left": left}
            draft.data.pop("left_message", None)
            session.add(draft)
            kept = draft.model_dump(exclude={"id"})
        assert said in (await world.says(step.who, "/huy")).text
        async with world.database.write() as session:
            session.add(Draft(**kept))


QUESTIONS = (
    "việc quá hạn",
    "nhiệm vụ của Sở Tài chính",
    "việc của tôi tuần này",
    "tiến độ Sở Tư pháp",
    "I.2 hạn khi nào",
    "ai chủ trì I.2",
    "việc nào hạn 15/12",
    "sở tài chính quá hạn gì",
    "còn việc nào chưa xong",
    "cho tôi xem nhiệm vụ tháng 12",
    "bao nhiêu việc chưa xong",
)
NOTES = (
    "đã lấy ý kiến các phòng, đang hoàn thiện dự thảo",
    "tiến độ chậm do mưa lũ",
    "tiến độ 60%",
    "nhiệm vụ đang thực hiện",
    "việc này trùng với I.2",
    "chưa rõ khi nào Bộ trả lời",
    "Sở Tài chính chưa gửi số liệu",
    "chờ số liệu của các xã",
    "xong trước ngày 15/12/2026",
    "quá hạn vì thiếu người",
    "báo cáo quý IV đang chờ ký",
    "không ai ở xã gửi số liệu",
)
WITH_NOTES = (
    "progress: a note",
    "a report: its evidence",
    "a report returned: why",
    "more time refused: why",
)


@pytest.mark.parametrize("name", WITH_NOTES)
async def test_a_plain_question_is_answered_while_a_dialogue_waits_for_a_note(
    world: World, name: str
) -> None:
    step = STEPS[name]
    await _open(world, step)
    before = _dump(world)
    for text in QUESTIONS:
        world.wait(seconds=20)
        await world.says(step.who, text)
        assert await _find_draft(world, step) is not None, text
        assert _dump(world) == before, text


@pytest.mark.parametrize("text", NOTES)
async def test_a_note_is_no_question(world: World, text: str) -> None:
    step = STEPS["progress: a note"]
    await _open(world, step)
    assert text in (await world.says(step.who, text)).text
    assert (await world.assignments("I.1"))[0].note == text


async def test_a_button_of_another_step_stores_no_half_task(world: World) -> None:
    shown = await _open(world, STEPS["a new task: the lead"])
    token = shown.action("Dừng lại").partition(":")[2]
    for action in (f"taskyes:{token}", f"taskoff:{token}", f"taskplan:{token}:999"):
        await world.presses(CHI, action)
    shown = await world.says(CHI, "/xoa I.1")
    token = shown.action("Dừng lại").partition(":")[2]
    for action in (f"taskyes:{token}", f"taskset:{token}:deadline", f"taskplan:{token}:0"):
        await world.presses(CHI, action)
    rows = await world.assignments("I.1")
    assert [row.status for row in rows] == [Status.NEW]


@pytest.mark.parametrize(
    "text",
    [
        "vẽ biểu đồ tiến độ",
        "soạn báo cáo tình hình thực hiện tháng 11",
        "xuất excel danh sách việc quá hạn",
        "tháng này so với tháng trước",
        "nhắc sở tư pháp nộp báo cáo I.1",
    ],
)
@pytest.mark.parametrize("command", ["/moi", "/moi UBND cấp xã"])
async def test_an_order_or_a_wish_for_a_file_is_no_name(
    world: World, command: str, text: str
) -> None:
    await world.says(ADMIN, command)
    said = await world.says(ADMIN, text)
    assert "cơ quan nào" not in said.text
    assert "Cơ quan mới" not in " ".join(said.buttons)
    assert "Sở Tư pháp" in (await world.says(ADMIN, "Sở Tư pháp | đầu mối")).text
