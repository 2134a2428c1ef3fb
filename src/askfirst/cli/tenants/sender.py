"""`askfirst sender list|set`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, tell, tell_table

LIST = paragraphs(f"""
List the numbers that the business sends from.

Example: askfirst sender list

{EXIT_CODES}
""")
SET = paragraphs(f"""
Register a number that the business sends from, or change it. What is not named stays as it is.

Meta is asked, with the token, whether the number is one of the WABA's: a number and a WABA belong
to one business here. What Meta delivered for them before is acted on before the command ends.

Example: askfirst sender set 106540352242922 --waba-id 102290129340398 --number +15551234567
--name "Café Lune" --token-file token.txt

{EXIT_CODES}
""")
_STANDARD_INPUT = "-"


def build_app() -> typer.Typer:
    app = typer.Typer(help="The numbers that a business sends from.", no_args_is_help=True)
    app.command("list", help=LIST)(list_senders)
    app.command("set", help=SET)(change)
    return app


def list_senders(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.tenants import ListSenders

    answer = perform(ListSenders(business=business), database_url)
    columns = ("phone_number_id", "waba_id", "number", "name", "state")
    rows = [[sender[column] for column in columns] for sender in answer["senders"]]
    tell_table(answer, ("sender", "waba", "number", "name", "state"), rows, json=json)


def change(
    phone_number_id: Annotated[
        str, typer.Argument(help="Meta's id of the number.", show_default=False)
    ],
    *,
    waba_id: Annotated[
        str | None, typer.Option(help="Meta's id of its account.", show_default=False)
    ] = None,
    number: Annotated[
        str | None, typer.Option(help="The number itself, with plus.", show_default=False)
    ] = None,
    name: Annotated[str | None, typer.Option(help="What people see.", show_default=False)] = None,
    state: Annotated[
        str | None,
        typer.Option(help="active, paused, restricted or banned.", show_default=False),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="The file with Meta's access token, - for standard input. It is kept encrypted.",
            show_default=False,
        ),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.tenants import SetSender

    errand = SetSender(
        business=business,
        phone_number_id=phone_number_id,
        waba_id=waba_id,
        number=number,
        name=name,
        state=state,
        token=None if token_file is None else _read(token_file),
    )
    answer = perform(errand, database_url)
    tell(answer, f"{answer['phone_number_id']} is {answer['state']}", json=json)


def _read(file: Path) -> str:
    """Read the token: on a command line, others on the machine could see it."""
    if str(file) == _STANDARD_INPUT:
        return sys.stdin.read().strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        fail(f"{file} cannot be read", Exit.USAGE)
