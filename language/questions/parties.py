"""Find whom a question is about: known agencies, UBND by place, the asker's own agency."""

from language.agencies.directory import TextMention
from language.agencies.local_government import (
    count_ubnd_words,
    make_local_name,
    read_level_at,
    read_levels_at,
)
from language.agencies.places import find_province_at_end
from language.agencies.tables import load_agency_tables
from language.questions.labels import COUNTED_STATES, ENDS_PLACE
from language.questions.line import BREAK, QuestionLine
from language.questions.phrases import Phrase, load_phrases, match_list_at
from language.questions.sections import read_section
from language.questions.unknown_agencies import is_end_word, read_unknown_agency
from language.search import is_stop_word
from language.text import fold
from language.tokens import AND, split_words
from language.typing_slips import is_syllable

LONGEST_PLACE = 3  # words of a place's name typed without capitals
PLACE_SURE = 2  # words of a place's name that are taken whatever they mean otherwise
SENDING_REACH = 7  # words before a receiver in which the verb of sending stands
LONGEST_PROVINCE = 4  # words of a province's name ("Bà Rịa - Vũng Tàu")


def read_agencies(line: QuestionLine) -> None:
    """Read known agencies, UBND by place, the asker's own agency, and unknown names."""
    _read_number_of_agencies(line)
    line.has_own_agency = bool(line.list_own_phrases())
    subject = [p for p in line.phrases if "words.subject" in p.labels]
    _read_local_governments(line)
    for mention in line.context.directory.find_mentions(line.text, line.context.today):
        within = line.find_words(mention.start, mention.end)
        if any(line.is_taken[i] for i in within) or any(
            p.start <= within.start < p.end for p in (*subject, *_list_asked_names(line, within))
        ):
            continue
        if _begins_inside_word(line, within.start):
            continue
        if fold(line.text[mention.start : mention.end]) in load_phrases().rules[
            "all_departments"
        ] or _is_everybody_at(line, within):
            continue
        if _is_of_other_province(line, within):
            line.set_unknown_agency(within.start, within.stop)
            continue
        mentions = line.mentions if _is_party(line, mention, within) else line.topic_mentions
        mentions.append(mention)
        if mentions is line.mentions:
            line.take_words(within.start, within.stop)
    line.means_everybody = any(
        "words.everybody" in p.labels and not line.is_taken[p.start] for p in line.phrases
    )
    _drop_receivers(line)
    _read_bare_departments(line)
    read_section(line)
    _read_provinces(line)
    _read_bare_own(line)
    _read_bare_level(line)
    if line.unknown_agency is None:
        read_unknown_agency(line)


def _read_number_of_agencies(line: QuestionLine) -> None:
    """Read that agencies are counted, and of which kind: "mấy xã chưa báo cáo"."""
    states = [p for p in line.phrases if p.labels & COUNTED_STATES]
    if line.codes or not states or line.has_label("words.superlative", "intent.list"):
        return
    for at in range(len(line.tokens)):
        size = match_list_at(line.tokens, at, "agencies")
        asked = line.find_phrase_ending(at, "intent.count")
        noun = line.join_words(at, at + size).replace(",", "").lower()
        if not size or asked is None or not (noun.isascii() or noun in load_phrases().agencies):
            continue
        if line.tokens[at - 1].folded in load_phrases().rules["nouns_compared"]:
            return  # "số việc sở A đã xong"
        told = any("task.noun" in p.labels and p.end <= asked.start for p in line.phrases)
        if told or match_list_at(line.tokens, at + size, "without") or states[0].start < at:
            return
        line.level_counted = _KINDS_COUNTED.get(line.tokens[at].folded, "") if size == 1 else ""
        line.take_words(asked.start, at + size)
        return


_KINDS_COUNTED = {"so": "department", "huyen": "district", "xa": "commune", "phuong": "commune"}


def _drop_receivers(line: QuestionLine) -> None:
    """Drop agencies that a report of somebody else named goes to ("em phải nộp gì cho sở X").

    They are not who is asked about.
    """
    receivers = [
        mention
        for mention in line.mentions
        if _receives_at(line, line.find_words(mention.start, mention.end).start)
    ]
    if line.has_own_agency or len(receivers) < len(line.mentions):
        line.mentions = [mention for mention in line.mentions if mention not in receivers]


