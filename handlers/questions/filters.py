"""Says what a question was understood as, part by part, and makes buttons that change one part."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.conversation.registry_names import RegistryNames
from handlers.questions.look_up import QuestionResult
from language.questions.question import Question
from locales.answer import Button, Sentence, make_button, say
from locales.phrases import shorten_text
from models.plans import Plan, Role

MOST_PLANS = 3  # named in the line of filters
MOST_OTHER_PLANS = 3  # offered as buttons
LONGEST_PART = 60  # characters of a name, a title or words that are repeated
LEAST_IGNORED = 5  # characters of what was not used that are worth saying
LONGEST_LABEL = 30  # characters of a plan's title on a button


def describe_filters(result: QuestionResult, names: RegistryNames) -> list[Sentence]:
    """Return what the question was understood as, so that a wrong reading is noticed at once."""
    question = result.question
    parts = _describe_agencies(result, names)
    if question.others and not question.together:
        parts.append(say("plain", text=tuple(question.others)))
        other = Role.LEAD if question.role == Role.PARTNER else Role.PARTNER
        parts.append(say(f"role-{other}"))
    if question.status and question.status != "came_in":  # its days say it
        parts.append(say(f"filter-{question.status.replace('_', '-')}"))
    if question.due is not None:
        parts.append(_describe_due(question))
    if question.every is not None:
        parts.append(say(f"filter-every-{question.every}"))
    if question.done_in is not None:
        first, last = question.done_in
        message = "filter-came-in-days" if question.status == "came_in" else "filter-done-in"
        parts.append(say(message, first=first, last=last or first))
    if question.code:
        parts.append(say("filter-code", code=question.code))
    if question.section:
        parts.append(say("filter-section", section=shorten_text(question.section, LONGEST_PART)))
    if question.words:
        words = ", ".join(question.parts) or question.words
        parts.append(say("filter-words", words=shorten_text(words, LONGEST_PART)))
    parts += _describe_plans(result.plans)
    if question.ignored and len(question.ignored) >= LEAST_IGNORED:
        parts.append(say("filter-ignored", words=shorten_text(question.ignored, LONGEST_PART)))
    return parts


def _describe_agencies(result: QuestionResult, names: RegistryNames) -> list[Sentence]:
    """Return the agencies asked about with their role, what they became, and who merged in."""
    question = result.question
    if not question.agencies:
        return []
    together = question.others if question.together else ()
    role = "together" if together and question.role == "any" else question.role or Role.LEAD
    parts = [
        say("plain", text=(*question.agencies, *together)),
        say(f"role-{role}"),
    ]
    for name in question.agencies:
        today = result.query.today if result.query else None
        successor = names.directory.find_successor(name, today) if today else None
        if successor:
            parts.append(say("filter-now-called", name=successor))
    if result.predecessors:
        parts.append(say("filter-merged", names=result.predecessors))
    return parts


def _describe_plans(plans: Sequence[Plan]) -> list[Sentence]:
    """Return the plans that the answer is about: their numbers, else their titles."""
    numbers = tuple(p.number for p in plans[:MOST_PLANS] if p.number)
    titles = [
        say("filter-plan-title", title=shorten_text(p.title, LONGEST_PART))
        for p in plans[:MOST_PLANS]
        if not p.number
    ]
    parts = [*([say("filter-plan", plans=numbers)] if numbers else []), *titles]
    if len(plans) > MOST_PLANS:
        parts.append(say("and-more-plans", count=len(plans) - MOST_PLANS))
    return parts


def _describe_due(question: Question) -> Sentence:
    """Return the days that were asked about; an open end is left out."""
    first, last = question.due if question.due is not None else (None, None)
    if first is not None and first == last:
        return say("filter-day", day=first)
    if first is not None and last is not None:
        return say("filter-days", first=first, last=last)
    return say("filter-until", day=last) if last is not None else say("filter-from", day=first)


def make_plan_buttons(result: QuestionResult, names: RegistryNames) -> list[Button]:
    """Return buttons that ask the same about another plan."""
    here = {p.id for p in result.plans}
    return [
        make_button(
            say("button-plan", plan=p.number)
            if p.number
            else say("plain", text=shorten_text(p.title, LONGEST_LABEL)),
            "q",
            f"k{p.id}",
        )
        for p in names.plans
        if p.id not in here
    ][:MOST_OTHER_PLANS]


def make_change_button(change: str, label: str) -> Button:
    """Return a button that asks the same question with one part changed."""
    return make_button(say(label), "q", change)


def is_own_beside(question: Question) -> bool:
    """Return whether the work is asked for that the asker's agency does with another one."""
    return question.own and question.together


def keeps_scope(question: Question) -> bool:
    """Return whether agencies, section or subject are those of the question before, unnamed.

    So is the asker's agency beside another one.
    """
    if is_own_beside(question):
        return True
    scope = bool(question.agencies or question.section or question.words)
    return question.follow_up and scope and _SCOPE.isdisjoint(question.said)


_SCOPE = frozenset({"agencies", "section", "words"})
