"""Read what narrows a question: agencies, role, status, days, code, section, plan and subject."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from language.questions.days import read_days_of_work, read_due, read_reports_of_days
from language.questions.intents import asks_whether_done, read_comparison
from language.questions.labels import BEHIND_STILL, DEADLINE_KINDS
from language.questions.line import QuestionLine, opens_follow_up
from language.questions.phrases import OWN, Phrase, is_list_before, load_phrases
from language.questions.question import (
    ABOUT_ONE_TASK,
    FIGURES,
    REPORT_STATES,
    SETTLED_STATES,
    Days,
    Intent,
    Question,
)
from language.questions.subject import (
    find_held_state,
    is_subject_known,
    read_subject,
)
from language.questions.unknown_agencies import find_nearest_names
from language.search import is_stop_word
from language.text import fold
from language.tokens import split_words

MOST_CODES = 5  # tasks named in one line that are answered in turn
LEAST_PARTIES = 2  # agencies, of which one leads and the other takes part
_STRONGEST_FIRST = (
    *REPORT_STATES,
    *SETTLED_STATES,
    *DEADLINE_KINDS,
    *("done_late", "overdue", "due_soon", "unfinished", "done"),
)
_REPEATS = {"tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"}


def read_filters(line: QuestionLine, intent: Intent) -> Question:
    """Return the question of this intent with everything that narrows it."""
    many = intent in FIGURES
    names = _list_agency_names(line, intent)
    codes, groups = _list_codes(line)
    due, single = (read_due(line) if many else None) or (None, False)
    if intent == "progress" and due == (None, line.context.today):
        due = None  # "đến ngày 20/11" of a report is the day it is of
    today = line.context.today
    if intent == "progress" and single and due and (due[1] or today) < today:
        due, single = None, False  # "hôm qua họp ..., tới đâu rồi": figures are of now
    question = Question(
        intent,
        agencies=names,
        unknown_agency=None if intent == "who" else line.unknown_agency,
        role=read_role(line, intent, bool(names)),
        status=_read_status(line, intent, due) if many and not codes else None,
        due=due,
        single=single,
        code=codes[0] if codes else None,
        more_codes=tuple(codes[1:MOST_CODES]) if intent in ABOUT_ONE_TASK else (),
        section=None if codes and groups else line.section,
        plan=next((code.value for code in line.codes if code.kind == "plan"), line.plan_title),
        words=read_subject(line, intent, bool(codes)),
        parts=line.subject_parts,
        own=line.has_own_agency,
        needs_agency=many
        and (
            (line.has_own_agency and _find_asker(line) is None)
            or (line.has_label("talk.that") and not names)
        ),
        candidates=tuple(name for m in line.mentions for name in m.candidates) if many else (),
    )
    question = _divide_agencies(line, question, names) if many else question
    question = read_reports_of_days(line, _tell_part_apart(line, question))
    if intent == "progress":
        question = replace(question, comparison=read_comparison(line))
        if question.comparison is not None:
            line.ignored_words = _drop_comparison(line.ignored_words)
    ignored = line.ignored_words if question.words is None else None
    every = _read_repeat(line, question)
    question = replace(read_days_of_work(line, question), every=every, ignored=ignored)
    if question.unknown_agency and not line.is_other_province:
        nearest = find_nearest_names(line, question.unknown_agency)
        question = replace(question, nearest=nearest)
    return replace(question, second=_make_second_reading(line, question))


def _divide_agencies(line: QuestionLine, question: Question, names: tuple[str, ...]) -> Question:
    """Return the question with its agencies by their parts, if several have one in a task."""
    beside, parts = _list_own_beside(line), _read_parts(line)
    if beside:
        others = line.mentions[0].names
        return replace(
            question, agencies=beside, role="any", others=others, together=True, own=True
        )
    if parts is not None:
        return replace(question, agencies=parts[0], role=parts[1], others=parts[2])
    if not _asks_together(line, names):
        return question
    role = question.role if _names_role_of_each(line) else "any"
    return replace(question, agencies=names[:1], role=role, others=names[1:], together=True)


def _tell_part_apart(line: QuestionLine, question: Question) -> Question:
    """Return the question with its state as that of a part: "có mấy việc, việc nào trễ".

    The state stands behind a second word that asks, and none before that.
    """
    counts = [p for p in line.phrases if "intent.count" in p.labels]
    states = [p for p in line.phrases if any(name.startswith("status.") for name in p.labels)]
    if question.intent != "count" or not counts or not states or question.status is None:
        return question
    first, state = counts[0], states[0]
    again = any(
        p.labels & {"intent.count", "intent.list"} and first.end < p.start < state.start
        for p in line.phrases
    )
    return replace(question, status=None, among=question.status) if again else question


def _list_codes(line: QuestionLine) -> tuple[list[str], list[str]]:
    """Return the tasks' codes in the line, and the letters of sections ("A" of "II.4 mục A").

    The first code holds the first letter, if it begins with a Roman number.
    """
    codes = list(dict.fromkeys(code.value for code in line.codes if code.kind == "code"))
    groups = [
        code.value
        for code in line.codes
        if code.kind == "section" and len(code.value) == 1 and code.value in "ABCDEFGH"
    ]
    if codes and groups and codes[0][0] in "IVX":
        codes = [f"{groups[0]}.{codes[0]}"]
    return codes, groups


def _names_role_of_each(line: QuestionLine) -> bool:
    """Return whether a role is named that agencies have, and not only what they do together."""
    joins, parts = (load_phrases().rules[name] for name in ("together", "parts"))
    return any(
        line.tokens[p.start].folded not in joins
        or any(token.folded in parts for token in line.tokens[p.start : p.end])
        for p in line.phrases
        if p.labels & {"role.lead", "role.partner", "role.any"}
    )


def _list_agency_names(line: QuestionLine, intent: Intent) -> tuple[str, ...]:
    if intent == "who" or (intent == "show" and any(code.kind == "code" for code in line.codes)):
        return ()
    names = [name for mention in line.mentions for name in mention.names]
    if line.has_own_agency and intent in FIGURES and (asker := _find_asker(line)):
        names += line.context.directory.find_registry_names(asker)
    if intent == "when" and any(code.kind == "code" for code in line.codes):
        return ()
    return tuple(dict.fromkeys(names))


def _read_parts(line: QuestionLine) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    """Return (agencies, role, others) of "việc sở A chủ trì mà sở B phối hợp", or None."""
    role_phrases = [
        p
        for p in line.phrases
        if p.labels & {"role.lead", "role.partner"} and "role.any" not in p.labels
    ]
    parties = _list_parties(line)
    if (
        not role_phrases
        or len(parties) < LEAST_PARTIES
        or any("role.any" in p.labels for p in line.phrases)
    ):
        return None
    nouns = [p.start for p in line.phrases if "task.noun" in p.labels]
    if any(role_phrases[0].end <= at < role_phrases[-1].start for at in nouns) and any(
        at >= role_phrases[-1].end for at in nouns
    ):
        return None  # "A chủ trì việc gì, B phối hợp việc gì" are two questions
    roles: list[str] = []
    for (at, _), behind in zip_longest(parties, parties[1:]):
        turned = behind is not None and _turns_between(line, at, behind[0], role_phrases)
        role = "lead" if turned else _find_part_at(line, at, role_phrases, roles)
        if role is None:
            return None
        roles.append(role)
    first = roles[0]
    ours, theirs = (
        tuple(
            dict.fromkeys(
                name
                for (_, names), role in zip(parties, roles, strict=True)
                if same == (role == first)
                for name in names
            )
        )
        for same in (True, False)
    )
    return (ours, first, theirs) if ours and theirs else None


def _turns_between(line: QuestionLine, at: int, behind: int, parts: Sequence[Phrase]) -> bool:
    """Return whether "mà" stands between two agencies and no part: "của sở A mà sở B phối hợp"."""
    return not any(at < p.start < behind for p in parts) and any(
        token.folded in load_phrases().rules["turns"] for token in line.tokens[at:behind]
    )


def _asks_together(line: QuestionLine, names: Sequence[str]) -> bool:
    """Return whether work is asked for that several agencies do together.

    "cùng" stands behind the last of them: "sở A cùng sở B" only joins two names.
    """
    parties = _list_parties(line)
    if len(names) < LEAST_PARTIES or len(parties) < LEAST_PARTIES:
        return False
    last = parties[-1][0]
    return any(
        (token.folded in load_phrases().rules["together"] and at > last) or _is_shared_at(line, at)
        for at, token in enumerate(line.tokens)
    )


def _is_shared_at(line: QuestionLine, at: int) -> bool:
    """Return whether "chung" at `at` names whose work it is: "việc chung của sở A và sở B".

    "Giao chung cho sở A" only says how it is given.
    """
    rules = load_phrases().rules
    before, behind = line.tokens[at - 1 : at], line.tokens[at + 1 : at + 2]
    return (
        line.tokens[at].folded in rules["shared"]
        and bool(behind)
        and behind[0].folded in rules["joins_agencies"] | rules["shared_by"]
        and not (before and before[0].folded in rules["not_shared"])
    )


def _list_own_beside(line: QuestionLine) -> tuple[str, ...]:
    """Return the asker's agency, if work is asked for that it does with another one.

    "việc phối hợp với sở X" of somebody of another agency is theirs in which X takes part.
    """
    asker = _find_asker(line)
    if asker is None or len(line.mentions) != 1:
        return ()
    own = line.context.directory.find_registry_names(asker)
    parts = [p for p in line.phrases if p.labels & {"role.lead", "role.partner", "role.any"}]
    at = line.find_words(line.mentions[0].start, line.mentions[0].end).start
    joins = load_phrases().rules["joins_agencies"]
    behind = at > 0 and line.tokens[at - 1].folded in joins and len(parts) == 1
    partner = behind and "role.partner" in parts[0].labels and at - 1 <= parts[0].end <= at
    shared = at > 1 and _is_shared_at(line, at - 2)
    return own if (partner or shared) and set(line.mentions[0].names).isdisjoint(own) else ()


def _list_parties(line: QuestionLine) -> list[tuple[int, tuple[str, ...]]]:
    """Return (index of the first word, names) of each agency in the line, the asker's own too."""
    parties = [(line.find_words(m.start, m.end).start, m.names) for m in line.mentions if m.names]
    asker = _find_asker(line) if line.has_own_agency else None
    if asker is not None:
        own = line.context.directory.find_registry_names(asker)
        parties += [(p.start, own) for p in line.list_own_phrases()[:1]]
    return sorted(parties)


