"""A line that goes on with the one before is completed by it, and only then."""

from dataclasses import replace
from typing import Any

import pytest

from language.questions.question import merge_follow_up, resolve_alone
from tests.support.question_rows import SNV, STC, STP, SYT, days, month
from tests.support.question_world import asked

FOLLOW_UPS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "việc quá hạn của snv",
        "còn sở tài chính?",
        {"intent": "list", "agencies": (STC,), "status": "overdue"},
    ),
    (
        "việc của snv",
        "thế quá hạn thì sao?",
        {"intent": "list", "agencies": (SNV,), "status": "overdue"},
    ),
    ("snv có bao nhiêu việc", "còn stp", {"intent": "count", "agencies": (STP,)}),
    (
        "việc snv chủ trì mà stc phối hợp",
        "còn tháng 10?",
        {"agencies": (SNV,), "others": (STC,), "due": month(10)},
    ),
    ("việc snv chủ trì mà stc phối hợp", "còn sở y tế?", {"agencies": (SYT,), "others": ()}),
    ("tiến độ sở y tế", "còn sở tài chính thì sao", {"intent": "progress", "agencies": (STC,)}),
    ("việc tháng 10 của snv", "thế tháng sau?", {"agencies": (SNV,), "due": month(10)}),
    (
        "việc của snv tháng 9",
        "vậy quý IV thì sao",
        {"agencies": (SNV,), "due": days("10-01", "12-31")},
    ),
    ("việc của snv", "thế còn phối hợp?", {"agencies": (SNV,), "role": "partner"}),
    ("việc quá hạn của syt", "sở đó còn việc gì", {"agencies": (SYT,), "status": "unfinished"}),
    ("việc sắp đến hạn", "của sở nội vụ thôi", {"agencies": (SNV,), "status": "due_soon"}),
    ("việc quá hạn của snv", "ý chị là sở tài chính", {"agencies": (STC,), "status": "overdue"}),
    ("việc quá hạn của snv", "nhầm, sở y tế", {"agencies": (SYT,), "status": "overdue"}),
    ("việc quá hạn", "riêng sở y tế", {"agencies": (SYT,), "status": "overdue"}),
    (
        "việc của snv",
        "thế sở lâm nghiệp thì sao",
        {"agencies": (), "unknown_agency": "sở lâm nghiệp"},
    ),
]


@pytest.mark.parametrize(("first", "second", "wanted"), FOLLOW_UPS)
def test_a_follow_up_keeps_what_it_does_not_say(
    first: str, second: str, wanted: dict[str, Any]
) -> None:
    follow_up = asked(second)
    assert follow_up.follow_up
    question = merge_follow_up(asked(first), follow_up)
    assert {name: getattr(question, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "intent", "role"),
    [
        ("ai làm cái đó", "who", "lead"),
        ("việc này ai phối hợp", "who", "partner"),
        ("cái ni ai mần", "who", "lead"),
        ("hạn khi nào vậy", "when", None),
        ("việc đó xong chưa", "show", None),
        ("xem chi tiết", "show", None),
    ],
)
def test_a_line_about_the_task_shown_before(text: str, intent: str, role: str | None) -> None:
    question = asked(text)
    assert (question.it, question.intent, question.role) == (True, intent, role)
    assert merge_follow_up(replace(asked("việc của snv"), task=7), question).task == 7
    assert (
        merge_follow_up(asked("việc của snv"), question).intent
        == resolve_alone(question).intent
        == "unknown"
    )


@pytest.mark.parametrize(
    ("text", "item"), [("việc cuối cùng", -1), ("cái cuối", -1), ("cái thứ hai", 2)]
)
def test_a_line_of_the_list_before(text: str, item: int) -> None:
    assert asked(text).item == item
    assert resolve_alone(asked(text)).intent == "unknown"


@pytest.mark.parametrize(
    "text",
    ["việc của sở y tế", "snv có bao nhiêu việc", "tình hình snv sao rồi em", "còn bao nhiêu việc"],
)
def test_a_whole_question_is_no_follow_up(text: str) -> None:
    assert not asked(text).follow_up


@pytest.mark.parametrize(
    ("typed", "status", "left"),
    [
        ("còn mấy việc nữa", "unfinished", True),
        ("chừ còn bao nhiêu việc", "unfinished", True),
        ("còn mấy việc quá hạn", "overdue", False),
        ("còn bao nhiêu việc chờ xác nhận", "reported", False),
    ],
)
def test_what_is_left_is_asked_for_without_another_state(
    typed: str, status: str, left: bool
) -> None:
    question = asked(typed)
    assert (question.status, question.left) == (status, left)
