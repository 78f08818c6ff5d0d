"""JSON in the plan format: each fault is reported with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plans import plan_json

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not json", "1:1"),
        ("[]", "$"),
        ('{"plan": {"title": "x"}, "tasks": [{"key": "I.1"}]}', "tasks[0].title"),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "I.1", "title": "y", "lead": "z"}]}',
            "tasks[0].lead",
        ),
        (
            '{"plan": {"title": "x"}, "tasks":'
            ' [{"key": "1", "title": "y", "milestones": [{"kind": "z"}]}]}',
            "tasks[0].milestones[0].kind",
        ),
        (
            '{"plan": {"title": "x"}, "tasks":'
            ' [{"key": "1", "title": "y"}, {"key": "1", "title": "y"}]}',
            "tasks[1].key",
        ),
        ('{"plan": {"title": "x"}, "nonsense": 1}', "nonsense"),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "a\\u0000b"}]}',
            "tasks[0].title",
        ),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "y", "milestones":'
            ' [{"kind": "date", "last_day": "0001-01-01"}]}]}',
            "tasks[0].milestones[0]",
        ),
        ('{"plan": {"title": "x", "issued_on": "9999-12-31"}}', "plan.issued_on"),
        ('{"plan": {"title": "x", "first_year": ' + "9" * 5000 + "}}", "$"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(plan_json.PlanFormatError) as refused:
        plan_json.parse_plan(text)
    assert refused.value.place == place


def test_the_example_of_the_page_is_a_whole_plan() -> None:
    page = (ROOT / "docs" / "dev" / "plan-format.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    assert plan_json.parse_plan(example).as_json() == json.loads(example)
