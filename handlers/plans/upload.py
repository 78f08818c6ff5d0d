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
from handlers.conversation.turn import Handler, House, Turn
from handlers.conversation.user_error import Fault
from handlers.work import evidence
from language.text import fold
from locales.answer import Answer, Button, File, Said, answer, say
from locales.phrases import shortened
from models.plans import Plan
from plans.format import PlanFile
from plans.reading import plan_file
from plans.reading.doubts import Doubt
from plans.reading.plan_file import Document, FileFault
from plans.registry import writer as importer
from plans.registry.writer import Comparison, Writer

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
    exact = [p for p in plans if wanted in (fold(p.number or ""), fold(p.number or "").split("/")[0], fold(p.title))]
    near = exact or [p for p in plans if wanted and (wanted in fold(p.title) or wanted in fold(p.number or ""))]
    if len(near) != 1:
        raise Fault(_which(near or plans, name))
    return near[0]


def _which(plans: Sequence[Plan], name: str) -> Said:
    named = ", ".join(p.number or shortened(p.title, 60) for p in plans[:MOST_SHOWN])
    if not plans:
        return say("no-plan")
    return say("which-plan", name=name, plans=named) if name else say("which-plan-unnamed", plans=named)


async def export_plan(house: House, name: str | None) -> PlanFile:
    """A plan of the registry in the plan format; `name` may be None where there is one. Raises Fault."""
    async with house.database.read() as session:
        if name is not None:
            plan = await find_plan(session, name)
        else:
            plans = (await session.exec(select(Plan))).all()
            if len(plans) != 1:
                raise Fault(_which(plans, ""))
            plan = plans[0]
        return await importer.export(session, plan.id or 0)


@dataclass
class Preview:
    """What a document would do to the registry, and the sentences that show it."""

    document: Document
    into: int | None
    comparison: Comparison
    said: list[Said] = field(default_factory=list)
    past: int = 0  # deadlines of new tasks that were over before today

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
            "past": self.past,
            "doubts": len(self.document.doubts),
            "written": written,
        }


async def preview(house: House, document: Document, today: date, into: str | None = None) -> Preview:
    """Compares a document with the registry; `into` names the plan that it amends. Raises Fault.

    Nothing is written into a closed plan: nobody would be reminded of it.
    """
    async with house.database.read() as session:
        plan_id = (await find_plan(session, into)).id if into else None
        comparison = await importer.compare(session, document.plan, plan_id)
        plan = await session.get(Plan, comparison.plan_id) if comparison.plan_id is not None else None
    if plan is not None and plan.closed_on is not None:
        raise Fault(say("close-already", plan=shortened(plan.number or plan.title, 80), day=plan.closed_on))
    shown = Preview(document, plan_id, comparison)
    shown.past = _past(comparison, today)
    shown.said = _shown(document, comparison)
    if shown.past:
        shown.said.append(say("import-past", count=shown.past))
    return shown


def _past(comparison: Comparison, today: date) -> int:
    """How many deadlines of the new tasks were over before today: the sender is asked about them."""
    return sum(day < today for task in comparison.new for milestone in task.milestones for day in milestone.deadlines)


def _shown(document: Document, comparison: Comparison) -> list[Said]:
    plan = document.plan
    head = plan.plan
    said = [say("import-head", title=shortened(head.title, 200), number=head.number or say("import-no-number"))]
    if comparison.nothing and not comparison.gone:
        return [*said, say("import-nothing-new", count=comparison.unchanged)]
    said.append(say("import-count", count=len(plan.tasks), more=len(plan.plan_milestones)))
    leads = Counter(name for task in plan.tasks for name in task.lead)
    said += [say("import-lead", agency=name, count=count) for name, count in leads.most_common(MOST_SHOWN)]
    if len(leads) > MOST_SHOWN:
        said.append(say("and-more", count=len(leads) - MOST_SHOWN))
    kinds: Counter[str] = Counter(m.kind for task in plan.tasks for m in task.milestones)
    said.append(
        say("import-kinds", kinds=tuple(say(f"import-kind-{k}", count=kinds[k]) for k in _KINDS if kinds[k]))
        if kinds
        else say("import-no-deadline")
    )
    said += _compared(comparison)
    if document.doubts:
        said.append(say("import-doubts", count=len(document.doubts)))
        alike = _alike(document.doubts)
        said += [say("doubt-line", doubt=doubt) for doubt in alike[:MOST_SHOWN]]
        if len(alike) > MOST_SHOWN:
            said.append(say("and-more", count=len(alike) - MOST_SHOWN))
    return said


