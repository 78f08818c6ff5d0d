"""Sending: each notice once, each failure its own way (docs/dev/reminders.md rules 14 to 16)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, TextClause, bindparam, text
from sqlmodel import col, select, update

from locales.answer import make_answer, say, to_json
from models.agencies import Agency
from models.assignments import Assignment, Status
from models.chats import Chat
from models.notices import FailureReason, Notice, NoticeStatus, list_outcomes, queue_message
from models.people import Person, Post, PostRole
from models.plans import Plan, Task
from models.storage.database import Database
from models.storage.fields import Moment
from models.storage.processes import make_lease_moment
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.delivery import (
    BadMarkup,
    Moved,
    NotDelivered,
    QuotaSpent,
    Rejected,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
)
from scheduler.due_sql import DUE_NOTICES, UNLOCKED_DUE_NOTICES
from scheduler.planning import planner, waiting
from scheduler.sender import Claim, NoticeSender
from tests.support.fakes import FakeDelivery, Filling, TestClock, at, fill
from tests.support.registries import (
    PostgresRegistry,
    copy_registry,
    fill_copy,
    open_postgres,
)

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)
MORNING = at(FRIDAY, 7, 30)

# Claims, leases, the order of what is due and each statement that is written as SQL run on both.
ON_EACH = pytest.mark.parametrize("stage", ["sqlite", "postgresql"], indirect=True)


@dataclass
class Stage:
    """A registry with three agencies, their focal points and a task of each due today, planned; and
    a sender."""

    database: Database
    clock: TestClock
    channel: FakeDelivery = field(default_factory=FakeDelivery)
    chance: float = 0.0

    def sender(self, channel: FakeDelivery | None = None, **options: Any) -> NoticeSender:
        return NoticeSender(
            self.database,
            {"test": channel or self.channel},
            rules.Defaults(),
            self.clock,
            chance=lambda: self.chance,
            **options,
        )

    async def send(self) -> int:
        return await self.sender().send_due()

    async def let_pass(self, seconds: float) -> None:
        """Let time pass by the clock of the sender and by that of the registry's leases."""
        self.clock.forward(seconds=seconds)
        if not self.database.is_sqlite:
            earlier = text(f"UPDATE notice SET lease_until = lease_until - INTERVAL '{seconds} s'")
            async with self.database.write() as session:
                await run_statement(session, earlier)

    async def leave_claims(self) -> None:
        """Let a sender claim everything and be killed."""

        async def crash() -> None:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await self.sender(FakeDelivery(pause=crash)).send_due()
        assert {n.status for n in (await self.notices()).values()} == {NoticeStatus.SENDING}

    async def notices(self) -> dict[str, Notice]:
        """The notices with lines by the title of their chat."""
        async with self.database.read() as session:
            rows = await session.exec(
                select(Chat.title, Notice)
                .join(Notice)
                .where(Notice.kind != "message")
                .order_by(col(Notice.id))
            )
            return dict(rows.all())

    async def messages(self) -> list[str]:
        """The ids of the sentences queued as messages."""
        async with self.database.read() as session:
            found = (await session.exec(select(Notice).where(Notice.kind == "message"))).all()
        return [notice.body["blocks"][0]["id"] for notice in found if notice.body]


@pytest.fixture(scope="session")
def planned_registry(tmp_path_factory: pytest.TempPathFactory, empty_registry: Path) -> Path:
    """The registry of a stage on SQLite, made once and copied."""
    return fill_copy(empty_registry, tmp_path_factory.mktemp("planned"), set_stage)


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    planned_registry: Path,
    postgres: PostgresRegistry,
) -> AsyncIterator[Stage]:
    """A stage on SQLite; a test that is marked `ON_EACH` gets one on PostgreSQL as well."""
    if getattr(request, "param", "sqlite") == "postgresql":
        async with open_postgres(postgres) as database:
            yield await set_stage(database)
        return
    database = copy_registry(planned_registry, tmp_path)
    yield Stage(database, TestClock(MORNING))
    await database.close()


async def set_stage(database: Database) -> Stage:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        await filling.person("Quản trị", PostRole.ADMIN)
        for name in ("An", "Bình", "Chi"):
            agency = await filling.agency(f"Sở của {name}")
            await filling.person(name, PostRole.FOCAL_POINT, agency, chat=name)
            await filling.task(f"{name}.1", [agency], FRIDAY)
        in_force = await rules.load_rules(filling.session, rules.Defaults())
        await planner.plan_day(filling.session, FRIDAY, at(FRIDAY, 6), in_force)
    return Stage(database, TestClock(MORNING))


def once(error: Exception, chat: str = "An") -> FakeDelivery:
    """A channel that fails the first time in one chat."""
    left = [error]
    return FakeDelivery(fault=lambda to, what: left.pop() if to == chat and left else None)