def _read_bare_own(line: QuestionLine) -> None:
    """Read the asker's agency by its kind alone: "xã phải báo cáo gì" of somebody of a commune."""
    asker = line.context.asker
    if asker is None or line.has_own_agency or line.mentions or line.unknown_agency:
        return
    name = split_words(asker)
    start = count_ubnd_words(name, 0)
    level = read_level_at(name, start) if start < len(name) else None
    kind = name[start : start + (level[0] if level else 1)]
    for at in range(len(line.tokens) - len(kind)):
        typed = line.tokens[at : at + len(kind)]
        if (
            all(
                token.text.lower() == part.text.lower()
                or (token.folded == part.folded and not line.context.has_marks)
                for token, part in zip(typed, kind, strict=True)
            )
            and not line.is_taken[at]
            and line.find_phrase_over(at) is None
            and not _is_one_of_several(line, at)
            and line.is_agency_slot(at, firmly=True)
            and line.has_verb_at(at + len(kind))
        ):
            line.has_own_agency = True
            line.take_words(at, at + len(kind))
            return


def _is_one_of_several(line: QuestionLine, at: int) -> bool:
    """Return whether a kind of agencies stands in the plural, or behind "each"."""
    rules = load_phrases().rules
    before = line.tokens[at - 1].folded if at else ""
    return before in rules["before_level"] | rules["several"] or before.isdigit()


_COMMITTEES = (["uy", "ban", "nhan", "dan"], ["uy", "ban"], ["ubnd"])


def _count_committee_words(line: QuestionLine, at: int) -> int:
    """Return how many words for "UBND" stand right before word `at`; 0 if none do."""
    for words in _COMMITTEES:
        if [token.folded for token in line.tokens[max(at - len(words), 0) : at]] == words:
            return len(words)
    return 0


def _read_bare_level(line: QuestionLine) -> None:
    """Read a level by itself as all of it: "việc của xã" is that of the communes."""
    rules = load_phrases().rules
    if line.has_own_agency or line.mentions or line.unknown_agency:
        return
    for at, token in enumerate(line.tokens):
        levels = read_levels_at(split_words(f"cấp {token.text}"), 0)
        if levels is None or line.is_taken[at] or line.find_phrase_over(at) is not None:
            continue
        owned = at > 0 and line.tokens[at - 1].folded in rules["owners"]
        acts = at == 0 and line.has_verb_at(1)
        ends = at + 1 == len(line.tokens)
        begin = at - _count_committee_words(line, at)
        alone = ends or line.has_verb_at(at + 1) or (begin < at and _is_held_pair(line, at + 1))
        whole = begin < at and alone  # "ủy ban xã có việc gì"
        if token.text.isascii() and (line.context.has_marks or not whole):
            continue
        several = at > 0 and line.tokens[at - 1].folded in rules["several"] and alone
        if whole or acts or several or (owned and ends):
            line.add_mention(begin, at + 1, levels[1], levels[1][0])
            return


def asks_by_receiver(line: QuestionLine) -> bool:
    """Return whether the line asks for what goes to the asker's agency ("ai nộp cho sở em")."""
    own = line.list_own_phrases()
    if not own or line.mentions or not all(_receives_at(line, p.start) for p in own):
        return False
    rules, words = load_phrases().rules, [token.folded for token in line.tokens]
    verb = next(at for at, word in enumerate(words) if word in rules["sends"])
    # "gửi cho đơn vị em danh sách việc": the bot is to send it
    return words[verb] == "cao" or not rules["asks_sending"].isdisjoint(words[:verb])


def _receives_at(line: QuestionLine, at: int) -> bool:
    """Return whether the agency at word `at` is where something is sent.

    Before it stands "cho", "về" or the like, and a verb of sending not far before that; or the
    verb itself ("phải nộp sở X"), but for "báo cáo", which may be the agency's own.
    """
    rules = load_phrases().rules
    before = [token.folded for token in line.tokens[max(0, at - SENDING_REACH) : at]]
    if not before:
        return False
    if before[-1] in rules["receives"]:
        return not rules["sends"].isdisjoint(before[:-1])
    is_report = before[-1] == "cao" and "phai" not in before
    return before[-1] in rules["sends"] and not is_report


