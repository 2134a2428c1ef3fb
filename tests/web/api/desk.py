"""A caller's desk at the REST face: what a test may touch besides HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.timestamp import parse_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.metrics import Metrics
from tests.support.builders import BUSINESS, RIVAL, sender
from tests.support.clocks import FakeClock
from tests.support.services import World

NOW = parse_rfc3339("2026-03-01T09:00:00Z", "now")
META_TOKEN = "EAAG-made-up"


@dataclass(frozen=True, slots=True)
class Desk:
    """Services on a store, at nine in the morning of the first of March."""

    services: Services
    clock: FakeClock
    metrics: Metrics

    async def key(self, scopes: Iterable[ApiScope] = tuple(ApiScope), *, name: str = "test") -> str:
        """Make a key for the business and give its secret."""
        business = Business(business_id=BUSINESS, name="Acme")
        _, secret = await create_key(self.services, business, name, frozenset(scopes))
        return secret

    async def rivals_key(self) -> str:
        """Make a key of another business that may do everything."""
        rival = Business(business_id=RIVAL, name="Rival")
        _, secret = await create_key(self.services, rival, "rival", frozenset(ApiScope))
        return secret

    async def head(self) -> int:
        """Return the newest position of the business's ledger."""
        return await self.services.ledger.head(BUSINESS)


async def make_desk(world: World) -> Desk:
    """Put the business and one sender into a world."""
    world.clock.set(NOW)
    desk = Desk(world.services, world.clock, Metrics())
    await desk.key()
    await register_sender(world.services, sender(), META_TOKEN)
    return desk
