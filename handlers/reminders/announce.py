"""Announcements (`/thongbao`): one text to all focal points or groups, shown before it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import load_current_rules
from locales.answer import Answer, Sentence, make_answer, make_button, say, to_json
from models.chats import Chat, find_private_chats
from models.notices import MESSAGE, Notice, NoticeStatus, queue_message
from models.people import PostRole, find_post_holders
from scheduler import hours

LONGEST_TEXT = 2000  # characters of an announcement
FOCAL, GROUPS, BOTH = "focal", "groups", "both"
"""Whom an announcement is for, as its buttons say."""


class AnnouncementDraft(drafts.DraftData):
    """An announcement, once its text is known."""

    text: str | None = None


async def write_announcement(request: Request) -> Answer:
    """Answer `/thongbao [text]`: show the announcement and ask whom it is for."""
    if not request.may_do(Action.ANNOUNCE):
        return make_answer(say("may-not-announce"))
    if not request.args:
        async with request.read() as session:
            if not await _find_chats(session, request, BOTH):
                return make_answer(say("announce-nobody"))
        token = await drafts.save_draft(request, "announce", AnnouncementDraft())
        return make_answer(say("announce-ask"), buttons=[[drafts.make_leave_button(token)]])
    return await _show_announcement(request, request.args)


async def take_text(request: Request) -> Answer:
    """Take the text of the announcement that was asked for."""
    return await _show_announcement(request, drafts.read_reply(request))


async def _show_announcement(request: Request, text: str) -> Answer:
    """Show the announcement as people will get it, with whom it can be sent to."""
    if len(text) > LONGEST_TEXT:
        return make_answer(say("announce-long", most=LONGEST_TEXT))
    async with request.write() as session:
        found = {name: await _find_chats(session, request, name) for name in (FOCAL, GROUPS, BOTH)}
        if not found[BOTH]:
            return make_answer(say("announce-nobody"))
        data = AnnouncementDraft(text=text)
        token = await drafts.save_draft(request, "announce", data, session)
    rows = [
        [make_button(say(f"button-announce-{name}", count=len(chats)), "announce", token, name)]
        for name, chats in found.items()
        if chats and (name != BOTH or len(chats) > max(len(found[FOCAL]), len(found[GROUPS])))
    ]
    rows.append([drafts.make_leave_button(token)])
    return make_answer(
        say("announce-shown"), _format_message(request, text), say("announce-whom"), buttons=rows
    )


def _format_message(request: Request, text: str) -> Sentence:
    return say("announce-message", name=request.sender.signed_name, text=text)


async def _find_chats(session: AsyncSession, request: Request, audience: str) -> list[Chat]:
    """Return the chats of an audience that can be written to."""
    found: list[Chat] = []
    if audience in (FOCAL, BOTH):
        people = await find_post_holders(session, [PostRole.FOCAL_POINT], request.today)
        found += await find_private_chats(session, [person.id for person in people])
    if audience in (GROUPS, BOTH):
        groups = select(Chat).where(
            Chat.kind == "group",
            col(Chat.scope).is_not(None),
            col(Chat.unreachable_since).is_(None),
        )
        found += list(await session.exec(groups.order_by(col(Chat.id))))
    return found


async def send_announcement(request: Request) -> Answer:
    """Send the announcement to whom the button names."""
    draft = await drafts.find_draft_of_button(request, "announce")
    text = drafts.read_draft(request, AnnouncementDraft).text if draft is not None else None
    if not text or request.args not in (FOCAL, GROUPS, BOTH):
        return refuse_button()
    if not request.may_do(Action.ANNOUNCE):
        return make_answer(say("may-not-announce"))
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        chats = await _find_chats(session, request, request.args)
        after = {"to": request.args, "chats": len(chats)}
        row = request.record_change(session, "announce", "message", after=after)
        await session.flush()
        rules = await load_current_rules(session, request)
        now = rules.to_local(request.now)
        moment = hours.find_sending_moment(now, rules.calendar)
        body = to_json(make_answer(_format_message(request, text)))
        for chat in chats:
            await queue_message(
                session,
                chat.id,
                body,
                token=f"announce:{row.id}",
                now=request.now,
                today=request.today,
                not_before=moment,
            )
    message = "announce-sent" if moment == now else "announce-later"
    rows = [[make_button(say("button-announce-state"), "announced", row.id)]]
    return make_answer(say(message, count=len(chats), at=moment), buttons=rows, replace=True)


async def show_delivery(request: Request) -> Answer:
    """Say how many chats an announcement has reached by now."""
    if not request.may_do(Action.ANNOUNCE):
        return make_answer(say("may-not-announce"))
    number = cases.parse_id(request.args)
    async with request.read() as session:
        statement = (
            select(Notice.status, func.count())
            .where(Notice.kind == MESSAGE, Notice.token == f"announce:{number}")
            .group_by(col(Notice.status))
        )
        counts = Counter(dict((await session.exec(statement)).all()))
    if not counts:
        return refuse_button()
    return make_answer(say("announce-state", **_sum_up(counts)))


def _sum_up(counts: Counter[str]) -> dict[str, int]:
    def add_up(statuses: Sequence[str]) -> int:
        return sum(counts[status] for status in statuses)

    waiting = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    return {
        "count": counts.total(),
        "sent": counts[NoticeStatus.SENT],
        "waiting": add_up(waiting),
        "failed": add_up((NoticeStatus.FAILED, NoticeStatus.DROPPED)),
    }


COMMANDS: dict[str, Handler] = {"thongbao": write_announcement}
ACTIONS: dict[str, Handler] = {"announce": send_announcement, "announced": show_delivery}
DIALOGUES: dict[str, Handler] = {"announce": take_text}
