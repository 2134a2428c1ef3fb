"""`askfirst record`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, tell

HELP = paragraphs(f"""
Record what a person said, to you or on paper: grant, refuse, withdraw or confirm.

A yes that is recorded here is your claim: asserted. Say which words the person saw
(--prompt-text), and let them confirm it from their number. On the surfaces phone and paper a yes
needs --taken-by, too. Withdraw without --purpose ends everything. Confirm needs a --note: how the
number was proven.

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
    contact: Annotated[
        str, typer.Argument(help="A number such as +447700900123, or a BSUID.", show_default=False)
    ],
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
    from askfirst.bootstrap.commands.scan import hash_of_scan
    from askfirst.usecases.consent.record_consent import ConsentVerb
    from askfirst.web.admin.consent import RecordConsent

    with clear_errors():
        errand = RecordConsent(
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
            scan_sha256=hash_of_scan(scan) if scan else "",
            note=note,
        )
    answer = perform(errand, database_url)
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
    remedies = " or ".join(effect["would_make_it_effective"]).replace("_", " ")
    then = f" What would help: {remedies}." if remedies else ""
    why = f"{effect['reason']}. {effect['explanation']}"
    return f"{effect['purpose']}: no messages, {why}{then}"
