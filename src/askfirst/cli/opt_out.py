"""Commands about stops: what a message means, those of other systems, and what to look at."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from askfirst.cli.admin_command import perform, perform_all
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    note,
    paragraphs,
    print_json,
    print_table,
    progress_bar,
    tell,
    tell_table,
)

if TYPE_CHECKING:
    from askfirst.domain.opt_out.stop_file import StopRow

EXPLAIN = paragraphs("""
Tell whether a message is understood as a stop, how much of one, and by which words. The same
reading decides in the chat; nothing is kept or sent.

Example: askfirst opt-out explain "please delete my number"

Exit codes: 0 a stop, 1 no stop, or unsure, 2 wrong usage.
""")

LIST = paragraphs(f"""
List the messages that a person has to look at: complaints, and requests to be erased. Open ones
are listed, or with --closed those that were dealt with. The text stays encrypted with the event.

Example: askfirst reviews list

{EXIT_CODES}
""")

CLOSE = paragraphs(f"""
Close a review, and write down what you did. It changes no opt-in: record a stop with askfirst
record withdraw first. To erase the person, use askfirst erase: it takes the review off the list.

Example: askfirst reviews close 17 --as stopped --reason "rang them, wants nothing more"

{EXIT_CODES}
""")


class CloseAs(StrEnum):
    """What was done."""

    KEPT = "kept"
    STOPPED = "stopped"


def reviews_app() -> typer.Typer:
    app = typer.Typer(help="Complaints and erasure requests to look at.", no_args_is_help=True)
    app.command("list", help=LIST)(list_reviews)
    app.command("close", help=CLOSE)(close_review)
    return app


def list_reviews(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that were closed.")] = False,
    after: Annotated[int, typer.Option(help="Only reviews with a higher id.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.opt_out import ListReviews

    command = ListReviews(business=business, is_open=not closed, after=after, limit=limit)
    answer = perform(command, database_url)
    rows = [
        (str(one["id"]), one["about"], one["contact"], one["said_at"], one["outcome"] or "open")
        for one in answer["reviews"]
    ]
    tell_table(answer, ("id", "about", "contact", "said at", "state"), rows, json=json)
    if not rows and not json:
        note("No complaint or erasure request is here." if closed else "Nothing waits for you.")


def close_review(
    *,
    review: Annotated[int, typer.Argument(metavar="ID", help="As askfirst reviews list shows it.")],
    outcome: Annotated[CloseAs, typer.Option("--as", help="What you did.")],
    reason: Annotated[str, typer.Option(help="Why; without personal data.")],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.consent.review import ReviewOutcome
    from askfirst.web.admin.opt_out import CloseReview

    with clear_errors():
        command = CloseReview(
            business=business, id=review, outcome=ReviewOutcome(outcome.value), reason=reason
        )
    answer = perform(command, database_url)
    closed = answer["review"]
    tell(answer, f"Closed {closed['id']} as {closed['outcome']}.", json=json)


def build_app() -> typer.Typer:
    app = typer.Typer(help="Stops: what is understood, and why.", no_args_is_help=True)
    app.command("explain", help=EXPLAIN)(explain)
    app.callback()(_group)
    return app


def _group() -> None:
    """Keep `explain` a word of its own, though it is alone."""


def explain(
    message: Annotated[str, typer.Argument(help="What somebody wrote.", show_default=False)],
    business: Annotated[
        str, typer.Option("--business-name", help="Your name: it is not somebody else's list.")
    ] = "",
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import opt_out_commands

    reading, sheet = opt_out_commands.explain(message, business)
    tell(sheet, *opt_out_commands.in_words(reading), json=json)
    if not reading.is_stop:
        raise typer.Exit(int(Exit.NO))


IMPORT = paragraphs("""
Record a list of people who opted out: an unsubscribe or suppression list from another system. Each
row is stored or refused, and what is stored is in force when the report is written. The same file
again changes nothing, so after an interruption run it again.

The file is CSV. Its first line names the columns: phone (with a plus, or as it is dialled in your
business's country), wa_id or bsuid; and, if you have them, scope (everything, or purposes such as
marketing; empty is everything), said_at and note. A stop never ends a yes that was said after
said_at; without said_at it counts from now.

Example: askfirst stops import stops.csv --report report.csv

