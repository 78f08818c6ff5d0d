"""Lines of talk around a question: who writes, orders, several subjects, the title of a plan."""

from __future__ import annotations

import pytest

from language.questions.question import AgencyComparison, Question
from language.questions.understanding import understand
from language.search import make_index_text, make_vocabulary
from tests.support.question_world import DIRECTORY, SECTIONS, TODAY, VOCABULARY, asked

TITLES = (
    "Kế hoạch chuyển đổi số tỉnh Vân Khê năm 2026",
    "Kế hoạch cải cách hành chính và chuyển đổi số năm 2026",
    "Chương trình phát triển du lịch năm 2026",
)


def _ask_of_several_plans(text: str) -> Question:
    return understand(
        text,
        TODAY,
        directory=DIRECTORY,
        plan_years=2026,
        sections=SECTIONS,
        vocabulary=VOCABULARY,
        titles=TITLES,
    )


@pytest.mark.parametrize(
    "text",
    [
        "em là Hoa chuyên viên sở Y tế",
        "em la hoa ben so y te",
        "tôi tên Nam, đầu mối sở Tài chính",
        "dạ chào anh em bên sở tư pháp ạ",
        "em công tác tại sở nội vụ",
        "tôi ở xã Tân Lập",
        "mình là cán bộ sở Y tế nha",
    ],
)
def test_who_says_who_they_are_asks_nothing(text: str) -> None:
    assert asked(text) == Question("greeting")


@pytest.mark.parametrize(
    "text",
    [
        "em ở sở y tế còn việc gì",
        "em bên sở y tế trễ mấy việc",
        "em là đầu mối sở y tế, tháng này có gì",
    ],
)
def test_who_says_it_and_asks_is_answered(text: str) -> None:
    assert asked(text).agencies == ("Sở Y tế",)


@pytest.mark.parametrize("text", ["thôi", "dạ", "vâng ạ", "ừ", "thôi khỏi", "dạ vâng anh"])
def test_a_nod_asks_nothing(text: str) -> None:
    assert asked(text).manner == "agreement"


@pytest.mark.parametrize(
    "text",
    [
        "giao cho sở tư pháp báo cáo tôi trước thứ 6",
        "gửi cho sở nội vụ",
        "chuyển sang sở y tế",
        "nhắn cho sở tài chính làm nhanh lên",
        "thêm việc mới cho sở y tế: báo cáo tình hình bệnh viện",
        "rút lại cái vừa báo",
    ],
)
def test_an_order_is_no_list(text: str) -> None:
    assert asked(text).manner == "change"


@pytest.mark.parametrize("text", ["giao cho sở tư pháp bao nhiêu việc", "việc giao cho sở y tế"])
def test_what_is_given_to_an_agency_is_asked_for(text: str) -> None:
    assert asked(text).intent in ("count", "list")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("thanh tra công vụ, dân vận chính quyền tới đâu", 2),
        ("thanh tra công vụ và nhà đất dôi dư sao rồi", 2),
        ("số hóa hồ sơ; vị trí lãnh đạo; kỹ năng số", 3),
        ("sơ kết công tác dân vận chính quyền", 0),
        ("thanh tra công vụ tới đâu", 0),
        ("khảo sát với sự hài lòng sao rồi", 0),
        ("dân vận và chính quyền sao rồi", 0),
    ],
)
def test_subjects_are_divided_by_a_comma_or_and(text: str, parts: int) -> None:
    assert len(asked(text).parts) == parts


def test_one_task_is_asked_for_by_all_words() -> None:
    assert not asked("thanh tra công vụ, dân vận chính quyền ai chủ trì").parts


@pytest.mark.parametrize("text", ["hôm nay ngày bao nhiêu", "mai thứ mấy", "hom nay la ngay may"])
def test_the_day_itself_is_no_question_for_the_registry(text: str) -> None:
    assert asked(text).manner == "off_topic"


@pytest.mark.parametrize("text", ["bao giờ xong", "khi nào mới xong", "chừng nào hoàn thành vậy"])
def test_when_it_is_done_is_about_the_task_before(text: str) -> None:
    question = asked(text)
    assert (question.intent, question.it) == ("when", True)


@pytest.mark.parametrize(
    "text",
    [
        "dân vận chính quyền làm chưa",
        "so ket cong tac dan van chua",
        "đánh giá chỉ số DDCI chưa vậy em",
    ],
)
def test_not_yet_at_the_end_asks_how_it_stands(text: str) -> None:
    question = asked(text)
    assert question.status is None
    assert question.words


def test_why_late_stands_by_itself() -> None:
    assert not asked("hỏi sở tài chính vì sao trễ").follow_up
    assert asked("còn quá hạn thì sao vậy em").follow_up


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("uy ban xa", "UBND cấp xã"),
        ("uy ban xa phai lam gi", "UBND cấp xã"),
        ("nhiều xã còn nợ việc gì", "UBND cấp xã"),
    ],
)
def test_a_level_in_talk_is_all_of_it(text: str, agency: str) -> None:
    question = asked(text)
    assert question.agencies == (agency,)
    assert question.unknown_agency is None


