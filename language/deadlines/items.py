"""The tokens of a clause put together to items: a time with its preposition, its range, its hour, what it refers to.

Not for what an item means in a plan: that is `deadlines`.
"""

import re
from dataclasses import dataclass, field, replace

from language.deadlines.recurrence import MONTHS, Repeat
from language.times.scanner import Token
from language.times.spans import END, Span, months_of_quarters, quarter_of, spans_of, unit_of

MOST_ITEMS = 500  # of one clause; a plan holds no more milestones of a task (plan-format.md)
_NUMBERS = re.compile(r"\d+")
_NEAR = re.compile(r"[ ,:/]*")
_BEHIND = re.compile(r"[ ,(]*")
_OF = re.compile(r"[ ,:]*(?:cua )?")
_CLOSE = re.compile(r"[ ,:]*")
_DASH = re.compile(r" ?[-–—÷→] ?")
HOURS = 24  # of a day: "24h00" is its end, no hour that a clock shows
_UNITS = re.compile(r"6 thang|06 thang|thang(?! cuoi)|quy|nam")
_LISTED_UNITS = re.compile(r"(?:06|6|sxu) thang|tuan|thang|quy|nam")
_UNIT_WORDS = {"6 thang": "half-year", "06 thang": "half-year", "thang": "month", "quy": "quarter", "nam": "year"}
_STRENGTH = ("loose", "in", "by", "to", "from", "after", "before")  # of two prepositions the later in this row bounds
_LOOSE = ("han", "thoi han", "ky han", "den han", "xong", "het han")
_STEP_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_STEP_DAYS = {"day": 1, "week": 7}
_NO_TIME = frozenset(
    {"demand", "regulation", "ongoing", "with", "citation", "ref", "units", "periodic", "for", "session", "period-end"}
)
_IMMEDIATELY = re.compile(r"(?:ngay|ngxy),? $")
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
    refs: list[Token] = field(default_factory=list)
    units: list[tuple[str, int, int]] = field(default_factory=list)
    repeat: Repeat | None = None
    at: str | None = None
    term: Term | None = None
    onward: bool = False
    years: tuple[int | None, int | None] = (None, None)  # in which it comes back: "hằng năm từ năm 2027"
    within: tuple[Span | None, Span | None] = (None, None)  # the months or days between which: "hằng tuần từ tháng 3"
    last_working: bool = False  # "ngày làm việc cuối cùng"
    period_end: bool = False  # "của tháng cuối kỳ báo cáo"
    begun_before: bool = False  # "từ ngày 15 tháng 12 năm trước đến ..."
    explains: bool = False  # said in a bracket to what comes back: "02 lần/năm (tháng 6, tháng 12)"
    doubt: str | None = None  # a key of [doubts] in deadlines.toml

    @property
    def span(self) -> Span:
        """The first span of a time."""
        return self.spans[0]


@dataclass(slots=True)
class _Preposition:
    role: str
    start: int
    end: int
    immediate: bool = False


def _months_named(token: Token, day: int) -> list[int]:
    """The months that a day alone belongs to: "tháng 3, 6, 9"; of a quarter only its last day has one."""
    if token.kind == "quarter" and day == END:
        return [3 * number] if (number := quarter_of(token.found["q"])) else []
    if token.kind == "quarter-month":
        return months_of_quarters(token)
    listed = token.found.get("mlist") if token.kind == "month-span" else None
    if token.kind == "month":
        return [month] if (month := token.number("m") or token.number("mword")) else []
    return [int(number) for number in _NUMBERS.findall(listed)] if listed else []


