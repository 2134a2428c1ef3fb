"""The demo: a server and a simulated WhatsApp in one process, and a product beside them."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from askfirst.bootstrap.admin.server_lockfile import announced_demo
from askfirst.bootstrap.demo.product import program_of, running
from askfirst.bootstrap.demo.simulation import CAFE, simulating
from askfirst.bootstrap.demo.throwaway import demo_policy
from askfirst.bootstrap.listening import address_of, ending
from askfirst.bootstrap.server import answering
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key, revoke_key
from askfirst.usecases.tenants.code_templates import create_code_templates
from askfirst.usecases.tenants.manage_profile import put_profile
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.web.public.start_page import DemoSheet

BUSINESS = Business(business_id=BusinessId("cafe-lune"), name=CAFE.name)
PERSON = "+447700900123"
"""A number that the United Kingdom keeps free for stories."""
_DATABASE = "askfirst.db"
_SECRET_BYTES = 32
_CODE_LANGUAGES = ("en", "fr", "de", "es", "ar")
"""Those in which the simulated WhatsApp has words for codes."""
_VERSION = "v26.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where the demo listens. `product` is the folder of a product, run on `product_port`."""

    server: socket.socket
    simulator: socket.socket
    product: Path | None = None
    product_port: int = 0

    @property
    def product_address(self) -> str:
        """Where the product answers; empty where there is none."""
        return f"http://127.0.0.1:{self.product_port}" if self.product else ""


async def run_demo(folder: Path, doors: Doors, announce: Callable[[DemoSheet], None]) -> None:
    """Run everything until told to end, or until the product ends by itself.

    `announce` gets all addresses, and the API key, which is revoked in the end.

    Raises:
        InvalidInput: the folder of the product holds none.
        Unavailable: the product ended by itself.
    """
    program = program_of(doors.product) if doors.product else None
    usual = isolated_settings().sqlite_path or folder
    with ending() as told, announced_demo(usual, folder / _DATABASE):
        async with AsyncExitStack() as opened:
            sheet = await opened.enter_async_context(_world(folder, doors))
            if program is None:
                announce(sheet)
                await told
                return
            environment = {
                "SHOP_ASKFIRST_URL": sheet.address,
                "SHOP_ASKFIRST_KEY": sheet.key,
                "SHOP_PHONE_URL": sheet.simulator,
            }
            product = running(program, doors.product_port, environment)
            ended = await opened.enter_async_context(product)
            announce(sheet)
            await _either(told, ended)


async def _either(told: asyncio.Future[signal.Signals], ended: asyncio.Task[int]) -> None:
    both: set[asyncio.Future[Any]] = {told, ended}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if not told.done():
        raise Unavailable(f"the product ended with exit code {ended.result()}")


@asynccontextmanager
async def _world(folder: Path, doors: Doors) -> AsyncIterator[DemoSheet]:
    """Run the simulator, and askfirst with a business on it."""
    app_secret = secrets.token_hex(_SECRET_BYTES)
    webhooks_to = f"{address_of(doors.server)}/webhooks/whatsapp"
    async with simulating(
        doors.simulator, webhooks_to=webhooks_to, app_secret=app_secret
    ) as simulator:
        settings = _settings(folder, doors, simulator, app_secret)
        async with (
            open_services(settings) as wired,
            _shop(wired.services, doors.product_address) as key,
        ):
            sheet = _sheet(doors, simulator, key)
            async with answering(wired, settings, doors.server, demo=sheet):
                yield sheet


def _settings(folder: Path, doors: Doors, simulator: str, app_secret: str) -> Settings:
    return isolated_settings(
        database_url=f"sqlite:///{folder / _DATABASE}",
        graph_url=simulator,
        webhook_secrets=app_secret,
        public_url=address_of(doors.server),
        chat_url=f"{simulator}/chat",
        sms_url=f"{simulator}/sms",
        sms_secret=CAFE.sms_secret,
        events_url=f"{simulator}/events",
        events_secret=CAFE.events_secret,
        policy_file=demo_policy(),
        export_destinations=_warehouse(folder),
    )


def _warehouse(folder: Path) -> str:
    """Give the demo's exports a place; none where its name would be read as two."""
    place = folder.resolve() / "warehouse"
    place.mkdir(exist_ok=True)
    return "" if "," in str(place) else f"warehouse={place}"


@asynccontextmanager
async def _shop(services: Services, address: str) -> AsyncIterator[str]:
    """Open the business's shop; gives the secret of a key that ends with the block."""
    business_id = BUSINESS.business_id
    key, secret = await create_key(services, BUSINESS, "demo", frozenset(ApiScope))
    profile = Profile(
        origins=(address,) if address else (),
        contact="hello@cafe-lune.example",
        privacy_url="https://cafe-lune.example/privacy",
        country="FR",
        colour="#8a3d2b",
    )
    logo = files("askfirst.bootstrap.demo").joinpath("cafe-lune.png").read_bytes()
    await put_profile(services, business_id, BUSINESS.name, profile, logo)
    sender = Sender(
        business_id=business_id,
        phone_number_id=PhoneNumberId(CAFE.phone_number_id),
        waba_id=WabaId(CAFE.waba_id),
        digits=CAFE.number.removeprefix("+"),
        name=CAFE.name,
    )
    await register_sender(services, sender, CAFE.token)
    await create_code_templates(services, business_id, sender.phone_number_id, _CODE_LANGUAGES)
    await refresh_templates(services, business_id)
    try:
        yield secret
    finally:
        await revoke_key(services, business_id, key.key_id)


def _sheet(doors: Doors, simulator: str, key: str) -> DemoSheet:
    return DemoSheet(
        address=address_of(doors.server),
        key=key,
        version=_VERSION,
        sender_id=CAFE.phone_number_id,
        sender_name=CAFE.name,
        template=CAFE.marketing_template,
        language=CAFE.language,
        person=PERSON,
        phone_page=f"{simulator}/inbox/{PERSON.removeprefix('+')}",
        simulator=simulator,
        shop=doors.product_address,
    )
