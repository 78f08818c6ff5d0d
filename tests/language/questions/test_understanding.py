"""One line of chat is understood as it was meant, in every way that people write it.

Intents and filters are those of docs/dev/questions.md.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.agencies.directory import DirectoryEntry
from language.questions.question import AgencyComparison, Question
from language.questions.understanding import understand
from language.search import make_index_text, make_vocabulary
from language.text import fold, strip_marks
from tests.support.question_rows import (
    COUNTS,
    FIGURES,
    LISTS,
    NO_QUESTIONS,
    ONE_TASK,
    SNV,
    SYT,
)
from tests.support.question_world import DIRECTORY, TODAY, asked

DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(
        ("unknown_agency", "status", "due", "code", "section", "plan", "words", "item")
    ),
    **dict.fromkeys(("single", "needs_agency", "own"), False),
    **dict.fromkeys(("agencies", "candidates", "others"), ()),
}


@pytest.mark.parametrize(
    ("text", "asker", "wanted"),
    [
        *((text, asker, {"intent": "list", **wanted}) for text, asker, wanted in LISTS),
        *((text, asker, {"intent": "count", **wanted}) for text, asker, wanted in COUNTS),
        *ONE_TASK,
        *((text, asker, {"intent": "progress", **wanted}) for text, asker, wanted in FIGURES),
        *((text, asker, {"intent": "unknown", **wanted}) for text, asker, wanted in NO_QUESTIONS),
    ],
)
def test_a_line_is_understood(text: str, asker: str | None, wanted: dict[str, Any]) -> None:
    question = asked(text, asker)
    role = wanted.get("role", "lead" if wanted.get("agencies") else None)
    expected = {**DEFAULTS, **wanted, "role": role}
    got = {name: getattr(question, name) for name in expected}
    assert got == expected


@pytest.mark.parametrize(
    ("text", "asker"), [row[:2] for row in (*LISTS, *COUNTS, *FIGURES) if not row[0].isascii()]
)
def test_diacritics_and_capitals_change_nothing(text: str, asker: str | None) -> None:
    """Typed without diacritics, or in capitals, a line asks for the same tasks."""
    question = asked(text, asker)
    for written in (strip_marks(text), text.upper()):
        again = asked(written, asker)
        for name in ("intent", "status", "due", "code", "section", "plan", "own"):
            assert getattr(again, name) == getattr(question, name), written
        assert bool(again.unknown_agency) == bool(question.unknown_agency), written
        assert [fold(name) for name in again.agencies] == [
            fold(name) for name in question.agencies
        ], written
        assert again.unheld == question.unheld, written
        assert question.unheld or fold(again.words or "") == fold(question.words or ""), written


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("cảm ơn em nhiều", "thanks"),
        ("tạm biệt", "farewell"),
        ("ok em", "agreement"),
        ("chào em", None),
    ],
)
def test_what_kind_of_a_greeting(text: str, manner: str | None) -> None:
    question = asked(text)
    assert (question.intent, question.manner) == ("greeting", manner)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("II.3 và IV.3 hạn khi nào", "when"),
        ("II.3, IV.3 ai làm", "who"),
        ("xem II.3 với IV.3", "show"),
        ("II.3 voi IV.3 con may ngay nua", "when"),
    ],
)
def test_several_codes_are_all_asked_about(text: str, intent: str) -> None:
    question = asked(text)
    assert (question.intent, question.code, question.more_codes) == (intent, "II.3", ("IV.3",))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("mình trễ mấy việc", None),
        ("em còn mấy việc trễ", None),
        ("dạ em có mấy việc trễ ạ", None),
        ("tui trễ việc nào", None),
        ("mình bị trễ bao nhiêu việc", None),
    ],
)
def test_the_asker_as_subject_never_eats_the_state(text: str, state: None) -> None:
    question = asked(text, SYT)
    assert (question.agencies, question.status) == ((SYT,), "overdue")


@pytest.mark.parametrize(
    "text", ["em có biết việc nào trễ không", "cho em xin việc trễ", "nhờ em xem việc trễ"]
)
def test_talk_to_the_bot_is_not_about_the_asker(text: str) -> None:
    assert asked(text, SYT).agencies == ()


@pytest.mark.parametrize(
    "text",
    [
        "snv với stc bên nào trễ nhiều hơn",
        "nơi nào chậm nhất",
        "sở nào nhiều việc hơn, snv hay syt",
        "đơn vị nào ít việc hơn",
        "ai tồn nhiều việc nhất",
    ],
)
def test_a_comparison_asks_for_figures(text: str) -> None:
    assert (asked(text).intent, asked(text).status) == ("progress", None)


@pytest.mark.parametrize(
    "text",
    [
        "hôm qua họp giao ban anh Tuấn nhắc, cho em xin việc trễ của sở y tế",
        "tuần trước em mới nhận việc, chị cho em xin list việc trễ của syt",
        "mai họp, cho xin việc trễ của sở y tế",
        "sáng mai giao ban, cho mọi người biết sở y tế trễ việc gì",
    ],
)
def test_a_preamble_lends_no_day_and_no_agency(text: str) -> None:
    question = asked(text)
    assert (question.intent, question.agencies, question.status, question.due) == (
        "list",
        (SYT,),
        "overdue",
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "nhiệm vụ của sở tư pháp",
        "nhiem vu cua so tu phap",
        "việc trễ của sở tư pháp",
        "việc do sở tư pháp làm",
        "tiến độ các sở và sở tư pháp",
        "việc giao sở tư pháp",
    ],
)
def test_words_before_an_agency_are_no_part_of_its_name(text: str) -> None:
    """Though some task has "của sở", "do sở" or "giao sở"."""
    titles = ("Trang thông tin điện tử của sở", "Việc do sở làm, các sở và sở giao sở")
    held = make_vocabulary(map(make_index_text, titles))
    question = understand(text, TODAY, None, DIRECTORY, plan_years=2026, vocabulary=held)
    assert question.agencies == ("Sở Tư pháp",)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("việc nào chưa tiếp nhận", "not_received"),
        ("có gì chờ xác nhận không", "reported"),
        ("việc đang chờ xác nhận của syt", "reported"),
        ("việc nào bị trả lại", "returned"),
        ("ai xin gia hạn", "extension_asked"),
        ("có đơn vị nào đang xin gia hạn không", "extension_asked"),
        ("việc thường xuyên của syt", "ongoing"),
        ("việc định kỳ", "recurring"),
        ("việc nào phải báo cáo hằng tháng", "recurring"),
        ("việc theo quy định", "by_regulation"),
    ],
)
def test_states_and_kinds_of_deadlines(text: str, status: str) -> None:
    assert (asked(text).intent, asked(text).status) == ("list", status)


def test_days_of_work_are_not_days_of_deadlines() -> None:
    done = asked("tuần trước syt làm được gì")
    assert (done.status, done.due) == ("done", None)
    assert done.done_in == (date(2026, 9, 7), date(2026, 9, 13))
    assert Question.from_json(done.to_json()).done_in == done.done_in
    due = asked("tuần này syt phải xong việc gì")
    assert (due.status, due.done_in) == (None, None)
    assert asked("bạn làm được gì").intent == "help"


def test_a_part_of_a_word_is_no_agency_and_no_place() -> None:
    held = make_vocabulary([make_index_text("Bán trụ sở công dôi dư của các cơ sở y tế")])

    def of(text: str) -> Question:
        return understand(text, TODAY, None, DIRECTORY, plan_years=2026, vocabulary=held)

    for text in ("trụ sở dôi dư", "trụ sở công dôi dư có bán không", "việc về trụ sở công"):
        assert of(text).intent == "list", text
        assert of(text).agencies == (), text
        assert of(text).words, text
    assert of("trụ sở của bot ở đâu").intent == "unknown"


def test_the_province_itself_is_everybody_in_its_own_plans() -> None:
    def of(text: str) -> Question:
        return understand(text, TODAY, None, DIRECTORY, plan_years=2026, provinces={"An Giang"})

    assert of("tỉnh An Giang có việc nào quá hạn").agencies == ()
    assert of("tỉnh An Giang có việc nào quá hạn").unknown_agency is None
    for text, place in (
        ("tỉnh Cà Mau có việc nào quá hạn", "tỉnh Cà Mau"),
        ("thành phố Hồ Chí Minh quá hạn", "thành phố Hồ Chí Minh"),
        ("tp hcm có việc gì", "tp hcm"),
        ("UBND thành phố Cần Thơ có việc gì", "UBND thành phố Cần Thơ"),
    ):
        assert (of(text).unknown_agency, of(text).agencies, of(text).nearest) == (place, (), ())
    assert of("thành phố Thủ Đức có việc gì").agencies == ("UBND thành phố Thủ Đức",)


def test_an_unknown_abbreviation_is_told_as_it_was_typed() -> None:
    assert asked("sở abc").unknown_agency == "sở abc"


@pytest.mark.parametrize("text", [row[0] for row in (*LISTS, *COUNTS, *ONE_TASK, *FIGURES)])
def test_a_question_survives_the_database(text: str) -> None:
    question = asked(text, SYT)
    assert Question.from_json(question.to_json()) == question


def test_the_other_reading_is_kept_for_a_button() -> None:
    section = asked("cải cách thể chế có những việc gì").second
    assert section is not None
    assert section.words == "CẢI CÁCH THỂ CHẾ"
    assert Question.from_json(asked("việc nào đến hạn").to_json()).second is not None


def test_an_abbreviation_of_two_agencies_asks_which() -> None:
    directory = DIRECTORY.with_names(
        [DirectoryEntry(SYT, ("khối a",)), DirectoryEntry(SNV, ("khối a",))]
    )
    question = understand("việc của khối a", TODAY, None, directory)
    assert set(question.candidates) == {SYT, SNV}
    assert question.agencies == ()


def test_diacritics_tell_a_name_from_a_common_word() -> None:
    assert asked("hội đông y phối hợp gì").unknown_agency == "hội đông y"  # no "hội đồng"


def test_without_a_registry_the_standard_agencies_are_known() -> None:
    assert understand("việc quá hạn của sở y tế", TODAY).agencies == (SYT,)


BITS = [
    "sở",
    "y tế",
    "việc",
    "hạn",
    "II.4",
    "15/10",
    "ai",
    "khi nào",
    "?",
    ",",
    "của",
    "tôi",
    "xã",
    "số 3",
    "%",
    "UBND",
    "các",
    "hội",
    "về",
    "nào",
]


@pytest.mark.long
@settings(max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    asked(text, SYT).to_json()


@pytest.mark.long
@settings(max_examples=80)
@given(
    st.lists(
        st.sampled_from(
            [
                "sở",
                "y tế",
                "việc",
                "hạn",
                "II.4",
                "15/10",
                "ai",
                "khi nào",
                "?",
                ",",
                "của",
                "tôi",
                "xã",
                "số 3",
                "%",
            ]
        ),
        max_size=14,
    )
)
def test_any_order_of_words_is_taken(words: list[str]) -> None:
    asked(" ".join(words)).to_json()


def test_a_very_long_line_ends_soon() -> None:
    asked("sở y tế và " * 20_000)


@pytest.mark.parametrize(
    "text",
    [
        "em phải nộp báo cáo nào cho sở y tế",
        "việc nào của tôi phải báo cáo Sở Y tế",
        "đơn vị em còn báo cáo nào chưa gửi về Sở Y tế",
    ],
)
def test_who_receives_a_report_is_not_who_is_asked_about(text: str) -> None:
    assert understand(text, TODAY, "Sở Tư pháp", DIRECTORY).agencies == ("Sở Tư pháp",)


@pytest.mark.parametrize(
    "text",
    [
        "sở nào chưa gửi báo cáo cho sở em",
        "các báo cáo gửi về đơn vị tôi",
        "ai nộp cho cơ quan tôi",
    ],
)
def test_what_is_sent_to_the_asker_is_not_the_askers_own_work(text: str) -> None:
    assert understand(text, TODAY, "Sở Tư pháp", DIRECTORY).manner == "receiver"


def test_a_list_that_is_sent_to_the_asker_is_the_askers_own() -> None:
    text = "gửi cho đơn vị em danh sách việc quá hạn"
    assert understand(text, TODAY, "Sở Tư pháp", DIRECTORY).agencies == ("Sở Tư pháp",)


def test_an_abbreviation_in_a_line_with_marks_is_no_word_without_marks() -> None:
    assert asked("CA tỉnh chủ trì gì").agencies == ("Công an tỉnh",)
    assert asked("cả tỉnh chủ trì gì").agencies == ()


def test_a_ward_without_marks_is_known_by_its_capitals() -> None:
    assert asked("phuong My Long con viec nao").agencies == ("UBND phường Mỹ Long",)
    assert asked("phuong an nao chua xong").agencies == ()


@pytest.mark.parametrize("text", ["II 4 hạn khi nào", "nhiệm vụ II 4 hạn khi nào"])
def test_a_blank_may_stand_in_a_number_of_a_task(text: str) -> None:
    assert (asked(text).intent, asked(text).code) == ("when", "II.4")


def test_pairs_of_small_words_are_no_subject() -> None:
    question = asked("có việc nào về xây nhà cho người nghèo không")
    assert question.unheld


def test_the_last_of_agencies_is_the_latest() -> None:
    assert asked("cơ quan nào đang đội sổ").comparison == AgencyComparison("late", "most")
    assert asked("nơi nào nhiều việc nhất").comparison == AgencyComparison("tasks", "most")
    assert asked("xã nào đội sổ").comparison == AgencyComparison("late", "most", "commune")
    assert asked("xa nao tre nhat").comparison == AgencyComparison("late", "most", "commune")


def test_a_field_of_work_that_no_plan_has_is_no_agency() -> None:
    assert asked("lĩnh vực hiện đại hóa nền hành chính còn mấy việc").unknown_agency is None


def test_how_to_ask_for_more_time_is_help() -> None:
    assert asked("làm sao để gia hạn").intent == "help"


@pytest.mark.parametrize("text", ["việc của xã", "xã phải làm gì"])
def test_a_level_alone_is_all_of_it(text: str) -> None:
    assert asked(text).agencies == ("UBND cấp xã",)
    assert asked(text, "Sở Y tế").agencies == ("UBND cấp xã",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("nhiệm vụ 3 quá hạn chưa", ["3"]),
        ("ai còn nợ nhiệm vụ 9", ["9"]),
        ("cơ quan nào chưa báo cáo việc số 12", ["12"]),
        ("nhiệm vụ 3 và 5 đã hoàn thành chưa", ["3", "5"]),
        ("nhiem vu 7b den dau roi", ["7b"]),
        ("nhiệm vụ 3 tháng qua quá hạn", []),
        ("việc 2 sở cùng làm quá hạn", []),
        ("5 nhiệm vụ quá hạn", []),
    ],
)
def test_a_counted_task_is_asked_about_beside_a_state(text: str, codes: list[str]) -> None:
    question = understand(text, date(2026, 11, 20))
    found = [question.code, *question.more_codes] if question.code else []
    assert found == codes
    assert question.unknown_agency is None
