"""`askfirst simulator`."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs

HELP = paragraphs(f"""
Run a WhatsApp of your own to develop against: Graph API, webhooks and phones.

It has one business (Café Lune, phone number id 200000000000001, token simulated-meta-token) and
its templates. Every well-formed number has a phone: open / in a browser.

Example: askfirst simulator --port 8090 --webhooks-to http://127.0.0.1:8080/webhooks/whatsapp

{EXIT_CODES}
""")


def simulator(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for a free one.")] = 8090,
    webhooks_to: Annotated[
        str, typer.Option(help="Where to post webhooks; without it, nobody is told.")
    ] = "",
    app_secret: Annotated[
        str, typer.Option(help="The secret that signs webhooks; it protects nothing real.")
    ] = "simulated-app-secret",  # noqa: S107 - of a world that is not real
    fd: Annotated[
        int | None, typer.Option(help="Take over a listening socket.", hidden=True)
    ] = None,
) -> None:
    import uvloop

    from askfirst.bootstrap.demo.simulation import serve_simulator
    from askfirst.bootstrap.listening import listen
    from askfirst.bootstrap.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel

    with clear_errors():
        configure_logging(LogLevel.WARNING, LogFormat.CONSOLE)
        listener = socket.socket(fileno=fd) if fd is not None else listen(host, port)
        uvloop.run(
            serve_simulator(
                listener, webhooks_to=webhooks_to, app_secret=app_secret, announce=_announce
            )
        )


def _announce(address: str) -> None:
    print(f"listening on {address}", flush=True)
