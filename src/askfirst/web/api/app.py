"""The REST face, put together: one table of routes, and all that is made of it."""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Page

from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.api.brakes.routes import ROUTES as BRAKES
from askfirst.web.api.bulk.export_schedules import ROUTES as EXPORT_SCHEDULES
from askfirst.web.api.bulk.exports import ROUTES as EXPORTS
from askfirst.web.api.bulk.routes import ROUTES as BULK
from askfirst.web.api.bulk.screens import ROUTES as SCREENS
from askfirst.web.api.codes.routes import ROUTES as CODES
from askfirst.web.api.consent.routes import ROUTES as CONSENT
from askfirst.web.api.contacts.erasure import ROUTES as ERASURE
from askfirst.web.api.contacts.evidence import ROUTES as EVIDENCE
from askfirst.web.api.contacts.history import ROUTES as HISTORY
from askfirst.web.api.contacts.routes import ROUTES as CONTACTS
from askfirst.web.api.entry_points.routes import ROUTES as ENTRY_POINTS
from askfirst.web.api.events.routes import ROUTES as EVENTS
from askfirst.web.api.held.routes import ROUTES as HELD
from askfirst.web.api.inbound.routes import ROUTES as INBOUND
from askfirst.web.api.openapi import describe, framework, responses_of
from askfirst.web.api.opt_out.routes import ROUTES as REVIEWS
from askfirst.web.api.opt_out.stop_file import ROUTES as OPT_OUT
from askfirst.web.api.platform.raw_endpoint import RestApi
from askfirst.web.api.platform.refusals import refuse_with_problems
from askfirst.web.api.platform.route import ApiRoute, ApiSection
from askfirst.web.api.platform.strict_route import add_routes
from askfirst.web.api.prompts.routes import ROUTES as PROMPTS
from askfirst.web.api.reference.page import FILES, HEADERS, file_of, render_reference
from askfirst.web.api.sending.decisions import ROUTES as DECISIONS
from askfirst.web.api.sending.routes import ROUTES as SENDING
from askfirst.web.api.stats.routes import ROUTES as STATS
from askfirst.web.api.tenants.routes import ROUTES as TENANTS
from askfirst.web.asgi import App, Message, Receive, Scope, Send
from askfirst.web.metrics import Metrics


def _by_path(routes: tuple[ApiRoute, ...]) -> tuple[ApiRoute, ...]:
    """Put what one path takes together, where the path comes first: so it is described."""
    paths = {route.path: None for route in routes}
    return tuple(route for path in paths for route in routes if route.path == path)


