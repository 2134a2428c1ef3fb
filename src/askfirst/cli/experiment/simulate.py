"""The command that simulates a plan of campaigns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.options import AsJson
from askfirst.cli.output import (
    clear_errors,
    note,
    paragraphs,
    print_json,
    print_table,
    progress_bar,
)

HELP = paragraphs("""
Let simulated people live through 90 days of campaigns, sent directly, with a block list of exact
words, and through askfirst. A model, not a forecast: what it assumes is on the guide's page
"Campaign simulation". Nothing is sent, and no database is needed.

Example: askfirst simulate --people 2000 --picture campaigns.svg

Exit codes: 0 done, 2 wrong usage or a plan that is not understood.
""")


def simulate(
    *,
    people: Annotated[int, typer.Option(help="How many customers there are.")] = 10_000,
    days: Annotated[int, typer.Option(help="How many days it goes on.")] = 90,
    seed: Annotated[int, typer.Option(help="The same seed, the same people and luck.")] = 1,
    plan: Annotated[
        Path | None,
        typer.Option(help="Campaigns of your own (TOML).", show_default=False),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw what came of it into this file (SVG).", show_default=False),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity", help="Also change each assumption, with 1,000 people at most."
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import experiment_commands as commands

    with clear_errors():
        study = commands.open_study(people, days, seed, plan)
        with progress_bar(quiet=json) as progress:
            lives = commands.simulate(study, progress)
        if picture is not None:
            commands.write_picture(study, lives, picture)
        variants = []
        if sensitivity:
            with progress_bar(quiet=json) as progress:
                variants = commands.find_sensitivity(study, progress)
    if json:
        print_json(commands.report(study, lives, variants))
        return
    print_table(commands.COLUMNS, commands.rows(lives))
    if sensitivity:
        print()
        print_table(commands.SENSITIVITY_COLUMNS, commands.sensitivity_rows(variants))
    note("A model, not a forecast: see docs/guide/campaign-simulation.md for what it assumes.")
