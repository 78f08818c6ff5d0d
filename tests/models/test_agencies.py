"""What agencies became: successors and predecessors, in steps, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.agencies import (
    AgencySuccessor,
    find_agency_with_successors,
    load_agency_names,
    load_predecessors,
    load_successors,
)
from models.storage.database import Database
from tests.support.fakes import fill

TODAY = date(2026, 11, 20)


async def test_the_work_of_what_was_merged_by_a_day_is_the_successors_in_steps(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        names = ("Sở A", "Sở B", "Sở C", "Sở D")
        one, two, three, four = [(await filling.agency(name)).id for name in names]
        moves = [(one, two, 1), (two, three, 0), (four, three, -1)]  # the last one: tomorrow
        for old, new, days_ago in moves:
            since = TODAY - timedelta(days=days_ago)
            link = AgencySuccessor(agency_id=old, successor_id=new, since=since)
            filling.session.add(link)
    async with sqlite.read() as session:
        assert await load_agency_names(session) == dict(
            zip((one, two, three, four), names, strict=True)
        )
        assert await load_predecessors(session, TODAY - timedelta(days=2)) == {}
        assert await load_predecessors(session, TODAY) == {two: {one}, three: {one, two}}
        later = await load_predecessors(session, TODAY + timedelta(days=1))
        assert later == {two: {one}, three: {one, two, four}}
        assert sorted(await load_successors(session)) == [(one, two), (two, three), (four, three)]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([], {1}),
        ([(2, 3)], {1}),
        ([(1, 2), (1, 3), (3, 4)], {1, 2, 3, 4}),
        ([(1, 2), (2, 1), (2, 3), (3, 2)], {1, 2, 3}),  # back and forth
    ],
)
def test_an_agency_is_followed_to_what_it_became(
    links: list[tuple[int, int]], found: set[int]
) -> None:
    assert find_agency_with_successors(links, 1) == found


def test_work_of_no_agency_has_no_successor() -> None:
    assert find_agency_with_successors([(1, 2)], None) == {None}
