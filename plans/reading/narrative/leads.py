"""Find who acts in a paragraph: an agency as its heading, before a colon, or before a verb.

Also headings that only say the role ("Chủ trì, phối hợp với các sở"). The names themselves are
read in `language.agencies`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from language.agencies.tables import load_agency_tables
from language.text import fold, lower_first, normalise
from language.tokens import make_name_key
from plans.reading.capitals import lower_capitals
from plans.reading.roles import (
    count_words_of_verb,
    find_name_before_role,
    find_name_before_verb,
    find_partners,
    has_role_words,
    strip_request,
)
from plans.reading.row_task import PlanContext
from plans.tables.columns import load_column_words
from plans.tables.guessed_columns import is_time
from plans.tables.patterns import UPPER_LETTER, compile_pattern

LONGEST_HEADING = 250  # characters
LONGEST_NAME = 150
FEWEST_WORDS_OF_DUTY = 3  # before a colon and the one who acts

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_ROLE_BEFORE_NAME = compile_pattern("role_before_name")
_LISTED = compile_pattern("listed_agencies")
_EXPLAINED = compile_pattern("explained_agency")
_LEAD_IN_BRACKET = compile_pattern("lead_in_bracket")
_NAME_IN_BRACKET = compile_pattern("name_in_bracket")
_CHARGE_END = compile_pattern("charge_end")
_TOLD = compile_pattern("told")
_ROLE_ONLY = compile_pattern("role_only")
_NAME_BEFORE_TIME = re.compile(r"\(([^(),;:\d]{3,120})[,;][^()]*\d[^()]*\)")
_SENTENCE_END = re.compile(rf"(?<=\.)\s+(?={UPPER_LETTER})")
_BRACKET_AT_END = re.compile(r"\(([^()]{3,120})\)[\s.;]*$")
_CLAUSES = re.compile(rf"(?:(?<=\.)\s+(?={UPPER_LETTER})|;\s+)")
_PARTS = re.compile(r"\s*[;,]\s*")
_CLAUSE_END = re.compile(r"[;.(]")
_MOST_OPENERS = 3


@lru_cache(maxsize=1)
def _compile_openers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a clause before the one who acts, and of words before a name."""
    data = load_column_words()["prose"]
    openers = "|".join(map(re.escape, data["openers"]))
    names = "|".join(map(re.escape, data["names_follow"]))
    return (
        re.compile(rf"^(?:{openers})(?!\w)[^,;.]*,\s*", re.IGNORECASE),
        re.compile(rf"^(?:{names})\s+(?=\w)", re.IGNORECASE),
    )


def tidy_heading_name(text: str) -> str:
    """Return the name in a heading without request, brackets and explanation."""
    plain = normalise(lower_capitals(text))
    told = _ROLE_BEFORE_NAME.match(plain)  # "Cơ quan thường trực (Sở A)"
    name = strip_request(told[1] if told else _BRACKETS.sub("", plain).strip(" :."))
    return _EXPLAINED.split(_CHARGE_END.sub("", name))[0].strip(" :.")


def ends_in_charge(text: str) -> bool:
    """Return whether a text ends by saying that an agency has duties ("... có trách nhiệm:")."""
    return _CHARGE_END.search(text.strip(" :.")) is not None


def read_heading_lead(text: str, context: PlanContext) -> str:
    """Return the agencies of a heading that names nothing else, "" for other headings."""
    if len(text) > LONGEST_HEADING or text.endswith((";", ".")):
        return ""
    plain = _BRACKETS.sub("", normalise(text)).strip(" :.")
    announced = _compile_openers()[1].match(plain)
    if announced and len(plain) <= LONGEST_NAME and not is_made_of_known(plain, context):
        name = plain[announced.end() :]
        is_matter = plain.isupper() or fold(name).startswith(tuple(_matters()))
        return "" if is_matter else name[:1].upper() + name[1:]
    listed = _LISTED.match(normalise(text))
    if listed is not None and is_made_of_known(listed[1], context):
        return listed[1]
    name = tidy_heading_name(text)
    if not name or find_name_before_verb(name) != name:
        return ""
    return name if is_made_of_known(name, context) else ""


