"""The names of the registry that every question needs, read once and stored until they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from language import search
from language.agencies.directory import (
    Directory,
    DirectoryEntry,
    load_standard_directory,
)
from language.agencies.places import find_provinces
from models.agencies import Agency, AgencyMember, AgencyName, AgencySuccessor
from models.plans import Plan, Section, Task

Version = tuple[int | None, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words and pairs of words in the tasks, each with how many tasks hold it.

    `newest` is the newest task they were read from, `rewritten` the newest audit of `REWRITES`.
    """

    pieces: Mapping[str, int] = field(default_factory=dict)
    newest: int = 0
    rewritten: int | None = None


@dataclass(frozen=True)
class RegistryNames:
    """Plans, sections, agencies and words of the registry. Read-only."""

    version: Version
    directory: Directory
    agency_ids: dict[str, int]
    agency_names: dict[int, str]
    collectives: dict[int, tuple[int, ...]]  # member to collectives
    predecessors: dict[
        int, tuple[tuple[int, date], ...]
    ]  # agency to those merged into it, and since when
    plans: tuple[Plan, ...]
    sections: dict[int, tuple[Section, ...]]  # by plan
    vocabulary: Vocabulary
    provinces: frozenset[str]  # of the plans' issuers

    def list_plans_in_force(self, today: date) -> list[Plan]:
        """Return the plans that a question is about if it names none.

        Those whose years hold `today`, else the latest (docs/dev/questions.md rule 12).
        """
        open_plans = [p for p in self.plans if p.closed_on is None]
        current = [
            p
            for p in open_plans
            if p.first_year and p.first_year <= today.year <= (p.last_year or p.first_year)
        ]
        if current:
            return current
        dated = [p for p in open_plans if p.first_year]
        if not dated:
            return open_plans
        latest = max(p.last_year or p.first_year or 0 for p in dated)
        return [p for p in dated if (p.last_year or p.first_year) == latest]

    def find_plans(self, plan: str) -> list[Plan]:
        """Return the plans of a number ("416", "416/KH-UBND"), a title or a year ("2020")."""
        name = plan.casefold()
        by_number = [
            p
            for p in self.plans
            if p.number and name in (p.number.casefold(), p.number.split("/")[0].casefold())
        ]
        if by_number or not plan.isdecimal():
            return by_number or [p for p in self.plans if p.title == plan]
        year = int(plan)
        return [
            p
            for p in self.plans
            if p.first_year and p.first_year <= year <= (p.last_year or p.first_year)
        ]

    def find_open_plans(self, text: str) -> list[Plan]:
        """Return the plans that are not closed and that `text` names; all of them for no text.

        "kế hoạch 416" names a plan as "416" does.
        """
        name = words.find_rest_after_any("group", "plan", text) or text
        return [p for p in (self.find_plans(name) if name else self.plans) if p.closed_on is None]

    def list_merged_agencies(self, agency_id: int, today: date) -> list[int]:
        """Return the agencies that were merged into this one by `today`."""
        return [before for before, since in self.predecessors.get(agency_id, ()) if since <= today]

    def widen_agencies(
        self, agency_ids: Iterable[int], today: date
    ) -> tuple[frozenset[int], frozenset[int]]:
        """Return the agencies with those merged into them by `today`, and their collectives."""
        wide = set(agency_ids)
        for agency_id in tuple(wide):
            wide.update(self.list_merged_agencies(agency_id, today))
        titles = [self.agency_names[number] for number in wide if number in self.agency_names]
        collectives = {
            self.agency_ids[title]
            for name in titles
            for title in self.directory.find_collectives(name)
            if title in self.agency_ids
        }
        return frozenset(wide), frozenset(collectives - wide)

    def find_year_span(self, plans: Sequence[Plan]) -> tuple[int, int] | None:
        """Return the first and the last year of these plans together; None if unknown."""
        first = [p.first_year for p in plans if p.first_year]
        last = [p.last_year or p.first_year for p in plans if p.first_year]
        return (min(first), max(y for y in last if y)) if first else None


