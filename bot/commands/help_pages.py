"""Help and errors of the command line in Vietnamese: Typer has its own words in English alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.commands.options import make_text
from locales.answer import Sentence, say
from locales.fluent import load_sentences

WRONG_USAGE = 2  # exit code
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of all errors of usage, which Typer does not name in public."""


class CommandHelp(TyperCommand):
    """A command whose help is Vietnamese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is used, what it does, its arguments and options."""
        arguments = [p for p in self.params if p.param_type_name == "argument"]
        words = [str(getattr(p, "metavar", "")) for p in arguments]
        write_head(self, ctx, formatter, words)
        texts = [str(getattr(p, "help", "") or "") for p in arguments]
        write_section(formatter, "cli-head-arguments", zip(words, texts, strict=True))
        write_options(self, ctx, formatter)


class GroupHelp(TyperGroup):
    """The program: its help and its errors are Vietnamese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write how the program is used, and its commands with what each does."""
        write_head(self, ctx, formatter, [make_text("cli-word-command")])
        names = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.help or "") for name, command in names if command is not None]
        write_section(formatter, "cli-head-commands", rows)
        write_options(self, ctx, formatter)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program; an error of usage is one line on standard error and exit code 2."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except UsageError as error:
            if not standalone_mode:
                raise
            if type(error).__name__ == "NoArgsIsHelpError":
                typer.echo(error.ctx.get_help(), err=True)  # type: ignore[attr-defined]
            else:
                typer.echo(load_sentences().to_text(describe_usage_error(error)), err=True)
            sys.exit(WRONG_USAGE)
        except typer.Abort:
            sys.exit(1)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def write_head(command: Any, ctx: Any, formatter: Any, words: Iterable[str]) -> None:
    """Write the line of usage, with the arguments in `words`, and what the command does."""
    pieces = " ".join([make_text("cli-word-options"), *words])
    formatter.write_usage(ctx.command_path, pieces, f"{make_text('cli-word-usage')} ")
    if command.help:
        formatter.write(f"\n  {command.help}\n")


def write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the options, that for this help last."""
    rows = []
    for param in command.get_params(ctx):
        if param.param_type_name == "option":
            text = make_text("cli-option-help") if param.name == "help" else param.help
            rows.append((" ".join([*param.opts, param.metavar or ""]).strip(), text))
    write_section(formatter, "cli-head-options", rows)


def write_section(formatter: Any, message_id: str, rows: Iterable[tuple[str, str | None]]) -> None:
    """Write a heading and its rows: a word and what it means."""
    listed = [(word, text or "") for word, text in rows]
    if listed:
        with formatter.section(make_text(message_id)):
            formatter.write_dl(listed)


def describe_usage_error(error: Any) -> Sentence:
    """Return what is wrong in the usage, and how to see the right one."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx is not None else "nhacviec"
    describe = _DESCRIBED.get(type(error).__name__, _describe_other)
    return say("cli-usage-error", fault=describe(error), command=command)


def _describe_wrong_value(error: Any) -> Sentence:
    name, reason = _name_param(error), str(error.message)
    return say("cli-fault-value", name=name, reason=reason) if name else say("plain", text=reason)


def _describe_missing(error: Any) -> Sentence:
    return say("cli-fault-missing", name=_name_param(error))


def _describe_option(error: Any) -> Sentence:
    return say("cli-fault-option", name=str(error.option_name)[:40])


def _describe_option_usage(error: Any) -> Sentence:
    return say("cli-fault-option-usage", name=str(error.option_name)[:40])


def _describe_other(error: Any) -> Sentence:
    """Return the fault of a command or argument that there is not: its name is in the message."""
    _, quote, rest = str(error.message).partition("'")
    name = rest.partition("'")[0] if quote else str(error.message).rpartition("(")[2].rstrip(")")
    known = "cli-fault-command" if "command" in error.message else "cli-fault-extra"
    return say(known, name=name[:40])


_DESCRIBED: dict[str, Callable[[Any], Sentence]] = {
    "BadParameter": _describe_wrong_value,
    "MissingParameter": _describe_missing,
    "NoSuchOption": _describe_option,
    "BadOptionUsage": _describe_option_usage,
}


def _name_param(error: Any) -> str:
    """Return the option or argument that is meant, as it is typed."""
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return param.opts[0] if param.param_type_name == "option" else str(param.metavar or param.name)
