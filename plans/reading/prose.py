"""Read plans without a table: duties listed by agency under headings.

Also the deadlines that the narrative beside a table sets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from language.text import fold, normalise
from plans.format import MilestoneRow, PlanMilestoneRow, TaskRow
from plans.reading.bullets import Bullet, split_bullets
from plans.reading.roles import (
    find_name_before_role,
    find_name_before_verb,
    find_partners,
    strip_request,
)
from plans.reading.row_task import PlanContext, find_code, read_agency_names
from plans.tables.columns import load_column_words
from plans.tables.numerals import Numeral, split_number
from plans.tables.patterns import LOWER_LETTER, UPPER_LETTER, compile_pattern

LONGEST_HEADING = 250  # characters
FEWEST_HEADINGS = 3  # headings by agency that make a plan of a text without a part for duties

_SMALL_START = re.compile(f"^{LOWER_LETTER}")
_MARKED = re.compile(r"^(?:[-–+*•]|\(?\d{1,2}[.)]|[a-zđ]\)|[IVXLC]+[.)/]|[A-ZĐ][.)])\s*\S")
_DOUBLE_MARK = re.compile(r"^[-–•*]\s*(?=\+\s)")
_CLOSED = re.compile(r"\./\.\s*$")
_TIME_WORD = compile_pattern("time_word").pattern
_SENTENCE_END = re.compile(rf"(?<=\.)\s+(?={UPPER_LETTER})")
_PERIODICAL = compile_pattern("periodical")
_PERIOD_PHRASE = compile_pattern("period_phrase")
_REPORT = compile_pattern("report")
_EXPLAINED = compile_pattern("explained_agency")
_SIGNATURE = compile_pattern("signature")
_DURATION = re.compile(r"\d{4}\s*[-–]\s*\d{4}")

Depth = Literal[0, 1, 2, 3, 4]
_DEPTHS: dict[str, Depth] = {"letter": 0, "roman": 1, "arabic": 2, "small": 4}


@dataclass
class _OpenHeading:
    """An open heading: its number and text; `lead` are its agencies, [] if it names none."""

    label: str
    text: str
    depth: int
    lead: list[str] = field(default_factory=list)


@dataclass
class _Duty:
    """A duty in the narrative: its key, the text of its heading, its words, who leads."""

    key: str
    section: str
    text: str
    lead: list[str]


def read_tasks(lines: list[str], context: PlanContext) -> list[TaskRow]:
    """Return a task for each duty under an agency's heading (docs/dev/plan-format.md rule 3)."""
    return [_make_task(duty, context) for duty in _find_duties(join_paragraphs(lines), context)]


def read_plan_milestones(lines: list[str], context: PlanContext) -> list[PlanMilestoneRow]:
    """Return the deadlines that the narrative of a plan with a table sets.

    They are those of periodical reports, and those of duties with a day of their own.
    """
    quiet = context.copy_without_doubts()
    rows: list[PlanMilestoneRow] = []
    for duty in _find_duties(join_paragraphs(lines), quiet):
        partners = _read_partners(duty, quiet)
        text, times = duty.text, _read_deadlines(duty.text, quiet)[1]
        if not times:
            text, times = _read_periodical_report(duty.text, quiet)
        for time in times:
            title = text.rstrip(" ./;")
            rows.append(
                PlanMilestoneRow(lead=duty.lead, partners=partners, title=title, milestone=time)
            )
    return rows


def _read_periodical_report(text: str, context: PlanContext) -> tuple[str, list[MilestoneRow]]:
    """Return the sentence that orders a periodical report, and what it means.

    The meaning is periods, a report that it goes with, or a doubt. Return `text` and [] if no
    sentence orders one.
    """
    for sentence in _SENTENCE_END.split(text):
        match = _PERIODICAL.search(sentence)
        if match is not None and _REPORT.search(sentence):
            times = context.read_deadline(match[0].strip(" ./"))
            return sentence, select_dated_milestones(times)
    return text, []


def select_dated_milestones(times: list[MilestoneRow]) -> list[MilestoneRow]:
    """Return the milestones of a sentence that say when; if none does, the first alone."""
    return [time for time in times if time.kind != "regulation"] or times[:1]


