"""The menus of commands: one for all chats, and one for each private chat by its person's roles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from locales.answer import Sentence, say
from locales.fluent import load_sentences

LONGEST_DESCRIPTION = 256  # characters of a command's description in the menu
MOST_KEPT = 10_000  # chats whose menu is remembered; of more, the first ones are set anew

_log = logging.getLogger(__name__)


class CommandMenus:
    """Sets the menus beside the answers, one call at a time, and only where one has changed."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._shown: dict[str, tuple[str, ...]] = {}  # by chat; a restart sets them once more
        self._waiting: dict[str, tuple[str, ...]] = {}
        self._work: asyncio.Task[None] | None = None

    async def set_usual_menu(self, commands: Sequence[tuple[str, Sentence]]) -> None:
        """Set the menu of all chats: each command without its slash, and what it does."""
        try:
            await self._bot.set_my_commands([_describe_command(*each) for each in commands])
        except TelegramError as error:
            _log.warning("the menu of commands was not set: %s", error)

    def show_menu(self, chat: str, commands: Sequence[str]) -> None:
        """Let a private chat have a menu of these commands soon; of none for the usual one."""
        if self._shown.get(chat) == tuple(commands):
            return
        self._shown[chat] = self._waiting[chat] = tuple(commands)
        if len(self._shown) > MOST_KEPT:
            del self._shown[next(iter(self._shown))]
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._set_waiting_menus())

    async def close(self) -> None:
        """Set nothing more."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _set_waiting_menus(self) -> None:
        while self._waiting:
            chat = next(iter(self._waiting))
            commands = self._waiting.pop(chat)
            menu = [_describe_command(name, say(f"menu-{name}")) for name in commands]
            scope = BotCommandScopeChat(chat)
            try:
                if menu:
                    await self._bot.set_my_commands(menu, scope=scope)
                else:
                    await self._bot.delete_my_commands(scope=scope)
            except TelegramError as error:
                self._shown.pop(chat, None)  # the next message of the chat tries again
                _log.warning("the menu of chat %s was not set: %s", chat, error)


def _describe_command(name: str, does: Sentence) -> BotCommand:
    """Return an entry of a menu."""
    return BotCommand(name, load_sentences().to_text(does)[:LONGEST_DESCRIPTION])
