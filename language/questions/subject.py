"""Find the subject of a question: the words that no other rule has taken."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from language.questions.codes import find_codes
from language.questions.labels import ASKS, NAMES_TASK, STATUSES
from language.questions.line import QuestionLine
from language.questions.phrases import load_phrases
from language.questions.question import ABOUT_ONE_TASK, FIGURES, Intent, Question
from language.search import is_stop_word, split_pieces
from language.text import fold, strip_marks
from language.times.windows import TimeWindow
from language.typing_slips import is_syllable

LONG_LINE = 15  # words of a line that tells more than it asks
LEAST_SUBJECT = 3  # words side by side that are a subject beyond doubt
YEAR_DIGITS = 4
DAY_WORDS = 4  # words of days that say more than a year ("trước tháng 6 năm 2020")


def is_subject_known(line: QuestionLine, *, one_task: bool = False) -> bool:
    """Return whether some task has the subject's words side by side.

    If no vocabulary is given, any two words will do.

    One pair is enough in a question about one task ("khi nào ..."), else half of the pairs are
    needed.
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
    pairs_in_tasks = sum(bit in line.context.vocabulary for bit in pairs)
    singles_in_tasks = sum(bit in line.context.vocabulary for bit in single)
    if any(
        bit in line.context.vocabulary and not is_syllable(bit) and bit.isalpha() for bit in single
    ):
        return True  # "PAPI", "ISO": no word of everyday talk
    alone = len(line.tokens) == 1 or one_task
    if any(
        _is_rare_name(line, i) and (alone or (i > 0 and line.tokens[i].has_capital))
        for i in content
    ):
        return True
    if one_task:
        return pairs_in_tasks > 0 and 2 * singles_in_tasks > len(single)
    return (2 * pairs_in_tasks > len(pairs) and 2 * singles_in_tasks > len(single)) or (
        pairs_in_tasks > 0 and singles_in_tasks == len(single)
    )


def is_run_known(line: QuestionLine, run: Sequence[int]) -> bool:
    """Return whether most pairs of neighbours in the run stand side by side in some task."""
    words = [line.tokens[i].folded for i in run]
    pairs = [line.context.has_task_with(*pair) for pair in pairwise(words)]
    return bool(pairs) and 2 * sum(pairs) > len(pairs)


def list_subject_words(line: QuestionLine, *, everything: bool = False) -> list[int]:
    """Return the indexes of the subject's words.

    `everything` counts days too, as for questions about one task.
    """
    timed = (
        set()
        if everything
        else {i for w in list_used_windows(line) for i in line.find_words(w.start, w.end)}
    )
    return [i for i in range(len(line.tokens)) if i not in timed and line.is_content(i)]


def list_used_windows(line: QuestionLine) -> list[TimeWindow]:
    """Return the windows of time that narrow the answer."""
    return [w for w in line.windows if _is_narrowing(line, w)]


