"""A plan's heading: title, number, issuer, day, years, province; from the letterhead and the bracket under it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from language.text import fold, normalise
from plans.format import PlanHead
from plans.tables.blocks import Document, TextLine
from plans.tables.columns import find_task_columns, fold_to_words, load_column_words
from plans.tables.patterns import compile_pattern

FIRST_LINES = 60  # lines in which the letterhead and the title stand
ROWS_ABOVE = 8  # rows of a table without a header in which the heading may stand
LONGEST_TITLE = 600  # characters

_NUMBER = compile_pattern("document_number")
_BLANK_NUMBER = compile_pattern("blank_number")
_DAY = compile_pattern("day")
_PLAIN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_PLACE_DAY = compile_pattern("place_and_day")
_YEARS = compile_pattern("plan_years")
_ISSUER = compile_pattern("issuer")
_PROVINCE = compile_pattern("province", small=False)
_MOTTO = compile_pattern("motto")
_SPLIT_CLAUSE = compile_pattern("issuer_end")
_SENTENCES = compile_pattern("first_sentence")
_COMMITTEE = compile_pattern("committee")
_OF_PROVINCE = compile_pattern("of_province")
_ANNEX = compile_pattern("annex_title")
_SECTION_COUNT = compile_pattern("section_count")
_PLAN_COUNT = compile_pattern("plan_count")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class DocumentHeading:
    """The heading as it was found; `province` is the bare name ("An Giang") or None; `blank` a number left blank."""

    plan: PlanHead
    province: str | None
    has_blank_number: bool = False


def read_heading(document: Document, name: str) -> DocumentHeading:
    """The heading of a document; `name` is the title where it prints none."""
    lines = read_narrative_lines(document)
    top = lines[:FIRST_LINES]
    brackets = _find_brackets(lines)
    bracket = next(iter(brackets), "")
    told = _read_labels(document)
    title = told.get("title") or _find_title(lines) or _find_title_above(lines, bracket) or name
    number, issued_on, blank = _find_number_and_day(top, bracket)
    if "issued_on" in told and (found := _PLAIN_DAY.search(told["issued_on"])):
        issued_on = _parse_date(found)
    number = told.get("number", number)
    province = _find_province(top, title, bracket, [*told.values(), *lines])
    issuer = told.get("issuer") or _find_issuer(top, brackets, province)
    first, last = _find_years(f"{told['years']}" if "years" in told else title, issued_on)
    plan = PlanHead(
        title=title[:LONGEST_TITLE],
        number=number,
        issued_on=issued_on,
        issuer=issuer,
        first_year=first,
        last_year=last,
    )
    return DocumentHeading(plan, province, blank and number is None)


def _read_labels(document: Document) -> dict[str, str]:
    """The values behind labels in the rows above a table ("Số ký hiệu | 12/KH-UBND"), by the field's name."""
    labels = {
        label: name
        for name, all_labels in load_column_words()["heading"]["labels"].items()
        for label in all_labels
    }
    found: dict[str, str] = {}
    for table in document.tables:
        for row in table.rows[:FIRST_LINES]:
            said = [cell.text for cell in row.cells if cell.text and not cell.merged_left]
            name = labels.get(fold_to_words(said[0])) if len(said) == 2 else None
            if name:
                found.setdefault(name, normalise(said[1].replace("\n", " ")))
    return found


