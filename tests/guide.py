"""The screens of `docs/huong-dan.md`, played by the real handlers.

`python -m tests.guide` writes them anew, and the table of `docs/quyen.md` too.

A screen is a fenced block ```` ```text ACTOR ````. Its lines that begin with a mark are the script
and stay; every other line is what the bot says:
› words            the actor types
› [words]          the actor presses that button of one of the last messages
› 📎 name          the actor sends the file of that name
‹ tin nhắn của bot what the bot sends the actor of its own accord
‹ tin nhắc 23/11/2026   the morning's reminder of that day
All screens are one story, from top to bottom, on the sample plan.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from handlers.conversation.incoming import Incoming, IncomingFile
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.conversation.rights import format_rights_page
from handlers.plans.sample import load_sample
from handlers.router import Router
from locales.answer import Answer, from_json
from locales.fluent import load_sentences, render_pages, strip_markup
from migrations.upgrade import upgrade
from models.chats import Chat
from models.notices import Notice
from models.storage.database import Database
from scheduler.rehearse import rehearse_days
from tests.support.makers import NearMaker

GUIDE = Path(__file__).parents[1] / "docs" / "huong-dan.md"
RIGHTS = GUIDE.with_name("quyen.md")
BEGIN = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ACTORS = {"dau-moi": "Trần Thị Bình", "theo-doi": "Lê Hoàng Chi", "quan-tri": "Nguyễn Văn An"}
ADMIN = "quan-tri"
BEFORE = (
    (ADMIN, "/moi Sở Khoa học và Công nghệ"),
    (ADMIN, "/moi Sở Nội vụ | người theo dõi"),
    ("theo-doi", "/start B4HT-6NUE-3CVS"),
)
"""Before the story begins: the focal point gets a code, and somebody reads the reports."""
CODES = ("K7QM-2XDR-9PWA", "B4HT-6NUE-3CVS", "M2WC-8RYK-5GDJ", "T9FA-4PXE-7HNU")
"""What the guide prints in place of the codes, which are random."""
FILES = {
    "ke-hoach-tuyen-truyen.txt": """ỦY BAN NHÂN DÂN TỈNH VÂN KHÊ
