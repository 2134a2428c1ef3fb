"""Commands about a person's own data: erase it, and tell what is held."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, print_json, tell, tell_table
from askfirst.domain.consent.erasure import EraseReason

_REQUESTS: Final = "requests"

ERASE_HELP = paragraphs(f"""
Erase a person (GDPR, Article 17): their number, their evidence, every kept message that names them.
The ledger keeps its lines, which name nobody. No import and no API call brings them back: messages
may be sent to them again only once they say yes themselves, in WhatsApp.

This cannot be undone. Give them their data first, if they want it: askfirst export.

askfirst erase requests lists the people who asked for it on their preference page.

Example: askfirst erase +447700900123 --reason requested

{EXIT_CODES}
""")

EXPORT_HELP = paragraphs(f"""
Print everything that is held about a person, as JSON (GDPR, Articles 15 and 20): their numbers,
what they were shown and answered, what was sent or refused, and the messages that are still kept.

Example: askfirst export +447700900123 > their-data.json

{EXIT_CODES}
""")

Person = Annotated[
    str,
    typer.Argument(
        help="A number such as +447700900123, a BSUID, or a contact id: con_…", show_default=False
    ),
]


def erase(
    contact: Person,
    reason: Annotated[
        EraseReason | None, typer.Option(help="Why. It stays in the ledger.", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.erasure import EraseContact

    if contact == _REQUESTS:
        _list_requests(business, database_url, json=json)
        return
    if reason is None:
        fail("--reason: must be one of " + ", ".join(EraseReason), Exit.USAGE)
    if not yes:
        typer.confirm(f"Erase {contact} for ever?", abort=True, err=True)
    command = EraseContact(business=business, contact=contact, reason=reason.value)
    answer = perform(command, database_url)
    tell(answer, *_lines(answer), json=json)


def _lines(answer: dict[str, Any]) -> list[str]:
    event = answer["event"]
    removed = ", ".join(f"{name} {count}" for name, count in answer["removed"].items() if count)
    return [
        f"erased {event['contact']} at position {event['position']}: {event['id']}",
        f"taken away besides: {removed or 'nothing'}".replace("_", " "),
        "a yes counts again once they say it themselves, in WhatsApp",
    ]


def _list_requests(business: str, database_url: str | None, *, json: bool) -> None:
    from askfirst.web.admin.erasure import ListEraseRequests

    answer = perform(ListEraseRequests(business=business, limit=1000), database_url)
    rows = [(one["requested_at"], one["surface"], one["contact"]) for one in answer["requests"]]
    if not rows and not json:
        typer.echo("nobody waits to be erased")
        return
    tell_table(answer, ("asked", "where", "contact"), rows, json=json)


def export(
    contact: Person,
    business: Business = "",
    database_url: DatabaseUrl = None,
) -> None:
    from askfirst.web.admin.erasure import ExportContact

    print_json(perform(ExportContact(business=business, contact=contact), database_url))
