"""A look: one request for a page by somebody who may see the board."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from handlers.board.viewers import Viewer, find_viewer
from handlers.conversation.answer_cache import read_registry_version
from handlers.conversation.registry_names import RegistryNames
from models.plans import Plan
from models.queries.figures import AgencyFigures, count_agency_figures
from models.queries.task_query import TaskQuery
from models.web_access import USE_NOTED_EVERY, WebLink, note_use
from web.context import BoardContext
from web.guards import RequestLimiter, read_cookie
from web.rendering import render_page

T = TypeVar("T")

LARGEST_ID = 2**31 - 1  # of a row in the registry
MOST_DIGITS = 10  # of such a number; Python refuses to read very long ones
MOST_PAGES = 100_000


class NotHere(HTTPException):
    """There is nothing to see at this address for whoever asks; it says no more than that."""

    def __init__(self) -> None:
        super().__init__(404)


@dataclass
class Look:
    """One request by a viewer: with a session for queries and the registry's names."""

    request: Request
    context: BoardContext
    viewer: Viewer
    session: AsyncSession
    names: RegistryNames
    now: datetime

    @property
    def today(self) -> date:
        """Return the day of the look."""
        return self.now.date()

    def get_id(self) -> int:
        """Return the number in the address. Raises NotHere for one that no row can have."""
        digits: str = self.request.path_params["id"]
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
            raise NotHere
        number = int(digits)
        if number > LARGEST_ID:
            raise NotHere
        return number

    def get_word(self, name: str, longest: int = 100) -> str:
        """Return a value behind the question mark of the address, trimmed."""
        return self.request.query_params.get(name, "").strip().replace("\x00", "")[:longest]

    def get_page_number(self) -> int:
        """Return which page of a list is asked for, from 1 on."""
        word = self.get_word("trang", 9)
        return min(max(int(word), 1), MOST_PAGES) if word.isascii() and word.isdecimal() else 1

    def list_plans(self) -> list[Plan]:
        """Return the plans that the figures count: those in force that the viewer may see."""
        plans = self.names.list_plans_in_force(self.today)
        seen = set(self.viewer.limit_plans(p.id for p in plans if p.id is not None))
        if not seen and self.viewer.plan_ids is not None:  # a link to a plan that is over
            return [p for p in self.names.plans if p.id in self.viewer.plan_ids]
        return [p for p in plans if p.id in seen]

    def make_agency_query(self, agency_id: int) -> TaskQuery:
        """Return what an agency leads, by itself or through a collective, in the plans counted.

        Who may see some agencies alone sees of their collective what it leaves to them.
        """
        own, others = self.viewer.agency_ids, None
        agencies, collectives = self.names.widen_agencies((agency_id,), self.today)
        if own is not None and agency_id not in own:
            agencies, collectives, others = own, frozenset((agency_id,)), (agency_id,)
        return TaskQuery(
            self.today,
            plans=tuple(p.id for p in self.list_plans()),
            agencies=tuple(sorted(agencies)),
            collectives=tuple(sorted(collectives)),
            others=others,
            together=others is not None,
            own_only=self.viewer.agency_ids is not None,
        )

    async def count_figures(self, query: TaskQuery) -> dict[int | None, AgencyFigures]:
        """Return the figures of `query` by agency."""
        return await self.look_up_once(
            ("figures", query), lambda: count_agency_figures(self.session, query)
        )

    async def look_up_once(self, key: Hashable, look_up: Callable[[], Awaitable[T]]) -> T:
        """Return what `look_up` gives, looked up once for all as long as nothing changes."""
        cache, whole_key = self.context.app.cache, ("board", key)
        found: T | None = cache.get(whole_key)
        if found is None:
            version = cache.version
            found = await look_up()
            cache.store(whole_key, found, version)
        return found

    def render(self, template: str, **values: Any) -> HTMLResponse:
        """Return the page with what every page shows: who looks, when, the ways to go."""
        homes = [
            (agency_id, self.names.agency_names[agency_id])
            for agency_id in self.viewer.home_agency_ids
            if agency_id in self.names.agency_names
        ]
        return render_page(
            template,
            viewer=self.viewer,
            now=self.now,
            today=self.today,
            homes=homes,
            path=self.request.url.path,
            **values,
        )


Page = Callable[[Look], Awaitable[Response]]


def make_endpoint(
    context: BoardContext, limiter: RequestLimiter, page: Page
) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a request for `page`; 404 for whoever may not see the board."""

    async def answer(request: Request) -> Response:
        token, now, app = read_cookie(request.headers), context.now(), context.app
        if token is None:
            raise NotHere
        async with app.database.read() as session:
            app.cache.match_version(await read_registry_version(await session.connection()))
            viewer = await find_viewer(app, session, token, now)
            limiter.note_session(token, is_found=viewer is not None)
            if viewer is None:
                raise NotHere
            names = await app.load_registry_names(session)
            response = await page(Look(request, context, viewer, session, names, now))
        if viewer.link is not None:
            await note_link_use(context, viewer.link, now)
        return response

    return answer


async def note_link_use(context: BoardContext, link: WebLink, now: datetime) -> None:
    """Write down the last use of a link, every few minutes."""
    if link.used_at is None or now - link.used_at >= USE_NOTED_EVERY:
        async with context.app.database.write() as session:
            await note_use(session, link, now)
