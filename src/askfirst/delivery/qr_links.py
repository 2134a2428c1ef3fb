"""Meta's own short links to a chat (`message_qrdls`)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from askfirst.domain.errors import InvalidInput, Unavailable
from askfirst.domain.sender import Sender
from askfirst.graph.answer import read_error_code
from askfirst.graph.errors import GraphCode
from askfirst.graph.qr_links import QrLinkRequest, read_link, write_request
from askfirst.ports.line import Answer, Lines, NotSent, OutcomeUnknown

_GOOD: Final = range(200, 300)
_GONE: Final = frozenset({GraphCode.PARAMETER_INVALID, GraphCode.NODE_MISSING})
"""Meta knows no such link. A token or a number that is not right has codes of its own."""


class ManagedLinksAtGraph:
    """See ports.entries.ManagedLinks. Source: Meta, "QR codes and short links"."""

    def __init__(self, lines: Lines, *, version: str) -> None:
        self._lines = lines
        self._version = version

    async def make(self, sender: Sender, token: str, text: str) -> tuple[str, str]:
        body = write_request(QrLinkRequest(prefilled_message=text))
        answer = await self._ask("POST", sender, token, body=body)
        if answer.status not in _GOOD:
            raise Unavailable(f"Meta answered {answer.status} to a request for a link")
        try:
            made = read_link(answer.body)
        except InvalidInput as error:
            raise Unavailable("Meta's answer to a request for a link could not be read") from error
        return made.code, made.deep_link_url

    async def drop(self, sender: Sender, token: str, code: str) -> bool:
        answer = await self._ask("DELETE", sender, token, code=code)
        if answer.status in _GOOD:
            return True
        if read_error_code(answer.body) in _GONE:
            return False
        raise Unavailable(f"Meta answered {answer.status} to a request to delete a link")

    async def _ask(
        self, method: str, sender: Sender, token: str, *, code: str = "", body: bytes = b""
    ) -> Answer:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        target = f"/{self._version}/{sender.phone_number_id}/message_qrdls"
        target += f"/{quote(code, safe='')}" if code else ""
        try:
            line = await self._lines.open()
            try:
                line.send(method, target, headers, body)
            finally:
                line.release()
            return await line.answer()
        except (NotSent, OutcomeUnknown) as error:
            raise Unavailable("Meta could not be asked about its link") from error
