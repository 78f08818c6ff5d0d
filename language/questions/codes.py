"""Find codes in a question: criteria ("2.2.2"), task numbers ("II.4"), sections and plans.

They are read on folded text, so that their spans are those of the text itself.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from locales.data import load_data

CodeKind = Literal["code", "section", "plan", "item"]


class Code(NamedTuple):
    """A code found: what it names, its value, and its span."""

    kind: CodeKind
    value: str
    start: int
    end: int


_ROMAN = r"(?:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})"
_LEVEL = r"(?:muc|phan|chuong|nhom|linh vuc)"
_TASK = r"(?:nhiem vu|viec|cong viec|nv|dau viec|tieu chi|y|diem|khoan|cau|cai)"
_CRITERION = r"(?:tieu chi thanh phan|tieu chi|tctp|tc|ma so|ma|chi so)"
_PLAN_WORD = r"(?:ke hoach|kh|chuong trinh|quyet dinh|qd|van ban|plan)"

_ADDED_KEYS = [load_data("commands")["task"][name].lower() for name in ("added_key", "carried_key")]
"""What begins the numbers of tasks that were added by command or carried over."""

_ROW = r"(?P<row>\d{1,3}[a-d]?(?:\.\d{1,3}){0,2}(?:\+\d{1,2})?)"
_ORDER = rf"(?:{_TASK} )?(?:so |thu )?(?P<row>\d{{1,3}})"

_KEY = re.compile(
    rf"(?<![\w.,/+-])(?:(?P<group>[a-h]) ?[.] ?)?(?P<roman>{_ROMAN}) ?[.] ?{_ROW}(?![\w/]|[.,+]\d)"
)
_KEY_WITHOUT_DOT = re.compile(
    rf"(?:^|(?<=\b){_TASK} (?:so )?)(?P<group>)(?P<roman>{_ROMAN}) ?(?P<row>\d{{1,2}})"
    r"(?![\w/]|[.,+]\d| (?:ngay|tuan|thang|quy|nam|gio|viec|nhiem|cai)(?!\w))"
)  # "V3 hạn nào", "V 3 hạn nào"
_BY_ORDER = (
    re.compile(
        rf"\b{_ORDER} (?:cua |o |trong |thuoc )*{_LEVEL} (?P<roman>{_ROMAN})\b"
        r"(?:,? nhom (?P<group>[a-h])\b)?"
    ),
    re.compile(
        rf"\b(?:nhom (?P<group>[a-h]),? )?{_LEVEL} (?P<roman>{_ROMAN})[ ,]+{_ORDER}\b(?![./])"
    ),
)
_NUMBERED = re.compile(r"(?<![\w.,/+-])(?P<code>\d{1,2}(?:\.\d{1,2}){1,3})(?![\w/%]|[.,+]\d| ?%)")
_PREFIXED = re.compile(
    rf"\b{_CRITERION} ?(?:so )?(?P<code>\d{{1,2}}(?:[.,]\d{{1,2}}){{0,3}})(?![\w/%]|[.,]\d| ?%)"
)
_ADDED = re.compile(
    rf"(?<![\w.,/+-])(?P<prefix>{'|'.join(_ADDED_KEYS)}) ?[.] ?(?P<row>\d{{1,4}})(?![\w/]|[.,]\d)"
)
_COUNT = (
    r"(?P<code>\d{1,3}[a-d]?)(?![\w/%]|[.,+-]\d| ?%| (?:ngay|tuan|thang|quy|nam|gio|dot|lan|ky|"
    r"so|nganh|co quan|don vi|xa|phuong|dac khu|huyen|phong|ban|nguoi|dau moi|"
    r"viec|nhiem vu|cai|phan)(?!\w))"
)
_COUNTED = re.compile(rf"\b(?:nhiem vu|nv|viec|cong viec|dau viec) (?:so )?{_COUNT}")
_COUNTED_TOO = re.compile(rf"(?: ?, ?| va | voi ){_COUNT}")
_SECTION = re.compile(rf"\b{_LEVEL} (?P<section>(?:[a-h][. ]+)?{_ROMAN}|[a-h])(?![\w.]| ?\.\d)")
_DAY_BEFORE = re.compile(r"(?:ngay|han|truoc|sau|den|toi|tu|hom|mung|mong|vao)\s*$")
_SIGN = r"(?P<sign> ?/ ?(?:\d{4} ?/ ?)?[a-z][a-z-]*)"
_PLAN = re.compile(
    rf"\b(?P<word>{_PLAN_WORD}) ?(?:so |nam |cua nam |trong nam |giai doan )*"
    rf"(?P<number>\d{{1,5}})(?: ?[-–] ?(?:20)\d\d)?{_SIGN}?(?![\w.]*\d)"
)
_PLAN_SIGN = re.compile(
    r"(?<![\w/])(?P<number>\d{1,5}) ?/ ?(?:\d{4} ?/ ?)?(?P<sign>(?:kh|qd|ctr|ct|nq)(?:-[a-z]+)?)\b"
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def find_codes(
    folded: str,
    plans: Sequence[str] = (),
    *,
    asks_when: bool = False,
    known_number: Callable[[str], bool] = lambda _: False,
) -> list[Code]:
    """Return every code in a folded question, from left to right; none overlap.

    `plans` are the numbers of the loaded plans ("416/KH-UBND"), to tell them from documents that a
    task is about. `known_number` tells whether some task names a document of this number ("so 18").
    `asks_when`: no day is named for certain, so "hạn 5.4" is a criterion.
    """
    codes: list[Code] = []
    for group in (
        _find_plans(folded, plans, known_number),
        _find_keys(folded),
        _find_criteria(folded, asks_when),
        _find_sections(folded),
    ):
        for code in group:
            if not any(code.start < other.end and other.start < code.end for other in codes):
                codes.append(code)
    return sorted(codes, key=lambda code: code.start)


def _find_keys(folded: str) -> list[Code]:
    codes = [
        Code("code", f"{match['prefix'].upper()}.{match['row']}", match.start(), match.end())
        for match in _ADDED.finditer(folded)
    ]
    for pattern in (_KEY, _KEY_WITHOUT_DOT, *_BY_ORDER):
        for match in pattern.finditer(folded):
            group = match["group"]
            value = (
                ".".join(part.upper() for part in (group, match["roman"]) if part)
                + "."
                + match["row"].lower()
            )
            codes.append(Code("code", value, *match.span()))
    return codes


def _find_criteria(folded: str, asks_when: bool) -> list[Code]:
    codes = [
        Code("code", match["code"].replace(",", "."), match.start("code"), match.end("code"))
        for match in _PREFIXED.finditer(folded)
    ]
    for match in _NUMBERED.finditer(folded):
        parts = match["code"].split(".")
        as_day = len(parts) == 2 and 1 <= int(parts[0]) <= 31 and 1 <= int(parts[1]) <= 12
        day_before = _DAY_BEFORE.search(folded[: match.start()]) is not None
        if (
            as_day
            and day_before
            and not (asks_when and not folded[: match.start()].rstrip().endswith("ngay"))
        ):
            continue
        codes.append(Code("code", match["code"], *match.span()))
    return codes


def _find_sections(folded: str) -> list[Code]:
    return [
        Code("section", re.sub(r"[. ]+", ".", match["section"]).upper(), *match.span())
        for match in _SECTION.finditer(folded)
    ]


def find_counted_tasks(folded: str) -> list[Code]:
    """Return the tasks of a plan that counts them 1, 2, 3: "nhiệm vụ 3", "nhiệm vụ 3 và 5"."""
    codes = []
    for first in _COUNTED.finditer(folded):
        match: re.Match[str] | None = first
        while match is not None:
            codes.append(Code("code", match["code"], match.start(), match.end()))
            match = _COUNTED_TOO.match(folded, match.end())
    return codes


def _find_plans(
    folded: str, plans: Sequence[str], known_number: Callable[[str], bool]
) -> list[Code]:
    numbers = {plan.split("/")[0].strip() for plan in plans}
    codes = []
    for match in _PLAN.finditer(folded):
        number = match["number"]
        year = len(number) == 4 and _FIRST_YEAR <= int(number) <= _LAST_YEAR and not match["sign"]
        meant = match["word"] in {"ke hoach", "kh"} and not any(
            known_number(f"{before} {number}") for before in ("so", "hoach")
        )
        if year or number in numbers or meant:
            codes.append(Code("plan", number, *match.span()))
    signed = (match for match in _PLAN_SIGN.finditer(folded) if match["number"] in numbers)
    return codes + [Code("plan", match["number"], *match.span()) for match in signed]
