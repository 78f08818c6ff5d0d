"""Find what each row of a table of tasks is: a heading, a task, or the rest of the row before.

Not for the columns (`plans.tables.columns`) nor for what a task's cells mean (`row_task`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from language.text import fold
from plans.documents.html import split_run_on_bullets
from plans.reading.bullets import join_lines, split_bullets
from plans.reading.joined_rows import join_products, join_torn_rows, split_run_on_entry
from plans.reading.row_entry import TEXT_ROLES, EntryKind, RowEntry
from plans.tables.blocks import Row, Table, TableCell
from plans.tables.columns import (
    Columns,
    Role,
    fold_to_words,
    is_figure,
    is_repeated_header,
    load_column_words,
    names_columns,
)
from plans.tables.marks import name_unit
from plans.tables.numerals import NO_NUMBER, Numeral, parse_number, split_number
from plans.tables.patterns import compile_pattern
from plans.tables.time_columns import TimeColumn

_TIME = compile_pattern("time_line")
_TIME_PREFIX = compile_pattern("time_first", small=False)
_LIMIT = compile_pattern("limit_in_header")
_PLACE_DAY = compile_pattern("place_and_day")
_UNIT_FIRST = re.compile(r"(?:thang|quy)(?= |$)")  # of a header
_SHARE = re.compile(r"^\d{1,3}$")
_SHARE_HEADER = re.compile(r"%|\bty le\b")
_RUN_ON = re.compile(r"^[-+*•]\s?\S")
_HEADED = re.compile(r"^([IVXLC]+|[A-ZĐ])[.)]\s+(\S.*)$", re.DOTALL)


def read_entries(table: Table, columns: Columns) -> list[RowEntry]:
    """Return the headings and tasks of a table's body, in order."""
    body = list(_find_body_rows(table, columns))
    rows = [_read_entry(row, columns) for row in body]
    rows = _mark_headings(_count_titles_as_tasks(rows, columns))
    entries = [part for entry in join_torn_rows(rows, body) for part in split_run_on_entry(entry)]
    entries = join_products([entry for entry in entries if not _says_nothing(entry)])
    if columns.find_column("deadline") is not None or columns.marks.times or columns.marks.dues:
        return entries
    return [part for entry in entries for part in _split_duties(entry)]


def _split_duties(entry: RowEntry) -> list[RowEntry]:
    """Return a task for each bullet of a row that lists the duties of one body."""
    items = split_bullets(entry.get_text("title"))
    if entry.kind == "heading" or not items or not all(item.mark for item in items):
        return [entry]
    kind: EntryKind = "task" if entry.numeral.kind == "none" else "continued"
    return [
        replace(
            entry, kind=kind if place else entry.kind, texts={**entry.texts, "title": item.text}
        )
        for place, item in enumerate(items)
    ]


def _says_nothing(entry: RowEntry) -> bool:
    """Return whether a row has only a number, or closes the table."""
    texts = [text for text in entry.texts.values() if any(sign.isalnum() for sign in text)]
    if not texts:
        return entry.kind != "heading"
    title = fold(entry.get_text("title"))
    if entry.numeral.kind == "none" and title in load_column_words()["rows"]["signers"]:
        return True
    closes = title.startswith(tuple(load_column_words()["prose"]["closing"]))
    return closes and entry.numeral.kind == "none" and texts == [entry.get_text("title")]


def _find_body_rows(table: Table, columns: Columns) -> Iterator[Row]:
    """Yield the rows with text, without headers, up to the signature under the table.

    A signature stands after an empty row and has neither a number nor a task, or it begins with
    the place and the day, or with who signs, and no number follows.
    """
    rows = [
        row
        for row in table.rows[columns.header.stop :]
        if not is_repeated_header(row, table, columns) and not names_columns(row, columns)
    ]
    places = [place for role in ("number", "title") for place in columns.find_columns(role)]
    last = max(
        (i for i, row in enumerate(rows) if any(row.cells[place].text for place in places)),
        default=-1,
    )
    number = columns.find_column("number")
    numbered = (i for i, row in enumerate(rows) if _parse_numeral(row.cells, number) != NO_NUMBER)
    last_number = max(numbered, default=len(rows) if number is None else -1)
    for i, row in enumerate(rows):
        if i > last_number and _begins_signature(row):
            return
        has_text = any(cell.text for cell in row.cells)
        if i > last and not has_text:
            return
        if has_text:
            yield row


def _begins_signature(row: Row) -> bool:
    """Return whether a cell of a row is the place and the day, or the post of who signs."""
    signers = load_column_words()["rows"]["signers"]
    texts = [cell.text.strip() for cell in row.cells if not cell.merged_left]
    return any(_PLACE_DAY.match(text) or fold(text) in signers for text in texts)


