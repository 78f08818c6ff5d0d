"""Find lines without a number that name the agency of the lines below them.

"SỞ TÀI CHÍNH" over bullets or sentences, "* Sở Tài chính:" over bullets with another sign.
"""

from language.text import lower_first
from plans.reading.bullets import Bullet, split_bullets
from plans.reading.capitals import lower_capitals
from plans.reading.narrative import leads
from plans.reading.roles import find_name_before_verb

FEWEST_WORDS = 3  # of a sentence below an agency's name
MOST_WORDS = 12  # of a name that nothing but its neighbours tells


def find_agency_lines(texts: list[str | None]) -> set[int]:
    """Return the indexes of the lines that head duties as agencies; None is a numbered line.

    A name that does not begin like an agency's counts if one that does heads lines with the same
    sign in the same part. In the head of a document a name in capitals holds bullets only.
    """
    found: set[int] = set()
    certain: set[str] = set()
    guessed: list[tuple[int, str]] = []
    is_head = True
    for index, (text, below) in enumerate(zip(texts, [*texts[1:], None], strict=False)):
        if text is None:
            is_head = False
            found |= {place for place, sign in guessed if sign in certain}
            certain, guessed = set(), []
        elif below is not None:
            bullet = _split_sign(text)
            is_letterhead = is_head and text.isupper() and not _split_sign(below).mark
            if _is_agency_over(bullet, below) and not is_letterhead:
                found.add(index)
                certain.add(bullet.mark)
            elif _may_be_name_over(bullet, _split_sign(below)):
                guessed.append((index, bullet.mark))
    return found | {place for place, sign in guessed if sign in certain}


def _split_sign(text: str) -> Bullet:
    return split_bullets(text)[0]


def _is_agency_over(bullet: Bullet, below: str) -> bool:
    """Return whether a line is an agency's name and the line `below` says what it does."""
    if not leads.is_bare_agency(bullet.text):
        return False
    lower = _split_sign(below)
    if not lower.mark:
        return goes_on_below(below)
    same = lower.mark == bullet.mark
    return not same or (bullet.text.endswith(":") and not leads.is_bare_agency(lower.text))


def _may_be_name_over(bullet: Bullet, lower: Bullet) -> bool:
    is_over = bool(lower.mark) and lower.mark != bullet.mark
    is_short = len(bullet.text.split()) <= MOST_WORDS and bullet.text[:1].isupper()
    is_closed = bullet.text.endswith((".", ";", ","))
    return is_over and is_short and not is_closed and leads.guess_heading_lead(bullet.text) != ""


def goes_on_below(text: str) -> bool:
    """Return whether a line without a sign below an agency's name says what the agency does."""
    if leads.begins_like_agency(lower_capitals(text)) or text.isupper():
        return False
    is_sentence = text.endswith((".", ";")) and len(text.split()) >= FEWEST_WORDS
    return is_sentence or find_name_before_verb(lower_first(text)) == ""
