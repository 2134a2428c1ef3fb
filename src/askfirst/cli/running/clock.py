"""`askfirst clock accept`."""

from __future__ import annotations

import typer

from askfirst.cli.options import AsJson, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, tell

ACCEPT = paragraphs(f"""
Let a server start although its clock is behind the newest event, because that event came from a
clock that ran ahead. Set the clock first: only where it is right now is this the way to go on.

What you accept is written down. Events keep their time stamps, and stops count all the same.

Example: askfirst clock accept

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="The clock, held against the ledger.", no_args_is_help=True)
    app.callback()(_group)
    app.command("accept", help=ACCEPT)(accept)
    return app


def _group() -> None:
    """A command of one command is a group only with this."""


def accept(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.clock_commands import accept_stamps
    from askfirst.bootstrap.settings import load_settings
    from askfirst.domain.values.timestamp import to_rfc3339

    with clear_errors():
        accepted = accept_stamps(load_settings(database_url=database_url))
    rows = [
        {"business": one.business_id, "recorded_at": to_rfc3339(one.recorded_at)}
        for one in accepted
    ]
    lines = [f"accepted {row['recorded_at']} of {row['business']}" for row in rows]
    tell({"accepted": rows}, *(lines or ["nothing to accept"]), json=json)
