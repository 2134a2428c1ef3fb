"""A whole askfirst on a real database, with a clock that a test can turn and no network."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from askfirst.bootstrap.ids import SystemIds
from askfirst.bootstrap.numbering import WorldNumbering
from askfirst.bootstrap.wiring import Store
from askfirst.decision.policy import Policy
from askfirst.domain.access import Business, Scope
from askfirst.domain.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.sender import Sender
from askfirst.storage.keyring import Keyring
from askfirst.storage.sqlite.store import SqliteStore
from askfirst.usecases.authenticate import create_key
from askfirst.usecases.manage_senders import put_sender
from askfirst.usecases.services import Services
from askfirst.web.metrics import Metrics
from tests.fakes.clock import FakeClock
from tests.fakes.lines import NoTemplates, StubLines

BUSINESS = BusinessId("ada-shop")
SENDER = PhoneNumberId("106540352242922")
WABA = WabaId("102290129340398")
SENDER_DIGITS = "15550001111"
META_TOKEN = "EAAG-made-up"


@dataclass(frozen=True)
class World:
    """What a test may touch."""

    services: Services
    store: Store
    clock: FakeClock
    lines: StubLines
    metrics: Metrics

    async def key(self, scopes: Iterable[Scope] = tuple(Scope), *, name: str = "test") -> str:
        """Make a key for the business and give its secret."""
        business = Business(business_id=BUSINESS, name="Ada's Shop")
        _, secret = await create_key(self.services, business, name, frozenset(scopes))
        return secret

    async def head(self) -> int:
        """Give the newest position of the business's ledger."""
        return await self.services.ledger.head(BUSINESS)


@asynccontextmanager
async def open_sqlite(folder: Path, policy: Policy | None = None) -> AsyncIterator[World]:
    """Open a world on a new SQLite file."""
    clock = FakeClock()
    ids = SystemIds(clock)
    keyring = Keyring.generate(os.urandom)
    store = await SqliteStore.open(folder / "ledger.db", keyring, ids, clock)
    try:
        yield await furnish(store, clock, ids, policy or Policy())
    finally:
        await store.close()


async def furnish(store: Store, clock: FakeClock, ids: SystemIds, policy: Policy) -> World:
    """Put one business with one sender into an open store."""
    lines = StubLines()
    services = Services(
        clock=clock,
        ids=ids,
        numbering=WorldNumbering(),
        ledger=store.ledger,
        gate=store.gate,
        decisions=store.decisions,
        directory=store.directory,
        lines=lines,
        template_source=NoTemplates(),
        policy=policy,
    )
    world = World(services, store, clock, lines, Metrics())
    await world.key()
    sender = Sender(
        business_id=BUSINESS,
        phone_number_id=SENDER,
        waba_id=WABA,
        digits=SENDER_DIGITS,
        name="Ada's Shop",
    )
    await put_sender(services, sender, META_TOKEN)
    return world
