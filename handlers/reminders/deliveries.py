"""`/guitin`: the delivery report, who got what and when, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.reminders.chat_rules import GONE, load_current_rules
from language.text import normalise
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import shorten_text
from models import notices
from models.agencies import Agency
from models.assignments import OPEN, Assignment, match_in_force
from models.chats import Chat
from models.notices import Heartbeat, NoticeStatus
from models.plans import Plan
from scheduler import audience, planner
from scheduler.audience import Audience
from scheduler.delivery import explain_failure
from scheduler.rules import Rules

NOTICES_PER_PAGE = 12  # notices of one page of the delivery report
MOST_NAMES = 15  # unreachable people, agencies shown


async def show_deliveries(turn: Request) -> Answer:
    """`/guitin [ngày]`: who got what and when, how it ended, and who cannot be reached."""
    if not turn.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    text = normalise(turn.args)
    understood = days.parse_days(text, turn.today) if text else (turn.today,)
    if not understood:
        return make_answer(say("deliveries-needs-day", text=shorten_text(text, 40)))
    return await _compose_deliveries(turn, understood[0], 0)


async def show_deliveries_page(turn: Request) -> Answer:
    """Another page of the delivery report."""
    if not turn.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    day, _, page = turn.args.partition(":")
    try:
        return await _compose_deliveries(
            turn, date.fromisoformat(day), cases.parse_id(page) or 0, replace=True
        )
    except ValueError:
        return make_answer(toast=say(GONE))


async def _compose_deliveries(
    turn: Request, day: date, page: int, *, replace: bool = False
) -> Answer:
    async with turn.read() as session:
        in_force = await load_current_rules(session, turn)
        counts = await notices.count_by_status(session, day)
        rows = await notices.list_outcomes(
            session, day, page * NOTICES_PER_PAGE, NOTICES_PER_PAGE + 1
        )
        blocks = [say("deliveries-head", day=day), _describe_counts(counts)]
        blocks += [_describe_outcome(row, in_force) for row in rows[:NOTICES_PER_PAGE]]
        if page == 0:
            blocks += await _list_unreachable(session, day, in_force)
            blocks += await _list_heartbeats(session, in_force)
    turning = [
        (page - 1, "button-page-before", page > 0),
        (page + 1, "button-page-after", len(rows) > NOTICES_PER_PAGE),
    ]
    row = [
        Button(say(label), f"sent:{day.isoformat()}:{to}") for to, label, there in turning if there
    ]
    return make_answer(*blocks, buttons=[row], replace=replace)


def _describe_counts(counts: Mapping[str, int]) -> Sentence:
    waiting = sum(
        counts.get(s, 0)
        for s in (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    )
    return say(
        "deliveries-counts",
        sent=counts.get(NoticeStatus.SENT, 0),
        waiting=waiting,
        failed=counts.get(NoticeStatus.FAILED, 0),
    )


def _describe_outcome(row: notices.Outcome, in_force: Rules) -> Sentence:
    notice = row.notice
    moment = notice.ended_at or notice.not_before
    return say(
        "deliveries-line",
        who=row.person or row.chat,
        kind=say(f"kind-{notice.kind}"),
        count=row.lines,
        status=say(f"notice-{notice.status}"),
        at=in_force.to_local(moment),
        again=say("deliveries-again") if notice.again else say("nothing"),
        reason=say("deliveries-reason", reason=explain_failure(notice.error))
        if notice.error
        else say("nothing"),
    )


async def _list_unreachable(session: AsyncSession, day: date, in_force: Rules) -> list[Sentence]:
    """The people whose chat cannot be reached, and the responsible agencies that nobody is reached of."""
    lost = await session.exec(
        select(Chat.title, Chat.unreachable_since)
        .where(col(Chat.unreachable_since).is_not(None))
        .order_by(Chat.title)
    )
    blocks: list[Sentence] = []
    people = [
        say("deliveries-lost", name=title, day=in_force.to_local(since))
        for title, since in lost
        if since is not None
    ]
    if people:
        blocks += [say("deliveries-lost-head", count=len(people)), *people[:MOST_NAMES]]
    reached = {
        r.agency_id
        for r in await audience.find_recipients(session, day, in_force)
        if r.audience == Audience.FOCAL
    }
    responsible = await session.exec(
        select(Agency)
        .where(
            col(Agency.id).in_(
                select(Assignment.agency_id)
                .join(Plan, col(Plan.id) == Assignment.plan_id)
                .where(
                    col(Assignment.status).in_(OPEN),
                    match_in_force(),
                    col(Assignment.last_day).is_not(None),
                    col(Plan.closed_on).is_(None),
                )
            )
        )
        .order_by(Agency.name)
    )
    alone = [agency.name for agency in responsible if agency.id not in reached]
    if alone:
        names = ", ".join(alone[:MOST_NAMES]) + ("…" if len(alone) > MOST_NAMES else "")
        blocks.append(say("deliveries-alone", count=len(alone), names=names))
    return blocks


async def _list_heartbeats(session: AsyncSession, in_force: Rules) -> list[Sentence]:
    """When the planner, the sender and the auditor last ran."""
    beats = {beat.name: beat.at for beat in await session.exec(select(Heartbeat))}
    return [
        say("deliveries-beat", part=say(f"part-{name}"), at=in_force.to_local(beats[name]))
        for name in (planner.PLANNING_HEARTBEAT, "sender", "auditor")
        if name in beats
    ]


COMMANDS: dict[str, Handler] = {"guitin": show_deliveries}
ACTIONS: dict[str, Handler] = {"sent": show_deliveries_page}
