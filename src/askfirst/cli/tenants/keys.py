"""`askfirst keys create|list|revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, tell, tell_table

_ALL = "all"

CREATE = paragraphs(f"""
Make a key and print its secret, this once.

The business is made too, where it is new.

Example: askfirst keys create --business cafe-lune --scope check --scope send

{EXIT_CODES}
""")
LIST = paragraphs(f"""
List a business's keys, without their secrets.

Example: askfirst keys list --business cafe-lune

{EXIT_CODES}
""")
REVOKE = paragraphs(f"""
End a key. It counts at once, on other server processes within a second.

Example: askfirst keys revoke key_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
    app.command("create", help=CREATE)(create)
    app.command("list", help=LIST)(list_keys)
    app.command("revoke", help=REVOKE)(revoke)
    return app


def create(
    scope: Annotated[
        list[str],
        typer.Option(
            help="What the key may do, repeated: consents:write, contacts:read, prompts:read, "
            "check, send … (an unknown one lists them), or all."
        ),
    ],
    business: Business = "",
    business_name: Annotated[
        str, typer.Option(help="The name that customers know.", show_default=False)
    ] = "",
    name: Annotated[str, typer.Option(help="What the key is for.")] = "key",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.tenants.api_key import ApiScope
    from askfirst.web.admin.tenants import CreateKey

    scopes = tuple(map(str, ApiScope)) if _ALL in scope else tuple(scope)
    errand = CreateKey(business=business, business_name=business_name, name=name, scopes=scopes)
    answer = perform(errand, database_url)
    aside = (
        f"{answer['id']} of {answer['business']} may: {', '.join(answer['scopes'])}. "
        "Keep the secret: it is not shown again."
    )
    tell(answer, answer["secret"], aside=aside, json=json)


def list_keys(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.tenants import ListKeys

    answer = perform(ListKeys(business=business), database_url)
    rows = [
        (
            key["id"],
            key["name"],
            "revoked" if key["revoked_at"] else "live",
            key["created_at"],
            ",".join(key["scopes"]),
        )
        for key in answer["keys"]
    ]
    tell_table(answer, ("key", "name", "state", "made", "scopes"), rows, json=json)


def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id: key_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.tenants import RevokeKey

    answer = perform(RevokeKey(business=business, key_id=key_id), database_url)
    tell(answer, f"revoked {answer['id']}", json=json)
