"""The rows of a table of tasks: which are headings, which tasks, which go on with the row before."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from language.text import fold
from plans.documents.html import apart
from plans.letters import LOWER_LETTER, UPPER_LETTER
from plans.reading.bullets import bullets, one_line
from plans.tables.blocks import Cell, Row, Table
from plans.tables.columns import Columns, Role, is_header, is_tick, plain, words
from plans.tables.numerals import NONE, Numeral, parse, prefix
from plans.tables.patterns import pattern

Kind = Literal["heading", "task", "continued"]
FIELDS: tuple[Role, ...] = ("section", "title", "lead", "partners", "deliverables", "deadline", "requirement")

_LOWER = re.compile(f"^{LOWER_LETTER}")
_TIME = pattern("time_line")
_TIME_PREFIX = pattern("time_first", small=False)
_BEGINS_PARAGRAPH = re.compile(rf"^(?:{UPPER_LETTER}|\d+%)")
_RUN_ON = re.compile(r"^[-+*•]\s?\S")
_HEADED = re.compile(r"^([IVXLC]+|[A-ZĐ])[.)]\s+(\S.*)$", re.DOTALL)


@dataclass
class Entry:
    """A row read by its columns: `texts` by role, `merged` the roles whose cell comes down from the row above."""

    kind: Kind
    numeral: Numeral
    texts: dict[Role, str]
    number: int
    merged: frozenset[Role] = frozenset()
    loose: bool = False

    def text(self, role: Role) -> str:
        """The text of a role, "" where the row has none."""
        return self.texts.get(role, "")


def entries(table: Table, columns: Columns) -> list[Entry]:
    """The headings and tasks of a table's body, in order."""
    body = list(_body(table, columns))
    read = [_entry(row, table, columns) for row in body]
    read = _headed(_numbered(read, columns))
    return [part for entry in _joined(read, body) for part in _parts(entry)]


def _body(table: Table, columns: Columns) -> Iterator[Row]:
    """The rows that say something, without headers, up to the signature under the table.

    A signature stands after an empty row, without a number and a task.
    """
    rows = [row for row in table.rows[columns.header.stop :] if not is_header(row, table, columns)]
    places = [place for role in ("number", "title") for place in columns.of(role)]
    last = max((i for i, row in enumerate(rows) if any(row.cells[place].text for place in places)), default=-1)
    for i, row in enumerate(rows):
        said = any(cell.text for cell in row.cells)
        if i > last and not said:
            return
        if said:
            yield row


def _entry(row: Row, table: Table, columns: Columns) -> Entry:
    """A row by its columns; a heading is told by its shape."""
    cells = _repaired(row, columns)
    number_place = columns.first("number")
    numeral = _numeral(cells, number_place)
    said = [cell.text for place, cell in enumerate(cells) if cell.text and not cell.across and place != number_place]
    whole = _merged_text(cells, number_place)
    if whole is not None:
        numeral, text = (numeral, whole) if numeral.kind != "none" else prefix(whole)
        return Entry("heading", numeral, {"title": one_line(text)}, row.number)
    texts, merged = _by_role(cells, columns)
    if columns.marks and "deadline" not in texts:
        ticked = [header for place, header in columns.marks if is_tick(cells[place].text)]
        texts |= {"deadline": ", ".join(ticked)} if ticked else {}
    if number_place is None and numeral.kind == "none" and "title" in texts:
        numeral, texts["title"] = _own_number(texts["title"])
    if set(said) == {texts.get("title", "")} and _may_head(numeral, texts.get("title", "")):
        own, text = (numeral, texts["title"]) if numeral.kind != "none" else prefix(one_line(texts["title"]))
        return Entry("heading", own, {"title": one_line(text)}, row.number)
    kind: Kind = "continued" if _goes_on(cells, numeral, number_place) else "task"
    return Entry(kind, numeral, texts, row.number, merged, row.loose)


def _numeral(cells: Sequence[Cell], place: int | None) -> Numeral:
    return (parse(cells[place].text) or NONE) if place is not None and place < len(cells) else NONE


def _goes_on(cells: Sequence[Cell], numeral: Numeral, place: int | None) -> bool:
    return place is not None and (numeral.kind == "none" or cells[place].down)


