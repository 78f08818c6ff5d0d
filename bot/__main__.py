"""The command line (command-line.md): exit 0 done, 1 the input is at fault (one line on stderr), 2 wrong usage."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import settings as settings_
from language.text import normalise
from locales.answer import Sentence, say
from locales.fluent import load_sentences

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _text(message_id: str) -> str:
    return load_sentences().to_text(say(message_id))


def _parse_day(text: str) -> date:
    """A day as ISO or Vietnamese. Raises typer.BadParameter."""
    match = _VIETNAMESE_DAY.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        raise typer.BadParameter(
            load_sentences().to_text(say("cli-wrong-day", text=text[:40]))
        ) from fault


def _parse_moment(text: str) -> datetime:
    """A day and hour as ISO. Raises typer.BadParameter."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as fault:
        raise typer.BadParameter(
            load_sentences().to_text(say("cli-wrong-moment", text=text[:40]))
        ) from fault


Db = Annotated[str | None, typer.Option("--db", help=_text("cli-option-db"), metavar="URL")]
Today = Annotated[
    date | None,
    typer.Option("--today", help=_text("cli-option-today"), parser=_parse_day, metavar="D"),
]
Json = Annotated[bool, typer.Option("--json", help=_text("cli-option-json"))]
As = Annotated[str | None, typer.Option("--as", help=_text("cli-option-as"), metavar="AGENCY")]
Day = Annotated[date, typer.Option(parser=_parse_day, metavar="D")]


def fail_with(said: Sentence) -> NoReturn:
    """One line on stderr that says what is wrong and what to do; exit 1."""
    typer.echo(" ".join(load_sentences().to_text(said).split()), err=True)
    raise typer.Exit(1)


def _load_settings(db: str | None) -> settings_.Settings:
    try:
        return settings_.load_settings(**({"database_url": db} if db else {}))
    except settings_.SettingsError as fault:
        fail_with(say("cli-wrong-setting", name=fault.name))


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _choose_today(settings: settings_.Settings, today: date | None) -> date:
    return today or datetime.now(settings.zone).date()


def _run_work(work: Any) -> Any:
    """Runs a coroutine; faults of the registry become one line."""
    from handlers.conversation.user_error import UserError
    from models.storage.database import RegistryError

    try:
        return asyncio.run(work)
    except RegistryError as fault:
        fail_with(say(fault.message_id, detail=fault.detail))
    except UserError as fault:
        fail_with(fault.sentence)


@app.command(help=_text("cli-run"))
def run(
    now: Annotated[
        datetime | None,
        typer.Option(
            "--now", help=_text("cli-option-now"), parser=_parse_moment, metavar="DATETIME"
        ),
    ] = None,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Starts the channels that have a token, and the reminders."""
    from bot import application, logs

    settings = _load_settings(db)
    if settings.telegram_bot_token is None:
        fail_with(say("cli-no-token"))
    logs.set_up_logging(settings.log_level)
    if now is None and today is not None:
        now = datetime.combine(today, datetime.now(settings.zone).timetz())
    if now is not None:
        typer.echo(load_sentences().to_text(say("cli-trial-clock", day=now.date(), at=now)))
    from bot.channels.telegram.errors import BadToken
    from bot.channels.telegram.requests import BadProxy

    try:
        _run_work(application.run_channels(settings, now))
    except BadToken:
        fail_with(say("telegram-bad-token"))
    except BadProxy as fault:
        fail_with(say("plain", text=str(fault)))


@app.command(help=_text("cli-chat"))
def chat(
    as_: As = None,
    admin: Annotated[bool, typer.Option("--admin", help=_text("cli-option-admin"))] = False,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """The same bot in the terminal."""
    from bot import application, logs

    settings = _load_settings(db)
    logs.set_up_logging("ERROR")
    agency = _find_agency(as_) if as_ else None
    _run_work(application.run_terminal(settings, agency, admin, today))


def _find_agency(name: str) -> str:
    from language.agencies import directory

    found = directory.load_standard_directory().find_agency(name)
    if len(found.names) != 1:
        fail_with(say("cli-unknown-agency", name=name))
    return found.names[0]


@app.command(help=_text("cli-deadline"))
def deadline(
    phrases: Annotated[list[str] | None, typer.Argument(metavar="[PHRASE]...")] = None,
    year: Annotated[
        str | None, typer.Option("--year", metavar="Y[-Y2]", help=_text("cli-option-year"))
    ] = None,
    issued: Annotated[date | None, typer.Option("--issued", parser=_parse_day, metavar="D")] = None,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Reads deadline phrases: arguments, or a line each on standard input."""
    from bot.commands import plans as reading
    from language import deadlines
    from plans import format as format_

    years = _parse_years(year)
    day = _choose_today(_load_settings(db), today)
    for item in _read_items(phrases, "text"):
        text = str(item.get("text") or "")
        given = item.get("plan_year", years)
        issued_on = _parse_json_day(item["issued_on"]) if item.get("issued_on") else issued
        milestones = deadlines.read_deadline_cell(
            text, tuple(given) if isinstance(given, list) else given, issued_on
        )
        if json_:
            _print_json({"milestones": [format_.dump_milestone(m) for m in milestones]})
        else:
            typer.echo(reading.format_milestones(text, milestones, day))


def _parse_json_day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        fail_with(say("cli-wrong-day", text=str(text)[:40]))


def _parse_years(text: str | None) -> Any:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{4})(?:\s*-\s*(\d{4}))?\s*", text)
    if match is None:
        raise typer.BadParameter(load_sentences().to_text(say("cli-wrong-years", text=text[:40])))
    return (int(match[1]), int(match[2])) if match[2] else int(match[1])


