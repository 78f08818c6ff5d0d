"""A text that was not read, with its place as a person finds it in the document."""

from plans.format import UnreadRow
from plans.tables.columns import load_column_words

LONGEST_UNREAD = 500  # characters of a text that are repeated


def make_unread_row(kind: str, text: str, **values: str | int) -> UnreadRow:
    """Return a text that was not read, with its place for a person.

    `kind` names a place of `[prose.places]` in `columns.toml`, `values` are what it asks for.
    """
    where = str(load_column_words()["prose"]["places"][kind]).format(**values)
    return UnreadRow(where=where, text=text[:LONGEST_UNREAD])
