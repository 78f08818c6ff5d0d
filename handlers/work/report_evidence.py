"""The dialogue that asks for the evidence of a report, and the button that sends its file."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work import evidence
from handlers.work.evidence import Evidence
from handlers.work.report import (
    format_evidence,
    map_evidence_columns,
    notify_of_report,
    submit_report,
)
from handlers.work.state import describe_state
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, File, make_answer, say
from models.assignments import (
    MoveRefused,
    Report,
    Status,
)
from models.audit import record_change


async def take_evidence(turn: Request) -> Answer:
    """The evidence that was asked for: text, a link or a file."""
    sent = turn.incoming.file
    said = None if sent is not None and not turn.incoming.text else drafts.read_reply(turn)
    if sent is None and said is not None and words.is_one_of("evidence", "skip", said):
        return await _skip_evidence(turn)
    given = evidence.read_evidence(said or "", turn.today)
    if given.future:
        return make_answer(
            say("evidence-future"),
            buttons=[[drafts.make_leave_button(drafts.get_draft_data(turn)["token"])]],
        )
    kept: tuple[str, str] | None = None
    if sent is not None:
        refused = await _refuse_file(turn)
        if refused is not None:
            return refused
        try:
            kept = await evidence.store_evidence_file(sent, turn.app.options)
        except evidence.FileTooLarge:
            return make_answer(say("evidence-file-too-large"))
    async with turn.write() as session:
        return await _add_evidence(session, turn, given, kept)


async def _refuse_file(turn: Request) -> Answer | None:
    """Why no file is kept: the task is gone, or the sender's role has ended since it was asked for. None: it is."""
    async with turn.read() as session:
        case = await cases.find_case(session, drafts.get_draft_data(turn).get("assignment"))
    return (
        make_answer(say(cases.BUTTON_OUT_OF_DATE))
        if case is None
        else cases.explain_refusal(case, turn, Action.REPORT)
    )


async def _add_evidence(
    session: AsyncSession, turn: Request, given: Evidence, kept: tuple[str, str] | None
) -> Answer:
    data = turn.draft.data if turn.draft is not None else {}
    case = await cases.find_case(session, data.get("assignment"))
    if case is None or (refused := cases.explain_refusal(case, turn, Action.REPORT)) is not None:
        await drafts.delete_draft(turn, session)
        return (
            make_answer(say(cases.BUTTON_OUT_OF_DATE))
            if case is None
            else (refused or make_answer(say(cases.BUTTON_OUT_OF_DATE)))
        )
    if "report" not in data:
        return await _submit_with_evidence(
            session, case, turn, given, kept, datetime.fromisoformat(data["pressed"])
        )
    report = await session.get(Report, data["report"])
    await drafts.delete_draft(turn, session)
    if report is None or report.decision == "withdrawn":
        return make_answer(say(cases.BUTTON_OUT_OF_DATE))
    before = _dump_report(report)
    _fill_report(report, given, kept)
    session.add(report)
    await session.flush()
    record_change(
        session, turn.now, "evidence", "report", report.id, person_id=turn.sender.person_id,
        before=before, after=_dump_report(report),
    )  # fmt: skip
    waits = case.assignment.status == Status.REPORTED
    await notify_of_report(
        session, case, report, turn, waits=waits, again=f"evidence:{turn.now.isoformat()}"
    )
    head = say("evidence-kept-waiting" if waits else "evidence-kept")
    return make_answer(
        head, *case.describe_case(turn), *format_evidence(report), buttons=make_case_buttons(case)
    )


async def _submit_with_evidence(
    session: AsyncSession,
    case: AssignmentCase,
    turn: Request,
    given: Evidence,
    kept: tuple[str, str] | None,
    at: datetime,
) -> Answer:
    """Submits a report of a plan that insists on evidence; it counts from the day of the press."""
    await drafts.delete_draft(turn, session)
    try:
        said = await submit_report(
            session, case, turn, given if not kept else _name_file_in_note(given, kept), at
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    if kept and (report := await cases.find_last_report(session, case.id)) is not None:
        _fill_report(report, given, kept)
        session.add(report)
        await session.flush()
        await notify_of_report(
            session, case, report, turn, waits=case.assignment.status == Status.REPORTED
        )
    return said


def _name_file_in_note(given: Evidence, kept: tuple[str, str]) -> Evidence:
    """The evidence with the file's name as its note, where nothing else was said: it is not empty."""
    return Evidence(given.number, given.day, given.link, given.note or kept[0])


def _fill_report(report: Report, given: Evidence, kept: tuple[str, str] | None) -> None:
    """Sets what was given; what was given before and is not given now stays."""
    for name, value in map_evidence_columns(given).items():
        if value is not None:
            setattr(report, name, value)
    if kept is not None:
        report.file_name, report.file_sha256 = kept
        report.note = None if report.note == kept[0] else report.note


def _dump_report(report: Report) -> dict[str, Any]:
    names = ("number", "document_day", "link", "note", "file_name", "file_sha256")
    values = {name: getattr(report, name) for name in names}
    return {
        n: v.isoformat() if isinstance(v, date) else v for n, v in values.items() if v is not None
    }


async def _skip_evidence(turn: Request) -> Answer:
    """No evidence is given: possible where the plan allows it."""
    data = turn.draft.data if turn.draft is not None else {}
    if "report" not in data:
        return make_answer(say("report-evidence-needed"), say("report-ask-evidence"))
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        case = await cases.find_case(session, data["assignment"])
        report = await session.get(Report, data["report"])
        if case is None or report is None or report.decision == "withdrawn":
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        waits = case.assignment.status == Status.REPORTED
        if report.decision is None:
            await notify_of_report(session, case, report, turn, waits=waits)
        return make_answer(say("evidence-skipped-waiting" if waits else "evidence-skipped"))


async def finish_without_evidence(turn: Request) -> Answer:
    """The button "Không kèm tài liệu"."""
    if await drafts.find_draft_of_button(turn, "evidence") is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    return await _skip_evidence(turn)


async def send_evidence_file(turn: Request) -> Answer:
    """The button that gives the file of a report to those who may read it."""
    async with turn.read() as session:
        number = cases.parse_id(turn.args)
        report = await session.get(Report, number) if number is not None else None
        case = await cases.find_case(session, report.assignment_id) if report is not None else None
    if report is None or case is None or not report.file_sha256:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    if not (case.may_do(turn, Action.REPORT) or turn.may_do(Action.CONFIRM)):
        return make_answer(say("may-not-evidence"))
    path = (
        evidence.find_evidence_folder(turn.app.options)
        / report.file_sha256[:2]
        / report.file_sha256
    )
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        return make_answer(say("evidence-file-lost", name=report.file_name or ""))
    return make_answer(
        say("evidence-file", name=report.file_name or ""),
        files=[File(report.file_name or report.file_sha256[:12], content)],
    )


ACTIONS: dict[str, Handler] = {"noev": finish_without_evidence, "evfile": send_evidence_file}
DIALOGUES: dict[str, Handler] = {"evidence": take_evidence}
FILE_DIALOGUES = frozenset({"evidence"})
