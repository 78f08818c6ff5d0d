"""Random spellings, labels, bullets and plans, each built together with its meaning."""

import calendar
import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from language.deadlines import read_deadline_cell
from language.milestones import Milestone
from language.text import strip_marks

Meaning = tuple[object, ...]
ROMAN = ("I", "II", "III", "IV")
LABELS = ("Tổng kết", "Sơ kết", "Kiểm tra", "Triển khai", "Hội nghị", "Trình phê duyệt")
CELLS = 1_500  # of one seed


@dataclass
class Plan:
    """The plan that a cell stands in, and the dice."""

    dice: random.Random
    first: int
    last: int
    issued_on: date | None

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    def pick(self, *choices: str) -> str:
        return self.dice.choice(choices)

    def keep_due(self, days: list[date]) -> Meaning:
        due = tuple(sorted(d for d in days if not self.issued_on or d >= self.issued_on))
        return ("recurring", due) if due else ("regulation", None, None, False)

    def yearless(self) -> bool:
        return self.dice.random() < 0.4

    def year(self) -> int:
        return self.dice.choice(self.years)


def end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def a_day(plan: Plan, day: int, month: int, year: int | None) -> str:
    d, m = plan.pick(str(day), f"{day:02d}"), plan.pick(str(month), f"{month:02d}")
    if year is None:
        return plan.pick(f"ngày {d}/{m}", f"ngày {d} tháng {m}", f"ngày {d}-{m}")
    return plan.pick(
        f"ngày {d}/{m}/{year}",
        f"ngày {d} tháng {m} năm {year}",
        f"ngày {d}-{m}-{year}",
        f"ngày {d}.{m}.{year}",
        f"ngày {d} tháng {m}/{year}",
        f"ngày {d}/{m} năm {year}",
    )


def one_day(plan: Plan) -> tuple[str, Meaning]:
    before, day, month = (
        plan.dice.random() < 0.5,
        plan.dice.randint(1, 28),
        plan.dice.randint(1, 12),
    )
    year = None if plan.yearless() else plan.year()
    word = (
        "trước "
        if before
        else plan.pick("chậm nhất ", "đến hết ", "không quá ", "hạn chót ", "vào ")
    )
    text = word + a_day(plan, day, month, year)
    if year is None and len(plan.years) > 1:
        return text, plan.keep_due([date(y, month, day) - timedelta(before) for y in plan.years])
    return text, ("date", date(year or plan.first, month, day) - timedelta(before))


def months(plan: Plan) -> tuple[str, Meaning]:
    first = plan.dice.randint(1, 11)
    last, year = plan.dice.randint(first + 1, 12), plan.year()
    text = plan.pick(
        f"tháng {first} - {last}/{year}",
        f"từ tháng {first} đến tháng {last} năm {year}",
        f"từ tháng {first}/{year} đến hết tháng {last}/{year}",
        f"T{first}-T{last}/{year}",
    )
    return text, ("period", date(year, first, 1), end(year, last))


def quarter(plan: Plan) -> tuple[str, Meaning]:
    number = plan.dice.randint(1, 4)
    name, year = plan.pick(ROMAN[number - 1], str(number)), None if plan.yearless() else plan.year()
    tail = "" if year is None else plan.pick(f"/{year}", f" năm {year}", f"-{year}")
    text = plan.pick("Quý ", "trong quý ", "Quí ") + name + tail
    if year is None and len(plan.years) > 1:
        return text, plan.keep_due([end(y, 3 * number) for y in plan.years])
    year = year or plan.first
    return text, ("period", date(year, 3 * number - 2, 1), end(year, 3 * number))


def quarters(plan: Plan) -> tuple[str, Meaning]:
    first = plan.dice.randint(1, 3)
    last, year = plan.dice.randint(first + 1, 4), plan.year()
    joint = plan.pick(
        " - ", "-", " đến quý ", " - Quý ", *([", ", " và ", ", quý "] if last == first + 1 else [])
    )
    text = f"Quý {ROMAN[first - 1]}{joint}{ROMAN[last - 1]}/{year}"
    return text, ("period", date(year, 3 * first - 2, 1), end(year, 3 * last))


def span_of_days(plan: Plan) -> tuple[str, Meaning]:
    year = plan.year()
    first = date(year, plan.dice.randint(1, 11), plan.dice.randint(1, 28))
    last = min(first + timedelta(plan.dice.randint(1, 300)), date(year, 12, 31))
    text = plan.pick(
        f"từ ngày {first.day}/{first.month} đến ngày {last.day}/{last.month}/{year}",
        f"{first.day}/{first.month}/{year} - {last.day}/{last.month}/{year}",
        f"từ ngày {first.day} tháng {first.month} "
        f"đến hết ngày {last.day} tháng {last.month} năm {year}",
    )
    return text, ("period", first, last)


def rhythm(plan: Plan) -> tuple[str, Meaning]:
    step = plan.dice.choice((1, 3, 6, 12))
    h = plan.pick("hằng", "hàng")
    texts = {
        1: (f"{h} tháng", "mỗi tháng một lần", "01 lần/tháng"),
        3: (f"định kỳ {h} quý", "1 lần/quý", "định kỳ quý"),
        6: ("định kỳ 6 tháng", "06 tháng/lần", "02 lần/năm", "6 tháng một lần"),
        12: (f"{h} năm", f"định kỳ {h} năm", "01 lần/năm"),
    }
    return plan.pick(*texts[step]), plan.keep_due(
        [end(y, m) for y in plan.years for m in range(step, 13, step)]
    )


