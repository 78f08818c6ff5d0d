"""Rewrite what people type into the words that the forms know: numbers as digits, "hôm" as "ngày".

"Vào đêm hai mươi ba" is "ngày 23", "sang tuần" is "tuần sau". The pairs are in [typed] of
deadlines.toml. Not for what the words mean: that is `reading`.
"""

import re
from collections.abc import Callable
from functools import cache

from language.text import strip_marks
from language.times.grammar import join_words, load_grammar, load_words
from language.times.numbers import DIGIT_WORDS, read_number_words
from language.times.scanner import fold_for_scan

# "sáng ngày 17" without marks is no "sang ngày"; an hour may follow: "hôm nay 15:30".
_NO_DAY_BEHIND = r"(?! ?\d{1,2}(?!\d| ?(?:h|g|:|gio)))"
_ONE = "mot"
_DIGIT = rf"(?:tx|{'|'.join(DIGIT_WORDS)})"
_BEHIND_TEN = r"(?: (?:mot|hai|ba|bon|tx|tu|lam|nham|sxu|bay|tam|chin)\b)?"
_NUMBER = re.compile(
    rf"(?<!thu )\b(?:hai|ba|bon|nam|sxu|bay|tam|chin) muoi{_BEHIND_TEN}|\bmuoi{_BEHIND_TEN}"
    r"|(?<!thu )\b(?:(?:hai|ba|bon) (?:lam|nham|mot)|hai (?:bon|tx|sxu|bay|tam|chin))\b",
    re.ASCII,
)
_MONTH_NAME = re.compile(
    rf"(?<=thang )(?:nam(?= 20\d\d)|(?:gieng|chap|{_DIGIT})\b(?! ?\d))"
    rf"|(?<=/)(?:gieng|chap|{_DIGIT})\b",
    re.ASCII,
)
_DAY_NAME = re.compile(
    rf"(?<!thu )\b{_DIGIT}(?= gio\b)|\b{_DIGIT}(?= ?/ ?(?:\d|gieng|chap|{_DIGIT}))"
    rf"|(?:(?<=ngay )|(?<=mung )|(?<=mong )|(?<=dem )){_DIGIT}\b"
    r"(?! ?\d| (?:gio|ngay|tuan|nam|quy)\b)",
    re.ASCII,
)
_PART_OF_DAY = re.compile(
    r"\b(?:buoi )?(?:dem|sang|trua|chieu|toi)(?: ngay| hom)? "
    r"(?=\d{1,2}(?:$|[ ,.]|/)(?!gio|h\b|phut))",
    re.ASCII,
)
_WEEKDAY = r"thu (?:[2-7]|hai|ba|tx|tu|nam|sxu|sau|bay)\b|ch(?:u|ua) nhat"
_DAY_OF_WEEK = re.compile(rf"\b(?:ngay|hom|bua) (?={_WEEKDAY})(?!thu \d (?:cua|ke tu|tinh tu))")
_WEEK_FIRST = re.compile(rf"\b(tuan (?:sau|toi|nay))[ ,]+({_WEEKDAY})")
_YEAR_FIRST = re.compile(r"^(20\d\d)[ ./-](\d{1,2})[ ./-](\d{1,2})$")
_DAY_OF_THIS_MONTH = re.compile(
    r"(?<![\d/.])\b(?:ngay )?(?:m[uo]ng )?(?:(\d{1,2}) ?- ?)?(\d{1,2}) (?=thang nay\b)"
)
_SOLAR = re.compile(rf"\b(?:ngay )?(\d{{1,2}}(?:/\d{{1,2}})?) (?:{join_words('typed', 'solar')})\b")
# Numbers that are no days: percentages, telephone numbers, amounts.
_NO_DAYS = re.compile(r"\d+(?:[.,]\d+)? ?%|(?<!\d)(?:\+84|0)\d(?:[ .-]?\d){7,9}(?!\d)|\d{9,}")


def rewrite_typed_words(text: str) -> str:
    """Return `text` in the words that the forms of deadlines.toml know."""
    text = _replace(text, _NO_DAYS, lambda _found, _word: "")
    text = _replace(text, _DAY_OF_WEEK, lambda _found, _word: "")
    text = _replace(text, _WEEK_FIRST, _put_weekday_first)
    text = _replace(text, _NUMBER, _write_digits)
    text = _replace(text, _SOLAR, lambda day, _word: f"ngày {day[1]}")
    text = _replace(text, _load_same_words(), _say_otherwise)
    text = _replace(text, _DAY_OF_THIS_MONTH, _call_days)
    text = _replace(text, _DAY_NAME, _write_digits)
    text = _replace(text, _MONTH_NAME, _write_digits)
    text = _replace(text, _PART_OF_DAY, lambda _found, _word: "ngày ")
    return _replace(text, _YEAR_FIRST, lambda day, _word: f"{day[3]}/{day[2]}/{day[1]}")


