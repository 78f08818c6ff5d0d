"""Split a text by role: who leads and who helps.

For example "Sở A chủ trì, phối hợp với Sở B; các phòng phối hợp". The names are read later, with
`language.agencies`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from language.agencies.tables import load_agency_tables
from language.text import lower_first, normalise
from language.tokens import make_name_key
from locales.data import load_data
from plans.reading.bullets import split_bullets
from plans.tables.columns import load_column_words
from plans.tables.patterns import compile_pattern

_EDGES = " ,;:.-–/()"
_SIGNS = " ,;:.-–"
_WITH = compile_pattern("together_with")
_LABEL = compile_pattern("role_label")
_HELPING = compile_pattern("helping_label")
_DESCRIBED = compile_pattern("described")
_NOT_A_PLACE = compile_pattern("not_a_place")
_BRACKET = compile_pattern("role_bracket")
_PARTS = re.compile(r"\s*[;\n]\s*")


class RoleTexts(NamedTuple):
    """The names of a cell by role, as text that is still to be read."""

    lead: str
    partners: str


@lru_cache(maxsize=1)
def _compile_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of role words: the words are data in `columns.toml`."""
    data = load_column_words()["roles"]

    def join_words(name: str) -> str:
        return "|".join(re.escape(word) for word in sorted(data[name], key=len, reverse=True))

    return {
        "lead": re.compile(rf"(?<!\w)(?:{join_words('lead_words')})(?!\w)", re.IGNORECASE),
        "partner": re.compile(rf"(?<!\w)(?:{join_words('partner_words')})(?!\w)", re.IGNORECASE),
        "verb": re.compile(
            rf"(?<!\w)(?:(?:{join_words('before_verbs')})\s+)?(?:{join_words('verbs')})(?!\w)"
        ),
        "name_goes_on": re.compile(rf"(?:^|\W)(?:{join_words('kept_after')})\W*$", re.IGNORECASE),
        "name_phrase": re.compile(
            "|".join([join_words("kept_phrases"), *load_data("agencies")["cells"]["kept"]]),
            re.IGNORECASE,
        ),
        "request": re.compile(rf"^(?:{join_words('asked')})\s+(?=\w)", re.IGNORECASE),
    }


def find_name_before_verb(text: str) -> str:
    """Return the beginning of `text` up to the first verb of duty in small letters.

    That is the name of who does it.
    """
    patterns = _compile_patterns()
    phrases = [phrase.span() for phrase in patterns["name_phrase"].finditer(text)]
    for found in patterns["verb"].finditer(text):
        if any(start <= found.start() < end for start, end in phrases):
            continue
        if found.start() == 0:
            return ""
        before = text[: found.start()].rstrip()
        if found[0] in load_column_words()["roles"]["also_nouns"] and not before[-1:].isalnum():
            continue
        if not text[found.end() :].strip(_EDGES) and _ends_name(found[0]):
            continue
        ends = found[0] in load_column_words()["roles"]["never_in_names"]
        if ends or not patterns["name_goes_on"].search(text[: found.start()]):
            return text[: found.start()].strip(_EDGES)
    return text.strip()


def count_words_of_verb(text: str) -> int:
    """Return of how many words the verb of duty is with which a text begins, 0 without one."""
    found = _compile_patterns()["verb"].match(lower_first(text))
    return len(found[0].split()) if found else 0


def _ends_name(verb: str) -> bool:
    """Return whether a verb without an object ends a name ("Phòng Kinh tế xây dựng")."""
    return make_name_key(verb) in load_agency_tables().cell_words["ends"]


def find_name_before_role(text: str) -> str:
    """Return the beginning of `text` up to the first word for leading or helping."""
    patterns = _compile_patterns()
    matches = (patterns["lead"].search(text), patterns["partner"].search(text))
    end = min((match.start() for match in matches if match), default=len(text))
    return text[:end].strip(" ,;:")


def strip_request(text: str) -> str:
    """Return a heading's agency without the words that ask it ("Đề nghị Báo ...")."""
    return _compile_patterns()["request"].sub("", normalise(text))


def has_role_words(text: str) -> bool:
    """Return whether a cell has a word for leading or helping, in a bracket a short one too."""
    patterns = (_compile_patterns()["lead"], _compile_patterns()["partner"], _BRACKET)
    return any(pattern.search(text) for pattern in patterns)


