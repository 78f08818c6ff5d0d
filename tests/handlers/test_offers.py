"""What the bot offers by buttons is answered in words, too."""

from __future__ import annotations

import pytest

from handlers.conversation.words import make_typed_text
from handlers.offers import choose_action
from handlers.work.evidence import take_document
from models.people import PostRole
from tests.support.world import World

AGENCIES = (
    ("Sở Y tế (2)", "urge:1"),
    ("Sở Xây dựng (1)", "urge:2"),
    ("Thanh tra tỉnh (1)", "urge:3"),
)


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("chỉ sở xây dựng thôi", "urge:2"),
        ("thanh tra", "urge:3"),
        ("cái đầu", "urge:1"),
        ("số 3 nhé", "urge:3"),
        ("cái cuối", "urge:3"),
        ("sở", None),
        ("ok", None),
        ("tiến độ sở xây dựng", None),
        ("cái 4", None),
    ],
)
def test_a_button_is_chosen_in_words(typed: str, action: str | None) -> None:
    assert choose_action(AGENCIES, typed) == action


@pytest.mark.parametrize("typed", ["ok", "Đúng rồi.", "ok em", "ừ"])
def test_the_only_button_is_agreed_to(typed: str) -> None:
    assert choose_action(AGENCIES[:1], typed) == "urge:1"


def test_a_document_is_taken_with_its_kind_and_day() -> None:
    rest, document = take_document(make_typed_text("xong, BC số 12/BC-STP ngày 3/11 nhé"))
    assert document == "12/BC-STP ngày 3/11"
    assert rest.text.split() == ["xong,", "nhé"]


@pytest.fixture
async def reporter(world: World) -> World:
    """Add the focal point of Sở Tư pháp, who has the task I.1 on the screen."""
    await world.joins("9", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("9", "I.1")
    return world


@pytest.mark.parametrize(
    ("said", "agreed", "part"),
    [
        ("xong rồi nhé, số 15/BC-STP", "ok em", "số 15/BC-STP"),
        ("sao lại trễ, việc này nộp rồi mà", "đúng", "Đã ghi hoàn thành"),
        ("việc này làm xong rồi", "số 16/STP-VP", "số 16/STP-VP"),
    ],
)
async def test_what_is_said_as_done_is_written_when_agreed(
    reporter: World, said: str, agreed: str, part: str
) -> None:
    assert "chưa ghi gì" in (await reporter.says("9", said)).text
    assert part in (await reporter.says("9", agreed)).text


async def test_a_button_brings_the_document_along(reporter: World) -> None:
    offered = await reporter.says("9", "xong rồi nhé, số 15/BC-STP")
    await reporter.says("9", "việc nào quá hạn")
    pressed = await reporter.presses("9", offered.action("Đã hoàn thành"))
    assert "số 15/BC-STP" in pressed.text


@pytest.mark.parametrize("between", ["cảm ơn em", "nhiệm vụ của Sở Nội vụ"])
async def test_an_offer_holds_for_the_next_line_only(reporter: World, between: str) -> None:
    await reporter.says("9", "việc này xong rồi")
    await reporter.says("9", between)
    assert "Đã ghi" not in (await reporter.says("9", "ok")).text


async def test_what_was_only_offered_is_left_and_nothing_taken_back(reporter: World) -> None:
    await reporter.says("9", "I.1 đã nhận")
    await reporter.says("9", "việc này xong rồi")
    assert "hoàn tác" not in (await reporter.says("9", "em báo nhầm")).text.lower()


@pytest.mark.parametrize("typed", ["rút lại giùm em", "ủa em bấm nhầm", "hoàn tác"])
async def test_a_report_is_taken_back_though_evidence_is_waited_for(
    reporter: World, typed: str
) -> None:
    await reporter.says("9", "I.1 xong rồi")
    assert "Đã hoàn tác" in (await reporter.says("9", typed)).text
    assert "minh chứng" not in (await reporter.says("9", "số 9/BC-STP")).text


@pytest.mark.parametrize(
    "typed", ["I.1 em xin thêm 10 ngày nữa", "i.1 ben em xin gia han them 10 ngay"]
)
async def test_more_time_is_asked_for_behind_the_number(reporter: World, typed: str) -> None:
    assert "10/12/2026" in (await reporter.says("9", typed)).text


@pytest.mark.parametrize("typed", ["xác nhận luôn đi", "trả lại I.1 vì chưa ký", "I.1 cho gia hạn"])
async def test_a_decision_without_anything_to_decide_says_so(world: World, typed: str) -> None:
    await world.joins("7", PostRole.SUPERVISOR, "Sở Nội vụ")
    await world.says("7", "I.1")
    assert "không có báo cáo hay đề nghị" in (await world.says("7", typed)).text
