"""Read an open document to a plan, with doubts: tables of tasks, else duties listed by agency.

Runs in the child process of `sandbox`. Opening files is in `plans.documents`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from rapidfuzz import fuzz

from language.agencies.directory import Directory, load_standard_directory
from language.deadlines.context import get_doubt_text
from language.text import fold
from locales.answer import say
from locales.fluent import load_sentences
from locales.phrases import shorten_text
from plans.documents.faults import NoTasksError, OwnTableError, TooManyRowsError
from plans.documents.opening import load_document
from plans.format import MOST_TASKS, PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.reading.doubts import Doubt, PlanReading, Progress
from plans.reading.heading import (
    DocumentHeading,
    read_declared_counts,
    read_heading,
    read_narrative_lines,
)
from plans.reading.narrative import prose
from plans.reading.narrative.duty import select_dated_milestones
from plans.reading.narrative.leads import find_bracket_lead, name_only_agencies
from plans.reading.narrative.sentence_times import is_bare_time, read_intervals, read_times
from plans.reading.narrative.table_leads import TableLead, find_table_leads
from plans.reading.row_entry import RowEntry
from plans.reading.row_task import PlanContext, is_ditto, make_task
from plans.reading.rows import read_entries
from plans.reading.tracker import fill_tracker_fields
from plans.reading.unread import find_unread_rows
from plans.tables import columns as columns_of
from plans.tables import guessed_columns
from plans.tables.blocks import Document, Table
from plans.tables.columns import Columns, load_column_words
from plans.tables.divided import divide_tables
from plans.tables.numerals import OpenHeadings
from plans.tables.patterns import compile_pattern
from plans.tables.time_columns import is_month_first, is_plain_day
from plans.tables.turned import turn_tables

TaskTables = list[tuple[Table, Columns]]

LONGEST_NAME_OF_TASK = 80  # characters of the first task in the title of a plan that prints none
MOST_PLACES = 30  # pages or cells named in one doubt
SAME_SECTION_SCORE = 80  # rapidfuzz score from which a declared section is one of the table's
_NUMBERED = compile_pattern("numbered")
_NO_TITLE = "?"
_OWN_HEADERS = ("sheet-key", "sheet-printed", "sheet-class", "sheet-days-late")
_YEAR = re.compile(r"\b(20\d\d)\b")
_GROUP_LETTERS = "ABCDĐEGHIKLMN"  # the order in which Vietnamese documents number groups


def read_document_file(
    path: Path, directory: Directory | None = None, progress: Progress | None = None
) -> PlanReading:
    """Return the plan in the file at `path`, read in this process.

    Raises the DocumentErrors of `load_document` and `read_document`.
    """
    if progress:
        progress("open", 0)
    document = load_document(path)
    return read_document(document, directory or load_standard_directory(), progress)


def read_document(
    document: Document, directory: Directory, progress: Progress | None = None
) -> PlanReading:
    """Return the plan in `document`.

    A document that prints no title is called by its first task, never by the file's name: the same
    plan under two names would be two plans. Raises NoTasksError if it has neither a table
    of tasks nor duties by agency, TooManyRowsError if it has more than MOST_TASKS tasks, and
    OwnTableError if it is the status table of the registry: a row of that is a deadline, no task.
    """
    if _is_own_table(document):
        raise OwnTableError
    outside_sheet = _get_outside_sheet_name()
    document = divide_tables(turn_tables(document))
    all_tables = _drop_tables_looking_back(_find_task_tables(document), document)
    tables = [pair for pair in all_tables if pair[0].name != outside_sheet]
    table_years = _count_years(tables)
    head = read_heading(document, _NO_TITLE, table_years)
    years = _find_years(head, table_years)
    context = PlanContext(directory, years, head.plan.issued_on, head.plan.issuer)
    rows: dict[str, int] = {}
    tasks: list[TaskRow] = []
    leads = find_table_leads(document, tables, context)
    if tables:
        tasks = _read_task_tables(tables, leads, context, rows, progress)
    told = {lead.line for lead in leads.values()}
    lines = [line for line in read_narrative_lines(document) if line.strip() not in told]
    narrative = prose.read_narrative(lines, context, beside_table=bool(tasks))
    tasks = tasks or _keep_assigned_tasks(narrative.tasks, head.plan)
    if not tasks:
        raise NoTasksError
    if len(tasks) > MOST_TASKS:
        raise TooManyRowsError(rows=MOST_TASKS)
    if head.plan.first_year is None and context.years:
        head.plan.first_year, head.plan.last_year = context.years
    plan = PlanFile(
        plan=head.plan,
        tasks=tasks,
        plan_milestones=_find_outside_milestones(document, context)
        or [row for row in narrative.outside if not head.plan.title.endswith(row.title)],
        unread=narrative.unread,
    )
    plan.unread += find_unread_rows(document, all_tables, plan, context)
    doubts = _find_plan_doubts(head, document, tasks) + context.doubts
    if plan.plan.title == _NO_TITLE:
        plan.plan.title = _make_title(tasks)
        doubts.insert(0, Doubt("doubt-no-title", {"title": plan.plan.title}))
    doubts += _doubt_missing_deadlines(tasks, rows) + _find_table_doubts(tables)
    return PlanReading(plan, doubts, rows)


def _is_own_table(document: Document) -> bool:
    """Return whether a table has the headers of the status table that the program gives out."""
    headers = {load_sentences().to_text(say(name)) for name in _OWN_HEADERS}
    tables = (block for block in document.blocks if isinstance(block, Table))
    return any(
        headers <= {cell.text for row in table.rows[:1] for cell in row.cells} for table in tables
    )


def _doubt_missing_deadlines(tasks: list[TaskRow], rows: dict[str, int]) -> list[Doubt]:
    """Return a doubt for each task without a deadline, none if the plan sets few deadlines."""
    missing = [task for task in tasks if task.deadline_text is None]
    if 2 * len(missing) > len(tasks):
        return []
    return [
        Doubt("doubt-no-deadline", {}, task.key, rows.get(task.key), "deadline") for task in missing
    ]


def _make_title(tasks: list[TaskRow]) -> str:
    """Return a title for a plan that prints none, by its first task."""
    words = load_column_words()["heading"]["untitled"]
    return str(words).format(task=shorten_text(tasks[0].title, LONGEST_NAME_OF_TASK))


def _keep_assigned_tasks(tasks: list[TaskRow], plan: PlanHead) -> list[TaskRow]:
    """Return the tasks of a narrative, none if it is no plan.

    A plan without leads is carried out by its issuer; notes that print neither a title nor a
    number and give nobody anything to do are no plan.
    """
    is_titled = plan.number is not None or plan.title != _NO_TITLE
    return tasks if is_titled or any(task.lead for task in tasks) else []


def _get_outside_sheet_name() -> str:
    """Return the name of the sheet in our own workbook with the deadlines outside the table."""
    return str(load_column_words()["workbook"]["outside"])


def _find_outside_milestones(document: Document, context: PlanContext) -> list[PlanMilestoneRow]:
    """Return the deadlines in the sheet that our own workbook has for those outside the table."""
    rows: list[PlanMilestoneRow] = []
    for table, columns in _find_task_tables(document):
        if table.name == _get_outside_sheet_name():
            for task in _TableWalk(
                table, columns, context.copy_without_doubts(), OpenHeadings()
            ).read_tasks():
                rows += [
                    PlanMilestoneRow(
                        lead=task.lead, partners=task.partners, title=task.title, milestone=time
                    )
                    for time in select_dated_milestones(task.milestones)
                ]
    return rows


def _find_task_tables(document: Document) -> TaskTables:
    """Return the tables of tasks with their columns.

    A table without a header goes on with the one before if it is as wide and filled like it. If no
    table has a header, the columns are guessed from what the cells hold.
    """
    tables: TaskTables = []
    for table in document.tables:
        columns = columns_of.find_task_columns(table)
        if (
            columns is None
            and tables
            and table.width == tables[-1][0].width
            and _continues_table(table, tables[-1][1])
        ):
            columns = Columns(
                range(0),
                tables[-1][1].roles,
                tables[-1][1].lead_and_partners,
                tables[-1][1].lead_in_headings,
            )
        if columns is not None:
            tables.append((table, columns))
    if tables:
        return tables
    for table in document.tables:
        columns = guessed_columns.guess_columns(table)
        if columns is not None:
            tables.append((table, columns))
    return tables


def _drop_tables_looking_back(tables: TaskTables, document: Document) -> TaskTables:
    """Return the tables under no heading of what was done; all, if there are no others."""
    back: set[int] = set()
    looks_back = False
    for block in document.blocks:
        if isinstance(block, Table):
            back |= {id(block)} if looks_back else set()
            continue
        folded = fold(block.text).strip()
        number = _NUMBERED.match(folded)
        if number is not None:
            starts = tuple(load_column_words()["prose"]["looks_back"])
            looks_back = folded[number.end() :].startswith(starts)
    return [pair for pair in tables if id(pair[0]) not in back] or tables


def _continues_table(table: Table, columns: Columns) -> bool:
    """Return whether a table without a header has numbers, times and agencies in the same columns.

    A sheet of a workbook stands for itself, and so does a table with a header of other columns.
    """
    first = table.rows[0].cells[0].text if table.rows else ""
    has_header = columns_of.score_roles(first).get("number", 0) > columns_of.STRONG_WORD
    may_continue = table.name is None and not has_header
    return may_continue and guessed_columns.may_have_columns(table, columns)


def _count_years(tables: TaskTables) -> Counter[int]:
    """Return how often the columns of deadlines and the sheets' names name each year."""
    counts: Counter[int] = Counter()
    for table, columns in tables:
        place = columns.find_column("deadline")
        if place is not None:
            counts.update(
                int(year) for row in table.rows for year in _YEAR.findall(row.cells[place].text)
            )
        counts.update(int(year) for year in _YEAR.findall(table.name or ""))
    return counts