def _find_part_at(
    line: QuestionLine, at: int, role_phrases: Sequence[Phrase], before: Sequence[str]
) -> str | None:
    """Return the role of the agency at `at`, or None if none is named.

    The role stands before it with "là", else behind it, else it follows from "phối hợp với".
    """
    last = next((p for p in reversed(role_phrases) if p.end <= at), None)
    between = [t.folded for t in line.tokens[last.end : at]] if last else []
    if last is not None and between == ["la"]:
        return _get_role(last)
    following = next((p for p in role_phrases if p.start > at), None)
    if following is not None:
        return _get_role(following)
    joined = last is not None and (between == ["voi"] or line.tokens[at - 1].folded == "voi")
    if joined and before and last is not None and _get_role(last) == "partner":
        return "lead" if before[-1] == "partner" else "partner"
    return None


def _find_asker(line: QuestionLine) -> str | None:
    """Return the agency that "đơn vị em" means.

    It is the one that the line introduces ("em ở Sở Y tế, cho em hỏi"), else the asker's.
    """
    words = split_words(line.introduction)
    for mention in (
        line.context.directory.find_mentions(line.introduction, line.context.today) if words else ()
    ):
        at = next((i for i, token in enumerate(words) if token.start >= mention.start), len(words))
        if len(mention.names) == 1 and is_list_before(words, at, "introduces"):
            return mention.names[0]
    return line.context.asker


