"""Facts besides tasks are told from questions about tasks."""

from __future__ import annotations

import pytest

from tests.support.question_rows import SYT
from tests.support.question_world import asked


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("kế hoạch này số mấy", None),
        ("kế hoạch 75 ban hành ngày nào", "75"),
        ("ai ban hành kế hoạch 75", "75"),
        ("ke hoach nay do ai ban hanh", None),
        ("kế hoạch 75 của ai ban hành", "75"),
        ("kế hoạch 75 ngày mấy", "75"),
        ("số ký hiệu của kế hoạch này", None),
        ("kế hoạch này ký hồi nào", None),
    ],
)
def test_the_plans_own_facts_are_asked_for(text: str, plan: str | None) -> None:
    question = asked(text)
    assert (question.intent, question.manner, question.plan) == ("show", "plan", plan)


@pytest.mark.parametrize(
    "text",
    ["kế hoạch 75 có việc gì", "kế hoạch thanh tra công vụ khi nào", "kế hoạch 75 hạn ngày nào"],
)
def test_tasks_of_a_plan_are_no_fact_of_it(text: str) -> None:
    assert asked(text).manner is None


@pytest.mark.parametrize("text", ["II.4 gửi cho ai", "sản phẩm của II.4 nộp cho cơ quan nào"])
def test_where_a_product_goes_is_told_by_the_whole_task(text: str) -> None:
    assert (asked(text).intent, asked(text).code) == ("show", "II.4")


@pytest.mark.parametrize(
    "text", ["đơn vị nào chưa tham gia", "sở nào chưa vào bot", "co quan nao chua co dau moi"]
)
def test_who_has_not_joined_is_asked_for(text: str) -> None:
    assert (asked(text).intent, asked(text).manner) == ("unknown", "not_joined")


@pytest.mark.parametrize(
    "text",
    ["tuần này tôi cần chỉ đạo gì", "sáng nay có gì đáng lo không", "co gi can luu y khong"],
)
def test_the_one_look_is_asked_for(text: str) -> None:
    question = asked(text)
    assert (question.intent, question.manner, question.agencies) == ("progress", "look", ())


def test_the_one_look_may_be_at_an_agency() -> None:
    assert asked("sở y tế có gì đáng lo không").agencies == (SYT,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kinh phí của II.4 bao nhiêu", "kinh phí"),
        ("II.4 ai ký", "ai ký"),
        ("khảo sát sự hài lòng được bao nhiêu điểm", "bao nhiêu điểm"),
    ],
)
def test_what_no_task_has_is_said_to_be_missing(text: str, name: str) -> None:
    question = asked(text)
    assert (question.intent, question.manner, question.ignored) == ("unknown", "not_kept", name)
