"""Find the intent of a question: what is asked of the tasks (docs/dev/questions.md, Intents)."""

from itertools import pairwise
from typing import Literal

from language.agencies.local_government import find_local_kind, read_level_at
from language.agencies.tables import load_agency_tables
from language.questions.labels import LATE
from language.questions.line import QuestionLine
from language.questions.phrases import load_phrases, match_list_at
from language.questions.question import REPORT_STATES, AgencyComparison, Intent
from language.questions.subject import is_relative_window, is_subject_known, list_subject_words
from language.text import fold


def find_intent(line: QuestionLine) -> Intent:
    """Return the intent of the line: the first rule that fits."""
    coded = any(code.kind == "code" for code in line.codes)
    words = list_subject_words(line)
    asked = set(line.list_labels("intent"))
    statuses = set(line.list_labels("status"))
    idle = bool(statuses) and all(map(line.is_everyday, words))  # "ai báo cáo mà chưa xác nhận"
    subject = coded or (bool(words) and not idle)
    place = line.has_label("words.place")
    if not coded and (place or _compares_agencies(line) or _asks_why_not_yet(line)):
        return "progress"
    if (subject and _asks_for_recipient(line, coded)) or ("who" in asked and coded and statuses):
        return "show"  # "II.4 đơn vị nào chưa xong" asks how each agency stands
    if "who" in asked and subject and _asks_who(line, coded):
        return "who"
    if _offers_agencies(line):
        return "who"
    if subject and _asks_when(line, asked, coded):
        return "when"
    if _asks_for_figures(line, asked, statuses, coded):
        return "progress"
    if (
        "count" in asked
        and not _is_plural_only(line, asked)
        and (not coded or _asks_for_several(line))
    ):
        return "count"
    if coded and not _asks_for_several(line):
        return "show"
    shows = "show" in asked or (
        "show_of_task" in asked and not line.mentions and not line.has_own_agency
    )
    if shows and subject and not _asks_for_many(line) and "list_surely" not in asked:
        return "show"
    return "list"


def _asks_for_recipient(line: QuestionLine, coded: bool) -> bool:
    """Return whether it is asked where a task's product goes: nothing but the product tells."""
    return line.has_label("fact.recipient") and (coded or is_subject_known(line))


def _asks_why_not_yet(line: QuestionLine) -> bool:
    """Return whether the state of a subject is asked for: "đối thoại ... sao giờ chưa thấy gì"."""
    words = [token.folded for token in line.tokens]
    return (
        any(
            word == "sao" and (at == 0 or words[at - 1] != "lam") and "chua" in words[at : at + 4]
            for at, word in enumerate(words)
        )
        and not line.mentions
        and not line.has_own_agency
        and is_subject_known(line, one_task=True)
    )


def _compares_agencies(line: QuestionLine) -> bool:
    """Return whether agencies are compared: "A với B bên nào nhiều hơn", "nơi nào chậm nhất".

    Those that are counted are, too: "mấy xã chưa báo cáo".
    """
    if line.level_counted is not None and not line.mentions:
        return True
    rules = load_phrases().rules
    asked = [p for p in line.phrases if "intent.who" in p.labels]
    if not asked:
        return False
    if _asks_which_level_is_late(line) or _asks_who_does_well(line):
        return True
    return any(
        token.folded in rules["compares"]
        and line.tokens[at - 1].folded in rules["compared"] | rules["nouns_compared"]
        and any(earlier.folded in rules["compared"] for earlier in line.tokens[max(at - 4, 0) : at])
        for at, token in enumerate(line.tokens)
        if at >= asked[0].end
    )


def _asks_which_level_is_late(line: QuestionLine) -> bool:
    """Return whether late communes or districts are asked for: "xã nào chậm"."""
    return (
        _read_level_compared(line) is not None
        and line.has_label(*LATE)
        and not line.has_label("task.noun")
        and not line.windows
        and not list_subject_words(line)
    )


def _asks_who_does_well(line: QuestionLine) -> bool:
    """Return whether nothing but how agencies work is asked for: "sở nào làm tốt"."""
    compared = load_phrases().rules["compared"]
    words = [line.tokens[at].folded for at in list_subject_words(line)]
    return (
        bool(words)
        and all(word in compared for word in words)
        and not line.list_labels("status")
        and not line.windows
        and not line.has_label("task.noun", "intent.when", "intent.count")
    )


