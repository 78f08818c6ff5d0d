"""What the pages show, and to whom: figures, tasks, one task, a plan, a month; hostile text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from models.agencies import Agency
from models.assignments import Assignment, Move, Report, make_move
from models.people import PostRole
from models.plans import Plan, Task
from tests.support.world import ADMIN, NOW, TODAY, World, load, small_plan
from tests.web.conftest import URL, Board, Browser
from web.application import make_board
from web.context import BoardContext

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} ${7*7} {% raw %}",
    "a" * 5000,
    "\u202eđảo ngược\u2066",
    "&lt;b&gt; ]]> -->",
    "' onmouseover='x",
    "\U0001f1fb\U0001f1f3 zero\u200bwidth",
)


async def agency_id(world: World, name: str) -> int:
    agency = await world.agency(name)
    assert agency is not None and agency.id is not None  # noqa: PT018
    return agency.id


async def task_id(world: World, key: str) -> int:
    found = (await world.task(key)).id
    assert found is not None
    return found


async def make_late(world: World, key: str, days: int) -> None:
    """Moves the deadlines of a task into the past."""
    async with world.database.write() as session:
        statement = select(Assignment).join(Task).where(Task.key == key)
        for assignment in await session.exec(statement):
            assignment.last_day = TODAY - timedelta(days=days)
            session.add(assignment)


async def finish(world: World, key: str) -> None:
    """Makes a task done in time, all of it."""
    async with world.database.write() as session:
        statement = select(Assignment).join(Task).where(Task.key == key)
        for row in await session.exec(statement):
            await make_move(
                session, row, Move.FINISH, now=NOW, person_id=None, done_on=row.last_day
            )


async def set_title(world: World, key: str, title: str) -> None:
    async with world.database.write() as session:
        task = (await session.exec(select(Task).where(Task.key == key))).one()
        task.title = title
        session.add(task)


def texts(page: str) -> str:
    """The words of a page without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


# --- the first page ---


async def test_the_first_page_names_who_is_late_and_by_how_much(
    board: Board, viewer: Browser
) -> None:
    await finish(board.world, "II.1")
    await make_late(board.world, "I.2", 12)
    page = await viewer.text("/")
    row = texts(page[page.index("Sở Tài chính") :])
    assert row.startswith("Sở Tài chính 1 12 ngày")
    assert "Việc quá hạn (1)" in page
    assert "quá hạn 12 ngày" in page


async def test_the_agency_that_is_latest_comes_first(board: Board, viewer: Browser) -> None:
    await finish(board.world, "II.1")
    await make_late(board.world, "I.1", 3)
    await make_late(board.world, "I.2", 30)
    page = await viewer.text("/")
    order = [page.index(name) for name in ("Sở Tài chính", "Sở Tư pháp", "Sở Nội vụ")]
    assert order == sorted(order)


async def test_a_collective_stands_behind_and_is_not_ranked(board: Board, viewer: Browser) -> None:
    await make_late(board.world, "I.3", 90)
    page = await viewer.text("/")
    assert page.index("Sở Tài chính") < page.index("Các sở, ban, ngành")
    row = texts(page[page.index("Các sở, ban, ngành") :])
    assert row.startswith("Các sở, ban, ngành – – – – 0/1, quá hạn 1")


async def test_the_figures_are_those_of_the_chat(board: Board, viewer: Browser) -> None:
    await make_late(board.world, "I.2", 12)
    said = (await board.world.says("9", "tiến độ")).text
    done, count = re.findall(r"(\d+)/(\d+)", said)[0]
    assert f"Đã xong {done}/{count} lượt" in texts(await viewer.text("/"))


async def test_every_page_is_shown_from_each_kind_of_database(both: World) -> None:
    both.app.options = replace(both.app.options, board_url=URL)
    board = Board(both, make_board(BoardContext(both.app, lambda: both.now, URL)))
    await both.joins("9", PostRole.VIEWER)
    browser = await board.open_for("9")
    await make_late(both, "I.2", 12)
    page = await browser.text("/")
    assert "12 ngày" in texts(page[page.index("Sở Tài chính") :])[:40]
    number = await agency_id(both, "Sở Tài chính")
    for path in (
        f"/co-quan/{number}?trang-thai=qua-han&thang=2026-11&tim=quyet+toan",
        f"/nhiem-vu/{await task_id(both, 'I.2')}",
        "/lich?xem=qua-han",
        "/lich?ngay=2026-11-08",
        "/ke-hoach/1",
    ):
        assert "Công khai quyết toán" in await browser.text(path), path
    assert (await browser.get("/lich")).status_code == 200
    leader = board.browse()
    await leader.get(await board.leader_link("Giám đốc | 5 ngày | Sở Tài chính"))
    assert "Sở Tư pháp" not in await leader.text("/")