def _read_items(arguments: list[str] | None, name: str) -> Iterable[dict[str, Any]]:
    """What to work on: the arguments, or each line of standard input, which may be a JSON object with `name`."""
    if arguments:
        yield from ({name: argument} for argument in arguments)
        return
    for number, line in enumerate(sys.stdin, start=1):
        text = line.strip()
        if not text.startswith("{"):
            if text:
                yield {name: text}
            continue
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = None
        if isinstance(value, dict) and name in value:
            yield value
        elif name == "q":
            yield {name: text}  # a question may begin with a brace
        else:
            fail_with(say("cli-wrong-line", number=number))


@app.command(help=_text("cli-read"))
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Reads a plan document and prints it in the plan format or as a table; doubts go to stderr."""
    document = _read_document(file)
    for doubt in document.doubts:
        typer.echo(load_sentences().to_text(doubt.said()), err=True)
    if json_:
        typer.echo(json.dumps(document.plan.as_json(), ensure_ascii=False))
    else:
        from bot.commands import plans as reading

        reading.print_table(document.plan)


def _read_document(path: Path) -> Any:
    from plans.reading import plan_file

    try:
        return plan_file.read_plan_file(path)
    except plan_file.FileFault as fault:
        fail_with(fault.sentence)


@app.command("import", help=_text("cli-import"))
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    yes: Annotated[bool, typer.Option("--yes", help=_text("cli-option-yes"))] = False,
    into: Annotated[
        str | None, typer.Option("--into", help=_text("cli-option-into"), metavar="PLAN")
    ] = None,
    cancel_gone: Annotated[
        bool, typer.Option("--cancel-gone", help=_text("cli-option-cancel-gone"))
    ] = False,
    past_done: Annotated[
        bool, typer.Option("--past-done", help=_text("cli-option-past-done"))
    ] = False,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Reads, shows what is new, changed, doubtful, asks, writes."""
    from bot.commands import plans as reading

    settings = _load_settings(db)
    day = _choose_today(settings, today)
    for path in files:
        document = _read_document(path)
        shown = _run_work(reading.preview_import(settings, document, day, into))
        for said in shown.said:
            typer.echo(load_sentences().to_text(said), err=json_)
        wanted = not shown.comparison.nothing or (cancel_gone and bool(shown.comparison.gone))
        if wanted and not yes:
            if not sys.stdin.isatty():
                fail_with(say("cli-not-confirmed"))
            if not typer.confirm(_text("cli-confirm-import")):
                fail_with(say("cli-nothing-written"))
        if wanted:
            now = datetime.combine(day, datetime.now(settings.zone).timetz())
            done = past_done or (
                bool(shown.past)
                and not yes
                and typer.confirm(_text("cli-confirm-past"), default=False)
            )
            _run_work(
                reading.write_import(
                    settings, shown, now, day, cancel_gone=cancel_gone, past_done=done
                )
            )
        if json_:
            _print_json(shown.as_json(written=wanted))
        elif wanted:
            typer.echo(
                load_sentences().to_text(say("import-written", count=len(document.plan.tasks)))
            )