Exit codes: 0 every row is stored, 1 some rows were refused, 2 wrong usage, 3 the database or server
is not available: the rows before that are stored.
""")
_PART_ROWS: Final = 1000
_SHOWN_MAX: Final = 20
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def stops_app() -> typer.Typer:
    app = typer.Typer(help="Opt-outs that other systems hold.", no_args_is_help=True)
    app.command("import", help=IMPORT)(import_stops)
    app.callback()(_group)
    return app


def import_stops(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file.", show_default=False)],
    report: Annotated[
        Path | None,
        typer.Option(help="Write what became of each row to this CSV file.", show_default=False),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.opt_out.stop_file import StopFile
    from askfirst.web.admin.opt_out import ImportStops

    with clear_errors():
        file = StopFile(_bytes_of(path))
        rows = tuple(file.rows())
        _check_writable(report)
    commands = [
        ImportStops(business=business, digest=file.digest, rows=rows[at : at + _PART_ROWS])
        for at in range(0, len(rows), _PART_ROWS)
    ]
    told: dict[str, Any] = {"stored": 0, "known": 0, "refused": [], "noted": []}
    with progress_bar(quiet=json) as progress:

        def hear(answer: Mapping[str, Any]) -> None:
            for name in told:
                told[name] += answer[name]
            progress(told["stored"] + len(told["refused"]), len(rows))

        try:
            if commands:
                perform_all(commands, database_url, hear)
        except typer.Exit:
            done = told["stored"] + len(told["refused"])
            note(f"{done} of {len(rows)} rows are done; run the same command again")
            if report:
                _write_report(report, rows, told)
            raise
    if report:
        _write_report(report, rows, told)
    if json:
        print_json({"rows": len(rows), **told})
    else:
        _print_report(len(rows), told)
    if told["refused"]:
        raise typer.Exit(int(Exit.NO))


def _bytes_of(path: Path) -> bytes:
    from askfirst.domain.values.errors import InvalidInput

    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("file", f"{path} cannot be read: {error.strerror}") from error


def _check_writable(report: Path | None) -> None:
    """Look before anything is stored: a report that is lost then cannot be had again.

    It has people's numbers, so it is its owner's alone.
    """
    from askfirst.domain.values.errors import InvalidInput

    try:
        if report:
            report.touch(mode=0o600)
            report.open("a").close()
    except OSError as error:
        raise InvalidInput("report", f"{report} cannot be written: {error.strerror}") from error


def _print_report(rows: int, told: Mapping[str, Any]) -> None:
    """Say first what could not be applied: somebody in there may have said stop."""
    remarks = [("refused", one) for one in told["refused"]]
    remarks += [("stored", one) for one in told["noted"]]
    if remarks:
        shown = [
            (str(one["line"]), outcome, one["field"], one["reason"])
            for outcome, one in remarks[:_SHOWN_MAX]
        ]
        print_table(("line", "outcome", "column", "why"), shown)
    if len(remarks) > _SHOWN_MAX:
        note(f"and {len(remarks) - _SHOWN_MAX} more; --report writes them all to a file")
    typer.echo(
        f"{rows} rows: {told['stored']} stored ({told['known']} known before), "
        f"{len(told['refused'])} refused"
    )


def _write_report(report: Path, rows: Iterable[StopRow], told: Mapping[str, Any]) -> None:
    """Write each row with what became of it. It has their numbers, as the file that came in."""
    with report.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "outcome", "column", "why", *_COPIED))
        for line in _report_lines(rows, told):
            writer.writerow([_neutral(cell) for cell in line])


_COPIED: Final = ("phone", "wa_id", "bsuid", "scope", "said_at", "note")


def _report_lines(rows: Iterable[StopRow], told: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    refused = {one["line"]: one for one in told["refused"]}
    noted = {one["line"]: one for one in told["noted"]}
    done = told["stored"] + len(refused)
    for number, row in enumerate(rows):
        outcome = "refused" if row.line in refused else "stored"
        outcome = outcome if number < done else "not reached"
        remark = refused.get(row.line) or noted.get(row.line) or {"field": "", "reason": ""}
        cells = (str(getattr(row, name)) for name in _COPIED)
        yield (str(row.line), outcome, remark["field"], remark["reason"], *cells)


def _neutral(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula; read again, the mark is left out."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
