"""How commands speak: to people in colour on a terminal, to machines in JSON or plain lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, Final, NoReturn

import typer

from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput


class Exit(IntEnum):
    """What the exit code says."""

    OK = 0
    NO = 1
    USAGE = 2
    UNAVAILABLE = 3


OPTIONS: Final = frozenset(
    {
        *("at", "country", "days", "form", "locale", "note", "origin", "privacy_url"),
        *(
            "prompt_key",
            "prompt_text",
            "purpose",
            "report",
            "scan",
            "scope",
            "sender",
            "state",
            "surface",
        ),
        *("taken_by", "template", "text", "token_file", "until", "waba_id", "after", "count"),
        *("campaign", "reason", "since"),
        *("people", "picture", "plan", "seed", "step"),
        *("confirm", "date_order", "everybody", "only", "preset", "sheet", "time_zone"),
        *("evidence", "folder", "format", "numbers", "out"),
    }
)
"""Fields that are options wherever a command takes them, so that an error can name the option."""

EXIT_CODES = "Exit codes: 0 done, 2 wrong usage, 3 the database or server is not available."


def paragraphs(text: str) -> str:
    """Let the terminal break the lines of a help text, at its own width."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def print_json(value: Any) -> None:
    """Write one JSON value, for machines."""
    print(json.dumps(value, ensure_ascii=False, indent=None if _is_piped() else 2))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table on a terminal, and lines with tabs elsewhere."""
    if _is_piped():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def note(words: str) -> None:
    """Write one line on stderr, so that what is piped on stays clean."""
    typer.secho(words, err=True, dim=True)


def tell(answer: Any, *lines: str, json: bool, aside: str = "") -> None:
    """Give an answer: to machines as it is, to people in these lines, and an aside on stderr."""
    if json:
        print_json(answer)
        return
    for line in lines:
        typer.echo(line)
    if aside:
        note(aside)


def tell_table(
    answer: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], *, json: bool
) -> None:
    """Give an answer: to machines as it is, to people as a table."""
    if json:
        print_json(answer)
    else:
        print_table(columns, rows)


def fail(message: str, code: Exit) -> NoReturn:
    """End with one line on stderr."""
    typer.secho(f"askfirst: {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(int(code))


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is, on a terminal: call what is given with how much is done, and of what."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what went wrong into one line that names what would be right."""
    try:
        yield
    except InvalidInput as error:
        fail(_named(error), Exit.USAGE)
    except Conflict as error:
        fail(error.message, Exit.USAGE)
    except AskfirstError as error:
        fail(error.message, Exit.UNAVAILABLE)


def _named(error: InvalidInput) -> str:
    """Say which option is meant as people type it; a field that is none, by its own name."""
    if error.field in OPTIONS:
        option = f"--{error.field.replace('_', '-')}"
        return error.message if option in error.message else f"{option}: {error.message}"
    if error.field.upper() in error.message.upper():
        return error.message
    return f"{error.field.replace('_', '-')}: {error.message}"


def _is_piped() -> bool:
    return not sys.stdout.isatty()
