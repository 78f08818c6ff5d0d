"""A question carries the folded words to search for."""

from dataclasses import replace

from language.questions.question import Question


def test_a_question_carries_its_folded_words() -> None:
    question = Question("list", words="tinh giản biên chế")
    assert question.search_words[:2] == ("tinh", "gian")
    assert "bien che" in question.search_words
    assert question.search_words is question.search_words


def test_words_of_a_changed_question_are_folded_anew() -> None:
    question = Question("list", words="tinh giản")
    assert question.search_words
    assert replace(question, words=None).search_words == ()


def test_stop_words_are_searched_for_if_there_are_no_others() -> None:
    assert "minh" in Question("list", words="của mình").search_words
