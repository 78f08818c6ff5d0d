"""Tables of a PDF without ruling lines: columns by the header and the gaps below it, rows by numbers and spacing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from language.text import fold, normalise
from plans.columns import Role, scores
from plans.numerals import parse
from plans.patterns import pattern
from plans.tables import Cell, Row, Table

WORD_GAP = 6.0  # points between words of two columns
HEADER_HEIGHT = 45.0  # points of a header of several lines
NARROWEST_GAP = 3.0  # points of an empty strip between columns
CROSSING = 0.15  # share of lines that may cross an edge; more is running text
NEXT_ROW = 1.4  # a gap that many times the usual parts rows

_ENDED = pattern("signature")


@dataclass(frozen=True)
class Grid:
    """The edges of the columns (x, points) that a header set; the header's texts."""

    edges: tuple[float, ...]
    texts: tuple[str, ...]


def grid_of(page: Any) -> tuple[Grid, float] | None:
    """The columns that a header on the page sets, and the y below which its rows stand; None without a header."""
    words = page.extract_words(x_tolerance=1.5)
    for word in words:
        if "number" not in scores(word["text"]) or scores(word["text"])["number"] < 100:
            continue
        near = [w for w in words if abs(_middle(w) - _middle(word)) <= HEADER_HEIGHT / 2]
        first_row = min((w["top"] for w in near if w["top"] > word["bottom"] and _is_number(w, word)), default=None)
        header = [w for w in near if first_row is None or w["bottom"] <= first_row]
        clusters = _clusters(header)
        texts = [_read(cluster) for cluster in clusters]
        if _is_header(texts):
            bottom = max(w["bottom"] for w in header)
            body = [w for w in words if w["top"] >= bottom - 1]
            return Grid(_edges(clusters, body), tuple(texts)), bottom
    return None


def _is_number(word: Any, header: Any) -> bool:
    return bool(abs(word["x0"] - header["x0"]) < 30 and parse(word["text"]) and word["text"].strip("."))


def _middle(word: Any) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _clusters(words: Sequence[Any]) -> list[list[Any]]:
    """The words of a header by column: those whose spans touch, or nearly."""
    clusters: list[list[Any]] = []
    right = 0.0
    for word in sorted(words, key=lambda w: w["x0"]):
        if clusters and word["x0"] - right < WORD_GAP:
            clusters[-1].append(word)
            right = max(right, word["x1"])
        else:
            clusters.append([word])
            right = word["x1"]
    return clusters


def _read(words: Sequence[Any]) -> str:
    return normalise(" ".join(w["text"] for w in sorted(words, key=lambda w: (round(w["top"]), w["x0"]))))


def _is_header(texts: Sequence[str]) -> bool:
    roles: set[Role] = set()
    for text in texts:
        found = scores(text)
        if found:
            roles.add(max(found, key=lambda role: found[role]))
    return "title" in roles and bool({"lead", "deadline"} & roles) and len(roles) >= 3


def _edges(clusters: Sequence[Sequence[Any]], body: Sequence[Any]) -> tuple[float, ...]:
    """Between each two columns the widest strip without a word below the header, else the middle between them."""
    edges: list[float] = []
    for left, right in pairwise(clusters):
        start, stop = min(w["x0"] for w in left), max(w["x1"] for w in right)
        inner = (max(w["x1"] for w in left), min(w["x0"] for w in right))
        strips = _strips(body, start, stop)
        best = max(strips, key=lambda s: s[1] - s[0], default=None)
        edges.append(sum(best) / 2 if best and best[1] - best[0] >= NARROWEST_GAP else sum(inner) / 2)
    return tuple(edges)


def _strips(words: Sequence[Any], start: float, stop: float) -> list[tuple[float, float]]:
    """The empty strips between `start` and `stop`."""
    strips: list[tuple[float, float]] = []
    right = start
    for word in sorted((w for w in words if w["x1"] > start and w["x0"] < stop), key=lambda w: w["x0"]):
        if word["x0"] > right:
            strips.append((right, word["x0"]))
        right = max(right, word["x1"])
    return strips


def rows_of(page: Any, grid: Grid, top: float) -> Table | None:
    """The rows below `top` in the columns of `grid`; None where the page goes on with running text."""
    lines = _lines(page, top)
    if not lines or sum(_crosses(line, grid) for line in lines) > CROSSING * len(lines):
        return None
    blocks = _blocks(lines, grid)
    rows = [tuple(Cell(_cell(block, place, grid)) for place in range(len(grid.edges) + 1)) for block in blocks]
    return Table(tuple(Row(cells, number) for number, cells in enumerate(rows, start=1)))


def _lines(page: Any, top: float) -> list[list[Any]]:
    """The words below `top` by visual line, up to the signature."""
    lines: list[list[Any]] = []
    words = [w for w in page.extract_words(x_tolerance=1.5) if w["top"] >= top - 1]
    for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
        if lines and word["top"] - lines[-1][0]["top"] < 4:
            lines[-1].append(word)
        else:
            lines.append([word])
    kept: list[list[Any]] = []
    for line in lines:
        if _ENDED.match(fold(_read(line))):
            break
        at_edge = line[0]["bottom"] > page.height * 0.9
        if not (at_edge and len(line) == 1 and line[0]["text"].isdigit()):
            kept.append(line)
    return kept


def _crosses(line: Sequence[Any], grid: Grid) -> bool:
    return any(word["x0"] < edge - 1 and word["x1"] > edge + 1 for word in line for edge in grid.edges)


def _column(word: Any, grid: Grid) -> int:
    middle = (word["x0"] + word["x1"]) / 2
    return sum(middle > edge for edge in grid.edges)


def _blocks(lines: list[list[Any]], grid: Grid) -> list[list[list[Any]]]:
    """The lines by row: parted where the spacing is wide; at the numbers where that gives several in a row."""
    steps = [b[0]["top"] - a[0]["top"] for a, b in pairwise(lines)]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    spaced: list[list[list[Any]]] = [[lines[0]]]
    for step, line in zip(steps, lines[1:], strict=True):
        if step > NEXT_ROW * usual:
            spaced.append([line])
        else:
            spaced[-1].append(line)
    if len(spaced) > 1 and all(sum(_numbered(line, grid) for line in block) <= 1 for block in spaced):
        return spaced
    numbered: list[list[list[Any]]] = []
    for line in lines:
        if _numbered(line, grid) or not numbered:
            numbered.append([line])
        else:
            numbered[-1].append(line)
    return numbered


def _numbered(line: Sequence[Any], grid: Grid) -> bool:
    first = [w["text"] for w in line if _column(w, grid) == 0]
    numeral = parse(" ".join(first)) if first else None
    return numeral is not None and numeral.kind != "none"


def _cell(block: Sequence[Sequence[Any]], place: int, grid: Grid) -> str:
    texts = (
        " ".join(w["text"] for w in sorted(line, key=lambda w: w["x0"]) if _column(w, grid) == place) for line in block
    )
    return "\n".join(text for text in map(normalise, texts) if text)
