"""Tasks as rows of a list: number, title, who leads, and when the next deadline is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from handlers.conversation.task_lines import describe_when
from locales.answer import Sentence
from locales.phrases import describe_last_day, shorten_text
from models.assignments import Status
from models.queries.board import DueLine
from models.queries.task_view import TaskView

TITLE_LENGTH = 220  # characters of a title in a list
NEAR_DAYS = 7  # days before the last day in which a task counts as near


@dataclass(frozen=True)
class TaskListing:
    """One task of a list; `tone` is "late", "near", "open" or "settled"."""

    task_id: int | None
    key: str
    title: str
    plan: str
    section: str | None
    leads: tuple[str, ...]
    when: Sentence
    tone: str


@dataclass(frozen=True)
class DueListing:
    """One assignment of a list of what is due."""

    task_id: int
    key: str
    title: str
    plan: str
    agency: str | None
    when: Sentence
    is_late: bool


def make_due_rows(lines: Iterable[DueLine], today: date) -> list[DueListing]:
    """Return a row for each assignment, with how far off its last day is."""
    return [
        DueListing(
            line.task_id,
            line.key,
            shorten_text(line.title, TITLE_LENGTH),
            line.plan,
            line.agency,
            describe_last_day(line.last_day, today),
            line.last_day < today,
        )
        for line in lines
    ]


def make_task_rows(
    views: Iterable[TaskView], today: date, agency_ids: Iterable[int] | None = None
) -> list[TaskListing]:
    """Return a row for each task; its deadline is that of `agency_ids`, of all if None."""
    asked = None if agency_ids is None else frozenset(agency_ids)
    return [
        TaskListing(
            view.task.id,
            view.task.key,
            shorten_text(view.task.title, TITLE_LENGTH),
            view.plan.full_name,
            view.section,
            tuple(view.leads),
            describe_when(view, today, asked),
            choose_tone(view, today, asked),
        )
        for view in views
    ]


def choose_tone(view: TaskView, today: date, agency_ids: frozenset[int] | None = None) -> str:
    """Return how urgent a task is: "late", "near", "open", or "settled" if nothing is to do."""
    upcoming = view.find_next_open(agency_ids)
    if upcoming is None or upcoming.last_day is None:
        waiting = {a.status for a in view.find_assignments(agency_ids)}
        return "settled" if waiting <= {Status.DONE, Status.CANCELLED} else "open"
    left = (upcoming.last_day - today).days
    return "late" if left < 0 else "near" if left <= NEAR_DAYS else "open"
