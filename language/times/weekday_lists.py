"""Lists of weekdays that name the word once: "thứ 2, 4, 6 hằng tuần"."""

import re
from dataclasses import replace

from language.times.scanner import DeadlineToken
from language.times.spans import read_unit

_NEXT_NUMBER = re.compile(r"(?: ?[,;/&] ?|,? (?:va|hoac) )([2-7])(?![\w/.%-])")


def spread_weekdays(folded: str, tokens: list[DeadlineToken]) -> list[DeadlineToken]:
    """Return the tokens with a weekday more for each number behind one: "thứ 2, 4, 6 hằng tuần".

    Only in a text that speaks of every week: "thứ 5, 6 tháng 3" may be anything.
    """
    if not any(token.kind == "weekday" for token in tokens) or not any(map(_is_weekly, tokens)):
        return tokens
    spread: list[DeadlineToken] = []
    ends = [*(token.start for token in tokens[1:]), len(folded)]
    for token, end in zip(tokens, ends, strict=True):
        spread.append(token)
        last = token
        while last.kind == "weekday" and (found := _NEXT_NUMBER.match(folded, last.end)):
            if found.end() > end:
                break
            values = {"weekday": found[1]}
            last = replace(last, start=found.start(1), end=found.end(), values=values)
            spread.append(last)
    return spread


def _is_weekly(token: DeadlineToken) -> bool:
    return token.kind == "every" and read_unit(token.values.get("unit", "nam")) == "week"
