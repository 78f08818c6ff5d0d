"""Tasks by command: adding one in a line or step by step, changing, giving to another agency, cancelling, pausing.

What was understood is always shown before it is stored; every change is told to the agency and can be undone for a
while (`undo`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.tasks import one_line
from handlers.tasks.cancel import take_reason
from handlers.tasks.find import (
    LONGEST_LABEL,
    MOST_OFFERED,
    make_button_handler,
    make_command_handler,
)
from handlers.tasks.pause import pause_task
from handlers.tasks.preview import CHANGEABLE_FIELDS, OPTIONAL_FIELDS, preview_task
from handlers.tasks.store import store_changed_task, store_new_task
from language.agencies.cells import read_agency_cell
from language.milestones import Milestone
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.plans import Plan, Task
from plans.format import MilestoneRow
from plans.registry.export import export_task

REQUIRED_FIELDS = ("lead", "title", "deadline")
"""What a new task must have, in the order in which it is asked for."""


async def _set_field(
    session: AsyncSession, turn: Request, data: dict[str, Any], field: str, text: str
) -> Answer | None:
    """Sets one field from what was typed; what to ask where that is not clear, None where it is."""
    row = data["row"]
    if field == "deadline":
        return await _set_deadline(session, turn, data, text)
    if field == "lead":
        return await _set_lead(session, turn, data, text)
    nothing = words.is_one_of("task", "nothing", text)
    if field == "partners":
        directory = (await turn.app.load_registry_names(session)).directory
        row["partners"] = (
            [] if nothing else [name.name for name in read_agency_cell(directory, text)]
        )
    elif field == "deliverables":
        row["deliverables"] = [] if nothing else one_line.split_deliverables(text)
    elif field == "section":
        row["section"] = None if nothing else text[:200]
    elif field == "requirement":
        row["requirement"] = None if nothing else text
    elif field == "title":
        row["title"] = text
    return None


async def _set_lead(
    session: AsyncSession, turn: Request, data: dict[str, Any], text: str
) -> Answer | None:
    directory = (await turn.app.load_registry_names(session)).directory
    names = read_agency_cell(directory, text)
    if len(names) > 1 and all(name.is_known for name in names):
        data["row"]["lead"] = [name.name for name in names]
        return None
    found = await choose_agency(session, turn, text)
    if isinstance(found, AgencyChoice):
        data["choices"] = [*found.names, found.text] if found.may_be_new else [*found.names]
        data["ask"] = "lead"
        token = await drafts.save_draft(turn, "task", data, session)
        return make_answer(
            found.question,
            buttons=[*found.make_buttons(f"tasklead:{token}"), [drafts.make_leave_button(token)]],
        )
    data["row"]["lead"] = [found]
    return None


async def _set_deadline(
    session: AsyncSession, turn: Request, data: dict[str, Any], text: str
) -> Answer | None:
    years = await _load_plan_years(session, data)
    typed = days.parse_deadline(text, turn.today, years)
    if not typed.milestones:
        data["ask"] = "deadline"
        token = await drafts.save_draft(turn, "task", data, session)
        rows = [
            [Button(say("button-day", day=d), f"taskday:{token}:{d.isoformat()}")]
            for d in typed.candidates[:5]
        ]
        said = say("day-which" if rows else "deadline-not-understood", text=text[:80])
        return make_answer(said, buttons=[*rows, [drafts.make_leave_button(token)]])
    _store_deadline(
        data, typed.milestones, days.make_deadline_text(text, typed.milestones, years, turn.today)
    )
    return None


def _store_deadline(data: dict[str, Any], milestones: Sequence[Milestone], printed: str) -> None:
    data["row"]["deadline_text"] = printed
    data["row"]["milestones"] = [
        MilestoneRow.from_milestone(m).model_dump(mode="json") for m in milestones
    ]


async def _load_plan_years(session: AsyncSession, data: dict[str, Any]) -> tuple[int, int] | None:
    plan = await session.get(Plan, data["plan"]) if data.get("plan") else None
    if plan is None or plan.first_year is None:
        return None
    return plan.first_year, plan.last_year or plan.first_year


async def _continue_dialogue(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer:
    """The next question of a task under way, or, where nothing is missing, the whole of it to confirm."""
    data.pop("choices", None)
    if data["mode"] == "add":
        for field in REQUIRED_FIELDS:
            if not data["row"].get({"deadline": "deadline_text"}.get(field, field)):
                return await _ask_field(session, turn, data, field)
        if not data.get("plan_chosen"):
            asked = await _ask_plan(session, turn, data)
            if asked is not None:
                return asked
    data["ask"] = None
    unchanged = data["mode"] == "change" and data["row"] == data["base"]
    token = await drafts.save_draft(
        turn, "task", data, session, yes=None if unchanged else "taskyes:{}"
    )
    return await preview_task(session, turn, data, token)


async def _ask_field(
    session: AsyncSession, turn: Request, data: dict[str, Any], field: str
) -> Answer:
    data["ask"] = field
    token = await drafts.save_draft(turn, "task", data, session)
    return make_answer(say(f"task-ask-{field}"), buttons=[[drafts.make_leave_button(token)]])


async def _ask_plan(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer | None:
    """Takes the only plan in force; of several asks which; without any the year's own plan is made when it is kept."""
    plans = (await turn.app.load_registry_names(session)).list_plans_in_force(turn.today)
    if len(plans) < 2:
        data["plan"], data["plan_chosen"] = (plans[0].id if plans else None), True
        return None
    data["ask"] = "plan"
    token = await drafts.save_draft(turn, "task", data, session)
    rows = [
        [
            Button(
                say("button-plan", plan=shorten_text(p.number or p.title, LONGEST_LABEL)),
                f"taskplan:{token}:{p.id}",
            )
        ]
        for p in plans[:MOST_OFFERED]
    ]
    rows.append([Button(say("button-own-plan", year=str(turn.today.year)), f"taskplan:{token}:0")])
    return make_answer(say("task-ask-plan"), buttons=[*rows, [drafts.make_leave_button(token)]])


