"""Reporting: taken on, under way, done with its evidence; the supervisor confirms or returns; all are told."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.cases import Case
from handlers.conversation.notify import tell
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.work import decisions, evidence
from handlers.work.evidence import Evidence
from locales.answer import Answer, Button, File, Said, answer, say
from models.assignments import Assignment, Move, MoveRefused, Report, Status, can, carry_out
from models.audit import record
from models.chats import Chat
from models.notices import Notice, NoticeLine
from models.task_search import Seen

EVIDENCE_WAIT = timedelta(minutes=10)  # how long a report waits for its evidence before the supervisor is told
LONGEST_WORD = 1000  # characters of a word on progress
NONE = Evidence()
MOST_REFUSED_SHOWN = 5  # tasks named that "all" could not take


# --- buttons ---------------------------------------------------------------------------------------------------------


def _buttons(case: Case, *, undo: int | None = None) -> list[list[Button]]:
    """What the agency's person may press next on this case."""
    one = case.assignment
    rows: list[list[Button]] = []
    if can(one, Move.REPORT):
        first = []
        if can(one, Move.RECEIVE):
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


async def buttons_for(turn: Turn, session: AsyncSession, seen: Seen) -> list[list[Button]]:
    """What the sender may press now under a task shown whole: report, ask for time, confirm, change; rows."""
    found = await cases.of_task(session, seen.task.id or 0)
    rows: list[list[Button]] = []
    own = [c for c in found if cases.refusal(c, turn, Action.REPORT) is None]
    if not any(h.agency_id in c.concerned for c in own for h in turn.who.agencies) and len(own) > 1:
        agencies = {c.assignment.agency_id for c in own}
        own = own if len(agencies) == 1 else []  # whose would a supervisor report?
    mine = [c for c in own if any(h.agency_id in c.concerned for h in turn.who.agencies)] or own
    upcoming = cases.next_of(mine)
    if upcoming is not None:
        rows += _buttons(upcoming)[:-1]
    waiting = cases.next_of([c for c in found if c.may(turn, Action.CONFIRM)], [Status.REPORTED])
    if waiting is not None and (report := await cases.last_report(session, waiting.id)) is not None:
        rows.append(_deciding(report.id or 0))
    if found and found[0].plan.closed_on is None and turn.may(Action.CHANGE_TASK):
        task = seen.task.id
        rows.append([Button(say("button-change"), f"change:{task}"), Button(say("button-give"), f"give:{task}")])
        rows[-1].append(Button(say("button-cancel-task"), f"cancel:{task}"))
    return rows


def _deciding(report_id: int) -> list[Button]:
    return [Button(say("button-confirm"), f"conf:{report_id}"), Button(say("button-return"), f"back:{report_id}")]


# --- how it stands now -----------------------------------------------------------------------------------------------


async def standing(session: AsyncSession, case: Case, turn: Turn) -> Answer:
    """What is so now, for somebody who pressed too late: who reported or decided, when."""
    one = case.assignment
    report = await cases.last_report(session, case.id)
    name = await cases.name_of(session, report.person_id if report else None)
    if one.status == Status.REPORTED and report is not None:
        return answer(say("standing-reported", task=case.named(), name=name, at=_local(report.reported_at, turn)))
    if one.status == Status.DONE and one.done_on is not None:
        return answer(say("standing-done", task=case.named(), agency=case.who(), day=one.done_on))
    return answer(say("standing-other", task=case.named(), status=status(one.status)), buttons=_buttons(case))


def status(value: str) -> Said:
    """A status in words."""
    return say(f"status-{value.replace('_', '-')}")


def _local(moment: datetime, turn: Turn) -> datetime:
    """A moment of the registry in the zone of the message."""
    return moment.astimezone(turn.now.tzinfo)


# --- taken on, under way ---------------------------------------------------------------------------------------------


async def take_on(session: AsyncSession, case: Case, turn: Turn) -> Answer:
    """The button "Đã tiếp nhận": notes that the agency has taken the task on."""
    refused = cases.refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    try:
        await carry_out(session, case.assignment, Move.RECEIVE, now=turn.now, person_id=turn.who.person_id)
    except MoveRefused:
        return await standing(session, case, turn)
    return answer(say("report-received"), *case.lines(turn), buttons=_buttons(case), toast=say("toast-received"))


