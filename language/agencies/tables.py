"""Hold agencies.toml as tables for look-ups. `directory` finds names in a text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from language.text import fold, normalise
from language.tokens import make_name_key
from locales.data import load_data

How = Literal["name", "abbreviation", "old", "synonym", "pattern", "place", "slip"]
NameKey = tuple[str, ...]  # folded words of a name
_DEPARTMENT = "so"
LONGEST_NAME = 14  # words of the longest name


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
    """One way to write an agency.

    `tail` tells whether "tỉnh" or the province's name must, may or cannot follow.
    """

    agency: str
    how: How
    tail: Literal["must", "may", "none"] = "none"
    stands_alone: bool = False


@dataclass(frozen=True)
class AgencyTables:
    """agencies.toml, ready for look-ups. Keys of words are folded and without "và"."""

    agencies: Mapping[str, KnownAgency]
    collectives: Mapping[str, str]  # kind to the collective its agencies belong to
    forms: Mapping[NameKey, tuple[NameForm, ...]]
    levels: Mapping[str, str]  # "huyen" to "UBND cấp huyện"
    level_words: frozenset[str]  # the words of the levels as written: "phường", not "phương"
    level_names: Mapping[str, str]  # "huyen" and "h" to "huyện"
    level_spellings: Mapping[str, tuple[str, ...]]  # "huyen" to itself and "h"
    behind_levels: tuple[NameKey, ...]
    patterns: tuple[tuple[str, tuple[str, ...]], ...]  # kind to folded beginnings of names
    abbreviations: Mapping[NameKey, str]
    cell_words: Mapping[str, frozenset[NameKey]]
    # heads of names as written: "báo" starts a name, "bảo vệ" does not
    head_words: frozenset[NameKey]
    provinces: Mapping[NameKey, str]
    cities: Mapping[NameKey, str]
    places: Mapping[NameKey, str]  # provinces and cities together
    # "tai chinh" to "Sở Tài chính", for lists behind "các sở"
    bare_departments: Mapping[NameKey, str]
    beside: Mapping[NameKey, str]  # words that mean an agency beside another one
    # first word to (letters of the rest, name), for slips
    letter_index: Mapping[str, tuple[tuple[str, str], ...]]
    lone_words: frozenset[str]  # the words of `alone`, as written
    spellings: Mapping[str, tuple[tuple[str, str], ...]]  # name to (kind, spelling as written)


def split_stem(name: str) -> tuple[NameKey, Literal["must", "may"]]:
    """Return the words of a name without a final "tỉnh", and whether one must follow them."""
    key = make_name_key(name)
    return (key[:-1], "must") if key[-1:] == ("tinh",) and len(key) > 1 else (key, "may")


def _list_abbreviation_keys(groups: str, *, department: bool) -> Iterable[NameKey]:
    """Yield the ways to write an abbreviation.

    "KH CN" is khcn, kh cn, skhcn, s khcn, skh cn, so khcn, so kh cn.
    """
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


def _list_forms(record: Mapping[str, Any]) -> Iterable[tuple[NameKey, NameForm]]:
    name, kind = str(record["name"]), str(record["kind"])
    place = record.get("place", "none")
    old = "until" in record
    for spelling in (name, *record.get("names", ())):
        how: How = "old" if old else "name"
        if place == "none":
            yield make_name_key(spelling), NameForm(name, how)
        elif record.get("place_needed"):
            yield split_stem(spelling)[0], NameForm(name, how, "must")
        else:
            stem, tail = split_stem(spelling)
            yield stem, NameForm(name, how, tail)
    for spelling in record.get("abbreviations", ()):
        stem, tail = split_stem(spelling)
        for key in _list_abbreviation_keys(" ".join(stem), department=kind == "department"):
            yield (
                key,
                NameForm(
                    name,
                    "abbreviation",
                    tail if len(stem) < len(make_name_key(spelling)) else "none",
                ),
            )
    for spelling in record.get("free", ()):
        for key in _list_abbreviation_keys(spelling, department=False):
            yield key, NameForm(name, "abbreviation", "none" if place == "none" else "may")
    for spelling in record.get("alone", ()):
        yield make_name_key(spelling), NameForm(name, "name", stands_alone=True)


def _read_agencies(
    data: Mapping[str, Any],
) -> tuple[dict[str, KnownAgency], dict[NameKey, list[NameForm]]]:
    """Return the agencies and collectives by name, and their forms by their words."""
    agencies: dict[str, KnownAgency] = {}
    forms: dict[NameKey, list[NameForm]] = {}
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
        for spelling in record["names"]:
            forms.setdefault(make_name_key(spelling), []).append(NameForm(record["name"], "name"))
    return agencies, forms


def _index_departments(
    agencies: Mapping[str, KnownAgency], forms: Mapping[NameKey, Sequence[NameForm]]
) -> dict[NameKey, str]:
    """Return the words of each department without "Sở" to its name; present ones come first."""
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
    return bare


@lru_cache(maxsize=1)
def load_agency_tables() -> AgencyTables:
    """Return agencies.toml as tables. It is read once."""
    data = load_data("agencies")
    agencies, forms = _read_agencies(data)
    provinces = {make_name_key(name): name for name in data["places"]["provinces"]}
    cities = {make_name_key(name): name for name in data["places"]["cities"]}
    cities |= {make_name_key(k): name for k, name in data["places"]["short_cities"].items()}
    return AgencyTables(
        agencies=agencies,
        collectives=data["kinds"],
        forms={key: keep_distinct_forms(same) for key, same in forms.items()},
        levels={
            " ".join(make_name_key(w)): level["collective"]
            for level in data["levels"].values()
            for w in level["words"]
        },
        level_words=frozenset(w for level in data["levels"].values() for w in level["words"]),
        level_names={
            fold(word): name
            for name, shorts in data["level_names"].items()
            for word in (name, *shorts)
        },
        level_spellings={
            fold(name): (fold(name), *shorts) for name, shorts in data["level_names"].items()
        },
        behind_levels=tuple(map(make_name_key, data["level_rows"]["behind"])),
        patterns=tuple((p["kind"], tuple(fold(s) for s in p["starts"])) for p in data["pattern"]),
        abbreviations={make_name_key(short): long for short, long in data["written_out"].items()},
        cell_words={
            part: frozenset(make_name_key(w) for w in words)
            for part, words in data["cells"].items()
        },
        head_words=frozenset(tuple(normalise(w).lower().split()) for w in data["cells"]["heads"]),
        provinces=provinces,
        cities=cities,
        places={**provinces, **cities},
        bare_departments=_index_departments(agencies, forms),
        beside={
            make_name_key(word): record["name"]
            for record in data["agency"]
            for word in record.get("beside", ())
        },
        letter_index=_index_letters(forms),
        lone_words=frozenset(
            normalise(word).lower() for record in data["agency"] for word in record.get("alone", ())
        ),
        spellings={record["name"]: tuple(_list_spellings(record)) for record in data["agency"]},
    )


def _list_spellings(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield other names that a person wants to see: ("short", name), ("abbreviation", name)."""
    for name in record.get("names", ()):
        yield "short", name
    department = record["kind"] == "department"
    for groups in record.get("abbreviations", ()):
        yield "abbreviation", ("S" if department else "") + groups.replace(" ", "")
    for groups in record.get("free", ()):
        yield "abbreviation", groups.replace(" ", "")


