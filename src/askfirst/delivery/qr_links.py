"""Meta's own short links to a chat (`message_qrdls`)."""

from __future__ import annotations

from typing import Final

from askfirst.domain.errors import InvalidInput, Unavailable
from askfirst.domain.sender import Sender
from askfirst.graph.qr_links import QrLinkRequest, read_link, write_request
from askfirst.ports.line import Lines, NotSent, OutcomeUnknown

_GOOD: Final = range(200, 300)


class ManagedLinksAtGraph:
    """See ports.entries.ManagedLinks. Source: Meta, "QR codes and short links"."""

    def __init__(self, lines: Lines, *, version: str) -> None:
        self._lines = lines
        self._version = version

    async def make(self, sender: Sender, token: str, text: str) -> tuple[str, str]:
        body = write_request(QrLinkRequest(prefilled_message=text))
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        target = f"/{self._version}/{sender.phone_number_id}/message_qrdls"
        try:
            line = await self._lines.open()
            try:
                line.send("POST", target, headers, body)
            finally:
                line.release()
            answer = await line.answer()
        except (NotSent, OutcomeUnknown) as error:
            raise Unavailable("Meta did not make the link") from error
        if answer.status not in _GOOD:
            raise Unavailable(f"Meta answered {answer.status} to a request for a link")
        try:
            made = read_link(answer.body)
        except InvalidInput as error:
            raise Unavailable("Meta's answer to a request for a link could not be read") from error
        return made.code, made.deep_link_url