def _merged_text(cells: Sequence[Cell], number_place: int | None) -> str | None:
    """The text of a row that is one cell merged over the table, but for its number; None for other rows."""
    rest = [cell for place, cell in enumerate(cells) if place != number_place]
    anchors = {cell.text for cell in rest if cell.text}
    merged = sum(cell.across and bool(cell.text) for cell in rest)
    if len(anchors) == 1 and merged >= max(1, len(rest) // 2):
        number = cells[number_place].text if number_place is not None else ""
        text = anchors.pop()
        return text if parse(number) is not None or number == text else f"{number} {text}".strip()
    only = {cell.text for cell in cells if cell.text}
    if number_place is not None and len(only) == 1 and parse(cells[number_place].text) is None:
        return only.pop() or None
    return None


def _may_head(numeral: Numeral, title: str) -> bool:
    """Whether a row that says nothing but a title may be a heading; an arabic one is judged by the rows after it."""
    if not title:
        return False
    return numeral.kind in ("roman", "letter") or (
        numeral.kind == "none" and (title.isupper() or bool(_HEADED.match(title)))
    )


def _repaired(row: Row, columns: Columns) -> tuple[Cell, ...]:
    """The cells of a row of recognised text: bullets on lines of their own, a cell that holds two columns divided.

    Recognition loses a column when two cells stand close: what the last cell should hold then ends the cell before
    it, after the time.
    """
    if not row.loose:
        return row.cells
    texts = [apart(cell.text) if _RUN_ON.match(cell.text) else cell.text for cell in row.cells]
    deadline, lead = columns.first("deadline"), columns.first("lead")
    if deadline is not None and lead == deadline + 1 and texts[deadline]:
        texts[deadline], rest = _divided(texts[deadline], texts[lead], torn=row.torn)
        texts[lead] = "\n".join(filter(None, (rest, texts[lead])))
    return tuple(replace(cell, text=text) for cell, text in zip(row.cells, texts, strict=True))


def _divided(text: str, beside: str, torn: bool) -> tuple[str, str]:
    """A time and what follows it in the same cell although it belongs to the cell `beside`.

    That is the last line when it tells no time and the cell beside is empty or says the same; the words after the
    time; in a torn row the whole text when it tells no time.
    """
    lines = text.split("\n")
    times = list(lines)
    while len(times) > 1 and not _TIME.search(times[-1]) and (not beside or times[-1] in beside):
        times.pop()
        if not beside and times[-1] != lines[-1]:
            break
    if len(times) < len(lines):
        return "\n".join(times), "\n".join(lines[len(times) :])
    if beside:
        return text, ""
    if torn and not any(map(_TIME.search, lines)):
        return "", text
    found = _TIME_PREFIX.match(text)
    if found is None or _TIME.search(text[found.end() :]):
        return text, ""
    return found[1], text[found.end() :]


def _own_number(title: str) -> tuple[Numeral, str]:
    """The number that begins a title where a table has no number column, and the rest."""
    numeral, rest = prefix(title)
    return (numeral, rest) if numeral.kind == "arabic" else (NONE, title)


def _by_role(cells: Sequence[Cell], columns: Columns) -> tuple[dict[Role, str], frozenset[Role]]:
    texts: dict[Role, str] = {}
    merged: set[Role] = set()
    for role in FIELDS:
        parts: list[str] = []
        for place in columns.of(role):
            cell = cells[place]
            if cell.text and not (cell.across and place > 0 and columns.roles[place - 1] == role):
                parts.append(cell.text)
            if cell.down and cell.text:
                merged.add(role)
        texts[role] = "\n".join(parts)
        if fold(texts[role]) in words()["rows"]["nothing"]:
            texts[role] = ""
    return {role: text for role, text in texts.items() if text}, frozenset(merged)


def _numbered(read: list[Entry], columns: Columns) -> list[Entry]:
    """Where a table has no numbers at all (lost, or never there), every row with a title is a task of its own."""
    tasks = [entry for entry in read if entry.kind != "heading"]
    numbered = sum(entry.numeral.kind != "none" for entry in tasks)
    if columns.first("number") is not None and numbered * 4 >= len(tasks):
        return read
    return [
        replace(entry, kind="task")
        if entry.kind == "continued" and entry.text("title") and "title" not in entry.merged
        else entry
        for entry in read
    ]


def _joined(read: list[Entry], rows: list[Row]) -> list[Entry]:
    """Puts the rests of rows that a page break tore back to their rows, and drops rows that sum up."""
    joined: list[Entry] = []
    forward: Entry | None = None
    for entry, row in zip(read, rows, strict=True):
        if _is_total(entry):
            continue
        last = joined[-1] if joined else None
        if forward is not None and entry.kind == "task":
            entry = replace(entry, texts={**forward.texts, **entry.texts})
            forward = None
        if last is not None and last.kind != "heading" and _is_rest(entry, row, last):
            _append(joined, entry)
        elif last is not None and last.kind == "heading" and entry.kind == "continued" and _is_rest(entry, row, last):
            last.texts["title"] = one_line(f"{last.text('title')} {entry.text('title')}")
        elif entry.kind == "continued" and (last is None or last.kind == "heading") and not entry.text("title"):
            forward = entry
        else:
            joined.append(entry)
    return joined


def _is_total(entry: Entry) -> bool:
    """Whether a row sums up: it says so alone, or before something else without an agency and a time."""
    said = plain(entry.text("title"))
    totals = words()["rows"]["totals"]
    if said in totals:
        return True
    bare = entry.numeral.kind == "none" and not entry.text("lead") and not entry.text("deadline")
    return bare and any(said.startswith(f"{total} ") for total in totals if " " in total)


def _is_rest(entry: Entry, row: Row, last: Entry) -> bool:
    """Whether a row without a number only goes on with the sentences of the row before.

    It does where its first text begins in the middle of a sentence, and after a page break where it says neither a
    title nor both who and when.
    """
    if entry.kind != "continued" or entry.numeral.kind != "none" or entry.merged:
        return False
    said = [entry.text(role) for role in FIELDS if entry.text(role)]
    if not said or (entry.loose and _lacks_product(entry, last)):
        return True
    title = entry.text("title")
    if title and _LOWER.match(title):
        return True
    if not row.torn:
        return not title and len(said) == 1 and bool(_LOWER.match(said[0]))
    whole = entry.text("deadline") and (entry.text("lead") or entry.text("deliverables"))
    return not title and not (whole and not any(_LOWER.match(text) for text in said))


def _lacks_product(entry: Entry, last: Entry) -> bool:
    """Whether a row of recognised text has only the time and the agency of a product that stands in the row before."""
    if entry.text("title") or entry.text("deliverables"):
        return False
    return len(_products(last.text("deliverables"))) > len(last.text("deadline").split("\n"))


def _append(joined: list[Entry], rest: Entry) -> None:
    """Adds the rest of a torn row to the last cells of the same task that have a text."""
    for role, text in rest.texts.items():
        target = joined[-1]
        for entry in reversed(joined):
            if entry.text(role):
                target = entry
                break
            if entry.kind != "continued":
                break
        before = target.text(role)
        target.texts[role] = f"{before}\n{text}" if before else text


def _headed(read: list[Entry]) -> list[Entry]:
    """Arabic rows that say only a title are headings where the next number is below theirs, or in capitals."""
    result: list[Entry] = []
    for place, entry in enumerate(read):
        following = next((after for after in read[place + 1 :] if after.numeral.kind != "none"), None)
        bare = set(entry.texts) == {"title"} and entry.kind != "heading" and not entry.merged
        if bare and entry.numeral.kind == "none" and following is not None and following.numeral.label == "1":
            entry = replace(entry, kind="heading", texts={"title": one_line(entry.text("title"))})
        elif bare and entry.numeral.kind == "arabic" and following is not None:
            below = (
                following.numeral.label.startswith(f"{entry.numeral.label}.")
                or following.numeral.kind == "small"
                or (following.numeral.label == "1" and following.kind == "task" and "." not in entry.numeral.label)
            )
            if below or entry.text("title").isupper():
                entry = replace(entry, kind="heading", texts={"title": one_line(entry.text("title"))})
        result.append(entry)
    return result


def _parts(entry: Entry) -> list[Entry]:
    """The rows that recognition ran into one: each product with its own time, the first with the number.

    The paragraphs of the product cell are products, their bullets belong to them; of a single one with as many
    bullets as there are times (three or more), each bullet is. Times or products too many go with the last.
    """
    products = _products(entry.text("deliverables")) if entry.loose and entry.kind != "heading" else []
    times = [line for line in entry.text("deadline").split("\n") if line]
    if len(products) == 1 and len(times) >= 3:
        products = _by_bullet(products[0]) if len(_by_bullet(products[0])) == len(times) else products
    if len(products) < 2 or any(_RUN_ON.match(time) for time in times):
        return [entry]
    if len(times) > 1:
        size = min(len(products), len(times))
        products = [*products[: size - 1], "\n".join(products[size - 1 :])]
        times = [*times[: size - 1], "\n".join(times[size - 1 :])]
    else:
        times = times * len(products)
    parts: list[Entry] = []
    for place, product in enumerate(products):
        texts = {**entry.texts, "deliverables": product, "deadline": times[place] if times else ""}
        said = {role: text for role, text in texts.items() if text and not (place and role == "title")}
        parts.append(replace(entry, kind=entry.kind if place == 0 else "continued", texts=said))
    return parts


def _products(text: str) -> list[str]:
    """The paragraphs of a product cell of recognised text, each with its bullets and the brackets after it."""
    products: list[str] = []
    for line in filter(None, text.split("\n")):
        begins = _BEGINS_PARAGRAPH.match(line) and not bullets(line)[0].mark
        if products and not begins:
            products[-1] += f"\n{line}"
        else:
            products.append(line)
    return products


def _by_bullet(product: str) -> list[str]:
    """A product's bullets, the first with the words before it."""
    items = [str(item) for item in bullets(product)]
    if items and not bullets(items[0])[0].mark and len(items) > 1:
        items[0:2] = ["\n".join(items[0:2])]
    return items
