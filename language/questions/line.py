"""One line of chat being read: its words, the phrases in it, and which words a rule has taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from language.agencies.directory import Directory, Mention
from language.questions.codes import Code
from language.questions.phrases import Phrase, found, stands_at, stands_before
from language.search import is_ambiguous, is_stop_word
from language.times.windows import Window
from language.tokens import Token, tokens_of

BREAK = frozenset(".;:?!,()\n-–")
NO_MEANING = frozenset({"words.subject", "intent.change", "words.plan", "words.section"})
_OF = frozenset({"cua", "cho", "thuoc", "o", "tai"})
CLOSES_SUBJECT = frozenset(
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


@dataclass(frozen=True)
class Setting:
    """What is known besides the line: the day, the asker, the registry's names (see `questions.understand`)."""

    today: date
    asker: str | None
    directory: Directory
    plan_years: tuple[int, int] | int | None
    sections: tuple[str, ...]
    plans: tuple[str, ...]
    vocabulary: Collection[str] | None
    marked: bool = True  # typed with diacritics
    provinces: frozenset[str] = frozenset()  # those of the loaded plans; none: not known

    def holds(self, *words: str) -> bool:
        """Whether a task holds the word, or the words side by side."""
        return self.vocabulary is not None and " ".join(words) in self.vocabulary


class Line:
    """The words of one line. Rules take words; what nobody takes is the subject."""

    def __init__(self, text: str, setting: Setting) -> None:
        self.setting = setting
        self.codes: list[Code] = []
        self.windows: list[Window] = []
        self.mentions: list[Mention] = []
        self.topical: list[Mention] = []
        self.unknown: str | None = None
        self.far = False  # the unknown name is another province: no agency here is like it
        self.section: str | None = None
        self.own = False
        self.unheld = False
        self.ignored: str | None = None
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
            return phrase.labels <= NO_MEANING
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

    def _phrase_ending(self, at: int, label: str) -> Phrase | None:
        return next((p for p in self.phrases if p.end == at and label in p.labels), None)

    def _behind(self, at: int, label: str) -> bool:
        return self._phrase_ending(at, label) is not None

    def _one_task_asked(self) -> bool:
        return self._says("intent.who", "intent.when", "intent.show") and not self._says("task.noun")

    def _in_slot(self, at: int, *, firmly: bool = False) -> bool:
        """Whether an agency may stand here: first in the line or clause, or behind a word that is no subject.

        `firmly`: and it is not what a subject belongs to ("quyết định của UBND tỉnh").
        """
        if at == 0 or BREAK.intersection(self.tokens[at].gap):
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
                if BREAK.intersection(self.tokens[index + 1].gap):
                    return False
                continue
            if "words.about" in phrase.labels and phrase.end < at:
                return not stands_before(self.tokens, at, "of")
            if phrase.labels & CLOSES_SUBJECT:
                return False
        return False

    def _content_beside(self, start: int, end: int) -> bool:
        """Whether words of a subject stand right before or behind tokens[start:end]."""
        before = start > 0 and not self.tokens[start].gap.strip() and self._is_content(start - 1)
        behind = end < len(self.tokens) and not self.tokens[end].gap.strip() and self._is_content(end)
        return before or behind

    def _opens_follow_up(self) -> bool:
        return bool(stands_at(self.tokens, 0, "follow_up"))

    def _names_agency_next(self, at: int) -> bool:
        return at < len(self.tokens) and self.taken[at]

    def _outside(self, start: int, end: int) -> list[int]:
        return [i for i in range(len(self.tokens)) if not start <= i < end]


def _is_percent(tokens: Sequence[Token], at: int) -> bool:
    return [token.folded for token in tokens[at : at + 2]] == ["phan", "tram"]
