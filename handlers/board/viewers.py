"""Who looks at the board, and how far they see: the rights of `conversation/rights.py` on pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import AppContext
from handlers.conversation.rights import Action, may_do, may_see_all
from handlers.people.identity import find_sender_by_id
from models.agencies import TaskAgency
from models.plans import Role
from models.queries.board import BoardScope
from models.queries.task_query import TaskQuery
from models.queries.task_view import TaskView
from models.web_access import LinkScope, WebLink, find_session


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at the board.

    - `name`: of the person, or of the holder of a leader's link.
    - `plan_ids`: the plans that may be seen; None: all.
    - `agency_ids`: the agencies whose work may be seen, with those merged into them; None: all.
    - `collective_ids`: the collectives that these belong to; their work may be seen too.
    - `home_agency_ids`: the agencies that the viewer works in.
    - `link`: the leader's link through which they look; None for a person.
    """

    name: str
    plan_ids: frozenset[int] | None = None
    agency_ids: frozenset[int] | None = None
    collective_ids: frozenset[int] = frozenset()
    home_agency_ids: tuple[int, ...] = ()
    link: WebLink | None = None

    def limit_plans(self, plan_ids: Iterable[int]) -> tuple[int, ...]:
        """Return those of the plans that may be seen."""
        return tuple(p for p in plan_ids if self.plan_ids is None or p in self.plan_ids)

    def may_see_agency(self, agency_id: int) -> bool:
        """Return whether the page of an agency may be seen."""
        return self.agency_ids is None or agency_id in self.agency_ids | self.collective_ids

    def may_see_task(self, view: TaskView, parties: Iterable[TaskAgency]) -> bool:
        """Return whether a task may be seen: it is of a plan and an agency that may be."""
        if self.plan_ids is not None and view.task.plan_id not in self.plan_ids:
            return False
        if self.agency_ids is None:
            return True
        having_part = {party.agency_id for party in parties}
        having_part |= {a.agency_id for a, _ in view.assignments if a.agency_id is not None}
        return not having_part.isdisjoint(self.agency_ids | self.collective_ids)

    def make_scope(self, plan_ids: Iterable[int]) -> BoardScope:
        """Return what of these plans may be seen, for queries of assignments."""
        plans, own = self.limit_plans(plan_ids), self.agency_ids
        if own is None:
            return BoardScope(plans)
        return BoardScope(plans, tuple(sorted(own | self.collective_ids)), tuple(sorted(own)))

    def make_query(self, today: date, plan_ids: Iterable[int]) -> TaskQuery:
        """Return what of these plans may be seen, for queries of tasks and figures."""
        return TaskQuery(
            today=today,
            plans=self.limit_plans(plan_ids),
            agencies=None if self.agency_ids is None else tuple(sorted(self.agency_ids)),
            collectives=tuple(sorted(self.collective_ids)),
            role=Role.LEAD,
            own_only=self.agency_ids is not None,
        )


async def find_viewer(
    app: AppContext, session: AsyncSession, token: str, now: datetime
) -> Viewer | None:
    """Return who has the session of this token; None if it is over, or its person has left."""
    found = await find_session(session, token, now)
    if found is None:
        return None
    opened, link = found
    if link is not None:
        return await make_link_viewer(app, session, link, now)
    if opened.person_id is None:
        return None
    return await make_person_viewer(app, session, opened.person_id, now)


async def make_person_viewer(
    app: AppContext, session: AsyncSession, person_id: int, now: datetime
) -> Viewer | None:
    """Return the look of a person; None for somebody who left or has no role today."""
    sender = await find_sender_by_id(session, person_id, now.date())
    if sender is None or not may_do(sender, Action.BOARD):
        return None
    names = await app.load_registry_names(session)
    homes = tuple(post.agency_id for post in sender.agency_posts if post.agency_id is not None)
    if may_see_all(sender, own_agency_only=app.options.own_agency_only):
        return Viewer(sender.name, home_agency_ids=homes)
    agencies, collectives = names.widen_agencies(homes, now.date())
    return Viewer(sender.name, None, agencies, collectives, homes)


async def make_link_viewer(
    app: AppContext, session: AsyncSession, link: WebLink, now: datetime
) -> Viewer:
    """Return the look that a leader's link gives."""
    name = link.holder or ""
    if link.scope == LinkScope.PLAN and link.plan_id is not None:
        return Viewer(name, plan_ids=frozenset({link.plan_id}), link=link)
    if link.scope == LinkScope.AGENCY and link.agency_id is not None:
        names = await app.load_registry_names(session)
        agencies, collectives = names.widen_agencies((link.agency_id,), now.date())
        return Viewer(name, None, agencies, collectives, (link.agency_id,), link)
    return Viewer(name, link=link)
