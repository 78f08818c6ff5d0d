"""A province that has only Zalo: the real process on an empty registry, through what the guide
says (docs/huong-dan.md), with numbers in place of buttons and a restart among them."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.prove.processes import ROOT
from tests.support.zaloapi import TOKEN, ZaloApi

pytestmark = pytest.mark.prove

AN, BINH, CHI, DUNG, GROUP = "an", "binh", "chi", "dung", "to"
FOREIGN = re.compile(r"(?<!\w)(?:bấm|nút)(?!\w)|Telegram", re.IGNORECASE)
"""What no message may speak of where there is only Zalo."""


@dataclass
class Province:
    """The bot's process, and people who write to it and read its answers."""

    server: ZaloApi
    folder: Path
    seen: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    async def start(self, now: str) -> None:
        """Starts the bot, or starts it again at a later time."""
        await self.stop()
        self.process = self._start_process(now)
        await self.server.wait_for_call("getMe")

    def _start_process(self, now: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "ZALO_BOT_TOKEN": TOKEN,
            "ZALO_API_URL": self.server.url,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/nhacviec.db",
            "ADMINS": AN,
            "TELEGRAM_BOT_TOKEN": "",
            "LOG_LEVEL": "WARNING",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--now", now],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def stop(self) -> None:
        """Asks the bot to stop, and waits."""
        if self.process is not None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait)

    async def says(self, chat: str, text: str, sender: str | None = None) -> str:
        """Somebody writes; returns the bot's next message in the chat."""
        await self.server.says(chat, text, sender)
        return await self.hears(chat)

    async def hears(self, chat: str) -> str:
        """The bot's next message in the chat."""
        at = self.seen.get(chat, 0)
        texts = await self.server.wait_for(chat, at + 1, seconds=30.0)
        self.seen[chat] = at + 1
        assert FOREIGN.search(texts[at]) is None, texts[at]
        return texts[at]

    async def chooses(self, chat: str, label: str, sender: str | None = None) -> str:
        """Somebody types the number that the last message gives a label."""
        shown = self.server.texts(chat)[self.seen[chat] - 1]
        number = re.search(rf"(\d+) (?:✅ )?{re.escape(label)}", shown)
        assert number is not None, shown
        mention = f"@{self.server.name} " if sender else ""
        return await self.says(chat, f"{mention}{number.group(1)}", sender)


async def test_all_that_needs_no_button_works_where_there_is_only_zalo(tmp_path: Path) -> None:
    async with ZaloApi() as server:
        people = {AN: "Nguyễn Văn An", BINH: "Trần Bình", CHI: "Lê Chi", DUNG: "Phạm Dũng"}
        for chat, name in people.items():
            server.person(chat, name)
        server.group(GROUP, "Tổ công tác")
        province = Province(server, tmp_path)
        try:
            await province.start("2026-11-20T09:00:00")
            await play_admin(province)
            await play_work(province)
            await play_group(province)
            await province.start("2026-11-23T07:29:55")
            assert "Nhắc việc thứ Hai" in await province.hears(BINH)
            assert "được nhắc lại" in await province.chooses(BINH, "Nhắc lại ngày mai")
            await play_end(province)
        finally:
            await province.stop()


async def play_admin(province: Province) -> None:
    """The admin enters tasks, for files are not taken, and invites people, who join."""
    assert "import" in await province.says(AN, "/start")
    assert "/them" in await province.says(AN, "/nhap")
    for title, day in (("Gửi số liệu quý", "24/11/2026"), ("Rà soát văn bản", "15/12/2026")):
        await province.says(AN, f"/them Sở Tư pháp | {title} | {day}")
        assert "Đã lưu" in await province.chooses(AN, "Lưu")
    await province.says(AN, "/them Sở Tư pháp | Việc ghi nhầm | 20/12/2026")
    await province.chooses(AN, "Lưu")
    assert "Đã bỏ" in await province.chooses(AN, "Hoàn tác")
    for chat, invited in ((BINH, "Sở Tư pháp"), (CHI, "Sở Nội vụ | người theo dõi")):
        code = re.search(r"/start [\w-]+", await province.says(AN, f"/moi {invited}"))
        assert code is not None
        assert "chương trình trả lời tự động" in await province.says(chat, code.group())
        assert "đã tham gia" in await province.hears(AN)