def read_narrative_lines(document: Document) -> list[str]:
    """The lines outside the tables of tasks, those above a header too; a small table is the letterhead, lines too."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, TextLine):
            lines += [] if block.aside else block.text.split("\n")
            continue
        narrow = len(block.rows) <= 4 and block.width <= 3
        columns = None if narrow else find_task_columns(block)
        rows = (
            block.rows if narrow else block.rows[: columns.header.start if columns else ROWS_ABOVE]
        )
        for row in rows:
            said = [
                cell.text
                for cell in row.cells
                if cell.text and not cell.merged_left and not cell.merged_up
            ]
            if narrow or len(said) <= 2:
                lines += [line for text in said for line in text.split("\n")]
    return [line for line in (normalise(_MOTTO.sub("", line)) for line in lines) if line]


def _find_brackets(lines: list[str]) -> list[str]:
    """What names the document that an annex belongs to ("(Kèm theo Quyết định số ... của ...)"), the numbered first."""
    attached = tuple(load_column_words()["heading"]["attached"])
    found: list[str] = []
    for place, line in enumerate(lines):
        if line.startswith(("(", "*(")) and fold(line.strip("(* ")).startswith(attached):
            text = line
            for more in lines[place + 1 : place + 4]:
                if ")" in text:
                    break
                text += f" {more}"
            text = text.replace("*", "")
            if _NUMBER.search(text) or _BLANK_NUMBER.search(text):
                found.append(text)
    return sorted(found, key=lambda text: _NUMBER.search(text) is None)


def _find_title(lines: list[str]) -> str | None:
    """The kind of document in capitals and the lines under it, up to the bracket, a rule or the first sentence.

    A plan is preferred to the decision that issues it, and that to an annex.
    """
    found: dict[str, str] = {}
    for place, line in enumerate(lines):
        kind = _find_kind(line)
        if kind and kind not in found:
            text = _join_title_lines(lines, place)
            if len(text) > len(line) or len(line) > 25:
                found[kind] = text
    for kind in load_column_words()["heading"]["kinds"]:
        if kind in found and kind not in ("phu luc", "quyet dinh"):
            return found[kind]
    if "phu luc" in found:
        return _ANNEX.sub("", found["phu luc"]).strip() or found["phu luc"]
    return found.get("quyet dinh")


def _find_title_above(lines: list[str], bracket: str) -> str | None:
    """The lines in capitals above the bracket, for an annex that names no kind of document."""
    title: list[str] = []
    for line in lines:
        if bracket and line.replace("*", "")[:20] == bracket[:20]:
            return normalise(" ".join(title)) or None
        title = [*title, line] if line.isupper() and len(line) > 15 else []
    return None


def _find_kind(line: str) -> str | None:
    """The kind of document that a heading line names: at its beginning, in capitals."""
    said = fold(line)
    for kind in sorted(load_column_words()["heading"]["kinds"], key=len, reverse=True):
        if (
            said.startswith(kind)
            and not _WORD.match(said[len(kind) : len(kind) + 1])
            and len(line) < 300
        ):
            printed = line[: len(kind)]
            if printed.isupper():
                return str(kind)
    return None


def _join_title_lines(lines: list[str], place: int) -> str:
    """A title's lines: in capitals, or the few after the kind alone, until a bracket, a sentence or a heading."""
    text = lines[place].replace("**", "")
    for more in lines[place + 1 : place + 6]:
        said = fold(more)
        first_word = len(text.split()) <= 3
        ends = more.startswith(("(", "*(", "-", "_")) or re.match(r"^(?:[IVX]+|\d+)\s*[.)]", more)
        sentence = not more.isupper() and bool(_SENTENCES.match(said))
        if ends or sentence or said.startswith("so:") or len(more) > 400:
            break
        if not first_word and not more.isupper():
            break
        text += f" {more.replace('**', '')}"
    return normalise(text)


def _find_number_and_day(top: list[str], bracket: str) -> tuple[str | None, date | None, bool]:
    """The plan's own number and day: of the letterhead, else of the bracket; whether a number was left blank."""
    own = [line for line in top if fold(line).startswith("so") and _NUMBER.match(line)]
    number = _parse_number(own[0]) if own else None
    day = next((_parse_date(found) for line in top if (found := _PLACE_DAY.match(line))), None)
    if number and own and day is None and (found := _DAY.search(own[0])):
        day = _parse_date(found)
    if bracket:
        found = _DAY.search(re.sub(r"\s*/\s*", "/", bracket))
        return (
            number or _parse_number(bracket),
            day or (_parse_date(found) if found else None),
            bool(_BLANK_NUMBER.search(bracket)),
        )
    return (
        number,
        day,
        any(_BLANK_NUMBER.search(line) for line in top if fold(line).startswith("so")),
    )


