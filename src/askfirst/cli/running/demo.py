"""`askfirst demo`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs

if TYPE_CHECKING:
    import socket

    from askfirst.web.public.start_page import DemoSheet

HELP = paragraphs(f"""
Try askfirst with a simulated WhatsApp and made-up people; nothing leaves this machine.

Starts both, makes a business with a key, and prints the address of a page that says what to
try. With --product, a product runs beside them, for instance a shop that asks its customers; then
its address comes first. Ctrl-C ends all. What was recorded is thrown away, unless --folder names
a place for it.

Example: askfirst demo --product examples/shop

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
    product: Annotated[
        Path | None,
        typer.Option(help="Run the app.py of this folder beside them.", show_default=False),
    ] = None,
    product_port: Annotated[
        int, typer.Option(help="The product's port; a free one if taken.")
    ] = 8070,
) -> None:
    import uvloop

    from askfirst.bootstrap.demo.demo_server import Doors, run_demo
    from askfirst.bootstrap.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel

    with clear_errors(), tempfile.TemporaryDirectory(prefix="askfirst-demo-") as temporary:
        configure_logging(LogLevel.WARNING, LogFormat.CONSOLE)
        place = (folder or Path(temporary)).absolute()
        doors = Doors(
            server=_listen(port),
            simulator=_listen(simulator_port),
            product=product,
            product_port=_free_port(product_port) if product else 0,
        )
        uvloop.run(run_demo(place, doors, _announce))


def _listen(port: int) -> socket.socket:
    from askfirst.bootstrap.listening import listen
    from askfirst.domain.values.errors import InvalidInput

    try:
        return listen("127.0.0.1", port)
    except InvalidInput:
        return listen("127.0.0.1", 0)


def _free_port(wanted: int) -> int:
    """Find a port for a program that binds it itself, a moment later."""
    with _listen(wanted) as listener:
        port: int = listener.getsockname()[1]
        return port


def _announce(sheet: DemoSheet) -> None:
    places = [
        (f"{sheet.address}/", "what this is, and three things to try"),
        (sheet.phone_page, "the customer's phone"),
        (f"{sheet.address}/docs", "the REST API"),
    ]
    if sheet.shop:
        places.insert(0, (f"{sheet.shop}/", "open this: a shop that asks its customers"))
    for place, what in places:
        typer.echo(f"  {typer.style(place, bold=True):<60} {what}")
    typer.echo(f"\n  The API key of this run: {sheet.key}\n  Ctrl-C ends the demo.")
