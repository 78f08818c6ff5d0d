"""Reports of an agency on its assignment: received, under way, done.

The supervisor's side is `confirm`, evidence that comes after a report `report_evidence`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.work.evidence import (
    Evidence,
    StoredFile,
    dump_evidence,
    format_evidence,
    map_evidence_columns,
    map_file_columns,
)
from handlers.work.state import describe_state, move_assignment, to_local_time
from handlers.work.task_buttons import make_case_buttons, make_decision_buttons
from locales.answer import Answer, Sentence, make_answer, make_button, say
from models.assignments import Move, MoveRefused, Report, is_move_possible
from models.milestones import Deadline, TaskMilestone

EVIDENCE_WAIT = timedelta(minutes=10)
"""How long a report waits for its evidence before the supervisor is notified."""

LONGEST_PROGRESS_NOTE = 1000  # characters of a note on progress
NO_EVIDENCE = Evidence()


class ProgressDraft(drafts.DraftData):
    """A note on progress that is waited for."""

    assignment: int


class EvidenceDraft(drafts.DraftData):
    """Evidence that is waited for.

    The report is written already, or, if the plan requires evidence first, `pressed` is the moment
    of the press that counts.
    """

    assignment: int | None = None
    report: int | None = None
    pressed: datetime | None = None


async def receive_task(session: AsyncSession, case: AssignmentCase, request: Request) -> Answer:
    """Answer the button "Đã tiếp nhận": note that the agency has received the task."""
    refusal = cases.explain_refusal(case, request, Action.REPORT)
    if refusal is not None:
        return refusal
    try:
        await move_assignment(session, request, case.assignment, Move.RECEIVE)
    except MoveRefused:
        return await describe_state(session, case, request)
    return make_answer(
        say("report-received"),
        *case.describe_case(request),
        buttons=make_case_buttons(case),
    )


async def note_progress(
    session: AsyncSession, case: AssignmentCase, request: Request, note: str | None = None
) -> Answer:
    """Answer the button "Đang thực hiện": write a `note` on progress, or ask for one."""
    refusal = cases.explain_refusal(case, request, Action.REPORT)
    if refusal is not None:
        return refusal
    note = note[:LONGEST_PROGRESS_NOTE] if note else None
    values = {"note": note} if note else {}
    try:
        await move_assignment(session, request, case.assignment, Move.PROGRESS, **values)
    except MoveRefused:
        return await describe_state(session, case, request)
    lines = case.describe_case(request)
    if note:
        head = say("report-progress-noted", word=note)
        return make_answer(head, *lines, buttons=make_case_buttons(case))
    data = ProgressDraft(assignment=case.id, left_message="progress-left")
    token = await drafts.save_draft(request, "progress", data, session)
    rows = [[make_button(say("button-no-word"), "leave", token)]]
    return make_answer(say("report-working"), *lines, say("report-ask-progress"), buttons=rows)


async def take_progress_note(request: Request) -> Answer:
    """Take a text as the note on progress that was asked for."""
    note = drafts.read_reply(request)
    async with request.write() as session:
        case = await cases.find_case(session, drafts.read_draft(request, ProgressDraft).assignment)
        await drafts.delete_draft(request, session)
        if case is None:
            return refuse_dialogue()
        return await note_progress(session, case, request, note)


async def report_done(
    session: AsyncSession,
    case: AssignmentCase,
    request: Request,
    proof: Evidence = NO_EVIDENCE,
    file: StoredFile | None = None,
) -> Answer:
    """Answer the button "Đã hoàn thành": the task is done from this moment on.

    Without evidence it is asked for afterwards, or before, if the plan requires it.
    """
    refusal = cases.explain_refusal(case, request, Action.REPORT)
    if refusal is not None:
        return refusal
    if not is_move_possible(case.assignment, Move.REPORT):
        return await describe_state(session, case, request)
    if proof.future:
        return make_answer(say("evidence-future"))
    if case.plan.evidence_needed and proof.is_empty and file is None:
        data = EvidenceDraft(assignment=case.id, pressed=request.said_at)
        token = await drafts.save_draft(request, "evidence", data, session)
        return make_answer(
            say("report-evidence-needed"),
            *case.describe_case(request),
            say("report-ask-evidence"),
            buttons=[[drafts.make_leave_button(token)]],
        )
    try:
        return await submit_report(session, case, request, proof, request.said_at, file)
    except MoveRefused:
        return await describe_state(session, case, request)


async def submit_report(
    session: AsyncSession,
    case: AssignmentCase,
    request: Request,
    proof: Evidence,
    at: datetime,
    file: StoredFile | None = None,
) -> Answer:
    """Write the report and move the assignment; ask for evidence if there is none.

    `at` is the moment of the press, whose day counts. Raises MoveRefused.
    """
    waits = not case.may_do(request, Action.CONFIRM)
    waits = waits and await cases.needs_confirmation(session, case.plan, request)
    move = Move.REPORT if waits else Move.FINISH
    row = await move_assignment(session, request, case.assignment, move, done_on=at.date())
    report = Report(
        assignment_id=case.id,
        person_id=request.sender.person_id,
        reported_at=at,
        after_gap=request.incoming.after_gap,
        **map_evidence_columns(proof),
        **map_file_columns(file),
    )
    session.add(report)
    await session.flush()
    after = {"assignment": case.id, **dump_evidence(proof), **map_file_columns(file)}
    request.record_change(session, "report_made", "report", report.id, after=after)
    wait = EVIDENCE_WAIT if proof.is_empty and file is None else None
    await notify_of_report(session, case, report, request, waits=waits, wait=wait)
    head = say("report-sent" if waits else "report-finished", day=at.date(), at=at)
    if wait is not None and waits:
        head = say("report-kept", day=at.date(), at=at, minutes=wait // timedelta(minutes=1))
    blocks, buttons = [head, *case.describe_case(request)], make_case_buttons(case, undo=row.id)
    blocks += await _describe_missed_hour(session, case, report, request)
    if wait is not None:
        left = "evidence-left"
        data = EvidenceDraft(report=report.id, assignment=case.id, left_message=left)
        token = await drafts.save_draft(request, "evidence", data, session)
        blocks.append(say("report-ask-evidence"))
        buttons = [[make_button(say("button-no-evidence"), "noev", token)], *buttons]
    else:
        blocks += format_evidence(report)
    return make_answer(*blocks, buttons=buttons)


async def _describe_missed_hour(
    session: AsyncSession, case: AssignmentCase, report: Report, request: Request
) -> list[Sentence]:
    """Return that the report came on the last day, but behind the hour that the plan sets.

    Figures count days, so it is in time all the same.
    """
    statement = (
        select(TaskMilestone.at)
        .join(Deadline, col(Deadline.milestone_id) == TaskMilestone.id)
        .where(
            Deadline.id == case.assignment.deadline_id,
            Deadline.last_day == case.assignment.last_day,
        )
    )
    hour = (await session.exec(statement)).first()
    at = to_local_time(report.reported_at, request)
    missed = hour and at.date() == case.assignment.last_day and f"{at:%H:%M}" > hour
    return [say("report-past-hour", hour=hour)] if missed else []


async def notify_of_report(
    session: AsyncSession,
    case: AssignmentCase,
    report: Report,
    request: Request,
    *,
    waits: bool,
    wait: timedelta | None = None,
    again: str | None = None,
) -> None:
    """Notify the supervisors if the report waits for them, else the agency's other people.

    The message goes out after `wait`. `again` names the message that follows if the first one
    was sent before the evidence came.
    """
    name = await cases.find_person_name(session, report.person_id)
    proof = format_evidence(report) or [say("evidence-none")]
    lines = case.describe_case(request)
    lines += await _describe_missed_hour(session, case, report, request)
    if waits:
        people = await cases.find_supervisors(session, case.plan, request)
        agency, at = case.agency_name(), to_local_time(report.reported_at, request)
        head = say("told-report", agency=agency, name=name, at=at)
        second = [make_button(say("button-show"), "show", case.task.id)]
        if report.file_sha256:
            second.append(make_button(say("button-evidence-file"), "evfile", report.id))
        rows = [make_decision_buttons(report.id), second]
        gap = [say("told-report-after-gap", at=at)] if report.after_gap else []
        message = make_answer(head, *lines, *gap, *proof, buttons=rows)
        token = f"report:{report.id}"
    else:
        people = await cases.find_agency_people(session, case, request)
        message = make_answer(say("told-finished", name=name), *lines, *proof)
        token = f"finished:{report.id}"
    await notify_people(session, request, people, message, token=token, wait=wait, again=again)


ACTIONS: dict[str, Handler] = {
    "got": cases.make_button_handler(receive_task),
    "work": cases.make_button_handler(note_progress),
    "done": cases.make_button_handler(report_done),
}
DIALOGUES: dict[str, Handler] = {"progress": take_progress_note}