def read_comparison(line: QuestionLine) -> AgencyComparison | None:
    """Return by what agencies are compared or counted ("mấy xã trễ"); None for neither."""
    if line.level_counted is not None:
        states = set(line.list_labels("status"))
        what = next(what for state, what in _COUNTED_BY.items() if state in states)
        return AgencyComparison(what, "number", line.level_counted or None)
    if line.has_label("words.place"):
        return AgencyComparison("late" if line.has_label(*LATE) else "done", "place")
    if not _compares_agencies(line) and not line.has_label("words.superlative"):
        return None
    rules = load_phrases().rules
    words = {t.folded for t, taken in zip(line.tokens, line.is_taken, strict=True) if not taken}
    last = any(
        fold(line.join_words(p.start, p.end)) in rules["last_place"]
        for p in line.phrases
        if "words.superlative" in p.labels
    )
    if last or words & rules["compared_late"] or line.has_label(*LATE):
        what = "late"
    else:
        done = words & rules["compared_done"] or line.has_label("status.done")
        what = "done" if done else "tasks"
    least = bool(words & rules["compared_little"])
    return AgencyComparison(what, "least" if least else "most", _read_level_compared(line))


def _read_level_compared(line: QuestionLine) -> str | None:
    """Return "commune" or "district" if only these are compared: "xã nào kém nhất", "5 xã"."""
    for at in range(len(line.tokens)):
        level = read_level_at(line.tokens, at)
        if level is None:
            continue
        end = at + level[0]
        typed = " ".join(t.text.lower() for t in line.tokens[at:end])
        names = load_agency_tables().level_names.values()
        if typed not in names and typed not in load_phrases().rules["sure_levels"]:
            continue  # "cơ quan nào" is no "quận nào"
        asked = [t.folded for t in line.tokens[end : end + 1]] in _WHICH
        if asked or (at > 0 and line.tokens[at - 1].text.isdigit()):
            return find_local_kind(" ".join(t.folded for t in line.tokens[at:end]), "")
    return None


_COUNTED_BY = {
    **{state: state for state in REPORT_STATES},
    **{"overdue": "late", "unfinished": "open", "must": "open", "done": "done"},
}
"""By what agencies are counted of which a state is told, the strongest first."""
_WHICH = (["nao"], ["mo"])


def _offers_agencies(line: QuestionLine) -> bool:
    """Return whether one of two agencies is asked for: "... là việc của A hay của B"."""
    if len(line.mentions) < 2 or line.list_labels("status") or line.windows:
        return False
    first, second = sorted(line.mentions, key=lambda mention: mention.start)[:2]
    between = fold(line.text[first.end : second.start]).split()
    return (
        bool(between)
        and between[0] in load_phrases().rules["either"]
        and is_subject_known(line, one_task=True)
    )


def _asks_who(line: QuestionLine, coded: bool) -> bool:
    """Return whether an agency is asked for.

    It is in "đơn vị nào chủ trì ISO", but not in "đơn vị nào đang trễ".
    """
    if coded:
        return True
    if _asks_for_doer(line) and is_subject_known(line, one_task=True):
        return True
    if line.has_label(
        "status.overdue", "status.unfinished", "status.due_soon", "words.superlative"
    ):
        return False
    if line.has_label("status.not_late"):
        return False
    if line.has_label("intent.progress") and not is_subject_known(line, one_task=True):
        return False
    if line.has_label("role.lead"):
        return True
    return not any(
        line.has_label("deadline.due", "deadline.word") or is_relative_window(line, w)
        for w in line.windows
    )


def _asks_for_doer(line: QuestionLine) -> bool:
    """Return whether somebody is asked for who does it.

    "... ai làm mà trễ vậy" asks for them, though the work is late; "ai làm trễ" does not.
    """
    return any(
        "intent.who" in p.labels
        and p.end + 1 < len(line.tokens)
        and line.tokens[p.end].folded in load_phrases().rules["does"]
        and line.tokens[p.end + 1].folded == "ma"
        for p in line.phrases
    )


def _asks_when(line: QuestionLine, asked: set[str], coded: bool) -> bool:
    if "when" in asked:
        return not (_asks_for_many(line) and line.windows)
    deadline = line.has_label("deadline.word", "deadline.due")
    if coded:
        return deadline and not line.has_label("status.overdue")
    return (
        deadline
        and not line.windows
        and not _asks_for_many(line)
        and not line.mentions
        and not line.list_labels("status")
    )


def find_what_is_missing(line: QuestionLine) -> Literal["state", "task"] | None:
    """Return what the line says is missing, or None.

    "Sở nào không có việc quá hạn" misses tasks of a "state", "sở nào không có việc" any "task".
    """
    for phrase in line.phrases:
        if phrase.labels & {"intent.who", "words.each"} and phrase.end < len(line.tokens):
            behind = phrase.end + match_list_at(line.tokens, phrase.end, "without")
            later = [p for p in line.phrases if p.start >= behind > phrase.end]
            if any("task.noun" in p.labels for p in later):
                states = any(label.startswith("status.") for p in later for label in p.labels)
                return "state" if states else "task"
    return None


