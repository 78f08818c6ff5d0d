"""`/web`: a link that opens the board for a person who joined, and the end of their sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.request import AppContext, Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Button, Sentence, make_answer, say
from models.channels.accounts import find_account_owner
from models.web_access import LinkKind, WebLink, add_link, end_sessions, revoke_links

LOGIN_LASTS = timedelta(minutes=10)
LOGIN_PATH, LEADER_PATH, FEED_PATH, APP_PATH = "/vao/", "/xem/", "/lich/", "/ung-dung"
"""The beginnings of the board's addresses that people get in chat."""


async def make_login_link(
    session: AsyncSession, person_id: int, board_url: str, now: datetime
) -> str:
    """Store a link that opens the board once within ten minutes; return its address."""
    link = WebLink(
        kind=LinkKind.LOGIN,
        token_sha256="",
        person_id=person_id,
        made_at=now,
        expires_at=now + LOGIN_LASTS,
    )
    return f"{board_url}{LOGIN_PATH}{await add_link(session, link)}"


async def offer_login(app: AppContext, channel: str, address: str, now: datetime) -> Sentence:
    """Return a link that opens the board for the person at the terminal.

    Raises ValueError if the board is not served or the person is not known.
    """
    url = app.options.board_url
    async with app.database.write() as session:
        person = await find_account_owner(session, channel, address)
        if url is None or person is None or person.id is None:
            raise ValueError("no board or no such person")
        link = await make_login_link(session, person.id, url, now)
    return say("terminal-board", link=link, minutes=LOGIN_LASTS // timedelta(minutes=1))


async def open_board(request: Request) -> Answer:
    """Answer `/web`: give a link that opens the board; `/web thoát` ends what is open."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("board-in-private"))
    person_id = request.sender.person_id
    if person_id is None or not request.may_do(Action.BOARD):
        return make_answer(say("may-not-board"))
    if words.is_one_of("board", "leave", request.args):
        return await _leave_board(request, person_id)
    url = request.app.options.board_url
    if url is None:
        return make_answer(say("board-not-served"))
    async with request.write() as session:
        address = await make_login_link(session, person_id, url, request.now)
    buttons = []
    if url.startswith("https:"):
        buttons.append(Button(say("button-open-board"), page=f"{url}{APP_PATH}"))
    minutes = LOGIN_LASTS // timedelta(minutes=1)
    return make_answer(say("board-link", link=address, minutes=minutes), buttons=[buttons])


async def _leave_board(request: Request, person_id: int) -> Answer:
    """End the person's sessions, and take back the links that were not used."""
    async with request.write() as session:
        ended = await end_sessions(session, request.now, person_id)
        await revoke_links(session, request.now, person_id, LinkKind.LOGIN)
    return make_answer(say("board-left", count=ended))


COMMANDS: dict[str, Handler] = {"web": open_board}
