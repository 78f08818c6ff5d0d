"""Tasks by their code and by words of their text. Not for the other parts of a query."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, column, false, func, or_, table, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.search import score_text, score_texts
from models.plans import Task
from models.queries.task_query import (
    TaskQuery,
    bind_values,
    build_common_conditions,
    escape_like,
    is_on_sqlite,
    match_agencies,
    match_listed_ids,
)

_INDEX = table("task_search", column("rowid"))  # of SQLite, over the texts of all tasks
_WORD_CHARACTERS = re.compile(r"\w+")

FEW_TASKS = 1000  # tasks that are looked at one by one
CUT = 0.98  # share of the best score under which a task does not match
LEAST = 0.6  # share of the best score of all tasks that the best of those asked about must reach
MISSING_WORDS = range(3)  # how many may be missing before every word is counted


@dataclass(frozen=True)
class Narrowing:
    """What code and words narrow a query to: tasks by their ids, or those that hold `terms`.

    Both are None if the query has neither code nor words. Where words narrow a large registry, the
    database is given the terms once more, not the ids: there may be many thousands.
    """

    ids: list[int] | None = None
    terms: str | None = None


async def narrow_task_ids(session: AsyncSession, query: TaskQuery) -> list[int] | None:
    """Return the ids of the tasks that code and words narrow `query` to, None without both."""
    narrowing = await narrow_tasks(session, query)
    if narrowing.terms is None:
        return narrowing.ids
    return await _find_by_text(session, narrowing.terms, _make_scope(session, query, None))


async def narrow_tasks(session: AsyncSession, query: TaskQuery) -> Narrowing:
    """Return what code and words narrow `query` to."""
    among = await _find_by_code(session, query)
    for code in query.more_codes:
        more = await _find_by_code(session, replace(query, code=code)) or []
        among = list(dict.fromkeys([*(among or ()), *more]))
    if query.parts and among != [] and not await _holds_all_words(session, query):
        found: list[int] = []
        for words in query.parts:
            found += await narrow_task_ids(session, replace(query, words=words, parts=())) or []
        return Narrowing(list(dict.fromkeys(found)))
    if query.words and among != []:
        return await _find_best_by_words(session, query, among)
    return Narrowing(among)


async def _find_by_code(session: AsyncSession, query: TaskQuery) -> list[int] | None:
    """Return the ids of the tasks that a code names, None if the query has no code.

    The code itself comes first, then the key without its group, then the codes below it.
    """
    if query.code is None:
        return None
    scope = [col(Task.outside).is_(False)]
    if query.plans:
        scope.append(col(Task.plan_id).in_(query.plans))
    code = query.code
    below = escape_like(code)
    for condition in (
        or_(col(Task.code) == code, func.upper(Task.key) == code.upper()),
        col(Task.key).like(f"_.{below}", escape="\\") if "." in code else false(),
        or_(
            col(Task.code).like(f"{below}.%", escape="\\"),
            col(Task.key).like(f"{below}.%", escape="\\"),
        ),
    ):
        ids = (await session.exec(select(Task.id).where(*scope, condition))).all()
        if ids:
            return list(ids)
    return []


@dataclass
class _WordScope:
    """The tasks in which words are looked for: conditions, and the values that these name."""

    conditions: list[ColumnElement[bool]]
    values: dict[str, Any]


async def _find_best_by_words(
    session: AsyncSession, query: TaskQuery, among: Sequence[int] | None
) -> Narrowing:
    """Return the tasks that hold the most words (docs/dev/questions.md rule 6).

    With `among`, only of these. Up to FEW_TASKS are looked at one by one. Of more, the database is
    asked for those with all words, then all but one, then all but two: most questions end there,
    and it is far quicker than counting every word in every task.
    """
    words, sqlite = query.words, is_on_sqlite(session)
    terms = [term for word in dict.fromkeys(words) if (term := _build_term(word, sqlite))]
    if not terms:
        return Narrowing([])
    scope = _make_scope(session, query, among)
    ranked = await _rank_few(session, query, scope)
    if ranked is not None:
        return Narrowing(ranked)
    few = await _load_few(session, scope)
    if few is not None:
        counted = (
            (task_id, score_text(words, search_text)) for task_id, search_text in few.items()
        )
        return Narrowing(_choose_best({task_id: hits for task_id, hits in counted if hits}))
    for missing in MISSING_WORDS[: len(terms)]:
        chosen = terms if missing else _drop_implied(terms)
        most_terms = _combine_terms(chosen, len(chosen) - missing, sqlite)
        if await _holds_text(session, most_terms, scope):
            if among is None:
                return Narrowing(terms=most_terms)
            return Narrowing(await _find_by_text(session, most_terms, scope))
    hits_by_task: Counter[int] = Counter()
    for term in terms:
        hits_by_task.update(await _find_by_text(session, term, scope))
    return Narrowing(_choose_best(hits_by_task))


def _choose_best(hits_by_task: Mapping[int, int]) -> list[int]:
    """Return the ids of the tasks with the most hits."""
    best = max(hits_by_task.values(), default=None)
    return [task_id for task_id, hits in hits_by_task.items() if hits == best]


def _make_scope(session: AsyncSession, query: TaskQuery, among: Sequence[int] | None) -> _WordScope:
    """Return the tasks that everything but words leaves, with `among` only of these."""
    scope = _WordScope(
        [*build_common_conditions(query), *match_agencies(query)], bind_values(query, among)
    )
    if among is not None:
        scope.conditions.append(match_listed_ids(is_on_sqlite(session)))
    return scope


async def _load_few(session: AsyncSession, scope: _WordScope) -> dict[int, str] | None:
    """Return the texts of the tasks of the scope by id, None if there are more than FEW_TASKS."""
    texts = select(Task.id, Task.search_text).where(*scope.conditions).limit(FEW_TASKS + 1)
    rows = (await session.exec(texts, params=scope.values)).all()
    return dict(rows) if len(rows) <= FEW_TASKS else None


async def _rank_few(session: AsyncSession, query: TaskQuery, scope: _WordScope) -> list[int] | None:
    """Return the ids of the tasks that match by BM25, None if the plans have more than FEW_TASKS.

    A word weighs by all tasks of the plans. The best of those that the other filters leave must
    come near the best of all: "giải ngân quá hạn" does not match a task with "giải" alone.
    """
    everything = TaskQuery(
        query.today, plans=query.plans, words=query.words, cancelled=query.cancelled
    )
    few = await _load_few(session, _make_scope(session, everything, None))
    if few is None:
        return None
    scores = score_texts(query.words, few)
    left = select(Task.id).where(*scope.conditions)
    ids = [n for n in await session.exec(left, params=scope.values) if n in scores]
    best = max((scores[number] for number in ids), default=None)
    if best is None or best < LEAST * max(scores.values()):
        return []
    return [number for number in ids if scores[number] >= CUT * best]


async def rank_tasks(
    session: AsyncSession, words: Sequence[str], plans: Sequence[int], most: int
) -> list[int]:
    """Return the ids of the tasks of the plans that come nearest to the words, the best first.

    A task must hold two of the words side by side.
    """
    sqlite = is_on_sqlite(session)
    pairs = [term for word in words if " " in word and (term := _build_term(word, sqlite))]
    if not pairs:
        return []
    scope = _WordScope([col(Task.outside).is_(False), col(Task.plan_id).in_(plans)], {})
    ids = await _find_by_text(session, _combine_terms(pairs, 1, sqlite), scope)
    texts = select(Task.id, Task.search_text).where(col(Task.id).in_(ids[:FEW_TASKS]))
    scores = score_texts(words, dict((await session.exec(texts)).all()))
    return sorted(scores, key=lambda number: (-scores[number], number))[:most]


def _build_term(word: str, sqlite: bool) -> str:
    """Return words side by side as a full-text term of the database; empty if nothing is left."""
    parts = _WORD_CHARACTERS.findall(word)
    if not parts:
        return ""
    return f'"{" ".join(parts)}"' if sqlite else f"({' <-> '.join(parts)})"


def _drop_implied(terms: Sequence[str]) -> list[str]:
    """Return the terms without single words that stand in one of two words, for all are needed."""
    pairs = [term for term in terms if " " in term]
    held = {word for pair in pairs for word in _WORD_CHARACTERS.findall(pair)}
    return [t for t in terms if t in pairs or not held.issuperset(_WORD_CHARACTERS.findall(t))]


def _combine_terms(terms: Sequence[str], count: int, sqlite: bool) -> str:
    """Return the full-text query for at least `count` of `terms`."""
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    return either.join(f"({both.join(chosen)})" for chosen in combinations(terms, count))


def match_terms(*, sqlite: bool) -> Any:
    """Return the condition for tasks that hold the terms of the parameter `query`."""
    if sqlite:
        held = text("SELECT rowid FROM task_search WHERE task_search MATCH :query")
        return col(Task.id).in_(held)
    return text("to_tsvector('simple', search_text) @@ to_tsquery('simple', :query)")


async def _holds_all_words(session: AsyncSession, query: TaskQuery) -> bool:
    """Return whether some task of the plans holds all words of the subject."""
    everything = TaskQuery(query.today, plans=query.plans, words=query.words)
    sqlite = is_on_sqlite(session)
    single = (word for word in query.words if " " not in word)  # pairs go over the comma
    terms = [term for word in single if (term := _build_term(word, sqlite))]
    scope = _make_scope(session, everything, None)
    return bool(terms) and await _holds_text(
        session, _combine_terms(terms, len(terms), sqlite), scope
    )


async def _holds_text(session: AsyncSession, terms: str, scope: _WordScope) -> bool:
    """Return whether some task of the scope holds the terms."""
    sqlite = is_on_sqlite(session)
    holding = [match_terms(sqlite=sqlite)]
    if sqlite:  # joined, so that the first of thousands ends the search
        holding = [_INDEX.c.rowid == col(Task.id), text("task_search MATCH :query")]
    held = select(select(Task.id).where(*scope.conditions, *holding).exists())
    return (await session.exec(held, params={**scope.values, "query": terms})).one()


async def _find_by_text(session: AsyncSession, terms: str, scope: _WordScope) -> list[int]:
    """Return the ids of the tasks of the scope that hold the terms."""
    match = match_terms(sqlite=is_on_sqlite(session))
    statement = select(Task.id).where(match, *scope.conditions)
    ids = await session.exec(statement, params={**scope.values, "query": terms})
    return list(ids)
