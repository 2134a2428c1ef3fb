"""Commands about subscriptions: servers of yours that hear of each change of consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, tell, tell_table

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