def _list_asked_names(line: QuestionLine, within: range) -> list[Phrase]:
    """Return the phrases that ask for an agency and go over a name: "sở ban ngành nào"."""
    return [p for p in line.phrases if "intent.who" in p.labels and p.end > within.stop]


def _begins_inside_word(line: QuestionLine, at: int) -> bool:
    """Return whether "sở" belongs to the word before it ("trụ sở công"), and not to "của"."""
    return (
        at > 0
        and line.tokens[at].folded == "so"
        and not line.tokens[at].gap.strip()
        and not is_stop_word(line.tokens[at - 1].text)
        and line.tokens[at - 1].folded in load_phrases().rules["ends_in_so"]
        and line.context.has_task_with(line.tokens[at - 1].folded, "so")
    )


def _read_provinces(line: QuestionLine) -> None:
    """Read provinces: in its own plans, "Tỉnh An Giang" means everybody.

    In the plans of another province it is an unknown agency.
    """
    for at, token in enumerate(line.tokens):
        if token.folded not in load_phrases().rules["before_province"] or line.is_taken[at]:
            continue
        start = at - 1 if token.folded == "pho" and at else at
        has_ubnd = start > 0 and line.tokens[start - 1].folded == "ubnd"
        start -= has_ubnd
        end = (
            _find_city_end(line, at)
            if token.folded in load_phrases().rules["before_city"]
            else _find_place_end(line, at)
        )
        place = find_province_at_end(line.tokens[at:end])
        if place is None or line.is_in_subject(start):
            continue
        if place in line.context.provinces:
            if has_ubnd:
                continue
            line.means_everybody = True
        elif (
            line.context.provinces or token.folded in load_phrases().rules["before_city"]
        ) and line.is_agency_slot(start):
            line.set_unknown_agency(start, end)
            line.is_other_province = True
        else:
            continue
        line.take_words(start, end)


def _find_place_end(line: QuestionLine, at: int) -> int:
    """Return the end of the longest province or city behind word `at`; 0 if there is none."""
    ends = range(min(at + LONGEST_PROVINCE + 1, len(line.tokens)), at + 1, -1)
    return next((end for end in ends if find_province_at_end(line.tokens[at:end]) is not None), 0)


def _find_city_end(line: QuestionLine, at: int) -> int:
    """Return the end of the central city behind word `at`; 0 if there is none.

    The word `at` is "tp" or the last one of "thành phố".
    """
    end = (
        _find_place_end(line, at)
        if line.tokens[at].folded in load_phrases().rules["before_city"]
        else 0
    )
    return (
        end
        if tuple(t.folded for t in line.tokens[at + 1 : end]) in load_agency_tables().cities
        else 0
    )


def _is_of_other_province(line: QuestionLine, within: range) -> bool:
    """Return whether the agency's name ends with a province that is none of the loaded plans'."""
    place = find_province_at_end(line.tokens[within.start : within.stop])
    return (
        place is not None and bool(line.context.provinces) and place not in line.context.provinces
    )


def _is_everybody_at(line: QuestionLine, within: range) -> bool:
    unmarked = line.context.has_marks and line.tokens[within.start].text.isascii()
    return not unmarked and any(
        "words.everybody" in p.labels and p.start <= within.start and within.stop <= p.end
        for p in line.phrases
    )  # "CA tỉnh" in a line with marks is not "cả tỉnh"


def _is_party(line: QuestionLine, mention: TextMention, within: range) -> bool:
    """Return whether the agency is asked about, and not part of the subject.

    It is part of the subject in "kế hoạch phối hợp với Mặt trận".
    """
    if line.is_in_subject(within.start):
        return False
    if mention.stands_alone:
        if line.text[mention.start : mention.end].lower() not in load_agency_tables().lone_words:
            return False
        ends = (
            within.stop == len(line.tokens)
            or line.has_verb_at(within.stop)
            or line.find_phrase_over(within.stop) is not None
        )
        return ends and line.is_agency_slot(within.start) and not line.asks_for_one_task()
    sure = (
        line.context.directory.find_kind(mention.canonical_name)
        in {"department", "office", "board"}
        and mention.how != "place"
    )
    if sure and not line.asks_for_one_task():
        return True
    return line.is_agency_slot(within.start) or line.has_verb_at(within.stop)


