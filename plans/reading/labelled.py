"""Plans without a table whose tasks carry their data in labelled lines: "Cơ quan chủ trì: ...", "Thời gian: ...".

The labels are the words that name columns elsewhere. They stand under the task, in a bracket at its end, or under a
heading of responsibility that is for all duties beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from language.text import fold
from plans.format import TaskRow
from plans.reading.bullets import bullets, one_line
from plans.reading.row_task import Context, task_of
from plans.reading.rows import Entry
from plans.tables.columns import STRONG, Role, scores, words
from plans.tables.numerals import NONE, Ladder, Numeral, prefix

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


def tasks(texts: list[str], context: Context) -> list[TaskRow]:
    """The tasks with labelled data, [] where fewer than two name their lead."""
    nodes = list(_nodes(texts))
    entries = [entry for node in nodes for entry in _entries(node, nodes)]
    if sum(bool(entry.text("lead")) for _, _, entry in entries) < FEWEST_TASKS:
        return []
    ladder = Ladder()
    return [task_of(entry, ladder.unique(key), section, None, context) for key, section, entry in entries]


def _nodes(texts: list[str]) -> Iterator[_Node]:
    """The numbered paragraphs in order, each with what stands under it."""
    open_nodes: list[_Node] = []
    for text in texts:
        numeral, rest = prefix(text)
        if numeral is not NONE and not _label(text):
            depth = _DEPTHS[numeral.kind] + (numeral.label.count(".") if numeral.kind == "arabic" else 0)
            open_nodes = [node for node in open_nodes if node.depth < depth]
            parent = open_nodes[-1] if open_nodes else None
            node = _Node(numeral, rest, depth, _path(parent, numeral), parent)
            open_nodes.append(node)
            yield node
        elif open_nodes:
            _take(open_nodes[-1], text)


def _path(parent: _Node | None, numeral: Numeral) -> tuple[str, ...]:
    above = parent.path if parent else ()
    if above and numeral.label.startswith(f"{above[-1]}."):
        above = above[:-1]
    return (*above, numeral.label)


def _take(node: _Node, text: str) -> None:
    """Puts a paragraph that has no number under its node: as labelled values, or as a bullet."""
    item = bullets(text)[0]
    labels = _labels(item.text)
    if not labels:
        node.bullets.append(item.text)
    for role, value in labels.items():
        if role == "lead" and "lead" in node.labels:
            role = "partners"  # "Đơn vị thực hiện" beside "Đơn vị chủ trì"
        node.labels[role] = f"{node.labels[role]}\n{value}" if role in node.labels else value


def _labels(text: str) -> dict[Role, str]:
    """The labelled values of a line, parted by semicolons; empty where it does not begin with a label."""
    labels: dict[Role, str] = {}
    last: Role | None = None
    for part in _PARTS.split(text.rstrip(" .;")):
        label = _label(part)
        if label is not None:
            last = label[0]
            labels[last] = label[1]
        elif last is None:
            return {}
        else:
            labels[last] += f"; {part}"
    return labels


def _label(text: str) -> tuple[Role, str] | None:
    """The role and the value of a labelled line; None for other lines."""
    found = _LABEL.match(text)
    if not found:
        return None
    fits = {role: score for role, score in scores(found[1]).items() if role in _ROLES}
    strong = {role: score for role, score in fits.items() if score > STRONG or role == "lead"}
    if not strong or scores(found[1]).get("title", 0) > max(strong.values()):
        return None
    return max(strong, key=lambda role: strong[role]), found[2]


def _entries(node: _Node, nodes: list[_Node]) -> Iterator[tuple[str, str | None, Entry]]:
    """The tasks of a node: key, section, and the row that it would be in a table."""
    if _is_responsibility(node):
        beside = [one for one in nodes if one.parent is node.parent and not _is_responsibility(one)]
        duties = [(one, place, text) for one in beside for place, text in enumerate(one.bullets, start=1)]
        for one, place, text in duties:
            yield ".".join((*one.path, str(place))), _title(node.parent), _entry(text, node.labels)
        if not duties and node.parent is not None:
            yield ".".join(node.parent.path), _title(node.parent.parent), _entry(node.parent.text, node.labels)
        return
    text, inline = _bracketed(node.text)
    if node.labels or inline:
        yield ".".join(node.path), _title(node.parent), _entry(text, {**node.labels, **inline}, node.bullets)
        return
    for place, bullet in enumerate(node.bullets, start=1):
        text, inline = _bracketed(bullet)
        if inline:
            yield ".".join((*node.path, str(place))), node.text, _entry(text, inline)


def _is_responsibility(node: _Node) -> bool:
    """Whether a heading only tells who is responsible for the duties beside it."""
    said = fold(node.text).strip(" :.")
    return "lead" in node.labels and any(said.startswith(duty) for duty in words()["prose"]["duties"])


def _title(node: _Node | None) -> str | None:
    return one_line(node.text) if node is not None else None


def _bracketed(text: str) -> tuple[str, dict[Role, str]]:
    """A text without the labelled data in the bracket at its end, and the data."""
    found = _BRACKET.search(text)
    labels = _labels(found[1]) if found else {}
    return (text[: found.start()], labels) if found and labels else (text, {})


def _entry(text: str, labels: dict[Role, str], more: list[str] | None = None) -> Entry:
    texts: dict[Role, str] = {"title": text.rstrip(" :"), **labels}
    if more:
        texts["requirement"] = "\n".join(more)
    return Entry("task", NONE, texts, 0)
