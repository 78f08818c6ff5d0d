"""The board as one ASGI application: its addresses, and what stands before them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from handlers.board.open_board import APP_PATH, FEED_PATH, LEADER_PATH, LOGIN_PATH
from locales.answer import say
from web.context import HANDOUT_PATH, BoardContext, Webhook
from web.downloads import (
    FindWork,
    find_agency_work,
    find_plan_work,
    find_province_work,
    make_download,
)
from web.entry import Entry
from web.feed import make_feed
from web.guards import LARGEST_BODY, Guard, RequestLimiter
from web.handouts import HandoutDesk
from web.looks import Page, make_endpoint
from web.pages.agency import show_agency
from web.pages.month import show_month
from web.pages.plan import show_plan
from web.pages.province import show_province
from web.pages.task import show_task
from web.rendering import FOLDER, render_page

PAGES: dict[str, Page] = {
    "/": show_province,
    "/co-quan/{id}": show_agency,
    "/nhiem-vu/{id}": show_task,
    "/ke-hoach/{id}": show_plan,
    "/lich": show_month,
}
"""The pages by address; `{id}` is the number of a row."""


DOWNLOADS: dict[str, FindWork] = {
    "/": find_province_work,
    "/co-quan/{id}/": find_agency_work,
    "/ke-hoach/{id}/": find_plan_work,
}
"""The pages whose work may be taken away as a file, by the beginning of its address."""


def make_board(context: BoardContext) -> ASGIApp:
    """Return the board, ready to be served."""
    limiter = RequestLimiter()
    entry, desk = Entry(context), HandoutDesk(context)
    routes: list[Route | Mount] = [
        Route(path, make_endpoint(context, limiter, page)) for path, page in PAGES.items()
    ]
    routes += [
        Route(f"{path}tai-ve.{{ending}}", make_endpoint(context, limiter, make_download(find_work)))
        for path, find_work in DOWNLOADS.items()
    ]
    routes += [
        Route(f"{LOGIN_PATH}{{token}}", entry.show_login, methods=["GET"]),
        Route(f"{LOGIN_PATH}{{token}}", entry.log_in, methods=["POST"]),
        Route(f"{LEADER_PATH}{{token}}", entry.open_leader_link, methods=["GET"]),
        Route(APP_PATH, entry.show_mini_app, methods=["GET"]),
        Route(APP_PATH, entry.log_in_mini_app, methods=["POST"]),
        Route(f"{HANDOUT_PATH}{{token}}", desk.show_handout, methods=["GET"]),
        Route(f"{HANDOUT_PATH}{{token}}", desk.send_handout, methods=["POST"]),
        Route(f"{FEED_PATH}{{token}}.ics", make_feed(context)),
        Route("/thoat", entry.log_out, methods=["POST"]),
        Mount("/tinh", StaticFiles(directory=FOLDER / "static")),
    ]
    routes += [Route(hook.path, _make_webhook(hook), methods=["POST"]) for hook in context.webhooks]
    unlimited = frozenset(hook.path for hook in context.webhooks)
    app = _BareStarlette(routes=routes, exception_handlers={HTTPException: _answer_fault})
    app.router.redirect_slashes = False
    frame = context.mini_app.origin if context.mini_app is not None else ""
    return Guard(app, limiter, unlimited, frame)


class _BareStarlette(Starlette):
    """Starlette whose faults reach what stands before it: `Guard` logs and answers them."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the routes behind the handlers of exceptions alone."""
        return ExceptionMiddleware(self.router, handlers=self.exception_handlers)


def _make_webhook(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    """Return what stores the updates that a channel's server posts; 200 once they are stored."""

    async def receive_update(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return Response(status_code=413)
        is_stored = await webhook.save_update(body, request.headers.get(webhook.header))
        return Response(status_code=200 if is_stored else 403)

    return receive_update


async def _answer_fault(request: Request, error: Exception) -> Response:
    """Answer what is not there, and what may not be seen, in the same way."""
    return render_page("message.html", 404, message=say("board-not-found"))