async def play_work(province: Province) -> None:
    """Questions, a report that is returned and confirmed, more time, a restart in between."""
    assert "Gửi số liệu quý" in await province.says(BINH, "việc của tôi")
    assert "Đề nghị gia hạn" in await province.says(BINH, "1")
    await province.start("2026-11-20T09:05:00")
    assert "minh chứng" in await province.chooses(BINH, "Đã hoàn thành")
    assert "Đường dẫn" in await province.says(BINH, "https://stp.example/bc/45")
    assert "báo cáo hoàn thành" in await province.hears(CHI)
    await province.chooses(CHI, "Trả lại")
    assert "Đã trả lại" in await province.says(CHI, "thiếu phụ lục")
    assert "thiếu phụ lục" in await province.hears(BINH)
    await province.says(BINH, "xin gia hạn BS.2 đến 22/12 vì chờ số liệu")
    assert "dừng" in await province.says(BINH, "/huy")
    await province.says(BINH, "xin gia hạn BS.2 đến 22/12 vì chờ số liệu")
    assert "Đã ghi đề nghị" in await province.chooses(BINH, "Đúng")
    assert "22/12/2026" in await province.hears(CHI)
    await province.chooses(CHI, "Đồng ý")
    assert "Đã ghi gia hạn" in await province.chooses(CHI, "Không có văn bản")
    assert "đồng ý" in await province.hears(BINH)
    assert "đến 1 người" in await province.says(CHI, "/dondoc Sở Tư pháp BS.1")
    assert "đề nghị Sở Tư pháp" in await province.hears(BINH)
    assert "Zalo" in await province.says(BINH, "/kenh")
    assert "bieu-do" in await province.says(CHI, "vẽ biểu đồ tiến độ") + await province.hears(CHI)


async def play_group(province: Province) -> None:
    """A group is bound and asks; it is heard where it names the bot."""
    called = f"@{province.server.name}"
    await province.says(GROUP, f"{called} /gannhom", AN)
    assert "Đã gắn" in await province.chooses(GROUP, "Toàn tỉnh", AN)
    assert "Tiến độ" in await province.says(GROUP, f"{called} tiến độ", BINH)


async def play_end(province: Province) -> None:
    """Duties are handed over for days, a plan is closed, people leave; numbers all the way."""
    assert "Chưa có đồng nghiệp" in await province.says(BINH, "/bangiao")
    code = re.search(r"/start [\w-]+", await province.says(AN, "/moi Sở Tư pháp"))
    assert code is not None
    await province.says(DUNG, code.group())
    assert "đã tham gia" in await province.hears(AN)
    assert "cho ai" in await province.says(BINH, "/bangiao")
    await province.chooses(BINH, "Phạm Dũng")
    await province.says(BINH, "24/11/2026 đến 27/11/2026")
    assert "Đã ghi: Phạm Dũng" in await province.chooses(BINH, "Đúng")
    assert "làm thay" in await province.hears(DUNG)
    assert "chưa xong" in await province.says(AN, "/ketthuc")
    assert "lý do" in await province.chooses(AN, "Ghi “đã hủy” cả")
    await province.says(AN, "hết năm kế hoạch")
    assert "Đã kết thúc" in await province.chooses(AN, "Đồng ý kết thúc")
    assert "chắc chắn" in await province.says(DUNG, "/roi")
    assert "Anh/chị đã rời" in await province.chooses(DUNG, "Tôi rời")
    assert "mã mời" in await province.says(DUNG, "việc của tôi")
    assert "đầu mối duy nhất" in await province.says(BINH, "/roi")
    assert "Đã dừng" in await province.says(BINH, "/huy")
    assert "người quản trị duy nhất" in await province.says(AN, "/roi")
