"""Commands about a business, its keys and its senders."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, tell, tell_table

BUSINESS_SHOW = paragraphs(f"""
Show the name, contact and privacy notice that customers see, and which sites may ask for them.

Example: askfirst business show

{EXIT_CODES}
""")
BUSINESS_SET = paragraphs(f"""
Change the name, contact and privacy notice that customers see in every question, page and receipt.
What you leave out stays as it is; an empty text removes it.

Example: askfirst business set --name "Café Lune" --origin https://cafe-lune.example --locale fr

{EXIT_CODES}
""")
_OPTIONS = "--name, --origin, --contact, --privacy-url, --country, --locale, --colour or --logo"


def business_app() -> typer.Typer:
    app = typer.Typer(
        help="The name, contact and privacy notice that customers see.", no_args_is_help=True
    )
    app.command("show", help=BUSINESS_SHOW)(show_business)
    app.command("set", help=BUSINESS_SET)(change_business)
    return app


def show_business(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.tenants import ShowBusiness

    _tell(perform(ShowBusiness(business=business), database_url), json=json)


def change_business(
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
        typer.Option(help="Where it is: its law binds, its numbers need no +.", show_default=False),
    ] = None,
    locale: Annotated[
        str | None,
        typer.Option(help="Spoken where the reader's is not known.", show_default=False),
    ] = None,
    colour: Annotated[
        str | None, typer.Option(help="Of its pages, such as #0b6b57.", show_default=False)
    ] = None,
    logo: Annotated[
        str | None,
        typer.Option(
            help='A file with its logo: a PNG of 32 KB at most; "" takes it away.',
            show_default=False,
        ),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.tenants import SetBusiness

    told = (name, contact, privacy_url, country, locale, colour, logo)
    if not origin and all(one is None for one in told):
        fail(f"say what to change: {_OPTIONS}", Exit.USAGE)
    command = SetBusiness(
        business=business,
        name=name,
        origins=tuple(filter(None, origin)) if origin else None,
        contact=contact,
        privacy_url=privacy_url,
        country=country,
        locale=locale,
        colour=colour,
        logo=None if logo is None else _picture(logo),
    )
    _tell(perform(command, database_url), json=json)


def _picture(file: str) -> bytes:
    try:
        return Path(file).read_bytes() if file else b""
    except OSError as error:
        fail(f"logo: {file} cannot be read: {error.strerror}", Exit.USAGE)


def _tell(sheet: Mapping[str, Any], *, json: bool) -> None:
    shown = {
        **sheet,
        "origins": " ".join(sheet["origins"]),
        "colour": _colour(sheet["colour"]) if sheet["colour"] else "",
    }
    rows = [(name, str(text)) for name, text in shown.items()]
    tell_table(sheet, ("what", "is"), rows, json=json)


def _colour(palette: Mapping[str, Any]) -> str:
    """Say what became of a colour: words of it have to be read by everybody (WCAG 2.2, 1.4.3)."""
    fill, light, dark = palette["fill"], palette["light"]["words"], palette["dark"]["words"]
    parts = [f"{fill} on buttons"]
    parts += [f"{light} for words on light pages"] if light != fill else []
    parts += [f"{dark} for words on dark pages"] if dark != fill else []
    return ", ".join(parts) + (": adjusted to be readable" if len(parts) > 1 else "")


_ALL = "all"

KEYS_CREATE = paragraphs(f"""
Make a key and print its secret, this once.

The business is made too, where it is new.

Example: askfirst keys create --business cafe-lune --scope check --scope send

{EXIT_CODES}
""")
KEYS_LIST = paragraphs(f"""
List a business's keys, without their secrets.

Example: askfirst keys list --business cafe-lune

{EXIT_CODES}
""")
KEYS_REVOKE = paragraphs(f"""
End a key. It counts at once, on other server processes within a second.

Example: askfirst keys revoke key_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def keys_app() -> typer.Typer:
    app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
    app.command("create", help=KEYS_CREATE)(create_key)
    app.command("list", help=KEYS_LIST)(list_keys)
    app.command("revoke", help=KEYS_REVOKE)(revoke_key)
    return app


def create_key(
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
    command = CreateKey(business=business, business_name=business_name, name=name, scopes=scopes)
    answer = perform(command, database_url)
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


def revoke_key(
    key_id: Annotated[str, typer.Argument(help="The key's id: key_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.tenants import RevokeKey

    answer = perform(RevokeKey(business=business, key_id=key_id), database_url)
    tell(answer, f"revoked {answer['id']}", json=json)


SENDER_LIST = paragraphs(f"""
List the numbers that the business sends from.

Example: askfirst sender list

{EXIT_CODES}
""")
SENDER_SET = paragraphs(f"""
Register a number that the business sends from, or change it. What is not named stays as it is.

Meta is asked, with the token, whether the number is one of the WABA's: a number and a WABA belong
to one business here. What Meta delivered for them before is acted on before the command ends.

Example: askfirst sender set 106540352242922 --waba-id 102290129340398 --number +15551234567
--name "Café Lune" --token-file token.txt

{EXIT_CODES}
""")
_STANDARD_INPUT = "-"


def sender_app() -> typer.Typer:
    app = typer.Typer(help="The numbers that a business sends from.", no_args_is_help=True)
    app.command("list", help=SENDER_LIST)(list_senders)
    app.command("set", help=SENDER_SET)(change_sender)
    return app


def list_senders(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.tenants import ListSenders

    answer = perform(ListSenders(business=business), database_url)
    columns = ("phone_number_id", "waba_id", "number", "name", "state")
    rows = [[sender[column] for column in columns] for sender in answer["senders"]]
    tell_table(answer, ("sender", "waba", "number", "name", "state"), rows, json=json)


def change_sender(
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

    command = SetSender(
        business=business,
        phone_number_id=phone_number_id,
        waba_id=waba_id,
        number=number,
        name=name,
        state=state,
        token=None if token_file is None else _read(token_file),
    )
    answer = perform(command, database_url)
    tell(answer, f"{answer['phone_number_id']} is {answer['state']}", json=json)


def _read(file: Path) -> str:
    """Read the token: on a command line, others on the machine could see it."""
    if str(file) == _STANDARD_INPUT:
        return sys.stdin.read().strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        fail(f"{file} cannot be read", Exit.USAGE)
