"""Finds the header of a table of tasks and the role of each column, in any order and wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from language.text import fold
from locales.data import load_data
from plans.tables.blocks import Row, Table
from plans.tables.marks import (
    FEWEST_MARKS,
    NO_MARKS,
    Mark,
    Marks,
    find_marks,
    find_states,
    is_agency_start,
)
from plans.tables.statuses import are_statuses
from plans.tables.time_columns import (
    TimeColumn,
    TimeHeader,
    divide_time_columns,
    find_times_together,
    is_stage,
)

Role = Literal[
    "number",
    "section",
    "title",
    "lead",
    "partners",
    "deliverables",
    "deadline",
    "requirement",
    "status",
    "other",
]
ROLES: tuple[Role, ...] = get_args(Role)

MOST_HEADER_ROWS = 3  # rows of one header
FEWEST_ROLES_OF_LIST = 2  # a list of who does what has these alone
FEWEST_COLUMNS = 3  # columns that a header's first row names
LONGEST_HEADER_CELL = 120  # characters
FEWEST_FIGURES = 2  # columns of figures of a table that counts
PERSON = 1  # what a word for a person is worth as a lead
STRONG_WORD = 100  # what a strong word is worth above its length
REPEATABLE: tuple[Role, ...] = ("other", "deliverables", "requirement")  # of several columns

_PUNCTUATION = re.compile(r"[^a-z0-9%]+")
_ORDER_ROW = re.compile(r"^\(?\s*(?:\d{1,2}|[a-h])\s*\)?(?:\s*=.*)?$")
_FIGURE = re.compile(r"^[\d\s.,%/+-]+$")
_FRACTION = re.compile(r"^(?:0|1|0[.,]\d+|1[.,]0+)$")
_NUMERAL = re.compile(r"^(?:[ivxlc]+|[a-z]|\d+(?:[.,]\d+)*)\s*[.)/]?$|^[-+*]?$")


def load_column_words() -> dict[str, Any]:
    """Return the data of `locales/vi/columns.toml`."""
    return load_data("columns")


def fold_to_words(text: str) -> str:
    """Return `text` folded, runs of other signs than letters and digits one blank."""
    return _PUNCTUATION.sub(" ", fold(text)).strip()


def fold_header(text: str) -> str:
    """Return the words of a header's cell, short ones written out: "ĐVTH" is "don vi thuc hien"."""
    short = load_column_words()["abbreviations"]
    words = fold_to_words(text).split()
    return " ".join(
        short["anywhere"].get(word, short["behind"].get(word, word) if place else word)
        for place, word in enumerate(words)
    )


@dataclass(frozen=True)
class Columns:
    """The columns of a table.

    `header` are the numbers of the header's rows (from 0; empty if there is none), `roles` the role
    of each column. `lead_and_partners` is the column that names both. `lead_in_headings` says that
    a section's heading names the lead agency. `marks` are the columns that each stand for a time
    or an agency. `times` are the columns of times beside the binding one, whose header is
    `deadline_label`. `status_label` is the header of how work stands; `has_fractions` says that its
    shares go up to 1.
    """

    header: range
    roles: tuple[Role | None, ...]
    lead_and_partners: int | None = None
    lead_in_headings: bool = False
    marks: Marks = NO_MARKS
    times: tuple[TimeColumn, ...] = ()
    deadline_label: str = ""
    status_label: str = ""
    has_fractions: bool = False

    def find_columns(self, role: Role) -> list[int]:
        """Return the columns that have `role`."""
        return [place for place, other in enumerate(self.roles) if other == role]

    def list_empty_times(self, table: Table) -> Sequence[Mark]:
        """Return the columns that stand for a time if nothing is written in any of them."""
        body = table.rows[self.header.stop :]
        is_told = any(row.cells[mark.place].text for row in body for mark in self.marks.times)
        return () if is_told else self.marks.times

    def find_column(self, role: Role) -> int | None:
        """Return the first column that has `role`, or None."""
        return next(iter(self.find_columns(role)), None)


Scores = dict[Role, int]


