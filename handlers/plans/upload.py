"""Plans from files: read, shown (what is new, changed, gone, doubtful), confirmed, written; and exported again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.rights import Action
from handlers.conversation.turn import AppContext, Handler, Request
from handlers.conversation.user_error import UserError
from handlers.work import evidence
from language.text import fold
from locales.answer import Answer, Button, File, Sentence, make_answer, say
from locales.phrases import shorten_text
from models.plans import Plan
from plans.format import PlanFile
from plans.reading import plan_file
from plans.reading.doubts import Doubt
from plans.reading.plan_file import FileFault, LoadedPlan
from plans.registry import export
from plans.registry.compare import Comparison, compare_plan
from plans.registry.writer import PlanWriter

MOST_KEYS = 6  # tasks named in one doubt
MOST_SHOWN = 8  # doubts, changes, agencies named in a preview
WRITES = frozenset({"write", "past", "cancel"})
"""Buttons under a preview that write the plan: as it is, what is past as done, what is gone cancelled."""

_GONE = "button-out-of-date"
_KINDS = ("date", "period", "recurring", "relative", "ongoing", "regulation", "with")


async def find_plan(session: AsyncSession, name: str) -> Plan:
    """The plan that a person names by number, the number's figures, or words of its title. Raises Fault."""
    plans = (await session.exec(select(Plan).order_by(col(Plan.id).desc()))).all()
    wanted = fold(name)
    exact = [
        p
        for p in plans
        if wanted in (fold(p.number or ""), fold(p.number or "").split("/")[0], fold(p.title))
    ]
    near = exact or [
        p for p in plans if wanted and (wanted in fold(p.title) or wanted in fold(p.number or ""))
    ]
    if len(near) != 1:
        raise UserError(_ask_which_plan(near or plans, name))
    return near[0]


def _ask_which_plan(plans: Sequence[Plan], name: str) -> Sentence:
    named = ", ".join(p.number or shorten_text(p.title, 60) for p in plans[:MOST_SHOWN])
    if not plans:
        return say("no-plan")
    return (
        say("which-plan", name=name, plans=named)
        if name
        else say("which-plan-unnamed", plans=named)
    )


async def export_plan(house: AppContext, name: str | None) -> PlanFile:
    """A plan of the registry in the plan format; `name` may be None where there is one. Raises Fault."""
    async with house.database.read() as session:
        if name is not None:
            plan = await find_plan(session, name)
        else:
            plans = (await session.exec(select(Plan))).all()
            if len(plans) != 1:
                raise UserError(_ask_which_plan(plans, ""))
            plan = plans[0]
        return await export.export_plan(session, plan.id or 0)


@dataclass
class Preview:
    """What a document would do to the registry, and the sentences that show it."""

    document: LoadedPlan
    into: int | None
    comparison: Comparison
    shown_sentences: list[Sentence] = field(default_factory=list)
    past_deadlines: int = 0  # deadlines of new tasks that were over before today

    def as_json(self, *, written: bool) -> dict[str, Any]:
        """The same for programs."""
        comparison = self.comparison
        return {
            "file": self.document.name,
            "tasks": len(self.document.plan.tasks),
            "new": [task.key for task in comparison.new],
            "changed": {change.key: list(change.fields) for change in comparison.changed},
            "gone": [change.key for change in comparison.gone],
            "unchanged": comparison.unchanged,
            "past": self.past_deadlines,
            "doubts": len(self.document.doubts),
            "written": written,
        }


