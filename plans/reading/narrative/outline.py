"""Make an outline of a narrative: numbered paragraphs, bullets under them, labelled lines.

Says how paragraphs belong together, not what they mean: that is in `prose`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from language.text import fold, lower_first, normalise
from plans.reading.bullets import Bullet, split_bullets
from plans.reading.narrative.agency_lines import find_agency_lines, goes_on_below
from plans.reading.narrative.leads import begins_like_agency, is_bare_agency
from plans.reading.roles import find_name_before_verb, strip_request
from plans.tables.columns import STRONG_WORD, Role, load_column_words, score_roles
from plans.tables.numerals import Numeral, parse_number, split_number
from plans.tables.patterns import LOWER_LETTER, UPPER_LETTER, compile_pattern

LONGEST_LABEL = 60  # characters
LONGEST_TITLE = 200  # characters of a line in capitals that begins another document

Mark = Literal["root", "number", "bullet", "plain"]

WORDS_OF_TIME_LABEL = 4  # at the beginning of a label, of which one names a time

BULLET_DEPTH = 9
_DEPTHS: dict[str, int] = {"letter": 0, "roman": 1, "arabic": 2, "small": 7}
_NAMED_DEPTH = 6
_INTRODUCING_DEPTH = 7  # a line that ends with a colon holds the bullets after it
_HEADING_BULLET_DEPTH = 8  # so does a bullet that is an agency's name
_DEEPEST_ARABIC = 6
_LABEL = re.compile(rf"^([^:;.()]{{3,{LONGEST_LABEL}}}):\s*(.*)$", re.DOTALL)
_PARTS = re.compile(r"\s*;\s*")
_DOUBLE_MARK = re.compile(r"^[-–•*]\s*(?=\+\s)")
_LONG_NUMBER = re.compile(rf"^(\d{{1,2}}(?:\.\d{{1,2}})+)\s+(?={UPPER_LETTER})")
_SHORT_NUMBER = re.compile(rf"^(\d{{1,2}})\s+(?={UPPER_LETTER})")
_BARE_ROMAN = re.compile(rf"^([IVX]{{1,5}})\s+(?={UPPER_LETTER}{UPPER_LETTER})")
_NAMED = compile_pattern("named_number")
_PART = compile_pattern("part_number")
_ARTICLE = compile_pattern("article_number")
_TIME_HEADING = compile_pattern("time_heading")
_FOOTNOTE = re.compile(r"^\[\d+\]|^[_*.\s-]+$")
_REGARDING = re.compile(r"^v/v\b", re.IGNORECASE)
_PLACE_DAY = compile_pattern("place_and_day")
_SIGNATURE = compile_pattern("signature")
_SIGNER = compile_pattern("signer")
_PERSON_TITLES = compile_pattern("person_titles")
_PERSON = re.compile(rf"^(?:{UPPER_LETTER}{LOWER_LETTER}*\s+){{1,4}}{UPPER_LETTER}{LOWER_LETTER}*$")
_ADDRESSED = compile_pattern("addressed", small=False)
_TITLE_LABELS = frozenset(load_column_words()["prose"]["title_labels"])
_ORDINALS: dict[str, str] = dict(load_column_words()["prose"]["ordinals"])
_FIRST = frozenset({"1", "a"})  # the numbers with which a list begins
_ROLES: tuple[Role, ...] = ("lead", "partners", "deadline", "deliverables")


@dataclass
class LabelBlock:
    """Labelled lines that stand together: the value of each role."""

    place: int
    values: dict[Role, str] = field(default_factory=dict)

    def add_value(self, role: Role, value: str) -> None:
        """Add a value; a second lead beside the lead ("Đơn vị thực hiện") is a partner."""
        if role == "lead" and self.values.get("lead") and value:
            role = "partners"
        before = self.values.get(role)
        self.values[role] = f"{before}\n{value}" if before else value


@dataclass
class OutlineItem:
    """A paragraph of the outline; `parts` are the items and labelled lines under it, in order.

    `label` is the number as printed, "" without one. `place` counts the paragraphs from 1.
    `is_agency` says that a line without a number is the name of the agency of those under it.
    """

    mark: Mark
    label: str
    text: str
    depth: float
    place: int
    parent: "OutlineItem | None" = None
    parts: "list[OutlineItem | LabelBlock]" = field(default_factory=list)
    sign: str = ""
    is_agency: bool = False

    @property
    def items(self) -> "list[OutlineItem]":
        """Return the items directly under this one."""
        return [part for part in self.parts if isinstance(part, OutlineItem)]

    @property
    def contents(self) -> "list[OutlineItem]":
        """Return the bullets and plain lines directly under this one."""
        return [item for item in self.items if item.mark != "number"]

    @property
    def blocks(self) -> list[LabelBlock]:
        """Return the labelled lines directly under this one."""
        return [part for part in self.parts if isinstance(part, LabelBlock)]

    @property
    def path(self) -> list[str]:
        """Return the numbers of the headings down to this item, "VI" and "1.2", not "1" too."""
        above = self.parent.path if self.parent is not None else []
        if self.mark != "number":
            return above
        if above and self.label.startswith(f"{above[-1]}."):
            above = above[:-1]
        return [*above, self.label]

    @property
    def heading(self) -> "OutlineItem | None":
        """Return the nearest numbered heading above this item, or the root; None for the root."""
        above = self.parent
        while above is not None and above.mark not in ("number", "root"):
            above = above.parent
        return above

    @property
    def section(self) -> str:
        """Return the text of the nearest numbered heading above this item, "" without one."""
        return normalise(self.heading.text) if self.heading is not None else ""

    def walk_items(self) -> "Iterator[OutlineItem]":
        """Yield the items under this one, in the order of the document."""
        for item in self.items:
            yield item
            yield from item.walk_items()


class Outline(NamedTuple):
    """The outline of a narrative, and the paragraphs outside it with their places."""

    root: OutlineItem
    skipped: list[tuple[int, str]]


def make_outline(texts: list[str]) -> Outline:
    """Return the outline of a narrative; signatures and what belongs to them are skipped."""
    agencies = find_agency_lines([_drop_numbered(text) for text in texts])
    heads = _find_heads_of_numbers(texts)
    named = {place for place in heads if not _TIME_HEADING.match(texts[place])}
    builder = _OutlineBuilder(agencies | named, heads)
    for place, text in enumerate(texts, start=1):
        builder.add_paragraph(place, text)
    return Outline(builder.root, builder.skipped)


class _OutlineBuilder:
    """Adds paragraphs to an outline, one after the other."""

    def __init__(self, agency_lines: set[int], heads: dict[int, float]) -> None:
        self._agency_lines = agency_lines
        self._heads = heads
        self.root = OutlineItem("root", "", "", -1, 0)
        self.skipped: list[tuple[int, str]] = []
        self._open = [self.root]
        self._signed = False
        self._addresses = False
        self._names_signer = False  # the post of who signs stands in the line above
        self._waiting: tuple[LabelBlock, Role] | None = None

    def add_paragraph(self, place: int, text: str) -> None:
        """Add a paragraph in its place."""
        if _SIGNATURE.match(fold(text)):
            self._signed = True
        if begins_document(text):
            self._signed, self._open = False, [self.root]
            return
        if self._is_addressee(text):
            return
        is_name = self._names_signer and _PERSON.match(_PERSON_TITLES.sub("", text))
        self._names_signer = _is_signer(text)
        is_aside = self._names_signer or is_name
        if self._signed or is_aside or _FOOTNOTE.match(text) or _PLACE_DAY.match(text):
            self.skipped.append((place, text))
            return
        numeral, rest, depth = self._split_mark(text)
        if self._add_label(place, numeral, rest):
            return
        if numeral is None:
            self._add_line(place, rest)
            return
        self._waiting = None
        self._open_item(OutlineItem("number", numeral.label, rest, depth, place))

    def _is_addressee(self, text: str) -> bool:
        """Return whether a line names whom a letter is for: it, and the bullets after it."""
        bullet = split_bullets(text)[0]
        is_name = bool(bullet.mark) and find_name_before_verb(bullet.text) == bullet.text
        is_name = is_name and not bullet.text.endswith(":")
        self._addresses = bool(_ADDRESSED.match(text)) or (self._addresses and is_name)
        return self._addresses

    def _split_mark(self, text: str) -> tuple[Numeral | None, str, int]:
        """Return the number of a paragraph or None, its text, and its depth."""
        numeral, rest, depth = _split_mark(text)
        found = self._match_next(text) if numeral is None and not _REGARDING.match(text) else None
        number = parse_number(found[1]) if found else None
        if found is None or number is None:
            return numeral, rest, depth
        return number, text[found.end() :].strip(), _get_depth(number)

    def _match_next(self, text: str) -> "re.Match[str] | None":
        """Return the match of a number without a dot, if it counts on from the one before."""
        found = _SHORT_NUMBER.match(text)
        if found is None:
            return None
        last = next((one for one in reversed(self._open) if one.depth == _DEPTHS["arabic"]), None)
        expected = int(last.label) + 1 if last is not None and last.label.isdigit() else 1
        return found if int(found[1]) == expected else None

    # ------------------------------------------------------------ labelled lines

    def _add_label(self, place: int, numeral: Numeral | None, text: str) -> bool:
        """Add a labelled line to the numbered paragraph above it; return False for others."""
        depth = _get_depth(numeral) if numeral else BULLET_DEPTH
        if depth < 2:
            return False
        line = text if numeral else split_bullets(_DOUBLE_MARK.sub("", text))[0].text
        if (title := read_title_label(line)) is not None:
            if numeral is not None and depth < _DEPTHS["small"]:
                return False
            if title:
                self._open_item(OutlineItem("bullet", "", title, BULLET_DEPTH, place), depth)
            else:
                self._open = [one for one in self._open if one.depth < depth]
            self._waiting = None
            return True
        values = parse_labels(line)
        if values:
            block = self._find_block(place, depth, values)
            for role, value in values.items():
                block.add_value(role, value)
            self._waiting = None
            return True
        empty = _read_empty_label(line)
        if empty is None or (numeral is not None and depth < _DEPTHS["small"]):
            return False
        self._waiting = (self._find_block(place, depth, {empty: ""}), empty)
        return True

    def _find_block(self, place: int, depth: int, values: dict[Role, str]) -> LabelBlock:
        """Return the block of labelled lines directly above, or a new one."""
        self._open = [one for one in self._open if one.depth < min(depth, _DEPTHS["small"] + 1)]
        while self._open[-1].mark not in ("number", "root"):
            self._open.pop()
        owner = self._open[-1]
        last = owner.parts[-1] if owner.parts else None
        if isinstance(last, LabelBlock):
            is_whole = {"deadline", "lead"} <= last.values.keys()
            if not (is_whole and "lead" in values):
                return last
        block = LabelBlock(place)
        owner.parts.append(block)
        return block

    # ------------------------------------------------------------ bullets and plain lines

    def _add_line(self, place: int, text: str) -> None:
        bullet = split_bullets(_DOUBLE_MARK.sub("", text))[0]
        if self._waiting is not None and self._goes_on_with_label(bullet.text):
            block, role = self._waiting
            block.values[role] = f"{block.values.get(role, '')}\n- {bullet.text}".strip()
            return
        self._waiting = None
        is_agency = place - 1 in self._agency_lines
        if bullet.mark:
            depth: float = BULLET_DEPTH + (bullet.mark == "+")
            depth = _HEADING_BULLET_DEPTH if is_agency else depth
            limit = _HEADING_BULLET_DEPTH if self._is_beside_agency(bullet) else None
        else:
            introduces = is_agency or text.endswith(":") or bool(_TIME_HEADING.match(text))
            depth = _INTRODUCING_DEPTH if introduces else BULLET_DEPTH
            limit = _INTRODUCING_DEPTH if self._leaves_agency(text) else None
            depth = self._heads.get(place - 1, depth)
        item = OutlineItem("bullet" if bullet.mark else "plain", "", bullet.text, depth, place)
        item.sign, item.is_agency = bullet.mark, is_agency
        self._open_item(item, limit)

    def _is_beside_agency(self, bullet: Bullet) -> bool:
        """Return whether a bullet has the sign of the agency above, whose own have another."""
        above = next((one for one in reversed(self._open) if one.is_agency), None)
        first = above.parts[0] if above is not None and above.parts else None
        if above is None or not isinstance(first, OutlineItem):
            return False
        return above.sign == bullet.mark != first.sign

    def _leaves_agency(self, text: str) -> bool:
        """Return whether a line without a sign is no duty of the agency's line above."""
        above = next((one for one in reversed(self._open) if one.is_agency), None)
        if above is None:
            return False
        last = above.parts[-1] if above.parts else None
        return (isinstance(last, OutlineItem) and bool(last.sign)) or not goes_on_below(text)

    def _goes_on_with_label(self, text: str) -> bool:
        if self._waiting is None or self._waiting[1] == "deadline":
            return self._waiting is not None
        return find_name_before_verb(text) == text.strip() or self._waiting[1] == "deliverables"

    def _open_item(self, item: OutlineItem, depth: float | None = None) -> None:
        limit = item.depth if depth is None else min(depth, item.depth)
        self._open = [one for one in self._open if one.depth < limit]
        item.parent = self._open[-1]
        item.parent.parts.append(item)
        self._open.append(item)


