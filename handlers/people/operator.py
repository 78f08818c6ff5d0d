"""People whom the operator brings in at the command line: at the terminal, or by invitation.

Nobody is asked for rights here: who can start a command can change the registry's file anyway.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.people.codes import make_invitation
from language.agencies.directory import load_standard_directory
from models.agencies import Agency
from models.assignments import enrol_agency
from models.audit import record_change
from models.chats import Chat
from models.people import Person, Post, PostRole
from models.storage.database import Database
from models.trial import TERMINAL
from plans.registry.agencies import AgencyWriter


async def register_terminal_person(
    database: Database, now: datetime, agency: str | None, admin: bool
) -> tuple[str, str]:
    """Write the person at the terminal into the registry once; return address and name.

    With `agency` it is a focal point, which enrols the agency; with `admin` an admin; else a
    viewer, because a local person may ask in any case.
    """
    # a person's name is stored, as one typed it: no sentence, so not in locales/vi
    name = agency or ("Quản trị" if admin else "Khách")  # stored: not to be worded anew
    address = f"{TERMINAL}:{'admin:' if admin else ''}{agency or ''}"
    async with database.write() as session:
        statement = select(Person).where(Person.channel == TERMINAL, Person.address == address)
        if (await session.exec(statement)).first() is not None:
            return address, name
        person = Person(channel=TERMINAL, address=address, name=name, joined_at=now)
        session.add(person)
        await session.flush()
        person_id = person.id
        chat = Chat(
            channel=TERMINAL, address=address, kind="private", title=name, person_id=person_id
        )
        session.add(chat)
        if agency is not None:
            row = await _ensure_agency(session, agency, now)
            post = Post(
                person_id=person_id, role=PostRole.FOCAL_POINT, agency_id=row.id, made_at=now
            )
            session.add(post)
            await enrol_agency(session, row, now.date(), now)
            day = {"enrolled_on": now.date().isoformat()}
            record_change(session, now, "enrol", "agency", row.id, after=day)
        if admin or agency is None:
            role = PostRole.ADMIN if admin else PostRole.VIEWER
            session.add(Post(person_id=person_id, role=role, made_at=now))
        record_change(session, now, "join", "person", person_id, after={"by": TERMINAL})
    return address, name


async def invite_to_agency(
    database: Database, agency: str | None, role: PostRole, expires: datetime, now: datetime
) -> str:
    """Make an invitation for one person to join `agency` until `expires`; return its code.

    `agency` may be None if the role is not one of an agency.
    """
    async with database.write() as session:
        row = await _ensure_agency(session, agency, now) if agency is not None else None
        agency_id = row.id if row is not None else None
        return await make_invitation(session, agency_id, role, 1, expires, None, now)


async def _ensure_agency(session: AsyncSession, name: str, now: datetime) -> Agency:
    writer = AgencyWriter(session, load_standard_directory(), now.date())
    return await writer.ensure_agency(name)
