"""The screens in `docs/huong-dan.md` are what the bot says now."""

from pathlib import Path

import pytest

from tests.guide import ACTORS, GUIDE, played

pytestmark = pytest.mark.long


async def test_the_screens_of_the_guide_are_real(tmp_path: Path) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert await played(guide, tmp_path) == guide, "python -m tests.guide writes the screens anew"


def test_every_role_has_its_page() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for actor in ACTORS:
        assert f"```text {actor}\n" in guide


def test_nothing_went_wrong_on_the_way() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for sign in ("có lỗi, đã ghi lại", "Tôi không có lệnh", "Nút này không còn dùng được"):
        assert sign not in guide
