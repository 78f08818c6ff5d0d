"""A question on a registry of 100,000 tasks and 400 agencies, from `Incoming` to `Answer`."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, insert

from handlers.conversation.incoming import Incoming
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from language.search import make_index_text
from language.text import fold
from locales.answer import Answer
from migrations.upgrade import upgrade
from models.agencies import Agency, AgencyMember, TaskAgency
from models.assignments import Assignment, Status
from models.milestones import Deadline, TaskMilestone
from models.people import Person, Post, PostRole
from models.plans import Plan, Role, Section, Task
from models.storage.database import Database
from tests.bench.rows import Row, make_row

TASKS, AGENCIES, SECTIONS = 100_000, 400, 50
ROUNDS = 40  # times each question is asked
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BATCH = 5_000
DEPARTMENTS = (
    "Sở Nội vụ",
    "Sở Tư pháp",
    "Sở Tài chính",
    "Sở Công Thương",
    "Sở Y tế",
    "Sở Xây dựng",
    "Sở Khoa học và Công nghệ",
    "Sở Giáo dục và Đào tạo",
    "Sở Nông nghiệp và Môi trường",
    "Thanh tra tỉnh",
)
SUBJECTS = (
    "dữ liệu dùng chung",
    "chữ ký số",
    "một cửa điện tử",
    "tinh giản biên chế",
    "kiểm tra công vụ",
)
LISTS = (
    "nhiệm vụ của Sở Tư pháp",
    "nhiem vu cua so tai chinh",
    "Sở Y tế chưa xong việc gì",
    "sở nội vụ quá hạn",
    "nhiệm vụ của UBND xã Hoà Bình 17 trong tháng 12",
)
OTHERS = (
    "ai chủ trì chữ ký số 4711",
    "II.4711 hạn khi nào",
    "việc của Sở Xây dựng về một cửa điện tử",
    "việc nào của Sở Công Thương hạn 15/12",
    "Sở Tài chính còn bao nhiêu việc",
    "tiến độ Sở Tư pháp",
    "chào em",
)


async def _fill(database: Database) -> None:
    names = [
        *DEPARTMENTS,
        "UBND cấp xã",
        *(f"UBND xã Hoà Bình {n}" for n in range(AGENCIES - len(DEPARTMENTS) - 1)),
    ]
    collective = names.index("UBND cấp xã") + 1
    tables: dict[type[SQLModel], list[dict[str, Any]]] = {
        t: [] for t in (Task, TaskAgency, TaskMilestone, Deadline, Assignment)
    }
    async with database.write() as session:
        session.add(
            Plan(
                identity="bench",
                title="Kế hoạch thử",
                number="1/KH-UBND",
                first_year=2026,
                last_year=2026,
                imported_at=NOW,
            )
        )
        session.add_all(
            [Agency(name=n, folded=fold(n), collective=n == "UBND cấp xã") for n in names]
        )
        await session.flush()
        session.add_all(
            [
                Section(plan_id=1, position=n, title=f"LĨNH VỰC {n}", folded=f"linh vuc {n}")
                for n in range(SECTIONS)
            ]
        )
        session.add_all(
            [
                AgencyMember(collective_id=collective, member_id=m)
                for m in range(collective + 1, len(names) + 1)
            ]
        )
        session.add(Person(id=1, channel="bench", address="1", name="Thử", joined_at=NOW))
        await session.flush()
        session.add(Post(person_id=1, role=PostRole.VIEWER, made_at=NOW))
        await session.flush()
        connection = await session.connection()
        for number in range(1, TASKS + 1):
            title = f"Triển khai {SUBJECTS[number % len(SUBJECTS)]} {number}"
            day = date(2026, 1, 1) + timedelta(days=number * 7 % 365)
            agency = number % len(names) + 1
            done = number % 3 == 0
            tables[Task].append(
                {
                    "id": number,
                    "plan_id": 1,
                    "section_id": number % SECTIONS + 1,
                    "position": number,
                    "key": f"II.{number}",
                    "title": title,
                    "deliverables": ["Báo cáo kết quả"],
                    "outside": False,
                    "added": False,
                    "state": "done" if done else "unfinished",
                    "next_day": None if done else day,
                    "search_text": make_index_text(title, ["Báo cáo kết quả"]),
                }
            )
            tables[TaskAgency].append(
                {"task_id": number, "agency_id": agency, "role": Role.LEAD, "position": 0}
            )
            if number % 5 == 0:
                tables[TaskAgency].append(
                    {
                        "task_id": number,
                        "agency_id": agency % 10 + 11,
                        "role": Role.PARTNER,
                        "position": 0,
                    }
                )
            tables[TaskMilestone].append(
                {"id": number, "task_id": number, "position": 0, "kind": "date"}
            )
            tables[Deadline].append(
                {
                    "id": number,
                    "task_id": number,
                    "milestone_id": number,
                    "last_day": day,
                    "printed_day": day,
                }
            )
            tables[Assignment].append(
                {
                    "plan_id": 1,
                    "task_id": number,
                    "deadline_id": number,
                    "agency_id": agency,
                    "lead_id": agency,
                    "status": Status.DONE if done else Status.NEW,
                    "last_day": day,
                    "made_on": date(2026, 1, 1),
                    "done_on": day if done else None,
                    "changed_at": NOW,
                    "version": 0,
                }
            )
            if number % BATCH == 0:
                for table, rows in tables.items():
                    await connection.execute(insert(table), rows)
                    rows.clear()


async def _time(app: AppContext, questions: tuple[str, ...]) -> list[float]:
    """Milliseconds a question, each asked as after a change of the registry: without a cache."""

    async def progress(_: Answer) -> None:
        """Nobody watches."""

    router = Router(app)
    spent = []
    for number, text in enumerate(
        itertools.islice(itertools.cycle(questions), ROUNDS * len(questions))
    ):
        incoming = Incoming(
            "bench", "1", "private", "", "1", "Thử", NOW + timedelta(seconds=10 * number), text
        )
        app.cache.match_version((-1, number))
        begin = time.perf_counter()
        said = await router.respond(incoming, progress)
        spent.append((time.perf_counter() - begin) * 1000)
        if said is None or any(
            block.id in ("fault", "stranger", "too-many-messages") for block in said.blocks
        ):
            raise RuntimeError(f"no answer to {text!r}")
    return spent[len(questions) :]


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/bench.db")
        await upgrade(database)
        await _fill(database)
        async with (
            database.engine.connect() as connection
        ):  # as in a registry that has run for a while
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        app = AppContext(database, HandlerOptions())
        lists = await _time(app, LISTS)
        mixed = await _time(app, LISTS + OTHERS)
        await database.close()
    return [
        make_row(
            "a list question, 100,000 tasks (SQLite): median",
            statistics.median(lists),
            10,
            "{:.1f} ms",
        ),
        make_row(
            "a list question: 99th percentile",
            statistics.quantiles(lists, n=100)[98],
            50,
            "{:.1f} ms",
        ),
        make_row(
            "any question, 100,000 tasks, 400 agencies: median",
            statistics.median(mixed),
            15,
            "{:.1f} ms",
        ),
        make_row(
            "any question: 99th percentile", statistics.quantiles(mixed, n=100)[98], 60, "{:.1f} ms"
        ),
    ]


def rows() -> list[Row]:
    """Return the rows of this bench."""
    return asyncio.run(_measure())
