"""Whom a question is about: known agencies, UBND by their place, the asker's own, and names that nobody knows."""

from language.agencies.directory import (
    TextMention,
    count_ubnd_words,
    find_province_at_end,
    load_agency_tables,
    make_local_name,
    read_level_at,
)
from language.questions.line import BREAK, CLOSES_SUBJECT, NO_MEANING
from language.questions.phrases import OWN, Phrase, is_list_before, load_phrases, match_list_at
from language.questions.sections import SectionLine
from language.questions.typing_slips import is_syllable
from language.text import fold, normalise
from language.tokens import AND, split_words

LONGEST_EXCEPTING = 4  # words that leave an agency out ("không liên quan đến")
LONGEST_BETWEEN = 4  # words between those and the agency ("các nhiệm vụ của")
LONGEST_PLACE = 3  # words of a place's name typed without capitals
PLACE_SURE = 2  # words of a place's name that are taken whatever they mean otherwise
LONGEST_PROVINCE = 4  # words of a province's name ("Bà Rịa - Vũng Tàu")
_PROVINCE = frozenset({"tinh", "toan", "ca", "pho", "tp"})
_CITY = frozenset({"pho", "tp"})
_STOPS = frozenset(".;:?!,()\n")
_BEFORE_NEXT = frozenset({"tuan", "thang", "quy", "nam", "ngay", "sap", "den", "gio"})
_JOINS = frozenset({"va", "voi", "cung"})
_BEFORE_BARE = frozenset({"ben", "nganh", "phia"})
_EVERYBODY = frozenset({"cac so"})
_NO_PLACE = frozenset({"hoi", "nao", "gi", "minh", "toi", "tui", "em", "ta", "chung", "va"})
_SURE_LEVELS = frozenset({"huyen", "thi xa", "thanh pho", "tx", "xa", "tp"})
_LEVELS_AS_WRITTEN = frozenset(
    {"huyện", "thị xã", "thành phố", "quận", "xã", "phường", "thị trấn", "đặc khu"}
)
_GIVING = frozenset({"giao", "yêu cầu"})
_FIRM = frozenset(
    {*CLOSES_SUBJECT, "intent.progress", "deadline.due", "task.noun", "intent.list", "role.any"}
)
_WHO_ELSE = frozenset({"intent.who", "words.everybody", "intent.list"})


