"""`askfirst business show|set`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, tell_table

SHOW = paragraphs(f"""
Show what customers are told about the business, and which sites may ask for it.

Example: askfirst business show

{EXIT_CODES}
""")
SET = paragraphs(f"""
Change what customers are told about the business. It stands in every question, page and receipt
from now on. What is not named stays as it is; an empty text takes it away.

Example: askfirst business set --name "Café Lune" --origin https://cafe-lune.example --locale fr

{EXIT_CODES}
""")
_OPTIONS = "--name, --origin, --contact, --privacy-url, --country or --locale"


def build_app() -> typer.Typer:
    app = typer.Typer(help="What customers are told about the business.", no_args_is_help=True)
    app.command("show", help=SHOW)(show)
    app.command("set", help=SET)(change)
    return app


def show(business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.web.admin.tenants import ShowBusiness

    _tell(perform(ShowBusiness(business=business), database_url), json=json)


def change(
    *,
    name: Annotated[
        str | None, typer.Option(help="The name that customers know.", show_default=False)
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="A site whose pages may fetch questions and post answers, repeated; takes the "
            "place of all that were there.",
            show_default=False,
        ),
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="How people reach it.", show_default=False)
    ] = None,
    privacy_url: Annotated[
        str | None, typer.Option(help="Its privacy notice.", show_default=False)
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(help="Whose law binds the wording: DE, BR, …", show_default=False),
    ] = None,
    locale: Annotated[
        str | None,
        typer.Option(help="Spoken where the reader's is not known.", show_default=False),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.tenants import SetBusiness

    told = (name, contact, privacy_url, country, locale)
    if not origin and all(one is None for one in told):
        fail(f"say what to change: {_OPTIONS}", Exit.USAGE)
    errand = SetBusiness(
        business=business,
        name=name,
        origins=tuple(filter(None, origin)) if origin else None,
        contact=contact,
        privacy_url=privacy_url,
        country=country,
        locale=locale,
    )
    _tell(perform(errand, database_url), json=json)


def _tell(sheet: Mapping[str, Any], *, json: bool) -> None:
    shown = {**sheet, "origins": " ".join(sheet["origins"])}
    rows = [(name, str(text)) for name, text in shown.items()]
    tell_table(sheet, ("what", "is"), rows, json=json)