async def under_way(session: AsyncSession, case: Case, turn: Turn, word: str | None = None) -> Answer:
    """The button "Đang thực hiện": notes that the work is under way, with a `word` on it or asking for one."""
    refused = cases.refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    note = {"note": word[:LONGEST_WORD]} if word else {}
    try:
        await carry_out(session, case.assignment, Move.PROGRESS, now=turn.now, person_id=turn.who.person_id, **note)
    except MoveRefused:
        return await standing(session, case, turn)
    if word:
        return answer(say("report-progress-noted", word=word[:LONGEST_WORD]), *case.lines(turn), buttons=_buttons(case))
    token = await drafts.keep(turn, "progress", {"assignment": case.id, "left": "progress-left"}, session)
    return answer(
        say("report-working"),
        *case.lines(turn),
        say("report-ask-progress"),
        buttons=[[Button(say("button-no-word"), f"leave:{token}")]],
    )


async def progress_word(turn: Turn) -> Answer:
    """The word on progress that was asked for."""
    word = drafts.said(turn)
    async with turn.write() as session:
        case = await cases.find(session, drafts.data(turn)["assignment"])
        await drafts.drop(turn, session)
        if case is None:
            return answer(say(cases.GONE))
        return await under_way(session, case, turn, word)


# --- done ------------------------------------------------------------------------------------------------------------


async def report_done(session: AsyncSession, case: Case, turn: Turn, given: Evidence = NONE) -> Answer:
    """The button "Đã hoàn thành": it counts from this moment.

    Evidence is asked for where none is `given`, and insisted on where the plan does.
    """
    refused = cases.refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    if not can(case.assignment, Move.REPORT):
        return await standing(session, case, turn)
    if given.future:
        return answer(say("evidence-future"))
    if case.plan.evidence_needed and given.empty:
        data = {"assignment": case.id, "pressed": turn.now.isoformat()}
        token = await drafts.keep(turn, "evidence", data, session)
        return answer(
            say("report-evidence-needed"),
            *case.lines(turn),
            say("report-ask-evidence"),
            buttons=[[drafts.leave_button(token)]],
        )
    try:
        return await _submit(session, case, turn, given, turn.now)
    except MoveRefused:
        return await standing(session, case, turn)


async def _submit(session: AsyncSession, case: Case, turn: Turn, given: Evidence, at: datetime) -> Answer:
    """Writes the report and moves the assignment; `at` is when it was pressed. Raises MoveRefused."""
    confirmed = case.may(turn, Action.CONFIRM)
    waits = not confirmed and await cases.needs_confirmation(session, case.plan, turn)
    row = await carry_out(
        session,
        case.assignment,
        Move.REPORT if waits else Move.FINISH,
        now=turn.now,
        person_id=turn.who.person_id,
        done_on=at.date(),
    )
    report = Report(assignment_id=case.id, person_id=turn.who.person_id, reported_at=at, **_columns(given))
    session.add(report)
    await session.flush()
    record(
        session, turn.now, "report_made", "report", report.id, person_id=turn.who.person_id,
        after={"assignment": case.id, **_plain(given)},
    )  # fmt: skip
    await _tell_of(session, case, report, turn, waits=waits, wait=EVIDENCE_WAIT if given.empty else None)
    blocks = [say("report-sent" if waits else "report-finished", day=at.date(), at=at), *case.lines(turn)]
    buttons = _buttons(case, undo=row.id)
    if given.empty:
        data = {"report": report.id, "assignment": case.id, "left": "evidence-left"}
        token = await drafts.keep(turn, "evidence", data, session)
        blocks.append(say("report-ask-evidence"))
        buttons = [[Button(say("button-no-evidence"), f"noev:{token}")], *buttons]
    else:
        blocks += evidence_lines(report)
    return answer(*blocks, buttons=buttons, toast=say("toast-done"))


def _columns(given: Evidence) -> dict[str, Any]:
    return {"number": given.number, "document_day": given.day, "link": given.link, "note": given.note}


def _plain(given: Evidence) -> dict[str, Any]:
    """What is given of evidence, as JSON values."""
    day = given.day.isoformat() if given.day else None
    return {name: value for name, value in {**_columns(given), "document_day": day}.items() if value is not None}


def evidence_lines(report: Report) -> list[Said]:
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


