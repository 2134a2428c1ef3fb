"""`askfirst serve`."""

from __future__ import annotations

import socket
import sys
from typing import Annotated

import typer

from askfirst.cli.options import DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, print_table

HELP = paragraphs(f"""
Run the server: REST API, gateway and webhooks on one port.

Settings come from ASKFIRST_… variables; --settings lists them. SIGTERM and Ctrl-C end it
cleanly: requests that have begun are finished, for ten seconds at most.

Example: ASKFIRST_WEBHOOK_SECRETS=… askfirst serve --port 8080

{EXIT_CODES}
""")


def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port; 0 for a free one.", show_default="8080")
    ] = None,
    database_url: DatabaseUrl = None,
    settings: Annotated[
        bool, typer.Option("--settings", help="List all settings and end.")
    ] = False,
    fd: Annotated[
        int | None, typer.Option(help="Take over a listening socket.", hidden=True)
    ] = None,
) -> None:
    if settings:
        _list_settings()
        return
    import uvloop

    from askfirst.bootstrap.logging import configure_logging
    from askfirst.bootstrap.server import serve as run
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        loaded = load_settings(database_url=database_url, host=host, port=port)
        configure_logging(loaded.log_level, loaded.log_format)
        listener = socket.socket(fileno=fd) if fd is not None else None
        uvloop.run(run(loaded, _announce, listener))


def _announce(address: str) -> None:
    """One line on stdout, for whoever started us; the log is on stderr."""
    print(f"listening on {address}", flush=True)


def _list_settings() -> None:
    from askfirst.bootstrap.settings import PREFIX, Settings

    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = "" if default in (None, ()) else str(default)
        rows.append((PREFIX + name.upper(), shown, field.description or ""))
    print_table(("setting", "default", "what it is"), rows)
    sys.stdout.flush()