class ItemReader:
    """Reads the tokens of one clause, from left to right."""

    def __init__(self, folded: str, tokens: list[Token], end: int) -> None:
        self.folded, self.tokens, self.end = folded, tokens, end
        self.items: list[Item] = []
        self._preposition: _Preposition | None = None
        self._event: _Preposition | None = None  # a preposition that an event follows: "trước ngày bầu cử 10 ngày"
        self._hour: str | None = None
        self._last_resort: list[Item] = []

    def read(self) -> list[Item]:
        """The items in the order printed."""
        index = 0
        while index < len(self.tokens) and len(self.items) <= MOST_ITEMS:
            token = self.tokens[index]
            handler = _HANDLERS.get(token.kind, ItemReader._time)
            index = handler(self, index, token)
        if not self.items:
            self.items = self._last_resort  # "05 ngày", "tháng, quý, năm": not much, but all that is said
        return self.items

    # ---- prepositions and hours --------------------------------------------------------------------------------------

    def _near(self, left: int, right: int, pattern: re.Pattern[str] = _CLOSE) -> bool:
        gap = pattern.match(self.folded, left, max(left, right))
        return gap is not None and gap.end() >= right

    def _active(self, token: Token) -> _Preposition | None:
        """The preposition that stands right before `token`."""
        found = self._preposition
        return found if found and self._near(found.end, token.start) else None

    def _preposition_token(self, index: int, token: Token) -> int:
        words, role = self.folded[token.start : token.end], token.form["role"]
        if role == "by" and words.startswith(_LOOSE):
            role = "loose"
        before = self._active(token)
        if before:
            stronger = max(before.role, role, key=_STRENGTH.index)
            if {before.role, role} <= {"by", "in", "loose"}:
                stronger = "in" if "in" in (before.role, role) else stronger
            self._preposition = replace(before, role=stronger, end=token.end)
        else:
            immediate = bool(_IMMEDIATELY.search(self.folded, max(0, token.start - 6), token.start))
            self._preposition = _Preposition(role, token.start, token.end, immediate)
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        counted = following and following.kind not in _NO_TIME and self._near(token.end, following.start)
        if role in ("before", "after") and not counted:
            self._event = self._preposition
            if self._preposition.immediate and role == "after":
                return self._at_once(index, token)
            if role == "after":
                return self._after_event(index, token)
        return index + 1

    def _hour_token(self, index: int, token: Token) -> int:
        at = self._hour_of(token)
        active = self._active(token)
        if active and active.role == "before" and at is None:
            active.role = "to"  # before 24 hours of a day: that day is the last, and all of it
        last = self.items[-1] if self.items else None
        behind = active and last and last.kind in ("time", "every") and self._near(last.end, active.start, _NEAR)
        if last and behind and not self._is_time(index + 1):
            last.at, last.end = at, token.end
            self._preposition = None
            return index + 1
        if active:
            active.end = token.end
            active.role = "in" if active.role == "from" or self._hour else active.role  # "từ 8h đến 11h ngày ..."
            self._hour = at
        elif last and last.kind in ("time", "every") and self._near(last.end, token.start, _NEAR):
            last.at, last.end = at, token.end
        else:
            self._hour, self._preposition = at, _Preposition("in", token.start, token.end)
        return index + 1

    @staticmethod
    def _hour_of(token: Token) -> str | None:
        """ "17:00" for "17 giờ", "5 giờ chiều"; None for the end of a day ("24h00")."""
        hour = int(token.found["hh"]) + (12 if token.form.get("afternoon") and int(token.found["hh"]) < 12 else 0)
        return f"{hour:02d}:{int(token.found.get('mm', 0)):02d}" if hour < HOURS else None

    def _start(self, token: Token) -> tuple[int, str | None]:
        active = self._active(token)
        self._preposition = None
        return (active.start, active.role) if active else (token.start, None)

    def _add(self, item: Item) -> Item:
        item.at, self._hour = item.at or self._hour, None
        self._event = None
        self.items.append(item)
        return item

    # ---- times -------------------------------------------------------------------------------------------------------

    def _time(self, index: int, token: Token) -> int:
        spans = spans_of(token)
        if spans is None or (token.kind == "year" and self._part_of_number(token)):
            self._preposition = None
            return index + 1
        start, role = self._start(token)
        if not spans:
            doubt = token.form.get("doubt", "impossible")
            self._add(Item("impossible", start, token.end, role, doubt=doubt))
            return index + 1
        item = self._add(Item("time", start, token.end, role, spans))
        if "unit" in token.found and token.kind == "dom":
            item.units = [(_UNIT_WORDS[token.found["unit"]], token.end, token.end)]
        item.last_working = bool(token.form.get("working"))
        if role == "from" and len(spans) == 1 and not _BOTH_ENDS.isdisjoint(token.found):
            item.role = None
        return self._ending(item, self._day_of_months(item, index + 1))

    def _day_of_months(self, item: Item, index: int) -> int:
        """ "ngày 25 các tháng 3, 6, 9", "ngày 05, tháng 6": a day alone takes the months named right behind it."""
        token = self.tokens[index] if index < len(self.tokens) else None
        if token is None or item.span.has_month or not self._near(item.end, token.start, _OF):
            return index
        numbers = _months_named(token, item.span.last_day)
        if not numbers:
            return index
        day, year = item.span.last_day, token.number("y")
        spans = [Span("day", year, month, day, year, month, day) for month in numbers]
        item.spans = [span for span in spans if span.possible()]
        if len(item.spans) < len(spans):
            item.kind, item.doubt = "impossible", "impossible"
        item.end = token.end
        return index + 1

    def _part_of_number(self, token: Token) -> bool:
        """ "ISO 9001:2015" is no year."""
        return token.start > 0 and self.folded[token.start - 1] in ":/-."

    def _ending(self, item: Item, index: int) -> int:
        """What belongs to a time behind it: "của năm sau", "đến ngày ...", "hằng năm" stays an item of its own."""
        index = self._references(item, index)
        until = self._until(item, index)
        if until == index:
            return index
        item.begun_before = any(ref.form["unit"] == "year" and ref.form.get("shift", 0) < 0 for ref in item.refs)
        item.refs = [replace(ref, form={**ref.form, "shift": 0}) for ref in item.refs]  # its move is the first day's
        return self._references(item, until)

    def _references(self, item: Item, index: int) -> int:
        while index < len(self.tokens) and self.tokens[index].kind in ("ref", "units", "onward", "period-end"):
            token = self.tokens[index]
            if not self._near(item.end, token.start, _NEAR):
                break
            if token.kind == "onward":
                item.onward = True
            elif token.kind == "period-end":
                item.period_end = True
            elif token.kind == "ref":
                item.refs.append(token)
            else:
                item.units += self._listed_units(token)
            item.end = token.end
            index += 1
        return index

    def _listed_units(self, token: Token) -> list[tuple[str, int, int]]:
        """ "của tháng, quý, 6 tháng và năm báo cáo" as (unit, place of its word)."""
        return [(_UNIT_WORDS[u.group()], *u.span()) for u in _UNITS.finditer(self.folded, token.start, token.end)]

    def _until(self, item: Item, index: int) -> int:
        """The other end of a range; the index behind it, or `index` where there is none."""
        at, role, end = index, None, item.end
        while at < len(self.tokens) and self._near(end, self.tokens[at].start) and self._leads(at, index):
            role = self.tokens[at].form.get("role", role) if role != "before" else role
            end = self.tokens[at].end
            at += 1
        if at >= len(self.tokens):
            return index
        first = self.tokens[index]
        token = self.tokens[at]
        dashed = at == index and _DASH.fullmatch(self.folded, item.end, token.start) is not None
        spoken = at > index and (first.form["role"] == "to" or self.folded[first.start : first.end] == "het")
        near = (dashed or spoken) and self._near(end, token.start, _CLOSE if spoken else _DASH)
        spans = spans_of(token) if near else None
        if not spans or item.role in ("before", "by", "to"):
            return index
        item.until, item.until_role, item.end = spans[-1], role, token.end
        hours = [self._hour_of(t) for t in self.tokens[index:at] if t.kind == "hour"]
        item.at = hours[-1] if hours else item.at  # "từ 7h ngày 15/9 đến 17h ngày 17/9": the hour of the end bounds
        return at + 1

    def _leads(self, at: int, first: int) -> bool:
        """Whether the token is a preposition, or an hour behind one: "đến 17h00 ngày ..."."""
        return self.tokens[at].kind == "preposition" or (at > first and self.tokens[at].kind == "hour")

    def _now(self, index: int, token: Token) -> int:
        start, _ = self._start(token)
        item = Item("from-now", start, token.end, "from", [_PLAN_YEAR])
        after = self._until(item, index + 1)
        if after > index + 1:
            self._add(item)
        return after

    def _this_year(self, index: int, token: Token) -> int:
        """ "trong năm", "cả năm"; without a preposition it may as well be a report's name ("báo cáo cả năm")."""
        start, role = self._start(token)
        within = None if self.folded.startswith("ca", token.start) else "in"
        self._add(Item("time", start, token.end, role or within, [_PLAN_YEAR]))
        return index + 1

    def _reference(self, index: int, token: Token) -> int:
        """A reference without a day: "trong tháng cuối quý", "trong năm tiếp theo"; else only a word of a label."""
        active = self._active(token)
        month = token.form.get("month")
        if month is None and (active is None or token.form["unit"] != "year"):
            self._preposition = None
            return index + 1
        start, role = self._start(token)
        span = Span("month", None, None, 1, None, None, END) if month else _PLAN_YEAR
        self._add(Item("time", start, token.end, role, [span], refs=[token]))
        return index + 1

    def _weekday(self, index: int, token: Token) -> int:
        """ "thứ 2, thứ 4 hằng tuần": an item for each weekday; a weekday without its week says nothing."""
        after = index + 1
        while after < min(len(self.tokens), index + 7) and self.tokens[after].kind == "weekday":
            after += 1
        following = self.tokens[after] if after < len(self.tokens) else None
        if following is None or following.kind != "every" or unit_of(following.found.get("unit", "nam")) != "week":
            return index + 1
        start, role = self._start(token)
        for day in self.tokens[index:after]:
            number = day.number("weekday")
            repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
            self._add(Item("every", start, day.end, role, repeat=repeat))
            start = day.end
        self.items[-1].end = following.end
        return after + 1

    def _onward(self, index: int, token: Token) -> int:
        """ "duy trì các năm tiếp theo" apart from a time."""
        self._preposition = None
        if self.items and "nam" in self.folded[token.start : token.end]:
            self._add(Item("ongoing", token.start, token.end))
        return index + 1

    # ---- what comes back ---------------------------------------------------------------------------------------------

    def _every(self, index: int, token: Token) -> int:
        if "months" in token.form:
            return self._repeated(index, token, "month", token.form["months"])
        unit, count = unit_of(token.found["unit"]), token.number("n") or 1
        following = self._repeated(index, token, unit, count)
        return self._on_weekday(following) if unit == "week" else following

    def _on_weekday(self, index: int) -> int:
        """ "hằng tuần, vào thứ Hai": the day of the week said behind."""
        at = index
        while at < len(self.tokens) and self.tokens[at].kind == "preposition" and self.tokens[at].form["role"] == "in":
            at += 1
        day, last = (self.tokens[at] if at < len(self.tokens) else None), self.items[-1]
        if day is None or day.kind != "weekday" or not self._near(self.tokens[at - 1].end, day.start):
            return index
        number = day.number("weekday")
        last.repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
        last.end, self._preposition = day.end, None
        return at + 1

    def _every_list(self, index: int, token: Token) -> int:
        """ "hằng tháng, quý, năm": an item for each unit."""
        self._preposition = None
        for item in self._listed(
            token, token.end - len(token.found.get("everylist", self.folded[token.start : token.end]))
        ):
            self._add(item)
        return index + 1

    def _unit_list(self, index: int, token: Token) -> int:
        """ "Tháng, quý, năm" alone in a cell; elsewhere it only names reports."""
        self._preposition = None
        self._last_resort = self._listed(token, token.start)
        return index + 1

    def _listed(self, token: Token, start: int) -> list[Item]:
        found: list[Item] = []
        for unit in _LISTED_UNITS.finditer(self.folded, start, token.end):
            name = _UNIT_WORDS.get(unit.group().replace("sxu", "6"), "week")
            repeat = Repeat(days=7) if name == "week" else Repeat(months=MONTHS[name])
            begin = found[-1].end if found else token.start
            found.append(Item("every", begin, unit.end(), repeat=repeat))
        return found

    def _rate(self, index: int, token: Token) -> int:
        unit, count, times = unit_of(token.found["unit"]), token.number("n") or 1, token.number("times") or 1
        months = _STEP_MONTHS.get(unit, 0) * count
        if times > 1 and (not months or months % times or months // times not in (1, 3, 6, 12)):
            start, _ = self._start(token)
            self._add(Item("impossible", start, token.end, doubt="uneven"))
            return index + 1
        return self._repeated(index, token, unit, count, times)

    def _repeated(self, index: int, token: Token, unit: str, count: int, times: int = 1) -> int:
        start, role = self._start(token)
        repeat = Repeat(months=_STEP_MONTHS.get(unit, 0) * count // times, days=_STEP_DAYS.get(unit, 0) * count)
        known = repeat.months or repeat.days in (1, 7)
        if repeat.months > 12 or not known:
            self._add(Item("impossible", start, token.end, doubt="uneven"))
        else:
            self._add(Item("every", start, token.end, role, repeat=repeat))
        return index + 1

    # ---- terms -------------------------------------------------------------------------------------------------------

    def _duration(self, index: int, token: Token) -> int:
        active, event = self._active(token), self._event
        unit = "day" if token.kind == "nth-day" else unit_of(token.found["unit"])
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        since = following is not None and following.kind == "preposition" and self._near(token.end, following.start)
        role = following.form["role"] if since and following else None
        if role == "before" and unit not in ("day", "week") and self._is_time(index + 2):
            role = None
            since = False
        if role == "from" and following and self._is_range(index + 2) and self.folded.startswith("tu", following.start):
            role = None  # "trong 03 ngày, từ ngày 10 đến ngày 12/12": the days are named
        if role == "from" and following and self.folded.startswith("bat dau tu", following.start):
            role = None  # "không quá 02 ngày, bắt đầu từ tháng 4": how long, and from when
        start = active.start if active else token.start
        if following and role in ("from", "after", "before"):
            return self._term(index, token, unit, start, -1 if role == "before" else 1, following.end, index + 2)
        if event and event is not active and event.end < token.start:
            sign = -1 if event.role == "before" else 1
            term = self._counted(token, unit, sign, event.end, token.start)
            self._add(Item("relative", event.start, token.end, term=term))
            return index + 1
        if active and active.role in ("in", "by", "to", "after", "before", "loose"):
            sign = -1 if active.role == "before" else 1
            if active.role == "before":
                return self._term(index, token, unit, start, sign, token.end, index + 1)
            self._add(Item("relative", start, token.end, term=self._counted(token, unit, sign, token.end, token.end)))
        else:
            term = self._counted(token, unit, 1, token.end, token.end)
            self._last_resort = [Item("relative", start, token.end, term=term)]
        self._preposition = None
        return index + 1

    def _is_range(self, index: int) -> bool:
        """Whether a time and "đến" begin at the token `index`."""
        if not self._is_time(index) or index + 1 >= len(self.tokens):
            return False
        following = self.tokens[index + 1]
        if _DASH.fullmatch(self.folded, self.tokens[index].end, following.start):
            return self._is_time(index + 1)
        return following.kind == "preposition" and following.form["role"] == "to" and self._is_time(index + 2)

    def _is_time(self, index: int) -> bool:
        return index < len(self.tokens) and spans_of(self.tokens[index]) is not None

    def _term(self, index: int, token: Token, unit: str, start: int, sign: int, event: int, after: int) -> int:
        """A term with its event said from `event` on; tokens of the event are swallowed."""
        del index
        day: Span | None = None
        if after < len(self.tokens) and self._near(event, self.tokens[after].start):
            spans = spans_of(self.tokens[after])
            if spans and spans[0].unit == "day" and spans[0].has_month:
                day = spans[0]
        following, end = self._swallowed(after + 1 if day else after)
        term = self._counted(token, unit, sign, event, end)
        self._add(Item("relative", start, end, term=replace(term, event=day)))
        self._preposition = None
        return following

    def _counted(self, token: Token, unit: str, sign: int, start: int, end: int) -> Term:
        count = sign * (token.number("n") or token.number("nword") or (1 if token.kind == "next-working-day" else 0))
        working = (
            self.folded[token.start : token.end].endswith("lam viec")
            or "lam viec" in self.folded[token.start : token.end]
        )
        if unit in _STEP_MONTHS:
            return Term(None, count * _STEP_MONTHS[unit], working, start, end)
        days = -(-count // 24) if unit == "hour" else count * _STEP_DAYS.get(unit, 1)
        return Term(days, None, working, start, end)

    def _next_working_day(self, index: int, token: Token) -> int:
        start, _ = self._start(token)
        return self._term(index, token, "day", start, 1, token.end, index + 1)

    def _at_once(self, index: int, token: Token) -> int:
        """ "ngay sau khi ...": no days after the event."""
        following, end = self._swallowed(index + 1)
        start = token.start - len("ngay ")
        self._add(Item("relative", start, end, term=Term(0, None, False, token.end, end)))
        self._preposition = None
        return following

    def _after_event(self, index: int, token: Token) -> int:
        """ "Sau khi có hướng dẫn": an event without a count, unless a count follows ("sau khi họp 05 ngày")."""
        for following in self.tokens[index + 1 : index + 9]:
            if following.kind == "duration":
                return index + 1
            if following.kind not in ("citation", "session", "ref"):
                break
        if not self.folded.startswith(" khi ", token.end):
            return index + 1
        following_index, end = self._swallowed(index + 1)
        self._add(Item("demand", token.start, end))
        self._preposition = None
        return following_index

    # ---- what has no day ---------------------------------------------------------------------------------------------

    def _plain(self, index: int, token: Token) -> int:
        self._preposition = None
        self._add(Item(token.kind, token.start, token.end))
        return index + 1

    def _with_tail(self, index: int, token: Token) -> int:
        """ "theo quy định ...", "cùng với báo cáo ...": what follows belongs to it, until a deadline of its own."""
        self._preposition = None
        following, end = self._swallowed(index + 1)
        self._add(Item(token.kind, token.start, end))
        return following

    def _swallowed(self, index: int) -> tuple[int, int]:
        """The first token at or behind `index` that begins a deadline of its own, and where the swallowed text ends."""
        tokens = self.tokens
        while index < len(tokens):
            token = tokens[index]
            after = index + 1
            while after < min(len(tokens), index + 6) and tokens[after].kind in ("preposition", "hour"):
                after += 1
            if (
                token.kind in ("preposition", "hour")
                and self._is_time(after)
                and self._near(tokens[after - 1].end, tokens[after].start)
            ):
                strong = tokens[after].kind in _STRONG.get(token.form.get("role", ""), ())
                if strong or self._comma_before(token):
                    return index, token.start
            elif self._comma_before(token) and token.kind in ("month", "quarter", "every", "day", "ongoing"):
                return index, token.start
            index += 1
        return index, self.end

    def _comma_before(self, token: Token) -> bool:
        at = token.start
        words = self.folded[max(0, at - 20) : at]
        comma = words.rfind(",")
        return comma >= 0 and words[comma:].strip(", ") in _STARTERS

    def _for(self, index: int, token: Token) -> int:
        """ "ngày 15/7 đối với báo cáo 6 tháng": behind a time its label, whose words of time are no deadline."""
        self._preposition = None
        last = self.items[-1] if self.items else None
        if last and self._near(last.end, token.start, _BEHIND):
            return self._swallowed(index + 1)[0]
        return index + 1

    def _session(self, index: int, token: Token) -> int:
        """ "Kỳ họp thứ 8": a day that others set; all that is said where the clause names no time."""
        self._preposition = None
        self._last_resort = self._last_resort or [Item("regulation", token.start, self.end)]
        return index + 1

    def _lunar(self, index: int, token: Token) -> int:
        """ "10/3 âm lịch": each year another day."""
        self._preposition = None
        last = self.items[-1] if self.items else None
        if last and last.kind == "time" and self._near(last.end, token.start, _BEHIND):
            last.kind, last.doubt, last.end = "impossible", "festival", token.end
        return index + 1

    def _season(self, index: int, token: Token) -> int:
        """ "Đầu năm học", "vụ Đông Xuân 2026 - 2027": no day of the calendar; all that is said where no time is."""
        self._preposition = None
        self._last_resort = self._last_resort or [Item("impossible", token.start, token.end, doubt="season")]
        return index + 1

    def _skip(self, index: int, token: Token) -> int:
        del token
        self._preposition = None
        return index + 1


# What bounds in time by itself, even within the words of a regulation: "theo quy định ... trước tháng 6".
_STRONG = {
    "before": ("day", "month", "quarter", "year"),
    "by": ("day", "month", "quarter", "year"),
    "to": ("day",),
}
_STARTERS = frozenset(
    {"", "va", "hoac", "hoan thanh", "xong", "gui", "thuc hien", "bao cao", "hoan thanh xong", "phai xong"}
)

_HANDLERS = {
    "citation": ItemReader._skip,
    "session": ItemReader._session,
    "season": ItemReader._season,
    "lunar": ItemReader._lunar,
    "period-end": ItemReader._skip,
    "preposition": ItemReader._preposition_token,
    "hour": ItemReader._hour_token,
    "now": ItemReader._now,
    "this-year": ItemReader._this_year,
    "ref": ItemReader._reference,
    "units": ItemReader._skip,
    "onward": ItemReader._onward,
    "weekday": ItemReader._weekday,
    "every": ItemReader._every,
    "every-list": ItemReader._every_list,
    "unit-list": ItemReader._unit_list,
    "rate": ItemReader._rate,
    "duration": ItemReader._duration,
    "nth-day": ItemReader._duration,
    "next-working-day": ItemReader._next_working_day,
    "ongoing": ItemReader._plain,
    "periodic": ItemReader._plain,
    "demand": ItemReader._with_tail,
    "regulation": ItemReader._with_tail,
    "with": ItemReader._with_tail,
    "for": ItemReader._for,
}
