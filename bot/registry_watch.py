"""Watches that the registry is still there, and tells operator and admins when it is not.

What transactions meet is logged by the registry itself (models/storage/outage.py); here is found
what none of them shows: a file that was deleted or replaced is still open.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from locales.answer import Sentence, make_answer, say
from locales.fluent import load_sentences
from migrations.upgrade import read_revision
from models.chats import Chat
from models.notices import save_heartbeat
from models.people import count_people
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS, RegistryError, RegistryLost
from models.storage.outage import describe_fault
from models.storage.private_files import write_private_file
from models.trial import TERMINAL
from scheduler.audience import find_admin_chats
from scheduler.delivery import Delivery, DeliveryError

LOOK_SECONDS = 20.0  # between two looks
LOOKS_BEFORE_TELLING = 2  # looks in a row that find what may pass by itself
WATCH_BEAT = "registry"  # name of the heartbeat that is written at each look
SEEN = "registry-seen.json"  # in the data folder: which registry was run last, with how many people

_log = logging.getLogger(__name__)


class RegistryWatch:
    """Looks after one registry from the start of the channels to their end."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Delivery],
        admins: Iterable[str],
        now: Callable[[], datetime],
        folder: Path,
    ) -> None:
        """`admins` are the addresses of the settings; `folder` keeps what was seen last."""
        self._database = database
        self._channels = channels
        self._named = {_split_address(address) for address in admins}
        self._admins = self._named  # with those of the registry, when it was last looked into
        self._now = now
        self._seen = folder / SEEN
        self._file = _identify_file(database.path)
        self._people = 0
        self._looks = 0  # in a row that found the fault of `_fault`
        self._fault: Sentence | None = None
        self._is_told = False

    async def watch(self) -> None:
        """Look until cancelled; no look ends the watch."""
        self._people = self._read_seen()
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once, and tell what has changed."""
        try:
            fault, passes = await self._find_fault(), False
        except REGISTRY_FAULTS as error:
            fault, passes = self._say_fault("registry-not-working", describe_fault(error)), True
        except Exception as error:  # whatever it is, the registry cannot be looked into
            _log.exception("the registry was not looked into")
            fault, passes = self._say_fault("registry-not-working", describe_fault(error)), True
        if fault is None:
            await self._note_good_look()
            return
        self._looks = self._looks + 1 if self._fault == fault else 1
        self._fault = fault
        if not self._is_told and (not passes or self._looks >= LOOKS_BEFORE_TELLING):
            self._is_told = True
            await self._tell(fault)

    async def _note_good_look(self) -> None:
        told, self._fault, self._is_told = self._is_told, None, False
        if told:
            await self._tell(self._say_fault("registry-back"))

    async def _find_fault(self) -> Sentence | None:
        """Return what is wrong. Raises one of REGISTRY_FAULTS for what may pass by itself."""
        fault = self._find_lost_file()
        self._database.lost = RegistryLost(self._database.describe_place()) if fault else None
        if fault is not None:
            return fault
        try:
            if await read_revision(self._database) is None:
                return self._say_fault("registry-emptied")
        except RegistryError as error:
            if error.message_id == "registry-unreachable":
                raise ConnectionError(error.detail) from error
            return say(error.message_id, detail=error.detail)
        async with self._database.read() as session:
            people = await count_people(session, TERMINAL)
            ids = await find_admin_chats(session, self._now().date())
            chats = [await session.get_one(Chat, chat_id) for chat_id in ids]
        self._admins = self._named | {(chat.channel, chat.address) for chat in chats}
        if not people and self._people:
            return self._say_fault("registry-emptied")
        self._keep_seen(people)
        async with self._database.write() as session:
            await save_heartbeat(session, WATCH_BEAT, self._now())
        return None

    def _find_lost_file(self) -> Sentence | None:
        path = self._database.path
        if path is None:
            return None
        there = _identify_file(path)
        if there is None:
            return self._say_fault("registry-lost")
        return self._say_fault("registry-replaced") if there != self._file else None

    def _say_fault(self, name: str, reason: str = "") -> Sentence:
        return say(name, detail=self._database.describe_place(), reason=reason)

    async def _tell(self, sentence: Sentence) -> None:
        """Tell the operator, and each admin whose channel takes the message now."""
        _log.warning("%s", load_sentences().to_text(sentence))
        for channel, address in sorted(self._admins):
            delivery = self._channels.get(channel)
            if delivery is None:
                continue
            try:
                await delivery.deliver(address, make_answer(sentence))
            except DeliveryError as error:
                _log.warning("admin %s was not told: %s", address, type(error).__name__)
            except Exception:  # the other admins are told all the same
                _log.exception("admin %s was not told", address)

    def _read_seen(self) -> int:
        """Return how many people the registry had that was run last from this data folder."""
        try:
            return int(json.loads(self._seen.read_text(encoding="utf-8"))["people"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _keep_seen(self, people: int) -> None:
        if people == self._people:
            return
        self._people = people
        seen = {"registry": self._database.describe_place(), "people": people}
        try:
            write_private_file(self._seen, json.dumps(seen).encode())
        except OSError as error:  # the registry itself works
            _log.warning("%s was not written: %s", self._seen, error)


def _identify_file(path: Path | None) -> tuple[int, int] | None:
    """Return what tells the file at `path` from every other one; None if there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def _split_address(address: str) -> tuple[str, str]:
    """Return channel and address of an entry of ADMINS."""
    channel, _, rest = address.partition(":")
    return channel, rest
