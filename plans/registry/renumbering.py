"""Numbers of tasks when a document comes again: which task gets which, and two never share one.

Which task is which is decided in `matching`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from string import ascii_lowercase

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import Task

_LONGEST_SUFFIX = 4
_FIRST_LETTER = 1  # of a second task under one number: I.3b


def plan_moves(
    stored: Sequence[str], old_keys: Mapping[str, str], document: Collection[str]
) -> dict[str, str]:
    """Return the new key of each stored one that changes.

    `old_keys` are the stored keys by key of the document. A task that the document lacks makes
    room for the one that has its number now, and gets a letter.
    """
    moves = {old: new for new, old in old_keys.items() if old != new}
    paired = set(old_keys.values())
    taken = {*document, *(key for key in stored if key not in moves)}
    for key in stored:
        if key not in paired and key in document:
            moves[key] = find_lettered_key(key, taken)
            taken.add(moves[key])
    return moves


def plan_amended_keys(
    stored: Collection[str], old_keys: Mapping[str, str], document: Sequence[str]
) -> dict[str, str]:
    """Return the keys that tasks of an amendment get, as far as they differ from its own.

    A task that the plan has keeps its number there; a new one takes no other task's number.
    """
    keys = {key: old for key, old in old_keys.items() if key != old}
    taken = set(stored)
    for key in document:
        if key in old_keys:
            continue
        if key in taken:
            keys[key] = find_lettered_key(key, {*taken, *document})
        taken.add(keys.get(key, key))
    return keys


def find_lettered_key(key: str, taken: Collection[str]) -> str:
    """Return `key` with the first letter that makes it free: I.3b, I.3c ..."""
    base = key[:-1] if key[-2:-1].isdigit() and key[-1:].isalpha() else key
    return next(f"{base}{suffix}" for suffix in _make_suffixes() if f"{base}{suffix}" not in taken)


def _make_suffixes() -> Iterator[str]:
    yield from ascii_lowercase[_FIRST_LETTER:]
    for length in range(2, _LONGEST_SUFFIX + 1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


async def move_keys(session: AsyncSession, plan_id: int, moves: Mapping[str, str]) -> None:
    """Give tasks of a plan their new keys.

    Keys are unique at every moment, so that each task first leaves its own.
    """
    if not moves:
        return
    tasks = (await session.exec(select(Task).where(Task.plan_id == plan_id))).all()
    moved = [(task, moves[task.key]) for task in tasks if task.key in moves]
    for task, _ in moved:
        task.key = f"~{task.id}"
        session.add(task)
    await session.flush()
    for task, key in moved:
        task.key = key
        session.add(task)
    await session.flush()
