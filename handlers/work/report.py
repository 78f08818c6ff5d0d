"""Reporting: taken on, under way, done with its evidence; the supervisor confirms or returns; all are told."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work import decisions, evidence
from handlers.work.evidence import Evidence
from locales.answer import Answer, Button, File, Sentence, make_answer, say
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    Report,
    Status,
    is_move_possible,
    make_move,
)
from models.audit import record_change
from models.chats import Chat
from models.notices import Notice, NoticeLine
from models.queries.task_search import TaskView

EVIDENCE_WAIT = timedelta(
    minutes=10
)  # how long a report waits for its evidence before the supervisor is told
LONGEST_PROGRESS_NOTE = 1000  # characters of a word on progress
NO_EVIDENCE = Evidence()
MOST_TASKS_NAMED = 5  # tasks named that "all" could not take


# --- buttons ---------------------------------------------------------------------------------------------------------


def make_case_buttons(case: AssignmentCase, *, undo: int | None = None) -> list[list[Button]]:
    """What the agency's person may press next on this case."""
    one = case.assignment
    rows: list[list[Button]] = []
    if is_move_possible(one, Move.REPORT):
        first = []
        if is_move_possible(one, Move.RECEIVE):
            first.append(Button(say("button-got"), f"got:{case.id}"))
        if one.status != Status.IN_PROGRESS:
            first.append(Button(say("button-work"), f"work:{case.id}"))
        rows.append(first)
        second = [Button(say("button-done"), f"done:{case.id}")]
        if one.last_day is not None:
            second.append(Button(say("button-more"), f"more:{case.id}"))
        rows.append(second)
    last = [Button(say("button-show"), f"show:{case.task.id}")]
    if undo is not None:
        last.append(Button(say("button-withdraw"), f"undo:{undo}"))
    return [*rows, last]


async def make_task_buttons(
    turn: Request, session: AsyncSession, seen: TaskView
) -> list[list[Button]]:
    """What the sender may press now under a task shown whole: report, ask for time, confirm, change; rows."""
    found = await cases.find_cases_of_task(session, seen.task.id or 0)
    rows: list[list[Button]] = []
    own = [c for c in found if cases.explain_refusal(c, turn, Action.REPORT) is None]
    if (
        not any(h.agency_id in c.agency_ids for c in own for h in turn.sender.agency_posts)
        and len(own) > 1
    ):
        agencies = {c.assignment.agency_id for c in own}
        own = own if len(agencies) == 1 else []  # whose would a supervisor report?
    mine = [
        c for c in own if any(h.agency_id in c.agency_ids for h in turn.sender.agency_posts)
    ] or own
    upcoming = cases.find_next_case(mine)
    if upcoming is not None:
        rows += make_case_buttons(upcoming)[:-1]
    waiting = cases.find_next_case(
        [c for c in found if c.may_do(turn, Action.CONFIRM)], [Status.REPORTED]
    )
    if (
        waiting is not None
        and (report := await cases.find_last_report(session, waiting.id)) is not None
    ):
        rows.append(make_decision_buttons(report.id or 0))
    if found and found[0].plan.closed_on is None and turn.may_do(Action.CHANGE_TASK):
        task = seen.task.id
        rows.append(
            [
                Button(say("button-change"), f"change:{task}"),
                Button(say("button-give"), f"give:{task}"),
            ]
        )
        rows[-1].append(Button(say("button-cancel-task"), f"cancel:{task}"))
    return rows


def make_decision_buttons(report_id: int) -> list[Button]:
    return [
        Button(say("button-confirm"), f"conf:{report_id}"),
        Button(say("button-return"), f"back:{report_id}"),
    ]


# --- how it stands now -----------------------------------------------------------------------------------------------


async def describe_state(session: AsyncSession, case: AssignmentCase, turn: Request) -> Answer:
    """What is so now, for somebody who pressed too late: who reported or decided, when."""
    one = case.assignment
    report = await cases.find_last_report(session, case.id)
    name = await cases.find_person_name(session, report.person_id if report else None)
    if one.status == Status.REPORTED and report is not None:
        return make_answer(
            say(
                "standing-reported",
                task=case.describe_task(),
                name=name,
                at=_to_local_time(report.reported_at, turn),
            )
        )
    if one.status == Status.DONE and one.done_on is not None:
        return make_answer(
            say(
                "standing-done",
                task=case.describe_task(),
                agency=case.agency_name(),
                day=one.done_on,
            )
        )
    return make_answer(
        say("standing-other", task=case.describe_task(), status=format_status(one.status)),
        buttons=make_case_buttons(case),
    )


