"""What reminders say, read as the person who gets them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from locales.fluent import load_sentences
from models.assignments import Assignment, Extension, Status
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.notices import Notice, NoticeLine
from models.people import Post, PostRole
from models.storage.database import Database
from models.storage.statements import run_statement
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
async def test_a_thousand_overdue_tasks_are_one_message_that_names_the_worst(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        days = [FRIDAY - n * DAY for n in range(1, 1102)]
        await filling.task("I.1", [agency], *days, kind="recurring")
    made = await planned(sqlite, FRIDAY)
    assert list(made) == ["An"]
    assert len(made["An"].lines) == 1101
    text = text_of(made["An"])
    assert "Quá hạn (1.101)" in text
    assert "và 1.001 việc khác" in text
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
    [
        (-2, "thứ Tư 14/10/2026, quá hạn 2 ngày"),
        (0, "thứ Sáu 16/10, hôm nay"),
        (3, "thứ Hai 19/10, còn 3 ngày"),
    ],
)
async def test_a_line_says_how_far_its_day_is(sqlite: Database, days: int, said: str) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        await filling.task("I.1", [await filling.agency("Sở A")], FRIDAY + days * DAY)
    async with sqlite.read() as session:
        (row,) = (await session.exec(select_open_work())).all()
    line = load_sentences().to_text(format_line(make_line(row, "due"), FRIDAY))
    assert line == f"• I.1 Việc I.1 – {said}"


@pytest.mark.parametrize(("length", "shown"), [(60, "x" * 60), (61, "x" * 59 + "…")])
async def test_a_line_names_its_plan_in_at_most_sixty_letters(
    sqlite: Database, length: int, shown: str
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        await filling.plan("x" * length)
        await filling.task("I.1", [await filling.agency("Sở A")], FRIDAY)
    async with sqlite.read() as session:
        (row,) = (await session.exec(select_open_work())).all()
    assert make_line(row, "due").plan == shown
    assert f"I.1 (KH {shown}) " in load_sentences().to_text(
        format_line(make_line(row, "due"), FRIDAY, plan=True)
    )


async def test_a_message_has_what_the_registry_says_now_whatever_was_read_before(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
    await planned(sqlite, FRIDAY)
    async with sqlite.write() as session:
        assert (await session.exec(select(Assignment))).one().status == Status.NEW
        await run_statement(session, text("UPDATE assignment SET status = 'received'"))
        notice, chat = (await session.exec(select(Notice, Chat).join(Chat))).one()
        in_force = await rules.load_rules(session, rules.Defaults())
        built = await message.build_message(session, notice, chat, FRIDAY, in_force)
    assert built is not None
    assert actions_of(built) == ["done", "more", "later", "show"]


async def made(database: Database, day: date, kind: str = "morning") -> dict[str, Message]:
    """The messages of a kind that wait on a day, by chat, as they are now."""
    async with database.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        rows = await session.exec(
            select(Notice, Chat).join(Chat).where(Notice.kind == kind, Notice.day == day)
        )
        built = {
            chat.title: await message.build_message(session, notice, chat, day, in_force)
            for notice, chat in rows.all()
        }
    return {title: one for title, one in built.items() if one is not None}


@pytest.mark.parametrize(
    ("overdue", "today", "shown", "left_out"),
    [
        (98, 2, ["Quá hạn (98)", "Hạn hôm nay"], None),
        (98, 4, ["Quá hạn (98)", "Hạn hôm nay"], "và 2 việc khác"),
        (101, 1, ["Quá hạn (101)"], "và 2 việc khác"),
    ],
)
async def test_a_message_names_a_hundred_lines_and_counts_the_others(
    sqlite: Database, overdue: int, today: int, shown: list[str], left_out: str | None
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        late = [FRIDAY - n * DAY for n in range(1, overdue + 1)]
        await filling.task("I.1", [agency], *late, kind="recurring")
        for number in range(today):
            await filling.task(f"II.{number}", [agency], FRIDAY)
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert text.count("\n• ") == 100
    assert all(head in text for head in shown)
    assert ("Hạn hôm nay" in text) == ("Hạn hôm nay" in shown)
    assert ("việc khác" in text) == (left_out is not None)
    assert left_out is None or left_out in text


async def test_a_message_about_two_agencies_names_the_agency_in_each_line(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = [await filling.agency(f"Sở {name}") for name in ("A", "B")]
        person = await filling.person("An", PostRole.FOCAL_POINT, one)
        post = Post(person_id=person.id, role=PostRole.FOCAL_POINT, made_at=at(FRIDAY))
        post.agency_id = other.id
        filling.session.add(post)
        await filling.task("I.1", [one], FRIDAY)
        await filling.task("I.2", [other], FRIDAY)
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert text.startswith("🔔 Nhắc việc thứ Sáu 16/10/2026: 2 việc")
    assert "• I.1 Việc I.1 – Sở A – " in text
    assert "• I.2 Việc I.2 – Sở B – " in text


async def test_a_message_about_one_agency_names_it_once(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        for key in ("I.1", "I.2"):
            await filling.task(key, [agency], FRIDAY + DAY)
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert text.count("Sở A") == 1
    assert "KH 10/KH-UBND" not in text


async def test_own_work_comes_before_that_of_agencies_without_anybody(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("Dung", PostRole.FOCAL_POINT, interior)
        await filling.task("I.1", [justice], FRIDAY)
        await filling.task("I.2", [interior], FRIDAY)
    built = (await planned(sqlite, FRIDAY))["Dung"]
    text = text_of(built)
    assert text.startswith("🔔 Nhắc việc thứ Sáu 16/10/2026: 2 việc")
    own, heading, other = (text.index(part) for part in ("• I.2", "Chưa nhắc được", "• I.1"))
    assert own < heading < other
    assert "• I.2 Việc I.2 – thứ Sáu" in text
    assert "• I.1 Việc I.1 – Sở Tư pháp – thứ Sáu" in text
    assert actions_of(built) == ["pick", "pickall"]


async def test_who_only_stands_in_for_others_cannot_answer_for_all(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        await filling.person("Quản trị", PostRole.ADMIN)
        agency = await filling.agency("Sở Tư pháp")
        for key in ("I.1", "I.2"):
            await filling.task(key, [agency], FRIDAY)
    assert actions_of((await planned(sqlite, FRIDAY))["Quản trị"]) == ["pick"]


@pytest.mark.parametrize(
    ("last_day", "said"),
    [
        (FRIDAY, "Hạn hôm nay, thứ Sáu 16/10/2026"),
        (
            FRIDAY + DAY,
            "Hạn ngày mai, thứ Bảy 17/10/2026 · ngày nghỉ (thứ Bảy), nên gửi trong hôm nay",
        ),
        (FRIDAY + 3 * DAY, "Hạn thứ Hai 19/10/2026 – còn 3 ngày"),
        (
            FRIDAY + 9 * DAY,
            "Hạn Chủ nhật 25/10/2026 – còn 9 ngày"
            " · ngày nghỉ (Chủ nhật), nên gửi trong ngày thứ Sáu 23/10",
        ),
    ],
)
async def test_a_day_says_how_far_it_is_and_when_to_send_if_it_is_off(
    sqlite: Database, last_day: date, said: str
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        await filling.task("I.1", [agency], last_day)
    lines = text_of((await planned(sqlite, FRIDAY))["An"]).splitlines()
    assert said in [line.partition(" ")[2] for line in lines]  # after its mark


@pytest.mark.parametrize(
    ("printed", "granted", "said"),
    [
        ((1,), 0, "kế hoạch ghi “trước 17/10/2026”"),
        ((1, 1), 0, "kế hoạch ghi “trước 17/10/2026”"),
        ((1, 2), 0, None),
        ((1, None), 0, None),
        ((0,), 0, None),
        ((1,), 3, None),
    ],
)
async def test_a_day_that_the_plan_prints_differently_is_said_unless_more_time_was_given(
    sqlite: Database, printed: tuple[int | None, ...], granted: int, said: str | None
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        for number, days in enumerate(printed):
            (one,) = await filling.task(f"I.{number}", [agency], FRIDAY)
            one.last_day = FRIDAY + granted * DAY
            deadline = await filling.session.get_one(Deadline, one.deadline_id)
            deadline.printed_day = None if days is None else FRIDAY + days * DAY
            filling.session.add_all([one, deadline])
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert "• I.0" in text
    assert said in text if said is not None else "kế hoạch ghi" not in text


@pytest.mark.parametrize(("count", "more"), [(1, None), (2, None), (12, None), (13, "1")])
async def test_the_question_names_twelve_tasks_and_counts_the_others(
    sqlite: Database, count: int, more: str | None
) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number in range(1, count + 1):
            await filling.task(f"II.{number}", [agency], FRIDAY + 20 * DAY)
    built = (await planned(sqlite, FRIDAY))["An"]
    (asked,) = [line for line in text_of(built).splitlines() if "chưa có thông tin" in line]
    keys = ", ".join(f"II.{number}" for number in range(1, min(count, 12) + 1))
    rest = f" và {more} việc khác" if more is not None else ""
    assert asked.endswith(f"thông tin: {keys}{rest}. Đề nghị anh/chị cho biết tình hình.")
    assert ("asked" in actions_of(built)) == (count > 1)


async def test_what_was_heard_of_since_is_asked_about_no_more(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number in range(3):
            await filling.task(f"II.{number}", [agency], FRIDAY + 20 * DAY)
        await filling.task("I.1", [agency], FRIDAY)
    await planned(sqlite, FRIDAY)
    async with sqlite.write() as session:
        asked = await session.exec(select(Assignment).where(Assignment.last_day != FRIDAY))
        for row, hour in zip(asked.all(), (5, 6, 7), strict=True):
            row.changed_at = at(FRIDAY, hour, 0)  # the day was planned at half past six
            session.add(row)
        on_day = (await session.exec(select(Assignment).where(Assignment.last_day == FRIDAY))).one()
        on_day.changed_at = at(FRIDAY, 7, 0)
        session.add(on_day)
    assert [line.key for line in (await made(sqlite, FRIDAY))["An"].lines] == [
        "I.1",
        "II.0",
        "II.1",
    ]


async def test_a_task_with_more_time_since_is_left_out(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        tasks = [await filling.task(f"I.{n}", [agency], FRIDAY) for n in range(3)]
    await planned(sqlite, FRIDAY)
    async with sqlite.write() as session:
        for (one,), days in zip(tasks, (-7, 0, 7), strict=True):
            row = await session.get_one(Assignment, one.id)
            row.last_day = FRIDAY + days * DAY
            session.add(row)
    assert [line.key for line in (await made(sqlite, FRIDAY))["An"].lines] == ["I.1"]


@pytest.mark.parametrize("order", [("start", "later-2026-10-16"), ("later-2026-10-16", "start")])
async def test_of_two_steps_of_a_task_the_message_speaks_of_the_nearer_one(
    sqlite: Database, order: tuple[str, str]
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        chat = (await filling.session.exec(select(Chat))).one()
        (one,) = await filling.task("I.1", [agency], FRIDAY + 9 * DAY)
        notice = Notice(
            chat_id=chat.id,
            day=FRIDAY,
            kind="morning",
            not_before=at(FRIDAY),
            planned_at=at(FRIDAY),
        )
        filling.session.add(notice)
        await filling.session.flush()
        for step in order:
            filling.session.add(
                NoticeLine(
                    notice_id=notice.id,
                    chat_id=chat.id,
                    assignment_id=one.id,
                    step=step,
                    last_day=FRIDAY + 9 * DAY,
                )
            )
            await filling.session.flush()
    built = (await made(sqlite, FRIDAY))["An"]
    assert [line.step for line in built.lines] == ["start"]
    assert "bắt đầu kỳ thực hiện" in text_of(built)


@pytest.mark.parametrize(
    ("title", "milestone", "said"),
    [
        ("Rà soát văn bản", None, "Rà soát văn bản"),
        ("Rà soát văn bản", "Báo cáo quý", "Rà soát văn bản: Báo cáo quý"),
        ("Gửi báo cáo quý về Sở", "Báo cáo quý", "Gửi báo cáo quý về Sở"),
        ("a" * 110, None, "a" * 110),
        ("a" * 111, None, "a" * 109 + "…"),
    ],
)
async def test_a_line_has_the_title_and_the_part_that_it_does_not_name(
    sqlite: Database, title: str, milestone: str | None, said: str
) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        (one,) = await filling.task("I.1", [agency], FRIDAY, title=title)
        deadline = await filling.session.get_one(Deadline, one.deadline_id)
        part = await filling.session.get_one(TaskMilestone, deadline.milestone_id)
        part.what = milestone
        filling.session.add(part)
    assert f"• I.1 {said} – " in text_of((await planned(sqlite, FRIDAY))["An"])


async def test_a_deadline_of_no_part_of_its_task_is_told_too(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY) as filling:
        agency = await filling.agency("Sở A", focal_point="An")
        (one,) = await filling.task("I.1", [agency], FRIDAY)
        (await filling.session.get_one(Deadline, one.deadline_id)).milestone_id = None
    assert "• I.1 Việc I.1 – " in text_of((await planned(sqlite, FRIDAY))["An"])


async def test_each_line_shows_what_belongs_to_its_own_task(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        person = await filling.person("An", PostRole.FOCAL_POINT, await filling.agency("Sở 0"))
        for number in (1, 2, 3):
            agency = await filling.agency(f"Sở {number}")
            post = Post(person_id=person.id, role=PostRole.FOCAL_POINT, made_at=at(FRIDAY))
            post.agency_id = agency.id
            filling.session.add(post)
            plan = await filling.plan(f"{number}0/KH-UBND")
            (one,) = await filling.task(f"I.{number}", [agency], FRIDAY, plan=plan)
            if number == 2:
                filling.session.add(
                    Extension(
                        assignment_id=one.id,
                        asked_at=at(FRIDAY),
                        from_day=FRIDAY,
                        wanted_day=FRIDAY + 9 * DAY,
                        reason="x",
                    )
                )
    text = text_of((await planned(sqlite, FRIDAY))["An"])
    assert [line for line in text.splitlines() if line.startswith("• ")] == [
        "• I.1 (KH 10/KH-UBND) Việc I.1 – Sở 1 – thứ Sáu 16/10, hôm nay",
        "• I.2 (KH 20/KH-UBND) Việc I.2 – Sở 2 – thứ Sáu 16/10, hôm nay"
        " · đang chờ trả lời đề nghị gia hạn đến 25/10/2026",
        "• I.3 (KH 30/KH-UBND) Việc I.3 – Sở 3 – thứ Sáu 16/10, hôm nay",
    ]


@pytest.mark.parametrize(
    ("status", "mine", "actions"),
    [
        (Status.NEW, True, ["got", "done", "more", "later", "show"]),
        (Status.RETURNED, True, ["got", "done", "more", "later", "show"]),
        (Status.IN_PROGRESS, True, ["done", "more", "later", "show"]),
        (Status.RECEIVED, True, ["done", "more", "later", "show"]),
        (Status.REPORTED, True, ["show"]),
        (Status.DONE, True, ["show"]),
        (Status.NEW, False, ["show"]),
        (Status.DONE, False, ["show"]),
    ],
)
def test_a_task_has_the_buttons_of_what_can_be_done_about_it(
    status: Status, mine: bool, actions: list[str]
) -> None:
    rows = message.make_task_buttons(5, 7, status, mine=mine)
    found = [button.action for row in rows for button in row]
    assert found == [f"{name}:{7 if name == 'show' else 5}" for name in actions]


async def test_a_group_reads_of_missed_deadlines_the_oldest_first_agency_by_agency(
    sqlite: Database,
) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        one, other = [await filling.agency(f"Sở {name}") for name in ("B", "A")]
        await filling.group("Tỉnh")
        await filling.task("I.1", [one], monday - DAY)
        await filling.task("I.2", [one], monday - 3 * DAY)
        await filling.task("I.3", [other, None], monday - DAY)
        await filling.task("I.4", [other], monday - DAY)
    built = (await planned(sqlite, monday, "overdue"))["Tỉnh"]
    text = text_of(built)
    assert text.startswith("🔴 Sáng 19/10/2026: 5 việc quá hạn, chưa có báo cáo hoàn thành")
    assert [line[:5].strip(" •") for line in text.splitlines() if line][1:] == [
        "Sở B",
        "I.2",
        "(chưa",
        "I.3",
        "Sở A",
        "I.3",
        "I.4",
        "Sở B",
        "I.1",
    ]
    assert "Sở A (2 việc)" in text
    assert "• I.4 Việc I.4 – Chủ nhật 18/10/2026, quá hạn 1 ngày" in text
    assert actions_of(built) == ["pick"]


async def test_a_head_reads_of_one_task_with_a_button_to_see_it(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở A")
        await filling.person("Giám đốc", PostRole.HEAD, agency)
        (one,) = await filling.task("I.1", [agency], FRIDAY)
        await filling.task("I.2", [agency], FRIDAY + 9 * DAY)
    built = (await planned(sqlite, FRIDAY + 3 * DAY, "escalation"))["Giám đốc"]
    assert "Sở A – quá hạn 1 ngày làm việc (1 việc)" in text_of(built)
    assert [b.action for row in built.what.buttons for b in row] == [f"show:{one.task_id}"]


@pytest.mark.parametrize(("count", "more"), [(12, None), (25, 13)])
async def test_a_digest_names_twelve_agencies_and_counts_the_others(
    sqlite: Database, count: int, more: int | None
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agencies = [await filling.agency(f"Xã {number:02}") for number in range(count)]
        await filling.group("Tỉnh")
        await filling.task("I.1", agencies, FRIDAY)
    text = text_of((await planned(sqlite, FRIDAY + 3 * DAY, "digest"))["Tỉnh"])
    names = "; ".join(f"Xã {number:02} 1" for number in range(12))
    rest = f" và {more} cơ quan khác" if more is not None else ""
    assert f"Quá hạn: {count} ({names}{rest})" in text


async def test_a_digest_has_only_what_there_is(sqlite: Database) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agencies = [await filling.agency(f"Sở {name}") for name in ("A", "B", "C")]
        for agency in agencies:
            await filling.group(agency.name, "agency", agency_id=agency.id)
        await filling.task("I.1", agencies[:1], monday - DAY)
        await filling.task("I.2", agencies[1:2], monday)
        await filling.task("I.3", agencies[2:], monday + 15 * DAY)
    digests = await planned(sqlite, monday, "digest")
    assert set(digests) == {"Sở A", "Sở B"}
    late, due = text_of(digests["Sở A"]), text_of(digests["Sở B"])
    assert ("Quá hạn: 1" in late, "Đến hạn trong" in late) == (True, False)
    assert ("Quá hạn:" in due, "Đến hạn trong 14 ngày tới: 1" in due) == (False, True)


@pytest.mark.parametrize("scope", ["plan", "agency"])
async def test_the_digest_of_a_group_has_what_it_is_bound_to_alone(
    sqlite: Database, scope: str
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        rows = []
        for number in (1, 2, 3):
            agency = await filling.agency(f"Sở {number}")
            plan = await filling.plan(f"{number}0/KH-UBND")
            rows.append((agency, plan))
            await filling.task(f"I.{number}", [agency], FRIDAY, plan=plan)
        agency, plan = rows[1]
        bound = {"plan_id": plan.id} if scope == "plan" else {"agency_id": agency.id}
        await filling.group("Nhóm", scope, **bound)
    built = (await planned(sqlite, FRIDAY + 3 * DAY, "digest"))["Nhóm"]
    named = "kế hoạch 20/KH-UBND" if scope == "plan" else "Sở 2"
    assert text_of(built).startswith(f"Tổng hợp thứ Hai 19/10/2026 – {named}\n")
    assert "Quá hạn: 1 (Sở 2 1)" in text_of(built)
    assert "• I.2 Việc I.2 – Sở 2 – " in text_of(built)
    assert [line.key for line in built.lines] == ["I.2"]


async def test_a_group_unbound_since_its_digest_was_planned_is_told_nothing(
    sqlite: Database,
) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        group = await filling.group("Nhóm")
        await filling.task("I.1", [await filling.agency("Sở A")], FRIDAY)
    assert "Nhóm" in await planned(sqlite, monday, "digest")
    async with sqlite.write() as session:
        (await session.get_one(Chat, group.id)).scope = None
    assert await made(sqlite, monday, "digest") == {}
