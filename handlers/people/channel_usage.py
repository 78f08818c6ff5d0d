"""How much of their quota the channels have used, said to those who manage the bot."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import Request
from locales.answer import Sentence, say
from models.channels.usage import count_people, read_usage


async def list_channel_usage(session: AsyncSession, request: Request) -> list[Sentence]:
    """Return a line for each channel with a quota: its messages of the month and its people."""
    return [
        say(
            "channel-usage",
            channel=quota.channel.capitalize(),
            used=await read_usage(session, quota.channel, request.today),
            monthly=quota.monthly,
            people=await count_people(session, quota.channel),
            most=quota.people,
        )
        for quota in request.app.options.channel_quotas
    ]