def _find_years(head: DocumentHeading, table_years: Counter[int]) -> tuple[int, int] | None:
    """Return the plan's first and last year, None if unknown.

    They are those of its heading, else the year that the deadline columns name most often.
    """
    first, last = head.plan.first_year, head.plan.last_year
    if first is not None and last is not None and 0 <= last - first <= 30:
        return first, last
    year = table_years.most_common(1)[0][0] if table_years else None
    return (year, year) if year else None


def _read_task_tables(
    tables: TaskTables,
    leads: Mapping[int, TableLead],
    context: PlanContext,
    rows: dict[str, int],
    progress: Progress | None,
) -> list[TaskRow]:
    """Return the tasks of all tables; `rows` gets the row in the file of each task's key.

    `leads` are those of tables without a column for them, by the table's `id`.
    """
    tasks: list[TaskRow] = []
    headings = OpenHeadings()
    for place, (table, columns) in enumerate(tables):
        if place and columns.header:
            headings = OpenHeadings()
        walk = _TableWalk(table, columns, context, headings, leads.get(id(table)))
        told = len(context.doubts)
        for task in walk.read_tasks():
            if task.key in rows:
                key = f"PL{place + 1}.{task.key}"
                context.rename_task(task.key, key, told)
                task.key = key
            told = len(context.doubts)
            rows[task.key] = walk.row
            if walk.row in table.hidden_rows:
                context.add_doubt("doubt-hidden-row", task.key, walk.row, "number")
            tasks.append(task)
            if len(tasks) > MOST_TASKS:
                raise TooManyRowsError(rows=MOST_TASKS)
            if progress and len(tasks) % 10 == 0:
                progress("rows", len(tasks))
    return tasks


