"""Tasks by their code and by words of their text. Not for the other parts of a query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.search import score_text
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

_WORD_CHARACTERS = re.compile(r"\w+")


FEW_TASKS = 1000  # tasks that are looked at one by one


MOST_MISSING_WORDS = 2  # how many of the words may be missing before tasks are counted word by word


async def narrow_task_ids(session: AsyncSession, wanted: TaskQuery) -> list[int] | None:
    """Ids of the tasks that code and words narrow a look-up to; None where neither is said."""
    among = await _find_by_code(session, wanted)
    if wanted.words and among != []:
        return await _find_best_by_words(session, wanted, among)
    return among


async def _find_by_code(session: AsyncSession, wanted: TaskQuery) -> list[int] | None:
    """Ids of the tasks that a code names: exactly, else the key without its group, else the codes below it."""
    if wanted.code is None:
        return None
    scope = [col(Task.outside).is_(False)]
    if wanted.plans:
        scope.append(col(Task.plan_id).in_(wanted.plans))
    code = wanted.code
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
            return [task_id for task_id in ids if task_id is not None]
    return []


@dataclass
class _WordScope:
    """Where words are looked for: conditions on tasks, and the values that they name."""

    conditions: list[ColumnElement[bool]]
    values: dict[str, Any]


async def _find_best_by_words(
    session: AsyncSession, wanted: TaskQuery, among: Sequence[int] | None
) -> list[int]:
    """Ids of the tasks that hold the most of the words (questions.md rule 6), of `among` where that is said.

    Few tasks are looked at one by one. Of many, those with all of the words are asked for first, then all but one, all
    but two: most questions end there, and it is far quicker than counting every word in every task.
    """
    words, sqlite = wanted.words, is_on_sqlite(session)
    terms = [term for word in dict.fromkeys(words) if (term := _build_term(word, sqlite))]
    if not terms:
        return []
    scope = _WordScope(
        [*build_common_conditions(wanted), *match_agencies(wanted)], bind_values(wanted, among)
    )
    if among is not None:
        scope.conditions.append(match_listed_ids(sqlite))
    texts = select(Task.id, Task.search_text).where(*scope.conditions).limit(FEW_TASKS + 1)
    few = (await session.exec(texts, params=scope.values)).all()
    if len(few) <= FEW_TASKS:
        scores = {
            task_id: score_text(words, search_text)
            for task_id, search_text in few
            if task_id is not None
        }
        best = max(scores.values(), default=0)
        return [task_id for task_id, hits in scores.items() if hits == best > 0]
    for missing in range(min(MOST_MISSING_WORDS, len(terms) - 1) + 1):
        found = await _find_by_text(
            session, _combine_terms(terms, len(terms) - missing, sqlite), scope
        )
        if found:
            return found
    counted: dict[int, int] = {}
    for term in terms:
        for task_id in await _find_by_text(session, term, scope):
            counted[task_id] = counted.get(task_id, 0) + 1
    best = max(counted.values(), default=0)
    return [task_id for task_id, hits in counted.items() if hits == best]


def _build_term(word: str, sqlite: bool) -> str:
    """A word, or words side by side, in the full-text language of the database; empty where nothing is left."""
    parts = _WORD_CHARACTERS.findall(word)
    if sqlite:
        return '"' + " ".join(parts) + '"' if parts else ""
    return "(" + " <-> ".join(parts) + ")" if parts else ""


def _combine_terms(terms: Sequence[str], count: int, sqlite: bool) -> str:
    """The full-text query for at least `count` of `terms`."""
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    return either.join("(" + both.join(chosen) + ")" for chosen in combinations(terms, count))


async def _find_by_text(session: AsyncSession, query: str, scope: _WordScope) -> list[int]:
    if is_on_sqlite(session):
        match: Any = col(Task.id).in_(
            text("SELECT rowid FROM task_search WHERE task_search MATCH :query")
        )
    else:
        match = text("to_tsvector('simple', search_text) @@ to_tsquery('simple', :query)")
    statement = select(Task.id).where(match, *scope.conditions)
    found = await session.exec(statement, params={**scope.values, "query": query})
    return [task_id for task_id in found if task_id is not None]
