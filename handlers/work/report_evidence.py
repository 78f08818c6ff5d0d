"""The dialogue that asks for the evidence of a report, and the button that sends its file.

Its draft is of kind "evidence" (`EvidenceDraft`).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.quotas import LARGEST_FILE
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.work import evidence
from handlers.work.evidence import Evidence, StoredFile, format_evidence, map_evidence_columns
from handlers.work.report import EvidenceDraft, notify_of_report, submit_report
from handlers.work.state import describe_state
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, File, make_answer, say
from models.assignments import MoveRefused, Report, Status


async def take_evidence(request: Request) -> Answer:
    """Take a text, a link or a file as the evidence that was asked for."""
    sent = request.incoming.file
    text = drafts.read_reply(request) if sent is None or request.incoming.text else ""
    if sent is None and words.is_one_of("evidence", "skip", text):
        return await _skip_evidence(request)
    proof = evidence.read_evidence(text, request.incoming.said_at.date())
    if proof.future:
        token = drafts.read_draft(request, EvidenceDraft).token
        return make_answer(say("evidence-future"), buttons=[[drafts.make_leave_button(token)]])
    file: StoredFile | None = None
    if sent is not None:
        async with request.read() as session:  # before it is fetched: no file is kept for nobody
            case = await cases.find_case(session, _get_assignment(request))
        refusal = _refuse_evidence(case, request)
        if refusal is not None:
            return refusal
        try:
            file = await evidence.store_evidence_file(sent, request.app.options)
        except evidence.FileTooLarge:
            return refuse_large_file()
    async with request.write() as session:
        return await _add_evidence(session, request, proof, file)


def refuse_large_file() -> Answer:
    """Say that a file is too large to be evidence."""
    return make_answer(say("evidence-file-too-large", megabytes=LARGEST_FILE // 1_000_000))


def mention_left_file(request: Request, answer: Answer | None) -> Answer | None:
    """Add to an answer that the file of the message belongs to no report, if it has one."""
    if answer is None or request.incoming.file is None:
        return answer
    return replace(answer, blocks=(*answer.blocks, say("evidence-file-left-out")))


def _get_assignment(request: Request) -> int | None:
    """Return the id of the assignment that the dialogue is about."""
    return drafts.read_draft(request, EvidenceDraft).assignment


def _refuse_evidence(case: AssignmentCase | None, request: Request) -> Answer | None:
    """Return why no evidence is taken: the task is gone, or the sender may not report any more."""
    if case is None:
        return refuse_dialogue()
    return cases.explain_refusal(case, request, Action.REPORT)


async def _add_evidence(
    session: AsyncSession, request: Request, proof: Evidence, file: StoredFile | None
) -> Answer:
    """Add evidence to the report, or submit the report that waited for it."""
    data = drafts.read_draft(request, EvidenceDraft)
    case = await cases.find_case(session, _get_assignment(request))
    refusal = _refuse_evidence(case, request)
    await drafts.delete_draft(request, session)
    if case is None or refusal is not None:
        return refusal or refuse_dialogue()
    if data.report is None:
        at = data.pressed or request.said_at
        try:
            return await submit_report(session, case, request, proof, at, file)
        except MoveRefused:
            return await describe_state(session, case, request)
    report = await session.get(Report, data.report)
    if report is None or report.decision == "withdrawn":
        return refuse_dialogue()
    return await _attach_evidence(session, case, report, request, proof, file)


async def add_to_last_report(
    session: AsyncSession,
    case: AssignmentCase,
    request: Request,
    proof: Evidence,
    file: StoredFile | None = None,
) -> Answer:
    """Add evidence that a report repeated in a sentence brings to the report that waits."""
    report = await cases.find_last_report(session, case.id)
    if report is None:
        return await describe_state(session, case, request)
    draft = await drafts.find_draft(request)
    waits = draft is not None and draft.kind == "evidence"
    if draft and waits and drafts.parse_draft(draft, EvidenceDraft).report == report.id:
        await drafts.delete_draft(request, session)
    return await _attach_evidence(session, case, report, request, proof, file)


async def _attach_evidence(
    session: AsyncSession,
    case: AssignmentCase,
    report: Report,
    request: Request,
    proof: Evidence,
    file: StoredFile | None,
) -> Answer:
    """Write the evidence into a report, and notify of it."""
    before = _dump_report(report)
    await _fill_report(session, report, proof, file)
    after = _dump_report(report)
    request.record_change(session, "evidence", "report", report.id, before=before, after=after)
    waits = case.assignment.status == Status.REPORTED
    again = f"evidence:{request.now.isoformat()}"
    await notify_of_report(session, case, report, request, waits=waits, again=again)
    head = say("evidence-kept-waiting" if waits else "evidence-kept")
    lines = [*case.describe_case(request), *format_evidence(report)]
    return make_answer(head, *lines, buttons=make_case_buttons(case))


async def _fill_report(
    session: AsyncSession, report: Report, proof: Evidence, file: StoredFile | None
) -> None:
    """Write new evidence into the report; what is not given now stays as it is."""
    for name, value in map_evidence_columns(proof).items():
        if value is not None:
            setattr(report, name, value)
    if file is not None:
        report.file_name, report.file_sha256 = file
    session.add(report)
    await session.flush()


def _dump_report(report: Report) -> dict[str, Any]:
    """Return the evidence of a report as JSON values for the audit."""
    names = ("number", "document_day", "link", "note", "file_name", "file_sha256")
    values = {name: getattr(report, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None
    }


async def _skip_evidence(request: Request) -> Answer:
    """End the dialogue without evidence, if the plan allows it; notify of the report now."""
    data = drafts.read_draft(request, EvidenceDraft)
    if data.report is None:
        return make_answer(say("report-evidence-needed"), say("report-ask-evidence"))
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        case = await cases.find_case(session, _get_assignment(request))
        report = await session.get(Report, data.report)
        if case is None or report is None or report.decision == "withdrawn":
            return refuse_dialogue()
        waits = case.assignment.status == Status.REPORTED
        if report.decision is None:
            await notify_of_report(session, case, report, request, waits=waits)
        return make_answer(say("evidence-skipped-waiting" if waits else "evidence-skipped"))


async def finish_without_evidence(request: Request) -> Answer:
    """Answer the button "Không kèm tài liệu"."""
    if await drafts.find_draft_of_button(request, "evidence") is None:
        return refuse_button()
    return await _skip_evidence(request)


async def send_evidence_file(request: Request) -> Answer:
    """Answer the button that sends the file of a report to those who may read it."""
    number = cases.parse_id(request.args)
    async with request.read() as session:
        report = await session.get(Report, number) if number is not None else None
        case = await cases.find_case(session, report.assignment_id) if report is not None else None
    if report is None or case is None or not report.file_sha256:
        return refuse_button()
    if not (case.may_do(request, Action.REPORT) or request.may_do(Action.CONFIRM)):
        return make_answer(say("may-not-evidence"))
    path = evidence.find_evidence_path(request.app.options, report.file_sha256)
    name = report.file_name or ""
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        return make_answer(say("evidence-file-lost", name=name))
    file = File(name or report.file_sha256[:12], content)
    return make_answer(say("evidence-file", name=name), files=[file])


ACTIONS: dict[str, Handler] = {"noev": finish_without_evidence, "evfile": send_evidence_file}
DIALOGUES: dict[str, Handler] = {"evidence": take_evidence}
FILE_DIALOGUES = frozenset({"evidence"})
