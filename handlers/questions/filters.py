"""Says what a question was understood as, part by part, and offers buttons that change one part."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.conversation.registry_names import RegistryNames
from handlers.questions.look_up import QuestionResult
from language.questions.question import Question
from locales.answer import Button, Sentence, say
from locales.phrases import shorten_text
from models.plans import Plan, Role

MOST_PLANS = 3  # named in the line of filters


def describe_filters(result: QuestionResult, scene: RegistryNames) -> list[Sentence]:
    """What the question was understood as, part by part, so that a misreading is seen at once."""
    asked = result.question
    parts: list[Sentence] = []
    if asked.agencies:
        parts.append(say("plain", text=", ".join(asked.agencies)))
        parts.append(say(f"role-{asked.role or Role.LEAD}"))
        for name in asked.agencies:
            became = (
                scene.directory.find_successor(name, result.query.today) if result.query else None
            )
            if became:
                parts.append(say("filter-now-called", name=became))
        if result.predecessors:
            parts.append(say("filter-merged", names=result.predecessors))
    if asked.others:
        parts.append(say("plain", text=", ".join(asked.others)))
        parts.append(say(f"role-{Role.LEAD if asked.role == Role.PARTNER else Role.PARTNER}"))
    if asked.status:
        parts.append(say(f"filter-{asked.status.replace('_', '-')}"))
    if asked.due is not None:
        parts.append(_describe_due(asked))
    if asked.code:
        parts.append(say("filter-code", code=asked.code))
    if asked.section:
        parts.append(say("filter-section", section=shorten_text(asked.section, 60)))
    if asked.words:
        parts.append(say("filter-words", words=shorten_text(asked.words, 60)))
    return [*parts, *_describe_plans(result.plans)]


def _describe_plans(plans: Sequence[Plan]) -> list[Sentence]:
    """The plans that the answer is about: "KH" and the numbers, the titles of those without a number as they are."""
    numbers = tuple(p.number for p in plans[:MOST_PLANS] if p.number)
    titles = [
        say("filter-plan-title", title=shorten_text(p.title, 60))
        for p in plans[:MOST_PLANS]
        if not p.number
    ]
    return [*([say("filter-plan", plans=numbers)] if numbers else []), *titles]


def _describe_due(asked: Question) -> Sentence:
    first, last = asked.due if asked.due is not None else (None, None)
    if first is not None and first == last:
        return say("filter-day", day=first)
    if first is not None and last is not None:
        return say("filter-days", first=first, last=last)
    return say("filter-until", day=last) if last is not None else say("filter-from", day=first)


def make_plan_buttons(result: QuestionResult, scene: RegistryNames) -> list[Button]:
    here = {p.id for p in result.plans}
    return [
        Button(
            say("button-plan", plan=p.number)
            if p.number
            else say("plain", text=shorten_text(p.title, 30)),
            f"q:k{p.id}",
        )
        for p in scene.plans
        if p.id not in here
    ][:3]


def make_change_button(change: str, label: str) -> Button:
    return Button(say(label), f"q:{change}")
