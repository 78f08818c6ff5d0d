"""The sample plan is alive on whatever day it is loaded, and the reader understands it."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from language import deadlines
from language.agencies.cells import read_agency_cell
from language.agencies.directory import load_standard_directory
from language.text import fold
from locales.data import load_data
from plans.format import MilestoneRow, PlanFile, TaskRow
from plans.plan_json import parse_plan
from plans.sample import fill_places, make_sample_plan

EVERY_KIND = {"date", "period", "recurring", "relative", "ongoing", "regulation", "with"}
EVERY_RECURRENCE = {"month", "quarter", "year"}
NEAR = 14  # days

WEEKLY = [date(2026, 1, 1) + timedelta(days=7 * week) for week in range(53)]
EDGES = [date(2027, 1, 1), date(2028, 2, 29), date(2030, 6, 30)]

PROVINCES = """
An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình
Định, Bình Phước, Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên,
Đồng Nai, Đồng Tháp, Gia Lai, Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang,
Hòa Bình, Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long
An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi,
Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thành phố
Hồ Chí Minh, Huế, Thừa Thiên Huế, Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái
"""  # of before and after 1 July 2025


def records() -> list[dict[str, Any]]:
    return [record for section in load_data("sample_plan")["section"] for record in section["task"]]


def unfinished(milestone: MilestoneRow, agencies: list[str]) -> list[date]:
    """Return the last days that at least one responsible agency has not done."""
    done = milestone.done_on
    if isinstance(done, dict) and set(done) & set(agencies):
        done = None if set(agencies) - set(done) else next(iter(done.values()))
    if isinstance(done, dict):
        return [day for day in milestone.deadlines if day.isoformat() not in done]
    return [] if done else list(milestone.deadlines)


def open_days(task: TaskRow) -> list[date]:
    return [day for milestone in task.milestones for day in unfinished(milestone, task.lead)]


def done_days(plan: PlanFile) -> list[tuple[date, date]]:
    """Last day and day done of everything done by all."""
    found = []
    for milestone in (m for task in plan.tasks for m in task.milestones):
        if isinstance(milestone.done_on, date):
            found.append((milestone.deadlines[0], milestone.done_on))
        elif isinstance(milestone.done_on, dict):
            for key, day in milestone.done_on.items():
                if isinstance(day, date) and key[:1].isdigit():
                    found.append((date.fromisoformat(key), day))
    return found


@pytest.mark.parametrize("today", WEEKLY + EDGES, ids=str)
def test_it_is_alive_on_any_day(today: date) -> None:
    plan = make_sample_plan(today)
    assert plan.plan.first_year == plan.plan.last_year == today.year
    assert len(plan.tasks) >= 38
    assert (
        len(
            {
                name
                for task in plan.tasks
                for name in task.lead
                if load_standard_directory().find_kind(name) == "department"
            }
        )
        >= 8
    )
    kinds = Counter(m.kind for task in plan.tasks for m in task.milestones)
    assert set(kinds) == EVERY_KIND
    assert {
        m.every for task in plan.tasks for m in task.milestones if m.kind == "recurring"
    } == EVERY_RECURRENCE
    overdue = [task.key for task in plan.tasks if any(day < today for day in open_days(task))]
    assert len(overdue) >= 2
    near = [
        t.key
        for t in plan.tasks
        if any(today <= day <= today + timedelta(days=NEAR) for day in open_days(t))
    ]
    assert len(near) >= 3
    assert {today, today + timedelta(days=1)} <= {
        day for task in plan.tasks for day in open_days(task)
    }
    assert len(overdue) <= len(plan.tasks) // 4, "most of what is past is done"


@pytest.mark.parametrize("today", WEEKLY + EDGES, ids=str)
def test_its_milestones_are_what_the_reader_understands(today: date) -> None:
    plan = make_sample_plan(today)
    for task, record in zip(plan.tasks, records(), strict=True):
        assert task.deadline_text is not None
        assert "{" not in task.deadline_text + task.title
        read = deadlines.read_deadline_cell(
            task.deadline_text, (today.year, today.year), plan.plan.issued_on
        )
        assert [m.model_dump(exclude={"done_on"}) for m in task.milestones] == [
            m.model_dump() for m in read
        ]
        assert [m.kind for m in read] == record["kinds"], task.deadline_text
        assert not [m.doubt for m in read if m.doubt], task.deadline_text
        assert not [m for m in read if m.kind in ("date", "period") and not m.last_day], (
            task.deadline_text
        )


@pytest.mark.parametrize("today", WEEKLY + EDGES, ids=str)
def test_the_days_counted_from_today_are_the_days_that_are_read(today: date) -> None:
    counted = {
        "Trước ngày {+1}": 0,
        "Trước ngày {+2}": 1,
        "Chậm nhất ngày {+4}": 4,
        "Chậm nhất là ngày {-10}": -10,
        "Hoàn thành trước ngày {-3}": -4,
        "Trước ngày {+10 chữ}": 9,
        "Đến hết ngày {-14}": -14,
        "17h00 ngày {0}": 0,
        "Từ ngày {-20} đến ngày {+8}": 8,
    }
    met = {}
    for task, record in zip(make_sample_plan(today).tasks, records(), strict=True):
        if record["deadline"] in counted:
            last_day = task.milestones[0].last_day
            assert last_day is not None
            met[record["deadline"]] = (last_day - today).days
    assert met == counted


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 3, 1)], ids=str)
def test_some_are_done_in_time_and_some_late_and_none_in_the_future(today: date) -> None:
    done = done_days(make_sample_plan(today))
    assert any(day <= last_day for last_day, day in done)
    assert any(day > last_day for last_day, day in done)
    assert max(day for _, day in done) <= today


def test_one_of_two_leading_departments_may_be_done_alone() -> None:
    halves = [
        m
        for t in make_sample_plan(date(2026, 11, 20)).tasks
        for m in t.milestones
        if m.done_on == {"Sở Xây dựng": date(2026, 11, 8)}
    ]
    assert len(halves) == 1


def test_its_names_are_canonical_and_its_keys_are_one_each() -> None:
    plan = make_sample_plan(date(2026, 11, 20))
    names = {name for task in plan.tasks for name in (*task.lead, *task.partners)}
    for name in sorted(names):
        assert [named.name for named in read_agency_cell(load_standard_directory(), name)] == [name]
        assert load_standard_directory().find_end_day(name, date(2026, 11, 20)) is None, (
            f"{name} is not there any more"
        )
    assert {"Các sở, ban, ngành", "UBND cấp xã"} <= {
        name for task in plan.tasks for name in task.lead
    }
    keys = [task.key for task in plan.tasks]
    assert len(set(keys)) == len(keys)
    codes = [task.code for task in plan.tasks if task.code]
    assert len(set(codes)) == len(codes) >= 15


def test_its_province_does_not_exist() -> None:
    issuer = make_sample_plan(date(2026, 11, 20)).plan.issuer or ""
    assert issuer.startswith("UBND tỉnh ")
    assert not [p for p in PROVINCES.replace("\n", " ").split(",") if fold(p) in fold(issuer)]


def test_it_goes_out_and_in_as_a_plan_file() -> None:
    plan = make_sample_plan(date(2026, 11, 20))
    assert parse_plan(json.dumps(plan.as_json(), ensure_ascii=False)).as_json() == plan.as_json()


def test_the_same_day_gives_the_same_plan() -> None:
    assert make_sample_plan(date(2026, 5, 6)) == make_sample_plan(date(2026, 5, 6))


@pytest.mark.parametrize(
    ("template", "today", "filled"),
    [
        ("ngày {+5}", date(2026, 12, 30), "ngày 04/01/2027"),
        ("ngày {-1}", date(2028, 3, 1), "ngày 29/02/2028"),
        ("ngày {0 chữ}", date(2026, 9, 3), "ngày 03 tháng 9 năm 2026"),
        ("tháng {+1m}", date(2026, 12, 31), "tháng 12/2026"),
        ("tháng {-1m}", date(2026, 1, 1), "tháng 01/2026"),
        ("tháng {0m}", date(2026, 8, 31), "tháng 08/2026"),
        ("quý {+1q}", date(2026, 3, 31), "quý II/2026"),
        ("quý {-1q}", date(2026, 2, 1), "quý I/2026"),
        ("năm {y}, {y-1}, {y+1}", date(2026, 7, 1), "năm 2026, 2025, 2027"),
        ("{khác}", date(2026, 7, 1), "{khác}"),
    ],
)
def test_places_are_filled(template: str, today: date, filled: str) -> None:
    assert fill_places(template, today) == filled
