"""A day of six people and a group with the real bot process, killed within its first dialogues.

`make prove` kills it within every dialogue.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.application import open_registry
from models.assignments import Assignment, Extension, Report, Status
from models.audit import Audit
from models.chats import Chat
from models.people import Person, Post, PostRole
from models.plans import Plan, Task
from tests.support.botapi import BotApi, Sent
from tests.support.world import load, small_plan

pytestmark = pytest.mark.process

ADMIN, AN, BINH, CHI, DUNG, GIANG = 1, 11, 12, 13, 14, 15
NAMES = {
    ADMIN: "Quản Trị",
    AN: "Nguyễn Văn An",
    BINH: "Trần Bình",
    CHI: "Lê Chi",
    DUNG: "Vũ Dũng",
    GIANG: "Hồ Giang",
}
GROUP = -1001
SECONDS = 40.0  # a busy machine answers slowly


class Day:
    """The people's side of the day: they write, press, and read what the bot says."""

    def __init__(self, server: BotApi, database: str, *, is_deadly: bool) -> None:
        self.server = server
        self.database = database
        self.is_deadly = is_deadly  # whether the bot is killed at every chance
        self.read: dict[int, int] = {}
        self.process: asyncio.subprocess.Process | None = None

    async def starts(self, now: str) -> None:
        """The bot process starts, with its clock at `now`."""
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": self.server.token,
            "TELEGRAM_API_URL": self.server.url,
            "DATABASE_URL": self.database,
            "ADMINS": str(ADMIN),
            "SEND_RATE": "30000",
        }
        command = (sys.executable, "-m", "bot", "run", "--now", now)
        self.process = await asyncio.create_subprocess_exec(
            *command, env=environment, stderr=asyncio.subprocess.PIPE
        )

    async def is_killed(self) -> None:
        """The process dies without a word."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.communicate()

    async def may_start_again(self, now: str) -> None:
        """On a deadly day the process is killed, and starts again."""
        if self.is_deadly:
            await self.is_killed()
            await self.starts(now)

    async def sees(self, chat: int, part: str) -> Sent:
        """The first unread message in the chat that holds `part`; all up to it are read."""

        def found() -> Sent | None:
            for place, message in enumerate(self.server.messages(chat)):
                if place >= self.read.get(chat, 0) and part in message.text:
                    self.read[chat] = place + 1
                    return message
            return None

        try:
            return await self.server.until(found, seconds=SECONDS)
        except TimeoutError:
            texts = [m.text for m in self.server.messages(chat)[self.read.get(chat, 0) :]]
            raise AssertionError(f"{chat} never saw {part!r}, but {texts}") from None

    async def says(self, who: int, text: str, part: str, chat: int | None = None) -> Sent:
        """`who` writes `text` and is answered with something that holds `part`."""
        self.server.says(chat or who, text, who if chat else None)
        return await self.sees(chat or who, part)

    async def presses(self, who: int, message: Sent, label: str, part: str) -> Sent:
        """`who` presses a button; the answer is a new message or replaces the old one."""
        found = next(b["text"] for b in message.buttons if label in b["text"])
        was = message.text
        self.server.presses(message, found, who)

        def answered() -> Sent | None:
            return message if message.text != was and part in message.text else None

        waiting = [asyncio.create_task(self.sees(message.chat, part))]
        waiting.append(asyncio.create_task(self.server.until(answered, seconds=SECONDS)))
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return next(iter(done)).result()


@asynccontextmanager
async def beginning(tmp_path: Path, *, is_deadly: bool) -> AsyncIterator[Day]:
    """A registry with the small plan, a server with everybody's chat, and the day to be played."""
    url = f"sqlite:///{tmp_path}/day.db"
    async with open_registry(url) as database:
        await load(database, small_plan())
    async with BotApi() as server:
        for number, name in NAMES.items():
            server.person(number, name)
        server.group(GROUP, "Tổ công tác")
        day = Day(server, url, is_deadly=is_deadly)
        try:
            yield day
        finally:
            await day.is_killed()


async def everybody_joins(day: Day) -> None:
    invited = {
        AN: "Sở Tư pháp",
        BINH: "Sở Tài chính | đầu mối",
        CHI: "Sở Nội vụ | theo dõi",
        DUNG: "lãnh đạo tỉnh",
        GIANG: "Sở Tư pháp | người xem",
    }
    for who, what in invited.items():
        made = await day.says(ADMIN, f"/moi {what}", "Mã mời")
        code = re.search(r"t\.me/nhacviec_bot\?start=(\S+)", made.text)
        assert code is not None
        await day.says(who, f"/start {code[1]}", "Từ nay")
        await day.sees(ADMIN, "đã tham gia")


