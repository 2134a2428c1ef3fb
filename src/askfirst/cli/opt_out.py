"""Commands about stops, and about messages that an operator has to look at."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    note,
    paragraphs,
    tell,
    tell_table,
)

EXPLAIN = paragraphs("""
Tell whether a message is understood as a stop, how much of one, and by which words. The same
reading decides in the chat; nothing is kept or sent.

Example: askfirst opt-out explain "please delete my number"

Exit codes: 0 a stop, 1 no stop, or unsure, 2 wrong usage.
""")

LIST = paragraphs(f"""
List the messages that a person has to look at: complaints, and requests to be erased. Open ones
are listed, or with --closed those that were dealt with. The text stays encrypted with the event.

Example: askfirst reviews list

{EXIT_CODES}
""")

CLOSE = paragraphs(f"""
Close a review, and write down what you did. It changes no opt-in: record a stop with askfirst
record withdraw first.

Example: askfirst reviews close 17 --as stopped --reason "rang them, wants nothing more"

{EXIT_CODES}
""")


class CloseAs(StrEnum):
    """What was done."""

    KEPT = "kept"
    STOPPED = "stopped"
    ERASED = "erased"


def reviews_app() -> typer.Typer:
    app = typer.Typer(help="Complaints and erasure requests to look at.", no_args_is_help=True)
    app.command("list", help=LIST)(list_reviews)
    app.command("close", help=CLOSE)(close_review)
    return app


def list_reviews(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that were closed.")] = False,
    after: Annotated[int, typer.Option(help="Only reviews with a higher id.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.opt_out import ListReviews

    command = ListReviews(business=business, is_open=not closed, after=after, limit=limit)
    answer = perform(command, database_url)
    rows = [
        (str(one["id"]), one["about"], one["contact"], one["said_at"], one["outcome"] or "open")
        for one in answer["reviews"]
    ]
    tell_table(answer, ("id", "about", "contact", "said at", "state"), rows, json=json)
    if not rows and not json:
        note("No complaint or erasure request is here." if closed else "Nothing waits for you.")


def close_review(
    *,
    review: Annotated[int, typer.Argument(metavar="ID", help="As askfirst reviews list shows it.")],
    outcome: Annotated[CloseAs, typer.Option("--as", help="What you did.")],
    reason: Annotated[str, typer.Option(help="Why; without personal data.")],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.consent.review import ReviewOutcome
    from askfirst.web.admin.opt_out import CloseReview

    with clear_errors():
        command = CloseReview(
            business=business, id=review, outcome=ReviewOutcome(outcome.value), reason=reason
        )
    answer = perform(command, database_url)
    closed = answer["review"]
    tell(answer, f"Closed {closed['id']} as {closed['outcome']}.", json=json)


def build_app() -> typer.Typer:
    app = typer.Typer(help="Stops: what is understood, and why.", no_args_is_help=True)
    app.command("explain", help=EXPLAIN)(explain)
    app.callback()(_group)
    return app


def _group() -> None:
    """Keep `explain` a word of its own, though it is alone."""


def explain(
    text: Annotated[str, typer.Argument(help="What somebody wrote.", show_default=False)],
    business: Annotated[
        str, typer.Option("--business-name", help="Your name: it is not somebody else's list.")
    ] = "",
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import opt_out_commands

    reading, sheet = opt_out_commands.explain(text, business)
    tell(sheet, *opt_out_commands.in_words(reading), json=json)
    if not reading.is_stop:
        raise typer.Exit(int(Exit.NO))