# ---------------------------------------------------------------- lines


@lru_cache(maxsize=1)
def _list_kinds() -> tuple[str, ...]:
    return tuple(load_column_words()["heading"]["kinds"])


def _split_mark(text: str) -> tuple[Numeral | None, str, int]:
    """Return the number of a paragraph or None, its text, and its depth."""
    for pattern, depth in (
        (_NAMED, _NAMED_DEPTH),
        (_PART, 0),
        (_ARTICLE, 1),
        (_LONG_NUMBER, None),
    ):
        found = pattern.match(text)
        number = parse_number(_ORDINALS.get(found[1].lower(), found[1])) if found else None
        if found and number:
            known = _get_depth(number) if depth is None else depth
            return number, text[found.end() :].strip(), known
    if _REGARDING.match(text):
        return None, text, BULLET_DEPTH
    numeral, rest = split_number(text)
    if numeral.kind != "none":
        return numeral, rest, _get_depth(numeral)
    found = _BARE_ROMAN.match(text)
    number = parse_number(found[1]) if found else None
    if found is None or number is None:
        return None, text, BULLET_DEPTH
    return number, text[found.end() :].strip(), _get_depth(number)


def _get_depth(numeral: Numeral) -> int:
    depth = _DEPTHS.get(numeral.kind, _DEPTHS["small"])
    if numeral.kind == "arabic":
        depth = min(depth + numeral.label.count("."), _DEEPEST_ARABIC)
    return depth


