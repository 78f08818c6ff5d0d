"""The Telegram channel, over python-telegram-bot."""

CHANNEL = "telegram"  # name of the channel in the registry
