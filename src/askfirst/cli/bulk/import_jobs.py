"""`askfirst imports`: what files were sent, and giving them up."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, note, paragraphs, tell, tell_table

LIST = paragraphs(f"""
List the files that were sent to be imported, the newest first: by askfirst import, the API or the
console. A file that nobody confirms goes after a week, a report after a year.

Example: askfirst imports list

{EXIT_CODES}
""")

DELETE = paragraphs(f"""
Give an import up: its file, its rows and its report are forgotten. One that runs ends at its next
part. What it recorded stays, because the ledger forgets nothing.

Example: askfirst imports delete imp_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Files that were sent to be imported.", no_args_is_help=True)
    app.command("list", help=LIST)(list_imports)
    app.command("delete", help=DELETE)(delete_import)
    return app


def list_imports(
    *,
    after: Annotated[str, typer.Option(help="Only imports behind this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.commands import ListImports

    answer = perform(ListImports(business=business, after=after, limit=limit), database_url)
    rows = [
        (one["id"], one["state"], one["mode"], one["purpose"] or "", str(one["rows"]), _done(one))
        for one in answer["imports"]
    ]
    tell_table(answer, ("id", "state", "mode", "purpose", "rows", "done"), rows, json=json)
    if not rows and not json:
        note("No file was sent. Begin with: askfirst import contacts.csv --purpose marketing")


def _done(one: dict[str, Any]) -> str:
    done, parts = one["progress"]["done"], one["progress"]["parts"]
    return f"{100 * done // parts} %" if parts else ""


def delete_import(
    *,
    import_id: Annotated[str, typer.Argument(metavar="ID", help="As askfirst imports list shows.")],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.commands import ForgetImport

    answer = perform(ForgetImport(business=business, id=import_id), database_url)
    tell(answer, f"{import_id} is forgotten; what it recorded stays", json=json)
