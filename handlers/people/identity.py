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
from handlers.conversation.quotas import LOCAL_CHANNELS
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import ActivePost, Sender
from handlers.conversation.turn import AppContext, Handler, Request
from locales.answer import Answer, Button, Sentence, make_answer, say
from models.agencies import Agency
from models.audit import record_change
from models.chats import Chat
from models.chats import find_chat as find_chat
from models.erasure import (
    LEAVER_KEPT_DAYS,
    LEAVER_KEPT_DAYS_PREFERENCE,
    erase_people_who_left,
    erase_person,
)
from models.people import (
    Person,
    Post,
    PostRole,
    end_membership,
    find_post_holders,
    is_only_admin,
    list_posts,
    match_active_posts,
)
from models.preferences import Preference

LONGEST_NAME = 100  # characters of a person's name that are kept
USUAL_CHANNEL = "telegram"  # the channel of an address in ADMINS that names none


async def recognise_sender(
    app: AppContext, incoming: Incoming, sender: Sender | None = None
) -> Sender:
    """Who sent the message, with the roles held on its day. The settings' ADMINS are admins from the start.

    `who` is what `known` gave for the message, where it was asked already.
    """
    if sender is None:
        async with app.database.open_connection() as connection:
            sender = await find_sender(app, incoming, connection)
    if not sender.has_role(PostRole.ADMIN) and _is_named_admin(app.options.admins, incoming):
        await _make_admin(app, incoming)
        async with app.database.open_connection() as connection:
            sender = await _read_sender(incoming, connection)
    return sender


def _is_named_admin(admins: Sequence[str], incoming: Incoming) -> bool:
    """Whether ADMINS names the sender: "zalo:123" on the channel that it says, "123" on Telegram alone."""
    address = f"{incoming.channel}:{incoming.sender}"
    return any(
        (admin if ":" in admin else f"{USUAL_CHANNEL}:{admin}") == address for admin in admins
    )


async def find_sender(app: AppContext, incoming: Incoming, connection: AsyncConnection) -> Sender:
    """Who sent the message as the registry knows it; a stranger holds nothing."""
    key = ("who", incoming.channel, incoming.sender, incoming.sender_name, incoming.now.date())
    cached: Sender | None = app.cache.get(key)
    if cached is not None:
        return cached
    version = app.cache.version
    sender = await _read_sender(incoming, connection)
    app.cache.store(key, sender, version)
    return sender


_SENDER_WITH_POSTS = (
    select_columns(
        col(Person.id),
        col(Person.name),
        col(Post.id),
        col(Post.role),
        col(Post.agency_id),
        col(Agency.name),
    )
    .join(
        Post,
        and_(col(Post.person_id) == Person.id, match_active_posts(bindparam("today", type_=Date))),
        isouter=True,
    )
    .join(Agency, col(Agency.id) == Post.agency_id, isouter=True)
    .where(col(Person.channel) == bindparam("channel"), col(Person.address) == bindparam("sender"))
    .where(col(Person.left_at).is_(None))
    .order_by(col(Post.id))
)


async def _read_sender(incoming: Incoming, connection: AsyncConnection) -> Sender:
    values = {"channel": incoming.channel, "sender": incoming.sender, "today": incoming.now.date()}
    rows = (await connection.execute(_SENDER_WITH_POSTS, values)).all()
    if not rows:
        return Sender(None, incoming.sender_name)
    holdings = tuple(
        ActivePost(PostRole(role), agency_id, name)
        for _, _, post, role, agency_id, name in rows
        if post
    )
    return Sender(rows[0][0], rows[0][1], holdings)


async def _make_admin(app: AppContext, incoming: Incoming) -> None:
    async with app.database.write() as session:
        statement = select(Person).where(
            Person.channel == incoming.channel, Person.address == incoming.sender
        )
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
        record_change(
            session,
            incoming.now,
            "join",
            "person",
            person.id,
            after={"role": PostRole.ADMIN, "by": "ADMINS"},
        )
        await remember_chat(session, incoming, person.id)


async def remember_chat(session: AsyncSession, incoming: Incoming, person_id: int | None) -> Chat:
    """The registry's row of the chat a message came from, made or brought up to date."""
    statement = select(Chat).where(Chat.channel == incoming.channel, Chat.address == incoming.chat)
    chat = (await session.exec(statement)).first()
    if chat is None:
        chat = Chat(
            channel=incoming.channel,
            address=incoming.chat,
            kind=incoming.chat_kind,
            title=incoming.chat_title,
        )
    chat.title = incoming.chat_title[:LONGEST_NAME]
    chat.unreachable_since = None
    if (
        incoming.chat_kind == "private" and person_id is not None
    ):  # a chat of who left stays theirs until it is erased
        chat.person_id = person_id
    session.add(chat)
    await session.flush()
    return chat


def describe_role(role: str) -> Sentence:
    """A role in words."""
    return say(f"post-role-{role.replace('_', '-')}")


def describe_post(role: str, agency: str | None) -> Sentence:
    """A role with its agency, in words."""
    return (
        say("invite-for", role=describe_role(role), agency=agency)
        if agency
        else describe_role(role)
    )


