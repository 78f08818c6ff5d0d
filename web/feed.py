"""The calendar feed of a person: a telephone fetches it by itself, with a token of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from handlers.board.viewers import make_person_viewer
from handlers.conversation.answer_cache import read_registry_version
from models.web_access import LinkKind, find_link
from reports.orders import FileKind, FileOrder, OrderFault
from web.context import BoardContext
from web.downloads import NOTHING, TYPES, find_home_work, order_file
from web.looks import Look, NotHere, note_link_use


def make_feed(context: BoardContext) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a telephone: the calendar, or 304 if nothing has changed."""

    async def send_feed(request: Request) -> Response:
        now, app = context.now(), context.app
        async with app.database.read() as session:
            link = await find_link(session, LinkKind.FEED, request.path_params["token"], now)
            if link is None:
                raise NotHere
            app.cache.match_version(await read_registry_version(await session.connection()))
            version = app.cache.version
            viewer = await make_person_viewer(app, session, link.person_id, now)
            if viewer is None:
                raise NotHere
            names = await app.load_registry_names(session)
            look = Look(request, context, viewer, session, names, now)
            order = order_file(look, FileKind.CALENDAR, await find_home_work(look))
        await note_link_use(context, link, now)
        tag = _make_tag(order, version)
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        try:
            content = await _make_calendar(context, order, tag)
        except OrderFault as fault:
            return Response(status_code=404 if fault.sentence.id == NOTHING else 503)
        return Response(content, headers=headers, media_type=TYPES["ics"])

    return send_feed


def _make_tag(order: FileOrder, version: object) -> str:
    """Return the ETag of a feed: another one once the registry changes, or what the feed holds."""
    held = (version, replace(order.query, today=date.min), order.about)
    return f'"{hashlib.sha256(repr(held).encode()).hexdigest()[:32]}"'


async def _make_calendar(context: BoardContext, order: FileOrder, tag: str) -> bytes:
    """Return the calendar, made once for all who hold the same as long as nothing changes."""
    cache = context.app.cache
    content: bytes | None = cache.get(("board-feed", tag))
    if content is None:
        version = cache.version
        content = (await context.app.files.make_file(order)).content
        cache.store(("board-feed", tag), content, version)
    return content
