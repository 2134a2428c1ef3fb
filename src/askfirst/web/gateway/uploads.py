"""Resumable uploads: a session is the business's that began it, and nobody else's.

Meta names a session, and the name alone is enough to go on with it. So the client gets a signed
name in its place, good for the key that began alone.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.media_node import read_session, rename_session
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.graph_responses import Answer
from askfirst.usecases.sending.proxy_request import new_salt, relay
from askfirst.usecases.tenants.find_node import any_token
from askfirst.usecases.tenants.signed_addresses import read_upload, sign_upload
from askfirst.web import asgi
from askfirst.web.gateway import refusals
from askfirst.web.gateway.answers import Rewriter
from askfirst.web.gateway.bodies import FORM, JSON
from askfirst.web.gateway.calling import GatewayCall, headers_of, relayed
from askfirst.web.gateway.refusals import Reply
from askfirst.web.gateway.rewriting import rewrite_body, rewrite_target
from askfirst.web.gateway.routes import MESSAGE_BYTES_MAX, UPLOAD_BYTES_MAX, RouteKind

UPLOAD_SECONDS_MAX: Final = 300.0
_OFFSET: Final = b"file_offset"
_DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)
_BYTES: Final = "application/octet-stream"
"""Whatever the client says: as a form, Meta would look for parameters in the file."""


async def take_upload(services: Services, call: GatewayCall) -> Reply:
    """Begin an upload, or go on with one."""
    if call.route.kind is RouteKind.SESSION:
        return await start_session(services, call)
    return await continue_session(services, call)


async def start_session(services: Services, call: GatewayCall) -> Reply:
    """Begin an upload; the answer has our name of it."""
    token = await _token(services, call)
    if token is None:
        return refusals.tokenless()
    target = rewrite_target(call.route, "POST", call.credential.query)
    body = await asgi.read_body(call.scope, call.receive, MESSAGE_BYTES_MAX)
    kind = _kind_of(body, asgi.header(call.scope, b"content-type"))
    kind, body = rewrite_body(call.route, kind, body, new_salt(services))
    answer = await relay(services, "POST", target, headers_of(call.scope, kind, token), body)
    return _named(services, call, answer, read_session(answer.body), token)


def _kind_of(body: bytes, said: str | None) -> str | None:
    """Return the type of a body; one product calls a form JSON, and Meta reads it all the same."""
    if not body:
        return None
    return said if body.lstrip().startswith(b"{") or said != JSON else FORM.decode()


async def continue_session(services: Services, call: GatewayCall) -> Reply:
    """Send bytes of the file, or ask how many have come."""
    try:
        session = read_upload(services, call.route.node, call.credential.secret)
    except InvalidInput as error:
        return refusals.no_file(f"This upload {error.message}.")
    token = await _token(services, call)
    if token is None:
        return refusals.tokenless()
    rewrite_target(call.route, call.route.method, call.credential.query)
    target = f"{call.route.version}/{session}"
    headers = headers_of(call.scope, None, token)
    body = b""
    if call.route.method == "POST":
        offset = asgi.header(call.scope, _OFFSET) or "0"
        if not _DIGITS.fullmatch(offset):
            raise InvalidInput("file_offset", "must be a number of bytes")
        limits = (UPLOAD_BYTES_MAX, UPLOAD_SECONDS_MAX)
        body = await asgi.read_body(call.scope, call.receive, *limits)
        headers |= {"file_offset": offset, "content-type": _BYTES}
    answer = await relay(services, call.route.method, target, headers, body)
    return _named(services, call, answer, session if read_session(answer.body) else "", token)


async def _token(services: Services, call: GatewayCall) -> str | None:
    if call.caller.business_id is None:
        return call.caller.meta_token
    return await any_token(services, call.caller.business_id)


def _named(
    services: Services, call: GatewayCall, answer: Answer, session: str, token: str
) -> Reply:
    if not answer.is_success or not session:
        rewriter = Rewriter(call.base, frozenset(), token)
        return relayed(answer, body=rewriter.rewrite(answer.body))
    name = f"upload:{sign_upload(services, session, call.credential.secret)}"
    return Reply(HTTPStatus.OK, rename_session(answer.body, name))
