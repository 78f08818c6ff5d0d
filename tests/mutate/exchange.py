"""New code for functions that are in memory already, so that nothing is imported again."""

from __future__ import annotations

import functools
import gc
import inspect
import warnings
from collections.abc import Iterator
from types import CodeType, FunctionType

Exchange = dict[CodeType, CodeType]
"""The new code of functions by their old one."""


def find_exchange(old: str, new: str) -> Exchange | None:
    """Return which functions of a module have new code; None if anything else differs.

    `old` and `new` are sources of one layout. What is outside functions has run at the import
    already: constants, fields, defaults. Raises `SyntaxError` if `new` is no Python or what Python
    warns of, since a warning is an error in tests.
    """
    found = {}
    with warnings.catch_warnings(action="error", category=SyntaxWarning):
        codes = [list(_list_codes(compile(text, "", "exec", 0, True))) for text in (old, new)]
    if len(codes[0]) != len(codes[1]):
        return None
    for before, after in zip(*codes, strict=True):
        if before.co_flags & inspect.CO_NEWLOCALS:  # a function, neither a class nor a module
            if before != after:
                found[before] = after
        elif _strip(before) != _strip(after):
            return None
    return found


def _list_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _list_codes(inner)


def _strip(code: CodeType) -> CodeType:
    """Return the code without the functions in it and without the columns of its lines."""
    constants = tuple(each for each in code.co_consts if not isinstance(each, CodeType))
    return code.replace(co_consts=constants, co_linetable=b"")


class Program:
    """The functions of the folder `root` that are in memory, and the caches that they have."""

    def __init__(self, root: str) -> None:
        """Look for them; what is imported later has the old code."""
        gc.unfreeze()
        objects = gc.get_objects()
        functions = [each for each in objects if isinstance(each, FunctionType)]
        cached = [each for each in objects if isinstance(each, functools._lru_cache_wrapper)]
        self.functions = [each for each in functions if each.__code__.co_filename.startswith(root)]
        own = set(self.functions)
        self.caches = [each for each in cached if each.__wrapped__ in own]

    def exchange(self, path: str, exchange: Exchange) -> None:
        """Give the functions of the module at `path` their new code, and empty all caches."""
        for function in self.functions:
            if function.__code__.co_filename == path:
                function.__code__ = exchange.get(function.__code__, function.__code__)
        for each in self.caches:
            each.cache_clear()