class _TableWalk:
    """Goes down one table of tasks; `row` is the row in the file of the last task."""

    def __init__(
        self,
        table: Table,
        columns: Columns,
        context: PlanContext,
        headings: OpenHeadings,
        lead: TableLead | None = None,
    ) -> None:
        self.row = 0
        self._columns = columns
        self._context = context
        self._headings = headings
        self._entries = read_entries(table, columns)
        self._above: RowEntry | None = None
        self._key = ""
        self._table_lead = self._heading_lead = lead.name if lead is not None else None
        self._section = self._heading_time = ""
        self._kind_of_time = "none"  # of the number of the heading that is a time
        self._is_month_first = is_month_first(
            [entry.get_text("deadline") for entry in self._entries]
        )
        self._has_agency_headings = columns.find_column("lead") is None and name_only_agencies(
            [entry.get_text("title") for entry in self._entries if entry.kind == "heading"]
        )

    def read_tasks(self) -> Iterator[TaskRow]:
        """Yield the tasks in order."""
        for place, entry in enumerate(self._entries):
            if entry.kind == "heading":
                self._open_heading(place, entry)
                continue
            key = self._make_key(entry)
            self._fill_from_above(entry)
            self._section = entry.texts.setdefault("section", self._section)
            if not entry.get_text("title"):
                entry.texts["title"] = (
                    entry.get_text("deliverables") or entry.get_text("requirement") or key
                )
            self.row, self._key, self._above = entry.number, key, entry
            task = make_task(
                entry, key, self._headings.section, self._columns, self._context, self._heading_lead
            )
            if self._is_month_first and is_plain_day(task.deadline_text or ""):
                self._doubt_month_first(task)
            fill_tracker_fields(task, entry, self._context)
            if not task.deadline_text and self._columns.find_column("deadline") is None:
                self._read_time_in_text(task)
            if not task.deadline_text and self._heading_time:
                task.deadline_text = self._heading_time
                task.milestones = self._context.read_deadline(self._heading_time)
            yield task

    def _doubt_month_first(self, task: TaskRow) -> None:
        """Doubt a day that may have its month first, as others of its column have."""
        why = get_doubt_text("month_first")
        for place, time in enumerate(task.milestones):
            if not time.doubt:
                task.milestones[place] = time.model_copy(update={"doubt": why})
                text = task.deadline_text or ""
                self._context.add_doubt(
                    "doubt-deadline", task.key, self.row, "deadline", text=text, why=why
                )

    def _read_time_in_text(self, task: TaskRow) -> None:
        """Read the deadline in the sentence of a task, in a table without a column for it."""
        for text in (task.title, task.requirement or ""):
            printed, times = read_times(text, self._context)
            if not times:
                printed, times = read_intervals(text, self._context)
            behind = text.rpartition(":")[2].strip()
            if not times and is_bare_time(behind, self._context):  # "Tiêm đợt 1: 10/3/2031"
                printed, times = behind, self._context.read_deadline(behind)
            if times:
                task.deadline_text, task.milestones = printed, times
                return

    def _open_heading(self, place: int, entry: RowEntry) -> None:
        """Open the heading at `place`; an agency that it names leads tasks without a lead.

        A heading that is a time ("THÁNG 3") is the deadline of tasks without one.
        """
        group = self._find_group_letter(place) if entry.numeral.kind == "none" else None
        title = entry.get_text("title")
        self._headings.open_heading(entry.numeral, title, group)
        self._above = None
        if is_bare_time(title, self._context):
            self._heading_time, self._kind_of_time = title, entry.numeral.kind
        elif entry.numeral.kind == self._kind_of_time:
            self._heading_time = ""
        if self._is_agency_heading(title):
            self._heading_lead = title
        else:
            self._heading_lead = find_bracket_lead(title, self._context) or self._table_lead

    def _is_agency_heading(self, text: str) -> bool:
        mentions = self._context.read_agencies(text)
        return (self._columns.lead_in_headings or self._has_agency_headings) or (
            bool(mentions) and all(mention.is_known for mention in mentions)
        )

    def _find_group_letter(self, place: int) -> str | None:
        """Return the letter of a group: a heading without a number directly above heading I.

        The letter is the one before that of the next group: before group B it is A. If there is no
        next group it is "". Return None for other headings.
        """
        after = self._entries[place + 1] if place + 1 < len(self._entries) else None
        if (
            after is None
            or after.kind != "heading"
            or after.numeral.kind != "roman"
            or after.numeral.value != 1
        ):
            return None
        letters = [
            one.numeral
            for one in self._entries[place + 1 :]
            if one.kind == "heading" and one.numeral.kind == "letter"
        ]
        return _GROUP_LETTERS[letters[0].value - 2] if letters and letters[0].value >= 2 else ""

    def _make_key(self, entry: RowEntry) -> str:
        if entry.kind == "continued" and self._above is not None:
            return self._headings.continue_key(_strip_letter(self._key))
        key = self._headings.next_key(entry.numeral)
        if not key.endswith(entry.numeral.label):
            self._context.add_doubt(
                "doubt-number-twice",
                key,
                entry.number,
                "number",
                number=entry.numeral.label,
                key=key,
            )
        return key

    def _fill_from_above(self, entry: RowEntry) -> None:
        """Copy texts from above: for "như trên", and the shared cells of a continued row."""
        above = self._above
        if above is None:
            return
        for role, text in list(entry.texts.items()):
            if is_ditto(text) and above.get_text(role):
                entry.texts[role] = above.get_text(role)
        if entry.kind != "continued":
            return
        own_lead = bool(entry.get_text("lead")) and "lead" not in entry.merged
        for role in ("title", "lead", "deadline", *(() if own_lead else ("partners",))):
            if not entry.get_text(role) and above.get_text(role):
                entry.texts[role] = above.get_text(role)


