"""`askfirst qr`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.output import clear_errors, paragraphs

HELP = paragraphs("""
Draw the QR code of a link that opens the WhatsApp chat with a number.

Entries (askfirst entry create) do more: their code tells through which one a customer came.

Example: askfirst qr +15550100001 --text "Hello!" --out window.svg

Exit codes: 0 done, 2 wrong usage.
""")


def qr(
    number: Annotated[str, typer.Argument(help="The business's own number.", show_default=False)],
    text: Annotated[str, typer.Option(help="What stands ready in the message box.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="A file that ends in .svg or .png; otherwise the terminal."),
    ] = None,
) -> None:
    from askfirst.bootstrap.commands.qr_commands import draw_on_terminal, draw_to_file, link_to_chat

    with clear_errors():
        link = link_to_chat(number, text)
        if out is not None:
            draw_to_file(link, out)
    if out is None:
        print(draw_on_terminal(link))
    print(link)
