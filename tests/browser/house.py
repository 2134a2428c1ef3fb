"""The hosted pages on a free port, in this process, so that a test can look at the ledger."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from askfirst.bootstrap.listening import address_of, serving
from askfirst.bootstrap.server import build_app
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.consent.event import Event
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position, WabaId
from askfirst.domain.values.purpose import MARKETING
from askfirst.usecases.consent.manage_links import make_link
from askfirst.usecases.consent.prove_number import ProofOrder, offer_proof, open_proof
from askfirst.usecases.context.services import Services
from askfirst.usecases.entry_points.manage_entries import EntryOrder, make_entry
from askfirst.usecases.tenants.manage_profile import put_profile
from tests.support.processes import OPEN_HOURS

BUSINESS = BusinessId("cafe-lune")
NAME = "Café Lune"
CAFE_SENDER = PhoneNumberId("200000000000001")
PROFILE = Profile(
    contact="hello@cafe-lune.example",
    privacy_url="https://cafe-lune.example/privacy",
    origins=("https://cafe-lune.example",),
)
_Given = TypeVar("_Given")


@dataclass(frozen=True)
class House:
    """A running server; `do` runs a use case on its loop."""

    address: str
    services: Services
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, _Given]) -> _Given:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def page(self, path: str) -> str:
        return f"{self.address}/p/{BUSINESS}/{path}"

    def head(self) -> int:
        return self.do(self.services.ledger.head(BUSINESS))

    def events(self, after: int = 0) -> tuple[Event, ...]:
        return self.do(self.services.ledger.events(BUSINESS, Position(after), 100))

    def link_of(self, person: Alias) -> str:
        made = self.do(make_link(self.services, BUSINESS, person, 30))
        assert made is not None
        return made[1]

    def proof(self, person: Alias) -> str:
        """The address of a page on which this number can prove itself."""
        order = ProofOrder(
            business_id=BUSINESS, alias=person, purposes=(MARKETING,), words="Hello", locale="en"
        )
        return self.do(offer_proof(self.services, order)).page

    def prove(self, page: str) -> None:
        """Let the number of such a page prove itself, as its message would."""

        async def arrive() -> None:
            offered = await open_proof(self.services, BUSINESS, page.rpartition("/")[2])
            assert offered is not None
            await self.services.proofs.prove(offered.proof, self.services.clock.now())

        self.do(arrive())

    def entry(self, words: str = "Hello Café Lune!", locale: str = "en") -> str:
        order = EntryOrder(business_id=BUSINESS, name="Window", words=words, locale=locale)
        return self.do(make_entry(self.services, order)).code

    @contextmanager
    def looking(self, **look: str) -> Iterator[None]:
        """Let the business look otherwise for a while."""
        self.do(put_profile(self.services, BUSINESS, NAME, replace(PROFILE, **look)))  # type: ignore[arg-type]
        yield
        self.do(put_profile(self.services, BUSINESS, NAME, PROFILE))

    @contextmanager
    def named(self, name: str) -> Iterator[None]:
        """Let the business have another name for a while."""
        self.do(put_profile(self.services, BUSINESS, name, PROFILE))
        yield
        self.do(put_profile(self.services, BUSINESS, NAME, PROFILE))


@contextmanager
def open_house(folder: Path, *, name: str = "127.0.0.1", **more: Any) -> Iterator[House]:
    """Serve until the block ends, under a name of this machine; `more` are settings.

    Exports may go to a folder, and to a lake that is not there.
    """
    (folder / "exports").mkdir(exist_ok=True)
    places = f"warehouse={folder}/exports,lake={folder}/gone"
    listener = socket.create_server(("127.0.0.1", 0))
    ready: list[House] = []
    told, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        address = address_of(listener).replace("127.0.0.1", name)
        settings = isolated_settings(
            database_url=f"sqlite:///{folder / 'house.db'}",
            public_url=address,
            policy_file=OPEN_HOURS,
            **{"export_destinations": places, **more},
        )
        async with (
            open_services(settings) as wired,
            serving(build_app(wired, settings), listener),
        ):
            await _furnish(wired.services)
            loop = asyncio.get_running_loop()
            ready.append(House(address, wired.services, loop))
            told.set()
            await loop.run_in_executor(None, ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert told.wait(20)
        yield ready[0]
    finally:
        ended.set()
        thread.join(20)


async def _furnish(services: Services) -> None:
    business = Business(business_id=BUSINESS, name=NAME)
    await services.directory.put_business(business, services.clock.now())
    await put_profile(services, BUSINESS, NAME, PROFILE)
    sender = Sender(
        business_id=BUSINESS,
        phone_number_id=CAFE_SENDER,
        waba_id=WabaId("100000000000001"),
        digits="15550100001",
        name=NAME,
    )
    await services.directory.put_sender(sender, "token", services.clock.now())