async def make_preview(
    house: AppContext, document: LoadedPlan, today: date, into: str | None = None
) -> Preview:
    """Compares a document with the registry; `into` names the plan that it amends. Raises Fault.

    Nothing is written into a closed plan: nobody would be reminded of it.
    """
    async with house.database.read() as session:
        plan_id = (await find_plan(session, into)).id if into else None
        comparison = await compare_plan(session, document.plan, plan_id)
        plan = (
            await session.get(Plan, comparison.plan_id) if comparison.plan_id is not None else None
        )
    if plan is not None and plan.closed_on is not None:
        raise UserError(
            say(
                "close-already",
                plan=shorten_text(plan.number or plan.title, 80),
                day=plan.closed_on,
            )
        )
    shown = Preview(document, plan_id, comparison)
    shown.past_deadlines = _count_past_deadlines(comparison, today)
    shown.shown_sentences = _describe_document(document, comparison)
    if shown.past_deadlines:
        shown.shown_sentences.append(say("import-past", count=shown.past_deadlines))
    return shown


def _count_past_deadlines(comparison: Comparison, today: date) -> int:
    """How many deadlines of the new tasks were over before today: the sender is asked about them."""
    return sum(
        day < today
        for task in comparison.new
        for milestone in task.milestones
        for day in milestone.deadlines
    )


def _describe_document(document: LoadedPlan, comparison: Comparison) -> list[Sentence]:
    plan = document.plan
    head = plan.plan
    said = [
        say(
            "import-head",
            title=shorten_text(head.title, 200),
            number=head.number or say("import-no-number"),
        )
    ]
    if comparison.is_up_to_date and not comparison.gone:
        return [*said, say("import-nothing-new", count=comparison.unchanged)]
    said.append(say("import-count", count=len(plan.tasks), more=len(plan.plan_milestones)))
    leads = Counter(name for task in plan.tasks for name in task.lead)
    said += [
        say("import-lead", agency=name, count=count)
        for name, count in leads.most_common(MOST_SHOWN)
    ]
    if len(leads) > MOST_SHOWN:
        said.append(say("and-more", count=len(leads) - MOST_SHOWN))
    kinds: Counter[str] = Counter(m.kind for task in plan.tasks for m in task.milestones)
    said.append(
        say(
            "import-kinds",
            kinds=tuple(say(f"import-kind-{k}", count=kinds[k]) for k in _KINDS if kinds[k]),
        )
        if kinds
        else say("import-no-deadline")
    )
    said += _describe_comparison(comparison)
    if document.doubts:
        said.append(say("import-doubts", count=len(document.doubts)))
        alike = _group_doubts(document.doubts)
        said += [say("doubt-line", doubt=doubt) for doubt in alike[:MOST_SHOWN]]
        if len(alike) > MOST_SHOWN:
            said.append(say("and-more", count=len(alike) - MOST_SHOWN))
    return said


def _group_doubts(doubts: Sequence[Doubt]) -> list[Sentence]:
    """The doubts, those that say the same of several tasks as one."""
    together: dict[Sentence, list[Doubt]] = {}
    for doubt in doubts:
        together.setdefault(doubt.make_sentence(), []).append(doubt)
    said = []
    for plainly, same in together.items():
        keys = [doubt.key for doubt in same if doubt.key is not None]
        if len(keys) < 2:
            said += [doubt.make_full_sentence() for doubt in same]
            continue
        more = len(keys) - MOST_KEYS
        shown = ", ".join(keys[:MOST_KEYS])
        said.append(
            say("doubt-of-tasks-and-more", keys=shown, count=more, doubt=plainly)
            if more > 0
            else say("doubt-of-tasks", keys=shown, doubt=plainly)
        )
    return said


def _describe_comparison(comparison: Comparison) -> list[Sentence]:
    if comparison.plan_id is None:
        return [say("import-new-plan")]
    said = [
        say(
            "import-compared",
            new=len(comparison.new),
            changed=len(comparison.changed),
            gone=len(comparison.gone),
            unchanged=comparison.unchanged,
        )
    ]
    said += [
        say("import-added", key=task.key, title=shorten_text(task.title, 80))
        for task in comparison.new[:MOST_SHOWN]
    ]
    for change in comparison.changed[:MOST_SHOWN]:
        fields = tuple(say(f"field-{name.replace('_', '-')}") for name in change.fields)
        said.append(
            say(
                "import-changed",
                key=change.key,
                title=shorten_text(change.title, 80),
                fields=fields,
            )
        )
    for change in comparison.gone[:MOST_SHOWN]:
        said.append(say("import-gone", key=change.key, title=shorten_text(change.title, 80)))
    return said


