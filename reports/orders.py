"""What is ordered of the makers of files, and what they give: plain data that a pipe can carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from locales.answer import say
from locales.user_error import UserError
from models.queries.periods import Period
from models.queries.task_query import TaskQuery


class FileKind(StrEnum):
    """What can be made; its value is the ending of the file's name, but for the charts."""

    SHEET = "xlsx"
    REPORT = "docx"
    PROGRESS_CHART = "progress"
    TIMELINE_CHART = "timeline"
    CALENDAR = "ics"
    COMPARISON = "comparison"

    @property
    def ending(self) -> str:
        """The ending of the file's name, without a dot."""
        return "png" if self in (FileKind.PROGRESS_CHART, FileKind.TIMELINE_CHART) else self.value


@dataclass(frozen=True)
class FileOrder:
    """One file to be made.

    - `url` names the registry, `query` the tasks; `about` says in words what they are.
    - `now` is the moment of the order, zoned.
    - `period` is what a report or a comparison is about; `before` the one that it is compared with,
      if it is not the one before it.
    - `agency` is the name of the agency whose report it is.
    - `template` is the path of a province's own template of the report.
    """

    kind: FileKind
    url: str = field(repr=False)
    query: TaskQuery
    about: str
    now: datetime
    period: Period | None = None
    agency: str | None = None
    template: str | None = None
    before: Period | None = None

    @property
    def today(self) -> date:
        """The day on which the figures are taken."""
        return self.query.today


@dataclass(frozen=True)
class MadeFile:
    """A file's bytes (empty for a comparison), and its figures as JSON values, for its message."""

    content: bytes
    figures: Mapping[str, Any]


class OrderFault(UserError):
    """A file that cannot be made."""

    def __init__(self, message_id: str, **values: Any) -> None:
        super().__init__(say(message_id, **values))


Tell = Callable[[int], None]
"""Called with the number of rows that are done."""