async def answer_stranger(request: Request) -> Answer:
    """How to join; in a group, how it is bound, or, where it is, what can be asked in it."""
    if request.incoming.chat_kind != "group":
        return make_answer(say("stranger"))
    async with request.read() as session:
        chat = await find_chat(session, request.incoming.channel, request.incoming.chat)
    return make_answer(
        say("stranger-group" if chat is None or chat.scope is None else "stranger-bound-group")
    )


# --- what is kept of a person, and leaving ---------------------------------------------------------------------------


async def show_own_data(request: Request) -> Answer:
    """`/toi`: everything the bot keeps about the sender."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("me-in-private"))
    if request.sender.person_id is None:
        return make_answer(say("me-unknown"), *_describe_address(request))
    async with request.read() as session:
        person = await session.get_one(Person, request.sender.person_id)
        posts = await list_posts(session, request.sender.person_id, request.today)
    blocks = [
        say("me-head", name=person.name),
        *_describe_address(request),
        say("me-since", day=person.joined_at.astimezone(request.now.tzinfo).date()),
    ]
    blocks += [say("bullet", text=describe_post_with_days(post, agency)) for post, agency in posts]
    blocks += [say("me-no-roles")] if not posts else []
    blocks.append(say("me-kept"))
    return make_answer(*blocks, buttons=[[Button(say("button-erase-me"), "eraseme:ask")]])


def _describe_address(request: Request) -> list[Sentence]:
    """The sender's address, as ADMINS names it; at the machine itself it says nothing to anybody."""
    incoming = request.incoming
    if incoming.channel in LOCAL_CHANNELS:
        return []
    return [say("me-address", channel=incoming.channel.capitalize(), address=incoming.sender)]


def describe_post_with_days(post: Post, agency: str | None) -> Sentence:
    """One post in words, with the days it is bounded by."""
    name = describe_post(post.role, agency)
    if post.from_day is not None and post.until is not None:
        return say("post-for-days", post=name, first=post.from_day, last=post.until)
    return name


async def ask_to_leave(request: Request) -> Answer:
    """`/roi`: asked once more before the person's roles end."""
    return await _ask_again(request, "leave")


async def ask_to_erase(request: Request) -> Answer:
    """The button "Xoá dữ liệu của tôi": asked once more."""
    return await _ask_again(request, "erase")


async def _ask_again(request: Request, what: str) -> Answer:
    if request.sender.person_id is None:
        return make_answer(say("me-unknown"))
    async with request.write() as session:
        if await is_only_admin(session, request.sender.person_id):
            return make_answer(say("leave-only-admin"))
        alone = [
            h.agency or ""
            for h in request.sender.agency_posts
            if await _is_only_focal_point(session, request, h)
        ]
        cached = await session.get(Preference, LEAVER_KEPT_DAYS_PREFERENCE)
        days = int(cached.value) if cached is not None else LEAVER_KEPT_DAYS
        token = await drafts.save_draft(
            request, "leaving", {"what": what}, session, yes="goodbye:{}"
        )
    blocks = [say("leave-sure", days=days) if what == "leave" else say("erase-sure")]
    if alone:
        blocks.append(say("leave-alone", agencies=tuple(alone)))
    label = say("button-leave-bot") if what == "leave" else say("button-erase-me")
    return make_answer(
        *blocks, buttons=[[Button(label, f"goodbye:{token}")], [drafts.make_leave_button(token)]]
    )


async def _is_only_focal_point(
    session: AsyncSession, request: Request, holding: ActivePost
) -> bool:
    """Whether the sender is the agency's only focal point."""
    if holding.role != PostRole.FOCAL_POINT or holding.agency_id is None:
        return False
    others = await find_post_holders(
        session, [PostRole.FOCAL_POINT], request.today, [holding.agency_id]
    )
    return all(person.id == request.sender.person_id for person in others)


async def decline_text(request: Request) -> Answer:
    """Anything typed but a yes is no word of leaving."""
    raise drafts.NotForDialogue


async def leave_bot(request: Request) -> Answer:
    """The sender leaves: roles end now, data are erased at once or after the set term."""
    draft = await drafts.find_draft_of_button(request, "leaving")
    if draft is None or request.sender.person_id is None:
        return refuse_button()
    now_erased = draft.data["what"] == "erase"
    async with request.write() as session:
        if await is_only_admin(session, request.sender.person_id):
            return make_answer(say("leave-only-admin"))
        person = await session.get_one(Person, request.sender.person_id)
        ended = await end_membership(session, person, request.now)
        record_change(
            session,
            request.now,
            "leave",
            "person",
            person.id,
            person_id=person.id,
            after={"posts": ended},
        )
        await drafts.delete_draft(request, session)
        if now_erased:
            await erase_person(session, person, request.now)
        await erase_people_who_left(session, request.now)
    return make_answer(say("leave-erased" if now_erased else "leave-done"), replace=True)


COMMANDS: dict[str, Handler] = {"toi": show_own_data, "roi": ask_to_leave}
DIALOGUES: dict[str, Handler] = {"leaving": decline_text}
ACTIONS: dict[str, Handler] = {"eraseme": ask_to_erase, "goodbye": leave_bot}
