"""The preview lists what was not read, with its place; what holds a time comes first."""

from handlers.plans.preview import describe_unread
from locales.fluent import load_sentences
from plans.format import PlanFile, PlanHead, UnreadRow

PLAN = PlanFile(
    plan=PlanHead(title="Trồng rừng"),
    unread=[
        UnreadRow(where="mục II.1, đoạn 9", text="Đẩy mạnh truyền thông."),
        UnreadRow(where="mục II.2, đoạn 10", text="Xong trước ngày 31/5/2031."),
    ],
)


def test_unread_is_counted_and_listed() -> None:
    texts = [load_sentences().to_text(one) for one in describe_unread(PLAN)]
    assert texts[0].startswith("2 đoạn chưa thành nhiệm vụ")
    assert texts[1:] == [
        "• mục II.1, đoạn 9: Đẩy mạnh truyền thông.",
        "• mục II.2, đoạn 10: Xong trước ngày 31/5/2031.",
    ]


def test_dated_unread_comes_first_in_a_short_list() -> None:
    texts = [load_sentences().to_text(one) for one in describe_unread(PLAN, 1)]
    assert "31/5/2031" in texts[1]
    assert len(texts) == 3


def test_nothing_unread_says_nothing() -> None:
    assert describe_unread(PlanFile(plan=PlanHead(title="Trồng rừng"))) == []
