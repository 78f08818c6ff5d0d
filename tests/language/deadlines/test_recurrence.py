"""What comes back: its last days in the years asked for, and the rule that says the same days."""

from datetime import date, timedelta

import pytest
from dateutil.rrule import rrulestr

from language.deadlines import complete_milestone
from language.deadlines.recurrence import Repeat, guess_every, list_last_days, make_rrule
from language.milestones import Every, Milestone
from language.times.periods import END

DAILY, WEEKLY = Repeat(days=1), Repeat(days=7)
MONTHLY, QUARTERLY, YEARLY = Repeat(months=1), Repeat(months=3), Repeat(months=12)


def last_days(
    repeat: Repeat,
    day: int = END,
    *,
    years: tuple[int, int] = (2026, 2026),
    month: int | None = None,
    shift: int = 0,
    before: bool = False,
) -> list[str]:
    found = list_last_days(repeat, years, month=month, day=day, shift=shift, before=before)
    return [str(day) for day in found]


def parse_days(*days: str) -> list[date]:
    return [date.fromisoformat(day) for day in days]


def test_a_month_or_year_ends_on_its_last_day() -> None:
    assert last_days(MONTHLY, years=(2027, 2028))[:2] == ["2027-01-31", "2027-02-28"]
    assert last_days(MONTHLY, years=(2027, 2028))[13] == "2028-02-29"
    assert len(last_days(MONTHLY, years=(2027, 2028))) == 24
    assert last_days(YEARLY, years=(2026, 2028)) == ["2026-12-31", "2027-12-31", "2028-12-31"]


@pytest.mark.parametrize(
    ("month", "days"),
    [
        (None, ["2026-03-20", "2026-06-20", "2026-09-20", "2026-12-20"]),
        (1, ["2026-01-20", "2026-04-20", "2026-07-20", "2026-10-20"]),
        (4, ["2026-04-20", "2026-07-20", "2026-10-20", "2027-01-20"]),
    ],
)
def test_the_month_of_a_named_day_counts_within_its_quarter(
    month: int | None, days: list[str]
) -> None:
    assert last_days(QUARTERLY, 20, month=month) == days


def test_months_behind_a_period_move_its_day_on_or_back() -> None:
    assert last_days(YEARLY, 31, month=1, shift=12) == ["2027-01-31"]
    assert last_days(YEARLY, 31, month=1, shift=1) == ["2026-02-28"]
    assert last_days(YEARLY, 15, month=1, shift=-1) == ["2025-12-15"]
    assert last_days(MONTHLY, 5, shift=1)[-2:] == ["2026-12-05", "2027-01-05"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (1, ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]),
        (28, ["2026-01-27", "2026-02-27", "2026-03-27", "2026-04-27"]),
        # All of February lies before its 29th to 31st; all of April before its 31st.
        (29, ["2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28"]),
        (30, ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        (31, ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
        (END, ["2026-01-30", "2026-02-27", "2026-03-30", "2026-04-29"]),
    ],
)
def test_before_a_day_of_each_month_is_the_day_before_it(day: int, expected: list[str]) -> None:
    assert last_days(MONTHLY, day, before=True)[:4] == expected


def test_every_day_has_the_first_and_the_last_day_of_its_years() -> None:
    found = last_days(DAILY, years=(2026, 2028))
    assert (found[0], found[-1], len(found)) == ("2026-01-01", "2028-12-31", 365 + 365 + 366)
    assert last_days(DAILY, years=(2026, 2028), before=True) == found


@pytest.mark.parametrize(
    ("weekday", "ends"),
    [
        (None, ["2026-01-04", "2026-12-27"]),
        (0, ["2026-01-05", "2026-12-28"]),
        (2, ["2026-01-07", "2026-12-30"]),
        (3, ["2026-01-01", "2026-12-31"]),  # the year begins and ends with a Thursday
        (4, ["2026-01-02", "2026-12-25"]),
    ],
)
def test_every_week_has_its_weekday_or_ends_on_sunday(weekday: int | None, ends: list[str]) -> None:
    found = last_days(Repeat(days=7, weekday=weekday))
    assert [found[0], found[-1]] == ends
    days = parse_days(*found)
    assert days == [days[0] + timedelta(weeks=number) for number in range(len(days))]


def test_before_a_weekday_is_the_day_before_it() -> None:
    found = last_days(Repeat(days=7, weekday=3), before=True)
    assert (found[0], found[-1], len(found)) == ("2025-12-31", "2026-12-30", 53)


@pytest.mark.parametrize(
    ("repeat", "word"),
    [
        (DAILY, "day"),
        (WEEKLY, "week"),
        (MONTHLY, "month"),
        (Repeat(months=2), None),
        (QUARTERLY, "quarter"),
        (Repeat(months=6), "half-year"),
        (YEARLY, "year"),
    ],
)
def test_a_step_of_the_plan_format_has_a_word(repeat: Repeat, word: str | None) -> None:
    assert repeat.unit_word == word


