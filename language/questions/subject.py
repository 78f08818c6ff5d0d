"""The subject of a question: the words that no other rule has taken, as far as some task holds them."""

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


class SubjectLine(QuestionLine):
    """A line whose subject can be asked for."""

    def is_subject_known(self, *, one_task: bool = False) -> bool:
        """Whether the subject's words stand side by side in some task; without a vocabulary any two words will do.

        In a question about one task ("khi nào ...") one pair is enough, else half of them must.
        """
        content = self.list_subject_words(everything=one_task)
        if self.context.vocabulary is None:
            return len(content) > 1
        bits = [
            bit
            for run in group_runs(content)
            for bit in split_pieces(" ".join(self.tokens[i].text for i in run))
        ]
        pairs = [bit for bit in bits if " " in bit]
        single = [bit for bit in bits if " " not in bit]
        known = sum(bit in self.context.vocabulary for bit in pairs)
        held = sum(bit in self.context.vocabulary for bit in single)
        if any(
            bit in self.context.vocabulary and not is_syllable(bit) and bit.isalpha()
            for bit in single
        ):
            return True  # "PAPI", "ISO": no word of everyday talk
        if one_task:
            return known > 0 and 2 * held > len(single)
        return (2 * known > len(pairs) and 2 * held > len(single)) or (
            known > 0 and held == len(single)
        )

    def list_subject_words(self, *, everything: bool = False) -> list[int]:
        """The words of the subject. `everything`: days and agencies count too, as in questions about one task."""
        timed = (
            set()
            if everything
            else {i for w in self.list_used_windows() for i in self.find_words(w.start, w.end)}
        )
        return [i for i in range(len(self.tokens)) if i not in timed and self.is_content(i)]

    def list_used_windows(self) -> list[TimeWindow]:
        return [w for w in self.windows if self._is_narrowing(w)]

    def _is_narrowing(self, window: TimeWindow) -> bool:
        """Whether the days narrow the answer: not those in a subject's name ("về báo cáo quý III").

        Behind a word that a deadline stands after ("về kiểm tra trong tháng 11"), and said from today, they do.
        """
        within = self.find_words(window.start, window.end)
        if not self.is_in_subject(within.start) or self.is_relative_window(window):
            return True
        before = self.find_phrase_over(within.start - 1) if within.start else None
        due = before is not None and any(label.startswith("deadline.") for label in before.labels)
        years = (
            self.tokens[within.stop - 1].text.isdigit()
            and len(self.tokens[within.stop - 1].text) == YEAR_DIGITS
        )
        return due or (
            self.tokens[within.start].folded in _BEFORE_DAYS
            and not (years and len(within) < DAY_WORDS)
        )

    def is_relative_window(self, window: TimeWindow) -> bool:
        """ "hôm nay", "tuần sau": days that no subject has in its name, as "quý III" may be a report's."""
        return fold(self.text[window.start : window.end]).split(" ")[-1] in _FROM_TODAY

    def read_subject(self, intent: Intent, coded: bool) -> str | None:
        """The subject as text; what no task holds is left out, unless "về" says that it is the subject."""
        if coded:
            return None
        content = [
            i
            for run in group_runs(self.list_subject_words(everything=intent in ABOUT_ONE_TASK))
            for i in run
            if not self._is_plan_only(run)
        ]
        kept = (
            content
            if self.context.vocabulary is None
            else self._find_matching_words(content, intent)
        )
        about = any(map(self.is_in_subject, content))
        if not kept and content and not about:
            self.ignored_words = " ".join(self.tokens[i].text for i in content)
        talk = all(is_syllable(self.tokens[i].folded) for i in content)
        if (
            not kept
            and talk
            and intent == "progress"
            and self.asks_firmly_for_figures()
            and not about
        ):
            return None
        self.no_task_matches = not kept and bool(content) and self.context.vocabulary is not None
        if not kept and content and (about or not self._has_other_filter()):
            kept = content
        return " ".join(self.tokens[i].text for i in kept) or None

    def asks_firmly_for_figures(self) -> bool:
        """Whether figures are asked for beyond doubt: "tình hình" alone may be of anything."""
        figures = [p for p in self.phrases if "intent.progress" in p.labels]
        return any(self.tokens[p.start].folded != "tinh" or p.end - p.start > 2 for p in figures)

    def _is_plan_only(self, run: list[int]) -> bool:
        """ "kế hoạch" and nothing else: the plan itself, no subject."""
        return " ".join(self.tokens[i].folded for i in run) in _PLAN_ITSELF

    def _find_matching_words(self, content: list[int], intent: Intent) -> list[int]:
        """The subject's words that some task holds; in a question about many tasks only beside another such word."""
        kept: list[int] = []
        one_task = intent in ABOUT_ONE_TASK and self.is_subject_known(one_task=True)
        for run in group_runs(content):
            bits = [split_pieces(self.tokens[i].text) for i in run]
            for place, index in enumerate(run):
                alone = any(self.context.has_task_with(bit) for bit in bits[place])
                left = place > 0 and self.context.has_task_with(
                    bits[place - 1][-1].split()[-1], bits[place][0].split()[0]
                )
                right = place + 1 < len(run) and self.context.has_task_with(
                    bits[place][-1].split()[-1], bits[place + 1][0].split()[0]
                )
                strong = (
                    len(bits[place]) > 1
                    or self.tokens[index].text.isdigit()
                    or self.tokens[index].text.isupper()
                )
                if alone and (
                    left
                    or right
                    or strong
                    or one_task
                    or (len(run) == 1 and self.is_in_subject(index))
                ):
                    kept.append(index)
        return self._drop_asides(kept)

    def _drop_asides(self, kept: list[int]) -> list[int]:
        """In a long line with a subject of several words, a word that stands by itself is talk around it ("họp")."""
        parts = group_runs(kept)
        if len(self.tokens) <= LONG_LINE or max(map(len, parts), default=0) < LEAST_SUBJECT:
            return kept
        asides = {
            part[0] for part in parts if len(part) == 1 and is_syllable(self.tokens[part[0]].folded)
        }
        return [index for index in kept if index not in asides or self.is_in_subject(index)]

    def _has_other_filter(self) -> bool:
        named = (
            self.mentions
            or self.has_own_agency
            or self.unknown_agency
            or self.windows
            or self.section
            or self.codes
        )
        return bool(named) or self.has_label(*_STATUSES)


def group_runs(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes that follow each other, together."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
