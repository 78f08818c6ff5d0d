"""Agencies of a province: names, short names, old names, who belongs to which collective, what was merged into what.

The facts are in `locales/vi/agencies.toml`; names of loaded plans and an admin's synonyms are added with `with_names`.
Reading the cells of a plan is in `agency_cells`, unknown names in a question are found by `questions`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from language.text import fold, normalise
from language.tokens import AND, WordToken, make_name_key, split_words
from locales.data import load_data

CLOSE_ENOUGH = 0.8  # share of letters (without "Sở") that must agree; measured in tests/language/test_agencies.py
CLOSER_BY = 0.12  # how much better than any other agency the nearest must be, else the bot asks
LONGEST_SLIPPED = 10  # words behind the first of a name with a slip
LEAST_BEGUN = 4  # words of a long name that stand for all of it
LEAST_LETTERS = 4  # shorter names are not taken for a slip
MOST_SLIPS = 2  # letters wrong, missing, too many or swapped
LONGEST_NAME = 14  # words of the longest name
NEAREST_SHOWN = 3
NEAR_AT_ALL = 60  # rapidfuzz score from which a name is offered as a button

How = Literal["name", "abbreviation", "old", "synonym", "pattern", "place", "slip"]
_UBND = "UBND"
_DEPARTMENT = "so"
END_OF_DISTRICTS = date(2025, 7, 1)  # Luật Tổ chức chính quyền địa phương số 72/2025/QH15
NAME_BREAK = re.compile(r"[;:()\[\]?!\"“”…]")
_UBND_NAME = re.compile(
    r"(?:ubnd |uy ban nhan dan )"
    r"(?P<level>huyen|quan|thi xa|tx|thanh pho|tp|xa|phuong|thi tran|tt|dac khu) (?P<place>.+)"
)


class AgencyMention(NamedTuple):
    """An agency as a plan's cell names it: canonical name (or the printed one, tidied), whether known, as printed."""

    name: str
    is_known: bool
    printed_name: str


class DirectoryEntry(NamedTuple):
    """A name the registry adds: of a loaded plan or entered by an admin, with its synonyms."""

    name: str
    aliases: tuple[str, ...] = ()


class TextMention(NamedTuple):
    """An agency found in a text, with its span. `names` are the registry's names for it (more than one where a plan
    writes the same body in two ways); `candidates` is filled instead where the word fits several agencies.
    `called` is the canonical name of what was said, which differs from `names` for an old name. `alone`: a word that
    means the agency only where nothing else is said with it ("Mặt trận").
    """

    start: int
    end: int
    names: tuple[str, ...]
    how: How
    canonical_name: str
    candidates: tuple[str, ...] = ()
    stands_alone: bool = False


class AgencyMatch(NamedTuple):
    """What a person's text names: one agency, several to choose from, or none with the nearest names."""

    names: tuple[str, ...]
    how: How | None
    canonical_name: str | None = None
    candidates: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownAgency:
    """One agency of agencies.toml."""

    name: str
    kind: str
    place: str = "none"
    root: str = ""
    since: date | None = None
    until: date | None = None
    into: tuple[str, ...] = ()
    only_if_loaded: bool = False


class NameForm(NamedTuple):
    """One way to write an agency: `tail` says whether "tỉnh" or a province's name must, may or cannot follow."""

    agency: str
    how: How
    tail: Literal["must", "may", "none"] = "none"
    stands_alone: bool = False


class NameHit(NamedTuple):
    """A form found at a word: how many words it takes, the name written out with its place, the form."""

    length: int
    name: str
    form: NameForm
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgencyTables:
    """agencies.toml, ready for look-ups."""

    agencies: Mapping[str, KnownAgency]
    collectives: Mapping[str, str]  # kind to the collective its agencies belong to
    forms: Mapping[tuple[str, ...], tuple[NameForm, ...]]
    levels: Mapping[str, str]  # "huyen" to "UBND cấp huyện"
    patterns: tuple[tuple[str, tuple[str, ...]], ...]
    abbreviations: Mapping[tuple[str, ...], str]
    cell_words: Mapping[str, frozenset[tuple[str, ...]]]
    head_words: frozenset[
        tuple[str, ...]
    ]  # of the cells, with their diacritics: "báo" starts a name, "bảo vệ" does not
    provinces: Mapping[tuple[str, ...], str]
    cities: Mapping[tuple[str, ...], str]
    bare_departments: Mapping[
        tuple[str, ...], str
    ]  # "tai chinh" to "Sở Tài chính", for lists behind "các sở"
    letter_index: Mapping[
        str, tuple[tuple[str, str], ...]
    ]  # first word to (letters of the rest, name), for slips
    lone_words: frozenset[str]  # the words of `alone`, as written
    spellings: Mapping[
        str, tuple[tuple[str, str], ...]
    ]  # name to ("short" or "abbreviation", as written)


