"""The subject of a question."""

from collections.abc import Sequence

from language.questions.line import QuestionLine
from language.questions.question import ABOUT_ONE_TASK, Intent
from language.questions.typing_slips import is_syllable
from language.search import split_pieces
from language.text import fold
from language.times.windows import TimeWindow

LONG_LINE = 15  # words of a line that tells more than it asks
LEAST_SUBJECT = 3  # words side by side that are a subject beyond doubt
YEAR_DIGITS = 4
DAY_WORDS = 4  # words of days that say more than a year ("trước tháng 6 năm 2020")
_FROM_TODAY = frozenset({"nay", "mai", "toi", "sau", "qua", "mot", "kia"})
_BEFORE_DAYS = frozenset(
    {"trong", "truoc", "sau", "tu", "den", "toi", "vao", "han", "cham", "muon", "tre", "xong"}
)
_PLAN_ITSELF = frozenset({"ke hoach", "kh", "chuong trinh"})
_STATUSES = ("status.overdue", "status.due_soon", "status.unfinished", "status.done")


def is_subject_known(line: QuestionLine, *, one_task: bool = False) -> bool:
    """Whether the subject's words stand side by side in some task; without a vocabulary any two words will do.

    In a question about one task ("khi nào ...") one pair is enough, else half of them must.
    """
    content = list_subject_words(line, everything=one_task)
    if line.context.vocabulary is None:
        return len(content) > 1
    bits = [
        bit
        for run in group_runs(content)
        for bit in split_pieces(" ".join(line.tokens[i].text for i in run))
    ]
    pairs = [bit for bit in bits if " " in bit]
    single = [bit for bit in bits if " " not in bit]
    known = sum(bit in line.context.vocabulary for bit in pairs)
    held = sum(bit in line.context.vocabulary for bit in single)
    if any(
        bit in line.context.vocabulary and not is_syllable(bit) and bit.isalpha() for bit in single
    ):
        return True  # "PAPI", "ISO": no word of everyday talk
    if one_task:
        return known > 0 and 2 * held > len(single)
    return (2 * known > len(pairs) and 2 * held > len(single)) or (
        known > 0 and held == len(single)
    )


def list_subject_words(line: QuestionLine, *, everything: bool = False) -> list[int]:
    """The words of the subject. `everything`: days and agencies count too, as in questions about one task."""
    timed = (
        set()
        if everything
        else {i for w in list_used_windows(line) for i in line.find_words(w.start, w.end)}
    )
    return [i for i in range(len(line.tokens)) if i not in timed and line.is_content(i)]


def list_used_windows(line: QuestionLine) -> list[TimeWindow]:
    return [w for w in line.windows if _is_narrowing(line, w)]


def _is_narrowing(line: QuestionLine, window: TimeWindow) -> bool:
    """Whether the days narrow the answer: not those in a subject's name ("về báo cáo quý III").

    Behind a word that a deadline stands after ("về kiểm tra trong tháng 11"), and said from today, they do.
    """
    within = line.find_words(window.start, window.end)
    if not line.is_in_subject(within.start) or is_relative_window(line, window):
        return True
    before = line.find_phrase_over(within.start - 1) if within.start else None
    due = before is not None and any(label.startswith("deadline.") for label in before.labels)
    years = (
        line.tokens[within.stop - 1].text.isdigit()
        and len(line.tokens[within.stop - 1].text) == YEAR_DIGITS
    )
    return due or (
        line.tokens[within.start].folded in _BEFORE_DAYS and not (years and len(within) < DAY_WORDS)
    )


def is_relative_window(line: QuestionLine, window: TimeWindow) -> bool:
    """ "hôm nay", "tuần sau": days that no subject has in its name, as "quý III" may be a report's."""
    return fold(line.text[window.start : window.end]).split(" ")[-1] in _FROM_TODAY


def read_subject(line: QuestionLine, intent: Intent, coded: bool) -> str | None:
    """The subject as text; what no task holds is left out, unless "về" says that it is the subject."""
    if coded:
        return None
    content = [
        i
        for run in group_runs(list_subject_words(line, everything=intent in ABOUT_ONE_TASK))
        for i in run
        if not _is_plan_only(line, run)
    ]
    kept = (
        content if line.context.vocabulary is None else _find_matching_words(line, content, intent)
    )
    about = any(map(line.is_in_subject, content))
    if not kept and content and not about:
        line.ignored_words = " ".join(line.tokens[i].text for i in content)
    talk = all(is_syllable(line.tokens[i].folded) for i in content)
    if not kept and talk and intent == "progress" and asks_firmly_for_figures(line) and not about:
        return None
    line.no_task_matches = not kept and bool(content) and line.context.vocabulary is not None
    if not kept and content and (about or not _has_other_filter(line)):
        kept = content
    return " ".join(line.tokens[i].text for i in kept) or None


def asks_firmly_for_figures(line: QuestionLine) -> bool:
    """Whether figures are asked for beyond doubt: "tình hình" alone may be of anything."""
    figures = [p for p in line.phrases if "intent.progress" in p.labels]
    return any(line.tokens[p.start].folded != "tinh" or p.end - p.start > 2 for p in figures)


def _is_plan_only(line: QuestionLine, run: list[int]) -> bool:
    """ "kế hoạch" and nothing else: the plan itself, no subject."""
    return " ".join(line.tokens[i].folded for i in run) in _PLAN_ITSELF


def _find_matching_words(line: QuestionLine, content: list[int], intent: Intent) -> list[int]:
    """The subject's words that some task holds; in a question about many tasks only beside another such word."""
    kept: list[int] = []
    one_task = intent in ABOUT_ONE_TASK and is_subject_known(line, one_task=True)
    for run in group_runs(content):
        bits = [split_pieces(line.tokens[i].text) for i in run]
        for place, index in enumerate(run):
            alone = any(line.context.has_task_with(bit) for bit in bits[place])
            left = place > 0 and line.context.has_task_with(
                bits[place - 1][-1].split()[-1], bits[place][0].split()[0]
            )
            right = place + 1 < len(run) and line.context.has_task_with(
                bits[place][-1].split()[-1], bits[place + 1][0].split()[0]
            )
            strong = (
                len(bits[place]) > 1
                or line.tokens[index].text.isdigit()
                or line.tokens[index].text.isupper()
            )
            if alone and (
                left or right or strong or one_task or (len(run) == 1 and line.is_in_subject(index))
            ):
                kept.append(index)
    return _drop_asides(line, kept)


def _drop_asides(line: QuestionLine, kept: list[int]) -> list[int]:
    """In a long line with a subject of several words, a word that stands by itself is talk around it ("họp")."""
    parts = group_runs(kept)
    if len(line.tokens) <= LONG_LINE or max(map(len, parts), default=0) < LEAST_SUBJECT:
        return kept
    asides = {
        part[0] for part in parts if len(part) == 1 and is_syllable(line.tokens[part[0]].folded)
    }
    return [index for index in kept if index not in asides or line.is_in_subject(index)]


def _has_other_filter(line: QuestionLine) -> bool:
    named = (
        line.mentions
        or line.has_own_agency
        or line.unknown_agency
        or line.windows
        or line.section
        or line.codes
    )
    return bool(named) or line.has_label(*_STATUSES)


def group_runs(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes that follow each other, together."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