def read_role(line: QuestionLine, intent: Intent, has_agency: bool) -> str | None:
    """Return the role in which agencies are asked about.

    "lead", "partner", "any", or None if none is meant.
    """
    roles = set(line.list_labels("role"))
    for phrase in line.phrases:
        if (
            "words.about" in phrase.labels
            and "role.any" not in phrase.labels
            and (
                (phrase.end < len(line.tokens) and line.is_taken[phrase.end])
                or (has_agency and not _has_subject_from(line, phrase.end))
            )
        ):
            roles |= {"any"} if line.tokens[phrase.start].folded == "lien" else set()
    if intent == "who":
        if "lead" in roles or not roles:
            return "any" if {"lead", "partner"} <= roles else "lead"
        return "partner" if "partner" in roles else "any"
    if not has_agency and not (line.has_own_agency and intent in FIGURES):
        lone = roles & {"lead", "partner", "any"}
        return (
            lone.pop() if len(lone) == 1 and intent in FIGURES and opens_follow_up(line) else None
        )
    if "any" in roles or {"lead", "partner"} <= roles:
        return "any"
    return "partner" if "partner" in roles else "lead"


def denies_part(line: QuestionLine) -> bool:
    """Return whether those are asked for that an agency does not lead, or has no part in.

    "sở A không chủ trì việc nào", but not "không chủ trì mà phối hợp". Nor is there a list of what
    is not in a state by decision: "việc không bị hủy".
    """
    settled = {f"status.{state}" for state in SETTLED_STATES}
    denied = {"role.lead", "role.partner", "role.any"} | settled
    parts = [p for p in line.phrases if p.labels & denied]
    return bool(parts) and all(
        any(
            at > 0 and line.tokens[at - 1].folded in load_phrases().rules["denies"]
            for at in (p.start, p.start - 1)
            if at == p.start or line.tokens[at].folded in load_phrases().rules["must"]
        )
        and not line.tokens[p.start].gap.strip()
        for p in parts
    )


