"""Names that an admin gives an agency (`/ten`): abbreviations and synonyms that people of the province use."""

from __future__ import annotations

import re

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.agency_choice import LONGEST_NAME, Choice, agency_row, choose
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from language.text import fold, normalise
from locales.answer import Answer, answer, say
from models.agencies import Agency, AgencyName
from models.audit import record

SHORTEST = 2  # letters of a name
_GONE = "button-out-of-date"


async def name(turn: Turn) -> Answer:
    """`/ten Sở Tư pháp | tư pháp tỉnh; STPT`: other names of an agency; without names those it has."""
    if not turn.may(Action.NAMES):
        return answer(say("may-not-name"))
    agency, _, rest = turn.args.partition("|")
    if not agency.strip():
        return answer(say("name-how"))
    return await _named(turn, agency, rest, exact=False)


async def chosen(turn: Turn) -> Answer:
    """One of the agencies that were offered."""
    draft = await drafts.pressed(turn, "name")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not turn.args.isdecimal() or int(turn.args[:4]) >= len(names):
        return answer(toast=say(_GONE))
    if not turn.may(Action.NAMES):
        return answer(say("may-not-name"))
    return await _named(turn, names[int(turn.args[:4])], draft.data["names"], exact=True)


async def _named(turn: Turn, agency: str, rest: str, *, exact: bool) -> Answer:
    wanted = [normalise(part)[:LONGEST_NAME] for part in re.split(r"[;|\n]", rest) if normalise(part)]
    async with turn.write() as session:
        found = await choose(session, turn, agency, exact=exact)
        if isinstance(found, Choice):
            names = [*found.names, found.typed] if found.may_be_new else [*found.names]
            token = await drafts.keep(turn, "name", {"names": rest, "choices": names}, session)
            return answer(found.said, buttons=[*found.buttons(f"namepick:{token}"), [drafts.leave_button(token)]])
        row = await agency_row(session, turn, found)
        await drafts.drop(turn, session)
        for other in wanted:
            taken = await _taken(session, turn, row, other)
            if taken is not None:
                return answer(say("name-taken", name=other, agency=taken))
            if len(fold(other)) < SHORTEST:
                return answer(say("name-too-short", name=other))
        added = [other for other in wanted if await _add(session, row, other)]
        if added:
            record(session, turn.now, "name", "agency", row.id, person_id=turn.who.person_id, after={"names": added})
        known = await session.exec(select(AgencyName.name).where(AgencyName.agency_id == row.id))
        names_now = tuple(known)
    if added:
        turn.house.names_changed()
    return answer(say("name-known" if names_now else "name-none", agency=row.name, names=names_now))


async def _taken(session: AsyncSession, turn: Turn, agency: Agency, other: str) -> str | None:
    """The other agency that a name means already; None where it is free."""
    directory = (await turn.house.scene(session)).directory
    found = directory.find(other, turn.today)
    meant = [name for name in found.names if name != agency.name]
    return meant[0] if meant and found.how in ("name", "abbreviation", "synonym", "old") else None


async def _add(session: AsyncSession, agency: Agency, other: str) -> bool:
    """Adds the name; False where the agency has it already."""
    statement = select(AgencyName).where(AgencyName.agency_id == agency.id, AgencyName.folded == fold(other))
    there = (await session.exec(statement)).first()
    if there is not None and there.by_admin:
        return False
    row = there or AgencyName(agency_id=agency.id or 0, name=other, folded=fold(other), kind="synonym")
    row.by_admin = True
    session.add(row)
    await session.flush()
    return True


COMMANDS: dict[str, Handler] = {"ten": name}
ACTIONS: dict[str, Handler] = {"namepick": chosen}