async def test_a_change_is_seen_at_once(board: Board, viewer: Browser) -> None:
    before = texts(await viewer.text("/"))
    (assignment,) = await board.world.assignments("I.1")
    async with board.world.database.write() as session:
        row = await session.get_one(Assignment, assignment.id)
        await make_move(session, row, Move.FINISH, now=NOW, person_id=None, done_on=TODAY)
    after = texts(await viewer.text("/"))
    assert "Đã xong 0/" in before
    assert "Đã xong 1/" in after


async def test_without_a_plan_the_page_says_so(board: Board, viewer: Browser) -> None:
    async with board.world.database.write() as session:
        for plan in await session.exec(select(Plan)):
            plan.closed_on = TODAY
            session.add(plan)
    board.world.app.forget_names()
    board.world.app.cache.match_version((0, 0))
    assert "Chưa có kế hoạch nào" in await viewer.text("/")


# --- an agency, a task, a plan, a month ---


async def test_an_agencys_tasks_stand_apart_by_role(board: Board, viewer: Browser) -> None:
    path = f"/co-quan/{await agency_id(board.world, 'Sở Tư pháp')}"
    page = await viewer.text(path)
    assert "Rà soát thủ tục nội bộ" in page
    assert "Chủ trì (3)" in page
    assert "Rà soát thủ tục nội bộ" not in await viewer.text(f"{path}?vai-tro=phoi-hop")


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("tim=văn+bản", "Cập nhật sổ", "Rà soát"),
        ("tim=van+ban", "Cập nhật sổ", "Rà soát"),
        ("trang-thai=qua-han", "Rà soát", "Duy trì"),
        ("trang-thai=da-xong", "Không có nhiệm vụ nào như vậy", "Rà soát"),
        ("thang=2026-12", "Cập nhật sổ", "Rà soát"),
        ("thang=2026-11&trang-thai=qua-han", "Rà soát", "Cập nhật sổ"),
    ],
)
async def test_filters_narrow_the_list(
    board: Board, viewer: Browser, query: str, shown: str, hidden: str
) -> None:
    await make_late(board.world, "I.1", 5)
    path = f"/co-quan/{await agency_id(board.world, 'Sở Tư pháp')}?{query}"
    page = await viewer.text(path)
    assert shown in page
    assert hidden not in page


async def test_a_task_is_shown_whole(board: Board, viewer: Browser) -> None:
    (assignment,) = await board.world.assignments("I.2")
    async with board.world.database.write() as session:
        row = await session.get_one(Assignment, assignment.id)
        await make_move(session, row, Move.REPORT, now=NOW, person_id=None)
        session.add(
            Report(
                assignment_id=row.id,
                reported_at=NOW,
                number="12/BC-STC",
                document_day=TODAY,
                link="https://vb.example.vn/12",
            )
        )
    page = await viewer.text(f"/nhiem-vu/{await task_id(board.world, 'I.2')}")
    words = texts(page)
    for part in (
        "Công khai quyết toán ngân sách",
        "Trước ngày 15/12/2026",
        "14/12/2026",
        "chờ xác nhận",
        "Văn bản 12/BC-STC",
        "2.1.1",
    ):
        assert part in words, part
    assert 'href="https://vb.example.vn/12"' in page


async def test_a_link_that_runs_something_is_no_link(board: Board, viewer: Browser) -> None:
    (assignment,) = await board.world.assignments("I.2")
    number = await task_id(board.world, "I.2")
    for count, link in enumerate(("javascript:alert(1)", "data:text/html,x", "file:///etc", "//x")):
        async with board.world.database.write() as session:
            row = Report(
                assignment_id=assignment.id, reported_at=NOW, link=link, number=f"{count}/B"
            )
            session.add(row)
        page = await viewer.text(f"/nhiem-vu/{number}")
        assert f"Văn bản {count}/B" in page
        assert link not in page


async def test_a_plan_shows_its_tasks_in_the_order_printed(board: Board, viewer: Browser) -> None:
    page = await viewer.text("/ke-hoach/1")
    keys = re.findall(r'class="key">([^<]+)<', page)
    assert keys == ["I.1", "I.2", "I.3", "II.1", "II.2"]


