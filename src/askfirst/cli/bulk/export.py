"""`askfirst export`: take along what is kept, of one person or of the business."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from askfirst.cli.admin_command import settings_of
from askfirst.cli.consent import erasure
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    fail,
    note,
    paragraphs,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from askfirst.bootstrap.commands.export_wish import ExportReport

_FILE: Final = """
JSON lines, in one state of the database, read beside a running server. The first line says what it
is of, the last that it is whole. The file has its name only then; nobody but you may read it.

With --format parquet: the same rows and fields as a file of columns, for a warehouse.
"""
CONTACTS: Final = paragraphs(f"""
Export every contact with the answer for each purpose, and what it rests on.

{_FILE}

Example: askfirst export contacts --numbers --out contacts.jsonl

{EXIT_CODES}
""")
SUPPRESSIONS: Final = paragraphs(f"""
Export everybody who may not be written to: who said no, and to what, and the keyed hashes of names
whose people were erased.

{_FILE}

Example: askfirst export suppressions --numbers --out suppressions.jsonl

{EXIT_CODES}
""")
DECISIONS: Final = paragraphs(f"""
Export every decision on a message, with its reasons and what became of it, without the message.
Those of the last minute come with the next export.

{_FILE}

Example: askfirst export decisions --after dec_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
LEDGER: Final = paragraphs(f"""
Export the ledger, the record of every consent and opt-out, in the order in which it was written.

{_FILE}

Example: askfirst export ledger --format parquet --out ledger.parquet

{EXIT_CODES}
""")

After = Annotated[
    str, typer.Option(help="Go on behind this: what the last line that you have is named by.")
]
Numbers = Annotated[bool, typer.Option("--numbers", help="With people's numbers and ids.")]
Evidence = Annotated[
    bool,
    typer.Option("--evidence", help="With what proves the answers; numbers may stand in it."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Where to write it; - for standard output.",
        show_default="business, kind, date and position",
    ),
]

Format = Annotated[
    str,
    typer.Option(
        "--format", help="jsonl for lines of JSON, parquet for columns with types (needs polars)."
    ),
]

Folder = Annotated[
    Path | None,
    typer.Option(help="Add a file to this folder: of what is new since its newest one."),
]


def build_app() -> typer.Typer:
    app = typer.Typer(help="Take along what is kept.", no_args_is_help=True)
    app.command("person", help=erasure.EXPORT_HELP)(erasure.export)
    app.command("contacts", help=CONTACTS)(export_contacts)
    app.command("suppressions", help=SUPPRESSIONS)(export_suppressions)
    app.command("decisions", help=DECISIONS)(export_decisions)
    app.command("ledger", help=LEDGER)(export_ledger)
    return app


def export_contacts(
    *,
    out: Out = None,
    file_format: Format = "jsonl",
    after: After = "",
    numbers: Numbers = False,
    evidence: Evidence = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    parts = {"with_numbers": numbers, "with_evidence": evidence}
    _export("contacts", (out, file_format, None), after, parts, business, database_url, json=json)


def export_suppressions(
    *,
    out: Out = None,
    file_format: Format = "jsonl",
    after: After = "",
    numbers: Numbers = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    _export(
        "suppressions",
        (out, file_format, None),
        after,
        {"with_numbers": numbers},
        business,
        database_url,
        json=json,
    )


def export_decisions(
    *,
    out: Out = None,
    file_format: Format = "jsonl",
    folder: Folder = None,
    after: After = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    _export("decisions", (out, file_format, folder), after, {}, business, database_url, json=json)


def export_ledger(
    *,
    out: Out = None,
    file_format: Format = "jsonl",
    folder: Folder = None,
    after: After = "",
    evidence: Evidence = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    parts = {"with_evidence": evidence}
    _export("ledger", (out, file_format, folder), after, parts, business, database_url, json=json)


def _export(
    kind: str,
    file: tuple[Path | None, str, Path | None],
    after: str,
    parts: dict[str, bool],
    business: str,
    database_url: str | None,
    *,
    json: bool,
) -> None:
    from askfirst.bootstrap.commands.export_commands import STANDARD_OUTPUT, export
    from askfirst.bootstrap.commands.export_wish import ExportWish
    from askfirst.domain.bulk.export import ExportKind, file_format_of

    out, file_format, folder = file
    is_piped = out == STANDARD_OUTPUT
    if is_piped and json:
        fail("--json: leave it out where --out is -: the lines are JSON", Exit.USAGE)
    with clear_errors():
        settings = settings_of(database_url)
        wish = ExportWish(
            business,
            ExportKind(kind),
            after,
            parts.get("with_numbers", False),
            parts.get("with_evidence", False),
            out,
            file_format_of(file_format),
            folder,
        )
        with progress_bar(quiet=json or is_piped) as progress:
            report = export(settings, wish, progress)
    if json:
        print_json(_answer(report))
    elif is_piped:
        note(_told(report))
    else:
        typer.echo(_told(report))


def _answer(report: ExportReport) -> dict[str, Any]:
    return {
        "business": report.business,
        "kind": report.kind,
        "file": str(report.file) if report.file else None,
        "rows": report.rows,
        "as_of": report.as_of,
        "next": report.next,
    }


def _told(report: ExportReport) -> str:
    if report.file is None:
        return "nothing is new"
    again = f"; to go on behind it: --after {report.next}" if report.next else ""
    return f"wrote {report.rows} rows to {report.file}, as of position {report.as_of}{again}"