def _read_local_governments(line: QuestionLine) -> None:
    """Read UBND that nobody has entered.

    "huyện Châu Phú", "ubnd xa vinh trach" (docs/dev/questions.md rule 9).
    """
    at = 0
    while at < len(line.tokens):
        end = 0 if _is_known_local_at(line, at) else _find_local_end(line, at)
        name = make_local_name(line.tokens, at, end) if end else None
        if name is not None and not line.is_in_subject(at) and line.is_agency_slot(at):
            names = line.context.directory.find_registry_names(name, line.context.today)
            line.add_mention(at, end, names, name, "pattern")
        at = max(end, at + 1)


def _is_known_local_at(line: QuestionLine, at: int) -> bool:
    """Return whether a UBND of the registry stands here, or a whole level ("cấp huyện")."""
    hit = line.context.directory.find_name_at(line.tokens, at)
    is_local = hit is not None and line.context.directory.find_kind(hit.name) in {
        "district",
        "commune",
    }
    return is_local or (
        at > 0 and line.tokens[at - 1].folded in load_phrases().rules["before_level"]
    )


def _find_local_end(line: QuestionLine, at: int) -> int:
    """Return the word behind the UBND that starts at `at`; 0 if there is none.

    A name without capitals ends before a verb.
    """
    start = at + count_ubnd_words(line.tokens, at)
    level = (
        read_level_at(line.tokens, start)
        if start < len(line.tokens) and not line.is_taken[at]
        else None
    )
    if level is None or (start == at and not _means_level(line, at, level[0])):
        return 0
    first = end = start + level[0]
    if _find_city_end(line, first - 1):
        return 0
    capitals = end < len(line.tokens) and line.tokens[end].has_capital and not line.text.isupper()
    while (
        end < len(line.tokens)
        and not line.is_taken[end]
        and not BREAK.intersection(line.tokens[end].gap)
    ):
        if capitals and not line.tokens[end].has_capital:
            break
        if not capitals and (end - first >= LONGEST_PLACE or _is_place_end(line, end, end - first)):
            break
        end += 1
    if not capitals and _is_held_pair(line, first):
        return 0  # "ubnd xã công khai ngân sách"
    return end if end > first else 0


def _is_held_pair(line: QuestionLine, at: int) -> bool:
    """Return whether some task has the word at `at` and the one behind it side by side."""
    pair = [token.folded for token in line.tokens[at : at + 2]]
    return len(pair) > 1 and line.context.has_task_with(*pair)


def _means_level(line: QuestionLine, at: int, size: int) -> bool:
    """Return whether "quận", "phường" or "xã" is meant, not "quản lý", "phương án" or "xã hội"."""
    typed = " ".join(t.text.lower() for t in line.tokens[at : at + size])
    levels = load_agency_tables().level_names
    following = line.tokens[at + size] if at + size < len(line.tokens) else None
    if following is None or following.folded in load_phrases().rules["not_a_place"]:
        return False
    if not typed.isascii():
        right = typed in levels.values()
        capital = following.has_capital and not line.tokens[at].has_capital
        slipped = capital and fold(typed) in levels
        return right or slipped  # "huyên Krông Pa"
    capital = following.has_capital and not line.tokens[at].has_capital
    spelt = not line.context.has_marks or capital or not is_syllable(typed)  # "xa lộ" is no "xã"
    return (spelt and typed in load_phrases().rules["sure_levels"]) or (
        typed == "phuong" and (following.text.isdigit() or capital)
    )


def _is_place_end(line: QuestionLine, index: int, size: int) -> bool:
    """Return whether a place without capitals, of `size` words so far, ends before this word."""
    if size and line.tokens[index - 1].text.isdigit():
        return True  # "phường 3"
    if size and _is_verb_behind_place(line, index):
        return True
    if size < PLACE_SURE:
        phrase = line.find_phrase_over(index)
        longer = phrase is not None and phrase.start == index and phrase.end - index > 1
        firm = longer and phrase is not None and bool(phrase.labels & ENDS_PLACE)
        return firm or (size == 0 and is_end_word(line, index))
    return line.find_phrase_over(index) is not None or is_end_word(line, index)


