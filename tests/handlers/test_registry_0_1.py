"""A registry of version 0.1: buttons in old messages, open dialogues, questions, the next morning.

`registry_0_1.db.gz` and `registry_0_1.json` were made by version 0.1 itself, expectations included.
No later version makes them again: what is stored in registries of today must be understood
tomorrow, whatever the code is called then. If a sentence is worded anew on purpose, its line in
the JSON is changed by hand.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.conversation.incoming import Incoming, IncomingFile
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from locales.answer import Answer
from locales.fluent import load_sentences
from migrations.upgrade import upgrade
from models.storage.database import Database
from scheduler.clock import Clock
from scheduler.delivery import SentMessage
from scheduler.rules import Defaults

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parents[1] / "fixtures"
LEFT: dict[str, Any] = json.loads((FOLDER / "registry_0_1.json").read_text("utf-8"))
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Case = dict[str, Any]


# --- all names of the code of today stand here ---


def _open(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


def _incoming(case: Case, update: str) -> Incoming:
    sent = case.get("file")
    return Incoming(
        channel=case["channel"],
        chat=case["chat"],
        chat_kind="group" if case["chat"].startswith("-") else "private",
        chat_title=case["chat"],
        sender=case["sender"],
        sender_name=case["sender"],
        now=_moment(LEFT["now"]),
        text=case.get("text", ""),
        action=case.get("action"),
        file=_file(sent["name"], sent["text"].encode()) if sent else None,
        message="7",
        update=update,
    )


def _file(name: str, content: bytes) -> IncomingFile:
    async def fetch() -> bytes:
        return content

    return IncomingFile(name, len(content), fetch)


async def _respond(database: Database, case: Case, update: str = "replayed") -> Answer | None:
    async def progress(what: Answer) -> None:
        return None

    return await Router(AppContext(database, HandlerOptions())).respond(
        _incoming(case, update), progress
    )


def _describe(reply: Answer | None) -> Case:
    """The ids of the sentences, a toast first, and the first line as people read it."""
    if reply is None:
        return {"expect": [], "line": ""}
    every = [*([reply.toast] if reply.toast is not None else []), *reply.blocks]
    first = load_sentences().to_text(every[0]).strip().split("\n")[0] if every else ""
    return {"expect": [one.id for one in every], "line": first}


class Channel:
    """A channel in memory."""

    name = "telegram"

    def __init__(self) -> None:
        self.arrived: list[tuple[str, Answer]] = []

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        self.arrived.append((chat, what))
        return SentMessage(str(9000 + len(self.arrived)))


async def _morning(
    database: Database, plan_at: datetime, send_at: datetime
) -> list[tuple[str, Answer]]:
    """Plans a day and sends what is due then, and later."""
    channel = Channel()
    moment = plan_at
    clock = Clock(database, {channel.name: channel}, Defaults(), lambda: moment)
    await clock.plan_if_due()
    await clock.sender.send_due()
    moment = send_at
    await clock.sender.send_due()
    return channel.arrived


# --- the registry ---


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)


async def _upgrade(path: Path) -> None:
    database = _open(path)
    await upgrade(database)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of version 0.1, brought to this version once."""
    path = tmp_path_factory.mktemp("registry_0_1") / "registry.db"
    path.write_bytes(gzip.decompress((FOLDER / "registry_0_1.db.gz").read_bytes()))
    asyncio.run(_upgrade(path))
    return path


@pytest.fixture
def left(upgraded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A copy of it, in a folder with the files that its plans and reports name."""
    for name, text in LEFT["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return _open(Path(shutil.copy(upgraded, tmp_path)))


def _cases(name: str) -> list[Any]:
    params = []
    for case in LEFT[name]:
        what = case.get("action") or case.get("text") or case["file"]["name"]
        params.append(
            pytest.param(
                case, id=f"{case.get('kind', '')} {what} {case['sender']} {case['chat']}".strip()
            )
        )
    return params


async def _as_before(database: Database, case: Case) -> None:
    try:
        now = _describe(await _respond(database, case))
    finally:
        await database.close()
    if case["line"] is not None:  # None: it holds something that is new each time, such as a code
        assert now["line"] == case["line"]
    assert not set(case["expect"]) - set(now["expect"])  # an answer may say more than it did


@pytest.mark.parametrize("case", _cases("buttons"))
async def test_a_button_of_an_old_message_does_what_it_did(left: Database, case: Case) -> None:
    await _as_before(left, case)


@pytest.mark.parametrize("case", _cases("drafts"))
async def test_a_dialogue_under_way_goes_on(left: Database, case: Case) -> None:
    await _as_before(left, case)


@pytest.mark.parametrize("case", _cases("questions"))
async def test_a_question_is_answered_as_before(left: Database, case: Case) -> None:
    await _as_before(left, case)


async def test_an_update_that_was_handled_is_not_handled_again(left: Database) -> None:
    case = next(draft for draft in LEFT["drafts"] if draft["kind"] == "progress")
    try:
        again = await _respond(left, case, LEFT["handled_update"])
    finally:
        await left.close()
    assert again is None


async def test_what_waits_is_sent_and_the_next_morning_comes(left: Database) -> None:
    day = LEFT["next_morning"]
    try:
        arrived = await _morning(left, _moment(day["plan_at"]), _moment(day["send_at"]))
    finally:
        await left.close()
    now = [{"chat": chat, **_describe(what)} for chat, what in arrived]
    assert sorted(now, key=lambda m: (m["chat"], m["line"])) == day["arrives"]
