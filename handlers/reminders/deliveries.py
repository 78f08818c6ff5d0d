"""`/guitin`: the delivery report, who got what and when, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.people.channel_usage import list_channel_usage
from handlers.reminders.chat_rules import (
    LONGEST_ECHO,
    load_current_rules,
    make_page_buttons,
)
from language.text import normalise
from locales.answer import Answer, Sentence, make_answer, pack_action, say, unpack_action
from locales.phrases import shorten_text
from models import notices
from models.chats import Chat
from models.notices import Heartbeat, NoticeStatus
from scheduler import audience
from scheduler.delivery import explain_failure
from scheduler.planning import planner
from scheduler.rules import Rules

NOTICES_PER_PAGE = 12  # notices of one page of the delivery report
MOST_NAMES = 15  # unreachable people, agencies shown


async def show_deliveries(request: Request) -> Answer:
    """Answer `/guitin [ngày]`: the delivery report of that day, or of today."""
    if not request.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    text = normalise(request.args)
    possible = days.parse_days(text, request.today) if text else (request.today,)
    if not possible:
        return make_answer(say("deliveries-needs-day", text=shorten_text(text, LONGEST_ECHO)))
    return await _compose_deliveries(request, possible[0], 0)


async def show_deliveries_page(request: Request) -> Answer:
    """Answer a button with another page of the delivery report."""
    if not request.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    text, page = unpack_action(request.args, 2)
    day = days.parse_iso_day(text)
    if day is None:
        return refuse_button()
    return await _compose_deliveries(request, day, cases.parse_id(page) or 0, replace=True)


async def _compose_deliveries(
    request: Request, day: date, page: int, *, replace: bool = False
) -> Answer:
    """Return one page of the report; the first one also says who cannot be reached."""
    async with request.read() as session:
        rules = await load_current_rules(session, request)
        counts = await notices.count_by_status(session, day)
        rows = await notices.list_outcomes(
            session, day, page * NOTICES_PER_PAGE, NOTICES_PER_PAGE + 1
        )
        blocks = [say("deliveries-head", day=day), _describe_counts(counts)]
        blocks += [_describe_outcome(row, rules) for row in rows[:NOTICES_PER_PAGE]]
        if page == 0:
            blocks += await _list_unreachable(session, day, rules)
            blocks += await _list_heartbeats(session, rules)
            blocks += await list_channel_usage(session, request)
    pages = page + 2 if len(rows) > NOTICES_PER_PAGE else page + 1
    row = make_page_buttons(pack_action("sent", day), page, pages)
    return make_answer(*blocks, buttons=[row], replace=replace)


def _describe_counts(counts: Mapping[str, int]) -> Sentence:
    """Return how many notices of the day were sent, wait or failed."""
    waits = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    waiting = sum(counts.get(status, 0) for status in waits)
    return say(
        "deliveries-counts",
        sent=counts.get(NoticeStatus.SENT, 0),
        waiting=waiting,
        failed=counts.get(NoticeStatus.FAILED, 0),
    )


def _describe_outcome(row: notices.Outcome, rules: Rules) -> Sentence:
    """Return one line of the report: who was to get what, and how it ended."""
    notice = row.notice
    moment = notice.ended_at or notice.not_before
    reason = say("nothing")
    if notice.failure:
        reason = say("deliveries-reason", reason=explain_failure(notice.failure))
    return say(
        "deliveries-line",
        who=row.person or row.chat,
        kind=say(f"kind-{notice.kind}"),
        count=row.lines,
        status=say(f"notice-{notice.status}"),
        at=rules.to_local(moment),
        again=say("deliveries-again") if notice.again else say("nothing"),
        reason=reason,
    )


async def _list_unreachable(session: AsyncSession, day: date, rules: Rules) -> list[Sentence]:
    """Return the people who cannot be reached, and the agencies in which nobody can."""
    lost = await session.exec(
        select(Chat.title, Chat.unreachable_since)
        .where(col(Chat.unreachable_since).is_not(None))
        .order_by(Chat.title)
    )
    blocks: list[Sentence] = []
    people = [
        say("deliveries-lost", name=title, day=rules.to_local(since))
        for title, since in lost
        if since is not None
    ]
    if people:
        blocks += [say("deliveries-lost-head", count=len(people)), *people[:MOST_NAMES]]
    unreached = await audience.list_unreached_agencies(session, day, rules)
    alone = sorted(unreached.agencies + unreached.collectives)
    if alone:
        names = ", ".join(alone[:MOST_NAMES]) + ("…" if len(alone) > MOST_NAMES else "")
        blocks.append(say("deliveries-alone", count=len(alone), names=names))
    return blocks


async def _list_heartbeats(session: AsyncSession, rules: Rules) -> list[Sentence]:
    """Return when the planner, the sender and the auditor last ran."""
    beats = {beat.name: beat.at for beat in await session.exec(select(Heartbeat))}
    return [
        say("deliveries-beat", part=say(f"part-{name}"), at=rules.to_local(beats[name]))
        for name in (planner.PLANNING_HEARTBEAT, "sender", "auditor")
        if name in beats
    ]


COMMANDS: dict[str, Handler] = {"guitin": show_deliveries}
ACTIONS: dict[str, Handler] = {"sent": show_deliveries_page}