async def questions(day: Day) -> None:
    await day.says(AN, "việc của tôi", "I.1")
    await day.says(DUNG, "sở tài chính còn gì chưa xong", "I.2")
    await day.says(999, "nhiệm vụ của Sở Tư pháp", "mã mời")


async def first_dialogues(day: Day) -> tuple[Sent, Sent]:
    """Killed while evidence, a day, an agency and an invitation are waited for."""
    await day.says(AN, "đã hoàn thành I.1", "minh chứng")
    await day.says(BINH, "xin gia hạn I.2", "đến ngày nào")
    await day.says(CHI, "/them", "cơ quan nào chủ trì")
    await day.says(ADMIN, "/moi", "Anh/chị mời")
    await day.is_killed()
    await day.starts("2026-11-20T09:30")
    await day.says(AN, "BC số 5/BC-STP ngày 19/11/2026", "5/BC-STP")
    report = await day.sees(CHI, "báo cáo hoàn thành")
    right = await day.says(BINH, "25/12", "Thứ Sáu 25/12/2026")
    await day.says(CHI, "Sở Tài chính", "Tên nhiệm vụ")
    await day.says(CHI, "Tổng hợp kiến nghị", "Thời hạn")
    shown = await day.says(CHI, "trước 20/12/2026", "xem lại trước khi lưu")
    await day.presses(CHI, shown, "Lưu", "Đã lưu nhiệm vụ BS.1")
    await day.sees(BINH, "Nhiệm vụ mới của cơ quan")
    await day.says(ADMIN, "Sở Y tế", "đầu mối của Sở Y tế")
    return report, right


async def second_dialogues(day: Day, report: Sent, right: Sent) -> Sent:
    """A kill may come while reasons and a role are waited for; a press is given twice."""
    await day.presses(BINH, right, "Đúng", "lý do")
    day.server.replays(1)
    await day.presses(CHI, report, "Trả lại", "lý do trả lại")
    card = await day.says(ADMIN, "/quyen Hồ Giang", "người xem của Sở Tư pháp")
    await day.presses(ADMIN, card, "Thêm vai trò", "nhận thêm vai trò gì")
    await day.may_start_again("2026-11-20T10:00")
    await day.says(CHI, "thiếu phụ lục", "Đã trả lại")
    await day.sees(AN, "thiếu phụ lục")
    await day.says(BINH, "chờ số liệu kho bạc", "Đã ghi đề nghị gia hạn")
    await day.says(ADMIN, "người xem", "người xem")
    return await day.sees(CHI, "đề nghị gia hạn")


async def third_dialogues(day: Day, request: Sent) -> None:
    """A kill may come while a document's number, progress, and a decision are waited for."""
    await day.presses(CHI, request, "Đồng ý", "số văn bản đồng ý")
    await day.says(AN, "đang thực hiện I.1", "tình hình")
    day.server.sends_file(
        ADMIN, "ke-hoach.json", small_plan("77/KH-UBND", 2027).model_dump_json().encode()
    )
    preview = await day.sees(ADMIN, "77/KH-UBND")
    await day.may_start_again("2026-11-20T10:30")
    await day.says(CHI, "567/UBND-NC", "Đã ghi gia hạn")
    await day.sees(BINH, "Đã ghi gia hạn")
    await day.says(AN, "đã lấy ý kiến các phòng", "Đã ghi tình hình")
    await day.presses(ADMIN, preview, "Nhập", "5")


async def fourth_dialogues(day: Day) -> None:
    """A kill may come while an absence, a task's field, a reason, a group's part are waited for."""
    day.server.joins(GROUP, user=ADMIN)
    await day.sees(GROUP, "/gannhom")
    offer = await day.says(ADMIN, "/gannhom", "gắn nhóm với phần nào", GROUP)
    whom = await day.says(AN, "/bangiao", "cho ai")
    await day.presses(AN, whom, "Hồ Giang", "bao lâu")
    what = await day.says(CHI, "/sua I.2", "sửa gì")
    await day.presses(CHI, what, "Tên", "Tên nhiệm vụ")
    await day.says(ADMIN, "/xoa II.2", "lý do hủy")
    await day.may_start_again("2026-11-20T11:00")
    await day.presses(ADMIN, offer, "15/KH-UBND", "kế hoạch 15/KH-UBND")
    sure = await day.says(AN, "từ 23/11 đến 27/11", "thứ Hai 23/11/2026")
    await day.presses(AN, sure, "Đúng", "làm đầu mối")
    await day.sees(GIANG, "làm thay")
    shown = await day.says(CHI, "Công khai quyết toán ngân sách năm 2025", "sau khi sửa")
    await day.presses(CHI, shown, "Lưu", "Đã sửa")
    sure = await day.says(ADMIN, "đã giao trong văn bản khác", "Hủy nhiệm vụ này")
    await day.presses(ADMIN, sure, "Hủy nhiệm vụ", "Đã ghi hủy nhiệm vụ II.2")


