"""The Telegram channel, over python-telegram-bot."""
