"""Commands about events: list them, check that all are there, post them to servers of yours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    note,
    paragraphs,
    progress_bar,
    tell,
    tell_table,
)

if TYPE_CHECKING:
    from askfirst.bootstrap.commands.ledger_commands import Report


EVENTS_HELP = paragraphs(f"""
List the ledger, the record of every consent and opt-out, in the order in which it was written.

Contacts are shown by their random ids: the ledger holds no phone numbers.

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


CREATE = paragraphs(f"""
Have each change of consent posted to a server of yours, signed (Standard Webhooks).

The secret is shown this once: give it to your server.

Example: askfirst subscriptions create https://shop.example/askfirst --purpose marketing

{EXIT_CODES}
""")
LIST = paragraphs(f"""
List the subscriptions: their state, how far each has come, and why one fails.

Example: askfirst subscriptions list

{EXIT_CODES}
""")
ROTATE = paragraphs(f"""
Give a subscription a new secret, which is shown this once. For a day both sign.

Example: askfirst subscriptions rotate sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
PAUSE = paragraphs(f"""
Stop posting to a subscription until it is resumed. Nothing is lost meanwhile.

Example: askfirst subscriptions pause sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
RESUME = paragraphs(f"""
Go on posting where a subscription ended, whether it was paused or parked after days of failures.

Example: askfirst subscriptions resume sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
REDELIVER = paragraphs(f"""
Post events again, from a ledger position on. Each has the id that it had before.

Example: askfirst subscriptions redeliver sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7 --after 4711

{EXIT_CODES}
""")
DELETE = paragraphs(f"""
Delete a subscription, with its secrets.

Example: askfirst subscriptions delete sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
SubscriptionIdText = Annotated[
    str, typer.Argument(help="The subscription's id: sub_…", show_default=False)
]


def subscription_app() -> typer.Typer:
    app = typer.Typer(
        help="Servers of yours that askfirst posts each change of consent to.", no_args_is_help=True
    )
    app.command("create", help=CREATE)(create)
    app.command("list", help=LIST)(list_them)
    app.command("rotate", help=ROTATE)(rotate)
    app.command("pause", help=PAUSE)(pause)
    app.command("resume", help=RESUME)(resume)
    app.command("redeliver", help=REDELIVER)(redeliver)
    app.command("delete", help=DELETE)(delete)
    return app


def create(
    *,
    url: Annotated[str, typer.Argument(help="Where events are posted.", show_default=False)],
    kind: Annotated[
        list[str] | None, typer.Option(help="Only events of this kind; may be given again.")
    ] = None,
    purpose: Annotated[
        list[str] | None,
        typer.Option(help="Only events that concern this purpose; may be given again."),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option(min=0, help="From behind this ledger position.", show_default="from now on"),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.events import CreateSubscription

    command = CreateSubscription(
        business=business,
        url=url,
        kinds=tuple(kind or ()),
        purposes=tuple(purpose or ()),
        after=after,
    )
    made = perform(command, database_url)
    aside = f"made {made['id']}; its secret is shown this once:"
    tell(made, made["secret"], aside=aside, json=json)


def list_them(
    after: Annotated[str, typer.Option(help="From after this subscription's id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.events import ListSubscriptions

    answer = perform(ListSubscriptions(business=business, after=after, limit=limit), database_url)
    columns = ("subscription", "state", "position", "failing", "url")
    rows = [_row(one) for one in answer["subscriptions"]]
    tell_table(answer, columns, rows, json=json)


def rotate(
    subscription_id: SubscriptionIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("rotate", subscription_id, business, database_url)
    aside = f"until {answer['previous_until']} the secret of before signs, too; the new one:"
    tell(answer, answer["secret"], aside=aside, json=json)


def pause(
    subscription_id: SubscriptionIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("pause", subscription_id, business, database_url)
    tell(answer, f"paused {answer['id']} at {answer['position']}", json=json)


def resume(
    subscription_id: SubscriptionIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("resume", subscription_id, business, database_url)
    tell(answer, f"resumed {answer['id']} at {answer['position']}", json=json)


def redeliver(
    *,
    subscription_id: SubscriptionIdText,
    after: Annotated[
        int, typer.Option(min=0, help="From behind this ledger position.", show_default=False)
    ],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.events import RedeliverEvents

    command = RedeliverEvents(business=business, subscription_id=subscription_id, after=after)
    answer = perform(command, database_url)
    tell(answer, f"{answer['id']} is delivered again from {answer['position']} on", json=json)


def delete(
    subscription_id: SubscriptionIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("delete", subscription_id, business, database_url)
    tell(answer, f"deleted {answer['id']}", json=json)


def _change(
    deed: str, subscription_id: str, business: str, database_url: str | None
) -> dict[str, Any]:
    from askfirst.web.admin.events import ChangeSubscription, SubscriptionDeed

    command = ChangeSubscription(
        business=business, subscription_id=subscription_id, deed=SubscriptionDeed(deed)
    )
    return perform(command, database_url)


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    failing = f"{one['failing_since']}: {one['reason']}" if one["failing_since"] else ""
    return (one["id"], one["state"], str(one["position"]), failing, one["url"])


LEDGER_VERIFY = paragraphs("""
Audit the whole ledger: that no event is missing or was changed, that what each person may get is
what their events say, and that the database is not older than its head. Nothing is written, and a
server can run meanwhile.

Example: askfirst ledger verify

Exit codes: 0 it fits together, 1 it does not, 2 wrong usage, 3 the database is not available.
""")
LEDGER_ACCEPT = paragraphs(f"""
End a hold: the ledger counts as it is from now on. Before, bring back the stops that are missing.
What is missing and why you accept it become an event of the ledger.

Example: askfirst ledger accept --reason "backup of 1 March restored; stops entered from the log"

{EXIT_CODES}
""")
_SHOWN_MAX = 20


def ledger_app() -> typer.Typer:
    app = typer.Typer(help="Check the ledger, and end a hold.", no_args_is_help=True)
    app.command("verify", help=LEDGER_VERIFY)(verify_ledger)
    app.command("accept", help=LEDGER_ACCEPT)(accept_ledger)
    return app


def verify_ledger(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.ledger_commands import verify as check
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        settings = load_settings(database_url=database_url)
        with progress_bar(quiet=json) as progress:
            report = check(settings, progress)
    tell(_ledger_answer(report), *_ledger_lines(report), json=json)
    if report.damages:
        if not json:
            note("Restore a backup from before, or see askfirst ledger accept --help.")
        raise typer.Exit(int(Exit.NO))


def accept_ledger(
    *,
    reason: Annotated[
        str, typer.Option(help="Why it counts as it is; stays in the ledger.", show_default=False)
    ],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.transparency import AcceptLedger

    answer = perform(AcceptLedger(business=business, reason=reason), database_url)
    lines = [
        f"accepted for {one['business']} at position {one['event']['position']}: "
        + "; ".join(one["damages"])
        for one in answer["accepted"]
    ]
    held = [f"still held: {told}" for told in answer["held"]]
    tell(answer, *lines, *held, json=json)
    if held:
        raise typer.Exit(int(Exit.NO))


def _ledger_answer(report: Report) -> dict[str, Any]:
    return {
        "is_sound": not report.damages,
        "events": report.events,
        "businesses": report.businesses,
        "has_head": report.has_head,
        "seconds": round(report.seconds, 3),
        "damages": [
            {
                "kind": one.kind.value,
                "business": one.business_id,
                "first": one.first,
                "last": one.last,
                "what": one.what,
                "told": str(one),
            }
            for one in report.damages
        ],
    }


def _ledger_lines(report: Report) -> Iterator[str]:
    speed = f"{report.seconds:.1f} s"
    if not report.damages:
        yield f"{report.events} events of {report.businesses} businesses fit together ({speed})"
        if not report.has_head:
            yield "no head is kept yet: an older copy of this database would not be noticed"
        return
    yield f"{len(report.damages)} things do not fit ({report.events} events, {speed}):"
    told = [str(one) for one in report.damages]
    yield from told[:_SHOWN_MAX]
    if len(told) > _SHOWN_MAX:
        yield f"and {len(told) - _SHOWN_MAX} more; --json gives up to a thousand"
