"""Read phrases without a day: "theo quy định", "thường xuyên", council sessions, seasons."""

from language.deadlines.item_reader.reader import BRACKET_GAP, ItemReader
from language.deadlines.items import LIST_GAP, Item, Term
from language.times.grammar import load_words
from language.times.scanner import DeadlineToken

# What bounds in time by itself, even in the words of a regulation: "theo ... trước tháng 6".
_STRONG_TIMES = {
    "before": ("day", "month", "quarter", "year"),
    "by": ("day", "month", "quarter", "year"),
    "to": ("day",),
}
_NEW_PERIODS = ("month", "quarter", "year", "day", "month-span", "quarter-span")
_COUNTS = ("duration", "nth-day", "next-working-day")
_LEADS = ("preposition", "hour")  # before a time
_REPEATS = ("every", "every-list", "rate")
_NEW_DEADLINES = (*_REPEATS, "month", "quarter", "day", "ongoing")  # behind a comma


def read_plain_phrase(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "thường xuyên", "định kỳ"."""
    reader.preposition = None
    reader.add_item(Item(token.kind, token.start, token.end))
    return index + 1


def read_phrase_with_tail(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "theo quy định ...", "cùng với báo cáo ..." up to the next deadline of its own."""
    reader.preposition = None
    after, end = skip_to_next_deadline(reader, index)
    reader.add_item(Item(token.kind, token.start, end))
    return after


def skip_to_next_deadline(reader: ItemReader, index: int) -> tuple[int, int]:
    """Skip the phrase behind the token `index`: return (index of the next deadline, its place).

    Behind the last deadline these are the number of tokens and the clause's end.
    """
    begin = reader.tokens[index].end
    index = after = index + 1
    while token := reader.get_token(index):
        after = max(after, index)
        while (time := reader.get_token(after)) and time.kind in _LEADS:
            after += 1
        led = time if token.kind in _LEADS else None
        if led and reader.is_near(reader.tokens[after - 1].end, led.start):
            if _begins_deadline(reader, begin, token, after):
                return index, token.start
        elif token.kind in _NEW_DEADLINES and _has_comma_before(reader, begin, token):
            return index, token.start
        elif token.kind in _REPEATS and reader.is_behind(token.start, " va "):
            return index, token.start  # "ngay sau khi được cấp và định kỳ 06 tháng"
        index += 1
    return index, reader.end


def _begins_deadline(reader: ItemReader, begin: int, token: DeadlineToken, time: int) -> bool:
    """Return whether a preposition before the token `time` begins a deadline of its own."""
    role, kind = token.form.get("role", ""), reader.tokens[time].kind
    if kind in _COUNTS:
        either = reader.is_behind(token.start, "hoac ")
        return role == "by" and (either or _has_comma_before(reader, begin, token))
    if not reader.is_time(time):
        return False
    if kind in _STRONG_TIMES.get(role, ()) or _has_comma_before(reader, begin, token):
        return True
    # "theo kế hoạch của tỉnh, báo cáo kết quả trong quý I"
    return role == "in" and kind in _NEW_PERIODS and "," in reader.folded[begin : token.start]


def _has_comma_before(reader: ItemReader, begin: int, token: DeadlineToken) -> bool:
    """Return whether a comma or colon and at most a joining word or verb stand before `token`.

    What is looked at begins at the place `begin`.
    """
    _, comma, behind = reader.folded[begin : token.start].replace(":", ",").rpartition(",")
    behind = behind.strip(" ")
    return bool(comma) and (not behind or behind in load_words("words", "before_deadline"))


def read_for_label(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Skip a label behind a time: the words of "ngày 15/7 đối với báo cáo 6 tháng" are no time."""
    reader.preposition = None
    last = reader.last_item
    if last and reader.is_near(last.end, token.start, BRACKET_GAP):
        return skip_to_next_deadline(reader, index)[0]
    following = reader.get_token(index + 1)
    named = following is not None and following.kind == "every" and not reader.is_time(index + 2)
    return index + 2 if last and named else index + 1  # "đối với trường hợp nộp theo quý"


def read_event(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "sau mỗi đợt ...": an event that says no number of days."""
    reader.preposition = None
    after, end = skip_to_next_deadline(reader, index)
    reader.add_item(Item("demand", token.start, end, doubt="no_count"))
    return after


def read_same_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "ngay trong ngày nhận hồ sơ": no days after the event."""
    reader.preposition = None
    after, end = skip_to_next_deadline(reader, index)
    term = Term(0, None, False, token.end, end)
    reader.add_item(Item("relative", token.start, end, term=term))
    return after


def read_session(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "Kỳ họp thứ 8", a day that others set; it counts only if there are no other times."""
    reader.preposition = None
    reader.weak_items = reader.weak_items or [Item("regulation", token.start, reader.end)]
    return index + 1


def read_season(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "Đầu năm học", "vụ Đông Xuân": no days; it counts only if there are no other times."""
    reader.preposition = None
    season = Item("impossible", token.start, token.end, doubt="season")
    reader.weak_items = reader.weak_items or [season]
    return index + 1


def read_lunar_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Make the time before "âm lịch" a doubt: each year it is another day."""
    reader.preposition = None
    last = reader.last_item
    if last and reader.is_near(last.end, token.start, BRACKET_GAP):
        mark_lunar_days(reader.folded, reader.items)
        last.end = token.end
    return index + 1


def mark_lunar_days(folded: str, items: list[Item]) -> None:
    """Doubt the last item and those of its list: "15/3 và 15/9 âm lịch"."""
    following: Item | None = None
    for item in reversed(items):
        is_joined = following is None or LIST_GAP.fullmatch(
            folded, item.end, max(item.end, following.start)
        )
        if item.kind != "time" or not is_joined:
            return
        item.kind, item.doubt = "impossible", "festival"
        following = item


def skip_token(reader: ItemReader, index: int, _token: DeadlineToken) -> int:
    """Skip what is no deadline: the number and day of another document."""
    reader.preposition = None
    return index + 1
