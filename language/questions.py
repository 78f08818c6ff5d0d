"""What a person asks: one line of chat as a `Question` (questions.md), by the phrases of `locales/vi/questions.toml`.

Pure: no clock, no database; who asks, the day, the loaded plans and their sections are given. It never guesses: a line
that no rule understands is `unknown`.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from language import windows
from language.agencies import Directory, Mention, level_at, local_name, standard, tables, ubnd_at
from language.question_codes import Code
from language.question_codes import find as find_codes
from language.question_phrases import OWN, Phrase, found, phrases, stands_at, stands_before
from language.search import index_text, is_ambiguous, is_stop_word, pieces
from language.text import fold, normalise, strip_marks
from language.tokens import AND, Token, tokens_of
from language.typing_slips import is_syllable, mended

Intent = Literal["list", "count", "show", "who", "when", "progress", "help", "greeting", "unknown"]
ABOUT_ONE_TASK = frozenset({"show", "who", "when"})
FIGURES = frozenset({"list", "count", "progress"})
LONGEST_PLACE = 3  # words of a place's name typed without capitals
LEAST_OF_SECTION = 4  # words of a section's name that stand for it without "lĩnh vực" before them
PERCENT = " phần trăm"
PLACE_SURE = 2  # words of a place's name that are taken whatever they mean otherwise


Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Question:
    """What is asked, and what narrows it (questions.md); empty or None narrows nothing.

    Besides the fields of `ask --json`: `candidates`, several agencies that one word fits (the bot asks which);
    `nearest`, known names like the unknown one; `called`, canonical names of old names that were said; `needs_agency`,
    "của tôi" from a person without an agency; `own`, it is about the asker's agency; `follow_up`, it goes on with the
    question before; `item`, the line of the last list that is meant; `said`, which fields the line itself named;
    `unheld`, no task holds the subject: nothing is to be found; `second`, the other reading.
    """

    intent: Intent
    agencies: tuple[str, ...] = ()
    unknown_agency: str | None = None
    role: str | None = None
    status: str | None = None
    due: Days | None = None
    single: bool = False
    code: str | None = None
    section: str | None = None
    plan: str | None = None
    words: str | None = None
    candidates: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    needs_agency: bool = False
    own: bool = False
    follow_up: bool = False
    item: int | None = None
    unheld: bool = False
    said: tuple[str, ...] = ()
    second: "Question | None" = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as kept with a chat's last question."""
        values = asdict(replace(self, second=None))
        if self.due:
            values["due"] = [_iso(day) for day in self.due]
        values["second"] = self.second.to_json() if self.second else None
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Question":
        """The question that `to_json` gave; fields it does not know are left out."""
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
        due = known.get("due")
        if due:
            first, last = (date.fromisoformat(day) if day else None for day in due)
            known["due"] = (first, last)
        if known.get("second"):
            known["second"] = cls.from_json(known["second"])
        return cls(**known)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


UNKNOWN = Question("unknown")


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
) -> Question:
    """The question that `text` asks on `today`; under 2 ms, never raises for any text.

    `asker` is the canonical name of the asker's agency; `directory` knows the registry's agencies; `plan_years` are
    the first and last year of the plan in force; `sections` its section titles in order; `plans` the numbers of the
    loaded plans ("416/KH-UBND"); `vocabulary` the words and pairs of words that tasks hold (`search.vocabulary`): with
    it, words that no task holds are left out, and a line that is nothing but a subject is understood.
    """
    setting = _Setting(
        *(today, asker, directory or standard(), plan_years, tuple(sections), tuple(plans), vocabulary),
        marked=not text.isascii(),
    )
    line = mended(text.replace("%", PERCENT), phrases().lexicon, vocabulary or ())
    return _Reading(line, setting).question()


def merge(previous: Question, follow_up: Question) -> Question:
    """`follow_up` in the light of the question before: what it does not say itself stays as it was."""
    said = frozenset(follow_up.said)
    changed: dict[str, Any] = {name: getattr(follow_up, name) for name in _KEPT if name in said}
    if "agencies" in said:
        changed |= {
            name: getattr(follow_up, name)
            for name in ("unknown_agency", "candidates", "nearest", "called", "needs_agency", "own")
        }
        changed.setdefault("role", previous.role or "lead")
    if "due" in said:
        changed["single"] = follow_up.single
    if "code" in said or "words" in said:
        changed |= {name: getattr(follow_up, name) for name in ("code", "words")}
    intent = follow_up.intent if "intent" in said or previous.intent not in FIGURES else previous.intent
    return replace(
        previous, **changed, intent=intent, follow_up=True, item=follow_up.item, said=follow_up.said, second=None
    )


_KEPT = ("agencies", "role", "status", "due", "code", "section", "plan", "words")


@dataclass(frozen=True)
class _Setting:
    today: date
    asker: str | None
    directory: Directory
    plan_years: tuple[int, int] | int | None
    sections: tuple[str, ...]
    plans: tuple[str, ...]
    vocabulary: Collection[str] | None
    marked: bool = True  # typed with diacritics

    def holds(self, *words: str) -> bool:
        """Whether a task holds the word, or the words side by side."""
        return self.vocabulary is not None and " ".join(words) in self.vocabulary


