"""Read a plan's heading: title, number, issuer, day and years.

They come from the letterhead and from the bracket under the title.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from language.agencies.tables import load_agency_tables
from language.text import fold, normalise
from language.times.periods import make_day
from plans.format import PlanHead
from plans.reading.capitals import lower_capitals
from plans.reading.plan_years import find_years
from plans.tables.blocks import Document, Row, Table, TextLine
from plans.tables.columns import find_task_columns, fold_to_words, load_column_words
from plans.tables.guessed_columns import begins_with_agency
from plans.tables.patterns import compile_pattern

FIRST_LINES = 60  # lines in which the letterhead and the title stand
LINES_OF_PLAIN_TITLE = 12
FEWEST_WORDS_OF_TITLE = 5  # of one in capitals
ROWS_OF_LETTERHEAD = 4
COLUMNS_OF_LETTERHEAD = 3
ROWS_ABOVE = 8  # rows of a table without a header in which the heading may stand
LONGEST_ISSUER = 80  # characters
LONGEST_TITLE = 600  # characters

_NUMBER = compile_pattern("document_number")
_BLANK_NUMBER = compile_pattern("blank_number")
_DAY = compile_pattern("day")
_PLAIN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_PLACE_DAY = compile_pattern("place_and_day")
_ISSUER = compile_pattern("issuer")
_PROVINCE = compile_pattern("province", small=False)
_LETTERHEAD = compile_pattern("letterhead")
_SIGNATURE = compile_pattern("signature")
_SUBJECT = re.compile(r"^v/v\b")
_NUMBERED = re.compile(r"^(?:[IVX]+|\d+|[A-ZĐ])\s*[.)/-]")
_MOTTO = compile_pattern("motto")
_SPLIT_CLAUSE = compile_pattern("issuer_end")
_SENTENCES = compile_pattern("first_sentence")
_COMMITTEE = compile_pattern("committee")
_OF_PROVINCE = compile_pattern("of_province")
_ANNEX = compile_pattern("annex_title")
_SECTION_COUNT = compile_pattern("section_count")
_PLAN_COUNT = compile_pattern("plan_count")
_PLAN_YEAR = re.compile(r"\b20\d\d\b")
_WORD = re.compile(r"[^\W\d_]+")
# two of the `kinds` in columns.toml that name the paper around a plan
_ANNEX_KIND = "phu luc"
_DECISION_KIND = "quyet dinh"
_CARRIES_OUT = "thuc hien"  # how both a title and a first sentence may begin


@dataclass(frozen=True)
class DocumentHeading:
    """The heading of a document.

    `has_blank_number` says that the place for the number was left empty, `has_unsure_years` that
    what tells the years does not agree.
    """

    plan: PlanHead
    has_blank_number: bool = False
    has_unsure_years: bool = False


def read_heading(
    document: Document, name: str, table_years: Counter[int] | None = None
) -> DocumentHeading:
    """Return the heading of a document; `name` is the title if it prints none.

    `table_years` says how often each year stands in the columns of deadlines.
    """
    lines = read_narrative_lines(document)
    top = lines[:FIRST_LINES]
    brackets = _find_brackets(lines)
    bracket = next(iter(brackets), "")
    labels = _read_labels(document)
    title = labels.get("title") or _find_title(lines) or _find_title_above(lines, bracket)
    title = title or _find_plain_title(top) or name
    number, issued_on, blank = _find_number_and_day(top, bracket)
    if "issued_on" in labels and (found := _PLAIN_DAY.search(labels["issued_on"])):
        issued_on = _parse_date(found)
    number = labels.get("number", number)
    province = _find_province(top, title, bracket, [*labels.values(), *lines])
    issuer = labels.get("issuer") or _find_issuer(top, brackets, province)
    years = find_years(labels.get("years", title), issued_on, lines, table_years)
    first, last = (years.first, years.last) if years else (None, None)
    plan = PlanHead(
        title=title[:LONGEST_TITLE],
        number=number,
        issued_on=issued_on,
        issuer=issuer,
        first_year=first,
        last_year=last,
    )
    is_unsure = years is not None and not years.is_sure
    return DocumentHeading(plan, blank and number is None, is_unsure)


def _read_labels(document: Document) -> dict[str, str]:
    """Return the labelled values above a table ("Số ký hiệu | 12/KH-UBND"), by the field's name."""
    labels = _list_labels()
    values: dict[str, str] = {}
    for table in document.tables:
        for row in table.rows[:FIRST_LINES]:
            texts = [cell.text for cell in row.cells if cell.text and not cell.merged_left]
            name = labels.get(fold_to_words(texts[0])) if len(texts) == 2 else None
            if name:
                values.setdefault(name, normalise(texts[1].replace("\n", " ")))
    return values


