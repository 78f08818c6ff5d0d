"""Tasks by command: `/them` adds, `/sua` changes, `/giao` gives a task to another agency.

A task under way is a draft of kind "task" (`TaskDraft`). What was understood is always shown before
it is stored. Cancelling is in `cancel`, storing in `store`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.tasks import one_line
from handlers.tasks.cancel import take_reason
from handlers.tasks.draft import TaskDraft
from handlers.tasks.find import (
    LONGEST_ECHO,
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
from locales.answer import Answer, Button, Sentence, make_answer, make_button, pack_action, say
from locales.phrases import shorten_text
from models.plans import Plan, Task
from plans.format import MilestoneRow
from plans.registry.export import export_task

REQUIRED_FIELDS = {"lead": "lead", "title": "title", "deadline": "deadline_text"}
"""What a new task must have, in the order in which it is asked for, and its column."""

FIELDS_IN_ORDER = (
    *("title", "section", "partners", "deliverables", "requirement"),
    *("deadline", "lead"),  # these may have to be asked about
)
LONGEST_SECTION = 200  # characters of a section's title
MOST_DAYS = 5  # days offered if several may be meant


# --- fields -------------------------------------------------------------------------------------


async def _set_field(
    session: AsyncSession, request: Request, data: TaskDraft, field: str, text: str
) -> Answer | None:
    """Set one field from a text; return what to ask if the text is not clear."""
    row = data.row
    if field == "deadline":
        return await _set_deadline(session, request, data, text)
    if field == "lead":
        return await _set_lead(session, request, data, text)
    nothing = words.is_one_of("task", "nothing", text)
    if field == "partners":
        directory = (await request.app.load_registry_names(session)).directory
        row["partners"] = (
            [] if nothing else [name.name for name in read_agency_cell(directory, text)]
        )
    elif field == "deliverables":
        row["deliverables"] = [] if nothing else one_line.split_deliverables(text)
    elif field == "section":
        row["section"] = None if nothing else text[:LONGEST_SECTION]
    elif field == "requirement":
        row["requirement"] = None if nothing else text
    elif field == "title":
        row["title"] = text
    return None


async def _set_lead(
    session: AsyncSession, request: Request, data: TaskDraft, text: str
) -> Answer | None:
    """Set the agencies that lead; return agencies to choose from if one is not certain."""
    directory = (await request.app.load_registry_names(session)).directory
    names = read_agency_cell(directory, text)
    if len(names) > 1 and all(name.is_known for name in names):
        data.row["lead"] = [name.name for name in names]
        return None
    choice = await choose_agency(session, request, text)
    if not isinstance(choice, AgencyChoice):
        data.row["lead"] = [choice]
        return None
    data.choices = [*choice.names, choice.text] if choice.may_be_new else [*choice.names]
    token = await _save_step(session, request, data, "lead")
    return _ask(choice.question, token, choice.make_buttons(pack_action("tasklead", token)))


async def _set_deadline(
    session: AsyncSession, request: Request, data: TaskDraft, text: str
) -> Answer | None:
    """Set the deadline; return days to choose from, or that it was not understood."""
    years = await _load_plan_years(session, data)
    typed = days.parse_deadline(text, request.today, years)
    if not typed.milestones:
        token = await _save_step(session, request, data, "deadline")
        rows = [
            [make_button(say("button-day", day=d), "taskday", token, d)]
            for d in typed.candidates[:MOST_DAYS]
        ]
        which = say("day-which", text=text[:LONGEST_ECHO])
        unread = days.explain_reason(typed.reason, text, "deadline-not-understood")
        return _ask(which if rows else unread, token, rows)
    printed = days.make_deadline_text(text, typed.milestones, years, request.today)
    _store_deadline(data, typed.milestones, printed)
    return None


def _store_deadline(data: TaskDraft, milestones: Sequence[Milestone], printed: str) -> None:
    rows = [MilestoneRow.from_milestone(m).model_dump(mode="json") for m in milestones]
    data.row |= {"deadline_text": printed, "milestones": rows}


async def _load_plan_years(session: AsyncSession, data: TaskDraft) -> tuple[int, int] | None:
    plan = await session.get(Plan, data.plan) if data.plan else None
    if plan is None or plan.first_year is None:
        return None
    return plan.first_year, plan.last_year or plan.first_year


# --- steps --------------------------------------------------------------------------------------


async def _save_step(session: AsyncSession, request: Request, data: TaskDraft, field: str) -> str:
    """Save the draft at the step that asks for a field; return the token for its buttons."""
    data.ask = field
    return await drafts.save_draft(request, "task", data, session)


def _ask(question: Sentence, token: str, rows: Sequence[list[Button]] = ()) -> Answer:
    return make_answer(question, buttons=[*rows, [drafts.make_leave_button(token)]])


async def _ask_field(
    session: AsyncSession, request: Request, data: TaskDraft, field: str
) -> Answer:
    token = await _save_step(session, request, data, field)
    return _ask(say(f"task-ask-{field}"), token)


async def _ask_plan(session: AsyncSession, request: Request, data: TaskDraft) -> Answer | None:
    """Ask which plan a new task belongs to if there are several in force; else take the only one.

    If there is none, the year's own plan is made when the task is stored.
    """
    plans = (await request.app.load_registry_names(session)).list_plans_in_force(request.today)
    if len(plans) < 2:
        data.plan, data.plan_chosen = (plans[0].id if plans else None), True
        return None
    token = await _save_step(session, request, data, "plan")
    labels = {p.id: shorten_text(p.number or p.title, LONGEST_LABEL) for p in plans[:MOST_OFFERED]}
    rows = [
        [make_button(say("button-plan", plan=label), "taskplan", token, plan_id)]
        for plan_id, label in labels.items()
    ]
    own_plan = say("button-own-plan", year=str(request.today.year))
    return _ask(
        say("task-ask-plan"), token, [*rows, [make_button(own_plan, "taskplan", token, "0")]]
    )


async def _continue_dialogue(session: AsyncSession, request: Request, data: TaskDraft) -> Answer:
    """Ask the next question, or, if nothing is missing, show the whole task to confirm."""
    data.choices = []
    if data.mode == "add":
        for field, column in REQUIRED_FIELDS.items():
            if not data.row.get(column):
                return await _ask_field(session, request, data, field)
        if not data.plan_chosen:
            reply = await _ask_plan(session, request, data)
            if reply is not None:
                return reply
    data.ask = None
    same = data.mode == "change" and data.row == data.base
    yes = None if same else "taskyes:{}"
    token = await drafts.save_draft(request, "task", data, session, yes=yes)
    return await preview_task(session, request, data, token)


async def _fill_fields(
    session: AsyncSession, request: Request, data: TaskDraft, parts: dict[str, str]
) -> Answer:
    """Set the parts one by one; if one must be asked about, the others wait in the draft."""
    left = dict(parts)
    for field in FIELDS_IN_ORDER:
        if field not in left:
            continue
        text = left.pop(field)
        data.left = left
        reply = await _set_field(session, request, data, field, text)
        if reply is not None:
            return reply
    data.left = {}
    return await _continue_dialogue(session, request, data)


# --- commands -----------------------------------------------------------------------------------


async def add_task(request: Request) -> Answer:
    """Answer `/them`: add a task from one line, or ask for it step by step."""
    if not request.may_do(Action.ADD_TASK):
        return make_answer(say("may-not-add-task"))
    async with request.write() as session:
        data = TaskDraft(mode="add")
        names = await request.app.load_registry_names(session)
        in_force = names.list_plans_in_force(request.today)
        if len(in_force) == 1:
            data.plan = in_force[0].id
        if not request.args:
            return await _ask_field(session, request, data, "lead")
        parts = one_line.read_task_line(request.args, names.directory, request.today)
        plans = names.find_plans(parts.pop("plan")) if "plan" in parts else []
        if len(plans) == 1:
            data.plan, data.plan_chosen = plans[0].id, True
        parts.pop("reason", None)
        return await _fill_fields(session, request, data, parts)


async def change_task(session: AsyncSession, request: Request, task: Task, text: str) -> Answer:
    """Answer `/sua II.4 | hạn: 20/12/2026` or "Sửa": change a task, pause it or let it go on."""
    entry = words.find_entry("suspend", text)
    if entry is not None:
        return await pause_task(session, request, task, entry == "suspend")
    parts: dict[str, str] = {}
    for part in one_line.split_parts(text):
        field, value = one_line.read_label(part) or (None, "")
        if field not in (*CHANGEABLE_FIELDS, "lead"):
            return make_answer(say("task-change-how", text=part[:LONGEST_ECHO], key=task.key))
        parts[field] = value
    return await _fill_fields(session, request, await _make_change_data(session, task), parts)


async def give_task(session: AsyncSession, request: Request, task: Task, agency: str) -> Answer:
    """Answer `/giao II.4 | Sở Tài chính` or its button: give a task to another agency."""
    data = await _make_change_data(session, task)
    if not agency:
        return await _ask_field(session, request, data, "lead")
    return await _fill_fields(session, request, data, {"lead": agency})


async def _make_change_data(session: AsyncSession, task: Task) -> TaskDraft:
    """Return the data of a draft in which nothing of the task is changed yet."""
    base = (await export_task(session, task)).model_dump(mode="json", exclude={"key"})
    return TaskDraft(
        mode="change", task=task.id, key=task.key, plan=task.plan_id, base=base, row=base
    )


# --- what is typed and pressed in the dialogue --------------------------------------------------


async def take_text(request: Request) -> Answer:
    """Take a text as the field that was asked for."""
    data = drafts.read_draft(request, TaskDraft)
    text = request.incoming.text
    field = data.ask
    if not text or text.endswith("?") or field is None:
        raise drafts.NotForDialogue
    if not _may_store(request, data):
        return make_answer(say("may-not-add-task"))
    if field == "reason":
        return await take_reason(request, data, text)
    async with request.write() as session:
        if field == "plan":
            return await _take_plan(session, request, data, text)
        return await _fill_fields(session, request, data, {**data.left, field: text})


async def _open_draft(request: Request) -> TaskDraft | None:
    """Return the data of the dialogue that a button belongs to; None if it is out of date."""
    draft = await drafts.find_draft_of_button(request, "task")
    return None if draft is None else drafts.read_draft(request, TaskDraft)


def _may_store(request: Request, data: TaskDraft) -> bool:
    """Return whether the sender may add or change tasks, whichever the dialogue is about."""
    return request.may_do(Action.ADD_TASK if data.mode == "add" else Action.CHANGE_TASK)


async def _take_plan(session: AsyncSession, request: Request, data: TaskDraft, text: str) -> Answer:
    """Take a text as the plan of a new task; ask again if it names none or several."""
    name = words.find_rest_after_any("group", "plan", text) or text
    found = (await request.app.load_registry_names(session)).find_plans(name)
    plans = [plan for plan in found if plan.closed_on is None]
    if len(plans) == 1:
        data.plan, data.plan_chosen = plans[0].id, True
    return await _continue_dialogue(session, request, data)


async def choose_lead(request: Request) -> Answer:
    """Answer the button of an agency that was offered."""
    data = await _open_draft(request)
    names = data.choices if data is not None else []
    number = request.args[:4]
    if data is None or not request.args.isdecimal() or int(number) >= len(names):
        return refuse_button()
    if not _may_store(request, data):
        return refuse_button()
    data.row["lead"] = [names[int(number)]]
    async with request.write() as session:
        return await _fill_fields(session, request, data, data.left)


async def choose_day(request: Request) -> Answer:
    """Answer the button of a day that may have been meant."""
    data = await _open_draft(request)
    day = days.parse_iso_day(request.args)
    if data is None or day is None:
        return refuse_button()
    if not _may_store(request, data):
        return make_answer(say("may-not-add-task"))
    milestone = Milestone(kind="date", last_day=day, printed_day=day)
    _store_deadline(data, [milestone], f"{day:%d/%m/%Y}")
    async with request.write() as session:
        return await _fill_fields(session, request, data, data.left)


async def choose_plan(request: Request) -> Answer:
    """Answer the button of a plan; 0 is the year's own plan."""
    data = await _open_draft(request)
    plan_id = cases.parse_id(request.args)
    if data is None or plan_id is None or data.mode != "add":
        return refuse_button()
    if not _may_store(request, data):
        return make_answer(say("may-not-add-task"))
    async with request.write() as session:
        plan = await session.get(Plan, plan_id) if plan_id else None
        if plan_id and (plan is None or plan.closed_on is not None):
            return refuse_button()
        data.plan, data.plan_chosen = plan_id or None, True
        return await _continue_dialogue(session, request, data)


async def choose_field(request: Request) -> Answer:
    """Answer the button of a field: ask for it."""
    data = await _open_draft(request)
    if data is None or request.args not in {*OPTIONAL_FIELDS, *CHANGEABLE_FIELDS}:
        return refuse_button()
    if data.mode == "cancel" or not _may_store(request, data):
        return refuse_button()
    async with request.write() as session:
        return await _ask_field(session, request, data, request.args)


async def confirm_task(request: Request) -> Answer:
    """Answer "Lưu": store the task as it was shown."""
    data = await _open_draft(request)
    if data is None or data.mode == "cancel" or data.ask is not None:
        return refuse_button()
    if not _may_store(request, data):
        return make_answer(say("may-not-add-task"))
    store = store_new_task if data.mode == "add" else store_changed_task
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        return await store(session, request, data)


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
