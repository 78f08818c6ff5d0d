"""The language of official deadlines (deadlines.md): what a cell means, and what a person types for one.

Pure and total: any text gives an answer, what cannot be read is a `regulation` with a doubt. The forms are data in
`locales/vi/deadlines.toml`. Not for time windows in questions (`windows`) nor for days off (`calendars`).
"""

from language.deadlines.cell import read
from language.deadlines.recurrence import complete
from language.deadlines.typed import Typed, typed

__all__ = ["Typed", "complete", "read", "typed"]