def _alike(doubts: Sequence[Doubt]) -> list[Said]:
    """The doubts, those that say the same of several tasks as one."""
    together: dict[Said, list[Doubt]] = {}
    for doubt in doubts:
        together.setdefault(doubt.sentence(), []).append(doubt)
    said = []
    for plainly, same in together.items():
        keys = [doubt.key for doubt in same if doubt.key is not None]
        if len(keys) < 2:
            said += [doubt.said() for doubt in same]
            continue
        more = len(keys) - MOST_KEYS
        shown = ", ".join(keys[:MOST_KEYS])
        said.append(
            say("doubt-of-tasks-and-more", keys=shown, count=more, doubt=plainly)
            if more > 0
            else say("doubt-of-tasks", keys=shown, doubt=plainly)
        )
    return said


def _compared(comparison: Comparison) -> list[Said]:
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
    said += [say("import-added", key=task.key, title=shortened(task.title, 80)) for task in comparison.new[:MOST_SHOWN]]
    for change in comparison.changed[:MOST_SHOWN]:
        fields = tuple(say(f"field-{name.replace('_', '-')}") for name in change.fields)
        said.append(say("import-changed", key=change.key, title=shortened(change.title, 80), fields=fields))
    for change in comparison.gone[:MOST_SHOWN]:
        said.append(say("import-gone", key=change.key, title=shortened(change.title, 80)))
    return said


