"""A document to a plan in the plan format, with what is doubtful: tables of tasks, else duties listed by agency."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz import fuzz

from language.agencies.directory import Directory, standard
from language.text import fold
from plans import documents
from plans.documents.faults import NoTasksError, TooManyRowsError
from plans.format import MOST_TASKS, PlanFile, PlanMilestoneRow, TaskRow
from plans.reading import labelled, prose
from plans.reading.doubts import Doubt, Reading
from plans.reading.heading import Head, declared_counts, head_of, lines_of
from plans.reading.row_task import Context, is_ditto, task_of
from plans.reading.rows import Entry, entries
from plans.tables import columns as columns_of
from plans.tables import guessed_columns
from plans.tables.blocks import Document, Table
from plans.tables.columns import Columns, words
from plans.tables.numerals import Ladder

Progress = Callable[[str, int], None]  # stage ("open", "rows"), how many so far

ALIKE = 80  # rapidfuzz score from which a declared section is one of the table's
_YEAR = re.compile(r"\b(20\d\d)\b")
_LETTERS = "ABCDĐEGHIKLMN"

__all__ = ["Doubt", "Reading", "read", "read_file"]


def read_file(path: Path, directory: Directory | None = None, progress: Progress | None = None) -> Reading:
    """The plan in the file at `path`, read in this process. Raises the DocumentErrors of `load` and `read`."""
    if progress:
        progress("open", 0)
    document = documents.load(path)
    return read(document, directory or standard(), path.stem, progress)


def read(document: Document, directory: Directory, name: str = "", progress: Progress | None = None) -> Reading:
    """The plan that `document` holds.

    `name` is the title where the document prints none. Raises NoTasksError where it has neither a table of tasks nor
    duties by agency, TooManyRowsError for more tasks than a plan has.
    """
    head = head_of(document, name or "?")
    found = [one for one in _task_tables(document) if one[0].name != _outside_sheet()]
    context = Context(directory, _years(head, document, found), head.plan.issued_on, head.province)
    rows: dict[str, int] = {}
    tasks: list[TaskRow] = []
    if found:
        tasks = _from_tables(found, context, rows, progress)
    if not tasks:
        texts = prose.paragraphs(lines_of(document))
        tasks = labelled.tasks(texts, context) or prose.tasks(texts, context)
    if not tasks:
        raise NoTasksError
    if len(tasks) > MOST_TASKS:
        raise TooManyRowsError(rows=MOST_TASKS)
    if head.plan.first_year is None and context.years:
        head.plan.first_year, head.plan.last_year = context.years
    plan = PlanFile(plan=head.plan, tasks=tasks, plan_milestones=_outside(document, found, context))
    doubts = _plan_doubts(head, document, tasks) + context.doubts
    if 2 * sum(task.deadline_text is None for task in tasks) > len(tasks):
        doubts = [doubt for doubt in doubts if doubt.message_id != "doubt-no-deadline"]  # this plan sets few deadlines
    return Reading(plan, doubts + _table_doubts(found), rows)


def _outside_sheet() -> str:
    """The name of the sheet in our own workbook that holds the deadlines outside the table."""
    return str(words()["workbook"]["outside"])


def _outside(document: Document, found: list[tuple[Table, Columns]], context: Context) -> list[PlanMilestoneRow]:
    """The deadlines beside the tables: of our workbook's sheet for them, else of the narrative."""
    rows: list[PlanMilestoneRow] = []
    for table, columns in _task_tables(document):
        if table.name == _outside_sheet():
            for task in _Walk(table, columns, context.quiet(), Ladder()).tasks():
                rows += [
                    PlanMilestoneRow(lead=task.lead, partners=task.partners, title=task.title, milestone=time)
                    for time in prose.told(task.milestones)
                ]
    return rows or (prose.plan_milestones(lines_of(document), context) if found else [])


def _task_tables(document: Document) -> list[tuple[Table, Columns]]:
    """The tables of tasks with their columns. One without a header that is as wide goes on with the one before."""
    found: list[tuple[Table, Columns]] = []
    for table in document.tables:
        columns = columns_of.find(table)
        if columns is None and found and table.width == found[-1][0].width and _goes_on(table, found[-1][1]):
            columns = Columns(range(0), found[-1][1].roles, found[-1][1].both, found[-1][1].lead_heads)
        if columns is not None:
            found.append((table, columns))
    if found:
        return found
    for table in document.tables:
        columns = guessed_columns.guess(table)
        if columns is not None:
            found.append((table, columns))
    return found


def _goes_on(table: Table, columns: Columns) -> bool:
    """Whether a table without a header holds rows like the table before: numbers, times and agencies in its places.

    A sheet of a workbook stands for itself.
    """
    return table.name is None and guessed_columns.fits(table, columns)


def _years(head: Head, document: Document, found: list[tuple[Table, Columns]]) -> tuple[int, int] | None:
    """The plan's years: of its heading, else the year that its deadline column and its sheets name most often."""
    first, last = head.plan.first_year, head.plan.last_year
    if first is not None and last is not None and 0 <= last - first <= 30:
        return first, last
    counts: Counter[int] = Counter()
    for table, columns in found:
        place = columns.first("deadline")
        if place is not None:
            counts.update(int(year) for row in table.rows for year in _YEAR.findall(row.cells[place].text))
        counts.update(int(year) for year in _YEAR.findall(table.name or ""))
    year = counts.most_common(1)[0][0] if counts else None
    return (year, year) if year else None