def _parse_number(text: str) -> str | None:
    found = _NUMBER.search(text)
    return f"{found[1]}/{re.sub(r'[ ]', '', found[2]).replace('–', '-')}" if found else None


def _parse_date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _find_province(top: list[str], title: str, bracket: str, lines: list[str]) -> str | None:
    """The province or city that the heading names, spelt with capitals at the beginning of each word."""
    for text in (
        *(
            line
            for line in top
            if fold(line).startswith(("uy ban nhan dan", "ubnd", "tinh ", "hoi dong"))
        ),
        title,
        bracket,
        *lines,
    ):
        found = _PROVINCE.search(text)
        if found and (name := _extract_place_name(found[1])):
            return name
    return None


def _extract_place_name(name: str) -> str | None:
    """A place's name: of a text in capitals the words that are a name, before words that are none ("NĂM")."""
    stop = {
        "nam",
        "giai",
        "doan",
        "ve",
        "so",
        "ban",
        "hanh",
        "den",
        "truc",
        "thuoc",
        "va",
        "nhiem",
        "ky",
        "thang",
        "quy",
        "lan",
        "theo",
        "trong",
    }
    kept: list[str] = []
    for word in name.split():
        if fold(word) in stop or len(kept) == 4:
            break
        if not word[0].isupper() or (kept and name.split()[0].isupper() and not word.isupper()):
            break
        kept.append(word.capitalize() if word.isupper() else word)
    return " ".join(kept).strip(".,") or None


def _find_issuer(top: list[str], brackets: list[str], province: str | None) -> str | None:
    """Who issued it: the letterhead, else the bracket's "của ..."; "Ủy ban nhân dân" is written UBND."""
    for place, line in enumerate(top[:12]):
        if fold(line).startswith(("uy ban nhan dan", "ubnd")) and len(line) < 80 and line.isupper():
            text = line
            following = top[place + 1] if place + 1 < len(top) else ""
            if fold(line) in ("uy ban nhan dan", "ubnd") or fold(line).endswith("nhan dan"):
                text = f"{line} {following}"
            elif (
                following.isupper()
                and not fold(following).startswith(
                    tuple(load_column_words()["heading"]["letterhead"])
                )
                and len(following) < 60
            ):
                return _tidy_issuer(following, province)
            return _tidy_issuer(text, province)
    for text in brackets:
        found = _ISSUER.search(text)
        if found:
            return _tidy_issuer(_SPLIT_CLAUSE.split(f"{found[1]} ")[0].strip(" ()*"), province)
    return None


def _tidy_issuer(text: str, province: str | None) -> str:
    """An issuer's name: "UBND tỉnh An Giang", "Thanh tra tỉnh", whatever the case of the letterhead."""
    persons = "|".join(load_column_words()["heading"]["persons"])
    text = re.sub(rf"^(?:{persons})\s+(?=\w)", "", normalise(text), flags=re.IGNORECASE)
    text = text[:1].upper() + text[1:]
    if text.isupper():
        text = text.lower()
        text = text[0].upper() + text[1:]
        if province:
            text = re.sub(re.escape(province), province, text, flags=re.IGNORECASE)
    text = _COMMITTEE.sub("UBND", text)
    if _OF_PROVINCE.search(text) and province:
        text = f"{text} {province}"
    return text


def _find_years(title: str, issued_on: date | None) -> tuple[int | None, int | None]:
    """The years of a plan: the last that its title names, else the year of its day."""
    found = list(_YEARS.finditer(title))
    if found:
        years = [int(year) for year in found[-1].groups() if year]
        return min(years), max(years)
    return (issued_on.year, issued_on.year) if issued_on else (None, None)


def read_declared_counts(lines: Iterable[str]) -> list[tuple[str, int]]:
    """Numbers of tasks that the narrative declares: ("", 63) of the plan, ("Cải cách thể chế", 5) of a section."""
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
