"""The figures of the reference answers: phrases, and every deadline cell of two plans."""

import collections
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from language.deadlines import read_deadline_cell
from language.milestones import Milestone

SHARED = Path(__file__).parents[4] / "shared"
PHRASES_RIGHT = 0.97
LAST_DAYS_RIGHT = 0.98

pytestmark = pytest.mark.skipif(
    not (SHARED / "gold").is_dir(), reason="the reference answers are not beside the repository"
)


def load(name: str) -> Any:
    return json.loads((SHARED / "gold" / name).read_text(encoding="utf-8"))


def meaning(m: Milestone) -> tuple[object, ...]:
    if m.kind == "date":
        return m.kind, m.last_day
    if m.kind == "period":
        return m.kind, m.first_day, m.last_day
    if m.kind == "recurring":
        return m.kind, tuple(sorted(m.last_days))
    if m.kind == "relative":
        return m.kind, m.days, m.months, bool(m.working_days)
    return (m.kind,)


def meanings(milestones: list[Milestone]) -> collections.Counter[tuple[object, ...]]:
    return collections.Counter(meaning(m) for m in milestones)


def days(milestones: list[Milestone]) -> set[date]:
    return {day for m in milestones for day in m.deadlines}


def test_phrases_are_read_as_the_reference_says() -> None:
    right = right_days = 0
    wrong = []
    phrases = load("phrases.json")
    for phrase in phrases:
        year = phrase["plan_year"]
        issued_on = date.fromisoformat(phrase["issued_on"]) if phrase["issued_on"] else None
        found = read_deadline_cell(
            phrase["text"], tuple(year) if isinstance(year, list) else year, issued_on
        )
        expected = [Milestone.model_validate(m) for m in phrase["milestones"]]
        right += meanings(found) == meanings(expected)
        right_days += days(found) == days(expected)
        if meanings(found) != meanings(expected):
            wrong.append(phrase["text"][:80])
    assert right / len(phrases) >= PHRASES_RIGHT, wrong
    assert right_days / len(phrases) >= LAST_DAYS_RIGHT, wrong


@pytest.mark.parametrize("name", ["000.json", "002.json"])
def test_every_deadline_cell_of_a_plan_is_read_right(name: str) -> None:
    plan = load(name)
    issued_on = date.fromisoformat(plan["plan"]["issued_on"]) if plan["plan"]["issued_on"] else None
    years = (plan["plan"]["first_year"], plan["plan"]["last_year"])
    for task in plan["tasks"]:
        found = read_deadline_cell(task["deadline_text"] or "", years, issued_on)
        expected = [Milestone.model_validate(m) for m in task["milestones"]]
        assert meanings(found) == meanings(expected), task["deadline_text"]
