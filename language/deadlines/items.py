"""The tokens of a clause put together to items: a time with its preposition, its range, its hour, what it refers to.

Not for what an item means in a plan: that is `deadlines`.
"""

import re
from dataclasses import dataclass, field, replace

from language.deadlines.recurrence import MONTHS_OF_UNIT, Repeat
from language.times.scanner import DeadlineToken
from language.times.spans import (
    END,
    Span,
    read_months_of_quarters,
    read_quarter,
    read_spans,
    read_unit,
)

MOST_ITEMS = 500  # of one clause; a plan holds no more milestones of a task (plan-format.md)
_NUMBERS = re.compile(r"\d+")
_NEAR_GAP = re.compile(r"[ ,:/]*")
_BEHIND_GAP = re.compile(r"[ ,(]*")
_OF_GAP = re.compile(r"[ ,:]*(?:cua )?")
_CLOSE_GAP = re.compile(r"[ ,:]*")
_DASH_GAP = re.compile(r" ?[-–—÷→] ?")
HOURS_OF_DAY = 24  # of a day: "24h00" is its end, no hour that a clock shows
_UNITS = re.compile(r"6 thang|06 thang|thang(?! cuoi)|quy|nam")
_UNIT_LIST = re.compile(r"(?:06|6|sxu) thang|tuan|thang|quy|nam")
_UNIT_WORDS = {
    "6 thang": "half-year",
    "06 thang": "half-year",
    "thang": "month",
    "quy": "quarter",
    "nam": "year",
}
_ROLES_BY_STRENGTH = (
    "loose",
    "in",
    "by",
    "to",
    "from",
    "after",
    "before",
)  # of two prepositions the later in this row bounds
_LOOSE_PREPOSITIONS = ("han", "thoi han", "ky han", "den han", "xong", "het han")
_STEP_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_STEP_DAYS = {"day": 1, "week": 7}
_NO_TIME = frozenset(
    {
        "demand",
        "regulation",
        "ongoing",
        "with",
        "citation",
        "ref",
        "units",
        "periodic",
        "for",
        "session",
        "period-end",
    }
)
_AT_ONCE = re.compile(r"(?:ngay|ngxy),? $")
_BOTH_ENDS = frozenset({"thru", "dash", "d2"})  # places of a token that names both ends of a range
_PLAN_YEAR = Span("year", None, 1, 1, None, 12, END)


@dataclass(frozen=True, slots=True)
class Term:
    """A term counted from an event: days or months (negative: before it)."""

    days: int | None
    months: int | None
    working: bool
    after_start: int  # where the event is said; equal to after_end where it is not
    after_end: int
    event: Span | None = None


@dataclass(slots=True)
class Item:
    """One thing that a clause says about time; `start` is that of its first preposition."""

    kind: str  # time, from-now, every, relative, ongoing, regulation, demand, with, periodic, impossible
    start: int
    end: int
    role: str | None = None
    spans: list[Span] = field(default_factory=list)
    until: Span | None = None
    until_role: str | None = None
    references: list[DeadlineToken] = field(default_factory=list)
    units: list[tuple[str, int, int]] = field(default_factory=list)
    repeat: Repeat | None = None
    at: str | None = None
    term: Term | None = None
    onward: bool = False
    years: tuple[int | None, int | None] = (
        None,
        None,
    )  # in which it comes back: "hằng năm từ năm 2027"
    within: tuple[Span | None, Span | None] = (
        None,
        None,
    )  # the months or days between which: "hằng tuần từ tháng 3"
    is_last_working_day: bool = False  # "ngày làm việc cuối cùng"
    is_period_end: bool = False  # "của tháng cuối kỳ báo cáo"
    starts_year_before: bool = False  # "từ ngày 15 tháng 12 năm trước đến ..."
    is_explanation: bool = (
        False  # said in a bracket to what comes back: "02 lần/năm (tháng 6, tháng 12)"
    )
    doubt: str | None = None  # a key of [doubts] in deadlines.toml

    @property
    def first_span(self) -> Span:
        """The first span of a time."""
        return self.spans[0]


@dataclass(slots=True)
class _Preposition:
    role: str
    start: int
    end: int
    is_immediate: bool = False