SECTIONS: Final = (
    ApiSection(
        feature="consent",
        title="Consent",
        about="Record what people answered, let a number confirm itself, and give people a page "
        "and a receipt of what they agreed to.",
        routes=CONSENT,
    ),
    ApiSection(
        feature="contacts",
        title="Contacts and events",
        about="Look up what a person has agreed to, and read the ledger: an event for each yes "
        "and each no, in the order in which they were recorded. Give people their data, and erase "
        "them.",
        routes=_by_path(CONTACTS + HISTORY + EVIDENCE + ERASURE),
    ),
    ApiSection(
        feature="opt_out",
        title="Stops and reviews",
        about="Record opt-outs that other systems hold, as a file (one person's stop is a "
        "`POST /v1/consents`), and list complaints and erasure requests of the chat.",
        routes=OPT_OUT + REVIEWS,
    ),
    ApiSection(
        feature="bulk",
        title="Imports, screenings and exports",
        about="Move in with a list: send a file, look at what an import of it would do, confirm "
        "that, and read what became of each row. Or ask of a list who may be written to now. Or "
        "take along all that is kept here, once or again and again.",
        routes=_by_path(BULK + SCREENS + EXPORTS + EXPORT_SCHEDULES),
    ),
    ApiSection(
        feature="sending",
        title="Checking a message",
        about="Ask the gate whether a message may be sent, without sending it. To send, use the "
        "gateway. Read back what was decided, and why.",
        routes=SENDING + DECISIONS,
    ),
    ApiSection(
        feature="held",
        title="Held messages",
        about="Messages that were handed over to the gateway with `X-Askfirst-Hold`, because only "
        "time stood against them. Each is decided on anew when its time has come.",
        routes=HELD,
    ),
    ApiSection(
        feature="brakes",
        title="Brakes",
        about="See what holds your messages because people object to them, Meta restricts them or "
        "somebody paused them; pause by hand, and lift what is on.",
        routes=_by_path(BRAKES),
    ),
    ApiSection(
        feature="stats",
        title="Figures",
        about="Opt-ins, stops, complaints and whom you may write to: by purpose, surface, entry "
        "point, prompt version, language, country and time, and the funnel of each surface. They "
        "hold nothing about a person, and say how far into the ledger they are exact.",
        routes=STATS,
    ),
    ApiSection(
        feature="codes",
        title="One-time codes",
        about="Verify a phone number with a code over WhatsApp or text message, or with a message "
        "that the customer sends to you.",
        routes=CODES,
    ),
    ApiSection(
        feature="prompts",
        title="Prompts",
        about="The questions that you show to people, in each language. A published prompt never "
        "changes, so the ledger knows which words somebody agreed to.",
        routes=PROMPTS,
    ),
    ApiSection(
        feature="entry_points",
        title="Entry points",
        about="Links and QR codes with which customers start a chat with you.",
        routes=ENTRY_POINTS,
    ),
    ApiSection(
        feature="events",
        title="Subscriptions",
        about="Servers of yours that askfirst posts each change of consent to: signed, in order "
        "for each contact, and again until they take it. To ask instead, read `GET /v1/events`.",
        routes=EVENTS,
    ),
    ApiSection(
        feature="inbound",
        title="Receivers of webhooks",
        about="Servers of yours that Meta's webhooks are forwarded to, byte for byte: askfirst "
        "hears them first, and a chat, a bot or a helpdesk gets them, too.",
        routes=INBOUND,
    ),
    ApiSection(
        feature="tenants",
        title="Business and senders",
        about="Your business as customers see it, its phone numbers on WhatsApp, and the templates "
        "that Meta has approved.",
        routes=TENANTS,
    ),
)
ROUTES: Final = tuple(route for section in SECTIONS for route in section.routes)
"""All that can be called. What is not listed here is neither served nor described."""


class CountRequests:
    """Middleware: one count per answer, by status; addresses are no labels."""

    def __init__(self, app: App, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.request("api", message["status"])
            await send(message)

        await self._app(scope, receive, counted)


def build_api(services: Services, metrics: Metrics) -> RestApi:
    """Build the REST face: raw routes by themselves, and everything else in the framework."""
    app, served = framework(), _served().router
    app.router.route_class = served.route_class
    app.router.routes.extend(served.routes)
    app.state.services, app.state.metrics = services, metrics
    app.router.routes.extend(_pages(show_site(services).public_url))
    refuse_with_problems(app)
    app.add_middleware(CountRequests, metrics=metrics)
    return RestApi(ROUTES, services, metrics, app)


@cache
def _served() -> FastAPI:
    """Compile the routes of the framework's: once, for they find the services by their app."""
    app = framework()
    add_routes(app, tuple(route for route in ROUTES if not route.is_raw), responses_of)
    return app


@cache
def api_document() -> dict[str, Any]:
    """Describe the face for machines: once, whichever services it stands on."""
    return describe(SECTIONS)


@cache
def _reference(base: str) -> tuple[str, bytes]:
    """Write the page for people, plain and packed: once, when somebody first asks for it."""
    page = render_reference(api_document(), base)
    return page, gzip.compress(page.encode())


def _pages(base: str) -> list[Page]:
    document, prefix = api_document(), urlsplit(base).path

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def docs(request: Request) -> Response:
        # It takes half a second to write: no start waits for it, and no other call.
        page, packed = await asyncio.to_thread(_reference, base)
        headers = {**HEADERS, "vary": "accept-encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return HTMLResponse(page, headers=headers)
        return HTMLResponse(packed, headers={**headers, "content-encoding": "gzip"})

    async def file(request: Request) -> Response:
        name = request.path_params["file"]
        if name not in FILES:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return Response(file_of(name), headers={**HEADERS, "content-type": FILES[name]})

    async def problem(request: Request) -> Response:
        return RedirectResponse(f"{prefix}/docs#problem-" + request.path_params["code"])

    return [
        Page("/openapi.json", openapi),
        Page("/docs", docs),
        Page("/docs/{file}", file),
        Page("/problems/{code}", problem),
    ]
