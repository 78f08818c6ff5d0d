"""The locked requirements: exact versions with hashes, without addresses, that fit pyproject."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.code_names import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PROGRAM, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
ASKED = {
    PROGRAM: PROJECT["dependencies"] + EXTRAS["charts"],
    DEVELOPMENT: PROJECT["dependencies"] + EXTRAS["charts"] + EXTRAS["dev"],
}


@cache
def read_lock(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Each package's exact requirements (several if they differ by platform), with their hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    locked: dict[str, list[tuple[Requirement, int]]] = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line.partition(" --hash")[0].strip())
            hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line))
            locked.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return locked


@pytest.mark.parametrize("name", [PROGRAM, DEVELOPMENT])
def test_every_package_has_one_version_and_hashes(name: str) -> None:
    for requirement, hashes in (pair for pairs in read_lock(name).values() for pair in pairs):
        assert [s.operator for s in requirement.specifier] == ["=="], requirement
        assert hashes, requirement


@pytest.mark.parametrize("name", [PROGRAM, DEVELOPMENT])
def test_no_lock_names_an_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links| @ ", text)


@pytest.mark.parametrize("name", [PROGRAM, DEVELOPMENT])
def test_what_the_project_asks_for_is_locked_in_a_version_that_fits(name: str) -> None:
    for asked in map(Requirement, ASKED[name]):
        pairs = read_lock(name).get(canonicalize_name(asked.name), [])
        assert pairs, asked
        for locked, _ in pairs:
            version = next(iter(locked.specifier)).version
            assert asked.specifier.contains(version), (asked, version)


def test_the_program_and_its_tests_use_the_same_versions() -> None:
    program, development = read_lock(PROGRAM), read_lock(DEVELOPMENT)
    for name, pairs in program.items():
        assert {str(r.specifier) for r, _ in pairs} == {
            str(r.specifier) for r, _ in development.get(name, [])
        }, name


def test_a_province_gets_nothing_that_only_tests_need() -> None:
    only_tests = {canonicalize_name(Requirement(asked).name) for asked in EXTRAS["dev"]}
    only_tests -= {canonicalize_name(Requirement(asked).name) for asked in ASKED[PROGRAM]}
    assert not only_tests & read_lock(PROGRAM).keys()
