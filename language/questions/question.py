"""A question as it was understood (questions.md): what is asked and what narrows it, and how a follow-up changes it."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

Intent = Literal["list", "count", "show", "who", "when", "progress", "help", "greeting", "unknown"]
ABOUT_ONE_TASK = frozenset({"show", "who", "when"})
FIGURES = frozenset({"list", "count", "progress"})
Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Question:
    """What is asked, and what narrows it (questions.md); empty or None narrows nothing.

    Besides the fields of `ask --json`: `candidates`, several agencies that one word fits (the bot asks which);
    `nearest`, known names like the unknown one; `called`, canonical names of old names that were said;
    `needs_agency`, "của tôi" from a person without an agency; `own`, it is about the asker's agency;
    `follow_up`, it goes on with the question before; `item`, the line of the last list that is meant; `said`,
    which fields the line itself named; `unheld`, no task holds the subject: nothing is to be found; `second`,
    the other reading; `it`, the line is about the task shown before ("ai làm việc đó", "hạn khi nào"), whose
    number in the registry is `task`; `manner`, what kind of a greeting it is: "thanks", "farewell",
    "agreement", None for a welcome ("change": no question, but a request to change something; "exception": it asks
    for all but an agency, or for those that have nothing; "lunar": it names a day of the lunar calendar);
    `unknown_day`, a day that is in no calendar ("31/11"); `ignored`, words that mean nothing here, in a question
    that is understood without them; `others`, agencies that take the other part in the same tasks: partners where
    `role` is lead, leads where it is partner ("việc sở A chủ trì mà sở B phối hợp").
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
    called: tuple[str, ...] = ()
    needs_agency: bool = False
    own: bool = False
    follow_up: bool = False
    item: int | None = None
    unheld: bool = False
    said: tuple[str, ...] = ()
    it: bool = False
    task: int | None = None
    manner: str | None = None
    unknown_day: str | None = None
    ignored: str | None = None
    others: tuple[str, ...] = ()
    second: "Question | None" = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as kept with a chat's last question."""
        values = asdict(replace(self, second=None))
        if self.due:
            values["due"] = [_format_day(day) for day in self.due]
        values["second"] = self.second.to_json() if self.second else None
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Question":
        """The question that `to_json` gave; fields it does not know are left out."""
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        known = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in known.items()
        }
        due = known.get("due")
        if due:
            first, last = (date.fromisoformat(day) if day else None for day in due)
            known["due"] = (first, last)
        if known.get("second"):
            known["second"] = cls.from_json(known["second"])
        return cls(**known)


def _format_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


UNKNOWN = Question("unknown")
CHANGE = Question("unknown", manner="change")  # a request to change something (rule 11)
EXCEPTION = Question(
    "unknown", manner="exception"
)  # all but something: nothing here is looked up that way
LUNAR = Question("unknown", manner="lunar")  # a day of the lunar calendar
WHICH_TASK = Question("unknown", it=True)  # about a task, but none was shown
_CARRIED_FIELDS = ("agencies", "role", "status", "due", "code", "section", "plan", "words")


def merge_follow_up(previous: Question, follow_up: Question) -> Question:
    """`follow_up` in the light of the question before: what it does not say itself stays as it was.

    A line about the task shown before is that task's; where none was, it is asked which.
    """
    if follow_up.it:
        return replace(follow_up, task=previous.task) if previous.task is not None else WHICH_TASK
    said = frozenset(follow_up.said)
    changed: dict[str, Any] = {
        name: getattr(follow_up, name) for name in _CARRIED_FIELDS if name in said
    }
    if "agencies" in said:
        changed |= {
            name: getattr(follow_up, name)
            for name in (
                "unknown_agency",
                "candidates",
                "nearest",
                "called",
                "needs_agency",
                "own",
                "others",
            )
        }
        changed.setdefault("role", previous.role or "lead")
    if "due" in said:
        changed["single"] = follow_up.single
    if "code" in said or "words" in said:
        changed |= {name: getattr(follow_up, name) for name in ("code", "words")}
    intent = (
        follow_up.intent if "intent" in said or previous.intent not in FIGURES else previous.intent
    )
    return replace(
        previous,
        **changed,
        intent=intent,
        follow_up=True,
        item=follow_up.item,
        said=follow_up.said,
        task=None,
        second=None,
    )


def resolve_alone(question: Question) -> Question:
    """A question with none before it: one that is about the task or list shown before asks which task is meant."""
    return WHICH_TASK if question.it or question.item is not None else question
