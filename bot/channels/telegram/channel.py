"""Telegram: updates become `Incoming`, answers become messages. The only module that knows python-telegram-bot.

The library's `Bot` is used without its `Application`: updates are taken by a long poll of our own, because one chat
must be answered in order, memory be bounded, and an update be confirmed to the server only once it was handled.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
    User,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot import logs
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.rate_limits import OVERALL_RATE, RateLimiter
from handlers.conversation.incoming import Event, Incoming, IncomingFile, Respond
from locales.answer import Answer, Button, File, Sentence, make_answer, say
from locales.fluent import load_sentences, render_pages, strip_markup
from scheduler.delivery import (
    BadMarkup,
    DeliveryError,
    Moved,
    NotDelivered,
    Rejected,
    SentMessage,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
)

PUBLIC_API = "https://api.telegram.org"
LONGEST_TEXT = 4096  # UTF-16 units of a message after entities are parsed
PHOTO = "anh.jpg"  # name of a photo's file; Telegram gives it none
LONGEST_TOAST = 200  # characters of a word shown at a pressed button
LONGEST_DESCRIPTION = 256  # characters of a command's description in the menu
MOST_BUTTONS, MOST_IN_ROW = 100, 8  # of one message
POLL_SECONDS = 25  # how long the server keeps a poll open
CONNECT_SECONDS, ANSWER_SECONDS, UPLOAD_SECONDS = 5.0, 10.0, 60.0
CONNECTIONS = 256
KEEP_SECONDS = (
    15.0  # an idle connection is kept; longer, and the server closes it just when it is used again
)
MOST_AT_ONCE = 64  # messages handled at the same time
WAITING_IN_CHAT, WAITING_AT_ALL = (
    50,
    1000,
)  # updates in memory; more in one chat are dropped, more at all not fetched
CONFIRM_SECONDS = (
    0.3  # the next poll confirms a batch: it waits so long for the batch to be handled
)
REMEMBERED_UPDATES = 10_000
LONGEST_WAIT = 20.0  # seconds that `deliver` waits for a chat before it says TooFast
LONGEST_RETRY_AFTER = (
    300.0  # seconds that an answer to a person may be held up by the server's "retry after"
)
RETRIES = (
    1.0,
    2.0,
    4.0,
)  # seconds between the tries of an answer, or of a later part of a delivery
BACKOFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between failing polls
REPEAT_LOG_SECONDS = 600.0  # the same trouble is told again after so long
STOP_SECONDS = 10.0  # for what is being answered when the bot stops
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

# What the server's 400 means, by a piece of its description in lower case; anything else is Rejected.
REFUSALS: tuple[tuple[str, type[DeliveryError]], ...] = (
    ("message thread not found", TopicMissing),
    ("topic_closed", TopicMissing),
    ("topic_deleted", TopicMissing),
    ("can't parse entities", BadMarkup),
    ("chat not found", Unreachable),
    ("peer_id_invalid", Unreachable),
    ("user not found", Unreachable),
    ("group chat was deactivated", Unreachable),
    ("not enough rights to send", Unreachable),
    ("have no rights to send", Unreachable),
    ("chat_write_forbidden", Unreachable),
    ("chat_restricted", Unreachable),
)
NOT_MODIFIED = "message is not modified"
WEBHOOK_SET = "webhook"  # in the 409 that a forgotten webhook causes

Clock = Callable[[], datetime]

_log = logging.getLogger(__name__)


class BadToken(Exception):
    """The server does not accept the bot's token; no try will help. Its text is a sentence for the operator."""

    def __init__(self) -> None:
        super().__init__(load_sentences().to_text(say("telegram-bad-token")))


class BadProxy(ValueError):
    """The proxy's address cannot be used. Its text is a sentence for the operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            load_sentences().to_text(say("telegram-bad-proxy", reason=logs.mask_secrets(reason)))
        )


class RequestUnsent(NetworkError):
    """The request certainly never reached the server."""


class ServerBroken(NetworkError):
    """The server answered 5xx."""


class FloodError(TelegramError):
    """The server answered 429. The library's own class warns of a change of its type each time it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class TelegramRequest(HTTPXRequest):
    """The library's request, which also tells what never left from what may have arrived, and 5xx from the rest."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See the library's; raises _Unsent, _Broken and _Flood besides its errors."""
        try:
            status, body = await super().do_request(
                url,
                method,
                request_data,
                read_timeout,
                write_timeout,
                connect_timeout,
                pool_timeout,
            )
        except NetworkError as error:
            if is_unsent(error):
                raise RequestUnsent(str(error)) from error
            raise
        if status >= 500:
            raise ServerBroken(f"HTTP {status}")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_read_retry_after(body))
        return status, body