def day_of_rhythm(plan: Plan) -> tuple[str, Meaning]:
    before, day, step = plan.dice.random() < 0.5, plan.dice.randint(2, 28), plan.dice.choice((1, 3))
    tails = {
        1: ("hằng tháng", "mỗi tháng", "của tháng báo cáo"),
        3: ("tháng cuối quý", "của tháng cuối cùng của quý", "tháng cuối mỗi quý"),
    }
    text = f"{'trước' if before else 'chậm nhất'} ngày {day:02d} {plan.pick(*tails[step])}"
    days = [date(y, m, day) - timedelta(before) for y in plan.years for m in range(step, 13, step)]
    return text, plan.keep_due(days)


def day_each_year(plan: Plan) -> tuple[str, Meaning]:
    before, day, month = (
        plan.dice.random() < 0.5,
        plan.dice.randint(1, 28),
        plan.dice.randint(1, 12),
    )
    deadline = ("trước " if before else "chậm nhất ") + a_day(plan, day, month, None)
    text = plan.pick(f"{deadline} hằng năm", f"hằng năm, {deadline}", f"hàng năm ({deadline})")
    return text, plan.keep_due([date(y, month, day) - timedelta(before) for y in plan.years])


def day_of_next_year(plan: Plan) -> tuple[str, Meaning]:
    day, month = plan.dice.randint(1, 28), plan.dice.randint(1, 3)
    next_year = plan.pick("năm sau", "của năm tiếp theo", "năm liền kề")
    text = f"trước {a_day(plan, day, month, None)} {next_year}"
    return text, plan.keep_due([date(y + 1, month, day) - timedelta(1) for y in plan.years])


def term(plan: Plan) -> tuple[str, Meaning]:
    count, working = plan.dice.choice((3, 7, 15, 30)), plan.dice.random() < 0.5
    lead = plan.pick("trong ", "sau ", "không quá ", "trong vòng ", "chậm nhất ")
    event = plan.pick("kể từ ngày nhận hồ sơ", "từ khi có kết luận", "kể từ ngày ký")
    return f"{lead}{count:02d} ngày {'làm việc ' if working else ''}{event}", (
        "relative",
        count,
        None,
        working,
    )


FORMS: tuple[Callable[[Plan], tuple[str, Meaning]], ...] = (
    one_day,
    months,
    quarter,
    quarters,
    span_of_days,
    rhythm,
    day_of_rhythm,
    day_each_year,
    day_of_next_year,
    term,
)
BULLETS = ("{t}", "- {t}", "+ {t};", "{n}. {t}", "({n}) {t}", "{a}) {t}")


def meaning(milestone: Milestone) -> Meaning:
    if milestone.kind == "date":
        return ("date", milestone.last_day)
    if milestone.kind == "period":
        return ("period", milestone.first_day, milestone.last_day)
    if milestone.kind == "recurring":
        return ("recurring", milestone.last_days)
    return (milestone.kind, milestone.days, milestone.months, bool(milestone.working_days))


def a_cell(plan: Plan) -> tuple[str, list[Meaning]]:
    """A cell of one to three clauses, in some spelling, and what it means."""
    found = [plan.dice.choice(FORMS)(plan) for _ in range(plan.dice.choice((1, 1, 2, 3)))]
    texts = [text for text, _ in found]
    if plan.dice.random() < 0.5:
        texts = [
            f"{label}: {text}"
            for label, text in zip(plan.dice.sample(LABELS, len(texts)), texts, strict=True)
        ]
    bullet = plan.pick(*(BULLETS if len(texts) == 1 else BULLETS[1:]))
    cell = " / ".join(bullet.format(t=text, n=i + 1, a="abc"[i]) for i, text in enumerate(texts))
    spelt = {
        "bare": strip_marks,
        "torn": lambda t: unicodedata.normalize("NFD", t),
        "loud": str.upper,
    }
    return spelt.get(plan.pick("plain", "plain", "plain", *spelt), str)(cell), [
        meant for _, meant in found
    ]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_cells_mean_what_they_were_built_from(seed: int) -> None:
    dice = random.Random(seed)
    wrong: list[str] = []
    for _ in range(CELLS):
        first = dice.randint(2016, 2029)
        issued_on = dice.choice(
            (None, date(first - 1, 12, dice.randint(1, 28)), date(first, dice.randint(1, 12), 9))
        )
        plan = Plan(dice, first, first + dice.choice((0, 0, 1, 4)), issued_on)
        cell, expected = a_cell(plan)
        if len(set(expected)) < len(expected):
            continue  # the same deadline twice is one milestone
        got = read_deadline_cell(cell, (plan.first, plan.last), issued_on)
        if Counter(map(meaning, got)) != Counter(expected):
            wrong.append(
                f"{cell!r} in {plan.first}-{plan.last}, {issued_on}: {[meaning(m) for m in got]}"
            )
    assert not wrong, "\n".join(wrong[:5])
