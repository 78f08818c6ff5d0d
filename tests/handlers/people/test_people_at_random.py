"""People of every role act at random: nobody does what the table of rights forbids.

After each step the new rows of the audit are replayed over what was known before; the outcome must
be the registry. `make prove` lets them act far longer.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from handlers.conversation.request import AppContext, HandlerOptions
from handlers.conversation.rights import Action, may_do
from handlers.router import Router
from models.agencies import find_agency_with_successors, load_successors
from models.assignments import MOVES, Assignment, Extension, Move, Report, Status
from models.audit import Audit
from models.people import PostRole
from models.plans import Task
from models.storage.database import Database
from plans.registry.export import export_task
from tests.support.joined import Beginning
from tests.support.world import ADMIN, ADMINS, NOW, World

pytestmark = pytest.mark.long

T = TypeVar("T")
STRANGER = "99"
PEOPLE = {
    "11": (PostRole.FOCAL_POINT, "Sở Tư pháp"),
    "12": (PostRole.FOCAL_POINT, "Sở Tài chính"),
    "13": (PostRole.SUPERVISOR, None),
    "14": (PostRole.HEAD, "Sở Tư pháp"),
    "15": (PostRole.LEADER, None),
    "16": (PostRole.VIEWER, None),
}
EVERYBODY = st.sampled_from([*PEOPLE, ADMIN, STRANGER])
KEYS = st.sampled_from(["I.1", "I.2", "I.3", "II.1", "II.2", "BS.1"])
NEEDS: dict[str, Action] = {
    Move.RECEIVE: Action.REPORT,
    Move.PROGRESS: Action.REPORT,
    Move.REPORT: Action.REPORT,
    Move.FINISH: Action.REPORT,
    "report_made": Action.REPORT,
    "evidence": Action.REPORT,
    "report_withdrawn": Action.REPORT,
    Move.CONFIRM: Action.CONFIRM,
    Move.RETURN: Action.CONFIRM,
    Move.EXTEND: Action.CONFIRM,
    "report_confirmed": Action.CONFIRM,
    "report_returned": Action.CONFIRM,
    "extension_asked": Action.EXTEND,
    "extension_granted": Action.CONFIRM,
    "extension_refused": Action.CONFIRM,
    Move.SUSPEND: Action.CHANGE_TASK,
    Move.RESUME: Action.CHANGE_TASK,
    "add_task": Action.ADD_TASK,
    "undo_add": Action.ADD_TASK,
    "change_task": Action.CHANGE_TASK,
    "cancel_task": Action.CHANGE_TASK,
    "undo_cancel": Action.CHANGE_TASK,
    "undo": Action.REPORT,
}
"""The right that each row of the audit presupposes in who made it."""

WORDS = st.sampled_from(
    ["BC số 12/BC-STP ngày 19/11/2026", "chưa đủ tài liệu", "15/12/2026", "không"]
)
ORDERS = st.sampled_from(
    [
        "/sua {key} | hạn: 18/12/2026",
        "/giao {key} | Sở Tài chính",
        "/giao {key} | Sở Tư pháp",
        "/xoa {key} | không còn cần",
        "/them Sở Tư pháp | Việc thêm | 21/12/2026",
        "/hoantac",
    ]
)
TEXTS = st.sampled_from(
    [
        "đã hoàn thành {key}",
        "đã tiếp nhận nhiệm vụ {key}",
        "đang thực hiện {key}: đang lấy ý kiến",
        "xin gia hạn {key} đến 20/12/2026 vì chờ ý kiến",
        "BC số 12/BC-STP ngày 19/11/2026",
        "chưa đủ tài liệu",
        "15/12/2026",
        "không",
        "/huy",
        "/hoantac",
        "/sua {key} | hạn: 18/12/2026",
        "/sua {key} | tạm dừng",
        "/sua {key} | tiếp tục",
        "/giao {key} | Sở Tài chính",
        "/giao {key} | Sở Tư pháp",
        "/xoa {key} | không còn cần",
        "/them Sở Tư pháp | Việc thêm | 21/12/2026",
        "việc của tôi",
    ]
)
FIELDS = ("status", "last_day", "done_on", "note")


class Office(RuleBasedStateMachine):
    """Everybody presses every button they were ever shown, those of others too, and writes."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "registry.db"
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        options = replace(HandlerOptions(), admins=ADMINS, files=Path(self.folder.name) / "plans")
        app = AppContext(self.database, options)
        beginning = Beginning(self.template, path)
        self.world = World(self.database, Router(app), app, beginning=beginning)
        self.shown: list[str] = []
        self.own: dict[str, list[str]] = {}
        self.seen = 0
        self.assignments: dict[int, dict[str, str | None]] = {}
        self.ended: dict[int, dict[str, str | None]] = {}  # as they stood; an undo brings them back
        self.tasks: dict[int, dict[str, Any]] = {}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize()
    def everybody_joins(self) -> None:
        self.do(self._join())

    async def _join(self) -> None:
        for who, (role, agency) in PEOPLE.items():
            await self.world.joins(who, role, agency)
        await self.world.says(ADMIN, "/start")
        self.seen = max(row.id for row in await self.world.audit())
        self.assignments = await self._assignments()
        self.tasks = await self._tasks()

    @rule(
        who=EVERYBODY,
        name=st.sampled_from(["got", "work", "done", "more"]),
        number=st.integers(1, 24),
    )
    def presses_a_button_of_a_reminder(self, who: str, name: str, number: int) -> None:
        self._show(self.do(self.world.presses(who, f"{name}:{number}")), who)

    @rule(
        who=st.sampled_from(["11", "12", "13"]),
        which=st.integers(0, 5),
        word=WORDS,
        sure=st.booleans(),
    )
    def goes_on_with_what_was_shown(self, who: str, which: int, word: str, sure: bool) -> None:
        own = [
            action for action in self.own.get(who, []) if not action.startswith(("leave", "show"))
        ]
        if own:
            self._show(self.do(self.world.presses(who, own[which % len(own)])), who)
        self._show(self.do(self.world.says(who, word)), who)
        if sure and self.own.get(who):
            self._show(self.do(self.world.presses(who, self.own[who][0])), who)

    @rule(who=st.sampled_from(["13", ADMIN]), text=ORDERS, key=KEYS)
    def gives_orders(self, who: str, text: str, key: str) -> None:
        said = self.do(self.world.says(who, text.format(key=key)))
        self._show(said, who)
        first = next(iter(said.buttons.values()), None)
        if first is not None:
            self._show(self.do(self.world.presses(who, first)), who)

    @rule(
        key=st.sampled_from(["I.1", "II.1", "BS.1"]),
        wish=st.sampled_from(
            ["báo cáo xong {key}, BC số 3/BC-STP", "xin gia hạn {key} đến 28/12/2026 vì chờ ý kiến"]
        ),
        decision=st.sampled_from(["Xác nhận", "Trả lại", "Đồng ý", "Không đồng ý", "Đổi ngày"]),
        word=WORDS,
    )
    def one_asks_and_another_decides(self, key: str, wish: str, decision: str, word: str) -> None:
        said = self.do(self.world.says("11", wish.format(key=key)))
        if "Đúng" in said.buttons:
            said = self.do(self.world.presses("11", said.action("Đúng")))
        for told in self.do(self.world.told("13")):
            self._show(told, "13")
            if decision in told.buttons:
                self._show(self.do(self.world.presses("13", told.action(decision))), "13")
                self._show(self.do(self.world.says("13", word)), "13")

    @rule(who=EVERYBODY, which=st.integers(0, 60))
    def presses_a_button_that_was_shown(self, who: str, which: int) -> None:
        if self.shown:
            self._show(
                self.do(self.world.presses(who, self.shown[-1 - which % len(self.shown)])), who
            )

    @rule(
        who=EVERYBODY,
        name=st.sampled_from(["conf", "back", "xyes", "xno", "xday"]),
        number=st.integers(1, 4),
    )
    def forges_a_button_of_a_supervisor(self, who: str, name: str, number: int) -> None:
        self._show(self.do(self.world.presses(who, f"{name}:{number}")))

    @rule(who=EVERYBODY, text=TEXTS, key=KEYS)
    def writes(self, who: str, text: str, key: str) -> None:
        self._show(self.do(self.world.says(who, text.format(key=key))), who)

    @rule(who=st.sampled_from(["11", "12", "13", "14", ADMIN]))
    def reads_messages(self, who: str) -> None:
        for said in self.do(self.world.told(who)):
            self._show(said, who)

    @rule(minutes=st.sampled_from([1, 5, 11, 60 * 25]))
    def time_passes(self, minutes: int) -> None:
        self.world.wait(minutes=minutes)

    @rule()
    def the_bot_is_restarted(self) -> None:
        self.world.restart()

    def _show(self, said: Any, who: str = STRANGER) -> None:
        self.shown += list(said.buttons.values())
        if said.buttons:
            self.own[who] = list(said.buttons.values())

    @invariant()
    def the_audit_tells_the_registry(self) -> None:
        self.do(self._check())

    async def _check(self) -> None:
        if not self.seen:
            return
        async with self.database.read() as session:
            rows = await session.exec(
                select(Audit).where(col(Audit.id) > self.seen).order_by(col(Audit.id))
            )
            new = list(rows)
            for row in new:
                await self._allowed(session, row)
        for row in new:
            self._replay(row)
            self.seen = row.id or self.seen
        now = await self._assignments()
        rewritten = {r.subject_id for r in new if r.action in ("add_task", "change_task", "undo")}
        paused = {
            known["task"]
            for known in self.assignments.values()
            if known["status"] == Status.SUSPENDED
        }
        for number, stands in now.items():
            known = self.assignments.get(number)
            if known is None or stands["task"] in {str(t) for t in rewritten}:
                begins = {Status.NEW, Status.CANCELLED, Status.DONE}
                if stands["task"] in paused:  # a paused task that is handed on stays paused
                    begins.add(Status.SUSPENDED)
                if known is None and number in self.ended:
                    assert stands == self.ended.pop(number), f"assignment {number}"
                    continue
                assert known is not None or stands["status"] in begins
                continue
            assert stands == known, f"assignment {number}"
        self.ended |= {n: state for n, state in self.assignments.items() if n not in now}
        self.assignments = now
        assert await self._tasks() == self.tasks

    async def _allowed(self, session: Any, row: Audit) -> None:
        """Who made the row holds the right that it presupposes, for the agency it concerns."""
        action = NEEDS.get(row.action)
        assert action is not None or row.action in ("join", "enrol"), row.action
        if action is None:
            return
        who = await self._who(row)
        agencies = None
        if row.subject in ("assignment", "report", "extension"):
            agencies = await _agencies(session, row)
        elif row.action == "undo":
            action = Action.CHANGE_TASK
        assert may_do(who, action, agencies), f"{row.action} by {who}"

    async def _who(self, row: Audit) -> Any:
        from handlers.people.identity import recognise_sender

        people = {p.id: p.address for p in (await self.world.people()).values()}
        return await recognise_sender(
            self.world.app, self.world.incoming(people[row.person_id or 0])
        )

    def _replay(self, row: Audit) -> None:
        before, after = row.before or {}, row.after or {}
        if row.subject == "assignment":
            state = self.assignments[row.subject_id or 0]
            for name, value in before.items():
                assert state[name] == value, f"{row.action}: {name}"
            if row.action in list(Move):
                possible, to = MOVES[Move(row.action)]
                assert state["status"] in possible
                assert after.get("status", state["status"]) == (to or state["status"])
            state.update({name: after[name] for name in FIELDS if name in after})
        held = (
            after.get("assignments") if row.action == "undo_cancel" else before.get("assignments")
        )
        if isinstance(held, dict):
            for number, status in held.items():
                known = self.assignments.get(int(number))
                if known is not None:
                    known["status"] = (
                        status if row.action == "undo_cancel" else Status.CANCELLED.value
                    )
        if row.subject == "task":
            task = self.tasks.setdefault(row.subject_id or 0, {"row": None, "cancelled_on": None})
            if "row" in after:
                task["row"] = after["row"]
            if "cancelled_on" in after:
                task["cancelled_on"] = after["cancelled_on"]

    async def _assignments(self) -> dict[int, dict[str, str | None]]:
        async with self.database.read() as session:
            rows = await session.exec(select(Assignment).where(col(Assignment.ended_on).is_(None)))
            return {
                a.id: {
                    "task": str(a.task_id),
                    **{name: _plain(getattr(a, name)) for name in FIELDS},
                }
                for a in rows
            }

    async def _tasks(self) -> dict[int, dict[str, Any]]:
        found = {}
        async with self.database.read() as session:
            for task in list(await session.exec(select(Task))):
                row = (await export_task(session, task)).model_dump(mode="json")
                found[task.id] = {
                    "row": _without_done(row),
                    "cancelled_on": _plain(task.cancelled_on),
                }
        for known in self.tasks.values():
            known["row"] = _without_done(known["row"])
        return found

    def teardown(self) -> None:
        self.do(self.database.close())
        self.runner.close()
        self.folder.cleanup()