async def add_task(turn: Request) -> Answer:
    """`/them`: a task in one line, or step by step."""
    if not turn.may_do(Action.ADD_TASK):
        return make_answer(say("may-not-add-task"))
    async with turn.write() as session:
        data: dict[str, Any] = {"mode": "add", "row": {}, "ask": None, "plan": None}
        scene = await turn.app.load_registry_names(session)
        in_force = scene.list_plans_in_force(turn.today)
        if len(in_force) == 1:
            data["plan"] = in_force[0].id
        if not turn.args:
            return await _ask_field(session, turn, data, "lead")
        parts = one_line.read_task_line(turn.args, scene.directory, turn.today)
        chosen = scene.find_plans(parts.pop("plan")) if "plan" in parts else []
        if len(chosen) == 1:
            data["plan"], data["plan_chosen"] = chosen[0].id, True
        parts.pop("reason", None)
        return await _fill_fields(session, turn, data, parts)


async def _fill_fields(
    session: AsyncSession, turn: Request, data: dict[str, Any], parts: dict[str, str]
) -> Answer:
    """Sets the parts one by one; those behind a question wait in the draft."""
    left = dict(parts)
    for field in (
        "title",
        "section",
        "partners",
        "deliverables",
        "requirement",
        "deadline",
        "lead",
    ):
        if field not in left:
            continue
        text = left.pop(field)
        data["left"] = left
        asked = await _set_field(session, turn, data, field, text)
        if asked is not None:
            return asked
    data.pop("left", None)
    return await _continue_dialogue(session, turn, data)


async def take_text(turn: Request) -> Answer:
    """What was typed in the dialogue of a task: the field that was asked for."""
    data = _copy_data(turn)
    text = turn.incoming.text
    field = data.get("ask")
    if not text or text.endswith("?") or field is None:
        raise drafts.NotForDialogue
    if not turn.may_do(_find_right(data)):
        return make_answer(say("may-not-add-task"))
    if field == "reason":
        return await take_reason(turn, data, text)
    async with turn.write() as session:
        if field == "plan":
            return await _take_plan(session, turn, data, text)
        return await _fill_fields(session, turn, data, {**data.get("left", {}), field: text})


def _copy_data(turn: Request) -> dict[str, Any]:
    """The draft's data as a new value; the stored one is never changed in place."""
    data = {**drafts.get_draft_data(turn)}
    data["row"] = {**data.get("row", {})}
    return data


def _find_right(data: dict[str, Any]) -> Action:
    return Action.ADD_TASK if data["mode"] == "add" else Action.CHANGE_TASK


async def _take_plan(
    session: AsyncSession, turn: Request, data: dict[str, Any], text: str
) -> Answer:
    named = words.find_rest_after_any("group", "plan", text) or text
    plans = [
        p
        for p in (await turn.app.load_registry_names(session)).find_plans(named)
        if p.closed_on is None
    ]
    if len(plans) == 1:
        data["plan"], data["plan_chosen"] = plans[0].id, True
    return await _continue_dialogue(session, turn, data)


