"""The hosted pages and their JSON, put together: parse, call a use case, render.

A GET changes nothing in the ledger, whoever follows the link. What changes something is a POST
with a token of ours, from a page that may send it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from askfirst.usecases.context.services import Services
from askfirst.web.asgi import App
from askfirst.web.metrics import Metrics
from askfirst.web.pages.headers import Guarded
from askfirst.web.pages.refusals import refusals
from askfirst.web.pages.request_context import TEMPLATES, Handler, House, visit_of
from askfirst.web.public.consent.after_answer import (
    get_thanks_receipt,
    show_confirm,
    show_stop,
    show_thanks,
    take_thanks,
)
from askfirst.web.public.consent.answers import take_answer
from askfirst.web.public.consent.preference_page import get_my_receipt, show_me, take_me
from askfirst.web.public.consent.receipts import get_keys, show_verify, take_verify
from askfirst.web.public.cross_origin import preflight
from askfirst.web.public.entry_points.entry_page import (
    get_poster_svg,
    get_qr_png,
    get_qr_svg,
    show_entry,
    show_poster,
)
from askfirst.web.public.prompts.elements import Elements
from askfirst.web.public.prompts.join import show_join, take_join
from askfirst.web.public.prompts.prompt_page import get_prompt, show_preview
from askfirst.web.public.tenants.brand import get_colours, get_logo
from askfirst.web.templating import open_templates

Endpoint = Callable[[Request], Awaitable[Response]]
HouseHandler = Callable[[House, Request], Awaitable[Response]]
_PLACES: Final[tuple[tuple[str, Mapping[str, Handler]], ...]] = (
    ("join", {"GET": show_join, "POST": take_join}),
    ("stop", {"GET": show_stop}),
    ("thanks/{token}", {"GET": show_thanks, "POST": take_thanks}),
    ("thanks/{token}/receipt.jws", {"GET": get_thanks_receipt}),
    ("prompts/{key}.json", {"GET": get_prompt, "OPTIONS": preflight}),
    ("prompts/{key}", {"GET": show_preview}),
    ("answers", {"POST": take_answer, "OPTIONS": preflight}),
    ("chat/{code}", {"GET": show_entry}),
    ("chat/{code}/qr.svg", {"GET": get_qr_svg}),
    ("chat/{code}/qr.png", {"GET": get_qr_png}),
    ("chat/{code}/poster", {"GET": show_poster}),
    ("chat/{code}/poster.svg", {"GET": get_poster_svg}),
    ("confirm/{token}", {"GET": show_confirm}),
    ("me/{token}", {"GET": show_me, "POST": take_me}),
    ("me/{token}/receipts/{position:int}.jws", {"GET": get_my_receipt}),
    ("keys.json", {"GET": get_keys}),
    ("brand-{name}.css", {"GET": get_colours}),
    ("logo-{name}.png", {"GET": get_logo}),
)


def build_public(services: Services, metrics: Metrics) -> App:
    """Build the face that customers see; it answers under `/p/` and `/elements/`."""
    templates = open_templates("askfirst.web.public", TEMPLATES)
    house = House(services=services, metrics=metrics, templates=templates)
    verify = {"GET": show_verify, "POST": take_verify}
    app = Starlette(
        routes=[
            Route("/p/verify", _door(verify, house), methods=list(verify)),
            *(_route(house, path, handlers) for path, handlers in _PLACES),
            Route("/elements/{name}", Elements().get, methods=["GET"]),
        ],
        exception_handlers=refusals(house),
    )
    app.router.redirect_slashes = False
    return Guarded(app, metrics=metrics, face="public")


def _route(house: House, path: str, handlers: Mapping[str, Handler]) -> Route:
    async def serve(request: Request) -> Response:
        visit = await visit_of(house, request, request.path_params["business"])
        if visit is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await handlers[_method(request)](visit)

    return Route(f"/p/{{business}}/{path}", serve, methods=list(handlers))


def _method(request: Request) -> str:
    """A HEAD is a GET whose body stays here (RFC 9110, section 9.3.2)."""
    return "GET" if request.method == "HEAD" else request.method


def _door(handlers: Mapping[str, HouseHandler], house: House) -> Endpoint:
    async def serve(request: Request) -> Response:
        return await handlers[_method(request)](house, request)

    return serve
