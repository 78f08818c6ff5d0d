from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.font_manager import findfont, get_font  # noqa: E402
from PIL import Image  # noqa: E402

from models.queries.figures import AgencyFigures, Figures  # noqa: E402
from reports.chart import FONT, ChartHead, _choose_bars, draw_progress, draw_timeline  # noqa: E402
from reports.figure_table import CLASSES, COLOURS, list_agency_rows  # noqa: E402

HEAD = ChartHead("KH 268/KH-UBND", date(2026, 11, 20))
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0309\u0303\u0323"
LETTERS = sorted(
    {
        form
        for vowel in VOWELS
        for tone in ["", *TONES]
        for letter in [unicodedata.normalize("NFC", vowel + tone)]
        for form in (letter, letter.upper())
        if ord(letter) > 127
    }
    | {"đ", "Đ"}
)


def _figures(late: int = 1, done: int = 2) -> AgencyFigures:
    return AgencyFigures(Figures(done, 1, 3, late), Figures(1, 0, 0, 2))


def _open(png: bytes) -> Any:
    return Image.open(BytesIO(png))


def test_the_font_has_every_vietnamese_letter() -> None:
    assert len(LETTERS) == 134
    marks = get_font(findfont(FONT)).get_charmap()
    assert [letter for letter in LETTERS if ord(letter) not in marks] == []


def test_a_name_with_every_letter_is_drawn_without_a_warning() -> None:
    names = {n: "".join(LETTERS[n * 27 : n * 27 + 27]) for n in range(5)}
    draw_progress({n + 1: _figures() for n in range(5)}, {n + 1: names[n] for n in range(5)}, HEAD)


@pytest.mark.parametrize("count", [1, 20, 400])
def test_a_chart_is_a_png_at_twice_the_size_under_300_kb(count: int) -> None:
    by_agency: dict[int | None, AgencyFigures] = {n: _figures(n % 7) for n in range(1, count + 1)}
    names = {n: f"Ủy ban nhân dân xã Hòa Bình số {n}" for n in range(1, count + 1)}
    png = draw_progress(by_agency, names, HEAD)
    picture = _open(png)
    assert picture.format == "PNG"
    assert picture.width == 1296
    assert len(png) < 300_000


def test_the_worst_twenty_are_bars_and_the_others_are_summed() -> None:
    by_agency: dict[int | None, AgencyFigures] = {n: _figures(n) for n in range(1, 31)}
    names = {n: f"Sở {n}" for n in range(1, 31)}
    rows = list_agency_rows(by_agency, names)
    shared = sum((figures.shared for figures in by_agency.values()), Figures())
    bars = _choose_bars(rows, shared)
    assert [name for name, _ in bars[:2]] == ["Sở 30", "Sở 29"]
    assert [name for name, _ in bars[20:]] == ["10 cơ quan khác", "Nhiệm vụ giao chung"]
    assert sum(figures.dated_total for _, figures in bars) == sum(
        figures.total.dated_total for figures in by_agency.values()
    )


def test_a_timeline_draws_weeks_before_and_after_today() -> None:
    days = {HEAD.today + timedelta(days=n): Figures(1, 1, 2, 1) for n in range(-80, 100, 3)}
    png = draw_timeline(days, Figures(5, 5, 5, 5), HEAD)
    assert _open(png).width == 1296
    assert len(png) < 300_000


def test_nothing_to_draw_is_an_empty_chart_and_no_error() -> None:
    assert _open(draw_progress({}, {}, HEAD)).format == "PNG"
    assert _open(draw_timeline({}, Figures(), HEAD)).format == "PNG"


def _simulate_deuteranopia(colour: str) -> tuple[float, float, float]:
    """What a colour looks like in red-green blindness (Machado and others, 2009, severity 1)."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return (
        0.367322 * red + 0.860646 * green - 0.227968 * blue,
        0.280085 * red + 0.672501 * green + 0.047413 * blue,
        -0.011820 * red + 0.042940 * green + 0.968881 * blue,
    )


def test_no_two_classes_look_alike_in_red_green_blindness() -> None:
    seen = [_simulate_deuteranopia(COLOURS[name]) for name in CLASSES]
    for place, one in enumerate(seen):
        for other in seen[:place]:
            distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
            assert distance > 0.2
