"""Find the section of a plan, or the plan by its title, that a question names."""

from collections.abc import Sequence
from functools import lru_cache

from language.agencies.directory import load_standard_directory
from language.questions.line import QuestionLine
from language.questions.phrases import load_phrases
from language.roman import parse_roman
from language.search import make_index_text
from language.text import fold
from language.tokens import AND

LEAST_OF_TITLE = 2  # words of a plan's title that name it behind "kế hoạch"
LEAST_OF_SECTION = 4  # words of a section's name that stand for it without "lĩnh vực" before them


def read_section(line: QuestionLine) -> None:
    """Read a section: by its numeral, behind "lĩnh vực", or by its own name."""
    numerals = [code.value for code in line.codes if code.kind == "section"]
    if numerals:
        numeral = ".".join(sorted(numerals, key=len)) if len(numerals) > 1 else numerals[0]
        line.section = _find_section_by_numeral(numeral, line.context.sections) or numeral
        return
    by_word = _index_sections(line.context.sections)
    best: list[tuple[int, int, str]] = []
    for at, token in enumerate(line.tokens):
        first = _split_section_name(token.text)[:1]
        marked = bool(first and line.find_phrase_ending(at, "words.section"))
        for title, words in by_word.get(first[0], ()) if first else ():
            size = _match_section_at(line, at, words, marked=marked)
            if size and size >= max((one[0] for one in best), default=0):
                best = [*(one for one in best if one[0] == size), (size, at, title)]
    if len(best) == 1:
        _take_section(line, *best[0])


def read_plan_title(line: QuestionLine) -> None:
    """Read a plan by words of its title behind "kế hoạch", if one of several in force is meant.

    A title that begins with the words goes before one that only holds them.
    """
    titles = [(f" {fold(title)} ", title) for title in line.context.titles]
    if len(titles) < 2:
        return
    for phrase in line.phrases:
        if "words.plan" not in phrase.labels:
            continue
        plan = " ".join(token.folded for token in line.tokens[phrase.start : phrase.end])
        plan = "ke hoach" if plan == "kh" else plan
        for end in range(len(line.tokens), phrase.end + LEAST_OF_TITLE - 1, -1):
            typed = " ".join(token.folded for token in line.tokens[phrase.end : end])
            opening = [title for folded, title in titles if f" {plan} {typed} " in folded]
            held = opening or [title for folded, title in titles if f" {typed} " in folded]
            if len(held) == 1:
                line.plan_title = held[0]
                line.take_words(phrase.start, end)
                return


def _match_section_at(line: QuestionLine, at: int, words: tuple[str, ...], *, marked: bool) -> int:
    """Return how many words at `at` name the section; 0 if they do not.

    They are all of its name, or a good part of it behind "lĩnh vực".
    """
    typed: list[str] = []
    ends: list[int] = []
    for index in range(at, min(at + len(words) + 3, len(line.tokens))):
        if line.is_taken[index]:
            break
        if line.tokens[index].folded != AND:
            typed += _split_section_name(line.tokens[index].text)
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
    used = [w for i in ends for w in _split_section_name(line.tokens[i].text) if w != AND]
    if not ends or (
        len(used) < len(words) and _has_content_beside(line, at, ends[-1] + 1) and not marked
    ):
        return 0
    if (
        len(used) < len(words)
        and not marked
        and (line.find_phrase_ending(at, "words.about") or line.is_in_subject(at))
    ):
        return 0  # "về tài chính công" is a subject
    enough = marked and len(used) > 1
    return (
        len(ends) if enough or len(used) == len(words) or _is_most_of(used, words, len(ends)) else 0
    )


def _has_content_beside(line: QuestionLine, start: int, end: int) -> bool:
    """Return whether words of a subject stand right before or behind tokens[start:end]."""
    pairs = ((start - 1, start), (end, end))
    return any(
        0 <= word < len(line.tokens) and not line.tokens[gap].gap.strip() and line.is_content(word)
        for word, gap in pairs
    )


def _is_most_of(used: list[str], words: tuple[str, ...], typed: int) -> bool:
    """Return whether a part of a section's name stands for it.

    It must be four words and most of the name, or all but "cải cách".
    """
    if typed >= LEAST_OF_SECTION and 2 * len(used) > len(words):
        return True
    leads = (n for n in range(3, 0, -1) if words[:n] in load_phrases().lists["section_lead"])
    core = words[next(leads, 0) :]
    return len(used) > 1 and tuple(used) == core[: len(used)] and 3 * len(used) >= 2 * len(core)


def _take_section(line: QuestionLine, size: int, at: int, title: str) -> None:
    """Keep the section, unless the line is about one task: then the words belong to its subject."""
    if line.asks_for_one_task() and not line.find_phrase_ending(at, "words.section"):
        return
    line.section = title
    before = line.find_phrase_ending(at, "words.section")
    line.take_words(before.start if before else at, at + size)


@lru_cache(maxsize=4096)
def _split_section_name(text: str) -> tuple[str, ...]:
    """Return the words of a section's name, abbreviations expanded, without "và"."""
    return tuple(word for word in make_index_text(text).split() if word != AND)


@lru_cache(maxsize=64)
def _index_sections(
    sections: tuple[str, ...],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return each word of the sections' names to the sections (title, words) with it.

    Agencies are left out.
    """
    titles = {
        _split_section_name(title): title
        for title in reversed(sections)
        if load_standard_directory().find_root(title) is None
    }
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for words, title in titles.items():
        for word in dict.fromkeys(words):
            index.setdefault(word, []).append((title, words))
    return {word: tuple(rows) for word, rows in index.items()}


def _find_section_by_numeral(numeral: str, sections: Sequence[str]) -> str | None:
    """Return the title of the section with this Roman numeral, or None.

    The numeral of a section has no other signs than I, V and X: "C" is the letter of a group.
    """
    number = (parse_roman(numeral) or 0) if set(numeral) <= set("IVX") else 0
    return sections[number - 1] if 0 < number <= len(sections) else None
