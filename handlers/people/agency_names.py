"""Names that an admin gives an agency (`/ten`): abbreviations and synonyms that people use."""

from __future__ import annotations

import re

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.agency_choice import (
    LONGEST_NAME,
    AgencyDialogue,
    AgencyDraft,
    find_agency_or_ask,
    find_chosen_agency,
)
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from language.text import fold, normalise
from locales.answer import Answer, make_answer, say
from models.agencies import Agency, AgencyName

SHORTEST_NAME = 2  # letters of a name


async def name_agency(request: Request) -> Answer:
    """Add names to an agency, or list those it has: `/ten Sở Tư pháp | tư pháp tỉnh; STPT`."""
    if not request.may_do(Action.NAMES):
        return make_answer(say("may-not-name"))
    agency, _, rest = request.args.partition("|")
    if not agency.strip():
        return make_answer(say("name-how"))
    return await _add_names(request, agency, rest, exact=False)


class NamesDraft(AgencyDraft):
    """Names that wait for their agency, as they were typed."""

    names: str


async def name_offered_agency(request: Request) -> Answer:
    """Add the names to one of the agencies that were offered."""
    chosen = await find_chosen_agency(request, "name", NamesDraft)
    if chosen is None:
        return refuse_button()
    if not request.may_do(Action.NAMES):
        return make_answer(say("may-not-name"))
    data, name = chosen
    return await _add_names(request, name, data.names, exact=True)


async def _add_names(request: Request, agency: str, rest: str, *, exact: bool) -> Answer:
    """Add the names in `rest` to the agency, and answer with all its names."""
    names = [
        normalise(part)[:LONGEST_NAME] for part in re.split(r"[;|\n]", rest) if normalise(part)
    ]
    async with request.write() as session:
        dialogue = AgencyDialogue("name", NamesDraft(names=rest), "namepick:{}")
        row = await find_agency_or_ask(session, request, agency, dialogue, exact=exact)
        if isinstance(row, Answer):
            return row
        await drafts.delete_draft(request, session)
        for name in names:
            other = await _find_other_agency(session, request, row, name)
            if other is not None:
                return make_answer(say("name-taken", name=name, agency=other))
            if len(fold(name)) < SHORTEST_NAME:
                return make_answer(say("name-too-short", name=name))
        new_names = [name for name in names if await _add_name(session, row, name)]
        if new_names:
            request.record_change(session, "name", "agency", row.id, after={"names": new_names})
        rows = await session.exec(select(AgencyName.name).where(AgencyName.agency_id == row.id))
        all_names = tuple(rows)
    if new_names:
        request.app.forget_names()
    return make_answer(
        say("name-known" if all_names else "name-none", agency=row.name, names=all_names)
    )


async def _find_other_agency(
    session: AsyncSession, request: Request, agency: Agency, other: str
) -> str | None:
    """Return the other agency that a name already means; None if it is free."""
    directory = (await request.app.load_registry_names(session)).directory
    found = directory.find_agency(other, request.today)
    others = [name for name in found.names if name != agency.name]
    return others[0] if others and found.how in ("name", "abbreviation", "synonym", "old") else None


async def _add_name(session: AsyncSession, agency: Agency, other: str) -> bool:
    """Add a name to the agency; return False if an admin added it before."""
    statement = select(AgencyName).where(
        AgencyName.agency_id == agency.id, AgencyName.folded == fold(other)
    )
    there = (await session.exec(statement)).first()
    if there is not None and there.by_admin:
        return False
    row = there or AgencyName(agency_id=agency.id, name=other, folded=fold(other), kind="synonym")
    row.by_admin = True
    session.add(row)
    await session.flush()
    return True


COMMANDS: dict[str, Handler] = {"ten": name_agency}
ACTIONS: dict[str, Handler] = {"namepick": name_offered_agency}
