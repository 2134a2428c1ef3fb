"""Meta's own short links to a chat (`message_qrdls`)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from askfirst.delivery.graph_client import GraphCalls
from askfirst.domain.tenants.sender import Sender
from askfirst.graph.entry_points.qr_links import QrLinkRequest, read_link, write_request
from askfirst.graph.platform.errors import GraphCode
from askfirst.graph.sending.send_answer import read_error_code
from askfirst.ports.sending.http_connection import HttpConnections

_GONE: Final = frozenset({GraphCode.PARAMETER_INVALID, GraphCode.NODE_MISSING})
"""Meta knows no such link. A token or a number that is not right has codes of its own."""


class ManagedLinksAtGraph:
    """See ports.entries.ManagedLinks. Source: Meta, "QR codes and short links"."""

    def __init__(self, connections: HttpConnections, *, version: str) -> None:
        self._calls = GraphCalls(
            connections=connections, version=version, subject="a link to a chat"
        )

    async def make(self, sender: Sender, token: str, text: str) -> tuple[str, str]:
        body = write_request(QrLinkRequest(prefilled_message=text))
        answer = await self._calls.make("POST", _path(sender), token, body)
        made = self._calls.read(answer, read_link)
        return made.code, made.deep_link_url

    async def drop(self, sender: Sender, token: str, code: str) -> bool:
        path = f"{_path(sender)}/{quote(code, safe='')}"
        answer = await self._calls.make("DELETE", path, token)
        if answer.is_success:
            return True
        if read_error_code(answer.body) in _GONE:
            return False
        raise self._calls.refused(answer)


def _path(sender: Sender) -> str:
    return f"{sender.phone_number_id}/message_qrdls"