def _has_subject_from(line: QuestionLine, at: int) -> bool:
    """Return whether a subject follows.

    It does in "liên quan ISO", but not in "sở y tế có việc nào liên quan không".
    """
    return any(line.is_content(i) for i in range(at, len(line.tokens)))


def _read_status(line: QuestionLine, intent: Intent, due: Days | None) -> str | None:
    """Return the strongest status in the line, or None.

    With a day, "phải xong" and "đến hạn" are about that day.
    """
    statuses = {
        label.split(".")[1]
        for phrase in line.phrases
        for label in phrase.labels
        if label.startswith("status.") and not _is_within_window(line, phrase)
        if label != "status.recurring" or not _reaches_window(line, phrase)
    }
    if intent == "progress":
        return None
    if asks_whether_done(line) or _ends_in_not_yet(line):
        statuses.discard("unfinished")
    if due is None and _counts_down(line):
        statuses = {*statuses - {"done"}, "unfinished"}
    if intent == "count" and _asks_for_nearest(line):
        statuses.discard("due_soon")  # "có mấy việc, việc nào gần nhất": the list begins with it
    for status in _STRONGEST_FIRST:
        if status in statuses:
            return None if due and not _is_firm_status(line, status) else status
    if due is None and line.has_label("deadline.due"):
        return "due_soon"
    if due is None and intent == "list" and _asks_for_latest(line):
        return "overdue"
    return "unfinished" if _asks_what_remains(line, intent) else None


def _drop_comparison(ignored: str | None) -> str | None:
    """Return the words that were not used without those that compare ("tốt hơn")."""
    rules = load_phrases().rules
    used = rules["compares"] | rules["compared"]
    return " ".join(w for w in (ignored or "").split() if fold(w) not in used) or None


def _ends_in_not_yet(line: QuestionLine) -> bool:
    """Return whether "chưa" at the end only asks how a subject stands: "... trình chưa"."""
    bare = [p for p in line.phrases if "status.unfinished" in p.labels]
    return (
        len(bare) == 1
        and bare[0].end - bare[0].start == 1
        and line.tokens[bare[0].start].folded == "chua"
        and all(is_stop_word(token.text) for token in line.tokens[bare[0].end :])
        and not line.has_label("intent.who", "intent.list", "intent.count", "task.noun")
        and is_subject_known(line)
    )


