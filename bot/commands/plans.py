"""`read`, `import`, `export`, `deadline` of the command line: the handlers' work without a chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich.console import Console
from rich.table import Table

from bot.application import make_app_context, open_registry
from bot.settings import Settings
from handlers.conversation import task_lines
from handlers.plans import upload
from handlers.plans.preview import Preview, make_preview
from language.milestones import Milestone
from language.times.calendars import Calendar
from locales.answer import say
from locales.fluent import load_sentences
from plans.format import PlanFile
from plans.reading.plan_file import LoadedPlan


def format_milestones(text: str, milestones: Sequence[Milestone], today: date) -> str:
    """A phrase and what it means, for people."""
    voice = load_sentences()
    lines = [f"{text}"]
    for milestone in milestones:
        lines.append(
            "  " + voice.to_text(task_lines.format_milestone(milestone, today, Calendar()))
        )
        if milestone.doubt:
            lines.append("    " + voice.to_text(say("doubt", text=milestone.doubt)))
    return "\n".join(lines)


def print_table(plan: PlanFile) -> None:
    """The tasks of a plan as a table on standard output."""
    voice = load_sentences()
    table = Table(title=plan.plan.title, show_lines=True)
    for column in ("number", "title", "lead", "deadline", "meaning"):
        table.add_column(voice.to_text(say(f"column-{column}")))
    today = plan.plan.issued_on or date(plan.plan.first_year or 1, 1, 1)
    for task in plan.tasks:
        meanings = [
            voice.to_text(task_lines.format_milestone(m, today, Calendar()))
            for m in task.milestones
        ]
        table.add_row(
            task.key,
            task.title,
            ", ".join(task.lead),
            task.deadline_text or "",
            "\n".join(meanings),
        )
    Console(highlight=False, markup=False).print(table)


async def preview_import(
    settings: Settings, document: LoadedPlan, today: date, into: str | None
) -> Preview:
    """What the document would change. Raises Fault."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        return await make_preview(make_app_context(database, settings), document, today, into)


async def write_import(
    settings: Settings,
    shown: Preview,
    now: datetime,
    today: date,
    *,
    cancel_gone: bool,
    past_done: bool,
) -> None:
    """Writes what was shown."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        await upload.write_plan(
            make_app_context(database, settings),
            shown,
            now,
            today,
            cancel_gone=cancel_gone,
            past_done=past_done,
        )


async def export_plan(settings: Settings, name: str | None) -> PlanFile:
    """A plan of the registry. Raises Fault."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        return await upload.export_plan(make_app_context(database, settings), name)