def _read_retry_after(body: bytes) -> float:
    """The seconds that a 429 asks to wait; a minute where it does not say."""
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        return float((json.loads(body).get("parameters") or {})["retry_after"])
    return 60.0


def is_unsent(error: BaseException) -> bool:
    """Whether a request that failed with `error` certainly did not reach the server: no connection was made.

    httpx-aiohttp calls a connection that broke in the middle of a request a ConnectTimeout too, so where aiohttp's own
    error is in the chain of causes, it alone decides.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__
    below = [link for link in chain if isinstance(link, aiohttp.ClientError)]
    if below:
        made_none = (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,
        )
        return isinstance(below[-1], (*made_none, aiohttp.InvalidURL))
    made_none_httpx = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
    )
    return any(
        isinstance(link, (*made_none_httpx, httpx.UnsupportedProtocol, httpx.InvalidURL))
        for link in chain
    )


def to_delivery_error(error: TelegramError) -> DeliveryError:
    """The library's `error` as one of `scheduler.delivery`, as reminders.md tells failures apart."""
    if isinstance(error, FloodError):
        return TooFast(error.seconds)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    reason = logs.mask_secrets(str(error))
    if isinstance(error, Forbidden):
        return Unreachable(reason)
    if isinstance(error, BadRequest):
        told = reason.lower()
        return next((kind for piece, kind in REFUSALS if piece in told), Rejected)(reason)
    if isinstance(error, RequestUnsent | InvalidToken | EndPointNotFound):
        return NotDelivered(reason)
    if isinstance(error, ServerBroken):
        return ServerFault(reason)
    if isinstance(error, NetworkError) and error.__cause__ is None:
        return Rejected(reason)  # an HTTP answer that is neither 2xx, 400 nor 5xx
    return Uncertain(reason)


def make_requests(proxy: str | None) -> tuple[TelegramRequest, TelegramRequest]:
    """The request objects for polling and for everything else.

    aiohttp's transport carries several times what httpx's own pool does (docs/benchmarks.md); it knows no SOCKS, for
    which httpx's own is kept. Raises BadProxy.
    """
    try:
        way = httpx.Proxy(proxy) if proxy else None
        if way is not None and way.url.scheme.startswith("socks"):
            return _make_request(1, {}, proxy), _make_request(CONNECTIONS, {}, proxy)
        trust = httpx.create_ssl_context()
        poller = _make_request(1, {"transport": _make_transport(1, way, trust)}, None)
        return poller, _make_request(
            CONNECTIONS, {"transport": _make_transport(CONNECTIONS, way, trust)}, None
        )
    except (
        ValueError,
        RuntimeError,
        httpx.InvalidURL,
    ) as error:  # RuntimeError: SOCKS without its package
        raise BadProxy(str(error)) from None


def _make_request(size: int, more: dict[str, Any], proxy: str | None) -> TelegramRequest:
    return TelegramRequest(
        connection_pool_size=size,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        pool_timeout=2 * CONNECT_SECONDS,  # aiohttp counts making the connection into it
        proxy=proxy,
        httpx_kwargs=more,
    )


def _make_transport(size: int, proxy: httpx.Proxy | None, trust: Any) -> AiohttpTransport:
    def make_session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=size, ssl=trust, keepalive_timeout=KEEP_SECONDS)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=trust, proxy=proxy, client=make_session)