def _counts_down(line: QuestionLine) -> bool:
    """Return whether "còn mấy việc nữa là xong" asks for what is not done."""
    words = [token.folded for token in line.tokens]
    ends = [p.start for p in line.phrases if p.labels & {"status.done", "status.must"}]
    return any("con" in words[:at] and "nua" in words[words.index("con") : at] for at in ends)


def _asks_for_latest(line: QuestionLine) -> bool:
    """Return whether "trễ nhất là cái nào" asks for what is late."""
    late = load_phrases().rules["compared_late"]
    return any(
        "words.superlative" in p.labels
        and any(token.folded in late for token in line.tokens[p.start : p.end])
        for p in line.phrases
    )


def _asks_for_nearest(line: QuestionLine) -> bool:
    """Return whether what is due soon is said by "nhất" alone: that orders, it narrows nothing."""
    soon = [p for p in line.phrases if "status.due_soon" in p.labels]
    return bool(soon) and all(line.tokens[p.end - 1].folded == "nhat" for p in soon)


def _read_repeat(line: QuestionLine, question: Question) -> str | None:
    """Return how often a repeating deadline that is asked about comes: "month", "quarter"."""
    if question.status != "recurring":
        return None
    last = {line.tokens[p.end - 1].folded for p in line.phrases if "status.recurring" in p.labels}
    return next((every for word, every in _REPEATS.items() if word in last), None)


def _is_firm_status(line: QuestionLine, status: str) -> bool:
    """Return whether the status holds beside days: "hết hạn hôm qua" is about the day alone."""
    words = {
        fold(line.join_words(p.start, p.end))
        for p in line.phrases
        if f"status.{status}" in p.labels
    }
    return status != "overdue" or words != {"het han"}


def _is_within_window(line: QuestionLine, phrase: Phrase) -> bool:
    start, end = line.tokens[phrase.start].start, line.tokens[phrase.end - 1].end
    return any(w.start <= start and end <= w.end for w in line.windows)


def _reaches_window(line: QuestionLine, phrase: Phrase) -> bool:
    """Return whether named days begin within the phrase: "theo tháng 12" repeats nothing."""
    start, end = line.tokens[phrase.start].start, line.tokens[phrase.end - 1].end
    return any(start < w.start < end < w.end for w in line.windows)


def _asks_what_remains(line: QuestionLine, intent: Intent) -> bool:
    """Return whether "còn việc gì" asks for tasks that are not done."""
    if intent not in {"list", "count"}:
        return False
    for at, token in enumerate(line.tokens):
        over = line.find_phrase_over(at)
        alone = over is None or (OWN in over.labels and over.end == at + 1)
        if token.folded == "con" and not line.is_taken[at] and alone:
            following = line.find_phrase_over(at + 1)
            if (
                following is None
                and at + 1 < len(line.tokens)
                and is_stop_word(line.tokens[at + 1].text)
            ):
                following = line.find_phrase_over(at + 2)
            if following is not None and following.labels & BEHIND_STILL:
                return True
    return False


def _make_second_reading(line: QuestionLine, question: Question) -> Question | None:
    """Return the other reading of the question, if there is one."""
    if question.intent == "when" and line.windows:
        first = line.windows[0]
        return Question("list", due=(first.first_day, first.last_day), single=first.single)
    if (
        question.section
        and question.intent in FIGURES
        and not any(c.kind == "section" for c in line.codes)
    ):
        return replace(question, section=None, words=question.section, second=None)
    narrowed = question.words and question.status and question.intent in FIGURES
    held = find_held_state(line) if narrowed else None
    if held is not None:
        words = f"{question.words} {held}"
        return replace(question, status=None, words=words, parts=(), second=None)
    if (
        question.intent == "list"
        and question.status == "due_soon"
        and line.has_label("deadline.due")
    ):
        return replace(question, status="overdue", second=None)
    if question.intent in FIGURES and len(line.windows) > 1:
        other = line.windows[1]
        return replace(
            question, due=(other.first_day, other.last_day), single=other.single, second=None
        )
    return None


def _get_role(phrase: Phrase) -> str:
    return "lead" if "role.lead" in phrase.labels else "partner"
