"""`askfirst events`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, tell_table

HELP = paragraphs(f"""
List the ledger in the order in which it was written.

Contacts go by their random ids: the ledger holds no numbers.

Example: askfirst events --after 100 --limit 50

{EXIT_CODES}
""")


def events(
    after: Annotated[int, typer.Option(min=0, help="From after this position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.consent import ListEvents

    answer = perform(ListEvents(business=business, after=after, limit=limit), database_url)
    rows = [
        (
            str(event["position"]),
            event["occurred_at"],
            event["kind"],
            ",".join(event["purposes"]) or "everything",
            event["assurance"],
            f"{event['source']}/{event['surface']}",
            event["contact"],
        )
        for event in answer["events"]
    ]
    columns = ("#", "when", "what", "of", "how sure", "from", "contact")
    tell_table(answer, columns, rows, json=json)
