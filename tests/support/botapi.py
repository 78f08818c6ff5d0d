"""A strict local Bot API server: what Telegram refuses, it refuses, and it fails on demand.

In a test: `async with BotApi() as server: ...`. As a process of its own: `python -m
tests.support.botapi --port N`, driven through `Remote` (POST /control/NAME with JSON arguments
calls the helper of that name). What is sent is recorded.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import math
import random
import re
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, TypeVar

import aiohttp
from aiohttp import web

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024  # UTF-16 units after entities
MOST_BUTTONS, LONGEST_DATA = 100, 64
LONGEST_DOWNLOAD = 20 * 1024 * 1024  # bytes that getFile gives a bot
UPDATES_AT_ONCE = 100

T = TypeVar("T")
Json = dict[str, Any]
FaultKind = Literal[
    "too_fast",
    "server_fault",
    "hang",
    "deliver_then_hang",
    "drop",
    "deliver_then_drop",
    "bad_markup",
    "bad_gateway",
]
SENDING = frozenset({"sendmessage", "senddocument", "editmessagetext"})


# ---- what Telegram makes of a text


class Refused(Exception):
    """An answer that is not ok: its HTTP code, description and parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def units(text: str) -> int:
    """The length that Telegram counts, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_SAME_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]+));?")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[^<>]*)?)(>?)")


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            return _NAMED.get(name, found.group())
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found.group()

    return _ENTITY.sub(one, text)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text and entities of `source` by the rules of "HTML style"; Refused where Telegram cannot
    parse it.
    """
    text: list[str] = []
    length = 0
    entities: list[Json] = []
    open_tags: list[tuple[str, int, int, Json]] = []
    place = 0
    while place < len(source):
        start = source.find("<", place)
        piece = _unescape(source[place : start if start >= 0 else len(source)])
        text.append(piece)
        length += units(piece)
        if start < 0:
            break
        place = _tag(source, start, length, open_tags, entities)
    if open_tags:
        _cannot(f'can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(text), entities


def _tag(
    source: str,
    start: int,
    length: int,
    open_tags: list[tuple[str, int, int, Json]],
    entities: list[Json],
) -> int:
    """Reads the tag at `start`; returns where the text goes on."""
    byte = len(source[:start].encode())
    found = _TAG.match(source, start)
    if found is None or not found.group(4):
        _cannot(f"unclosed start tag at byte offset {byte}")
    closing, name, rest = found.group(1), found.group(2).lower(), found.group(3)
    if closing:
        if not open_tags:
            _cannot(f"unexpected end tag at byte offset {byte}")
        opened, begin, _, more = open_tags.pop()
        if name and name != opened:
            _cannot(
                f"unmatched end tag at byte offset {byte}, "
                f'expected "</{opened}>", found "</{name}>"'
            )
        if length > begin:
            entities.append(
                {"type": _SAME_TAG[opened], "offset": begin, "length": length - begin, **more}
            )
        return found.end()
    if name not in _SAME_TAG:
        _cannot(f'unsupported start tag "{name}" at byte offset {byte}')
    attributes = {m[0].lower(): m[1] or m[2] or m[3] for m in _ATTRIBUTE.findall(rest)}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        _cannot(f'tag "span" must have class "tg-spoiler" at byte offset {byte}')
    more = {"url": _unescape(attributes["href"])} if name == "a" and attributes.get("href") else {}
    open_tags.append((name, length, byte, more))
    return found.end()


def _cannot(why: str) -> NoReturn:
    raise Refused(400, f"Bad Request: can't parse entities: {why}")


def _text(
    given: Mapping[str, str], name: str, longest: int, too_long: str
) -> tuple[str, list[Json]]:
    source = given.get(name, "")
    mode = given.get("parse_mode", "").lower()
    if mode not in ("", "html"):
        raise Refused(400, "Bad Request: unsupported parse_mode")
    text, entities = parse_html(source) if mode else (source, [])
    text = text.strip()
    if units(text) > longest:
        raise Refused(400, f"Bad Request: {too_long} is too long")
    return text, entities


def check_markup(source: str | None) -> Json | None:
    """The inline keyboard of `source`, checked: labels, data of 1 to 64 bytes, 100 buttons."""
    if not source:
        return None
    markup: Json = json.loads(source)
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        raise Refused(400, "Bad Request: object expected as reply markup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise Refused(400, "Bad Request: reply markup is too long")
    if any(len(row) > 8 for row in rows):
        raise Refused(400, "Bad Request: too many buttons in a row")
    for button in buttons:
        if not str(button.get("text", "")).strip():
            raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if (
            "url" not in button
            and not 1 <= len(str(button.get("callback_data", "")).encode()) <= LONGEST_DATA
        ):
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup if buttons else None


# ---- limits


@dataclass(frozen=True, slots=True)
class Allowed:
    """Messages that the server takes: over all in a second, seconds between two of a chat, in a
    group in 60 seconds.
    """

    overall: int = 30
    chat_gap: float = 1.0
    group: int = 20

    @classmethod
    def times(cls, scale: float) -> Allowed:
        """Telegram's limits, `scale` times as much."""
        return cls(int(30 * scale), 1.0 / scale, int(20 * scale))


class Flood:
    """Counts messages in sliding windows and says how long to wait for too many; penalties grow as
    Telegram's do.
    """

    def __init__(self, allowed: Allowed) -> None:
        self.allowed = allowed
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}
        self._closed: dict[int, float] = {}

    def check(self, chat: int, now: float) -> None:
        """Counts a message to `chat` at `now`, or raises Refused with `retry_after`."""
        wait = self._closed.get(chat, 0.0) - now
        recent = self._chats.setdefault(chat, deque())
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        while recent and recent[0] <= now - 60.0:
            recent.popleft()
        if len(self._all) >= self.allowed.overall:
            wait = max(wait, self._all[0] + 1.0 - now)
        if recent:
            wait = max(wait, recent[-1] + self.allowed.chat_gap - now)
        if chat < 0 and len(recent) >= self.allowed.group:
            wait = max(wait, recent[-self.allowed.group] + 60.0 - now)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            self._closed[chat] = now + seconds
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self._all.append(now)
        recent.append(now)
        if chat > 0 and len(recent) > 1:
            recent.popleft()


# ---- faults


@dataclass(slots=True)
class Fault:
    """A failure that calls meet: which calls, how, how often (`times`, None always)."""

    kind: FaultKind
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    retry_after: int = 1

    def meets(self, method: str, chat: int | None) -> bool:
        return (self.method is None or self.method.lower() == method) and (
            self.chat is None or self.chat == chat
        )


@dataclass(slots=True)
class Chance:
    """Faults at random: a `share` of the calls of `methods` fails in one of `kinds`."""

    share: float
    kinds: tuple[FaultKind, ...]
    methods: frozenset[str]
    retry_after: int
    dice: random.Random


@dataclass(slots=True)
class Call:
    """A call as it came in: method in lower case, parameters, seconds (monotonic), and what it was
    answered.
    """

    method: str
    given: dict[str, str]
    at: float
    outcome: str = ""

    @property
    def chat(self) -> int | None:
        return _chat_id(self.given)


@dataclass(slots=True)
class Sent:
    """A message of the bot as it stands in a chat."""

    chat: int
    message_id: int
    text: str
    source: str
    at: float
    markup: Json | None = None
    topic: int | None = None
    file: tuple[str, bytes] | None = None
    reply_to: int | None = None
    entities: list[Json] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)

    @property
    def buttons(self) -> list[Json]:
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    def to_json(self) -> Json:
        return {
            "chat": self.chat,
            "message_id": self.message_id,
            "text": self.text,
            "at": self.at,
            "topic": self.topic,
            "buttons": self.buttons,
            "file": self.file[0] if self.file else None,
            "edits": self.edits,
        }


