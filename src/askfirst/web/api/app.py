"""The REST face: routes, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from askfirst import __version__
from askfirst.usecases.context.services import Services
from askfirst.web.api.codes.routes import (
    get_code,
    post_code,
    post_code_check,
    post_code_resend,
    remove_code,
)
from askfirst.web.api.consent.routes import (
    get_confirmation,
    get_receipt,
    post_confirmation,
    post_consent,
    post_link,
    remove_link,
)
from askfirst.web.api.contacts.routes import (
    get_contact,
    get_contact_events,
    get_events,
    lookup_contact,
)
from askfirst.web.api.entry_points.routes import (
    get_entries,
    get_entry,
    post_entry,
    remove_entry,
)
from askfirst.web.api.openapi import ABOUT, complete, responses_of
from askfirst.web.api.platform.docs import content_security_policy, render_docs
from askfirst.web.api.platform.refusals import refuse_with_problems
from askfirst.web.api.platform.strict_route import StrictRoute
from askfirst.web.api.prompts.routes import (
    get_prompt,
    get_prompts,
    get_rendering,
    post_publication,
    remove_draft,
    replace_draft,
)
from askfirst.web.api.sending.check import PATH as CHECK_PATH
from askfirst.web.api.sending.check import CheckDoor
from askfirst.web.api.sending.count import CountRequests
from askfirst.web.api.tenants.routes import (
    get_business,
    get_me,
    get_senders,
    get_templates,
    replace_business,
    replace_sender,
)
from askfirst.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Entry:
    """One route; its scope stands in `access.SCOPES`."""

    method: str
    path: str
    handler: Callable[..., Any]
    summary: str
    status: int = 200


ENTRIES = (
    Entry("POST", "/v1/consents", post_consent, "Record an answer", 201),
    Entry("POST", "/v1/contacts/lookup", lookup_contact, "Look a contact up"),
    Entry("GET", "/v1/contacts/{alias}", get_contact, "Show a contact"),
    Entry("GET", "/v1/contacts/{alias}/events", get_contact_events, "Show a contact's events"),
    Entry("GET", "/v1/events", get_events, "Read the ledger"),
    Entry("GET", "/v1/senders", get_senders, "List senders"),
    Entry("PUT", "/v1/senders/{phone_number_id}", replace_sender, "Keep a sender"),
    Entry("GET", "/v1/templates", get_templates, "List templates"),
    Entry("GET", "/v1/me", get_me, "Who am I"),
    Entry("GET", "/v1/business", get_business, "Show the business"),
    Entry("PUT", "/v1/business", replace_business, "Tell about the business"),
    Entry("GET", "/v1/prompts", get_prompts, "List prompts"),
    Entry("GET", "/v1/prompts/{key}", get_prompt, "Show a prompt"),
    Entry("PUT", "/v1/prompts/{key}", replace_draft, "Keep a draft"),
    Entry("DELETE", "/v1/prompts/{key}", remove_draft, "Throw a draft away", 204),
    Entry("POST", "/v1/prompts/{key}/publish", post_publication, "Publish a draft", 201),
    Entry("GET", "/v1/prompts/{key}/render", get_rendering, "Render a prompt"),
    Entry("GET", "/v1/entries", get_entries, "List entries"),
    Entry("POST", "/v1/entries", post_entry, "Make an entry", 201),
    Entry("GET", "/v1/entries/{id}", get_entry, "Show an entry"),
    Entry("DELETE", "/v1/entries/{id}", remove_entry, "End an entry", 204),
    Entry("POST", "/v1/confirmations", post_confirmation, "Offer a proof", 201),
    Entry("GET", "/v1/confirmations/{id}", get_confirmation, "Show a proof"),
    Entry("POST", "/v1/preference-links", post_link, "Make a personal link", 201),
    Entry("DELETE", "/v1/preference-links/{id}", remove_link, "Revoke a personal link", 204),
    Entry("GET", "/v1/events/{position}/receipt", get_receipt, "Give a receipt"),
    Entry("POST", "/v1/codes", post_code, "Ask for a code", 201),
    Entry("GET", "/v1/codes/{id}", get_code, "Show what became of a code"),
    Entry("DELETE", "/v1/codes/{id}", remove_code, "End a code", 204),
    Entry("POST", "/v1/codes/{id}/check", post_code_check, "Check a code"),
    Entry("POST", "/v1/codes/{id}/resend", post_code_resend, "Send another code"),
)


def build_api(services: Services, metrics: Metrics) -> FastAPI:
    """Build the REST face. `CheckDoor` is part of it; a server may put one in front for speed."""
    app = _routed()
    app.state.services, app.state.metrics = services, metrics
    app.router.routes.append(Route(CHECK_PATH, CheckDoor(services, metrics)))
    _add_documents(app)
    refuse_with_problems(app)
    app.add_middleware(CountRequests, metrics=metrics)
    return app


def _routed() -> FastAPI:
    app = FastAPI(
        title="askfirst",
        version=__version__,
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.router.route_class = StrictRoute
    for entry in ENTRIES:
        app.add_api_route(
            entry.path,
            entry.handler,
            methods=[entry.method],
            status_code=entry.status,
            summary=entry.summary,
            operation_id=entry.handler.__name__,
            responses=responses_of(entry.method, entry.path),
        )
    return app


@cache
def _documents() -> tuple[dict[str, Any], str]:
    """Describe the face, for machines and for people: once, whichever services it stands on."""
    document = complete(_routed().openapi())
    return document, render_docs(document)


def _add_documents(app: FastAPI) -> None:
    document, page = _documents()
    policy = content_security_policy()

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def docs(_: Request) -> Response:
        return HTMLResponse(page, headers={"content-security-policy": policy})

    async def problem(request: Request) -> Response:
        return RedirectResponse("/docs#problem-" + request.path_params["code"])

    app.router.routes.extend(
        [
            Route("/openapi.json", openapi),
            Route("/docs", docs),
            Route("/problems/{code}", problem),
        ]
    )
