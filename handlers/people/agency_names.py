"""Names that an admin gives an agency (`/ten`): abbreviations and synonyms that people of the province use."""

from __future__ import annotations

import re

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.agency_choice import (
    LONGEST_NAME,
    AgencyChoice,
    choose_agency,
    find_or_add_agency,
)
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from language.text import fold, normalise
from locales.answer import Answer, make_answer, say
from models.agencies import Agency, AgencyName
from models.audit import record_change

SHORTEST_NAME = 2  # letters of a name


async def name_agency(request: Request) -> Answer:
    """`/ten Sở Tư pháp | tư pháp tỉnh; STPT`: other names of an agency; without names those it has."""
    if not request.may_do(Action.NAMES):
        return make_answer(say("may-not-name"))
    agency, _, rest = request.args.partition("|")
    if not agency.strip():
        return make_answer(say("name-how"))
    return await _add_names(request, agency, rest, exact=False)


async def name_offered_agency(request: Request) -> Answer:
    """One of the agencies that were offered."""
    draft = await drafts.find_draft_of_button(request, "name")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not request.args.isdecimal() or int(request.args[:4]) >= len(names):
        return refuse_button()
    if not request.may_do(Action.NAMES):
        return make_answer(say("may-not-name"))
    return await _add_names(request, names[int(request.args[:4])], draft.data["names"], exact=True)


async def _add_names(request: Request, agency: str, rest: str, *, exact: bool) -> Answer:
    wanted = [
        normalise(part)[:LONGEST_NAME] for part in re.split(r"[;|\n]", rest) if normalise(part)
    ]
    async with request.write() as session:
        found = await choose_agency(session, request, agency, exact=exact)
        if isinstance(found, AgencyChoice):
            names = [*found.names, found.text] if found.may_be_new else [*found.names]
            token = await drafts.save_draft(
                request, "name", {"names": rest, "choices": names}, session
            )
            return make_answer(
                found.question,
                buttons=[
                    *found.make_buttons(f"namepick:{token}"),
                    [drafts.make_leave_button(token)],
                ],
            )
        row = await find_or_add_agency(session, request, found)
        await drafts.delete_draft(request, session)
        for other in wanted:
            taken = await _find_other_agency(session, request, row, other)
            if taken is not None:
                return make_answer(say("name-taken", name=other, agency=taken))
            if len(fold(other)) < SHORTEST_NAME:
                return make_answer(say("name-too-short", name=other))
        added = [other for other in wanted if await _add_name(session, row, other)]
        if added:
            record_change(
                session,
                request.now,
                "name",
                "agency",
                row.id,
                person_id=request.sender.person_id,
                after={"names": added},
            )
        known = await session.exec(select(AgencyName.name).where(AgencyName.agency_id == row.id))
        names_now = tuple(known)
    if added:
        request.app.forget_names()
    return make_answer(
        say("name-known" if names_now else "name-none", agency=row.name, names=names_now)
    )


async def _find_other_agency(
    session: AsyncSession, request: Request, agency: Agency, other: str
) -> str | None:
    """The other agency that a name means already; None where it is free."""
    directory = (await request.app.load_registry_names(session)).directory
    found = directory.find_agency(other, request.today)
    meant = [name for name in found.names if name != agency.name]
    return meant[0] if meant and found.how in ("name", "abbreviation", "synonym", "old") else None


async def _add_name(session: AsyncSession, agency: Agency, other: str) -> bool:
    """Adds the name; False where the agency has it already."""
    statement = select(AgencyName).where(
        AgencyName.agency_id == agency.id, AgencyName.folded == fold(other)
    )
    there = (await session.exec(statement)).first()
    if there is not None and there.by_admin:
        return False
    row = there or AgencyName(
        agency_id=agency.id or 0, name=other, folded=fold(other), kind="synonym"
    )
    row.by_admin = True
    session.add(row)
    await session.flush()
    return True


COMMANDS: dict[str, Handler] = {"ten": name_agency}
ACTIONS: dict[str, Handler] = {"namepick": name_offered_agency}
