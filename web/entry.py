"""The ways in: a login link, a leader's link, the Mini App; and the way out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from handlers.board.viewers import make_person_viewer
from locales.answer import say
from models.channels.accounts import find_account_owner
from models.web_access import (
    LinkKind,
    end_session,
    find_link,
    note_use,
    open_session,
    use_up_link,
)
from web.context import BoardContext
from web.guards import COOKIE, allow_own_script, read_cookie
from web.looks import NotHere
from web.rendering import render_page

SESSION_LASTS = timedelta(hours=12)
LONGEST_LAUNCH = 16_384  # bytes of a Mini App's launch


class Entry:
    """Answers the requests that open and end sessions."""

    def __init__(self, context: BoardContext) -> None:
        self._context = context
        self._mini_app = context.mini_app if context.is_secure else None

    async def show_login(self, request: Request) -> Response:
        """Show one button; a preview that fetches the link uses nothing up."""
        token, now = request.path_params["token"], self._context.now()
        async with self._context.app.database.read() as session:
            link = await find_link(session, LinkKind.LOGIN, token, now)
        if link is None:
            raise NotHere
        return render_page("login.html")

    async def log_in(self, request: Request) -> Response:
        """Use up the link and open a session for its person."""
        token, now, app = request.path_params["token"], self._context.now(), self._context.app
        async with app.database.write() as session:
            link = await use_up_link(session, token, now)
            if link is None or not await make_person_viewer(app, session, link.person_id, now):
                raise NotHere
            cookie = await open_session(session, now, SESSION_LASTS, person_id=link.person_id)
        return self._send_in(cookie, SESSION_LASTS)

    async def open_leader_link(self, request: Request) -> Response:
        """Exchange a leader's link for a session, and leave the address with the token."""
        token, now = request.path_params["token"], self._context.now()
        async with self._context.app.database.read() as session:
            link = await find_link(session, LinkKind.LEADER, token, now)
        if link is None:
            raise NotHere
        if request.method == "HEAD":
            return Response()
        lasts = min(SESSION_LASTS, (link.expires_at or now + SESSION_LASTS) - now)
        async with self._context.app.database.write() as session:
            await note_use(session, link, now)
            cookie = await open_session(session, now, lasts, link_id=link.id)
        return self._send_in(cookie, lasts)

    async def show_mini_app(self, request: Request) -> Response:
        """Show the Mini App's first page, whose script posts what the channel signed."""
        if self._mini_app is None:
            raise NotHere
        page = render_page("mini_app.html", field=self._mini_app.field)
        page.headers["content-security-policy"] = allow_own_script(self._mini_app.origin)
        return page

    async def log_in_mini_app(self, request: Request) -> Response:
        """Open a session for the person whom the channel's launch data name; else 403."""
        if self._mini_app is None:
            raise NotHere
        now, app = self._context.now(), self._context.app
        launch = await _read_form(request, self._mini_app.field)
        account = self._mini_app.read_launch(launch, now)
        if account is None:
            return _refuse_launch()
        async with app.database.write() as session:
            person = await find_account_owner(session, *account)
            number = person.id if person is not None else None
            if number is None or not await make_person_viewer(app, session, number, now):
                return _refuse_launch()
            cookie = await open_session(session, now, SESSION_LASTS, person_id=number)
        return self._send_in(cookie, SESSION_LASTS, in_frame=True)

    async def log_out(self, request: Request) -> Response:
        """End the session of the browser."""
        token = read_cookie(request.headers)
        if token is None:
            raise NotHere
        async with self._context.app.database.write() as session:
            await end_session(session, token, self._context.now())
        page = render_page("message.html", message=say("board-logged-out"))
        page.headers.append("set-cookie", self._make_cookie("", timedelta(0)))
        return page

    def _send_in(self, token: str, lasts: timedelta, *, in_frame: bool = False) -> Response:
        """Return the way to the first page, with the cookie of a new session."""
        response = RedirectResponse("/", 303)
        cookie = self._make_cookie(token, lasts, in_frame=in_frame)
        response.headers.append("set-cookie", cookie)
        return response

    def _make_cookie(self, token: str, lasts: timedelta, *, in_frame: bool = False) -> str:
        """Return a cookie's header; `in_frame`: for the Mini App, which lives in a frame."""
        parts = [f"{COOKIE}={token}", "Path=/", f"Max-Age={int(lasts.total_seconds())}", "HttpOnly"]
        if in_frame:
            return "; ".join([*parts, "Secure", "SameSite=None", "Partitioned"])
        return "; ".join([*parts, "SameSite=Lax", *(["Secure"] if self._context.is_secure else [])])


async def _read_form(request: Request, field: str) -> str:
    """Return the launch data that the Mini App's page posted; empty if they are no form."""
    if int(request.headers.get("content-length", LONGEST_LAUNCH + 1)) > LONGEST_LAUNCH:
        return ""
    try:
        form = parse_qs((await request.body()).decode("latin-1"), max_num_fields=2)
    except ValueError:
        return ""
    return form.get(field, [""])[0]


def _refuse_launch() -> Response:
    return render_page("message.html", 403, message=say("board-launch-refused"))
