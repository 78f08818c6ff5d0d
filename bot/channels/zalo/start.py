"""The Zalo channel as the settings want it."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.channel import ServiceParts, StartFault
from bot.channels.webhook import PostingAddress, derive_secret
from bot.channels.zalo.channel import Zalo
from bot.channels.zalo.client import BAD_TOKEN, ZaloClient, ZaloError
from bot.channels.zalo.events import CHANNEL
from bot.settings import Settings
from locales.answer import say
from models.channels.usage import ChannelQuota
from web.context import HANDOUT_PATH

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
TIMEOUT = 5.0  # seconds


def make_zalo(parts: ServiceParts) -> Zalo | None:
    """Return the channel, or None if there is no token. Raises StartFault."""
    settings = parts.settings
    client = make_client(settings)
    if client is None:
        return None
    quota = ChannelQuota(CHANNEL, settings.zalo_monthly, settings.zalo_people)
    options = parts.context.options
    parts.context.options = replace(options, channel_quotas=(*options.channel_quotas, quota))
    address = _find_posting_address(settings)
    channel = Zalo(
        client,
        parts.respond,
        parts.now,
        parts.context.database,
        monthly=settings.zalo_monthly,
        webhook=address,
        files_url=_find_files_url(settings),
        lease=settings.send_lease,
    )
    if address is not None:
        parts.webhooks.append(address.make_webhook(SECRET_HEADER, channel.save_event))
    return channel


def _find_files_url(settings: Settings) -> str | None:
    """Return the public address under which files are handed out; None if there is none."""
    url = settings.web_url
    if settings.web_listen is None or url is None or not url.startswith("https:"):
        return None
    return f"{url}{HANDOUT_PATH}"


def _find_posting_address(settings: Settings) -> PostingAddress | None:
    """Return the webhook under the board's public address; None without one: the bot polls then."""
    url, token = settings.web_url, settings.zalo_bot_token
    if settings.web_listen is None or url is None or token is None:
        return None
    if not url.startswith("https:"):
        return None
    path = derive_secret(token.get_secret_value(), "zalo-path")[:32]
    return PostingAddress(
        f"{url}/zalo/{path}", derive_secret(token.get_secret_value(), "zalo-secret")
    )


def make_client(settings: Settings) -> ZaloClient | None:
    """Return what calls the platform, or None if there is no token."""
    if settings.zalo_bot_token is None:
        return None
    return ZaloClient(settings.zalo_bot_token.get_secret_value(), settings.zalo_api_url)


async def probe_account_name(settings: Settings) -> str | None:
    """Return the bot's name on Zalo, or None if there is no token.

    Raises StartFault if the token is not accepted, or a DeliveryError.
    """
    client = make_client(settings)
    if client is None:
        return None
    try:
        names = await client.fetch_bot_names(TIMEOUT)
    except ZaloError as error:
        if error.code == BAD_TOKEN:
            raise StartFault(say("zalo-bad-token")) from None
        raise error.to_delivery_error() from None
    finally:
        await client.close()
    return next(iter(names), "Zalo")