def names_helping(text: str) -> bool:
    """Return whether a heading has a word for helping ("Chủ trì, phối hợp")."""
    return bool(_compile_patterns()["partner"].search(text))


def split_roles(text: str, role: str = "lead") -> RoleTexts:
    """Return who leads and who helps in the cell `text`.

    Names without a word for either have the role `role` ("lead", "partners"). A cell that names no
    duty is returned whole.
    """
    text = "\n".join(dict.fromkeys(text.split("\n")))
    if _BRACKET.search(text):
        return _split_by_brackets(text, role)
    has_duty = has_role_words(text) or _has_duty_words(text)
    items = split_bullets(text)
    if not has_duty:
        texts = [item.text.rstrip(";.") for item in items] if len(items) > 1 else [normalise(text)]
        whole = "; ".join(texts).replace("\n", " ")
        return RoleTexts(whole, "") if role == "lead" else RoleTexts("", whole)
    lead: list[str] = []
    partners: list[str] = []
    current = role
    for item in items:
        for part in filter(None, _PARTS.split(item.text)):
            label = _LABEL.match(part)
            if label:
                current = "partners" if _HELPING.match(label[1]) else "lead"
                part = part[label.end() :]
            one = _split_part(part, current)
            lead += [one.lead] if one.lead else []
            partners += [one.partners] if one.partners else []
    return RoleTexts("; ".join(lead), "; ".join(partners))


def _split_by_brackets(text: str, role: str) -> RoleTexts:
    """Return who leads and who helps if brackets behind the names say so.

    In "Sở A (chủ trì), Sở B" those without a bracket help; in "Sở A, Sở B (phối hợp)" only the last
    name helps.
    """
    names: dict[str, list[str]] = {"lead": [], "partners": []}
    rest: list[str] = []
    for line in filter(None, (part.strip(_SIGNS) for part in re.split(r"[;\n]", text))):
        start = 0
        for found in _BRACKET.finditer(line):
            before = line[start : found.start()].strip(_SIGNS)
            of_role = "partners" if _HELPING.match(found[1]) else "lead"
            if of_role == "partners" and "," in before and not names["lead"]:
                first, before = before.rsplit(",", 1) if role == "lead" else ("", before)
                rest.append(first)
            names[of_role].append(before.strip(_SIGNS))
            start = found.end()
        rest.append(line[start:].strip(_SIGNS))
    without = "partners" if names["lead"] or role == "partners" else "lead"
    names[without] += filter(None, rest)
    return RoleTexts("; ".join(names["lead"]), "; ".join(names["partners"]))


def _has_duty_words(text: str) -> bool:
    return any(
        find_name_before_verb(part.text) != part.text.strip() for part in split_bullets(text)
    )


def _split_part(text: str, role: str) -> RoleTexts:
    """Return who leads and who helps in one part of a cell, between semicolons."""
    patterns = _compile_patterns()
    lead = patterns["lead"].search(text)
    if lead and not _is_description(text[: lead.start()]):
        before, after = text[: lead.start()], text[lead.end() :]
        return RoleTexts(find_name_before_verb(before.strip(_EDGES)), find_partners(after))
    helps = patterns["partner"].search(text)
    if helps and not _is_description(text[: helps.start()]):
        before, after = text[: helps.start()].strip(_EDGES), text[helps.end() :]
        joined = _WITH.match(after)
        others = find_name_before_verb(after[joined.end() :]) if joined else ""
        if joined and role == "lead":
            return RoleTexts(find_name_before_verb(before), others)
        return RoleTexts("", "; ".join(filter(None, (find_name_before_verb(before), others))))
    name = find_name_before_verb(text)
    return RoleTexts(name, "") if role == "lead" else RoleTexts("", name)


def _is_description(before: str) -> bool:
    """Return whether a role word belongs to a description ("cơ quan chủ trì"), not to a duty."""
    return bool(_DESCRIBED.search(before))


def find_partners(sentence: str) -> str:
    """Return the names after "phối hợp với" in a sentence, "" if nobody is named."""
    for found in _compile_patterns()["partner"].finditer(sentence):
        joined = _WITH.match(sentence[found.end() :])
        if joined:
            return _find_agency_list(sentence[found.end() + joined.end() :])
    return ""


def _find_agency_list(text: str) -> str:
    """Return the agencies that begin `text`, up to a verb or a "trong" that names no place."""
    inside = _NOT_A_PLACE.search(text)
    return find_name_before_verb(text[: inside.start()].strip(_EDGES) if inside else text)