async def write_plan(
    house: AppContext,
    shown: Preview,
    now: datetime,
    today: date,
    *,
    person_id: int | None = None,
    cancel_gone: bool = False,
    past_done: bool = False,
) -> Comparison:
    """Writes a document in one transaction, compared anew within it. Returns what was done."""
    document = shown.document
    async with house.database.write() as session:
        directory = (await house.load_registry_names(session)).directory
        comparison = await compare_plan(session, document.plan, shown.into)
        if not comparison.is_up_to_date or (cancel_gone and comparison.gone):
            writer = PlanWriter(session, directory, now, today, person_id)
            source = {"file": document.name, "sha256": document.sha256}
            await writer.write_plan(
                document.plan,
                comparison,
                cancel_gone=cancel_gone,
                past_done=past_done,
                source=source,
            )
    house.forget_names()
    return comparison


# --- in chat ---------------------------------------------------------------------------------------------------------


async def receive_file(turn: Request) -> Answer:
    """A plan sent as a file: kept, read in a process of its own, shown; the sender then says what to do with it."""
    sent = turn.incoming.file
    if sent is None or not turn.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if sent.size > plan_file.LARGEST_FILE:
        return make_answer(say("file-too-large", megabytes=plan_file.LARGEST_FILE // 1_000_000))
    amended = await drafts.find_draft(turn)
    into = amended.data["into"] if amended is not None and amended.kind == "import-into" else None
    content = await sent.fetch()
    if len(content) > plan_file.LARGEST_FILE:  # a channel may not know the size beforehand
        return make_answer(say("file-too-large", megabytes=plan_file.LARGEST_FILE // 1_000_000))
    path = _make_file_path(turn.app.options.files, sent.name, content)
    fresh = await asyncio.to_thread(evidence.write_whole_file, path, content)
    try:
        document = await _read_document(turn, path, sent.name)
        shown = await make_preview(turn.app, document, turn.today, into)
    except (UserError, FileFault) as refused:
        classified = refused.sentence.id == "document-classified"
        if fresh or classified:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        if classified:
            await _record_classified_refusal(turn)
        return make_answer(refused.sentence)
    kept = {"path": str(path), "name": sent.name, "into": into, "fresh": fresh}
    token = await drafts.save_draft(turn, "import", kept)
    return await asyncio.to_thread(_make_preview_answer, shown, document, token)


async def _read_document(turn: Request, path: Path, name: str) -> LoadedPlan:
    """Reads the file in a thread and shows how far it is."""
    loop = asyncio.get_running_loop()
    async with turn.read() as session:
        directory = (await turn.app.load_registry_names(session)).directory

    def show_progress(stage: str, count: int) -> None:
        told = make_answer(
            say("import-rows", name=name, count=count)
            if count
            else say("import-reading", name=name)
        )
        asyncio.run_coroutine_threadsafe(_report_progress(turn, told), loop)

    document = await asyncio.to_thread(plan_file.read_plan_file, path, directory, show_progress)
    return replace(document, name=name)


async def _report_progress(turn: Request, told: Answer) -> None:
    await turn.progress(told)


def _make_preview_answer(shown: Preview, document: LoadedPlan, token: str) -> Answer:
    comparison = shown.comparison
    if comparison.is_up_to_date and not comparison.gone:
        return make_answer(*shown.shown_sentences)
    does = f"import:{token}"
    rows = [[Button(say("button-drop"), f"{does}:drop")]]
    if not comparison.is_up_to_date:
        rows[0].insert(0, Button(say("button-import"), f"{does}:write"))
    if shown.past_deadlines:
        rows.insert(1, [Button(say("button-import-past-done"), f"{does}:past")])
    if comparison.gone:
        rows.insert(1, [Button(say("button-import-and-cancel"), f"{does}:cancel")])
    rows.insert(1, [Button(say("button-excel"), f"{does}:excel")])
    from plans import workbook  # slow to import

    sheet = File(
        f"{Path(document.name).stem}-kiem-tra.xlsx",
        workbook.write_workbook(document.plan, document.doubts),
    )
    return make_answer(*shown.shown_sentences, say("import-question"), buttons=rows, files=[sheet])


def _make_file_path(folder: Path, name: str, content: bytes) -> Path:
    """Where a plan's file is kept: under its SHA-256 with the name's ending; the same file twice is one."""
    suffix = Path(name).suffix.lower()[:8]
    suffix = suffix if suffix.isascii() and suffix[1:].isalnum() else ""
    return folder / f"{hashlib.sha256(content).hexdigest()}{suffix}"


async def _record_classified_refusal(turn: Request) -> None:
    from models.audit import record_change

    async with turn.write() as session:
        record_change(
            session, turn.now, "refuse_classified", "plan", person_id=turn.sender.person_id
        )


async def handle_preview_button(turn: Request) -> Answer:
    """The sender's word on the plan that was shown: write it, mend it in Excel first, or drop it."""
    draft = await drafts.find_draft_of_button(turn, "import")
    if draft is None:
        return make_answer(toast=say(_GONE))
    if not turn.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if turn.args == "excel":
        return make_answer(say("import-excel"))
    path = Path(draft.data["path"])
    if turn.args == "drop":
        await drafts.delete_draft(turn)
        if draft.data["fresh"]:  # else it is the file of a plan that was imported before
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return make_answer(say("cli-nothing-written"), replace=True)
    if turn.args not in WRITES or not await asyncio.to_thread(path.is_file):
        return make_answer(toast=say(_GONE))
    try:
        document = await _read_document(turn, path, draft.data["name"])
        shown = await make_preview(turn.app, document, turn.today, draft.data["into"])
    except (UserError, FileFault) as refused:
        return make_answer(refused.sentence)
    done = await write_plan(
        turn.app,
        shown,
        turn.now,
        turn.today,
        person_id=turn.sender.person_id,
        cancel_gone=turn.args == "cancel",
        past_done=turn.args == "past",
    )
    await drafts.delete_draft(turn)
    told = [
        say("import-done", new=len(done.new), changed=len(done.changed), unchanged=done.unchanged)
    ]
    async with turn.read() as session:
        sample = (
            await session.exec(
                select(Plan).where(col(Plan.sample).is_(True), col(Plan.closed_on).is_(None))
            )
        ).first()
    if sample is not None:
        told.append(say("import-sample-there", plan=sample.number or sample.title))
    return make_answer(*told, replace=True)


async def send_export(turn: Request) -> Answer:
    """A plan as a file of the plan format."""
    if not turn.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    try:
        plan = await export_plan(turn.app, turn.args or None)
    except (UserError, FileFault) as refused:
        return make_answer(refused.sentence)
    content = json.dumps(plan.as_json(), ensure_ascii=False, indent=1).encode()
    return make_answer(
        say("export-done", count=len(plan.tasks)), files=[File("ke-hoach.json", content)]
    )


async def explain_import(turn: Request) -> Answer:
    """How to send a plan; with a plan's number, the next file amends that plan."""
    if not turn.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if not turn.args:
        return make_answer(say("import-how"))
    try:
        async with turn.read() as session:
            plan = await find_plan(session, turn.args)
    except UserError as refused:
        return make_answer(refused.sentence)
    await drafts.save_draft(turn, "import-into", {"into": plan.number or plan.title})
    return make_answer(say("import-into", plan=plan.number or shorten_text(plan.title, 80)))


COMMANDS: dict[str, Handler] = {"xuat": send_export, "nhap": explain_import}
ACTIONS: dict[str, Handler] = {"import": handle_preview_button}
