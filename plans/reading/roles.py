"""Who leads and who helps, in a cell that says it in words: "Sở A chủ trì, phối hợp với Sở B; các phòng phối hợp"."""

import re
from functools import lru_cache
from typing import NamedTuple

from language.text import normalise
from plans.reading.bullets import bullets
from plans.tables.columns import words
from plans.tables.patterns import pattern

_EDGES = " ,;:.-–/()"
_WITH = pattern("together_with")
_LABEL = pattern("role_label")
_HELPING = pattern("helping_label")
_DESCRIBED = pattern("described")
_NOT_A_PLACE = pattern("not_a_place")
_PARTS = re.compile(r"\s*[;\n]\s*")


class Sides(NamedTuple):
    """The names of a cell, as text that still has to be read: who leads, who helps."""

    lead: str
    partners: str


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    data = words()["roles"]

    def any_of(values: list[str]) -> str:
        return "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))

    return {
        "lead": re.compile(rf"(?<!\w)(?:{any_of(data['lead_words'])})(?!\w)", re.IGNORECASE),
        "partner": re.compile(rf"(?<!\w)(?:{any_of(data['partner_words'])})(?!\w)", re.IGNORECASE),
        "verb": re.compile(rf"(?<!\w)(?:{any_of(data['verbs'])})(?!\w)"),
        "kept": re.compile(rf"(?:^|\W)(?:{any_of(data['kept_after'])})\W*$", re.IGNORECASE),
        "phrase": re.compile(any_of(data["kept_phrases"]), re.IGNORECASE),
        "asked": re.compile(rf"^(?:{any_of(data['asked'])})\s+(?=\w)", re.IGNORECASE),
    }


def name_before_verb(text: str) -> str:
    """The beginning of `text` up to the first word of duty in small letters: the name of who does it."""
    patterns = _patterns()
    phrases = [phrase.span() for phrase in patterns["phrase"].finditer(text)]
    for found in patterns["verb"].finditer(text):
        if any(start <= found.start() < end for start, end in phrases):
            continue
        if found.start() == 0:
            return ""
        if not patterns["kept"].search(text[: found.start()]):
            return text[: found.start()].strip(_EDGES)
    return text.strip()


def name_before_role(text: str) -> str:
    """The beginning of `text` up to the first word that says who leads or helps."""
    ends = [found.start() for kind in ("lead", "partner") if (found := _patterns()[kind].search(text))]
    return text[: min(ends, default=len(text))].strip(" ,;:")


def without_request(text: str) -> str:
    """A heading's agency without the words that ask it ("Đề nghị Báo ...")."""
    return _patterns()["asked"].sub("", normalise(text))


def tells_roles(text: str) -> bool:
    """Whether a cell says in words who leads or who helps."""
    return bool(_patterns()["lead"].search(text) or _patterns()["partner"].search(text))


def sides(text: str, role: str = "lead") -> Sides:
    """Who leads and who helps in the cell `text`; a name without a word of either is of `role` ("lead", "partners").

    A cell in which no duty is told is given back whole.
    """
    text = "\n".join(dict.fromkeys(text.split("\n")))
    told = tells_roles(text) or _cut(text)
    marks = [str(item) for item in bullets(text)]
    if not told:
        whole = "; ".join(item.text.rstrip(";.") for item in bullets(text)) if len(marks) > 1 else normalise(text)
        whole = whole.replace("\n", " ")
        return Sides(whole, "") if role == "lead" else Sides("", whole)
    lead: list[str] = []
    partners: list[str] = []
    current = role
    for item in bullets(text):
        for part in filter(None, _PARTS.split(item.text)):
            label = _LABEL.match(part)
            if label:
                current = "partners" if _HELPING.match(label[1]) else "lead"
                part = part[label.end() :]
            one = _part(part, current)
            lead += [one.lead] if one.lead else []
            partners += [one.partners] if one.partners else []
    return Sides("; ".join(lead), "; ".join(partners))


def _cut(text: str) -> bool:
    return any(name_before_verb(part.text) != part.text.strip() for part in bullets(text))


def _part(text: str, role: str) -> Sides:
    """One part of a cell between semicolons."""
    patterns = _patterns()
    lead = patterns["lead"].search(text)
    if lead and not _describes(text[: lead.start()]):
        before, after = text[: lead.start()], text[lead.end() :]
        return Sides(name_before_verb(before.strip(_EDGES)), partners_in(after))
    helps = patterns["partner"].search(text)
    if helps and not _describes(text[: helps.start()]):
        before, after = text[: helps.start()].strip(_EDGES), text[helps.end() :]
        joined = _WITH.match(after)
        others = name_before_verb(after[joined.end() :]) if joined else ""
        if joined and role == "lead":
            return Sides(name_before_verb(before), others)
        return Sides("", "; ".join(filter(None, (name_before_verb(before), others))))
    name = name_before_verb(text)
    return Sides(name, "") if role == "lead" else Sides("", name)


def _describes(before: str) -> bool:
    """Whether the word of a role belongs to a description ("cơ quan chủ trì"), not to an agency's duty."""
    return bool(_DESCRIBED.search(before))


def partners_in(sentence: str) -> str:
    """The names after "phối hợp với" in a sentence, "" where nobody is named."""
    for found in _patterns()["partner"].finditer(sentence):
        joined = _WITH.match(sentence[found.end() :])
        if joined:
            return _named(sentence[found.end() + joined.end() :])
    return ""


def _named(text: str) -> str:
    """The list of agencies at the beginning of `text`, before a verb or before "trong" that names no place."""
    inside = _NOT_A_PLACE.search(text)
    return name_before_verb(text[: inside.start()].strip(_EDGES) if inside else text)
