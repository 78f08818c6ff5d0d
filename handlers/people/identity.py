"""Who people are to the bot: recognised by address, with the roles they hold today; what is kept of them; leaving."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Date, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.incoming import Incoming
from handlers.conversation.quotas import LOCAL
from handlers.conversation.rights import Holding, Who
from handlers.conversation.turn import Handler, House, Turn
from locales.answer import Answer, Button, Said, answer, say
from models.agencies import Agency
from models.audit import record
from models.chats import Chat
from models.chats import find as find_chat
from models.erasure import LEFT_KEPT, LEFT_KEPT_PREFERENCE, erase, erase_left
from models.people import Person, Post, PostRole, active, holders, leave, only_admin, posts_of
from models.preferences import Preference

LONGEST_NAME = 100  # characters of a person's name that are kept
USUAL_CHANNEL = "telegram"  # the channel of an address in ADMINS that names none


async def recognise(house: House, incoming: Incoming, who: Who | None = None) -> Who:
    """Who sent the message, with the roles held on its day. The settings' ADMINS are admins from the start.

    `who` is what `known` gave for the message, where it was asked already.
    """
    if who is None:
        async with house.database.single() as connection:
            who = await known(house, incoming, connection)
    if not who.has(PostRole.ADMIN) and _named(house.options.admins, incoming):
        await _make_admin(house, incoming)
        async with house.database.single() as connection:
            who = await _look_up(incoming, connection)
    return who


def _named(admins: Sequence[str], incoming: Incoming) -> bool:
    """Whether ADMINS names the sender: "zalo:123" on the channel that it says, "123" on Telegram alone."""
    address = f"{incoming.channel}:{incoming.sender}"
    return any((admin if ":" in admin else f"{USUAL_CHANNEL}:{admin}") == address for admin in admins)


async def known(house: House, incoming: Incoming, connection: AsyncConnection) -> Who:
    """Who sent the message as the registry knows it; a stranger holds nothing."""
    key = ("who", incoming.channel, incoming.sender, incoming.sender_name, incoming.now.date())
    kept: Who | None = house.memo.get(key)
    if kept is not None:
        return kept
    seen = house.memo.version
    who = await _look_up(incoming, connection)
    house.memo.keep(key, who, seen)
    return who


_KNOWN = (
    select_columns(
        col(Person.id), col(Person.name), col(Post.id), col(Post.role), col(Post.agency_id), col(Agency.name)
    )
    .join(Post, and_(col(Post.person_id) == Person.id, active(bindparam("today", type_=Date))), isouter=True)
    .join(Agency, col(Agency.id) == Post.agency_id, isouter=True)
    .where(col(Person.channel) == bindparam("channel"), col(Person.address) == bindparam("sender"))
    .where(col(Person.left_at).is_(None))
    .order_by(col(Post.id))
)


async def _look_up(incoming: Incoming, connection: AsyncConnection) -> Who:
    values = {"channel": incoming.channel, "sender": incoming.sender, "today": incoming.now.date()}
    rows = (await connection.execute(_KNOWN, values)).all()
    if not rows:
        return Who(None, incoming.sender_name)
    holdings = tuple(Holding(PostRole(role), agency_id, name) for _, _, post, role, agency_id, name in rows if post)
    return Who(rows[0][0], rows[0][1], holdings)


async def _make_admin(house: House, incoming: Incoming) -> None:
    async with house.database.write() as session:
        statement = select(Person).where(Person.channel == incoming.channel, Person.address == incoming.sender)
        person = (await session.exec(statement)).first()
        if person is None:
            person = Person(
                channel=incoming.channel,
                address=incoming.sender,
                name=incoming.sender_name[:LONGEST_NAME],
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
    chat.title = incoming.chat_title[:LONGEST_NAME]
    chat.unreachable_since = None
    if incoming.chat_kind == "private" and person_id is not None:  # a chat of who left stays theirs until it is erased
        chat.person_id = person_id
    session.add(chat)
    await session.flush()
    return chat


def role_name(role: str) -> Said:
    """A role in words."""
    return say(f"post-role-{role.replace('_', '-')}")


def post_name(role: str, agency: str | None) -> Said:
    """A role with its agency, in words."""
    return say("invite-for", role=role_name(role), agency=agency) if agency else role_name(role)


async def stranger(turn: Turn) -> Answer:
    """How to join; in a group, how it is bound, or, where it is, what can be asked in it."""
    if turn.incoming.chat_kind != "group":
        return answer(say("stranger"))
    async with turn.read() as session:
        chat = await find_chat(session, turn.incoming.channel, turn.incoming.chat)
    return answer(say("stranger-group" if chat is None or chat.scope is None else "stranger-bound-group"))


# --- what is kept of a person, and leaving ---------------------------------------------------------------------------


async def me(turn: Turn) -> Answer:
    """`/toi`: everything the bot keeps about the sender."""
    if turn.incoming.chat_kind != "private":
        return answer(say("me-in-private"))
    if turn.who.person_id is None:
        return answer(say("me-unknown"), *_address(turn))
    async with turn.read() as session:
        person = await session.get_one(Person, turn.who.person_id)
        held = await posts_of(session, turn.who.person_id, turn.today)
    blocks = [
        say("me-head", name=person.name),
        *_address(turn),
        say("me-since", day=person.joined_at.astimezone(turn.now.tzinfo).date()),
    ]
    blocks += [say("bullet", text=post_line(post, agency)) for post, agency in held]
    blocks += [say("me-no-roles")] if not held else []
    blocks.append(say("me-kept"))
    return answer(*blocks, buttons=[[Button(say("button-erase-me"), "eraseme:ask")]])


def _address(turn: Turn) -> list[Said]:
    """The sender's address, as ADMINS names it; at the machine itself it says nothing to anybody."""
    incoming = turn.incoming
    if incoming.channel in LOCAL:
        return []
    return [say("me-address", channel=incoming.channel.capitalize(), address=incoming.sender)]