@pytest.mark.parametrize("text", ["xã nào chậm", "phường nào trễ", "xã nào quá hạn vậy"])
def test_late_communes_are_compared(text: str) -> None:
    assert asked(text).comparison == AgencyComparison("late", "most", "commune")


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("mấy xã chưa báo cáo", "open-number-commune"),
        ("mấy đơn vị xong rồi", "done-number"),
        ("bao nhiêu sở quá hạn", "late-number-department"),
        ("có mấy cơ quan đang trễ", "late-number"),
        ("còn mấy đơn vị chưa nộp", "open-number"),
        ("may so tre", "late-number-department"),
        ("có bao nhiêu huyện trễ hạn", "late-number-district"),
        ("bao nhiêu sở có việc quá hạn", "late-number-department"),
        ("tổng số cơ quan quá hạn", "late-number"),
        ("mấy ngành chậm", "late-number"),
        ("tuần này có bao nhiêu cơ quan phải nộp", "open-number"),
        ("mấy đơn vị chậm nhất", "late-most"),
        ("mấy cơ quan chưa tiếp nhận", "not_received-number"),
        ("có bao nhiêu sở đang xin gia hạn", "extension_asked-number-department"),
    ],
)
@pytest.mark.parametrize("asker", [None, "Sở Nội vụ"])
def test_agencies_are_counted_not_tasks(text: str, comparison: str, asker: str | None) -> None:
    question = asked(text, asker)
    assert question.intent == "progress"
    assert question.comparison == AgencyComparison(*comparison.split("-"))
    assert not question.agencies
    assert not question.elliptic
    assert not question.follow_up


@pytest.mark.parametrize(
    "text",
    [
        "bao nhiêu việc của mấy sở quá hạn",
        "mấy việc quá hạn",
        "mấy số liệu chưa xong",
        "số việc Sở Y tế đã xong là bao nhiêu",
    ],
)
def test_tasks_are_counted_where_they_are_named(text: str) -> None:
    assert asked(text).comparison is None


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("sở mình đứng thứ mấy", AgencyComparison("done", "place")),
        ("so y te xep hang may", AgencyComparison("done", "place")),
        ("Sở Y tế trễ nhiều thì xếp thứ mấy", AgencyComparison("late", "place")),
    ],
)
def test_the_place_of_an_agency_is_asked_for(text: str, comparison: AgencyComparison) -> None:
    question = asked(text, "Sở Y tế")
    assert (question.agencies, question.comparison) == (("Sở Y tế",), comparison)


def test_the_name_of_an_agency_is_no_word_of_a_comparison() -> None:
    question = asked("sở khoa học với sở y tế ai làm tốt hơn")  # "tế" is not "tệ"
    assert (question.comparison, question.ignored) == (AgencyComparison("done", "most"), None)


@pytest.mark.parametrize(
    "text",
    [
        "mai em nghỉ có việc gì phải làm không em",
        "hôm qua họp giao ban sếp kêu coi lại việc dân vận chính quyền tới đâu rồi",
        "chừ còn mấy việc nữa",
    ],
)
def test_talk_is_no_agency(text: str) -> None:
    assert asked(text).unknown_agency is None


@pytest.mark.parametrize("text", ["nha tho co viec gi", "nhà thờ có việc gì"])
def test_a_name_in_small_letters_still_is_one(text: str) -> None:
    assert asked(text).unknown_agency


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("III.2 của kế hoạch chuyển đổi số", TITLES[0]),
        ("III.2 cua ke hoach chuyen doi so", TITLES[0]),
        ("việc quá hạn của kh cải cách hành chính", TITLES[1]),
        ("chương trình phát triển du lịch tiến độ sao rồi", TITLES[2]),
        ("nhiệm vụ III.2 kế hoạch cải cách hành chính và chuyển đổi số", TITLES[1]),
        ("III.2 của kế hoạch kiểm tra", None),
    ],
)
def test_a_plan_is_named_by_its_title(text: str, title: str | None) -> None:
    question = _ask_of_several_plans(text)
    assert question.plan == title
    assert not question.words or title is None


def test_one_plan_alone_needs_no_name() -> None:
    assert asked("II.4 của kế hoạch chuyển đổi số").plan is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bv công lập tự chủ", "bệnh viện công lập tự chủ"),
        ("số hóa hs của các cơ quan", "số hóa hồ sơ"),
        ("tinh giản biên chế", "tinh giản biên chế"),
        ("việc về nhân dân", "nhân dân"),
        ("họp ban chỉ đạo quý 4 xong chưa", "họp ban chỉ đạo"),
        ("hợp tác xã kiểu mới", "hợp tác xã kiểu mới"),
    ],
)
def test_words_are_taken_whole_and_short_forms_written_out(text: str, words: str) -> None:
    held = (words, "công lập", "hồ sơ", "tỉnh giao", "nhận và trả")
    vocabulary = make_vocabulary(map(make_index_text, held))
    question = understand(text, TODAY, vocabulary=vocabulary)
    assert (question.words, question.unknown_agency) == (words, None)


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("sở nào làm tốt", "done-most"),
        ("đơn vị nào giỏi", "done-most"),
        ("xã nào làm tốt", "done-most-commune"),
        ("sở nào làm kém", "late-most"),
        ("so nao lam tot", "done-most"),
        ("đơn vị nào hiệu quả nhất", "done-most"),
    ],
)
def test_how_agencies_work_is_compared(text: str, comparison: str) -> None:
    assert asked(text).comparison == AgencyComparison(*comparison.split("-"))
    assert asked("sở nào tốt bụng").intent == "unknown"


def test_who_heads_an_agency_is_no_question_for_its_work() -> None:
    assert asked("giám đốc sở tài chính là ai").manner == "off_topic"
    assert asked("giám đốc muốn xem việc sở tài chính").agencies == ("Sở Tài chính",)


def test_a_level_without_a_place_is_no_place() -> None:
    vocabulary = make_vocabulary([make_index_text("Công khai ngân sách")])
    question = understand("ubnd xã công khai ngân sách", TODAY, vocabulary=vocabulary)
    assert (question.agencies, question.words) == (("UBND cấp xã",), "công khai ngân sách")
    assert not understand("xa lộ", TODAY, vocabulary=vocabulary).agencies
    known = understand("xã tân lập có việc gì", TODAY, vocabulary=vocabulary)
    assert known.agencies == ("UBND xã Tân Lập",)