def format_status(value: str) -> Sentence:
    """A status in words."""
    return say(f"status-{value.replace('_', '-')}")


def _to_local_time(moment: datetime, turn: Request) -> datetime:
    """A moment of the registry in the zone of the message."""
    return moment.astimezone(turn.now.tzinfo)


# --- taken on, under way ---------------------------------------------------------------------------------------------


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


# --- done ------------------------------------------------------------------------------------------------------------


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
        **_map_evidence_columns(given),
    )
    session.add(report)
    await session.flush()
    record_change(
        session, turn.now, "report_made", "report", report.id, person_id=turn.sender.person_id,
        after={"assignment": case.id, **_dump_evidence(given)},
    )  # fmt: skip
    await _notify_of_report(
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


def _map_evidence_columns(given: Evidence) -> dict[str, Any]:
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
        for name, value in {**_map_evidence_columns(given), "document_day": day}.items()
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


async def _notify_of_report(
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
            at=_to_local_time(report.reported_at, turn),
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


# --- evidence --------------------------------------------------------------------------------------------------------


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
    await _notify_of_report(
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
        await _notify_of_report(
            session, case, report, turn, waits=case.assignment.status == Status.REPORTED
        )
    return said


def _name_file_in_note(given: Evidence, kept: tuple[str, str]) -> Evidence:
    """The evidence with the file's name as its note, where nothing else was said: it is not empty."""
    return Evidence(given.number, given.day, given.link, given.note or kept[0])


def _fill_report(report: Report, given: Evidence, kept: tuple[str, str] | None) -> None:
    """Sets what was given; what was given before and is not given now stays."""
    for name, value in _map_evidence_columns(given).items():
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
            await _notify_of_report(session, case, report, turn, waits=waits)
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


# --- the supervisor's word -------------------------------------------------------------------------------------------


async def _find_report(
    session: AsyncSession, turn: Request, number: Any
) -> decisions.SubmissionOrAnswer[Report]:
    """The report that a supervisor decides on, with its case; or what to say instead."""
    found = await decisions.lock_submission(session, turn, Report, number)
    if isinstance(found, Answer):
        return found
    report, case = found
    if report.decision is not None:
        name = await cases.find_person_name(session, report.decided_by)
        return make_answer(say(f"standing-{report.decision}", task=case.describe_task(), name=name))
    if case.assignment.status != Status.REPORTED:
        return await describe_state(session, case, turn)
    return report, case


async def confirm_report(
    session: AsyncSession, turn: Request, report: Report, case: AssignmentCase
) -> Answer:
    """The button "Xác nhận" under a report."""
    try:
        await make_move(
            session, case.assignment, Move.CONFIRM, now=turn.now, person_id=turn.sender.person_id
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    told = make_answer(say("told-confirmed", name=turn.sender.name), *case.describe_case(turn))
    await decisions.store_decision(session, turn, report, case, "confirmed", told, {"reason": None})
    return make_answer(
        say("confirm-done"), *case.describe_case(turn), replace=True, toast=say("toast-confirmed")
    )


async def ask_return_reason(
    session: AsyncSession, turn: Request, report: Report, case: AssignmentCase
) -> Answer:
    """The button "Trả lại" under a report: the reason is asked for."""
    return await decisions.ask_reason(
        session, turn, case, say("return-ask-reason"), "return", {"report": report.id}
    )


async def return_report(turn: Request) -> Answer:
    """The reason for which a report is returned."""
    reason = drafts.read_reason(turn, say("return-ask-reason"))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        found = await _find_report(session, turn, drafts.get_draft_data(turn)["report"])
        if isinstance(found, Answer):
            return found
        report, case = found
        try:
            await make_move(
                session,
                case.assignment,
                Move.RETURN,
                now=turn.now,
                person_id=turn.sender.person_id,
                done_on=None,
            )
        except MoveRefused:
            return await describe_state(session, case, turn)
        report.reason = reason
        told = say("told-returned", name=turn.sender.name, reason=reason)
        message = make_answer(told, *case.describe_case(turn), buttons=make_case_buttons(case))
        await decisions.store_decision(
            session, turn, report, case, "returned", message, {"reason": reason}
        )
        return make_answer(say("return-done", reason=reason), *case.describe_case(turn))


# --- all tasks of one reminder ---------------------------------------------------------------------------------------


async def _find_cases_of_notice(
    session: AsyncSession, turn: Request, notice_id: int | None
) -> list[AssignmentCase] | None:
    """The cases that a reminder in this chat told of; None where it is no reminder of this chat."""
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await session.get(Chat, notice.chat_id) if notice is not None else None
    if (
        notice is None
        or chat is None
        or (chat.channel, chat.address) != (turn.incoming.channel, turn.incoming.chat)
    ):
        return None
    rows = await session.exec(
        select(NoticeLine.assignment_id)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(NoticeLine.notice_id == notice.id, col(Assignment.ended_on).is_(None))
        .order_by(col(Assignment.last_day), col(Assignment.id))
    )
    ids = list(dict.fromkeys(rows))
    found = [await cases.find_case(session, assignment_id) for assignment_id in ids]
    return [case for case in found if case is not None]


async def receive_all(turn: Request) -> Answer:
    """The button "Đã tiếp nhận tất cả" under a reminder of several tasks."""
    async with turn.write() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        taken = 0
        for case in found:
            if cases.explain_refusal(case, turn, Action.REPORT) is not None:
                continue
            with suppress(
                MoveRefused
            ):  # taken on already, by this press or by somebody at the same moment
                await make_move(
                    session,
                    case.assignment,
                    Move.RECEIVE,
                    now=turn.now,
                    person_id=turn.sender.person_id,
                )
                taken += 1
    if not taken:
        return make_answer(say("report-none-to-receive"))
    return make_answer(say("report-all-received", count=taken), toast=say("toast-received"))


async def ask_report_all(turn: Request) -> Answer:
    """The button "Đã hoàn thành tất cả": asked once more, because it is many tasks at one press."""
    async with turn.read() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        open_ones = [c for c in found if _can_report(c, turn)]
    if not open_ones:
        return make_answer(say("report-none-to-report"))
    lines = [say("bullet", text=case.describe_task()) for case in open_ones]
    button = Button(say("button-all-done", count=len(open_ones)), f"doneyes:{turn.args}")
    return make_answer(say("report-all-sure", count=len(open_ones)), *lines, buttons=[[button]])


def _can_report(case: AssignmentCase, turn: Request) -> bool:
    return cases.explain_refusal(case, turn, Action.REPORT) is None and is_move_possible(
        case.assignment, Move.REPORT
    )


async def report_all(turn: Request) -> Answer:
    """All tasks of a reminder are reported done; those of a plan that insists on evidence are left and named."""
    async with turn.write() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        open_ones = [c for c in found if _can_report(c, turn)]
        left = [c for c in open_ones if c.plan.evidence_needed]
        reported = []
        for case in open_ones:
            if not case.plan.evidence_needed:
                with suppress(MoveRefused):  # somebody was at it at the same moment
                    await submit_report(session, case, turn, NO_EVIDENCE, turn.now)
                    reported.append(case)
        await drafts.delete_draft(turn, session)
    blocks = [say("report-all-done", count=len(reported))] if reported else []
    if left:
        blocks.append(say("report-all-left", count=len(left)))
        blocks += [say("bullet", text=case.describe_task()) for case in left[:MOST_TASKS_NAMED]]
    return make_answer(*(blocks or [say("report-none-to-report")]), replace=bool(reported))


ACTIONS: dict[str, Handler] = {
    "got": cases.make_button_handler(receive_task),
    "work": cases.make_button_handler(note_progress),
    "done": cases.make_button_handler(report_done),
    "noev": finish_without_evidence,
    "evfile": send_evidence_file,
    "conf": decisions.make_decision_handler(_find_report, confirm_report),
    "back": decisions.make_decision_handler(_find_report, ask_return_reason),
    "gotall": receive_all,
    "doneall": ask_report_all,
    "doneyes": report_all,
}
DIALOGUES: dict[str, Handler] = {
    "progress": take_progress_note,
    "evidence": take_evidence,
    "return": return_report,
}
FILE_DIALOGUES = frozenset({"evidence"})