def always(error: Exception, chat: str = "An") -> FakeDelivery:
    return FakeDelivery(fault=lambda to, what: error if to == chat else None)


@ON_EACH
async def test_each_is_sent_once_and_the_message_id_kept(stage: Stage) -> None:
    assert await stage.send() == 3
    assert await stage.send() == 0
    assert sorted(delivered.chat for delivered in stage.channel.arrived) == ["An", "Bình", "Chi"]
    for notice in (await stage.notices()).values():
        assert (notice.status, notice.attempts, notice.again) == (NoticeStatus.SENT, 1, False)
        assert notice.ended_at == stage.clock.moment
    assert {n.message for n in (await stage.notices()).values()} == {"1", "2", "3"}


@ON_EACH
async def test_the_outcomes_of_a_day_name_each_chat_and_person_once(stage: Stage) -> None:
    stage.channel = once(Rejected("refused"), "Bình")
    await stage.send()
    async with stage.database.read() as session:
        found = await list_outcomes(session, FRIDAY, 0, 20)
    with_lines = [(one.chat, one.person, one.notice.status) for one in found if one.lines]
    assert with_lines == [
        ("Bình", "Bình", NoticeStatus.FAILED),
        ("Chi", "Chi", NoticeStatus.SENT),
        ("An", "An", NoticeStatus.SENT),
    ]


async def test_nothing_goes_out_before_its_hour_at_night_or_on_a_day_off(stage: Stage) -> None:
    for moment in (
        at(FRIDAY, 7, 29),
        at(FRIDAY, 18, 0),
        at(FRIDAY + DAY, 10),
        at(FRIDAY + 2 * DAY, 10),
    ):
        stage.clock.moment = moment
        assert await stage.send() == 0
    stage.clock.moment = at(FRIDAY + 3 * DAY, 7, 0)
    assert await stage.send() == 3


async def test_answers_to_work_just_done_go_out_at_any_hour(stage: Stage) -> None:
    stage.clock.moment = at(FRIDAY, 22, 0)
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        said = to_json(make_answer(say("plain", text="Đã xác nhận")))
        for _ in range(2):
            await queue_message(session, chat.id, said, token="t", now=stage.clock(), today=FRIDAY)
    assert await stage.send() == 1
    assert stage.channel.to("An") == ["Đã xác nhận"]


async def test_an_answer_that_did_not_arrive_waits_first_as_a_reminder_does(stage: Stage) -> None:
    stage.clock.moment = at(FRIDAY, 22, 0)
    stage.channel = always(NotDelivered("refused"))
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        said = to_json(make_answer(say("plain", text="Đã xác nhận")))
        await queue_message(session, chat.id, said, token="t", now=stage.clock(), today=FRIDAY)
    await stage.send()
    async with stage.database.read() as session:
        notice = (await session.exec(select(Notice).where(Notice.token == "t"))).one()
    assert notice.not_before - stage.clock.moment == timedelta(seconds=2)


async def test_what_was_done_since_it_was_planned_is_left_out(stage: Stage) -> None:
    async with stage.database.write() as session:
        assignment = (await session.exec(select(Assignment).order_by(col(Assignment.id)))).first()
        assert assignment is not None
        assignment.status = Status.DONE
        session.add(assignment)
    await stage.send()
    assert stage.channel.to("An") == []
    assert (await stage.notices())["An"].status == NoticeStatus.DROPPED


@pytest.mark.parametrize(
    "error", [NotDelivered("refused"), ServerFault("HTTP 502"), BadMarkup("of plain text")]
)
async def test_no_connection_and_5xx_are_tried_again_after_a_growing_wait(
    stage: Stage, error: Exception
) -> None:
    stage.channel = always(error)
    waits = []
    for _ in range(4):
        await stage.send()
        notice = (await stage.notices())["An"]
        assert (notice.status, notice.again) == (NoticeStatus.PENDING, False)
        waits.append((notice.not_before - stage.clock.moment).total_seconds())
        assert await stage.sender().seconds_to_next(20) == waits[-1]
        stage.clock.moment = notice.not_before
    assert waits == [2, 4, 8, 16]
    stage.channel.fault = None
    await stage.send()
    assert (await stage.notices())["An"].status == NoticeStatus.SENT
    assert "(gửi lại)" not in stage.channel.to("An")[0]


async def test_chance_shortens_a_wait_by_up_to_half(stage: Stage) -> None:
    stage.channel, stage.chance = always(NotDelivered("refused")), 1.0
    for wait in (1, 2, 4):
        await stage.send()
        notice = (await stage.notices())["An"]
        assert (notice.not_before - stage.clock.moment).total_seconds() == wait
        stage.clock.moment = notice.not_before


