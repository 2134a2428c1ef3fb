"""`askfirst verify`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.options import AsJson
from askfirst.cli.output import Exit, clear_errors, fail, paragraphs, tell

HELP = paragraphs("""
Check a receipt against the published keys of the business, without any server.

The keys are at /p/{business}/keys.json of the server that gave the receipt. A keys.json that lies
beside the receipt is found without --keys.

Example: askfirst verify receipt.jws --keys keys.json

Exit codes: 0 it is what was signed, 1 it is not, 2 wrong usage.
""")
_EVERYTHING = "*"
_STATES = {"vouched": "number stated by the business, not proven,"}
_PROOFS = {
    "typed": "anybody could have typed it",
    "vouched": "on the business's word",
    "proven": "confirmed from the number itself",
}


def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt, as a file.", show_default=False)],
    keys: Annotated[
        Path | None,
        typer.Option(
            help="The published keys (JWKS).", show_default="keys.json beside the receipt"
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands.receipt_commands import check_receipt, keys_beside
    from askfirst.domain.values.errors import InvalidInput

    with clear_errors():
        try:
            content = check_receipt(receipt, keys or keys_beside(receipt))
        except InvalidInput as error:
            if error.field != "receipt":
                raise
            fail(f"the receipt {error.message}", Exit.NO)
    tell(content, *_lines(content), json=json)


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    """What a receipt leaves out, its holder may not know: it is left out here, too."""
    event, party = content.get("event", {}), content.get("party", {})
    said = _STATES.get(event.get("state"), event.get("state"))
    yield f"valid: {said} to {party.get('name')} on {event.get('occurred_at')}"
    purposes = ["everything" if one == _EVERYTHING else one for one in content.get("purposes", ())]
    how_sure = [event["assurance"]] if "assurance" in event else []
    yield f"for {', '.join([*purposes, *how_sure])}"
    if proof := _PROOFS.get(event.get("number_proof", "")):
        yield f"whose number: {proof}"
    if words := content.get("notice", {}).get("words"):
        yield f"shown: {words}"