@dataclass(slots=True)
class RecentUpdates:
    """The ids of the last updates, so that one that comes twice is handled once."""

    ids: dict[int, None] = field(default_factory=dict)

    def add_if_new(self, update: int) -> bool:
        """Whether `update` was not seen before; it is from now on."""
        if update in self.ids:
            return False
        self.ids[update] = None
        if len(self.ids) > REMEMBERED_UPDATES:
            del self.ids[next(iter(self.ids))]
        return True


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One message of an answer: a text (HTML) with its buttons, or a file."""

    text: str = ""
    buttons: InlineKeyboardMarkup | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class MessageTarget:
    """Where a message goes: chat, topic, and the message it answers."""

    chat: str
    topic: str | None = None
    replies_to: int | None = None

    @property
    def is_group(self) -> bool:
        """Groups and channels have negative ids on Telegram."""
        return self.chat.startswith("-")


def make_parts(what: Answer) -> list[MessagePart]:
    """The messages of `what`: texts of at most 4,096 units, the buttons on the last one, then the files."""
    texts = render_pages(what, LONGEST_TEXT)
    keyboard = make_keyboard(what.buttons)
    messages = [MessagePart(text, keyboard if text is texts[-1] else None) for text in texts]
    return [*messages, *(MessagePart(file=file) for file in what.files)]


def make_keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Rows of at most 8 buttons, 100 in all; the last row (where the pages turn) stays when others must go."""
    cut = [
        list(row[start : start + MOST_IN_ROW])
        for row in rows
        for start in range(0, len(row), MOST_IN_ROW)
    ]
    room = MOST_BUTTONS
    kept: list[list[Button]] = []
    if sum(map(len, cut)) > MOST_BUTTONS:
        _log.warning(
            "an answer has over %d buttons; those before the last row were cut", MOST_BUTTONS
        )
        room -= len(cut[-1])
        for row in cut[:-1]:
            kept.extend([row[:room]] if room > 0 else [])
            room -= len(row)
        kept.append(cut[-1])
    else:
        kept = cut
    voice = load_sentences()
    shown = [
        [InlineKeyboardButton(voice.to_text(b.label), callback_data=b.action) for b in row]
        for row in kept
    ]
    return InlineKeyboardMarkup(shown) if shown else None


