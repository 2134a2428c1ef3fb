"""What a test of the gateway does: send, call, say yes, say no."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from askfirst.ports.consent.change import Command
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.metrics import Metrics
from tests.support import builders
from tests.support.services import Request, World
from tests.web.asgi_call import Got, Pairs, call

META_TOKEN = "EAAG-meta"
TO = "+447700900123"
TEMPLATE: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": TO,
    "type": "template",
    "template": {"name": "offer", "language": {"code": "en"}},
}
TEXT: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": TO,
    "type": "text",
    "text": {"body": "Hello"},
}


@dataclass(frozen=True)
class Desk:
    """A gateway and those around it."""

    world: World
    secret: str
    metrics: Metrics
    door: GatewayEndpoint
    open_door: GatewayEndpoint

    @property
    def key(self) -> tuple[str, str]:
        return ("authorization", f"Bearer {self.secret}")

    @property
    def sent(self) -> list[Request]:
        return self.world.connections.sent

    async def commit(self, *acts: Command) -> None:
        await self.world.services.ledger.commit(builders.change(*acts))

    async def send(
        self,
        message: dict[str, Any] | bytes = TEMPLATE,
        *,
        path: str = f"/v23.0/{builders.SENDER}/messages",
        query: str = "",
        headers: Pairs | None = None,
        door: GatewayEndpoint | None = None,
    ) -> Got:
        """Post a message, with the desk's key where no headers are given."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        if headers is None:
            headers = (self.key, ("content-type", "application/json"))
        return await call(door or self.door, "POST", path, headers=headers, body=body, query=query)

    async def call(
        self, method: str, path: str, *, body: bytes = b"", query: str = "", headers: Pairs = ()
    ) -> Got:
        """Call another route, with the desk's key."""
        return await call(
            self.door, method, path, headers=(self.key, *headers), body=body, query=query
        )