class _Reading:
    """One line being read: each step takes words, what nobody takes is the subject."""

    def __init__(self, text: str, setting: _Setting) -> None:
        self.setting = setting
        self.unheld = False
        self._set_text(text)
        self._cut_story()

    def _set_text(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.taken = [False] * len(self.tokens)
        self.phrases = self._found()

    def _found(self) -> list[Phrase]:
        """The phrases of the line, but for single bare words that belong to a subject ("vien chuc" is no "chúc")."""
        return [phrase for phrase in found(self.tokens, self.taken) if not self._in_compound(phrase)]

    def _in_compound(self, phrase: Phrase) -> bool:
        if self.setting.marked or phrase.end - phrase.start > 1:
            return False
        here = phrase.start
        pairs = [(other, (min(other, here), max(other, here))) for other in (here - 1, here + 1)]
        return any(
            0 <= other < len(self.tokens)
            and not is_stop_word(self.tokens[other].text)
            and not self.tokens[last].gap.strip()
            and self.setting.holds(self.tokens[first].folded, self.tokens[last].folded)
            for other, (first, last) in pairs
        )

    def _cut_story(self) -> None:
        """Leaves out what is told before "cho em hỏi", when the question itself follows."""
        for phrase in self.phrases:
            if "talk.purpose" in phrase.labels and phrase.start > 1:
                self._set_text(self.text[: self.tokens[phrase.start].start])
                break
        for phrase in reversed(self.phrases):
            rest = self.tokens[phrase.end :]
            if "talk.question_begins" in phrase.labels and not all(is_stop_word(t.text) for t in rest):
                self.story = self.text[: rest[0].start]
                self._set_text(self.text[rest[0].start :])
                return
        self.story = ""

    # ------------------------------------------------------------ the whole

    def question(self) -> Question:
        """The steps in order; the first that knows what the line is ends them."""
        if not self.tokens or self._off_topic():
            return UNKNOWN
        if self._says("intent.help_surely"):
            return Question("help")
        self.codes = self._codes()
        self._read_agencies()
        self.phrases = self._found()
        self.windows = self._windows()
        if self._is_change():
            return UNKNOWN
        small_talk = self._small_talk()
        if small_talk is not None:
            return small_talk
        if self._says("intent.where") and not self.codes and not self._says(*_ABOUT_TASKS):
            return UNKNOWN
        return self._asked()

    def _asked(self) -> Question:
        item = self._item()
        if item is not None:
            return Question("show", follow_up=True, item=item, said=("intent",))
        intent = self._intent()
        if intent == "who":  # agencies are a part of the subject
            for mention in self.mentions:
                for index in self._tokens_within(mention.start, mention.end):
                    self.taken[index] = False
        question = self._narrowed(intent)
        if not self._makes_sense(question):
            return UNKNOWN
        question = self._doers(replace(question, unheld=self.unheld and question.words is not None))
        return replace(question, follow_up=self._is_follow_up(question), said=self._said(question))

    def _doers(self, question: Question) -> Question:
        """A name in the place of an agency that no task holds is an agency nobody knows: "giáo xứ có việc gì"."""
        if question.intent not in FIGURES or self._other_filter_but_status() or self._subject_known():
            return question
        for run in _runs(self._content()):
            if self._in_slot(run[0], firmly=True) and self._verb_at(run[-1] + 1) and not self._in_subject(run[0]):
                name = normalise(self.text[self.tokens[run[0]].start : self.tokens[run[-1]].end])
                return replace(question, unknown_agency=name, words=None, unheld=False)
        return question

    def _other_filter_but_status(self) -> bool:
        return bool(self.mentions or self.own or self.unknown or self.section or self.codes)

    # ------------------------------------------------------------ small helpers

    def _says(self, *labels: str) -> bool:
        wanted = frozenset(labels)
        return any(not wanted.isdisjoint(phrase.labels) for phrase in self.phrases)

    def _labels(self, group: str) -> list[str]:
        """The labels of a group that are said, in the order of the line: ["overdue"]."""
        return [
            label.split(".")[1]
            for phrase in self.phrases
            for label in sorted(phrase.labels)
            if label.startswith(group + ".")
        ]

    def _take(self, start: int, end: int) -> None:
        for index in range(start, end):
            self.taken[index] = True

    def _tokens_within(self, start: int, end: int) -> range:
        """The indexes of the words within the span [start, end) of the text."""
        inside = [i for i, t in enumerate(self.tokens) if t.start >= start and t.end <= end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def _phrase_over(self, index: int) -> Phrase | None:
        return next((p for p in self.phrases if p.start <= index < p.end), None)

    def _is_content(self, index: int) -> bool:
        """Whether the word says something that no rule has taken."""
        if self.taken[index] or (self.tokens[index].text.isdigit() and _is_percent(self.tokens, index + 1)):
            return False
        phrase = self._phrase_over(index)
        if phrase is not None:
            return phrase.labels <= _NO_MEANING
        return not is_stop_word(self.tokens[index].text) or self._means_something(index)

    def _means_something(self, index: int) -> bool:
        """Whether a word that is a stop word elsewhere belongs to the word next to it, as some task has it."""
        if self.setting.marked and not is_ambiguous(self.tokens[index].text):
            return False
        here = self.tokens[index].folded
        return any(
            0 <= other < len(self.tokens)
            and not self.taken[other]
            and not is_stop_word(self.tokens[other].text)
            and not self.tokens[max(index, other)].gap.strip()
            and self.setting.holds(*pair)
            for other, pair in (
                (index - 1, (self.tokens[index - 1].folded, here)),
                (index + 1, (here, self.tokens[min(index + 1, len(self.tokens) - 1)].folded)),
            )
        )

    # ------------------------------------------------------------ lines that are no questions to the registry

    def _off_topic(self) -> bool:
        for phrase in self.phrases:
            if "intent.off_topic" in phrase.labels:
                words = [t.folded for t in self.tokens[phrase.start : phrase.end]]
                if not all(self.setting.holds(*pair) for pair in (pairwise(words) if len(words) > 1 else [words])):
                    return True
        return False

    def _is_change(self) -> bool:
        """A request to change something (rule 11): its verb opens the line, and nothing is asked."""
        coded = any(code.kind == "code" for code in self.codes)
        asks = self._says(*_ASKING[2:]) or "?" in self.text
        if asks or (self._says("intent.progress") and not coded):
            return False
        first = next((p for p in self.phrases if not p.labels & {"filler", "intent.greeting"}), None)
        if first is None:
            return False
        opens = "intent.change" in first.labels and not any(self._is_content(i) for i in range(first.start))
        asks_whether = self._says("intent.progress", "status.unfinished")
        return opens or (coded and self._says("status.done") and not asks_whether)

    def _small_talk(self) -> Question | None:
        """Help and greetings: nothing of the registry is named."""
        about_registry = self._about_registry()
        if not self._says("intent.help", "intent.greeting") or about_registry:
            return None
        left = [i for i in range(len(self.tokens)) if self._is_content(i)]
        if self._says("intent.help") and len(left) <= 1:
            return Question("help")
        return Question("greeting") if self._says("intent.greeting") and len(left) <= 2 else None

    def _about_registry(self) -> bool:
        return bool(self.codes or self.mentions or self.unknown or self.own) or self._says(*_ABOUT_REGISTRY)

    def _makes_sense(self, question: Question) -> bool:
        """Whether the line is about tasks at all, and not only a subject that no task has."""
        if question.code or question.section or question.plan or question.candidates or question.unknown_agency:
            return True
        if question.agencies or question.needs_agency:
            return bool(question.words) or not self._content() or self._says(*_ASKING, *_ABOUT_REGISTRY, "status.done")
        if question.intent in ABOUT_ONE_TASK:
            return bool(question.words) and (
                self._subject_known(one_task=True) or (self._says(*_NAMES_TASK) and len(self._content()) <= A_FEW)
            )
        if self._says("task.noun", "deadline.due", "deadline.word"):
            return True
        if question.status:
            return not self._content() or self._subject_known()
        if question.intent == "progress":
            return (
                self._subject_known()
                or (max(map(len, _runs(self._content())), default=0) < 2 and self._firm_figures())
                or not self._content()
            )
        if question.words:
            return question.intent != "count" and self._subject_known()
        return question.due is not None or self._says("role.lead", "role.partner")

    def _subject_known(self, *, one_task: bool = False) -> bool:
        """Whether the subject's words stand side by side in some task; without a vocabulary any two words will do.

        In a question about one task ("khi nào ...") one pair is enough, else half of them must.
        """
        content = self._content(everything=one_task)
        if self.setting.vocabulary is None:
            return len(content) > 1
        bits = [bit for run in _runs(content) for bit in pieces(" ".join(self.tokens[i].text for i in run))]
        pairs = [bit for bit in bits if " " in bit]
        single = [bit for bit in bits if " " not in bit]
        known = sum(bit in self.setting.vocabulary for bit in pairs)
        held = sum(bit in self.setting.vocabulary for bit in single)
        if any(bit in self.setting.vocabulary and not is_syllable(bit) and bit.isalpha() for bit in single):
            return True  # "PAPI", "ISO": no word of everyday talk
        if one_task:
            return known > 0 and 2 * held > len(single)
        return (2 * known > len(pairs) and 2 * held > len(single)) or (known > 0 and held == len(single))

    # ------------------------------------------------------------ codes, plans, days, sections

    def _codes(self) -> list[Code]:
        asks_when = self._says("intent.when", "intent.who")
        codes = find_codes(
            strip_marks(self.text.lower()), self.setting.plans, asks_when=asks_when, known_number=self.setting.holds
        )
        for code in codes:
            within = self._tokens_within(code.start, code.end)
            self._take(within.start, within.stop)
        return codes

    def _windows(self) -> list[windows.Window]:
        """The windows of time, none over a code."""
        read = windows.find(self._without_names(), self.setting.today, self.setting.plan_years)
        return [
            w
            for w in read
            if not any(code.start < w.end and w.start < code.end for code in self.codes) and not self._idle(w)
        ]

    def _without_names(self) -> str:
        """The text with agencies, codes and "của tôi" struck out: no day is read from them ("tôi" is no "tới")."""
        text = list(self.text)
        struck = [i for i, taken in enumerate(self.taken) if taken]
        for phrase in self._own_phrases():
            struck += range(phrase.start, phrase.end)
        for phrase in self.phrases:
            if self.tokens[phrase.start].folded == "het" and phrase.end - phrase.start > 1:
                struck.append(phrase.start)
            if OWN in phrase.labels and phrase not in self._own_phrases():
                struck += range(phrase.start + 1, phrase.end)  # of "7 ngay toi co", "toi" is a part of the days
        for index in struck:
            token = self.tokens[index]
            text[token.start : token.end] = "_" * (token.end - token.start)
        return "".join(text)

    def _idle(self, window: windows.Window) -> bool:
        """Whether the days are a manner of speaking ("đến nay") or the name of a document's day."""
        within = self._tokens_within(window.start, window.end)
        return any(p.start <= within.start and within.stop <= p.end and "filler" in p.labels for p in self.phrases)

    def _read_sections(self) -> None:
        """A section named by its numeral, behind "lĩnh vực", or by its own name."""
        self.section: str | None = None
        numerals = [code.value for code in self.codes if code.kind == "section"]
        if numerals:
            numeral = ".".join(sorted(numerals, key=len)) if len(numerals) > 1 else numerals[0]
            self.section = _section_by_numeral(numeral, self.setting.sections) or numeral
            return
        by_word = _sections_by_word(self.setting.sections)
        best: list[tuple[int, int, str]] = []
        for at, token in enumerate(self.tokens):
            first = _words_of(token.text)[:1]
            marked = bool(first) and self._behind(at, "words.section")
            for title, words in by_word.get(first[0], ()) if first else ():
                size = self._section_at(at, words, marked=marked)
                if size and size >= max((one[0] for one in best), default=0):
                    best = [*(one for one in best if one[0] == size), (size, at, title)]
        if len(best) == 1:
            self._take_section(*best[0])

    def _section_at(self, at: int, words: tuple[str, ...], *, marked: bool) -> int:
        """How many words at `at` name the section: all of its name, or a good part of it behind "lĩnh vực"."""
        typed: list[str] = []
        ends: list[int] = []
        for index in range(at, min(at + len(words) + 3, len(self.tokens))):
            if self.taken[index]:
                break
            if self.tokens[index].folded != AND:
                typed += _words_of(self.tokens[index].text)
            ends.append(index)
            if len(typed) > len(words):
                break
            starts = range(len(words) - len(typed) + 1)
            inside = next((start for start in starts if list(words[start : start + len(typed)]) == typed), None)
            if inside is None:
                ends.pop()
                break
        used = [w for i in ends for w in _words_of(self.tokens[i].text) if w != AND]
        if not ends or (len(used) < len(words) and self._content_beside(at, ends[-1] + 1) and not marked):
            return 0
        enough = marked and len(used) > 1
        return len(ends) if enough or len(used) == len(words) or self._most_of(used, words, len(ends)) else 0

    def _content_beside(self, start: int, end: int) -> bool:
        """Whether words of a subject stand right before or behind tokens[start:end]."""
        before = start > 0 and not self.tokens[start].gap.strip() and self._is_content(start - 1)
        behind = end < len(self.tokens) and not self.tokens[end].gap.strip() and self._is_content(end)
        return before or behind

    def _most_of(self, used: list[str], words: tuple[str, ...], typed: int) -> bool:
        """Whether a part of a section's name stands for it: four words and most of it, or all but "cải cách"."""
        if typed >= LEAST_OF_SECTION and 2 * len(used) > len(words):
            return True
        leads = (n for n in range(3, 0, -1) if words[:n] in phrases().lists["section_lead"])
        core = words[next(leads, 0) :]
        return len(used) > 1 and tuple(used) == core[: len(used)] and 3 * len(used) >= 2 * len(core)

    def _take_section(self, size: int, at: int, title: str) -> None:
        """Keeps the section for questions about many tasks; of one task it is a part of the subject."""
        if self._one_task_asked() and not self._behind(at, "words.section"):
            return
        self.section = title
        before = self._phrase_ending(at, "words.section")
        self._take(before.start if before else at, at + size)

    def _phrase_ending(self, at: int, label: str) -> Phrase | None:
        return next((p for p in self.phrases if p.end == at and label in p.labels), None)

    def _behind(self, at: int, label: str) -> bool:
        return self._phrase_ending(at, label) is not None

    def _one_task_asked(self) -> bool:
        return self._says("intent.who", "intent.when", "intent.show") and not self._says("task.noun")

    # ------------------------------------------------------------ agencies

    def _read_agencies(self) -> None:
        """Known agencies, UBND by their place, the asker's own, and names that nobody knows."""
        self.mentions: list[Mention] = []
        self.topical: list[Mention] = []
        self.unknown: str | None = None
        self.own = bool(self._own_phrases())
        self.everybody = self._says("words.everybody")
        subject = [p for p in self.phrases if "words.subject" in p.labels]
        self._read_local()
        for mention in self.setting.directory.mentions(self.text, self.setting.today):
            within = self._tokens_within(mention.start, mention.end)
            if any(self.taken[i] for i in within) or any(p.start <= within.start < p.end for p in subject):
                continue
            if fold(self.text[mention.start : mention.end]) in _EVERYBODY or self._everybody_at(within):
                continue
            kept = self.mentions if self._is_party(mention, within) else self.topical
            kept.append(mention)
            if kept is self.mentions:
                self._take(within.start, within.stop)
        self._read_bare()
        self._read_sections()
        self._read_unknown()

    def _own_phrases(self) -> list[Phrase]:
        """Where the asker's own agency is meant; "tuan toi co" is "tuần tới có", not "tôi có"."""
        own = [p for p in self.phrases if OWN in p.labels and "not_own" not in p.labels]
        return [
            p
            for p in own
            if not (self.tokens[p.start].text == "toi" and p.start and self.tokens[p.start - 1].folded in _BEFORE_NEXT)
        ]

    def _everybody_at(self, within: range) -> bool:
        return any(
            "words.everybody" in p.labels and p.start <= within.start and within.stop <= p.end for p in self.phrases
        )

    def _is_party(self, mention: Mention, within: range) -> bool:
        """Whether the agency is asked about, and not a part of the subject ("kế hoạch phối hợp với Mặt trận")."""
        if self._in_subject(within.start):
            return False
        if mention.alone:
            if self.text[mention.start : mention.end].lower() not in tables().alone:
                return False
            ends = (
                within.stop == len(self.tokens)
                or self._verb_at(within.stop)
                or self._phrase_over(within.stop) is not None
            )
            return ends and self._in_slot(within.start) and not self._one_task_asked()
        sure = (
            self.setting.directory.kind_of(mention.called) in {"department", "office", "board"}
            and mention.how != "place"
        )
        if sure and not self._one_task_asked():
            return True
        return self._in_slot(within.start) or self._verb_at(within.stop)

    def _in_slot(self, at: int, *, firmly: bool = False) -> bool:
        """Whether an agency may stand here: first in the line or clause, or behind a word that is no subject.

        `firmly`: and it is not what a subject belongs to ("quyết định của UBND tỉnh").
        """
        if at == 0 or _BREAK.intersection(self.tokens[at].gap):
            return True
        if stands_before(self.tokens, at, "links"):
            return not (firmly and at > 1 and self._is_content(at - 2) and self.tokens[at - 1].folded in _OF)
        return not self._is_content(at - 1)

    def _verb_at(self, at: int) -> bool:
        return (
            at < len(self.tokens)
            and not self.tokens[at].gap.strip(" -,:")
            and bool(stands_at(self.tokens, at, "verbs"))
        )

    def _in_subject(self, at: int) -> bool:
        """Whether the word belongs to a subject opened by "về", that no "của" or verb has closed."""
        for index in range(at - 1, -1, -1):
            phrase = self._phrase_over(index)
            if phrase is None:
                if _BREAK.intersection(self.tokens[index + 1].gap):
                    return False
                continue
            if "words.about" in phrase.labels and phrase.end < at:
                return not stands_before(self.tokens, at, "of")
            if phrase.labels & _CLOSES_SUBJECT:
                return False
        return False

    def _read_local(self) -> None:
        """UBND that nobody has entered: "huyện Châu Phú", "ubnd xa vinh trach" (rule 9)."""
        at = 0
        while at < len(self.tokens):
            end = 0 if self._known_local(at) else self._local_end(at)
            name = local_name(self.tokens, at, end) if end else None
            if name is not None and not self._in_subject(at) and self._in_slot(at):
                found_names = self.setting.directory.names_for(name, self.setting.today)
                self.mentions.append(
                    Mention(self.tokens[at].start, self.tokens[end - 1].end, found_names, "pattern", name)
                )
                self._take(at, end)
            at = max(end, at + 1)

    def _known_local(self, at: int) -> bool:
        """Whether the registry's own name of a UBND stands here, or all of a level ("cấp huyện")."""
        hit = self.setting.directory.hit(self.tokens, at)
        known = hit is not None and self.setting.directory.kind_of(hit.name) in {"district", "commune"}
        return known or (at > 0 and self.tokens[at - 1].folded in {"cac", "cap", "moi", "tung"})

    def _local_end(self, at: int) -> int:
        """The word behind a UBND's name that starts at `at`; 0 for none. Without capitals a name ends before a verb."""
        start = at + ubnd_at(self.tokens, at)
        level = level_at(self.tokens, start) if start < len(self.tokens) and not self.taken[at] else None
        if level is None or (start == at and not self._level_as_typed(at, level[0])):
            return 0
        first = end = start + level[0]
        capitals = end < len(self.tokens) and self.tokens[end].capital and not self.text.isupper()
        while end < len(self.tokens) and not self.taken[end] and not _BREAK.intersection(self.tokens[end].gap):
            if capitals and not self.tokens[end].capital:
                break
            if not capitals and (end - first >= LONGEST_PLACE or self._ends_place(end, end - first)):
                break
            end += 1
        return end if end > first else 0

    def _level_as_typed(self, at: int, size: int) -> bool:
        """Whether "quận", "phường", "xã" is meant and not "quản lý", "phương án", "xã hội"."""
        typed = " ".join(t.text.lower() for t in self.tokens[at : at + size])
        following = self.tokens[at + size] if at + size < len(self.tokens) else None
        if following is None or following.folded in _NO_PLACE:
            return False
        if not typed.isascii():
            return typed in _LEVELS_AS_WRITTEN
        return typed in _SURE_LEVELS

    def _ends_place(self, index: int, size: int) -> bool:
        """Whether a place's name without capitals ends before this word, `size` words of it read."""
        if size < PLACE_SURE:
            phrase = self._phrase_over(index)
            longer = phrase is not None and phrase.start == index and phrase.end - index > 1
            firm = longer and phrase is not None and bool(phrase.labels & _FIRM)
            return firm or (size == 0 and self._is_end(index))
        return self._phrase_over(index) is not None or self._is_end(index)

    def _read_bare(self) -> None:
        """Departments without "Sở": "bên tư pháp", "sở nội vụ và tài chính"."""
        for at in range(len(self.tokens)):
            if self.taken[at]:
                continue
            before = self.tokens[at - 1].folded if at else ""
            listed = before in _JOINS and at > 1 and self.taken[at - 2] and bool(self.mentions)
            opens = at == 0 and not self._one_task_asked()
            if not (listed or opens or before in _BEFORE_BARE):
                continue
            for size in range(6, 0, -1):
                part = self.tokens[at : at + size]
                name = (
                    tables().bare.get(tuple(t.folded for t in part if t.folded != AND)) if len(part) == size else None
                )
                end = at + size
                ends = end >= len(self.tokens) or not self._is_content(end) or bool(self.tokens[end].gap.strip())
                if name and ends and (not opens or self._verb_at(end)):
                    names = self.setting.directory.names_for(name, self.setting.today)
                    self.mentions.append(Mention(part[0].start, part[-1].end, names, "name", name))
                    self._take(at, end)
                    break

    def _read_unknown(self) -> None:
        """A name that reads like an agency and is none that is known (rule 9)."""
        for at in range(len(self.tokens)):
            whole = 0 if self.taken[at] else stands_at(self.tokens, at, "whole")
            acts = at + whole == len(self.tokens) or self._verb_at(at + whole)
            if (
                whole
                and acts
                and not self._one_task_asked()
                and self._in_slot(at, firmly=True)
                and not self._in_subject(at)
            ):
                self.unknown = normalise(self.text[self.tokens[at].start : self.tokens[at + whole - 1].end])
                self._take(at, at + whole)
                return
            heads = [] if self.taken[at] else self._heads_at(at)
            if not heads or self._no_agency_at(at) or self._in_subject(at) or not self._in_slot(at, firmly=True):
                continue
            phrase = self._phrase_over(at)
            if phrase is not None and (OWN in phrase.labels or phrase.labels & _WHO_ELSE):
                continue
            for head in heads:
                end = self._unknown_end(at + head)
                known = self._begun_at(at, end)
                if known is not None:
                    self.mentions.append(known)
                    self._take(at, end)
                    return
                if end > at + head and self._acts(at, at + head, end):
                    self.unknown = normalise(self.text[self.tokens[at].start : self.tokens[end - 1].end])
                    self._take(at, end)
                    return

    def _begun_at(self, at: int, end: int) -> Mention | None:
        """The one agency of the registry whose name begins with these words: "Trung tâm Xúc tiến"."""
        name = self.setting.directory.begun_with(tuple(t.folded for t in self.tokens[at:end] if t.folded != AND))
        if name is None:
            return None
        return Mention(self.tokens[at].start, self.tokens[end - 1].end, (name,), "name", name)

    def _heads_at(self, at: int) -> list[int]:
        """How many words at `at` an agency's name may start with ("chi cục"), as written or without any diacritics."""
        if (
            at
            and self.setting.holds(self.tokens[at - 1].folded, self.tokens[at].folded)
            and not self.tokens[at].gap.strip()
        ):
            return []  # "hồ sơ"
        sizes = [size for size in (4, 3, 2, 1) if stands_at(self.tokens, at, "heads", size) == size]
        return [size for size in sizes if self._written_as(at, at + size, phrases().heads)]

    def _no_agency_at(self, at: int) -> bool:
        """Whether the words only begin like an agency: "hội nghị", but not "hội đông y" for "hội đồng"."""
        size = stands_at(self.tokens, at, "not_behind")
        return bool(size) and self._written_as(at, at + size, phrases().not_behind)

    def _written_as(self, start: int, end: int, names: frozenset[str]) -> bool:
        typed = " ".join(t.text.lower() for t in self.tokens[start:end])
        return typed in names or (typed.isascii() and not self.setting.marked)

    def _unknown_end(self, first: int) -> int:
        end = first
        while end < len(self.tokens) and not self.taken[end]:
            gap = self.tokens[end].gap
            if _STOPS.intersection(gap) or (end > first and self._ends_name(end)):
                break
            if (
                end == first
                and not self._is_content(end)
                and not (end + 1 < len(self.tokens) and self._is_content(end + 1))
            ):
                break
            end += 1
        return end

    def _ends_name(self, index: int) -> bool:
        phrase = self._phrase_over(index)
        return (phrase is not None and not phrase.labels <= _NO_MEANING) or self._is_end(index)

    def _is_end(self, index: int) -> bool:
        """Whether the word ends a name typed without capitals: "có", "nào"; as written, or without diacritics."""
        token = self.tokens[index]
        written = token.text.isascii() or token.text.lower() in phrases().ends
        return (written and bool(stands_at(self.tokens, index, "ends", 1))) or token.text.lower() in _GIVING

    def _acts(self, at: int, name: int, end: int) -> bool:
        """Whether the unknown name is asked about like an agency, and is not what a task is about."""
        if self.tokens[name].text.isdigit() or set(self.tokens[name].folded) <= set("ivx"):
            return False  # "quy III"
        if self.tokens[at].text.lower() == "so" and self.setting.holds("so", self.tokens[name].folded):
            return False  # "so ket" is "sơ kết"
        if self.tokens[at].folded == "so":
            return self.tokens[name].folded != AND and not self.tokens[name].text.isdigit()
        if self.setting.holds(self.tokens[name - 1].folded, self.tokens[name].folded):
            return not self._one_task_asked() and self._in_slot(at) and self._verb_at(end)
        if end == len(self.tokens) or self._verb_at(end) or stands_before(self.tokens, at, "links"):
            return True
        meant = self._phrase_over(end) is not None and not self._one_task_asked()
        return meant or bool(_BREAK.intersection(self.tokens[end].gap))

    # ------------------------------------------------------------ what is asked for

    def _intent(self) -> Intent:
        """The first rule of questions.md that fits what is said."""
        coded = any(code.kind == "code" for code in self.codes)
        subject = coded or bool(self._content())
        asked = set(self._labels("intent"))
        statuses = set(self._labels("status"))
        if "who" in asked and subject and self._who_is_asked(coded):
            return "who"
        if subject and self._when_is_asked(asked, coded):
            return "when"
        if self._figures_are_asked(asked, statuses, coded):
            return "progress"
        if "count" in asked and not self._plural_only(asked) and (not coded or self._several_asked()):
            return "count"
        if coded and not self._several_asked():
            return "show"
        shown = "show" in asked or ("show_of_task" in asked and not self.mentions and not self.own)
        if shown and subject and not self._many_asked() and "list_surely" not in asked:
            return "show"
        return "list"

    def _who_is_asked(self, coded: bool) -> bool:
        """ "đơn vị nào đang trễ" asks for tasks; "đơn vị nào chủ trì ISO" for an agency."""
        if coded:
            return True
        if self._says("status.overdue", "status.unfinished", "status.due_soon", "words.superlative"):
            return False
        if self._says("intent.progress") and not self._subject_known(one_task=True):
            return False
        return not (self.windows and self._says("deadline.due", "deadline.word") and not self._says("role.lead"))

    def _when_is_asked(self, asked: set[str], coded: bool) -> bool:
        if "when" in asked:
            return not (self._many_asked() and self.windows)
        deadline = self._says("deadline.word", "deadline.due")
        if coded:
            return deadline and not self._says("status.overdue")
        return (
            deadline
            and not self.windows
            and not self._many_asked()
            and not self.mentions
            and not self._labels("status")
        )

    def _figures_are_asked(self, asked: set[str], statuses: set[str], coded: bool) -> bool:
        if self._says("status.both"):
            return bool(statuses & {"overdue"}) or "progress" in asked or "count" not in asked
        if "progress" not in asked:
            return "who" in asked and self._says("words.superlative")
        if coded and self._says_only_whether():
            return False
        many = self._many_asked() and not self._says("words.superlative")
        return not many or not self._vague_progress()

    def _says_only_whether(self) -> bool:
        """ "II.4 xong chưa?" asks about one task."""
        return all(
            "status.done" in p.labels or p.end - p.start > 1 for p in self.phrases if "intent.progress" in p.labels
        )

    def _vague_progress(self) -> bool:
        return all(
            "status.done" in p.labels or "filler" in p.labels for p in self.phrases if "intent.progress" in p.labels
        )

    def _plural_only(self, asked: set[str]) -> bool:
        """ "mấy tiêu chí nào": "mấy" is a plural where "nào" or "gì" asks."""
        counts = [p for p in self.phrases if "intent.count" in p.labels]
        plural = all([t.folded for t in self.tokens[p.start : p.end]] == ["may"] for p in counts)
        return plural and bool(asked & {"list", "list_surely"})

    def _several_asked(self) -> bool:
        """ "tiêu chí 5.8 có những tiêu chí thành phần nào" asks for those below."""
        codes = [code for code in self.codes if code.kind == "code"]
        below = any("task.noun" in p.labels and self.tokens[p.start].start >= codes[-1].end for p in self.phrases)
        return below and ("count" in self._labels("intent") or self._many_asked())

    def _many_asked(self) -> bool:
        """Whether tasks are asked for in the plural: "những việc gì", "nhiệm vụ nào", "có việc nào ... không"."""
        for phrase in self.phrases:
            if "task.noun" in phrase.labels:
                around = self.tokens[phrase.start - 1 : phrase.start] + self.tokens[phrase.end : phrase.end + 1]
                inside = self.tokens[phrase.start : phrase.end]
                if {t.folded for t in (*around, *inside)} & _PLURAL:
                    return True
        return self._says("task.plural") and self._says("intent.list") and not self._says("intent.show")

    # ------------------------------------------------------------ what narrows it

    def _narrowed(self, intent: Intent) -> Question:
        many = intent in FIGURES
        names = self._agency_names(intent)
        codes = [code.value for code in self.codes if code.kind == "code"]
        due, single = (self._due() if many else None) or (None, False)
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
            unknown_agency=self.unknown if intent != "who" or self.unknown is None else None,
            role=self._role(intent, bool(names)),
            status=self._status(intent, due) if many and not codes else None,
            due=due,
            single=single,
            code=codes[0] if codes else None,
            section=None if codes and groups else self.section,
            plan=next((code.value for code in self.codes if code.kind == "plan"), None),
            words=self._words(intent, bool(codes)),
            own=self.own,
            needs_agency=many
            and ((self.own and self.setting.asker is None) or (self._says("talk.that") and not names)),
            candidates=tuple(name for m in self.mentions for name in m.candidates) if many else (),
            called=tuple(m.called for m in self.mentions if m.called not in m.names and m.names),
        )
        if question.unknown_agency:
            nearest = self.setting.directory.nearest(question.unknown_agency)
            question = replace(question, nearest=nearest)
        return replace(question, second=self._second(question))

    def _agency_names(self, intent: Intent) -> tuple[str, ...]:
        if intent == "who" or (intent == "show" and any(code.kind == "code" for code in self.codes)):
            return ()
        names = [name for mention in self.mentions for name in mention.names]
        if self.own and self.setting.asker and intent in FIGURES:
            names += self.setting.directory.names_for(self.setting.asker)
        if intent == "when" and any(code.kind == "code" for code in self.codes):
            return ()
        return tuple(dict.fromkeys(names))

    def _role(self, intent: Intent, named: bool) -> str | None:
        roles = set(self._labels("role"))
        for phrase in self.phrases:
            if (
                "words.about" in phrase.labels
                and "role.any" not in phrase.labels
                and self._names_agency_next(phrase.end)
            ):
                roles |= {"any"} if self.tokens[phrase.start].folded == "lien" else set()
        if intent == "who":
            if "lead" in roles or not roles:
                return "any" if {"lead", "partner"} <= roles else "lead"
            return "partner" if "partner" in roles else "any"
        if not named and not (self.own and intent in FIGURES):
            said = roles & {"lead", "partner", "any"}
            return said.pop() if len(said) == 1 and intent in FIGURES and self._opens_follow_up() else None
        if "any" in roles or {"lead", "partner"} <= roles:
            return "any"
        return "partner" if "partner" in roles else "lead"

    def _names_agency_next(self, at: int) -> bool:
        return at < len(self.tokens) and self.taken[at]

    def _status(self, intent: Intent, due: Days | None) -> str | None:
        """The strongest status said; "phải xong" and "đến hạn" with a day are about the day."""
        said = {
            label.split(".")[1]
            for phrase in self.phrases
            for label in phrase.labels
            if label.startswith("status.") and not self._within_window(phrase)
        }
        if intent == "progress":
            return None
        for status in ("overdue", "due_soon", "unfinished", "done"):
            if status in said:
                return None if due and not self._firm(status) else status
        if due is None and self._says("deadline.due"):
            return "due_soon"
        return "unfinished" if self._still(intent) else None

    def _firm(self, status: str) -> bool:
        """Whether the status holds beside days: "hết hạn hôm qua" is about the day alone."""
        words = {
            fold(self.text[self.tokens[p.start].start : self.tokens[p.end - 1].end])
            for p in self.phrases
            if f"status.{status}" in p.labels
        }
        return status != "overdue" or words != {"het han"}

    def _within_window(self, phrase: Phrase) -> bool:
        start, end = self.tokens[phrase.start].start, self.tokens[phrase.end - 1].end
        return any(w.start <= start and end <= w.end for w in self.windows)

    def _still(self, intent: Intent) -> bool:
        """ "còn việc gì" asks for what is not done."""
        if intent not in {"list", "count"}:
            return False
        for at, token in enumerate(self.tokens):
            over = self._phrase_over(at)
            alone = over is None or (OWN in over.labels and over.end == at + 1)
            if token.folded == "con" and not self.taken[at] and alone:
                following = self._phrase_over(at + 1)
                if following is None and at + 1 < len(self.tokens) and is_stop_word(self.tokens[at + 1].text):
                    following = self._phrase_over(at + 2)
                if following is not None and following.labels & _AFTER_STILL:
                    return True
        return False

    def _due(self) -> tuple[Days, bool] | None:
        """The days asked for; two windows joined by "và" are one."""
        kept = [w for w in self.windows if not self._in_subject(self._tokens_within(w.start, w.end).start)]
        if not kept:
            return None
        first = kept[0]
        for other in kept[1:]:
            if fold(self.text[first.end : other.start]).strip(" ,") in _AND_OR and first.first_day and other.last_day:
                return (first.first_day, other.last_day), False
        return (first.first_day, first.last_day), first.single

    def _content(self, *, everything: bool = False) -> list[int]:
        """The words of the subject. `everything`: days and agencies count too, as in questions about one task."""
        timed = set() if everything else {i for w in self._used_windows() for i in self._tokens_within(w.start, w.end)}
        return [i for i in range(len(self.tokens)) if i not in timed and self._is_content(i)]

    def _used_windows(self) -> list[windows.Window]:
        return [w for w in self.windows if not self._in_subject(self._tokens_within(w.start, w.end).start)]

    def _words(self, intent: Intent, coded: bool) -> str | None:
        """The subject as text; what no task holds is left out, unless "về" says that it is the subject."""
        if coded:
            return None
        content = [
            i
            for run in _runs(self._content(everything=intent in ABOUT_ONE_TASK))
            for i in run
            if not self._only_plan(run)
        ]
        kept = content if self.setting.vocabulary is None else self._held(content, intent)
        if not kept and intent == "progress" and self._firm_figures() and not any(map(self._in_subject, content)):
            return None
        self.unheld = not kept and bool(content) and self.setting.vocabulary is not None
        if not kept and content and (any(map(self._in_subject, content)) or not self._other_filter()):
            kept = content
        return " ".join(self.tokens[i].text for i in kept) or None

    def _firm_figures(self) -> bool:
        """Whether figures are asked for beyond doubt: "tình hình" alone may be of anything."""
        figures = [p for p in self.phrases if "intent.progress" in p.labels]
        return any(self.tokens[p.start].folded != "tinh" or p.end - p.start > 2 for p in figures)

    def _only_plan(self, run: list[int]) -> bool:
        """ "kế hoạch" and nothing else: the plan itself, no subject."""
        return " ".join(self.tokens[i].folded for i in run) in _PLAN_ITSELF

    def _held(self, content: list[int], intent: Intent) -> list[int]:
        """The subject's words that some task holds; in a question about many tasks only beside another such word."""
        kept: list[int] = []
        for run in _runs(content):
            bits = [pieces(self.tokens[i].text) for i in run]
            for place, index in enumerate(run):
                alone = any(self.setting.holds(bit) for bit in bits[place])
                left = place > 0 and self.setting.holds(bits[place - 1][-1].split()[-1], bits[place][0].split()[0])
                right = place + 1 < len(run) and self.setting.holds(
                    bits[place][-1].split()[-1], bits[place + 1][0].split()[0]
                )
                strong = len(bits[place]) > 1 or self.tokens[index].text.isdigit() or self.tokens[index].text.isupper()
                if alone and (
                    left or right or strong or intent in ABOUT_ONE_TASK or (len(run) == 1 and self._in_subject(index))
                ):
                    kept.append(index)
        return kept

    def _other_filter(self) -> bool:
        named = self.mentions or self.own or self.unknown or self.windows or self.section or self.codes
        return bool(named) or self._says(*_STATUSES)

    def _second(self, question: Question) -> Question | None:
        """The other reading, where there is one."""
        if question.intent == "when" and self.windows:
            first = self.windows[0]
            return Question("list", due=(first.first_day, first.last_day), single=first.single)
        if question.section and question.intent in FIGURES and not any(c.kind == "section" for c in self.codes):
            return replace(question, section=None, words=question.section, second=None)
        if question.intent == "list" and question.status == "due_soon" and self._says("deadline.due"):
            return replace(question, status="overdue", second=None)
        if question.intent in FIGURES and len(self.windows) > 1:
            other = self.windows[1]
            return replace(question, due=(other.first_day, other.last_day), single=other.single, second=None)
        return None

    # ------------------------------------------------------------ the line before

    def _item(self) -> int | None:
        """The line of the last list that is meant: "chi tiết số 3", "số 3", "cái đầu tiên"."""
        if self.codes or self.mentions or self.windows or self.own:
            return None
        for at, token in enumerate(self.tokens):
            number = int(token.text) if token.text.isdecimal() else None
            size = next((n for n in (4, 3, 2, 1) if at >= n and stands_at(self.tokens, at - n, "item", n) == n), 0)
            if size and number is not None and not any(self._is_content(i) for i in self._outside(at - size, at + 1)):
                return number
            word = self._ordinal_at(at)
            if word and not any(self._is_content(i) for i in self._outside(at, at + word[0])):
                return word[1]
        return None

    def _ordinal_at(self, at: int) -> tuple[int, int] | None:
        """ "đầu tiên", "thứ hai" behind a noun for a line: how many words, and which line."""
        if at == 0 or (self.tokens[at - 1].folded not in {"cai", "viec", "vu", "muc", "dong"}):
            return None
        for size in (2, 1):
            key = tuple(t.folded for t in self.tokens[at : at + size])
            if len(key) == size and key in phrases().ordinals:
                return size, phrases().ordinals[key]
        return None

    def _outside(self, start: int, end: int) -> list[int]:
        return [i for i in range(len(self.tokens)) if not start <= i < end]

    def _is_follow_up(self, question: Question) -> bool:
        """Whether the line only makes sense after another: "còn sở tài chính?", "thế quá hạn thì sao?"."""
        if self._says("talk.that"):
            return True
        if self._says("task.noun") or question.code:
            return False
        opens = self._opens_follow_up()
        if question.intent != "list" and not opens:
            return False
        closes = any(
            stands_at(self.tokens, at, "so_what") for at in range(max(len(self.tokens) - 5, 1), len(self.tokens))
        )
        return bool(opens) or (closes and len(self.tokens) <= SHORT_LINE)

    def _opens_follow_up(self) -> bool:
        return bool(stands_at(self.tokens, 0, "follow_up"))

    def _said(self, question: Question) -> tuple[str, ...]:
        said = [name for name in ("status", "due", "code", "section", "plan", "words") if getattr(question, name)]
        asks_own = question.needs_agency and not self._says("talk.that")
        if question.agencies or question.unknown_agency or question.candidates or asks_own:
            said.append("agencies")
        if self._labels("role"):
            said.append("role")
        if question.intent != "list" or self._says("intent.list", "task.noun"):
            said.append("intent")
        return tuple(said)


A_FEW = 3  # words of a subject that no task holds, in a question that says it is about a task
SHORT_LINE = 9  # words of a line that may be a follow-up by its end alone
_BREAK = frozenset(".;:?!,()\n-–")
_STOPS = frozenset(".;:?!,()\n")
_PLAN_ITSELF = frozenset({"ke hoach", "kh", "chuong trinh"})
_BEFORE_NEXT = frozenset({"tuan", "thang", "quy", "nam", "ngay", "sap", "den", "gio"})
_JOINS = frozenset({"va", "voi", "cung"})
_BEFORE_BARE = frozenset({"ben", "nganh", "phia"})
_AND_OR = frozenset({"va", "hoac", "hay", "voi", ""})
_PLURAL = frozenset({"nao", "gi", "nhung", "cac", "danh", "may", "bao", "het", "chi"})
_EVERYBODY = frozenset({"cac so"})
_NO_PLACE = frozenset({"hoi", "nao", "gi", "minh", "toi", "tui", "em", "ta", "chung", "va"})
_SURE_LEVELS = frozenset({"huyen", "thi xa", "thanh pho", "tx", "xa", "tp"})
_LEVELS_AS_WRITTEN = frozenset({"huyện", "thị xã", "thành phố", "quận", "xã", "phường", "thị trấn", "đặc khu"})
_NO_MEANING = frozenset({"words.subject", "intent.change", "words.plan", "words.section"})
_ABOUT_REGISTRY = (
    *("task.noun", "status.overdue", "status.due_soon", "status.unfinished", "intent.progress", "deadline.due"),
    *("deadline.word", "role.lead", "role.partner", "role.any", "intent.when", "intent.count", OWN),
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
_GIVING = frozenset({"giao", "yêu cầu"})
_OF = frozenset({"cua", "cho", "thuoc", "o", "tai"})
_STATUSES = ("status.overdue", "status.due_soon", "status.unfinished", "status.done")
_ABOUT_TASKS = tuple(
    label for label in _ABOUT_REGISTRY if label.partition(".")[0] in {"task", "status", "deadline", "role"}
)
_CLOSES_SUBJECT = frozenset(
    {
        "status.overdue",
        "status.due_soon",
        "status.unfinished",
        "status.done",
        "role.lead",
        "role.partner",
        "intent.who",
        "intent.count",
    }
)
_FIRM = frozenset({*_CLOSES_SUBJECT, "intent.progress", "deadline.due", "task.noun", "intent.list", "role.any"})
_WHO_ELSE = frozenset({"intent.who", "words.everybody", "intent.list"})
_AFTER_STILL = frozenset({"task.noun", "intent.list", "intent.count"})


@lru_cache(maxsize=4096)
def _words_of(text: str) -> tuple[str, ...]:
    """The words of a section's name, abbreviations written out, without "và"."""
    return tuple(word for word in index_text(text).split() if word != AND)


@lru_cache(maxsize=64)
def _sections_by_word(sections: tuple[str, ...]) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Each word of the sections' names to the sections (title, words) that hold it; agencies as sections left out."""
    named = {_words_of(title): title for title in reversed(sections) if standard().root_of(title) is None}
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for words, title in named.items():
        for word in dict.fromkeys(words):
            index.setdefault(word, []).append((title, words))
    return {word: tuple(found) for word, found in index.items()}


def _is_percent(tokens: Sequence[Token], at: int) -> bool:
    return [token.folded for token in tokens[at : at + 2]] == ["phan", "tram"]


def _section_by_numeral(numeral: str, sections: Sequence[str]) -> str | None:
    """The title of the section with this Roman numeral, if the sections are numbered through."""
    values = {"I": 1, "V": 5, "X": 10}
    total = 0
    for here, after in zip(numeral, [*numeral[1:], ""], strict=False):
        if here not in values:
            return None
        total += -values[here] if values.get(after, 0) > values[here] else values[here]
    return sections[total - 1] if 0 < total <= len(sections) else None


def _runs(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes that follow each other, together."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
