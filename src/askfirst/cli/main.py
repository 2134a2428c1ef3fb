"""`askfirst`: each command parses, calls and prints; what it does is decided elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst import __version__
from askfirst.cli.consent import events, ledger, link, receipt, record, verify
from askfirst.cli.entry_points import entry_point, qr
from askfirst.cli.prompts import prompt
from askfirst.cli.running import clock, demo, doctor, keyring, serve, simulator, tour
from askfirst.cli.sending import check
from askfirst.cli.tenants import business, keys, sender


def main() -> None:
    """Run the command line."""
    build_app()()


def build_app() -> typer.Typer:
    """Put the commands together."""
    app = typer.Typer(
        name="askfirst",
        help="WhatsApp opt-in, asked for, proven, honoured and enforced.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_root)
    app.command("serve", help=serve.HELP)(serve.serve)
    app.command("demo", help=demo.HELP)(demo.demo)
    app.command("tour", help=tour.HELP)(tour.tour)
    app.command("doctor", help=doctor.HELP)(doctor.doctor)
    app.command("check", help=check.HELP)(check.check)
    app.command("record", help=record.HELP)(record.record)
    app.command("events", help=events.HELP)(events.events)
    app.add_typer(keys.build_app(), name="keys")
    app.add_typer(keyring.build_app(), name="keyring")
    app.add_typer(clock.build_app(), name="clock")
    app.add_typer(ledger.build_app(), name="ledger")
    app.add_typer(prompt.build_app(), name="prompt")
    app.add_typer(business.build_app(), name="business")
    app.add_typer(sender.build_app(), name="sender")
    app.add_typer(entry_point.build_app(), name="entry")
    app.add_typer(link.build_app(), name="link")
    app.command("qr", help=qr.HELP)(qr.qr)
    app.add_typer(receipt.build_app(), name="receipt")
    app.command("verify", help=verify.HELP)(verify.verify)
    app.command("simulator", help=simulator.HELP)(simulator.simulator)
    return app


def _root(
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            callback=lambda on: _version(on=on),
            is_eager=True,
        ),
    ] = False,
) -> None:
    return


def _version(*, on: bool) -> None:
    if on:
        print(f"askfirst {__version__}")
        raise typer.Exit