def _matters() -> list[str]:
    return [f"{word} " for word in load_column_words()["prose"]["matters"]]


def is_made_of_known(text: str, context: PlanContext) -> bool:
    """Return whether `text` names agencies, all of them known."""
    mentions = context.read_agencies(text)
    return bool(mentions) and all(mention.is_known for mention in mentions)


def _lists_bodies(text: str, context: PlanContext) -> bool:
    """Return whether `text` names a known agency first and behind it others or bodies like it."""
    mentions = context.read_agencies(text)
    return (
        len(mentions) > 1
        and mentions[0].is_known
        and all(one.is_known or begins_like_agency(one.printed_name) for one in mentions)
    )


def begins_like_agency(text: str) -> bool:
    """Return whether a text begins with a word that names of agencies begin with."""
    tables = load_agency_tables()
    words = make_name_key(text)
    typed = tuple(normalise(text).lower().replace(",", " ").split())
    return any(
        typed[:size] in tables.head_words
        and count_words_of_verb(text) <= size  # "Ban hành ..." is no "Ban"
        and words[:size] in tables.cell_words["heads"]
        and not {words[:2], words[: size + 1]}
        & (tables.cell_words["remarks"] | tables.cell_words["no_heads"])
        for size in (1, 2, 3)
    )


def is_bare_agency(text: str) -> bool:
    """Return whether a line is an agency's name alone, known or not ("Phòng Kinh tế:")."""
    is_line = text[:1].isupper() and not text.endswith((".", ";", ","))
    name = lower_capitals(text).strip(" :") if text.isupper() else tidy_heading_name(text)
    is_line = is_line and len(text) <= LONGEST_NAME
    return is_line and begins_like_agency(name) and find_name_before_verb(name) == name


def name_only_agencies(headings: Sequence[str]) -> bool:
    """Return whether several headings all begin like agencies and none orders anything."""
    texts = [lower_capitals(text) for text in headings]
    return len(texts) > 1 and all(
        begins_like_agency(text) and find_name_before_verb(lower_first(text)) != ""
        for text in texts
    )


def guess_heading_lead(text: str) -> str:
    """Return the name in a heading that stands among headings of agencies, "" for a matter."""
    name = tidy_heading_name(text)
    folded = fold(name)
    if not 3 < len(name) <= LONGEST_NAME or text.rstrip().endswith((".", ";")):
        return ""
    if any(folded == word.strip() or folded.startswith(word) for word in _matters()):
        return ""
    if find_name_before_verb(name) != name and not begins_like_agency(name):
        return ""
    return "" if find_name_before_verb(name) == "" else name


def split_lead_before_colon(text: str, context: PlanContext, *, guess: bool) -> tuple[str, str]:
    """Return the agency before a colon and the duty behind it, "" and "" if there is none.

    An unknown name counts if it begins like one, or with `guess`, among headings of agencies.
    """
    bare = _BRACKETS.sub(lambda found: " " * len(found[0]), text)
    place = bare.find(":")
    duty = text[place + 1 :].strip()
    if not 0 < place <= LONGEST_HEADING or not duty:
        return "", ""
    name = tidy_heading_name(text[:place])
    if not name or find_name_before_verb(name) == "":
        return "", ""
    if listed := _read_listed(name, duty, context):
        return listed, normalise(text)
    if find_name_before_verb(name) == name and is_made_of_known(name, context):
        return name, duty
    is_asked = strip_request(text[:place]) != normalise(text[:place])
    is_ordered = find_name_before_verb(lower_first(duty)) == ""
    if (guess or ((is_asked or is_ordered) and is_bare_agency(name))) and guess_heading_lead(
        f"{name}:"
    ):
        return name, duty
    if is_ordered and "," not in name and is_bare_agency(_hide_verbs_in_name(name)):
        return name, duty
    return "", ""