@dataclass(slots=True)
class ChatState:
    """A chat: who it is, and what is the matter with it (`blocked`, `gone`, moved to another
    address).
    """

    chat: Json
    blocked: str = ""
    gone: bool = False
    moved_to: int | None = None
    topics: set[int] = field(default_factory=set)
    messages: dict[int, Sent] = field(default_factory=dict)


def _chat_id(given: Mapping[str, str]) -> int | None:
    try:
        return int(given["chat_id"])
    except (KeyError, ValueError):
        return None


class BotApi:
    """The server.

    `limits` None: any number of messages; `delay`: seconds before a sending is answered.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "nhacviec_bot",
        limits: Allowed | None = None,
        delay: float = 0.0,
        open_house: bool = False,
    ) -> None:
        """`open_house`: a private chat exists for any positive id; otherwise only for those who
        wrote or were added.
        """
        self.token = token
        self.me: Json = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Nhắc việc",
            "username": username,
        }
        self.delay = delay
        self.open_house = open_house
        self.flood = Flood(limits) if limits is not None else None
        self.chats: dict[int, ChatState] = {}
        self.calls: list[Call] = []
        self.keep_calls = True
        self.counts: Counter[str] = Counter()
        self.order: list[Sent] = []
        self.menu: list[Json] = []
        self.chat_menus: dict[int, list[str]] = {}
        self.toasts: list[tuple[str, str]] = []
        self.webhook = self.webhook_secret = ""
        self.proxy = ("", "")  # what stands for the public address of the webhook
        self._posting: dict[int, asyncio.Task[None]] = {}  # the last post of each chat
        self.faults: list[Fault] = []
        self.chance: Chance | None = None
        self.first_poll_at: float | None = None
        self.on_sent: Callable[[Sent], None] | None = None
        self._updates: deque[Json] = deque()
        self._files: dict[str, tuple[str, bytes, int]] = {}
        self._queries: set[str] = set()
        self._ids = itertools.count(1)
        # Ids never come again, as with Telegram: a registry outlives the servers of a test.
        self._update_ids = itertools.count(int(time.time() * 10_000) % 2_000_000_000)
        self._message_ids = itertools.count(1)
        self._poll: asyncio.Future[str] | None = None
        self._news = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._past: deque[Json] = deque(maxlen=1000)
        self._again: list[Json] = []
        self._locked: set[int] = set()
        self._hanging = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    # ---- life

    async def __aenter__(self) -> BotApi:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def up(self, port: int | None = None) -> None:
        """Listens, on the port it had before if it was down."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_post("/control/{name}", self._serve_control)
        self._hanging = asyncio.Event()
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", port or self._port, backlog=1024, reuse_address=True
        )
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Refuses connections from now on; open ones are closed.

        `up` listens again with all that was kept.
        """
        self._hanging.set()
        self._news.set()
        for posting in self._posting.values():
            posting.cancel()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result("down")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ---- people, groups and what they do

    def person(self, number: int, name: str = "Người dùng") -> int:
        """Makes a person who has a private chat with the bot."""
        self.chats.setdefault(
            number, ChatState({"id": number, "type": "private", "first_name": name})
        )
        return number

    def people(self, first: int, count: int) -> None:
        """Makes `count` people with ids from `first` on."""
        for number in range(first, first + count):
            self.person(number, f"Người {number}")

    def group(self, number: int, title: str = "Nhóm", *, topics: Iterable[int] = ()) -> int:
        """Makes a group the bot is in; with `topics` it is a forum."""
        topics = set(topics)
        kind: Json = {
            "id": number,
            "type": "supergroup",
            "title": title,
            **({"is_forum": True} if topics else {}),
        }
        self.chats.setdefault(number, ChatState(kind, topics=topics))
        return number

    def says(
        self,
        chat: int,
        text: str,
        user: int | None = None,
        *,
        topic: int | None = None,
        reply_to: Sent | None = None,
        edit: int | None = None,
        **more: Any,
    ) -> int:
        """`user` (in a private chat the chat itself) writes `text`; `edit`: changes message `edit`.

        Returns its id.
        """
        message = self._message(chat, user, topic, reply_to, edit)
        message.update({"text": text, "entities": _entities(text), **more})
        self._post("edited_message" if edit else "message", message)
        return int(message["message_id"])

    def sends_file(
        self,
        chat: int,
        name: str,
        content: bytes,
        user: int | None = None,
        *,
        caption: str = "",
        size: int | None = None,
    ) -> int:
        """`user` sends a document; `size` states another size than it has.

        Returns the message's id.
        """
        file_id = f"file-{next(self._ids)}"
        stated = len(content) if size is None else size
        self._files[file_id] = (name, content, stated)
        message = self._message(chat, user, None, None, None)
        message["document"] = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": name,
            "file_size": stated,
        }
        if caption:
            message.update({"caption": caption, "caption_entities": _entities(caption)})
        self._post("message", message)
        return int(message["message_id"])

    def sends_photo(
        self, chat: int, content: bytes, user: int | None = None, *, caption: str = ""
    ) -> int:
        """`user` sends a photo, which has no name, in two sizes. Returns the message's id."""
        sizes = []
        for width, data in ((90, content[:1]), (1280, content)):
            file_id = f"file-{next(self._ids)}"
            self._files[file_id] = ("photo.jpg", data, len(data))
            sizes.append(
                {
                    "file_id": file_id,
                    "file_unique_id": file_id,
                    "width": width,
                    "height": width,
                    "file_size": len(data),
                }
            )
        message = self._message(chat, user, None, None, None)
        message["photo"] = sizes
        if caption:
            message.update({"caption": caption, "caption_entities": _entities(caption)})
        self._post("message", message)
        return int(message["message_id"])

    def sends_sticker(self, chat: int, user: int | None = None) -> int:
        """`user` sends a sticker."""
        message = self._message(chat, user, None, None, None)
        message["sticker"] = {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        self._post("message", message)
        return int(message["message_id"])

    def presses(
        self, message: Sent | tuple[int, int], button: str | int = 0, user: int | None = None
    ) -> str:
        """`user` presses a button (its place, its label or its data) under `message`.

        Returns the query's id.
        """
        if isinstance(message, tuple):
            message = self.chats[message[0]].messages[message[1]]
        found = (
            message.buttons[button] if isinstance(button, int) else _named_button(message, button)
        )
        query = f"query-{next(self._ids)}"
        self._queries.add(query)
        self._post(
            "callback_query",
            {
                "id": query,
                "from": self._user(user if user is not None else message.chat),
                "message": self._shown(message),
                "chat_instance": "1",
                "data": found["callback_data"],
            },
        )
        return query

    def joins(self, chat: int, *, was: str = "left", now: str = "member", user: int = 1) -> None:
        """The bot's place in `chat` changes: added, removed, blocked ("kicked"), unblocked."""
        state = self._state(chat)
        state.blocked = (
            "" if now in ("member", "administrator") else "bot was kicked from the supergroup chat"
        )
        if chat > 0 and state.blocked:
            state.blocked = "bot was blocked by the user"
        member = {"user": self.me}
        self._post(
            "my_chat_member",
            {
                "chat": state.chat,
                "from": self._user(chat if chat > 0 else user),
                "date": int(time.time()),
                "old_chat_member": {
                    **member,
                    "status": was,
                    **({"until_date": 0} if was == "kicked" else {}),
                },
                "new_chat_member": {
                    **member,
                    "status": now,
                    **({"until_date": 0} if now == "kicked" else {}),
                },
            },
        )

    def migrates(self, chat: int, to: int, *, tell: bool = True) -> None:
        """The group becomes a supergroup with the id `to`; `tell`: send the service message."""
        self.group(to, str(self._state(chat).chat.get("title", "Nhóm")))
        self._state(chat).moved_to = to
        if tell:
            message = self._message(chat, 1, None, None, None)
            message["migrate_to_chat_id"] = to
            self._post("message", message)

    def blocks(self, chat: int, why: str = "bot was blocked by the user") -> None:
        """From now on sending to `chat` is refused with 403, without an update."""
        self._state(chat).blocked = why

    def vanishes(self, chat: int) -> None:
        """The chat is not found any more."""
        self._state(chat).gone = True

    def closes_topic(self, chat: int, topic: int) -> None:
        """The topic is deleted."""
        self._state(chat).topics.discard(topic)

    def replays(self, count: int = 1) -> None:
        """The last `count` updates come again, with the ids they had."""
        self._again.extend(list(self._past)[-count:])
        self._news.set()

    def locks(self, message: Sent) -> None:
        """`message` is too old to be edited."""
        self._locked.add(message.message_id)

    def fails(self, kind: FaultKind, **which: Any) -> None:
        """The next calls of `which` (method, chat, times, retry_after: see Fault) fail."""
        self.faults.append(Fault(kind, **which))

    def fails_at_random(
        self,
        share: float,
        kinds: Iterable[FaultKind],
        *,
        seed: int = 0,
        methods: Iterable[str] = SENDING,
        retry_after: int = 1,
    ) -> None:
        """A `share` of the calls of `methods` fails in one of `kinds`; the same `seed` fails the
        same calls.
        """
        chosen = frozenset(method.lower() for method in methods)
        self.chance = Chance(share, tuple(kinds), chosen, retry_after, random.Random(seed))

    def heals(self) -> None:
        """No more faults; what hangs stays hanging until its caller gives up."""
        self.faults.clear()
        self.chance = None

    # ---- what was sent

    def messages(self, chat: int) -> list[Sent]:
        """The messages of the bot in `chat`, as they stand now."""
        return list(self.chats[chat].messages.values()) if chat in self.chats else []

    async def sent(self, chat: int, n: int = 1, *, seconds: float = 10.0) -> list[Sent]:
        """Waits until the bot has sent `n` messages to `chat`, and gives them all.

        Raises TimeoutError.
        """
        return await self.until(
            lambda: self.messages(chat) if len(self.messages(chat)) >= n else None, seconds=seconds
        )

    async def until(self, found: Callable[[], T | None], *, seconds: float = 10.0) -> T:
        """Waits until `found` gives something; it is asked after every call of the bot.

        Raises TimeoutError.
        """
        async with asyncio.timeout(seconds):
            while not (result := found()):
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter
        return result

    def stats(self) -> Json:
        """Counts of calls by method and outcome, messages, and when the first poll came
        (time.time).
        """
        return {
            "calls": dict(self.counts),
            "messages": len(self.order),
            "first_poll_at": self.first_poll_at,
        }

    async def load(
        self, chats: int, questions: int, text: str, first: int = 1_000_000, seconds: float = 120.0
    ) -> Json:
        """`chats` people ask `questions` in all, each the next one when the last is answered.

        Returns the seconds taken, the number of answers, and of how many kinds they are.
        """
        self.people(first, chats)
        said: Counter[str] = Counter()
        asked, answered = min(chats, questions), 0
        finished = asyncio.get_running_loop().create_future()

        def next_question(sent: Sent) -> None:
            nonlocal asked, answered
            if not first <= sent.chat < first + chats:
                return
            answered += 1
            said[sent.text] += 1
            if asked < questions:
                asked += 1
                self.says(sent.chat, text)
            elif answered >= questions and not finished.done():
                finished.set_result(None)

        self.on_sent = next_question
        began = time.monotonic()
        for number in range(asked):
            self.says(first + number, text)
        try:
            await asyncio.wait_for(finished, seconds)
        finally:
            self.on_sent = None
        return {"seconds": time.monotonic() - began, "answered": answered, "kinds": len(said)}

    # ---- building updates

    def _state(self, chat: int) -> ChatState:
        if chat not in self.chats:
            if chat < 0:
                self.group(chat)
            else:
                self.person(chat)
        return self.chats[chat]

    def _user(self, number: int) -> Json:
        name = (
            self.chats[number].chat.get("first_name", "")
            if number in self.chats
            else f"Người {number}"
        )
        return {"id": number, "is_bot": False, "first_name": name}

    def _message(
        self,
        chat: int,
        user: int | None,
        topic: int | None,
        reply_to: Sent | None,
        edit: int | None,
    ) -> Json:
        state = self._state(chat)
        message: Json = {
            "message_id": edit or next(self._message_ids),
            "date": int(time.time()),
            "chat": state.chat,
            "from": self._user(user if user is not None else chat if chat > 0 else 1),
        }
        if topic is not None:
            message.update({"message_thread_id": topic, "is_topic_message": True})
        if reply_to is not None:
            message["reply_to_message"] = self._shown(reply_to)
        if edit:
            message["edit_date"] = int(time.time())
        return message

    def _shown(self, sent: Sent) -> Json:
        topic: Json = (
            {"message_thread_id": sent.topic, "is_topic_message": True} if sent.topic else {}
        )
        content: Json = {"text": sent.text, "entities": sent.entities}
        if sent.file is not None:
            content = {
                "document": {"file_id": "sent", "file_unique_id": "sent", "file_name": sent.file[0]}
            }
        return {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "from": self.me,
            "chat": self.chats[sent.chat].chat,
            **content,
            **topic,
            **({"reply_markup": sent.markup} if sent.markup else {}),
        }

    def _post(self, kind: str, content: Json) -> None:
        update = {"update_id": next(self._update_ids), kind: content}
        self._updates.append(update)
        self._past.append(update)
        self._news.set()
        self._begin_posting()

    # ---- serving

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        given, files = await _parameters(request)
        call = Call(method, given, time.monotonic())
        if self.keep_calls:
            self.calls.append(call)
            self._tell()
        try:
            self._check_token(request.match_info["token"])
            response = await self._run(call, files, request)
        except Refused as refusal:
            call.outcome = f"{refusal.code} {refusal.description}"
            response = _refusal(refusal)
        self.counts[f"{method} {call.outcome[:3]}"] += 1
        self._tell()
        return response

    def _check_token(self, token: str) -> None:
        if token != self.token:
            formed = re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", token)
            raise Refused(401, "Unauthorized") if formed else Refused(404, "Not Found")

    async def _run(
        self, call: Call, files: dict[str, tuple[str, bytes]], request: web.Request
    ) -> web.StreamResponse:
        serve = getattr(self, f"_on_{call.method}", None)
        if serve is None:
            raise Refused(404, "Not Found: method not found")
        fault = self._fault(call)
        if fault in ("hang", "drop"):
            call.outcome = fault
            return await self._break(fault, request)
        if fault is not None and not fault.startswith("deliver"):
            raise _fault_refusal(fault, call)
        result = serve(call.given, files)
        if isinstance(result, Awaitable):
            result = await result
        call.outcome = "200"
        if call.method in SENDING:
            self._tell()
            if self.delay:
                await asyncio.sleep(self.delay)
        if fault is not None:
            call.outcome = fault
            return await self._break(fault, request)
        return web.json_response({"ok": True, "result": result})

    async def _break(self, fault: str, request: web.Request) -> web.StreamResponse:
        if fault.endswith("hang"):
            await self._hanging.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _fault(self, call: Call) -> FaultKind | None:
        for fault in self.faults:
            if fault.meets(call.method, call.chat):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                call.given.setdefault("retry_after", str(fault.retry_after))
                return fault.kind
        chance = self.chance
        if (
            chance is not None
            and call.method in chance.methods
            and chance.dice.random() < chance.share
        ):
            call.given.setdefault("retry_after", str(chance.retry_after))
            return chance.dice.choice(chance.kinds)
        return None

    def _tell(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    # ---- the methods

    def _on_getme(self, given: Json, files: Json) -> Json:
        return {
            **self.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _on_getupdates(self, given: dict[str, str], files: Json) -> list[Json]:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook first",
            )
        self.first_poll_at = self.first_poll_at or time.time()
        self._tell()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result("other")
        poll = self._poll = asyncio.get_running_loop().create_future()
        offset, limit = (
            int(given.get("offset", 0)),
            min(int(given.get("limit", 100)), UPDATES_AT_ONCE),
        )
        until = time.monotonic() + min(float(given.get("timeout", 0)), 50.0)
        allowed = json.loads(given["allowed_updates"]) if given.get("allowed_updates") else None
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        while not (batch := self._batch(limit, allowed)):
            self._news.clear()
            left = until - time.monotonic()
            if left <= 0 or not await self._wait_for_news(poll, left):
                break
        return batch

    def _batch(self, limit: int, allowed: list[str] | None) -> list[Json]:
        again, self._again = self._again, []
        while (
            self._updates
            and allowed is not None
            and not any(kind in self._updates[0] for kind in allowed)
        ):
            self._updates.popleft()
        batch = [*again, *itertools.islice(self._updates, limit)]
        return [
            update for update in batch if allowed is None or any(kind in update for kind in allowed)
        ]

    async def _wait_for_news(self, poll: asyncio.Future[str], seconds: float) -> bool:
        news = asyncio.ensure_future(self._news.wait())
        both: set[asyncio.Future[Any]] = {news, poll}
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        if poll.done() and poll.result() == "other":
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return self._news.is_set() and not poll.done()

    def _on_sendmessage(self, given: dict[str, str], files: Json) -> Json:
        text, entities = _text(given, "text", LONGEST_TEXT, "message")
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        return self._keep(given, text, entities, None)

    def _on_senddocument(self, given: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Json:
        text, entities = _text(given, "caption", LONGEST_CAPTION, "message caption")
        source = given.get("document", "document").removeprefix("attach://")
        if source not in files:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if not files[source][1]:
            raise Refused(400, "Bad Request: file must be non-empty")
        return self._keep(given, text, entities, files[source])

    def _keep(
        self, given: dict[str, str], text: str, entities: list[Json], file: tuple[str, bytes] | None
    ) -> Json:
        """A new message of the bot, after all checks in the order in which Telegram makes them."""
        markup = check_markup(given.get("reply_markup"))
        state = self._reachable(given)
        topic = int(given["message_thread_id"]) if given.get("message_thread_id") else None
        if topic is not None and topic not in state.topics:
            raise Refused(400, "Bad Request: message thread not found")
        chat = int(state.chat["id"])
        if self.flood is not None:
            self.flood.check(chat, time.monotonic())
        reply = (
            json.loads(given["reply_parameters"])["message_id"]
            if given.get("reply_parameters")
            else None
        )
        source = given.get("text", given.get("caption", ""))
        number = next(self._message_ids)
        sent = Sent(
            chat, number, text, source, time.monotonic(), markup, topic, file, reply, entities
        )
        state.messages[number] = sent
        self.order.append(sent)
        if self.on_sent is not None:
            asyncio.get_running_loop().call_soon(self.on_sent, sent)
        return self._shown(sent)

    def _reachable(self, given: dict[str, str]) -> ChatState:
        chat = _chat_id(given)
        if chat is None:
            raise Refused(400, "Bad Request: chat_id is empty")
        if chat not in self.chats and self.open_house and chat > 0:
            self.person(chat)
        state = self.chats.get(chat)
        if state is None or state.gone:
            raise Refused(400, "Bad Request: chat not found")
        if state.moved_to is not None:
            what = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, what, migrate_to_chat_id=state.moved_to)
        if state.blocked:
            raise Refused(403, f"Forbidden: {state.blocked}")
        return state

    def _on_editmessagetext(self, given: dict[str, str], files: Json) -> Json:
        text, entities = _text(given, "text", LONGEST_TEXT, "message")
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        markup = check_markup(given.get("reply_markup"))
        state = self._reachable(given)
        sent = state.messages.get(int(given.get("message_id", 0)))
        if sent is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if sent.message_id in self._locked:
            raise Refused(400, "Bad Request: message can't be edited")
        if sent.file is not None:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        if (sent.text, sent.entities, sent.markup) == (text, entities, markup):
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply"
                " markup are exactly the same as a current content and reply markup of the message",
            )
        if self.flood is not None:
            self.flood.check(sent.chat, time.monotonic())
        sent.edits.append(sent.text)
        sent.text, sent.entities, sent.markup, sent.source = (
            text,
            entities,
            markup,
            given.get("text", ""),
        )
        return self._shown(sent)

    def _on_answercallbackquery(self, given: dict[str, str], files: Json) -> bool:
        query = given.get("callback_query_id", "")
        if query not in self._queries:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        if len(given.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self._queries.discard(query)
        self.toasts.append((query, given.get("text", "")))
        return True

    def _on_getfile(self, given: dict[str, str], files: Json) -> Json:
        file_id = given.get("file_id", "")
        if file_id not in self._files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = self._files[file_id][2]
        if size > LONGEST_DOWNLOAD:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": size,
            "file_path": f"documents/{file_id}",
        }

    def _on_setmycommands(self, given: dict[str, str], files: Json) -> bool:
        menu = json.loads(given.get("commands", "[]"))
        for command in menu:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        if len(menu) > 100:
            raise Refused(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        scope = json.loads(given.get("scope", '{"type": "default"}'))
        if scope["type"] == "default":
            self.menu = menu
        else:
            self.chat_menus[self._read_menu_chat(scope)] = [each["command"] for each in menu]
        return True

    def _on_deletemycommands(self, given: dict[str, str], files: Json) -> bool:
        scope = json.loads(given.get("scope", '{"type": "default"}'))
        self.chat_menus.pop(self._read_menu_chat(scope), None)
        return True

    def _read_menu_chat(self, scope: Json) -> int:
        """The chat of a scope; the bot must know it."""
        if scope["type"] != "chat":
            raise Refused(400, "Bad Request: invalid scope type specified")
        return int(scope["chat_id"])

    def _on_setwebhook(self, given: dict[str, str], files: Json) -> bool:
        if not given.get("url", "").startswith("https://"):
            raise Refused(
                400, "Bad Request: bad webhook: an HTTPS URL must be provided for webhook"
            )
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", given.get("secret_token", "")):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook, self.webhook_secret = given["url"], given.get("secret_token", "")
        self._begin_posting()
        return True

    def _on_deletewebhook(self, given: Json, files: Json) -> bool:
        """Ends the posting; what waits is kept for the next poll."""
        self.webhook = ""
        return True

    def _begin_posting(self) -> None:
        """Posts what waits to the webhook, of each chat in order."""
        while self.webhook and self._updates:
            update = self._updates.popleft()
            content = next(value for kind, value in update.items() if kind != "update_id")
            chat = int((content.get("message") or content)["chat"]["id"])
            post = self._post_update(update, self._posting.get(chat))
            self._posting[chat] = asyncio.create_task(post)

    async def _post_update(self, update: Json, before: asyncio.Task[None] | None) -> None:
        """Posts an update again until it is answered with 200."""
        if before is not None:
            await asyncio.wait({before})
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook_secret}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
            while self.webhook:
                url = self.webhook.replace(*self.proxy)
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.post(url, json=update, headers=headers) as answer:
                        self.counts[f"webhook {answer.status}"] += 1
                        self._tell()
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
        self._updates.append(update)  # the webhook was removed: it waits for a poll
        self._news.set()

    def _on_sendchataction(self, given: dict[str, str], files: Json) -> bool:
        self._reachable(given)
        return True

    def _on_getchat(self, given: dict[str, str], files: Json) -> Json:
        return {**self._reachable(given).chat, "accent_color_id": 0, "max_reaction_count": 11}

    def _on_getchatmember(self, given: dict[str, str], files: Json) -> Json:
        self._reachable(given)
        return {"status": "member", "user": self._user(int(given.get("user_id", 0)))}

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["path"].removeprefix("documents/")
        if request.match_info["token"] != self.token or file_id not in self._files:
            return web.json_response(
                {"ok": False, "error_code": 404, "description": "Not Found"}, status=404
            )
        return web.Response(body=self._files[file_id][1])

    # ---- control of a server that is a process of its own

    async def _serve_control(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in CONTROLS:
            return web.json_response({"error": f"no control {name}"}, status=404)
        arguments = json.loads(await request.text() or "{}")
        if name == "set":
            self._set(**arguments)
            return web.json_response({"result": None})
        if isinstance(arguments.get("message"), list):
            arguments["message"] = tuple(arguments["message"])
        if "content" in arguments:
            arguments["content"] = arguments["content"].encode()
        try:
            result = getattr(self, name)(**arguments)
            if isinstance(result, Awaitable):
                result = await result
        except (TimeoutError, TypeError, KeyError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        if isinstance(result, list):
            result = [item.to_json() if isinstance(item, Sent) else item for item in result]
        return web.json_response({"result": result})

    def _set(
        self, delay: float | None = None, keep_calls: bool | None = None, scale: float | None = None
    ) -> None:
        """Settings of a running server: the delay of answers, whether calls are kept, limits (0:
        none).
        """
        self.delay = self.delay if delay is None else delay
        self.keep_calls = self.keep_calls if keep_calls is None else keep_calls
        if scale is not None:
            self.flood = Flood(Allowed.times(scale)) if scale else None


CONTROLS = frozenset(
    {
        "set",
        "person",
        "people",
        "group",
        "says",
        "sends_file",
        "sends_sticker",
        "presses",
        "joins",
        "migrates",
        "blocks",
        "vanishes",
        "closes_topic",
        "replays",
        "fails",
        "fails_at_random",
        "heals",
        "messages",
        "sent",
        "stats",
        "load",
    }
)


class Remote:
    """The helpers of a server that runs as its own process: `await remote.says(chat=1,
    text="...")`.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(**arguments: Any) -> Any:
            async with aiohttp.ClientSession() as session:
                answer = await session.post(f"{self.url}/control/{name}", json=arguments)
                body = await answer.json()
            if "error" in body:
                raise RuntimeError(body["error"])
            return body["result"]

        return call


def _named_button(message: Sent, button: str) -> Json:
    for found in message.buttons:
        if button in (found["text"], found.get("callback_data")):
            return found
    raise KeyError(f"no button {button!r} under {message.text!r}")


def _entities(text: str) -> list[Json]:
    """The commands and mentions of `text`, as clients mark them."""
    found = re.finditer(r"(?<!\S)(/[a-zA-Z0-9_]{1,32}(?:@\w+)?|@\w{4,32})", text)
    return [
        {
            "type": "bot_command" if match.group().startswith("/") else "mention",
            "offset": units(text[: match.start()]),
            "length": units(match.group()),
        }
        for match in found
    ]


async def _parameters(request: web.Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The parameters of a call, however sent (query, form, JSON, multipart), and its files."""
    given = {name: str(value) for name, value in request.query.items()}
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json":
        body = await request.json()
        given.update({k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()})
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = (value.filename, value.file.read())
            elif isinstance(value, str):
                given[name] = value
    return given, files


def _refusal(refusal: Refused) -> web.StreamResponse:
    if refusal.code == 502:
        return web.Response(
            status=502, text="<html>502 Bad Gateway</html>", content_type="text/html"
        )
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


def _fault_refusal(fault: str, call: Call) -> Refused:
    if fault == "too_fast":
        seconds = int(call.given["retry_after"])
        return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    if fault == "bad_markup":
        return Refused(
            400, 'Bad Request: can\'t parse entities: unsupported start tag "x" at byte offset 0'
        )
    return (
        Refused(502, "Bad Gateway")
        if fault == "bad_gateway"
        else Refused(500, "Internal Server Error")
    )


async def _main(port: int, scale: float, delay: float, open_house: bool) -> None:
    limits = Allowed.times(scale) if scale else None
    server = BotApi(limits=limits, delay=delay, open_house=open_house)
    await server.up(port)
    print(server.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--port", type=int, default=0, help="0: any free one; the address is printed"
    )
    options.add_argument(
        "--scale", type=float, default=1.0, help="times Telegram's limits; 0: none"
    )
    options.add_argument(
        "--delay", type=float, default=0.0, help="seconds before a sending is answered"
    )
    options.add_argument(
        "--open-house", action="store_true", help="any positive chat id is a person"
    )
    chosen = options.parse_args()
    asyncio.run(_main(chosen.port, chosen.scale, chosen.delay, chosen.open_house))