def score_roles(text: str) -> Scores:
    """Return how well a header cell fits each role: the length of the longest phrase it holds.

    A strong phrase is worth STRONG_WORD more. It counts anywhere in the text, as do weak ones of
    several words; a single weak word counts at the beginning only.
    """
    folded = f" {fold_header(text)} "
    scores: Scores = {}
    if not folded.strip() or len(folded) > LONGEST_HEADER_CELL:
        return scores
    for role in ROLES:
        lists = load_column_words()["header"][role]
        strong = [len(word) for word in lists["strong"] if f" {word} " in folded]
        weak = [
            len(word)
            for word in lists["weak"]
            if folded.startswith(f" {word} ") or (" " in word and f" {word} " in folded)
        ]
        if strong:
            scores[role] = STRONG_WORD + max(strong)
        elif weak:
            scores[role] = max(weak)
    return scores


def is_header_word(text: str) -> bool:
    """Return whether a cell holds nothing but what a header says of a column."""
    words = load_column_words()["header"]
    folded = fold_header(text)
    lists = [
        part
        for role in ROLES
        for name, part in words[role].items()
        if name not in ("persons", "bodies")
    ]
    return any(folded in part for part in lists)


def find_task_columns(table: Table) -> Columns | None:
    """Return the columns of the first header in `table`, or None if it has none."""
    for start, row in enumerate(table.rows):
        fewest = min(FEWEST_COLUMNS, max(table.width, FEWEST_ROLES_OF_LIST))
        if not _may_be_header(row) or len(_list_own_texts(row)) < fewest:
            continue
        best: Columns | None = None
        for length in range(1, MOST_HEADER_ROWS + 1):
            rows = table.rows[start : start + length]
            if len(rows) < length or not all(_may_be_header(more) for more in rows[1:]):
                break
            columns = _read_header(table, range(start, start + length))
            if _is_task_table(columns) and (best is None or _is_better(columns, best, rows)):
                best = columns
        if best:
            columns = _include_order_row(best, table)
            return _include_status_column(_include_number_column(columns, table), table)
    return None


def _read_header(table: Table, header: range) -> Columns:
    """Return the columns of a table whose header has these rows."""
    texts = _collect_column_texts([table.rows[place] for place in header])
    bare = Columns(header, (None,) * table.width)
    states = find_states(texts, _list_body_texts(bare, table))
    places = {state.place for state in states}
    others = [[""] if place in places else parts for place, parts in enumerate(texts)]
    columns = _include_marks(_drop_figures(_assign_roles(others, header), table), table)
    columns = _include_stages(columns, table)
    return replace(columns, marks=replace(columns.marks, states=states))


def _may_be_header(row: Row) -> bool:
    """Return whether a row has short texts only, the first of which is no number."""
    texts = _list_own_texts(row)
    if not texts or max(map(len, texts)) > LONGEST_HEADER_CELL:
        return False
    return not _NUMERAL.match(fold(texts[0]))


def _list_own_texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells if cell.text and not cell.merged_left]


def _collect_column_texts(rows: Sequence[Row]) -> list[list[str]]:
    """Return the texts of each column of a header from the top; a merged cell counts once."""
    return [
        [cell.text for cell in column if cell.text and not cell.merged_up] or [column[0].text]
        for column in zip(*(row.cells for row in rows), strict=True)
    ]


def _is_better(columns: Columns, best: Columns, rows: Sequence[Row]) -> bool:
    """Return whether a header with one row more is better than `best`.

    It is if number and task come down into the last row, or if it adds roles below a merged cell.
    """
    if all(cell.merged_up for cell in rows[-1].cells[:2]):
        return True
    more = len(set(columns.roles) - {None}) > len(set(best.roles) - {None})
    return more and any(cell.merged_left or cell.merged_up for cell in rows[0].cells)


def _assign_roles(texts: list[list[str]], header: range) -> Columns:
    """Return the columns of a header, given the texts of each column from the top."""
    scores = [_score_column(parts) for parts in texts]
    _put_bodies_first(texts, scores)
    roles = _assign_best_scores(scores)
    times, label, dues = _assign_times(texts, scores, roles)
    _assign_section(scores, roles)
    lead_and_partners = _find_shared_column(scores, roles)
    if "lead" in roles and "partners" not in roles:
        others = [
            p for p, own in enumerate(scores) if roles[p] is None and own.get("lead", 0) > PERSON
        ]
        if others:
            roles[others[0]] = "partners"  # "Đơn vị thực hiện" beside "Đơn vị chủ trì"
    lead_in_headings = _assign_title_and_lead(scores, roles)
    if "lead" not in roles and not lead_in_headings:
        _assign_person(texts, roles)
    return Columns(
        header,
        tuple(roles),
        lead_and_partners,
        lead_in_headings,
        times=times,
        deadline_label=label,
        status_label=" ".join(texts[roles.index("status")]) if "status" in roles else "",
        marks=Marks(dues=dues),
    )


