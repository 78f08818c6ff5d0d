"""Read columns that each stand for one time or one agency: ticks or words in the rows of tasks.

For example "Quý I", "Quý II" with what is done in each, or an agency in each column with an x.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from language.text import fold
from locales.data import load_data

FEWEST_MARKS = 2  # columns that stand for a time or an agency
FEWEST_WORDS = 2  # of a cell that says what is done in the time of its column

_WORD = re.compile(r"[^\W\d_]{2,}")
_SHORT_UNIT = re.compile(r"^([TQ])\s?\.?\s?((?:\d|[IVX]).*)$", re.IGNORECASE)
_FIGURE = re.compile(r"^\d[\d.,]*\s*%?$")
_NUMBER = r"(?:0?[1-9]|1[0-2]|I{1,3}|IV)"
_BARE_NUMBERS = re.compile(rf"^{_NUMBER}(?:\s*(?:[,;&+–-]|và)\s*{_NUMBER})*$", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")


class Mark(NamedTuple):
    """A column that stands for what its header names."""

    place: int
    header: str


@dataclass(frozen=True)
class Marks:
    """The columns of a table that stand for one time or agency each.

    `times` and `agencies` are headed by one; `dues` are columns of times under one header that
    all bind, each headed by what is due ("Trình UBND tỉnh", "Trình HĐND tỉnh"). `states` are
    headed by how work stands, and ticked.
    """

    times: tuple[Mark, ...] = ()
    agencies: tuple[Mark, ...] = ()
    dues: tuple[Mark, ...] = ()
    states: tuple[Mark, ...] = ()

    def read_status(self, texts: Sequence[str]) -> str:
        """Return how work stands by the column that is ticked, "" if none is or several are."""
        ticked = [header for place, header in self.states if is_tick(texts[place])]
        return ticked[0] if len(ticked) == 1 else ""

    def read_deadline(self, texts: Sequence[str]) -> str:
        """Return the deadline that the cells of a row tell, "" if they tell none."""
        due = [f"- {header}: {texts[place]}" for place, header in self.dues if texts[place]]
        if due:
            return "\n".join(due)
        told = [(header, texts[place]) for place, header in self.times if _says(texts[place])]
        if all(is_tick(text) for _, text in told):
            return ", ".join(header for header, _ in told)
        lines = [header if is_tick(text) else f"{text}: {header}" for header, text in told]
        return "\n".join(f"- {' '.join(line.split())}" for line in lines)

    def read_leads(self, texts: Sequence[str]) -> str:
        """Return the agencies whose column is ticked, or says that they lead."""
        return self._join_agencies(texts, "ticks", "lead_ticks")

    def read_partners(self, texts: Sequence[str]) -> str:
        """Return the agencies whose column says that they help."""
        return self._join_agencies(texts, "partner_ticks")

    def _join_agencies(self, texts: Sequence[str], *lists: str) -> str:
        words = {word for name in lists for word in _load_words()[name]}
        return "; ".join(name for place, name in self.agencies if fold(texts[place]) in words)


NO_MARKS = Marks()


def find_marks(header: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> Marks:
    """Return the marks among columns, given the header's texts and the cells of each column.

    Figures stand for work in a row of a table where others are ticked.
    """
    times: list[Mark] = []
    agencies: list[Mark] = []
    ticks: list[str] = []
    figures: list[str] = []
    for place, (parts, cells) in enumerate(zip(header, body, strict=True)):
        lowest = name_unit(" ".join(parts[-1].split()), parts[:-1]) if parts else ""
        said = [text for text in cells if _says(text) and text != parts[-1]]
        if re.match(load_data("columns")["patterns"]["ticked_header"], fold(lowest)):
            figures += [text for text in said if _FIGURE.match(text)]
            ticks += [text for text in said if is_tick(text)]
            if all(is_tick(text) or _tells_work(text) or _FIGURE.match(text) for text in said):
                times.append(Mark(place, _add_year(_write_out(lowest), parts[:-1])))
        elif said and is_agency_start(lowest) and all(_is_agency_tick(text) for text in said):
            agencies.append(Mark(place, lowest))
    return Marks(
        tuple(times) if len(times) >= FEWEST_MARKS and (ticks or not figures) else (),
        tuple(agencies) if len(agencies) >= FEWEST_MARKS else (),
    )


def find_states(header: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> tuple[Mark, ...]:
    """Return the columns that say how work stands by a tick: "Hoàn thành", "Đang thực hiện"."""
    states: list[Mark] = []
    is_ticked = False
    for place, (parts, cells) in enumerate(zip(header, body, strict=True)):
        name = _name_state(parts)
        said = [text for text in cells if fold(text)]
        if name and all(map(is_tick, said)):
            states.append(Mark(place, name))
            is_ticked |= bool(said)
    return tuple(states) if len(states) >= FEWEST_MARKS and is_ticked else ()


def _name_state(parts: Sequence[str]) -> str:
    """Return the state that a header names ("Đã xong Đúng hạn" of two rows), "" if none."""
    begins = load_data("columns")["tracker"]["begins"]
    texts = (" ".join(" ".join(parts[place:]).split()) for place in range(len(parts)))
    return next((text for text in texts if re.match(begins, fold(text))), "")


def is_tick(text: str) -> bool:
    """Return whether a cell holds a tick only ("x")."""
    return fold(text) in _load_words()["ticks"]


def is_agency_start(text: str) -> bool:
    """Return whether a text begins with a word that names of agencies begin with."""
    starts = tuple(f"{start} " for start in load_data("columns")["run_on"]["agencies"])
    return f"{fold(text)} ".startswith(starts)


def _load_words() -> dict[str, Any]:
    words: dict[str, Any] = load_data("columns")["rows"]
    return words


def _says(text: str) -> bool:
    return bool(fold(text)) and (is_tick(text) or fold(text) not in _load_words()["nothing"])


def _tells_work(text: str) -> bool:
    return len(_WORD.findall(text)) >= FEWEST_WORDS


def _write_out(header: str) -> str:
    """Return a header with its unit written out: "T3" is "Tháng 3"."""
    found = _SHORT_UNIT.match(header)
    return f"{_load_words()['units'][fold(found[1])]} {found[2]}" if found else header


def name_unit(header: str, above: Sequence[str]) -> str:
    """Return bare numbers under "Tháng thực hiện" or "Quý" with their unit: "Tháng 3, 9"."""
    if not _BARE_NUMBERS.match(header):
        return header
    words = fold(" ".join(above)).split()
    return next(
        (f"{unit} {header}" for unit in _load_words()["units"].values() if fold(unit) in words),
        header,
    )


def _add_year(header: str, above: Sequence[str]) -> str:
    """Return a time with the year that stands over its column, if it names none itself."""
    year = next((found[0] for text in above if (found := _YEAR.search(text))), None)
    return header if year is None or _YEAR.search(header) else f"{header}/{year}"


def _is_agency_tick(text: str) -> bool:
    words = _load_words()
    return is_tick(text) or fold(text) in (*words["lead_ticks"], *words["partner_ticks"])
