"""Find names that read like an agency but are unknown, and agencies that a question leaves out."""

from itertools import pairwise

from language.agencies.local_government import list_local_names
from language.questions.labels import NO_MEANING, NOT_UNKNOWN
from language.questions.line import BREAK, QuestionLine
from language.questions.phrases import is_list_before, load_phrases, match_list_at
from language.tokens import AND, split_words

LONGEST_EXCEPTING = 4  # words that leave an agency out ("không liên quan đến")
LONGEST_BETWEEN = 4  # words between those and the agency ("các nhiệm vụ của")
LONGEST_PLACE = 3  # words of a bare place
MOST_NAMES = 5  # offered for an unknown name
_STOPS = frozenset(".;:?!,()\n")


def read_unknown_agency(line: QuestionLine) -> None:
    """Read a name that reads like an agency but is not known (docs/dev/questions.md rule 9)."""
    for at in range(len(line.tokens)):
        whole = 0 if line.is_taken[at] else match_list_at(line.tokens, at, "whole")
        acts = at + whole == len(line.tokens) or line.has_verb_at(at + whole)
        if (
            whole
            and acts
            and not line.asks_for_one_task()
            and line.is_agency_slot(at, firmly=True)
            and not line.is_in_subject(at)
        ):
            line.set_unknown_agency(at, at + whole)
            return
        heads = [] if line.is_taken[at] else _list_head_sizes(line, at)
        if (
            not heads
            or _is_no_agency_at(line, at)
            or line.is_in_subject(at)
            or not line.is_agency_slot(at, firmly=True)
        ):
            continue
        phrase = line.find_phrase_over(at)
        if phrase is not None and phrase.labels & NOT_UNKNOWN:
            continue
        for head in heads:
            end = _find_unknown_end(line, at + head)
            name = _find_begun_name(line, at, end)
            if name is not None:
                line.add_mention(at, end, (name,), name)
                return
            if end > at + head and _acts_like_agency(line, at, at + head, end):
                line.set_unknown_agency(at, end)
                return


def find_nearest_names(line: QuestionLine, name: str) -> tuple[str, ...]:
    """Return the names to offer for an unknown one: the UBND of a bare place, else the like."""
    tokens = split_words(name)
    like = line.context.directory.find_nearest(name)
    is_place = len(tokens) <= LONGEST_PLACE and all(token.has_capital for token in tokens)
    if not is_place or _begins_with_head(name):
        return like
    return (*list_local_names(name, line.context.today), *like)[:MOST_NAMES]


def _begins_with_head(name: str) -> bool:
    return bool(match_list_at(split_words(name), 0, "heads"))


def leaves_agency_out(line: QuestionLine) -> bool:
    """Return whether a line leaves an agency out: "trừ sở y tế", "không phải của sở nội vụ"."""
    starts = [line.find_words(m.start, m.end).start for m in (*line.mentions, *line.topic_mentions)]
    starts += [phrase.start for phrase in line.list_own_phrases()]
    if line.unknown_agency is not None:
        unknown = split_words(line.unknown_agency)
        size = len(unknown)
        words = [token.text for token in unknown]
        starts += [
            at
            for at in range(len(line.tokens))
            if [token.text for token in line.tokens[at : at + size]] == words
        ]
    return any(_is_left_out_at(line, at) for at in starts)


def _is_left_out_at(line: QuestionLine, at: int) -> bool:
    sizes = [
        0,
        *(
            size
            for size in range(1, LONGEST_BETWEEN + 1)
            if _is_phrase_of_list(line, at - size, at, "except_of")
        ),
    ]
    return any(_has_exception_before(line, at - size) for size in sizes)


def _is_phrase_of_list(line: QuestionLine, start: int, end: int, name: str) -> bool:
    return start >= 0 and match_list_at(line.tokens, start, name, end - start) == end - start


def _has_exception_before(line: QuestionLine, end: int) -> bool:
    """Return whether words such as "trừ" end before `end`, as they are written.

    "Lưu trữ" contains none.
    """
    for size in range(1, LONGEST_EXCEPTING + 1):
        start = end - size
        if not _is_phrase_of_list(line, start, end, "except") or not _is_written_as(
            line, start, end, load_phrases().exceptions
        ):
            continue
        before = line.tokens[start - 1].folded if start else ""
        closed = any(BREAK.intersection(token.gap) for token in line.tokens[start + 1 : end + 1])
        if not closed and not line.context.has_task_with(before, line.tokens[start].folded):
            return True
    return False


