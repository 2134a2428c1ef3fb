"""Meta's side of the webhook: bodies, signed and posted, and what the gate says afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from askfirst.decision.decide import decide
from askfirst.decision.question import SendRequest
from askfirst.domain.consent.event import Event
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.graph.platform.signature import sign
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support import builders
from tests.support.builders import ANA, ANA_BSUID, change, free_form, grant, question
from tests.support.clocks import at
from tests.support.reading import all_events, contact_of
from tests.support.services import World
from tests.web.asgi_call import call

SECRET = b"app secret of these tests"
OWN_NUMBER = "15550100001"
Fields = dict[str, Any]


@dataclass
class Meta:
    """Posts webhooks about Ana, each with an id of its own, and looks at what came of them."""

    world: World
    door: WebhookEndpoint
    count: int = 0

    async def post(self, field: str, value: Fields, want: int = 200) -> None:
        """Post one change."""
        metadata = {"display_phone_number": OWN_NUMBER, "phone_number_id": builders.SENDER}
        whole = {"messaging_product": "whatsapp", "metadata": metadata} | value
        entry = {"id": builders.WABA, "changes": [{"field": field, "value": whole}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        headers = [("x-hub-signature-256", sign(body, SECRET))]
        got = await call(self.door, "POST", "/webhooks/whatsapp", headers=headers, body=body)
        assert got.status == want

    async def send(self, second: float = 0, **content: Any) -> None:
        """Ana sends a message, so many seconds after noon."""
        await self.post("messages", {"messages": [self.message(second, **content)]})

    async def report(self, status: str, second: float = 0, *codes: int, **names: Any) -> None:
        """Meta reports of a message; it names Ana by her number where nothing else is said."""
        fields: Fields = {"id": self.new_id(), "status": status, "timestamp": stamp(second)}
        fields |= names or {"recipient_id": ANA.value}
        if codes:
            fields["errors"] = [{"code": code} for code in codes]
        await self.post("messages", {"statuses": [fields]})

    def message(self, second: float = 0, **content: Any) -> Fields:
        """One message of Ana's, by her number where no other name is given."""
        named = {} if {"from", "from_user_id"} & set(content) else {"from": ANA.value}
        return {"id": self.new_id(), "timestamp": stamp(second), **named, **content}

    def new_id(self) -> str:
        self.count += 1
        return f"wamid.{self.count}"

    async def say_yes(self, *aliases: Alias, second: float = -60) -> None:
        """She agreed to offers before, where they were shown to her."""
        await self.world.store.ledger.commit(change(grant(*aliases, at=at(second))))

    async def may_send(self, asked: SendRequest | None = None) -> bool:
        """Return what the gate says to an offer for Ana's number, if nothing else is asked."""
        asked = asked or question()
        facts = await self.world.store.gate.look(asked)
        return decide(facts, self.world.services.policy, asked, self.world.clock.now()).allowed

    async def may_reply(self, alias: Alias = ANA) -> bool:
        """Return whether a free-form reply may go out: whether the window is open."""
        return await self.may_send(free_form(alias))

    async def events(self) -> tuple[Event, ...]:
        return await all_events(self.world.store)

    async def unreachable_at(self) -> Instant | None:
        contact = await contact_of(self.world.store)
        return await self.world.store.ledger.unreachable_at(builders.BUSINESS, contact)


def stamp(second: float) -> str:
    """Write a time as Meta does: whole seconds, as text."""
    return str(int(at(second)) // SECOND)


def typed(words: str) -> Fields:
    """Content of a typed message."""
    return {"type": "text", "text": {"body": words}}


BY_ID: Fields = {"from_user_id": ANA_BSUID.value}
BOTH: Fields = {"recipient_id": ANA.value, "recipient_user_id": ANA_BSUID.value}


async def open_meta(world: World) -> Meta:
    """Register the sender and open the door; it is some hours after noon."""
    world.clock.set(at(3600))
    await world.store.directory.put_sender(builders.sender(), None, at(0))
    door = WebhookEndpoint(world.services, Metrics(), secrets=(SECRET,), verify_token="word")
    return Meta(world, door)
