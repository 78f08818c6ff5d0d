"""Words of a subject meet the tasks that hold the most of them (questions.md rule 6)."""

from language.search import index_text, score, vocabulary, words


def test_abbreviations_are_written_out_on_both_sides() -> None:
    assert "thu tuc hanh chinh" in index_text("Rà soát TTHC", ["Báo cáo về VBQPPL"])
    assert "van ban quy pham phap luat" in index_text("Rà soát TTHC", ["Báo cáo về VBQPPL"])
    assert words("TTHC") == words("thủ tục hành chính")


def test_words_and_pairs_are_looked_for() -> None:
    assert words("lưu trữ lịch sử") == ("luu", "tru", "lich", "su", "luu tru", "tru lich", "lich su")


def test_stop_words_around_a_subject_are_left_out_and_those_inside_stay() -> None:
    assert words("của vị trí việc làm nhé")[:4] == ("vi", "tri", "viec", "lam")
    assert words("ạ nhé") == ()


def test_words_that_stand_together_count_for_more() -> None:
    wanted = words("lưu trữ lịch sử")
    together = index_text("Số hóa hồ sơ lưu trữ lịch sử")
    apart = index_text("Lưu hồ sơ, trữ lượng nước; lịch cắt điện, sử dụng đất")
    assert score(wanted, together) > score(wanted, apart) > 0


def test_only_whole_words_are_held() -> None:
    assert score(("an",), index_text("ban hành")) == 0


def test_the_vocabulary_holds_words_and_pairs() -> None:
    held = vocabulary([index_text("Thanh tra công vụ")])
    assert {"thanh", "cong vu", "tra cong"} <= held
    assert "vu thanh" not in held
