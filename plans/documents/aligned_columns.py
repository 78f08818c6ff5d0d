"""Reads tables without ruling lines: columns by header and gaps, rows by numbers and spacing.

For pages of a PDF and for texts laid out by blanks. A page has `height` and `extract_words`, as the
pages of pdfplumber do: dictionaries with text, x0, x1, top and bottom in points, y downwards.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

from language.text import fold, normalise
from plans.documents.paragraphs import unwrap_cell
from plans.tables.blocks import Table, TableCell, make_table
from plans.tables.columns import STRONG_WORD, Role, score_roles
from plans.tables.numerals import parse_number
from plans.tables.patterns import compile_pattern

WORD_GAP = 6.0  # points between words of two columns
HEADER_HEIGHT = 45.0  # points of a header of several lines
HEADER_GAP = 0.8  # of a line's height, between two lines of a header; more is an empty line
NARROWEST_GAP = 3.0  # points of an empty strip between columns
CROSSING = 0.15  # share of lines that may cross an edge; more is running text
NEXT_ROW = 1.4  # a gap that many times the usual parts rows
MOST_INDENT = 4.0  # points by which what stands in a column may begin aside
SAME_LINE = 4.0  # points by which the words of one line may stand lower

Words = Sequence[Any]  # of a line, of a column
Span = tuple[float, float]  # x of begin and end

_SIGNATURE = compile_pattern("signature")


@dataclass(frozen=True)
class Grid:
    """The columns that a header sets: the edges between them (x) and its texts.

    `top` and `bottom` are the y of the header; both are 0 on a page that continues the table.
    """

    edges: tuple[float, ...]
    texts: tuple[str, ...]
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class AlignedTable:
    """The rows below a header (not in `table`), the y at which they end, and their columns."""

    grid: Grid
    table: Table
    bottom: float
    has_header: bool

    @property
    def header(self) -> tuple[TableCell, ...]:
        """Return the cells of the header."""
        return tuple(map(TableCell, self.grid.texts))


def read_aligned_table(page: Any, grid: Grid | None) -> AlignedTable | None:
    """Return the table of a page, or None if it has none.

    A page without a header of its own continues the columns `grid` of the page before.
    """
    own = _find_grid(page)
    columns = own or (grid and _adapt_grid(page, grid))
    rows = _read_rows(page, columns) if columns else None
    return AlignedTable(columns, *rows, has_header=own is not None) if columns and rows else None


def _find_grid(page: Any) -> Grid | None:
    """Return the columns that a header on the page sets, or None if it has no header."""
    words = page.extract_words(x_tolerance=1.5)
    for word in words:
        if score_roles(word["text"]).get("number", 0) < STRONG_WORD:
            continue
        middle = _find_middle(word)
        near = [w for w in words if abs(_find_middle(w) - middle) <= HEADER_HEIGHT / 2]
        near = _select_close_lines(near, word)
        numbers = [w for w in near if w["top"] > word["bottom"] and _is_row_number(w, word)]
        first_row = min((w["top"] for w in numbers), default=inf)
        header = [w for w in near if w["bottom"] <= first_row]
        clusters = _cluster_words(header)
        texts = [_join_words(cluster) for cluster in clusters]
        if _is_header(texts):
            bottom = max(w["bottom"] for w in header)
            edges = _find_edges(clusters, _collect_spans(_collect_lines(page, bottom)))
            return Grid(edges, tuple(texts), min(w["top"] for w in header), bottom)
    return None


def _select_close_lines(words: Words, word: Any) -> list[Any]:
    """Return the words of the lines around `word`, up to an empty line above and below."""
    top, bottom = word["top"], word["bottom"]
    gap = HEADER_GAP * (bottom - top)
    for one in sorted(words, key=lambda w: -w["bottom"]):
        top = min(top, one["top"]) if one["bottom"] >= top - gap else top
    for one in sorted(words, key=lambda w: w["top"]):
        bottom = max(bottom, one["bottom"]) if one["top"] <= bottom + gap else bottom
    return [one for one in words if top <= _find_middle(one) <= bottom]


def _is_row_number(word: Any, header: Any) -> bool:
    text = word["text"]
    return bool(abs(word["x0"] - header["x0"]) < 30 and parse_number(text) and text.strip("."))


def _find_middle(word: Any) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _cluster_words(words: Words) -> list[list[Any]]:
    """Return the words of a header by column: those whose spans overlap or nearly touch."""
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


def _join_words(words: Words) -> str:
    return normalise(
        " ".join(w["text"] for w in sorted(words, key=lambda w: (round(w["top"]), w["x0"])))
    )


def _is_header(texts: Sequence[str]) -> bool:
    roles: set[Role] = set()
    for text in texts:
        scores = score_roles(text)
        if scores:
            roles.add(max(scores, key=lambda role: scores[role]))
    return "title" in roles and bool({"lead", "deadline"} & roles) and len(roles) >= 3


def _collect_spans(lines: Sequence[Words]) -> list[Span]:
    """Return the x of begin and end of the words in lines of three cells or more."""
    return [
        (word["x0"], word["x1"]) for line in lines if len(_split_runs(line)) > 2 for word in line
    ]


def _find_edges(clusters: Sequence[Words], body: Sequence[Span]) -> tuple[float, ...]:
    """Return the edge between each two columns.

    It is the middle of the widest strip without a word below the header, else of the gap in it.
    """
    edges: list[float] = []
    for left, right in pairwise(clusters):
        start, stop = min(w["x0"] for w in left), max(w["x1"] for w in right)
        inner = (max(w["x1"] for w in left), min(w["x0"] for w in right))
        strips = _find_empty_strips(body, start, stop) if body else []
        best = max(strips, key=lambda s: s[1] - s[0], default=None)
        is_wide = best is not None and best[1] - best[0] >= NARROWEST_GAP
        edges.append(sum(best if best and is_wide else inner) / 2)
    return tuple(edges)


def _find_empty_strips(spans: Sequence[Span], start: float, stop: float) -> list[Span]:
    """Return the strips between `start` and `stop` in which no word stands."""
    strips: list[Span] = []
    right = start
    for left, end in sorted(span for span in spans if span[1] > start and span[0] < stop):
        if left > right:
            strips.append((right, left))
        right = max(right, end)
    return [*strips, (right, stop)] if right < stop else strips


def _adapt_grid(page: Any, grid: Grid) -> Grid:
    """Return the columns of a page that continues a table: its own gaps, if they are as many."""
    spans = _collect_spans(_collect_lines(page, 0.0))
    edges = grid.edges
    if spans:
        left, right = min(span[0] for span in spans), max(span[1] for span in spans)
        strips = _find_empty_strips(spans, left, right)
        wide = [strip for strip in strips if strip[1] - strip[0] >= WORD_GAP]
        if len(wide) == len(edges):
            edges = tuple(sum(strip) / 2 for strip in wide)
    return Grid(edges, grid.texts)


def _read_rows(page: Any, grid: Grid) -> tuple[Table, float] | None:
    """Return the rows below the header and the y at which they end; None if it is running text."""
    lines = _collect_lines(page, grid.bottom)
    left = _find_title_left(lines, grid)
    end = next(
        (place for place, line in enumerate(lines) if _is_running_text(line, grid, left)),
        len(lines),
    )
    while 0 < end < len(lines) and _is_heading(lines[end - 1], grid):
        end -= 1  # the heading of the text below
    bottom = lines[end][0]["top"] if end < len(lines) else _find_bottom(page, lines)
    lines = lines[:end]
    plain = [line for line in lines if not _is_heading(line, grid)]
    if not plain or sum(_crosses_edge(line, grid) for line in plain) > CROSSING * len(plain):
        return None
    columns = range(len(grid.edges) + 1)
    rows = [
        _read_heading_row(block, grid)
        or tuple(TableCell(_join_cell_text(block, column, grid)) for column in columns)
        for block in _split_rows(lines, grid)
    ]
    return make_table(rows), bottom


def _find_bottom(page: Any, lines: list[list[Any]]) -> float:
    """Return the y at which the lines end: that of the signature, else the end of the page."""
    last = lines[-1][0]["top"] if lines else 0.0
    below = [w["top"] for w in page.extract_words(x_tolerance=1.5) if w["top"] - last >= SAME_LINE]
    return float(min(below, default=page.height))


def _collect_lines(page: Any, top: float) -> list[list[Any]]:
    """Return the words below `top` by line, up to the signature, without a page number."""
    lines: list[list[Any]] = []
    words = [w for w in page.extract_words(x_tolerance=1.5) if w["top"] >= top - 1]
    for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
        if lines and word["top"] - lines[-1][0]["top"] < SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    body: list[list[Any]] = []
    for line in lines:
        if _SIGNATURE.match(fold(_join_words(line))):
            break
        at_edge = line[0]["bottom"] > page.height * 0.9
        if not (at_edge and len(line) == 1 and line[0]["text"].isdigit()):
            body.append(line)
    return body


def _split_runs(line: Words) -> list[list[Any]]:
    """Return the words of a line by cell: those with no more than a blank between them."""
    runs: list[list[Any]] = []
    for word in sorted(line, key=lambda w: w["x0"]):
        if runs and word["x0"] - runs[-1][-1]["x1"] < WORD_GAP:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _runs_through(run: Words, grid: Grid) -> bool:
    """Return whether a run of words lies on both sides of an edge."""
    return _find_column(run[0], grid) != _find_column(run[-1], grid) or _crosses_edge(run, grid)


def _find_title_left(lines: Sequence[Words], grid: Grid) -> float:
    """Return the x at which most texts of the second column begin."""
    firsts = [
        next((word["x0"] for word in line if _find_column(word, grid) == 1), None) for line in lines
    ]
    counted = Counter(x for x in firsts if x is not None)
    return float(counted.most_common(1)[0][0]) if counted else 0.0


def _is_running_text(line: Words, grid: Grid, left: float) -> bool:
    """Return whether a line belongs to a paragraph below the table.

    Such a line begins in the column of numbers and runs through its edge. So does a number close to
    its task, but then the task begins at `left`, as the others do.
    """
    first = _split_runs(line)[0]
    if _find_column(first[0], grid) > 0 or not _runs_through(first, grid):
        return False
    numeral = parse_number(first[0]["text"])
    return numeral is None or numeral.kind == "none" or abs(first[1]["x0"] - left) > MOST_INDENT


def _read_heading_row(block: Sequence[Words], grid: Grid) -> tuple[TableCell, ...] | None:
    """Return the cells of a numbered line whose text runs through the columns, or None."""
    if len(block) != 1 or not _has_row_number(block[0], grid):
        return None
    runs = _split_runs(block[0])
    text = [word for run in runs for word in run if _find_column(word, grid) > 0]
    if not text or len(runs) > 2 or len(_split_runs(text)) > 1 or not _runs_through(text, grid):
        return None
    number = " ".join(word["text"] for word in block[0] if _find_column(word, grid) == 0)
    title = _join_words(text)
    return (
        TableCell(number),
        TableCell(title),
        *(TableCell(title, merged_left=True) for _ in grid.edges[1:]),
    )


def _crosses_edge(line: Words, grid: Grid) -> bool:
    return any(
        word["x0"] < edge - 1 and word["x1"] > edge + 1 for word in line for edge in grid.edges
    )


def _find_column(word: Any, grid: Grid) -> int:
    middle = (word["x0"] + word["x1"]) / 2
    return sum(middle > edge for edge in grid.edges)


def _split_rows(lines: list[list[Any]], grid: Grid) -> list[list[list[Any]]]:
    """Return the lines by row: split at wide gaps, or at the numbers if a gap misses some."""
    steps = [b[0]["top"] - a[0]["top"] for a, b in pairwise(lines)]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    spaced: list[list[list[Any]]] = [[lines[0]]]
    for step, line in zip(steps, lines[1:], strict=True):
        if step > NEXT_ROW * usual:
            spaced.append([line])
        else:
            spaced[-1].append(line)
    counts = [sum(_has_row_number(line, grid) for line in block) for block in spaced]
    if len(spaced) > 1 and max(counts) <= 1 and 2 * sum(counts) > len(counts):
        return spaced
    return _split_at_numbers(lines, grid)


def _split_at_numbers(lines: list[list[Any]], grid: Grid) -> list[list[list[Any]]]:
    """Return the lines by row, split at the numbers.

    If a row of several columns begins above the first number, numbers stand in the middle of their
    rows: a row then ends as far below its number as it began above it.
    """
    parts: list[list[list[Any]]] = [[]]
    headings: list[list[Any]] = []
    for line in lines:
        if _is_heading(line, grid):
            headings.append(line)
            parts.append([])
        else:
            parts[-1].append(line)
    middle = any(
        part and not _has_row_number(part[0], grid) and len(_split_runs(part[0])) > 1
        for part in parts
    )
    blocks = _split_between_headings(parts[0], grid, middle)
    for heading, part in zip(headings, parts[1:], strict=True):
        blocks += [[heading], *_split_between_headings(part, grid, middle)]
    return blocks


def _is_heading(line: Words, grid: Grid) -> bool:
    """Return whether a line has a letter or a Roman number, and one text beside it."""
    number = [word["text"] for word in line if _find_column(word, grid) == 0]
    text = [word for word in line if _find_column(word, grid) > 0]
    numeral = parse_number(" ".join(number)) if number else None
    return (
        numeral is not None and numeral.kind in ("roman", "letter") and len(_split_runs(text)) == 1
    )


def _split_between_headings(
    lines: list[list[Any]], grid: Grid, middle: bool
) -> list[list[list[Any]]]:
    numbers = [place for place, line in enumerate(lines) if _has_row_number(line, grid)]
    if not numbers:
        return [lines] if lines else []
    starts = [0]
    for place, following in pairwise(numbers):
        start = 2 * place - starts[-1] + 1 if middle else following
        start = min(max(start, place + 1), following)
        starts.append(start + (start < following and _continues_sentence(lines[start])))
    return [
        lines[start:stop] for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


def _continues_sentence(line: Words) -> bool:
    """Return whether every text of a line begins with a small letter."""
    return all(run[0]["text"][0].islower() for run in _split_runs(line))


def _has_row_number(line: Words, grid: Grid) -> bool:
    first = [w["text"] for w in line if _find_column(w, grid) == 0]
    numeral = parse_number(" ".join(first)) if first else None
    return numeral is not None and numeral.kind != "none"


def _join_cell_text(block: Sequence[Words], place: int, grid: Grid) -> str:
    texts = (
        " ".join(
            w["text"] for w in sorted(line, key=lambda w: w["x0"]) if _find_column(w, grid) == place
        )
        for line in block
    )
    return unwrap_cell("\n".join(text for text in map(normalise, texts) if text))
