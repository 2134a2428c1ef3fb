"""`askfirst events`."""

from __future__ import annotations

from typing import Annotated

import typer

from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, print_json, print_table

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
    from askfirst.bootstrap.local.desk import perform
    from askfirst.bootstrap.local.errands import ListEvents
    from askfirst.bootstrap.settings import load_settings

    errand = ListEvents(business=business, after=after, limit=limit)
    with clear_errors():
        answer = perform(load_settings(database_url=database_url), errand)
    if json:
        print_json(answer)
        return
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
    print_table(("#", "when", "what", "of", "how sure", "from", "contact"), rows)
