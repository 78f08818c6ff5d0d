"""The board as a Mini App: who opened it is read from what Telegram signed for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from telegram_webapp_auth.auth import TelegramAuthenticator, generate_secret_key
from telegram_webapp_auth.errors import InvalidInitDataError

from bot.channels.telegram import CHANNEL
from web.context import MiniApp

ORIGIN = "https://web.telegram.org"
FIELD = "tgWebAppData"
LAUNCH_GOOD_FOR = timedelta(hours=1)  # how old what Telegram signed may be
CLOCK_SLIP = timedelta(minutes=5)  # how far Telegram's clock may be ahead of ours


def make_mini_app(token: str) -> MiniApp:
    """Return the Mini App of the bot with this token."""
    authenticator = TelegramAuthenticator(generate_secret_key(token))

    def read_launch(launch: str, now: datetime) -> tuple[str, str] | None:
        try:
            signed = authenticator.validate(launch)
        except InvalidInitDataError:
            return None
        age = now - datetime.fromtimestamp(signed.auth_date, tz=now.tzinfo)
        if signed.user is None or not -CLOCK_SLIP <= age <= LAUNCH_GOOD_FOR:
            return None
        return CHANNEL, str(signed.user.id)

    return MiniApp(ORIGIN, FIELD, read_launch)