def split_stem(name: str) -> tuple[tuple[str, ...], Literal["must", "may"]]:
    """The name's words without a closing "tỉnh", and whether one must follow."""
    key = make_name_key(name)
    return (key[:-1], "must") if key[-1:] == ("tinh",) and len(key) > 1 else (key, "may")


def _list_abbreviation_keys(groups: str, *, department: bool) -> Iterable[tuple[str, ...]]:
    """The ways to write an abbreviation: "KH CN" as khcn, kh cn, skhcn, s khcn, skh cn, so khcn, so kh cn."""
    parts = make_name_key(groups)
    whole = "".join(parts)
    if not department:
        yield from {parts, (whole,)}
        return
    yield from {
        (_DEPARTMENT, *parts),
        (_DEPARTMENT, whole),
        ("s" + whole,),
        ("s" + parts[0], *parts[1:]),
        ("s", whole),
    }


def _list_forms(record: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], NameForm]]:
    name, kind = str(record["name"]), str(record["kind"])
    place = record.get("place", "none")
    old = "until" in record
    for written in (name, *record.get("names", ())):
        how: How = "old" if old else "name"
        if place == "none":
            yield make_name_key(written), NameForm(name, how)
        elif record.get("place_needed"):
            yield split_stem(written)[0], NameForm(name, how, "must")
        else:
            stem, tail = split_stem(written)
            yield stem, NameForm(name, how, tail)
    for written in record.get("abbreviations", ()):
        stem, tail = split_stem(written)
        for key in _list_abbreviation_keys(" ".join(stem), department=kind == "department"):
            yield (
                key,
                NameForm(
                    name,
                    "abbreviation",
                    tail if len(stem) < len(make_name_key(written)) else "none",
                ),
            )
    for written in record.get("free", ()):
        for key in _list_abbreviation_keys(written, department=False):
            yield key, NameForm(name, "abbreviation", "none" if place == "none" else "may")
    for written in record.get("alone", ()):
        yield make_name_key(written), NameForm(name, "name", stands_alone=True)


@lru_cache(maxsize=1)
def load_agency_tables() -> AgencyTables:
    """agencies.toml, read once."""
    data = load_data("agencies")
    agencies: dict[str, KnownAgency] = {}
    forms: dict[tuple[str, ...], list[NameForm]] = {}
    for record in data["agency"]:
        agencies[record["name"]] = KnownAgency(
            name=record["name"],
            kind=record["kind"],
            place=record.get("place", "none"),
            root=record.get("same_as", record["name"]),
            since=record.get("since"),
            until=record.get("until"),
            into=tuple(record.get("into", ())),
            only_if_loaded=record.get("only_if_loaded", False),
        )
        if not record.get("only_if_loaded"):
            for key, form in _list_forms(record):
                forms.setdefault(key, []).append(form)
                if key[:2] == ("van", "phong"):
                    forms.setdefault(("vp", *key[2:]), []).append(form)
    for record in data["collective"]:
        agencies[record["name"]] = KnownAgency(record["name"], "collective", root=record["name"])
        for written in record["names"]:
            forms.setdefault(make_name_key(written), []).append(NameForm(record["name"], "name"))
    departments = {
        a.name: make_name_key(a.name)[1:]
        for a in agencies.values()
        if a.kind == "department" and not a.only_if_loaded
    }
    bare = {key: name for name, key in departments.items() if agencies[name].until is None}
    bare |= {key: name for name, key in departments.items() if key not in bare}
    bare |= {
        k: f[0].agency
        for k, f in forms.items()
        if f[0].how == "abbreviation" and agencies[f[0].agency].kind == "department"
    }
    return AgencyTables(
        agencies=agencies,
        collectives=data["kinds"],
        forms={key: keep_distinct_forms(found) for key, found in forms.items()},
        levels={
            " ".join(make_name_key(w)): level["collective"]
            for level in data["levels"].values()
            for w in level["words"]
        },
        patterns=tuple((p["kind"], tuple(fold(s) for s in p["starts"])) for p in data["pattern"]),
        abbreviations={make_name_key(short): long for short, long in data["written_out"].items()},
        cell_words={
            part: frozenset(make_name_key(w) for w in words)
            for part, words in data["cells"].items()
        },
        head_words=frozenset(tuple(normalise(w).lower().split()) for w in data["cells"]["heads"]),
        provinces={make_name_key(p): p for p in data["places"]["provinces"]},
        cities={
            **{make_name_key(p): p for p in data["places"]["cities"]},
            **{make_name_key(short): p for short, p in data["places"]["short_cities"].items()},
        },
        bare_departments=bare,
        letter_index=_index_letters(forms),
        lone_words=frozenset(
            normalise(word).lower() for record in data["agency"] for word in record.get("alone", ())
        ),
        spellings={record["name"]: tuple(_list_spellings(record)) for record in data["agency"]},
    )