@pytest.mark.parametrize("attempts", [9, 10, 2000])
async def test_no_wait_is_longer_than_a_quarter_of_an_hour(stage: Stage, attempts: int) -> None:
    stage.channel = always(NotDelivered("refused"))
    async with stage.database.write() as session:
        await run_statement(session, text("UPDATE notice SET attempts = :n"), {"n": attempts})
    await stage.send()
    notice = (await stage.notices())["An"]
    assert notice.not_before - stage.clock.moment == timedelta(minutes=15)


async def test_after_24_hours_of_sending_time_it_has_failed_and_the_admins_are_told(
    stage: Stage,
) -> None:
    stage.channel = always(NotDelivered("refused"))
    await stage.send()
    stage.clock.moment = at(FRIDAY + 4 * DAY, 9, 29)  # 10.5 + 11 + 2.5 hours, but for a minute
    await stage.send()
    assert (await stage.notices())["An"].status == NoticeStatus.PENDING
    stage.clock.moment = at(FRIDAY + 4 * DAY, 9, 30)
    await stage.send()
    assert (await stage.notices())["An"].status == NoticeStatus.FAILED
    assert await stage.messages() == ["alarm-notice-failed"]


async def test_what_a_later_day_adds_to_a_late_notice_has_its_own_24_hours(stage: Stage) -> None:
    stage.channel = always(NotDelivered("refused"))
    await stage.send()
    monday = FRIDAY + 3 * DAY
    for day in (
        monday,
        monday + DAY,
    ):  # overdue-3 on Monday; on Tuesday something new of another task
        async with stage.database.write() as session:
            in_force = await rules.load_rules(session, rules.Defaults())
            if day != monday:
                agency = (
                    await session.exec(select(Agency).where(Agency.name == "Sở của An"))
                ).one()
                there = (await session.exec(select(Plan))).one()
                await Filling(session, monday).task("An.2", [agency], day, plan=there)
            await planner.plan_day(session, day, at(day, 6), in_force)
        for minute in (29, 30):  # on Tuesday it is 24 hours of sending time after the first try
            assert await stage.messages() == []
            stage.clock.moment = at(day, 9, minute)
            await stage.send()
    notice = (await stage.notices())["An"]
    assert (notice.status, notice.first_tried_at) == (NoticeStatus.PENDING, at(FRIDAY, 7, 30))
    assert await stage.messages() == ["alarm-notice-late"]
    stage.channel.fault = None
    stage.clock.moment = notice.not_before
    await stage.send()
    assert "An.1" in stage.channel.to("An")[0]
    assert "An.2" in stage.channel.to("An")[0]


@ON_EACH
async def test_what_may_have_arrived_is_sent_again_and_marked(stage: Stage) -> None:
    left: list[Exception] = [Uncertain("read timeout")]
    stage.channel = FakeDelivery(late=lambda to, what: left.pop() if to == "An" and left else None)
    await stage.send()
    notice = (await stage.notices())["An"]
    assert (notice.status, notice.again) == (NoticeStatus.UNCERTAIN, True)
    stage.clock.moment = notice.not_before
    await stage.send()
    first, second = stage.channel.to("An")
    assert not first.startswith("(gửi lại)")
    assert second.startswith("(gửi lại)")
    assert (await stage.notices())["An"].status == NoticeStatus.SENT


