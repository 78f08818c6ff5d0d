"""Define a question: what is asked, what narrows it, and how a follow-up changes it.

The fields are those of docs/dev/questions.md.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal

from pydantic import TypeAdapter

from language.search import choose_search_words

Intent = Literal["list", "count", "show", "who", "when", "progress", "help", "greeting", "unknown"]
ABOUT_ONE_TASK = frozenset({"show", "who", "when"})
FIGURES = frozenset({"list", "count", "progress"})
Days = tuple[date | None, date | None]
SETTLED_STATES = ("cancelled", "suspended", "extension_refused", "extension_granted")
"""States by decision of who supervises."""
REPORT_STATES = ("extension_asked", "returned", "reported", "not_received")


@dataclass(frozen=True)
class AgencyComparison:
    """By what agencies are compared, or how those are counted that stand so.

    - `what`: "late", "open", "done" or "tasks", or the state of a report ("not_received").
    - `end`: "most" or "least"; "number" asks how many agencies stand so, "place" which place the
      agency of the question has.
    - `level`: the kind of the agencies that are meant alone ("commune"); None for all.
    """

    what: str
    end: str
    level: str | None = None


@dataclass(frozen=True)
class Question:
    """What is asked, and what narrows it (docs/dev/questions.md); empty or None narrows nothing.

    Besides the fields of `ask --json`:
    - `candidates`: several agencies that the words fit; the bot asks which.
    - `nearest`: known names like the unknown one.
    - `called`: canonical names of old names in the line.
    - `needs_agency`: "của tôi" from a person without an agency.
    - `own`: it is about the asker's agency.
    - `follow_up`: it continues the question before.
    - `elliptic`: a short line without agency and noun ("cái nào trễ"), which continues the question
      before if that was asked not long ago. Alone it means all.
    - `bare`: an elliptic line that says nothing but "kể ra xem"; alone it means nothing.
    - `left`: it only asks how much is left to do; by itself it is about the asker's agency.
    - `item`: the line of the last list that is meant.
    - `said`: the fields that the line itself names.
    - `unheld`: no task contains the subject, so nothing can be found.
    - `more_codes`: the other tasks that the line names; each is answered in turn.
    - `comparison`: by what agencies are compared or counted; None for neither.
    - `among`: of a count, the state of the part that is told apart ("có mấy việc, việc nào trễ").
    - `together`: the agencies must all have a part in a task ("sở A và sở B cùng làm"): `agencies`
      is one of them and `others` are the rest.
    - `done_in`: first and last day in which the work was done ("tuần trước làm được gì").
    - `every`: how often the deadline comes, "month" or "quarter", if `status` is "recurring".
    - `second`: the other reading.
    - `listed_own`, `listed_shared`: the tasks of the list that was shown, in its order, by their
      numbers in the registry: given by name, and through a collective.
    - `it`: the line is about the task of the answer before ("ai làm việc đó"), whose number in the
      registry is `task`.
    - `first`: only so many lines of the list are shown ("2 cái đầu thôi"); `offset` is the number
      of tasks before the page.
    - `manner`: the kind of greeting, "thanks", "farewell" or "agreement", None for a welcome. For
      an unknown question: "change" is a request to change something, "exception" asks for all but
      an agency or for agencies without tasks, "lunar" names a day of the lunar calendar, "receiver"
      asks for what is sent to the asker's agency, "off_topic" is about something else. Facts
      besides tasks have manners, too (docs/dev/questions.md).
    - `parts`: the subjects that `words` hold, if they may be several ("trụ sở công, bệnh án").
    - `unknown_day`: a day that no calendar has ("31/11").
    - `ignored`: words without meaning here, in a question that is understood without them.
    - `others`: agencies with the other part in the same tasks, the partners if `role` is lead and
      the leads if it is partner ("việc sở A chủ trì mà sở B phối hợp").
    """

    intent: Intent
    agencies: tuple[str, ...] = ()
    unknown_agency: str | None = None
    role: str | None = None
    status: str | None = None
    due: Days | None = None
    single: bool = False
    code: str | None = None
    section: str | None = None
    plan: str | None = None
    words: str | None = None
    candidates: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    needs_agency: bool = False
    own: bool = False
    follow_up: bool = False
    elliptic: bool = False
    bare: bool = False
    left: bool = False
    item: int | None = None
    unheld: bool = False
    said: tuple[str, ...] = ()
    it: bool = False
    task: int | None = None
    manner: str | None = None
    unknown_day: str | None = None
    ignored: str | None = None
    others: tuple[str, ...] = ()
    more_codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    done_in: Days | None = None
    every: str | None = None
    comparison: AgencyComparison | None = None
    among: str | None = None
    together: bool = False
    first: int | None = None
    offset: int = field(default=0, compare=False)
    second: "Question | None" = field(default=None, compare=False)
    listed_own: tuple[int, ...] = field(default=(), compare=False)
    listed_shared: tuple[int, ...] = field(default=(), compare=False)

    @cached_property
    def search_words(self) -> tuple[str, ...]:
        """Return the subject as folded words and pairs to search for; empty if there is none."""
        return choose_search_words(self.words) if self.words else ()

    def to_json(self) -> dict[str, Any]:
        """Return the question as JSON values, as kept for the last question of a chat."""
        stored: dict[str, Any] = _load_adapter().dump_python(self, mode="json")
        return stored

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Question":
        """Return the question that `to_json` gave. Unknown fields are left out."""
        return _load_adapter().validate_python(values)


@cache
def _load_adapter() -> TypeAdapter[Question]:
    return TypeAdapter(Question)


UNKNOWN = Question("unknown")
CHANGE = Question("unknown", manner="change")  # a request to change something (rule 11)
EXCEPTION = Question(
    "unknown", manner="exception"
)  # all but something: nothing here is looked up that way
LUNAR = Question("unknown", manner="lunar")  # a day of the lunar calendar
OFF_TOPIC = Question("unknown", manner="off_topic")  # about something outside the registry
RECEIVER = Question("unknown", manner="receiver")  # what is sent to the asker
WHICH_TASK = Question("unknown", it=True)  # about a task, but none was shown
_CARRIED_FIELDS = ("agencies", "role", "status", "due", "code", "section", "plan", "words")


def _collect_changes(previous: Question, follow_up: Question) -> dict[str, Any]:
    """Return the fields that the line itself names, with those that belong to them."""
    fields_of_line = frozenset(follow_up.said)
    changes: dict[str, Any] = {
        name: getattr(follow_up, name) for name in _CARRIED_FIELDS if name in fields_of_line
    }
    if "agencies" in fields_of_line:
        changes |= {name: getattr(follow_up, name) for name in _NAMED_WITH_AGENCIES}
        changes.setdefault("role", previous.role or "lead")
    if "status" in fields_of_line:
        changes |= {"done_in": follow_up.done_in, "every": follow_up.every}
        if follow_up.status in _UNDATED and "due" not in fields_of_line:
            changes |= {"due": None, "single": False}
    if "due" in fields_of_line:
        changes["single"] = follow_up.single
    if "code" in fields_of_line or "words" in fields_of_line:
        names = ("code", "more_codes", "words", "parts")
        changes |= {name: getattr(follow_up, name) for name in names}
    return changes


_NAMED_WITH_AGENCIES = (
    "unknown_agency",
    "candidates",
    "nearest",
    "needs_agency",
    "own",
    "others",
    "together",
)


_STATES_COMPARED = {  # what a list of them holds
    **{state: state for state in REPORT_STATES},
    **{"late": "overdue", "open": "unfinished"},
}
_UNDATED = ("ongoing", "by_regulation", "undated")  # what has no day in any window


def merge_follow_up(previous: Question, follow_up: Question) -> Question:
    """Return `follow_up` completed by the question before.

    What it does not name itself stays as it was; a line of the list is one of the list as shown.

    A line about the task of the answer before gets that task. If there was none, the bot asks
    which.
    """
    if follow_up.it:
        return replace(follow_up, task=previous.task) if previous.task is not None else WHICH_TASK
    changes = _collect_changes(previous, follow_up)
    fields_of_line = frozenset(follow_up.said)
    intent = (
        follow_up.intent
        if "intent" in fields_of_line or previous.intent not in FIGURES
        else previous.intent
    )
    if previous.intent == "progress" and "status" in fields_of_line:
        intent = follow_up.intent  # figures are of all states
    if "due" in fields_of_line and "status" not in fields_of_line and previous.status in _UNDATED:
        changes["status"] = None
    compared = previous.comparison
    if follow_up.bare and compared is not None and compared.what in _STATES_COMPARED:
        changes["status"] = _STATES_COMPARED[compared.what]
    if intent == "progress":  # figures are of all states
        changes |= {"status": None, "done_in": None}
    if follow_up.item is None or changes:
        changes |= {"listed_own": (), "listed_shared": ()}
    elif follow_up.role is not None:
        changes["role"] = follow_up.role
    return replace(
        previous,
        **changes,
        intent=intent,
        follow_up=True,
        item=follow_up.item,
        said=follow_up.said,
        task=None,
        left=False,
        first=None,
        offset=0,
        second=None,
        ignored=follow_up.ignored,
        manner=None,
        comparison=follow_up.comparison if intent == "progress" else None,
        among=None,
    )


def resolve_alone(question: Question) -> Question:
    """Return a question that has none before it.

    If it needs one ("việc đó"), it asks which task is meant.
    """
    if question.bare:
        return replace(question, bare=False) if question.intent == "progress" else UNKNOWN
    if question.elliptic and {*question.said} <= {"role", "intent"} and question.intent == "list":
        return replace(question, needs_agency=True)  # "cái nào phối hợp" of nobody
    return WHICH_TASK if question.it or question.item is not None else question