def _find_months_of_day(token: DeadlineToken, day: int) -> list[int]:
    """The months that a day alone belongs to: "tháng 3, 6, 9"; of a quarter only its last day has one."""
    if token.kind == "quarter" and day == END:
        return [3 * number] if (number := read_quarter(token.values["q"])) else []
    if token.kind == "quarter-month":
        return read_months_of_quarters(token)
    listed = token.values.get("mlist") if token.kind == "month-span" else None
    if token.kind == "month":
        return [month] if (month := token.read_number("m") or token.read_number("mword")) else []
    return [int(number) for number in _NUMBERS.findall(listed)] if listed else []


class ItemReader:
    """Reads the tokens of one clause, from left to right."""

    def __init__(self, folded: str, tokens: list[DeadlineToken], end: int) -> None:
        self.folded, self.tokens, self.end = folded, tokens, end
        self.items: list[Item] = []
        self._preposition: _Preposition | None = None
        self._event_preposition: _Preposition | None = (
            None  # a preposition that an event follows: "trước ngày bầu cử 10 ngày"
        )
        self._pending_hour: str | None = None
        self._last_resort: list[Item] = []

    def read_items(self) -> list[Item]:
        """The items in the order printed."""
        index = 0
        while index < len(self.tokens) and len(self.items) <= MOST_ITEMS:
            token = self.tokens[index]
            handler = _HANDLERS.get(token.kind, ItemReader._read_time)
            index = handler(self, index, token)
        if not self.items:
            self.items = (
                self._last_resort
            )  # "05 ngày", "tháng, quý, năm": not much, but all that is said
        return self.items

    # ---- prepositions and hours --------------------------------------------------------------------------------------

    def _is_near(self, left: int, right: int, pattern: re.Pattern[str] = _CLOSE_GAP) -> bool:
        gap = pattern.match(self.folded, left, max(left, right))
        return gap is not None and gap.end() >= right

    def _find_preposition_before(self, token: DeadlineToken) -> _Preposition | None:
        """The preposition that stands right before `token`."""
        found = self._preposition
        return found if found and self._is_near(found.end, token.start) else None

    def _read_preposition(self, index: int, token: DeadlineToken) -> int:
        words, role = self.folded[token.start : token.end], token.form["role"]
        if role == "by" and words.startswith(_LOOSE_PREPOSITIONS):
            role = "loose"
        before = self._find_preposition_before(token)
        if before:
            stronger = max(before.role, role, key=_ROLES_BY_STRENGTH.index)
            if {before.role, role} <= {"by", "in", "loose"}:
                stronger = "in" if "in" in (before.role, role) else stronger
            self._preposition = replace(before, role=stronger, end=token.end)
        else:
            immediate = bool(_AT_ONCE.search(self.folded, max(0, token.start - 6), token.start))
            self._preposition = _Preposition(role, token.start, token.end, immediate)
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        counted = (
            following
            and following.kind not in _NO_TIME
            and self._is_near(token.end, following.start)
        )
        if role in ("before", "after") and not counted:
            self._event_preposition = self._preposition
            if self._preposition.is_immediate and role == "after":
                return self._read_at_once(index, token)
            if role == "after":
                return self._read_after_event(index, token)
        return index + 1

    def _read_hour(self, index: int, token: DeadlineToken) -> int:
        at = self._format_hour(token)
        active = self._find_preposition_before(token)
        if active and active.role == "before" and at is None:
            active.role = "to"  # before 24 hours of a day: that day is the last, and all of it
        last = self.items[-1] if self.items else None
        behind = (
            active
            and last
            and last.kind in ("time", "every")
            and self._is_near(last.end, active.start, _NEAR_GAP)
        )
        if last and behind and not self._is_time(index + 1):
            last.at, last.end = at, token.end
            self._preposition = None
            return index + 1
        if active:
            active.end = token.end
            active.role = (
                "in" if active.role == "from" or self._pending_hour else active.role
            )  # "từ 8h đến 11h ngày ..."
            self._pending_hour = at
        elif (
            last
            and last.kind in ("time", "every")
            and self._is_near(last.end, token.start, _NEAR_GAP)
        ):
            last.at, last.end = at, token.end
        else:
            self._pending_hour, self._preposition = at, _Preposition("in", token.start, token.end)
        return index + 1

    @staticmethod
    def _format_hour(token: DeadlineToken) -> str | None:
        """ "17:00" for "17 giờ", "5 giờ chiều"; None for the end of a day ("24h00")."""
        hour = int(token.values["hh"]) + (
            12 if token.form.get("afternoon") and int(token.values["hh"]) < 12 else 0
        )
        return f"{hour:02d}:{int(token.values.get('mm', 0)):02d}" if hour < HOURS_OF_DAY else None

    def _take_start(self, token: DeadlineToken) -> tuple[int, str | None]:
        active = self._find_preposition_before(token)
        self._preposition = None
        return (active.start, active.role) if active else (token.start, None)

    def _add_item(self, item: Item) -> Item:
        item.at, self._pending_hour = item.at or self._pending_hour, None
        self._event_preposition = None
        self.items.append(item)
        return item

    # ---- times -------------------------------------------------------------------------------------------------------

    def _read_time(self, index: int, token: DeadlineToken) -> int:
        spans = read_spans(token)
        if spans is None or (token.kind == "year" and self._is_part_of_number(token)):
            self._preposition = None
            return index + 1
        start, role = self._take_start(token)
        if not spans:
            doubt = token.form.get("doubt", "impossible")
            self._add_item(Item("impossible", start, token.end, role, doubt=doubt))
            return index + 1
        item = self._add_item(Item("time", start, token.end, role, spans))
        if "unit" in token.values and token.kind == "dom":
            item.units = [(_UNIT_WORDS[token.values["unit"]], token.end, token.end)]
        item.is_last_working_day = bool(token.form.get("working"))
        if role == "from" and len(spans) == 1 and not _BOTH_ENDS.isdisjoint(token.values):
            item.role = None
        return self._read_time_tail(item, self._read_months_of_day(item, index + 1))

    def _read_months_of_day(self, item: Item, index: int) -> int:
        """ "ngày 25 các tháng 3, 6, 9", "ngày 05, tháng 6": a day alone takes the months named right behind it."""
        token = self.tokens[index] if index < len(self.tokens) else None
        if (
            token is None
            or item.first_span.has_month
            or not self._is_near(item.end, token.start, _OF_GAP)
        ):
            return index
        numbers = _find_months_of_day(token, item.first_span.last_day)
        if not numbers:
            return index
        day, year = item.first_span.last_day, token.read_number("y")
        spans = [Span("day", year, month, day, year, month, day) for month in numbers]
        item.spans = [span for span in spans if span.is_possible()]
        if len(item.spans) < len(spans):
            item.kind, item.doubt = "impossible", "impossible"
        item.end = token.end
        return index + 1

    def _is_part_of_number(self, token: DeadlineToken) -> bool:
        """ "ISO 9001:2015" is no year."""
        return token.start > 0 and self.folded[token.start - 1] in ":/-."

    def _read_time_tail(self, item: Item, index: int) -> int:
        """What belongs to a time behind it: "của năm sau", "đến ngày ...", "hằng năm" stays an item of its own."""
        index = self._read_references(item, index)
        until = self._read_range_end(item, index)
        if until == index:
            return index
        item.starts_year_before = any(
            ref.form["unit"] == "year" and ref.form.get("shift", 0) < 0 for ref in item.references
        )
        item.references = [
            replace(ref, form={**ref.form, "shift": 0}) for ref in item.references
        ]  # its move is the first day's
        return self._read_references(item, until)

    def _read_references(self, item: Item, index: int) -> int:
        while index < len(self.tokens) and self.tokens[index].kind in (
            "ref",
            "units",
            "onward",
            "period-end",
        ):
            token = self.tokens[index]
            if not self._is_near(item.end, token.start, _NEAR_GAP):
                break
            if token.kind == "onward":
                item.onward = True
            elif token.kind == "period-end":
                item.is_period_end = True
            elif token.kind == "ref":
                item.references.append(token)
            else:
                item.units += self._find_units(token)
            item.end = token.end
            index += 1
        return index

    def _find_units(self, token: DeadlineToken) -> list[tuple[str, int, int]]:
        """ "của tháng, quý, 6 tháng và năm báo cáo" as (unit, place of its word)."""
        return [
            (_UNIT_WORDS[u.group()], *u.span())
            for u in _UNITS.finditer(self.folded, token.start, token.end)
        ]

    def _read_range_end(self, item: Item, index: int) -> int:
        """The other end of a range; the index behind it, or `index` where there is none."""
        at, role, end = index, None, item.end
        while (
            at < len(self.tokens)
            and self._is_near(end, self.tokens[at].start)
            and self._may_lead_range_end(at, index)
        ):
            role = self.tokens[at].form.get("role", role) if role != "before" else role
            end = self.tokens[at].end
            at += 1
        if at >= len(self.tokens):
            return index
        first = self.tokens[index]
        token = self.tokens[at]
        dashed = at == index and _DASH_GAP.fullmatch(self.folded, item.end, token.start) is not None
        spoken = at > index and (
            first.form["role"] == "to" or self.folded[first.start : first.end] == "het"
        )
        near = (dashed or spoken) and self._is_near(
            end, token.start, _CLOSE_GAP if spoken else _DASH_GAP
        )
        spans = read_spans(token) if near else None
        if not spans or item.role in ("before", "by", "to"):
            return index
        item.until, item.until_role, item.end = spans[-1], role, token.end
        hours = [self._format_hour(t) for t in self.tokens[index:at] if t.kind == "hour"]
        item.at = (
            hours[-1] if hours else item.at
        )  # "từ 7h ngày 15/9 đến 17h ngày 17/9": the hour of the end bounds
        return at + 1

    def _may_lead_range_end(self, at: int, first: int) -> bool:
        """Whether the token is a preposition, or an hour behind one: "đến 17h00 ngày ..."."""
        return self.tokens[at].kind == "preposition" or (
            at > first and self.tokens[at].kind == "hour"
        )

    def _read_from_now(self, index: int, token: DeadlineToken) -> int:
        start, _ = self._take_start(token)
        item = Item("from-now", start, token.end, "from", [_PLAN_YEAR])
        after = self._read_range_end(item, index + 1)
        if after > index + 1:
            self._add_item(item)
        return after

    def _read_this_year(self, index: int, token: DeadlineToken) -> int:
        """ "trong năm", "cả năm"; without a preposition it may as well be a report's name ("báo cáo cả năm")."""
        start, role = self._take_start(token)
        within = None if self.folded.startswith("ca", token.start) else "in"
        self._add_item(Item("time", start, token.end, role or within, [_PLAN_YEAR]))
        return index + 1

    def _read_bare_reference(self, index: int, token: DeadlineToken) -> int:
        """A reference without a day: "trong tháng cuối quý", "trong năm tiếp theo"; else only a word of a label."""
        active = self._find_preposition_before(token)
        month = token.form.get("month")
        if month is None and (active is None or token.form["unit"] != "year"):
            self._preposition = None
            return index + 1
        start, role = self._take_start(token)
        span = Span("month", None, None, 1, None, None, END) if month else _PLAN_YEAR
        self._add_item(Item("time", start, token.end, role, [span], references=[token]))
        return index + 1

    def _read_weekdays(self, index: int, token: DeadlineToken) -> int:
        """ "thứ 2, thứ 4 hằng tuần": an item for each weekday; a weekday without its week says nothing."""
        after = index + 1
        while after < min(len(self.tokens), index + 7) and self.tokens[after].kind == "weekday":
            after += 1
        following = self.tokens[after] if after < len(self.tokens) else None
        if (
            following is None
            or following.kind != "every"
            or read_unit(following.values.get("unit", "nam")) != "week"
        ):
            return index + 1
        start, role = self._take_start(token)
        for day in self.tokens[index:after]:
            number = day.read_number("weekday")
            repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
            self._add_item(Item("every", start, day.end, role, repeat=repeat))
            start = day.end
        self.items[-1].end = following.end
        return after + 1

    def _read_onward(self, index: int, token: DeadlineToken) -> int:
        """ "duy trì các năm tiếp theo" apart from a time."""
        self._preposition = None
        if self.items and "nam" in self.folded[token.start : token.end]:
            self._add_item(Item("ongoing", token.start, token.end))
        return index + 1

    # ---- what comes back ---------------------------------------------------------------------------------------------

    def _read_every(self, index: int, token: DeadlineToken) -> int:
        if "months" in token.form:
            return self._add_repeat(index, token, "month", token.form["months"])
        unit, count = read_unit(token.values["unit"]), token.read_number("n") or 1
        following = self._add_repeat(index, token, unit, count)
        return self._read_weekday_behind(following) if unit == "week" else following

    def _read_weekday_behind(self, index: int) -> int:
        """ "hằng tuần, vào thứ Hai": the day of the week said behind."""
        at = index
        while (
            at < len(self.tokens)
            and self.tokens[at].kind == "preposition"
            and self.tokens[at].form["role"] == "in"
        ):
            at += 1
        day, last = (self.tokens[at] if at < len(self.tokens) else None), self.items[-1]
        if (
            day is None
            or day.kind != "weekday"
            or not self._is_near(self.tokens[at - 1].end, day.start)
        ):
            return index
        number = day.read_number("weekday")
        last.repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
        last.end, self._preposition = day.end, None
        return at + 1

    def _read_every_list(self, index: int, token: DeadlineToken) -> int:
        """ "hằng tháng, quý, năm": an item for each unit."""
        self._preposition = None
        for item in self._make_unit_items(
            token,
            token.end - len(token.values.get("everylist", self.folded[token.start : token.end])),
        ):
            self._add_item(item)
        return index + 1

    def _read_unit_list(self, index: int, token: DeadlineToken) -> int:
        """ "Tháng, quý, năm" alone in a cell; elsewhere it only names reports."""
        self._preposition = None
        self._last_resort = self._make_unit_items(token, token.start)
        return index + 1

    def _make_unit_items(self, token: DeadlineToken, start: int) -> list[Item]:
        found: list[Item] = []
        for unit in _UNIT_LIST.finditer(self.folded, start, token.end):
            name = _UNIT_WORDS.get(unit.group().replace("sxu", "6"), "week")
            repeat = Repeat(days=7) if name == "week" else Repeat(months=MONTHS_OF_UNIT[name])
            begin = found[-1].end if found else token.start
            found.append(Item("every", begin, unit.end(), repeat=repeat))
        return found

    def _read_rate(self, index: int, token: DeadlineToken) -> int:
        unit, count, times = (
            read_unit(token.values["unit"]),
            token.read_number("n") or 1,
            token.read_number("times") or 1,
        )
        months = _STEP_MONTHS.get(unit, 0) * count
        if times > 1 and (not months or months % times or months // times not in (1, 3, 6, 12)):
            start, _ = self._take_start(token)
            self._add_item(Item("impossible", start, token.end, doubt="uneven"))
            return index + 1
        return self._add_repeat(index, token, unit, count, times)

    def _add_repeat(
        self, index: int, token: DeadlineToken, unit: str, count: int, times: int = 1
    ) -> int:
        start, role = self._take_start(token)
        repeat = Repeat(
            months=_STEP_MONTHS.get(unit, 0) * count // times, days=_STEP_DAYS.get(unit, 0) * count
        )
        known = repeat.months or repeat.days in (1, 7)
        if repeat.months > 12 or not known:
            self._add_item(Item("impossible", start, token.end, doubt="uneven"))
        else:
            self._add_item(Item("every", start, token.end, role, repeat=repeat))
        return index + 1

    # ---- terms -------------------------------------------------------------------------------------------------------

    def _read_duration(self, index: int, token: DeadlineToken) -> int:
        active, event = self._find_preposition_before(token), self._event_preposition
        unit = "day" if token.kind == "nth-day" else read_unit(token.values["unit"])
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        since = (
            following is not None
            and following.kind == "preposition"
            and self._is_near(token.end, following.start)
        )
        role = following.form["role"] if since and following else None
        if role == "before" and unit not in ("day", "week") and self._is_time(index + 2):
            role = None
            since = False
        if (
            role == "from"
            and following
            and self._is_range(index + 2)
            and self.folded.startswith("tu", following.start)
        ):
            role = None  # "trong 03 ngày, từ ngày 10 đến ngày 12/12": the days are named
        if role == "from" and following and self.folded.startswith("bat dau tu", following.start):
            role = None  # "không quá 02 ngày, bắt đầu từ tháng 4": how long, and from when
        start = active.start if active else token.start
        if following and role in ("from", "after", "before"):
            return self._read_term(
                index, token, unit, start, -1 if role == "before" else 1, following.end, index + 2
            )
        if event and event is not active and event.end < token.start:
            sign = -1 if event.role == "before" else 1
            term = self._make_term(token, unit, sign, event.end, token.start)
            self._add_item(Item("relative", event.start, token.end, term=term))
            return index + 1
        if active and active.role in ("in", "by", "to", "after", "before", "loose"):
            sign = -1 if active.role == "before" else 1
            if active.role == "before":
                return self._read_term(index, token, unit, start, sign, token.end, index + 1)
            self._add_item(
                Item(
                    "relative",
                    start,
                    token.end,
                    term=self._make_term(token, unit, sign, token.end, token.end),
                )
            )
        else:
            term = self._make_term(token, unit, 1, token.end, token.end)
            self._last_resort = [Item("relative", start, token.end, term=term)]
        self._preposition = None
        return index + 1

    def _is_range(self, index: int) -> bool:
        """Whether a time and "đến" begin at the token `index`."""
        if not self._is_time(index) or index + 1 >= len(self.tokens):
            return False
        following = self.tokens[index + 1]
        if _DASH_GAP.fullmatch(self.folded, self.tokens[index].end, following.start):
            return self._is_time(index + 1)
        return (
            following.kind == "preposition"
            and following.form["role"] == "to"
            and self._is_time(index + 2)
        )

    def _is_time(self, index: int) -> bool:
        return index < len(self.tokens) and read_spans(self.tokens[index]) is not None

    def _read_term(
        self,
        index: int,
        token: DeadlineToken,
        unit: str,
        start: int,
        sign: int,
        event: int,
        after: int,
    ) -> int:
        """A term with its event said from `event` on; tokens of the event are swallowed."""
        del index
        day: Span | None = None
        if after < len(self.tokens) and self._is_near(event, self.tokens[after].start):
            spans = read_spans(self.tokens[after])
            if spans and spans[0].unit == "day" and spans[0].has_month:
                day = spans[0]
        following, end = self._skip_to_next_deadline(after + 1 if day else after)
        term = self._make_term(token, unit, sign, event, end)
        self._add_item(Item("relative", start, end, term=replace(term, event=day)))
        self._preposition = None
        return following

    def _make_term(self, token: DeadlineToken, unit: str, sign: int, start: int, end: int) -> Term:
        count = sign * (
            token.read_number("n")
            or token.read_number("nword")
            or (1 if token.kind == "next-working-day" else 0)
        )
        working = (
            self.folded[token.start : token.end].endswith("lam viec")
            or "lam viec" in self.folded[token.start : token.end]
        )
        if unit in _STEP_MONTHS:
            return Term(None, count * _STEP_MONTHS[unit], working, start, end)
        days = -(-count // 24) if unit == "hour" else count * _STEP_DAYS.get(unit, 1)
        return Term(days, None, working, start, end)

    def _read_next_working_day(self, index: int, token: DeadlineToken) -> int:
        start, _ = self._take_start(token)
        return self._read_term(index, token, "day", start, 1, token.end, index + 1)

    def _read_at_once(self, index: int, token: DeadlineToken) -> int:
        """ "ngay sau khi ...": no days after the event."""
        following, end = self._skip_to_next_deadline(index + 1)
        start = token.start - len("ngay ")
        self._add_item(Item("relative", start, end, term=Term(0, None, False, token.end, end)))
        self._preposition = None
        return following

    def _read_after_event(self, index: int, token: DeadlineToken) -> int:
        """ "Sau khi có hướng dẫn": an event without a count, unless a count follows ("sau khi họp 05 ngày")."""
        for following in self.tokens[index + 1 : index + 9]:
            if following.kind == "duration":
                return index + 1
            if following.kind not in ("citation", "session", "ref"):
                break
        if not self.folded.startswith(" khi ", token.end):
            return index + 1
        following_index, end = self._skip_to_next_deadline(index + 1)
        self._add_item(Item("demand", token.start, end))
        self._preposition = None
        return following_index

    # ---- what has no day ---------------------------------------------------------------------------------------------

    def _read_plain_phrase(self, index: int, token: DeadlineToken) -> int:
        self._preposition = None
        self._add_item(Item(token.kind, token.start, token.end))
        return index + 1

    def _read_phrase_with_tail(self, index: int, token: DeadlineToken) -> int:
        """ "theo quy định ...", "cùng với báo cáo ...": what follows belongs to it, until a deadline of its own."""
        self._preposition = None
        following, end = self._skip_to_next_deadline(index + 1)
        self._add_item(Item(token.kind, token.start, end))
        return following

    def _skip_to_next_deadline(self, index: int) -> tuple[int, int]:
        """The first token at or behind `index` that begins a deadline of its own, and where the swallowed text ends."""
        tokens = self.tokens
        while index < len(tokens):
            token = tokens[index]
            after = index + 1
            while after < min(len(tokens), index + 6) and tokens[after].kind in (
                "preposition",
                "hour",
            ):
                after += 1
            if (
                token.kind in ("preposition", "hour")
                and self._is_time(after)
                and self._is_near(tokens[after - 1].end, tokens[after].start)
            ):
                strong = tokens[after].kind in _STRONG_TIMES.get(token.form.get("role", ""), ())
                if strong or self._has_comma_before(token):
                    return index, token.start
            elif self._has_comma_before(token) and token.kind in (
                "month",
                "quarter",
                "every",
                "day",
                "ongoing",
            ):
                return index, token.start
            index += 1
        return index, self.end

    def _has_comma_before(self, token: DeadlineToken) -> bool:
        at = token.start
        words = self.folded[max(0, at - 20) : at]
        comma = words.rfind(",")
        return comma >= 0 and words[comma:].strip(", ") in _CLAUSE_STARTERS

    def _read_for_label(self, index: int, token: DeadlineToken) -> int:
        """ "ngày 15/7 đối với báo cáo 6 tháng": behind a time its label, whose words of time are no deadline."""
        self._preposition = None
        last = self.items[-1] if self.items else None
        if last and self._is_near(last.end, token.start, _BEHIND_GAP):
            return self._skip_to_next_deadline(index + 1)[0]
        return index + 1

    def _read_session(self, index: int, token: DeadlineToken) -> int:
        """ "Kỳ họp thứ 8": a day that others set; all that is said where the clause names no time."""
        self._preposition = None
        self._last_resort = self._last_resort or [Item("regulation", token.start, self.end)]
        return index + 1

    def _read_lunar_day(self, index: int, token: DeadlineToken) -> int:
        """ "10/3 âm lịch": each year another day."""
        self._preposition = None
        last = self.items[-1] if self.items else None
        if last and last.kind == "time" and self._is_near(last.end, token.start, _BEHIND_GAP):
            last.kind, last.doubt, last.end = "impossible", "festival", token.end
        return index + 1

    def _read_season(self, index: int, token: DeadlineToken) -> int:
        """ "Đầu năm học", "vụ Đông Xuân 2026 - 2027": no day of the calendar; all that is said where no time is."""
        self._preposition = None
        self._last_resort = self._last_resort or [
            Item("impossible", token.start, token.end, doubt="season")
        ]
        return index + 1

    def _skip_token(self, index: int, token: DeadlineToken) -> int:
        del token
        self._preposition = None
        return index + 1


# What bounds in time by itself, even within the words of a regulation: "theo quy định ... trước tháng 6".
_STRONG_TIMES = {
    "before": ("day", "month", "quarter", "year"),
    "by": ("day", "month", "quarter", "year"),
    "to": ("day",),
}
_CLAUSE_STARTERS = frozenset(
    {
        "",
        "va",
        "hoac",
        "hoan thanh",
        "xong",
        "gui",
        "thuc hien",
        "bao cao",
        "hoan thanh xong",
        "phai xong",
    }
)

_HANDLERS = {
    "citation": ItemReader._skip_token,
    "session": ItemReader._read_session,
    "season": ItemReader._read_season,
    "lunar": ItemReader._read_lunar_day,
    "period-end": ItemReader._skip_token,
    "preposition": ItemReader._read_preposition,
    "hour": ItemReader._read_hour,
    "now": ItemReader._read_from_now,
    "this-year": ItemReader._read_this_year,
    "ref": ItemReader._read_bare_reference,
    "units": ItemReader._skip_token,
    "onward": ItemReader._read_onward,
    "weekday": ItemReader._read_weekdays,
    "every": ItemReader._read_every,
    "every-list": ItemReader._read_every_list,
    "unit-list": ItemReader._read_unit_list,
    "rate": ItemReader._read_rate,
    "duration": ItemReader._read_duration,
    "nth-day": ItemReader._read_duration,
    "next-working-day": ItemReader._read_next_working_day,
    "ongoing": ItemReader._read_plain_phrase,
    "periodic": ItemReader._read_plain_phrase,
    "demand": ItemReader._read_phrase_with_tail,
    "regulation": ItemReader._read_phrase_with_tail,
    "with": ItemReader._read_phrase_with_tail,
    "for": ItemReader._read_for_label,
}
