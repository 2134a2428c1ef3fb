"""`askfirst check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import Exit, fail, paragraphs, tell

HELP = paragraphs("""
Ask whether a message may leave, without sending it. The answer is not a permit.

Example: askfirst check +447700900123 --sender 200000000000001 --purpose marketing

Exit codes: 0 allow, 1 deny or wait, 2 wrong usage, 3 the database or server is not available.
""")


def check(
    *,
    to: Annotated[
        str, typer.Argument(help="A number such as +447700900123, or a BSUID.", show_default=False)
    ],
    sender: Annotated[
        str, typer.Option(help="Meta's phone number id of the sender.", show_default=False)
    ],
    purpose: Annotated[
        str, typer.Option(help="authentication, utility, marketing or a topic.")
    ] = "",
    template: Annotated[str, typer.Option(help="Or the template's name.")] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.sending import CheckSend

    if bool(purpose) == bool(template):
        fail("name either --purpose or --template", Exit.USAGE)
    command = CheckSend(business=business, to=to, sender=sender, purpose=purpose, template=template)
    answer = perform(command, database_url)
    tell(answer, *_lines(answer), json=json)
    raise typer.Exit(Exit.OK if answer["verdict"] == "allow" else Exit.NO)


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    allowed = answer["verdict"] == "allow"
    verdict = typer.style(
        answer["verdict"], bold=True, fg=typer.colors.GREEN if allowed else typer.colors.RED
    )
    for reason in answer["reasons"]:
        yield f"{verdict} {reason['code']}: {reason['explanation']} {reason['remedy']}".rstrip()
    yield (
        f"decided by rule {answer['rule']} for {answer['purpose']}, "
        f"with the ledger at position {answer['position']}"
    )