async def choose_lead(turn: Request) -> Answer:
    """One of the agencies that were offered for a task."""
    if await drafts.find_draft_of_button(turn, "task") is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    data = _copy_data(turn)
    names = data.get("choices") or []
    if (
        not turn.args.isdecimal()
        or int(turn.args[:4]) >= len(names)
        or not turn.may_do(_find_right(data))
    ):
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    data["row"]["lead"] = [names[int(turn.args[:4])]]
    async with turn.write() as session:
        return await _fill_fields(session, turn, data, data.get("left", {}))


async def choose_day(turn: Request) -> Answer:
    """One of the days that may have been meant."""
    if await drafts.find_draft_of_button(turn, "task") is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    data = _copy_data(turn)
    try:
        day = date.fromisoformat(turn.args)
    except ValueError:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    if not turn.may_do(_find_right(data)):
        return make_answer(say("may-not-add-task"))
    _store_deadline(
        data, [Milestone(kind="date", last_day=day, printed_day=day)], f"{day:%d/%m/%Y}"
    )
    async with turn.write() as session:
        return await _fill_fields(session, turn, data, data.get("left", {}))


async def choose_plan(turn: Request) -> Answer:
    """The plan that a new task belongs to; 0 for the year's own."""
    if await drafts.find_draft_of_button(turn, "task") is None or not turn.args.isdecimal():
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    data = _copy_data(turn)
    data["plan"], data["plan_chosen"] = cases.parse_id(turn.args) or None, True
    async with turn.write() as session:
        return await _continue_dialogue(session, turn, data)


async def choose_field(turn: Request) -> Answer:
    """The field that is to be set or changed: it is asked for."""
    if await drafts.find_draft_of_button(turn, "task") is None or turn.args not in {
        *OPTIONAL_FIELDS,
        *CHANGEABLE_FIELDS,
    }:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        return await _ask_field(session, turn, _copy_data(turn), turn.args)


async def confirm_task(turn: Request) -> Answer:
    """The task is stored as it was shown."""
    if await drafts.find_draft_of_button(turn, "task") is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    data = _copy_data(turn)
    if not turn.may_do(_find_right(data)):
        return make_answer(say("may-not-add-task"))
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        if data["mode"] == "add":
            return await store_new_task(session, turn, data)
        return await store_changed_task(session, turn, data)


async def change_task(session: AsyncSession, turn: Request, task: Task, text: str) -> Answer:
    """`/sua II.4 | hạn: 20/12/2026`, or the button "Sửa": changes a task, pauses it or lets it go on."""
    if words.find_entry("suspend", text) is not None:
        return await pause_task(session, turn, task, words.find_entry("suspend", text) == "suspend")
    data = await _make_change_data(session, task)
    parts: dict[str, str] = {}
    for part in one_line.split_parts(text):
        named = one_line.read_label(part)
        if named is None or named[0] not in (*CHANGEABLE_FIELDS, "lead"):
            return make_answer(say("task-change-how", text=part[:80], key=task.key))
        parts[named[0]] = named[1]
    return await _fill_fields(session, turn, data, parts)


async def _make_change_data(session: AsyncSession, task: Task) -> dict[str, Any]:
    """A draft in which nothing of the task is changed yet."""
    base = (await export_task(session, task)).model_dump(mode="json", exclude={"key"})
    return {
        "mode": "change",
        "task": task.id,
        "key": task.key,
        "plan": task.plan_id,
        "base": base,
        "row": {**base},
        "ask": None,
    }


async def give_task(session: AsyncSession, turn: Request, task: Task, agency: str) -> Answer:
    """`/giao II.4 | Sở Tài chính`, or the button "Giao cơ quan khác": gives a task to another agency."""
    data = await _make_change_data(session, task)
    if not agency:
        return await _ask_field(session, turn, data, "lead")
    return await _fill_fields(session, turn, data, {"lead": agency})


COMMANDS: dict[str, Handler] = {
    "them": add_task,
    "sua": make_command_handler("change", change_task),
    "giao": make_command_handler("give", give_task),
}
ACTIONS: dict[str, Handler] = {
    "tasklead": choose_lead,
    "taskday": choose_day,
    "taskplan": choose_plan,
    "taskset": choose_field,
    "taskyes": confirm_task,
    "change": make_button_handler(change_task),
    "give": make_button_handler(give_task),
}
DIALOGUES: dict[str, Handler] = {"task": take_text}
