"""Agencies of the registry: find the row of a name, or add it with all that the directory knows.

Not for reading agency names in a text: see `language.agencies`.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.agencies.directory import Directory
from language.text import fold, normalise
from models.agencies import Agency, AgencyMember, AgencyName, AgencySuccessor


class AgencyWriter:
    """Finds and adds agencies within the running transaction of `session`."""

    def __init__(self, session: AsyncSession, directory: Directory, today: date) -> None:
        self._session = session
        self._directory = directory
        self._today = today
        self._agencies: dict[str, Agency] = {}

    async def load_agencies(self) -> None:
        """Load the agencies of the registry, so that they are looked up in memory."""
        for agency in await self._session.exec(select(Agency)):
            self._agencies[agency.name] = agency

    def list_names(self) -> dict[int | None, str]:
        """Return the names of all loaded agencies by id."""
        return {agency.id: agency.name for agency in self._agencies.values()}

    async def ensure_agency(self, name: str) -> Agency:
        """Return the registry's row of the agency with this canonical name.

        If it is missing, it is added with its other names, collectives and successor. A name that
        differs from a known one in nothing but signs that look alike, or capitals, is that one.
        """
        name = normalise(name)
        if not self._agencies:
            await self.load_agencies()
        if name in self._agencies:
            return self._agencies[name]
        if (known := self._find_other_letters(name)) is not None:
            return known
        collective = self._directory.is_collective(name)
        agency = Agency(name=name, folded=fold(name), collective=collective)
        self._session.add(agency)
        await self._session.flush()
        self._agencies[name] = agency
        for kind, other in self._directory.list_other_names(name):
            self._session.add(
                AgencyName(agency_id=agency.id, name=other, folded=fold(other), kind=kind)
            )
        self._add_memberships(agency)
        await self._add_successor(agency)
        return agency

    def _find_other_letters(self, name: str) -> Agency | None:
        """Return the agency whose name differs in nothing but capitals."""
        same = name.casefold()
        return next((one for one in self._agencies.values() if one.name.casefold() == same), None)

    def _add_memberships(self, agency: Agency) -> None:
        """Add who is a member of the collective `agency`, or the collectives that it belongs to."""
        for other in self._agencies.values():
            if other.collective == agency.collective:
                continue
            whole, member = (agency, other) if agency.collective else (other, agency)
            if whole.name in self._directory.find_collectives(member.name):
                self._session.add(AgencyMember(collective_id=whole.id, member_id=member.id))

    async def _add_successor(self, agency: Agency) -> None:
        """Add the agency that has taken the place of `agency` by today, if there is one."""
        name = self._directory.find_successor(agency.name, self._today)
        if not name or name == agency.name:
            return
        successor = await self.ensure_agency(name)
        since = self._directory.find_end_day(agency.name) or self._today
        self._session.add(
            AgencySuccessor(agency_id=agency.id, successor_id=successor.id, since=since)
        )
