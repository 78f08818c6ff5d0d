"""The reference questions, where they are at hand: intent and filters as labelled by hand."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from language.agencies.directory import Directory, DirectoryEntry, load_standard_directory
from language.questions.question import Question
from language.questions.understanding import understand
from language.search import make_index_text, make_vocabulary

GOLD = Path(__file__).resolve().parents[4] / "shared" / "gold"
INTENT_LEAST = 0.96
FILTERS_LEAST = 0.93

pytestmark = pytest.mark.skipif(
    not (GOLD / "questions.jsonl").exists(), reason="the reference questions are not here"
)


@cache
def _plan(name: str) -> tuple[dict[str, Any], Directory, tuple[str, ...], dict[str, int]]:
    plan = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    names = {
        agency
        for task in plan["tasks"]
        for role in ("lead", "partners")
        for agency in task.get(role) or ()
    }
    sections = tuple(
        dict.fromkeys(task["section"] for task in plan["tasks"] if task.get("section"))
    )
    words = make_vocabulary(
        make_index_text(task["title"], task.get("deliverables") or ()) for task in plan["tasks"]
    )
    return (
        plan["plan"],
        load_standard_directory().with_names(DirectoryEntry(name) for name in sorted(names)),
        sections,
        words,
    )


def _asked(line: dict[str, Any]) -> Question:
    head, directory, sections, words = _plan(line["plan"])
    return understand(
        line["q"],
        date.fromisoformat(line["today"]),
        line.get("as"),
        directory,
        plan_years=(head["first_year"], head["last_year"]),
        sections=sections,
        plans=[head["number"]] if head.get("number") else [],
        vocabulary=words,
    )


def _lines() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in (GOLD / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        if line
    ]


def _same_filters(question: Question, line: dict[str, Any]) -> bool:
    wanted = line["filters"]
    due = [day.isoformat() if day else None for day in question.due] if question.due else None
    return (
        bool(question.unknown_agency)
        == bool(wanted.get("unknown_agency") or line.get("unknown_agency"))
        and set(question.agencies) == set(wanted["agencies"])
        and (not wanted["agencies"] or question.role == wanted["role"])
        and question.status == wanted["status"]
        and due == wanted["due"]
        and question.code == wanted["code"]
        and question.section == wanted["section"]
        and bool(question.words) == bool(wanted["words"])
    )


def test_intents_are_as_labelled() -> None:
    lines = _lines()
    wrong = [line["q"] for line in lines if _asked(line).intent != line["intent"]]
    assert 1 - len(wrong) / len(lines) >= INTENT_LEAST, wrong


def test_filters_are_as_labelled() -> None:
    lines = _lines()
    wrong = [line["q"] for line in lines if not _same_filters(_asked(line), line)]
    assert 1 - len(wrong) / len(lines) >= FILTERS_LEAST, wrong


def test_nothing_is_answered_where_nothing_should_be() -> None:
    for line in _lines():
        question = _asked(line)
        if line["intent"] == "unknown":
            assert question.intent == "unknown", line["q"]
        if line.get("unknown_agency"):
            assert question.unknown_agency, line["q"]
