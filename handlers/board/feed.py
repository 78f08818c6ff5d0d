"""`/lich mới`: the address of a calendar feed of one's own; an earlier one ends with it."""

from __future__ import annotations

from handlers.board.open_board import FEED_PATH
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, make_answer, say
from models.web_access import LinkKind, WebLink, add_link, revoke_links


async def renew_feed(request: Request) -> Answer:
    """Answer `/lich mới`: give a new address of the person's calendar feed."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("board-in-private"))
    person_id = request.sender.person_id
    if person_id is None or not request.may_do(Action.BOARD):
        return make_answer(say("may-not-board"))
    url = request.app.options.board_url
    if url is None:
        return make_answer(say("board-not-served"))
    async with request.write() as session:
        before = await revoke_links(session, request.now, person_id, LinkKind.FEED)
        link = WebLink(
            kind=LinkKind.FEED, token_sha256="", person_id=person_id, made_at=request.now
        )
        token = await add_link(session, link)
        request.record_change(session, "make_feed", "web_link", link.id)
    blocks = [say("feed-link", link=f"{url}{FEED_PATH}{token}.ics")]
    return make_answer(*blocks, *([say("feed-before")] if before else []))


COMMANDS: dict[str, Handler] = {"lichmoi": renew_feed}