def _list_spellings(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The other ways to write an agency that a person would want to see: ("short", ...), ("abbreviation", ...)."""
    for name in record.get("names", ()):
        yield "short", name
    department = record["kind"] == "department"
    for groups in record.get("abbreviations", ()):
        yield "abbreviation", ("S" if department else "") + groups.replace(" ", "")
    for groups in record.get("free", ()):
        yield "abbreviation", groups.replace(" ", "")


def keep_distinct_forms(forms: Sequence[NameForm]) -> tuple[NameForm, ...]:
    """One form an agency (and one for an item of its own), the least demanding first."""
    order = {"may": 0, "none": 1, "must": 2}
    best: dict[tuple[str, bool], NameForm] = {}
    for form in sorted(forms, key=lambda f: (f.stands_alone, order[f.tail])):
        best.setdefault((form.agency, form.stands_alone), form)
    return tuple(best.values())


def _index_letters(
    forms: Mapping[tuple[str, ...], Sequence[NameForm]],
) -> dict[str, tuple[tuple[str, str], ...]]:
    """For slips: the first word of every full name to the letters of the rest and the agency."""
    index: dict[str, dict[str, str]] = {}
    for key, found in forms.items():
        if len(key) > 1 and found[0].how != "abbreviation":
            index.setdefault(key[0], {}).setdefault("".join(key[1:]), found[0].agency)
    return {first: tuple(rest.items()) for first, rest in index.items()}


@dataclass(frozen=True)
class Directory:
    """All agency names the bot knows: the standard ones, and those the registry adds. Immutable."""

    _names_by_root: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # root to the names in the registry
    _own_agencies: Mapping[str, KnownAgency] = field(
        default_factory=dict
    )  # agencies that only the registry knows
    _own_forms: Mapping[tuple[str, ...], tuple[NameForm, ...]] = field(default_factory=dict)
    _own_first_words: frozenset[str] = frozenset()
    _synonyms_by_root: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # root to the synonyms an admin entered
    _cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    # ------------------------------------------------------------ making one

    def with_names(self, entries: Iterable[DirectoryEntry]) -> "Directory":
        """A directory that also knows the registry's names and synonyms; about 10 µs a name."""
        loaded = {root: list(names) for root, names in self._names_by_root.items()}
        own = dict(self._own_agencies)
        added: dict[tuple[str, ...], list[NameForm]] = {}
        aliases = {root: list(names) for root, names in self._synonyms_by_root.items()}
        for entry in entries:
            name = normalise(entry.name)
            if not make_name_key(name):
                continue  # dots or dashes: nobody can name it
            root = self.find_root(name)
            if root is None:
                root = name
                own.setdefault(name, KnownAgency(name, self.find_kind(name) or "", root=name))
                for key, form in list_registry_forms(name):
                    added.setdefault(key, []).append(form)
            names = loaded.setdefault(root, [])
            if name not in names:
                names.append(name)
            for alias in entry.aliases:
                if make_name_key(alias):
                    added.setdefault(make_name_key(alias), []).append(NameForm(root, "synonym"))
                    aliases.setdefault(root, []).append(normalise(alias))
        forms = {
            key: keep_distinct_forms(found)
            for key, found in (*self._own_forms.items(), *added.items())
        }
        for key, found in added.items():
            forms[key] = keep_distinct_forms([*found, *self._own_forms.get(key, ())])
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
        """The names the registry added."""
        return frozenset(name for names in self._names_by_root.values() for name in names)

    def _get_agency(self, name: str) -> KnownAgency | None:
        return self._own_agencies.get(name) or load_agency_tables().agencies.get(name)

    def _get_forms(self, key: tuple[str, ...]) -> tuple[NameForm, ...]:
        return self._own_forms.get(key, ()) or load_agency_tables().forms.get(key, ())

    # ------------------------------------------------------------ looking at one word

    def find_name_at(
        self, tokens: Sequence[WordToken], at: int, *, alone: bool = False, free_place: bool = False
    ) -> NameHit | None:
        """The longest name that starts at word `at`, or None. `alone` admits words that need an item of their own,
        `free_place` takes any capitalised words behind "tỉnh" for a place (in a plan's cell, not in a question).
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
        for size in range(min(len(key), LONGEST_NAME), 0, -1):
            hits = [
                hit
                for form in self._get_forms(tuple(key[:size]))
                if (alone or not form.stands_alone)
                and (
                    hit := self._extend_with_place(tokens, at, ends[size - 1] + 1, form, free_place)
                )
            ]
            hits = [hit for hit in hits if not hit.form.stands_alone] or hits
            if hits:
                return self._choose_hit(hits)
        return None

    def _choose_hit(self, hits: Sequence[NameHit]) -> NameHit:
        """One hit of several that fit the same words: the registry's own agency, else all as candidates."""
        here = [hit for hit in hits if self._names_by_root.get(self._get_root(hit.form.agency))]
        kept = here or list(hits)
        synonyms = [hit for hit in kept if hit.form.how == "synonym"]
        kept = synonyms or kept
        others = (
            tuple(dict.fromkeys(hit.name for hit in kept))
            if len({h.form.agency for h in kept}) > 1
            else ()
        )
        return kept[0]._replace(others=others)

    def _extend_with_place(
        self, tokens: Sequence[WordToken], at: int, end: int, form: NameForm, free_place: bool
    ) -> NameHit | None:
        """The hit of `form` on tokens[at:end], with "tỉnh", "thành phố" or a province's name behind it."""
        agency = self._get_agency(form.agency)
        if agency is None:
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
        """The name that all ways to call this body share ("Tỉnh đoàn" of "Đoàn TNCS HCM tỉnh X"); None if unknown."""
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
        known = self._get_agency(agency)
        return known.root if known else agency

    def find_kind(self, name: str) -> str | None:
        """The kind of an agency as in agencies.toml ("department", "collective" ...); None if it has none."""
        agency = self._get_agency(name)
        if agency is not None:
            return agency.kind or None
        folded = fold(name)
        local = _UBND_NAME.fullmatch(folded)
        if local:
            return find_local_kind(local["level"], local["place"])
        root = None if name in self._own_agencies else self.find_root(name)
        if root is not None and (found := load_agency_tables().agencies.get(root)):
            return found.kind
        padded = folded + " "
        for kind, starts in load_agency_tables().patterns:
            if any(padded.startswith(start + " ") for start in starts):
                return kind
        return None

    def is_collective(self, name: str) -> bool:
        """Whether the name stands for many agencies ("Các sở, ban, ngành", "UBND cấp huyện", "UBND cấp xã")."""
        return self.find_kind(name) == "collective"

    def find_collectives(self, name: str) -> tuple[str, ...]:
        """The collectives that the agency belongs to (questions.md rule 2); none for a collective itself."""
        kind = self.find_kind(name)
        collective = load_agency_tables().collectives.get(kind or "", "")
        return (collective,) if collective else ()

    def find_successor(self, name: str, on: date) -> str | None:
        """What the agency is called on `on` if it was merged or renamed before; None if it is still itself.

        A district's UBND ended on 1/7/2025 without one successor (Luật Tổ chức chính quyền địa phương 2025): None.
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

    def find_end_day(self, name: str, on: date) -> date | None:
        """The first day on which the agency was no longer there, if that day is not after `on`."""
        agency = load_agency_tables().agencies.get(self.find_root(name) or name)
        until = agency.until if agency else None
        if self.find_kind(name) == "district" or name == load_agency_tables().levels["huyen"]:
            until = END_OF_DISTRICTS
        return until if until is not None and until <= on else None

    def list_predecessors(self, name: str) -> tuple[str, ...]:
        """Every agency that was merged into this one, also by way of another."""
        found: list[str] = []
        waiting = [self.find_root(name) or name]
        while waiting:
            into = waiting.pop(0)
            for agency in load_agency_tables().agencies.values():
                if into in agency.into and agency.name not in found:
                    found.append(agency.name)
                    waiting.append(agency.name)
        return tuple(found)

    def find_final_day(self, name: str) -> date | None:
        """The first day on which the agency was no longer there; None if it still is, or is not in agencies.toml."""
        return self.find_end_day(name, date.max)

    def list_other_names(self, name: str) -> tuple[tuple[str, str], ...]:
        """What else the agency is called: (kind, name), kind "short", "abbreviation", "synonym" or "former"."""
        root = self.find_root(name) or name
        found = list(load_agency_tables().spellings.get(root, ()))
        found += [
            ("synonym", other) for other in self._names_by_root.get(root, ()) if other != name
        ]
        found += [("synonym", alias) for alias in self._synonyms_by_root.get(root, ())]
        found += [("former", former) for former in self.list_predecessors(root)]
        return tuple(dict.fromkeys(pair for pair in found if pair[1] != name))

    # ------------------------------------------------------------ names in a text

    def find_registry_names(self, called: str, on: date | None = None) -> tuple[str, ...]:
        """The registry's names for the agency `called`.

        Rule 10: a name in a loaded plan means itself. Else the nearest successor that a loaded plan names, else the
        successor on `on`, else the name itself.
        """
        root = self.find_root(called) or called
        if root in self._names_by_root:
            return self._names_by_root[root]
        agency = load_agency_tables().agencies.get(root)
        if agency is None:
            return (called,)
        later = agency
        while later.into and (on is None or (later.until is not None and later.until <= on)):
            later = load_agency_tables().agencies[later.into[0]]
            if later.root in self._names_by_root:
                return self._names_by_root[later.root]
        return (self.find_successor(root, on) or called,) if on else (called,)

    def find_mentions(
        self, text: str, on: date | None = None, *, slips: bool = True
    ) -> list[TextMention]:
        """Every known agency and well-formed UBND that `text` names, in order, none overlapping."""
        tokens = split_words(text)
        found: list[TextMention] = []
        at = 0
        while at < len(tokens):
            mention, used = self._find_mention_at(text, tokens, at, on, slips)
            if mention is not None:
                found.append(mention)
            at += max(used, 1)
        return found

    def _find_mention_at(
        self, text: str, tokens: Sequence[WordToken], at: int, on: date | None, slips: bool
    ) -> tuple[TextMention | None, int]:
        hit = self.find_name_at(tokens, at, alone=True)
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

    def find_slip_at(
        self,
        tokens: Sequence[WordToken],
        at: int,
        on: date | None = None,
        least: int = 1,
        letters_over: int = 0,
    ) -> tuple[TextMention | None, int]:
        """A name with a slip of the finger: near enough to one agency, and clearly nearest to it.

        Returns the mention and how many words it takes, at least `least` behind the first; only names of more than
        `letters_over` letters are thought of.
        """
        names = (
            load_agency_tables().letter_index.get(tokens[at].folded)
            if tokens[at].folded in _FIRST_WORDS_OF_SLIPS
            else None
        )
        if not names:
            return None, 0
        best: dict[str, tuple[float, int]] = {}
        typed = ""
        for size in range(1, LONGEST_SLIPPED):
            if at + size >= len(tokens) or NAME_BREAK.search(tokens[at + size].gap):
                break
            typed += "" if tokens[at + size].folded == AND else tokens[at + size].folded
            if size < least:
                continue
            for letters, name in names:
                likeness = measure_likeness(typed, letters) if len(letters) > letters_over else 0.0
                if likeness > best.get(name, (0.0, 0))[0]:
                    best[name] = (likeness, size)
        ranked = sorted(
            ((likeness, size, name) for name, (likeness, size) in best.items()), reverse=True
        )
        if not ranked:
            return None, 0
        near = [other for other in ranked if other[0] > ranked[0][0] - CLOSER_BY]
        size = max(
            other[1] for other in near
        )  # "Sở Nông nghiệp" is a part of "Sở Nông nghiệp và Môi trường"
        near = [other for other in near if other[1] == size]
        name = near[0][2]
        span = tokens[at].start, tokens[at + size].end
        if len(near) > 1:
            return TextMention(
                *span, (), "slip", name, tuple(other[2] for other in near[:NEAREST_SHOWN])
            ), size + 1
        return TextMention(*span, self.find_registry_names(name, on), "slip", name), size + 1

    def find_agency(self, text: str, on: date | None = None) -> AgencyMatch:
        """The agency a person's text names as a whole; candidates where it fits several; else the nearest names."""
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
        """The one name of the registry that begins with these folded words, at least LEAST_BEGUN of them; else None."""
        if len(key) < LEAST_BEGUN:
            return None
        if "keys" not in self._cache:
            self._cache["keys"] = [
                (make_name_key(name), name) for name in sorted(self.loaded_names)
            ]
        found = [name for other, name in self._cache["keys"] if other[: len(key)] == key]
        return found[0] if len(found) == 1 else None

    def find_nearest(self, text: str, most: int = NEAREST_SHOWN) -> tuple[str, ...]:
        """The known names most like `text`, best first: buttons for a person whose agency is not known."""
        choices = dict(self._list_names_to_offer())
        ranked = process.extract(
            fold(text), choices, scorer=fuzz.token_sort_ratio, limit=most, score_cutoff=NEAR_AT_ALL
        )
        return tuple(name for _, _, name in ranked)

    def _list_names_to_offer(self) -> Iterable[tuple[str, str]]:
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

    def read_cell(self, text: str, province: str | None = None) -> list[AgencyMention]:
        """The agencies of a lead or partner cell, in order, each once (see `agency_cells.read`)."""
        from language.agencies import cells as agency_cells

        return agency_cells.read_agency_cell(self, text, province)


_FIRST_WORDS_OF_SLIPS = frozenset(
    {_DEPARTMENT, "van", "thanh", "ban", "cong", "bao", "dai", "hoi", "lien", "kho"}
)


def measure_likeness(typed: str, letters: str) -> float:
    """How alike two runs of letters are, 0 when a slip cannot explain the difference."""
    if len(letters) < LEAST_LETTERS:
        return 0.0
    distance = OSA.distance(typed, letters, score_cutoff=MOST_SLIPS)
    likeness = 1 - distance / len(letters)
    return likeness if distance <= MOST_SLIPS and likeness >= CLOSE_ENOUGH else 0.0


def read_place_at(tokens: Sequence[WordToken], at: int, free_place: bool) -> tuple[int, str, str]:
    """What follows a name: (first word after it, "tỉnh" or "thành phố" or "", the place as printed or "")."""
    level = ""
    start = at
    if are_words_at(tokens, at, "cua") and are_words_at(tokens, at + 1, "tinh"):
        at += 1
    if are_words_at(tokens, at, "tinh"):
        level, at = "tỉnh", at + 1
    elif are_words_at(tokens, at, "thanh", "pho") or are_words_at(tokens, at, "tp"):
        width = 1 if tokens[at].folded == "tp" else 2
        if not count_place_words(
            tokens, at + width, load_agency_tables().cities
        ) and is_place_name_at(tokens, at + width):
            return start, "", ""
        level, at = "thành phố", at + width
    places = {**load_agency_tables().provinces, **load_agency_tables().cities}
    width = count_place_words(tokens, at, places)
    if width:
        return at + width, level, places[tuple(t.folded for t in tokens[at : at + width])]
    if free_place and level:
        width = count_capital_words(tokens, at)
        if width:
            return at + width, level, " ".join(t.text for t in tokens[at : at + width])
    return (at, level, "") if level else (start, "", "")


def are_words_at(tokens: Sequence[WordToken], at: int, *words: str) -> bool:
    """Whether these words stand at `at`, with nothing but blanks between them and what is before."""
    part = tokens[at : at + len(words)]
    return [t.folded for t in part] == list(words) and all(not t.gap.strip() for t in part)


def count_place_words(
    tokens: Sequence[WordToken], at: int, places: Mapping[tuple[str, ...], str]
) -> int:
    """How many words of the longest place of `places` stand at `at`; 0 for none."""
    for size in (4, 3, 2, 1):
        part = tokens[at : at + size]
        if (
            len(part) == size
            and tuple(t.folded for t in part) in places
            and not part[0].gap.strip()
        ):
            return size
    return 0


def find_province_at_end(tokens: Sequence[WordToken]) -> str | None:
    """The province or city under the centre whose name these words end with; not where it is the whole of them."""
    places = {**load_agency_tables().provinces, **load_agency_tables().cities}
    for start in range(1, len(tokens)):
        place = places.get(tuple(token.folded for token in tokens[start:]))
        if place is not None:
            return place
    return None


def find_provinces(text: str) -> frozenset[str]:
    """The provinces and cities under the centre that a text names ("UBND tỉnh An Giang")."""
    tokens = split_words(normalise(text))
    places = {**load_agency_tables().provinces, **load_agency_tables().cities}
    widths = ((at, count_place_words(tokens, at, places)) for at in range(len(tokens)))
    return frozenset(
        places[tuple(t.folded for t in tokens[at : at + width])] for at, width in widths if width
    )


def count_capital_words(tokens: Sequence[WordToken], at: int) -> int:
    """How many capitalised words follow each other from `at`, with only blanks between."""
    end = at
    while (
        end < len(tokens)
        and end < at + 4
        and tokens[end].has_capital
        and not tokens[end].gap.strip()
    ):
        end += 1
    return end - at


def is_place_name_at(tokens: Sequence[WordToken], at: int) -> bool:
    return at < len(tokens) and not tokens[at].gap.strip() and tokens[at].has_capital


def is_lower_level_at(tokens: Sequence[WordToken], at: int) -> bool:
    """Whether the name goes on with a level below the province: "Hội Nông dân huyện ..." is another agency."""
    if at >= len(tokens) or tokens[at].gap.strip():
        return False
    two = " ".join(t.folded for t in tokens[at : at + 2])
    return tokens[at].folded in {"cap", "cac", "huyen", "quan", "xa", "phuong"} or two in {
        "thi xa",
        "thi tran",
        "thanh pho",
    }


def find_local_kind(level: str, place: str) -> str:
    """ "district" or "commune" of the level's folded name; a city directly under the centre is neither."""
    collective = load_agency_tables().levels.get(level, "")
    if level in {"thanh pho", "tp"} and tuple(place.split()) in load_agency_tables().cities:
        return "office"
    return "district" if collective == load_agency_tables().levels["huyen"] else "commune"


@lru_cache(maxsize=1)
def list_first_words() -> frozenset[str]:
    return frozenset(key[0] for key in load_agency_tables().forms)


def list_registry_forms(name: str) -> Iterable[tuple[tuple[str, ...], NameForm]]:
    """How people write a name that only the registry knows: in full; a UBND also short, or by its place."""
    yield make_name_key(name), NameForm(name, "name")
    stem = split_stem(name)[0]
    if len(stem) > 2:
        yield stem, NameForm(name, "name")
    local = _UBND_NAME.fullmatch(fold(name))
    if local:
        place = make_name_key(local["place"])
        for level in _LEVEL_SPELLINGS.get(local["level"], (local["level"],)):
            yield (*level.split(), *place), NameForm(name, "name")
            yield ("ubnd", *level.split(), *place), NameForm(name, "name")
            yield ("uy", "ban", *level.split(), *place), NameForm(name, "name")
        if len(place) > 1:
            yield place, NameForm(name, "place")
            yield ("ubnd", *place), NameForm(name, "name")


_LEVEL_SPELLINGS = {
    "thi xa": ("thi xa", "tx"),
    "thanh pho": ("thanh pho", "tp"),
    "thi tran": ("thi tran", "tt"),
    "phuong": ("phuong", "p"),
    "huyen": ("huyen", "h"),
}


# ---------------------------------------------------------------- UBND of districts and communes

_LEVEL_LINKS = frozenset({"cac", "cap", "va", "ubnd", "hoac"})
_BEHIND_LEVELS = tuple(
    tuple(words.split())
    for words in (
        "thuoc tinh",
        "trong tinh",
        "cua tinh",
        "tren dia ban tinh",
        "tren dia ban",
        "tren toan tinh",
    )
)


def count_ubnd_words(tokens: Sequence[WordToken], at: int) -> int:
    """How many words of "UBND", "Ủy ban nhân dân" or "Ủy ban" stand at `at`; 0 for none."""
    if tokens[at].folded == "ubnd":
        return 1
    words = [t.folded for t in tokens[at : at + 4]]
    return (
        4
        if words == ["uy", "ban", "nhan", "dan"]
        else 3
        if words[:3] == ["ub", "nhan", "dan"]
        else 0
    )


def read_level_at(tokens: Sequence[WordToken], at: int) -> tuple[int, str] | None:
    """The level of government at `at` ("thị xã"): how many words, and its collective."""
    for size in (2, 1):
        words = " ".join(t.folded for t in tokens[at : at + size])
        if len(tokens) >= at + size and words in load_agency_tables().levels:
            return size, load_agency_tables().levels[words]
    return None


def read_levels_at(tokens: Sequence[WordToken], at: int) -> tuple[int, tuple[str, ...]] | None:
    """A row of levels that means all of them: "UBND huyện, thị xã, thành phố", "cấp huyện, cấp xã".

    Returns how many words and the collectives; None where a level is followed by a place's name, or where a lone
    level has neither "UBND", "các" nor "cấp" before it.
    """
    end = at + count_ubnd_words(tokens, at)
    plural = end > at
    names: list[str] = []
    levels = 0
    last = at
    while end < len(tokens):
        if end > at and NAME_BREAK.search(tokens[end].gap):
            break
        if tokens[end].folded in _LEVEL_LINKS and (names or tokens[end].folded in {"cac", "cap"}):
            plural = plural or tokens[end].folded in {"cac", "cap"}
            end += 1
            continue
        level = read_level_at(tokens, end)
        if level is None or is_place_name_at(tokens, end + level[0]):
            break
        end += level[0]
        last = end
        levels += 1
        if level[1] not in names:
            names.append(level[1])
    if (
        not names
        or not (plural or levels > 1)
        or (end < len(tokens) and last < end and read_level_at(tokens, end))
    ):
        return None
    for words in _BEHIND_LEVELS:
        if are_words_at(tokens, last, *words):
            last += len(words)
            break
    return last - at, tuple(names)


def make_local_name(tokens: Sequence[WordToken], at: int, end: int) -> str | None:
    """The canonical name of the UBND in tokens[at:end]: "tp Long Xuyên" is "UBND thành phố Long Xuyên".

    None where the words are not a level and a place of one to five words.
    """
    start = at + (count_ubnd_words(tokens, at) if at < end else 0)
    if start >= end:
        return None
    level = read_level_at(tokens, start)
    if level is None or not 1 <= end - start - level[0] <= 5:
        return None
    written = _LEVEL_NAMES[" ".join(t.folded for t in tokens[start : start + level[0]])]
    words = [
        token.text if token.has_capital else token.text.capitalize()
        for token in tokens[start + level[0] : end]
    ]
    return f"{_UBND} {written} {' '.join(words)}"


_LEVEL_NAMES = {
    "huyen": "huyện", "quan": "quận", "thi xa": "thị xã", "tx": "thị xã", "thanh pho": "thành phố", "tp": "thành phố",
    "xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "tt": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip


@lru_cache(maxsize=1)
def load_standard_directory() -> Directory:
    """The directory of agencies.toml alone, made once."""
    return Directory()