def _find_heads_of_numbers(texts: list[str]) -> dict[int, float]:
    """Return the depths of the lines without a number that head numbered ones, by their index.

    They are times ("Tháng 3"), and names of agencies above a list that begins with its first
    number. In the head of a document a name needs a colon.
    """
    heads: dict[int, float] = {}
    is_head = True
    for index, (text, below) in enumerate(pairwise(texts)):
        if _drop_numbered(text) is None:
            is_head = False
            continue
        numeral, _, depth = _split_mark(below)
        if numeral is None or split_bullets(text)[0].mark:
            continue
        begins = numeral.label.rpartition(".")[2] in _FIRST
        is_agency = begins and is_bare_agency(text) and (text.endswith(":") or not is_head)
        if is_agency or _TIME_HEADING.match(text):
            heads[index] = depth - 0.5  # between the number below and the headings above
    return heads


def _drop_numbered(text: str) -> str | None:
    """Return a line without a number that has no label, None for others."""
    is_numbered = _split_mark(text)[0] is not None
    line = split_bullets(text)[0].text
    is_label = parse_labels(line) or _read_empty_label(line) or read_title_label(line) is not None
    return None if is_numbered or is_label else text


def begins_document(text: str) -> bool:
    """Return whether a line in capitals begins a document, or an annex of it."""
    folded = fold(text).strip(" :*")
    return text.isupper() and len(text) < LONGEST_TITLE and folded.startswith(_list_kinds())


