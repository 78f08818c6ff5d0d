"""Account for every paragraph of a narrative: what looks like a duty is told somewhere."""

from collections.abc import Collection, Iterable, Iterator

from plans.format import PlanMilestoneRow, TaskRow, UnreadRow
from plans.reading.narrative import headings, leads
from plans.reading.narrative.labels import split_labels
from plans.reading.narrative.outline import OutlineItem
from plans.reading.narrative.sentence_times import orders_time
from plans.reading.row_task import PlanContext
from plans.tables.columns import fold_to_words

LONGEST_COMPARED = 200  # letters of a text by which it is known again; long texts are cut


def list_told(
    tasks: Iterable[TaskRow], outside: Iterable[PlanMilestoneRow], unread: Iterable[UnreadRow]
) -> list[str]:
    """Return the texts by which a narrative was told."""
    texts = [text for task in tasks for text in (task.title, task.requirement)]
    texts += [row.title for row in outside] + [row.text for row in unread]
    return [text for text in texts if text]


def find_untold(
    root: OutlineItem, told: Iterable[str], passed_over: Collection[int], context: PlanContext
) -> Iterator[OutlineItem]:
    """Yield the items that look like a duty and whose words stand in no text of `told`.

    `passed_over` are the places of those that were found to be no duty.
    """
    words = " | ".join(map(fold_to_words, told))
    for item in root.walk_items():
        if item.place in passed_over or not _looks_like_duty(item, context):
            continue
        if not any(part in words for part in _list_compared(item.text)):
            yield item


def _list_compared(text: str) -> list[str]:
    """Return the words by which a text is known again: its own, or those behind its colon."""
    whole = fold_to_words(split_labels(text)[0])
    behind = fold_to_words(text.partition(":")[2])
    return [part[:LONGEST_COMPARED] for part in (whole, behind) if part]


def _looks_like_duty(item: OutlineItem, context: PlanContext) -> bool:
    text = item.text
    if text.isupper() or text.endswith(":") or headings.is_preamble(text):
        return False
    is_ordering = headings.is_ordering_sentence(text)
    return is_ordering or orders_time(text) or bool(leads.find_inline_lead(text, context))