async def write(
    house: House,
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
        directory = (await house.scene(session)).directory
        comparison = await importer.compare(session, document.plan, shown.into)
        if not comparison.nothing or (cancel_gone and comparison.gone):
            writer = Writer(session, directory, now, today, person_id)
            source = {"file": document.name, "sha256": document.sha256}
            await writer.write(document.plan, comparison, cancel_gone=cancel_gone, past_done=past_done, source=source)
    house.names_changed()
    return comparison


# --- in chat ---------------------------------------------------------------------------------------------------------


async def file(turn: Turn) -> Answer:
    """A plan sent as a file: kept, read in a process of its own, shown; the sender then says what to do with it."""
    sent = turn.incoming.file
    if sent is None or not turn.may(Action.IMPORT):
        return answer(say("import-not-allowed"))
    if sent.size > plan_file.LARGEST:
        return answer(say("file-too-large", megabytes=plan_file.LARGEST // 1_000_000))
    amended = await drafts.current(turn)
    into = amended.data["into"] if amended is not None and amended.kind == "import-into" else None
    content = await sent.fetch()
    if len(content) > plan_file.LARGEST:  # a channel may not know the size beforehand
        return answer(say("file-too-large", megabytes=plan_file.LARGEST // 1_000_000))
    path = _place(turn.house.options.files, sent.name, content)
    fresh = await asyncio.to_thread(evidence.store, path, content)
    try:
        document = await _read(turn, path, sent.name)
        shown = await preview(turn.house, document, turn.today, into)
    except (Fault, FileFault) as refused:
        classified = refused.said.id == "document-classified"
        if fresh or classified:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        if classified:
            await _refused_classified(turn)
        return answer(refused.said)
    kept = {"path": str(path), "name": sent.name, "into": into, "fresh": fresh}
    token = await drafts.keep(turn, "import", kept)
    return await asyncio.to_thread(_preview_answer, shown, document, token)


async def _read(turn: Turn, path: Path, name: str) -> Document:
    """Reads the file in a thread and shows how far it is."""
    loop = asyncio.get_running_loop()
    async with turn.read() as session:
        directory = (await turn.house.scene(session)).directory

    def show(stage: str, count: int) -> None:
        told = answer(say("import-rows", name=name, count=count) if count else say("import-reading", name=name))
        asyncio.run_coroutine_threadsafe(_tell(turn, told), loop)

    document = await asyncio.to_thread(plan_file.read, path, directory, show)
    return replace(document, name=name)


async def _tell(turn: Turn, told: Answer) -> None:
    await turn.progress(told)


def _preview_answer(shown: Preview, document: Document, token: str) -> Answer:
    comparison = shown.comparison
    if comparison.nothing and not comparison.gone:
        return answer(*shown.said)
    does = f"import:{token}"
    rows = [[Button(say("button-drop"), f"{does}:drop")]]
    if not comparison.nothing:
        rows[0].insert(0, Button(say("button-import"), f"{does}:write"))
    if shown.past:
        rows.insert(1, [Button(say("button-import-past-done"), f"{does}:past")])
    if comparison.gone:
        rows.insert(1, [Button(say("button-import-and-cancel"), f"{does}:cancel")])
    rows.insert(1, [Button(say("button-excel"), f"{does}:excel")])
    from plans import workbook  # slow to import

    sheet = File(f"{Path(document.name).stem}-kiem-tra.xlsx", workbook.write(document.plan, document.doubts))
    return answer(*shown.said, say("import-question"), buttons=rows, files=[sheet])


def _place(folder: Path, name: str, content: bytes) -> Path:
    """Where a plan's file is kept: under its SHA-256 with the name's ending; the same file twice is one."""
    suffix = Path(name).suffix.lower()[:8]
    suffix = suffix if suffix.isascii() and suffix[1:].isalnum() else ""
    return folder / f"{hashlib.sha256(content).hexdigest()}{suffix}"


async def _refused_classified(turn: Turn) -> None:
    from models.audit import record

    async with turn.write() as session:
        record(session, turn.now, "refuse_classified", "plan", person_id=turn.who.person_id)


async def pressed(turn: Turn) -> Answer:
    """The sender's word on the plan that was shown: write it, mend it in Excel first, or drop it."""
    draft = await drafts.pressed(turn, "import")
    if draft is None:
        return answer(toast=say(_GONE))
    if not turn.may(Action.IMPORT):
        return answer(say("import-not-allowed"))
    if turn.args == "excel":
        return answer(say("import-excel"))
    path = Path(draft.data["path"])
    if turn.args == "drop":
        await drafts.drop(turn)
        if draft.data["fresh"]:  # else it is the file of a plan that was imported before
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return answer(say("cli-nothing-written"), replace=True)
    if turn.args not in WRITES or not await asyncio.to_thread(path.is_file):
        return answer(toast=say(_GONE))
    try:
        document = await _read(turn, path, draft.data["name"])
        shown = await preview(turn.house, document, turn.today, draft.data["into"])
    except (Fault, FileFault) as refused:
        return answer(refused.said)
    done = await write(
        turn.house,
        shown,
        turn.now,
        turn.today,
        person_id=turn.who.person_id,
        cancel_gone=turn.args == "cancel",
        past_done=turn.args == "past",
    )
    await drafts.drop(turn)
    told = [say("import-done", new=len(done.new), changed=len(done.changed), unchanged=done.unchanged)]
    async with turn.read() as session:
        sample = (
            await session.exec(select(Plan).where(col(Plan.sample).is_(True), col(Plan.closed_on).is_(None)))
        ).first()
    if sample is not None:
        told.append(say("import-sample-there", plan=sample.number or sample.title))
    return answer(*told, replace=True)


async def export_command(turn: Turn) -> Answer:
    """A plan as a file of the plan format."""
    if not turn.may(Action.IMPORT):
        return answer(say("import-not-allowed"))
    try:
        plan = await export_plan(turn.house, turn.args or None)
    except (Fault, FileFault) as refused:
        return answer(refused.said)
    content = json.dumps(plan.as_json(), ensure_ascii=False, indent=1).encode()
    return answer(say("export-done", count=len(plan.tasks)), files=[File("ke-hoach.json", content)])


async def how_to_import(turn: Turn) -> Answer:
    """How to send a plan; with a plan's number, the next file amends that plan."""
    if not turn.may(Action.IMPORT):
        return answer(say("import-not-allowed"))
    if not turn.args:
        return answer(say("import-how"))
    try:
        async with turn.read() as session:
            plan = await find_plan(session, turn.args)
    except Fault as refused:
        return answer(refused.said)
    await drafts.keep(turn, "import-into", {"into": plan.number or plan.title})
    return answer(say("import-into", plan=plan.number or shortened(plan.title, 80)))


COMMANDS: dict[str, Handler] = {"xuat": export_command, "nhap": how_to_import}
ACTIONS: dict[str, Handler] = {"import": pressed}
