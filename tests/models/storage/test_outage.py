"""A registry that fails is logged once, and once when it works again."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.exc import OperationalError

from models.storage.outage import Outage, describe_fault


@dataclass
class TestClock:
    """A clock that the test turns."""

    __test__ = False

    seconds: float

    def __call__(self) -> float:
        return self.seconds


def test_the_first_fault_of_a_row_is_logged_and_the_end_of_the_row(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = TestClock(0.0)
    outage = Outage("registry.db", clock)
    outage.note_success()
    for said in ("khóa", "đầy đĩa"):
        clock.seconds += 10
        outage.note_fault(ValueError(said))
        clock.seconds += 30
        last = ValueError("nữa")
        outage.note_fault(last)
        assert outage.fault is last
        clock.seconds += 60
        for _ in range(2):
            outage.note_success()
            assert outage.fault is None
    assert [record.getMessage() for record in caplog.records] == [
        "the registry registry.db does not work: ValueError: khóa",
        "the registry registry.db works again after 90 s",
        "the registry registry.db does not work: ValueError: đầy đĩa",
        "the registry registry.db works again after 90 s",
    ]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (ValueError("đầy đĩa\nchi tiết\nnữa"), "ValueError: đầy đĩa"),
        (ValueError(), "ValueError: "),
        (
            OperationalError("SELECT bí mật", None, ValueError("không trả lời")),
            "OperationalError: không trả lời",
        ),
    ],
)
def test_a_fault_is_told_in_one_line_without_its_statement(fault: Exception, said: str) -> None:
    assert describe_fault(fault) == said
