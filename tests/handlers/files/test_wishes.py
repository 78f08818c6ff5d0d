"""Files that are wished for in a sentence, as people write it; and sentences that wish for none."""

from __future__ import annotations

import pytest

from models.people import PostRole
from reports.orders import FileOrder
from tests.support.makers import NearMaker
from tests.support.world import ADMIN, Reply, World

AN = "11"


@pytest.fixture(autouse=True)
def _leave_paper_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are ordered and their figures counted; what is written or drawn is for other tests."""
    monkeypatch.setattr("reports.word.render_report", lambda *_: b"")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: None)


def _endings(said: Reply) -> list[str]:
    return [file.name.rpartition(".")[2] for file in said.answer.files] if said.answer else []


def _last_order(world: World) -> FileOrder:
    assert isinstance(world.app.files, NearMaker)
    return world.app.files.orders[-1]


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("xuất excel danh sách việc quá hạn", "xlsx"),
        ("nhiệm vụ của Sở Tư pháp ra excel", "xlsx"),
        ("cho em xin file excel việc của Sở Tư pháp", "xlsx"),
        ("danh sách nhiệm vụ quý 4 xuất ra file excel giúp em", "xlsx"),
        ("lập bảng tính các nhiệm vụ của sở tài chính", "xlsx"),
        ("xuat excel", "xlsx"),
        ("xuất excel kế hoạch", "xlsx"),
        ("xuất ex cel việc của Sở Tư pháp", "xlsx"),
        ("tải exell toàn bộ kế hoạch", "xlsx"),
        ("lấy giúp em cái biểu đồ Sở Tư pháp", "progress"),
        ("báo cáo tháng 10 về thủ tục nội bộ", "docx"),
        ("làm file báo cáo cho lãnh đạo", "docx"),
        ("vẽ biểu đồ tiến độ", "progress"),
        ("cho em xin biểu đồ tiến độ của Sở Tư pháp", "progress"),
        ("Anh muốn xem đồ thị kết quả thực hiện", "progress"),
        ("biểu đồ việc đến hạn theo tuần", "timeline"),
        ("ve bieu do theo thoi gian", "timeline"),
        ("soạn báo cáo tình hình thực hiện tháng 11", "docx"),
        ("báo cáo tháng 11", "docx"),
        ("lập báo cáo kết quả thực hiện nhiệm vụ quý này", "docx"),
        ("làm báo cáo cho anh", "docx"),
        ("gửi lịch vào điện thoại", "ics"),
        ("lịch của Sở Tư pháp", "ics"),
        ("gửi cho tôi lịch các thời hạn của Sở Tư pháp", "ics"),
        ("đưa các hạn vào lịch điện thoại", "ics"),
    ],
)
async def test_a_wish_is_granted(world: World, text: str, ending: str) -> None:
    said = await world.says(ADMIN, text)
    kinds = {"progress": "png", "timeline": "png"}
    assert _endings(said) == [kinds.get(ending, ending)], said.text
    assert _last_order(world).kind == ending


@pytest.mark.parametrize(
    "text",
    [
        "nhiệm vụ về bảng tính excel hạn khi nào",
        "báo cáo tháng 12 hạn khi nào",
        "báo cáo tháng 11 ai làm",
        "báo cáo tháng 12 về quyết toán hạn khi nào",
        "đã gửi báo cáo tháng 11",
        "em vừa nộp báo cáo quý 3",
        "báo cáo xong nhiệm vụ I.1",
        "lịch họp tuần này",
        "tiến độ",
        "nhiệm vụ xây dựng biểu đồ cơ cấu",
        "nhiệm vụ của Sở Tư pháp",
    ],
)
async def test_what_is_no_wish_gets_no_file(world: World, text: str) -> None:
    assert _endings(await world.says(ADMIN, text)) == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("/baocao", "2026-11-01"),
        ("/baocao tháng 10", "2026-10-01"),
        ("/baocao 9", "2026-09-01"),
        ("/baocao 9/2026", "2026-09-01"),
        ("/baocao quý 3", "2026-07-01"),
        ("/baocao quý IV", "2026-10-01"),
        ("/baocao 6 tháng", "2026-07-01"),
        ("/baocao 6 tháng đầu năm", "2026-01-01"),
        ("/baocao năm", "2026-01-01"),
        ("/baocao năm 2026 15/KH-UBND", "2026-01-01"),
        ("/báo cáo tháng trước", "2026-10-01"),
        ("soạn báo cáo tuần này", "2026-11-16"),
        ("lập báo cáo tháng mười", "2026-10-01"),
        ("cho anh cái báo cáo tháng này", "2026-11-01"),
    ],
)
async def test_a_report_is_of_the_period_that_is_named(
    world: World, text: str, period: str
) -> None:
    said = await world.says(ADMIN, text)
    assert _endings(said) == ["docx"], said.text
    found = _last_order(world).period
    assert found is not None
    assert found.first.isoformat() == period
    assert "để trống" in said.text


@pytest.mark.parametrize("text", ["xuất danh sách việc quá hạn", "tải các nhiệm vụ quá hạn"])
async def test_a_list_without_a_format_is_offered_in_each(world: World, text: str) -> None:
    shown = await world.says(ADMIN, text)
    assert _endings(shown) == []
    assert _endings(await world.presses(ADMIN, shown.action("Excel"))) == ["xlsx"]
    assert "quá hạn" in _last_order(world).about


async def test_a_period_to_come_has_no_report(world: World) -> None:
    said = await world.says(ADMIN, "/baocao tháng 12")
    assert "Chưa đến tháng 12 năm 2026" in said.text
    assert _endings(said) == []


@pytest.mark.parametrize(
    "text",
    [
        "tháng này so với tháng trước",
        "so sánh tháng này với tháng trước",
        "so với tháng trước thì tháng này thế nào",
    ],
)
async def test_a_month_is_compared_with_the_one_before(world: World, text: str) -> None:
    said = await world.says(ADMIN, text)
    assert "Tháng 11 năm 2026 so với tháng 10 năm 2026" in said.text
    assert "Đến hạn: 0 (kỳ trước 1, -1)" in said.text
    assert _endings(said) == []


async def test_a_wish_alone_is_about_the_last_list(world: World) -> None:
    await world.says(ADMIN, "việc của Sở Tài chính")
    await world.says(ADMIN, "xuất ra excel")
    assert "Sở Tài chính" in _last_order(world).about


async def test_the_calendar_is_of_ones_own_agency(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tài chính")
    said = await world.says(AN, "/lich")
    assert _endings(said) == ["ics"]
    assert said.answer is not None
    text = said.answer.files[0].content.decode()
    assert "I.2" in text
    assert "I.1" not in text


async def test_the_new_address_of_a_feed_is_another_command(world: World) -> None:
    said = await world.says(ADMIN, "/lich mới")
    assert _endings(said) == []


async def test_without_the_drawing_library_bars_and_a_way_on_are_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("reports.making.importlib.import_module", refuse)
    said = await world.says(ADMIN, "vẽ biểu đồ tiến độ")
    assert _endings(said) == []
    assert "░" in said.text
    assert "nhacviec[charts]" in said.text


@pytest.mark.parametrize("shown", ["nhiệm vụ I.1", "nhiệm vụ có chữ quyết toán"])
async def test_a_file_after_one_task_is_about_that_task(world: World, shown: str) -> None:
    said = await world.says(ADMIN, shown)
    assert "I." in said.text
    said = await world.says(ADMIN, "xuất ra excel")
    assert len(_last_order(world).query.tasks) == 1
    assert _last_order(world).about.startswith("mã I.")
    assert "Bảng Excel: 1 dòng" in said.text


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("vẽ biểu đồ việc quá hạn", "quá hạn"),
        ("vẽ biểu đồ các việc hạn tháng 12", "hạn từ 01/12/2026"),
        ("lịch các việc hạn tháng 12", "hạn từ 01/12/2026"),
    ],
)
async def test_what_narrows_a_chart_or_calendar_is_kept(
    world: World, text: str, about: str
) -> None:
    await world.says(ADMIN, text)
    assert about in _last_order(world).about


async def test_a_report_says_that_it_has_every_state(world: World) -> None:
    said = await world.says(ADMIN, "lập báo cáo tháng 11 các việc quá hạn của Sở Tài chính")
    assert _last_order(world).query.status is None
    assert "không riêng việc “quá hạn”" in said.text
    assert "Sở Tài chính" in _last_order(world).about


@pytest.mark.parametrize("text", ["vẽ biểu đồ của Sở Tư pháp", "/baocao tháng 11 Sở Tư pháp"])
async def test_an_agency_alone_means_all_its_work(world: World, text: str) -> None:
    await world.says(ADMIN, "việc quá hạn về quyết toán tháng 12")
    await world.says(ADMIN, text)
    query = _last_order(world).query
    assert (query.words, query.due, query.status) == ((), None, None)
    assert "quyết toán" not in _last_order(world).about


async def test_a_wish_that_goes_on_keeps_the_question_before(world: World) -> None:
    await world.says(ADMIN, "việc hạn tháng 12 của Sở Tài chính")
    await world.says(ADMIN, "còn Sở Tư pháp thì xuất excel")
    assert "hạn từ 01/12/2026" in _last_order(world).about
    assert "Sở Tư pháp" in _last_order(world).about


@pytest.mark.parametrize("text", ["làm báo cáo cho lãnh đạo sở", "vẽ biểu đồ trình sếp xem"])
async def test_for_whom_a_file_is_narrows_nothing(world: World, text: str) -> None:
    await world.says(ADMIN, text)
    assert _last_order(world).query.words == ()


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("lập bảng các việc quá hạn", "xlsx"),
        ("làm cho anh cái bảng tổng hợp các việc chờ xác nhận để họp", "xlsx"),
        ("lập bảng theo dõi", "xlsx"),
        ("tổng hợp tình hình thực hiện tháng 10 ra word", "docx"),
        ("nhiệm vụ của Sở Tư pháp ra word", "docx"),
        ("lamf bao cao thang 11", "docx"),
        ("xuaats excel vieecj quas hanj", "xlsx"),
        ("báo cáo các việc quá hạn tháng 11", "docx"),
        ("xuất pdf báo cáo tháng 11", "docx"),
    ],
)
async def test_a_wish_is_granted_however_it_is_put(world: World, text: str, ending: str) -> None:
    said = await world.says(ADMIN, text)
    if "chờ xác nhận" not in text:  # of these there are none
        assert _endings(said) == [ending], said.text
        assert _last_order(world).query.words == ()
    assert "trạng thái" in said.text or "báo cáo các việc" not in text
    assert ("bản Word" in said.text) == ("pdf" in text)


@pytest.mark.parametrize("text", ["lập bảng giá đất", "kế hoạch 268 bản pdf ở đâu"])
async def test_a_subject_with_a_table_or_format_is_no_wish(world: World, text: str) -> None:
    assert _endings(await world.says(ADMIN, text)) == []


@pytest.mark.parametrize(
    "text",
    ["/baocao tháng 13", "/baocao từ 01/10 đến 15/11", "báo cáo từ 01/10 đến 15/11"],
)
async def test_a_report_of_other_days_is_refused_with_a_way_on(world: World, text: str) -> None:
    said = await world.says(ADMIN, text)
    assert _endings(said) == []
    assert "tuần, tháng, quý" in said.text


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("tháng 11 so với tháng 9", "tháng 9 năm 2026"),
        ("tháng 11 so với cùng kỳ năm ngoái", "tháng 11 năm 2025"),
        ("so sánh quý 3 với quý 1", "quý I năm 2026"),
    ],
)
async def test_a_period_is_compared_with_the_one_that_is_named(
    world: World, text: str, before: str
) -> None:
    assert f"so với {before}" in (await world.says(ADMIN, text)).text


@pytest.mark.parametrize("text", ["báo cáo năm 2020", "so sánh năm 2020 với năm 2019"])
async def test_of_a_period_before_the_plan_there_are_no_figures(world: World, text: str) -> None:
    said = await world.says(ADMIN, text)
    assert _endings(said) == []
    assert "Chưa có số liệu của năm 2020" in said.text


async def test_a_period_before_the_plan_is_no_zero_to_compare_with(world: World) -> None:
    said = await world.says(ADMIN, "tháng 11 so với cùng kỳ năm ngoái")
    assert said.text.count("kỳ trước chưa có số liệu") == 4


async def test_agencies_compared_in_one_period_are_shown_beside_each_other(world: World) -> None:
    said = await world.says(ADMIN, "so sánh Sở Tài chính và Sở Tư pháp tháng 12")
    assert "Theo cơ quan" in said.text


async def test_word_alone_is_about_the_last_list(world: World) -> None:
    await world.says(ADMIN, "việc quá hạn của Sở Tài chính")
    said = await world.says(ADMIN, "ra word")
    assert "Sở Tài chính" in _last_order(world).about
    assert "không riêng việc “quá hạn”" in said.text


async def test_shared_work_that_is_in_no_file_is_told(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tài chính")
    listed = await world.says(ADMIN, "nhiệm vụ của Sở Tư pháp")
    assert "Giao chung" in listed.text, listed.text
    for text in ("xuất excel nhiệm vụ của Sở Tư pháp", "lịch của Sở Tư pháp"):
        assert "nhiệm vụ giao chung, vì Sở Tư pháp" in (await world.says(ADMIN, text)).text
    assert "giao chung" not in (await world.says(ADMIN, "xuất excel việc của Sở Tài chính")).text


@pytest.mark.parametrize(
    "typed", ["tổng hợp tháng 11 cho tôi", "tong hop quy 4 giup anh", "bc tháng 11 ra word"]
)
async def test_a_period_that_is_summed_up_is_a_report(world: World, typed: str) -> None:
    said = await world.says(ADMIN, typed)
    assert said.answer is not None
    assert [file.name.endswith(".docx") for file in said.answer.files] == [True]
    assert "“" not in said.text  # no word is taken for a subject


@pytest.mark.parametrize(
    "typed",
    [
        "dạ em gửi báo cáo tháng 11 rồi ạ",
        "báo cáo quý này của sở nộp hồi nào",
        "em nộp báo cáo quý 3 hôm qua rồi nha, số 30/BC-STP",
    ],
)
async def test_a_report_that_was_sent_or_is_asked_for_is_no_wish(world: World, typed: str) -> None:
    said = await world.says(ADMIN, typed)
    assert said.answer is not None
    assert not said.answer.files


@pytest.mark.parametrize(
    "typed", ["cho em cái file excel việc của sở em", "xuất excel việc bên em"]
)
async def test_ones_own_agency_is_no_courtesy(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", typed)
    assert said.answer is not None
    assert said.answer.files
    assert "Sở Tư pháp" in said.text


async def test_the_last_year_alone_is_compared_with_this_one(world: World) -> None:
    said = await world.says(ADMIN, "so với năm ngoái thế nào")
    assert "Năm 2026 so với năm 2025" in said.text
