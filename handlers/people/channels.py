"""The channels of one person (`/kenh`): a further account, and the channel of the reminders."""

from __future__ import annotations

from datetime import timedelta

from handlers.conversation.quotas import LOCAL_CHANNELS, count_wrong_code, may_try_code
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.people import identity
from handlers.people.codes import hash_code, make_code
from locales.answer import Answer, Sentence, make_answer, make_button, say
from models.audit import record_change
from models.channels.accounts import AccountTaken, claim_account, list_accounts, offer_account
from models.people import Person

CODE_GOOD_FOR = timedelta(minutes=10)


async def show_channels(request: Request) -> Answer:
    """Answer `/kenh`: name the channel of the reminders; a code adds this account to its owner."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("channels-in-private"))
    if request.args:
        return await _add_account(request, request.args)
    if request.sender.person_id is None:
        return make_answer(say("channels-stranger"))
    async with request.read() as session:
        person = await session.get_one(Person, request.sender.person_id)
        accounts = await list_accounts(session, person)
    names = list(dict.fromkeys(channel for channel, _ in accounts))
    blocks = [say("channels-reminders", channel=_name_channel(person.remind_channel or names[0]))]
    rows = []
    if len(names) > 1:
        rows.append([make_button(_name_channel(name), "channel", name) for name in names])
        blocks.append(say("channels-pick"))
    rows.append([make_button(say("button-add-channel"), "channel")])
    return make_answer(*blocks, buttons=rows)


async def choose_channel(request: Request) -> Answer:
    """Send the person's reminders by the chosen channel, or give a code for a further one."""
    if request.sender.person_id is None:
        return refuse_button()
    if not request.args:
        return await _offer_code(request)
    async with request.write() as session:
        person = await session.get_one(Person, request.sender.person_id)
        if request.args not in {channel for channel, _ in await list_accounts(session, person)}:
            return refuse_button()
        before, person.remind_channel = person.remind_channel, request.args
        session.add(person)
        record_change(
            session,
            request.now,
            "set_channel",
            "person",
            person.id,
            person_id=person.id,
            before={"channel": before},
            after={"channel": request.args},
        )
    return make_answer(say("channels-changed", channel=_name_channel(request.args)), replace=True)


async def _offer_code(request: Request) -> Answer:
    """Give a code that the person types to the bot from the other account."""
    code = make_code()
    async with request.write() as session:
        await offer_account(
            session, request.sender.person_id or 0, hash_code(code), request.now + CODE_GOOD_FOR
        )
    minutes = CODE_GOOD_FOR // timedelta(minutes=1)
    return make_answer(say("channels-code", code=code, minutes=minutes))


async def _add_account(request: Request, code: str) -> Answer:
    """Add the sender's account to the person who was given `code`. Wrong codes are counted."""
    incoming = request.incoming
    async with request.write() as session:
        if not await may_try_code(session, incoming):
            return make_answer(say("join-too-many"))
        try:
            person = await claim_account(
                session, hash_code(code), incoming.channel, incoming.sender, request.now
            )
        except AccountTaken as fault:
            return make_answer(say("channels-own" if fault.is_own else "channels-taken"))
        if person is None:
            await count_wrong_code(session, incoming)
            return make_answer(say("channels-wrong-code"))
        await identity.remember_chat(session, incoming, person.id)
        record_change(
            session,
            request.now,
            "add_channel",
            "person",
            person.id,
            person_id=person.id,
            after={"channel": incoming.channel},
        )
    request.app.forget_names()
    name = _name_channel(incoming.channel)
    return make_answer(say("channels-added", name=person.name, channel=name))


def _name_channel(channel: str) -> Sentence:
    """Return a channel as people call it."""
    if channel in LOCAL_CHANNELS:
        return say("channel-terminal")
    return say("plain", text=channel.capitalize())


COMMANDS: dict[str, Handler] = {"kenh": show_channels}
ACTIONS: dict[str, Handler] = {"channel": choose_channel}