def _list_labels() -> dict[str, str]:
    """Return the field's name by the label that stands before its value, folded."""
    return {
        label: name
        for name, all_labels in load_column_words()["heading"]["labels"].items()
        for label in all_labels
    }


def read_narrative_lines(document: Document) -> list[str]:
    """Return the lines outside the tables of tasks, and those above a table's header.

    The cells of the letterhead are lines too, and those of a table of one column.
    """
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, TextLine):
            lines += [] if block.aside else block.text.split("\n")
            continue
        is_paper = block.width == 1 or is_letterhead(block) or block is document.blocks[0]
        is_paper = is_paper and find_task_columns(block) is None
        for row in block.rows if is_paper else _list_rows_above(block):
            texts = [
                cell.text
                for cell in row.cells
                if cell.text and not cell.merged_left and not cell.merged_up
            ]
            is_label = len(texts) == 2 and fold_to_words(texts[0]) in _list_labels()
            if not is_label and (is_paper or len(texts) <= (1 if block.name is None else 2)):
                lines += [line for text in texts for line in text.split("\n")]
    return [line for line in (normalise(_MOTTO.sub("", line)) for line in lines) if line]


def is_letterhead(table: Table) -> bool:
    """Return whether a small table is the letterhead or holds the signature."""
    if len(table.rows) > ROWS_OF_LETTERHEAD or table.width > COLUMNS_OF_LETTERHEAD:
        return False
    texts = [text for row in table.rows for text in row.texts]
    return any(_LETTERHEAD.search(text) or _SIGNATURE.match(fold(text)) for text in texts)


def _list_rows_above(table: Table) -> tuple[Row, ...]:
    """Return the rows above a table's header; of a table without one, those at its top."""
    columns = find_task_columns(table)
    return table.rows[: columns.header.start if columns else ROWS_ABOVE]


def _find_brackets(lines: list[str]) -> list[str]:
    """Return the brackets that name the document of an annex, those with a number first.

    For example "(Kèm theo Quyết định số ... của ...)".
    """
    attached = tuple(load_column_words()["heading"]["attached"])
    brackets: list[str] = []
    for place, line in enumerate(lines):
        if line.startswith(("(", "*(")) and fold(line.strip("(* ")).startswith(attached):
            text = line
            for more in lines[place + 1 : place + 4]:
                if ")" in text:
                    break
                text += f" {more}"
            text = text.replace("*", "")
            if _NUMBER.search(text) or _BLANK_NUMBER.search(text):
                brackets.append(text)
    return sorted(brackets, key=lambda text: _NUMBER.search(text) is None)


def _find_title(lines: list[str]) -> str | None:
    """Return the title: the kind of document in capitals and the lines under it.

    It ends before a bracket, a rule or the first sentence. The title of a plan is preferred to
    that of an annex, and both to that of the decision that issues the plan.
    """
    titles: dict[str, str] = {}
    for place, line in enumerate(lines):
        kind = _find_kind(line)
        if kind and kind not in titles:
            text = _join_title_lines(lines, place)
            if len(text) > len(line) or len(line) > 25:
                titles[kind] = text
    for kind in load_column_words()["heading"]["kinds"]:
        if kind in titles and kind not in (_ANNEX_KIND, _DECISION_KIND):
            return titles[kind]
    if _ANNEX_KIND in titles:
        return _ANNEX.sub("", titles[_ANNEX_KIND]).strip() or titles[_ANNEX_KIND]
    return titles.get(_DECISION_KIND) or _find_subject(lines)


def _find_subject(lines: list[str]) -> str | None:
    """Return the subject under the number of a letter ("V/v triển khai ..."), with its lines."""
    for place, line in enumerate(lines[:FIRST_LINES]):
        if _SUBJECT.match(fold(line)):
            text = line
            for more in lines[place + 1 : place + 4]:
                if not more[0].islower():
                    break
                text += f" {more}"
            return normalise(text)
    return None


def _find_title_above(lines: list[str], bracket: str) -> str | None:
    """Return the lines in capitals above the bracket, for an annex without a kind."""
    title: list[str] = []
    for line in lines:
        if bracket and line.replace("*", "")[:20] == bracket[:20]:
            return normalise(" ".join(title)) or None
        title = [*title, line] if line.isupper() and len(line) > 15 else []
    return None