@app.command(help=_text("cli-export"))
def export(
    plan: Annotated[
        str | None, typer.Option("--plan", help=_text("cli-option-plan"), metavar="NUMBER")
    ] = None,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Writes a plan in the plan format."""
    from bot.commands import plans as reading

    found = _run_work(reading.export_plan(_load_settings(db), plan))
    typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=None if json_ else 1))


@app.command(help=_text("cli-ask"))
def ask(
    questions: Annotated[list[str] | None, typer.Argument(metavar="[QUESTION]...")] = None,
    as_: As = None,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Answers each question: arguments, or a line each on standard input."""
    from bot.commands import ask as asking

    settings = _load_settings(db)
    day = _choose_today(settings, today)
    asked = []
    for item in _read_items(questions, "q"):
        given = item.get("today")
        asked.append(
            (
                normalise(str(item["q"])),
                _parse_json_day(given) if given else day,
                item.get("as") or as_,
            )
        )
    for result in _run_work(asking.answer_questions(settings, asked)):
        if json_:
            _print_json(result.as_json())
        else:
            typer.echo(result.text)


@app.command(help=_text("cli-rehearse"))
def rehearse(
    first: Annotated[
        date, typer.Option("--from", parser=_parse_day, metavar="D1", help=_text("cli-option-from"))
    ],
    last: Annotated[
        date, typer.Option("--to", parser=_parse_day, metavar="D2", help=_text("cli-option-to"))
    ],
    everyone: Annotated[
        bool, typer.Option("--everyone", help=_text("cli-option-everyone"))
    ] = False,
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Prints every message the reminders would send, without sending and without changing the registry."""
    from bot.commands import rehearse as rehearsing

    if last < first:
        raise typer.BadParameter(_text("cli-wrong-span"))

    def print_message(message: dict[str, Any], text: str) -> None:
        if json_:
            _print_json(message)
        else:
            typer.echo(text)

    _run_work(
        rehearsing.rehearse_reminders(_load_settings(db), first, last, everyone, print_message)
    )


@app.command(help=_text("cli-invite"))
def invite(
    agency: Annotated[str, typer.Argument(metavar="AGENCY")],
    role: Annotated[str, typer.Option("--role", help=_text("cli-option-role"))] = "focal_point",
    db: Db = None,
    today: Today = None,
    json_: Json = False,
) -> None:
    """Makes a joining code."""
    from bot.commands import invite as inviting

    settings = _load_settings(db)
    if role not in inviting.ROLES:
        raise typer.BadParameter(", ".join(inviting.ROLES), param_hint="--role")
    made = _run_work(
        inviting.create_invitation(
            settings, _find_agency(agency), inviting.ROLES[role], datetime.now(settings.zone)
        )
    )
    if json_:
        _print_json(made.as_json())
    else:
        typer.echo(load_sentences().to_text(made.said))


@app.command(help=_text("cli-check"))
def check(db: Db = None, today: Today = None, json_: Json = False) -> None:
    """Checks settings, database, migrations and tokens, and says what to mend."""
    from bot.commands import check as checking

    found = _run_work(checking.run_checks(_load_settings(db)))
    for finding in found:
        if json_:
            _print_json(
                {
                    "check": finding.name,
                    "good": finding.good,
                    "text": load_sentences().to_text(finding.said),
                }
            )
        else:
            typer.echo(("✓ " if finding.good else "✗ ") + load_sentences().to_text(finding.said))
    if not all(finding.good for finding in found):
        raise typer.Exit(1)


def main() -> None:
    """The entry point of the installed command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="nhacviec")


if __name__ == "__main__":
    main()