async def _tell_of(
    session: AsyncSession,
    case: Case,
    report: Report,
    turn: Turn,
    *,
    waits: bool,
    wait: timedelta | None = None,
    again: str | None = None,
) -> None:
    """Tells the supervisors of a report that waits for them, or the agency's other people of one that counts.

    `again` names the message that follows where the first was sent before the evidence came.
    """
    name = await cases.name_of(session, report.person_id)
    proof = evidence_lines(report) or [say("evidence-none")]
    if waits:
        people = await cases.supervisors(session, case.plan, turn)
        head = say("told-report", agency=case.who(), name=name, at=_local(report.reported_at, turn))
        rows = [_deciding(report.id or 0), [Button(say("button-show"), f"show:{case.task.id}")]]
        if report.file_sha256:
            rows[1].append(Button(say("button-evidence-file"), f"evfile:{report.id}"))
        message = answer(head, *case.lines(turn), *proof, buttons=rows)
        token = f"report:{report.id}"
    else:
        people = await cases.agency_people(session, case, turn)
        message = answer(say("told-finished", name=name), *case.lines(turn), *proof)
        token = f"finished:{report.id}"
    await tell(session, turn, people, message, token=token, wait=wait, again=again)


# --- evidence --------------------------------------------------------------------------------------------------------


async def evidence_given(turn: Turn) -> Answer:
    """The evidence that was asked for: text, a link or a file."""
    sent = turn.incoming.file
    said = None if sent is not None and not turn.incoming.text else drafts.said(turn)
    if sent is None and said is not None and words.is_one_of("evidence", "skip", said):
        return await _skip(turn)
    given = evidence.read(said or "", turn.today)
    if given.future:
        return answer(say("evidence-future"), buttons=[[drafts.leave_button(drafts.data(turn)["token"])]])
    kept: tuple[str, str] | None = None
    if sent is not None:
        refused = await _refused_file(turn)
        if refused is not None:
            return refused
        try:
            kept = await evidence.keep(sent, turn.house.options)
        except evidence.FileTooLarge:
            return answer(say("evidence-file-too-large"))
    async with turn.write() as session:
        return await _add_evidence(session, turn, given, kept)


async def _refused_file(turn: Turn) -> Answer | None:
    """Why no file is kept: the task is gone, or the sender's role has ended since it was asked for. None: it is."""
    async with turn.read() as session:
        case = await cases.find(session, drafts.data(turn).get("assignment"))
    return answer(say(cases.GONE)) if case is None else cases.refusal(case, turn, Action.REPORT)


async def _add_evidence(session: AsyncSession, turn: Turn, given: Evidence, kept: tuple[str, str] | None) -> Answer:
    data = turn.draft.data if turn.draft is not None else {}
    case = await cases.find(session, data.get("assignment"))
    if case is None or (refused := cases.refusal(case, turn, Action.REPORT)) is not None:
        await drafts.drop(turn, session)
        return answer(say(cases.GONE)) if case is None else (refused or answer(say(cases.GONE)))
    if "report" not in data:
        return await _submit_with(session, case, turn, given, kept, datetime.fromisoformat(data["pressed"]))
    report = await session.get(Report, data["report"])
    await drafts.drop(turn, session)
    if report is None or report.decision == "withdrawn":
        return answer(say(cases.GONE))
    before = _stored(report)
    _fill(report, given, kept)
    session.add(report)
    await session.flush()
    record(
        session, turn.now, "evidence", "report", report.id, person_id=turn.who.person_id,
        before=before, after=_stored(report),
    )  # fmt: skip
    waits = case.assignment.status == Status.REPORTED
    await _tell_of(session, case, report, turn, waits=waits, again=f"evidence:{turn.now.isoformat()}")
    head = say("evidence-kept-waiting" if waits else "evidence-kept")
    return answer(head, *case.lines(turn), *evidence_lines(report), buttons=_buttons(case))


async def _submit_with(
    session: AsyncSession, case: Case, turn: Turn, given: Evidence, kept: tuple[str, str] | None, at: datetime
) -> Answer:
    """Submits a report of a plan that insists on evidence; it counts from the day of the press."""
    await drafts.drop(turn, session)
    try:
        said = await _submit(session, case, turn, given if not kept else _with_file(given, kept), at)
    except MoveRefused:
        return await standing(session, case, turn)
    if kept and (report := await cases.last_report(session, case.id)) is not None:
        _fill(report, given, kept)
        session.add(report)
        await session.flush()
        await _tell_of(session, case, report, turn, waits=case.assignment.status == Status.REPORTED)
    return said


def _with_file(given: Evidence, kept: tuple[str, str]) -> Evidence:
    """The evidence with the file's name as its note, where nothing else was said: it is not empty."""
    return Evidence(given.number, given.day, given.link, given.note or kept[0])