def keep_distinct_forms(forms: Sequence[NameForm]) -> tuple[NameForm, ...]:
    """Return one form an agency (and one that stands alone), the least demanding first."""
    order = {"may": 0, "none": 1, "must": 2}
    best: dict[tuple[str, bool], NameForm] = {}
    for form in sorted(forms, key=lambda f: (f.stands_alone, order[f.tail])):
        best.setdefault((form.agency, form.stands_alone), form)
    return tuple(best.values())


def _index_letters(
    forms: Mapping[NameKey, Sequence[NameForm]],
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the first word of each full name to (letters of the rest, agency), for slips."""
    index: dict[str, dict[str, str]] = {}
    for key, same in forms.items():
        if len(key) > 1 and same[0].how != "abbreviation":
            index.setdefault(key[0], {}).setdefault("".join(key[1:]), same[0].agency)
    return {first: tuple(rest.items()) for first, rest in index.items()}


@lru_cache(maxsize=1)
def list_first_words() -> frozenset[str]:
    """Return the words that the name of some agency begins with, folded."""
    return frozenset(key[0] for key in load_agency_tables().forms)


def count_head_words(text: str) -> int:
    """Return how many words the longest head of names has that a text begins with, 0 if none."""
    words = make_name_key(text)
    heads = load_agency_tables().cell_words["heads"]
    return next((size for size in range(min(4, len(words)), 0, -1) if words[:size] in heads), 0)