def _is_verb_behind_place(line: QuestionLine, index: int) -> bool:
    """Return whether a verb ends the place.

    It is typed with its marks ("có" is in no place), or stands behind a foreign word.
    """
    typed = line.tokens[index].text.lower()
    as_written = not typed.isascii() and typed in load_phrases().verbs
    foreign = not is_syllable(line.tokens[index - 1].folded)
    return as_written or (foreign and (is_end_word(line, index) or line.has_verb_at(index)))


def _read_bare_departments(line: QuestionLine) -> None:
    """Read departments without "Sở": "bên tư pháp", "sở nội vụ và tài chính"."""
    for at in range(len(line.tokens)):
        size, name = _find_bare_department(line, at)
        if not size:
            continue
        names = line.context.directory.find_registry_names(name, line.context.today)
        end = at + size
        sure, behind_task = _read_bare_surroundings(line, at)
        sure = sure or _joins_mention(line, end) or _joins_department(line, end)
        led = (
            behind_task
            and not line.asks_for_one_task()
            and line.context.directory.loaded_names.issuperset(names)
        )
        begins = at == 0 and not line.asks_for_one_task()
        if sure or led or (begins and (line.has_verb_at(end) or _is_state_at(line, end))):
            line.add_mention(at, end, names, name)


def _is_state_at(line: QuestionLine, at: int) -> bool:
    """Return whether progress or a state is asked for at `at` ("nội vụ tới đâu rồi")."""
    phrase = line.find_phrase_over(at)
    if phrase is None or phrase.start != at:
        return False
    return any(label.startswith("status.") or label == "intent.progress" for label in phrase.labels)


def _find_bare_department(line: QuestionLine, at: int) -> tuple[int, str]:
    """Return (number of words, name) of a department at `at` without "Sở"; (0, "") if none.

    No word of a subject may follow it.
    """
    for size in range(6, 0, -1):
        part = line.tokens[at : at + size]
        if len(part) < size or line.is_taken[at] or part[-1].folded == AND:
            continue
        key, end = tuple(t.folded for t in part if t.folded != AND), at + size
        name = load_agency_tables().bare_departments.get(key)
        acts = at == 0 and (line.has_verb_at(end) or _is_state_at(line, end))
        if name is None and (acts or _is_listed(line, at) or _joins_mention(line, end)):
            name = load_agency_tables().beside.get(key)
        if name and (
            end == len(line.tokens) or not line.is_content(end) or line.tokens[end].gap.strip()
        ):
            return size, name
    return 0, ""


def _is_listed(line: QuestionLine, at: int) -> bool:
    """Return whether an agency and "và" stand before word `at`."""
    joins = load_phrases().rules["joins_agencies"]
    return (
        at > 1
        and line.tokens[at - 1].folded in joins
        and line.is_taken[at - 2]
        and bool(line.mentions)
    )


def _joins_department(line: QuestionLine, end: int) -> bool:
    """Return whether "và" and another bare department follow: "tư pháp với nội vụ bên nào hơn"."""
    joins = load_phrases().rules["joins_agencies"]
    if end + 1 >= len(line.tokens) or line.tokens[end].folded not in joins:
        return False
    size, _ = _find_bare_department(line, end + 1)
    return size > 0 and line.has_label("words.superlative", "intent.who", "intent.progress")


def _joins_mention(line: QuestionLine, end: int) -> bool:
    """Return whether "và" and an agency stand behind the words before `end`."""
    return (
        end + 1 < len(line.tokens)
        and line.tokens[end].folded in load_phrases().rules["joins_agencies"]
        and any(m.start == line.tokens[end + 1].start for m in line.mentions)
    )


def _read_bare_surroundings(line: QuestionLine, at: int) -> tuple[bool, bool]:
    """Return whether a department is surely meant at `at`, and whether a word for tasks precedes.

    It is surely meant behind "bên" or in a list of departments.
    """
    before = line.tokens[at - 1].folded if at else ""
    noun = at - 1 if before == "cua" else at
    return _is_listed(line, at) or before in load_phrases().rules[
        "before_department"
    ], line.find_phrase_ending(noun, "task.noun") is not None