async def test_an_unforeseen_failure_of_a_channel_counts_as_uncertain(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.channel = once(ZeroDivisionError("bug"))
    await stage.send()
    assert (await stage.notices())["An"].status == NoticeStatus.UNCERTAIN
    assert "unforeseen" in caplog.text


@ON_EACH
async def test_too_fast_holds_that_chat_and_no_other(stage: Stage) -> None:
    stage.channel = once(TooFast(30))
    assert await stage.send() == 2
    notice = (await stage.notices())["An"]
    assert (notice.status, notice.attempts) == (NoticeStatus.PENDING, 0)
    stage.clock.forward(seconds=29)
    assert await stage.send() == 0
    stage.clock.forward(seconds=1)
    assert await stage.send() == 1


async def _offer_other_chat(stage: Stage, other: FakeDelivery) -> NoticeSender:
    """A sender; An's quota is spent, and An has a chat on the channel `other`, too."""
    async with stage.database.write() as session:
        an = (await session.exec(select(Person).where(Person.name == "An"))).one()
        session.add(
            Chat(channel="other", address="An-2", kind="private", title="An-2", person_id=an.id)
        )
    stage.channel = always(QuotaSpent("spent"))
    return NoticeSender(
        stage.database, {"test": stage.channel, "other": other}, rules.Defaults(), stage.clock
    )


async def _find_chats(stage: Stage) -> tuple[Chat, Chat]:
    """An's own chat and the other one."""
    async with stage.database.read() as session:
        titles = col(Chat.title).in_(("An", "An-2"))
        own, other = await session.exec(select(Chat).where(titles).order_by(col(Chat.title)))
    return own, other


@ON_EACH
async def test_where_the_quota_is_spent_the_persons_other_channel_is_used(stage: Stage) -> None:
    other = FakeDelivery()
    sender = await _offer_other_chat(stage, other)
    assert await sender.send_due() == 3
    assert [delivered.chat for delivered in other.arrived] == ["An-2"]
    assert (await stage.notices())["An"].status == NoticeStatus.SENT


async def test_if_the_other_chat_is_lost_too_the_notice_waits_for_its_own(stage: Stage) -> None:
    sender = await _offer_other_chat(stage, always(Unreachable("blocked"), "An-2"))
    await sender.send_due()
    notice = (await stage.notices())["An"]
    own, other = await _find_chats(stage)
    assert (notice.status, notice.failure) == (NoticeStatus.PENDING, FailureReason.QUOTA)
    assert own.unreachable_since is None
    assert other.unreachable_since is not None
    assert "alarm-quota-spent" in await stage.messages()


async def test_if_the_other_chat_refuses_the_message_the_notice_waits(stage: Stage) -> None:
    sender = await _offer_other_chat(stage, always(Rejected("too long"), "An-2"))
    await sender.send_due()
    assert (await stage.notices())["An"].status == NoticeStatus.PENDING


async def test_if_the_other_chat_is_too_fast_it_alone_waits(stage: Stage) -> None:
    sender = await _offer_other_chat(stage, always(TooFast(30), "An-2"))
    await sender.send_due()
    notice = (await stage.notices())["An"]
    own, other = await _find_chats(stage)
    assert (notice.status, notice.attempts) == (NoticeStatus.PENDING, 0)
    assert notice.not_before == other.not_before == stage.clock() + timedelta(seconds=30)
    assert own.not_before is None


async def test_where_the_quota_is_spent_and_no_other_channel_is_the_admins_know_once(
    stage: Stage,
) -> None:
    stage.channel = always(QuotaSpent("spent"))
    assert await stage.send() == 3  # two of the others, and the alarm
    for _ in range(2):
        notice, in_six_hours = (await stage.notices())["An"], stage.clock() + timedelta(hours=6)
        assert (notice.status, notice.attempts) == (NoticeStatus.PENDING, 0)
        async with stage.database.read() as session:
            chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        assert notice.not_before == chat.not_before == in_six_hours
        stage.clock.moment = in_six_hours
        await stage.send()
    assert await stage.messages() == ["alarm-quota-spent"]
    assert "hết số tin" in "".join(stage.channel.to("chat-1"))


@ON_EACH
async def test_a_chat_that_cannot_be_reached_is_tried_no_more_and_the_next_one_told(
    stage: Stage,
) -> None:
    stage.channel = once(Unreachable("blocked"))
    assert await stage.send() == 4  # with the message to the admin
    notices = await stage.notices()
    assert notices["An"].status == NoticeStatus.FAILED
    # nobody else of that agency, no supervisor: the admin is told at once
    await stage.send()
    assert "An.1" in "".join(
        delivered.text for delivered in stage.channel.arrived if delivered.chat == "chat-1"
    )
    assert "Chưa nhắc được cơ quan chủ trì" in stage.channel.to("chat-1")[0]
    async with stage.database.read() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
    assert chat.unreachable_since is not None
    assert await stage.send() == 0


async def test_all_that_waits_for_a_chat_that_cannot_be_reached_has_failed(
    stage: Stage,
) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        said = to_json(make_answer(say("plain", text="x")))
        later = at(FRIDAY, 12)
        await queue_message(session, chat.id, said, token="x", now=later, today=FRIDAY)
        await run_statement(
            session,
            update(Notice).where(col(Notice.token) == "x").values(status=NoticeStatus.UNCERTAIN),
        )
    stage.channel = once(Unreachable("blocked"))
    await stage.send()
    async with stage.database.read() as session:
        ended = select(Notice.status, Notice.failure).where(Notice.chat_id == chat.id)
        assert set(await session.exec(ended)) == {(NoticeStatus.FAILED, "unreachable")}
    assert "alarm-group-lost" not in await stage.messages()


async def _bind_group(stage: Stage, day: date) -> None:
    """Let a group of the province be told of the missed deadlines and the digest of `day`."""
    async with stage.database.write() as session:
        await Filling(session, FRIDAY).group("tỉnh")
        in_force = await rules.load_rules(session, rules.Defaults())
        await planner.plan_day(session, day, at(day, 5), in_force)
    stage.clock.moment = at(day)


async def test_a_group_hears_of_missed_deadlines_and_gets_its_digest(stage: Stage) -> None:
    await _bind_group(stage, FRIDAY + 3 * DAY)
    await stage.send()
    digest, missed = sorted(stage.channel.to("group-tỉnh"))
    assert digest.startswith("Tổng hợp thứ Hai 19/10/2026")
    assert missed.startswith("🔴 Sáng 19/10/2026: 3 việc quá hạn")


async def test_the_admins_know_of_a_group_that_is_lost_and_nobody_gets_its_lines(
    stage: Stage,
) -> None:
    await _bind_group(stage, FRIDAY + 3 * DAY)
    stage.channel = always(Unreachable("kicked"), "group-tỉnh")
    await stage.send()
    assert await stage.messages() == ["alarm-group-lost"]
    assert not [text for text in stage.channel.to("chat-1") if "An.1" in text]


async def test_a_chat_that_cannot_be_reached_ends_nothing_that_waits_for_others(
    stage: Stage,
) -> None:
    async with stage.database.write() as session:
        for notice in await session.exec(select(Notice).join(Chat).where(Chat.title != "An")):
            notice.not_before = at(FRIDAY, 10)
    stage.channel = once(Unreachable("blocked"))
    await stage.send()
    notices = await stage.notices()
    assert [notices[title].status for title in ("An", "Bình", "Chi")] == [
        NoticeStatus.FAILED,
        NoticeStatus.PENDING,
        NoticeStatus.PENDING,
    ]


@ON_EACH
async def test_who_lost_the_post_since_planning_is_told_nothing_and_the_next_one_is(
    stage: Stage,
) -> None:
    async with stage.database.write() as session:
        post = (await session.exec(select(Post).join(Person).where(Person.name == "An"))).one()
        post.ended_at = at(FRIDAY, 6, 30)
        person = (await session.exec(select(Person).where(Person.name == "Bình"))).one()
        person.left_at = at(FRIDAY, 6, 30)
        session.add_all([post, person])
        agency = await session.get_one(Agency, post.agency_id)
        await Filling(session, FRIDAY - DAY).person(
            "Dung", PostRole.FOCAL_POINT, agency, chat="Dung"
        )
    await stage.send()
    await stage.send()
    assert stage.channel.to("An") == stage.channel.to("Bình") == []
    (told,) = stage.channel.to("Dung")
    assert "An.1" in told
    assert "Chưa nhắc được" not in told
    (stead,) = stage.channel.to("chat-1")  # nobody else at Bình's: the admin
    assert "Bình.1" in stead
    assert "An.1" not in stead


async def test_a_group_unbound_since_planning_hears_nothing(stage: Stage) -> None:
    day = FRIDAY + 3 * DAY
    async with stage.database.write() as session:
        group = await Filling(session, FRIDAY).group("tỉnh")
        in_force = await rules.load_rules(session, rules.Defaults())
        await planner.plan_day(session, day, at(day, 5), in_force)
        kinds = set(await session.exec(select(Notice.kind).where(Notice.chat_id == group.id)))
        assert kinds == {"digest", "overdue"}
        group.scope = None
        session.add(group)
    stage.clock.moment = at(day)
    await stage.send()
    assert stage.channel.to("group-tỉnh") == []


async def test_a_group_whose_plan_was_erased_hears_of_no_other_plan(stage: Stage) -> None:
    day = FRIDAY + 3 * DAY
    async with stage.database.write() as session:
        await Filling(session, FRIDAY).group("kế hoạch", "plan", plan_id=None)
        in_force = await rules.load_rules(session, rules.Defaults())
        await planner.plan_day(session, day, at(day, 5), in_force)
    stage.clock.moment = at(day)
    await stage.send()
    assert stage.channel.to("group-kế hoạch") == []


@ON_EACH
async def test_a_pause_and_a_new_hour_move_what_waits_for_a_later_day_too(stage: Stage) -> None:
    monday = FRIDAY + 3 * DAY
    async with stage.database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        assignment = (
            await session.exec(select(Assignment).join(Task).where(Task.key == "An.1"))
        ).one()
        now = at(FRIDAY, 7)
        await waiting.remind_again_on(session, chat, [assignment], monday, now, in_force)
        moments = (
            select(Notice.not_before).where(Notice.chat_id == chat.id).order_by(col(Notice.day))
        )
        chat.remind_at = time(9)
        await waiting.move_waiting_notices(session, chat, now, in_force)
        assert list(await session.exec(moments)) == [at(FRIDAY, 9, 0), at(monday, 9, 0)]
        chat.muted_until = monday
        await waiting.move_waiting_notices(session, chat, now, in_force)
        assert list(await session.exec(moments)) == [at(monday + DAY, 9, 0)] * 2


@ON_EACH
async def test_a_group_that_moved_is_sent_to_at_its_new_address(stage: Stage) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        session.add(
            Chat(channel="test", address="-100", kind="group", title="mới", scope="province")
        )
        chat.topic = "5"
        session.add(chat)
    stage.channel = once(Moved("-100"))
    await stage.send()
    await stage.send()
    assert stage.channel.to("-100")
    notices = await stage.notices()
    assert notices["An"].status == NoticeStatus.SENT


async def test_a_missing_topic_is_left_out_at_once_and_for_good(stage: Stage) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        chat.topic = "5"
        session.add(chat)
    stage.channel = once(TopicMissing("gone"))
    assert await stage.send() == 3
    assert [d.topic for d in stage.channel.arrived if d.chat == "An"] == [None]
    async with stage.database.read() as session:
        assert (await session.exec(select(Chat).where(Chat.title == "An"))).one().topic is None


async def test_bad_markup_goes_once_more_as_plain_text(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.channel = once(BadMarkup("can't parse"))
    assert await stage.send() == 3
    assert [d.markup for d in stage.channel.arrived if d.chat == "An"] == [False]
    assert "plain text" in caplog.text


@ON_EACH
async def test_what_is_refused_for_good_has_failed_and_the_admins_are_told(stage: Stage) -> None:
    stage.channel = always(Rejected("message is too long"))
    assert await stage.send() == 4  # the admins' word goes out in the same run
    assert (await stage.notices())["An"].status == NoticeStatus.FAILED
    assert await stage.messages() == ["alarm-notice-failed"]


async def test_a_missing_topic_of_a_chat_without_one_is_a_failure(stage: Stage) -> None:
    stage.channel = always(TopicMissing("gone"))
    assert await asyncio.wait_for(stage.send(), 20) == 4
    assert (await stage.notices())["An"].status == NoticeStatus.FAILED


async def test_an_alarm_that_fails_makes_no_other_alarm(stage: Stage) -> None:
    stage.channel = FakeDelivery(fault=lambda to, what: Rejected("too long"))
    assert await stage.send() == 6  # three reminders, and an alarm about each
    assert await stage.send() == 0
    assert await stage.messages() == ["alarm-notice-failed"] * 3


async def test_a_message_that_cannot_be_made_holds_up_no_other(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "Bình"))).one()
        await queue_message(
            session,
            chat.id,
            {"blocks": [{"id": 1}]},
            token="x",
            now=at(FRIDAY, 7),
            today=FRIDAY,
        )
    assert await stage.send() == 5
    assert "cannot be made" in caplog.text
    assert len(stage.channel.to("Bình")) == 1