def asks_whether_done(line: QuestionLine) -> bool:
    """Return whether "đã xong ... chưa", "xong gì chưa" only ask: "chưa" there is no status."""
    what = {p.start for p in line.phrases if "intent.list" in p.labels}
    done = [
        p
        for p in line.phrases
        if "status.done" in p.labels and (line.tokens[p.start].folded == "da" or p.end in what)
    ]
    bare = [p for p in line.phrases if "status.unfinished" in p.labels]
    return (
        bool(done and bare)
        and all(line.tokens[p.start].folded == "chua" and p.end - p.start == 1 for p in bare)
        and done[0].end <= bare[0].start
        and not any(line.is_content(i) for i in range(bare[-1].end, len(line.tokens)))
    )


def _asks_for_figures(line: QuestionLine, asked: set[str], statuses: set[str], coded: bool) -> bool:
    if not coded and (line.has_label("status.not_late") or find_what_is_missing(line) == "state"):
        return True
    if not coded and asks_whether_done(line) and not _asks_for_many(line):
        return True
    if line.has_label("status.both") and not is_subject_known(line):
        return (
            bool(statuses & {"overdue"})
            or "progress" in asked
            or "count" not in asked
            or "done" not in statuses
        )
    if "progress" not in asked:
        return _asks_by_agency(line, asked)
    if coded and _asks_only_whether(line):
        return False
    many = _asks_for_many(line) and not line.has_label("words.superlative")
    return not many or not _is_vague_progress(line)


def _asks_by_agency(line: QuestionLine, asked: set[str]) -> bool:
    """Return whether figures by agency are asked for.

    "sở nào trễ nhất", "bao nhiêu việc của từng sở".
    """
    if line.has_label("words.superlative"):
        return (
            "who" in asked
            or _counts_agencies(line)
            or (
                not has_content_but_numbers(line)
                and line.has_label("status.overdue", "status.done")
            )
        )
    return "count" in asked and line.has_label("words.each") and not line.list_labels("status")


def _counts_agencies(line: QuestionLine) -> bool:
    """Return whether several agencies are asked for: "5 đơn vị chậm nhất", "mấy sở"."""
    rules = load_phrases().rules
    return any(
        (before.text.isdigit() or before.folded in rules["several"])
        and token.folded in rules["counted"]
        for before, token in pairwise(line.tokens)
    )


def has_content_but_numbers(line: QuestionLine) -> bool:
    """Return whether the subject has words besides numbers and units such as "sở"."""
    return any(
        not line.tokens[i].text[0].isdigit()
        and line.tokens[i].folded not in load_phrases().rules["counted"]
        for i in list_subject_words(line)
    )


def _asks_only_whether(line: QuestionLine) -> bool:
    """Return whether a question such as "II.4 xong chưa?" is about one task."""
    return all(
        "status.done" in p.labels or p.end - p.start > 1
        for p in line.phrases
        if "intent.progress" in p.labels
    )


def _is_vague_progress(line: QuestionLine) -> bool:
    return all(
        "status.done" in p.labels or "filler" in p.labels
        for p in line.phrases
        if "intent.progress" in p.labels
    )


def _is_plural_only(line: QuestionLine, asked: set[str]) -> bool:
    """Return whether "mấy" is only a plural, because "nào" or "gì" asks: "mấy tiêu chí nào"."""
    counts = [p for p in line.phrases if "intent.count" in p.labels]
    plural = all([t.folded for t in line.tokens[p.start : p.end]] == ["may"] for p in counts)
    shown = bool(counts) and (
        any("intent.show" in p.labels and p.end == counts[0].start for p in line.phrases)
        or (counts[0].start == 0 and fold(line.introduction).endswith(("xem", "coi")))
    )
    return plural and (shown or bool(asked & {"list", "list_surely"}))


def _asks_for_several(line: QuestionLine) -> bool:
    """Return whether tasks below a code are asked for.

    "tiêu chí 5.8 có những tiêu chí thành phần nào".
    """
    codes = [code for code in line.codes if code.kind == "code"]
    below = any(
        "task.noun" in p.labels and line.tokens[p.start].start >= codes[-1].end
        for p in line.phrases
    )
    return below and ("count" in line.list_labels("intent") or _asks_for_many(line))


def _asks_for_many(line: QuestionLine) -> bool:
    """Return whether tasks are asked for in the plural ("những việc gì", "có việc nào")."""
    for phrase in line.phrases:
        if "task.noun" in phrase.labels:
            around = (
                line.tokens[phrase.start - 1 : phrase.start]
                + line.tokens[phrase.end : phrase.end + 1]
            )
            inside = line.tokens[phrase.start : phrase.end]
            if {t.folded for t in (*around, *inside)} & load_phrases().rules["asks_plural"]:
                return True
    return (
        line.has_label("task.plural")
        and line.has_label("intent.list")
        and not line.has_label("intent.show")
    )
