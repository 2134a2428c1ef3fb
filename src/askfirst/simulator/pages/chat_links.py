"""Where a link into a chat leads: what wa.me does, for the phones of the simulator.

`/chat/{digits}?text=…` stands for `https://wa.me/…`, `/chat/message/{code}` for Meta's managed
links. Which phone scanned or tapped it has to be said here; `phone` in the query says it at
once. Nothing is sent before the person sends it.
"""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.pages.rendering import HEADERS, Pages, language_of
from askfirst.simulator.pages.words import words_in
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.spelling import wa_id_of
from askfirst.simulator.state.state import BusinessNumber

_KINDS = {"svg": "image/svg+xml", "png": "image/png"}
_TEXT_MAX = 4_096
_SCALE = 8
_QUIET_ZONE = 4


class ChatLinks:
    """The pages behind links and QR codes."""

    def __init__(self, simulator: Simulator, pages: Pages) -> None:
        self._world = simulator.world
        self._pages = pages

    def routes(self) -> list[Route]:
        """List them."""
        return [
            Route("/chat", self._nobody, methods=["GET"]),
            Route("/chat/", self._nobody, methods=["GET"]),
            Route("/chat/message/{code}", self._follow, methods=["GET"]),
            Route("/chat/message/{code}/qr.{kind}", self._draw, methods=["GET"]),
            Route("/chat/{digits}", self._open, methods=["GET"]),
        ]

    async def _open(self, request: Request) -> Response:
        business = self._world.number_with_digits(request.path_params["digits"])
        if business is None:
            return await self._nobody(request)
        text = request.query_params.get("text", "")[:_TEXT_MAX]
        return self._choose(request, business, text, {"text": text} if text else {})

    async def _follow(self, request: Request) -> Response:
        link = self._world.links.get(request.path_params["code"])
        if link is None:
            return self._pages.page(request, "link_gone.html", 404)
        business = self._world.number(link.phone_number_id)
        return self._choose(request, business, link.prefilled_message, {})

    async def _nobody(self, request: Request) -> Response:
        digits = request.path_params.get("digits", "")
        businesses = self._world.numbers.values()
        return self._pages.page(
            request,
            "nobody.html",
            404,
            number=digits if digits.isascii() and digits.isdigit() else "",
            businesses=businesses,
            text=request.query_params.get("text", "")[:_TEXT_MAX],
        )

    def _choose(
        self, request: Request, business: BusinessNumber, text: str, carried: dict[str, str]
    ) -> Response:
        """Lead to the chat on the phone that is named, or ask for one."""
        problem, number = "", request.query_params.get("phone", "").strip()
        if number:
            try:
                query = {"to": business.phone_number_id} | ({"text": text} if text else {})
                return RedirectResponse(f"/inbox/{wa_id_of(number)}?{urlencode(query)}", 303)
            except InvalidInput:
                problem = words_in(language_of(request)).not_a_number
        here = request.url.path
        phones = sorted(self._world.phones)
        return self._pages.page(
            request,
            "open_chat.html",
            400 if problem else 200,
            business=business,
            text=text,
            carried=carried,
            here=here,
            choices=[
                (wa_id, f"{here}?{urlencode({'phone': wa_id} | carried)}") for wa_id in phones
            ],
            number=number,
            problem=problem,
        )

    async def _draw(self, request: Request) -> Response:
        """Draw a managed link as a QR code."""
        code, kind = request.path_params["code"], request.path_params["kind"]
        if code not in self._world.links or kind not in _KINDS:
            return Response(status_code=404)
        address = request.url.replace(path=f"/chat/message/{code}", query="")
        picture = io.BytesIO()
        drawn = segno.make_qr(str(address), error="m")
        drawn.save(picture, kind=kind, scale=_SCALE, border=_QUIET_ZONE)
        return Response(picture.getvalue(), media_type=_KINDS[kind], headers=HEADERS)
