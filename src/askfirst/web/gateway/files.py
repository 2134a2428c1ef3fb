"""Files: their addresses are on askfirst, and their bytes come through it, kept nowhere.

Meta's address of a file wants Meta's token. A client with an askfirst key would send that key
there and get nothing. So the address that it gets is one of ours: signed, short-lived, and good for
the key that asked alone. Meta is asked for its own address anew when ours is called.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.media_node import (
    MediaNode,
    is_same_kind,
    plain_type,
    read_media_node,
    write_media_node,
)
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.graph_responses import (
    FILE_BYTES_MAX,
    AddressNotMetas,
    Answer,
    MediaFile,
    OutcomeUnknown,
)
from askfirst.usecases.sending.proxy_request import fetch_file, relay
from askfirst.usecases.tenants.node_ownership import token_for_media
from askfirst.usecases.tenants.signed_addresses import read_media, sign_media
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Send
from askfirst.web.gateway import refusals
from askfirst.web.gateway.answers import Rewriter
from askfirst.web.gateway.calling import GatewayCall, headers_of, relayed
from askfirst.web.gateway.refusals import Reply

SECONDS_MAX: Final = 60.0
BYTES_PER_SECOND_MIN: Final = 64 * 1024
"""A client that takes a file more slowly holds a connection to Meta for nothing."""
_RANGE = re.compile(r"bytes=(?:[0-9]{1,15}-[0-9]{0,15}|-[0-9]{1,15})", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes (?:[0-9]{1,15}-[0-9]{1,15}|\*)/(?:[0-9]{1,15}|\*)", re.ASCII)
_FOUND: Final = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT})
_CLIENT_GONE: Final = 499
"""Nobody reads it: it is what is counted."""
_UNKNOWN_TYPE: Final = "application/octet-stream"
_SAFE: Final[asgi.Headers] = [
    (b"accept-ranges", b"bytes"),
    (b"cache-control", b"private, no-store"),
    (b"content-disposition", b"attachment"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"x-content-type-options", b"nosniff"),
]
"""A customer made the file: a browser must not take it for a page of ours."""


def show_file(services: Services, call: GatewayCall, answer: Answer) -> Reply | None:
    """Put our address into Meta's answer about a file; None where it names none.

    Of a node that is not known to be a file, that is believed where it has a type as well.
    """
    node = read_media_node(answer.body)
    is_file = call.caller.meta_token is None
    if node is None or not node.url or not (is_file or node.plain_type):
        return None
    token = sign_media(services, call.route.path, call.credential.secret)
    query = f"?access_token={call.credential.secret}" if call.credential.is_in_query else ""
    body = write_media_node(node, f"{call.base}/media/{token}{query}")
    return Reply(answer.status, body)


async def serve_file(services: Services, call: GatewayCall, send: Send) -> Reply:
    """Stream a file; an answer that is sent already says so."""
    try:
        path = read_media(services, call.route.node, call.credential.secret)
    except InvalidInput as error:
        return refusals.no_file(f"This address {error.message}.")
    token = call.caller.meta_token
    if token is None and call.caller.business_id is not None:
        media_id = path.rpartition("/")[2]
        token = await token_for_media(services, call.caller.business_id, media_id)
    if token is None:
        return refusals.unknown_node()
    answer = await relay(services, "GET", path, headers_of(call.scope, None, token), b"")
    if not answer.is_success:
        graph: frozenset[str] = frozenset()
        return relayed(answer, body=Rewriter(call.base, graph, token).rewrite(answer.body))
    node = read_media_node(answer.body)
    if node is None or not node.url:
        return refusals.no_file("Meta named no address of the file.")
    return await _stream(services, call, send, node, token)


async def _stream(
    services: Services, call: GatewayCall, send: Send, node: MediaNode, token: str
) -> Reply:
    wanted = asgi.header(call.scope, b"range") or ""
    wanted = wanted if _RANGE.fullmatch(wanted) else ""
    async with AsyncExitStack() as open_things:
        try:
            fetching = fetch_file(services, str(node.url), token, wanted)
            file = await open_things.enter_async_context(fetching)
        except AddressNotMetas:
            return refusals.no_file(
                "Meta named an address on a host that is not in ASKFIRST_MEDIA_HOSTS."
            )
        if file.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return refusals.no_range(_content_range(file))
        if objection := _objection(node, file):
            return refusals.no_file(objection)
        return await _pass_on(call, send, node, file)
    raise AssertionError  # the stack swallows nothing


def _objection(node: MediaNode, file: MediaFile) -> str:
    """Say why what came is not the file that was announced; "" where it is."""
    if file.status not in _FOUND:
        return f"Meta's server of files answered {file.status}."
    if not is_same_kind(node.plain_type, plain_type(file.content_type)):
        return "What came is of another type than Meta had said."
    is_whole = file.status == HTTPStatus.OK
    if file.length is not None and file.length > FILE_BYTES_MAX:
        return "The file is larger than any that Meta keeps."
    if is_whole and None not in (file.length, node.size) and file.length != node.size:
        return "What came is of another size than Meta had said."
    return ""


async def _pass_on(call: GatewayCall, send: Send, node: MediaNode, file: MediaFile) -> Reply:
    """Send the head and each piece as it comes, for as long as somebody is there to take them.

    Where it breaks off, the client sees fewer bytes than were announced, or no end: the answer
    stays unfinished, and the server closes the connection.
    """
    kind = str(node.mime_type) if node.plain_type else _UNKNOWN_TYPE
    headers: asgi.Headers = [(b"content-type", _latin(kind)), *_SAFE]
    if file.length is not None:
        headers.append((b"content-length", str(file.length).encode()))
    if found := _content_range(file):
        headers.append((b"content-range", found))
    await send({"type": "http.response.start", "status": file.status, "headers": headers})
    seconds = SECONDS_MAX + (file.length or FILE_BYTES_MAX) / BYTES_PER_SECOND_MIN
    gone = asyncio.get_running_loop().create_task(_until_gone(call.receive))
    try:
        async with asyncio.timeout(seconds):
            async for piece in file.parts:
                if gone.done():
                    return Reply(_CLIENT_GONE, b"", is_sent=True)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except (OutcomeUnknown, TimeoutError):
        return Reply(HTTPStatus.BAD_GATEWAY, b"", is_sent=True)
    finally:
        gone.cancel()
    return Reply(file.status, b"", is_sent=True)


async def _until_gone(receive: Receive) -> None:
    """Return once the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _content_range(file: MediaFile) -> bytes:
    found = file.content_range
    return found.encode() if _CONTENT_RANGE.fullmatch(found) else b""


def _latin(text: str) -> bytes:
    """Write a type as a header may have it."""
    return "".join(letter for letter in text if " " <= letter <= "~").encode()
