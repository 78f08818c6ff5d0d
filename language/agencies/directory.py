"""Look agencies up: which one a name means, what it was merged into, and what else it is called.

The facts are in `locales/vi/agencies.toml`; `with_names` adds the names of loaded plans and an
admin's synonyms. Cells of a plan are read in `cells`, unknown names in a question in
`language.questions`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from language.agencies.local_government import (
    END_OF_DISTRICTS,
    find_local_kind,
    list_local_forms,
    make_local_name,
    read_levels_at,
    split_local_name,
)
from language.agencies.places import (
    NAME_BREAK,
    belongs_to_other_at,
    is_branch_at,
    is_elsewhere_at,
    is_lower_level_at,
    read_place_at,
)
from language.agencies.slips import find_slip
from language.agencies.tables import (
    LONGEST_NAME,
    How,
    KnownAgency,
    NameForm,
    keep_distinct_forms,
    list_first_words,
    load_agency_tables,
    split_stem,
)
from language.text import fold, normalise
from language.tokens import AND, WordToken, make_name_key, split_words

LEAST_BEGUN = 4  # words of a long name that stand for all of it
NEAREST_SHOWN = 3
NEAR_AT_ALL = 60  # rapidfuzz score from which a name is offered as a button


class DirectoryEntry(NamedTuple):
    """A name of a loaded plan or of an admin that the registry adds, and its synonyms."""

    name: str
    aliases: tuple[str, ...] = ()


class TextMention(NamedTuple):
    """An agency found in a text, and its span.

    `names` are the registry's names for it: more than one if a plan writes the same body in two
    ways. If the words fit several agencies, `names` is empty and `candidates` holds them.
    `canonical_name` differs from `names` for an old name. `stands_alone`: the words mean the agency
    only if nothing else stands with them ("Mặt trận").
    """

    start: int
    end: int
    names: tuple[str, ...]
    how: How
    canonical_name: str
    candidates: tuple[str, ...] = ()
    stands_alone: bool = False


class AgencyMatch(NamedTuple):
    """What a person's text names: one agency, several to choose from, or the nearest names."""

    names: tuple[str, ...]
    how: How | None
    canonical_name: str | None = None
    candidates: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class NameHit(NamedTuple):
    """A form found at a word: the number of its words, the name with its place, and the form."""

    length: int
    name: str
    form: NameForm
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """All agency names that the bot knows: the standard ones and those that the registry adds.

    Immutable.
    """

    # By root: the names in the registry.
    _names_by_root: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Agencies that only the registry knows.
    _own_agencies: Mapping[str, KnownAgency] = field(default_factory=dict)
    _own_forms: Mapping[tuple[str, ...], tuple[NameForm, ...]] = field(default_factory=dict)
    _own_first_words: frozenset[str] = frozenset()
    # By root: the synonyms that an admin entered.
    _synonyms_by_root: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    # ------------------------------------------------------------ making one

    def with_names(self, entries: Iterable[DirectoryEntry]) -> "Directory":
        """Return a directory that also knows these names and synonyms."""
        loaded = {root: list(names) for root, names in self._names_by_root.items()}
        own = dict(self._own_agencies)
        new: dict[tuple[str, ...], list[NameForm]] = {}
        aliases = {root: list(names) for root, names in self._synonyms_by_root.items()}
        for entry in entries:
            name = normalise(entry.name)
            if not make_name_key(name):
                continue  # dots or dashes: nobody can name it
            root = self.find_root(name)
            if root is None:
                root = name
                own.setdefault(name, KnownAgency(name, self.find_kind(name) or "", root=name))
                for key, form in _list_registry_forms(name):
                    new.setdefault(key, []).append(form)
            names = loaded.setdefault(root, [])
            if name not in names:
                names.append(name)
            for alias in entry.aliases:
                if make_name_key(alias):
                    new.setdefault(make_name_key(alias), []).append(NameForm(root, "synonym"))
                    aliases.setdefault(root, []).append(normalise(alias))
        forms = {
            key: keep_distinct_forms(new_forms)
            for key, new_forms in (*self._own_forms.items(), *new.items())
        }
        for key, new_forms in new.items():
            forms[key] = keep_distinct_forms([*new_forms, *self._own_forms.get(key, ())])
        firsts = frozenset(key[0] for key in forms)
        return Directory(
            {root: tuple(names) for root, names in loaded.items()},
            own,
            forms,
            firsts,
            {k: tuple(v) for k, v in aliases.items()},
        )

    @property
    def loaded_names(self) -> frozenset[str]:
        """Return the names that the registry added."""
        return frozenset(name for names in self._names_by_root.values() for name in names)

    def _get_agency(self, name: str) -> KnownAgency | None:
        return self._own_agencies.get(name) or load_agency_tables().agencies.get(name)

    def _get_forms(self, key: tuple[str, ...]) -> tuple[NameForm, ...]:
        return self._own_forms.get(key, ()) or load_agency_tables().forms.get(key, ())

    # ------------------------------------------------------------ looking at one word

    def find_name_at(
        self, tokens: Sequence[WordToken], at: int, *, alone: bool = False, free_place: bool = False
    ) -> NameHit | None:
        """Return the longest name that starts at word `at`, or None.

        `alone` also allows words that must stand alone. `free_place` takes any words with capitals
        behind "tỉnh" for a place, as in a plan's cell, but not in a question.
        """
        first = tokens[at].folded
        if first not in self._own_first_words and first not in list_first_words():
            return None
        key: list[str] = []
        ends: list[int] = []
        for index in range(at, min(at + LONGEST_NAME + 4, len(tokens))):
            if index > at and NAME_BREAK.search(tokens[index].gap):
                break
            if tokens[index].folded != AND:
                key.append(tokens[index].folded)
                ends.append(index)
        refused: set[str] = set()  # "Ủy ban Mặt trận Tổ quốc xã" is not "Ủy ban Mặt trận" either
        for size in range(min(len(key), LONGEST_NAME), 0, -1):
            forms = self._get_forms(tuple(key[:size]))
            hits = [
                hit
                for form in forms
                if (alone or not form.stands_alone)
                and form.agency not in refused
                and (
                    hit := self._extend_with_place(tokens, at, ends[size - 1] + 1, form, free_place)
                )
            ]
            hits = [hit for hit in hits if not hit.form.stands_alone] or hits
            if hits:
                return self._choose_hit(hits)
            if forms and is_lower_level_at(tokens, ends[size - 1] + 1):
                refused |= {form.agency for form in forms}
        return None

    def _choose_hit(self, hits: Sequence[NameHit]) -> NameHit:
        """Return one of several hits on the same words, the registry's own agency first.

        If more than one agency is left, they are the `others` of the hit.
        """
        here = [hit for hit in hits if self._names_by_root.get(self._get_root(hit.form.agency))]
        chosen = here or list(hits)
        synonyms = [hit for hit in chosen if hit.form.how == "synonym"]
        chosen = synonyms or chosen
        others = (
            tuple(dict.fromkeys(hit.name for hit in chosen))
            if len({h.form.agency for h in chosen}) > 1
            else ()
        )
        return NameHit(*chosen[0][:3], others)

    def _extend_with_place(
        self, tokens: Sequence[WordToken], at: int, end: int, form: NameForm, free_place: bool
    ) -> NameHit | None:
        """Return the hit of `form` on tokens[at:end], and of the place behind it."""
        agency = self._get_agency(form.agency)
        if agency is None or (form.tail != "none" and is_elsewhere_at(tokens, end)):
            return None
        if belongs_to_other_at(tokens, at, end) or is_branch_at(tokens, end):
            return None
        if form.tail == "none" and agency.kind != "department":
            return NameHit(end - at, agency.name, form)
        after, level, place = read_place_at(tokens, end, free_place)
        if form.tail == "none":
            return NameHit(after - at, agency.name, form)
        if form.tail == "must" and after == end:
            return None
        if after == end and is_lower_level_at(tokens, end):
            return None
        stem = agency.name.removesuffix(" tỉnh")
        if level == "thành phố":
            return NameHit(after - at, f"{stem} thành phố", form)
        if agency.place == "keep" and place:
            return NameHit(
                after - at, " ".join(part for part in (stem, level, place) if part), form
            )
        return NameHit(after - at, agency.name, form)

    # ------------------------------------------------------------ one whole name

    def find_root(self, name: str) -> str | None:
        """Return the name that all ways to call this body share, or None if it is unknown.

        "Tỉnh đoàn" and "Đoàn TNCS HCM tỉnh X" have the same root.
        """
        if name in self._own_agencies:
            return name
        agency = load_agency_tables().agencies.get(name)
        if agency is not None:
            return agency.root
        tokens = split_words(normalise(name))
        if not tokens:
            return None
        hit = self.find_name_at(tokens, 0, alone=True, free_place=True)
        return (
            self._get_root(hit.form.agency)
            if hit and hit.length == len(tokens) and not hit.others
            else None
        )

    def _get_root(self, agency: str) -> str:
        entry = self._get_agency(agency)
        return entry.root if entry else agency

    def find_kind(self, name: str) -> str | None:
        """Return the kind of an agency as in agencies.toml ("department"), or None."""
        agency = self._get_agency(name)
        if agency is not None:
            return agency.kind or None
        folded = fold(name)
        local = split_local_name(folded)
        if local:
            return find_local_kind(*local)
        root = None if name in self._own_agencies else self.find_root(name)
        if root is not None and (standard := load_agency_tables().agencies.get(root)):
            return standard.kind
        padded = folded + " "
        for kind, starts in load_agency_tables().patterns:
            if any(padded.startswith(start + " ") for start in starts):
                return kind
        return None

    def is_collective(self, name: str) -> bool:
        """Return whether the name stands for many agencies ("UBND cấp huyện")."""
        return self.find_kind(name) == "collective"

    def find_collectives(self, name: str) -> tuple[str, ...]:
        """Return the collectives that the agency belongs to; none for a collective itself.

        This is docs/dev/questions.md rule 2.
        """
        kind = self.find_kind(name)
        collective = load_agency_tables().collectives.get(kind or "", "")
        return (collective,) if collective else ()

    def find_successor(self, name: str, on: date) -> str | None:
        """Return what a merged or renamed agency is called on the day `on`; else None.

        The UBND of a district ended on 1/7/2025 without a successor (Luật Tổ chức chính quyền địa
        phương 2025): None.
        """
        agency = load_agency_tables().agencies.get(self.find_root(name) or name)
        current = agency
        while (
            current is not None
            and current.until is not None
            and current.until <= on
            and current.into
        ):
            current = load_agency_tables().agencies.get(current.into[0])
        return current.name if current is not None and current is not agency else None

    def find_end_day(self, name: str, on: date = date.max) -> date | None:
        """Return the first day on which the agency no longer existed.

        It is None if that is after `on`, or if the agency is not in agencies.toml.
        """
        agency = load_agency_tables().agencies.get(self.find_root(name) or name)
        until = agency.until if agency else None
        if self.find_kind(name) == "district" or name == load_agency_tables().levels["huyen"]:
            until = END_OF_DISTRICTS
        return until if until is not None and until <= on else None

    def list_predecessors(self, name: str) -> tuple[str, ...]:
        """Return every agency that was merged into this one, directly or through another."""
        names: list[str] = []
        waiting = [self.find_root(name) or name]
        while waiting:
            into = waiting.pop(0)
            for agency in load_agency_tables().agencies.values():
                if into in agency.into and agency.name not in names:
                    names.append(agency.name)
                    waiting.append(agency.name)
        return tuple(names)

    def list_other_names(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return what else the agency is called, as (kind, name).

        The kind is "short", "abbreviation", "synonym" or "former".
        """
        root = self.find_root(name) or name
        names = list(load_agency_tables().spellings.get(root, ()))
        names += [
            ("synonym", other) for other in self._names_by_root.get(root, ()) if other != name
        ]
        names += [("synonym", alias) for alias in self._synonyms_by_root.get(root, ())]
        names += [("former", former) for former in self.list_predecessors(root)]
        return tuple(dict.fromkeys(pair for pair in names if pair[1] != name))

    # ------------------------------------------------------------ names in a text

    def find_registry_names(self, canonical_name: str, on: date | None = None) -> tuple[str, ...]:
        """Return the registry's names for the agency `canonical_name`.

        A name in a loaded plan means itself (docs/dev/questions.md rule 10). Else it is the nearest
        successor that a loaded plan names, else the successor on the day `on`, else the name
        itself.
        """
        root = self.find_root(canonical_name) or canonical_name
        if root in self._names_by_root:
            return self._names_by_root[root]
        agency = load_agency_tables().agencies.get(root)
        if agency is None:
            return (canonical_name,)
        later = agency
        while later.into and (on is None or (later.until is not None and later.until <= on)):
            later = load_agency_tables().agencies[later.into[0]]
            if later.root in self._names_by_root:
                return self._names_by_root[later.root]
        return (self.find_successor(root, on) or canonical_name,) if on else (canonical_name,)

    def find_mentions(
        self, text: str, on: date | None = None, *, slips: bool = True
    ) -> list[TextMention]:
        """Return every known agency and well-formed UBND in `text`, in order; none overlap."""
        tokens = split_words(text)
        mentions: list[TextMention] = []
        at = 0
        while at < len(tokens):
            mention, used = self._find_mention_at(tokens, at, on, slips)
            if mention is not None:
                mentions.append(mention)
            at += max(used, 1)
        return mentions

    def _find_mention_at(
        self, tokens: Sequence[WordToken], at: int, on: date | None, slips: bool
    ) -> tuple[TextMention | None, int]:
        """Return the agency that `tokens` name at `at`, and how many words are read."""
        hit = self.find_name_at(tokens, at, alone=True)
        if hit is not None and self._is_foreign(hit.form.agency):
            return None, hit.length
        collective = read_levels_at(tokens, at)
        if collective is not None and collective[0] > (hit.length if hit else 0):
            length, names = collective
            return TextMention(
                tokens[at].start, tokens[at + length - 1].end, names, "name", names[0]
            ), length
        if hit is not None and slips and hit.form.how in {"name", "old"} and not hit.others:
            letters = sum(
                len(t.folded) for t in tokens[at + 1 : at + hit.length] if t.folded != AND
            )
            # "Sở Thông tin và Truyền thôn" begins with a short name
            longer, used = self.find_slip_at(tokens, at, on, hit.length, letters)
            if longer is not None and longer.canonical_name == hit.name:
                return longer, used
        if hit is not None:
            names = () if hit.others else self.find_registry_names(hit.name, on)
            span = tokens[at].start, tokens[at + hit.length - 1].end
            return TextMention(
                *span, names, hit.form.how, hit.name, hit.others, hit.form.stands_alone
            ), hit.length
        if slips:
            return self.find_slip_at(tokens, at, on)
        return None, 0

    def _is_foreign(self, agency: str) -> bool:
        """Return whether a body of the centre is meant that no loaded plan names."""
        known = load_agency_tables().agencies.get(agency)
        is_central = known is not None and known.kind == "central"
        return is_central and not self._names_by_root.get(agency)

    def find_slip_at(
        self,
        tokens: Sequence[WordToken],
        at: int,
        on: date | None = None,
        least: int = 1,
        letters_over: int = 0,
    ) -> tuple[TextMention | None, int]:
        """Return a name with a typing slip at `at`.

        Near enough to one agency, and clearly nearest to it.

        The second value is the number of words it takes, at least `least` behind the first. Only
        names of more than `letters_over` letters are considered.
        """
        names, size = find_slip(tokens, at, least, letters_over)
        if not names:
            return None, 0
        span = tokens[at].start, tokens[at + size - 1].end
        if len(names) > 1:
            return TextMention(*span, (), "slip", names[0], tuple(names[:NEAREST_SHOWN])), size
        return TextMention(*span, self.find_registry_names(names[0], on), "slip", names[0]), size

    def find_agency(self, text: str, on: date | None = None) -> AgencyMatch:
        """Return the agency that the whole text names, or the candidates, or the nearest names."""
        tidy = normalise(text)
        tokens = split_words(tidy)
        if not tokens:
            return AgencyMatch((), None)
        hit = self.find_name_at(tokens, 0, alone=True, free_place=True)
        if hit is not None and hit.length == len(tokens):
            if hit.others:
                return AgencyMatch((), hit.form.how, hit.name, hit.others)
            return AgencyMatch(self.find_registry_names(hit.name, on), hit.form.how, hit.name)
        collective = read_levels_at(tokens, 0)
        if collective is not None and collective[0] == len(tokens):
            return AgencyMatch(collective[1], "name", collective[1][0])
        mentions = self.find_mentions(tidy, on)
        if len(mentions) == 1 and mentions[0].start == 0 and mentions[0].end == tokens[-1].end:
            one = mentions[0]
            return AgencyMatch(one.names, one.how, one.canonical_name, one.candidates)
        local = make_local_name(tokens, 0, len(tokens))
        if local is not None:
            return AgencyMatch(self.find_registry_names(local, on), "pattern", local)
        return AgencyMatch((), None, nearest=self.find_nearest(tidy))

    def find_by_beginning(self, key: tuple[str, ...]) -> str | None:
        """Return the only name of the registry that begins with these folded words, or None.

        There must be at least LEAST_BEGUN of them.
        """
        if len(key) < LEAST_BEGUN:
            return None
        if "keys" not in self._cache:
            self._cache["keys"] = [
                (make_name_key(name), name) for name in sorted(self.loaded_names)
            ]
        names = [name for other, name in self._cache["keys"] if other[: len(key)] == key]
        return names[0] if len(names) == 1 else None

    def find_nearest(self, text: str, most: int = NEAREST_SHOWN) -> tuple[str, ...]:
        """Return the known names most like `text`, best first, to offer them as buttons."""
        choices = dict(self._list_names_to_offer())
        ranked = process.extract(
            fold(text), choices, scorer=fuzz.token_sort_ratio, limit=most, score_cutoff=NEAR_AT_ALL
        )
        return tuple(name for _, _, name in ranked)

    def _list_names_to_offer(self) -> Iterable[tuple[str, str]]:
        """Return (name, folded name) of all agencies that can be offered."""
        if "offer" not in self._cache:
            standard = [
                a.name
                for a in load_agency_tables().agencies.values()
                if a.until is None and not a.only_if_loaded
            ]
            self._cache["offer"] = [
                (name, fold(name))
                for name in dict.fromkeys([*sorted(self.loaded_names), *standard])
            ]
        offered: list[tuple[str, str]] = self._cache["offer"]
        return offered


def _list_registry_forms(name: str) -> Iterable[tuple[tuple[str, ...], NameForm]]:
    """Yield how people write a name that only the registry knows."""
    yield make_name_key(name), NameForm(name, "name")
    stem = split_stem(name)[0]
    if len(stem) > 2:
        yield stem, NameForm(name, "name")
    yield from list_local_forms(name)


@lru_cache(maxsize=1)
def load_standard_directory() -> Directory:
    """Return the directory of agencies.toml alone. It is made once."""
    return Directory()
