"""The channels people reach the bot by: Telegram, the terminal. A channel knows no table, a handler no channel."""
