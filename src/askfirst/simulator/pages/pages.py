"""What a person sees: the phones, and the chats on each, as plain pages.

Everything works with forms alone; a small script shows new messages as they come. Looking
changes nothing, not even what is read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, quote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.pages.chat import chats_of, with_business, with_sms
from askfirst.simulator.pages.chat_links import ChatLinks
from askfirst.simulator.pages.rendering import Pages, language_of, static
from askfirst.simulator.pages.words import words_in
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import BusinessNumber

_TEXT_MAX = 4_096
_SMS = "sms"
_PREFILLED_MAX = 4_096

Form = Mapping[str, str]
Act = Callable[[str, str | None, Form], Awaitable[object]]


class Inboxes:
    """The pages of all phones."""

    def __init__(self, simulator: Simulator, pages: Pages) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self._phones = simulator.phones
        self._pages = pages
        self._acts: Mapping[str, Act] = {
            "write": self._write,
            "tap": self._tap,
            "read": lambda number, to, _: self._phones.read(number, to=to),
            "stop": lambda number, to, _: self._phones.stop(number, to=to),
            "resume": lambda number, to, _: self._phones.resume(number, to=to),
            "signup": lambda number, to, _: self._phones.sign_up(number, to=to),
            "block": self._block,
            "unblock": self._unblock,
            "trouble": self._trouble,
        }

    def routes(self) -> list[Route]:
        """List the pages."""
        return [
            Route("/", self._start, methods=["GET"]),
            Route("/inbox", self._find, methods=["GET"]),
            Route("/inbox/{number}", self._show, methods=["GET"]),
            Route("/inbox/{number}/sms", self._show_sms, methods=["GET"]),
            Route("/inbox/{number}/{act}", self._play, methods=["POST"]),
            Route("/static/{name}", static, methods=["GET"]),
        ]

    async def _start(self, request: Request) -> Response:
        return self._list(request)

    def _list(self, request: Request, problem: str = "", status: int = 200) -> Response:
        return self._pages.page(
            request,
            "phones.html",
            status,
            phones=sorted(self._world.phones.values(), key=lambda phone: phone.wa_id),
            templates=self._world.templates.values(),
            problem=problem,
        )

    async def _find(self, request: Request) -> Response:
        number = request.query_params.get("number", "").strip()
        return RedirectResponse(f"/inbox/{quote(number, safe='+')}", 303)

    async def _show(self, request: Request) -> Response:
        return self._chat(request, request.query_params.get("to"), self._prefilled(request))

    async def _show_sms(self, request: Request) -> Response:
        return self._chat(request, _SMS)

    def _chat(
        self, request: Request, opened: str | None, text: str = "", *, problem: str = ""
    ) -> Response:
        language, now = language_of(request), self._simulator.now()
        words = words_in(language)
        try:
            phone = self._world.phone(request.path_params["number"], keep=False)
        except InvalidInput:
            return self._list(request, words.not_a_number, 404)
        try:
            business = None if opened == _SMS else self._world.number(opened)
        except InvalidInput:
            return self._list(request, words.no_such_page, 404)
        if business is None:
            days = with_sms(phone, language, now)
        else:
            days = with_business(phone, business, language, now)
        opened = business.phone_number_id if business else _SMS
        return self._pages.page(
            request,
            "phone.html",
            400 if problem else 200,
            phone=phone,
            business=business,
            days=days,
            chats=chats_of(phone, self._world.numbers.values(), opened, language),
            is_stopped=_holds(phone.stopped, business),
            is_blocked=_holds(phone.blocked, business),
            troubles=phone.troubles,
            text=text,
            problem=problem,
        )

    async def _play(self, request: Request) -> Response:
        act = self._acts.get(request.path_params["act"])
        words = words_in(language_of(request))
        if act is None:
            return self._list(request, words.no_such_page, 404)
        fields = parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True)
        form, number = dict(fields), request.path_params["number"]
        view = form.get("view") or None
        try:
            await act(number, None if view == _SMS else view, form)
        except InvalidInput as error:
            problem = {"text": words.empty_message}.get(error.field, words.not_possible)
            return self._chat(request, view, form.get("text", ""), problem=problem)
        return RedirectResponse(_address(number, view), 303)

    async def _write(self, number: str, to: str | None, form: Form) -> None:
        text = form.get("text", "").replace("\r\n", "\n").strip()[:_TEXT_MAX]
        if not text:
            raise InvalidInput("text", "must hold some words")
        await self._phones.write(number, text, to=to)

    async def _tap(self, number: str, _: str | None, form: Form) -> None:
        await self._phones.tap(number, form.get("message_id", ""), form.get("button", ""))

    async def _block(self, number: str, to: str | None, _: Form) -> None:
        self._phones.block(number, to=to)

    async def _unblock(self, number: str, to: str | None, _: Form) -> None:
        self._phones.unblock(number, to=to)

    async def _trouble(self, number: str, _: str | None, form: Form) -> None:
        code = form.get("fail_with", "")
        if code and not (code.isascii() and code.isdigit()):
            raise InvalidInput("fail_with", "must be an error code of Meta's, or 0 for none")
        self._phones.trouble(
            number,
            not_on_whatsapp=_switch(form, "not_on_whatsapp"),
            no_delivery=_switch(form, "no_delivery"),
            sms_fails=_switch(form, "sms_fails"),
            fail_with=int(code or 0) if "fail_with" in form else None,
        )

    def _prefilled(self, request: Request) -> str:
        return request.query_params.get("text", "")[:_PREFILLED_MAX]


def build_inboxes(simulator: Simulator) -> Starlette:
    """Make the pages of a simulator: the phones, and where links into a chat lead."""
    pages = Pages()
    links = ChatLinks(simulator, pages)
    return Starlette(routes=[*Inboxes(simulator, pages).routes(), *links.routes()])


def _address(number: str, view: str | None) -> str:
    address = f"/inbox/{quote(number)}"
    if view == _SMS:
        return f"{address}/{_SMS}"
    return f"{address}?{urlencode({'to': view})}" if view else address


def _holds(numbers: set[str], business: BusinessNumber | None) -> bool:
    return business is not None and business.phone_number_id in numbers


def _switch(form: Form, name: str) -> bool | None:
    return form[name] == "on" if name in form else None