@ON_EACH
async def test_a_claim_whose_lease_runs_out_while_others_are_sent_is_taken_over(
    stage: Stage,
) -> None:
    """Who has much to send does not come back to what a killed process left for minutes."""
    async with stage.database.write() as session:
        over = make_lease_moment(stage.database, stage.clock(), timedelta(seconds=10))
        (chi,) = await session.exec(select(Notice.id).join(Chat).where(Chat.title == "Chi"))
        left = {"status": NoticeStatus.SENDING, "claimed_by": "killed", "lease_until": over}
        await run_statement(session, update(Notice).where(col(Notice.id) == chi).values(left))

    async def pause() -> None:
        await stage.let_pass(60)

    stage.channel.pause = pause
    assert await stage.send() == 3


@ON_EACH
async def test_a_claim_whose_lease_ran_out_is_sent_again_and_marked(stage: Stage) -> None:
    await stage.leave_claims()
    await stage.let_pass(55)
    assert await stage.send() == 0
    soon = await stage.sender().seconds_to_next(20) or 0
    assert soon == 5 if stage.database.is_sqlite else 0 < soon <= 5  # PostgreSQL's clock goes on
    await stage.let_pass(5)
    assert await stage.send() == 3
    assert all(delivered.text.startswith("(gửi lại)") for delivered in stage.channel.arrived)


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_lease_counts_by_the_registrys_clock_where_machines_differ(
    postgresql: Database, minutes: int
) -> None:
    stage = await set_stage(postgresql)
    stage.clock.forward(hours=1)
    await stage.leave_claims()
    stage.clock.forward(minutes=minutes)  # the clock of the machine that takes over
    assert await stage.send() == 0
    soon = await stage.sender().seconds_to_next(120) or 0
    assert 0 < soon <= 60  # the registry's clock goes on
    await stage.let_pass(60)
    assert await stage.send() == 3