def _fill(report: Report, given: Evidence, kept: tuple[str, str] | None) -> None:
    """Sets what was given; what was given before and is not given now stays."""
    for name, value in _columns(given).items():
        if value is not None:
            setattr(report, name, value)
    if kept is not None:
        report.file_name, report.file_sha256 = kept
        report.note = None if report.note == kept[0] else report.note


def _stored(report: Report) -> dict[str, Any]:
    names = ("number", "document_day", "link", "note", "file_name", "file_sha256")
    values = {name: getattr(report, name) for name in names}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items() if v is not None}


async def _skip(turn: Turn) -> Answer:
    """No evidence is given: possible where the plan allows it."""
    data = turn.draft.data if turn.draft is not None else {}
    if "report" not in data:
        return answer(say("report-evidence-needed"), say("report-ask-evidence"))
    async with turn.write() as session:
        await drafts.drop(turn, session)
        case = await cases.find(session, data["assignment"])
        report = await session.get(Report, data["report"])
        if case is None or report is None or report.decision == "withdrawn":
            return answer(say(cases.GONE))
        waits = case.assignment.status == Status.REPORTED
        if report.decision is None:
            await _tell_of(session, case, report, turn, waits=waits)
        return answer(say("evidence-skipped-waiting" if waits else "evidence-skipped"))


async def without_evidence(turn: Turn) -> Answer:
    """The button "Không kèm tài liệu"."""
    if await drafts.pressed(turn, "evidence") is None:
        return answer(toast=say(cases.GONE))
    return await _skip(turn)


async def evidence_file(turn: Turn) -> Answer:
    """The button that gives the file of a report to those who may read it."""
    async with turn.read() as session:
        number = cases.number(turn.args)
        report = await session.get(Report, number) if number is not None else None
        case = await cases.find(session, report.assignment_id) if report is not None else None
    if report is None or case is None or not report.file_sha256:
        return answer(toast=say(cases.GONE))
    if not (case.may(turn, Action.REPORT) or turn.may(Action.CONFIRM)):
        return answer(say("may-not-evidence"))
    path = evidence.folder(turn.house.options) / report.file_sha256[:2] / report.file_sha256
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        return answer(say("evidence-file-lost", name=report.file_name or ""))
    return answer(
        say("evidence-file", name=report.file_name or ""),
        files=[File(report.file_name or report.file_sha256[:12], content)],
    )


# --- the supervisor's word -------------------------------------------------------------------------------------------


async def _report(session: AsyncSession, turn: Turn, number: Any) -> decisions.Found[Report]:
    """The report that a supervisor decides on, with its case; or what to say instead."""
    found = await decisions.locked(session, turn, Report, number)
    if isinstance(found, Answer):
        return found
    report, case = found
    if report.decision is not None:
        name = await cases.name_of(session, report.decided_by)
        return answer(say(f"standing-{report.decision}", task=case.named(), name=name))
    if case.assignment.status != Status.REPORTED:
        return await standing(session, case, turn)
    return report, case


async def confirm(session: AsyncSession, turn: Turn, report: Report, case: Case) -> Answer:
    """The button "Xác nhận" under a report."""
    try:
        await carry_out(session, case.assignment, Move.CONFIRM, now=turn.now, person_id=turn.who.person_id)
    except MoveRefused:
        return await standing(session, case, turn)
    told = answer(say("told-confirmed", name=turn.who.name), *case.lines(turn))
    await decisions.settle(session, turn, report, case, "confirmed", told, {"reason": None})
    return answer(say("confirm-done"), *case.lines(turn), replace=True, toast=say("toast-confirmed"))


async def send_back(session: AsyncSession, turn: Turn, report: Report, case: Case) -> Answer:
    """The button "Trả lại" under a report: the reason is asked for."""
    return await decisions.ask_reason(session, turn, case, say("return-ask-reason"), "return", {"report": report.id})


async def returned(turn: Turn) -> Answer:
    """The reason for which a report is returned."""
    reason = drafts.reason(turn, say("return-ask-reason"))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        await drafts.drop(turn, session)
        found = await _report(session, turn, drafts.data(turn)["report"])
        if isinstance(found, Answer):
            return found
        report, case = found
        try:
            await carry_out(
                session, case.assignment, Move.RETURN, now=turn.now, person_id=turn.who.person_id, done_on=None
            )
        except MoveRefused:
            return await standing(session, case, turn)
        report.reason = reason
        told = say("told-returned", name=turn.who.name, reason=reason)
        message = answer(told, *case.lines(turn), buttons=_buttons(case))
        await decisions.settle(session, turn, report, case, "returned", message, {"reason": reason})
        return answer(say("return-done", reason=reason), *case.lines(turn))


