"""Commands about what people answered and chose: record it, check it, sign it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.consent.erasure import verify_pack
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    fail,
    paragraphs,
    print_json,
    tell,
)

REMEDIES = {
    "vouch": "vouch for the number (confirm)",
    "ask": "ask the person",
    "confirm_in_whatsapp": "let them confirm in WhatsApp",
    "resume_in_whatsapp": "let them allow offers again in WhatsApp",
}
"""What would make an answer effective, as a sentence ends."""

RECORD_HELP = paragraphs(f"""
Record what a person said to you or on paper: a yes (grant), a no (refuse), an opt-out or
unsubscribe (withdraw), or that the number is theirs (confirm).

A yes that is recorded here is your claim: asserted. Say which words the person saw
(--prompt-text), and let them confirm it from their number. On the surfaces phone and paper a yes
needs --taken-by, too. Withdraw without --purpose stops all messages. Confirm needs a --note: how
the number was proven.

Example: askfirst record grant +447700900123 --purpose marketing --surface phone
--taken-by "agent 17" --form "script 3"

{EXIT_CODES}
""")


class Verb(StrEnum):
    """What the person did."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


Contact = Annotated[
    str, typer.Argument(help="A number such as +447700900123, or a BSUID.", show_default=False)
]
TakenBy = Annotated[
    str, typer.Option(help="Your name of the person who took it down, by phone or on paper.")
]
Form = Annotated[str, typer.Option(help="The version of the script or form.")]
Scan = Annotated[
    Path | None,
    typer.Option(
        help="The scan or recording: its SHA-256 is recorded, the file stays here.",
        show_default=False,
    ),
]


