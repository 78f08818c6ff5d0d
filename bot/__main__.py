"""The command line (docs/dev/command-line.md): the commands, their options, and what they print."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.help_pages import CommandHelp, GroupHelp
from bot.commands.options import (
    As,
    CommonOptions,
    argument,
    end_start,
    fail_with,
    find_agency,
    make_text,
    option,
    parse_day,
    parse_json_day,
    parse_moment,
    parse_years,
    print_json,
    print_sentence,
    read_items,
    read_settings,
    run_work,
    take_common_options,
    write_out_file,
)
from locales.answer import say
from locales.fluent import load_sentences
from locales.user_error import UserError

if TYPE_CHECKING:  # imported by the command that needs it: the others start faster
    from bot.commands.files import Wanted
    from handlers.plans.preview import Preview
    from plans.reading.plan_file import LoadedPlan

app = typer.Typer(
    cls=GroupHelp,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def command(help_id: str, name: str | None = None) -> Callable[[Callable[..., None]], None]:
    """Make a function a command that takes the common options, explained by a sentence."""

    def add_command(work: Callable[..., None]) -> None:
        add = app.command(name, cls=CommandHelp, help=make_text(help_id))
        add(take_common_options(work))

    return add_command


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    from bot.version import read_versions

    program, registry = run_work(read_versions(read_settings(None)))
    print_sentence(say("cli-version", program=program, registry=registry))
    raise typer.Exit


@app.callback(help=make_text("cli-program"))
def start(
    version: Annotated[
        bool,
        option("--version", "cli-option-version", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    """Take what may stand before a command."""


@command("cli-run")
def run(
    common: CommonOptions,
    now: Annotated[
        datetime | None,
        option("--now", "cli-option-now", parser=parse_moment, metavar="NGÀY-GIỜ"),
    ] = None,
) -> None:
    """Start the channels that have a token, and the reminders."""
    settings = common.settings
    from bot import application, logs

    logs.set_up_logging(settings.log_level, settings.log_format)
    if now is None and common.today is not None:
        now = common.moment
    if now is not None:
        print_sentence(say("cli-trial-clock", day=now.date(), at=now))
    run_work(application.run_services(settings, now))


@command("cli-chat")
def chat(
    common: CommonOptions,
    as_: As = None,
    admin: Annotated[bool, option("--admin", "cli-option-admin")] = False,
    web: Annotated[bool, option("--web", "cli-option-web")] = False,
) -> None:
    """Talk to the same bot in the terminal."""
    from bot import application, logs

    settings = common.settings
    logs.set_up_logging("ERROR")
    agency = find_agency(as_) if as_ else None
    begin = common.moment if common.today else None
    run_work(application.run_terminal(settings, agency, admin, begin, board=web))


@command("cli-web", "web")
def serve_board(common: CommonOptions) -> None:
    """Serve the board alone, beside a bot that runs elsewhere."""
    from bot import application, logs

    settings = common.settings
    logs.set_up_logging(settings.log_level, settings.log_format)
    if settings.web_listen is not None and (settings.web_url or settings.web_listen.is_loopback):
        address = settings.web_url or settings.web_listen.http_url
        print_sentence(say("web-served", address=address))
    begin = common.moment if common.today else None
    run_work(application.run_board(settings, begin))


@command("cli-deadline")
def deadline(
    common: CommonOptions,
    phrases: Annotated[list[str] | None, argument("[CÂU]...", "cli-argument-phrase")] = None,
    year: Annotated[str | None, option("--year", "cli-option-year", metavar="NĂM[-NĂM]")] = None,
    issued: Annotated[
        date | None, option("--issued", "cli-option-issued", parser=parse_day, metavar="NGÀY")
    ] = None,
    typed: Annotated[bool, option("--typed", "cli-option-typed")] = False,
) -> None:
    """Read deadline phrases: the arguments, or the lines of standard input."""
    from bot.commands.plans import format_milestones, print_typed_deadline
    from language.deadlines import read_deadline_cell
    from plans.format import dump_milestone

    end_start()
    years = parse_years(year)
    day = common.day
    for item in read_items(phrases, "text"):
        text = str(item.get("text") or "")
        if typed:
            print_typed_deadline(
                text, parse_json_day(item["today"]) if item.get("today") else day, common.json
            )
            continue
        plan_year = item.get("plan_year", years)
        if isinstance(plan_year, list):
            plan_year = tuple(plan_year)
        issued_on = parse_json_day(item["issued_on"]) if item.get("issued_on") else issued
        milestones = read_deadline_cell(text, plan_year, issued_on)
        if common.json:
            print_json({"milestones": [dump_milestone(m) for m in milestones]})
        else:
            typer.echo(format_milestones(text, milestones, day))


@command("cli-read")
def read(
    common: CommonOptions,
    file: Annotated[Path, argument("TỆP", "cli-argument-file")],
) -> None:
    """Read a plan document and print it; doubts go to standard error."""
    from bot.commands.plans import print_plan
    from handlers.plans.preview import describe_unread

    document = _read_document(file)
    for doubt in document.doubts:
        print_sentence(doubt.make_full_sentence(), err=True)
    for sentence in describe_unread(document.plan):
        print_sentence(sentence, err=True)
    if common.json:
        print_json(document.plan.as_json())
    else:
        print_plan(document.plan)


def _read_document(path: Path) -> LoadedPlan:
    from plans.reading import plan_file

    end_start()
    logging.getLogger().addHandler(logging.NullHandler())  # a refusal is one line
    try:
        return plan_file.read_plan_file(path)
    except UserError as error:
        fail_with(error.sentence)


@command("cli-import", "import")
def import_(
    common: CommonOptions,
    files: Annotated[list[Path], argument("TỆP...", "cli-argument-file")],
    yes: Annotated[bool, option("--yes", "cli-option-yes")] = False,
    into: Annotated[str | None, option("--into", "cli-option-into", metavar="KẾ HOẠCH")] = None,
    cancel_gone: Annotated[bool, option("--cancel-gone", "cli-option-cancel-gone")] = False,
    past_done: Annotated[bool, option("--past-done", "cli-option-past-done")] = False,
) -> None:
    """Read plans, show what is new, changed and doubtful, ask, and write."""
    from bot.commands.plans import preview_import, write_import

    settings, day = common.settings, common.day
    for path in files:
        document = _read_document(path)
        preview = run_work(preview_import(settings, document, day, into))
        for sentence in preview.shown_sentences:
            print_sentence(sentence, err=common.json)
        decided: dict[str, bool] = {}
        while preview.comparison.unsure:
            decided |= _decide_matches(preview, ask=not yes)
            preview = run_work(preview_import(settings, document, day, into, decided))
        comparison = preview.comparison
        has_changes = not comparison.is_up_to_date or (cancel_gone and bool(comparison.gone))
        if has_changes:
            if not yes:
                _confirm_import()
            done = past_done or (
                bool(preview.past_deadlines)
                and not yes
                and typer.confirm(make_text("cli-confirm-past"), default=False)
            )
            run_work(
                write_import(
                    settings, preview, common.moment, cancel_gone=cancel_gone, past_done=done
                )
            )
        if common.json:
            print_json(preview.as_json(written=has_changes))
        elif has_changes:
            print_sentence(say("import-written", count=len(document.plan.tasks)))


def _decide_matches(preview: Preview, *, ask: bool) -> dict[str, bool]:
    """Ask about each unsure pair whether it is one task; without anybody to ask, end."""
    from handlers.plans.preview import describe_unsure_match

    unsure = preview.comparison.unsure
    if not (ask and sys.stdin.isatty()):
        fail_with(say("import-undecided", count=len(unsure)))
    decided = {}
    for pair in unsure:
        print_sentence(describe_unsure_match(pair))
        decided[pair.new.key] = typer.confirm(make_text("cli-confirm-same-task"))
    return decided


def _confirm_import() -> None:
    if not sys.stdin.isatty():
        fail_with(say("cli-not-confirmed"))
    if not typer.confirm(make_text("cli-confirm-import")):
        fail_with(say("cli-nothing-written"))


Plan = Annotated[str | None, option("--plan", "cli-option-plan", metavar="KẾ HOẠCH")]
Out = Annotated[Path, option("--out", "cli-option-out", metavar="TỆP")]


@command("cli-export")
def export(
    common: CommonOptions,
    plan: Plan = None,
    format_: Annotated[str, option("--format", "cli-option-format", metavar="json, xlsx")] = "json",
    question: Annotated[
        str | None, option("--question", "cli-option-question", metavar="CÂU HỎI")
    ] = None,
    out: Annotated[Path | None, option("--out", "cli-option-out", metavar="TỆP")] = None,
) -> None:
    """Print a plan in the plan format, or write the status table as an Excel file."""
    from bot.commands.files import Wanted
    from bot.commands.plans import export_plan
    from reports.orders import FileKind

    if format_ == "xlsx":
        wanted = Wanted(FileKind.SHEET, plan, question=question)
        _write_file(wanted, out or Path("bang-theo-doi.xlsx"), common)
        return
    if format_ != "json":
        raise typer.BadParameter(make_text("cli-wrong-format", text=format_[:20]))
    file = run_work(export_plan(common.settings, plan))
    text = json.dumps(file.as_json(), ensure_ascii=False, indent=None if common.json else 1)
    if out is None:
        typer.echo(text)
    else:
        run_work(asyncio.to_thread(write_out_file, out, f"{text}\n".encode()))


@command("cli-report")
def report(
    common: CommonOptions,
    period: Annotated[
        str, option("--period", "cli-option-period", metavar="2026-11, 2026-Q4, 2026-H1, 2026")
    ],
    out: Out,
    plan: Plan = None,
) -> None:
    """Write the Word report of a period."""
    from bot.commands.files import Wanted
    from models.queries.periods import parse_period
    from reports.orders import FileKind

    parsed = parse_period(period)
    if parsed is None:
        raise typer.BadParameter(make_text("cli-wrong-period", text=period[:20]))
    _write_file(Wanted(FileKind.REPORT, plan, period=parsed), out, common)


@command("cli-chart")
def chart(
    common: CommonOptions,
    out: Out,
    kind: Annotated[
        str, option("--kind", "cli-option-kind", metavar="progress, timeline")
    ] = "progress",
    plan: Plan = None,
) -> None:
    """Write a chart as a PNG."""
    from bot.commands.files import Wanted
    from reports.orders import FileKind

    if kind not in (FileKind.PROGRESS_CHART, FileKind.TIMELINE_CHART):
        raise typer.BadParameter(make_text("cli-wrong-kind", text=kind[:20]))
    _write_file(Wanted(FileKind(kind), plan), out, common)


@command("cli-calendar", "calendar")
def write_calendar(
    common: CommonOptions,
    out: Out,
    agency: Annotated[
        str | None, option("--agency", "cli-option-agency", metavar="CƠ QUAN")
    ] = None,
    plan: Plan = None,
) -> None:
    """Write deadlines as a calendar file."""
    from bot.commands.files import Wanted
    from reports.orders import FileKind

    name = find_agency(agency) if agency else None
    _write_file(Wanted(FileKind.CALENDAR, plan, name), out, common)


def _write_file(wanted: Wanted, out: Path, common: CommonOptions) -> None:
    """Have a file made and written, and say its path, with `--json` its figures, too."""
    from bot.commands.files import write_file

    made = run_work(write_file(common.settings, wanted, common.moment, out))
    if common.json:
        print_json({"file": str(out), "figures": dict(made.figures)})
    else:
        print_sentence(say("terminal-file", path=str(out)))


@command("cli-ask")
def ask(
    common: CommonOptions,
    questions: Annotated[
        list[str] | None, argument("[CÂU HỎI]...", "cli-argument-question")
    ] = None,
    as_: As = None,
) -> None:
    """Answer each question: the arguments, or the lines of standard input."""
    from bot.commands.ask import answer_questions, read_question_line

    settings, day = common.settings, common.day
    asked = [read_question_line(item, day, as_) for item in read_items(questions, "q")]
    for result in run_work(answer_questions(settings, asked, as_)):
        if common.json:
            print_json(result.as_json())
        else:
            typer.echo(result.text)


@command("cli-rehearse")
def rehearse(
    common: CommonOptions,
    first: Annotated[date, option("--from", "cli-option-from", parser=parse_day, metavar="NGÀY")],
    last: Annotated[date, option("--to", "cli-option-to", parser=parse_day, metavar="NGÀY")],
    everyone: Annotated[bool, option("--everyone", "cli-option-everyone")] = False,
) -> None:
    """Print every message that the reminders would send; send and change nothing."""
    from bot.commands.rehearse import rehearse_reminders

    if last < first:
        raise typer.BadParameter(make_text("cli-wrong-span"))

    def print_message(message: dict[str, Any], text: str) -> None:
        if common.json:
            print_json(message)
        else:
            typer.echo(text)

    run_work(rehearse_reminders(common.settings, first, last, everyone, print_message))


@command("cli-invite")
def invite(
    common: CommonOptions,
    agency: Annotated[str, argument("CƠ QUAN", "cli-argument-agency")],
    role: Annotated[str, option("--role", "cli-option-role", metavar="VAI TRÒ")] = "focal_point",
) -> None:
    """Make a code with which one person joins an agency."""
    from bot.commands.invite import create_invitation, parse_role
    from handlers.people.invite_many import means_province

    settings = common.settings
    post = parse_role(role)
    if post is None:
        fail_with(say("cli-wrong-role", text=role[:40]))
    name = None if means_province(post, agency) else find_agency(agency)
    now = datetime.now(settings.zone)
    invitation = run_work(create_invitation(settings, name, post, now))
    if common.json:
        print_json(invitation.as_json())
    else:
        print_sentence(invitation.sentence)


@command("cli-backup")
def backup(
    common: CommonOptions,
    file: Annotated[Path, argument("TỆP", "cli-argument-file")],
) -> None:
    """Write a consistent copy of the running registry to one file, and check it."""
    from bot.commands.backup import write_backup

    rows = run_work(write_backup(common.settings, file))
    if common.json:
        print_json({"file": str(file), "rows": rows})
    else:
        print_sentence(say("backup-written", file=str(file), count=rows))


@command("cli-restore")
def restore(
    common: CommonOptions,
    file: Annotated[Path, argument("TỆP", "cli-argument-file")],
) -> None:
    """Copy a backup into an empty registry, on SQLite or PostgreSQL."""
    from bot.commands.backup import restore_backup

    rows = run_work(restore_backup(common.settings, file))
    if common.json:
        print_json({"file": str(file), "rows": rows})
    else:
        print_sentence(say("restore-done", file=str(file), count=rows))


@command("cli-health")
def health(common: CommonOptions) -> None:
    """Say whether a running bot's clock, sender and channels have beaten in time."""
    from bot.commands.health import check_health

    settings = common.settings
    vitals, fault = run_work(check_health(settings, datetime.now(settings.zone)))
    if common.json:
        beats = {name: at.isoformat() for name, at in (vitals.beats | vitals.polls).items()}
        why = load_sentences().to_text(fault) if fault is not None else None
        print_json({"healthy": fault is None, "why": why, "beats": beats})
        if fault is not None:
            raise typer.Exit(1)
    elif fault is not None:
        fail_with(fault)
    else:
        print_sentence(say("health-good"))


@command("cli-check")
def check(common: CommonOptions) -> None:
    """Look at settings, registry and tokens, and say what to mend."""
    from bot.commands.check import run_checks

    findings = run_work(run_checks(common.settings))
    for finding in findings:
        text = load_sentences().to_text(finding.sentence)
        if common.json:
            print_json({"check": finding.name, "good": finding.good, "text": text})
        else:
            typer.echo(f"{'✓' if finding.good else '✗'} {text}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the installed command; input and output are UTF-8 on every system."""
    gc.disable()  # until `end_start`: what is imported and loaded now stays
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="nhacviec")


if __name__ == "__main__":
    main()
