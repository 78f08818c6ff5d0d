"""The milestone data class."""

from datetime import date

import pytest
from pydantic import ValidationError

from language.milestones import Milestone


def test_deadlines_are_every_last_day() -> None:
    assert Milestone(kind="ongoing").deadlines == ()
    assert Milestone(kind="date", last_day=date(2026, 3, 1)).deadlines == (date(2026, 3, 1),)
    days = (date(2026, 3, 31), date(2026, 6, 30))
    assert Milestone(kind="recurring", last_days=days).deadlines == days


def test_an_unknown_kind_or_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Milestone.model_validate({"kind": "someday"})
    with pytest.raises(ValidationError):
        Milestone.model_validate({"kind": "date", "lastday": "2026-03-01"})
