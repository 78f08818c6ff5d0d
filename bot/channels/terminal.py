"""The terminal as a channel: one person, numbered choices instead of buttons, files by path."""

from __future__ import annotations

import asyncio
import itertools
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from handlers.conversation.incoming import Incoming, IncomingFile, Respond
from handlers.conversation.refusals import log_fault
from locales.answer import Answer, Button, say
from locales.fluent import load_sentences, render_pages
from models.storage.private_files import make_private_file, write_private_file
from scheduler.delivery import SentMessage

LONGEST_PAGE = 20_000  # units of one text; a terminal scrolls
LEAVING = ("/thoat", "/quit", "/exit")  # commands of the terminal alone, so not in commands.toml
_MARKUP = re.compile(r"<(/?)(b|i|u|s|code|a)(?:\s[^<>]*)?>|&(amp|lt|gt|quot);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_STYLES = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strike",
    "code": "cyan",
    "a": "underline",
}


class Terminal:
    """Reads lines from standard input until the person leaves; prints answers."""

    name = "terminal"

    def __init__(
        self, respond: Respond, clock: Callable[[], datetime], sender: str, sender_name: str
    ) -> None:
        """`sender` is the person's address in the registry; `clock` gives the zoned moment."""
        self._respond = respond
        self._clock = clock
        self._sender = sender
        self._sender_name = sender_name
        self._choices: list[Button] = []
        self._interactive = sys.stdin.isatty()
        self._console = Console(highlight=False, soft_wrap=not self._interactive)
        self._files = Path()

    async def run(self, welcome: Answer, history: Path) -> None:
        """Talk until the end of the input. `history` keeps the typed lines for the arrow keys."""
        self._files = history.parent
        self._load_history(history)
        await self._show_answer(welcome)
        while True:
            try:
                line = await asyncio.to_thread(self._ask_line)
            except (EOFError, KeyboardInterrupt, asyncio.CancelledError):
                break
            if line.strip() in LEAVING:
                break
            await self._answer_line_safely(line)
            self._save_history(history)
        self._console.print(load_sentences().to_text(say("terminal-goodbye")))

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Print a reminder or another message that nobody asked for."""
        await self._show_answer(what)
        return SentMessage(message="0")

    def _ask_line(self) -> str:
        return input("› " if self._interactive else "")

    async def _answer_line_safely(self, line: str) -> None:
        """Answer a line; whatever goes wrong is logged and told, and the next line is read."""
        try:
            await self._answer_line(line)
        except Exception:  # whatever went wrong, the person gets an answer and may go on
            await self._show_answer(log_fault("the terminal"))

    async def _answer_line(self, line: str) -> None:
        text = line.strip()
        choice = self._find_choice(text)
        file = None if choice else _find_file(text)
        incoming = Incoming(
            channel=self.name,
            chat=self._sender,
            chat_kind="private",
            chat_title=self._sender_name,
            sender=self._sender,
            sender_name=self._sender_name,
            now=self._clock(),
            text="" if choice or file else text,
            action=choice.action if choice else None,
            file=file,
        )
        answer = await self._respond(incoming, self._show_progress)
        if answer is not None:
            await self._show_answer(answer)

    def _find_choice(self, text: str) -> Button | None:
        if text.isdecimal() and 1 <= int(text) <= len(self._choices):
            return self._choices[int(text) - 1]
        return None

    async def _show_progress(self, what: Answer) -> None:
        for page in render_pages(what, LONGEST_PAGE):
            self._console.print(style_markup(page), style="dim")

    async def _show_answer(self, what: Answer) -> None:
        if what.toast is not None:
            self._console.print(style_markup(load_sentences().to_html(what.toast)))
        for page in render_pages(what, LONGEST_PAGE):
            self._console.print(style_markup(page))
        for file in what.files:
            path = _find_free_path(self._files / Path(file.name).name)
            write_private_file(path, file.content)
            self._console.print(load_sentences().to_text(say("terminal-file", path=str(path))))
        if what.blocks or what.buttons:
            self._choices = [b for row in what.buttons for b in row if b.page is None]
        if self._choices and what.buttons:
            self._print_choices(what)
        self._console.print()

    def _print_choices(self, what: Answer) -> None:
        number = 0
        for row in what.buttons:
            line = Text("   ")
            for button in (b for b in row if b.page is None):
                number += 1
                line.append(f"[{number}] ", style="bold green")
                line.append(load_sentences().to_text(button.label) + "   ")
            self._console.print(line)

    def _load_history(self, history: Path) -> None:
        if not self._interactive:
            return
        import readline  # absent on some systems, and of use only where a person types

        if history.exists():
            readline.read_history_file(history)
        readline.set_history_length(500)

    def _save_history(self, history: Path) -> None:
        if not self._interactive:
            return
        import readline

        make_private_file(history)
        readline.write_history_file(history)


def _find_free_path(path: Path) -> Path:
    """Return `path`, or the first one with a number that is free: no file takes another's place."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([path], numbered) if not one.exists())


def _find_file(text: str) -> IncomingFile | None:
    """Return the file whose path the line is, as a terminal writes a dragged file."""
    try:
        path = Path(text.strip("'\"")).expanduser()
        if "." not in path.name or not path.is_file():
            return None
        size = path.stat().st_size
    except (OSError, RuntimeError, ValueError):  # a long sentence is no name of a file
        return None

    async def read_bytes() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return IncomingFile(path.name, size, read_bytes)


def style_markup(markup: str) -> Text:
    """Return HTML of `locales.fluent` as styled text of a terminal."""
    text = Text()
    styles: list[str] = []
    place = 0
    for match in _MARKUP.finditer(markup):
        text.append(markup[place : match.start()], " ".join(styles))
        place = match.end()
        closing, tag, entity = match.groups()
        if entity:
            text.append(_ENTITIES[entity], " ".join(styles))
        elif closing:
            if _STYLES[tag] in styles:
                styles.remove(_STYLES[tag])
        else:
            styles.append(_STYLES[tag])
    text.append(markup[place:], " ".join(styles))
    return text