@ON_EACH
async def test_two_senders_share_the_work_and_send_nothing_twice(stage: Stage) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        said = to_json(make_answer(say("plain", text="x")))
        for number in range(60):
            await queue_message(
                session, chat.id, said, token=str(number), now=stage.clock(), today=FRIDAY
            )
    one, other = FakeDelivery(), FakeDelivery()
    counts = await asyncio.gather(stage.sender(one).send_due(), stage.sender(other).send_due())
    assert sum(counts) == 63
    assert len(one.arrived) + len(other.arrived) == 63


@ON_EACH
async def test_a_slow_delivery_keeps_its_claim(stage: Stage) -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        begun.set()
        await gate.wait()

    class Renewing(NoticeSender):
        """Lets the delivery end once its lease was renewed."""

        async def _renew_lease(self, claim: Claim) -> bool:
            is_held = await super()._renew_lease(claim)
            gate.set()
            return is_held

    slow = Renewing(
        stage.database,
        {"test": FakeDelivery(pause=pause)},
        rules.Defaults(),
        stage.clock,
        lease=1.5,
    )
    sending = asyncio.create_task(slow.send_due())
    await begun.wait()
    await stage.let_pass(3)  # the lease of 1.5 s would be over
    assert await sending == 3
    assert all(not notice.again for notice in (await stage.notices()).values())


