"""Sentences keep to one wording: words, quotes, length, marks, and a next step behind a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from language.typing_slips import is_syllable
from locales.data import LOCALE_FOLDER
from locales.fluent import TYPED
from tests.support.code_names import ROOT

LONGEST_SENTENCE = 140  # characters; a value counts as four

FORBIDDEN = {
    "vui lòng": "hãy|giúp",
    "anh/chị": "bạn",
    "tôi, Nhắc việc": "bot",
    "the thing itself": "nó",
    "thời hạn": "hạn chót|lỡ hạn",
    "quá hạn": "trễ|trễ hạn",
    "đề nghị gia hạn": "xin gia hạn|thêm thời gian",
    "cơ quan": "đơn vị|cơ quan thực hiện",
    "đầu mối": "cán bộ|chuyên viên",
    "người đứng đầu cơ quan": "thủ trưởng|giám đốc",
    "theo dõi": "giám sát",
    "người quản trị": "admin|qtv",
    "báo cáo hoàn thành": "báo xong",
    "minh chứng": "bằng chứng",
    "sản phẩm": "kết quả đầu ra",
    "số, ký hiệu": "số hiệu|số ký hiệu",
    "mã truy cập": "mã bot|mã bí mật|token",
    "mã số tài khoản": "địa chỉ nhắn tin|chat id",
    "sổ nhiệm vụ": "cơ sở dữ liệu|danh mục",
    "tin nhắc": "lời nhắc|lần nhắc",
    "nhiệm vụ, lượt thời hạn": "đầu việc",
    "dừng lại, kết thúc": "thôi",
    "hằng": "hàng (?:ngày|tuần|tháng|quý|năm)",
    "hủy, xóa": "huỷ|xoá",
}
EXCEPTED = {
    "document-no-tasks": "đơn vị",  # what plans print
    "report-appendix-title": "danh mục",  # the form of reports
    "report-signing": "thủ trưởng",  # the form of reports
    "reminders-muted": "thôi",  # what people type
    "pause-usage": "thôi",
    "zalo-bad-token": "bot",  # Zalo's own name
}
MARKS = frozenset("🔴🟡🔵⚪✅⚠🔔")
SIGNS = frozenset("◀▶→✓−░▒█")  # arrows, ticks and bars that are no pictures

NAMES = re.compile(
    "Excel|Word|PDF|JSON|OCR|UTF|Unicode|Telegram|Zalo|BotFather|Manager|PostgreSQL|SQLite|MB|URL"
    "|Ctrl|xlsx|docx|pdf|txt|csv|json|sqlite|postgresql|nhacviec|db|make|import|chmod|install|backup"
    "|restore|Save|As|progress|timeline|excel|TCVN|VNI|UBND|KH|BC|STP|STPT|NC|STT|VT|CN|[TCQHh]|I+V?"
)
"""Products, kinds of files, commands as they are typed, and abbreviations that officials write."""

GUIDES = [
    *sorted(ROOT.joinpath("docs").glob("*-*.md")),
    ROOT / "docs/zalo.md",
    ROOT / ".env.example",
]

REFUSALS = re.compile(
    r"^(?:may-not-|no-such-|cli-(?:wrong|unknown)-|document-|doubt-(?!of-|in-row|line)|no-plan$"
    r"|no-task-about$|registry-(?!back|repaired)|.*-(?:not-allowed|not-understood|unclear|wrong"
    r"|wrong-[a-z]+|not-found|too-(?:long|large|many|short|far))$)"
)
NEXT_STEP = re.compile(
    r"vui lòng|(?<!\w)/[a-z]{2,}|ví dụ|đề nghị"
    r"|anh/chị (?:gõ|gửi|bấm|hỏi|chọn|lọc|sửa|ghi|xem|tách|nhờ|lấy)"
    r"|người quản trị (?:gõ|gửi|vui lòng|cài)|xin người quản trị|có phải|chọn:|--[a-z]",
    re.IGNORECASE,
)


def list_messages() -> Iterator[tuple[str, str]]:
    """Each message id with its text, without markup and comments."""
    for path in sorted(LOCALE_FOLDER.glob("*.ftl")):
        entries = re.findall(
            r"^([a-z][a-z0-9-]*) =(.*(?:\n[ ]+.*|\n(?=\n*[ ]))*)",
            path.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        for message_id, text in entries:
            said, *variants = re.split(r"\n +\.([a-z]+) =", re.sub(r"<[^<>]*>", "", text))
            yield message_id, said
            for variant, words in zip(variants[::2], variants[1::2], strict=True):
                yield f"{message_id}.{variant}", words


MESSAGES = dict(list_messages())


def drop_values(text: str) -> str:
    """Return `text` with four letters for each value; the cases of a choice stay."""
    text = re.sub(r"\{\s*\"([^\"]*)\"\s*\}", r"\1", text)
    text = re.sub(r"\{ ?(?:[A-Z]+\()*\$[a-z-]+[^{}>]*\}", "XXXX", text)
    text = re.sub(r"\{ [a-z-]+\.[a-z]+ \}", "", text)
    return re.sub(r"\{ \$[a-z-]+ ->|\*?\[[a-z0-9]+\]|\}", "", text)


def has_next_step(text: str) -> bool:
    """Whether the text, or the sentence that it ends with, says what to do."""
    inner = re.findall(r"\{ ([a-z-]+\.[a-z]+) \}", text)
    return any(NEXT_STEP.search(said) for said in (text, *(MESSAGES[name] for name in inner)))


@pytest.mark.parametrize("wanted", FORBIDDEN)
def test_one_word_stands_for_a_thing(wanted: str) -> None:
    word = re.compile(rf"(?<![\w/]){'(?:' + FORBIDDEN[wanted] + ')'}(?!\w)", re.IGNORECASE)
    found = [
        (message_id, hit.group())
        for message_id, text in MESSAGES.items()
        for hit in word.finditer(drop_values(text))
        if EXCEPTED.get(message_id) != hit.group().lower()
    ]
    assert found == []


def test_quotes_are_curly() -> None:
    assert [name for name, text in MESSAGES.items() if '"' in drop_values(text)] == []


def test_no_sentence_is_too_long() -> None:
    ends = r"(?<=[.?!…:])\s+(?=[A-ZĐÀ-Ỹ“X])|\n"
    found = [
        (message_id, sentence)
        for message_id, text in MESSAGES.items()
        for sentence in re.split(ends, drop_values(text))
        if len(sentence) > LONGEST_SENTENCE
    ]
    assert found == []


def test_pictures_are_of_one_small_set() -> None:
    found = {
        (message_id, sign)
        for message_id, text in MESSAGES.items()
        for sign in text
        if ord(sign) > 0x2190 and sign not in MARKS | SIGNS | {"\ufe0f"}
    }
    assert found == set()


def test_a_refusal_and_a_doubt_say_what_to_do() -> None:
    refusals = {name: text for name, text in MESSAGES.items() if REFUSALS.match(name.split(".")[0])}
    assert len(refusals) > 100
    assert [name for name, text in refusals.items() if not has_next_step(text)] == []


def test_where_all_is_typed_nobody_is_told_to_press_a_button() -> None:
    """What a channel without buttons never says, or says of another place, is excepted."""
    elsewhere = r"board-|cli-|terminal-|rights-|invitation-step-|told-report-after-gap|edit-"
    found = [
        name
        for name, text in MESSAGES.items()
        if re.search(r"(?<!\w)(?:bấm|nút)(?!\w)", text, re.IGNORECASE)
        and f"{name}.{TYPED}" not in MESSAGES
        and not re.match(elsewhere, name)
    ]
    assert found == []


def test_no_word_of_another_language_is_said() -> None:
    typed = r"/[a-z]+|--[a-z-]+|https?:\S+|\S*\.(?:py|env|toml)\S*|[A-Z]+_[A-Z_]+|XXXX"
    found = [
        (message_id, word)
        for message_id, text in MESSAGES.items()
        for word in re.findall(r"[^\W\d_]+", re.sub(typed, " ", drop_values(text)))
        if word.isascii() and not is_syllable(word.lower()) and not NAMES.fullmatch(word)
    ]
    assert found == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_guides_speak_as_the_sentences_do(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    if path.suffix != ".md":
        lines = [line for line in lines if line.startswith("#")]
    text = re.sub(r"```.*?```|`[^`\n]*`|\*[^*\n]*\*", "", "\n".join(lines), flags=re.DOTALL)
    words = "hãy|giúp|bạn|nó|thủ trưởng|xin gia hạn|đầu việc|lời nhắc|lần nhắc"
    assert re.findall(rf"(?<!\w)(?:{words})(?!\w)|\"", text, re.IGNORECASE) == []
