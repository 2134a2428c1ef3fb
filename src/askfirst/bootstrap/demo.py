"""The demo: a server and a simulated WhatsApp in one process, on two ports."""

from __future__ import annotations

import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from askfirst.bootstrap.listening import address_of, ending
from askfirst.bootstrap.server import answering
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.simulation import CAFE, simulating
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.access import Business, Scope
from askfirst.domain.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.sender import Sender
from askfirst.usecases.authenticate import create_key
from askfirst.usecases.manage_senders import put_sender, refresh_templates
from askfirst.usecases.services import Services
from askfirst.web.public.pages import DemoSheet

BUSINESS = Business(business_id=BusinessId("cafe-lune"), name=CAFE.name)
PERSON = "+447700900123"
"""A number that the United Kingdom keeps free for stories."""
_SECRET_BYTES = 32
_VERSION = "v26.0"


async def run_demo(
    folder: Path,
    listener: socket.socket,
    simulator_listener: socket.socket,
    announce: Callable[[str, str, str], None],
) -> None:
    """Run both until told to end.

    `announce` gets the server's address, that of the customer's phone, and the API key, which
    is revoked in the end.
    """
    with ending() as told:
        app_secret = secrets.token_hex(_SECRET_BYTES)
        webhooks_to = f"{address_of(listener)}/webhooks/whatsapp"
        async with simulating(
            simulator_listener, webhooks_to=webhooks_to, app_secret=app_secret
        ) as simulator:
            settings = isolated_settings(
                database_url=f"sqlite:///{folder / 'askfirst.db'}",
                graph_url=simulator,
                webhook_secrets=app_secret,
            )
            async with (
                open_services(settings) as wired,
                _shop(wired.services) as key,
                answering(
                    wired, settings, listener, demo=(sheet := _sheet(listener, simulator, key))
                ),
            ):
                announce(sheet.address, sheet.phone_page, key)
                await told


@asynccontextmanager
async def _shop(services: Services) -> AsyncIterator[str]:
    """Open the business's shop; gives the secret of a key that ends with the block."""
    business_id = BUSINESS.business_id
    key, secret = await create_key(services, BUSINESS, "demo", frozenset(Scope))
    sender = Sender(
        business_id=business_id,
        phone_number_id=PhoneNumberId(CAFE.phone_number_id),
        waba_id=WabaId(CAFE.waba_id),
        digits=CAFE.number.removeprefix("+"),
        name=CAFE.name,
    )
    await put_sender(services, sender, CAFE.token)
    await refresh_templates(services, business_id)
    try:
        yield secret
    finally:
        await services.directory.revoke_key(business_id, key.key_id, services.clock.now())


def _sheet(listener: socket.socket, simulator: str, key: str) -> DemoSheet:
    return DemoSheet(
        address=address_of(listener),
        key=key,
        version=_VERSION,
        sender_id=CAFE.phone_number_id,
        sender_name=CAFE.name,
        template=CAFE.marketing_template,
        language=CAFE.language,
        person=PERSON,
        phone_page=f"{simulator}/inbox/{PERSON.removeprefix('+')}",
        simulator=simulator,
    )