def _is_signer(text: str) -> bool:
    """Return whether a line only names the post of who signs ("CHỦ TỊCH")."""
    return text.isupper() and bool(_SIGNER.match(fold(text).strip(" .,/")))


def read_title_label(text: str) -> str | None:
    """Return the duty behind a label ("Nhiệm vụ: ..."), "" if it stands below, None for others."""
    found = _LABEL.match(text)
    return found[2].strip() if found and fold(found[1]).strip() in _TITLE_LABELS else None


def parse_labels(text: str) -> dict[Role, str]:
    """Return the labelled values of a line, between semicolons; {} if it begins with no label."""
    labels: dict[Role, str] = {}
    last: Role | None = None
    for part in _PARTS.split(text.rstrip(" .;")):
        label = _parse_label(part)
        if label is not None:
            last = label[0]
            labels[last] = label[1]
        elif last is None:
            return {}
        else:
            labels[last] += f"; {part}"
    return labels


def _parse_label(text: str) -> tuple[Role, str] | None:
    """Return the role and the value of a labelled line, None for other lines."""
    found = _LABEL.match(text)
    if not found or not found[2]:
        return None
    role = _read_label_role(found[1])
    if role == "deliverables" and _is_order(found[1]):
        return None  # "Báo cáo kết quả thực hiện: ..." is a duty
    if role == "deadline" and _is_duty(found[1]):
        return None
    return (role, found[2]) if role is not None else None