def _read_listed(name: str, duty: str, context: PlanContext) -> str:
    """Return a collective with the known agencies listed behind its colon, "" for others.

    For example "Các Sở: Y tế, Xây dựng" for "Các Sở: Y tế, Xây dựng lập sổ".
    """
    before = find_name_before_verb(duty)
    listed = f"{name}: {before}"
    if before in ("", duty) or not all(is_made_of_known(one, context) for one in (name, listed)):
        return ""
    whole = {one.name for one in context.read_agencies(listed)}
    is_spelled_out = whole.isdisjoint(one.name for one in context.read_agencies(name))
    return listed if is_spelled_out else ""


def _hide_verbs_in_name(name: str) -> str:
    """Return a name without the verbs that names hold, too."""
    verbs = "|".join(map(re.escape, load_column_words()["roles"]["in_names"]))
    return re.sub(rf"(?<=\w )(?:{verbs})(?!\w)", "–", name)


def find_inline_lead(text: str, context: PlanContext) -> str:
    """Return who acts in a paragraph that goes on with the duty ("Giao Sở A chủ trì ...").

    Return "" if nobody known stands before the verb. An unknown name counts behind a request.
    """
    rest = normalise(text)
    for _ in range(_MOST_OPENERS):
        opener = _compile_openers()[0].match(rest)
        if opener is None:
            break
        rest = rest[opener.end() :]
    opener = _compile_openers()[0].match(f"{rest},")
    if opener is not None and rest != normalise(text):
        return ""
    rest = re.sub(r"^(?:đồng thời|ngoài ra)[,\s]+", "", rest, flags=re.IGNORECASE)
    asked = strip_request(rest)
    name = _BRACKETS.sub("", find_name_before_role(find_name_before_verb(asked))).strip(" ,;:")
    name = _SENTENCE_END.split(name)[-1]
    if not name or name == asked.strip(" ,;:.") or len(name) > LONGEST_HEADING:
        return ""
    if is_made_of_known(name, context) or _lists_bodies(name, context):
        return name
    return name if asked != rest and begins_like_agency(name) and len(name) < LONGEST_NAME else ""


def find_lead_behind_sentence(text: str, context: PlanContext) -> str:
    """Return who is said to lead behind a full stop or semicolon: "...; Sở A chủ trì".

    An unknown name counts if it begins like an agency's and a word for leading follows at once.
    """
    for sentence in _CLAUSES.split(normalise(text))[1:]:
        plain = sentence[:1].upper() + sentence[1:]
        is_given = has_role_words(plain) or strip_request(plain) != plain
        if is_given and (name := find_inline_lead(plain, context)):
            return name
        name = find_name_before_role(plain)
        is_leading = name != plain.strip(" ,;:") and not count_words_of_verb(plain)
        if is_leading and find_name_before_verb(name) == name and _keep_body(name):
            return name
    return ""


def find_acting_name(text: str, context: PlanContext) -> str:
    """Return who acts in a paragraph, known or like an agency by its first words, "" for nobody."""
    known = find_inline_lead(text, context)
    if known:
        return known
    asked = strip_request(text)
    name = find_name_before_role(find_name_before_verb(asked))
    is_whole = name.strip(" ,;:.") == asked.strip(" ,;:.")
    is_told = _TOLD.search(name) is not None  # "Phòng A đã gửi" tells what was done
    return "" if is_whole or is_told or len(name) > LONGEST_NAME else _keep_body(name)


def guess_body(text: str) -> str:
    """Return the name in a heading that begins like an agency's, "" for other headings."""
    return _keep_body(guess_heading_lead(text))


def _keep_body(name: str) -> str:
    is_name = name[:1].isupper() and ":" not in name
    return name if is_name and begins_like_agency(name) else ""


def find_lead_behind_colon(text: str, context: PlanContext) -> str:
    """Return the agencies behind a colon at the end of a duty ("...: Sở A chủ trì").

    An unknown name counts if it begins like an agency's and acts at once.
    """
    duty, _, end = text.rpartition(": ")
    if len(duty.split()) < FEWEST_WORDS_OF_DUTY or _TOLD.search(end):
        return ""
    name = _CLAUSE_END.split(find_name_before_role(find_name_before_verb(end.strip(" .;"))))[0]
    acts = name != end.strip(" .;") and (has_role_words(end) or count_words_of_verb(duty))
    return name if name and (is_made_of_known(name, context) or (acts and _keep_body(name))) else ""


