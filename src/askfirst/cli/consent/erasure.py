"""Commands about a person's own data: erase it, tell what is held, pack what proves it."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    fail,
    note,
    paragraphs,
    print_json,
    tell,
    tell_table,
)
from askfirst.domain.consent.erasure import EraseReason

_REQUESTS: Final = "requests"

ERASE_HELP = paragraphs(f"""
Erase a person (GDPR, Article 17): their number, their evidence, every kept message that names them.
The ledger keeps its lines, which name nobody. No import and no API call brings them back: messages
may be sent to them again only once they say yes themselves, in WhatsApp.

This cannot be undone. Give them their data first, if they want it: askfirst export person.

askfirst erase requests lists the people who asked for it on their preference page.

Example: askfirst erase +447700900123 --reason requested

{EXIT_CODES}
""")

EXPORT_HELP = paragraphs(f"""
Print everything that is held about a person, as JSON (GDPR, Articles 15 and 20): their numbers,
what they were shown and answered, what was sent or refused, and the messages that are still kept.

Example: askfirst export person +447700900123 > their-data.json

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


EVIDENCE_HELP = paragraphs(f"""
Pack one person's whole story for a regulator or for Meta: a page to read and print, with each
question as it was shown, what was answered and how it is known, the messages sent and held back;
the same as JSON; a signed receipt for each answer. askfirst verify checks the whole file.

Name somebody who was erased by their contact id: the file has what may remain.

Example: askfirst evidence +447700900123 --out evidence.zip

{EXIT_CODES}
""")


def evidence(
    *,
    contact: Person,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it.", show_default="evidence-con_….zip")
    ] = None,
    locale: Annotated[str, typer.Option(help="The language of the page.")] = "en",
    business: Business = "",
    database_url: DatabaseUrl = None,
) -> None:
    from askfirst.web.admin.evidence import PackEvidence

    command = PackEvidence(business=business, contact=contact, locale=locale)
    answer = perform(command, database_url)
    place = out or Path(answer["name"])
    try:
        place.write_bytes(b64decode(answer["zip"]))
    except OSError as error:
        fail(f"--out: {place} cannot be written: {error.strerror}", Exit.USAGE)
    typer.echo(f"wrote {place}; check it with: askfirst verify {place}")


def verify_pack(pack: Path, keys: Path | None, *, json: bool) -> None:
    """Check a pack; what was changed in it ends the process."""
    from askfirst.bootstrap.commands.evidence_commands import check_pack
    from askfirst.domain.values.errors import InvalidInput

    with clear_errors():
        try:
            checked = check_pack(pack, keys)
        except InvalidInput as error:
            if error.field != "pack":
                raise
            fail(f"the pack {error.message}", Exit.NO)
    manifest = checked.manifest
    lines = [
        (
            f"valid: evidence on {manifest['principal_id']} from {manifest['business']}, "
            f"made at {manifest['made_at']}"
        ),
        (
            f"{len(manifest['files'])} files and {checked.receipts} receipts are what was signed, "
            f"with the ledger at position {manifest['ledger']['position']}"
        ),
    ]
    tell(dict(manifest), *lines, json=json)
    if checked.has_own_keys and not json:
        note("Checked with the keys in the pack. Compare them with the published ones.")
