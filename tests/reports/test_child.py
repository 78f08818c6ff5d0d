"""Files are made in child processes: a few at once, within limits, and none is left behind."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from pathlib import Path

import pytest

from models.queries.task_query import TaskQuery
from models.storage.database import Database
from reports import child
from reports.child import FileMaker
from reports.orders import FileKind, FileOrder, MadeFile, OrderFault
from tests.reports.sheets import read_table
from tests.support.fakes import Filling, at

TODAY = date(2026, 11, 20)


def _order(url: str) -> FileOrder:
    return FileOrder(FileKind.SHEET, url, TaskQuery(TODAY), "tất cả", at(TODAY))


@pytest.mark.process
async def test_a_child_makes_the_file(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        await filling.task("I.1", [agency], date(2026, 12, 1))
    made = await FileMaker().make_file(_order(sqlite.given_url))
    assert [row["Số thứ tự"] for row in read_table(made.content)] == ["I.1"]
    assert made.figures["rows"] == 1


@pytest.mark.process
async def test_what_a_child_refuses_is_refused_here(sqlite: Database) -> None:
    with pytest.raises(OrderFault) as fault:
        await FileMaker().make_file(_order(sqlite.given_url))
    assert fault.value.message_id == "file-nothing"


@pytest.mark.process
async def test_a_fault_in_a_child_is_one_sentence_and_its_place_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bí mật.db"
    path.write_bytes(b"no registry at all, but long enough to be read as one" * 40)
    with caplog.at_level(logging.ERROR), pytest.raises(OrderFault) as fault:
        await FileMaker().make_file(_order(f"sqlite:///{path}"))
    assert fault.value.message_id == "file-broken"
    assert "making a file failed" in caplog.text
    assert "bí mật" not in caplog.text


@pytest.mark.process
async def test_a_child_that_takes_too_long_is_ended(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "MOST_SECONDS", 0.01)
    started: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def keep(*arguments: str, **more: object) -> asyncio.subprocess.Process:
        started.append(await create(*arguments, **more))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", keep)
    with pytest.raises(OrderFault) as fault:
        await FileMaker().make_file(_order(sqlite.given_url))
    assert fault.value.message_id == "file-too-long"
    assert [process.returncode for process in started] == [-9]


async def test_only_a_few_are_made_at_once_and_too_many_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    going, most = 0, 0
    release = asyncio.Event()

    async def make(order: FileOrder, tell: object) -> MadeFile:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await release.wait()
        going -= 1
        return MadeFile(b"", {})

    monkeypatch.setattr(child, "_make_in_child", make)
    maker = FileMaker()
    tasks = [
        asyncio.create_task(maker.make_file(_order("sqlite://")))
        for _ in range(child.MOST_AT_ONCE + child.MOST_WAITING)
    ]
    await asyncio.sleep(0)
    with pytest.raises(OrderFault) as fault:
        await maker.make_file(_order("sqlite://"))
    assert fault.value.message_id == "file-busy"
    release.set()
    await asyncio.gather(*tasks)
    assert most == child.MOST_AT_ONCE


def test_an_order_never_shows_the_address_of_the_registry() -> None:
    assert "secret" not in repr(_order("postgresql://user:secret@host/name"))


@pytest.mark.parametrize(
    "sent",
    [
        "no answer at all\n",
        '{"size": 100, "figures": {}}\nshort',
        "[]\n",
        '{"rows":',
        "x" * 100_000,  # longer than a line may be
        "",
    ],
)
async def test_what_is_no_answer_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    monkeypatch.setattr(child, "_CHILD", f"import sys; sys.stdout.write({sent!r})")
    with pytest.raises(OrderFault) as fault:
        await FileMaker().make_file(_order("sqlite://"))
    assert fault.value.message_id == "file-broken"
