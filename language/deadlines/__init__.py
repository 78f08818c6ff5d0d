"""The language of official deadlines (deadlines.md): what a cell means, and what a person types for one.

Pure and total: any text gives an answer, what cannot be read is a `regulation` with a doubt. The forms are data in
`locales/vi/deadlines.toml`. Not for time windows in questions (`windows`) nor for days off (`calendars`).
"""

from language.deadlines.cell import read_deadline_cell
from language.deadlines.recurrence import complete_milestone
from language.deadlines.typed import TypedDeadline, read_typed_deadline

__all__ = ["TypedDeadline", "complete_milestone", "read_deadline_cell", "read_typed_deadline"]