Số: 305/KH-UBND
Vân Khê, ngày 18 tháng 11 năm 2026
KẾ HOẠCH
Tuyên truyền cải cách hành chính năm 2027
STT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\tSản phẩm\tThời gian hoàn thành
1\tThi tìm hiểu về dịch vụ công trực tuyến\tSở Nội vụ\tSở Khoa học và Công nghệ\
\tThể lệ cuộc thi\tTrước ngày 15/3/2027
2\tPhát tờ rơi tại bộ phận một cửa\tUBND cấp xã\tVăn phòng UBND tỉnh\tTờ rơi\tQuý II/2027
3\tTọa đàm trên truyền hình\tSở Văn hóa, Thể thao và Du lịch\tBáo tỉnh\tBuổi tọa đàm\tHằng quý
""",
}
_FENCE = re.compile(r"^```text (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
_LINK = re.compile(r"(?<=/(?:vao|xem)/)[\w-]{20,}|(?<=/lich/)[\w-]{20,}(?=\.ics)")
BOARD = "https://nhacviec.vankhe.gov.vn"
"""Where the board of the invented province is."""
_SIGN = re.compile(r"^\W+")  # the picture that a button begins with
_IN_SIGHT = 4  # messages whose buttons a person still sees
_LONGEST = 20_000  # units of one text, so that no answer is cut
_OWN_ACCORD = "‹ tin nhắn của bot"
_REMINDER = "‹ tin nhắc "


class NoSuchButton(AssertionError):
    """The guide presses a button that none of the last messages has."""


@dataclass
class Story:
    """The bot, its people and where the story stands."""

    database: Database
    router: Router
    now: datetime = BEGIN
    said: dict[str, list[Answer]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)

    async def play(self, actor: str, script: str) -> str:
        """`script` with everything the bot says set anew."""
        lines = []
        for line in script.splitlines():
            if line.startswith(("›", "‹")):
                self.now += timedelta(minutes=1)
                lines += [line, *self._screen(await self._step(actor, line)), ""]
        return "\n".join(lines[:-1]) + "\n"

    async def _step(self, actor: str, line: str) -> list[Answer]:
        if line == _OWN_ACCORD:
            said = await self._told(actor)
        elif line.startswith(_REMINDER):
            said = await self._reminded(actor, line.removeprefix(_REMINDER))
        else:
            answer = await self.router.respond(
                self._incoming(actor, line.removeprefix("›").strip()), _silent
            )
            said = [answer] if answer is not None else []
        self.said.setdefault(actor, []).extend(said)
        return said

    def _incoming(self, actor: str, typed: str) -> Incoming:
        button = re.fullmatch(r"\[(.+)\]", typed)
        name = typed.removeprefix("📎").strip() if typed.startswith("📎") else None
        text = "" if button or name else typed
        for real, printed in self.codes.items():
            text = text.replace(printed, real)
        return Incoming(
            channel="guide",
            chat=actor,
            chat_kind="private",
            chat_title=ACTORS[actor],
            sender=actor,
            sender_name=ACTORS[actor],
            now=self.now,
            text=text,
            action=self._action(actor, button[1]) if button else None,
            file=_file(name) if name else None,
            message="1" if button else None,
        )

    def _action(self, actor: str, label: str) -> str:
        for answer in reversed(self.said[actor][-_IN_SIGHT:]):
            there = {
                _SIGN.sub("", load_sentences().to_text(b.label)): b.action
                for row in answer.buttons
                for b in row
            }
            if label in there:
                return there[label]
        raise NoSuchButton(label)

    async def _told(self, actor: str) -> list[Answer]:
        """What waits to be sent to the actor and was not shown yet."""
        async with self.database.read() as session:
            rows = await session.exec(
                select(Notice)
                .join(Chat)
                .where(Chat.address == actor, Notice.kind == "message")
                .order_by(col(Notice.id))
            )
            fresh = [
                notice for notice in rows if notice.id not in self.seen and notice.body is not None
            ]
        self.seen |= {notice.id for notice in fresh}
        return [from_json(notice.body or {}) for notice in fresh]

    async def _reminded(self, actor: str, typed: str) -> list[Answer]:
        day = date(*(int(part) for part in reversed(typed.split("/"))))
        return [
            r.what async for r in rehearse_days(self.database, day, day) if r.chat == ACTORS[actor]
        ]

    def _screen(self, said: list[Answer]) -> Iterator[str]:
        for answer in said:
            if answer.toast is not None and not answer.blocks:
                yield load_sentences().to_text(answer.toast)
            for page in render_pages(answer, _LONGEST):
                yield from self._printed(strip_markup(page)).rstrip("\n").split("\n")
            for file in answer.files:
                yield f"📎 {file.name}"
            for row in answer.buttons:
                yield "   " + " ".join(
                    f"[{load_sentences().to_text(button.label)}]" for button in row
                )

    def _printed(self, text: str) -> str:
        """`text` with the random codes as the guide prints them, and without secrets of links."""
        text = _LINK.sub("…", text)
        for real in _CODE.findall(text):
            if real not in self.codes.values():
                text = text.replace(
                    real, self.codes.setdefault(real, CODES[len(self.codes) % len(CODES)])
                )
        return text


async def _silent(_: Answer) -> None:
    """Progress is not part of a screen."""


def _file(name: str) -> IncomingFile:
    content = FILES[name].encode()

    async def fetch() -> bytes:
        return content

    return IncomingFile(name, len(content), fetch)


async def played(guide: str, folder: Path) -> str:
    """`guide` with every screen as the bot says it now.

    `folder` is for the registry and the files, empty before.
    """
    database = Database(f"sqlite:///{folder / 'guide.db'}")
    await upgrade(database)
    try:
        await load_sample(database, BEGIN)
        context = AppContext(
            database,
            HandlerOptions(admins=(f"guide:{ADMIN}",), files=folder / "plans", board_url=BOARD),
        )
        context.files = NearMaker()
        story = Story(database, Router(context))
        for actor, typed in BEFORE:
            await story.play(actor, f"› {typed}\n")
        parts, end = [], 0
        for fence in _FENCE.finditer(guide):
            parts += [guide[end : fence.start(2)], await story.play(fence[1], fence[2])]
            end = fence.end(2)
        return "".join([*parts, guide[end:]])
    finally:
        await database.close()


def main() -> None:
    """Writes the screens and the table of rights anew."""
    with tempfile.TemporaryDirectory() as folder:
        guide = asyncio.run(played(GUIDE.read_text(encoding="utf-8"), Path(folder)))
    for path, text in ((GUIDE, guide), (RIGHTS, format_rights_page())):
        changed = text != path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {'written anew' if changed else 'nothing changed'}\n")


if __name__ == "__main__":
    main()