async def test_a_month_counts_what_ends_on_each_day(board: Board, viewer: Browser) -> None:
    page = await viewer.text("/lich?thang=2026-11")
    assert 'href="?ngay=2026-11-30"' in page
    assert "thang=2026-10" in page
    assert "thang=2026-12" in page
    day = await viewer.text("/lich?ngay=2026-11-30")
    assert "Rà soát thủ tục nội bộ" in day


async def test_days_off_are_named_in_the_month(board: Board, viewer: Browser) -> None:
    assert "Quốc khánh" in await viewer.text("/lich?thang=2026-09")


# --- files ---


async def test_a_page_is_taken_away_as_a_workbook(board: Board, viewer: Browser) -> None:
    number = await agency_id(board.world, "Sở Tài chính")
    titles = {}
    for path in ("/", f"/co-quan/{number}/", "/ke-hoach/1/"):
        assert f'href="{path}tai-ve.xlsx"' in await viewer.text(path.rstrip("/") or "/")
        answer = await viewer.get(f"{path}tai-ve.xlsx")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
        book = load_workbook(io.BytesIO(answer.content))
        cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
        titles[path] = "\n".join(cells)
    assert "Rà soát thủ tục nội bộ" in titles["/"]
    assert "Công khai quyết toán" in titles[f"/co-quan/{number}/"]
    assert "Rà soát thủ tục nội bộ" not in titles[f"/co-quan/{number}/"]


