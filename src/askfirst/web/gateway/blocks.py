"""People whom a business blocks: askfirst writes the stop, and then asks Meta."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.graph.known.field import UNSET, read_known, write_known
from askfirst.graph.known.number import BlockedUser, Blocks
from askfirst.usecases.contacts.read_recipient import read_recipient
from askfirst.usecases.context.services import Services
from askfirst.usecases.opt_out.block_contact import record_blocks
from askfirst.usecases.sending.graph_responses import Answer
from askfirst.usecases.sending.proxy_request import relay
from askfirst.usecases.tenants.node_ownership import owner_of_sender
from askfirst.web import asgi
from askfirst.web.gateway.bodies import JSON, read_fields
from askfirst.web.gateway.calling import GatewayCall, headers_of
from askfirst.web.gateway.rewriting import rewrite_target
from askfirst.web.gateway.routes import MESSAGE_BYTES_MAX

PEOPLE_MAX = 1_000


async def change_blocks(services: Services, call: GatewayCall, token: str) -> Answer:
    """Block people, or end blocks. Whom it is about leaves as it was read.

    Raises:
        InvalidInput: somebody cannot be told; then nobody is blocked, and nothing left.
        Unavailable: the stops are not written; nothing left.
    """
    method = call.route.method
    target = rewrite_target(call.route, method, call.credential.query)
    body = await asgi.read_body(call.scope, call.receive, MESSAGE_BYTES_MAX)
    kind = asgi.header(call.scope, b"content-type")
    blocks = read_known(read_fields(kind, body), Blocks)
    if len(blocks.block_users) > PEOPLE_MAX:
        raise InvalidInput("block_users", f"must name {PEOPLE_MAX} people at most")
    read = [_person(services, user, at) for at, user in enumerate(blocks.block_users)]
    if method == "POST":
        sender = PhoneNumberId(call.route.node)
        business_id = call.caller.business_id or await owner_of_sender(services, sender)
        names = [name for named, _ in read for name in named]
        if business_id is not None:
            await record_blocks(services, business_id, names)
    written = write_known(replace(blocks, block_users=tuple(user for _, user in read)))
    return await relay(services, method, target, headers_of(call.scope, JSON, token), written)


def _person(
    services: Services, user: BlockedUser, at: int
) -> tuple[tuple[Alias, ...], BlockedUser]:
    number: Any = None if user.user in (UNSET, None) else str(user.user)
    try:
        found = read_recipient(services, number, user.user_id or None)
    except InvalidInput as error:
        raise InvalidInput(f"block_users[{at}].user", error.message) from error
    if not found.names:
        raise InvalidInput(f"block_users[{at}].user", "must name a person")
    if not found.digits:
        return found.names, user
    return found.names, replace(user, user=f"+{found.digits}")
