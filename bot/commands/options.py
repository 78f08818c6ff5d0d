"""What all commands share: their options, how they read input, and how an error is printed.

Light to import: `run` must start quickly, so the registry and the handlers are imported later.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot.settings import Settings, load_settings
from locales.answer import Sentence, say
from locales.fluent import load_sentences
from locales.user_error import UserError

LONGEST_NAME = 80  # characters of a file's name that are repeated

T = TypeVar("T")

_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def make_text(message_id: str, **values: Any) -> str:
    """Return the sentence `message_id` as text."""
    return load_sentences().to_text(say(message_id, **values))


def parse_day(text: str) -> date:
    """Parse a day, Vietnamese (01/12/2026) or ISO (2026-12-01). Raises typer.BadParameter."""
    match = _VIETNAMESE_DAY.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(make_text("cli-wrong-day", text=text[:40])) from error


def parse_moment(text: str) -> datetime:
    """Parse a day and hour in ISO. Raises typer.BadParameter."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(make_text("cli-wrong-moment", text=text[:40])) from error


def parse_years(text: str | None) -> int | tuple[int, int] | None:
    """Parse a year or a span of years (2026, 2026-2030). Raises typer.BadParameter."""
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{4})(?:\s*-\s*(\d{4}))?\s*", text)
    if match is None:
        raise typer.BadParameter(make_text("cli-wrong-years", text=text[:40]))
    return (int(match[1]), int(match[2])) if match[2] else int(match[1])


def option(name: str, message_id: str, **more: Any) -> Any:
    """Return the Typer option `name`, explained by the sentence `message_id`."""
    return typer.Option(name, help=make_text(message_id), **more)


def argument(metavar: str, message_id: str) -> Any:
    """Return the Typer argument that usage shows as `metavar`, explained by a sentence."""
    return typer.Argument(metavar=metavar, help=make_text(message_id))


Db = Annotated[str | None, option("--db", "cli-option-db", metavar="ĐỊA CHỈ")]
Today = Annotated[
    date | None, option("--today", "cli-option-today", parser=parse_day, metavar="NGÀY")
]
Json = Annotated[bool, option("--json", "cli-option-json")]
As = Annotated[str | None, option("--as", "cli-option-as", metavar="CƠ QUAN")]


@dataclass(frozen=True)
class CommonOptions:
    """The options that every command takes."""

    db: str | None
    today: date | None
    json: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings; a wrong one ends the command."""
        return read_settings(self.db)

    @property
    def day(self) -> date:
        """The day that `--today` names, or the day it is in the settings' zone."""
        return self.today or datetime.now(self.settings.zone).date()

    @property
    def moment(self) -> datetime:
        """The present time of day on `day`, in the settings' zone."""
        return datetime.combine(self.day, datetime.now(self.settings.zone).timetz())


def take_common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with the options of all commands, which it gets as its first argument."""

    def take(*, db: Db = None, today: Today = None, json_: Json = False) -> CommonOptions:
        return CommonOptions(db, today, json_)

    shared = signature(take, eval_str=True).parameters

    @wraps(command)
    def run_command(**given: Any) -> None:
        common = take(**{name: given.pop(name) for name in shared})
        command(common, **given)

    _, *own = signature(command, eval_str=True).parameters.values()
    run_command.__signature__ = Signature([*own, *shared.values()])  # type: ignore[attr-defined]
    return run_command


def fail_with(sentence: Sentence) -> NoReturn:
    """Print one line on standard error that says what is wrong and what to do; exit 1."""
    text = " ".join(load_sentences().to_text(sentence).split())
    if "bot.logs" in sys.modules and sys.modules["bot.logs"].writes_json():
        logging.getLogger("bot").error("%s", text)
    else:
        typer.echo(text, err=True)
    raise typer.Exit(1)


def read_settings(db: str | None) -> Settings:
    """Return the settings, with the registry that `--db` names; a fault ends the command."""
    try:
        return load_settings(**({"database_url": db} if db else {}))
    except UserError as error:
        fail_with(error.sentence)


def end_start() -> None:
    """Let garbage be collected again if `main` held that off; what was imported is passed over."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def run_work(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; an error that a person can mend ends the command with one line."""
    from models.storage.faults import REGISTRY_FAULTS, RegistryError
    from models.storage.outage import describe_fault

    end_start()
    try:
        return asyncio.run(work)
    except RegistryError as error:
        fail_with(say(error.message_id, detail=error.detail))
    except REGISTRY_FAULTS as error:
        fail_with(say("cli-registry-fault", reason=describe_fault(error)))
    except UserError as error:
        fail_with(error.sentence)
    except OSError as error:
        if not error.filename:
            raise
        fail_with(say("cli-file-fault", path=str(error.filename)))


def write_out_file(out: Path, content: bytes) -> None:
    """Write what a command made to the file of `--out`. Raises UserError."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(say("cli-not-written", path=str(out)[-LONGEST_NAME:])) from error


def print_sentence(sentence: Sentence, *, err: bool = False) -> None:
    """Print a sentence, on standard error if `err`."""
    typer.echo(load_sentences().to_text(sentence), err=err)


def print_json(value: Any) -> None:
    """Print `value` as JSON in one line."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def parse_json_day(text: Any) -> date:
    """Parse an ISO day of a JSON line; another value ends the command."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        fail_with(say("cli-wrong-day", text=str(text)[:40]))


def find_agency(name: str) -> str:
    """Return the canonical name of an agency; an unknown one ends the command."""
    from language.agencies import directory

    match = directory.load_standard_directory().find_agency(name)
    if len(match.names) != 1:
        fail_with(say("cli-unknown-agency", name=name))
    return match.names[0]


def read_items(arguments: list[str] | None, name: str) -> Iterable[dict[str, Any]]:
    """Yield what to work on: the arguments, or the lines of standard input, as `{name: text}`.

    A line may be a JSON object that holds `name`; it is handed on whole.
    """
    if arguments:
        yield from ({name: argument} for argument in arguments)
        return
    for number, line in enumerate(sys.stdin, start=1):
        text = line.strip()
        if text.startswith("{"):
            yield _read_object(text, name, number)
        elif text:
            yield {name: text}


def _read_object(text: str, name: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = None
    if isinstance(value, dict) and name in value:
        return value
    if name != "q":  # a question may begin with a brace
        fail_with(say("cli-wrong-line", number=number))
    return {name: text}