def _assign_person(texts: list[list[str]], roles: list[Role | None]) -> None:
    """Make the column of persons in charge the lead, in a table without one."""
    persons = load_column_words()["header"]["lead"]["if_alone"]
    for place, parts in enumerate(texts):
        if roles[place] in (None, "other") and fold_header(parts[-1]) in persons:
            roles[place] = "lead"
            return


def _assign_times(
    texts: list[list[str]], scores: list[Scores], roles: list[Role | None]
) -> tuple[tuple[TimeColumn, ...], str, tuple[Mark, ...]]:
    """Make the binding column of times the deadline; return the others and its header.

    Also those that bind together, under one merged header.
    """
    headers: list[TimeHeader] = []
    for place, parts in enumerate(texts):
        own = scores[place]
        is_time = "deadline" in own and own["deadline"] == max(own.values())
        folded = [words for part in parts if (words := fold_header(part))]
        if folded and (is_time or roles[place] is None):
            label = " ".join(" ".join(dict.fromkeys(parts)).split())
            headers.append(TimeHeader(place, folded, label, own["deadline"] if is_time else 0))
    binding, others = divide_time_columns(headers)
    for time in others:
        roles[time.place] = "other"
    if binding is not None:
        roles[binding] = "deadline"
    label = next((header.label for header in headers if header.place == binding), "")
    together = find_times_together(headers, binding)
    dues = tuple(Mark(place, " ".join(texts[place][-1].split())) for place in together)
    return tuple(time for time in others if time.place not in together), label, dues


def _score_column(parts: list[str]) -> Scores:
    """Return the scores of a column: its lowest text says more than the texts merged above it."""
    lowest = score_roles(parts[-1])
    if len(parts) == 1 or any(score > STRONG_WORD for score in lowest.values()):
        return lowest
    return score_roles(" ".join(parts))


def _put_bodies_first(texts: list[list[str]], scores: list[Scores]) -> None:
    """Lower the columns of persons in charge if another column names their bodies."""
    starts = load_column_words()["header"]["lead"]
    bodies, persons = (
        [
            own
            for parts, own in zip(texts, scores, strict=True)
            if "lead" in own and fold_header(parts[-1]).startswith(tuple(starts[name]))
        ]
        for name in ("bodies", "persons")
    )
    for own in persons if bodies else ():
        own["lead"] = PERSON


def _assign_best_scores(scores: list[Scores]) -> list[Role | None]:
    """Return the role of each column: the best score first; most roles are given once.

    Beside a strong word the weak ones of a header say nothing.
    """
    roles: list[Role | None] = [None] * len(scores)
    fits = [
        (score, place, role)
        for place, own in enumerate(scores)
        for role, score in own.items()
        if score > STRONG_WORD or max(own.values()) <= STRONG_WORD
    ]
    for _, place, role in sorted(fits, key=lambda fit: (-fit[0], fit[1])):
        if roles[place] is None and (role in REPEATABLE or role not in roles):
            roles[place] = role
    return roles


def _assign_title_and_lead(scores: list[Scores], roles: list[Role | None]) -> bool:
    """Make a column that names task and lead ("Cơ quan chủ trì / Nhiệm vụ") the title.

    Return whether there is one: the lead agencies are then in the headings of sections.
    """
    title = roles.index("title") if "title" in roles else None
    lead_in_headings = False
    for place, own in enumerate(scores):
        if title is None and {"title", "lead"} <= own.keys() and own["title"] > STRONG_WORD:
            roles[place], title = "title", place
        if place == title and own.get("lead", 0) > STRONG_WORD:
            lead_in_headings = True
        is_both = roles[place] == "lead" and own.get("title", 0) > STRONG_WORD
        if is_both and title in (None, place):
            roles[place], title, lead_in_headings = "title", place, True
    return lead_in_headings