class Telegram:
    """The Telegram channel: takes updates to the router and says its answers; delivers for the sender."""

    name = "telegram"

    def __init__(
        self,
        token: str,
        respond: Respond,
        clock: Clock,
        *,
        api_url: str = PUBLIC_API,
        proxy: str | None = None,
        rate: float = OVERALL_RATE,
        commands: Sequence[tuple[str, Sentence]] = (),
    ) -> None:
        """`respond` is the router, `clock` gives the zoned now, `rate` is in messages a second (above 30 for trials).

        `commands` fill the menu: the command without its slash, and what it does. Raises BadProxy.
        """
        logs.hide_secret(token)
        base = api_url.rstrip("/")
        self._poller, self._sender = make_requests(proxy)
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._sender,
            get_updates_request=self._poller,
        )
        self._respond = respond
        self._clock = clock
        self._commands = tuple(commands)
        self._limits = RateLimiter(rate)
        self._lanes = Lanes(deep=WAITING_IN_CHAT, most=WAITING_AT_ALL)
        self._handling = asyncio.Semaphore(MOST_AT_ONCE)
        self._seen = RecentUpdates()
        self._unhandled: dict[int, asyncio.Future[None]] = {}
        self._offset = 0
        self._me: User | None = None
        self._stopping = asyncio.Event()
        self._stopped = False
        self._failures = 0
        self._told: dict[str, float] = {}  # which trouble was told when
        self._polling: asyncio.Task[None] | None = None
        self._others: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Asks the server who the bot is and starts polling; without a network it goes on trying. Raises BadToken."""
        try:
            await self._ask_identity()
        except (InvalidToken, EndPointNotFound):
            await self._close_requests()
            raise BadToken from None
        except TelegramError as error:
            self._log_trouble(error)
        self._polling = asyncio.create_task(self._poll_updates())

    async def run_until(self, stop: asyncio.Event) -> None:
        """Starts, runs until `stop` is set, and stops in order. Raises BadToken, also if the token is revoked later."""
        await self.start()
        stopped = asyncio.ensure_future(stop.wait())
        ends: set[asyncio.Future[Any]] = {stopped, *({self._polling} if self._polling else ())}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            await self.stop()

    async def stop(self) -> None:
        """Takes no more updates, answers those it has taken (up to 10 s), confirms what was handled, closes.

        Raises BadToken if polling ended because the token was revoked.
        """
        if self._stopped:
            return
        self._stopping.set()
        outcome: BaseException | None = None
        if self._polling is not None:
            (outcome,) = await asyncio.gather(self._polling, return_exceptions=True)
        await self._lanes.drain(STOP_SECONDS)
        for task in self._others:
            task.cancel()
        await asyncio.gather(*self._others, return_exceptions=True)
        if self._me is not None and self._offset and outcome is None:
            offset = min(
                (u for u, done in self._unhandled.items() if not done.done()), default=self._offset
            )
            with contextlib.suppress(TelegramError):  # unconfirmed updates only come again
                await self._bot.get_updates(
                    offset=offset, timeout=0, limit=1, allowed_updates=list(UPDATES)
                )
        await self._close_requests()
        if outcome is not None:
            raise outcome

    async def probe(self, seconds: float = CONNECT_SECONDS) -> str:
        """The bot's name (without @), asked within `seconds`. Raises BadToken or a DeliveryError. Starts nothing."""
        try:
            me = await self._bot.get_me(
                connect_timeout=seconds,
                read_timeout=seconds,
                write_timeout=seconds,
                pool_timeout=seconds,
            )
        except InvalidToken:
            raise BadToken from None
        except TelegramError as error:
            raise to_delivery_error(error) from None
        finally:
            await self._close_requests()
        return me.username or me.first_name

    async def _close_requests(self) -> None:
        self._stopped = True
        await asyncio.gather(self._poller.shutdown(), self._sender.shutdown())

    # ---- taking updates

    async def _ask_identity(self) -> None:
        self._me = await self._bot.get_me()
        _log.info("polling as @%s", self._me.username)
        if self._commands:
            self._run_in_background(self._set_menu())

    async def _set_menu(self) -> None:
        voice = load_sentences()
        menu = [
            BotCommand(name, voice.to_text(said)[:LONGEST_DESCRIPTION])
            for name, said in self._commands
        ]
        try:
            await self._bot.set_my_commands(menu)
        except TelegramError as error:
            _log.warning("the menu of commands was not set: %s", error)

    def _run_in_background(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _poll_updates(self) -> None:
        """Takes updates until `stop`; a failure is told once, and tried again. Raises BadToken."""
        while not self._stopping.is_set():
            await self._run_until_stop(self._lanes.wait_for_room())
            try:
                if self._me is None:
                    await self._run_until_stop(self._ask_identity())
                batch = await self._run_until_stop(self._fetch_updates())
            except (InvalidToken, EndPointNotFound):
                refused = BadToken()
                _log.error("%s", refused)
                raise refused from None
            except TelegramError as error:
                await self._wait_after_failure(error)
                continue
            except Exception as error:  # a fault of ours must not end the polling for good
                _log.exception("polling failed")
                await self._wait_after_failure(TelegramError(type(error).__name__))
                continue
            self._log_recovery()
            for update in batch or ():
                self._take_update(update)
            await self._wait_for_handlers()

    async def _run_until_stop(self, work: Any) -> Any:
        """The result of `work`, or None when the bot stops first."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    async def _fetch_updates(self) -> list[dict[str, Any]]:
        """The next updates as the server wrote them: the library's own call fails whole when one cannot be read.

        Method names have no case (core.telegram.org/bots/api, "Making requests"); written so, the library lets it pass.
        """
        result: Any = await self._bot.do_api_request(
            "getupdates",
            api_kwargs={
                "offset": self._offset,
                "timeout": POLL_SECONDS,
                "allowed_updates": list(UPDATES),
            },
            read_timeout=POLL_SECONDS + ANSWER_SECONDS,
        )
        return result if isinstance(result, list) else []

    async def _wait_after_failure(self, error: TelegramError) -> None:
        """Tells the first failure of a row in one line and waits, longer each time."""
        if isinstance(error, Conflict) and WEBHOOK_SET in str(error).lower():
            with contextlib.suppress(TelegramError):  # the next poll tells whether it helped
                await self._bot.delete_webhook()
        self._log_trouble(error)
        delay = BACKOFF[min(self._failures, len(BACKOFF)) - 1]
        if isinstance(error, FloodError):
            delay = max(delay, error.seconds)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), delay)

    def _log_trouble(self, error: TelegramError) -> None:
        """One clear line for the operator; the same again only after a while, however often it fails."""
        self._failures += 1
        conflict = isinstance(error, Conflict)
        kind = "telegram-second-poller" if conflict else "telegram-no-network"
        now = time.monotonic()
        if now - self._told.get(kind, float("-inf")) < REPEAT_LOG_SECONDS:
            return
        self._told[kind] = now
        said = (
            say("telegram-second-poller")
            if conflict
            else say("telegram-no-network", reason=logs.mask_secrets(str(error)))
        )
        _log.warning("%s", load_sentences().to_text(said))

    def _log_recovery(self) -> None:
        if self._failures and "telegram-no-network" in self._told:
            _log.warning("%s", load_sentences().to_text(say("telegram-back")))
            del self._told["telegram-no-network"]
        self._failures = 0

    def _take_update(self, raw: dict[str, Any]) -> None:
        """Puts one update in its chat's lane. One that cannot be read is logged and passed over."""
        number = int(raw.get("update_id", -1))
        self._offset = max(self._offset, number + 1)
        if not self._seen.add_if_new(number):
            return
        try:
            update = Update.de_json(raw, self._bot)
            chat = update.effective_chat
        except Exception:  # a new or broken kind of update must not stop all others
            _log.exception("update %d cannot be read", number)
            return
        if chat is None:
            return
        handled = asyncio.get_running_loop().create_future()

        async def run_handler() -> None:
            try:
                await self._handle_update(update, handled)
            except Exception:  # whatever it is, the chat's next message must be answered
                _log.exception("update %d was not handled", number)
            if not handled.done():  # not reached when the bot stops first: the update comes again
                handled.set_result(None)

        if self._lanes.put(str(chat.id), run_handler):
            self._unhandled[number] = handled
        else:
            _log.warning(
                "chat %d sends faster than it can be answered; update %d was dropped",
                chat.id,
                number,
            )

    async def _wait_for_handlers(self) -> None:
        """Waits a moment until the updates taken are handled: the next poll tells the server to forget them."""
        self._unhandled = {
            number: done for number, done in self._unhandled.items() if not done.done()
        }
        if self._unhandled:
            await asyncio.wait(self._unhandled.values(), timeout=CONFIRM_SECONDS)

    # ---- answering

    async def _handle_update(self, update: Update, handled: asyncio.Future[None]) -> None:
        """Asks the router and says what it answers; nothing that goes wrong here leaves this chat."""
        incoming = self._read_update(update)
        query = update.callback_query
        if incoming is None:
            if query is not None:
                await self._answer_press(query, None)
            return
        place = make_target(incoming, update)
        shown = ProgressMessage(self, place)
        said: Answer | None = None
        try:
            async with self._handling:
                said = await self._respond(incoming, shown)
        except Exception:  # whatever the handler met, the person is told and the log has it
            number = secrets.token_hex(3).upper()
            _log.exception("fault %s in update %d", number, update.update_id)
            said = make_answer(say("fault", number=number))
        if not handled.done():
            handled.set_result(None)
        if incoming.event in ("removed", "blocked"):
            return
        if query is not None:
            await asyncio.gather(
                self._answer_press(query, said), self._send_answer(said, place, incoming, shown)
            )
        else:
            await self._send_answer(said, place, incoming, shown)

    async def _answer_press(self, query: CallbackQuery, said: Answer | None) -> None:
        """Ends the waiting sign on the pressed button, with a short word where the answer has one."""
        toast = (
            load_sentences().to_text(said.toast)[:LONGEST_TOAST]
            if said is not None and said.toast
            else None
        )
        try:
            await self._bot.answer_callback_query(query.id, text=toast)
        except BadRequest:
            _log.debug("a press is too old to be answered")
        except TelegramError as error:
            _log.warning("a press was not answered: %s", error)

    async def _send_answer(
        self, said: Answer | None, place: MessageTarget, incoming: Incoming, shown: ProgressMessage
    ) -> None:
        """Says `said`: in place of the pressed message or of the progress shown, where it can, else as new messages."""
        if said is None:
            return
        try:
            messages = make_parts(said)
        except Exception:  # a sentence that cannot be rendered is a fault like any other
            number = secrets.token_hex(3).upper()
            _log.exception("fault %s in an answer", number)
            messages = make_parts(make_answer(say("fault", number=number)))
        instead = shown.message
        if (
            instead is None
            and said.replace
            and incoming.action is not None
            and incoming.message is not None
        ):
            instead = int(incoming.message)
        for part in messages:
            try:
                await self._send_with_retries(part, place, instead)
            except DeliveryError as error:
                _log.warning(
                    "an answer to chat %s was not said: %s %s",
                    place.chat,
                    type(error).__name__,
                    error,
                )
                return
            instead = None
            place = replace(place, replies_to=None)

    async def _send_with_retries(
        self, part: MessagePart, place: MessageTarget, instead: int | None
    ) -> str:
        """Sends an answer's part, again where that can help. An `Uncertain` one is not: people ask again themselves."""
        tries = iter(RETRIES)
        patience = LONGEST_RETRY_AFTER
        markup = True
        while True:
            try:
                return await self._send_part(
                    part, place, markup=markup, urgent=True, instead=instead
                )
            except TooFast as error:
                patience -= error.retry_after
                if patience < 0:
                    raise
            except (NotDelivered, ServerFault):
                delay = next(tries, None)
                if delay is None:
                    raise
                await asyncio.sleep(delay)
            except BadMarkup as error:
                if not markup:
                    raise
                _log.warning("an answer's markup was refused, it goes as plain text: %s", error)
                markup = False
            except TopicMissing:
                if place.topic is None:
                    raise
                place = replace(place, topic=None)
            except Moved as error:
                place, instead = replace(place, chat=error.address, replies_to=None), None

    # ---- sending

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        """Sends `what` to `chat`, in parts where it is long; answers to people go before it. Raises a DeliveryError.

        An error of the first part means that nothing arrived (or, `Uncertain`, at most that part). When a later part
        fails in a way that may pass, it is tried again here, because sending all again would double the first ones; if
        that does not help, `Uncertain` is raised: some of it arrived. A chat that must wait over 20 s (asked for by the
        server, or so much is in line) raises `TooFast` before anything is sent.
        """
        if self._stopped:
            raise NotDelivered("the channel is stopped")
        try:
            messages = make_parts(what)
        except (
            Exception
        ) as error:  # a sentence that cannot be rendered fails this notice, not the sender
            _log.exception("a message cannot be rendered")
            raise Rejected("the message cannot be rendered") from error
        if not messages:
            raise Rejected("the message is empty")
        wait = self._limits.seconds_until_free(chat)
        if wait > LONGEST_WAIT:
            raise TooFast(wait)
        place = MessageTarget(chat, topic)
        last = await self._send_part(messages[0], place, markup=markup, urgent=False)
        for part in messages[1:]:
            last = await self._send_later_part(part, place, markup)
        return SentMessage(last)

    async def _send_later_part(self, part: MessagePart, place: MessageTarget, markup: bool) -> str:
        """Sends a later part of a delivery, again where that can help."""
        tries = iter(RETRIES)
        while True:
            try:
                return await self._send_part(part, place, markup=markup, urgent=False)
            except BadMarkup as error:
                if not markup:
                    raise
                _log.warning("a part's markup was refused, it goes as plain text: %s", error)
                markup = False
            except (NotDelivered, ServerFault, TooFast) as error:
                delay = next(tries, None)
                if delay is None or (
                    isinstance(error, TooFast) and error.retry_after > LONGEST_WAIT
                ):
                    raise Uncertain(f"only a part arrived: {error}") from error
                if not isinstance(error, TooFast):  # the limits wait for that
                    await asyncio.sleep(delay)

    async def _send_part(
        self,
        part: MessagePart,
        place: MessageTarget,
        *,
        markup: bool,
        urgent: bool,
        instead: int | None = None,
    ) -> str:
        """One message, at its turn; in place of the message `instead` where that can be. Returns its id.

        Raises a DeliveryError; after `TooFast` the limits keep the chat waiting.
        """
        if instead is not None and part.file is None:
            with contextlib.suppress(CannotEdit):
                return await self._call_within_limits(
                    lambda: self._edit_message(part, place, instead, markup), place, urgent
                )
        return await self._call_within_limits(
            lambda: self._send_new(part, place, markup), place, urgent
        )

    async def _call_within_limits(
        self, call: Callable[[], Awaitable[str]], place: MessageTarget, urgent: bool
    ) -> str:
        try:
            async with self._limits.wait_turn(place.chat, group=place.is_group, urgent=urgent):
                return await call()
        except TelegramError as error:
            failure = to_delivery_error(error)
            if isinstance(failure, TooFast):
                self._limits.hold_chat(place.chat, failure.retry_after, group=place.is_group)
            raise failure from None

    async def _send_new(self, part: MessagePart, place: MessageTarget, markup: bool) -> str:
        chat, topic = _to_chat_id(place.chat), int(place.topic) if place.topic else None
        if part.file is not None:
            sent = await self._bot.send_document(
                chat,
                part.file.content,
                filename=part.file.name,
                message_thread_id=topic,
                read_timeout=UPLOAD_SECONDS,
            )
            return str(sent.message_id)
        sent = await self._bot.send_message(
            chat,
            part.text if markup else strip_markup(part.text),
            parse_mode="HTML" if markup else None,
            reply_markup=part.buttons,
            message_thread_id=topic,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=(
                ReplyParameters(place.replies_to, allow_sending_without_reply=True)
                if place.replies_to
                else None
            ),
        )
        return str(sent.message_id)

    async def _edit_message(
        self, part: MessagePart, place: MessageTarget, message: int, markup: bool
    ) -> str:
        try:
            await self._bot.edit_message_text(
                part.text if markup else strip_markup(part.text),
                _to_chat_id(place.chat),
                message,
                parse_mode="HTML" if markup else None,
                reply_markup=part.buttons,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if NOT_MODIFIED in str(error).lower():
                return str(message)
            if isinstance(to_delivery_error(error), Rejected):
                raise CannotEdit from error
            raise
        return str(message)

    # ---- reading updates

    def _read_update(self, update: Update) -> Incoming | None:
        """`update` as every channel hands it in; None for what is not meant for the bot."""
        if update.callback_query is not None:
            return self._read_press(update.callback_query, update)
        if update.my_chat_member is not None:
            return self._read_membership(update.my_chat_member, update)
        message = update.effective_message
        if message is None:
            return None
        if message.migrate_to_chat_id:
            return self._make_incoming(
                update, message.chat, event="moved", moved_to=str(message.migrate_to_chat_id)
            )
        return self._read_message(message, update)

    def _make_incoming(self, update: Update, chat: Chat, **more: Any) -> Incoming:
        user = update.effective_user
        hidden = (
            update.effective_message.sender_chat if update.effective_message is not None else None
        )
        if (
            hidden is not None and update.callback_query is None
        ):  # an anonymous admin: the account is everybody's
            sender, name = str(hidden.id), hidden.effective_name or ""
        else:
            sender, name = (
                (str(user.id), user.full_name) if user is not None else (str(chat.id), "")
            )
        private = chat.type == Chat.PRIVATE
        return Incoming(
            channel=self.name,
            chat=str(chat.id),
            chat_kind="private" if private else "group",
            chat_title=chat.effective_name or "",
            sender=sender,
            sender_name=name,
            now=self._clock(),
            update=str(update.update_id),
            **more,
        )

    def _read_press(self, query: CallbackQuery, update: Update) -> Incoming | None:
        if query.message is None or query.data is None:
            return None
        topic = query.message if isinstance(query.message, Message) else None
        return self._make_incoming(
            update,
            query.message.chat,
            action=query.data,
            message=str(query.message.message_id),
            topic=_read_topic(topic),
        )

    def _read_membership(self, change: ChatMemberUpdated, update: Update) -> Incoming | None:
        was, now = _is_member(change.old_chat_member), _is_member(change.new_chat_member)
        if was == now:
            return None
        private = change.chat.type == Chat.PRIVATE
        events: dict[tuple[bool, bool], Event] = {
            (True, True): "unblocked",
            (True, False): "blocked",
            (False, True): "added",
            (False, False): "removed",
        }
        return self._make_incoming(update, change.chat, event=events[private, now])

    def _read_message(self, message: Message, update: Update) -> Incoming | None:
        written = message.text if message.text is not None else message.caption or ""
        something = message.effective_attachment is not None
        if not written and not something and message.text is None:
            return None  # a service message: somebody joined, a title changed ...
        text, addressed = self._strip_bot_name(message, written)
        if not addressed:
            return None
        file = None
        if message.document is not None:
            document = message.document
            file = IncomingFile(
                document.file_name or "",
                document.file_size or 0,
                self._make_fetch(document.file_id),
            )
        elif message.photo:
            largest = message.photo[-1]
            file = IncomingFile(
                PHOTO, largest.file_size or 0, self._make_fetch(largest.file_id), picture=True
            )
        return self._make_incoming(
            update,
            message.chat,
            text=text,
            file=file,
            other=something and file is None and not text,
            message=str(message.message_id),
            topic=_read_topic(message),
            edited=update.edited_message is not None,
        )

    def _make_fetch(self, file_id: str) -> Callable[[], Awaitable[bytes]]:
        async def download_file() -> bytes:
            try:
                file = await self._bot.get_file(file_id)
                return bytes(await file.download_as_bytearray(read_timeout=UPLOAD_SECONDS))
            except TelegramError as error:
                raise to_delivery_error(error) from None

        return download_file

    def _strip_bot_name(self, message: Message, written: str) -> tuple[str, bool]:
        """The text without the bot's name, and whether it is meant for the bot."""
        name = f"@{(self._me.username if self._me else None) or ''}".lower()
        private = message.chat.type == Chat.PRIVATE
        text, meant = written, private
        if written.startswith("/"):
            command, blank, rest = _split_command(written)
            to = command[command.index("@") :].lower() if "@" in command else ""
            if to and to != name:
                return written, False
            text = command.partition("@")[0] + blank + rest
            meant = True
        else:
            found = message.parse_entities(
                [MessageEntity.MENTION]
            ) or message.parse_caption_entities([MessageEntity.MENTION])
            for mention in found.values():
                if mention.lower() == name:
                    text, meant = text.replace(mention, " ").strip(), True
        return text, meant or self._has_mention(message) or self._is_reply_to_bot(message)

    def _has_mention(self, message: Message) -> bool:
        """Whether a mention without a username (a text link to the account) is of the bot."""
        entities = (*message.entities, *message.caption_entities)
        return any(
            e.user is not None and self._me is not None and e.user.id == self._me.id
            for e in entities
        )

    def _is_reply_to_bot(self, message: Message) -> bool:
        """Whether it replies to the bot; in a topic every message replies to the note that opened it, which is none."""
        to = message.reply_to_message
        if to is None or to.forum_topic_created is not None or to.from_user is None:
            return False
        return self._me is not None and to.from_user.id == self._me.id


class CannotEdit(Exception):
    """The message is gone, too old or no text: a new one must be sent."""


class ProgressMessage:
    """The one message in which long work shows how far it is."""

    def __init__(self, channel: Telegram, place: MessageTarget) -> None:
        self._channel = channel
        self._place = place
        self.message: int | None = None

    async def __call__(self, what: Answer) -> None:
        """Shows `what` in place of what was shown before; left out where the chat's limit would make the work wait."""
        channel, place = self._channel, self._place
        if (
            self.message is not None
            and channel._limits.seconds_until_free(place.chat, urgent=True) > 0
        ):
            return
        messages = make_parts(what)
        if not messages:
            return
        try:
            sent = await channel._send_part(
                messages[0], place, markup=True, urgent=True, instead=self.message
            )
        except DeliveryError as error:
            _log.info("progress was not shown: %s", error)
            return
        self.message = int(sent)


def make_target(incoming: Incoming, update: Update) -> MessageTarget:
    """Where the answer goes; in a group it points at the message it answers."""
    pointed = incoming.chat_kind == "group" and incoming.action is None and incoming.event is None
    message = update.effective_message
    chat = incoming.moved_to or incoming.chat
    return MessageTarget(
        chat, incoming.topic, message.message_id if pointed and message is not None else None
    )


def _read_topic(message: Message | None) -> str | None:
    """The forum topic of a message; a thread of replies outside a forum is none."""
    if message is None or not message.is_topic_message or message.message_thread_id is None:
        return None
    return str(message.message_thread_id)


def _is_member(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _split_command(written: str) -> tuple[str, str, str]:
    """A command, the blank behind it, and the rest."""
    for place, character in enumerate(written):
        if character.isspace():
            return written[:place], character, written[place + 1 :]
    return written, "", ""


def _to_chat_id(chat: str) -> int | str:
    return int(chat) if chat.lstrip("-").isdigit() else chat


__all__ = ["BadProxy", "BadToken", "Telegram", "is_unsent", "make_parts", "to_delivery_error"]
