"""The subject of a question: the words that no other rule has taken, as far as some task holds them."""

from collections.abc import Sequence

from language.questions.line import Line
from language.questions.question import ABOUT_ONE_TASK, Intent
from language.questions.typing_slips import is_syllable
from language.search import pieces
from language.text import fold
from language.times.windows import Window

LONG_LINE = 15  # words of a line that tells more than it asks
LEAST_SUBJECT = 3  # words side by side that are a subject beyond doubt
YEAR_DIGITS = 4
DAY_WORDS = 4  # words of days that say more than a year ("trước tháng 6 năm 2020")
_FROM_TODAY = frozenset({"nay", "mai", "toi", "sau", "qua", "mot", "kia"})
_BEFORE_DAYS = frozenset({"trong", "truoc", "sau", "tu", "den", "toi", "vao", "han", "cham", "muon", "tre", "xong"})
_PLAN_ITSELF = frozenset({"ke hoach", "kh", "chuong trinh"})
_STATUSES = ("status.overdue", "status.due_soon", "status.unfinished", "status.done")


class SubjectLine(Line):
    """A line whose subject can be asked for."""

    def _subject_known(self, *, one_task: bool = False) -> bool:
        """Whether the subject's words stand side by side in some task; without a vocabulary any two words will do.

        In a question about one task ("khi nào ...") one pair is enough, else half of them must.
        """
        content = self._content(everything=one_task)
        if self.setting.vocabulary is None:
            return len(content) > 1
        bits = [bit for run in runs(content) for bit in pieces(" ".join(self.tokens[i].text for i in run))]
        pairs = [bit for bit in bits if " " in bit]
        single = [bit for bit in bits if " " not in bit]
        known = sum(bit in self.setting.vocabulary for bit in pairs)
        held = sum(bit in self.setting.vocabulary for bit in single)
        if any(bit in self.setting.vocabulary and not is_syllable(bit) and bit.isalpha() for bit in single):
            return True  # "PAPI", "ISO": no word of everyday talk
        if one_task:
            return known > 0 and 2 * held > len(single)
        return (2 * known > len(pairs) and 2 * held > len(single)) or (known > 0 and held == len(single))

    def _content(self, *, everything: bool = False) -> list[int]:
        """The words of the subject. `everything`: days and agencies count too, as in questions about one task."""
        timed = set() if everything else {i for w in self._used_windows() for i in self._tokens_within(w.start, w.end)}
        return [i for i in range(len(self.tokens)) if i not in timed and self._is_content(i)]

    def _used_windows(self) -> list[Window]:
        return [w for w in self.windows if self._narrows(w)]

    def _narrows(self, window: Window) -> bool:
        """Whether the days narrow the answer: not those in a subject's name ("về báo cáo quý III").

        Behind a word that a deadline stands after ("về kiểm tra trong tháng 11"), and said from today, they do.
        """
        within = self._tokens_within(window.start, window.end)
        if not self._in_subject(within.start) or self._is_relative(window):
            return True
        before = self._phrase_over(within.start - 1) if within.start else None
        due = before is not None and any(label.startswith("deadline.") for label in before.labels)
        years = self.tokens[within.stop - 1].text.isdigit() and len(self.tokens[within.stop - 1].text) == YEAR_DIGITS
        return due or (self.tokens[within.start].folded in _BEFORE_DAYS and not (years and len(within) < DAY_WORDS))

    def _is_relative(self, window: Window) -> bool:
        """ "hôm nay", "tuần sau": days that no subject has in its name, as "quý III" may be a report's."""
        return fold(self.text[window.start : window.end]).split(" ")[-1] in _FROM_TODAY

    def _words(self, intent: Intent, coded: bool) -> str | None:
        """The subject as text; what no task holds is left out, unless "về" says that it is the subject."""
        if coded:
            return None
        content = [
            i
            for run in runs(self._content(everything=intent in ABOUT_ONE_TASK))
            for i in run
            if not self._only_plan(run)
        ]
        kept = content if self.setting.vocabulary is None else self._held(content, intent)
        about = any(map(self._in_subject, content))
        if not kept and content and not about:
            self.ignored = " ".join(self.tokens[i].text for i in content)
        talk = all(is_syllable(self.tokens[i].folded) for i in content)
        if not kept and talk and intent == "progress" and self._firm_figures() and not about:
            return None
        self.unheld = not kept and bool(content) and self.setting.vocabulary is not None
        if not kept and content and (about or not self._other_filter()):
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
        one_task = intent in ABOUT_ONE_TASK and self._subject_known(one_task=True)
        for run in runs(content):
            bits = [pieces(self.tokens[i].text) for i in run]
            for place, index in enumerate(run):
                alone = any(self.setting.holds(bit) for bit in bits[place])
                left = place > 0 and self.setting.holds(bits[place - 1][-1].split()[-1], bits[place][0].split()[0])
                right = place + 1 < len(run) and self.setting.holds(
                    bits[place][-1].split()[-1], bits[place + 1][0].split()[0]
                )
                strong = len(bits[place]) > 1 or self.tokens[index].text.isdigit() or self.tokens[index].text.isupper()
                if alone and (left or right or strong or one_task or (len(run) == 1 and self._in_subject(index))):
                    kept.append(index)
        return self._without_asides(kept)

    def _without_asides(self, kept: list[int]) -> list[int]:
        """In a long line with a subject of several words, a word that stands by itself is talk around it ("họp")."""
        parts = runs(kept)
        if len(self.tokens) <= LONG_LINE or max(map(len, parts), default=0) < LEAST_SUBJECT:
            return kept
        asides = {part[0] for part in parts if len(part) == 1 and is_syllable(self.tokens[part[0]].folded)}
        return [index for index in kept if index not in asides or self._in_subject(index)]

    def _other_filter(self) -> bool:
        named = self.mentions or self.own or self.unknown or self.windows or self.section or self.codes
        return bool(named) or self._says(*_STATUSES)


def runs(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes that follow each other, together."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