def find_bracket_lead(text: str, context: PlanContext, *, is_timed: bool = False) -> str:
    """Return the agency in a bracket that says who leads ("(Sở A chủ trì)"), "" without one.

    A bare name counts behind a time or an order; at the end of a line that is_timed, always.
    """
    for found in _LEAD_IN_BRACKET.finditer(text):
        name = find_name_before_role(find_name_before_verb(strip_request(found[1])))
        if name and (is_made_of_known(name, context) or _keep_body(name)):
            return name
    bracket = _BRACKET_AT_END.search(text)
    name, time = split_bracket_time(bracket[1]) if bracket is not None else ("", "")
    name = find_name_before_role(find_name_before_verb(strip_request(name)))
    if time and name and (is_made_of_known(name, context) or _keep_body(name)):
        return name
    for found in _NAME_BEFORE_TIME.finditer(text):
        if is_made_of_known(found[1], context):
            return found[1]
    if is_timed and bracket is not None and is_made_of_known(bracket[1], context):
        return bracket[1]
    bare = _NAME_IN_BRACKET.search(text) or _search_name_behind_order(text, context)
    if bare is not None and find_name_before_verb(bare[1]) == bare[1]:
        return bare[1] if is_made_of_known(bare[1], context) else _keep_body(bare[1])
    return ""


def says_who_acts(text: str, context: PlanContext) -> bool:
    """Return whether a line names who does it: before a verb or a colon, or in a bracket."""
    return bool(
        find_inline_lead(text, context)
        or split_lead_before_colon(text, context, guess=False)[0]
        or find_bracket_lead(text, context)
    )


def split_bracket_time(text: str) -> tuple[str, str]:
    """Return the name and the time of a bracket with both, in any order; "" for what it lacks.

    For example ("Sở A", "thường xuyên") for "Sở A; thường xuyên".
    """
    parts = _PARTS.split(text.strip())
    for place in (-1, 0):
        if len(parts) > 1 and is_time(parts[place]) and not begins_like_agency(parts[place]):
            cut = text.rfind(parts[-1]) if place else len(parts[0])
            rest = text[:cut] if place else text[cut:]
            return rest.strip(" ,;"), parts[place].strip()
    return "", ""


def find_bracket_time(text: str) -> str:
    """Return the time in a bracket at the end that names somebody, too; "" without one."""
    bracket = _BRACKET_AT_END.search(text)
    return split_bracket_time(bracket[1])[1] if bracket is not None else ""


def _search_name_behind_order(text: str, context: PlanContext) -> re.Match[str] | None:
    """Return the match of a bracket at the end of an order, if it explains no agency before it."""
    found = _BRACKET_AT_END.search(text)
    if found is None or re.search(r"\d", found[1]):
        return None
    if find_name_before_verb(lower_first(text)) != "":
        return None
    before = text[: found.start()].rstrip()
    mentions = context.directory.find_mentions(before, slips=False)
    return None if mentions and mentions[-1].end == len(before) else found


def guess_inline_lead(text: str) -> str:
    """Return who acts in a paragraph among those of agencies, "" if it begins otherwise."""
    asked = strip_request(text)
    name = _BRACKETS.sub("", find_name_before_role(find_name_before_verb(asked))).strip(" ,;:")
    if name == asked.strip(" ,;:.") or _compile_openers()[0].match(f"{text},"):
        return ""
    return guess_heading_lead(name)


def read_role_heading(text: str) -> tuple[bool, str]:
    """Return whether a heading only says the role, and the partners that it names."""
    plain = normalise(text).strip(" :")
    if (
        plain.endswith((".", ";"))
        or len(plain) > LONGEST_HEADING
        or not has_role_words(plain)
        or not _ROLE_ONLY.match(plain)
    ):
        return False, ""
    partners = find_partners(plain)
    if not partners:
        return not _ROLE_ONLY.sub("", plain).strip(" ,"), ""
    return plain.endswith(partners.strip(" :.;")), partners
