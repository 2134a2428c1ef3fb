"""`askfirst ledger verify|accept`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, clear_errors, note, paragraphs, tell

if TYPE_CHECKING:
    from askfirst.bootstrap.commands.ledger_commands import Progress, Report

VERIFY = paragraphs("""
Check the whole ledger: that no event is missing or was changed, that what each person may get is
what their events say, and that the database is not older than its head. Nothing is written; a
server may run meanwhile.

Example: askfirst ledger verify

Exit codes: 0 it fits together, 1 it does not, 2 wrong usage, 3 the database is not available.
""")
ACCEPT = paragraphs(f"""
End a hold: the ledger counts as it is from now on. Before, bring back the stops that are missing.
What is missing and why you accept it become an event of the ledger.

Example: askfirst ledger accept --reason "backup of 1 March restored; stops entered from the log"

{EXIT_CODES}
""")
_SHOWN_MAX = 20


def build_app() -> typer.Typer:
    app = typer.Typer(help="Check the ledger, and end a hold.", no_args_is_help=True)
    app.command("verify", help=VERIFY)(verify)
    app.command("accept", help=ACCEPT)(accept)
    return app


def verify(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.ledger_commands import verify as check
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        settings = load_settings(database_url=database_url)
        with _bar(quiet=json) as progress:
            report = check(settings, progress)
    tell(_answer(report), *_lines(report), json=json)
    if report.damages:
        if not json:
            note("Restore a backup from before, or see askfirst ledger accept --help.")
        raise typer.Exit(int(Exit.NO))


def accept(
    *,
    reason: Annotated[
        str, typer.Option(help="Why it counts as it is; stays in the ledger.", show_default=False)
    ],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.transparency import AcceptLedger

    answer = perform(AcceptLedger(business=business, reason=reason), database_url)
    lines = [
        f"accepted for {one['business']} at position {one['event']['position']}: "
        + "; ".join(one["damages"])
        for one in answer["accepted"]
    ]
    held = [f"still held: {told}" for told in answer["held"]]
    tell(answer, *lines, *held, json=json)
    if held:
        raise typer.Exit(int(Exit.NO))


def _answer(report: Report) -> dict[str, Any]:
    return {
        "is_sound": not report.damages,
        "events": report.events,
        "businesses": report.businesses,
        "has_head": report.has_head,
        "seconds": round(report.seconds, 3),
        "damages": [
            {
                "kind": one.kind.value,
                "business": one.business_id,
                "first": one.first,
                "last": one.last,
                "what": one.what,
                "told": str(one),
            }
            for one in report.damages
        ],
    }


def _lines(report: Report) -> Iterator[str]:
    speed = f"{report.seconds:.1f} s"
    if not report.damages:
        yield f"{report.events} events of {report.businesses} businesses fit together ({speed})"
        if not report.has_head:
            yield "no head is kept yet: an older copy of this database would not be noticed"
        return
    yield f"{len(report.damages)} things do not fit ({report.events} events, {speed}):"
    told = [str(one) for one in report.damages]
    yield from told[:_SHOWN_MAX]
    if len(told) > _SHOWN_MAX:
        yield f"and {len(told) - _SHOWN_MAX} more; --json gives up to a thousand"


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Progress]:
    """Show how far it is, on a terminal."""
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