def _find_plain_title(top: list[str]) -> str | None:
    """Return a line that names a plan in small letters, or is in capitals, with its year."""
    kinds = tuple(load_column_words()["heading"]["kinds"])
    for line in top[:LINES_OF_PLAIN_TITLE]:
        is_whole = len(line) < LONGEST_TITLE // 3 and not line.endswith((".", ";", ":"))
        is_named = fold(line).startswith(kinds) and not _NUMBER.search(line)
        is_heading = line.isupper() and len(line.split()) >= FEWEST_WORDS_OF_TITLE
        if is_whole and (is_named or is_heading) and _PLAN_YEAR.search(line):
            return line
    return None


def _find_kind(line: str) -> str | None:
    """Return the kind of document that begins a heading line in capitals, folded, or None."""
    folded = fold(line)
    for kind in sorted(load_column_words()["heading"]["kinds"], key=len, reverse=True):
        is_word = folded.startswith(kind) and not _WORD.match(folded[len(kind) :])
        if is_word and len(line) < 300 and line[: len(kind)].isupper():
            return str(kind)
    return None


def _join_title_lines(lines: list[str], place: int) -> str:
    """Return the title that begins in the line at `place`.

    It takes the lines in capitals below; if the kind stands alone, also lines in small letters.
    It ends before a bracket, a sentence or a heading.
    """
    text = lines[place].replace("**", "")
    for more in lines[place + 1 : place + 6]:
        folded = fold(more)
        first_word = len(text.split()) <= 3 or fold(text) in load_column_words()["heading"]["kinds"]
        ends = (
            more.startswith(("(", "*(", "-", "_"))
            or more.endswith(":")
            or (_NUMBERED.match(more) and not _SUBJECT.match(folded))
        )
        sentence = not more.isupper() and bool(_SENTENCES.match(folded))
        if first_word and sentence and folded.startswith(_CARRIES_OUT):
            sentence = more.endswith((".", ":", ";", ","))  # a title may begin so, too
        is_part = folded.startswith(tuple(load_column_words()["prose"]["duties"]))
        if ends or sentence or is_part or folded.startswith("so:") or len(more) > 400:
            break
        if not first_word and not more.isupper():
            break
        text += f" {more.replace('**', '')}"
    return normalise(text)


def _find_number_and_day(top: list[str], bracket: str) -> tuple[str | None, date | None, bool]:
    """Return the plan's number, its day, and whether the place for the number was left empty.

    They are those of the letterhead, else those of the bracket.
    """
    own = [line for line in top if fold(line).startswith("so") and _NUMBER.match(line)]
    number = _parse_number(own[0]) if own else None
    day = next((_parse_date(found) for line in top if (found := _PLACE_DAY.match(line))), None)
    if number and own and day is None and (found := _DAY.search(own[0])):
        day = _parse_date(found)
    if bracket:
        found = _DAY.search(re.sub(r"\s*/\s*", "/", bracket))
        day = day or (_parse_date(found) if found else None)
        return number or _parse_number(bracket), day, bool(_BLANK_NUMBER.search(bracket))
    is_blank = any(_BLANK_NUMBER.search(line) for line in top if fold(line).startswith("so"))
    return number, day, is_blank


def _parse_number(text: str) -> str | None:
    found = _NUMBER.search(text)
    if found is None:
        return None
    sign, rest = ("/", found[2]) if found[2] else ("-", found[3])  # "12/KH-UBND", "12-KH/TU"
    return f"{found[1]}{sign}{rest.replace(' ', '').replace('–', '-')}"


def _parse_date(found: re.Match[str]) -> date | None:
    return make_day(int(found[3]), int(found[2]), int(found[1]))


def _find_province(top: list[str], title: str, bracket: str, lines: list[str]) -> str | None:
    """Return the bare name of the province or city ("An Giang") in the heading, or None."""
    starts = tuple(load_column_words()["heading"]["province_lines"])
    likely = [line for line in top if fold(line).startswith(starts)]
    for text in (*likely, title, bracket, *lines):
        found = _PROVINCE.search(text)
        if found and (name := _extract_place_name(found[1])):
            return name
    return None


def _extract_place_name(name: str) -> str | None:
    """Return the words of `name` that are a place's name: four at most, up to a word that is none.

    In a text in capitals a title goes on after the name ("AN GIANG NĂM 2017").
    """
    ends = load_column_words()["heading"]["not_a_name"]
    words: list[str] = []
    for word in name.split():
        if fold(word) in ends or len(words) == 4:
            break
        if not word[0].isupper() or (words and name.split()[0].isupper() and not word.isupper()):
            break
        words.append(word.capitalize() if word.isupper() else word)
    return " ".join(words).strip(".,") or None