def _assign_section(scores: list[Scores], roles: list[Role | None]) -> None:
    """Make the field of work the section if another column names the task."""
    if "title" not in roles or "section" in roles:
        return
    title = roles.index("title")
    others = [
        place
        for place, own in enumerate(scores)
        if own.get("title", 0) > STRONG_WORD and "section" not in own
    ]
    if "section" in scores[title] and others and roles[others[0]] is None:
        roles[title], roles[others[0]] = "section", "title"


def _find_shared_column(scores: list[Scores], roles: list[Role | None]) -> int | None:
    """Return the column that names leads and partners in one, unless another has the partners."""
    for place, own in enumerate(scores):
        if min(own.get("lead", 0), own.get("partners", 0)) <= STRONG_WORD:
            continue
        if roles[place] in ("lead", "partners"):
            other = "partners" if roles[place] == "lead" else "lead"
            if other not in roles:
                roles[place] = "lead"
                return place
    return None


def _is_task_table(columns: Columns) -> bool:
    """Return whether the columns name the task, and who does it or until when.

    A budget or a list of people does not.
    """
    roles = set(columns.roles)
    if len(columns.roles) == FEWEST_ROLES_OF_LIST:  # "Đơn vị" and "Nhiệm vụ được giao"
        return roles == {"lead", "title"}
    roles |= {"deadline"} if columns.marks.times or columns.marks.dues else set()
    roles |= {"lead"} if columns.marks.agencies else set()
    return (
        "title" in roles
        and ("deadline" in roles or bool({"lead", "partners"} & roles))
        and len(roles - {None}) >= 3
    )


def _include_order_row(columns: Columns, table: Table) -> Columns:
    """Add the row that counts the columns, "(1) (2) (3)", to the header."""
    after = columns.header.stop
    if after < len(table.rows):
        texts = [fold(text) for text in _list_own_texts(table.rows[after])]
        if len(texts) >= 3 and all(map(_ORDER_ROW.match, texts)):
            return replace(columns, header=range(columns.header.start, after + 1))
    return columns


def _include_number_column(columns: Columns, table: Table) -> Columns:
    """Make a first column without a name the number column if half its texts are numbers."""
    if "number" in columns.roles or columns.roles[0] is not None:
        return columns
    texts = [row.cells[0].text for row in table.rows[columns.header.stop :] if row.cells[0].text]
    if texts and sum(bool(_NUMERAL.match(fold(text))) for text in texts) * 2 >= len(texts):
        return replace(columns, roles=("number", *columns.roles[1:]))
    return columns


def _include_marks(columns: Columns, table: Table) -> Columns:
    """Add the columns that each stand for a time or an agency."""
    header = _collect_column_texts([table.rows[place] for place in columns.header])
    found = find_marks(header, _list_body_texts(columns, table))
    free = [
        mark
        for mark in found.agencies
        if columns.roles[mark.place] is None
        or not {"lead", "partners"} & score_roles(mark.header).keys()
    ]
    agencies = tuple(free) if len(free) >= FEWEST_MARKS else ()
    taken = {mark.place for mark in (*found.times, *agencies)}
    roles = tuple(None if place in taken else role for place, role in enumerate(columns.roles))
    marks = Marks(found.times, agencies, columns.marks.dues)
    return replace(columns, roles=roles, marks=marks)


def _include_stages(columns: Columns, table: Table) -> Columns:
    """Add the columns that hold times under the names of stages: "Phê duyệt", "Khởi công".

    Two or more bind, together with the day of completion; one alone is another time.
    """
    header = _collect_column_texts([table.rows[place] for place in columns.header])
    body = _list_body_texts(columns, table)
    taken = {mark.place for marks in (columns.marks.times, columns.marks.dues) for mark in marks}
    stages = [
        place
        for place, role in enumerate(columns.roles)
        if role is None and place not in taken and any(header[place]) and is_stage(body[place])
    ]
    labels = {place: " ".join(" ".join(parts).split()) for place, parts in enumerate(header)}
    if len(stages) < FEWEST_MARKS or columns.marks.dues:
        alone = (TimeColumn(place, "plain", labels[place]) for place in stages)
        return replace(columns, times=(*columns.times, *alone))
    starts = load_column_words()["times"]["begun"]["words"]
    begun = [
        time
        for time in columns.times
        if time.kind == "begun" and not any(word in fold_header(time.label) for word in starts)
    ]
    places = [*stages, *(time.place for time in begun), *columns.find_columns("deadline")]
    dues = tuple(Mark(place, labels[place]) for place in sorted(places))
    times = tuple(time for time in columns.times if time not in begun)
    return replace(columns, times=times, marks=replace(columns.marks, dues=dues))


