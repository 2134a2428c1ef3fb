"""Commands about messages that wait until they may leave."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, note, paragraphs, tell, tell_table

LIST = paragraphs(f"""
List the messages that clients handed over with X-Askfirst-Hold, because only time stood against
them. Those that wait are listed, or with --ended how the others ended. Texts stay encrypted.

Example: askfirst held list

{EXIT_CODES}
""")

CANCEL = paragraphs(f"""
Take a message back that waits. It does not leave any more; your subscriptions receive an event.

Example: askfirst held cancel hld_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Messages that wait until they may leave.", no_args_is_help=True)
    app.command("list", help=LIST)(list_held)
    app.command("cancel", help=CANCEL)(cancel_held)
    return app


def list_held(
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that ended.")] = False,
    after: Annotated[str, typer.Option(help="Only messages behind this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.sending import ListHeld

    command = ListHeld(business=business, is_open=not ended, after=after, limit=limit)
    answer = perform(command, database_url)
    rows = [
        (one["id"], one["state"], one["reason"] or "", one["purpose"], one["ended_at"])
        if ended
        else (one["id"], one["state"], one["reason"] or "", one["purpose"], one["due_at"])
        for one in answer["held"]
    ]
    headings = ("id", "state", "reason", "purpose", "ended at" if ended else "due at")
    tell_table(answer, headings, rows, json=json)
    if not rows and not json:
        note("No message has ended." if ended else "No message waits.")


def cancel_held(
    *,
    held_id: Annotated[str, typer.Argument(metavar="ID", help="As askfirst held list shows it.")],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.sending import CancelHeld

    with clear_errors():
        command = CancelHeld(business=business, held_id=held_id)
    answer = perform(command, database_url)
    tell(answer, f"Cancelled {answer['held']['id']}.", json=json)
