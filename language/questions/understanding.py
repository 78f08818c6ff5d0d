"""What a person asks: one line of chat as a `Question` (questions.md), by the phrases of `locales/vi/questions.toml`.

Pure: no clock, no database; who asks, the day, the loaded plans and their sections are given. It never guesses: a line
that no rule understands is `unknown`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from language.agencies.directory import Directory, load_standard_directory
from language.questions.codes import Code
from language.questions.codes import find_codes as find_codes
from language.questions.line import QuestionContext
from language.questions.parties import PartyLine
from language.questions.phrases import OWN, Phrase, is_list_before, load_phrases, match_list_at
from language.questions.question import (
    ABOUT_ONE_TASK,
    CHANGE,
    EXCEPTION,
    FIGURES,
    LUNAR,
    UNKNOWN,
    Days,
    Intent,
    Question,
    merge_follow_up,
    resolve_alone,
)
from language.questions.subject import group_runs
from language.questions.typing_slips import mend_typing
from language.search import is_stop_word
from language.text import fold, normalise, strip_marks
from language.times import windows
from language.tokens import split_words

__all__ = ["UNKNOWN", "Intent", "Question", "merge_follow_up", "resolve_alone", "understand"]

PERCENT = " phần trăm"
LEAST_PARTIES = 2  # agencies, of which one leads and the other takes part
MOST_UNKNOWN_WORDS = (
    3  # words of a subject that no task holds, in a question that says it is about a task
)
SHORT_LINE = 9  # words of a line that may be a follow-up by its end alone
_AND_OR = frozenset({"va", "hoac", "hay", "voi", ""})
_PLURAL = frozenset({"nao", "gi", "nhung", "cac", "danh", "may", "bao", "het", "chi"})
_ABOUT_REGISTRY = (
    *(
        "task.noun",
        "status.overdue",
        "status.due_soon",
        "status.unfinished",
        "intent.progress",
        "deadline.due",
    ),
    *(
        "status.not_late",
        "deadline.word",
        "role.lead",
        "role.partner",
        "role.any",
        "intent.when",
        "intent.count",
        OWN,
    ),
)
_ASKING = (
    "intent.progress",
    "intent.show",
    "intent.list_surely",
    "intent.who",
    "intent.when",
    "intent.count",
    "intent.list",
    "intent.show_of_task",
)
_NAMES_TASK = ("task.noun", "role.lead", "role.partner")
_ABOUT_TASKS = tuple(
    label
    for label in _ABOUT_REGISTRY
    if label.partition(".")[0] in {"task", "status", "deadline", "role"}
)
_MANNERS = ("thanks", "farewell", "agreement")
_OF_MANY = (
    *(
        "task.noun",
        "status.overdue",
        "status.due_soon",
        "status.unfinished",
        "status.done",
        "status.both",
    ),
    *(
        "intent.count",
        "intent.progress",
        "intent.list_surely",
        "deadline.due",
        "words.superlative",
        "talk.that",
    ),
)
_STATE_OF_IT = (
    *("intent.progress", "intent.show_of_task", "intent.list"),
    *("status.overdue", "status.unfinished", "status.done", "status.due_soon"),
)
_TITLES = frozenset({"anh", "chi", "ong", "ba", "co", "chu", "bac", "chau"})
_DOING = frozenset({"lam", "lo", "giu"})
_CALENDAR = {"ngay": "day", "tuan": "week", "thang": "month"}
_LONGER_THAN = re.compile(
    r"\b(?:han|tre|cham) (?P<span>(?:da )?(?:hon|tren|qua)"
    r" (?P<count>\d{1,3}) ?(?P<unit>ngay|tuan|thang))(?! ?\d)"
)
_UNITS = frozenset({"so", "nganh", "huyen", "xa", "phuong"})
_AFTER_STILL = frozenset({"task.noun", "intent.list", "intent.count"})


def understand(
    text: str,
    today: date,
    asker: str | None = None,
    directory: Directory | None = None,
    *,
    plan_years: tuple[int, int] | int | None = None,
    sections: Sequence[str] = (),
    plans: Sequence[str] = (),
    vocabulary: Collection[str] | None = None,
    provinces: Collection[str] = (),
) -> Question:
    """The question that `text` asks on `today`; under 2 ms, never raises for any text.

    `asker` is the canonical name of the asker's agency; `directory` knows the registry's agencies; `plan_years` are
    the first and last year of the plan in force; `sections` its section titles in order; `plans` the numbers of the
    loaded plans ("416/KH-UBND"); `vocabulary` the words and pairs of words that tasks hold (`search.vocabulary`): with
    it, words that no task holds are left out, and a line that is nothing but a subject is understood; `provinces` are
    those of the loaded plans, so that a department of another province is not taken for one's own.
    """
    setting = QuestionContext(
        *(
            today,
            asker,
            directory or load_standard_directory(),
            plan_years,
            tuple(sections),
            tuple(plans),
            vocabulary,
        ),
        has_marks=not text.isascii(),
        provinces=frozenset(provinces),
    )
    line = mend_typing(text.replace("%", PERCENT), load_phrases().lexicon, vocabulary or ())
    return _Reading(line, setting).read_question()


class _Reading(PartyLine):
    """A whole line being read: each step takes words, what nobody takes is the subject."""

    def read_question(self) -> Question:
        """The steps in order; the first that knows what the line is ends them."""
        if not self.tokens or self.is_off_topic():
            return UNKNOWN
        self.codes = self._read_codes()
        self.read_agencies()
        if self.leaves_agency_out():
            return EXCEPTION
        if self.asks_for_help():
            return Question("help")
        self.phrases = self.find_line_phrases()
        self.windows = self._read_windows()
        if self.is_change_request():
            return CHANGE
        small_talk = self.read_small_talk()
        if small_talk is not None:
            return small_talk
        if self.is_about_person():
            return UNKNOWN
        if self.has_label("intent.where") and not self.codes and not self.has_label(*_ABOUT_TASKS):
            return UNKNOWN
        return self._read_request()

    def is_about_person(self) -> bool:
        """Whether somebody's own work is asked for ("việc của chị Hoa"): people are not in the registry (rule 11)."""
        if self.mentions or self.codes or self.text.isupper():
            return False
        for at, (title, name) in enumerate(pairwise(self.tokens)):
            if (
                title.folded not in _TITLES
                or not name.has_capital
                or self.is_taken[at + 1]
                or name.gap.strip()
            ):
                continue
            whose = at > 0 and self.tokens[at - 1].folded in {"cua", "do"}
            if whose or (at == 0 and self.has_verb_at(at + 2)):
                return True
        return False

    def asks_for_help(self) -> bool:
        """Whether the bot itself is asked about; "sở y tế làm được gì rồi" is about the agency."""
        said = [p for p in self.phrases if "intent.help_surely" in p.labels]
        able = [
            p
            for p in said
            if [t.folded for t in self.tokens[p.start : p.start + 2]] == ["lam", "duoc"]
        ]
        return len(said) > len(able) or (bool(said) and not self.mentions and not self.has_own_agency)

    def _read_request(self) -> Question:
        item = self.read_item()
        if item is not None:
            return Question("show", follow_up=True, item=item, said=("intent",))
        if (
            not self.windows
            and not self.codes
            and (day := windows.find_impossible_day(self.text)) is not None
        ):
            return replace(UNKNOWN, unknown_day=day)
        if (
            self.has_label("days.lunar")
            and not self.codes
            and not self._is_part_of_subject("days.lunar")
        ):
            return LUNAR
        about_it = self.read_reference()
        if about_it is not None:
            return Question(
                about_it,
                role=self.read_role("who", False) if about_it == "who" else None,
                follow_up=True,
                it=True,
            )
        if self.find_what_is_missing() == "task":
            return EXCEPTION
        intent = self.find_intent()
        if intent == "who":  # agencies are a part of the subject
            for mention in self.mentions:
                for index in self.find_words(mention.start, mention.end):
                    self.is_taken[index] = False
        question = self.read_filters(intent)
        if not self._makes_sense(question):
            return UNKNOWN
        question = self._find_unknown_doer(
            replace(question, unheld=self.no_task_matches and question.words is not None)
        )
        return replace(
            question, follow_up=self.is_follow_up(question), said=self.list_named_fields(question)
        )

    def _is_part_of_subject(self, label: str) -> bool:
        """Whether some task holds the words of such a phrase, so that they are a part of its name."""
        words = [
            [t.folded for t in self.tokens[p.start : p.end]]
            for p in self.phrases
            if label in p.labels
        ]
        return any(
            all(self.context.has_task_with(*pair) for pair in pairwise(said))
            for said in words
            if len(said) > 1
        )

    def _find_unknown_doer(self, question: Question) -> Question:
        """A name in the place of an agency that no task holds is an agency nobody knows: "giáo xứ có việc gì"."""
        if (
            question.intent not in FIGURES
            or self._has_filter_but_status()
            or self.is_subject_known()
        ):
            return question
        for run in group_runs(self.list_subject_words()):
            only_head = match_list_at(self.tokens, run[0], "heads") == len(run)
            if only_head:
                continue
            if (
                self.is_agency_slot(run[0], firmly=True)
                and self.has_verb_at(run[-1] + 1)
                and not self.is_in_subject(run[0])
            ):
                name = normalise(self.text[self.tokens[run[0]].start : self.tokens[run[-1]].end])
                return replace(question, unknown_agency=name, words=None, unheld=False)
        return question

    def _has_filter_but_status(self) -> bool:
        return bool(self.mentions or self.has_own_agency or self.unknown_agency or self.section or self.codes)

    def is_off_topic(self) -> bool:
        for phrase in self.phrases:
            if "intent.off_topic" in phrase.labels:
                words = [t.folded for t in self.tokens[phrase.start : phrase.end]]
                if not all(
                    self.context.has_task_with(*pair)
                    for pair in (pairwise(words) if len(words) > 1 else [words])
                ):
                    return True
        return False

    def is_change_request(self) -> bool:
        """A request to change something (rule 11): its verb opens the line, and nothing is asked."""
        coded = any(code.kind == "code" for code in self.codes)
        asks = self.has_label(*_ASKING[2:]) or "?" in self.text
        if asks or (self.has_label("intent.progress") and not coded):
            return False
        first = next(
            (p for p in self.phrases if not p.labels & {"filler", "intent.greeting"}), None
        )
        if first is None:
            return False
        opens = "intent.change" in first.labels and not any(
            self.is_content(i) for i in range(first.start)
        )
        asks_whether = self.has_label("intent.progress", "status.unfinished")
        return opens or (coded and self.has_label("status.done") and not asks_whether)

    def read_small_talk(self) -> Question | None:
        """Help and greetings: nothing of the registry is named."""
        about_registry = self._is_about_registry()
        if not self.has_label("intent.help", "intent.greeting") or about_registry:
            return None
        left = [i for i in range(len(self.tokens)) if self.is_content(i)]
        if self.has_label("intent.help") and len(left) <= 1:
            return Question("help")
        if self.has_label("intent.greeting") and len(left) <= 2:
            return Question(
                "greeting",
                manner=next((m for m in _MANNERS if self.has_label(f"manner.{m}")), None),
            )
        return None

    def _is_about_registry(self) -> bool:
        return bool(self.codes or self.mentions or self.unknown_agency or self.has_own_agency) or self.has_label(
            *_ABOUT_REGISTRY
        )

    def _makes_sense(self, question: Question) -> bool:
        """Whether the line is about tasks at all, and not only a subject that no task has."""
        if (
            question.code
            or question.section
            or question.plan
            or question.candidates
            or question.unknown_agency
        ):
            return True
        if question.agencies or question.needs_agency:
            left = [i for i in self.list_subject_words() if self.find_phrase_over(i) is None]
            return (
                bool(question.words)
                or not left
                or self.has_label(*_ASKING, *_ABOUT_REGISTRY, "status.done")
            )
        if question.intent in ABOUT_ONE_TASK:
            return bool(question.words) and (
                self.is_subject_known(one_task=True)
                or (
                    self.has_label(*_NAMES_TASK)
                    and len(self.list_subject_words()) <= MOST_UNKNOWN_WORDS
                )
            )
        if self.has_label("task.noun", "deadline.due", "deadline.word"):
            return True
        if (
            self.has_label("intent.list_surely")
            and self.has_label("words.everything")
            and not self.list_subject_words()
        ):
            return not self.means_everybody
        if question.status:
            return not self.list_subject_words() or self.is_subject_known()
        if question.intent == "progress":
            return (
                self.is_subject_known()
                or (
                    max(map(len, group_runs(self.list_subject_words())), default=0) < 2
                    and self.asks_firmly_for_figures()
                )
                or not self.list_subject_words()
                or (self.has_label("words.superlative") and not self.has_content_but_numbers())
            )
        if question.words:
            return question.intent != "count" and self.is_subject_known()
        if question.due is not None:
            return not self.has_content_but_numbers()  # "mai có họp không" is about no task
        return self.has_label("role.lead", "role.partner")

    def _read_codes(self) -> list[Code]:
        asks_when = self.has_label("intent.when", "intent.who")
        codes = find_codes(
            strip_marks(self.text.lower()),
            self.context.plans,
            asks_when=asks_when,
            known_number=self.context.has_task_with,
        )
        for code in codes:
            within = self.find_words(code.start, code.end)
            self.take_words(within.start, within.stop)
        return codes

    def _read_windows(self) -> list[windows.TimeWindow]:
        """The windows of time, none over a code."""
        read = windows.find_windows(
            self._strike_names(), self.context.today, self.context.plan_years
        )
        return [
            w
            for w in read
            if not any(code.start < w.end and w.start < code.end for code in self.codes)
            and not self._is_idle(w)
            and not self._is_in_word(w)
        ]

    def _is_in_word(self, window: windows.TimeWindow) -> bool:
        """Whether a day of one word belongs to the word before it, as some task has it ("thuong mai")."""
        within = self.find_words(window.start, window.end)
        if len(within) != 1 or within.start == 0 or not self.tokens[within.start].text.isalpha():
            return False
        return self.context.has_task_with(
            self.tokens[within.start - 1].folded, self.tokens[within.start].folded
        )

    def _strike_names(self) -> str:
        """The text with agencies, codes and "của tôi" struck out: no day is read from them ("tôi" is no "tới")."""
        text = list(self.text)
        struck = [i for i, taken in enumerate(self.is_taken) if taken]
        for phrase in self.list_own_phrases():
            struck += range(phrase.start, phrase.end)
        for phrase in self.phrases:
            if self.tokens[phrase.start].folded == "het" and phrase.end - phrase.start > 1:
                struck.append(phrase.start)
            if OWN in phrase.labels and phrase not in self.list_own_phrases():
                struck += range(
                    phrase.start + 1, phrase.end
                )  # of "7 ngay toi co", "toi" is a part of the days
        for index in struck:
            token = self.tokens[index]
            text[token.start : token.end] = "_" * (token.end - token.start)
        return "".join(text)

    def _is_idle(self, window: windows.TimeWindow) -> bool:
        """Whether the days are a manner of speaking ("đến nay") or the name of a document's day."""
        within = self.find_words(window.start, window.end)
        return any(
            p.start <= within.start and within.stop <= p.end and "filler" in p.labels
            for p in self.phrases
        )

    def find_intent(self) -> Intent:
        """The first rule of questions.md that fits what is said."""
        coded = any(code.kind == "code" for code in self.codes)
        subject = coded or bool(self.list_subject_words())
        asked = set(self.list_labels("intent"))
        statuses = set(self.list_labels("status"))
        if "who" in asked and subject and self._asks_who(coded):
            return "who"
        if subject and self._asks_when(asked, coded):
            return "when"
        if self._asks_for_figures(asked, statuses, coded):
            return "progress"
        if (
            "count" in asked
            and not self._is_plural_only(asked)
            and (not coded or self._asks_for_several())
        ):
            return "count"
        if coded and not self._asks_for_several():
            return "show"
        shown = "show" in asked or ("show_of_task" in asked and not self.mentions and not self.has_own_agency)
        if shown and subject and not self._asks_for_many() and "list_surely" not in asked:
            return "show"
        return "list"

    def _asks_who(self, coded: bool) -> bool:
        """ "đơn vị nào đang trễ" asks for tasks; "đơn vị nào chủ trì ISO" for an agency."""
        if coded:
            return True
        if self._asks_for_doer() and self.is_subject_known(one_task=True):
            return True
        if self.has_label(
            "status.overdue", "status.unfinished", "status.due_soon", "words.superlative"
        ):
            return False
        if self.has_label("status.not_late"):
            return False
        if self.has_label("intent.progress") and not self.is_subject_known(one_task=True):
            return False
        if self.has_label("role.lead"):
            return True
        return not any(
            self.has_label("deadline.due", "deadline.word") or self.is_relative_window(w)
            for w in self.windows
        )

    def _asks_for_doer(self) -> bool:
        """ "... ai làm mà trễ vậy": who does it, though it is late; but not "ai làm trễ"."""
        return any(
            "intent.who" in p.labels
            and p.end + 1 < len(self.tokens)
            and self.tokens[p.end].folded in _DOING
            and self.tokens[p.end + 1].folded == "ma"
            for p in self.phrases
        )

    def _asks_when(self, asked: set[str], coded: bool) -> bool:
        if "when" in asked:
            return not (self._asks_for_many() and self.windows)
        deadline = self.has_label("deadline.word", "deadline.due")
        if coded:
            return deadline and not self.has_label("status.overdue")
        return (
            deadline
            and not self.windows
            and not self._asks_for_many()
            and not self.mentions
            and not self.list_labels("status")
        )

    def find_what_is_missing(self) -> Literal["state", "task"] | None:
        """ "Sở nào không có việc (quá hạn)": the agencies without tasks of some state, or without any; else None."""
        for phrase in self.phrases:
            if phrase.labels & {"intent.who", "words.each"} and phrase.end < len(self.tokens):
                behind = phrase.end + match_list_at(self.tokens, phrase.end, "without")
                later = [p for p in self.phrases if p.start >= behind > phrase.end]
                if any("task.noun" in p.labels for p in later):
                    states = any(label.startswith("status.") for p in later for label in p.labels)
                    return "state" if states else "task"
        return None

    def asks_whether_done(self) -> bool:
        """ "Đã xong ... chưa": "chưa" at the end of what is said to be done only asks."""
        done = [
            p
            for p in self.phrases
            if "status.done" in p.labels and self.tokens[p.start].folded == "da"
        ]
        bare = [p for p in self.phrases if "status.unfinished" in p.labels]
        return (
            bool(done and bare)
            and all(self.tokens[p.start].folded == "chua" and p.end - p.start == 1 for p in bare)
            and done[0].end <= bare[0].start
            and not any(self.is_content(i) for i in range(bare[-1].end, len(self.tokens)))
        )

    def _asks_for_figures(self, asked: set[str], statuses: set[str], coded: bool) -> bool:
        if not coded and (
            self.has_label("status.not_late") or self.find_what_is_missing() == "state"
        ):
            return True
        if not coded and self.asks_whether_done() and not self._asks_for_many():
            return True
        if self.has_label("status.both") and not self.is_subject_known():
            return (
                bool(statuses & {"overdue"})
                or "progress" in asked
                or "count" not in asked
                or "done" not in statuses
            )
        if "progress" not in asked:
            return self._asks_by_agency(asked)
        if coded and self._asks_only_whether():
            return False
        many = self._asks_for_many() and not self.has_label("words.superlative")
        return not many or not self._is_vague_progress()

    def _asks_by_agency(self, asked: set[str]) -> bool:
        """ "sở nào trễ nhất", "top 3 sở trễ hạn", "bao nhiêu việc của từng sở": figures by agency."""
        if self.has_label("words.superlative"):
            return "who" in asked or (
                not self.has_content_but_numbers()
                and self.has_label("status.overdue", "status.done")
            )
        return "count" in asked and self.has_label("words.each") and not self.list_labels("status")

    def has_content_but_numbers(self) -> bool:
        return any(
            not self.tokens[i].text[0].isdigit() and self.tokens[i].folded not in _UNITS
            for i in self.list_subject_words()
        )

    def _asks_only_whether(self) -> bool:
        """ "II.4 xong chưa?" asks about one task."""
        return all(
            "status.done" in p.labels or p.end - p.start > 1
            for p in self.phrases
            if "intent.progress" in p.labels
        )

    def _is_vague_progress(self) -> bool:
        return all(
            "status.done" in p.labels or "filler" in p.labels
            for p in self.phrases
            if "intent.progress" in p.labels
        )

    def _is_plural_only(self, asked: set[str]) -> bool:
        """ "mấy tiêu chí nào": "mấy" is a plural where "nào" or "gì" asks."""
        counts = [p for p in self.phrases if "intent.count" in p.labels]
        plural = all([t.folded for t in self.tokens[p.start : p.end]] == ["may"] for p in counts)
        return plural and bool(asked & {"list", "list_surely"})

    def _asks_for_several(self) -> bool:
        """ "tiêu chí 5.8 có những tiêu chí thành phần nào" asks for those below."""
        codes = [code for code in self.codes if code.kind == "code"]
        below = any(
            "task.noun" in p.labels and self.tokens[p.start].start >= codes[-1].end
            for p in self.phrases
        )
        return below and ("count" in self.list_labels("intent") or self._asks_for_many())

    def _asks_for_many(self) -> bool:
        """Whether tasks are asked for in the plural: "những việc gì", "nhiệm vụ nào", "có việc nào ... không"."""
        for phrase in self.phrases:
            if "task.noun" in phrase.labels:
                around = (
                    self.tokens[phrase.start - 1 : phrase.start]
                    + self.tokens[phrase.end : phrase.end + 1]
                )
                inside = self.tokens[phrase.start : phrase.end]
                if {t.folded for t in (*around, *inside)} & _PLURAL:
                    return True
        return (
            self.has_label("task.plural")
            and self.has_label("intent.list")
            and not self.has_label("intent.show")
        )

    def read_filters(self, intent: Intent) -> Question:
        many = intent in FIGURES
        names = self._list_agency_names(intent)
        parts = self._read_parts() if many else None
        codes = [code.value for code in self.codes if code.kind == "code"]
        due, single = (self._read_due() if many else None) or (None, False)
        if intent == "progress" and due == (None, self.context.today):
            due = None  # "đến ngày 20/11" of a report is the day it is of
        groups = [
            code.value
            for code in self.codes
            if code.kind == "section" and len(code.value) == 1 and code.value in "ABCDEFGH"
        ]
        if codes and groups and codes[0][0] in "IVX":
            codes = [f"{groups[0]}.{codes[0]}"]
        question = Question(
            intent,
            agencies=names,
            unknown_agency=self.unknown_agency if intent != "who" or self.unknown_agency is None else None,
            role=self.read_role(intent, bool(names)),
            status=self._read_status(intent, due) if many and not codes else None,
            due=due,
            single=single,
            code=codes[0] if codes else None,
            section=None if codes and groups else self.section,
            plan=next((code.value for code in self.codes if code.kind == "plan"), None),
            words=self.read_subject(intent, bool(codes)),
            own=self.has_own_agency,
            needs_agency=many
            and (
                (self.has_own_agency and self._find_asker() is None)
                or (self.has_label("talk.that") and not names)
            ),
            candidates=tuple(name for m in self.mentions for name in m.candidates) if many else (),
            called=tuple(
                m.canonical_name
                for m in self.mentions
                if m.canonical_name not in m.names and m.names
            ),
        )
        if parts is not None:
            question = replace(question, agencies=parts[0], role=parts[1], others=parts[2])
        question = replace(question, ignored=self.ignored_words if question.words is None else None)
        if question.unknown_agency and not self.is_other_province:
            nearest = self.context.directory.find_nearest(question.unknown_agency)
            question = replace(question, nearest=nearest)
        return replace(question, second=self._make_second_reading(question))

    def _list_agency_names(self, intent: Intent) -> tuple[str, ...]:
        if intent == "who" or (
            intent == "show" and any(code.kind == "code" for code in self.codes)
        ):
            return ()
        names = [name for mention in self.mentions for name in mention.names]
        if self.has_own_agency and intent in FIGURES and (asker := self._find_asker()):
            names += self.context.directory.find_registry_names(asker)
        if intent == "when" and any(code.kind == "code" for code in self.codes):
            return ()
        return tuple(dict.fromkeys(names))

    def _read_parts(self) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
        """Whose tasks, in which role, and who takes the other part: "việc sở A chủ trì mà sở B phối hợp"."""
        said = [
            p
            for p in self.phrases
            if p.labels & {"role.lead", "role.partner"} and "role.any" not in p.labels
        ]
        parties = self._list_parties()
        if (
            not said
            or len(parties) < LEAST_PARTIES
            or any("role.any" in p.labels for p in self.phrases)
        ):
            return None
        nouns = [p.start for p in self.phrases if "task.noun" in p.labels]
        if any(said[0].end <= at < said[-1].start for at in nouns) and any(
            at >= said[-1].end for at in nouns
        ):
            return None  # "A chủ trì việc gì, B phối hợp việc gì" are two questions
        roles: list[str] = []
        for at, _ in parties:
            role = self._find_part_at(at, said, roles)
            if role is None:
                return None
            roles.append(role)
        first = roles[0]
        ours, theirs = (
            tuple(
                dict.fromkeys(
                    name
                    for (_, names), role in zip(parties, roles, strict=True)
                    if same == (role == first)
                    for name in names
                )
            )
            for same in (True, False)
        )
        return (ours, first, theirs) if ours and theirs else None

    def _list_parties(self) -> list[tuple[int, tuple[str, ...]]]:
        """The agencies of the line in order, the asker's own too: the word each begins with, and its names."""
        parties = [
            (self.find_words(m.start, m.end).start, m.names) for m in self.mentions if m.names
        ]
        asker = self._find_asker() if self.has_own_agency else None
        if asker is not None:
            own = self.context.directory.find_registry_names(asker)
            parties += [(p.start, own) for p in self.list_own_phrases()[:1]]
        return sorted(parties)

    def _find_part_at(self, at: int, said: Sequence[Phrase], before: Sequence[str]) -> str | None:
        """The role of the agency at `at`: named before it with "là", else behind it, else by "phối hợp với"."""
        last = next((p for p in reversed(said) if p.end <= at), None)
        between = [t.folded for t in self.tokens[last.end : at]] if last else []
        if last is not None and between == ["la"]:
            return _get_role(last)
        following = next((p for p in said if p.start > at), None)
        if following is not None:
            return _get_role(following)
        joined = last is not None and (between == ["voi"] or self.tokens[at - 1].folded == "voi")
        if joined and before and last is not None and _get_role(last) == "partner":
            return "lead" if before[-1] == "partner" else "partner"
        return None

    def _find_asker(self) -> str | None:
        """The agency that "đơn vị em" means: the story's ("em ở Sở Y tế, cho em hỏi"), else the asker's."""
        told = split_words(self.introduction)
        for mention in (
            self.context.directory.find_mentions(self.introduction, self.context.today)
            if told
            else ()
        ):
            at = next(
                (i for i, token in enumerate(told) if token.start >= mention.start), len(told)
            )
            if len(mention.names) == 1 and is_list_before(told, at, "introduces"):
                return mention.names[0]
        return self.context.asker

    def read_role(self, intent: Intent, named: bool) -> str | None:
        roles = set(self.list_labels("role"))
        for phrase in self.phrases:
            if (
                "words.about" in phrase.labels
                and "role.any" not in phrase.labels
                and (
                    self.is_taken_at(phrase.end)
                    or (named and not self._has_subject_from(phrase.end))
                )
            ):
                roles |= {"any"} if self.tokens[phrase.start].folded == "lien" else set()
        if intent == "who":
            if "lead" in roles or not roles:
                return "any" if {"lead", "partner"} <= roles else "lead"
            return "partner" if "partner" in roles else "any"
        if not named and not (self.has_own_agency and intent in FIGURES):
            said = roles & {"lead", "partner", "any"}
            return (
                said.pop()
                if len(said) == 1 and intent in FIGURES and self.opens_follow_up()
                else None
            )
        if "any" in roles or {"lead", "partner"} <= roles:
            return "any"
        return "partner" if "partner" in roles else "lead"

    def _has_subject_from(self, at: int) -> bool:
        """Whether a subject begins at `at`: "liên quan ISO", but not "sở y tế có việc nào liên quan không"."""
        return any(self.is_content(i) for i in range(at, len(self.tokens)))

    def _read_status(self, intent: Intent, due: Days | None) -> str | None:
        """The strongest status said; "phải xong" and "đến hạn" with a day are about the day."""
        said = {
            label.split(".")[1]
            for phrase in self.phrases
            for label in phrase.labels
            if label.startswith("status.") and not self._is_within_window(phrase)
        }
        if intent == "progress":
            return None
        if self.asks_whether_done():
            said.discard("unfinished")
        for status in ("overdue", "due_soon", "unfinished", "done"):
            if status in said:
                return None if due and not self._is_firm_status(status) else status
        if due is None and self.has_label("deadline.due"):
            return "due_soon"
        return "unfinished" if self._asks_what_remains(intent) else None

    def _is_firm_status(self, status: str) -> bool:
        """Whether the status holds beside days: "hết hạn hôm qua" is about the day alone."""
        words = {
            fold(self.text[self.tokens[p.start].start : self.tokens[p.end - 1].end])
            for p in self.phrases
            if f"status.{status}" in p.labels
        }
        return status != "overdue" or words != {"het han"}

    def _is_within_window(self, phrase: Phrase) -> bool:
        start, end = self.tokens[phrase.start].start, self.tokens[phrase.end - 1].end
        return any(w.start <= start and end <= w.end for w in self.windows)

    def _asks_what_remains(self, intent: Intent) -> bool:
        """ "còn việc gì" asks for what is not done."""
        if intent not in {"list", "count"}:
            return False
        for at, token in enumerate(self.tokens):
            over = self.find_phrase_over(at)
            alone = over is None or (OWN in over.labels and over.end == at + 1)
            if token.folded == "con" and not self.is_taken[at] and alone:
                following = self.find_phrase_over(at + 1)
                if (
                    following is None
                    and at + 1 < len(self.tokens)
                    and is_stop_word(self.tokens[at + 1].text)
                ):
                    following = self.find_phrase_over(at + 2)
                if following is not None and following.labels & _AFTER_STILL:
                    return True
        return False

    def _read_due(self) -> tuple[Days, bool] | None:
        """The days asked for; two windows joined by "và" are one."""
        since = self._read_overdue_span()
        if since is not None:
            return (None, since), False
        kept = self.list_used_windows()
        if not kept:
            return None
        first = kept[0]
        for other in kept[1:]:
            if (
                fold(self.text[first.end : other.start]).strip(" ,") in _AND_OR
                and first.first_day
                and other.last_day
            ):
                return (first.first_day, other.last_day), False
        return (first.first_day, first.last_day), first.single

    def _read_overdue_span(self) -> date | None:
        """ "quá hạn hơn 1 tháng": the last day of what has been overdue for longer; None where no such time is said."""
        said = (
            _LONGER_THAN.search(strip_marks(self.text.lower()))
            if self.has_label("status.overdue")
            else None
        )
        if said is None:
            return None
        for index in self.find_words(*said.span("span")):
            self.is_taken[index] = True
        since = windows.move_day(self.context.today, -int(said["count"]), _CALENDAR[said["unit"]])
        return since - timedelta(days=1) if since is not None else None

    def _make_second_reading(self, question: Question) -> Question | None:
        """The other reading, where there is one."""
        codes = list(dict.fromkeys(code.value for code in self.codes if code.kind == "code"))
        if question.intent in ABOUT_ONE_TASK and len(codes) > 1:
            return replace(question, code=codes[1])
        if question.intent == "when" and self.windows:
            first = self.windows[0]
            return Question("list", due=(first.first_day, first.last_day), single=first.single)
        if (
            question.section
            and question.intent in FIGURES
            and not any(c.kind == "section" for c in self.codes)
        ):
            return replace(question, section=None, words=question.section, second=None)
        if (
            question.intent == "list"
            and question.status == "due_soon"
            and self.has_label("deadline.due")
        ):
            return replace(question, status="overdue", second=None)
        if question.intent in FIGURES and len(self.windows) > 1:
            other = self.windows[1]
            return replace(
                question, due=(other.first_day, other.last_day), single=other.single, second=None
            )
        return None

    def read_item(self) -> int | None:
        """The line of the last list that is meant: "chi tiết số 3", "số 3", "cái đầu tiên"."""
        if self.codes or self.mentions or self.windows or self.has_own_agency:
            return None
        for at, token in enumerate(self.tokens):
            number = int(token.text) if token.text.isdecimal() else None
            size = next(
                (
                    n
                    for n in (4, 3, 2, 1)
                    if at >= n and match_list_at(self.tokens, at - n, "item", n) == n
                ),
                0,
            )
            if (
                size
                and number is not None
                and not any(self.is_content(i) for i in self.list_words_outside(at - size, at + 1))
            ):
                return number
            word = self._read_ordinal_at(at)
            if word and not any(
                self.is_content(i) for i in self.list_words_outside(at, at + word[0])
            ):
                return word[1]
        return None

    def read_reference(self) -> Intent | None:
        """What is asked of the task shown before: "ai làm việc đó", "hạn khi nào", "việc này xong chưa"."""
        named = (
            self.codes
            or self.mentions
            or self.windows
            or self.has_own_agency
            or self.unknown_agency
            or self.section
            or self.means_everybody
        )
        if named or self.list_subject_words():
            return None
        pronoun = self.has_label("talk.it")
        if not pronoun and self.has_label(*_OF_MANY):
            return None
        if self.has_label("intent.who") or (
            pronoun and self.has_label("role.partner", "role.lead")
        ):
            return "who"
        if self.has_label("intent.when") or (
            pronoun and self.has_label("deadline.word", "deadline.due")
        ):
            return "when"
        return (
            "show"
            if self.has_label("intent.show") or (pronoun and self.has_label(*_STATE_OF_IT))
            else None
        )

    def _read_ordinal_at(self, at: int) -> tuple[int, int] | None:
        """ "đầu tiên", "cuối cùng" behind a noun for a line: how many words, and which line (-1 is the last)."""
        if at == 0 or (self.tokens[at - 1].folded not in {"cai", "viec", "vu", "muc", "dong"}):
            return None
        for size in (2, 1):
            key = tuple(t.folded for t in self.tokens[at : at + size])
            if len(key) == size and key in load_phrases().ordinals:
                return size, load_phrases().ordinals[key]
        return None

    def is_follow_up(self, question: Question) -> bool:
        """Whether the line only makes sense after another: "còn sở tài chính?", "thế quá hạn thì sao?"."""
        if self.has_label("talk.that"):
            return True
        if self.has_label("task.noun") or question.code:
            return False
        opens = self.opens_follow_up()
        if question.intent != "list" and not opens:
            return False
        closes = any(
            match_list_at(self.tokens, at, "so_what")
            for at in range(max(len(self.tokens) - 5, 1), len(self.tokens))
        )
        return bool(opens) or (closes and len(self.tokens) <= SHORT_LINE)

    def list_named_fields(self, question: Question) -> tuple[str, ...]:
        said = [
            name
            for name in ("status", "due", "code", "section", "plan", "words")
            if getattr(question, name)
        ]
        asks_own = question.needs_agency and not self.has_label("talk.that")
        if question.agencies or question.unknown_agency or question.candidates or asks_own:
            said.append("agencies")
        if self.list_labels("role"):
            said.append("role")
        if question.intent != "list" or self.has_label("intent.list", "task.noun"):
            said.append("intent")
        return tuple(said)


def _get_role(phrase: Phrase) -> str:
    return "lead" if "role.lead" in phrase.labels else "partner"
