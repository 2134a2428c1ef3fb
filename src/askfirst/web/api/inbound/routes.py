"""Make, list, pause, resume and remove receivers of Meta's webhooks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import Field

from askfirst.domain.events.endpoint import URL_MAX
from askfirst.domain.inbound.webhook_receiver import FIELDS_MAX, ReceiverState, WebhookReceiver
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import Prefix, ReceiverId, WabaId, parse_id
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.manage_receivers import (
    VERIFY_TOKEN_MAX,
    ReceiverOrder,
    RedeliverOrder,
    add_receiver,
    find_receiver,
    list_receivers,
    redeliver_webhooks,
    remove_receiver,
    set_receiver_state,
)
from askfirst.web.api.platform.cursor import POSITION_MAX, read_cursor, write_cursor
from askfirst.web.api.platform.models import Asked, PageQuery, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_FIELD_MAX: Final = 64


class ReceiverRequest(Asked):
    """A server of yours that is to get Meta's webhooks."""

    url: str = Field(
        max_length=URL_MAX,
        description="Where webhooks are forwarded: https, and on the public internet.",
        examples=["https://chat.example/webhooks/whatsapp"],
    )
    fields: Annotated[
        list[Annotated[str, Field(max_length=_FIELD_MAX)]], Field(max_length=FIELDS_MAX)
    ] = Field(
        [],
        description="Only webhooks that tell something of one of these fields of Meta's. Empty: "
        "all.",
        examples=[["messages"]],
    )
    waba_id: str | None = Field(
        None,
        max_length=32,
        description="Only webhooks of this WhatsApp Business Account. Default: of all.",
        examples=["100000000000001"],
    )
    verify_token: str = Field(
        "",
        max_length=VERIFY_TOKEN_MAX,
        description="Ask the server first whether it wants to be a receiver, as Meta does: a `GET` "
        "with `hub.challenge` and this `hub.verify_token`. Empty: do not ask. It is not kept.",
        examples=["a-word-that-the-server-knows"],
    )


class ForwardAgainRequest(Asked):
    """From where on to forward again: give `after` or `since`."""

    after: Annotated[int, Field(ge=0, le=POSITION_MAX)] | None = Field(
        None, description="The number of the delivery behind which to begin."
    )
    since: Time | None = Field(None, description="The moment from which on webhooks came.")


class ReceiverAnswer(Told):
    """A receiver."""

    id: str = Field(description="The id of the receiver.")
    url: str = Field(description="Where webhooks are forwarded.")
    fields: list[str] = Field(description="The fields that are forwarded. Empty: all.")
    waba_id: str | None = Field(description="The account whose webhooks are forwarded. Null: all.")
    set_by_key: str | None = Field(
        description="The id of the API key whose client set it with `subscribed_apps` through the "
        "gateway. Null: it was made here, or on the command line."
    )
    state: ReceiverState = Field(
        description="`live`; `paused` by you; `parked` after seven days of failures."
    )
    position: int = Field(description="Every delivery up to this number was taken or set aside.")
    waiting: int = Field(description="How many deliveries there are behind it.")
    set_aside: int = Field(
        description="How many deliveries it refused again and again while it took the next."
    )
    failing_since: Time | None = Field(description="Since when deliveries fail. Null: they do not.")
    reason: str | None = Field(description="Why the last delivery failed.")
    created_at: Time = Field(description="When it was created.")


class ReceiverPage(Told):
    """A part of the receivers."""

    data: list[ReceiverAnswer] = Field(description="The receivers.")
    next_cursor: str | None = Field(description="Send it as `after`. Null: this was the last page.")


IdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The `id` of the receiver.",
        examples=["rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_receiver(body: ReceiverRequest, services: World, caller: Caller) -> ReceiverAnswer:
    """Have Meta's webhooks forwarded to a server of yours, byte for byte, from now on."""
    order = ReceiverOrder(
        business_id=caller.business_id,
        url=body.url,
        fields=frozenset(body.fields),
        waba_id=WabaId(body.waba_id) if body.waba_id is not None else None,
        verify_token=body.verify_token,
    )
    return _answer(await add_receiver(services, order))


async def get_receivers(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> ReceiverPage:
    """Return the receivers, the oldest first."""
    after = read_cursor(page.after)
    found = await list_receivers(services, caller.business_id, after, page.limit + 1)
    shown = found[: page.limit]
    return ReceiverPage(
        data=[_answer(one) for one in shown],
        next_cursor=write_cursor(shown[-1].receiver_id) if len(found) > page.limit else None,
    )


async def get_receiver(name: IdPath, services: World, caller: Caller) -> ReceiverAnswer:
    """Return a receiver: its state, how much waits for it, and why it fails if it does."""
    return _known(await find_receiver(services, caller.business_id, _id(name)))


async def pause_receiver(name: IdPath, services: World, caller: Caller) -> ReceiverAnswer:
    """Stop forwarding to a receiver until it is resumed.

    Webhooks wait for it for as long as their bodies are kept.
    """
    return await _set(services, caller, name, ReceiverState.PAUSED)


async def resume_receiver(name: IdPath, services: World, caller: Caller) -> ReceiverAnswer:
    """Go on forwarding where a receiver ended, whether it was paused or parked."""
    return await _set(services, caller, name, ReceiverState.LIVE)


async def redeliver_receiver(
    name: IdPath, body: ForwardAgainRequest, services: World, caller: Caller
) -> ReceiverAnswer:
    """Forward webhooks again, from a number or a moment on, as long as their bodies are kept."""
    since = parse_rfc3339(body.since, "since") if body.since is not None else None
    order = RedeliverOrder(after=body.after, since=since)
    return _known(await redeliver_webhooks(services, caller.business_id, _id(name), order))


async def delete_receiver(name: IdPath, services: World, caller: Caller) -> None:
    """Forward no more to a receiver, and forget it."""
    if not await remove_receiver(services, caller.business_id, _id(name)):
        raise _unknown()


async def _set(
    services: Services, caller: Caller, name: str, state: ReceiverState
) -> ReceiverAnswer:
    return _known(await set_receiver_state(services, caller.business_id, _id(name), state))


def _id(text: str) -> ReceiverId:
    return ReceiverId(parse_id(Prefix.RECEIVER, text, "id"))


def _known(found: WebhookReceiver | None) -> ReceiverAnswer:
    if found is None:
        raise _unknown()
    return _answer(found)


def _unknown() -> NotFound:
    return NotFound("there is no such receiver")


def _answer(one: WebhookReceiver) -> ReceiverAnswer:
    return ReceiverAnswer(
        id=one.receiver_id,
        url=one.url.value,
        fields=sorted(one.fields),
        waba_id=one.waba_id,
        set_by_key=one.key_id,
        state=one.state,
        position=one.position,
        waiting=one.waiting,
        set_aside=one.set_aside,
        failing_since=to_rfc3339(one.failing_since) if one.failing_since is not None else None,
        reason=one.reason or None,
        created_at=to_rfc3339(one.created_at),
    )


_NONE_OF_IT: Final = {
    404: "There is no receiver with this id.",
    422: "The id is not one of this kind.",
}
ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/receivers",
        scope=ApiScope.RECEIVERS_READ,
        function=get_receivers,
        summary="List receivers",
        answer=ReceiverPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/receivers",
        scope=ApiScope.RECEIVERS_WRITE,
        function=post_receiver,
        summary="Create a receiver",
        request=ReceiverRequest,
        answer=ReceiverAnswer,
        status=201,
        problems={
            409: "The business has 8 receivers already.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/receivers/{id}",
        scope=ApiScope.RECEIVERS_READ,
        function=get_receiver,
        summary="Get a receiver",
        answer=ReceiverAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/receivers/{id}",
        scope=ApiScope.RECEIVERS_WRITE,
        function=delete_receiver,
        summary="Delete a receiver",
        status=204,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/receivers/{id}/pause",
        scope=ApiScope.RECEIVERS_WRITE,
        function=pause_receiver,
        summary="Pause a receiver",
        answer=ReceiverAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/receivers/{id}/resume",
        scope=ApiScope.RECEIVERS_WRITE,
        function=resume_receiver,
        summary="Resume a receiver",
        answer=ReceiverAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/receivers/{id}/redeliver",
        scope=ApiScope.RECEIVERS_WRITE,
        function=redeliver_receiver,
        summary="Forward webhooks again",
        request=ForwardAgainRequest,
        answer=ReceiverAnswer,
        problems={404: "There is no receiver with this id."},
    ),
)
