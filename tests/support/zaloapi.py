"""A strict local server of the Zalo Bot Platform: lengths, quota, errors in HTTP 200, webhooks.

It runs in a test (`async with ZaloApi() as server`) or as a process of its own
(`python -m tests.support.zaloapi`), then steered by POST /control/NAME.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
TOKEN = "7123456789:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
LONGEST_TEXT = 2000
MONTHLY = 3000
MOST_PEOPLE = 50
SENDING = ("sendMessage", "sendPhoto")


class ZaloRefusal(Exception):
    """An error of the platform: `{"ok": false, "error_code": ...}` with this HTTP status."""

    def __init__(self, code: int, description: str, status: int = 200) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


@dataclass
class ZaloSent:
    """A message that the bot sent."""

    chat: str
    text: str
    message: str
    date: int
    photo: str | None = None


@dataclass
class ZaloFaults:
    """What goes wrong with a share of the calls: kinds as in `ZaloApi.break_calls`."""

    share: float
    kinds: tuple[str, ...]
    dice: random.Random
    methods: tuple[str, ...] = SENDING


@dataclass
class ZaloChat:
    """A chat: of a person, or a group; `closed` is the reason why the bot cannot write to it."""

    id: str
    name: str
    is_group: bool = False
    closed: str = ""
    sent: list[ZaloSent] = field(default_factory=list)


class ZaloApi:
    """The server. `clock` gives milliseconds since 1970."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        monthly: int = MONTHLY,
        people: int = MOST_PEOPLE,
        clock: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:
        self.token = token
        self.name = "Nhắc việc"
        self.monthly = monthly
        self.people = people
        self.clock = clock
        self.used = 0
        self.chats: dict[str, ZaloChat] = {}
        self.calls: Counter[str] = Counter()
        self.webhook: Json = {}
        self.webhook_answers: list[int] = []
        self.webhook_tries = 3
        self.proxy = ("", "")
        self.faults: ZaloFaults | None = None
        self.next_faults: deque[str] = deque()
        self._events: deque[Json] = deque()
        self._news = asyncio.Event()
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._hanging = asyncio.Event()
        self._port = 0

    async def __aenter__(self) -> ZaloApi:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def up(self, port: int = 0) -> None:
        """Listens, on the port it had before if it was down."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/photo/{name}", self._serve_photo)
        app.router.add_post("/control/{name}", self._serve_control)
        self._hanging = asyncio.Event()
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port or self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Refuses connections from now on."""
        self._hanging.set()
        self._news.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ---- what people do

    def person(self, number: str, name: str) -> str:
        """Makes a person; the chat is known to the bot when the person first writes."""
        self.chats.setdefault(number, ZaloChat(number, name))
        return number

    def group(self, number: str, name: str) -> str:
        """Makes a group that let the bot in."""
        self.chats.setdefault(number, ZaloChat(number, name, is_group=True))
        return number

    def close(self, chat: str, why: str = "the user does not allow messages") -> None:
        """From now on the bot cannot write to the chat: protected, blocked, left."""
        self.chats[chat].closed = why

    async def says(
        self, chat: str, text: str, sender: str | None = None, at: int | None = None
    ) -> str:
        """Somebody writes; in a group only what mentions the bot arrives."""
        return await self._post("message.text.received", chat, sender, at, {"text": text})

    async def sends_photo(self, chat: str, caption: str = "") -> str:
        """Somebody sends a picture."""
        photo = f"{self.url}/photo/a.jpg"
        content = {"photo": photo, "caption": caption}
        return await self._post("message.image.received", chat, None, None, content)

    async def sends_other(self, chat: str, kind: str = "sticker") -> str:
        """Somebody sends what is neither text nor picture."""
        return await self._post(f"message.{kind}.received", chat, None, None, {})

    async def _post(
        self, event: str, chat: str, sender: str | None, at: int | None, content: Json
    ) -> str:
        state = self.chats[chat]
        by = self.chats[sender or chat]
        if state.is_group and f"@{self.name}" not in content.get("text", ""):
            return ""
        joined = [c for c in self.chats.values() if not c.is_group]
        if len(joined) > self.people and joined.index(by) >= self.people:
            return ""
        self.used += 1
        number = f"m{next(self._ids)}-{self._port}"
        message = {
            "message_id": number,
            "from": {"id": by.id, "display_name": by.name, "is_bot": False},
            "chat": {"id": state.id, "chat_type": "GROUP" if state.is_group else "PRIVATE"},
            "date": self.clock() if at is None else at,
            **content,
        }
        await self.pushes({"event_name": event, "message": message})
        return number

    async def pushes(self, event: Json) -> None:
        """Hands an event to the webhook, again until it is taken, or keeps it for the next poll.

        `proxy` stands for what answers at a public address before the bot.
        """
        if not self.webhook:
            self._events.append(event)
            self._news.set()
            return
        headers = {"X-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with aiohttp.ClientSession() as session:
            for _ in range(self.webhook_tries):
                url = self.webhook["url"].replace(*self.proxy)
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.post(
                        url, json={"ok": True, "result": event}, headers=headers
                    ) as answer:
                        self.webhook_answers.append(answer.status)
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.2)

    # ---- what a test looks at

    def texts(self, chat: str) -> list[str]:
        """The texts that the chat got."""
        return [sent.text for sent in self.chats[chat].sent]

    async def wait_for_call(self, method: str, seconds: float = 60.0) -> None:
        """Returns at the next successful call of a method."""
        before = self.calls[f"{method} ok"]
        async with asyncio.timeout(seconds):
            while self.calls[f"{method} ok"] == before:
                self._news.clear()
                await self._news.wait()

    async def wait_for(self, chat: str, count: int, seconds: float = 10.0) -> list[str]:
        """Returns the texts of the chat as soon as there are `count`."""
        async with asyncio.timeout(seconds):
            while len(self.chats[chat].sent) < count:
                self._news.clear()
                await self._news.wait()
        return self.texts(chat)

    def break_calls(self, share: float, kinds: list[str], seed: int = 1) -> None:
        """Breaks a share of the sendings; `kinds` are those of `_break`."""
        self.faults = ZaloFaults(share, tuple(kinds), random.Random(seed)) if share else None

    def stats(self) -> Json:
        """What was used of the quota, and how the calls ended."""
        return {"used": self.used, "calls": dict(self.calls)}

    # ---- serving

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = dict(request.query)
        if request.can_read_body and request.content_type == "application/json":
            given.update(await request.json())
        try:
            if request.match_info["token"] != self.token:
                raise ZaloRefusal(401, "Unauthorized")
            serve = getattr(self, f"_on_{method}", None)
            if serve is None:
                raise ZaloRefusal(404, "Not Found", 404)
            fault = self._choose_fault(method)
            if fault and not fault.startswith("deliver"):
                return await self._break(fault, request)
            result = await serve(given)
            if fault:
                return await self._break(fault, request)
        except ZaloRefusal as refusal:
            self.calls[f"{method} {refusal.code}"] += 1
            body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return web.json_response(body, status=refusal.status)
        self.calls[f"{method} ok"] += 1
        self._news.set()
        return web.json_response({"ok": True, "result": result})

    def _choose_fault(self, method: str) -> str:
        if method in SENDING and self.next_faults:
            return self.next_faults.popleft()
        faults = self.faults
        if faults is None or method not in faults.methods or faults.dice.random() >= faults.share:
            return ""
        return faults.dice.choice(faults.kinds)

    async def _break(self, fault: str, request: web.Request) -> web.StreamResponse:
        self.calls[fault] += 1
        if fault == "quota":
            raise ZaloRefusal(429, "Quota exceeded")
        if fault == "forbidden":
            raise ZaloRefusal(403, "Internal server error")
        if fault == "timeout":
            raise ZaloRefusal(408, "Request timeout")
        if fault == "html":
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        if fault.endswith("hang"):
            await self._hanging.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _on_getMe(self, given: Json) -> Json:  # noqa: N802
        return {
            "id": self.token.split(":")[0],
            "account_name": "bot.nhacviec",
            "account_type": "BASIC",
            "display_name": self.name,
            "can_join_groups": False,
        }

    async def _on_getUpdates(self, given: Json) -> Json:  # noqa: N802
        """One event; what was given out is forgotten: there is no confirmation."""
        if self.webhook:
            raise ZaloRefusal(400, "a webhook is set")
        seconds = float(given.get("timeout", 30))
        try:
            async with asyncio.timeout(seconds):
                while not self._events:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise ZaloRefusal(408, "Request timeout") from None
        return self._events.popleft()

    async def _on_setWebhook(self, given: Json) -> Json:  # noqa: N802
        url, secret = given.get("url", ""), given.get("secret_token", "")
        if not re.match(r"https://|http://127\.0\.0\.1", url) or not 8 <= len(secret) <= 256:
            raise ZaloRefusal(400, "Bad webhook")
        self.webhook = {"url": url, "secret_token": secret}
        return {"url": url}

    async def _on_deleteWebhook(self, given: Json) -> Json:  # noqa: N802
        self.webhook = {}
        return {"url": ""}

    async def _on_getWebhookInfo(self, given: Json) -> Json:  # noqa: N802
        return {"url": self.webhook.get("url", "")}

    async def _on_sendChatAction(self, given: Json) -> Json:  # noqa: N802
        self._find_chat(given)
        return {}

    async def _on_sendMessage(self, given: Json) -> Json:  # noqa: N802
        return self._keep(given, given.get("text", ""), None)

    async def _on_sendPhoto(self, given: Json) -> Json:  # noqa: N802
        photo = given.get("photo", "")
        if not re.match(r"https://|http://127\.0\.0\.1", photo):
            raise ZaloRefusal(400, "Bad photo")
        return self._keep(given, given.get("caption", ""), photo)

    def _keep(self, given: Json, text: str, photo: str | None) -> Json:
        chat = self._find_chat(given)
        if not 1 - bool(photo) <= len(text) <= LONGEST_TEXT:
            raise ZaloRefusal(400, "Text must be 1 to 2000 characters")
        if self.used >= self.monthly:
            raise ZaloRefusal(429, "Quota exceeded")
        self.used += 1
        sent = ZaloSent(chat.id, text, f"b{next(self._ids)}", self.clock(), photo)
        chat.sent.append(sent)
        self._news.set()
        return {"message_id": sent.message, "date": sent.date}

    def _find_chat(self, given: Json) -> ZaloChat:
        chat = self.chats.get(str(given.get("chat_id", "")))
        if chat is None:
            raise ZaloRefusal(400, "Chat not found")
        if chat.closed:
            raise ZaloRefusal(400, f"Cannot send: {chat.closed}")
        return chat

    async def _serve_photo(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\xff\xd8\xff\xe0 a picture", content_type="image/jpeg")

    async def _serve_control(self, request: web.Request) -> web.StreamResponse:
        arguments = json.loads(await request.text() or "{}")
        name = request.match_info["name"]
        if name not in CONTROLS:
            return web.json_response({"error": f"no control {name}"}, status=404)
        try:
            result = getattr(self, name)(**arguments)
            if asyncio.iscoroutine(result):
                result = await result
        except (KeyError, TypeError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        if isinstance(result, list) and result and isinstance(result[0], ZaloSent):
            result = [asdict(sent) for sent in result]
        return web.json_response({"result": result})


CONTROLS = frozenset(
    {
        "person",
        "group",
        "close",
        "says",
        "sends_photo",
        "sends_other",
        "texts",
        "wait_for",
        "break_calls",
        "stats",
    }
)


async def _main(port: int, monthly: int) -> None:
    server = ZaloApi(monthly=monthly)
    await server.up(port)
    print(server.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0: any free one")
    options.add_argument("--monthly", type=int, default=MONTHLY, help="messages a month")
    chosen = options.parse_args()
    asyncio.run(_main(chosen.port, chosen.monthly))
