"""Words of a subject meet the tasks that hold the most of them (docs/dev/questions.md rule 6)."""

from language.search import (
    choose_search_words,
    list_search_words,
    make_index_text,
    make_vocabulary,
    score_text,
    score_texts,
)


def test_abbreviations_are_written_out_on_both_sides() -> None:
    assert "thu tuc hanh chinh" in make_index_text("Rà soát TTHC", ["Báo cáo về VBQPPL"])
    assert "van ban quy pham phap luat" in make_index_text("Rà soát TTHC", ["Báo cáo về VBQPPL"])
    assert list_search_words("TTHC") == list_search_words("thủ tục hành chính")


def test_words_and_pairs_are_looked_for() -> None:
    assert list_search_words("lưu trữ lịch sử") == (
        "luu",
        "tru",
        "lich",
        "su",
        "luu tru",
        "tru lich",
        "lich su",
    )


def test_stop_words_around_a_subject_are_left_out_and_those_inside_stay() -> None:
    assert list_search_words("của vị trí việc làm nhé")[:4] == ("vi", "tri", "viec", "lam")
    assert list_search_words("ạ nhé") == ()


def test_words_that_stand_together_count_for_more() -> None:
    wanted = list_search_words("lưu trữ lịch sử")
    together = make_index_text("Số hóa hồ sơ lưu trữ lịch sử")
    apart = make_index_text("Lưu hồ sơ, trữ lượng nước; lịch cắt điện, sử dụng đất")
    assert score_text(wanted, together) > score_text(wanted, apart) > 0


def test_a_rare_word_weighs_more_than_common_ones() -> None:
    titles = ("Kiểm tra ISO cấp tỉnh", *(f"Kiểm tra cấp xã đợt {n}" for n in range(5)))
    texts = {n: make_index_text(title) for n, title in enumerate(titles)}
    scores = score_texts(list_search_words("iso cấp xã"), texts)
    assert max(scores, key=lambda n: scores[n]) == 0


def test_only_whole_words_are_held() -> None:
    assert score_text(("an",), make_index_text("ban hành")) == 0


def test_numerals_and_the_names_of_milestones_are_searched() -> None:
    text = make_index_text("Báo cáo CCHC", [], ["BC quý III", None])
    assert " quy 3" in text
    assert choose_search_words("quý iii") == choose_search_words("quý 3")
    assert "vi pham" in make_index_text("Xử lý vi phạm, xi măng")
    assert "xi mang" in make_index_text("Xử lý vi phạm, xi măng")


def test_the_vocabulary_knows_words_as_they_are_written() -> None:
    held = make_vocabulary(["buon lau"], ["Buôn lậu"])
    assert (held["buon"], held.get("buôn"), held.get("buồn")) == (1, 1, None)


def test_the_vocabulary_holds_words_and_pairs() -> None:
    held = make_vocabulary([make_index_text("Thanh tra công vụ")])
    assert {"thanh", "cong vu", "tra cong"} <= held.keys()
    assert "vu thanh" not in held
