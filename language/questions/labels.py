"""Name groups of phrase labels that the rules of questions ask for."""

from language.questions.phrases import OWN
from language.questions.question import REPORT_STATES, SETTLED_STATES

DEADLINE_KINDS = ("by_regulation", "ongoing", "recurring", "undated")
LATE = ("status.overdue", "status.done_late")
STATUSES = (
    *("status.done_late", "status.overdue", "status.due_soon"),
    *("status.unfinished", "status.done"),
    *(f"status.{state}" for state in (*REPORT_STATES, *SETTLED_STATES, *DEADLINE_KINDS)),
)
COUNTED_STATES = frozenset(
    {
        *("status.overdue", "status.unfinished", "status.must", "status.done"),
        *(f"status.{state}" for state in REPORT_STATES),
    }
)
INTERROGATIVES = (
    *("intent.who", "intent.when", "intent.count", "intent.list"),
    "intent.show_of_task",
)
ASKS = ("intent.progress", "intent.show", "intent.list_surely", *INTERROGATIVES)
NAMES_TASK = ("task.noun", "role.lead", "role.partner")
ABOUT_TASKS = (
    *(*NAMES_TASK, "role.any", "deadline.due", "deadline.word", "status.not_late"),
    *("status.overdue", "status.due_soon", "status.unfinished"),
)
ABOUT_REGISTRY = (*ABOUT_TASKS, "intent.progress", "intent.when", "intent.count", OWN)
ABOUT_MANY_TASKS = (
    *("task.noun", *STATUSES, "status.both", "intent.count", "intent.progress"),
    *("intent.list_surely", "deadline.due", "words.superlative", "talk.that"),
)
ASKS_MUCH = ("intent.progress", "intent.count", "intent.list_surely", "words.superlative")
STATE_OF_TASK = ("intent.progress", "intent.show_of_task", "intent.list", *STATUSES)
BEHIND_STILL = frozenset({"task.noun", "intent.list", "intent.count"})
NO_MEANING = frozenset(
    {"fact.unkept", "words.subject", "intent.change", "words.plan", "words.section"}
)
CLOSES_SUBJECT = frozenset({*STATUSES, "role.lead", "role.partner", "intent.who", "intent.count"})
ENDS_PLACE = CLOSES_SUBJECT | {
    *("intent.progress", "deadline.due", "task.noun", "intent.list", "role.any"),
}
NOT_UNKNOWN = frozenset({OWN, "intent.who", "words.everybody", "intent.list"})
