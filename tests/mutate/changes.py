"""The small changes that can be made in the code, and a choice of them at random."""

from __future__ import annotations

import ast
import difflib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[2]
KINDS = (
    "ReplaceComparisonOperator",
    "NumberReplacer",
    "ReplaceAnd",
    "ReplaceOr",
    "AddNot",
    "ReplaceTrue",
    "ReplaceFalse",
    "ReplaceBinaryOperator_Add",
    "ReplaceBinaryOperator_Sub",
)
"""How the names of Cosmic Ray's operators begin that are used."""
PLACES = (
    "scheduler",
    "models",
    "handlers/conversation/rights.py",
    "bot/channels/inbox.py",
    "bot/channels/lanes.py",
    "bot/channels/answering.py",
    "language/deadlines",
)
"""Code that is changed."""


@dataclass(frozen=True)
class Mutation:
    """One small change: the `occurrence`-th place at which `operator` can change `path`."""

    path: str
    operator: str
    occurrence: int

    def apply(self, code: str) -> str:
        """Return `code` with the change; as it was if there is no such place."""
        changed: str | None = mutate_code(code, get_operator(self.operator)(), self.occurrence)
        return changed or code

    def list_lines(self, code: str) -> range:
        """Return the numbers of the lines of the changed statement, without those of its body."""
        pairs = zip(code.splitlines(), self.apply(code).splitlines(), strict=True)
        line = next(number for number, (old, new) in enumerate(pairs, 1) if old != new)
        heads = [
            range(node.lineno, _find_end(node) + 1)
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.stmt)
        ]
        return min((head for head in heads if line in head), key=len, default=range(line, line + 1))

    def describe(self) -> str:
        """Return the change as a diff without context."""
        code = (ROOT / self.path).read_text(encoding="utf-8")
        pair = code.splitlines(), self.apply(code).splitlines()
        lines = list(difflib.unified_diff(*pair, self.path, self.path, lineterm="", n=0))
        return "\n".join(lines[2:])


def _find_end(statement: ast.stmt) -> int:
    """Return the last line of the statement before its body, if it has one."""
    body: list[ast.stmt] = getattr(statement, "body", [])
    last = statement.end_lineno or statement.lineno
    return max(statement.lineno, body[0].lineno - 1) if body else last


def list_mutations() -> Iterator[Mutation]:
    """Yield every change that could be made."""
    operators = [name for name in operator_names() if name.partition("/")[2].startswith(KINDS)]
    for place in PLACES:
        found = sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
        for path in found:
            nodes = list(ast_nodes(get_ast_from_path(path)))
            for name in operators:
                operator = get_operator(name)()
                count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
                for occurrence in range(count):
                    yield Mutation(path.relative_to(ROOT).as_posix(), name, occurrence)


def choose_mutations(count: int, seed: int, beginning: str = "") -> list[Mutation]:
    """Return `count` of them at random, each place of the code as likely as any other.

    Only paths with that `beginning` are taken.
    """
    by_kind: dict[tuple[str, str, int], list[Mutation]] = {}
    for mutation in list_mutations():
        if mutation.path.startswith(beginning):
            kind = mutation.operator.rpartition("_")[0] or mutation.operator
            by_kind.setdefault((mutation.path, kind, mutation.occurrence), []).append(mutation)
    dice = random.Random(seed)
    places = dice.sample(sorted(by_kind), min(count, len(by_kind)))
    return [dice.choice(by_kind[place]) for place in places]
