"""Which sentences command something: reports and requests for more time, and which do not."""

from __future__ import annotations

import pytest

from handlers.sentences import find_codes, read_sentence


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("báo cáo xong nhiệm vụ II.4, BC số 123/BC-STP", "done", "II.4"),
        ("đánh dấu xong II.4", "done", "II.4"),
        ("hãy đánh dấu hoàn thành II.4 giúp em", "done", "II.4"),
        ("II.4 xong rồi ạ", "done", "II.4"),
        ("em đã hoàn thành 2.1.3", "done", "2.1.3"),
        ("da xong ii.4 roi", "done", "ii.4"),
        ("Sở Tư pháp đã thực hiện xong nhiệm vụ số 5", "done", "5"),
        ("nv A.II.3 da hoan tat", "done", "A.II.3"),
        ("đã tiếp nhận nhiệm vụ II.4", "received", "II.4"),
        ("da nhan II.4", "received", "II.4"),
        ("đang thực hiện II.4: đang lấy ý kiến", "progress", "II.4"),
        ("xin gia hạn II.4 đến 15/12 vì chờ ý kiến", "more", "II.4"),
        ("de nghi lui han 2.1.3 sang thang 12", "more", "2.1.3"),
        ("cho xin gia hạn nhiệm vụ II.4 ạ", "more", "II.4"),
        ("em xin lùi II.4 qua thứ 2", "more", "II.4"),
    ],
)
def test_commands_in_sentences_are_understood(text: str, kind: str, code: str) -> None:
    command = read_sentence(text)
    assert command is not None
    assert command.kind == kind
    assert code in [found for found, _ in find_codes(command.rest)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("V.3 em đang làm, khoảng 70%", "khoảng 70%"),
        ("V.3 đang làm", ""),
        ("V.3 đang thực hiện", ""),
        ("dạ việc V.3 bên em đang triển khai ạ", "ạ"),
        ("V.3 làm được 70% rồi", "làm được 70% rồi"),
        ("V.3: mới xong 60%", "mới xong 60%"),
        ("V.3 hoàn thành 80 phần trăm", "hoàn thành 80 phần trăm"),
        ("V.3 khoảng 45%", "khoảng 45%"),
        ("V.3 đang trình lãnh đạo ký", "đang trình lãnh đạo ký"),
        ("V.3 đang chờ ý kiến các đơn vị", "đang chờ ý kiến các đơn vị"),
        ("V.3 đang vướng kinh phí", "đang vướng kinh phí"),
        ("v.3 gan xong roi", "gan xong roi"),
        ("V.3 cơ bản hoàn thành", "cơ bản hoàn thành"),
        ("V.3 làm xong bước 1", "làm xong bước 1"),
        ("xong 60% V.3", "xong 60%"),
        ("V.3 hoàn thành đợt 1 rồi", "hoàn thành đợt 1 rồi"),
        ("xong giai đoạn 1 V.3", "xong giai đoạn 1"),
        ("báo cáo V.3 mới hoàn thành được một nửa", "báo cáo mới hoàn thành được một nửa"),
    ],
)
def test_progress_is_read_beside_a_number(text: str, note: str) -> None:
    command = read_sentence(text)
    assert command is not None
    assert command.kind == "progress"
    code, match = next(find_codes(command.rest))
    assert code.upper() == "V.3"
    assert command.rest.remove_match(match).text.strip(" ,:") == note


@pytest.mark.parametrize(
    "text",
    [
        "V.3 đang làm tới đâu rồi",
        "V.3 đang làm hả",
        "V.3 đang vướng gì",
        "V.3 đang trễ",
        "V.3 đang xin gia hạn",
        "V.3 được mấy phần trăm",
        "V.3 của sở tài chính",
        "II.4 xong chưa",
        "nhiệm vụ II.4 đã hoàn thành chưa?",
        "ai làm xong II.4",
        "II.4 chưa xong",
        "II.4 chưa làm xong, mong anh chị thông cảm",
        "vui lòng hoàn thành II.4 trước 15/12",
        "nhờ anh hoàn thành II.4 sớm",
        "phấn đấu hoàn thành II.4 trong tháng 12",
        "đề nghị Sở Tư pháp hoàn thành II.4",
        "Sở Tư pháp sẽ hoàn thành II.4",
        "cần hoàn thành II.4 ngay",
        "còn mấy việc chưa xong",
        "việc nào đã hoàn thành",
        "hoàn thành bao nhiêu việc",
        "nhiệm vụ của Sở Tư pháp",
        "chào em",
        "",
        "x" * 5000,
    ],
)
def test_what_commands_nothing_is_left_to_the_questions(text: str) -> None:
    assert read_sentence(text) is None


def test_a_long_line_is_read_quickly() -> None:
    for text in ("xin " * 300 + "xong II.4", "II.4 " * 300, "đã " * 400, "vì do " * 200):
        read_sentence(text[:1500])