def _strip_letter(key: str) -> str:
    """Return the key of the row that a continued row goes on with: "III.2" of "III.2b"."""
    return re.sub(r"(?<=\d)[a-z]$", "", key)


def _find_table_doubts(tables: TaskTables) -> list[Doubt]:
    """Return the doubts about the tables: a lost header, hidden columns, times without a tick."""
    doubts = [Doubt("doubt-no-header")] if tables and not tables[0][1].header else []
    hidden = [letter for table, _ in tables for letter in table.hidden_columns]
    empty = [mark.header for table, columns in tables for mark in columns.list_empty_times(table)]
    places = {"first": empty[0], "last": empty[-1]} if empty else {}
    return [
        *doubts,
        *([Doubt("doubt-empty-times", places)] if empty else []),
        *([Doubt("doubt-hidden-columns", {"columns": ", ".join(hidden)})] if hidden else []),
    ]


def _find_plan_doubts(
    head: DocumentHeading, document: Document, tasks: list[TaskRow]
) -> list[Doubt]:
    """Return the doubts about the plan as a whole."""
    doubts = [Doubt(f"doubt-{note}") for note in document.notes]
    for kind in dict.fromkeys(kind for kind, _ in document.losses):
        places = [place for one, place in document.losses if one == kind]
        more = len(places) - MOST_PLACES
        doubts.append(
            Doubt(
                f"doubt-{kind}", {"places": ", ".join(places[:MOST_PLACES]), "more": max(more, 0)}
            )
        )
    if head.plan.number is None:
        doubts.append(Doubt("doubt-number-blank" if head.has_blank_number else "doubt-no-number"))
    if head.plan.first_year is None:
        doubts.append(Doubt("doubt-no-year"))
    elif head.has_unsure_years:
        first, last = head.plan.first_year, head.plan.last_year or head.plan.first_year
        doubts.append(Doubt("doubt-years", {"first": str(first), "last": str(last)}))
    sections = Counter(task.section or "" for task in tasks)
    for section, declared in read_declared_counts(read_narrative_lines(document)):
        if not section:
            if declared != len(tasks):
                doubts.append(Doubt("doubt-count", {"declared": declared, "found": len(tasks)}))
            continue
        name = max(sections, key=lambda one: fuzz.token_set_ratio(fold(one), fold(section)))
        if (
            fuzz.token_set_ratio(fold(name), fold(section)) >= SAME_SECTION_SCORE
            and sections[name] != declared
        ):
            doubts.append(
                Doubt(
                    "doubt-section-count",
                    {"section": name, "declared": declared, "found": sections[name]},
                )
            )
    return doubts
