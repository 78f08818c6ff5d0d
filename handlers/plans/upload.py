"""Plans from files in chat (`/nhap`): read, shown, confirmed, written; and exported.

What a preview says stands in `preview.py`; reading and writing in `plans/`.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from pydantic import Field
from sqlmodel import col, select

from handlers.conversation import drafts
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import AppContext, Handler, Request
from handlers.conversation.rights import Action
from handlers.plans.preview import Preview, ask_which_plan, find_plan, make_preview
from handlers.work import evidence
from locales.answer import (
    Answer,
    File,
    Sentence,
    make_answer,
    make_button,
    pack_action,
    say,
)
from locales.user_error import UserError
from models.plans import Plan
from plans.format import PlanFile
from plans.reading import plan_file
from plans.reading.plan_file import LoadedPlan
from plans.registry import export
from plans.registry.compare import Comparison, compare_plan
from plans.registry.writer import PlanWriter

CHECK_SUFFIX = "-kiem-tra.xlsx"
"""The end of the name of the file sent, in Vietnamese, as people see it among their files."""

DECISIONS = frozenset({"same", "other", "all"})
"""Buttons that say whether the first unsure pair of tasks, or every pair, is one task."""

WRITES = frozenset({"write", "past", "cancel"})
"""Buttons that write the plan: as it is, with past deadlines done, or with gone tasks cancelled."""


async def export_plan(app: AppContext, name: str | None) -> PlanFile:
    """Return a plan in the plan format; without a name, the only one.

    Raises UserError if there is no such plan or several.
    """
    async with app.database.read() as session:
        if name is not None:
            plan = await find_plan(session, name)
        else:
            plans = (await session.exec(select(Plan))).all()
            if len(plans) != 1:
                raise UserError(ask_which_plan(plans, ""))
            plan = plans[0]
        return await export.export_plan(session, plan.id)


async def write_plan(
    app: AppContext,
    preview: Preview,
    now: datetime,
    today: date,
    *,
    person_id: int | None = None,
    cancel_gone: bool = False,
    past_done: bool = False,
) -> Comparison:
    """Write a document in one transaction; return what was done.

    It is compared with the registry anew within the transaction. Raises UserError, and writes
    nothing, while a pair of tasks is undecided.
    """
    document = preview.document
    async with app.database.write() as session:
        directory = (await app.load_registry_names(session)).directory
        comparison = await compare_plan(session, document.plan, preview.into, preview.decided)
        if comparison.unsure:
            raise UserError(say("import-undecided", count=len(comparison.unsure)))
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
    app.forget_names()
    return comparison


# --- in chat ---


class AmendingDraft(drafts.DraftData):
    """The plan that the next file amends."""

    into: str


class ImportDraft(drafts.DraftData):
    """A plan that was read from a file, until it is written or dropped.

    `fresh`: the file was not there before. `decided` says of unsure pairs, by the key of the new
    task, whether they are one task.
    """

    path: Path
    name: str
    into: str | None = None
    fresh: bool
    decided: dict[str, bool] = Field(default_factory=dict)


async def receive_file(request: Request) -> Answer:
    """Store a plan that was sent as a file, read it, and show what it would do."""
    sent = request.incoming.file
    if sent is None or not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if sent.size > plan_file.LARGEST_FILE:
        return make_answer(say("file-too-large", megabytes=plan_file.LARGEST_FILE // 1_000_000))
    draft = await drafts.find_draft(request)
    amends = draft is not None and draft.kind == "import-into"
    into = drafts.parse_draft(draft, AmendingDraft).into if draft and amends else None
    content = await sent.load_content()
    if len(content) > plan_file.LARGEST_FILE:  # a channel may not know the size beforehand
        return make_answer(say("file-too-large", megabytes=plan_file.LARGEST_FILE // 1_000_000))
    path = _make_file_path(request.app.options.files, sent.name, content)
    fresh = await asyncio.to_thread(evidence.write_whole_file, path, content)
    try:
        document = await _read_document(request, path, sent.name)
        preview = await make_preview(request.app, document, request.today, into)
    except UserError as error:
        secret = error.sentence.id == "document-classified"
        if fresh or secret:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        if secret:
            await _record_classified_refusal(request)
            return make_answer(error.sentence, say("document-classified-sent"))
        return make_answer(error.sentence)
    data = ImportDraft(path=path, name=sent.name, into=into, fresh=fresh)
    token = await drafts.save_draft(request, "import", data)
    return await asyncio.to_thread(_make_preview_answer, preview, document, token)


async def _read_document(request: Request, path: Path, name: str) -> LoadedPlan:
    """Read the file in a thread and show how far it is."""
    loop = asyncio.get_running_loop()
    async with request.read() as session:
        directory = (await request.app.load_registry_names(session)).directory

    def show_progress(stage: str, count: int) -> None:
        """Show the number of rows read, from the thread of the reader."""
        rows = say("import-rows", name=name, count=count)
        stage_text = rows if count else say("import-reading", name=name)
        asyncio.run_coroutine_threadsafe(_report_progress(request, stage_text), loop)

    document = await asyncio.to_thread(plan_file.read_plan_file, path, directory, show_progress)
    return replace(document, name=name)


async def _report_progress(request: Request, sentence: Sentence) -> None:
    """Show the sender how far the reading is."""
    await request.progress(make_answer(sentence))


def _make_preview_answer(preview: Preview, document: LoadedPlan, token: str) -> Answer:
    """Return the preview with its buttons, and the plan as an Excel table for checking."""
    comparison = preview.comparison
    if comparison.is_up_to_date and not comparison.gone:
        return make_answer(*preview.shown_sentences)
    action = pack_action("import", token)
    if comparison.unsure:
        return _ask_unsure_match(preview, action)
    rows = [[make_button(say("button-drop"), action, "drop")]]
    if not comparison.is_up_to_date:
        rows[0].insert(0, make_button(say("button-import"), action, "write"))
    if preview.past_deadlines:
        rows.insert(1, [make_button(say("button-import-past-done"), action, "past")])
    if comparison.gone:
        rows.insert(1, [make_button(say("button-import-and-cancel"), action, "cancel")])
    rows.insert(1, [make_button(say("button-excel"), action, "excel")])
    from plans import workbook  # slow to import

    sheet = File(
        f"{Path(document.name).stem}{CHECK_SUFFIX}",
        workbook.write_workbook(document.plan, document.doubts),
    )
    return make_answer(
        *preview.shown_sentences, say("import-question"), buttons=rows, files=[sheet]
    )


def _ask_unsure_match(preview: Preview, action: str) -> Answer:
    """Return the preview with the question whether the first unsure pair is one task."""
    unsure = preview.comparison.unsure
    rows = [
        [
            make_button(say("button-same-task"), action, "same"),
            make_button(say("button-other-task"), action, "other"),
        ],
        [make_button(say("button-drop"), action, "drop")],
    ]
    if len(unsure) > 1:
        rows.insert(1, [make_button(say("button-all-same-tasks"), action, "all")])
    return make_answer(
        *preview.shown_sentences,
        say("import-unsure-question", old=unsure[0].old.key, new=unsure[0].new.key),
        buttons=rows,
    )


async def _decide_match(request: Request, data: ImportDraft, preview: Preview) -> Answer:
    """Keep what was decided about unsure pairs, and show what is left to ask."""
    pairs = preview.comparison.unsure if request.args == "all" else preview.comparison.unsure[:1]
    decided = {**preview.decided, **{pair.new.key: request.args != "other" for pair in pairs}}
    new = data.model_copy(update={"decided": decided})
    token = await drafts.save_draft(request, "import", new)
    document = preview.document
    after = await make_preview(request.app, document, request.today, data.into, decided)
    return await asyncio.to_thread(_make_preview_answer, after, document, token)


def _make_file_path(folder: Path, name: str, content: bytes) -> Path:
    """Return the path of a plan's file: its SHA-256 with the name's ending.

    The same file sent twice is one file.
    """
    suffix = Path(name).suffix.lower()[:8]
    suffix = suffix if suffix.isascii() and suffix[1:].isalnum() else ""
    return folder / f"{hashlib.sha256(content).hexdigest()}{suffix}"


async def _record_classified_refusal(request: Request) -> None:
    """Record in the audit that a classified document was refused; nothing of it is stored."""
    async with request.write() as session:
        request.record_change(session, "refuse_classified", "plan")


async def handle_preview_button(request: Request) -> Answer:
    """Write the plan as shown, say how to mend it in Excel, or drop it."""
    draft = await drafts.find_draft_of_button(request, "import")
    if draft is None:
        return refuse_button()
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if request.args == "excel":
        return make_answer(say("import-excel"))
    data = drafts.read_draft(request, ImportDraft)
    path = data.path
    if request.args == "drop":
        await drafts.delete_draft(request)
        if data.fresh:  # else it is the file of a plan that was imported before
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return make_answer(say("cli-nothing-written"), replace=True)
    if request.args not in WRITES | DECISIONS or not await asyncio.to_thread(path.is_file):
        return refuse_button()
    try:
        document = await _read_document(request, path, data.name)
        preview = await make_preview(
            request.app,
            document,
            request.today,
            data.into,
            data.decided,
        )
        if request.args in DECISIONS:
            return await _decide_match(request, data, preview)
        result = await write_plan(
            request.app,
            preview,
            request.now,
            request.today,
            person_id=request.sender.person_id,
            cancel_gone=request.args == "cancel",
            past_done=request.args == "past",
        )
    except UserError as error:
        return make_answer(error.sentence)
    await drafts.delete_draft(request)
    new, changed = len(result.new), len(result.changed)
    sentences = [say("import-done", new=new, changed=changed, unchanged=result.unchanged)]
    samples = select(Plan).where(col(Plan.sample).is_(True), col(Plan.closed_on).is_(None))
    async with request.read() as session:
        sample = (await session.exec(samples)).first()
    if sample is not None:
        sentences.append(say("import-sample-there", plan=sample.full_name))
    return make_answer(*sentences, replace=True)


async def explain_import(request: Request) -> Answer:
    """Answer `/nhap [plan]`: say how to send a plan; the next file amends the plan named."""
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    if not request.args:
        return make_answer(say("import-how"))
    try:
        async with request.read() as session:
            plan = await find_plan(session, request.args)
    except UserError as error:
        return make_answer(error.sentence)
    await drafts.save_draft(request, "import-into", AmendingDraft(into=plan.full_name))
    return make_answer(say("import-into", plan=plan.shorten_name()))


COMMANDS: dict[str, Handler] = {"nhap": explain_import}
ACTIONS: dict[str, Handler] = {"import": handle_preview_button}
