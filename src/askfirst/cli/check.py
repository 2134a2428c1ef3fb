"""`askfirst check`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import Exit, clear_errors, fail, paragraphs, print_json

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
    from askfirst.bootstrap.local.desk import perform
    from askfirst.bootstrap.local.errands import CheckSend
    from askfirst.bootstrap.settings import load_settings

    if bool(purpose) == bool(template):
        fail("name either --purpose or --template", Exit.USAGE)
    errand = CheckSend(business=business, to=to, sender=sender, purpose=purpose, template=template)
    with clear_errors():
        answer = perform(load_settings(database_url=database_url), errand)
    if json:
        print_json(answer)
    else:
        _show(answer)
    raise typer.Exit(Exit.OK if answer["verdict"] == "allow" else Exit.NO)


def _show(answer: dict[str, Any]) -> None:
    allowed = answer["verdict"] == "allow"
    verdict = typer.style(
        answer["verdict"], bold=True, fg=typer.colors.GREEN if allowed else typer.colors.RED
    )
    for reason in answer["reasons"]:
        typer.echo(
            f"{verdict} {reason['code']}: {reason['explanation']} {reason['remedy']}".rstrip()
        )
    typer.echo(f"{answer['purpose']}, as of position {answer['position']}, rule {answer['rule']}")
