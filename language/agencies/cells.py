"""Read a lead or partner cell as agencies: "Các sở: Tư pháp; Tài chính và UBND huyện, tx, tp".

Known names are found first, the longest first, because names contain commas and "và" themselves.
What is left between separators is an unknown name, or a remark ("tổng hợp, báo cáo") that names
nobody.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from language.agencies.directory import Directory
from language.agencies.item_words import (
    SEPARATOR,
    count_phrase_words,
    ends_name_of_several,
    find_joint_office_end,
    fold_without_and,
    is_field_of_room,
    is_inside_name,
    is_made_of,
    write_out_name,
)
from language.agencies.local_government import (
    count_ubnd_words,
    make_local_name,
    read_level_at,
    read_levels_at,
)
from language.agencies.tables import load_agency_tables
from language.text import normalise
from language.tokens import AND, WordToken, make_name_key, split_words

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\(.*$", re.DOTALL)
_HARD_SEPARATOR = re.compile(r"[;\n•|]|(?:^|\s)[-–—*](?:\s|$)")
_SPACED_DASH = re.compile(r"\s*[-–—]\s*")
_SLASH_IN_NAME = re.compile(r"^/$")
_TORN_LINE = re.compile(r"(?<=[^;,.:])\n(?=[a-zà-ỹđ])")
_WITH = frozenset({AND, "voi", "cung", "hoac"})
_RELATED = ("lien", "quan")


class AgencyMention(NamedTuple):
    """An agency in a cell of a plan: its canonical name, and its name as printed.

    The name of an unknown agency is the printed one, tidied.
    """

    name: str
    is_known: bool
    printed_name: str


def read_agency_cell(directory: Directory, text: str) -> list[AgencyMention]:
    """Return the agencies of one cell in the order printed, each once; unknown ones as printed."""
    lines = (
        normalise(line)
        for line in unicodedata.normalize("NFC", _BRACKETS.sub(" ", text)).splitlines()
    )
    tidy = _TORN_LINE.sub(" ", "\n".join(line for line in lines if line))
    reader = AgencyCellReader(directory, tidy, split_words(tidy))
    mentions: dict[str, AgencyMention] = {}
    for mention in reader.run():
        mentions.setdefault(mention.name, mention)
    return list(mentions.values())


class AgencyCellReader:
    """Walk over the words of one cell.

    `open_item` is the first word of an unfinished item, or None.
    """

    def __init__(self, directory: Directory, text: str, tokens: Sequence[WordToken]) -> None:
        self.directory = directory
        self.text = text
        self.tokens = tokens
        self.open_item: int | None = None
        self.list_of_departments = False
        self.items: list[AgencyMention] = []

    def run(self) -> list[AgencyMention]:
        """Return the agencies of all words of the cell."""
        at = 0
        while at < len(self.tokens):
            if self._is_new_item(at):
                self._close_item(at)
            at = self._read_item_at(at)
        self._close_item(len(self.tokens))
        return self.items

    def _read_item_at(self, at: int) -> int:
        """Read the item that starts at word `at`; return the word to go on from."""
        if self._is_whole_item(at) and (end := find_joint_office_end(self.tokens, at)) is not None:
            self.open_item = at
            return end
        for reading in (
            self._read_local_governments,
            self._read_collective,
            self._read_name,
            self._read_related_bodies,
            self._read_bare_department,
            self._read_slip,
        ):
            item = reading(at)
            if item is not None and self._is_whole_item(at):
                end, names = item
                self.open_item = None
                self.items.extend(
                    AgencyMention(name, True, self._print_words(at, end)) for name in names
                )
                return self._skip_remarks(end) if names else end
        if self.open_item is None:
            self.open_item = at
        return at + 1

    # ------------------------------------------------------------ items

    def _is_new_item(self, at: int) -> bool:
        """Return whether a new item starts at word `at`."""
        gap = self.tokens[at].gap
        if at == 0 or (_HARD_SEPARATOR.search(gap) and not self._is_dash_in_name(at)):
            return True
        if self.open_item is None:
            return bool(SEPARATOR.search(gap)) or self._is_link(at - 1)
        if self._is_link(at - 1) or (SEPARATOR.search(gap) and not _SLASH_IN_NAME.match(gap)):
            return not self._is_continuation(self.open_item, at)
        return False

    def _is_link(self, at: int) -> bool:
        """Return whether the word at `at` joins two agencies; "cung" of "cung cấp" does not."""
        return self.tokens[at].folded in _WITH and not count_phrase_words(
            self.tokens, at, load_agency_tables().cell_words["remarks"]
        )

    def _is_dash_in_name(self, at: int) -> bool:
        """Return whether the dash before `at` is a part of the open name ("Sản - Nhi")."""
        return (
            self.open_item is not None
            and bool(_SPACED_DASH.fullmatch(self.tokens[at].gap))
            and (is_field_of_room(self.tokens, self.open_item, at) or not self._may_start_item(at))
            and not self.directory.find_name_at(self.tokens, at, alone=True, free_place=True)
        )

    def _is_continuation(self, start: int, at: int) -> bool:
        """Return whether the item from word `start` goes on behind a comma or "và".

        It is then a list of nouns ("các sở, ban"), or the rest of a long name.
        """
        words = [t.folded for t in self.tokens[start:at] if t.folded not in {AND, "cac"}]
        together = load_agency_tables().cell_words["together"]
        if is_made_of(words, together) and count_phrase_words(self.tokens, at, together):
            return True
        if self._read_related_bodies(at) is not None or self._is_head_of_known(at):
            return False
        if (
            read_level_at(self.tokens, at)
            and not self.tokens[at].has_capital
            and (words[-1:] == ["tinh"] or read_level_at(self.tokens, at - 1))
        ):
            return True
        if self._is_dash_in_name(at) or ends_name_of_several(self.tokens, start, at):
            return True
        is_list = self.tokens[start].folded == "cac" and ":" in self._print_words(start, at + 1)
        if self._may_start_item(at) or self.directory.find_name_at(
            self.tokens, at, alone=not is_list, free_place=True
        ):
            return False
        if is_list:
            return True  # "Các trường: Mầm non, Tiểu học" are one collective
        if self.tokens[at - 1].folded == AND:
            return True  # an unknown name stays whole
        if not self._may_start_item(start):
            return False
        # "Phòng Phổ biến, giáo dục pháp luật" is one name, "Phòng A, tổng hợp" a name and a remark
        return self.tokens[at].has_capital or (
            not is_made_of(words, together)
            and self.tokens[at].gap.strip() == ","
            and not count_phrase_words(self.tokens, at, load_agency_tables().cell_words["remarks"])
        )

    def _is_head_of_known(self, at: int) -> bool:
        """Return whether `at` names the head of a known agency ("Chủ tịch UBND các xã")."""
        size = count_phrase_words(self.tokens, at, load_agency_tables().cell_words["chiefs"])
        body = at + size
        return 0 < size < len(self.tokens) - at and (
            self._read_local_governments(body) is not None
            or read_levels_at(self.tokens, body) is not None
            or self.directory.find_name_at(self.tokens, body, alone=True, free_place=True)
            is not None
        )

    def _may_start_item(self, at: int) -> bool:
        """Return whether an item may start at `at`.

        It may at a word that agencies start with, but not at a remark.
        """
        size = count_phrase_words(self.tokens, at, load_agency_tables().cell_words["heads"])
        words = load_agency_tables().cell_words
        if not size or any(
            count_phrase_words(self.tokens, at, words[n]) for n in ("remarks", "no_heads")
        ):
            return False
        typed = tuple(t.text.lower() for t in self.tokens[at : at + size])
        return typed in load_agency_tables().head_words or all(word.isascii() for word in typed)

    def _close_item(self, end: int) -> None:
        """End the open item before word `end`; keep it as an unknown name if it reads like one."""
        start, self.open_item = self.open_item, None
        if start is None:
            return
        while end > start and self._is_link(end - 1):
            end -= 1
        end = self._find_remark(start, end)
        while end > start and self._is_link(start):
            start += 1
        if end <= start or not (self.tokens[start].has_capital or self._may_start_item(start)):
            return
        name = self._print_words(start, end)
        self.items.append(AgencyMention(write_out_name(name), False, name))

    def _find_remark(self, start: int, end: int) -> int:
        """Return the word that begins a remark on the name ("chủ trì" of "Văn phòng chủ trì")."""
        remarks = load_agency_tables().cell_words["remarks"]
        last_verbs = load_agency_tables().cell_words["ends"]  # "Phòng Kinh tế xây dựng"
        head = count_phrase_words(self.tokens, start, load_agency_tables().cell_words["heads"])
        for at in range(start + max(head, 1), end):
            size = count_phrase_words(self.tokens, at, remarks)
            if (
                size
                and not self.tokens[at].has_capital
                and not is_inside_name(self.tokens, at)
                and not (at + size == end and count_phrase_words(self.tokens, at, last_verbs))
            ):
                return at
        return end

    def _is_whole_item(self, at: int) -> bool:
        """Return whether a known name at `at` is the whole item, with nothing of meaning before."""
        if self.open_item is None:
            return True
        before = tuple(t.folded for t in self.tokens[self.open_item : at])
        phrases = load_agency_tables().cell_words["before"]
        return is_made_of(before, phrases) or (
            is_made_of(before[1:], phrases) and before[0] in _WITH
        )

    def _skip_remarks(self, at: int) -> int:
        """Return the word behind the remarks on a name.

        It is the first of the next item, or of an agency named with it ("phối hợp với ...").
        """
        start = at
        if at < len(self.tokens) and self.tokens[at].folded == AND:
            return at + 1
        while at < len(self.tokens) and not SEPARATOR.search(self.tokens[at].gap):
            before = self.tokens[at - 1].folded
            is_joint = (
                at == start
                or before == AND
                or (before == "voi" and self.tokens[at - 2].folded == "hop")
            )
            if is_joint and (
                self.directory.find_name_at(self.tokens, at, free_place=True)
                or read_levels_at(self.tokens, at)
                or self._read_related_bodies(at)
            ):
                return at
            if before == AND and (self._may_start_item(at) or self._is_head_of_known(at)):
                return at
            at += 1
        return at

    def _print_words(self, start: int, end: int) -> str:
        return (
            normalise(self.text[self.tokens[start].start : self.tokens[end - 1].end])
            if end > start
            else ""
        )

    # ------------------------------------------------------------ readings

    def _read_name(self, at: int) -> tuple[int, list[str]] | None:
        hit = self.directory.find_name_at(self.tokens, at, alone=True, free_place=True)
        if hit is None or hit.others:
            return None
        end = at + hit.length
        if not self._is_item_end(end) or self.tokens[end - 1 : end + 1][-1].folded == AND:
            whole = self._read_slip(at)  # "Sở Thông tin và Truyền thôn" begins with a short name
            if whole is not None:
                return whole
        if self._goes_on_behind_and(end) or self._goes_on_in_item(at, end, hit.name):
            return None
        if hit.form.stands_alone and not (
            self._is_item_end(end) and (self.open_item is None or self.open_item == at)
        ):
            return None
        kind = self.directory.find_kind(hit.name)
        self.list_of_departments = kind == "department" or (
            kind == "collective"
            and make_name_key("Các sở") == fold_without_and(self.tokens[at:end])
        )
        if self.list_of_departments and kind == "collective" and self._read_bare_department(end):
            return end, []  # "Các sở: Tư pháp; ...": the departments follow by name
        return end, [hit.name]

    def _goes_on_behind_and(self, end: int) -> bool:
        """Return whether "và" before the rest of a longer name follows a known name.

        "Ban Dân tộc và Tôn giáo" is one body, not the two of "Ban Dân tộc và Sở Y tế".
        """
        at = end + 1
        if at >= len(self.tokens) or self.tokens[end].folded != AND or self.tokens[end].gap.strip():
            return False
        others = (
            self._may_start_item(at)
            or read_level_at(self.tokens, at)
            or self.directory.find_name_at(self.tokens, at, alone=True, free_place=True)
            or fold_without_and(self.tokens[at : at + 2]) in load_agency_tables().bare_departments
            or self._is_head_of_known(at)
        )
        return self.tokens[at].has_capital and not others and self._is_item_end(self._find_end(at))

    def _goes_on_in_item(self, at: int, end: int, name: str) -> bool:
        """Return whether a known board or body at `at` only begins a longer name of another.

        "Ban Quản lý Khu kinh tế cửa khẩu X", "Ban Tuyên giáo - Chính sách luật pháp" and
        "Văn phòng Ủy ban Kiểm tra" do.
        """
        following = self.tokens[end : end + 1]
        if make_name_key("Ủy ban") == fold_without_and(self.tokens[end - 2 : end]) and following:
            return following[0].has_capital and not following[0].gap.strip()
        if self.directory.find_kind(name) not in ("board", "party") or end + 1 >= len(self.tokens):
            return False
        if self._is_link(end):
            return ends_name_of_several(self.tokens, at, end + 1)
        if _SPACED_DASH.fullmatch(self.tokens[end].gap) and self.tokens[end].gap.strip():
            return self.tokens[end].has_capital and not self._may_start_item(end)
        words = load_agency_tables().cell_words
        if self.tokens[end].gap.strip() or count_phrase_words(self.tokens, end, words["remarks"]):
            return False
        stop = self._find_end(end)
        if stop + 1 < len(self.tokens) and self._is_link(stop):
            return ends_name_of_several(self.tokens, at, stop + 1)
        following = self.tokens[end:stop]
        return not following[0].has_capital and any(one.has_capital for one in following[1:3])

    def _find_end(self, at: int) -> int:
        """Return the word behind the words with capitals or without a gap that start at `at`."""
        end = at + 1
        while end < len(self.tokens) and not self._is_item_end(end):
            end += 1
        return end

    def _is_item_end(self, end: int) -> bool:
        if end >= len(self.tokens):
            return True
        return bool(SEPARATOR.search(self.tokens[end].gap)) or self._is_link(end)

    def _read_bare_department(self, at: int) -> tuple[int, list[str]] | None:
        """Read a department without "Sở" in a list of departments: "Sở Tư pháp, Tài chính"."""
        if not self.list_of_departments:
            return None
        for size in range(8, 0, -1):
            end = at + size
            part = self.tokens[at:end]
            if (
                len(part) == size
                and part[-1].folded != AND
                and (name := load_agency_tables().bare_departments.get(fold_without_and(part)))
                and self._is_item_end(end)
            ):
                return end, [name]
        return None

    def _read_slip(self, at: int) -> tuple[int, list[str]] | None:
        """Read a department with a letter lost ("Sở Thông tin và Truyền thôn")."""
        if self.tokens[at].folded != "so":
            return None
        end = at + 1
        while end < len(self.tokens) and not re.search(r"[,;:\n]", self.tokens[end].gap):
            end += 1
        mention, used = self.directory.find_slip_at(self.tokens[:end], at, least=end - at - 1)
        if mention is None or mention.candidates or at + used != end:
            return None
        return end, [mention.canonical_name]

    def _read_collective(self, at: int) -> tuple[int, list[str]] | None:
        row = read_levels_at(self.tokens, at)
        if row is None:
            return None
        length, names = row
        hit = self.directory.find_name_at(self.tokens, at, free_place=True)
        return None if hit and hit.length > length else (at + length, list(names))

    def _read_local_governments(self, at: int) -> tuple[int, list[str]] | None:
        """Read UBND by name: "UBND huyện A", "UBND các huyện: A, B; thị xã C"."""
        start = at + count_ubnd_words(self.tokens, at)
        several = start < len(self.tokens) and (
            self.tokens[start].folded == "cac"
            or (start > at and self.tokens[start].folded.isdecimal())  # "UBND 03 xã: A, B, C"
        )
        start += several
        level = read_level_at(self.tokens, start) if start < len(self.tokens) else None
        if level is None or (start == at and not self.tokens[at + level[0] : at + level[0] + 1]):
            return None
        first = start + level[0]
        names: list[str] = []
        end = first
        while True:
            stop = self._find_place_end(end)
            name = make_local_name(
                [*self.tokens[start:first], *self.tokens[end:stop]], 0, first - start + stop - end
            )
            if stop == end or name is None:
                break
            names.append(name)
            end = stop
            if (
                not several
                or end >= len(self.tokens)
                or not re.fullmatch(r"\s*,?\s*", self.tokens[end].gap)
            ):
                break
            end += self.tokens[end].folded == AND
        while end > first and self.tokens[end - 1].folded == AND:
            end -= 1
        return (end, names) if names else None

    def _find_place_end(self, at: int) -> int:
        """Return the word behind the place that starts at `at`.

        A place has at most five words with capitals, and is no agency.
        """
        end = at
        while (
            end < len(self.tokens)
            and end < at + 5
            and (self.tokens[end].has_capital or self.tokens[end].text.isdigit())
        ):
            gap = re.search(r"[,;.\n/]", self.tokens[end].gap) if end > at else None
            if (
                gap
                or self.tokens[end].folded == "ubnd"
                or (end > at and self.directory.find_name_at(self.tokens, end))
            ):
                break
            if end == at and self.directory.find_name_at(self.tokens, end):
                break
            end += 1
        return end

    def _read_related_bodies(self, at: int) -> tuple[int, list[str]] | None:
        """Read "các cơ quan, đơn vị khác có liên quan" as "Cơ quan, đơn vị có liên quan"."""
        end = at + (self.tokens[at].folded == "cac")
        nouns: list[str] = []
        while end < len(self.tokens):
            size = count_phrase_words(self.tokens, end, load_agency_tables().cell_words["together"])
            if not size:
                break
            nouns.append(self._print_words(end, end + size).lower())
            end += size
            end += end < len(self.tokens) and self.tokens[end].folded == AND
        if not nouns:
            return None
        while end < len(self.tokens) and self.tokens[end].folded in {"khac", "co"}:
            end += 1
        if tuple(t.folded for t in self.tokens[end : end + 2]) != _RELATED:
            return None
        if {n for noun in nouns for n in make_name_key(noun)} <= {"so", "ban", "nganh"}:
            return None  # the collective of departments, related or not
        name = ", ".join(nouns) + " có liên quan"
        return end + 2, [name[0].upper() + name[1:]]
