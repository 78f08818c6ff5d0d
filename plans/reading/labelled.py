"""Read plans without a table whose tasks have labelled lines ("Cơ quan chủ trì: ...").

The labels are the words that name columns elsewhere. They stand under the task, in a bracket at
its end, or under a heading of responsibility for all duties beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from language.text import fold
from plans.format import TaskRow
from plans.reading.bullets import join_lines, split_bullets
from plans.reading.row_task import PlanContext, make_task
from plans.reading.rows import RowEntry
from plans.tables.columns import STRONG_WORD, Role, load_column_words, score_roles
from plans.tables.numerals import NO_NUMBER, Numeral, OpenHeadings, split_number

FEWEST_TASKS = 2  # tasks with a labelled lead that make such a plan
LONGEST_LABEL = 60  # characters

_LABEL = re.compile(rf"^([^:;.()]{{3,{LONGEST_LABEL}}}):\s*(\S.*)$")
_BRACKET = re.compile(r"\s*\(([^()]*:[^()]*)\)\s*[.;]?\s*$")
_PARTS = re.compile(r"\s*;\s*")
_ROLES: tuple[Role, ...] = ("lead", "partners", "deadline", "deliverables")
_DEPTHS = {"letter": 0, "roman": 1, "arabic": 2, "small": 7, "key": 2, "none": 0}


@dataclass
class _Node:
    """A numbered paragraph: its bullets, and the labelled lines under it."""

    numeral: Numeral
    text: str
    depth: int
    path: tuple[str, ...]
    parent: "_Node | None" = None
    bullets: list[str] = field(default_factory=list)
    labels: dict[Role, str] = field(default_factory=dict)


def read_tasks(texts: list[str], context: PlanContext) -> list[TaskRow]:
    """Return the tasks with labelled data, [] if fewer than FEWEST_TASKS name their lead."""
    nodes = list(_find_nodes(texts))
    entries = [entry for node in nodes for entry in _make_entries(node, nodes)]
    if sum(bool(entry.get_text("lead")) for _, _, entry in entries) < FEWEST_TASKS:
        return []
    headings = OpenHeadings()
    return [
        make_task(entry, headings.make_unique(key), section, None, context)
        for key, section, entry in entries
    ]


def _find_nodes(texts: list[str]) -> Iterator[_Node]:
    """Yield the numbered paragraphs in order; each gets the paragraphs under it."""
    open_nodes: list[_Node] = []
    for text in texts:
        numeral, rest = split_number(text)
        if numeral is not NO_NUMBER and not _parse_label(text):
            depth = _DEPTHS[numeral.kind] + (
                numeral.label.count(".") if numeral.kind == "arabic" else 0
            )
            open_nodes = [node for node in open_nodes if node.depth < depth]
            parent = open_nodes[-1] if open_nodes else None
            node = _Node(numeral, rest, depth, _make_path(parent, numeral), parent)
            open_nodes.append(node)
            yield node
        elif open_nodes:
            _add_to_node(open_nodes[-1], text)


def _make_path(parent: _Node | None, numeral: Numeral) -> tuple[str, ...]:
    above = parent.path if parent else ()
    if above and numeral.label.startswith(f"{above[-1]}."):
        above = above[:-1]
    return (*above, numeral.label)


def _add_to_node(node: _Node, text: str) -> None:
    """Add a paragraph without a number to its node: as labelled values, or as a bullet."""
    item = split_bullets(text)[0]
    labels = _parse_labels(item.text)
    if not labels:
        node.bullets.append(item.text)
    for role, value in labels.items():
        if role == "lead" and "lead" in node.labels:
            role = "partners"  # "Đơn vị thực hiện" beside "Đơn vị chủ trì"
        node.labels[role] = f"{node.labels[role]}\n{value}" if role in node.labels else value


def _parse_labels(text: str) -> dict[Role, str]:
    """Return the labelled values of a line, between semicolons; {} if it begins with no label."""
    labels: dict[Role, str] = {}
    last: Role | None = None
    for part in _PARTS.split(text.rstrip(" .;")):
        label = _parse_label(part)
        if label is not None:
            last = label[0]
            labels[last] = label[1]
        elif last is None:
            return {}
        else:
            labels[last] += f"; {part}"
    return labels


def _parse_label(text: str) -> tuple[Role, str] | None:
    """Return the role and the value of a labelled line, None for other lines."""
    found = _LABEL.match(text)
    if not found:
        return None
    fits = {role: score for role, score in score_roles(found[1]).items() if role in _ROLES}
    strong = {role: score for role, score in fits.items() if score > STRONG_WORD or role == "lead"}
    if not strong or score_roles(found[1]).get("title", 0) > max(strong.values()):
        return None
    return max(strong, key=lambda role: strong[role]), found[2]


def _make_entries(node: _Node, nodes: list[_Node]) -> Iterator[tuple[str, str | None, RowEntry]]:
    """Yield the tasks of a node: key, section, and the row that it would be in a table."""
    if _is_responsibility(node):
        beside = [one for one in nodes if one.parent is node.parent and not _is_responsibility(one)]
        duties = [
            (one, place, text) for one in beside for place, text in enumerate(one.bullets, start=1)
        ]
        for one, place, text in duties:
            yield (
                ".".join((*one.path, str(place))),
                _format_title(node.parent),
                _make_entry(text, node.labels),
            )
        if not duties and node.parent is not None:
            yield (
                ".".join(node.parent.path),
                _format_title(node.parent.parent),
                _make_entry(node.parent.text, node.labels),
            )
        return
    text, inline = _split_bracket(node.text)
    if node.labels or inline:
        yield (
            ".".join(node.path),
            _format_title(node.parent),
            _make_entry(text, {**node.labels, **inline}, node.bullets),
        )
        return
    for place, bullet in enumerate(node.bullets, start=1):
        text, inline = _split_bracket(bullet)
        if inline:
            yield ".".join((*node.path, str(place))), node.text, _make_entry(text, inline)


def _is_responsibility(node: _Node) -> bool:
    """Return whether a heading only names who is responsible for the duties beside it."""
    folded = fold(node.text).strip(" :.")
    return "lead" in node.labels and any(
        folded.startswith(duty) for duty in load_column_words()["prose"]["duties"]
    )


def _format_title(node: _Node | None) -> str | None:
    return join_lines(node.text) if node is not None else None


def _split_bracket(text: str) -> tuple[str, dict[Role, str]]:
    """Return a text without the bracket of labelled data at its end, and the data."""
    found = _BRACKET.search(text)
    labels = _parse_labels(found[1]) if found else {}
    return (text[: found.start()], labels) if found and labels else (text, {})


def _make_entry(text: str, labels: dict[Role, str], more: list[str] | None = None) -> RowEntry:
    texts: dict[Role, str] = {"title": text.rstrip(" :"), **labels}
    if more:
        texts["requirement"] = "\n".join(more)
    return RowEntry("task", NO_NUMBER, texts, 0)
