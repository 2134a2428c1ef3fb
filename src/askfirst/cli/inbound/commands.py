"""Commands about receivers: servers that Meta's webhooks are forwarded to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, paragraphs, tell, tell_table

ADD = paragraphs(f"""
Have Meta's webhooks forwarded to a server of yours, byte for byte, with Meta's signature.

With a verify token the server is asked first whether it wants them, as Meta asks.

Example: askfirst receivers add https://chat.example/webhooks/whatsapp --field messages

{EXIT_CODES}
""")
LIST = paragraphs(f"""
List the receivers: their state, how many webhooks wait for each, and why one fails.

Example: askfirst receivers list

{EXIT_CODES}
""")
PAUSE = paragraphs(f"""
Stop forwarding to a receiver until it is resumed. Webhooks wait for as long as they are kept.

Example: askfirst receivers pause rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
RESUME = paragraphs(f"""
Go on forwarding where a receiver ended, whether it was paused or parked after days of failures.

Example: askfirst receivers resume rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
REDELIVER = paragraphs(f"""
Forward webhooks again, from a number or a moment on, as long as they are kept.

Example: askfirst receivers redeliver rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7 --since 2026-02-14T17:30:00Z

{EXIT_CODES}
""")
REMOVE = paragraphs(f"""
Forward no more to a receiver, and forget it.

Example: askfirst receivers remove rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
ReceiverIdText = Annotated[str, typer.Argument(help="The receiver's id: rcv_…", show_default=False)]


def receiver_app() -> typer.Typer:
    app = typer.Typer(
        help="Servers of yours that Meta's webhooks are forwarded to.", no_args_is_help=True
    )
    app.command("add", help=ADD)(add)
    app.command("list", help=LIST)(list_them)
    app.command("pause", help=PAUSE)(pause)
    app.command("resume", help=RESUME)(resume)
    app.command("redeliver", help=REDELIVER)(redeliver)
    app.command("remove", help=REMOVE)(remove)
    return app


def add(
    *,
    url: Annotated[str, typer.Argument(help="Where webhooks go.", show_default=False)],
    field: Annotated[
        list[str] | None,
        typer.Option(help="Only webhooks about this field of Meta's; may be given again."),
    ] = None,
    waba: Annotated[
        str, typer.Option(help="Only webhooks of this WhatsApp Business Account.")
    ] = "",
    verify_token: Annotated[
        str, typer.Option(help="Ask the server first, with this token. It is not kept.")
    ] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.inbound.receivers import AddReceiver

    command = AddReceiver(
        business=business,
        url=url,
        fields=tuple(field or ()),
        waba_id=waba,
        verify_token=verify_token,
    )
    answer = perform(command, database_url)
    tell(answer, f"{answer['id']} gets webhooks from now on", json=json)


def list_them(
    after: Annotated[str, typer.Option(help="From after this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.inbound.receivers import ListReceivers

    answer = perform(ListReceivers(business=business, after=after, limit=limit), database_url)
    rows = [_row(one) for one in answer["receivers"]]
    columns = ("id", "state", "waiting", "set aside", "failing since", "url")
    tell_table(answer, columns, rows, json=json)


def pause(
    receiver_id: ReceiverIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("pause", receiver_id, business, database_url)
    tell(answer, f"paused {answer['id']}; {answer['waiting']} wait for it", json=json)


def resume(
    receiver_id: ReceiverIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("resume", receiver_id, business, database_url)
    tell(answer, f"resumed {answer['id']}; {answer['waiting']} wait for it", json=json)


def redeliver(
    *,
    receiver_id: ReceiverIdText,
    after: Annotated[
        int | None,
        typer.Option(min=0, help="From behind this number.", show_default=False),
    ] = None,
    since: Annotated[str, typer.Option(help="What came from this moment on (RFC 3339).")] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.inbound.receivers import RedeliverWebhooks

    command = RedeliverWebhooks(
        business=business, receiver_id=receiver_id, after=after, since=since
    )
    answer = perform(command, database_url)
    tell(answer, f"{answer['waiting']} webhooks are forwarded to {answer['id']} again", json=json)


def remove(
    receiver_id: ReceiverIdText,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _change("remove", receiver_id, business, database_url)
    tell(answer, f"removed {answer['id']}", json=json)


def _change(deed: str, receiver_id: str, business: str, database_url: str | None) -> dict[str, Any]:
    from askfirst.web.admin.inbound.receivers import ChangeReceiver, ReceiverDeed

    command = ChangeReceiver(business=business, receiver_id=receiver_id, deed=ReceiverDeed(deed))
    return perform(command, database_url)


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    failing = f"{one['failing_since']}: {one['reason']}" if one["failing_since"] else ""
    numbers = (str(one["waiting"]), str(one["set_aside"]))
    return (one["id"], one["state"], *numbers, failing, one["url"])
