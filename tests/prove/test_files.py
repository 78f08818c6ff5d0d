"""The files say what the answers and the registry say, of many registries filled at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prove.processes import take_share
from tests.reports.test_same_figures import compare_files, titles
from tests.reports.test_sheet import compare_rows
from tests.support.registries import copy_registry

__all__ = ["titles"]

pytestmark = pytest.mark.prove

REGISTRIES = take_share(200)


async def test_the_files_of_200_registries_say_what_the_answers_say(
    empty_registry: Path, tmp_path: Path, titles: list[str]
) -> None:
    for seed in range(REGISTRIES):
        for name in ("answers", "rows"):
            folder = tmp_path / f"{name}-{seed}"
            folder.mkdir()
            database = copy_registry(empty_registry, folder)
            if name == "answers":
                await compare_files(database, seed, titles)
            else:
                await compare_rows(database, seed)
            await database.close()
