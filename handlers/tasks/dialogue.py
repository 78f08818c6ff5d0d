"""Tasks by command: adding one in a line or step by step, changing, giving to another agency, cancelling, pausing.

What was understood is always shown before it is stored; every change is told to the agency and can be undone for a
while (`undo`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, task_lines, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency
from handlers.conversation.cases import TITLE_LENGTH, AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.tasks import one_line
from handlers.work import undo
from language.milestones import Milestone
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    Status,
    cancel_assignments,
    find_responsible_agencies,
    make_move,
)
from models.audit import Audit, record_change
from models.people import PostRole, find_post_holders
from models.plans import Plan, Task, TaskState
from models.queries import task_search
from models.queries.task_search import TaskQuery
from plans.format import MilestoneRow, PlanHead, TaskRow
from plans.registry.compare import make_identity
from plans.registry.export import export_task
from plans.registry.writer import PlanWriter

REQUIRED_FIELDS = ("lead", "title", "deadline")
"""What a new task must have, in the order in which it is asked for."""

OPTIONAL_FIELDS = ("partners", "deliverables", "requirement")
CHANGEABLE_FIELDS = ("title", "deadline", "partners", "deliverables", "requirement")
FIELDS_IN_NOTICE = ("title", "deadline_text", "partners", "deliverables", "requirement")
"""The fields of a plan file that a change tells of."""

MOST_OFFERED = 8  # tasks offered as buttons
MOST_REMINDERS = 8  # days named
LONGEST_LABEL = 40  # characters on a button
LAST_POSITION = 900_000  # of a task of the table; those outside it come behind


# --- finding the task ------------------------------------------------------------------------------------------------


async def find_tasks_by_code(session: AsyncSession, turn: Request, code: str) -> list[Task]:
    """The tasks of the plans in force that a number or code names; cancelled ones too."""
    scene = await turn.app.load_registry_names(session)
    plans = tuple(p.id for p in scene.list_plans_in_force(turn.today) if p.id is not None)
    if not plans:
        return []
    found = await task_search.find_tasks(
        session, TaskQuery(turn.today, plans=plans, code=code.strip().strip("."))
    )
    tasks = [await session.get(Task, task_id) for task_id in found.all_ids]
    return [task for task in tasks if task is not None]


def _make_task_buttons(tasks: Sequence[Task], action: str) -> list[list[Button]]:
    return [
        [
            Button(
                say("button-task", key=t.key, title=shorten_text(t.title, LONGEST_LABEL)),
                f"{action}:{t.id}",
            )
        ]
        for t in tasks[:MOST_OFFERED]
    ]


async def _find_one_task(
    session: AsyncSession, turn: Request, code: str, action: str
) -> Task | Answer:
    """The task that `code` names, or what to say where it names none or several."""
    if not code:
        return make_answer(say("task-which", command=action))
    tasks = await find_tasks_by_code(session, turn, code)
    if not tasks:
        return make_answer(say("task-not-found", code=code[:40]))
    if len(tasks) > 1:
        return make_answer(
            say("task-several", code=code[:40]), buttons=_make_task_buttons(tasks, action)
        )
    return tasks[0]


TaskWork = Callable[[AsyncSession, Request, Task, str], Awaitable[Answer]]
"""What is done with a task that a command or a button names; the text is what the command says behind its number."""


def make_command_handler(action: str, work: TaskWork) -> Handler:
    """The handler of a command that names a task by its number, and behind a bar what is wanted of it."""

    async def run_command(turn: Request) -> Answer:
        if not turn.may_do(Action.CHANGE_TASK):
            return make_answer(say("may-not-change-task"))
        code, _, rest = turn.args.partition("|")
        async with turn.write() as session:
            task = await _find_one_task(session, turn, code.strip(), action)
            if isinstance(task, Answer):
                return task
            return await refuse_change(session, task, turn) or await work(
                session, turn, task, rest.strip()
            )

    return run_command


def make_button_handler(work: TaskWork) -> Handler:
    """The handler of the button under a task that does what the command does."""

    async def run_button(turn: Request) -> Answer:
        number = cases.parse_id(turn.args)
        async with turn.write() as session:
            task = await session.get(Task, number) if number is not None else None
            if task is None:
                return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
            return await refuse_change(session, task, turn) or await work(session, turn, task, "")

    return run_button


async def refuse_change(session: AsyncSession, task: Task, turn: Request) -> Answer | None:
    """Why a task cannot be changed; None where it can."""
    if not turn.may_do(Action.CHANGE_TASK):
        return make_answer(say("may-not-change-task"))
    plan = await session.get_one(Plan, task.plan_id)
    if plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    if task.state == TaskState.CANCELLED:
        return make_answer(say("case-cancelled", key=task.key))
    return None


def make_writer(session: AsyncSession, turn: Request, directory: Any) -> PlanWriter:
    return PlanWriter(session, directory, turn.now, turn.today, turn.sender.person_id)


# --- a task under way: kept in a draft of kind "task" ----------------------------------------------------------------


def build_row(data: dict[str, Any], key: str = "?") -> TaskRow:
    """The task as it stands in the draft."""
    return TaskRow.model_validate({"key": key, **data["row"]})


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
        row["partners"] = [] if nothing else [name.name for name in directory.read_cell(text)]
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
    names = directory.read_cell(text)
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
        MilestoneRow(**m.model_dump()).model_dump(mode="json") for m in milestones
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


# --- shown as understood ---------------------------------------------------------------------------------------------


async def preview_task(
    session: AsyncSession, turn: Request, data: dict[str, Any], token: str
) -> Answer:
    row = build_row(data)
    head = (
        say("task-check-add")
        if data["mode"] == "add"
        else say("task-check-change", key=data["key"])
    )
    blocks = [head, *await _describe_task(session, turn, data, row)]
    if data["mode"] == "change" and data["row"] == data["base"]:
        blocks = [
            say("task-change-what", key=data["key"], title=shorten_text(row.title, TITLE_LENGTH))
        ]
    fields = OPTIONAL_FIELDS if data["mode"] == "add" else CHANGEABLE_FIELDS
    buttons = [Button(say(f"button-field-{field}"), f"taskset:{token}:{field}") for field in fields]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if data["mode"] == "add" or data["row"] != data["base"]:
        rows.insert(0, [Button(say("button-keep"), f"taskyes:{token}")])
    return make_answer(*blocks, buttons=[*rows, [drafts.make_leave_button(token)]])


async def _describe_task(
    session: AsyncSession, turn: Request, data: dict[str, Any], row: TaskRow
) -> list[Sentence]:
    """A task as it is understood: agencies, what each deadline means, days off, when the bot will remind."""
    known = await days.load_calendar(session)
    blocks = [say("task-shown-title", title=row.title), say("task-lead", names=", ".join(row.lead))]
    blocks += await _describe_members(session, row.lead)
    if row.partners:
        blocks.append(say("task-partners", names=", ".join(row.partners)))
    if row.deliverables:
        blocks.append(say("task-products"))
        blocks += [say("bullet", text=text) for text in row.deliverables]
    if row.requirement:
        blocks.append(say("task-requirement", text=row.requirement))
    blocks.append(say("task-shown-deadline", text=row.deadline_text or ""))
    blocks += [task_lines.format_milestone(m, turn.today, known) for m in row.milestones]
    blocks += await _describe_reminders(session, turn, data, row, known)
    plan = await session.get(Plan, data["plan"]) if data.get("plan") else None
    name = (
        shorten_text(plan.number or plan.title, 80)
        if plan
        else format_own_plan_title(turn.today.year)
    )
    return [*blocks, say("task-shown-plan", plan=name)]


async def _describe_members(session: AsyncSession, lead: Sequence[str]) -> list[Sentence]:
    """For a collective: how many agencies that have joined get the task each."""
    rows = list(
        await session.exec(select(Agency).where(col(Agency.name).in_(lead), col(Agency.collective)))
    )
    pairs = await find_responsible_agencies(session, rows) if rows else []
    count = sum(1 for agency, leader in pairs if agency != leader)
    return [say("task-shown-members", count=count)] if count else []


async def _describe_reminders(
    session: AsyncSession, turn: Request, data: dict[str, Any], row: TaskRow, known: Any
) -> list[Sentence]:
    """When the agency will be reminded of the next deadline."""
    coming = sorted(d for m in row.milestones for d in m.deadlines if d >= turn.today)
    if not coming:
        past = any(m.deadlines for m in row.milestones)
        return [say("task-shown-past" if past else "task-shown-no-reminder")]
    plan = await session.get(Plan, data["plan"]) if data.get("plan") else None
    set_ = await preferences.read_preference(session, "remind_steps")
    steps = (plan.steps if plan else None) or set_ or turn.app.options.remind_steps
    on = days.list_reminder_days(coming[0], steps, turn.today, known)
    if not on:
        return [say("task-shown-no-reminder")]
    return [
        say(
            "task-shown-reminders", days=tuple(say("day-month", day=d) for d in on[:MOST_REMINDERS])
        )
    ]


def format_own_plan_title(year: int) -> str:
    """The title of the plan that tasks outside every plan are kept in."""
    return words.get_word("task", "own_plan").format(year=year)


# --- /them -----------------------------------------------------------------------------------------------------------


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


async def store_new_task(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer:
    plan_id = data["plan"] if data.get("plan") else (await ensure_own_plan(session, turn)).id
    plan = await session.get(
        Plan, plan_id, with_for_update=True
    )  # of two tasks at once each gets its own number
    if plan is None or plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    key = await find_free_key(session, plan.id or 0, words.get_word("task", "added_key"))
    row = build_row(data, key)
    directory = (await turn.app.load_registry_names(session)).directory
    task_id = await make_writer(session, turn, directory).add_task(
        plan.id or 0, row, await find_next_position(session, plan)
    )
    audit = record_change(
        session, turn.now, "add_task", "task", task_id, person_id=turn.sender.person_id,
        after={"plan": plan.id, "key": key, "row": row.model_dump(mode="json")},
    )  # fmt: skip
    await session.flush()
    turn.app.forget_names()
    await notify_agencies(session, turn, task_id, "told-task-added", audit)
    return make_answer(
        say("task-kept", key=key, title=shorten_text(row.title, TITLE_LENGTH)),
        buttons=[[Button(say("button-show"), f"show:{task_id}"), undo.make_undo_button(audit)]],
        replace=True,
    )


async def ensure_own_plan(session: AsyncSession, turn: Request) -> Plan:
    """The year's plan for tasks outside every plan, made where it is missing."""
    head = PlanHead(
        title=format_own_plan_title(turn.today.year),
        first_year=turn.today.year,
        last_year=turn.today.year,
    )
    found = (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()
    if found is None:
        found = Plan(identity=make_identity(head), imported_at=turn.now, **head.model_dump())
        session.add(found)
        await session.flush()
        record_change(
            session, turn.now, "own_plan", "plan", found.id, person_id=turn.sender.person_id,
            after={"title": found.title},
        )  # fmt: skip
        turn.app.forget_names()
    return found


async def find_free_key(session: AsyncSession, plan_id: int, group: str) -> str:
    """The next free number of a group of keys: BS.1, BS.2 ..."""
    keys = await session.exec(
        select(Task.key).where(Task.plan_id == plan_id, col(Task.key).startswith(f"{group}."))
    )
    numbers = [int(key.rpartition(".")[2]) for key in keys if key.rpartition(".")[2].isdecimal()]
    return f"{group}.{max(numbers, default=0) + 1}"


async def find_next_position(session: AsyncSession, plan: Plan) -> int:
    """The place behind the last task of the plan's table."""
    last = await session.exec(
        select(func.max(Task.position)).where(
            Task.plan_id == plan.id, col(Task.position) < LAST_POSITION
        )
    )
    return (last.one() or 0) + 1


TaskRecipients = tuple[AssignmentCase, list[int]]
"""The assignment of a task that a message is about, and the people (ids) who hear of it."""


async def find_recipients(
    session: AsyncSession, turn: Request, task_id: int
) -> TaskRecipients | None:
    """The focal points and heads of the agencies that hold the task's assignments; None where nobody has joined."""
    found = await cases.find_cases_of_task(session, task_id)
    agencies = {agency for case in found for agency in case.agency_ids if agency is not None}
    people = await find_post_holders(
        session, [PostRole.FOCAL_POINT, PostRole.HEAD], turn.today, agencies
    )
    if not found or not people:
        return None
    case = (
        cases.find_next_case(found)
        or cases.find_next_case(found, [Status.SUSPENDED, Status.CANCELLED])
        or found[0]
    )
    return case, [person.id for person in people if person.id is not None]


async def notify_recipients(
    session: AsyncSession,
    turn: Request,
    hearers: TaskRecipients | None,
    message: str,
    token: str,
    more: Sequence[Sentence] = (),
) -> None:
    """Tells `hearers` what was done to their task; `more`: which fields changed, why it was cancelled."""
    if hearers is None:
        return
    case, people = hearers
    due = say("case-due", when=case.describe_due_day(turn))
    button = Button(say("button-show"), f"show:{case.task.id}")
    said = make_answer(
        say(message, name=turn.sender.name), case.describe_task(), *more, due, buttons=[[button]]
    )
    await notify_people(session, turn, people, said, token=token)


async def notify_agencies(
    session: AsyncSession,
    turn: Request,
    task_id: int,
    message: str,
    audit: Audit,
    more: Sequence[Sentence] = (),
) -> None:
    """Tells the agencies that hold the task now; what `audit` tells of can be undone, and they hear of that too."""
    hearers = await find_recipients(session, turn, task_id)
    await notify_recipients(session, turn, hearers, message, undo.make_notice_token(audit), more)


# --- /sua ------------------------------------------------------------------------------------------------------------


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


async def store_changed_task(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer:
    """Stores a changed task, unless somebody else changed it since it was shown."""
    task = await session.get(Task, data["task"], with_for_update=True)
    if task is None:
        return make_answer(say(cases.BUTTON_OUT_OF_DATE))
    barred = await refuse_change(session, task, turn)
    if barred is not None:
        return barred
    now = (await export_task(session, task)).model_dump(mode="json", exclude={"key"})
    if now != data["base"]:
        return make_answer(say("task-changed-meanwhile", key=task.key))
    given = data["row"]["lead"] != data["base"]["lead"]
    before = await find_recipients(session, turn, task.id or 0)
    audit = await rewrite_task(session, turn, task, build_row(data, task.key), "change_task")
    if given:
        await notify_recipients(
            session, turn, before, "told-task-given", undo.make_notice_token(audit, "given")
        )
        await notify_agencies(session, turn, task.id or 0, "told-task-added", audit)
    else:
        fields = [f for f in FIELDS_IN_NOTICE if data["row"].get(f) != data["base"].get(f)]
        changed = say(
            "case-changed", fields=tuple(say(f"task-field-{f.replace('_', '-')}") for f in fields)
        )
        await notify_agencies(session, turn, task.id or 0, "told-task-changed", audit, [changed])
    return make_answer(
        say("task-changed", key=task.key, title=shorten_text(task.title, TITLE_LENGTH)),
        buttons=[[Button(say("button-show"), f"show:{task.id}"), undo.make_undo_button(audit)]],
        replace=True,
    )


async def rewrite_task(
    session: AsyncSession, turn: Request, task: Task, row: TaskRow, action: str
) -> Audit:
    """Writes `row` over a task, with the audit (before and after, and how its assignments stood); returns its row."""
    before = await undo.take_snapshot(session, task)
    directory = (await turn.app.load_registry_names(session)).directory
    await make_writer(session, turn, directory).change_task(task, row)
    after = (await export_task(session, task)).model_dump(mode="json")
    audit = record_change(
        session, turn.now, action, "task", task.id, person_id=turn.sender.person_id,
        before=before, after={"row": after},
    )  # fmt: skip
    await session.flush()
    turn.app.forget_names()
    return audit


# --- /giao -----------------------------------------------------------------------------------------------------------


async def give_task(session: AsyncSession, turn: Request, task: Task, agency: str) -> Answer:
    """`/giao II.4 | Sở Tài chính`, or the button "Giao cơ quan khác": gives a task to another agency."""
    data = await _make_change_data(session, task)
    if not agency:
        return await _ask_field(session, turn, data, "lead")
    return await _fill_fields(session, turn, data, {"lead": agency})


# --- /xoa, tạm dừng --------------------------------------------------------------------------------------------------


def _read_reason(text: str) -> str:
    named = one_line.read_label(text.strip())
    return named[1] if named is not None and named[0] == "reason" else text.strip()


async def ask_cancellation(session: AsyncSession, turn: Request, task: Task, text: str) -> Answer:
    """`/xoa II.4 | lý do`, or the button "Hủy nhiệm vụ": cancels a task; it stays on record with the reason."""
    reason = _read_reason(text)[: drafts.LONGEST_REASON]
    reason = reason if len(reason) >= drafts.SHORTEST_REASON else ""
    data: dict[str, Any] = {
        "mode": "cancel",
        "task": task.id,
        "row": {},
        "ask": "reason",
        "reason": reason,
    }
    token = await drafts.save_draft(
        turn, "task", data, session, yes="taskoff:{}" if reason else None
    )
    named = say("case-task", key=task.key, title=shorten_text(task.title, TITLE_LENGTH))
    if not reason:
        return make_answer(
            say("cancel-ask-reason"), named, buttons=[[drafts.make_leave_button(token)]]
        )
    rows = [
        [Button(say("button-cancel-sure"), f"taskoff:{token}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("cancel-sure", reason=reason), named, buttons=rows)


async def take_reason(turn: Request, data: dict[str, Any], text: str) -> Answer:
    async with turn.write() as session:
        task = await session.get(Task, data["task"])
        if task is None:
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        return await refuse_change(session, task, turn) or await ask_cancellation(
            session, turn, task, text
        )


async def confirm_cancellation(turn: Request) -> Answer:
    """The task is cancelled with the reason that was shown."""
    draft = await drafts.find_draft_of_button(turn, "task")
    if draft is None or draft.data["mode"] != "cancel" or not draft.data["reason"]:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        task = await session.get(Task, draft.data["task"], with_for_update=True)
        if task is None:
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        barred = await refuse_change(session, task, turn)
        if barred is not None:
            return barred
        audit = await cancel_task(session, turn, task, draft.data["reason"])
        reason = say("case-reason", reason=draft.data["reason"])
        await notify_agencies(session, turn, task.id or 0, "told-task-cancelled", audit, [reason])
        return make_answer(
            say(
                "task-cancelled",
                key=task.key,
                title=shorten_text(task.title, TITLE_LENGTH),
                reason=draft.data["reason"],
            ),
            buttons=[[undo.make_undo_button(audit)]],
            replace=True,
        )


async def cancel_task(session: AsyncSession, turn: Request, task: Task, reason: str) -> Audit:
    """Cancels a task with its unfinished assignments; returns the audit's row."""
    task.cancelled_on, task.cancel_reason = turn.today, reason
    session.add(task)
    await session.flush()
    before = await cancel_assignments(session, turn.now, task_id=task.id)
    await session.refresh(task)
    audit = record_change(
        session, turn.now, "cancel_task", "task", task.id, person_id=turn.sender.person_id,
        before={"key": task.key, "cancelled_on": None, "assignments": before},
        after={"cancelled_on": turn.today.isoformat(), "reason": reason},
    )  # fmt: skip
    await session.flush()
    return audit


async def pause_task(session: AsyncSession, turn: Request, task: Task, stop: bool) -> Answer:
    """Pauses a task (reminders stand still) or lets it go on."""
    move = Move.SUSPEND if stop else Move.RESUME
    moved = 0
    rows = await session.exec(
        select(Assignment).where(Assignment.task_id == task.id, col(Assignment.ended_on).is_(None))
    )
    for assignment in list(rows):
        try:
            await make_move(
                session, assignment, move, now=turn.now, person_id=turn.sender.person_id
            )
        except MoveRefused:
            continue  # done or cancelled, or not paused: it stays as it is
        moved += 1
    if not moved:
        return make_answer(say("task-pause-nothing", key=task.key))
    message = "told-task-paused" if stop else "told-task-resumed"
    hearers = await find_recipients(session, turn, task.id or 0)
    await notify_recipients(
        session, turn, hearers, message, f"task:{task.id}:{move}:{turn.now.isoformat()}"
    )
    return make_answer(
        say(
            "task-paused" if stop else "task-resumed",
            key=task.key,
            title=shorten_text(task.title, TITLE_LENGTH),
        )
    )


COMMANDS: dict[str, Handler] = {
    "them": add_task,
    "sua": make_command_handler("change", change_task),
    "giao": make_command_handler("give", give_task),
    "xoa": make_command_handler("cancel", ask_cancellation),
}
ACTIONS: dict[str, Handler] = {
    "tasklead": choose_lead,
    "taskday": choose_day,
    "taskplan": choose_plan,
    "taskset": choose_field,
    "taskyes": confirm_task,
    "taskoff": confirm_cancellation,
    "change": make_button_handler(change_task),
    "give": make_button_handler(give_task),
    "cancel": make_button_handler(ask_cancellation),
}
DIALOGUES: dict[str, Handler] = {"task": take_text}