def _find_issuer(top: list[str], brackets: list[str], province: str | None) -> str | None:
    """Return who issued the plan: the letterhead, else the "của ..." of a bracket, or None.

    "Ủy ban nhân dân" is written UBND.
    """
    heading = load_column_words()["heading"]
    committees = tuple(heading["committees"])
    for printed, following in zip(top[:12], [*top[1:], ""], strict=False):
        line = _drop_person(printed)
        if not (fold(line).startswith(committees) and len(line) < 80 and line.isupper()):
            continue
        is_without_place = fold(line) in committees or fold(line).endswith("nhan dan")
        if is_without_place:  # the place stands in the next line
            return _tidy_issuer(f"{line} {following}", province)
        is_letterhead = bool(_find_kind(following)) or fold(following).startswith(
            tuple(heading["letterhead"])
        )
        is_agency = begins_with_agency(following) or not any(map(str.isdigit, following))
        if following.isupper() and not is_letterhead and len(following) < 60 and is_agency:
            return _tidy_issuer(following, province)  # an agency under the committee
        return _tidy_issuer(line, province)
    own = _find_letterhead_issuer(top)
    if own is not None:
        return _tidy_issuer(own, province)
    for text in brackets:
        found = _ISSUER.search(text)
        if found:
            return _tidy_issuer(_SPLIT_CLAUSE.split(f"{found[1]} ")[0].strip(" ()*"), province)
    return None


def _find_letterhead_issuer(top: list[str]) -> str | None:
    """Return the last line in capitals above number and title that begins like an agency's name.

    A tracker may print neither: then it is the first line, unless that names a year.
    """
    found: str | None = None
    above = ""
    for line in top[:12]:
        if _NUMBER.match(line) or _BLANK_NUMBER.match(line) or _find_kind(line):
            return found
        if line.isupper() and len(line) < LONGEST_ISSUER and begins_with_agency(line):
            is_of_body = fold(line) in load_column_words()["heading"]["of_bodies"]
            found = f"{line} {_name_party_body(above)}" if is_of_body and above else line
        above = line if line.isupper() and len(line) < LONGEST_ISSUER else above
    return found if found in top[:1] and not any(sign.isdigit() for sign in top[0]) else None


def _name_party_body(line: str) -> str:
    """Return what a body is called behind its committee: "TỈNH ỦY" for "ĐẢNG BỘ TỈNH"."""
    for body, called in load_column_words()["heading"]["party_bodies"].items():
        if line.lower().startswith(f"{body} "):
            return str(called).upper() + line[len(body) :]
    return line


def _tidy_issuer(text: str, province: str | None) -> str:
    """Return an issuer's name as people write it, whatever the case of the letterhead.

    For example "UBND tỉnh An Giang", "Thanh tra tỉnh".
    """
    text = _drop_person(text)
    text = text[:1].upper() + text[1:]
    if text.isupper():
        text = _write_issuer(text)
        if province:
            text = re.sub(re.escape(province), province, text, flags=re.IGNORECASE)
    text = _COMMITTEE.sub("UBND", text)
    if _OF_PROVINCE.search(text) and province:
        text = f"{text} {province}"
    return text


def _drop_person(text: str) -> str:
    """Return the agency behind the person who signs for it ("CHỦ TỊCH UBND TỈNH ...")."""
    persons = "|".join(load_column_words()["heading"]["persons"])
    return re.sub(rf"^(?:{persons})\s+(?=\w)", "", normalise(text), flags=re.IGNORECASE)


def _write_issuer(text: str) -> str:
    """Return a name in capitals as it is known, else with a capital letter a word of its place."""
    written = lower_capitals(text)
    known = {fold(name): name for name in load_agency_tables().spellings}
    for name in sorted(known, key=len, reverse=True):
        if fold(text).startswith(name) and not _WORD.match(fold(text)[len(name) :]):
            return known[name] + written[len(name) :]
    return written[:1].upper() + written[1:]


def read_declared_counts(lines: Iterable[str]) -> list[tuple[str, int]]:
    """Return the numbers of tasks that the narrative declares.

    For example ("", 63) for the plan, ("Cải cách thể chế", 5) for a section.
    """
    counts: list[tuple[str, int]] = []
    for line in lines:
        section = _SECTION_COUNT.match(line)
        if section:
            counts.append((section[1].strip(), int(section[2])))
            continue
        whole = _PLAN_COUNT.search(line)
        if whole:
            counts.append(("", int(whole[1])))
    return counts