def _is_held_name(line: QuestionLine, at: int, end: int) -> bool:
    """Return whether most pairs of the name's words stand side by side in some task."""
    words = [token.folded for token in line.tokens[at:end]]
    held = [line.context.has_task_with(*pair) for pair in pairwise(words)]
    return len(held) > 1 and 2 * sum(held) > len(held)


def _find_begun_name(line: QuestionLine, at: int, end: int) -> str | None:
    """Return the only agency of the registry that begins with these words."""
    words = tuple(t.folded for t in line.tokens[at:end] if t.folded != AND)
    return line.context.directory.find_by_beginning(words)


def _list_head_sizes(line: QuestionLine, at: int) -> list[int]:
    """Return the numbers of words at `at` that an agency's name may start with ("chi cục").

    They must be written as in the list, or without any diacritics.
    """
    if (
        at
        and line.tokens[at - 1].folded not in load_phrases().rules["belongs_to_agency"]
        and line.context.has_task_with(line.tokens[at - 1].folded, line.tokens[at].folded)
        and not line.tokens[at].gap.strip()
    ):
        return []  # "hồ sơ"
    if at and match_list_at(line.tokens, at - 1, "no_heads", 2) == 2:
        return []  # "giao ban"
    sizes = [size for size in (4, 3, 2, 1) if match_list_at(line.tokens, at, "heads", size) == size]
    return [size for size in sizes if _is_written_as(line, at, at + size, load_phrases().heads)]


def _is_no_agency_at(line: QuestionLine, at: int) -> bool:
    """Return whether the words only begin like an agency ("hội nghị").

    "Hội đông y" is an agency: it is not "hội đồng".
    """
    size = match_list_at(line.tokens, at, "not_behind")
    return bool(size) and _is_written_as(line, at, at + size, load_phrases().not_behind)


def _is_written_as(line: QuestionLine, start: int, end: int, names: frozenset[str]) -> bool:
    typed = " ".join(t.text.lower() for t in line.tokens[start:end])
    return typed in names or (typed.isascii() and not line.context.has_marks)


def _find_unknown_end(line: QuestionLine, first: int) -> int:
    end = first
    while end < len(line.tokens) and not line.is_taken[end]:
        gap = line.tokens[end].gap
        if _STOPS.intersection(gap) or (end > first and _is_name_end(line, end)):
            break
        if (
            end == first
            and not line.is_content(end)
            and not (end + 1 < len(line.tokens) and line.is_content(end + 1))
        ):
            break
        end += 1
    return end


def _is_name_end(line: QuestionLine, index: int) -> bool:
    phrase = line.find_phrase_over(index)
    return (phrase is not None and not phrase.labels <= NO_MEANING) or is_end_word(line, index)


def is_end_word(line: QuestionLine, index: int) -> bool:
    """Return whether the word ends a name typed without capitals ("có", "nào").

    It must be written as in the list, or without diacritics.
    """
    token = line.tokens[index]
    written = token.text.isascii() or token.text.lower() in load_phrases().ends
    return (
        written and bool(match_list_at(line.tokens, index, "ends", 1))
    ) or token.text.lower() in load_phrases().rules["gives"]


def _acts_like_agency(line: QuestionLine, at: int, name: int, end: int) -> bool:
    """Return whether the unknown name acts like an agency, and is not what a task is about."""
    if line.tokens[name].text.isdigit() or set(line.tokens[name].folded) <= set("ivx"):
        return False  # "quy III"
    if line.tokens[at].text.lower() == "so" and line.context.has_task_with(
        "so", line.tokens[name].folded
    ):
        return False  # "so ket" is "sơ kết"
    owned = is_list_before(line.tokens, at, "links")
    loose = line.asks_for_one_task() or (end == len(line.tokens) and not owned)
    if loose and _is_held_name(line, at, end):
        return False  # "hạn của thanh tra kỷ luật" is a task's, "hợp tác xã đối thoại" a subject
    if line.tokens[at].folded == "so":
        return line.tokens[name].folded != AND and not line.tokens[name].text.isdigit()
    if line.context.has_task_with(line.tokens[name - 1].folded, line.tokens[name].folded):
        return not line.asks_for_one_task() and line.is_agency_slot(at) and line.has_verb_at(end)
    if end == len(line.tokens) or line.has_verb_at(end) or is_list_before(line.tokens, at, "links"):
        return True
    meant = line.find_phrase_over(end) is not None and not line.asks_for_one_task()
    return meant or bool(BREAK.intersection(line.tokens[end].gap))
