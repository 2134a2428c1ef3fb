"""Commands about stops."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.options import AsJson
from askfirst.cli.output import Exit, paragraphs, tell

EXPLAIN = paragraphs("""
Tell whether a message is understood as a stop, how much of one, and by which words. The same
reading decides in the chat; nothing is kept or sent.

Example: askfirst opt-out explain "please delete my number"

Exit codes: 0 a stop, 1 no stop, or unsure, 2 wrong usage.
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Stops: what is understood, and why.", no_args_is_help=True)
    app.command("explain", help=EXPLAIN)(explain)
    app.callback()(_group)
    return app


def _group() -> None:
    """Keep `explain` a word of its own, though it is alone."""


def explain(
    message: Annotated[str, typer.Argument(help="What somebody wrote.", show_default=False)],
    business: Annotated[
        str, typer.Option("--business-name", help="Your name: it is not somebody else's list.")
    ] = "",
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import opt_out_commands

    reading, sheet = opt_out_commands.explain(message, business)
    tell(sheet, *opt_out_commands.in_words(reading), json=json)
    if not reading.is_stop:
        raise typer.Exit(int(Exit.NO))