def _from_tables(
    found: list[tuple[Table, Columns]], context: Context, rows: dict[str, int], progress: Progress | None
) -> list[TaskRow]:
    tasks: list[TaskRow] = []
    ladder = Ladder()
    for place, (table, columns) in enumerate(found):
        if place and columns.header:
            ladder = Ladder()
        walk = _Walk(table, columns, context, ladder)
        for task in walk.tasks():
            if task.key in rows:
                task.key = f"PL{place + 1}.{task.key}"
            rows[task.key] = walk.row
            if walk.row in table.hidden_rows:
                context.doubt("doubt-hidden-row", task.key, walk.row, "number")
            tasks.append(task)
            if len(tasks) > MOST_TASKS:
                raise TooManyRowsError(rows=MOST_TASKS)
            if progress and len(tasks) % 10 == 0:
                progress("rows", len(tasks))
    return tasks


class _Walk:
    """Goes down one table of tasks."""

    def __init__(self, table: Table, columns: Columns, context: Context, ladder: Ladder) -> None:
        self.row = 0
        self._columns = columns
        self._context = context
        self._ladder = ladder
        self._entries = entries(table, columns)
        self._above: Entry | None = None
        self._key = ""
        self._head_lead: str | None = None
        self._section = ""

    def tasks(self) -> Iterator[TaskRow]:
        """The tasks in order."""
        for place, entry in enumerate(self._entries):
            if entry.kind == "heading":
                self._head(place, entry)
                continue
            key = self._key_of(entry)
            self._fill(entry)
            self._section = entry.texts.setdefault("section", self._section)
            if not entry.text("title"):
                entry.texts["title"] = entry.text("deliverables") or entry.text("requirement") or key
            self.row, self._key, self._above = entry.number, key, entry
            yield task_of(entry, key, self._ladder.section, self._columns, self._context, self._head_lead)

    def _head(self, place: int, entry: Entry) -> None:
        group = self._group(place) if entry.numeral.kind == "none" else None
        self._ladder.head(entry.numeral, entry.text("title"), group)
        self._above = None
        self._head_lead = entry.text("title") if self._is_agency(entry.text("title")) else None

    def _is_agency(self, text: str) -> bool:
        named = self._context.names(text)
        return self._columns.lead_heads or (bool(named) and all(one.known for one in named))

    def _group(self, place: int) -> str | None:
        """The letter of a heading without a number directly above heading I: it is a group, before group B it is A."""
        after = self._entries[place + 1] if place + 1 < len(self._entries) else None
        if after is None or after.kind != "heading" or after.numeral.kind != "roman" or after.numeral.value != 1:
            return None
        letters = [
            one.numeral for one in self._entries[place + 1 :] if one.kind == "heading" and one.numeral.kind == "letter"
        ]
        return _LETTERS[letters[0].value - 2] if letters and letters[0].value >= 2 else ""

    def _key_of(self, entry: Entry) -> str:
        if entry.kind == "continued" and self._above is not None:
            return self._ladder.continued(_base(self._key))
        key = self._ladder.key(entry.numeral)
        if not key.endswith(entry.numeral.label):
            self._context.doubt("doubt-number-twice", key, entry.number, "number", number=entry.numeral.label, key=key)
        return key

    def _fill(self, entry: Entry) -> None:
        """Gives a continued row the cells that it shares with its row, and "như trên" the text above."""
        above = self._above
        if above is None:
            return
        for role, text in list(entry.texts.items()):
            if is_ditto(text) and above.text(role):
                entry.texts[role] = above.text(role)
        if entry.kind != "continued":
            return
        own_lead = bool(entry.text("lead")) and "lead" not in entry.merged
        for role in ("title", "lead", "deadline", *(() if own_lead else ("partners",))):
            if not entry.text(role) and above.text(role):
                entry.texts[role] = above.text(role)


def _base(key: str) -> str:
    """The key of the row that a continued row goes on with: without its letter."""
    return re.sub(r"(?<=\d)[a-z]$", "", key)


def _table_doubts(found: list[tuple[Table, Columns]]) -> list[Doubt]:
    """What is doubtful about the tables of tasks: a header that is lost, columns that nobody sees."""
    doubts = [Doubt("doubt-no-header")] if found and not found[0][1].header else []
    hidden = [letter for table, _ in found for letter in table.hidden]
    return [*doubts, *([Doubt("doubt-hidden-columns", {"columns": ", ".join(hidden)})] if hidden else [])]


def _plan_doubts(head: Head, document: Document, tasks: list[TaskRow]) -> list[Doubt]:
    """What is doubtful about the plan as a whole."""
    doubts = [Doubt(f"doubt-{note}") for note in document.notes]
    if head.plan.number is None:
        doubts.append(Doubt("doubt-number-blank" if head.blank else "doubt-no-number"))
    if head.plan.first_year is None:
        doubts.append(Doubt("doubt-no-year"))
    sections = Counter(task.section or "" for task in tasks)
    for section, declared in declared_counts(lines_of(document)):
        if not section:
            if declared != len(tasks):
                doubts.append(Doubt("doubt-count", {"declared": declared, "found": len(tasks)}))
            continue
        name = max(sections, key=lambda one: fuzz.token_set_ratio(fold(one), fold(section)))
        if fuzz.token_set_ratio(fold(name), fold(section)) >= ALIKE and sections[name] != declared:
            doubts.append(
                Doubt("doubt-section-count", {"section": name, "declared": declared, "found": sections[name]})
            )
    return doubts
