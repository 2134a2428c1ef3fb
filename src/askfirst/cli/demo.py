"""`askfirst demo`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs

if TYPE_CHECKING:
    import socket

HELP = paragraphs(f"""
Try askfirst with a simulated WhatsApp and made-up people; nothing leaves this machine.

Starts both, makes a business with a key, and prints the address of a page that says what to
try. Ctrl-C ends both. What was recorded is thrown away, unless --folder names a place for it.

Example: askfirst demo

{EXIT_CODES}
""")


def demo(
    port: Annotated[int, typer.Option(help="Askfirst's port; a free one if taken.")] = 8080,
    simulator_port: Annotated[
        int, typer.Option(help="The simulator's port; a free one if taken.")
    ] = 8090,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the ledger in this folder.", show_default=False)
    ] = None,
) -> None:
    import uvloop

    from askfirst.bootstrap.demo import run_demo
    from askfirst.bootstrap.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel

    with clear_errors(), tempfile.TemporaryDirectory(prefix="askfirst-demo-") as temporary:
        configure_logging(LogLevel.WARNING, LogFormat.CONSOLE)
        place = (folder or Path(temporary)).absolute()
        listeners = (_listen(port), _listen(simulator_port))
        uvloop.run(run_demo(place, *listeners, _announce))


def _listen(port: int) -> socket.socket:
    from askfirst.bootstrap.listening import listen
    from askfirst.domain.errors import InvalidInput

    try:
        return listen("127.0.0.1", port)
    except InvalidInput:
        return listen("127.0.0.1", 0)


def _announce(address: str, phone_page: str, key: str) -> None:
    for place, what in (
        (f"{address}/", "what this is, and three things to try"),
        (phone_page, "the customer's phone"),
        (f"{address}/docs", "the REST API"),
    ):
        typer.echo(f"  {typer.style(place, bold=True):<60} {what}")
    typer.echo(f"\n  The API key of this run: {key}\n  Ctrl-C ends the demo.")
