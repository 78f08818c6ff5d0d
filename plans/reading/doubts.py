"""What reading a document gives: the plan, and what is doubtful in it, each with its row and cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from locales.answer import Sentence, say
from plans.format import PlanFile
from plans.tables.columns import Role


@dataclass(frozen=True)
class Doubt:
    """Something that the admin should look at.

    `message_id` is a Fluent id ("doubt-agency-unknown") said with `values`; `key` is the task's key, `row` the row as
    a person counts it in the file, `column` the cell; all None for what concerns the whole plan.
    """

    message_id: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    key: str | None = None
    row: int | None = None
    column: Role | None = None

    def make_sentence(self) -> Sentence:
        """The doubt as a sentence, for where its task and row are seen."""
        return Sentence(
            self.message_id, {name: _format_day(value) for name, value in self.values.items()}
        )

    def make_full_sentence(self) -> Sentence:
        """The doubt as a sentence, with the task's key and the row where it stands in the file."""
        said = self.make_sentence()
        if self.key is None:
            return said
        if self.row is None:
            return say("doubt-of-task", key=self.key, doubt=said)
        return say("doubt-in-row", key=self.key, row=str(self.row), doubt=said)


def _format_day(value: str | int) -> str | int:
    """A day among the values as people write it; anything else as it is."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if isinstance(value, str) else value
    except ValueError:
        return value


@dataclass
class PlanReading:
    """A plan as read from a document. `rows` is the file's row of each task's key."""

    plan: PlanFile
    doubts: list[Doubt] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
