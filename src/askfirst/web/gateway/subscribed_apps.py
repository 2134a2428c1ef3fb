"""`/{waba_id}/subscribed_apps`: how clients set themselves up to get webhooks.

At Meta an app would turn the account's webhooks away from askfirst with this call, and then no stop
would be heard. Here it makes the client's own address a receiver, as many as there are clients;
Meta is asked nothing. The handshake with that address is askfirst's, in Meta's way.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from askfirst.domain.values.ids import WabaId
from askfirst.graph.tenants.subscribed_apps import (
    SUCCESS,
    URI,
    WORD,
    Override,
    read_override,
    subscribed,
)
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.manage_receivers import (
    HandshakeRefused,
    ReceiverOrder,
    add_receiver,
    drop_override,
    find_override,
    owner_of_account,
)
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Scope
from askfirst.web.gateway import refusals
from askfirst.web.gateway.bodies import read_fields
from askfirst.web.gateway.calling import GatewayCall
from askfirst.web.gateway.refusals import Reply
from askfirst.web.gateway.routes import MESSAGE_BYTES_MAX


async def answer_subscribed_apps(services: Services, call: GatewayCall) -> Reply:
    """Show, set or forget where a client gets the webhooks of an account."""
    business_id, key_id = call.caller.business_id, call.caller.key_id
    scope, waba_id = call.scope, WabaId(call.route.node)
    owner = await owner_of_account(services, waba_id)
    if owner is None or business_id not in (None, owner):
        return refusals.unowned()
    if scope["method"] == "GET":
        found = await find_override(services, owner, waba_id, key_id)
        link = show_site(services).public_url
        return Reply(200, subscribed(found.url.value if found else None, link))
    override = None
    if scope["method"] == "POST":
        override = await _override(scope, call.receive)
    if override is None:
        await drop_override(services, owner, waba_id, key_id)
        return Reply(200, SUCCESS)
    order = ReceiverOrder(
        business_id=owner,
        url=override.uri,
        waba_id=waba_id,
        verify_token=override.verify_token,
        key_id=key_id,
    )
    try:
        await add_receiver(services, order)
    except HandshakeRefused as error:
        return refusals.callback_refused(error)
    return Reply(200, SUCCESS)


async def _override(scope: Scope, receive: Receive) -> Override | None:
    """Read what is asked for, in the body or, as Graph clients may, in the query."""
    query: bytes = scope["query_string"]
    asked = dict(parse_qsl(query.decode("latin-1")))
    fields: dict[str, Any] = {name: asked[name] for name in (URI, WORD) if name in asked}
    body = await asgi.read_body(scope, receive, MESSAGE_BYTES_MAX)
    if body:
        fields |= read_fields(asgi.header(scope, b"content-type"), body)
    return read_override(fields)
