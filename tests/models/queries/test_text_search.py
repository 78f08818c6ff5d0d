"""Words and codes find the tasks that hold them best, in small registries and in large ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, TaskAgency
from models.plans import Plan, Role, Task
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from models.queries.text_search import narrow_task_ids, rank_tasks
from models.storage.database import Database

TODAY = date(2026, 11, 20)
COMMON = "trien khai so hoa"
A, B, C, D, E = 9001, 9002, 9003, 9004, 9005
TEXTS = {
    A: "ra soat ho so dat dai so hoa",
    B: "ra soat ho so can bo",
    C: "cap phep xay dung",
    D: "cap phep moi truong",
    E: "soat lai cuoc ra quan va dat trong",
}
LEAD = 5


async def _fill(
    session: AsyncSession, texts: dict[int, str], common: int = 0, *, plan: int = 1
) -> None:
    """Add a plan with a task for each of `texts`, by id, and as many with the common words."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    session.add(Plan(id=plan, identity=f"{plan}", title="Kế hoạch", imported_at=moment))
    await session.flush()
    rows = {**dict.fromkeys(range(1, common + 1), COMMON), **texts}
    values = [
        {
            "id": number,
            "plan_id": plan,
            "position": number,
            "key": f"I.{number}",
            "title": text,
            "code": f"{2 if number == A else 1}.{number}",
            "deliverables": [],
            "search_text": text,
        }
        for number, text in rows.items()
    ]
    await (await session.connection()).execute(insert(Task), values)


async def _give(session: AsyncSession, tasks: Sequence[int]) -> None:
    """Let one agency lead these tasks."""
    session.add(Agency(id=LEAD, name="Sở A", folded="so a"))
    await session.flush()
    session.add_all(
        TaskAgency(task_id=task, agency_id=LEAD, role=Role.LEAD, position=0) for task in tasks
    )


async def _find(database: Database, *words: str, **values: Any) -> list[int]:
    async with database.read() as session:
        return (await find_tasks(session, TaskQuery(TODAY, words=words, **values))).own


WORDS = [
    (("ra", "soat", "ra soat"), [A, B]),
    (("ra soat", "dat dai"), [A]),
    (("ra", "soat", "dat", "dai", "ra soat", "soat dat", "dat dai"), [A]),
    (("ra soat", "dat dai", "cap phep"), [A]),
    (("cap phep", "xay dung"), [C]),
    (("phep cap",), []),
    (("khong",), []),
    (("–",), []),
    (("cap phep",), [C, D]),
]


@pytest.mark.parametrize("common", [3, 1001])
async def test_the_tasks_that_hold_the_most_of_the_words_are_found(
    database: Database, common: int
) -> None:
    async with database.write() as session:
        await _fill(session, TEXTS, common)
    for words, found in WORDS:
        assert await _find(database, *words) == found


async def test_in_a_large_plan_a_word_counts_as_much_as_another(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, 1001)
    for words, found in (
        (("ra soat", "cap phep", "khong", "chua"), [A, B, C, D]),
        (("ra soat", "ho so", "khong", "chua"), [A, B]),
        (("ra soat", "ho so", "khong", "chua", "chang"), [A, B]),
        (("ra soat", "dat dai", "khong", "chua", "chang"), [A]),
        (("khong", "chua"), []),
        (("trien khai", "ra soat", "can bo", "khong"), [B]),
    ):
        assert await _find(sqlite, *words) == found
        assert await _find(sqlite, *words, code="I") == found
    assert await _find(sqlite, "ra soat", "dat dai", code="1") == [B]
    assert await _find(sqlite, "ra soat", code="1") == [B]