def _read_entry(row: Row, columns: Columns) -> RowEntry:
    """Return a row as an entry; a heading is recognised by its shape."""
    cells = _repair_cells(row, columns)
    number_place = columns.find_column("number")
    numeral = _parse_numeral(cells, number_place)
    texts_beside = [
        cell.text
        for place, cell in enumerate(cells)
        if cell.text
        and not cell.merged_left
        and place != number_place
        and not (columns.roles[place] in (None, "other") and is_figure(cell.text))
    ]
    whole = _find_merged_text(cells, number_place)
    if whole is not None:
        numeral, text = (numeral, whole) if numeral.kind != "none" else split_number(whole)
        return RowEntry("heading", numeral, {"title": join_lines(text)}, row.number)
    texts, merged = _group_by_role(cells, columns)
    texts = {**texts, **_read_marks([cell.text for cell in cells], columns, texts)}
    if number_place is None and numeral.kind == "none" and "title" in texts:
        numeral, texts["title"] = _split_own_number(texts["title"])
    if set(texts_beside) == {texts.get("title", "")} and _may_be_heading(
        numeral, texts.get("title", "")
    ):
        own, text = (
            (numeral, texts["title"])
            if numeral.kind != "none"
            else split_number(join_lines(texts["title"]))
        )
        return RowEntry("heading", own, {"title": join_lines(text)}, row.number)
    kind: EntryKind = "continued" if _continues_row(cells, numeral, number_place) else "task"
    times = _read_other_times(cells, columns, texts)
    return RowEntry(kind, numeral, texts, row.number, merged, row.without_line_breaks, times)


def _read_marks(cells: Sequence[str], columns: Columns, texts: dict[Role, str]) -> dict[Role, str]:
    """Return what the columns that stand for a time or an agency say, by role.

    A limit in the header ("Hoàn thành trước") is put before a bare day, a unit ("Quý") before a
    bare number, and "%" behind one.
    """
    marks = columns.marks
    told: dict[Role, str] = {}
    if marks.dues or "deadline" not in texts:
        told["deadline"] = marks.read_deadline(cells)
    elif texts["deadline"][:1].isdigit() and _LIMIT.search(fold_to_words(columns.deadline_label)):
        told["deadline"] = f"{load_column_words()['rows']['before']} {texts['deadline']}"
    elif _UNIT_FIRST.match(fold_to_words(columns.deadline_label)):
        told["deadline"] = name_unit(texts["deadline"], [columns.deadline_label])
    if "status" not in texts:
        told["status"] = marks.read_status(cells)
    elif _SHARE_HEADER.search(fold(columns.status_label)):
        told["status"] = _write_share(texts["status"], columns.has_fractions)
    if "lead" not in texts:
        told["lead"] = marks.read_leads(cells)
        told["partners"] = texts.get("partners") or marks.read_partners(cells)
    return {role: text for role, text in told.items() if text}


def _write_share(text: str, is_fraction: bool) -> str:
    """Return a bare share with its sign: "70" is "70%", as is "0.7" of a column of fractions."""
    if is_fraction and is_figure(text):
        return f"{100 * float(text.replace(',', '.')):.4g}%"
    return f"{text}%" if _SHARE.match(text) else text


def _read_other_times(
    cells: Sequence[TableCell], columns: Columns, texts: dict[Role, str]
) -> tuple[tuple[TimeColumn, str], ...]:
    """Return the times that do not bind; an extended time takes the place of the deadline."""
    times: list[tuple[TimeColumn, str]] = []
    label = columns.deadline_label
    nothing = load_column_words()["rows"]["nothing"]
    for time in columns.times:
        cell = cells[time.place]
        if not cell.text or cell.merged_left or fold(cell.text) in nothing:
            continue
        if time.kind == "extended" and any(sign.isdigit() for sign in cell.text):
            old = texts.get("deadline")
            texts["deadline"] = cell.text
            times += [(TimeColumn(time.place, "due", label), old)] if old else []
            label = time.label
            continue
        is_day = any(sign.isdigit() for sign in cell.text)
        if time.kind in ("begun", "plain") and not texts.get("deadline") and not is_day:
            texts["deadline"] = cell.text  # "Thường xuyên" under "Bắt đầu"
            continue
        times.append((time, cell.text))
    return tuple(times)


def _parse_numeral(cells: Sequence[TableCell], place: int | None) -> Numeral:
    return (
        (parse_number(cells[place].text) or NO_NUMBER)
        if place is not None and place < len(cells)
        else NO_NUMBER
    )


def _continues_row(cells: Sequence[TableCell], numeral: Numeral, place: int | None) -> bool:
    """Return whether a row has no number of its own, in a table that numbers its rows."""
    return place is not None and (numeral.kind == "none" or cells[place].merged_up)


