"""`askfirst`: each command parses, calls and prints; what it does is decided elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst import __version__
from askfirst.cli import (
    entry_points,
    events,
    opt_out,
    prompts,
    running,
    sending,
    tenants,
)
from askfirst.cli.brakes import commands as brakes
from askfirst.cli.bulk import commands as bulk
from askfirst.cli.bulk import export, export_schedules, import_jobs, screen
from askfirst.cli.consent import commands as consent
from askfirst.cli.consent import erasure
from askfirst.cli.experiment import simulate
from askfirst.cli.held import commands as held
from askfirst.cli.inbound import commands as inbound
from askfirst.cli.operators import commands as operators
from askfirst.cli.policy import commands as policy
from askfirst.cli.stats import commands as stats
from askfirst.cli.templates import commands as templates
from askfirst.cli.tour import tour


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
    app.command("pause", help=consent.PAUSE_HELP)(consent.pause)
    app.command("limit", help=consent.LIMIT_HELP)(consent.limit)
    app.command("time-zone", help=consent.TIME_ZONE_HELP)(consent.time_zone)
    app.command("events", help=events.EVENTS_HELP)(events.events)
    app.command("import", help=bulk.IMPORT)(bulk.import_file)
    app.add_typer(import_jobs.build_app(), name="imports")
    app.command("screen", help=screen.SCREEN)(screen.screen_file)
    app.add_typer(screen.build_app(), name="screens")
    app.add_typer(export.build_app(), name="export")
    app.add_typer(export_schedules.build_app(), name="exports")
    app.command("evidence", help=erasure.EVIDENCE_HELP)(erasure.evidence)
    app.command("erase", help=erasure.ERASE_HELP)(erasure.erase)
    app.add_typer(sending.decision_app(), name="decisions")
    app.add_typer(held.build_app(), name="held")
    app.add_typer(tenants.keys_app(), name="keys")
    app.add_typer(running.keyring_app(), name="keyring")
    app.add_typer(running.clock_app(), name="clock")
    app.add_typer(events.ledger_app(), name="ledger")
    app.add_typer(prompts.build_app(), name="prompt")
    app.add_typer(opt_out.build_app(), name="opt-out")
    app.add_typer(policy.build_app(), name="policy")
    app.add_typer(opt_out.stops_app(), name="stops")
    app.add_typer(brakes.brakes_app(), name="brakes")
    app.add_typer(stats.stats_app(), name="stats")
    app.add_typer(opt_out.reviews_app(), name="reviews")
    app.add_typer(operators.build_app(), name="operators")
    app.add_typer(tenants.business_app(), name="business")
    app.add_typer(tenants.sender_app(), name="sender")
    app.add_typer(templates.build_app(), name="templates")
    app.add_typer(entry_points.entry_point_app(), name="entry")
    app.add_typer(events.subscription_app(), name="subscriptions")
    app.add_typer(inbound.receiver_app(), name="receivers")
    app.add_typer(consent.link_app(), name="link")
    app.command("qr", help=entry_points.QR_HELP)(entry_points.qr)
    app.add_typer(consent.receipt_app(), name="receipt")
    app.command("verify", help=consent.VERIFY_HELP)(consent.verify)
    app.command("simulate", help=simulate.HELP)(simulate.simulate)
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
