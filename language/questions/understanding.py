"""Understand what a person asks: one line of chat to a `Question` (docs/dev/questions.md).

The phrases are in `locales/vi/questions.toml`. There is no clock and no database here: the asker,
the day, the loaded plans and their sections are arguments. Nothing is guessed: a line that no rule
understands is `unknown`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from language.agencies.directory import Directory, load_standard_directory
from language.questions.attributes import read_fact_question
from language.questions.codes import Code, find_codes, find_counted_tasks
from language.questions.days import read_windows
from language.questions.filters import denies_part, read_filters, read_role
from language.questions.follow_ups import (
    asks_by_agency,
    asks_for_everybody,
    asks_how_far,
    asks_how_many,
    asks_what_is_left,
    is_bare_list,
    is_elliptic,
    is_follow_up,
    list_named_fields,
    read_item,
    read_reference,
)
from language.questions.intents import find_intent, find_what_is_missing, has_content_but_numbers
from language.questions.labels import (
    ABOUT_REGISTRY,
    ABOUT_TASKS,
    ASKS,
    NAMES_TASK,
    STATUSES,
)
from language.questions.line import QuestionContext, QuestionLine
from language.questions.parties import asks_by_receiver, read_agencies
from language.questions.phrases import load_phrases, match_list_at, write_out_levels
from language.questions.question import (
    ABOUT_ONE_TASK,
    CHANGE,
    EXCEPTION,
    FIGURES,
    LUNAR,
    OFF_TOPIC,
    RECEIVER,
    REPORT_STATES,
    SETTLED_STATES,
    UNKNOWN,
    Question,
)
from language.questions.sections import read_plan_title
from language.questions.small_talk import (
    asks_for_help,
    is_about_person,
    is_change_request,
    is_off_topic,
    is_perhaps_off_topic,
    read_small_talk,
)
from language.questions.subject import (
    asks_firmly_for_figures,
    group_runs,
    is_relative_window,
    is_subject_known,
    lend_subject,
    list_subject_words,
)
from language.questions.unknown_agencies import find_nearest_names, leaves_agency_out
from language.search import is_stop_word
from language.text import strip_marks
from language.times import windows
from language.typing_slips import is_syllable, mend_typing

PERCENT = " phần trăm"  # what "%" is read as
MOST_UNKNOWN_WORDS = 3  # words that no task has, in a question that names a task


def understand(
    text: str,
    today: date,
    asker: str | None = None,
    directory: Directory | None = None,
    *,
    plan_years: tuple[int, int] | int | None = None,
    sections: Sequence[str] = (),
    plans: Sequence[str] = (),
    vocabulary: Mapping[str, int] | None = None,
    provinces: Collection[str] = (),
    titles: Sequence[str] = (),
) -> Question:
    """Return the question that `text` asks on the day `today`. No text raises an error.

    `asker` is the canonical name of the asker's agency, `directory` knows the registry's agencies.
    `plan_years` are the first and last year of the plan in force, `sections` its section titles in
    order, `plans` the numbers of the loaded plans ("416/KH-UBND"). `vocabulary` holds the words and
    pairs of words of the tasks (`search.make_vocabulary`): with it, words that no task contains are
    left out, and a line that is only a subject is understood. `provinces` are those of the loaded
    plans, so that a department of another province is not taken for one's own. `titles` are those
    of the plans in force.
    """
    context = QuestionContext(
        today=today,
        asker=asker,
        directory=directory or load_standard_directory(),
        plan_years=plan_years,
        sections=tuple(sections),
        plans=tuple(plans),
        vocabulary=vocabulary,
        has_marks=not text.isascii(),
        provinces=frozenset(provinces),
        titles=tuple(titles),
    )
    mended = mend_typing(
        write_out_levels(text).replace("%", PERCENT), load_phrases().lexicon, vocabulary or ()
    )
    line = QuestionLine(mended, context)
    return lend_subject(line, read_question(line))


def read_question(line: QuestionLine) -> Question:
    """Return the question of the line: the first step that recognises it ends the reading."""
    if not line.tokens or is_off_topic(line):
        return OFF_TOPIC
    line.codes = _read_codes(line)
    read_plan_title(line)
    read_agencies(line)
    if leaves_agency_out(line):
        return EXCEPTION
    line.phrases = line.find_line_phrases()
    line.windows = read_windows(line)
    if asks_by_receiver(line):
        return RECEIVER
    if is_perhaps_off_topic(line):
        return OFF_TOPIC
    if asks_for_help(line):
        return Question("help")
    if is_change_request(line):
        return CHANGE
    small_talk = read_small_talk(line)
    if small_talk is not None:
        return small_talk
    where = line.has_label("intent.where") and not line.has_label(*ABOUT_TASKS)
    if is_about_person(line) or (where and not line.codes):
        return OFF_TOPIC
    return read_fact_question(line) or _read_request(line)


def _read_request(line: QuestionLine) -> Question:
    if _asks_for_date(line):
        return OFF_TOPIC
    continuation = _read_continuation(line)
    if continuation is not None:
        return continuation
    if (
        not line.windows
        and not line.codes
        and (day := windows.find_impossible_day(line.text)) is not None
    ):
        return replace(UNKNOWN, unknown_day=day)
    if (
        line.has_label("days.lunar")
        and not line.codes
        and not _is_part_of_subject(line, "days.lunar")
    ):
        return LUNAR
    if find_what_is_missing(line) == "task" or denies_part(line):
        return EXCEPTION
    intent = find_intent(line)
    if intent == "who":  # agencies are a part of the subject
        for mention in line.mentions:
            for index in line.find_words(mention.start, mention.end):
                line.is_taken[index] = False
    question = _find_unknown_doer(line, read_filters(line, intent))
    if not _makes_sense(line, question):
        return UNKNOWN
    unheld = line.no_task_matches and question.words is not None
    question = replace(question, unheld=unheld)
    follows = is_follow_up(line, question)
    elliptic = not follows and is_elliptic(line, question)
    parts = line.list_labels("role") if elliptic else []
    return replace(
        question,
        follow_up=follows,
        elliptic=elliptic,
        role=parts[0] if parts else question.role,
        said=list_named_fields(line, question),
    )


def _asks_for_date(line: QuestionLine) -> bool:
    """Return whether the line only asks what day it is: "hôm nay ngày bao nhiêu"."""
    days = {i for w in line.windows for i in line.find_words(w.start, w.end)}
    asked = {i for p in line.phrases if "intent.when" in p.labels for i in range(p.start, p.end)}
    rest = [i for i in range(len(line.tokens)) if i not in days | asked]
    return (
        bool(days and asked)
        and all(is_relative_window(line, window) for window in line.windows)
        and all(is_stop_word(line.tokens[i].text) for i in rest)
    )


def _read_continuation(line: QuestionLine) -> Question | None:
    """Return what the line asks of the answer before it, or None if it stands by itself."""
    if is_bare_list(line):
        return Question("list", elliptic=True, bare=True, said=("intent",))
    if asks_how_many(line):
        return Question("count", elliptic=True, bare=True, said=("intent",))
    if asks_what_is_left(line):
        said = ("intent", "status")
        return Question("count", status="unfinished", left=True, elliptic=True, said=said)
    if asks_how_far(line):
        return Question("progress", elliptic=True, bare=True, said=("intent",))
    if asks_by_agency(line):
        return Question("progress", elliptic=True, said=("intent",))
    if asks_for_everybody(line):
        return Question("list", elliptic=True, said=("agencies",))
    item = read_item(line)
    if item is not None:
        return Question("show", follow_up=True, item=item, said=("intent",))
    about_it = read_reference(line)
    if about_it is not None:
        role = read_role(line, "who", False) if about_it == "who" else None
        return Question(about_it, role=role, follow_up=True, it=True)
    return None


def _is_part_of_subject(line: QuestionLine, label: str) -> bool:
    """Return whether some task contains the words of a phrase with this label."""
    words = [
        [t.folded for t in line.tokens[p.start : p.end]] for p in line.phrases if label in p.labels
    ]
    return any(
        all(line.context.has_task_with(*pair) for pair in pairwise(phrase_words))
        for phrase_words in words
        if len(phrase_words) > 1
    )


def _find_unknown_doer(line: QuestionLine, question: Question) -> Question:
    """Return the question with an unknown agency, if words that no task has act like one.

    In "giáo xứ có việc gì", "giáo xứ" is that agency, and so is "Mỹ Đức" in "việc của Mỹ Đức".
    """
    if question.intent not in FIGURES or line.has_filter() or is_subject_known(line):
        return question
    if not line.has_label(*ABOUT_REGISTRY, "intent.list", "status.done"):
        return question
    for run in group_runs(list_subject_words(line)):
        if all(map(line.is_everyday, run)):
            continue  # "họ có báo cáo chưa": a verb
        if len(run) == 1 and _is_verb_of_person(line, run[0]):
            continue  # "mai em nghỉ có việc gì": a verb, no name
        only_head = match_list_at(line.tokens, run[0], "heads") == len(run)
        if only_head or line.is_in_subject(run[0]) or _is_behind_section(line, run[0]):
            continue
        owns = run[0] > 0 and line.tokens[run[0] - 1].folded in load_phrases().rules["owners"]
        acts = line.is_agency_slot(run[0], firmly=True) and line.has_verb_at(run[-1] + 1)
        if acts or (owns and not _is_held(line, run)):
            name = line.join_words(run[0], run[-1] + 1)
            line.unknown_agency = name
            role = read_role(line, question.intent, True)
            return replace(
                question,
                unknown_agency=name,
                words=None,
                nearest=find_nearest_names(line, name),
                role=role if role != "lead" else question.role,
            )
    return question


def _is_verb_of_person(line: QuestionLine, at: int) -> bool:
    """Return whether the word is what somebody does: one syllable behind "em", in small letters."""
    token = line.tokens[at]
    behind_person = at > 0 and line.tokens[at - 1].folded in load_phrases().rules["asking"]
    return behind_person and is_syllable(token.folded) and not token.has_capital


def _is_behind_section(line: QuestionLine, at: int) -> bool:
    """Return whether a word for a section stands before the words: "lĩnh vực hiện đại hóa"."""
    while at > 0 and is_stop_word(line.tokens[at - 1].text):
        at -= 1
    return line.find_phrase_ending(at, "words.section") is not None


def _is_held(line: QuestionLine, run: Sequence[int]) -> bool:
    """Return whether some task has two of the words side by side, or the only one."""
    words = [line.tokens[i].folded for i in run]
    return any(line.context.has_task_with(*pair) for pair in pairwise(words)) or (
        len(words) == 1 and line.context.has_task_with(words[0])
    )


def _makes_sense(line: QuestionLine, question: Question) -> bool:
    """Return whether the line is about tasks at all, and not only a subject that no task has."""
    if (
        question.code
        or question.section
        or question.plan
        or question.candidates
        or question.unknown_agency
    ):
        return True
    if question.agencies or question.needs_agency:
        left = [i for i in list_subject_words(line) if line.find_phrase_over(i) is None]
        return (
            bool(question.words)
            or not left
            or line.has_label(*ASKS, *ABOUT_REGISTRY, "status.done")
        )
    if question.intent in ABOUT_ONE_TASK:
        return bool(question.words) and (
            is_subject_known(line, one_task=True)
            or (line.has_label(*NAMES_TASK) and len(list_subject_words(line)) <= MOST_UNKNOWN_WORDS)
        )
    if line.has_label("task.noun", "deadline.due", "deadline.word"):
        return True
    if (
        line.has_label("intent.list_surely")
        and line.has_label("words.everything")
        and not list_subject_words(line)
    ):
        return not line.means_everybody
    if question.status:
        left = list_subject_words(line)
        cycle = question.status in (*REPORT_STATES, *SETTLED_STATES, "came_in") and all(
            map(line.is_everyday, left)
        )
        return not left or cycle or is_subject_known(line)
    if question.intent == "progress":
        return _asks_for_figures(line, question)
    if question.words:
        return question.intent != "count" and is_subject_known(line)
    if question.due is not None:
        return not has_content_but_numbers(line)  # "mai có họp không" is about no task
    return line.has_label("role.lead", "role.partner")


def _asks_for_figures(line: QuestionLine, question: Question) -> bool:
    """Return whether the line surely asks how tasks stand, whatever words are left of it."""
    left = list_subject_words(line)
    compares = question.comparison is not None and question.ignored is None
    return (
        (compares and question.words is None)
        or is_subject_known(line)
        or (max(map(len, group_runs(left)), default=0) < 2 and asks_firmly_for_figures(line))
        or not left
        or (line.has_label("words.superlative") and not has_content_but_numbers(line))
    )


def _read_codes(line: QuestionLine) -> list[Code]:
    asks_when = line.has_label("intent.when", "intent.who")
    folded = strip_marks(line.text.lower())
    codes = find_codes(
        folded,
        line.context.plans,
        asks_when=asks_when,
        known_number=line.context.has_task_with,
    )
    named = any(code.kind == "code" for code in codes)
    if not named and line.has_label(*STATUSES, "intent.progress"):
        codes += find_counted_tasks(folded)  # alone such a number may be a line of a list
    for code in codes:
        within = line.find_words(code.start, code.end)
        line.take_words(within.start, within.stop)
    return codes