CHANGES = ("close_plan", "enrol", "import", "name", "remove_sample", "set_plan")
"""Actions in the audit that change rows of the names without adding any."""

REWRITES = ("change_task", "import", "reread", "undo")
"""Actions in the audit that change the words of tasks."""

_VERSION = text(
    "SELECT (SELECT max(id) FROM agency), (SELECT max(id) FROM agency_name),"
    " (SELECT max(id) FROM plan), (SELECT max(id) FROM section), (SELECT max(id) FROM task),"
    " (SELECT max(id) FROM audit WHERE action IN :changes),"
    " (SELECT max(id) FROM audit WHERE action IN :rewrites AND subject IN ('plan', 'task'))"
).bindparams(
    bindparam("changes", CHANGES, expanding=True), bindparam("rewrites", REWRITES, expanding=True)
)


async def read_version(session: AsyncSession) -> Version:
    """Return a version that changes when agencies, names, plans or sections do, in any process."""
    connection = await session.connection()
    return tuple((await connection.execute(_VERSION)).one())


async def _extend_vocabulary(
    session: AsyncSession, vocabulary: Vocabulary, rewritten: int | None
) -> Vocabulary:
    """Return `vocabulary` with the words of the tasks that are newer.

    If tasks were written anew since, all of it is read again.
    """
    if vocabulary.rewritten != rewritten:
        vocabulary = Vocabulary(rewritten=rewritten)
    rows = (
        await session.exec(
            select(Task.id, Task.search_text, Task.title).where(col(Task.id) > vocabulary.newest)
        )
    ).all()
    if not rows:
        return vocabulary
    newest = max(task_id for task_id, _, _ in rows)
    more = search.make_vocabulary((text for _, text, _ in rows), (title for _, _, title in rows))
    return Vocabulary(Counter(vocabulary.pieces) + Counter(more), newest, rewritten)


async def load_registry_names(
    session: AsyncSession, version: Version, vocabulary: Vocabulary | None = None
) -> RegistryNames:
    """Read the names at `version`; `vocabulary` is that of the names before."""
    agencies = (await session.exec(select(Agency))).all()
    names = {a.id: a.name for a in agencies}
    added: dict[int, list[str]] = {}
    for row in await session.exec(select(AgencyName).where(col(AgencyName.by_admin).is_(True))):
        added.setdefault(row.agency_id, []).append(row.name)
    collectives: dict[int, tuple[int, ...]] = {}
    for member in await session.exec(select(AgencyMember)):
        collectives[member.member_id] = (
            *collectives.get(member.member_id, ()),
            member.collective_id,
        )
    before: dict[int, tuple[tuple[int, date], ...]] = {}
    for link in await session.exec(select(AgencySuccessor)):
        before[link.successor_id] = (
            *before.get(link.successor_id, ()),
            (link.agency_id, link.since),
        )
    sections: dict[int, tuple[Section, ...]] = {}
    for section in await session.exec(select(Section).order_by(col(Section.position))):
        sections[section.plan_id] = (*sections.get(section.plan_id, ()), section)
    plans = (await session.exec(select(Plan).order_by(col(Plan.id)))).all()
    for kept in (*plans, *(one for listed in sections.values() for one in listed)):
        session.expunge(kept)  # a session that fails later would empty the rows that are kept here
    return RegistryNames(
        version=version,
        directory=load_standard_directory().with_names(
            DirectoryEntry(name, tuple(added.get(i, ()))) for i, name in names.items()
        ),
        agency_ids={name: i for i, name in names.items()},
        agency_names=names,
        collectives=collectives,
        predecessors=before,
        plans=tuple(plans),
        sections=sections,
        vocabulary=await _extend_vocabulary(session, vocabulary or Vocabulary(), version[-1]),
        provinces=frozenset().union(*(find_provinces(plan.issuer or "") for plan in plans)),
    )
