"""What reading a document gives: the plan, and the doubts about it, each with its row and cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from locales.answer import Sentence, say
from locales.phrases import shorten_text
from plans.format import PlanFile
from plans.tables.columns import Role

LONGEST_QUOTE = 300  # characters of a text of the document that a doubt repeats

Progress = Callable[[str, int], None]
"""Called while a document is read, with the stage ("open", "rows") and the rows so far."""


@dataclass(frozen=True)
class Doubt:
    """Something that the admin should look at.

    `message_id` ("doubt-agency-unknown") and `values` make its sentence. `key` is the task's key,
    `row` the row as a person counts it in the file, `column` the cell. All three are None if the
    doubt concerns the whole plan.
    """

    message_id: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    key: str | None = None
    row: int | None = None
    column: Role | None = None

    def make_sentence(self) -> Sentence:
        """Return the doubt as a sentence for a reader who sees its task and row."""
        return Sentence(
            self.message_id, {name: _format_value(value) for name, value in self.values.items()}
        )

    def make_full_sentence(self) -> Sentence:
        """Return the doubt as a sentence that names the task's key and the row in the file."""
        sentence = self.make_sentence()
        if self.key is None:
            return sentence
        if self.row is None:
            return say("doubt-of-task", key=self.key, doubt=sentence)
        return say("doubt-in-row", key=self.key, row=str(self.row), doubt=sentence)


@dataclass
class PlanReading:
    """A plan as read from a document. `rows` gives the row in the file for each task's key."""

    plan: PlanFile
    doubts: list[Doubt] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def _format_value(value: str | int) -> str | int:
    """Return an ISO day ("2026-03-01") as people write it (01/03/2026), a long text shortened."""
    if not isinstance(value, str):
        return value
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return shorten_text(value, LONGEST_QUOTE)
