"""Who people are to the bot: recognised by their address, with the roles they hold today; strangers learn how to join."""

from __future__ import annotations

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import help
from handlers.incoming import Incoming
from handlers.rights import Holding, Who
from handlers.turn import Handler, House, Turn
from locales.answer import Answer, answer, say
from models.agencies import Agency
from models.audit import record
from models.chats import Chat
from models.people import Person, Post, PostRole


async def recognise(house: House, incoming: Incoming) -> Who:
    """Who sent the message, with the roles held on its day. The settings' ADMINS hold the role of admin from the start."""
    async with house.database.read() as session:
        who = await _known(session, incoming)
    if not who.has(PostRole.ADMIN) and incoming.sender in house.options.admins:
        await _make_admin(house, incoming)
        async with house.database.read() as session:
            who = await _known(session, incoming)
    return who


async def _known(session: AsyncSession, incoming: Incoming) -> Who:
    today = incoming.now.date()
    statement = (
        select(Person, Post, Agency.name)
        .join(Post, col(Post.person_id) == Person.id, isouter=True)
        .join(Agency, col(Agency.id) == Post.agency_id, isouter=True)
        .where(Person.channel == incoming.channel, Person.address == incoming.sender)
        .where(col(Person.left_at).is_(None))
        .where(
            or_(
                col(Post.id).is_(None),
                col(Post.ended_at).is_(None)
                & or_(col(Post.from_day).is_(None), col(Post.from_day) <= today)
                & or_(col(Post.until).is_(None), col(Post.until) >= today),
            )
        )
        .order_by(col(Post.id))
    )
    rows = (await session.exec(statement)).all()
    if not rows:
        return Who(None, incoming.sender_name)
    person = rows[0][0]
    holdings = tuple(Holding(PostRole(post.role), post.agency_id, name) for _, post, name in rows if post is not None)
    return Who(person.id, person.name, holdings)


async def _make_admin(house: House, incoming: Incoming) -> None:
    async with house.database.write() as session:
        statement = select(Person).where(Person.channel == incoming.channel, Person.address == incoming.sender)
        person = (await session.exec(statement)).first()
        if person is None:
            person = Person(
                channel=incoming.channel,
                address=incoming.sender,
                name=incoming.sender_name,
                joined_at=incoming.now,
            )
        person.left_at = None
        session.add(person)
        await session.flush()
        session.add(Post(person_id=person.id or 0, role=PostRole.ADMIN, made_at=incoming.now))
        record(session, incoming.now, "join", "person", person.id, after={"role": PostRole.ADMIN, "by": "ADMINS"})
        await remember_chat(session, incoming, person.id)


async def remember_chat(session: AsyncSession, incoming: Incoming, person_id: int | None) -> Chat:
    """The registry's row of the chat a message came from, made or brought up to date."""
    statement = select(Chat).where(Chat.channel == incoming.channel, Chat.address == incoming.chat)
    chat = (await session.exec(statement)).first()
    if chat is None:
        chat = Chat(channel=incoming.channel, address=incoming.chat, kind=incoming.chat_kind, title=incoming.chat_title)
    chat.title = incoming.chat_title
    chat.unreachable_since = None
    if incoming.chat_kind == "private":
        chat.person_id = person_id
    session.add(chat)
    await session.flush()
    return chat


async def event(turn: Turn) -> Answer | None:
    """The bot was added to a group, removed from it, or a group moved: the registry's chat follows."""
    incoming = turn.incoming
    async with turn.write() as session:
        chat = await remember_chat(session, incoming, turn.who.person_id)
        if incoming.event in ("removed", "blocked"):
            chat.unreachable_since = turn.now
        elif incoming.event == "moved" and incoming.moved_to:
            chat.address = incoming.moved_to
        session.add(chat)
    return answer(say("group-added")) if incoming.event == "added" else None


async def stranger(turn: Turn) -> Answer:
    """How to join."""
    return answer(say("stranger"))


async def start(turn: Turn) -> Answer:
    """The first word of a person, with or without a joining code."""
    if turn.who.holdings:
        return await help.help_(turn)
    return await stranger(turn)


COMMANDS: dict[str, Handler] = {"start": start}
