"""Every row of the tables in docs/han-chot.md is what the code does."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from language.deadlines import read_deadline_cell, read_typed_deadline
from language.milestones import Milestone

GUIDE = Path(__file__).parents[3] / "docs" / "han-chot.md"
ISSUED_ON = date(2026, 1, 5)
TODAY = date(2026, 11, 20)
EVERY = {
    "day": "hằng ngày",
    "week": "hằng tuần",
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "half-year": "6 tháng một lần",
    "year": "hằng năm",
}


def rows(in_chat: bool) -> Iterator[tuple[str, str]]:
    text = GUIDE.read_text(encoding="utf-8").split("## Khi gõ trong chat")[int(in_chat)]
    for first, second in re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE):
        if not first.startswith("Anh/chị "):
            yield first, second


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else "?"


def describe(milestone: Milestone) -> str:
    what = f"{milestone.what}: " if milestone.what else ""
    at = f", lúc {milestone.at}" if milestone.at else ""
    return f"{what}{meaning(milestone)}{at}"


def meaning(m: Milestone) -> str:
    if m.doubt:
        return f"chưa chắc: {m.doubt}"
    if m.kind == "date":
        return f"ngày cuối {day(m.last_day)}"
    if m.kind == "period":
        return f"từ {day(m.first_day)} đến {day(m.last_day)}"
    if m.kind == "recurring":
        ends = " … ".join(dict.fromkeys([day(m.last_days[0]), day(m.last_days[-1])]))
        return f"{EVERY[m.every or 'year']}: {ends} ({len(m.last_days)} kỳ)"
    if m.kind == "relative":
        count = m.days if m.days is not None else m.months or 0
        unit = "tháng" if m.days is None else "ngày làm việc" if m.working_days else "ngày"
        last = f", tức {day(m.last_day)}" if m.last_day else ""
        return f"{abs(count)} {unit} {'trước' if count < 0 else 'kể từ'}: {m.after}{last}"
    if m.kind == "ongoing":
        return "thường xuyên" + (f", từ {day(m.first_day)}" if m.first_day else "")
    if m.kind == "with":
        return f"cùng với {m.report}"
    reference = m.reference or "quy định"
    return reference if reference.startswith("khi") else f"theo {reference}"


@pytest.mark.parametrize(("phrase", "expected"), list(rows(in_chat=False)))
def test_a_phrase_of_the_guide_means_what_the_guide_says(phrase: str, expected: str) -> None:
    assert "; ".join(describe(m) for m in read_deadline_cell(phrase, 2026, ISSUED_ON)) == expected


@pytest.mark.parametrize(("phrase", "expected"), list(rows(in_chat=True)))
def test_what_is_typed_is_understood_as_the_guide_says(phrase: str, expected: str) -> None:
    found = read_typed_deadline(phrase, TODAY, 2026)
    if found.reason:
        answer = "không hiểu"
    elif found.candidates:
        answer = "hỏi lại: " + ", ".join(day(d) for d in found.candidates)
    else:
        answer = day(found.only_day) + (f", lúc {found.at}" if found.at else "")
    assert answer == expected


def test_the_guide_has_its_tables() -> None:
    assert len(list(rows(in_chat=False))) > 50
    assert len(list(rows(in_chat=True))) > 15
