"""Commands about operators: who may use the console, and in which role."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, note, paragraphs, tell, tell_table

INVITE: Final = paragraphs(f"""
Invite somebody to the console and print a link, this once. It works once, for three days. The
person who opens it chooses a name and a password: send it by a way that only they read.

The role is viewer, support, marketing, compliance or admin. For somebody who is there already, the
link sets a new password, and the role is theirs at once.

Example: askfirst operators invite ana@example.com --role admin --business cafe-lune

{EXIT_CODES}
""")
LIST: Final = paragraphs(f"""
List who may use the console, who is invited, whose access ended, and how each signs in:
password, password_code (with a code of an authenticator), passkey, sso.

Example: askfirst operators list

{EXIT_CODES}
""")
END: Final = paragraphs(f"""
End somebody's access: their sessions end at once, and their invitation counts no longer.

Example: askfirst operators end opr_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Who may use the console.", no_args_is_help=True)
    app.command("invite", help=INVITE)(invite)
    app.command("list", help=LIST)(list_operators)
    app.command("end", help=END)(end)
    return app


def invite(
    email: Annotated[str, typer.Argument(help="Their e-mail address.", show_default=False)],
    role: Annotated[
        str, typer.Option(help="viewer, support, marketing, compliance or admin.")
    ] = "viewer",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.operators.commands import InviteOperator

    answer = perform(InviteOperator(business=business, email=email, role=role), database_url)
    aside = (
        f"{answer['id']} is invited as {answer['role']}. The link works once, until "
        f"{answer['expires_at']}; it is not shown again."
    )
    tell(answer, answer["link"], aside=aside, json=json)


def list_operators(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.operators.commands import ListOperators

    answer = perform(ListOperators(business=business), database_url)
    columns = ("id", "email", "name", "role", "state")
    rows = [
        [*(one[column] for column in columns), ", ".join(one["sign_in"])]
        for one in answer["operators"]
    ]
    tell_table(answer, (*columns, "sign_in"), rows, json=json)
    if not rows and not json:
        note("Nobody is invited yet: askfirst operators invite EMAIL --role admin")


def end(
    operator_id: Annotated[str, typer.Argument(help="Their id: opr_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.operators.commands import EndOperator

    answer = perform(EndOperator(business=business, operator_id=operator_id), database_url)
    tell(answer, f"ended the access of {answer['id']}", json=json)
