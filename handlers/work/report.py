"""Reporting: taken on, under way, done with its evidence; the supervisor confirms or returns; all are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work.evidence import Evidence
from handlers.work.state import describe_state, to_local_time
from handlers.work.task_buttons import make_case_buttons, make_decision_buttons
from locales.answer import Answer, Button, Sentence, make_answer, say
from models.assignments import (
    Move,
    MoveRefused,
    Report,
    is_move_possible,
    make_move,
)
from models.audit import record_change

EVIDENCE_WAIT = timedelta(
    minutes=10
)  # how long a report waits for its evidence before the supervisor is told
LONGEST_PROGRESS_NOTE = 1000  # characters of a word on progress
NO_EVIDENCE = Evidence()


async def receive_task(session: AsyncSession, case: AssignmentCase, turn: Request) -> Answer:
    """The button "Đã tiếp nhận": notes that the agency has taken the task on."""
    refused = cases.explain_refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    try:
        await make_move(
            session, case.assignment, Move.RECEIVE, now=turn.now, person_id=turn.sender.person_id
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    return make_answer(
        say("report-received"),
        *case.describe_case(turn),
        buttons=make_case_buttons(case),
        toast=say("toast-received"),
    )


async def note_progress(
    session: AsyncSession, case: AssignmentCase, turn: Request, word: str | None = None
) -> Answer:
    """The button "Đang thực hiện": notes that the work is under way, with a `word` on it or asking for one."""
    refused = cases.explain_refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    note = {"note": word[:LONGEST_PROGRESS_NOTE]} if word else {}
    try:
        await make_move(
            session,
            case.assignment,
            Move.PROGRESS,
            now=turn.now,
            person_id=turn.sender.person_id,
            **note,
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    if word:
        return make_answer(
            say("report-progress-noted", word=word[:LONGEST_PROGRESS_NOTE]),
            *case.describe_case(turn),
            buttons=make_case_buttons(case),
        )
    token = await drafts.save_draft(
        turn, "progress", {"assignment": case.id, "left": "progress-left"}, session
    )
    return make_answer(
        say("report-working"),
        *case.describe_case(turn),
        say("report-ask-progress"),
        buttons=[[Button(say("button-no-word"), f"leave:{token}")]],
    )


async def take_progress_note(turn: Request) -> Answer:
    """The word on progress that was asked for."""
    word = drafts.read_reply(turn)
    async with turn.write() as session:
        case = await cases.find_case(session, drafts.get_draft_data(turn)["assignment"])
        await drafts.delete_draft(turn, session)
        if case is None:
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        return await note_progress(session, case, turn, word)


async def report_done(
    session: AsyncSession, case: AssignmentCase, turn: Request, given: Evidence = NO_EVIDENCE
) -> Answer:
    """The button "Đã hoàn thành": it counts from this moment.

    Evidence is asked for where none is `given`, and insisted on where the plan does.
    """
    refused = cases.explain_refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    if not is_move_possible(case.assignment, Move.REPORT):
        return await describe_state(session, case, turn)
    if given.future:
        return make_answer(say("evidence-future"))
    if case.plan.evidence_needed and given.is_empty:
        data = {"assignment": case.id, "pressed": turn.now.isoformat()}
        token = await drafts.save_draft(turn, "evidence", data, session)
        return make_answer(
            say("report-evidence-needed"),
            *case.describe_case(turn),
            say("report-ask-evidence"),
            buttons=[[drafts.make_leave_button(token)]],
        )
    try:
        return await submit_report(session, case, turn, given, turn.now)
    except MoveRefused:
        return await describe_state(session, case, turn)


async def submit_report(
    session: AsyncSession, case: AssignmentCase, turn: Request, given: Evidence, at: datetime
) -> Answer:
    """Writes the report and moves the assignment; `at` is when it was pressed. Raises MoveRefused."""
    confirmed = case.may_do(turn, Action.CONFIRM)
    waits = not confirmed and await cases.needs_confirmation(session, case.plan, turn)
    row = await make_move(
        session,
        case.assignment,
        Move.REPORT if waits else Move.FINISH,
        now=turn.now,
        person_id=turn.sender.person_id,
        done_on=at.date(),
    )
    report = Report(
        assignment_id=case.id,
        person_id=turn.sender.person_id,
        reported_at=at,
        **map_evidence_columns(given),
    )
    session.add(report)
    await session.flush()
    record_change(
        session, turn.now, "report_made", "report", report.id, person_id=turn.sender.person_id,
        after={"assignment": case.id, **_dump_evidence(given)},
    )  # fmt: skip
    await notify_of_report(
        session, case, report, turn, waits=waits, wait=EVIDENCE_WAIT if given.is_empty else None
    )
    blocks = [
        say("report-sent" if waits else "report-finished", day=at.date(), at=at),
        *case.describe_case(turn),
    ]
    buttons = make_case_buttons(case, undo=row.id)
    if given.is_empty:
        data = {"report": report.id, "assignment": case.id, "left": "evidence-left"}
        token = await drafts.save_draft(turn, "evidence", data, session)
        blocks.append(say("report-ask-evidence"))
        buttons = [[Button(say("button-no-evidence"), f"noev:{token}")], *buttons]
    else:
        blocks += format_evidence(report)
    return make_answer(*blocks, buttons=buttons, toast=say("toast-done"))


def map_evidence_columns(given: Evidence) -> dict[str, Any]:
    return {
        "number": given.number,
        "document_day": given.day,
        "link": given.link,
        "note": given.note,
    }


def _dump_evidence(given: Evidence) -> dict[str, Any]:
    """What is given of evidence, as JSON values."""
    day = given.day.isoformat() if given.day else None
    return {
        name: value
        for name, value in {**map_evidence_columns(given), "document_day": day}.items()
        if value is not None
    }


def format_evidence(report: Report) -> list[Sentence]:
    """The evidence of a report, one line each kind."""
    lines = []
    if report.number and report.document_day:
        lines.append(say("evidence-number-day", number=report.number, day=report.document_day))
    elif report.number:
        lines.append(say("evidence-number", number=report.number))
    elif report.document_day:
        lines.append(say("evidence-day", day=report.document_day))
    if report.link:
        lines.append(say("evidence-link", link=report.link))
    if report.file_name:
        lines.append(say("evidence-file", name=report.file_name))
    if report.note:
        lines.append(say("evidence-note", note=report.note))
    return lines


async def notify_of_report(
    session: AsyncSession,
    case: AssignmentCase,
    report: Report,
    turn: Request,
    *,
    waits: bool,
    wait: timedelta | None = None,
    again: str | None = None,
) -> None:
    """Tells the supervisors of a report that waits for them, or the agency's other people of one that counts.

    `again` names the message that follows where the first was sent before the evidence came.
    """
    name = await cases.find_person_name(session, report.person_id)
    proof = format_evidence(report) or [say("evidence-none")]
    if waits:
        people = await cases.find_supervisors(session, case.plan, turn)
        head = say(
            "told-report",
            agency=case.agency_name(),
            name=name,
            at=to_local_time(report.reported_at, turn),
        )
        rows = [
            make_decision_buttons(report.id or 0),
            [Button(say("button-show"), f"show:{case.task.id}")],
        ]
        if report.file_sha256:
            rows[1].append(Button(say("button-evidence-file"), f"evfile:{report.id}"))
        message = make_answer(head, *case.describe_case(turn), *proof, buttons=rows)
        token = f"report:{report.id}"
    else:
        people = await cases.find_agency_people(session, case, turn)
        message = make_answer(say("told-finished", name=name), *case.describe_case(turn), *proof)
        token = f"finished:{report.id}"
    await notify_people(session, turn, people, message, token=token, wait=wait, again=again)


ACTIONS: dict[str, Handler] = {
    "got": cases.make_button_handler(receive_task),
    "work": cases.make_button_handler(note_progress),
    "done": cases.make_button_handler(report_done),
}
DIALOGUES: dict[str, Handler] = {
    "progress": take_progress_note,
}
