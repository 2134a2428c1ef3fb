"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

Seconds = Annotated[float, typer.Option(min=0.1, max=300, help="How long a round lasts.")]
Rounds = Annotated[int, typer.Option(min=1, max=100, help="How many rounds.")]
OnlyJson = Annotated[bool, typer.Option("--json", help="Print the line of JSON, nothing else.")]
Copies = Annotated[
    int,
    typer.Option(
        min=1, max=1_000, help="Import one contact of so many; the database copies the others."
    ),
]
