"""`health`: whether a running bot's clock, sender and channels have beaten in time."""

from __future__ import annotations

from datetime import datetime

from bot.settings import Settings
from locales.answer import Sentence, say
from migrations.upgrade import read_revision
from models.queries.monitor import (
    SENDER,
    Vitals,
    find_late_channel,
    is_sender_late,
    read_vitals,
)
from models.storage.database import visit_registry
from models.storage.faults import RegistryError


async def check_health(settings: Settings, now: datetime) -> tuple[Vitals, Sentence | None]:
    """Return what the registry says of the running bot, and what is wrong; None if nothing is."""
    try:
        async with visit_registry(settings.database_url.get_secret_value()) as database:
            if await read_revision(database) is None:
                return Vitals(), say("health-no-registry", place=database.describe_place())
            async with database.read() as session:
                vitals = await read_vitals(session, now)
    except RegistryError as error:
        return Vitals(), say(error.message_id, detail=error.detail)
    if is_sender_late(vitals, now):
        beat = vitals.beats.get(SENDER)
        return vitals, say(
            "health-late", at=beat.astimezone(now.tzinfo)
        ) if beat is not None else say("health-never")
    late = find_late_channel(vitals, now, _list_polled_channels(settings))
    if late is None:
        return vitals, None
    return vitals, say(
        "health-channel-late", name=late.capitalize(), at=vitals.polls[late].astimezone(now.tzinfo)
    )


def _list_polled_channels(settings: Settings) -> list[str]:
    """Return the channels that are asked for updates; one whose updates are posted is not."""
    is_polled = settings.telegram_bot_token is not None and not settings.telegram_webhook_url
    return ["telegram"] if is_polled else []