# --- all tasks of one reminder ---------------------------------------------------------------------------------------


async def _of_notice(session: AsyncSession, turn: Turn, notice_id: int | None) -> list[Case] | None:
    """The cases that a reminder in this chat told of; None where it is no reminder of this chat."""
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await session.get(Chat, notice.chat_id) if notice is not None else None
    if notice is None or chat is None or (chat.channel, chat.address) != (turn.incoming.channel, turn.incoming.chat):
        return None
    rows = await session.exec(
        select(NoticeLine.assignment_id)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(NoticeLine.notice_id == notice.id, col(Assignment.ended_on).is_(None))
        .order_by(col(Assignment.last_day), col(Assignment.id))
    )
    ids = list(dict.fromkeys(rows))
    found = [await cases.find(session, assignment_id) for assignment_id in ids]
    return [case for case in found if case is not None]


async def received_all(turn: Turn) -> Answer:
    """The button "Đã tiếp nhận tất cả" under a reminder of several tasks."""
    async with turn.write() as session:
        found = await _of_notice(session, turn, cases.number(turn.args))
        if found is None:
            return answer(toast=say(cases.GONE))
        taken = 0
        for case in found:
            if cases.refusal(case, turn, Action.REPORT) is not None:
                continue
            with suppress(MoveRefused):  # taken on already, by this press or by somebody at the same moment
                await carry_out(session, case.assignment, Move.RECEIVE, now=turn.now, person_id=turn.who.person_id)
                taken += 1
    if not taken:
        return answer(say("report-none-to-receive"))
    return answer(say("report-all-received", count=taken), toast=say("toast-received"))


async def done_all(turn: Turn) -> Answer:
    """The button "Đã hoàn thành tất cả": asked once more, because it is many tasks at one press."""
    async with turn.read() as session:
        found = await _of_notice(session, turn, cases.number(turn.args))
        if found is None:
            return answer(toast=say(cases.GONE))
        open_ones = [c for c in found if _can_report(c, turn)]
    if not open_ones:
        return answer(say("report-none-to-report"))
    lines = [say("bullet", text=case.named()) for case in open_ones]
    button = Button(say("button-all-done", count=len(open_ones)), f"doneyes:{turn.args}")
    return answer(say("report-all-sure", count=len(open_ones)), *lines, buttons=[[button]])


def _can_report(case: Case, turn: Turn) -> bool:
    return cases.refusal(case, turn, Action.REPORT) is None and can(case.assignment, Move.REPORT)


async def done_all_sure(turn: Turn) -> Answer:
    """All tasks of a reminder are reported done; those of a plan that insists on evidence are left and named."""
    async with turn.write() as session:
        found = await _of_notice(session, turn, cases.number(turn.args))
        if found is None:
            return answer(toast=say(cases.GONE))
        open_ones = [c for c in found if _can_report(c, turn)]
        left = [c for c in open_ones if c.plan.evidence_needed]
        reported = []
        for case in open_ones:
            if not case.plan.evidence_needed:
                with suppress(MoveRefused):  # somebody was at it at the same moment
                    await _submit(session, case, turn, NONE, turn.now)
                    reported.append(case)
        await drafts.drop(turn, session)
    blocks = [say("report-all-done", count=len(reported))] if reported else []
    if left:
        blocks.append(say("report-all-left", count=len(left)))
        blocks += [say("bullet", text=case.named()) for case in left[:MOST_REFUSED_SHOWN]]
    return answer(*(blocks or [say("report-none-to-report")]), replace=bool(reported))


ACTIONS: dict[str, Handler] = {
    "got": cases.button(take_on),
    "work": cases.button(under_way),
    "done": cases.button(report_done),
    "noev": without_evidence,
    "evfile": evidence_file,
    "conf": decisions.button(_report, confirm),
    "back": decisions.button(_report, send_back),
    "gotall": received_all,
    "doneall": done_all,
    "doneyes": done_all_sure,
}
DIALOGUES: dict[str, Handler] = {"progress": progress_word, "evidence": evidence_given, "return": returned}
FILE_DIALOGUES = frozenset({"evidence"})