@pytest.mark.parametrize(
    ("ending", "begins"), [("docx", b"PK"), ("png", b"\x89PNG"), ("ics", b"BEGIN:VCALENDAR")]
)
async def test_reports_charts_and_calendars_are_taken_away(
    viewer: Browser, ending: str, begins: bytes
) -> None:
    answer = await viewer.get(f"/co-quan/1/tai-ve.{ending}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert f".{ending}" in answer.headers["content-disposition"]


async def test_a_file_holds_no_more_than_the_page(board: Board) -> None:
    browser = await open_restricted(board)
    other = await agency_id(board.world, "Sở Tài chính")
    assert (await browser.get(f"/co-quan/{other}/tai-ve.xlsx")).status_code == 404
    book = load_workbook(io.BytesIO((await browser.get("/tai-ve.xlsx")).content))
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert not [text for text in cells if "Công khai quyết toán" in text]


async def test_a_stranger_takes_nothing_away(board: Board) -> None:
    assert (await board.browse().get("/tai-ve.xlsx")).status_code == 404


# --- hostile and odd input ---


async def test_a_hostile_title_is_text(board: Board, viewer: Browser) -> None:
    await make_late(board.world, "I.1", 5)
    agency = await agency_id(board.world, "Sở Tư pháp")
    number = await task_id(board.world, "I.1")
    for count, title in enumerate(HOSTILE):
        await set_title(board.world, "I.1", f"Việc {count} {title}")
        board.world.app.cache.match_version((0, 0))
        for path in ("/", f"/co-quan/{agency}", f"/nhiem-vu/{number}", "/ke-hoach/1"):
            page = await viewer.text(path)
            assert f"Việc {count}" in page, path
            assert "<script" not in page, path
            assert "<img" not in page, path
            assert not [bdi for bdi in re.findall(r"<bdi>(.*?)</bdi>", page) if "49" in bdi], path
            assert page.count("<bdi>") == page.count("</bdi>"), (title, path)


@pytest.mark.parametrize("name", HOSTILE[:3], ids=range(3))
async def test_a_hostile_name_of_an_agency_is_text(
    board: Board, viewer: Browser, name: str
) -> None:
    async with board.world.database.write() as session:
        agency = (await session.exec(select(Agency).where(Agency.name == "Sở Nội vụ"))).one()
        agency.name = name
        session.add(agency)
    board.world.app.forget_names()
    board.world.app.cache.match_version((0, 0))
    for path in ("/", f"/co-quan/{agency.id}"):
        page = await viewer.text(path)
        assert "<script" not in page
        assert "<img" not in page


async def test_a_holders_name_is_text(board: Board) -> None:
    browser = board.browse()
    await browser.get(await board.leader_link("<script>x</script> | 3 ngày"))
    assert "<script" not in await browser.text("/")


async def test_what_is_not_there_is_404(viewer: Browser) -> None:
    for path in (
        "/co-quan/999",
        "/nhiem-vu/999",
        "/ke-hoach/999",
        "/co-quan/99999999999999999999",
        "/nhiem-vu/2147483648",
        "/co-quan/x",
        "/co-quan/-1",
        "/co-quan/1/",
        "/lich/",
        "/tinh/../settings.py",
        "/tinh/%2e%2e/__init__.py",
        "/tinh/",
        "/admin",
        "/.env",
        "/tai-ve.exe",
        "/tai-ve.",
        "/co-quan/999/tai-ve.xlsx",
        "/ke-hoach/999/tai-ve.xlsx",
    ):
        assert (await viewer.get(path)).status_code == 404, path


async def test_an_odd_address_shows_a_page(viewer: Browser) -> None:
    queries = (
        "trang=0",
        "trang=-5",
        "trang=99999999999",
        "trang=²",
        "thang=2026-13",
        "thang=9999-12",
        "thang=0000-00",
        "ngay=2026-02-30",
        "ngay=x",
        "muc=9999999999",
        "muc=x",
        "trang-thai=%00",
        "tim=%00%ff",
        "tim=" + "x" * 500,
        "tim=%27%22--%3B",
        "ke-hoach=99999999999999999999",
        "vai-tro=x&vai-tro=y",
        "xem=x",
    )
    for path, query in product(("/", "/co-quan/1", "/nhiem-vu/1", "/ke-hoach/1", "/lich"), queries):
        assert (await viewer.get(f"{path}?{query}")).status_code == 200, (path, query)


# --- who sees how far ---


async def open_restricted(board: Board, who: str = "21", agency: str = "Sở Tư pháp") -> Browser:
    await board.world.joins(who, PostRole.FOCAL_POINT, agency)
    board.world.app.options = replace(board.world.app.options, own_agency_only=True)
    return await board.open_for(who)


async def test_own_agency_only_hides_the_others(board: Board) -> None:
    browser = await open_restricted(board)
    world = board.world
    own, other = await agency_id(world, "Sở Tư pháp"), await agency_id(world, "Sở Tài chính")
    assert "Sở Tài chính" not in await browser.text("/")
    assert (await browser.get(f"/co-quan/{own}")).status_code == 200
    assert (await browser.get(f"/co-quan/{other}")).status_code == 404
    assert (await browser.get(f"/nhiem-vu/{await task_id(world, 'I.1')}")).status_code == 200
    assert (await browser.get(f"/nhiem-vu/{await task_id(world, 'I.2')}")).status_code == 404
    assert "Công khai quyết toán" not in await browser.text("/ke-hoach/1")
    for path in ("/lich?thang=2026-12", "/lich?ngay=2026-12-14", "/lich?xem=qua-han"):
        assert "Công khai quyết toán" not in await browser.text(path)


async def test_own_agency_only_binds_no_leader_and_no_admin(board: Board) -> None:
    await open_restricted(board)
    for who, role in (("31", PostRole.LEADER), ("32", PostRole.SUPERVISOR)):
        await board.world.joins(who, role)
        browser = await board.open_for(who)
        assert "Sở Tài chính" in await browser.text("/")
    assert "Sở Tài chính" in await (await board.open_for(ADMIN)).text("/")


async def test_an_agencys_link_shows_that_agency_alone(board: Board) -> None:
    browser = board.browse()
    await browser.get(await board.leader_link("Giám đốc | 5 ngày | Sở Tư pháp"))
    assert "Sở Tài chính" not in await browser.text("/")
    other = await agency_id(board.world, "Sở Tài chính")
    assert (await browser.get(f"/co-quan/{other}")).status_code == 404


async def test_a_plans_link_shows_that_plan_alone(board: Board) -> None:
    await load(board.world.database, small_plan("77/KH-UBND"))
    browser = board.browse()
    await browser.get(await board.leader_link("Trưởng ban | 5 ngày | kế hoạch 77"))
    page = await browser.text("/")
    assert "77/KH-UBND" in page
    assert "15/KH-UBND" not in page
    assert (await browser.get("/ke-hoach/2")).status_code == 200
    assert (await browser.get("/ke-hoach/1")).status_code == 404
    async with board.world.database.read() as session:
        rows = await session.exec(select(Task.id).where(col(Task.plan_id) == 1))
        foreign = rows.first()
    assert (await browser.get(f"/nhiem-vu/{foreign}")).status_code == 404


async def test_no_page_names_who_reported(board: Board, viewer: Browser) -> None:
    await board.world.joins("21", PostRole.FOCAL_POINT, "Sở Tài chính", name="Đỗ Thị Hiếm Gặp")
    (assignment,) = await board.world.assignments("I.2")
    await board.world.presses("21", f"got:{assignment.id}")
    page = await viewer.text(f"/nhiem-vu/{await task_id(board.world, 'I.2')}")
    assert "đã tiếp nhận" in page
    assert "Hiếm Gặp" not in page
