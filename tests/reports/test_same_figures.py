"""The sheet, the Word report, the chart's caption and the answer "tiến độ" say the same."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.conversation.incoming import Incoming
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from locales.answer import Answer
from locales.fluent import load_sentences
from models.storage.database import Database
from reports.figure_table import CLASSES, name_class
from tests.reports.papers import read_general_table
from tests.reports.sheets import count_table, read_sums
from tests.support.makers import NearMaker
from tests.support.random_registries import fill_at_random

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


async def _ask(router: Router, text: str) -> tuple[str, bytes]:
    async def ignore(_: Answer) -> None:
        return None

    answer = await router.respond(
        Incoming("test", "1", "private", "", "1", "An", NOW, text), ignore
    )
    assert answer is not None
    said = "\n".join(load_sentences().to_text(block) for block in answer.blocks)
    return said, answer.files[0].content if answer.files else b""


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))  # `make prove` has more
async def test_every_file_says_what_the_answer_says(
    sqlite: Database, seed: int, titles: list[str]
) -> None:
    await compare_files(sqlite, seed, titles)


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of charts, which are laid out, not painted: that takes most of their time."""
    found: list[str] = []
    monkeypatch.setattr(
        "matplotlib.figure.Figure.savefig",
        lambda canvas, *_, **__: found.append(canvas.axes[0].get_title()),
    )
    return found


async def compare_files(database: Database, seed: int, titles: list[str]) -> None:
    """Fill a registry at random, and hold each file against the answer."""
    async with database.write() as session:
        await fill_at_random(session, seed, TODAY)
    app = AppContext(database, HandlerOptions(admins=("test:1",), questions_open=True))
    app.files = NearMaker()
    router = Router(app)
    progress, _ = await _ask(router, "tiến độ")
    said = {
        name: int(count)
        for name in CLASSES
        for count in re.findall(rf"{name_class(name)}: (\d+)", progress)
    }
    assert set(said) == set(CLASSES), progress
    total = sum(said.values())
    done, late = said["done_in_time"] + said["done_late"], said["open_late"]
    _, sheet = await _ask(router, "/xuat excel")
    assert count_table(sheet) == said
    assert read_sums(sheet) == said
    report, paper = await _ask(router, "/baocao tháng 11")
    table = read_general_table(paper)
    assert {name: int(table[name_class(name)][0]) for name in CLASSES} == said
    assert f"quá hạn {late}" in report
    for command in ("/bieudo", "/bieudo theo thời gian"):
        caption, _ = await _ask(router, command)
        assert f"hoàn thành {done}/{total}" in caption
        assert f"quá hạn {late}" in caption
        assert f"hoàn thành {done}/{total}" in titles[-1]
        assert titles[-1].strip().endswith(f"quá hạn {late}")