def record(
    *,
    verb: Annotated[Verb, typer.Argument(help="What the person did.", show_default=False)],
    contact: Contact,
    purpose: Annotated[
        list[str] | None,
        typer.Option(help="authentication, utility, marketing or a topic; repeated."),
    ] = None,
    surface: Annotated[
        str,
        typer.Option(
            help="Where: signup, login, code, order, qr, link, chat, preferences, phone, paper, "
            "import or api."
        ),
    ] = "api",
    at: Annotated[
        str, typer.Option(help="When, for example 2026-01-31T09:00:00Z.", show_default="now")
    ] = "",
    prompt_text: Annotated[str, typer.Option(help="The words that the person saw.")] = "",
    prompt_key: Annotated[str, typer.Option(help="Your name of that question.")] = "spoken",
    locale: Annotated[str, typer.Option(help="The language of the words.")] = "en",
    taken_by: TakenBy = "",
    form: Form = "",
    scan: Scan = None,
    note: Annotated[str, typer.Option(help="What else proves it; kept encrypted.")] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.consent.consent import ConsentVerb
    from askfirst.web.admin.consent import RecordConsent

    with clear_errors():
        command = RecordConsent(
            business=business,
            verb=ConsentVerb(verb.value),
            contact=contact,
            purposes=tuple(purpose or ()),
            surface=surface,
            occurred_at=at,
            prompt_key=prompt_key,
            prompt_locale=locale,
            prompt_text=prompt_text,
            taken_by=taken_by,
            form=form,
            scan_sha256=_hash_of_scan(scan) if scan else "",
            note=note,
        )
    answer = perform(command, database_url)
    lines = (*map(_line, answer["events"]), *map(_effect, answer["standing"]))
    tell(answer, *lines, json=json)


def _line(event: Mapping[str, Any]) -> str:
    what = ", ".join(event["purposes"]) or "everything"
    return (
        f"{event['kind']} {what} ({event['assurance']}, {event['number_proof']}) "
        f"at position {event['position']}: {event['id']}"
    )


def _effect(effect: Mapping[str, Any]) -> str:
    if effect["effective"]:
        return f"{effect['purpose']}: messages may be sent"
    remedies = ", or ".join(REMEDIES[one] for one in effect["would_make_it_effective"])
    then = f" What would help: {remedies}." if remedies else ""
    why = f"{effect['reason']}. {effect['explanation']}"
    return f"{effect['purpose']}: no messages, {why}{then}"


def _hash_of_scan(path: Path) -> str:
    """Return the SHA-256 of a scan or recording, as 64 hexadecimal digits; the file stays here.

    Raises:
        InvalidInput: the file cannot be read, or is empty.
    """
    from askfirst.domain.values.errors import InvalidInput

    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            is_empty = file.tell() == 0
    except OSError as error:
        raise InvalidInput("scan", f"{path} cannot be read: {error.strerror}") from error
    if is_empty:
        raise InvalidInput("scan", f"{path} is empty")
    return digest


PAUSE_HELP = paragraphs(f"""
Record that a person paused messages until a date. Nothing leaves before it; it ends by itself, or
sooner by a yes. Without --purpose it is of marketing. A date alone is its beginning, in UTC.

Example: askfirst pause +447700900123 --until 2026-12-24

{EXIT_CODES}
""")
LIMIT_HELP = paragraphs(f"""
Record how often at most a person wants offers: one of the frequencies of your policy.

It never loosens what the person chose before; they can do that on their page.

Example: askfirst limit +447700900123 --count 1 --days 7

{EXIT_CODES}
""")
Place = Annotated[str, typer.Option(help="Where they chose: phone or paper, for example.")]


def pause(
    *,
    contact: Contact,
    until: Annotated[
        str,
        typer.Option(help="When it ends: 2026-12-24, or 2026-12-24T09:00:00Z.", show_default=False),
    ],
    purpose: Annotated[
        list[str] | None, typer.Option(help="utility, marketing or a topic; repeated.")
    ] = None,
    surface: Place = "api",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import RecordPause

    purposes = tuple(purpose or ())
    command = RecordPause(
        business=business, contact=contact, until=until, purposes=purposes, surface=surface
    )
    answer = perform(command, database_url)
    tell(answer, *map(_line, answer["events"]), json=json)


def limit(
    *,
    contact: Contact,
    count: Annotated[int, typer.Option(min=1, help="So many at most …", show_default=False)],
    days: Annotated[
        int, typer.Option(min=1, max=30, help="… in so many days.", show_default=False)
    ],
    surface: Place = "api",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import RecordLimit

    command = RecordLimit(
        business=business, contact=contact, count=count, days=days, surface=surface
    )
    answer = perform(command, database_url)
    tell(answer, *map(_line, answer["events"]), json=json)


TIME_ZONE_HELP = paragraphs(f"""
Say in which time zone a person lives, where you know it. Offers then wait for the hours of that
zone alone. Without --zone their number tells again.

Example: askfirst time-zone +447700900123 --zone Europe/London

{EXIT_CODES}
""")


def time_zone(
    *,
    contact: Contact,
    zone: Annotated[str, typer.Option(help="A zone of the IANA database.")] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import SetTimeZone

    command = SetTimeZone(business=business, contact=contact, time_zone=zone)
    answer = perform(command, database_url)
    zones = ", ".join(answer["time_zones"]) or "as the number tells"
    tell(answer, f"{answer['id']}: {zones}", json=json)


LINK_CREATE = paragraphs(f"""
Make the link to one person's preference page, where they see what they agreed to, turn each
purpose on or off, and unsubscribe from all messages.

Give it to nobody else: anyone who has it can unsubscribe them, or say yes in their name.

Example: askfirst link create +447700900123 --days 7

{EXIT_CODES}
""")
LINK_REVOKE = paragraphs(f"""
Revoke a link: from now on it opens nothing.

Example: askfirst link revoke lnk_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")


def link_app() -> typer.Typer:
    app = typer.Typer(help="Links to one person's preference page.", no_args_is_help=True)
    app.command("create", help=LINK_CREATE)(create_link)
    app.command("revoke", help=LINK_REVOKE)(revoke_link)
    return app


def create_link(
    contact: Contact,
    days: Annotated[int, typer.Option(help="How long it works.")] = 30,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import CreateLink

    answer = perform(CreateLink(business=business, contact=contact, days=days), database_url)
    aside = f"{answer['id']}, until {answer['expires_at']}"
    tell(answer, answer["url"], aside=aside, json=json)


def revoke_link(
    link_id: Annotated[str, typer.Argument(help="The link's id: lnk_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import RevokeLink

    answer = perform(RevokeLink(business=business, link_id=link_id), database_url)
    tell(answer, f"revoked {answer['id']}", json=json)


RECEIPT_SHOW = paragraphs(f"""
Print the signed copy of an answer (a consent receipt), by its position in the ledger.

Example: askfirst receipt show 1 > receipt.jws

{EXIT_CODES}
""")
RECEIPT_KEYS = paragraphs(f"""
Write the public keys that receipts are checked with (JWKS).

Example: askfirst receipt keys > keys.json

{EXIT_CODES}
""")
RECEIPT_ROTATE = paragraphs(f"""
Sign with a new key from now on. What the old one signed stays valid.

Example: askfirst receipt rotate

{EXIT_CODES}
""")


def receipt_app() -> typer.Typer:
    app = typer.Typer(
        help="Signed copies of answers (consent receipts), and their keys.", no_args_is_help=True
    )
    app.command("show", help=RECEIPT_SHOW)(show_receipt)
    app.command("keys", help=RECEIPT_KEYS)(list_receipt_keys)
    app.command("rotate", help=RECEIPT_ROTATE)(rotate_receipt_key)
    return app


def show_receipt(
    position: Annotated[int, typer.Argument(help="The event's place.", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
) -> None:
    from askfirst.web.admin.consent import ShowReceipt

    print(perform(ShowReceipt(business=business, position=position), database_url)["receipt"])


def list_receipt_keys(business: Business = "", database_url: DatabaseUrl = None) -> None:
    from askfirst.web.admin.consent import ShowReceiptKeys

    print_json(perform(ShowReceiptKeys(business=business), database_url))


def rotate_receipt_key(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.consent import RotateReceiptKey

    answer = perform(RotateReceiptKey(business=business), database_url)
    tell(answer, f"receipts are signed with {answer['key']} from now on", json=json)


VERIFY_HELP = paragraphs("""
Check a consent receipt against the published keys of the business, without any server.

The keys are at /p/{business}/keys.json of the server that gave the receipt. A keys.json that lies
beside the receipt is found without --keys.

A pack (askfirst evidence) is checked as a whole: its signature, each file, each receipt.

Example: askfirst verify receipt.jws --keys keys.json

Exit codes: 0 it is what was signed, 1 it is not, 2 wrong usage.
""")
_EVERYTHING = "*"
_STATES = {"vouched": "number stated by the business, not proven,"}
_PROOFS = {
    "typed": "typed in, not checked",
    "vouched": "on the word of the business",
    "proven": "confirmed from the number itself",
}


def verify(
    receipt: Annotated[
        Path, typer.Argument(help="The receipt or pack, as a file.", show_default=False)
    ],
    keys: Annotated[
        Path | None,
        typer.Option(
            help="The published keys (JWKS).", show_default="keys.json beside the receipt"
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands.evidence_commands import is_pack
    from askfirst.bootstrap.commands.receipt_commands import check_receipt, keys_beside
    from askfirst.domain.values.errors import InvalidInput

    if is_pack(receipt):
        verify_pack(receipt, keys, json=json)
        return
    with clear_errors():
        try:
            content = check_receipt(receipt, keys or keys_beside(receipt))
        except InvalidInput as error:
            if error.field != "receipt":
                raise
            fail(f"the receipt {error.message}", Exit.NO)
    tell(content, *_verify_lines(content), json=json)


def _verify_lines(content: Mapping[str, Any]) -> Iterator[str]:
    """What a receipt leaves out, its holder may not know: it is left out here, too."""
    event, party = content.get("event", {}), content.get("party", {})
    said = _STATES.get(event.get("state"), event.get("state"))
    yield f"valid: {said} to {party.get('name')} on {event.get('occurred_at')}"
    purposes = ["everything" if one == _EVERYTHING else one for one in content.get("purposes", ())]
    how_sure = [event["assurance"]] if "assurance" in event else []
    yield f"for {', '.join([*purposes, *how_sure])}"
    if proof := _PROOFS.get(event.get("number_proof", "")):
        yield f"whose number: {proof}"
    if words := content.get("notice", {}).get("words"):
        yield f"shown: {words}"
