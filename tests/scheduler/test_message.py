"""What reminders say, read as the person who gets them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from locales.fluent import load_sentences
from models.assignments import Assignment, Extension, Status
from models.chats import Chat
from models.milestones import Deadline
from models.notices import Notice
from models.people import PostRole
from models.storage.database import Database
from scheduler import message, rules
from scheduler.lines import Message, format_line, make_line, select_open_work
from scheduler.planning import planner
from tests.support.fakes import at, fill

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)


async def planned(database: Database, day: date, kind: str = "morning") -> dict[str, Message]:
    """Plans a day; the messages of a kind by chat."""
    async with database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        await planner.plan_day(session, day, at(day, 6), in_force)
        rows = await session.exec(
            select(Notice, Chat)
            .join(Chat)
            .where(Notice.kind == kind, Notice.day == day)
            .order_by(col(Notice.id))
        )
        made = {}
        for notice, chat in rows.all():
            built = await message.build_message(session, notice, chat, day, in_force)
            if built is not None:
                made[chat.title] = built
        return made


def text_of(built: Message) -> str:
    return "\n".join(load_sentences().to_text(block) for block in built.what.blocks)


def actions_of(built: Message) -> list[str]:
    return [button.action.split(":")[0] for row in built.what.buttons for button in row]


async def test_one_message_most_urgent_first_by_day(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.3", [agency], FRIDAY + 7 * DAY, title="Một việc có tên rất dài " * 20)
        await filling.task("I.2", [agency], FRIDAY)
        (late,) = await filling.task("I.1", [agency], FRIDAY - 3 * DAY)
        await filling.task("I.4", [agency], FRIDAY + 2 * DAY)
        late.status = Status.RETURNED
        asked = Extension(
            assignment_id=late.id,
            asked_at=at(FRIDAY),
            from_day=FRIDAY,
            wanted_day=FRIDAY + 9 * DAY,
            reason="x",
        )
        filling.session.add_all([late, asked])
        deadline = await filling.session.get_one(Deadline, late.deadline_id)
        deadline.printed_day = deadline.last_day
        filling.session.add(deadline)
    built = (await planned(sqlite, FRIDAY))["An"]
    text = text_of(built)
    assert text.startswith("🔔 Nhắc việc thứ Sáu 16/10/2026 – Sở Tư pháp: 4 việc")
    keys = ["I.1", "I.2", "I.4", "I.3"]
    assert [line.key for line in built.lines] == keys
    assert [text.index(f"• {key} ") for key in keys] == sorted(
        text.index(f"• {key} ") for key in keys
    )
    for piece in (
        "thứ Ba 13/10/2026, quá hạn 3 ngày · báo cáo bị trả lại, cần làm lại"
        " · đang chờ trả lời đề nghị gia hạn",
        "Hạn hôm nay, thứ Sáu 16/10/2026",
        "Hạn Chủ nhật 18/10/2026 – còn 2 ngày · ngày nghỉ (Chủ nhật), nên gửi trong hôm nay",
        "Hạn thứ Sáu 23/10/2026 – còn 7 ngày",
        "…",
    ):
        assert piece in text
    assert all(len(line) < 220 for line in text.splitlines())
    assert actions_of(built) == ["pick", "pickall"]


async def test_one_task_has_its_buttons_at_once(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        (one,) = await filling.task("I.1", [agency], FRIDAY)
    assert actions_of((await planned(sqlite, FRIDAY))["An"]) == [
        "got",
        "done",
        "more",
        "later",
        "show",
    ]
    async with sqlite.write() as session:
        row = await session.get_one(Assignment, one.id)
        row.status = Status.RECEIVED
        session.add(row)
    async with sqlite.read() as session:
        notice, chat = (await session.exec(select(Notice, Chat).join(Chat))).one()
        again = await message.build_message(
            session, notice, chat, FRIDAY, await rules.load_rules(session, rules.Defaults())
        )
    assert again is not None
    assert actions_of(again) == ["done", "more", "later", "show"]


@pytest.mark.long
async def test_five_thousand_overdue_tasks_are_one_message_that_names_the_worst(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        days = [FRIDAY - n * DAY for n in range(1, 5001)]
        await filling.task("I.1", [agency], *days, kind="recurring")
    made = await planned(sqlite, FRIDAY)
    assert list(made) == ["An"]
    assert len(made["An"].lines) == 5000
    text = text_of(made["An"])
    assert "Quá hạn (5.000)" in text
    assert "và 4.900 việc khác" in text
    assert len(text) < 12_000


async def test_a_supervisor_reads_whose_task_it_is_and_cannot_report_it(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("Dung", PostRole.FOCAL_POINT, interior)
        await filling.task("I.1", [justice], FRIDAY)
    built = (await planned(sqlite, FRIDAY))["Dung"]
    assert "Chưa nhắc được cơ quan chủ trì" in text_of(built)
    assert "Sở Tư pháp" in text_of(built)
    assert actions_of(built) == ["show"]


async def test_a_digest_counts_by_agency_and_names_the_worst_ten(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agencies = [await filling.agency(f"Sở {name}") for name in ("A", "B", "C")]
        await filling.group("Tỉnh")
        for number in range(12):
            await filling.task(
                f"I.{number}", agencies[number % 2 : number % 2 + 1], FRIDAY - (number + 1) * DAY
            )
        await filling.task("II.1", agencies, FRIDAY + 10 * DAY)
        await filling.task("II.2", agencies, FRIDAY + 18 * DAY)  # more than 14 days ahead of Monday
    built = (await planned(sqlite, FRIDAY + 3 * DAY, "digest"))["Tỉnh"]
    text = text_of(built)
    assert text.startswith("Tổng hợp thứ Hai 19/10/2026 – toàn tỉnh")
    assert "Quá hạn: 12 (Sở A 6; Sở B 6)" in text
    assert "Đến hạn trong 14 ngày tới: 3 (Sở A 1; Sở B 1; Sở C 1)" in text
    assert "10 việc cần chú ý nhất" in text
    assert [line.step for line in built.lines] == ["overdue"] * 10
    assert built.lines[0].key == "I.11"


async def test_what_is_due_on_the_day_of_the_digest_is_not_overdue(sqlite: Database) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở A")
        await filling.group("Tỉnh")
        await filling.task("I.1", [agency], monday - DAY)
        await filling.task("I.2", [agency], monday)
        await filling.task("I.3", [agency], monday + 14 * DAY)
        await filling.task("I.4", [agency], monday + 15 * DAY)
    built = (await planned(sqlite, monday, "digest"))["Tỉnh"]
    assert "Quá hạn: 1 (Sở A 1)" in text_of(built)
    assert "Đến hạn trong 14 ngày tới: 2 (Sở A 2)" in text_of(built)
    assert [(line.key, line.step) for line in built.lines] == [
        ("I.1", "overdue"),
        ("I.2", "due"),
        ("I.3", "due"),
    ]


async def test_the_digest_of_an_agency_counts_what_it_leads_alone_or_with_its_members(
    sqlite: Database,
) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        own, member, other = [await filling.agency(f"Sở {name}") for name in ("A", "B", "C")]
        await filling.group("Nhóm", "agency", agency_id=own.id)
        await filling.task("I.1", [own, other], monday - DAY)
        (shared,) = await filling.task("I.2", [member], monday - 2 * DAY)
        shared.lead_id = own.id
        await filling.task("I.3", [None], monday - DAY)
    built = (await planned(sqlite, monday, "digest"))["Nhóm"]
    assert text_of(built).startswith("Tổng hợp thứ Hai 19/10/2026 – Sở A")
    assert "Quá hạn: 2 (Sở A 1; Sở B 1)" in text_of(built)
    assert [(line.key, line.agency) for line in built.lines] == [("I.2", "Sở B"), ("I.1", "Sở A")]


async def test_a_digest_counts_what_no_agency_leads(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở A")
        await filling.group("Tỉnh")
        await filling.task("I.1", [None, agency], FRIDAY)
    text = text_of((await planned(sqlite, FRIDAY + 3 * DAY, "digest"))["Tỉnh"])
    assert "Quá hạn: 2" in text
    assert "(chưa rõ cơ quan chủ trì) 1" in text


async def test_values_are_data_and_never_markup(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở <b>X", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY, title="Rà soát <i>điểm a & b</i> {$key}")
    built = (await planned(sqlite, FRIDAY))["An"]
    markup = "\n".join(load_sentences().to_html(block) for block in built.what.blocks)
    assert "&lt;i&gt;điểm a &amp; b" in markup
    assert "{$key}" in markup


async def test_all_that_nothing_was_heard_of_is_one_line_with_one_answer(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number in range(1, 16):
            await filling.task(f"II.{number}", [agency], FRIDAY + (20 + number // 9) * DAY)
    built = (await planned(sqlite, FRIDAY))["An"]
    asked = [line for line in text_of(built).splitlines() if "chưa có thông tin" in line]
    assert len(asked) == 1
    assert "15 việc 15 ngày làm việc chưa có thông tin: II.1, II.2" in asked[0]
    assert "và 3 việc khác" in asked[0]
    assert not [line for line in text_of(built).splitlines() if line.startswith("• ")]
    assert actions_of(built) == ["asked", "pick", "pickall"]


async def test_tasks_of_two_plans_are_named_with_their_plan(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for key, title in (("I.1", "Kế hoạch chuyển đổi số"), ("I.2", "Kế hoạch cải cách")):
            plan = await filling.plan(title)
            await filling.task(key, [agency], FRIDAY, plan=plan)
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert "Kế hoạch chuyển đổi số" in text
    assert "Kế hoạch cải cách" in text


async def test_one_day_late_is_late(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY - DAY)
    async with sqlite.read() as session:
        (row,) = (await session.exec(select_open_work())).all()
    said = load_sentences().to_text(format_line(make_line(row, "overdue-1"), FRIDAY))
    assert "quá hạn 1 ngày" in said


@pytest.mark.parametrize(
    ("days", "said"),
    [(-2, "quá hạn 2 ngày"), (0, "thứ Sáu 16/10, hôm nay"), (3, "còn 3 ngày")],
)
async def test_a_line_says_how_far_its_day_is(sqlite: Database, days: int, said: str) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        await filling.task("I.1", [await filling.agency("Sở A")], FRIDAY + days * DAY)
    async with sqlite.read() as session:
        (row,) = (await session.exec(select_open_work())).all()
    assert said in load_sentences().to_text(format_line(make_line(row, "due"), FRIDAY))