def _without_done(row: dict[str, Any]) -> dict[str, Any]:
    """The task without what is done and how it stands: that is told by rows of their own."""
    milestones = [{**m, "done_on": None} for m in row["milestones"]]
    return {**row, "done_on": None, "status": None, "milestones": milestones}


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


async def _agencies(session: Any, row: Audit) -> frozenset[int | None]:
    number = row.subject_id
    if row.subject == "report":
        number = (await session.get(Report, number)).assignment_id
    elif row.subject == "extension":
        number = (await session.get(Extension, number)).assignment_id
    assignment = await session.get(Assignment, number)
    return (
        find_agency_with_successors(await load_successors(session), assignment.agency_id)
        if assignment is not None
        else frozenset()
    )


@pytest.fixture(scope="module")
def office(template: Path) -> type[Office]:
    Office.template = template
    return Office


def test_an_undo_brings_back_how_an_agency_stood_before_its_task_was_handed_on(
    office: type[Office],
) -> None:
    """The state machine came upon it by chance, and took it for a change without a record."""
    there = office()
    try:
        there.everybody_joins()
        there.writes("11", "đã tiếp nhận nhiệm vụ {key}", "I.1")
        for order in ("/giao {key} | Sở Tài chính", "/hoantac"):
            there.gives_orders("13", order, "I.1")
            there.the_audit_tells_the_registry()
        assert "received" in {state["status"] for state in there.assignments.values()}
    finally:
        there.teardown()


def test_nobody_does_what_the_table_forbids_and_the_audit_replays(office: type[Office]) -> None:
    act_at_random(office, examples=3)


def act_at_random(office: type[Office], examples: int) -> None:
    """Let people act in `examples` offices, 40 steps in each."""
    assert NOW.tzinfo is not None
    run_state_machine_as_test(
        office,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
