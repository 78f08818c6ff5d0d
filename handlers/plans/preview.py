"""What a plan document would do to the registry, and the sentences that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import AppContext
from language.text import fold
from locales.answer import Sentence, say
from locales.phrases import shorten_text
from locales.user_error import UserError
from models.plans import Plan
from plans.format import PlanFile
from plans.reading.doubts import Doubt
from plans.reading.narrative.sentence_times import names_time
from plans.reading.plan_file import LoadedPlan
from plans.registry.compare import Comparison, compare_plan
from plans.registry.done_days import drop_days_after
from plans.registry.matching import UnsureMatch

MOST_KEYS = 6  # tasks named in one doubt
MOST_SHOWN = 8  # doubts, changes, agencies named in a preview
_KINDS = ("date", "period", "recurring", "relative", "ongoing", "regulation", "with", "unread")


_STATUSES = ("done", "in_progress", "suspended", "cancelled")


async def find_plan(session: AsyncSession, name: str) -> Plan:
    """Return the plan of a number, the number's figures, or words of a title.

    Raises UserError if there is no such plan or several.
    """
    plans = (await session.exec(select(Plan).order_by(col(Plan.id).desc()))).all()
    folded = fold(name)
    exact = [
        p
        for p in plans
        if folded in (fold(p.number or ""), fold(p.number or "").split("/")[0], fold(p.title))
    ]
    near = exact or [
        p for p in plans if folded and (folded in fold(p.title) or folded in fold(p.number or ""))
    ]
    if len(near) != 1:
        raise UserError(ask_which_plan(near or plans, name))
    return near[0]


def ask_which_plan(plans: Sequence[Plan], name: str) -> Sentence:
    """Return the question which of `plans` is meant by `name`."""
    if not plans:
        return say("no-plan")
    names = ", ".join(p.shorten_name(60) for p in plans[:MOST_SHOWN])
    if name:
        return say("which-plan", name=name, plans=names)
    return say("which-plan-unnamed", plans=names)


@dataclass
class Preview:
    """What a document would do to the registry, and the sentences that show it."""

    document: LoadedPlan
    into: int | None
    comparison: Comparison
    decided: Mapping[str, bool] = field(default_factory=dict)
    shown_sentences: list[Sentence] = field(default_factory=list)
    past_deadlines: int = 0  # deadlines of new tasks that were over before today

    def as_json(self, *, written: bool) -> dict[str, Any]:
        """Return the preview for programs (docs/dev/command-line.md)."""
        comparison = self.comparison
        return {
            "file": self.document.name,
            "tasks": len(self.document.plan.tasks),
            "new": [task.key for task in comparison.new],
            "changed": {change.key: list(change.fields) for change in comparison.changed},
            "gone": [change.key for change in comparison.gone],
            "unchanged": comparison.unchanged,
            "renumbered": comparison.renumbered,
            "unsure": {pair.new.key: pair.old.key for pair in comparison.unsure},
            "past": self.past_deadlines,
            "doubts": len(self.document.doubts),
            "unread": len(self.document.plan.unread),
            "written": written,
        }


async def make_preview(
    app: AppContext,
    document: LoadedPlan,
    today: date,
    into: str | None = None,
    decided: Mapping[str, bool] | None = None,
) -> Preview:
    """Compare a document with the registry; `into` names the plan that it amends.

    `decided` says by key which unsure pairs of tasks are one task.

    Raises UserError for a closed plan: nobody would be reminded of what is written into it.
    """
    document = _drop_future_days(document, today)
    async with app.database.read() as session:
        plan_id = (await find_plan(session, into)).id if into else None
        comparison = await compare_plan(session, document.plan, plan_id, decided)
        stored_id = comparison.plan_id
        plan = await session.get(Plan, stored_id) if stored_id is not None else None
    if plan is not None and plan.closed_on is not None:
        name = plan.shorten_name()
        raise UserError(say("close-already", plan=name, day=plan.closed_on))
    preview = Preview(document, plan_id, comparison, decided or {})
    preview.past_deadlines = _count_past_deadlines(comparison, today)
    preview.shown_sentences = _describe_document(document, comparison)
    if preview.past_deadlines:
        preview.shown_sentences.append(say("import-past", count=preview.past_deadlines))
    return preview


def _drop_future_days(document: LoadedPlan, today: date) -> LoadedPlan:
    """Return the document without days of completion that are still to come, with doubts."""
    tasks = [drop_days_after(task, today) for task in document.plan.tasks]
    doubts = [
        Doubt("doubt-done-future", {"today": today.isoformat()}, before.key)
        for before, after in zip(document.plan.tasks, tasks, strict=True)
        if after is not before
    ]
    if not doubts:
        return document
    plan = document.plan.model_copy(update={"tasks": tasks})
    return replace(document, plan=plan, doubts=(*document.doubts, *doubts))


def _count_past_deadlines(comparison: Comparison, today: date) -> int:
    """Count the deadlines of new tasks that were over before today."""
    return sum(
        day < today
        for task in comparison.new
        if task.done_on is None and task.status not in ("cancelled", "suspended")
        for milestone in task.milestones
        for day in milestone.deadlines
    )


def _describe_document(document: LoadedPlan, comparison: Comparison) -> list[Sentence]:
    """Return what the document holds: its head, counts, kinds of deadlines, changes, doubts."""
    plan = document.plan
    head = plan.plan
    sentences = [
        say(
            "import-head",
            title=shorten_text(head.title, 200),
            number=head.number or say("import-no-number"),
        )
    ]
    if comparison.is_up_to_date and not comparison.gone:
        return [*sentences, say("import-nothing-new", count=comparison.unchanged)]
    sentences.append(say("import-count", count=len(plan.tasks), more=len(plan.plan_milestones)))
    leads = Counter(name for task in plan.tasks for name in task.lead)
    sentences += [
        say("import-lead", agency=name, count=count)
        for name, count in leads.most_common(MOST_SHOWN)
    ]
    if len(leads) > MOST_SHOWN:
        sentences.append(say("and-more", count=len(leads) - MOST_SHOWN))
    kinds: Counter[str] = Counter(
        "unread" if m.kind == "regulation" and m.doubt else m.kind
        for task in plan.tasks
        for m in task.milestones
    )
    counts = tuple(say(f"import-kind-{k}", count=kinds[k]) for k in _KINDS if kinds[k])
    sentences.append(say("import-kinds", kinds=counts) if kinds else say("import-no-deadline"))
    sentences += [*_describe_tracker(plan), *_describe_comparison(comparison)]
    if document.doubts:
        sentences.append(say("import-doubts", count=len(document.doubts)))
        groups = _group_doubts(document.doubts)
        sentences += [say("doubt-line", doubt=doubt) for doubt in groups[:MOST_SHOWN]]
        if len(groups) > MOST_SHOWN:
            sentences.append(say("and-more", count=len(groups) - MOST_SHOWN))
    return [*sentences, *describe_unread(plan, MOST_SHOWN)]


def _describe_tracker(plan: PlanFile) -> list[Sentence]:
    """Return how many tasks a tracker says to be done, in progress, suspended or cancelled."""
    statuses = Counter("done" if task.done_on else task.status or "" for task in plan.tasks)
    counts = tuple(say(f"import-status-{s}", count=statuses[s]) for s in _STATUSES if statuses[s])
    return [say("import-statuses", statuses=counts)] if counts else []


def describe_unread(plan: PlanFile, most: int | None = None) -> list[Sentence]:
    """Return what the reader could not place, each with its place.

    If at most `most` of it is shown, what holds a time comes first.
    """
    if not plan.unread:
        return []
    shown = plan.unread
    if most is not None:
        shown = sorted(shown, key=lambda row: not names_time(row.text))[:most]
    sentences = [say("unread-count", count=len(plan.unread))]
    sentences += [
        say("unread-line", where=row.where, text=shorten_text(row.text, 160)) for row in shown
    ]
    if len(plan.unread) > len(shown):
        sentences.append(say("and-more", count=len(plan.unread) - len(shown)))
    return sentences


def _group_doubts(doubts: Sequence[Doubt]) -> list[Sentence]:
    """Return the doubts as sentences; the same doubt about several tasks is one sentence."""
    together: dict[Sentence, list[Doubt]] = {}
    for doubt in doubts:
        together.setdefault(doubt.make_sentence(), []).append(doubt)
    sentences = []
    for sentence, same in together.items():
        keys = [doubt.key for doubt in same if doubt.key is not None]
        if len(keys) < 2:
            sentences += [doubt.make_full_sentence() for doubt in same]
            continue
        more = len(keys) - MOST_KEYS
        shown = ", ".join(keys[:MOST_KEYS])
        sentences.append(
            say("doubt-of-tasks-and-more", keys=shown, count=more, doubt=sentence)
            if more > 0
            else say("doubt-of-tasks", keys=shown, doubt=sentence)
        )
    return sentences


def _describe_comparison(comparison: Comparison) -> list[Sentence]:
    """Return what is new, changed or gone against the registry."""
    if comparison.plan_id is None:
        return [say("import-new-plan")]
    sentences = [
        say(
            "import-compared",
            new=len(comparison.new),
            changed=len(comparison.changed),
            gone=len(comparison.gone),
            unchanged=comparison.unchanged,
            renumbered=len(comparison.renumbered),
            unsure=len(comparison.unsure),
        )
    ]
    sentences += [describe_unsure_match(pair) for pair in comparison.unsure[:MOST_SHOWN]]
    if len(comparison.unsure) > MOST_SHOWN:
        sentences.append(say("and-more", count=len(comparison.unsure) - MOST_SHOWN))
    sentences += [
        say("import-added", key=task.key, title=shorten_text(task.title, 80))
        for task in comparison.new[:MOST_SHOWN]
    ]
    for change in comparison.changed[:MOST_SHOWN]:
        fields = tuple(say(f"field-{name.replace('_', '-')}") for name in change.fields)
        title = shorten_text(change.title, 80)
        if change.old_key is None:
            sentences.append(say("import-changed", key=change.key, title=title, fields=fields))
            continue
        sentences.append(
            say(
                "import-renumbered",
                old=change.old_key,
                key=change.key,
                title=title,
                fields=fields,
                count=len(fields),
            )
        )
    for change in comparison.gone[:MOST_SHOWN]:
        sentences.append(say("import-gone", key=change.key, title=shorten_text(change.title, 80)))
    return sentences


def describe_unsure_match(pair: UnsureMatch) -> Sentence:
    """Return both texts of a pair that may be one task, side by side."""
    return say(
        "import-unsure",
        **{
            f"{side}_{name}": value
            for side, row in (("old", pair.old), ("new", pair.new))
            for name, value in (
                ("key", row.key),
                ("title", shorten_text(row.title, 120)),
                ("lead", tuple(row.lead)),
                ("time", shorten_text(row.deadline_text or "", 60)),
            )
        },
    )
