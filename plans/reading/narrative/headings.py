"""Judge the headings of a narrative: which hold duties, aims, what was done, or only a matter."""

import re

from language.text import fold, lower_first
from plans.reading.narrative import leads
from plans.reading.narrative.outline import OutlineItem
from plans.reading.narrative.sentence_times import names_time
from plans.reading.roles import find_name_before_role, find_name_before_verb, strip_request
from plans.reading.row_task import PlanContext
from plans.tables.columns import load_column_words
from plans.tables.patterns import compile_pattern

_ABOUT = re.compile(r"^(?:về|công tác)\s+")
_GROUNDS = compile_pattern("grounds")
_CLOSED = re.compile(r"\./\.\s*$")
_ASKED_OF_ALL = compile_pattern("asked_of_all")
_OF_ITSELF = compile_pattern("of_itself")


def judge_heading(item: OutlineItem, above: bool | None) -> bool | None:
    """Return whether duties may stand under an item; not known before the first heading."""
    if item.mark != "number":
        return above
    folded = fold(item.text).strip(" :.")
    words = load_column_words()["prose"]
    is_heading = bool(item.parts) or item.depth <= 1
    asked = strip_request(item.text)
    if asked != item.text and leads.begins_like_agency(asked):
        return True  # "Yêu cầu các chủ đầu tư:", not the aims under "Yêu cầu"
    if is_heading and folded.startswith(tuple(words["looks_back"])):
        return False
    holds = holds_duties(item.text)
    return holds or not (is_heading and folded.startswith(tuple(words["aims"])))


def holds_duties(text: str) -> bool:
    """Return whether a heading has a word of parts that hold duties."""
    folded = fold(text)
    return any(word in folded for word in load_column_words()["prose"]["holds_duties"])


def names_duties(text: str) -> bool:
    """Return whether a heading names the part that lists duties by agency."""
    folded = fold(text).strip(" :.")
    return any(duty in folded for duty in load_column_words()["prose"]["duties"])


def is_under_duties(item: OutlineItem) -> bool:
    """Return whether the nearest numbered heading above an item says that duties follow."""
    above = item.heading
    return above is not None and above.mark == "number" and names_duties(above.text)


def is_part(item: OutlineItem) -> bool:
    """Return whether a heading titles a part of a document, which is no task itself."""
    text = item.text
    is_title = text.isupper() or names_duties(text) or holds_duties(text)
    return item.mark == "number" and item.depth <= 1 and is_title


def is_ordering_sentence(text: str) -> bool:
    """Return whether a text that has ended begins with what is to be done."""
    return text.endswith((".", ";")) and not _find_before_order(text)


def _find_before_order(text: str) -> str:
    """Return what stands before the first verb or role of a text, "" if it begins with one."""
    plain = lower_first(text)
    return find_name_before_verb(plain) and find_name_before_role(plain)


def read_lead_of_matter(item: OutlineItem, context: PlanContext) -> str:
    """Return who leads all below a heading of a matter: "1. Về cây giống (Sở A chủ trì)"."""
    matter, bracket, _ = item.text.partition("(")
    about = _ABOUT.sub("", lower_first(matter.strip()))
    orders = not _find_before_order(about) and not item.text.endswith(")")
    if not bracket or item.blocks or orders or names_time(item.text):
        return ""
    return leads.find_bracket_lead(item.text, context)


def is_preamble(text: str) -> bool:
    """Return whether a paragraph tells on what grounds the plan is issued, or what it is."""
    return bool(_GROUNDS.match(fold(text)))


def is_topic(text: str) -> bool:
    """Return whether a heading names a matter and orders nothing."""
    return (
        len(text) < leads.LONGEST_NAME
        and not text.endswith((".", ";"))
        and find_name_before_verb(lower_first(text)) != ""
        and not leads.read_role_heading(text)[0]
        and not names_time(text)
    )


def closes_list(item: OutlineItem) -> bool:
    """Return whether a paragraph ends a list: by its first words, or "./." after bullets."""
    folded = fold(item.text)
    words = load_column_words()["prose"]
    closing = folded.startswith(tuple(words["closing"])) or bool(_OF_ITSELF.match(folded))
    beside = item.parent.items if item.parent else []
    is_last = item.mark == "plain" and bool(_CLOSED.search(item.text))
    is_asked = bool(_ASKED_OF_ALL.match(folded)) and not names_time(item.text)
    if closing or (is_last and (is_asked or any(one.mark == "bullet" for one in beside))):
        return True
    _, _, duty = item.text.partition(":")
    orders = bool(duty) and find_name_before_verb(lower_first(duty.strip())) == ""
    starts = tuple(words["closing_asks"])
    is_dated = item.mark == "number" and names_time(item.text)
    return not (item.parts or orders or is_dated) and folded.startswith(starts)


def is_leaf(item: OutlineItem) -> bool:
    """Return whether nothing but the end of a list stands under an item.

    Lines without a sign are under no sentence that has ended.
    """
    is_ended = item.text.endswith((".", ";"))
    return not item.blocks and all(
        closes_list(one) or (is_ended and one.mark == "plain") for one in item.items
    )
