"""The REST face, put together: one table of routes, and all that is made of it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Page

from askfirst.usecases.context.services import Services
from askfirst.web.api.codes.routes import ROUTES as CODES
from askfirst.web.api.consent.routes import ROUTES as CONSENT
from askfirst.web.api.contacts.routes import ROUTES as CONTACTS
from askfirst.web.api.entry_points.routes import ROUTES as ENTRY_POINTS
from askfirst.web.api.openapi import describe, framework, responses_of
from askfirst.web.api.platform.docs import content_security_policy, render_docs
from askfirst.web.api.platform.raw_endpoint import RestApi
from askfirst.web.api.platform.refusals import refuse_with_problems
from askfirst.web.api.platform.strict_route import add_routes
from askfirst.web.api.prompts.routes import ROUTES as PROMPTS
from askfirst.web.api.sending.routes import ROUTES as SENDING
from askfirst.web.api.tenants.routes import ROUTES as TENANTS
from askfirst.web.asgi import App, Message, Receive, Scope, Send
from askfirst.web.metrics import Metrics

ROUTES: Final = (*CONSENT, *CONTACTS, *SENDING, *TENANTS, *PROMPTS, *ENTRY_POINTS, *CODES)
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
    app = framework()
    add_routes(app, tuple(route for route in ROUTES if not route.is_raw), responses_of)
    app.state.services, app.state.metrics = services, metrics
    app.router.routes.extend(_pages())
    refuse_with_problems(app)
    app.add_middleware(CountRequests, metrics=metrics)
    return RestApi(ROUTES, services, metrics, app)


@cache
def api_document() -> dict[str, Any]:
    """Describe the face for machines: once, whichever services it stands on."""
    return describe(ROUTES)


@cache
def _docs_page() -> str:
    return render_docs(api_document())


def _pages() -> list[Page]:
    """Make what describes the face, before anybody waits for it."""
    document, page, policy = api_document(), _docs_page(), content_security_policy()

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def docs(_: Request) -> Response:
        return HTMLResponse(page, headers={"content-security-policy": policy})

    async def problem(request: Request) -> Response:
        return RedirectResponse("/docs#problem-" + request.path_params["code"])

    return [Page("/openapi.json", openapi), Page("/docs", docs), Page("/problems/{code}", problem)]