def join_paragraphs(lines: list[str]) -> list[str]:
    """Return the lines with broken sentences joined.

    A line that begins with a small letter goes on with the line before.
    """
    joined: list[str] = []
    for line in filter(None, map(normalise, lines)):
        if (
            joined
            and _SMALL_START.match(line)
            and not _MARKED.match(line)
            and not joined[-1].endswith((".", ":"))
        ):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


# ---------------------------------------------------------------- finding duties


def _find_duties(texts: list[str], context: PlanContext) -> list[_Duty]:
    """Return the duties of the part that lists them.

    If there is no such part, return those of the whole text, if it has headings by agency.
    """
    quiet = context.copy_without_doubts()
    part = _find_duty_part(texts)
    if part is not None:
        return list(_ProseWalk(quiet).read_duties(part))
    walk = _ProseWalk(quiet)
    found = list(walk.read_duties(texts))
    return found if walk.headings >= FEWEST_HEADINGS else []


def _find_duty_part(texts: list[str]) -> list[str] | None:
    """Return the paragraphs from the last heading of a part for duties to the end, or None."""
    for place in reversed(range(len(texts))):
        numeral, text = split_number(texts[place])
        if (
            numeral.kind in ("roman", "letter")
            and len(text) < LONGEST_HEADING
            and _names_duties(text)
        ):
            return texts[place:]
    return None


def _names_duties(text: str) -> bool:
    folded = fold(text).strip(" :.")
    return any(duty in folded for duty in load_column_words()["prose"]["duties"])


class _ProseWalk:
    """Goes down the paragraphs and tracks the open headings; `headings` counts those by agency."""

    def __init__(self, context: PlanContext) -> None:
        self._context = context
        self._open: list[_OpenHeading] = []
        self._count = 0
        self._sub = 0
        self._bulleted = False
        self.headings = 0

    def read_duties(self, texts: list[str]) -> Iterator[_Duty]:
        """Yield the duties in order, up to the signature."""
        for text in texts:
            if _SIGNATURE.match(fold(text)):
                return
            numeral, rest = split_number(text)
            if numeral.kind != "none":
                yield from self._read_numbered_paragraph(numeral, rest)
            else:
                yield from self._read_plain_paragraph(text)

    def _read_numbered_paragraph(self, numeral: Numeral, text: str) -> Iterator[_Duty]:
        depth = _DEPTHS[numeral.kind] + (
            numeral.label.count(".") if numeral.kind == "arabic" else 0
        )
        lead = self._read_heading_agencies(text)
        under = self._get_open_heading() if self._open and self._open[-1].depth < depth else None
        if lead:
            self._open_heading(_OpenHeading(numeral.label, text.strip(" :."), depth, lead))
            self.headings += 1
        elif under is not None and under.lead:
            yield self._make_duty(text, under)
        else:
            self._open_heading(_OpenHeading(numeral.label, text, depth))
            inline = self._read_inline_agencies(text)
            if inline:
                self._open[-1].lead = inline
                yield _Duty(self._make_path(), self._get_chapter(), text, inline)
                self._open[-1].lead = []

    def _read_plain_paragraph(self, text: str) -> Iterator[_Duty]:
        heading = self._get_open_heading()
        if heading is None or not heading.lead:
            return
        item: Bullet = split_bullets(_DOUBLE_MARK.sub("", text))[0]
        if not item.mark:
            if self._closes_list(text):
                self._open.pop()
                return
            yield self._make_duty(text, heading)
        elif item.mark == "+" and self._count:
            self._sub += 1
            yield _Duty(
                f"{self._make_path()}.{self._count}+{self._sub}",
                heading.text,
                item.text,
                heading.lead,
            )
        else:
            self._bulleted = True
            yield self._make_duty(item.text, heading)

    def _make_duty(self, text: str, heading: _OpenHeading) -> _Duty:
        self._count += 1
        self._sub = 0
        return _Duty(f"{self._make_path()}.{self._count}", heading.text, text, heading.lead)

    def _closes_list(self, text: str) -> bool:
        """Return whether a paragraph without a bullet ends the list.

        It does if it begins like a closing paragraph, or ends the document ("./.") after bullets.
        """
        folded = fold(text)
        closing = any(folded.startswith(start) for start in load_column_words()["prose"]["closing"])
        return closing or (self._bulleted and bool(_CLOSED.search(text)))

    def _open_heading(self, heading: _OpenHeading) -> None:
        self._open = [one for one in self._open if one.depth < heading.depth]
        self._open.append(heading)
        self._count, self._sub, self._bulleted = 0, 0, False

    def _get_open_heading(self) -> _OpenHeading | None:
        return self._open[-1] if self._open else None

    def _make_path(self) -> str:
        labels: list[str] = []
        for heading in self._open:
            if labels and heading.label.startswith(f"{labels[-1]}."):
                labels[-1] = heading.label
            else:
                labels.append(heading.label)
        return ".".join(labels)

    def _get_chapter(self) -> str:
        return self._open[0].text if self._open else ""

    def _read_heading_agencies(self, text: str) -> list[str]:
        """Return the agencies of a heading that names nothing else, [] for other headings."""
        if len(text) > LONGEST_HEADING or text.endswith((";", ".")):
            return []
        name = _EXPLAINED.split(strip_request(text.strip(" :")))[0]
        if find_name_before_verb(name) != name:
            return []
        return self._read_known_agencies(name)

    def _read_inline_agencies(self, text: str) -> list[str]:
        """Return who leads in a paragraph that goes on with the duty ("Giao Sở A chủ trì ...")."""
        asked = strip_request(text)
        name = find_name_before_role(find_name_before_verb(asked))
        if not name or name == asked:
            return []
        return self._read_known_agencies(name)

    def _read_known_agencies(self, text: str) -> list[str]:
        """Return the agencies that `text` names, [] if one of them is unknown."""
        mentions = self._context.read_agencies(text)
        known = all(mention.is_known for mention in mentions)
        return [mention.name for mention in mentions] if known else []


