"""`askfirst link create|revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, tell

CREATE = paragraphs(f"""
Make the link to one person's preference page: what they agreed to, a switch for each purpose, and
a stop for everything.

Give it to nobody else: whoever has it can end their consents, and say yes in their name.

Example: askfirst link create +447700900123 --days 7

{EXIT_CODES}
""")
REVOKE = paragraphs(f"""
End a link: from now on it opens nothing.

Example: askfirst link revoke lnk_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Links to one person's preference page.", no_args_is_help=True)
    app.command("create", help=CREATE)(create)
    app.command("revoke", help=REVOKE)(revoke)
    return app


def create(
    contact: Annotated[
        str, typer.Argument(help="A number such as +447700900123, or a BSUID.", show_default=False)
    ],
    days: Annotated[int, typer.Option(help="How long it works.")] = 30,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import CreateLink

    answer = perform(CreateLink(business=business, contact=contact, days=days), database_url)
    aside = f"{answer['id']}, until {answer['expires_at']}"
    tell(answer, answer["url"], aside=aside, json=json)


def revoke(
    link_id: Annotated[str, typer.Argument(help="The link's id: lnk_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import RevokeLink

    answer = perform(RevokeLink(business=business, link_id=link_id), database_url)
    tell(answer, f"revoked {answer['id']}", json=json)
