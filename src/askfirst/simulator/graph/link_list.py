"""The managed links of a business's number: made, listed, changed and deleted.

A link leads to the simulator's own page `/chat/message/{code}`, which does what WhatsApp does:
it opens the chat with the text ready.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.entry_points.qr_links import (
    LINKS_MAX,
    QrFormat,
    QrLink,
    QrLinkRequest,
    read_image_field,
    read_request,
    write_link,
    write_links,
)
from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import ManagedLink, World

_CODE_BYTES = 10
_CODE_LENGTH = 14


def mint_code(entropy: Callable[[int], bytes]) -> str:
    """Make a code that looks like Meta's: 14 capital letters and digits."""
    return base64.b32encode(entropy(_CODE_BYTES)).decode()[-_CODE_LENGTH:]


def put_link(
    world: World, phone_number_id: str, base: str, body: bytes, mint: Callable[[], str]
) -> Mapping[str, Any]:
    """Answer a POST: a new link, or a new text for the one with this code."""
    try:
        wanted = read_request(body)
    except InvalidInput as error:
        details = f"{error.field} {error.message}"
        raise Refused(GraphCode.PARAMETER_INVALID, details) from error
    link = ManagedLink(
        code=_code_for(world, phone_number_id, wanted, mint),
        phone_number_id=phone_number_id,
        prefilled_message=wanted.prefilled_message,
    )
    world.links[link.code] = link
    return write_link(_shown(link, base, wanted.image))


def _code_for(
    world: World, phone_number_id: str, wanted: QrLinkRequest, mint: Callable[[], str]
) -> str:
    own = _own(world, phone_number_id)
    if wanted.code:
        if not any(link.code == wanted.code for link in own):
            raise _no_such_link()
        return wanted.code
    if len(own) >= LINKS_MAX:
        details = f"A number has {LINKS_MAX} QR codes and short links at most."
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    return mint()


def list_links(
    world: World, phone_number_id: str, base: str, query: Mapping[str, str], url: str
) -> Mapping[str, Any]:
    """Answer a GET without a code; `url` is the request's, without cursors."""
    page, paging = page_of(_own(world, phone_number_id), query, url)
    image = _image(query)
    answer = write_links([_shown(link, base, image) for link in page])
    return answer | ({"paging": paging} if paging else {})


def show_link(
    world: World, phone_number_id: str, base: str, query: Mapping[str, str], code: str
) -> Mapping[str, Any]:
    """Answer a GET with a code."""
    return write_links([_shown(_find(world, phone_number_id, code), base, _image(query))])


def delete_link(world: World, phone_number_id: str, code: str) -> Mapping[str, Any]:
    """Answer a DELETE: whoever follows the link from now on is told that it is gone."""
    del world.links[_find(world, phone_number_id, code).code]
    return {"success": True}


def _own(world: World, phone_number_id: str) -> list[ManagedLink]:
    return [link for link in world.links.values() if link.phone_number_id == phone_number_id]


def _find(world: World, phone_number_id: str, code: str) -> ManagedLink:
    link = world.links.get(code)
    if link is None or link.phone_number_id != phone_number_id:
        raise _no_such_link()
    return link


def _no_such_link() -> Refused:
    return Refused(GraphCode.PARAMETER_INVALID, "The QR code does not exist.")


def _image(query: Mapping[str, str]) -> QrFormat | None:
    try:
        return read_image_field(query.get("fields", ""))
    except InvalidInput as error:
        details = f"{error.field} {error.message}"
        raise Refused(GraphCode.PARAMETER_INVALID, details) from error


def _shown(link: ManagedLink, base: str, image: QrFormat | None) -> QrLink:
    address = f"{base}/chat/message/{link.code}"
    return QrLink(
        code=link.code,
        prefilled_message=link.prefilled_message,
        deep_link_url=address,
        qr_image_url=f"{address}/qr.{image.lower()}" if image else "",
    )
