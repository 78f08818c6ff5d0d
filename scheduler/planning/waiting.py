"""What waits to be sent, changed before it is: lines handed on or added, notices moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import Assignment
from models.chats import Chat
from models.notices import ESCALATION, MESSAGE, MISSED, MORNING, Notice, NoticeLine, NoticeStatus
from models.storage.statements import run_statement
from scheduler import audience, steps
from scheduler.audience import Audience, Recipient
from scheduler.planning import planning_sql, targets
from scheduler.rules import Rules


async def hand_on_lines(
    session: AsyncSession, notice_ids: Sequence[int], now: datetime, rules: Rules
) -> None:
    """Tell others the lines of notices whose chat cannot be reached any more.

    The other focal points of the agency are told, if they were not yet; if there are none, whoever
    supervises the plan. Lines of an escalation go to the others it is for, or to the supervisors.
    """
    await _tell_others(session, await _read_lines(session, notice_ids), now, rules)


async def find_lines_to_withdraw(
    session: AsyncSession, notice: Notice, day: date, rules: Rules
) -> list[int]:
    """Return the ids of the lines that the chat of a notice may not be told on `day` any more.

    The post of its person, or the binding of the group, is gone.
    """
    if notice.kind not in (MORNING, ESCALATION, MISSED):  # no other kind has lines
        return []
    lines = await _read_lines(session, [notice.id])
    recipients = await audience.find_recipients(session, day, rules, only=notice.chat_id)
    return [
        line.id
        for line in lines
        if not any(
            recipient.audience in _find_audiences(line) and _is_recipient_of(recipient, line)
            for recipient in recipients
        )
    ]


async def withdraw_lines(
    session: AsyncSession, notice: Notice, line_ids: Sequence[int], now: datetime, rules: Rules
) -> None:
    """Take lines that were not sent out of a notice, and tell them to others."""
    lines = [line for line in await _read_lines(session, [notice.id]) if line.id in set(line_ids)]
    ids = [line.id for line in lines]
    await run_statement(session, delete(NoticeLine).where(col(NoticeLine.id).in_(ids)))
    await _tell_others(session, lines, now, rules)


async def _read_lines(session: AsyncSession, notice_ids: Sequence[int | None]) -> Sequence[Any]:
    values = {"notices": list(notice_ids)}
    return (await run_statement(session, planning_sql.LINES_OF_NOTICES, values)).all()


async def _tell_others(
    session: AsyncSession, lines: Sequence[Any], now: datetime, rules: Rules
) -> None:
    """Write notices with these lines for the other chats. Those of a group go to nobody else."""
    lines = [line for line in lines if line.kind != MISSED]
    if not lines:
        return
    day = rules.to_local(now).date()
    recipients = await audience.find_recipients(session, day, rules)
    await targets.prepare_tables(session)
    await targets.fill_recipient_tables(session, recipients, day, rules)
    rows = [
        {
            "chat": chat_id,
            "kind": line.kind,
            "assignment": line.assignment_id,
            "step": line.step,
            "last": line.last_day,
        }
        for line in lines
        for chat_id in _find_other_chats(line, recipients)
    ]
    await targets.insert_rows(session, planning_sql.FILL_TARGETS, rows)
    await run_statement(session, planning_sql.DROP_WRITTEN_TARGETS)
    await targets.lock_notices(session, planning_sql.LOCK_TARGETS, {"day": day})
    await targets.write_targets(session, day, now)


def _find_other_chats(line: Any, recipients: Sequence[Recipient]) -> list[int]:
    """Return the chats that are told a line instead."""
    same_audience, stand_in = _find_audiences(line)
    concerned = [recipient for recipient in recipients if _is_recipient_of(recipient, line)]
    others = [recipient for recipient in concerned if recipient.audience == same_audience]
    if not any(recipient.awake for recipient in others):
        others += [recipient for recipient in concerned if recipient.audience == stand_in]
    return list(dict.fromkeys(recipient.chat_id for recipient in others))


def _find_audiences(line: Any) -> tuple[Audience, Audience]:
    """Return the audience of a line, and who is told it if nobody of that one is reached."""
    if line.kind == MISSED:
        return (Audience.GROUP, Audience.GROUP)
    if line.kind == MORNING:
        return (Audience.FOCAL, Audience.STAND_IN)
    return (Audience(steps.ESCALATIONS[steps.read_days(line.step)]), Audience.STAND_IN)


def _is_recipient_of(recipient: Recipient, line: Any) -> bool:
    agencies = [None, line.agency_id]
    if recipient.audience == Audience.GROUP:
        agencies.append(line.lead_id)
    return recipient.agency_id in agencies and recipient.plan_id in (None, line.plan_id)


async def remind_again_on(
    session: AsyncSession,
    chat: Chat,
    assignments: Sequence[Assignment],
    day: date,
    now: datetime,
    rules: Rules,
) -> None:
    """Remind `chat` of these assignments once more, in its message of `day`.

    `day` is a working day to come.
    """
    of_day = select(Notice).where(
        Notice.chat_id == chat.id,
        Notice.day == day,
        Notice.kind == MORNING,
        Notice.status == NoticeStatus.PENDING,
    )
    notice = (await session.exec(of_day.with_for_update())).first()
    if notice is None:
        at = targets.find_sending_moment(chat, day, rules)
        token = f"{steps.LATER}-{now.isoformat()}"
        notice = Notice(
            chat_id=chat.id, day=day, kind=MORNING, token=token, not_before=at, planned_at=now
        )
        session.add(notice)
        await session.flush()
    step = steps.name_recurring(steps.LATER, day)
    line = {"notice": notice.id, "chat": chat.id, "step": step}
    rows = [{**line, "assignment": a.id, "last": a.last_day} for a in assignments]
    await targets.insert_rows(session, planning_sql.ADD_LINES, rows)


async def move_waiting_notices(
    session: AsyncSession, chat: Chat, now: datetime, rules: Rules
) -> None:
    """Let what waits for `chat` go out after its pause and at its hour, as they are now."""
    today = rules.to_local(now).date()
    waiting = (
        col(Notice.chat_id) == chat.id,
        col(Notice.status) == NoticeStatus.PENDING,
        col(Notice.kind) != MESSAGE,
    )
    for day in (await session.exec(select(col(Notice.day)).where(*waiting).distinct())).all():
        at = targets.find_sending_moment(chat, max(day, today), rules)
        of_day = update(Notice).where(*waiting, col(Notice.day) == day)
        await run_statement(session, of_day.values(not_before=at))
