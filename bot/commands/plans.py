"""`read`, `import`, `export` and `deadline`: what the handlers do, without a chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

import typer
from rich.console import Console
from rich.table import Table

from bot.application import make_app_context, open_registry
from bot.commands.options import print_json
from bot.settings import Settings
from handlers.conversation.days import explain_unread_day
from handlers.conversation.task_lines import format_milestone
from handlers.plans import upload
from handlers.plans.preview import Preview, make_preview
from language.deadlines import read_typed_deadline
from language.milestones import Milestone
from language.times.calendars import Calendar
from locales.answer import Sentence, say
from locales.fluent import load_sentences
from plans.format import PlanFile, PlanHead
from plans.reading.plan_file import LoadedPlan


def format_milestones(text: str, milestones: Sequence[Milestone], today: date) -> str:
    """Return a deadline phrase and what it means, for people."""
    to_text = load_sentences().to_text
    lines = [text]
    for milestone in milestones:
        lines.append("  " + to_text(format_milestone(milestone, today, Calendar())))
        if milestone.doubt:
            lines.append("    " + to_text(say("doubt", text=milestone.doubt)))
    return "\n".join(lines)


def print_typed_deadline(text: str, today: date, as_json: bool) -> None:
    """Print what a person means who types `text` in chat, or the days that the bot would offer."""
    typed = read_typed_deadline(text, today)
    day = typed.only_day
    if as_json:
        asks = [str(offered) for offered in typed.candidates]
        found = {"day": str(day) if day else None, "asks": asks, "at": typed.at}
        print_json(found | {"reason": typed.reason})
    elif typed.milestones:
        typer.echo(format_milestones(text, typed.milestones, today))
    else:
        days = ", ".join(f"{offered:%d/%m/%Y}" for offered in typed.candidates)
        sentence = say("cli-typed-asks", days=days) if days else explain_unread_day(text, today)
        typer.echo(f"{text}\n  {load_sentences().to_text(sentence)}")


def print_plan(plan: PlanFile) -> None:
    """Print what a plan is, its tasks, and the deadlines that it sets beside them."""
    to_text = load_sentences().to_text
    today = plan.plan.issued_on or date(plan.plan.first_year or 1, 1, 1)
    for sentence in _describe_head(plan.plan):
        typer.echo(to_text(sentence))
    table = _make_table(plan.plan.title, ("number", "title", "lead", "deadline", "meaning"))
    for task in plan.tasks:
        meanings = [to_text(format_milestone(m, today, Calendar())) for m in task.milestones]
        title = _add_names(task.title, "read-deliverables", task.deliverables)
        lead = _add_names("; ".join(task.lead), "read-partners", task.partners)
        table.add_row(task.key, title, lead, task.deadline_text or "", "\n".join(meanings))
    console = Console(highlight=False, markup=False)
    console.print(table)
    if not plan.plan_milestones:
        return
    outside = _make_table(to_text(say("read-outside")), ("title", "lead", "meaning"))
    for (title, *_), rows in groupby(
        plan.plan_milestones, lambda row: (row.title, row.lead, row.partners)
    ):
        group = list(rows)
        meanings = [to_text(format_milestone(row.milestone, today, Calendar())) for row in group]
        lead = _add_names("; ".join(group[0].lead), "read-partners", group[0].partners)
        outside.add_row(title, lead, "\n".join(meanings))
    console.print(outside)


def _describe_head(head: PlanHead) -> Iterator[Sentence]:
    """Yield what is known of a plan beside its title: number, day, issuer and years."""
    if head.number:
        yield say("plan-fact-number", number=head.number)
    if head.issued_on:
        yield say("plan-fact-day", day=head.issued_on)
    if head.issuer:
        yield say("plan-fact-issuer", issuer=head.issuer)
    if head.first_year:
        years = dict.fromkeys((head.first_year, head.last_year or head.first_year))
        yield say("read-years", years="–".join(map(str, years)))


def _make_table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, show_lines=True)
    for column in columns:
        table.add_column(load_sentences().to_text(say(f"column-{column}")))
    return table


def _add_names(text: str, name: str, names: Sequence[str]) -> str:
    """Return a cell with a line of further names under it, if there are any."""
    more = load_sentences().to_text(say(name, names="; ".join(names))) if names else ""
    return "\n".join(filter(None, (text, more)))


async def preview_import(
    settings: Settings,
    document: LoadedPlan,
    today: date,
    into: str | None,
    decided: Mapping[str, bool] | None = None,
) -> Preview:
    """Return what the document would change. Raises UserError."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        app = make_app_context(database, settings)
        return await make_preview(app, document, today, into, decided)


async def write_import(
    settings: Settings, preview: Preview, now: datetime, *, cancel_gone: bool, past_done: bool
) -> None:
    """Write what the preview shows."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        await upload.write_plan(
            make_app_context(database, settings),
            preview,
            now,
            now.date(),
            cancel_gone=cancel_gone,
            past_done=past_done,
        )


async def export_plan(settings: Settings, name: str | None) -> PlanFile:
    """Return a plan of the registry; `name` may be None if there is one plan. Raises UserError."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        return await upload.export_plan(make_app_context(database, settings), name)
