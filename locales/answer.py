"""An answer as data: message ids with values, buttons, files. `fluent.py` and channels show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import Base64Bytes, BeforeValidator, PlainSerializer, TypeAdapter

LONGEST_ACTION = 64  # bytes of a button's action (core.telegram.org/bots/api, InlineKeyboardButton)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the `.ftl` files: its id and values. Strings in values are never markup."""

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.id, tuple(self.values.items())))


def say(message_id: str, /, **values: Any) -> Sentence:
    """Return the sentence `message_id` with `values`.

    A value is a str, int, float, date, datetime, Sentence, or a tuple of str and Sentence.
    """
    return Sentence(message_id, {name.replace("_", "-"): value for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label, and the action of a press (at most LONGEST_ACTION bytes of UTF-8).

    `page`: the address of a page that it opens inside the channel, in place of an action. A channel
    that cannot do that leaves the button out.
    """

    label: Sentence
    action: str = ""
    page: str | None = None

    def __post_init__(self) -> None:
        if not fits_button(self.action):
            raise ValueError(f"button action over {LONGEST_ACTION} bytes: {self.action!r}")


def fits_button(action: str) -> bool:
    """Return whether a button can carry the action."""
    return len(action.encode()) <= LONGEST_ACTION


def make_button(label: Sentence, name: str, *values: object) -> Button:
    """Return a button whose press asks for the action `name` with these values."""
    return Button(label, pack_action(name, *values))


def pack_action(name: str, *values: object) -> str:
    """Return an action: its name and its values between colons, a day as ISO.

    People hold messages with such buttons: names, and the order of values, are not changed.
    """
    return ":".join((name, *map(str, values)))


def unpack_action(action: str, count: int) -> tuple[str, ...]:
    """Return `count` parts of an action or of its values alone, as a handler gets them.

    A part that is missing is empty, and the last one holds all the rest.
    """
    parts = action.split(":", count - 1)
    return tuple(parts + [""] * (count - len(parts)))


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with an answer."""

    name: str
    content: Base64Bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says to one message: blocks of text, buttons in rows, files.

    Each block stands on lines of its own. `replace`: take the place of the message whose button
    was pressed, if the channel can. `toast`: a short word shown at the pressed button. `asks`: it
    asks which of its buttons is meant, which may be typed too. An answer without blocks and files
    sends no message; its toast is still shown.
    """

    blocks: tuple[Sentence, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    replace: bool = False
    toast: Sentence | None = None
    asks: bool = False


def make_answer(
    *blocks: Sentence,
    buttons: Iterable[Iterable[Button]] = (),
    files: Iterable[File] = (),
    replace: bool = False,
    toast: Sentence | None = None,
    asks: bool = False,
) -> Answer:
    """Return an `Answer` of these blocks; leave out empty rows of buttons."""
    rows = tuple(row for row in (tuple(r) for r in buttons) if row)
    return Answer(blocks, rows, tuple(files), replace=replace, toast=toast, asks=asks)


def to_json(answer: Answer) -> dict[str, Any]:
    """Return what is sent of `answer` as JSON values, for the registry; `from_json` reads them."""
    stored: dict[str, Any] = _load_adapter().dump_python(
        answer, mode="json", exclude={"replace", "toast", "asks"}
    )
    return stored


def from_json(stored: Mapping[str, Any]) -> Answer:
    """Return the answer that `to_json` wrote."""
    return _load_adapter().validate_python(stored)


@cache
def _load_adapter() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _value_to_json(value: Any) -> Any:
    if isinstance(value, Sentence):
        values = {name: _value_to_json(v) for name, v in value.values.items()}
        return {"said": {"id": value.id, "values": values}}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_value_to_json(v) for v in value]
    return value


def _value_from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value_from_json(v) for v in value)
    if not isinstance(value, dict):
        return value
    if "said" in value:
        values = {name: _value_from_json(v) for name, v in value["said"]["values"].items()}
        return Sentence(value["said"]["id"], values)
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"])


Value = Annotated[Any, BeforeValidator(_value_from_json), PlainSerializer(_value_to_json)]
