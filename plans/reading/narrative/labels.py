"""Assign labelled lines ("Thời gian hoàn thành: ...") to what they are about.

How a line is known to be labelled is in `outline`.
"""

import re
from dataclasses import dataclass, field

from language.text import fold
from plans.reading.narrative.outline import LabelBlock, OutlineItem, parse_labels
from plans.reading.roles import find_partners
from plans.tables.columns import Role, load_column_words
from plans.tables.patterns import UPPER_LETTER

_BRACKET = re.compile(r"\s*\(([^()]*:[^()]*)\)\s*[.;]?\s*$")
_LABEL_AT_END = re.compile(
    rf"(?:(?<=\.)\s+(?={UPPER_LETTER})|(?<=;)\s+|\s+[–-]\s+)(?=[^\W\d][^:.;]{{3,40}}:[^:]*$)"
)


@dataclass
class LabelledGroup:
    """Lines under a heading up to the labelled lines that belong to them."""

    items: list[OutlineItem] = field(default_factory=list)
    labels: dict[Role, str] = field(default_factory=dict)


def split_groups(item: OutlineItem) -> list[LabelledGroup]:
    """Return the lines and labelled lines of an item: each group ends with its labelled lines."""
    groups = [LabelledGroup()]
    for part in item.parts:
        if isinstance(part, LabelBlock):
            groups[-1].labels = part.values
            groups.append(LabelledGroup())
        elif part.mark != "number":
            groups[-1].items.append(part)
    return [group for group in groups if group.items or group.labels]


def assign_labels(item: OutlineItem) -> dict[int, dict[Role, str]]:
    """Return the labelled lines under an agency's heading by the place of the line above them."""
    found: dict[int, dict[Role, str]] = {}
    above: OutlineItem | None = None
    for part in item.parts:
        if isinstance(part, OutlineItem):
            above = part
        elif above is not None:
            found[above.place] = part.values
    return found


def find_own_labels(item: OutlineItem) -> dict[Role, str]:
    """Return the labelled lines directly below an item, before any other line."""
    first = item.parts[0] if item.parts else None
    return dict(first.values) if isinstance(first, LabelBlock) else {}


def merge_blocks(item: OutlineItem) -> dict[Role, str]:
    """Return the values of all labelled lines directly under an item."""
    merged = LabelBlock(item.place)
    for block in item.blocks:
        for role, value in block.values.items():
            merged.add_value(role, value)
    return merged.values


def find_charge(item: OutlineItem) -> OutlineItem | None:
    """Return what holds the labelled lines of an item: itself, or a heading of responsibility.

    The time of a whole part ("II. Thời gian: ...") makes no task.
    """
    for child in item.items:
        starts = tuple(load_column_words()["prose"]["duties"])
        folded = fold(child.text).strip(" :.")
        if folded.startswith(starts) and not child.contents and merge_blocks(child).get("lead"):
            return child
    labels = merge_blocks(item)
    if not labels or (item.depth <= 1 and not item.contents and not labels.get("lead")):
        return None
    return item if labels.get("lead") or labels.get("deadline") else None


def split_labels(text: str) -> tuple[str, dict[Role, str]]:
    """Return a text without the labelled data at its end, in a bracket or a sentence, and them."""
    found = _BRACKET.search(text)
    labels = parse_labels(found[1]) if found else {}
    if found and labels:
        return text[: found.start()], labels
    labels = {}
    while found := _LABEL_AT_END.search(text):
        last = parse_labels(text[found.end() :])
        if not last or find_partners(text[found.end() :].partition(":")[0]):
            break  # "; phối hợp với UBND 02 xã: A, B dựng bia" is a part of the duty
        text, labels = text[: found.start()], {**last, **labels}
    return text, labels
