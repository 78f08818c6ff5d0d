"""Find the rows of a document that look like a duty or hold a day, and became no part of a plan.

The paragraphs that were not read are found in `narrative.prose`, which knows their headings.
"""

from collections.abc import Iterator, Sequence

from language.text import lower_first
from plans.format import PlanFile, UnreadRow
from plans.reading.heading import is_letterhead
from plans.reading.narrative import leads
from plans.reading.narrative.sentence_times import names_time, orders_time
from plans.reading.roles import find_name_before_verb
from plans.reading.row_task import PlanContext
from plans.reading.unread_row import make_unread_row
from plans.tables.blocks import Document, Row, Table, TextLine
from plans.tables.columns import Columns, fold_to_words
from plans.tables.guessed_columns import is_time
from plans.tables.patterns import compile_pattern

_PLACE_DAY = compile_pattern("place_and_day")
FEWEST_WORDS = 3  # of a text that may be a duty
MOST_WORDS_OF_TIME = 12


def find_unread_rows(
    document: Document,
    tables: Sequence[tuple[Table, Columns]],
    plan: PlanFile,
    context: PlanContext,
) -> Iterator[UnreadRow]:
    """Yield the rows of tables, and the text boxes, that stand nowhere in `plan`.

    `tables` are the tables of tasks with their columns.
    """
    columns_by_table = {id(table): columns for table, columns in tables}
    told = f" {fold_to_words(' '.join(_iterate_told(plan)))} "
    number = 0
    for block in document.blocks:
        if isinstance(block, TextLine):
            for line in block.text.split("\n") if block.aside else ():
                if orders_time(line) or leads.find_inline_lead(line, context):
                    yield make_unread_row("aside", line)
            continue
        number += 1
        columns = columns_by_table.get(id(block))
        title = columns.find_column("title") if columns is not None else None
        for row in () if is_letterhead(block) else block.rows[_find_start(columns) :]:
            if _looks_like_duty(row, context) and not _is_told(row, title, told):
                text = " – ".join(dict.fromkeys(_list_texts(row)))
                yield make_unread_row("row", text, path=block.name or number, place=row.number)


def _find_start(columns: Columns | None) -> int:
    return columns.header.stop if columns is not None else 0


def _iterate_told(plan: PlanFile) -> Iterator[str]:
    """Yield everything that a plan says, as texts."""
    yield plan.plan.title
    for task in plan.tasks:
        yield task.section or ""
        yield task.title
        yield from task.deliverables
        yield from (task.requirement or "", task.deadline_text or "", task.status_text or "")
        yield from (time.text for time in task.other_times)
    for row in plan.plan_milestones:
        yield row.title
    for unread in plan.unread:
        yield unread.text


def _list_texts(row: Row) -> list[str]:
    return [
        " ".join(cell.text.split())
        for cell in row.cells
        if cell.text.strip() and not cell.merged_left and not cell.merged_up
    ]


def _is_told(row: Row, title: int | None, told: str) -> bool:
    """Return whether the task of a row, else its longest text, stands in what a plan says.

    `title` is the column of tasks, `told` what the plan says, in words.
    """
    lines = row.cells[title].text.split("\n") if title is not None else []
    parts = list(filter(None, map(fold_to_words, lines)))  # each may be a task
    parts = parts or [max(map(fold_to_words, _list_texts(row)), key=len, default="")]
    return all(f" {words} " in told for words in parts)


def _looks_like_duty(row: Row, context: PlanContext) -> bool:
    """Return whether a row orders something, or holds a time beside words."""
    texts = _list_texts(row)
    if any(map(_PLACE_DAY.match, texts)):  # above a signature
        return False
    if any(orders_time(text) or leads.find_inline_lead(text, context) for text in texts):
        return True
    longer = [text for text in texts if len(text.split()) >= FEWEST_WORDS]
    for text in longer:
        others = [other for other in texts if other is not text]
        begins_with_verb = find_name_before_verb(lower_first(text)) == ""
        is_given = any(leads.is_made_of_known(other, context) for other in others)
        if (begins_with_verb and is_given) or any(map(_is_time, others)):
            return True
    return any(map(names_time, longer))


def _is_time(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS_OF_TIME and is_time(text)
