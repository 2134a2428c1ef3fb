"""`askfirst receipt show|keys|rotate`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, print_json

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
    from askfirst.bootstrap.local.desk import perform
    from askfirst.bootstrap.local.errands import ShowReceipt
    from askfirst.bootstrap.settings import load_settings

    errand = ShowReceipt(business=business, position=position)
    with clear_errors():
        print(perform(load_settings(database_url=database_url), errand)["receipt"])


def keys(business: Business = "", database_url: DatabaseUrl = None) -> None:
    from askfirst.bootstrap.local.desk import perform
    from askfirst.bootstrap.local.errands import ShowReceiptKeys
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        print_json(
            perform(load_settings(database_url=database_url), ShowReceiptKeys(business=business))
        )


def rotate(business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.local.desk import perform
    from askfirst.bootstrap.local.errands import RotateReceiptKey
    from askfirst.bootstrap.settings import load_settings

    errand = RotateReceiptKey(business=business)
    with clear_errors():
        answer = perform(load_settings(database_url=database_url), errand)
    if json:
        print_json(answer)
        return
    print(f"receipts are signed with {answer['key']} from now on")