async def test_a_lease_that_cannot_be_renewed_breaks_no_delivery_off(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()

    async def pause() -> None:
        await gate.wait()

    class Failing(NoticeSender):
        """Lets the delivery end once its lease could not be renewed."""

        async def _renew_lease(self, claim: Claim) -> bool:
            gate.set()
            raise OSError("the registry is away")

    slow = Failing(
        stage.database,
        {"test": FakeDelivery(pause=pause)},
        rules.Defaults(),
        stage.clock,
        lease=1.5,
    )
    assert await slow.send_due() == 3
    assert {(n.status, n.again) for n in (await stage.notices()).values()} == {
        (NoticeStatus.SENT, False)
    }
    assert "cannot be renewed" in caplog.text


@ON_EACH
async def test_what_another_sender_may_send_is_broken_off(stage: Stage) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    class CutOff(NoticeSender):
        """Has no way to the registry while it sends."""

        async def _renew_lease(self, claim: Claim) -> bool:
            await asyncio.Event().wait()
            return False

    channel = FakeDelivery(pause=hang)
    cut = CutOff(stage.database, {"test": channel}, rules.Defaults(), stage.clock, lease=0.1)
    assert await asyncio.wait_for(cut.send_due(), 10) == 0
    assert not channel.arrived
    assert {(n.status, n.again) for n in (await stage.notices()).values()} == {
        (NoticeStatus.UNCERTAIN, True)
    }


async def test_what_arrived_is_not_sent_again_even_if_its_lease_was_lost(stage: Stage) -> None:
    lost = update(Notice).where(col(Notice.status) == NoticeStatus.SENDING)
    lost = lost.values(status=NoticeStatus.UNCERTAIN, claimed_by=None, lease_until=None)

    async def pause() -> None:
        async with stage.database.write() as session:
            await run_statement(session, lost)

    channel = FakeDelivery(pause=pause)
    sender = NoticeSender(
        stage.database, {"test": channel}, rules.Defaults(), stage.clock, side_by_side=1
    )
    await sender.send_due()
    assert {n.status for n in (await stage.notices()).values()} == {NoticeStatus.SENT}
    assert await stage.send() == 0
    assert [d.chat for d in channel.arrived] == ["An", "Bình", "Chi"]


async def test_what_another_sender_has_taken_over_is_broken_off(stage: Stage) -> None:

    async def pause() -> None:
        async with stage.database.write() as session:
            await run_statement(session, update(Notice).values(claimed_by="other"))
        await asyncio.Event().wait()

    channel = FakeDelivery(pause=pause)
    sender = NoticeSender(
        stage.database, {"test": channel}, rules.Defaults(), stage.clock, lease=0.3
    )
    assert await asyncio.wait_for(sender.send_due(), 20) == 0
    assert not channel.arrived
    held = {(n.status, n.claimed_by) for n in (await stage.notices()).values()}
    assert held == {(NoticeStatus.SENDING, "other")}


async def test_what_cannot_be_made_while_the_registry_is_away_is_sent_again(
    stage: Stage,
) -> None:
    async with stage.database.write() as session:
        await run_statement(session, text("ALTER TABLE extension RENAME TO gone"))
    assert await stage.send() == 0
    assert {n.status for n in (await stage.notices()).values()} == {NoticeStatus.SENDING}
    async with stage.database.write() as session:
        await run_statement(session, text("ALTER TABLE gone RENAME TO extension"))
    await stage.let_pass(60)
    assert await stage.send() == 3


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("ALTER TABLE notice RENAME TO gone", "ALTER TABLE gone RENAME TO notice"),
        (
            "CREATE TRIGGER refuse BEFORE UPDATE ON notice BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER refuse",
        ),
    ],
    ids=["registry", "program"],
)
async def test_what_arrived_but_could_not_be_stored_has_not_ended(
    stage: Stage, fault: str, end: str
) -> None:

    async def pause() -> None:
        sender.stop()
        async with stage.database.write() as session:
            await run_statement(session, text(fault))

    channel = FakeDelivery(pause=pause)
    sender = NoticeSender(
        stage.database, {"test": channel}, rules.Defaults(), stage.clock, side_by_side=1
    )
    assert await sender.send_due() == 0
    async with stage.database.write() as session:
        await run_statement(session, text(end))
    await stage.let_pass(60)
    assert await stage.send() == 3
    assert [d.text.startswith("(gửi lại)") for d in stage.channel.arrived].count(True) == 1


