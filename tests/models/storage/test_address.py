"""Addresses of registries: which of them depend on the folder that one stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.storage.address import choose_path, read_relative_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/nhacviec.db", "data/nhacviec.db"),
        ("sqlite+aiosqlite:///nhacviec.db", "nhacviec.db"),
        ("sqlite:////srv/nhacviec.db", None),
        ("sqlite://", None),
        ("sqlite:///", None),
        ("sqlite:///:memory:", None),
        ("postgresql://bot@may-chu/nhacviec", None),
        ("postgresql://bot@may-chu:cong/nhacviec", None),
        ("không phải địa chỉ", None),
    ],
)
def test_a_file_that_is_named_from_a_folder_has_a_relative_path(url: str, path: str | None) -> None:
    assert read_relative_path(url) == (Path(path) if path else None)


def test_the_first_place_that_exists_is_chosen_or_else_the_first(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("one.db", "two.db", "three.db")]
    assert choose_path("sqlite:///x.db", places) == f"sqlite:///{places[0]}"
    for place in places[1:]:
        place.touch()
    assert choose_path("sqlite:///x.db", places) == f"sqlite:///{places[1]}"
    secret = choose_path("sqlite://an:mật khẩu@/x.db", places[:1])
    assert "***" not in secret
