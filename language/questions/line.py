"""Keep the facts of one line of chat.

They are its words, the phrases in it, and which words a rule has taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from language.agencies.directory import Directory, TextMention
from language.agencies.tables import How
from language.questions.codes import Code
from language.questions.labels import ASKS, CLOSES_SUBJECT, NO_MEANING, STATUSES
from language.questions.phrases import (
    OWN,
    Phrase,
    find_phrases,
    is_list_before,
    load_phrases,
    match_list_at,
)
from language.search import is_ambiguous, is_stop_word
from language.times.windows import TimeWindow
from language.tokens import WordToken, join_tokens, split_words

RARE = 2  # tasks that hold a word that stands for a subject alone
_ASKING = frozenset({*ASKS, *STATUSES, "task.noun"})
BREAK = frozenset(".;:?!,()\n-–")


@dataclass(frozen=True)
class QuestionContext:
    """What is known besides the line: the arguments of `understand`."""

    today: date
    asker: str | None
    directory: Directory
    plan_years: tuple[int, int] | int | None
    sections: tuple[str, ...]
    plans: tuple[str, ...]
    vocabulary: Mapping[str, int] | None
    has_marks: bool = True  # typed with diacritics
    provinces: frozenset[str] = frozenset()  # those of the loaded plans; none: not known
    titles: tuple[str, ...] = ()  # of the plans in force

    def has_task_with(self, *words: str) -> bool:
        """Return whether some task contains the word, or the words side by side."""
        return self.vocabulary is not None and " ".join(words) in self.vocabulary

    def is_rare(self, typed: str) -> bool:
        """Return whether some task contains the word as it is typed, and hardly another does."""
        held = self.vocabulary.get(typed.lower(), 0) if self.vocabulary is not None else 0
        return 0 < held <= RARE


class QuestionLine:
    """The words of one line. Rules take words; those that no rule takes are the subject."""

    def __init__(self, text: str, context: QuestionContext) -> None:
        self.context = context
        self.codes: list[Code] = []
        self.windows: list[TimeWindow] = []
        self.mentions: list[TextMention] = []
        self.topic_mentions: list[TextMention] = []
        self.unknown_agency: str | None = None
        self.is_other_province = False  # the unknown agency is one: no agency here is like it
        self.section: str | None = None
        self.plan_title: str | None = None
        self.subject_parts: tuple[str, ...] = ()  # if several subjects are named
        self.has_own_agency = False
        self.level_counted: str | None = None  # "mấy xã chưa báo cáo": a kind, or "" for any
        self.no_task_matches = False
        self.ignored_words: str | None = None
        self.means_everybody = False
        self._set_text(text)
        self._cut_introduction()

    def _set_text(self, text: str) -> None:
        self.text = text
        self.tokens = split_words(text)
        self.is_taken = [False] * len(self.tokens)
        self.phrases = self.find_line_phrases()

    def find_line_phrases(self) -> list[Phrase]:
        """Return the phrases of the line but for words of a subject ("vien chuc" has no "chúc")."""
        subject = _find_asker_word(self.tokens)
        taken = [*self.is_taken]
        for at in range(1, len(taken)):
            taken[at] = taken[at] or _is_compound_owner(self, at)
        own = []
        if subject is not None and not taken[subject]:
            taken[subject] = True
            own = [Phrase(frozenset({OWN}), subject, subject + 1)]
        return [
            phrase
            for phrase in sorted([*own, *find_phrases(self.tokens, taken)], key=lambda p: p.start)
            if not self._is_in_compound(phrase)
            and not self._is_held_place(phrase)
            and not _is_held_pronoun(self, phrase)
            and not self._is_held_repeat(phrase)
            and not _is_held_ongoing(self, phrase)
        ]

    def _is_held_repeat(self, phrase: Phrase) -> bool:
        """Return whether "hằng tháng" are words of a task's title, and so a subject."""
        words = [token.folded for token in self.tokens[phrase.start : phrase.end]]
        return phrase.labels == {"status.recurring"} and self.context.has_task_with(*words)

    def _is_held_place(self, phrase: Phrase) -> bool:
        """Return whether a word for a place is a task's word beside its neighbour ("trụ sở công").

        In "trụ sở ở đâu" it is not: the place is asked for.
        """
        words = [token.folded for token in self.tokens[phrase.start : phrase.end]]
        behind = self.tokens[phrase.end : phrase.end + 1]
        return (
            phrase.labels <= {"intent.where"}
            and len(words) > 1
            and self.context.has_task_with(*words)
            and any(
                not is_stop_word(token.text) and self.context.has_task_with(token.folded)
                for token in behind
            )
        )

    def _is_in_compound(self, phrase: Phrase) -> bool:
        if self.context.has_marks or phrase.end - phrase.start > 1:
            return False
        here = phrase.start
        pairs = [(other, (min(other, here), max(other, here))) for other in (here - 1, here + 1)]
        return any(
            0 <= other < len(self.tokens)
            and not is_stop_word(self.tokens[other].text)
            and not self.tokens[last].gap.strip()
            and self.context.has_task_with(self.tokens[first].folded, self.tokens[last].folded)
            for other, (first, last) in pairs
        )

    def _cut_introduction(self) -> None:
        """Cut off what stands before "cho em hỏi", if the question itself follows."""
        salutation = _find_salutation_end(self)
        if salutation:
            self._set_text(self.text[self.tokens[salutation].start :])
        for phrase in self.phrases:
            if "talk.purpose" in phrase.labels and phrase.start > 1 and _asks_before(self, phrase):
                self._set_text(self.text[: self.tokens[phrase.start].start])
                break
        ends = [
            p.end
            for p in self.phrases
            if "talk.question_begins" in p.labels
            or ("talk.requests" in p.labels and _begins_clause(self, p.start))
        ]
        for end in sorted({*ends, *_list_asking_ends(self.tokens)}, reverse=True):
            rest = self.tokens[end:]
            states = any(p.start >= end and not p.labels.isdisjoint(STATUSES) for p in self.phrases)
            if states or not all(is_stop_word(t.text) for t in rest):
                self.introduction = self.text[: rest[0].start]
                self._set_text(self.text[rest[0].start :])
                return
        self.introduction = ""

    def has_label(self, *labels: str) -> bool:
        """Return whether a phrase with one of these labels stands in the line."""
        wanted = frozenset(labels)
        return any(not wanted.isdisjoint(phrase.labels) for phrase in self.phrases)

    def list_labels(self, group: str) -> list[str]:
        """Return the labels of a group in the order of the line (for "status": ["overdue"])."""
        return [
            label.split(".")[1]
            for phrase in self.phrases
            for label in sorted(phrase.labels)
            if label.startswith(group + ".")
        ]

    def take_words(self, start: int, end: int) -> None:
        """Mark tokens[start:end] as taken by a rule."""
        for index in range(start, end):
            self.is_taken[index] = True

    def join_words(self, start: int, end: int) -> str:
        """Return the text of tokens[start:end] with single blanks."""
        return join_tokens(self.tokens[start:end], self.text)

    def add_mention(
        self, start: int, end: int, names: tuple[str, ...], name: str, how: How = "name"
    ) -> None:
        """Add tokens[start:end] as a mention of the agency `name` and mark them as taken."""
        span = self.tokens[start].start, self.tokens[end - 1].end
        self.mentions.append(TextMention(*span, names, how, name))
        self.take_words(start, end)

    def set_unknown_agency(self, start: int, end: int) -> None:
        """Keep tokens[start:end] as the unknown agency and mark them as taken."""
        self.unknown_agency = self.join_words(start, end)
        self.take_words(start, end)

    def has_filter(self) -> bool:
        """Return whether an agency, a section or a code narrows the question."""
        agency = self.mentions or self.has_own_agency or self.unknown_agency
        return bool(agency or self.section or self.codes)

    def find_words(self, start: int, end: int) -> range:
        """Return the indexes of the words inside the span [start, end) of the text."""
        inside = [i for i, t in enumerate(self.tokens) if t.start >= start and t.end <= end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def find_phrase_over(self, index: int) -> Phrase | None:
        """Return the phrase that the word belongs to, or None."""
        return next((p for p in self.phrases if p.start <= index < p.end), None)

    def is_content(self, index: int) -> bool:
        """Return whether the word means something that no rule has taken."""
        if self.is_taken[index] or (
            self.tokens[index].text.isdigit() and _is_percent(self.tokens, index + 1)
        ):
            return False
        phrase = self.find_phrase_over(index)
        if phrase is not None:
            document = "words.document" in phrase.labels and index < phrase.end - 1
            narrowed = self.has_filter() or self.windows or self.has_label(*STATUSES)
            return (document and not narrowed) or phrase.labels <= NO_MEANING
        return not is_stop_word(self.tokens[index].text) or self._joins_neighbour(index)

    def _joins_neighbour(self, index: int) -> bool:
        """Return whether a stop word belongs to its neighbour: some task has the two together."""
        if self.context.has_marks and not is_ambiguous(self.tokens[index].text):
            return False
        here = self.tokens[index].folded
        return any(
            0 <= other < len(self.tokens)
            and not self.is_taken[other]
            and not is_stop_word(self.tokens[other].text)
            and not self.tokens[max(index, other)].gap.strip()
            and self.context.has_task_with(*pair)
            for other, pair in (
                (index - 1, (self.tokens[index - 1].folded, here)),
                (index + 1, (here, self.tokens[min(index + 1, len(self.tokens) - 1)].folded)),
            )
        )

    def is_everyday(self, index: int) -> bool:
        """Return whether the word is one of talk ("tình hình", "xử lý"), as it is written.

        "tinh giản" and "nhân dân" are other words than "tình" and "nhận"; without any diacritics in
        the line they may be either.
        """
        typed = self.tokens[index].text.lower()
        words = load_phrases()
        loose = typed.isascii() and not self.context.has_marks
        return typed in words.everyday or (loose and typed in words.rules["everyday"])

    def find_phrase_ending(self, at: int, label: str) -> Phrase | None:
        """Return the phrase with this label that ends right before word `at`, or None."""
        return next((p for p in self.phrases if p.end == at and label in p.labels), None)

    def asks_for_one_task(self) -> bool:
        """Return whether the line has "ai", "khi nào" or "chi tiết", and no word for tasks."""
        asks = self.has_label("intent.who", "intent.when", "intent.show")
        return asks and not self.has_label("task.noun")

    def is_agency_slot(self, at: int, *, firmly: bool = False) -> bool:
        """Return whether an agency may stand at `at`: not behind a word of a subject.

        `firmly` excludes what a subject belongs to ("quyết định của UBND tỉnh").
        """
        if at == 0 or BREAK.intersection(self.tokens[at].gap):
            return True
        if is_list_before(self.tokens, at, "links"):
            owns = self.tokens[at - 1].folded in load_phrases().rules["belongs_to_agency"]
            return not (firmly and at > 1 and owns and self.is_content(at - 2))
        return not self.is_content(at - 1)

    def has_verb_at(self, at: int) -> bool:
        """Return whether a verb that agencies take stands at `at` ("có", "chủ trì")."""
        return (
            at < len(self.tokens)
            and not self.tokens[at].gap.strip(" -,:")
            and bool(match_list_at(self.tokens, at, "verbs"))
        )

    def is_in_subject(self, at: int) -> bool:
        """Return whether the word is in a subject behind "về" that no "của" or verb has ended."""
        for index in range(at - 1, -1, -1):
            phrase = self.find_phrase_over(index)
            if phrase is None:
                if BREAK.intersection(self.tokens[index + 1].gap):
                    return False
                continue
            if "words.about" in phrase.labels and phrase.end < at:
                return not is_list_before(self.tokens, at, "of")
            if phrase.labels & CLOSES_SUBJECT:
                return False
        return False

    def list_own_phrases(self) -> list[Phrase]:
        """Return the phrases that mean the asker's own agency.

        "tuan toi co" is "tuần tới có", not "tôi có".
        """
        own = [p for p in self.phrases if OWN in p.labels and "not_own" not in p.labels]
        return [
            p
            for p in own
            if not (
                self.tokens[p.start].text == "toi"
                and p.start
                and self.tokens[p.start - 1].folded in load_phrases().rules["before_next"]
            )
        ]


def opens_follow_up(line: QuestionLine) -> bool:
    """Return whether the line opens like the continuation of another ("còn", "thế")."""
    return bool(match_list_at(line.tokens, 0, "follow_up"))


def _find_salutation_end(line: QuestionLine) -> int:
    """Return the word behind "Kính gửi phòng theo dõi," at the beginning; 0 if there is none.

    The salutation ends at a sign.
    """
    if not any("talk.salutation" in p.labels and p.start == 0 for p in line.phrases):
        return 0
    return next((at for at in range(1, len(line.tokens)) if _begins_clause(line, at)), 0)


def _begins_clause(line: QuestionLine, at: int) -> bool:
    """Return whether the word opens the line, or stands behind a sign."""
    return at == 0 or bool(BREAK.intersection(line.tokens[at].gap))


def _asks_before(line: QuestionLine, phrase: Phrase) -> bool:
    """Return whether anything is asked before the phrase."""
    return any(p.start < phrase.start and p.labels & _ASKING for p in line.phrases)


def _is_percent(tokens: Sequence[WordToken], at: int) -> bool:
    return [token.folded for token in tokens[at : at + 2]] == ["phan", "tram"]


def _find_asker_word(tokens: Sequence[WordToken]) -> int | None:
    """Return the index of the asker as subject: of "mình" in "dạ mình trễ mấy việc".

    Nothing but talk stands before it, and a verb or a state behind it. The state is not a part
    of it, so that it is read as such.
    """
    rules = load_phrases().rules
    helps = {p.start for p in find_phrases(tokens, [False] * len(tokens)) if _asks_help(tokens, p)}
    for at, token in enumerate(tokens[:-1]):
        if at in helps:
            return None
        if token.text.lower() in load_phrases().subjects:
            behind = [t.folded for t in tokens[at + 1 : at + 3]]
            acts = behind[0] in rules["acts"]
            talks = behind[1:] and behind[1] in rules["no_acts"]
            return at if acts and not talks and not token.gap.strip(" ,") else None
        if not is_stop_word(token.text) or token.folded in rules["no_subject"]:
            return None
    return None


def _asks_help(tokens: Sequence[WordToken], phrase: Phrase) -> bool:
    """Return whether the phrase asks what the bot can do, and nothing follows it."""
    rest = {token.folded for token in tokens[phrase.end :]}
    return "intent.help_surely" in phrase.labels and rest <= load_phrases().rules["nods"]


def _list_asking_ends(tokens: Sequence[WordToken]) -> list[int]:
    """Return the ends of "cho (em) xin", "cho (mọi người) biết": a verb behind "cho"."""
    rules, ends = load_phrases().rules, []
    for at, token in enumerate(tokens):
        if token.folded != "cho":
            continue
        for end in range(at + 1, min(at + 4, len(tokens))):
            if tokens[end].folded in rules["asks_for"]:
                ends.append(end + 1)
                break
            if tokens[end].folded not in rules["asking"]:
                break
    return ends


def _is_compound_owner(line: QuestionLine, at: int) -> bool:
    """Return whether "cua" without marks ends a task's word ("mot cua"), and is no "của"."""
    before = line.tokens[at - 1]
    return (
        not line.context.has_marks
        and line.tokens[at].folded in load_phrases().rules["in_compound"]
        and not is_stop_word(before.text)
        and line.context.has_task_with(before.folded, line.tokens[at].folded)
    )


def _is_held_ongoing(line: QuestionLine, phrase: Phrase) -> bool:
    """Return whether "thường xuyên" belongs to a task's word beside it ("chi thường xuyên")."""
    words = [token.folded for token in line.tokens[phrase.start - 1 : phrase.end + 1]]
    return (
        phrase.labels == {"status.ongoing"}
        and 0 < phrase.start == phrase.end - 2
        and not is_stop_word(line.tokens[phrase.start - 1].text)
        and line.context.has_task_with(*words[:2])
    )


def _is_held_pronoun(line: QuestionLine, phrase: Phrase) -> bool:
    """Return whether "muc do 3" without marks is a task's level, not "mục đó"."""
    words = [token.folded for token in line.tokens[phrase.start : phrase.end + 1]]
    return (
        not line.context.has_marks
        and bool(phrase.labels & {"talk.it", "talk.that"})
        and len(words) > phrase.end - phrase.start
        and line.context.has_task_with(*words[:-1])
        and line.context.has_task_with(*words[-2:])
    )