class PartyLine(SectionLine):
    """A line whose agencies can be read."""

    def read_agencies(self) -> None:
        """Known agencies, UBND by their place, the asker's own, and names that nobody knows."""
        self.mentions: list[TextMention] = []
        self.topic_mentions: list[TextMention] = []
        self.unknown_agency: str | None = None
        self.is_other_province = False
        self.has_own_agency = bool(self.list_own_phrases())
        self.means_everybody = self.has_label("words.everybody")
        subject = [p for p in self.phrases if "words.subject" in p.labels]
        self._read_local_governments()
        for mention in self.context.directory.find_mentions(self.text, self.context.today):
            within = self.find_words(mention.start, mention.end)
            if any(self.is_taken[i] for i in within) or any(
                p.start <= within.start < p.end for p in subject
            ):
                continue
            if fold(self.text[mention.start : mention.end]) in _EVERYBODY or self._is_everybody_at(
                within
            ):
                continue
            if self._is_of_other_province(within):
                self.unknown_agency = normalise(self.text[mention.start : mention.end])
                self.take_words(within.start, within.stop)
                continue
            kept = self.mentions if self._is_party(mention, within) else self.topic_mentions
            kept.append(mention)
            if kept is self.mentions:
                self.take_words(within.start, within.stop)
        self._read_bare_departments()
        self.read_section()
        self._read_provinces()
        if self.unknown_agency is None:
            self._read_unknown_agency()

    def _read_provinces(self) -> None:
        """ "Tỉnh An Giang" is everybody in the plans of that province; another province is not in the registry."""
        for at, token in enumerate(self.tokens):
            if token.folded not in _PROVINCE or self.is_taken[at]:
                continue
            start = at - 1 if token.folded == "pho" and at else at
            governed = start > 0 and self.tokens[start - 1].folded == "ubnd"
            start -= governed
            end = self._find_city_end(at) if token.folded in _CITY else self._find_place_end(at)
            place = find_province_at_end(self.tokens[at:end])
            if place is None or self.is_in_subject(start):
                continue
            if place in self.context.provinces:
                if governed:
                    continue
                self.means_everybody = True
            elif (self.context.provinces or token.folded in _CITY) and self.is_agency_slot(start):
                self.unknown_agency = normalise(
                    self.text[self.tokens[start].start : self.tokens[end - 1].end]
                )
                self.is_other_province = True
            else:
                continue
            self.take_words(start, end)

    def _find_place_end(self, at: int) -> int:
        """The word behind the longest name of a province or city that follows the word `at`; 0 for none."""
        ends = range(min(at + LONGEST_PROVINCE + 1, len(self.tokens)), at + 1, -1)
        return next(
            (end for end in ends if find_province_at_end(self.tokens[at:end]) is not None), 0
        )

    def _find_city_end(self, at: int) -> int:
        """The same of a city directly under the centre that follows "thành phố" (its last word) or "tp"."""
        end = self._find_place_end(at) if self.tokens[at].folded in _CITY else 0
        return (
            end
            if tuple(t.folded for t in self.tokens[at + 1 : end]) in load_agency_tables().cities
            else 0
        )

    def _is_of_other_province(self, within: range) -> bool:
        """Whether an agency's name ends with the name of a province that is none of the loaded plans'."""
        place = find_province_at_end(self.tokens[within.start : within.stop])
        return (
            place is not None
            and bool(self.context.provinces)
            and place not in self.context.provinces
        )

    def list_own_phrases(self) -> list[Phrase]:
        """Where the asker's own agency is meant; "tuan toi co" is "tuần tới có", not "tôi có"."""
        own = [p for p in self.phrases if OWN in p.labels and "not_own" not in p.labels]
        return [
            p
            for p in own
            if not (
                self.tokens[p.start].text == "toi"
                and p.start
                and self.tokens[p.start - 1].folded in _BEFORE_NEXT
            )
        ]

    def _is_everybody_at(self, within: range) -> bool:
        return any(
            "words.everybody" in p.labels and p.start <= within.start and within.stop <= p.end
            for p in self.phrases
        )

    def _is_party(self, mention: TextMention, within: range) -> bool:
        """Whether the agency is asked about, and not a part of the subject ("kế hoạch phối hợp với Mặt trận")."""
        if self.is_in_subject(within.start):
            return False
        if mention.stands_alone:
            if (
                self.text[mention.start : mention.end].lower()
                not in load_agency_tables().lone_words
            ):
                return False
            ends = (
                within.stop == len(self.tokens)
                or self.has_verb_at(within.stop)
                or self.find_phrase_over(within.stop) is not None
            )
            return ends and self.is_agency_slot(within.start) and not self.asks_for_one_task()
        sure = (
            self.context.directory.find_kind(mention.canonical_name)
            in {"department", "office", "board"}
            and mention.how != "place"
        )
        if sure and not self.asks_for_one_task():
            return True
        return self.is_agency_slot(within.start) or self.has_verb_at(within.stop)

    def _read_local_governments(self) -> None:
        """UBND that nobody has entered: "huyện Châu Phú", "ubnd xa vinh trach" (rule 9)."""
        at = 0
        while at < len(self.tokens):
            end = 0 if self._is_known_local_at(at) else self._find_local_end(at)
            name = make_local_name(self.tokens, at, end) if end else None
            if name is not None and not self.is_in_subject(at) and self.is_agency_slot(at):
                found_names = self.context.directory.find_registry_names(name, self.context.today)
                self.mentions.append(
                    TextMention(
                        self.tokens[at].start,
                        self.tokens[end - 1].end,
                        found_names,
                        "pattern",
                        name,
                    )
                )
                self.take_words(at, end)
            at = max(end, at + 1)

    def _is_known_local_at(self, at: int) -> bool:
        """Whether the registry's own name of a UBND stands here, or all of a level ("cấp huyện")."""
        hit = self.context.directory.find_name_at(self.tokens, at)
        known = hit is not None and self.context.directory.find_kind(hit.name) in {
            "district",
            "commune",
        }
        return known or (at > 0 and self.tokens[at - 1].folded in {"cac", "cap", "moi", "tung"})

    def _find_local_end(self, at: int) -> int:
        """The word behind a UBND's name that starts at `at`; 0 for none. Without capitals a name ends before a verb."""
        start = at + count_ubnd_words(self.tokens, at)
        level = (
            read_level_at(self.tokens, start)
            if start < len(self.tokens) and not self.is_taken[at]
            else None
        )
        if level is None or (start == at and not self._means_level(at, level[0])):
            return 0
        first = end = start + level[0]
        if self._find_city_end(first - 1):
            return 0
        capitals = (
            end < len(self.tokens) and self.tokens[end].has_capital and not self.text.isupper()
        )
        while (
            end < len(self.tokens)
            and not self.is_taken[end]
            and not BREAK.intersection(self.tokens[end].gap)
        ):
            if capitals and not self.tokens[end].has_capital:
                break
            if not capitals and (
                end - first >= LONGEST_PLACE or self._is_place_end(end, end - first)
            ):
                break
            end += 1
        return end if end > first else 0

    def _means_level(self, at: int, size: int) -> bool:
        """Whether "quận", "phường", "xã" is meant and not "quản lý", "phương án", "xã hội"."""
        typed = " ".join(t.text.lower() for t in self.tokens[at : at + size])
        following = self.tokens[at + size] if at + size < len(self.tokens) else None
        if following is None or following.folded in _NO_PLACE:
            return False
        if not typed.isascii():
            return typed in _LEVELS_AS_WRITTEN
        return typed in _SURE_LEVELS or (typed == "phuong" and following.text.isdigit())

    def _is_place_end(self, index: int, size: int) -> bool:
        """Whether a place's name without capitals ends before this word, `size` words of it read."""
        if size and self.tokens[index - 1].text.isdigit():
            return True  # "phường 3"
        if size and self._is_verb_behind_place(index):
            return True
        if size < PLACE_SURE:
            phrase = self.find_phrase_over(index)
            longer = phrase is not None and phrase.start == index and phrase.end - index > 1
            firm = longer and phrase is not None and bool(phrase.labels & _FIRM)
            return firm or (size == 0 and self._is_end_word(index))
        return self.find_phrase_over(index) is not None or self._is_end_word(index)

    def _is_verb_behind_place(self, index: int) -> bool:
        """Whether a verb ends the place's name: written with its marks ("có" is in none), or behind a foreign word."""
        typed = self.tokens[index].text.lower()
        as_written = not typed.isascii() and typed in load_phrases().verbs
        foreign = not is_syllable(self.tokens[index - 1].folded)
        return as_written or (foreign and (self._is_end_word(index) or self.has_verb_at(index)))

    def _read_bare_departments(self) -> None:
        """Departments without "Sở": "bên tư pháp", "sở nội vụ và tài chính", "nhiệm vụ tư pháp"."""
        for at in range(len(self.tokens)):
            size, name = self._find_bare_department(at)
            if not size:
                continue
            names = self.context.directory.find_registry_names(name, self.context.today)
            end = at + size
            sure, behind_task = self._read_bare_surroundings(at)
            led = (
                behind_task
                and not self.asks_for_one_task()
                and self.context.directory.loaded_names.issuperset(names)
            )
            if sure or led or (at == 0 and not self.asks_for_one_task() and self.has_verb_at(end)):
                self.mentions.append(
                    TextMention(
                        self.tokens[at].start, self.tokens[end - 1].end, names, "name", name
                    )
                )
                self.take_words(at, end)

    def _find_bare_department(self, at: int) -> tuple[int, str]:
        """A department named at `at` without "Sở", no subject going on behind it: how many words, its name."""
        for size in range(6, 0, -1):
            part = self.tokens[at : at + size]
            if len(part) < size or self.is_taken[at] or part[-1].folded == AND:
                continue
            name = load_agency_tables().bare_departments.get(
                tuple(t.folded for t in part if t.folded != AND)
            )
            end = at + size
            if name and (
                end == len(self.tokens) or not self.is_content(end) or self.tokens[end].gap.strip()
            ):
                return size, name
        return 0, ""

    def _read_bare_surroundings(self, at: int) -> tuple[bool, bool]:
        """Whether a department is surely meant at `at` ("bên ...", "sở A và ..."), and whether a task precedes it."""
        before = self.tokens[at - 1].folded if at else ""
        listed = before in _JOINS and at > 1 and self.is_taken[at - 2] and bool(self.mentions)
        noun = at - 1 if before == "cua" else at
        return listed or before in _BEFORE_BARE, self.find_phrase_ending(
            noun, "task.noun"
        ) is not None

    def _read_unknown_agency(self) -> None:
        """A name that reads like an agency and is none that is known (rule 9)."""
        for at in range(len(self.tokens)):
            whole = 0 if self.is_taken[at] else match_list_at(self.tokens, at, "whole")
            acts = at + whole == len(self.tokens) or self.has_verb_at(at + whole)
            if (
                whole
                and acts
                and not self.asks_for_one_task()
                and self.is_agency_slot(at, firmly=True)
                and not self.is_in_subject(at)
            ):
                self.unknown_agency = normalise(
                    self.text[self.tokens[at].start : self.tokens[at + whole - 1].end]
                )
                self.take_words(at, at + whole)
                return
            heads = [] if self.is_taken[at] else self._list_head_sizes(at)
            if (
                not heads
                or self._is_no_agency_at(at)
                or self.is_in_subject(at)
                or not self.is_agency_slot(at, firmly=True)
            ):
                continue
            phrase = self.find_phrase_over(at)
            if phrase is not None and (OWN in phrase.labels or phrase.labels & _WHO_ELSE):
                continue
            for head in heads:
                end = self._find_unknown_end(at + head)
                known = self._find_begun_name(at, end)
                if known is not None:
                    self.mentions.append(known)
                    self.take_words(at, end)
                    return
                if end > at + head and self._acts_like_agency(at, at + head, end):
                    self.unknown_agency = normalise(
                        self.text[self.tokens[at].start : self.tokens[end - 1].end]
                    )
                    self.take_words(at, end)
                    return

    def leaves_agency_out(self) -> bool:
        """Whether an agency is named to be left out: "trừ sở y tế", "việc không phải của sở nội vụ"."""
        starts = [self.find_words(m.start, m.end).start for m in (*self.mentions, *self.topic_mentions)]
        starts += [phrase.start for phrase in self.list_own_phrases()]
        if self.unknown_agency is not None:
            named = split_words(self.unknown_agency)
            size = len(named)
            words = [token.text for token in named]
            starts += [
                at
                for at in range(len(self.tokens))
                if [token.text for token in self.tokens[at : at + size]] == words
            ]
        return any(self._is_left_out_at(at) for at in starts)

    def _is_left_out_at(self, at: int) -> bool:
        sizes = [
            0,
            *(
                size
                for size in range(1, LONGEST_BETWEEN + 1)
                if self._is_list_phrase(at - size, at, "except_of")
            ),
        ]
        return any(self._has_exception_before(at - size) for size in sizes)

    def _is_list_phrase(self, start: int, end: int, name: str) -> bool:
        return start >= 0 and match_list_at(self.tokens, start, name, end - start) == end - start

    def _has_exception_before(self, end: int) -> bool:
        """Whether words that leave out end before `end`, as written; "lưu trữ" and "lưu trú" have none of them."""
        for size in range(1, LONGEST_EXCEPTING + 1):
            start = end - size
            if not self._is_list_phrase(start, end, "except") or not self._is_written_as(
                start, end, load_phrases().exceptions
            ):
                continue
            before = self.tokens[start - 1].folded if start else ""
            closed = any(
                BREAK.intersection(token.gap) for token in self.tokens[start + 1 : end + 1]
            )
            if not closed and not self.context.has_task_with(before, self.tokens[start].folded):
                return True
        return False

    def _find_begun_name(self, at: int, end: int) -> TextMention | None:
        """The one agency of the registry whose name begins with these words: "Trung tâm Xúc tiến"."""
        name = self.context.directory.find_by_beginning(
            tuple(t.folded for t in self.tokens[at:end] if t.folded != AND)
        )
        if name is None:
            return None
        return TextMention(self.tokens[at].start, self.tokens[end - 1].end, (name,), "name", name)

    def _list_head_sizes(self, at: int) -> list[int]:
        """How many words at `at` an agency's name may start with ("chi cục"), as written or without any diacritics."""
        if (
            at
            and self.context.has_task_with(self.tokens[at - 1].folded, self.tokens[at].folded)
            and not self.tokens[at].gap.strip()
        ):
            return []  # "hồ sơ"
        sizes = [
            size for size in (4, 3, 2, 1) if match_list_at(self.tokens, at, "heads", size) == size
        ]
        return [size for size in sizes if self._is_written_as(at, at + size, load_phrases().heads)]

    def _is_no_agency_at(self, at: int) -> bool:
        """Whether the words only begin like an agency: "hội nghị", but not "hội đông y" for "hội đồng"."""
        size = match_list_at(self.tokens, at, "not_behind")
        return bool(size) and self._is_written_as(at, at + size, load_phrases().not_behind)

    def _is_written_as(self, start: int, end: int, names: frozenset[str]) -> bool:
        typed = " ".join(t.text.lower() for t in self.tokens[start:end])
        return typed in names or (typed.isascii() and not self.context.has_marks)

    def _find_unknown_end(self, first: int) -> int:
        end = first
        while end < len(self.tokens) and not self.is_taken[end]:
            gap = self.tokens[end].gap
            if _STOPS.intersection(gap) or (end > first and self._is_name_end(end)):
                break
            if (
                end == first
                and not self.is_content(end)
                and not (end + 1 < len(self.tokens) and self.is_content(end + 1))
            ):
                break
            end += 1
        return end

    def _is_name_end(self, index: int) -> bool:
        phrase = self.find_phrase_over(index)
        return (phrase is not None and not phrase.labels <= NO_MEANING) or self._is_end_word(index)

    def _is_end_word(self, index: int) -> bool:
        """Whether the word ends a name typed without capitals: "có", "nào"; as written, or without diacritics."""
        token = self.tokens[index]
        written = token.text.isascii() or token.text.lower() in load_phrases().ends
        return (
            written and bool(match_list_at(self.tokens, index, "ends", 1))
        ) or token.text.lower() in _GIVING

    def _acts_like_agency(self, at: int, name: int, end: int) -> bool:
        """Whether the unknown name is asked about like an agency, and is not what a task is about."""
        if self.tokens[name].text.isdigit() or set(self.tokens[name].folded) <= set("ivx"):
            return False  # "quy III"
        if self.tokens[at].text.lower() == "so" and self.context.has_task_with(
            "so", self.tokens[name].folded
        ):
            return False  # "so ket" is "sơ kết"
        if self.tokens[at].folded == "so":
            return self.tokens[name].folded != AND and not self.tokens[name].text.isdigit()
        if self.context.has_task_with(self.tokens[name - 1].folded, self.tokens[name].folded):
            return (
                not self.asks_for_one_task() and self.is_agency_slot(at) and self.has_verb_at(end)
            )
        if (
            end == len(self.tokens)
            or self.has_verb_at(end)
            or is_list_before(self.tokens, at, "links")
        ):
            return True
        meant = self.find_phrase_over(end) is not None and not self.asks_for_one_task()
        return meant or bool(BREAK.intersection(self.tokens[end].gap))