def _list_body_texts(columns: Columns, table: Table) -> list[list[str]]:
    """Return the texts under the header by column, without cells merged with their neighbours."""
    body = table.rows[_include_order_row(columns, table).header.stop :]
    return [
        [row.cells[place].text for row in body if not row.cells[place].merged_left]
        for place in range(table.width)
    ]


def is_figure(text: str) -> bool:
    """Return whether a cell holds nothing but figures and their signs."""
    return _FIGURE.match(text) is not None


def _drop_figures(columns: Columns, table: Table) -> Columns:
    """Take the role of a lead or a partner from a column that holds numbers or units.

    Units stand beside quantities and prices ("Đơn vị" beside "Số lượng") or columns of figures.
    """
    header = _collect_column_texts([table.rows[place] for place in columns.header])
    quantities = set(load_column_words()["header"]["other"]["quantities"])
    body = [[text for text in texts if text.strip()] for texts in _list_body_texts(columns, table)]
    figures = [bool(texts) and all(map(is_figure, texts)) for texts in body]
    beside = sum(
        figure for figure, role in zip(figures, columns.roles, strict=True) if role != "number"
    )
    counts = "deadline" not in columns.roles and (
        beside >= FEWEST_FIGURES or any(fold_to_words(parts[-1]) in quantities for parts in header)
    )
    roles = list(columns.roles)
    for place, role in enumerate(roles):
        if role in ("lead", "partners"):
            names = [text for text in body[place] if " " in text and is_agency_start(text)]
            roles[place] = None if figures[place] or (counts and not names) else role
    return replace(columns, roles=tuple(roles))


def _include_status_column(columns: Columns, table: Table) -> Columns:
    """Make the column whose texts say how work stands the status if no header names one.

    So "Tiến độ" beside "Thời hạn", or "Kết quả" and "Ghi chú" of a tracker.
    """
    if "status" in columns.roles:
        texts = _list_body_texts(columns, table)[columns.roles.index("status")]
        shares = [text for text in texts if text.strip()]
        is_up_to_one = all(map(_FRACTION.match, shares)) and any(text != "0" for text in shares)
        return replace(columns, has_fractions=is_up_to_one)
    kinds = {time.place: time.kind for time in columns.times}
    for place, role in enumerate(columns.roles):
        if role not in ("deliverables", "requirement") and kinds.get(place) != "plain":
            continue
        if are_statuses([row.cells[place].text for row in table.rows[columns.header.stop :]]):
            roles: list[Role | None] = list(columns.roles)
            roles[place] = "status"
            times = tuple(time for time in columns.times if time.place != place)
            return replace(columns, roles=tuple(roles), times=times)
    return columns


def is_repeated_header(row: Row, table: Table, columns: Columns) -> bool:
    """Return whether a row repeats a row of the header, as on the top of a new page."""
    texts = [fold_to_words(text) for text in row.texts]
    header = (table.rows[place].texts for place in columns.header)
    return any(texts) and any(texts == [fold_to_words(text) for text in one] for one in header)


def names_columns(row: Row, columns: Columns) -> bool:
    """Return whether a row under the header names most columns again, in other words perhaps."""
    texts = [
        (cell.text, columns.roles[place])
        for place, cell in enumerate(row.cells)
        if cell.text and not cell.merged_left and columns.roles[place] not in (None, "number")
    ]
    fits = sum(role in score_roles(text) for text, role in texts if role is not None)
    has_strong = any(max(score_roles(text).values(), default=0) > STRONG_WORD for text, _ in texts)
    return len(texts) >= FEWEST_COLUMNS and fits == len(texts) and has_strong
