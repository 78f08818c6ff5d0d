"""Who the sender of a message is: found by address, with today's roles. Names of roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import and_, col
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.incoming import Incoming
from handlers.conversation.request import AppContext, Request
from handlers.conversation.rights import ActivePost, Sender
from locales.answer import Answer, Sentence, make_answer, say, to_json
from models.agencies import Agency
from models.audit import record_change
from models.channels.accounts import find_account_owner, match_account
from models.chats import Chat, find_chat
from models.notices import queue_message
from models.people import (
    Person,
    Post,
    PostRole,
    match_active_posts,
)
from models.preferences import read_preference, set_preference
from models.storage.statements import run_statement

LONGEST_NAME = 100  # characters of a person's name that are kept
TRIAL_ENDED = "trial_ended"
"""Name of the preference that is set while no admin was told that the sample plan is gone."""


async def recognise_sender(
    app: AppContext, incoming: Incoming, sender: Sender | None = None
) -> Sender:
    """Return who sent the message, with the roles of its day.

    People named in the setting ADMINS become admins at their first message. `sender` is what
    `find_sender` returned for the message, if it was asked already.
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
    """Return whether ADMINS names the sender, by channel and address."""
    return f"{incoming.channel}:{incoming.sender}" in admins


async def find_sender(app: AppContext, incoming: Incoming, connection: AsyncConnection) -> Sender:
    """Return who sent the message as the registry knows them; a stranger has no posts."""
    key = ("who", incoming.channel, incoming.sender, incoming.sender_name, incoming.now.date())
    cached: Sender | None = app.cache.get(key)
    if cached is not None:
        return cached
    version = app.cache.version
    sender = await _read_sender(incoming, connection)
    app.cache.store(key, sender, version)
    return sender


async def find_sender_by_id(session: AsyncSession, person_id: int, today: date) -> Sender | None:
    """Return a person with the roles of `today`, as for a message; None for who has left."""
    values = {"person": person_id, "today": today}
    return _make_sender((await run_statement(session, _SENDER_BY_ID, values)).all())


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
    .where(col(Person.left_at).is_(None))
    .order_by(col(Person.id), col(Post.id))
)
_SENDER_BY_ADDRESS = _SENDER_WITH_POSTS.where(
    match_account(bindparam("channel"), bindparam("sender"))
)
_SENDER_BY_ID = _SENDER_WITH_POSTS.where(col(Person.id) == bindparam("person"))


async def _read_sender(incoming: Incoming, connection: AsyncConnection) -> Sender:
    """Read the sender with today's posts, in one statement; a stranger has none."""
    values = {"channel": incoming.channel, "sender": incoming.sender, "today": incoming.now.date()}
    found = _make_sender((await connection.execute(_SENDER_BY_ADDRESS, values)).all())
    return found or Sender(None, incoming.sender_name)


def _make_sender(rows: Sequence[Any]) -> Sender | None:
    """Return the first person found, whoever else is, from a row for each post."""
    if not rows:
        return None
    posts = tuple(
        ActivePost(PostRole(role), agency_id, name)
        for person_id, _, post, role, agency_id, name in rows
        if post and person_id == rows[0][0]
    )
    return Sender(rows[0][0], rows[0][1], posts)


async def _make_admin(app: AppContext, incoming: Incoming) -> None:
    """Store the sender as an admin."""
    async with app.database.write() as session:
        person = await find_or_add_person(session, incoming)
        session.add(Post(person_id=person.id, role=PostRole.ADMIN, made_at=incoming.now))
        record_change(
            session,
            incoming.now,
            "join",
            "person",
            person.id,
            after={"role": PostRole.ADMIN, "by": "ADMINS"},
        )
        chat = await remember_chat(session, incoming, person.id)
        await tell_end_of_trial(session, chat.id, incoming.now)


async def tell_end_of_trial(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """Queue for an admin's chat that the sample plan was removed, if no admin was told yet."""
    if await read_preference(session, TRIAL_ENDED) is None:
        return
    await set_preference(session, TRIAL_ENDED, None)
    await queue_message(
        session,
        chat_id,
        to_json(make_answer(say("trial-ended"))),
        token="trial-ended",  # noqa: S106
        now=now,
        today=now.date(),
    )


async def find_or_add_person(session: AsyncSession, incoming: Incoming) -> Person:
    """Return the row of the person who sent the message; add it if there is none.

    A person who left comes back.
    """
    person = await find_account_owner(session, incoming.channel, incoming.sender)
    person = person or Person(
        channel=incoming.channel,
        address=incoming.sender,
        name=incoming.sender_name[:LONGEST_NAME],
        joined_at=incoming.now,
    )
    person.left_at = None
    session.add(person)
    await session.flush()
    return person


async def remember_chat(session: AsyncSession, incoming: Incoming, person_id: int | None) -> Chat:
    """Return the row of the chat that a message came from, up to date; add it if there is none."""
    chat = await find_chat(session, incoming.channel, incoming.chat)
    if chat is None:
        chat = Chat(
            channel=incoming.channel,
            address=incoming.chat,
            kind=incoming.chat_kind,
            title=incoming.chat_title,
        )
    chat.title = incoming.chat_title[:LONGEST_NAME]
    chat.unreachable_since = None
    if incoming.chat_kind == "private" and person_id is not None:
        chat.person_id = person_id  # without an id, the chat stays that of the person who left
    session.add(chat)
    await session.flush()
    return chat


def describe_role(role: str) -> Sentence:
    """Return a role in words."""
    return say(f"post-role-{role.replace('_', '-')}")


def describe_post(role: str, agency: str | None) -> Sentence:
    """Return a role with its agency in words."""
    name = describe_role(role)
    return say("invite-for", role=name, agency=agency) if agency else name


async def answer_stranger(request: Request) -> Answer:
    """Say how to join; in a group, how to bind it or what can be asked in it."""
    if request.incoming.chat_kind != "group":
        return make_answer(say("stranger"))
    async with request.read() as session:
        chat = await find_chat(session, request.incoming.channel, request.incoming.chat)
    return make_answer(
        say("stranger-group" if chat is None or chat.scope is None else "stranger-bound-group")
    )


def describe_post_with_days(post: Post, agency: str | None) -> Sentence:
    """Return a post in words, with its first and last day if it has them."""
    name = describe_post(post.role, agency)
    if post.from_day is not None and post.until is not None:
        return say("post-for-days", post=name, first=post.from_day, last=post.until)
    return name