# ---------------------------------------------------------------- what a duty says


def _make_task(duty: _Duty, context: PlanContext) -> TaskRow:
    printed, times = _read_deadlines(duty.text, context)
    if not times:
        printed, times = _read_interval(duty.text, context)
    return TaskRow(
        key=duty.key,
        section=duty.section or None,
        title=duty.text,
        code=find_code(duty.text),
        lead=duty.lead,
        partners=_read_partners(duty, context),
        deadline_text=printed,
        milestones=times,
    )


def _read_interval(text: str, context: PlanContext) -> tuple[str | None, list[MilestoneRow]]:
    """Return the interval of a duty ("định kỳ hàng quý"), as printed and as read."""
    match = _PERIOD_PHRASE.search(text)
    times = context.read_deadline(match[0]) if match else []
    recurring = [time for time in times if time.kind == "recurring" and not time.doubt]
    return (match[0], recurring) if match and recurring else (None, [])


def _read_partners(duty: _Duty, context: PlanContext) -> list[str]:
    names = read_agency_names(find_partners(duty.text), context, duty.key, 0, "partners")
    return [name for name in names if name not in duty.lead]


@lru_cache(maxsize=1)
def _compile_time_pattern() -> re.Pattern[str]:
    """Return the pattern of a deadline in a sentence.

    It is a word that begins one, then a day or a month, up to the end of the clause.
    """
    starts = "|".join(re.escape(start) for start in load_column_words()["prose"]["deadline_starts"])
    return re.compile(rf"(?<!\w)(?:{starts})\s+(?:{_TIME_WORD}\s*)?(?:\d|[IVX]+\b)[^;.,()]*")


def _read_deadlines(text: str, context: PlanContext) -> "tuple[str | None, list[MilestoneRow]]":
    """Return the deadlines in a sentence as printed and as read; None and [] if there are none.

    Spans of years ("2021-2025") are names of plans, not deadlines.
    """
    printed = [
        found[0].strip()
        for found in _compile_time_pattern().finditer(text)
        if not _DURATION.search(found[0])
    ]
    times = [
        time
        for phrase in printed
        for time in context.read_deadline(phrase)
        if time.kind in ("date", "period", "recurring") and not time.doubt
    ]
    return (" / ".join(printed), times) if times else (None, [])