async def test_in_a_large_plan_words_count_beside_their_pairs(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _fill(session, {A: "ra soat ho so dat dai", B: "ra soat dat trong"}, 1001)
    words = ("ra", "soat", "dat", "dai", "ra soat", "soat dat", "dat dai")
    assert await _find(sqlite, *words) == [A]


async def test_in_a_large_plan_what_another_plan_holds_does_not_count(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _fill(session, {}, 1001)
        await _fill(session, {5000: "cap phep trien khai", 0: "cap phep trien khai"}, plan=2)
    found = await _find(sqlite, "cap phep", "trien khai", plans=(1,))
    assert found == list(range(1, 1002))


@pytest.mark.parametrize(("common", "is_large"), [(999, False), (1000, True)])
async def test_a_plan_of_more_than_1000_tasks_is_large(
    sqlite: Database, common: int, is_large: bool
) -> None:
    async with sqlite.write() as session:
        await _fill(session, {C: TEXTS[C]}, common)
    found = await _find(sqlite, "trien khai", "cap phep")
    assert len(found) == (1001 if is_large else 1)


async def test_in_a_large_plan_the_few_tasks_of_an_agency_are_looked_at_one_by_one(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, 1001)
        await _give(session, [1, 2, A, B, C])
    for words, found in (
        (("trien khai",), [1, 2]),
        (("ra soat", "dat dai"), [A]),
        (("ra soat", "can bo", "moi truong"), [B]),
        (("cap phep", "khong"), [C]),
        (("khong",), []),
        (("moi truong",), []),
    ):
        assert await _find(sqlite, *words, agencies=(LEAD,)) == found


async def test_a_rare_word_weighs_more_and_what_holds_only_a_common_one_does_not_match(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, 20)
        await _give(session, [1, B])
    assert await _find(sqlite, "so hoa", "dat dai") == [A]
    assert await _find(sqlite, "so hoa", "dat dai", agencies=(LEAD,)) == []
    assert await _find(sqlite, "so hoa", agencies=(LEAD,)) == [1]
    assert await _find(sqlite, "ra soat", agencies=(LEAD,)) == [B]
    assert await _find(sqlite, "ra soat", agencies=(99,)) == []
    assert await _find(sqlite, "ra soat", "can bo", code=f"2.{A}") == []
    assert await _find(sqlite, "ra soat", code=f"2.{A}") == [A]


@pytest.mark.parametrize("common", [0, 1001])
async def test_a_task_of_any_part_of_the_subject_is_meant_unless_one_holds_all(
    sqlite: Database, common: int
) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, common)
    parts = (("dat dai",), ("xay dung",))
    words = ("dat", "dai", "xay", "dung", "dat dai", "dai xay", "xay dung")
    assert await _find(sqlite, *words, parts=parts) == [A, C]
    parts = (("ho so",), ("can bo",))
    words = ("ho", "so", "can", "bo", "ho so", "so can", "can bo")
    assert await _find(sqlite, *words, parts=parts) == [B]
    assert await _find(sqlite, *words, parts=parts, code="9") == []
    assert await _find(sqlite, "dat dai", parts=(("dat dai",), ("xay dung",))) == [A, C]


async def test_words_of_a_large_plan_have_the_ids_of_its_tasks(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, 1001)
    async with sqlite.read() as session:
        for values, ids in (
            ({"words": ("ra soat",)}, [A, B]),
            ({"code": f"2.{A}"}, [A]),
            ({}, None),
        ):
            assert await narrow_task_ids(session, TaskQuery(TODAY, **values)) == ids


@pytest.fixture
async def coded(sqlite: Database) -> Database:
    """Two plans whose tasks have codes and keys, one task outside the table."""
    codes = {1: "1.1", 2: "1.1.3", 3: "1.11", 4: "2", 5: None, 6: "1.1", 7: "3.1"}
    keys = {1: "a1", 2: "A.II.4", 3: "B.II.44", 4: "II.5.1", 5: "c_1", 6: "a1", 7: "out"}
    async with sqlite.write() as session:
        for plan in (1, 2):
            ids = [6] if plan == 2 else [1, 2, 3, 4, 5, 7]
            await _fill(session, dict.fromkeys(ids, COMMON), plan=plan)
            for number in ids:
                task = await session.get_one(Task, number)
                task.code, task.key, task.outside = codes[number], keys[number], number == 7
    return sqlite


@pytest.mark.parametrize(
    ("code", "more", "found"),
    [
        ("1.1", (), [1, 6]),
        ("1", (), [1, 2, 3, 6]),
        ("A1", (), [1, 6]),
        ("II.4", (), [2]),
        ("II.44", (), [3]),
        ("II.5", (), [4]),
        ("II", (), [4]),
        ("II_4", (), []),
        ("%", (), []),
        ("3.1", (), []),
        ("2", ("II.4", "1.11"), [4, 2, 3]),
        ("2", ("9", "2"), [4]),
        ("9", (), []),
    ],
)
async def test_a_code_is_itself_then_a_key_without_its_group_then_what_lies_below(
    coded: Database, code: str, more: tuple[str, ...], found: list[int]
) -> None:
    async with coded.read() as session:
        query = TaskQuery(TODAY, code=code, more_codes=more)
        assert await narrow_task_ids(session, query) == found
        first = await narrow_task_ids(session, replace(query, plans=(1,)))
        assert first == [number for number in found if number != 6]


async def test_what_is_nearest_holds_two_of_the_words_side_by_side(sqlite: Database) -> None:
    async with sqlite.write() as session:
        await _fill(session, TEXTS, 9)
        await _fill(session, {9101: TEXTS[A], 9102: TEXTS[C]}, plan=2)
        (await session.get_one(Task, D)).outside = True
    words = ("ra", "soat", "dat", "dai", "ra soat", "soat dat", "dat dai")
    async with sqlite.read() as session:
        assert await rank_tasks(session, words, [1], 9) == [A, B]
        assert await rank_tasks(session, words, [1, 2], 9) == [A, 9101, B]
        assert await rank_tasks(session, words, [1], 1) == [A]
        assert await rank_tasks(session, ("cap", "phep", "cap phep"), [1], 9) == [C]
        assert await rank_tasks(session, ("ra", "soat"), [1], 9) == []
        assert await rank_tasks(session, ("soat ra",), [1], 9) == []