RULES: list[tuple[Every | None, list[str], str]] = [
    ("day", ["2026-02-28", "2026-03-01"], "FREQ=DAILY"),
    ("week", ["2026-11-19", "2026-11-26"], "FREQ=WEEKLY;BYDAY=TH"),
    ("week", ["2026-11-22"], "FREQ=WEEKLY;BYDAY=SU"),
    ("month", ["2026-12-15", "2027-01-15"], "FREQ=MONTHLY;BYMONTHDAY=15"),
    ("month", ["2026-02-28", "2026-03-28"], "FREQ=MONTHLY;BYMONTHDAY=28"),
    ("month", ["2026-02-28", "2026-03-31"], "FREQ=MONTHLY;BYMONTHDAY=-1"),
    (
        "month",
        ["2026-01-29", "2026-02-28", "2026-03-29"],
        "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1",
    ),
    (
        "month",
        ["2026-01-30", "2026-02-28", "2026-03-30"],
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
    ),
    ("quarter", ["2026-03-31", "2026-06-30"], "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
    ("half-year", ["2026-06-10", "2026-12-10"], "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=10"),
    ("year", ["2026-12-31", "2027-12-31"], "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1"),
    ("year", ["2027-12-31", "2028-12-31"], "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1"),
    (
        "year",
        ["2026-05-29", "2027-05-29"],
        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=28,29;BYSETPOS=-1",
    ),
    ("year", ["2026-12-31"], "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"),
    ("year", ["2026-06-10", "2027-06-10"], "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=10"),
    (None, ["2026-11-05", "2026-11-12"], "FREQ=WEEKLY;BYDAY=TH"),
    (None, ["2026-01-20", "2026-03-20"], "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=20"),
    (None, ["2026-02-28", "2026-04-30"], "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1"),
    (None, ["2026-06-10"], "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=10"),
]


@pytest.mark.parametrize(("every", "days", "rule"), RULES)
def test_a_rule_names_its_step_and_day_and_expands_to_the_days(
    every: Every | None, days: list[str], rule: str
) -> None:
    found = make_rrule(parse_days(*days), every)
    first, last = (f"{day:%Y%m%d}T000000" for day in parse_days(days[0], days[-1]))
    assert found == f"DTSTART:{first}\nRRULE:{rule};UNTIL={last}"
    assert [str(moment.date()) for moment in rrulestr(found)] == days


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("day", ["2026-11-19", "2026-11-20", "2026-11-22"]),
        ("week", ["2026-11-19", "2026-11-26", "2026-12-02"]),
        ("month", ["2026-01-15", "2026-02-15", "2026-04-15"]),
        ("month", ["2026-01-15", "2026-02-16"]),
        ("month", ["2026-01-29", "2026-02-27"]),
        ("quarter", ["2026-01-15", "2026-02-15"]),
        ("year", ["2026-12-15", "2028-12-15"]),
        (None, ["2026-01-15", "2026-01-20"]),
        (None, ["2026-01-15", "2026-03-15", "2026-08-15"]),
    ],
)
def test_days_that_no_rule_gives_are_listed(every: Every | None, days: list[str]) -> None:
    found = make_rrule(parse_days(*days), every) or ""
    assert "RRULE" not in found
    assert [str(moment.date()) for moment in rrulestr(found)] == days


def test_no_days_have_no_rule() -> None:
    assert make_rrule([], "month") is None


@pytest.mark.parametrize(
    ("days", "every"),
    [
        ([], None),
        (["2026-11-19"], None),
        (["2026-11-19", "2026-11-20", "2026-11-21"], "day"),
        (["2026-11-19", "2026-11-26", "2026-12-03"], "week"),
        (["2026-11-19", "2026-11-20", "2026-11-27"], None),
        (["2026-11-30", "2026-12-31"], "month"),
        (["2026-12-30", "2027-01-30", "2027-02-28"], "month"),
        (["2026-11-20", "2026-12-31"], None),
        (["2026-11-15", "2026-12-16"], None),
        (["2026-11-15", "2027-01-15"], None),
        (["2026-12-05", "2027-03-05"], "quarter"),
        (["2026-03-31", "2026-06-30", "2026-12-31"], None),
        (["2026-06-30", "2026-12-31"], "half-year"),
        (["2026-02-28", "2027-02-28"], "year"),
    ],
)
def test_days_at_one_step_of_the_calendar_come_back_at_it(
    days: list[str], every: str | None
) -> None:
    assert guess_every(parse_days(*days)) == every


def test_what_a_milestone_says_itself_is_kept() -> None:
    days = tuple(parse_days("2026-11-19", "2026-11-26"))
    rule = "DTSTART:20261119T000000\nRDATE:20261119T000000,20261126T000000"
    said = Milestone(kind="recurring", every="week", last_days=days, rrule=rule)
    assert complete_milestone(said) == said
    dated = Milestone(kind="date", last_day=days[0], printed_day=days[1])
    assert complete_milestone(dated) == dated
    alone = Milestone(kind="recurring", every="month", last_days=days[:1])
    assert complete_milestone(Milestone(kind="recurring")) == Milestone(kind="recurring")
    assert complete_milestone(alone).every == "month"


def test_only_a_date_has_a_printed_day_worked_out() -> None:
    (day,) = parse_days("2026-11-19")
    for kind in ("period", "relative"):
        milestone = Milestone.model_validate({"kind": kind, "last_day": day})
        assert complete_milestone(milestone) == milestone
    assert complete_milestone(Milestone(kind="date")).printed_day is None


def test_days_are_put_in_their_order() -> None:
    days = parse_days("2026-06-30", "2026-03-31")
    found = complete_milestone(Milestone(kind="recurring", last_days=tuple(days)))
    assert list(found.last_days) == sorted(days)
    assert (found.rrule or "").startswith("DTSTART:20260331")