def post_line(post: Post, agency: str | None) -> Said:
    """One post in words, with the days it is bounded by."""
    name = post_name(post.role, agency)
    if post.from_day is not None and post.until is not None:
        return say("post-for-days", post=name, first=post.from_day, last=post.until)
    return name


async def leaving(turn: Turn) -> Answer:
    """`/roi`: asked once more before the person's roles end."""
    return await _ask_to_leave(turn, "leave")


async def erasing(turn: Turn) -> Answer:
    """The button "Xoá dữ liệu của tôi": asked once more."""
    return await _ask_to_leave(turn, "erase")


async def _ask_to_leave(turn: Turn, what: str) -> Answer:
    if turn.who.person_id is None:
        return answer(say("me-unknown"))
    async with turn.write() as session:
        if await only_admin(session, turn.who.person_id):
            return answer(say("leave-only-admin"))
        alone = [h.agency or "" for h in turn.who.agencies if await _only_one(session, turn, h)]
        kept = await session.get(Preference, LEFT_KEPT_PREFERENCE)
        days = int(kept.value) if kept is not None else LEFT_KEPT
        token = await drafts.keep(turn, "leaving", {"what": what}, session, yes="goodbye:{}")
    blocks = [say("leave-sure", days=days) if what == "leave" else say("erase-sure")]
    if alone:
        blocks.append(say("leave-alone", agencies=tuple(alone)))
    label = say("button-leave-bot") if what == "leave" else say("button-erase-me")
    return answer(*blocks, buttons=[[Button(label, f"goodbye:{token}")], [drafts.leave_button(token)]])


async def _only_one(session: AsyncSession, turn: Turn, holding: Holding) -> bool:
    """Whether the sender is the agency's only focal point."""
    if holding.role != PostRole.FOCAL_POINT or holding.agency_id is None:
        return False
    others = await holders(session, [PostRole.FOCAL_POINT], turn.today, [holding.agency_id])
    return all(person.id == turn.who.person_id for person in others)


async def still_here(turn: Turn) -> Answer:
    """Anything typed but a yes is no word of leaving."""
    raise drafts.Declined


async def goodbye(turn: Turn) -> Answer:
    """The sender leaves: roles end now, data are erased at once or after the set term."""
    draft = await drafts.pressed(turn, "leaving")
    if draft is None or turn.who.person_id is None:
        return answer(toast=say("button-out-of-date"))
    now_erased = draft.data["what"] == "erase"
    async with turn.write() as session:
        if await only_admin(session, turn.who.person_id):
            return answer(say("leave-only-admin"))
        person = await session.get_one(Person, turn.who.person_id)
        ended = await leave(session, person, turn.now)
        record(session, turn.now, "leave", "person", person.id, person_id=person.id, after={"posts": ended})
        await drafts.drop(turn, session)
        if now_erased:
            await erase(session, person, turn.now)
        await erase_left(session, turn.now)
    return answer(say("leave-erased" if now_erased else "leave-done"), replace=True)


COMMANDS: dict[str, Handler] = {"toi": me, "roi": leaving}
DIALOGUES: dict[str, Handler] = {"leaving": still_here}
ACTIONS: dict[str, Handler] = {"eraseme": erasing, "goodbye": goodbye}
