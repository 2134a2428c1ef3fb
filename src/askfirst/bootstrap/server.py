"""The server: every face behind one door, upkeep beside it, and a clean end."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import structlog

from askfirst import __version__
from askfirst.bootstrap.admin.server_lockfile import RunningServer, remove_lockfile, write_lockfile
from askfirst.bootstrap.background_tasks import upkeep
from askfirst.bootstrap.connections.teller import ConnectionTeller
from askfirst.bootstrap.health.clock_check import check_clock
from askfirst.bootstrap.health.diagnosis import checks_of
from askfirst.bootstrap.listening import (
    Announce,
    address_of,
    ending,
    listen,
    serving,
)
from askfirst.bootstrap.router import Health, Router, closed
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired, app_secrets, open_services
from askfirst.storage.platform.errors import StorageInUse
from askfirst.usecases.transparency.watch_ledger import check_at_start
from askfirst.web.admin.endpoint import PATH as LOCAL_PATH
from askfirst.web.admin.endpoint import AdminEndpoint
from askfirst.web.api.app import build_api
from askfirst.web.asgi import App
from askfirst.web.console.app import build_console
from askfirst.web.gateway.endpoint import Addresses, GatewayEndpoint
from askfirst.web.public.app import build_public
from askfirst.web.public.start_page import DemoSheet, build_pages
from askfirst.web.webhooks.endpoint import WebhookEndpoint

_TRIES = 5
_PAUSE_SECONDS = 0.2
_GARBAGE_OBJECTS = 20_000
_TURN_SECONDS = 0.001
_AFTERWARDS_SECONDS = 5
"""How long what follows acknowledged webhooks may still take once no more of them come in."""


def build_app(
    wired: Wired,
    settings: Settings,
    *,
    webhooks: WebhookEndpoint | None = None,
    local: AdminEndpoint | None = None,
    demo: DemoSheet | None = None,
) -> App:
    """Put the faces behind the front door."""
    services, metrics = wired.services, wired.metrics
    health, api, pages = Health(wired), build_api(services, metrics), build_pages(demo)
    public, console = build_public(services, metrics), build_console(services, metrics)
    exact: dict[str, App] = {
        **api.exact,
        "/webhooks/whatsapp": webhooks or closed,
        "/healthz": health.alive,
        "/readyz": health.ready,
        "/metrics": health.metrics,
        "/docs": api,
        "/openapi.json": api,
        "/": pages,
        "/console": console,
    }
    if local is not None:
        exact[LOCAL_PATH] = local
    prefixes: dict[str, App] = {
        "/v1/": api,
        "/docs/": api,
        "/problems/": api,
        "/p/": public,
        "/console/": console,
        "/elements/": public,
        "/static/": pages,
    }
    meta_tokens = settings.pass_through_meta_tokens
    gateway = GatewayEndpoint(
        services,
        metrics,
        pass_through_meta_tokens=meta_tokens,
        smoothing_seconds=settings.smoothing_seconds,
        addresses=Addresses(
            gateway=settings.gateway_url or "",
            graph=frozenset({urlsplit(settings.graph_url).netloc}),
            shows_metas=settings.media_address_of_meta,
        ),
    )
    return Router(exact, prefixes, otherwise=gateway)


def webhook_door(wired: Wired, settings: Settings) -> WebhookEndpoint | None:
    """Open the way in for Meta's webhooks; None where no secret is set that could check them."""
    if not settings.webhook_secrets:
        return None
    token = settings.webhook_verify_token
    return WebhookEndpoint(
        wired.services,
        wired.metrics,
        secrets=app_secrets(settings),
        verify_token=token.get_secret_value() if token else "",
    )


async def serve(
    settings: Settings, announce: Announce, listener: socket.socket | None = None
) -> None:
    """Serve until told to end; `announce` gets the address as soon as it answers.

    Raises:
        InvalidInput: a setting, the port or a file is not valid.
        UnsafeStorage: the database cannot keep the promise, or another server holds it.
    """
    log = structlog.get_logger("askfirst")
    with ending() as told:
        async with _world(settings) as wired:
            listener = listener or listen(settings.host, settings.port)
            async with answering(wired, settings, listener) as address:
                _warn(settings)
                settle()
                log.info("listening", address=address, version=__version__, pid=os.getpid())
                announce(address)
                log.info("ending", signal=(await told).name)
    log.info("ended")


@asynccontextmanager
async def answering(
    wired: Wired, settings: Settings, listener: socket.socket, demo: DemoSheet | None = None
) -> AsyncIterator[str]:
    """Answer requests on a socket while the block runs; gives the address."""
    address = address_of(listener)
    async with AsyncExitStack() as running:
        local = None
        if settings.sqlite_path is not None:
            note = RunningServer(
                address=address, secret=wired.services.ids.secret(), pid=os.getpid()
            )
            local = AdminEndpoint(wired.services, partial(checks_of, wired), note.secret)
            write_lockfile(settings.sqlite_path, note)
            running.callback(remove_lockfile, settings.sqlite_path, note)
        await check_at_start(wired.services)
        await running.enter_async_context(upkeep(wired, settings))
        webhooks = webhook_door(wired, settings)
        if webhooks is not None:
            running.push_async_callback(webhooks.settle, _AFTERWARDS_SECONDS)
        app = build_app(wired, settings, webhooks=webhooks, local=local, demo=demo)
        web = serving(
            app,
            listener,
            trusted_proxies=settings.trusted_proxies,
            limits=settings.connection_limits,
            tell=ConnectionTeller(wired.metrics, wired.services.clock),
        )
        await running.enter_async_context(web)
        yield address


@asynccontextmanager
async def _world(settings: Settings) -> AsyncIterator[Wired]:
    """Open the world; a command that holds the file for a blink does not keep a server off."""
    for rest in reversed(range(_TRIES)):
        async with AsyncExitStack() as opened:
            try:
                wired = await opened.enter_async_context(open_services(settings))
            except StorageInUse as error:
                if rest:
                    await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                raise StorageInUse(
                    f"another process serves {settings.sqlite_path}, maybe by another name; stop "
                    "it, or set ASKFIRST_DATABASE_URL to another database"
                ) from error
            await check_clock(wired.store.timeline, wired.services.clock)
            yield wired
            return


def settle() -> None:
    """What lives for ever is not looked through again and again; commits wait less for a turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_OBJECTS, 20, 50)
    sys.setswitchinterval(_TURN_SECONDS)


def _warn(settings: Settings) -> None:
    if not settings.webhook_secrets:
        message = "every webhook is refused, so no STOP comes in; set ASKFIRST_WEBHOOK_SECRETS"
        structlog.get_logger("askfirst").warning("webhooks_refused", error=message)