async def test_few_are_on_their_way_at_once_and_a_slow_one_holds_up_no_other(
    stage: Stage,
) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "Quản trị"))).one()
        said = to_json(make_answer(say("plain", text="x")))
        await queue_message(session, chat.id, said, token="x", now=stage.clock(), today=FRIDAY)
    on_their_way: list[str] = []
    counts: list[int] = []
    others_arrived = asyncio.Event()

    async def pause() -> None:
        mine = channel.tried[-1]
        on_their_way.append(mine)
        counts.append(len(on_their_way))
        await (others_arrived.wait() if mine == "An" else asyncio.sleep(0))
        on_their_way.remove(mine)

    async def note_progress() -> None:
        if len(channel.arrived) == 3:
            others_arrived.set()

    channel = FakeDelivery(pause=pause)
    sender = NoticeSender(
        stage.database,
        {"test": channel},
        rules.Defaults(),
        stage.clock,
        side_by_side=2,
        on_progress=note_progress,
    )
    assert await asyncio.wait_for(sender.send_due(), 20) == 4
    assert max(counts) == 2
    assert [d.chat for d in channel.arrived] == ["chat-1", "Bình", "Chi", "An"]


async def test_a_crash_concerns_no_more_than_twenty_four_messages(stage: Stage) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "Quản trị"))).one()
        said = to_json(make_answer(say("plain", text="x")))
        for number in range(26):
            token = str(number)
            await queue_message(session, chat.id, said, token=token, now=at(FRIDAY), today=FRIDAY)

    async def crash() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await stage.sender(FakeDelivery(pause=crash)).send_due()
    async with stage.database.read() as session:
        begun = select(Notice).where(Notice.status == NoticeStatus.SENDING)
        assert len((await session.exec(begun)).all()) == 24


async def test_messages_go_out_before_reminders(stage: Stage) -> None:
    async with stage.database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.title == "Chi"))).one()
        said = to_json(make_answer(say("plain", text="x")))
        await queue_message(session, chat.id, said, token="x", now=stage.clock(), today=FRIDAY)
    channel = FakeDelivery()
    sender = NoticeSender(
        stage.database, {"test": channel}, rules.Defaults(), stage.clock, side_by_side=1
    )
    assert await sender.send_due() == 4
    assert [d.chat for d in channel.arrived] == ["Chi", "An", "Bình", "Chi"]


async def test_a_sender_that_is_stopped_finishes_what_is_on_its_way(stage: Stage) -> None:

    async def pause() -> None:
        sender.stop()

    channel = FakeDelivery(pause=pause)
    sender = NoticeSender(
        stage.database, {"test": channel}, rules.Defaults(), stage.clock, side_by_side=2
    )
    assert not sender.is_stopping
    assert await sender.send_due() == 2
    assert sender.is_stopping


async def test_without_a_channel_nothing_is_due(stage: Stage) -> None:
    sender = NoticeSender(stage.database, {}, rules.Defaults(), stage.clock)
    assert await sender.send_due() == 0
    assert await sender.seconds_to_next(3600) is None


async def test_only_what_comes_due_soon_is_waited_for(stage: Stage) -> None:
    stage.clock.moment = at(FRIDAY, 7, 29)
    assert await stage.sender().seconds_to_next(59) is None
    assert await stage.sender().seconds_to_next(60) == 60


async def test_a_stopped_sender_claims_nothing(stage: Stage) -> None:
    stopped = stage.sender()
    stopped.stop()
    assert await stopped.send_due() == 0


@ON_EACH
async def test_chats_of_a_channel_that_is_not_there_wait(stage: Stage) -> None:
    other = NoticeSender(stage.database, {"other": stage.channel}, rules.Defaults(), stage.clock)
    assert await other.send_due() == 0
    assert {n.status for n in (await stage.notices()).values()} == {NoticeStatus.PENDING}


@ON_EACH
async def test_finding_what_is_due_uses_the_index(stage: Stage) -> None:
    values = {"now": at(FRIDAY, 8), "kind": "morning", "channels": ["test"], "most": 10}
    async with stage.database.read() as session:
        if stage.database.is_sqlite:
            shown = await run_statement(
                session, _explained("EXPLAIN QUERY PLAN ", DUE_NOTICES), values
            )
        else:
            await run_statement(
                session, text("SET LOCAL enable_seqscan = off")
            )  # a table of three rows is not worth an index
            shown = await run_statement(
                session, _explained("EXPLAIN ", UNLOCKED_DUE_NOTICES), values
            )
        assert "ix_notice_due" in " ".join(str(row) for row in shown)


def _explained(how: str, statement: TextClause) -> TextClause:
    return text(how + statement.text).bindparams(
        bindparam("now", type_=Moment()),
        bindparam("kind", type_=String()),
        bindparam("channels", expanding=True),
    )