def _call_days(found: re.Match[str], _word: str) -> str:
    """Return "từ ngày 20 đến ngày 25 " for "20-25 " and "ngày 25 " for "25 "."""
    return f"từ ngày {found[1]} đến ngày {found[2]} " if found[1] else f"ngày {found[2]} "


def _put_weekday_first(found: re.Match[str], word: str) -> str:
    """Return "thứ 4 tuần sau" for "tuần sau, thứ 4"."""
    return f"{word[found.start(2) - found.start() :]} {word[: len(found[1])]}"


@cache
def _load_same_words() -> re.Pattern[str]:
    words = sorted(load_grammar()["typed"]["same"], key=len, reverse=True)
    spelt = [fold_for_scan(word)[1] for word in words]
    # "3 ngày sau" is counted, "ngày sau" is tomorrow.
    spelt = [rf"(?<!\d ){word}" if word.startswith(("ngay ", "hom ")) else word for word in spelt]
    spelt = [word if word == "hom" else word + _NO_DAY_BEHIND for word in spelt]
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(spelt)})(?![a-z0-9])")


@cache
def _load_other_words() -> dict[str, str]:
    pairs: dict[str, str] = load_grammar()["typed"]["same"]
    return {fold_for_scan(word)[1]: other for word, other in pairs.items()}


def _say_otherwise(found: re.Match[str], word: str) -> str:
    """Return the other words; "một" is no "mốt", though both are "mot" without marks."""
    if found.group() == _ONE and word.lower() != "mốt" and len(found.string) > len(word):
        return word
    return _load_other_words()[found.group()]


def _write_digits(found: re.Match[str], word: str) -> str:
    number = read_number_words(found.group())
    after_tomorrow = found.group() == _ONE and word.lower() != "một"
    return word if number is None or after_tomorrow else str(number)


def _replace(
    text: str, pattern: re.Pattern[str], write: Callable[[re.Match[str], str], str]
) -> str:
    """Return normalised `text` with what `pattern` finds in its folded form written otherwise."""
    readable, folded = fold_for_scan(text)
    pieces, after = [], 0
    for found in pattern.finditer(folded):
        written = write(found, readable[found.start() : found.end()])
        # In a text without marks "ngày" beside "ngay" would make "ngay" another word.
        written = strip_marks(written) if readable.isascii() else written
        pieces += [readable[after : found.start()], written]
        after = found.end()
    return "".join([*pieces, readable[after:]])


def says_past(folded: str) -> bool:
    """Return whether typed words speak of the past: "hôm qua", "3 ngày trước", "cách đây"."""
    return _load_past_pattern().search(folded) is not None


@cache
def _load_past_pattern() -> re.Pattern[str]:
    words = join_words("typed", "past")
    return re.compile(
        rf"(?<![a-z])(?:{words})(?![a-z])|\d (?:ngay|tuan|thang|quy|nam) (?:truoc|qua)$"
        r"|(?:tuan|thang|quy|nam) truoc$",
    )


def says_no_day(folded: str) -> bool:
    """Return whether typed words say that the day is open: "một ngày nào đó"."""
    return any(word in folded for word in load_words("typed", "open"))


def list_vague_days(folded: str) -> tuple[int, ...]:
    """Return how many days from today vague words may mean: "mai mốt" is 1 or 2.

    None if they are a part of something else ("vài ngày đầu tháng 3").
    """
    for record in load_grammar()["typed"]["vague"]:
        if _compile_vague(tuple(record["say"])).fullmatch(folded):
            return tuple(record["days"])
    return ()


@cache
def _compile_vague(says: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(fold_for_scan(word)[1] for word in says)
    around = join_words("typed", "around")
    return re.compile(rf"(?:(?:{around})[ ,]+)*(?:{words})(?:[ ,]+(?:{around}))*[ .,]*")


def split_alternatives(text: str) -> list[str]:
    """Return the parts of "thứ 5 hoặc thứ 6 tuần sau", each with the week that the last names."""
    readable, folded = fold_for_scan(text)
    joints = list(re.finditer(rf" (?:{'|'.join(load_words('typed', 'either'))}) ", folded))
    if not joints:
        return []
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(readable)]
    parts = [readable[a:b] for a, b in zip(starts, ends, strict=True)]
    week = re.search(r" (?:tuan|thang) [a-z]+(?: nua)?$", folded)
    tail = readable[week.start() :] if week else ""
    return [part if f" {part}".endswith(tail) else part + tail for part in parts]