async def the_report_is_confirmed(day: Day) -> None:
    await day.says(AN, "báo cáo xong I.1, số 6/BC-STP ngày 20/11/2026", "6/BC-STP")
    report = await day.sees(CHI, "6/BC-STP")
    await day.presses(CHI, report, "Xác nhận", "Đã xác nhận")
    await day.sees(AN, "đã xác nhận hoàn thành")


async def a_year_is_closed(day: Day) -> None:
    """A kill may come while the reason is waited for."""
    asked = await day.says(ADMIN, "/ketthuc 77", "còn 5 nhiệm vụ chưa xong")
    await day.presses(ADMIN, asked, "cả 5 nhiệm vụ", "lý do")
    await day.may_start_again("2026-11-20T16:00")
    sure = await day.says(ADMIN, "nhập nhầm kế hoạch", "Kết thúc kế hoạch")
    await day.presses(ADMIN, sure, "Đồng ý", "Đã kết thúc kế hoạch")


async def the_morning_comes(day: Day) -> None:
    """The next working day: those who stand in are reminded, the group gets its digest."""
    await day.is_killed()
    await day.starts("2026-11-23T07:40")
    reminder = await day.sees(GIANG, "Nhắc việc")
    assert "II.1" in reminder.text
    await day.sees(GROUP, "Tổng hợp")


async def what_remains(day: Day) -> None:
    """The registry after the day: everything once, nothing lost."""
    async with open_registry(day.database) as database, database.read() as session:
        tasks = {
            t.key: t for t in await session.exec(select(Task).order_by(col(Task.plan_id).desc()))
        }
        first = (
            await session.exec(select(Assignment).where(Assignment.task_id == tasks["I.1"].id))
        ).all()
        reports = (await session.exec(select(Report).order_by(col(Report.id)))).all()
        extensions = (await session.exec(select(Extension))).all()
        plans = {p.number: p.closed_on for p in await session.exec(select(Plan))}
        roles = (
            await session.exec(
                select(Post.role, col(Post.from_day))
                .join(Person)
                .where(Person.address == str(GIANG))
                .order_by(col(Post.id))
            )
        ).all()
        group = (await session.exec(select(Chat).where(Chat.address == str(GROUP)))).one()
        faults = (await session.exec(select(Audit).where(Audit.action == "fault"))).all()
    assert [a.status for a in first if a.ended_on is None] == [Status.DONE]
    assert [(r.number, r.decision) for r in reports] == [
        ("5/BC-STP", "returned"),
        ("6/BC-STP", "confirmed"),
    ]
    assert [(e.granted_day, e.document) for e in extensions] == [
        (date(2026, 12, 25), "567/UBND-NC")
    ]
    assert tasks["I.2"].title == "Công khai quyết toán ngân sách năm 2025"
    assert tasks["II.2"].cancel_reason == "đã giao trong văn bản khác"
    assert plans == {"15/KH-UBND": None, "77/KH-UBND": date(2026, 11, 20)}
    assert (PostRole.FOCAL_POINT, date(2026, 11, 23)) in roles
    assert group.scope == "plan"
    assert not faults


async def test_a_day_with_the_real_process(tmp_path: Path) -> None:
    await play_day(tmp_path, is_deadly=False)


async def play_day(tmp_path: Path, *, is_deadly: bool) -> None:
    """The whole day, with what remains of it."""
    async with beginning(tmp_path, is_deadly=is_deadly) as day:
        await day.starts("2026-11-20T09:00")
        await everybody_joins(day)
        await questions(day)
        report, right = await first_dialogues(day)
        request = await second_dialogues(day, report, right)
        await third_dialogues(day, request)
        await fourth_dialogues(day)
        await the_report_is_confirmed(day)
        await a_year_is_closed(day)
        await the_morning_comes(day)
        texts = [message.text for message in day.server.order]
        await day.is_killed()
        await what_remains(day)
    assert not [text for text in texts if "có lỗi, đã ghi lại" in text]
