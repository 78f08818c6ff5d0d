"""Sending: an answer becomes plain texts of at most 2,000 characters, with numbered choices."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.reply import BeforeSending
from bot.channels.zalo.choices import NumberedChoices, number_choices
from bot.channels.zalo.client import ZaloClient, ZaloError
from bot.channels.zalo.events import CHANNEL, read_date
from bot.channels.zalo.quota import MonthlyQuota
from locales.answer import Answer, File, make_answer, say, to_json
from locales.fluent import TYPED, load_sentences, render_pages, strip_markup
from models.channels import choices
from models.channels.handouts import GOOD_FOR, PICTURE_ENDING, hand_out
from models.channels.usage import format_month
from models.chats import find_chat
from models.notices import queue_message
from models.storage.database import Database, are_writes_refused
from models.storage.faults import REGISTRY_FAULTS
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    Rejected,
    SentMessage,
    ServerFault,
    Uncertain,
)

LONGEST_TEXT = 2000  # characters of one message
RETRIES = (1.0, 2.0, 4.0)  # seconds between tries of a later part

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ZaloPart:
    """One message: a text, or the caption of the picture at this address."""

    text: str
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """The messages of an answer, and what the numbers in the last text mean."""

    parts: tuple[ZaloPart, ...]
    numbered: NumberedChoices | None


class ZaloSender:
    """Sends answers and notices of one bot; the messages of a chat go one after the other."""

    def __init__(
        self,
        client: ZaloClient,
        database: Database,
        quota: MonthlyQuota,
        clock: Callable[[], datetime],
        files_url: str | None,
    ) -> None:
        """`files_url` is the address under which files are handed out, None if nothing does."""
        self._client = client
        self._database = database
        self._quota = quota
        self._clock = clock
        self._files_url = files_url
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send_answer(
        self,
        chat: str,
        answer: Answer,
        *,
        of_notice: bool = False,
        is_plain: bool = False,
        before_sending: BeforeSending | None = None,
    ) -> SentMessage:
        """Send `answer` in parts; its numbers are valid from then on. Raises a DeliveryError.

        An error of the first part means that nothing arrived (or, `Uncertain`, that part at most);
        if a later one does not arrive, `Uncertain` is raised. `of_notice`: the bot writes by
        itself; `is_plain`: the answer tells of no change, so the quota may refuse it first. Where
        writes are refused it has no numbers, and one with files raises RegistryNotWritable.
        """
        async with self._locks[chat]:
            plan = await self._plan_sending(chat, answer, of_notice)
            await self._quota.reserve_messages(len(plan.parts), is_plain=is_plain)
            choices_id = await self._store_choices(chat, plan, of_notice)
            left = len(plan.parts)
            try:
                if before_sending is not None:
                    await before_sending()
                sent = await self._send_part(chat, plan.parts[0])
                left -= 1
                for part in plan.parts[1:]:
                    sent = await self._send_later_part(chat, part)
                    left -= 1
            except Uncertain:  # that part may have arrived
                await self._quota.release_messages(left - 1)
                raise
            except DeliveryError:
                await self._quota.release_messages(left)
                if choices_id is not None:
                    async with self._database.write() as session:
                        await choices.delete_choices(session, choices_id)
                raise
            if choices_id is not None:
                with contextlib.suppress(*REGISTRY_FAULTS):  # else they count from their storing
                    async with self._database.write() as session:
                        await choices.set_shown_at(session, choices_id, self._read_date(sent))
        return SentMessage(str(sent.get("message_id", "")))

    async def explain_quota(self, chat: str) -> None:
        """Write down for a known chat, once a month, why questions are not answered.

        The outbox sends it: at once, by the person's other channel, or when there are messages.
        """
        now = self._clock()
        today = now.date()
        again = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        async with self._database.write() as session:
            known = await find_chat(session, CHANNEL, chat)
            if known is not None:
                await queue_message(
                    session,
                    known.id,
                    to_json(make_answer(say("zalo-quota-short", again=again))),
                    token=f"zalo-quota-{format_month(today)}",
                    now=now,
                    today=today,
                )

    async def show_typing(self, chat: str) -> None:
        """Show that the bot is at work; it costs no message and never raises."""
        try:
            await self._client.call_method("sendChatAction", chat_id=chat, action="typing")
        except (ZaloError, DeliveryError) as error:
            _log.info("the typing sign was not shown: %s", error)

    async def _plan_sending(self, chat: str, answer: Answer, of_notice: bool) -> SendingPlan:
        """Return the texts. Raises Rejected if there is none."""
        try:
            pages = [strip_markup(page) for page in render_pages(answer, LONGEST_TEXT, TYPED)]
        except Exception as error:  # an answer that cannot be rendered must not stop the sender
            _log.exception("a message cannot be rendered")
            raise Rejected("the message cannot be rendered") from error
        if not pages and answer.toast is not None:
            pages = [load_sentences(TYPED).to_text(answer.toast)[:LONGEST_TEXT]]
        async with self._database.read() as session:
            shown = await choices.list_choices(session, CHANNEL, chat)
        numbered = number_choices(answer, shown, of_notice=of_notice)
        if are_writes_refused():  # what the numbers mean cannot be stored
            numbered = None
        if numbered is not None:
            if pages and len(pages[-1]) + 2 + len(numbered.text) <= LONGEST_TEXT:
                pages[-1] += "\n\n" + numbered.text
            else:
                pages.append(numbered.text[:LONGEST_TEXT])
        parts = [ZaloPart(page) for page in pages]
        parts[len(parts) :] = [await self._make_file_part(file) for file in answer.files]
        if not parts:
            raise Rejected("the message is empty")
        return SendingPlan(tuple(parts), numbered)

    async def _make_file_part(self, file: File) -> ZaloPart:
        """Return the message for a file: a picture, its address, or that it cannot be had."""
        to_text = load_sentences(TYPED).to_text
        if self._files_url is None:
            return ZaloPart(to_text(say("zalo-no-file", name=file.name)))
        async with self._database.write() as session:
            token = await hand_out(session, file.name, file.content, self._clock())
        url = f"{self._files_url}{token}"
        if file.name.lower().endswith(PICTURE_ENDING):
            return ZaloPart(file.name, url)
        minutes = GOOD_FOR // timedelta(minutes=1)
        return ZaloPart(to_text(say("zalo-file", name=file.name, link=url, minutes=minutes)))

    async def _store_choices(self, chat: str, plan: SendingPlan, of_notice: bool) -> int | None:
        """Store what the numbers mean before they are shown, so that a kill loses none."""
        if plan.numbered is None:
            return None
        async with self._database.write() as session:
            return await choices.store_choices(
                session,
                CHANNEL,
                chat,
                plan.numbered.actions,
                self._clock(),
                of_notice=of_notice,
            )

    async def _send_part(self, chat: str, part: ZaloPart) -> dict[str, Any]:
        """Send one message. Raises a DeliveryError."""
        method, given = "sendMessage", dict[str, Any](chat_id=chat, text=part.text)
        if part.picture is not None:
            method = "sendPhoto"
            given = dict[str, Any](chat_id=chat, photo=part.picture, caption=part.text)
        try:
            result = await self._client.call_method(method, **given)
        except ZaloError as error:
            raise error.to_delivery_error() from None
        return result if isinstance(result, dict) else {}

    async def _send_later_part(self, chat: str, part: ZaloPart) -> dict[str, Any]:
        tries = iter(RETRIES)
        while True:
            try:
                return await self._send_part(chat, part)
            except (NotDelivered, ServerFault) as error:
                delay = next(tries, None)
                if delay is None:
                    raise Uncertain(f"only a part arrived: {error}") from error
                await asyncio.sleep(delay)
            except DeliveryError as error:
                raise Uncertain(f"only a part arrived: {error}") from error

    def _read_date(self, sent: dict[str, Any]) -> datetime:
        """Return the platform's own time of a message, as far from now as it says."""
        date = read_date(sent.get("date"))
        passed = datetime.now(UTC) - date if date is not None else timedelta()
        return self._clock() - max(passed, timedelta())
