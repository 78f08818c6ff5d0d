"""Find which task of the registry each task of a document is, by what the tasks say.

A printed number says nothing: a row that is put in above moves all numbers below. Tasks are the
same if title, agencies and deadline agree; a pair that agrees only in part is for people to decide
(docs/dev/plan-format.md rule 13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from language.text import fold
from plans.format import TaskRow

_ALIKE = 0.6  # share of common words from which two titles may be the same task
_ALIKE_AT_PLACE = 0.4  # the same for two tasks under one number
_MOST_PAIRS = 250_000  # pairs of titles that are compared word by word


@dataclass(frozen=True)
class UnsureMatch:
    """A task of the document that may or may not be `old` of the registry."""

    new: TaskRow
    old: TaskRow


@dataclass
class Matching:
    """Which tasks are the same.

    - `old_keys`: the key in the registry for each key of the document that has one.
    - `unsure`: pairs that nobody has decided yet; neither task stands in another pair.
    """

    old_keys: dict[str, str] = field(default_factory=dict)
    unsure: list[UnsureMatch] = field(default_factory=list)


def match_tasks(
    old: Sequence[TaskRow],
    new: Sequence[TaskRow],
    decided: Mapping[str, bool],
    *,
    amends: bool = False,
) -> Matching:
    """Return which of `new` are which of `old`.

    `decided` says by key of the document whether an unsure pair is one task. With `amends`, `new`
    changes single tasks of the plan, so that an equal number alone is worth a question.
    """
    matcher = _Matcher(old, new)
    matcher.pair_alike(lambda row: (_read_title(row), _read_leads(row), _read_deadline(row)))
    matcher.pair_alike(lambda row: (_read_title(row), _read_leads(row), _read_last_days(row)))
    for read_rest in (_read_leads, _read_deadline, _read_key):
        matcher.pair_single(read_rest)
    return matcher.match_rest(decided, amends=amends)


class _Matcher:
    """Takes pairs out of the tasks that are left, the surest first."""

    def __init__(self, old: Sequence[TaskRow], new: Sequence[TaskRow]) -> None:
        self._old = {row.key: row for row in old}
        self._new = {row.key: row for row in new}
        self._places = {row.key: place for place, row in enumerate(new)}
        self._old_titles = Counter(map(_read_title, old))
        self._new_titles = Counter(map(_read_title, new))
        self._found = Matching()

    def pair_alike(self, read: Callable[[TaskRow], Hashable]) -> None:
        """Pair the tasks that say the same.

        Of several, those with the same products, under one number or in one section; the others in
        their order if they are equally many, else they are left.
        """
        for olds, news in self._group(read):
            for choose in (_read_place, _read_key, _read_section):
                self._pair_equal(olds, news, choose)
            if len(olds) == len(news):
                for before, after in zip(list(olds), list(news), strict=True):
                    self._pair(before, after)

    def pair_single(self, read: Callable[[TaskRow], Hashable]) -> None:
        """Pair two tasks of one title that agree in `read` if no other task has this title."""
        for olds, news in self._group(lambda row: (_read_title(row), read(row))):
            single = len(olds) == len(news) == 1 and (
                olds[0].key == news[0].key
                or self._old_titles[_read_title(olds[0])]
                == self._new_titles[_read_title(news[0])]
                == 1
            )
            if single:
                self._pair(olds[0], news[0])

    def match_rest(self, decided: Mapping[str, bool], *, amends: bool) -> Matching:
        """Return all pairs; what is alike only in part is paired if people decided so."""
        scored = sorted(
            self._score_rest(amends=amends), key=lambda one: (-one[0], one[1].key, one[2].key)
        )
        for _, before, after in scored:
            if before.key not in self._old or after.key not in self._new:
                continue
            is_same = decided.get(after.key)
            if is_same is None:
                self._found.unsure.append(UnsureMatch(after, before))
                del self._old[before.key], self._new[after.key]
            elif is_same:
                self._pair(before, after)
            else:  # another task, whatever else it resembles
                del self._new[after.key]
        self._found.unsure.sort(key=lambda pair: self._places[pair.new.key])
        return self._found

    def _score_rest(self, *, amends: bool) -> Iterable[tuple[float, TaskRow, TaskRow]]:
        """Yield pairs that may be one task, with how much they have in common."""
        words = {id(row): set(_read_title(row).split()) for row in self._old.values()}
        few = len(self._old) * len(self._new) <= _MOST_PAIRS
        for after in self._new.values():
            own = set(_read_title(after).split())
            same_key = self._old.get(after.key)
            others = self._old.values() if few else [same_key] if same_key else []
            for before in others:
                theirs = words[id(before)]
                share = 2 * len(own & theirs) / ((len(own) + len(theirs)) or 1)
                at_place = before.key == after.key
                agreed = (_read_leads(before) == _read_leads(after)) + _have_one_time(before, after)
                if _may_be_one(share, agreed, at_place=at_place, amends=amends):
                    yield share + 0.2 * agreed + 0.1 * at_place, before, after

    def _group(
        self, read: Callable[[TaskRow], Hashable]
    ) -> list[tuple[list[TaskRow], list[TaskRow]]]:
        """Return the tasks left on both sides that agree in `read`."""
        groups: dict[Hashable, tuple[list[TaskRow], list[TaskRow]]] = {}
        for place, rows in enumerate((self._old, self._new)):
            for row in rows.values():
                groups.setdefault(read(row), ([], []))[place].append(row)
        return [group for group in groups.values() if all(group)]

    def _pair_equal(
        self, olds: list[TaskRow], news: list[TaskRow], read: Callable[[TaskRow], Hashable]
    ) -> None:
        """Pair those of a group that agree in `read` and are single in it."""
        for after in list(news):
            same = [row for row in olds if read(row) == read(after)]
            if len(same) == 1 and sum(read(row) == read(after) for row in news) == 1:
                self._pair(same[0], after)
                olds.remove(same[0])
                news.remove(after)

    def _pair(self, before: TaskRow, after: TaskRow) -> None:
        self._found.old_keys[after.key] = before.key
        del self._old[before.key], self._new[after.key]


def _may_be_one(share: float, agreed: int, *, at_place: bool, amends: bool) -> bool:
    """Whether two tasks with this share of common words may be one task."""
    if at_place and (amends or agreed == 2):
        return True
    least = _ALIKE_AT_PLACE if at_place else _ALIKE
    return share >= least and (agreed > 0 or share == 1)


def _read_title(row: TaskRow) -> str:
    """Return the title without marks and signs; its numbers stay."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(row.title)).split())


def _read_leads(row: TaskRow) -> frozenset[str]:
    return frozenset(map(fold, row.lead))


def _read_deadline(row: TaskRow) -> str:
    return fold(row.deadline_text or "")


def _read_last_days(row: TaskRow) -> Hashable:
    return tuple(day for milestone in row.milestones for day in milestone.deadlines)


def _read_key(row: TaskRow) -> str:
    return row.key


def _read_section(row: TaskRow) -> str:
    return fold(row.section or "")


def _read_place(row: TaskRow) -> Hashable:
    return (_read_section(row), tuple(map(fold, row.deliverables)), row.requirement)


def _have_one_time(before: TaskRow, after: TaskRow) -> bool:
    """Whether two tasks have the same deadline, in words or in days."""
    return _read_deadline(before) == _read_deadline(after) or (
        bool(_read_last_days(before)) and _read_last_days(before) == _read_last_days(after)
    )
