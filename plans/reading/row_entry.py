"""A row of a table of tasks by its columns, as the modules that read rows hand it on."""

from dataclasses import dataclass
from typing import Literal

from plans.tables.columns import ROLES, Role
from plans.tables.numerals import Numeral
from plans.tables.time_columns import TimeColumn

EntryKind = Literal["heading", "task", "continued"]
TEXT_ROLES = tuple(role for role in ROLES if role not in ("number", "other"))


@dataclass
class RowEntry:
    """A row by its columns.

    `texts` is the text by role, `number` the row in the file. `merged` are the roles whose cell
    comes down from the row above. `loose` marks recognised text that lost its line breaks. `times`
    are the texts in the columns of times that do not bind.
    """

    kind: EntryKind
    numeral: Numeral
    texts: dict[Role, str]
    number: int
    merged: frozenset[Role] = frozenset()
    loose: bool = False
    times: tuple[tuple[TimeColumn, str], ...] = ()

    def get_text(self, role: Role) -> str:
        """Return the text of a role, "" if the row has none."""
        return self.texts.get(role, "")
