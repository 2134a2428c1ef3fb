"""What a person sees: a chat on a phone, as plain pages, for the demo.

Everything works with forms alone; a small script shows new messages as they come.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from askfirst.domain.errors import InvalidInput
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.spelling import wa_id_of
from askfirst.simulator.state import Phone

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {"content-security-policy": CONTENT_SECURITY_POLICY, "cache-control": "no-store"}
_SAID_MAX = 1_000
_TEXT_MAX = 4_096
_OK = range(200, 300)

Form = Mapping[str, str]
Act = Callable[[str, Form], Awaitable[tuple[str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chat. `buttons` can be tapped; `fate` is what became of an own line."""

    at: float
    text: str
    own: bool = False
    quiet: bool = False
    fate: str = ""
    message_id: str = ""
    template: str = ""
    buttons: tuple[str, ...] = ()

    @property
    def time(self) -> str:
        """The time of day, where the simulator runs."""
        return datetime.fromtimestamp(self.at, UTC).astimezone().strftime("%H:%M")


class Inboxes:
    """The pages. What people said is kept here: WhatsApp's own state holds only what they got."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._phones = simulator.phones
        self._said: defaultdict[str, deque[Line]] = defaultdict(lambda: deque(maxlen=_SAID_MAX))
        self._templates = Environment(
            autoescape=True,
            loader=PackageLoader("askfirst.simulator", "templates"),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._acts: Mapping[str, Act] = {
            "write": self._write,
            "tap": self._tap,
            "stop": self._stop,
            "resume": self._resume,
        }

    def routes(self) -> list[Route]:
        """List the pages."""
        return [
            Route("/", self._start, methods=["GET"]),
            Route("/inbox", self._find, methods=["GET"]),
            Route("/inbox/{number}", self._show, methods=["GET"]),
            Route("/inbox/{number}/{act}", self._play, methods=["POST"]),
            Route("/static/{name}", _static, methods=["GET"]),
        ]

    async def _start(self, _: Request) -> Response:
        phones = sorted(self._simulator.world.phones.values(), key=lambda phone: phone.wa_id)
        return self._page("phones.html", phones=phones, problem="")

    async def _find(self, request: Request) -> Response:
        return RedirectResponse(f"/inbox/{quote(request.query_params.get('number', ''))}", 303)

    async def _show(self, request: Request) -> Response:
        try:
            phone = self._simulator.world.phone(request.path_params["number"], keep=False)
        except InvalidInput as error:
            return self._page("phones.html", 404, phones=(), problem=f"That {error.message}.")
        business = self._simulator.world.number()
        return self._page(
            "phone.html",
            phone=phone,
            business=business,
            lines=self._lines(phone),
            stopped=business.phone_number_id in phone.stopped,
        )

    async def _play(self, request: Request) -> Response:
        number = request.path_params["number"]
        act = self._acts.get(request.path_params["act"])
        if act is None:
            return self._page("phones.html", 404, phones=(), problem="There is no such act.")
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        try:
            text, status = await act(number, form)
        except InvalidInput as error:
            return self._page("phones.html", 400, phones=(), problem=f"It {error.message}.")
        quiet = request.path_params["act"] in ("stop", "resume")
        line = Line(at=self._simulator.now(), text=text, own=True, quiet=quiet, fate=_fate(status))
        self._said[wa_id_of(number)].append(line)
        return RedirectResponse(f"/inbox/{quote(number)}", 303)

    async def _write(self, number: str, form: Form) -> tuple[str, int]:
        text = form.get("text", "").strip()[:_TEXT_MAX]
        if not text:
            raise InvalidInput("text", "must hold some words")
        _, status = await self._phones.write(number, text)
        return text, status

    async def _tap(self, number: str, form: Form) -> tuple[str, int]:
        title = form.get("button", "")
        _, status = await self._phones.tap(number, form.get("message_id", ""), title)
        return title, status

    async def _stop(self, number: str, _: Form) -> tuple[str, int]:
        return "You stopped offers from this business.", await self._phones.stop(number)

    async def _resume(self, number: str, _: Form) -> tuple[str, int]:
        return "You resumed offers from this business.", await self._phones.resume(number)

    def _lines(self, phone: Phone) -> list[Line]:
        received = [
            Line(
                at=letter.received_at,
                text=letter.text or f"[{letter.type}]",
                message_id=letter.message_id,
                template=letter.template,
                buttons=tuple(button.title for button in letter.buttons),
            )
            for letter in phone.inbox
        ]
        return sorted([*received, *self._said[phone.wa_id]], key=lambda line: line.at)

    def _page(self, name: str, status: int = 200, **values: Any) -> Response:
        text = self._templates.get_template(name).render(**values)
        return HTMLResponse(text, status, headers=_HEADERS)


def build_inboxes(simulator: Simulator) -> Starlette:
    """Make the pages of a simulator."""
    return Starlette(routes=Inboxes(simulator).routes())


def _fate(status: int) -> str:
    if status in _OK:
        return "delivered"
    return f"not taken: {status}" if status else "nobody listens"


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    kinds = {
        "phone.css": "text/css",
        "phone.js": "text/javascript",
        "phone.svg": "image/svg+xml",
    }
    if name not in kinds:
        return Response(status_code=404)
    content = files("askfirst.simulator").joinpath("static", name).read_bytes()
    return Response(content, media_type=kinds[name], headers=_HEADERS)
