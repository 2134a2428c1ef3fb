"""`askfirst`: each command parses, calls and prints; what it does is decided elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst import __version__
from askfirst.cli import consent, entry_points, opt_out, prompts, running, sending, tenants, tour


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
    app.command("serve", help=running.SERVE_HELP)(running.serve)
    app.command("demo", help=running.DEMO_HELP)(running.demo)
    app.command("tour", help=tour.HELP)(tour.tour)
    app.command("doctor", help=running.DOCTOR_HELP)(running.doctor)
    app.command("check", help=sending.HELP)(sending.check)
    app.command("record", help=consent.RECORD_HELP)(consent.record)
    app.command("events", help=consent.EVENTS_HELP)(consent.events)
    app.add_typer(tenants.keys_app(), name="keys")
    app.add_typer(running.keyring_app(), name="keyring")
    app.add_typer(running.clock_app(), name="clock")
    app.add_typer(consent.ledger_app(), name="ledger")
    app.add_typer(prompts.build_app(), name="prompt")
    app.add_typer(opt_out.build_app(), name="opt-out")
    app.add_typer(opt_out.reviews_app(), name="reviews")
    app.add_typer(tenants.business_app(), name="business")
    app.add_typer(tenants.sender_app(), name="sender")
    app.add_typer(entry_points.entry_point_app(), name="entry")
    app.add_typer(consent.link_app(), name="link")
    app.command("qr", help=entry_points.QR_HELP)(entry_points.qr)
    app.add_typer(consent.receipt_app(), name="receipt")
    app.command("verify", help=consent.VERIFY_HELP)(consent.verify)
    app.command("simulator", help=running.SIMULATOR_HELP)(running.simulator)
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
