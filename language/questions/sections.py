"""Sections of a plan named in a question: by numeral, behind "lĩnh vực", or by their own name."""

from collections.abc import Sequence
from functools import lru_cache

from language.agencies.directory import load_standard_directory
from language.questions.phrases import load_phrases
from language.questions.subject import SubjectLine
from language.search import make_index_text
from language.tokens import AND

LEAST_OF_SECTION = 4  # words of a section's name that stand for it without "lĩnh vực" before them


class SectionLine(SubjectLine):
    """A line whose sections can be read."""

    def read_section(self) -> None:
        """A section named by its numeral, behind "lĩnh vực", or by its own name."""
        self.section: str | None = None
        numerals = [code.value for code in self.codes if code.kind == "section"]
        if numerals:
            numeral = ".".join(sorted(numerals, key=len)) if len(numerals) > 1 else numerals[0]
            self.section = _find_section_by_numeral(numeral, self.context.sections) or numeral
            return
        by_word = _index_sections(self.context.sections)
        best: list[tuple[int, int, str]] = []
        for at, token in enumerate(self.tokens):
            first = _split_section_name(token.text)[:1]
            marked = bool(first) and self.is_behind(at, "words.section")
            for title, words in by_word.get(first[0], ()) if first else ():
                size = self._match_section_at(at, words, marked=marked)
                if size and size >= max((one[0] for one in best), default=0):
                    best = [*(one for one in best if one[0] == size), (size, at, title)]
        if len(best) == 1:
            self._take_section(*best[0])

    def _match_section_at(self, at: int, words: tuple[str, ...], *, marked: bool) -> int:
        """How many words at `at` name the section: all of its name, or a good part of it behind "lĩnh vực"."""
        typed: list[str] = []
        ends: list[int] = []
        for index in range(at, min(at + len(words) + 3, len(self.tokens))):
            if self.is_taken[index]:
                break
            if self.tokens[index].folded != AND:
                typed += _split_section_name(self.tokens[index].text)
            if len(typed) > len(words):
                break
            ends.append(index)
            starts = range(len(words) - len(typed) + 1)
            inside = next(
                (start for start in starts if list(words[start : start + len(typed)]) == typed),
                None,
            )
            if inside is None:
                ends.pop()
                break
        used = [w for i in ends for w in _split_section_name(self.tokens[i].text) if w != AND]
        if not ends or (
            len(used) < len(words) and self.has_content_beside(at, ends[-1] + 1) and not marked
        ):
            return 0
        if (
            len(used) < len(words)
            and not marked
            and (self.is_behind(at, "words.about") or self.is_in_subject(at))
        ):
            return 0  # "về tài chính công" is a subject
        enough = marked and len(used) > 1
        return (
            len(ends)
            if enough or len(used) == len(words) or self._is_most_of(used, words, len(ends))
            else 0
        )

    def _is_most_of(self, used: list[str], words: tuple[str, ...], typed: int) -> bool:
        """Whether a part of a section's name stands for it: four words and most of it, or all but "cải cách"."""
        if typed >= LEAST_OF_SECTION and 2 * len(used) > len(words):
            return True
        leads = (n for n in range(3, 0, -1) if words[:n] in load_phrases().lists["section_lead"])
        core = words[next(leads, 0) :]
        return len(used) > 1 and tuple(used) == core[: len(used)] and 3 * len(used) >= 2 * len(core)

    def _take_section(self, size: int, at: int, title: str) -> None:
        """Keeps the section for questions about many tasks; of one task it is a part of the subject."""
        if self.asks_for_one_task() and not self.is_behind(at, "words.section"):
            return
        self.section = title
        before = self.find_phrase_ending(at, "words.section")
        self.take_words(before.start if before else at, at + size)


@lru_cache(maxsize=4096)
def _split_section_name(text: str) -> tuple[str, ...]:
    """The words of a section's name, abbreviations written out, without "và"."""
    return tuple(word for word in make_index_text(text).split() if word != AND)


@lru_cache(maxsize=64)
def _index_sections(
    sections: tuple[str, ...],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Each word of the sections' names to the sections (title, words) that hold it; agencies as sections left out."""
    named = {
        _split_section_name(title): title
        for title in reversed(sections)
        if load_standard_directory().find_root(title) is None
    }
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for words, title in named.items():
        for word in dict.fromkeys(words):
            index.setdefault(word, []).append((title, words))
    return {word: tuple(found) for word, found in index.items()}


def _find_section_by_numeral(numeral: str, sections: Sequence[str]) -> str | None:
    """The title of the section with this Roman numeral, if the sections are numbered through."""
    values = {"I": 1, "V": 5, "X": 10}
    total = 0
    for here, after in zip(numeral, [*numeral[1:], ""], strict=False):
        if here not in values:
            return None
        total += -values[here] if values.get(after, 0) > values[here] else values[here]
    return sections[total - 1] if 0 < total <= len(sections) else None