def _find_merged_text(cells: Sequence[TableCell], number_place: int | None) -> str | None:
    """Return the text of a row that is one merged cell, apart from its number; None for others."""
    rest = [cell for place, cell in enumerate(cells) if place != number_place]
    anchors = {cell.text for cell in rest if cell.text}
    merged = sum(cell.merged_left and bool(cell.text) for cell in rest)
    if len(anchors) == 1 and merged >= max(1, len(rest) // 2):
        number = cells[number_place].text if number_place is not None else ""
        text = anchors.pop()
        return (
            text
            if parse_number(number) is not None or number == text
            else f"{number} {text}".strip()
        )
    only = {cell.text for cell in cells if cell.text}
    if (
        number_place is not None
        and len(only) == 1
        and parse_number(cells[number_place].text) is None
    ):
        return only.pop() or None
    return None


def _may_be_heading(numeral: Numeral, title: str) -> bool:
    """Return whether a row with nothing but a title may be a heading.

    A title with an Arabic number is judged later, by the rows after it (`_mark_headings`).
    """
    if not title:
        return False
    return numeral.kind in ("roman", "letter") or (
        numeral.kind == "none" and (title.isupper() or bool(_HEADED.match(title)))
    )


def _repair_cells(row: Row, columns: Columns) -> tuple[TableCell, ...]:
    """Return the cells of a row; if it is recognised text, repaired.

    Bullets that run on get lines of their own. Recognition loses a column if two cells stand close:
    the text of the last cell then ends the cell before it, after the time, and is put back.
    """
    if not row.without_line_breaks:
        return row.cells
    texts = [
        split_run_on_bullets(cell.text) if _RUN_ON.match(cell.text) else cell.text
        for cell in row.cells
    ]
    deadline, lead = columns.find_column("deadline"), columns.find_column("lead")
    if deadline is not None and lead == deadline + 1 and texts[deadline]:
        texts[deadline], rest = _divide_cell(
            texts[deadline], texts[lead], torn=row.after_page_break
        )
        texts[lead] = "\n".join(filter(None, (rest, texts[lead])))
    return tuple(replace(cell, text=text) for cell, text in zip(row.cells, texts, strict=True))


def _divide_cell(text: str, beside: str, torn: bool) -> tuple[str, str]:
    """Return a time, and the text behind it that belongs to the cell `beside`.

    It is the last line if that has no time and the cell beside is empty or has the same text; else
    the words after the time; in a torn row the whole text if it has no time.
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


def _split_own_number(title: str) -> tuple[Numeral, str]:
    """Return the Arabic number that begins a title, and the rest; for tables without numbers."""
    numeral, rest = split_number(title)
    return (numeral, rest) if numeral.kind == "arabic" else (NO_NUMBER, title)


def _group_by_role(
    cells: Sequence[TableCell], columns: Columns
) -> tuple[dict[Role, str], frozenset[Role]]:
    """Return the texts by role, and the roles whose cell comes down from the row above."""
    texts: dict[Role, str] = {}
    merged: set[Role] = set()
    for role in TEXT_ROLES:
        parts: list[str] = []
        for place in columns.find_columns(role):
            cell = cells[place]
            if cell.text and not (
                cell.merged_left and place > 0 and columns.roles[place - 1] == role
            ):
                parts.append(cell.text)
            if cell.merged_up and cell.text:
                merged.add(role)
        texts[role] = "\n".join(parts)
        if fold(texts[role]) in load_column_words()["rows"]["nothing"]:
            texts[role] = ""
    return {role: text for role, text in texts.items() if text}, frozenset(merged)


def _count_titles_as_tasks(entries: list[RowEntry], columns: Columns) -> list[RowEntry]:
    """Return `entries`, with each continued row that has a title of its own as a task.

    So it is in a table with a number column that is mostly empty.
    """
    tasks = [entry for entry in entries if entry.kind != "heading"]
    numbered = sum(entry.numeral.kind != "none" for entry in tasks)
    if columns.find_column("number") is not None and numbered * 4 >= len(tasks):
        return entries
    return [
        replace(entry, kind="task")
        if entry.kind == "continued" and entry.get_text("title") and "title" not in entry.merged
        else entry
        for entry in entries
    ]


def _mark_headings(entries: list[RowEntry]) -> list[RowEntry]:
    """Return `entries` with those rows as headings that have only a title and rows below them.

    A row with an Arabic number is a heading if the next number is below its own, or if its title is
    in capitals.
    """
    result: list[RowEntry] = []
    for place, entry in enumerate(entries):
        following = next(
            (after for after in entries[place + 1 :] if after.numeral.kind != "none"), None
        )
        bare = set(entry.texts) == {"title"} and entry.kind != "heading" and not entry.merged
        if (
            bare
            and entry.numeral.kind == "none"
            and following is not None
            and following.numeral.label == "1"
        ):
            entry = replace(
                entry, kind="heading", texts={"title": join_lines(entry.get_text("title"))}
            )
        elif bare and entry.numeral.kind == "arabic" and following is not None:
            below = (
                following.numeral.label.startswith(f"{entry.numeral.label}.")
                or following.numeral.kind == "small"
                or (
                    following.numeral.label == "1"
                    and following.kind == "task"
                    and "." not in entry.numeral.label
                )
            )
            if below or entry.get_text("title").isupper():
                entry = replace(
                    entry, kind="heading", texts={"title": join_lines(entry.get_text("title"))}
                )
        result.append(entry)
    return result
