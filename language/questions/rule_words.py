"""Hold the words and labels that the rules of questions compare with.

They stay in code because each belongs to the logic of one rule; the phrases that an official could
mend are in `locales/vi/questions.toml`.
"""

import re

from language.questions.phrases import OWN

PERCENT = " phần trăm"
LEAST_PARTIES = 2  # agencies, of which one leads and the other takes part
MOST_UNKNOWN_WORDS = (
    3  # words of a subject that no task holds, in a question that says it is about a task
)
SHORT_LINE = 9  # words of a line that may be a follow-up by its end alone
AND_OR = frozenset({"va", "hoac", "hay", "voi", ""})
PLURAL = frozenset({"nao", "gi", "nhung", "cac", "danh", "may", "bao", "het", "chi"})
ABOUT_REGISTRY = (
    *(
        "task.noun",
        "status.overdue",
        "status.due_soon",
        "status.unfinished",
        "intent.progress",
        "deadline.due",
    ),
    *(
        "status.not_late",
        "deadline.word",
        "role.lead",
        "role.partner",
        "role.any",
        "intent.when",
        "intent.count",
        OWN,
    ),
)
ASKING = (
    "intent.progress",
    "intent.show",
    "intent.list_surely",
    "intent.who",
    "intent.when",
    "intent.count",
    "intent.list",
    "intent.show_of_task",
)
NAMES_TASK = ("task.noun", "role.lead", "role.partner")
ABOUT_TASKS = tuple(
    label
    for label in ABOUT_REGISTRY
    if label.partition(".")[0] in {"task", "status", "deadline", "role"}
)
MANNERS = ("thanks", "farewell", "agreement")
OF_MANY = (
    *(
        "task.noun",
        "status.overdue",
        "status.due_soon",
        "status.unfinished",
        "status.done",
        "status.both",
    ),
    *(
        "intent.count",
        "intent.progress",
        "intent.list_surely",
        "deadline.due",
        "words.superlative",
        "talk.that",
    ),
)
STATE_OF_IT = (
    *("intent.progress", "intent.show_of_task", "intent.list"),
    *("status.overdue", "status.unfinished", "status.done", "status.due_soon"),
)
TITLES = frozenset({"anh", "chi", "ong", "ba", "co", "chu", "bac", "chau"})
DOING = frozenset({"lam", "lo", "giu"})
CALENDAR = {"ngay": "day", "tuan": "week", "thang": "month"}
LONGER_THAN = re.compile(
    r"\b(?:han|tre|cham) (?P<span>(?:da )?(?:hon|tren|qua)"
    r" (?P<count>\d{1,3}) ?(?P<unit>ngay|tuan|thang))(?! ?\d)"
)
UNITS = frozenset({"so", "nganh", "huyen", "xa", "phuong"})
AFTER_STILL = frozenset({"task.noun", "intent.list", "intent.count"})
