"""Deadlines in official Vietnamese: what a cell of a plan means, and what a person types for one.

The rules are docs/dev/deadlines.md, the forms are data in `locales/vi/deadlines.toml`. Any text has
a reading: what cannot be read is a `regulation` with a doubt. Not for time windows in questions
(`language.times.windows`) nor for days off (`language.times.calendars`).
"""

from language.deadlines.cell import read_deadline_cell
from language.deadlines.recurrence import complete_milestone
from language.deadlines.typed_deadline import TypedDeadline, read_typed_deadline

__all__ = ["TypedDeadline", "complete_milestone", "read_deadline_cell", "read_typed_deadline"]
