"""The demo: a server and a simulated WhatsApp in one process, on two ports."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from askfirst.bootstrap.listening import ENDING, address_of, told_to_end
from askfirst.bootstrap.server import answering
from askfirst.bootstrap.settings import LogFormat, LogLevel, isolated_settings
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
    app_secret = secrets.token_hex(_SECRET_BYTES)
    address = address_of(listener)
    async with simulating(
        simulator_listener,
        webhooks_to=f"{address}/webhooks/whatsapp",
        app_secret=app_secret,
    ) as simulator:
        settings = isolated_settings(
            database_url=f"sqlite:///{folder / 'askfirst.db'}",
            graph_url=simulator,
            webhook_secrets=app_secret,
            log_format=LogFormat.CONSOLE,
            log_level=LogLevel.WARNING,
        )
        async with open_services(settings) as wired:
            services = wired.services
            key, secret = await create_key(services, BUSINESS, "demo", frozenset(Scope))
            await _open_shop(services)
            sheet = _sheet(address, simulator, secret, settings.graph_version)
            try:
                async with answering(wired, settings, listener, demo=sheet):
                    announce(address, sheet.phone_page, secret)
                    await told_to_end(ENDING)
            finally:
                now = services.clock.now()
                await services.directory.revoke_key(BUSINESS.business_id, key.key_id, now)


async def _open_shop(services: Services) -> None:
    sender = Sender(
        business_id=BUSINESS.business_id,
        phone_number_id=PhoneNumberId(CAFE.phone_number_id),
        waba_id=WabaId(CAFE.waba_id),
        digits=CAFE.number.removeprefix("+"),
        name=CAFE.name,
    )
    await put_sender(services, sender, CAFE.token)
    await refresh_templates(services, BUSINESS.business_id)


def _sheet(address: str, simulator: str, secret: str, version: str) -> DemoSheet:
    return DemoSheet(
        address=address,
        key=secret,
        version=version,
        sender_id=CAFE.phone_number_id,
        sender_name=CAFE.name,
        template=CAFE.marketing_template,
        language=CAFE.language,
        person=PERSON,
        phone_page=f"{simulator}/inbox/{PERSON.removeprefix('+')}",
        simulator=simulator,
    )
