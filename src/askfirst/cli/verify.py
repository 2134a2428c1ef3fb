"""`askfirst verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.options import AsJson
from askfirst.cli.output import Exit, clear_errors, fail, paragraphs, print_json

HELP = paragraphs("""
Check a receipt against the published keys of the business, without any server.

The keys are at /p/{business}/keys.json of the server that gave the receipt.

Example: askfirst verify receipt.jws --keys keys.json

Exit codes: 0 it is what was signed, 1 it is not, 2 wrong usage.
""")


def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt, as a file.", show_default=False)],
    keys: Annotated[Path, typer.Option(help="The published keys (JWKS).", show_default=False)],
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.receipt_desk import check_receipt
    from askfirst.domain.errors import InvalidInput

    with clear_errors():
        try:
            content = check_receipt(receipt, keys)
        except InvalidInput as error:
            if error.field != "receipt":
                raise
            fail(f"the receipt {error.message}", Exit.NO)
    if json:
        print_json(content)
        return
    event, party = content.get("event", {}), content.get("party", {})
    print(f"valid: {event.get('state')} to {party.get('name')} on {event.get('occurred_at')}")
    print(f"for {', '.join(content.get('purposes', ()))}, {event.get('assurance')}")
    if words := content.get("notice", {}).get("words"):
        print(f"shown: {words}")
