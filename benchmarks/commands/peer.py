"""The command that compares with another consent server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.output import clear_errors
from benchmarks import help_texts
from benchmarks.commands.options import OnlyJson, Rounds, Seconds
from benchmarks.commands.result import tell_result

app = typer.Typer()


@app.command("peer", help=help_texts.PEER)
def peer(
    folder: Annotated[
        Path, typer.Option(help="Where c15t was installed with npm.", file_okay=False)
    ],
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    json: OnlyJson = False,
) -> None:
    from benchmarks.peer import CONNECTIONS, bench_peer
    from benchmarks.peers.c15t import find_installed
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with clear_errors(), progress(2 * rounds + 4, quiet=json) as shown:
        figures = bench_peer(rounds, seconds, find_installed(folder), shown)
    head = {"benchmark": "peer", "backend": "sqlite"}
    how = {"connections": CONNECTIONS, "rounds": rounds, "seconds": seconds}
    tell_result({**head, **figures, **how, **machine}, json)
