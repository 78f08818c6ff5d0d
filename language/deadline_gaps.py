"""What may stand between two items of a clause that belong together. Not for what the items mean."""

import re

from language.deadlines.clauses import DeadlineCell
from language.deadlines.items import Item

LIST_GAP = re.compile(
    r" *(?:\([^()]{0,80}\))? *(?:[,;&/]| va| hoac)[ ,;&/]*(?:va |hoac )?(?:cac )?"
)
BLANKS = re.compile(r" *")


def has_gap(cell: DeadlineCell, left: Item, right: Item, pattern: re.Pattern[str]) -> bool:
    """Whether nothing but what `pattern` allows stands between the end of `left` and the start of `right`."""
    return pattern.fullmatch(cell.folded, left.end, max(left.end, right.start)) is not None