def _is_order(text: str) -> bool:
    return find_name_before_verb(lower_first(text)) == ""


def _is_duty(label: str) -> bool:
    """Return whether a label is a duty that only ends with a time ("Mua máy theo tiến độ:")."""
    begins = " ".join(label.split()[: 2 if _is_order(label) else WORDS_OF_TIME_LABEL])
    return begins != label and "deadline" not in score_roles(begins)


def _read_label_role(label: str) -> Role | None:
    asked = strip_request(label)
    if asked != label and begins_like_agency(asked):
        return None  # "Trách nhiệm của Phòng Kinh tế: ..." is a duty of that agency
    before, dash, _ = label.partition(" – ") if " – " in label else label.partition(" - ")
    if dash and not score_roles(" ".join(before.split()[:3])):
        return None  # "Dựng trạm – Cơ quan chủ trì: ..." is a duty with labels behind it
    all_fits = score_roles(label)
    fits = {role: score for role, score in all_fits.items() if role in _ROLES}
    strong = {role: score for role, score in fits.items() if score > STRONG_WORD or role == "lead"}
    if not strong or all_fits.get("title", 0) > max(strong.values()):
        return None
    role = max(strong, key=lambda role: strong[role])
    is_vague = role == "lead" and strong[role] < _LEAST_OF_LEAD
    return None if is_vague and not _OF_BODY.match(fold(label)) else role


_LEAST_OF_LEAD = 11  # a shorter word names a body ("các đơn vị: ..."), not who is in charge
_OF_BODY = compile_pattern("lead_label")


def _read_empty_label(text: str) -> Role | None:
    """Return the role of a label whose value stands in the lines below, None for others."""
    found = _LABEL.match(text)
    if not found or found[2]:
        return None
    role = _read_label_role(found[1])
    is_duty = role == "deadline" and _is_duty(found[1])
    if is_duty or (role == "deliverables" and _is_order(found[1])):
        return None
    return role if role is not None and _EMPTY_LABEL.search(fold(found[1])) else None


_EMPTY_LABEL = compile_pattern("empty_label")