def _is_narrowing(line: QuestionLine, window: TimeWindow) -> bool:
    """Return whether the days narrow the answer.

    Days in a subject's name do not ("về báo cáo quý III").

    They do if they are named from today, or stand behind a word for a deadline ("về kiểm tra trong
    tháng 11").
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
        line.tokens[within.start].folded in load_phrases().rules["before_days"]
        and not (years and len(within) < DAY_WORDS)
    )


def is_relative_window(line: QuestionLine, window: TimeWindow) -> bool:
    """Return whether the days are named from today ("hôm nay", "tuần sau").

    "Quý III" may be in a subject's name.
    """
    return (
        fold(line.text[window.start : window.end]).split(" ")[-1]
        in load_phrases().rules["from_today"]
    )


def find_held_state(line: QuestionLine) -> str | None:
    """Return the words of a state that some task holds: "hồ sơ ... trả kết quả quá hạn"."""
    for phrase in line.phrases:
        words = [token.folded for token in line.tokens[phrase.start : phrase.end]]
        state = any(label.startswith("status.") for label in phrase.labels)
        if (
            state
            and len(words) > 1
            and all(line.context.has_task_with(*p) for p in pairwise(words))
        ):
            return line.join_words(phrase.start, phrase.end)
    return None


def read_subject(line: QuestionLine, intent: Intent, coded: bool) -> str | None:
    """Return the subject as text, without words that no task contains.

    They stay if "về" marks them as the subject.
    """
    if coded:
        return None
    content = [
        i
        for run in group_runs(list_subject_words(line, everything=intent in ABOUT_ONE_TASK))
        for i in run
        if not _is_plan_only(line, run)
    ]
    if intent == "progress" and _only_compares(line, content):
        content = []
    words = (
        content if line.context.vocabulary is None else _find_matching_words(line, content, intent)
    )
    about = any(map(line.is_in_subject, content))
    if not words and content and not about:
        line.ignored_words = " ".join(line.tokens[i].text for i in content)
    talk = all(is_syllable(line.tokens[i].folded) for i in content)
    if not words and talk and intent == "progress" and asks_firmly_for_figures(line) and not about:
        return None
    line.no_task_matches = not words and bool(content) and line.context.vocabulary is not None
    if not words and content and (about or not _has_other_filter(line)):
        words = content
    line.subject_parts = _split_parts(line, words) if intent in FIGURES else ()
    return " ".join(line.tokens[i].text for i in words) or None


def _split_parts(line: QuestionLine, words: Sequence[int]) -> tuple[str, ...]:
    """Return the subjects that a comma or "và" divides, if each is a run of known words."""
    parts: list[list[int]] = []
    least = 2
    for index in words:
        between = line.tokens[parts[-1][-1] + 1 : index + 1] if parts else []
        joined = any(token.folded in load_phrases().rules["joins_parts"] for token in between)
        least = LEAST_SUBJECT if joined else least
        if not parts or joined or any(_DIVIDES.intersection(token.gap) for token in between):
            parts.append([index])
        else:
            parts[-1].append(index)
    if len(parts) < 2 or not all(
        part[-1] - part[0] + 1 == len(part) >= least and is_run_known(line, part) for part in parts
    ):
        return ()
    return tuple(" ".join(line.tokens[i].text for i in part) for part in parts)


_DIVIDES = frozenset(",;+&")


def _only_compares(line: QuestionLine, content: Sequence[int]) -> bool:
    """Return whether the words only say what is compared: "3 sở trễ nhất", "sở nào làm tốt"."""
    rules = load_phrases().rules
    number = line.has_label("words.superlative") and all(
        line.tokens[i].text.isdigit() or line.tokens[i].folded in rules["counted"] for i in content
    )
    judged = line.has_label("intent.who") and all(
        line.tokens[i].folded in rules["compared"] for i in content
    )
    return number or judged


def asks_firmly_for_figures(line: QuestionLine) -> bool:
    """Return whether figures are asked for beyond doubt.

    "Tình hình" alone may be the state of anything.
    """
    figures = [p for p in line.phrases if "intent.progress" in p.labels]
    return any(line.tokens[p.start].folded != "tinh" or p.end - p.start > 2 for p in figures)


def _is_plan_only(line: QuestionLine, run: list[int]) -> bool:
    """Return whether the words are "kế hoạch" and nothing else: the plan itself, not a subject."""
    return " ".join(line.tokens[i].folded for i in run) in load_phrases().rules["plan_itself"]


def _find_matching_words(line: QuestionLine, content: list[int], intent: Intent) -> list[int]:
    """Return the subject's words that some task contains.

    If many tasks are asked for, a word counts only beside another such word, or if hardly a task
    has it. If one counts, other words that tasks contain rank with it.
    """
    one_task = intent in ABOUT_ONE_TASK and is_subject_known(line, one_task=True)
    firm = {i for run in group_runs(content) for i in _list_firm_words(line, run, one_task)}
    idle = all(line.is_everyday(i) for i in firm) and not line.has_label(*NAMES_TASK, *ASKS)
    if not firm or idle:
        return []  # "báo cáo" is in every other task
    short = len(line.tokens) <= LONG_LINE
    held = {
        i
        for run in group_runs(content)
        for i in run
        if (short or not firm.isdisjoint(run))
        and not line.is_everyday(i)
        and any(line.context.has_task_with(bit) for bit in split_pieces(line.tokens[i].text))
    }
    halves = {
        other
        for i in firm
        for other in (i - 1, i + 1)
        if other in content and _are_everyday(line, other, i)
    }
    return _drop_asides(line, sorted(firm | held | halves))


def _list_firm_words(line: QuestionLine, run: Sequence[int], one_task: bool) -> Iterator[int]:
    """Yield the words of a run that make a subject: they stand beside another word of a task.

    Everyday verbs do not if something else narrows the answer.
    """
    narrowed = _has_other_filter(line) and not one_task
    pairs = _list_held_pairs(line, run)
    bits = [split_pieces(line.tokens[i].text) for i in run]
    for place, index in enumerate(run):
        if not any(map(line.context.has_task_with, bits[place])):
            continue
        idle = narrowed and line.is_everyday(index) and not line.is_in_subject(index)
        left = (place - 1, place) in pairs and not (idle and line.is_everyday(run[place - 1]))
        right = (place, place + 1) in pairs and not (idle and line.is_everyday(run[place + 1]))
        strong = (
            len(bits[place]) > 1
            or line.tokens[index].text.isdigit()
            or line.tokens[index].text.isupper()
            or (line.tokens[index].text.isalpha() and not is_syllable(bits[place][0]))
        )
        alone = (len(run) == 1 and line.is_in_subject(index)) or _is_rare_name(line, index)
        if left or right or strong or one_task or alone:
            yield index


def _list_held_pairs(line: QuestionLine, run: Sequence[int]) -> set[tuple[int, int]]:
    """Return the places of neighbours in the run that stand side by side in some task.

    If each has a stop word, as in "xây nhà cho người", they say nothing of a longer subject, unless
    all the run stands so in tasks ("họp ban chỉ đạo").
    """
    bits = [split_pieces(line.tokens[i].text) for i in run]
    pairs = {
        (place, place + 1)
        for place in range(len(run) - 1)
        if line.context.has_task_with(bits[place][-1].split()[-1], bits[place + 1][0].split()[0])
    }
    talk = {p for p in pairs if any(is_stop_word(line.tokens[run[i]].text) for i in p)}
    idle = pairs == talk and line.context.has_marks and 0 < len(pairs) < len(run) - 1
    return set() if idle else pairs


def _are_one_name(line: QuestionLine, first: int, second: int) -> bool:
    """Return whether two words side by side have capitals."""
    if first < 0 or second >= len(line.tokens) or line.tokens[second].gap.strip():
        return False
    return line.tokens[first].has_capital and line.tokens[second].has_capital


def _are_everyday(line: QuestionLine, *indexes: int) -> bool:
    """Return whether all are everyday words: both halves of "báo cáo" rank beside a subject."""
    return all(line.is_everyday(index) for index in indexes)


def _is_rare_name(line: QuestionLine, index: int) -> bool:
    """Return whether hardly a task holds the word, and it is typed like a name ("Huế").

    If nothing else narrows the answer, its diacritics are enough.
    """
    token = line.tokens[index]
    if not line.context.is_rare(token.text) or line.is_everyday(index):
        return False
    named = token.has_capital and index > 0 and not line.text.isupper()
    beside = (i for i in (index - 1, index + 1) if 0 <= i < len(line.tokens))
    if not named and any(line.is_content(i) for i in beside):
        return False  # of "phê bình", "phê" alone is in a task
    around = [(index - 1, index), (index, index + 1)]
    if token.has_capital and any(
        _are_one_name(line, *pair)
        and not line.context.has_task_with(*(line.tokens[i].folded for i in pair))
        for pair in around
    ):
        return False  # "Long Xuyên"
    return named or (not token.text.isascii() and not _has_other_filter(line))


def _drop_asides(line: QuestionLine, words: list[int]) -> list[int]:
    """Return the words without the single ones around a longer subject.

    In a long line they are talk ("họp").
    """
    parts = group_runs(words)
    if len(line.tokens) <= LONG_LINE or max(map(len, parts), default=0) < LEAST_SUBJECT:
        return words
    asides = {
        part[0] for part in parts if len(part) == 1 and is_syllable(line.tokens[part[0]].folded)
    }
    return [index for index in words if index not in asides or line.is_in_subject(index)]


def _has_other_filter(line: QuestionLine) -> bool:
    return bool(line.has_filter() or line.windows) or line.has_label(*STATUSES)


def group_runs(indexes: Sequence[int]) -> list[list[int]]:
    """Return the indexes in groups of those that follow each other."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


_NAMED = (
    *("agencies", "unknown_agency", "code", "section", "plan", "words", "candidates"),
    *("status", "due", "done_in", "needs_agency", "own", "manner", "item"),
)


def lend_subject(line: QuestionLine, question: Question) -> Question:
    """Return the question with the subject of the line's introduction, if it has none itself.

    The story before a question lends what it lacks, a task's number or a subject, and nothing else:
    "... nhắc vụ trụ sở dôi dư, cho em xin tiến độ".
    """
    asks = question.intent in FIGURES | ABOUT_ONE_TASK
    if not line.introduction or not asks or any(getattr(question, name) for name in _NAMED):
        return question
    story = QuestionLine(line.introduction, line.context)
    codes = find_codes(strip_marks(story.text.lower()), line.context.plans)
    code = next((code.value for code in codes if code.kind == "code"), None)
    lent = replace(question, it=False, follow_up=False)
    if code is not None:
        return replace(lent, code=code, said=(*question.said, "code"))
    runs = [run for run in group_runs(list_subject_words(story)) if is_run_known(story, run)]
    if not runs:
        return question
    words = " ".join(story.tokens[i].text for i in runs[-1])
    return replace(lent, words=words, said=(*question.said, "words"))
