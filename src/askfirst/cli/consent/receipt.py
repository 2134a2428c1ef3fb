"""`askfirst receipt show|keys|rotate`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, print_json, tell

SHOW = paragraphs(f"""
Give the signed copy of an answer, by its position in the ledger.

Example: askfirst receipt show 1 > receipt.jws

{EXIT_CODES}
""")
KEYS = paragraphs(f"""
Write the public keys that receipts are checked with (JWKS).

Example: askfirst receipt keys > keys.json

{EXIT_CODES}
""")
ROTATE = paragraphs(f"""
Sign with a new key from now on. What the old one signed stays valid.

Example: askfirst receipt rotate

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Signed copies of answers, and their keys.", no_args_is_help=True)
    app.command("show", help=SHOW)(show)
    app.command("keys", help=KEYS)(keys)
    app.command("rotate", help=ROTATE)(rotate)
    return app


def show(
    position: Annotated[int, typer.Argument(help="The event's place.", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
) -> None:
    from askfirst.web.admin.consent import ShowReceipt

    print(perform(ShowReceipt(business=business, position=position), database_url)["receipt"])


def keys(business: Business = "", database_url: DatabaseUrl = None) -> None:
    from askfirst.web.admin.consent import ShowReceiptKeys

    print_json(perform(ShowReceiptKeys(business=business), database_url))


def rotate(business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.web.admin.consent import RotateReceiptKey

    answer = perform(RotateReceiptKey(business=business), database_url)
    tell(answer, f"receipts are signed with {answer['key']} from now on", json=json)
