"""The face for tests, the demo and the tour: play a person, look at the log."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.simulator.endpoints.json_answer import json_answer
from askfirst.simulator.graph.file_list import message_type
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.graph.template_list import shown
from askfirst.simulator.inbound.phones import FIRST_SIGNUP
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.belongings import StoredFile
from askfirst.simulator.state.state import Letter, Phone

LOG_PAGE_MAX = 10_000


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """What a control request may say; each act needs its own part of it."""

    to: str | None = None
    text: str = ""
    message_id: str = ""
    button: int | str = 0
    new: str = ""
    signup_id: str = FIRST_SIGNUP


class TroubleChange(msgspec.Struct, forbid_unknown_fields=True):
    """What shall go wrong from now on; what is not named stays as it is."""

    not_on_whatsapp: bool | None = None
    no_delivery: bool | None = None
    fail_with: int | None = None
    sms_fails: bool | None = None


class TemplateChange(msgspec.Struct, forbid_unknown_fields=True):
    """Another state or category for a template, as if Meta had decided so."""

    language: str
    status: str | None = None
    category: str | None = None


KeepFile = Callable[[str, str, bytes], StoredFile]
"""Keeps a file for a number: its id, the type, the bytes."""
_Play = Callable[[str, Act], Awaitable[Mapping[str, Any]]]


class Control:
    """Routes that act as people and show what they see."""

    def __init__(self, simulator: Simulator, keep_file: KeepFile) -> None:
        self._simulator = simulator
        self._keep_file = keep_file
        self._phones = simulator.phones

    def routes(self) -> list[Route]:
        """List every control route."""
        acts: dict[str, _Play] = {
            "messages": self._write,
            "tap": self._tap,
            "read": self._read,
            "stop": self._stop,
            "resume": self._resume,
            "signup": self._sign_up,
            "block": self._block,
            "unblock": self._unblock,
            "change_number": self._change_number,
        }
        played = [
            Route(f"/phones/{{number}}/{name}", self._acting(play), methods=["POST"])
            for name, play in acts.items()
        ]
        return [
            Route("/phones", self._list_phones, methods=["GET"]),
            Route("/phones/{number}", self._show_phone, methods=["GET"]),
            *played,
            Route("/phones/{number}/files", self._send_file, methods=["POST"]),
            Route("/phones/{number}/trouble", self._trouble, methods=["POST"]),
            Route("/templates", self._list_templates, methods=["GET"]),
            Route("/templates/{name}", self._change_template, methods=["POST"]),
            Route("/log", self._show_log, methods=["GET"]),
        ]

    def _acting(self, play: _Play) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            try:
                act = msgspec.json.decode(body or b"{}", type=Act)
                return json_answer(await play(request.path_params["number"], act))
            except (msgspec.DecodeError, InvalidInput) as error:
                return _refusal(error)

        return endpoint

    async def _write(self, number: str, act: Act) -> Mapping[str, Any]:
        message_id, status = await self._phones.write(number, act.text, to=act.to)
        return {"message_id": message_id, "webhook_status": status}

    async def _send_file(self, request: Request) -> Response:
        """Send the body as a file of its content type; `caption` and `to` are in the query."""
        query, content = request.query_params, await request.body()
        kind = request.headers.get("content-type", "")
        try:
            business = self._simulator.world.number(query.get("to"))
            file = self._keep_file(business.phone_number_id, kind, content)
            sent = await self._phones.send_file(
                request.path_params["number"], file, message_type(kind), query.get("caption", "")
            )
        except Refused as refused:
            return json_answer({"error": refused.details}, 400)
        except InvalidInput as error:
            return _refusal(error)
        return json_answer(
            {"message_id": sent[0], "file_id": file.file_id, "webhook_status": sent[1]}
        )

    async def _tap(self, number: str, act: Act) -> Mapping[str, Any]:
        message_id, status = await self._phones.tap(number, act.message_id, act.button)
        return {"message_id": message_id, "webhook_status": status}

    async def _read(self, number: str, act: Act) -> Mapping[str, Any]:
        return {"webhook_status": await self._phones.read(number, to=act.to)}

    async def _stop(self, number: str, act: Act) -> Mapping[str, Any]:
        return {"webhook_status": await self._phones.stop(number, to=act.to)}

    async def _resume(self, number: str, act: Act) -> Mapping[str, Any]:
        return {"webhook_status": await self._phones.resume(number, to=act.to)}

    async def _sign_up(self, number: str, act: Act) -> Mapping[str, Any]:
        status = await self._phones.sign_up(number, to=act.to, signup_id=act.signup_id)
        return {"webhook_status": status}

    async def _block(self, number: str, act: Act) -> Mapping[str, Any]:
        self._phones.block(number, to=act.to)
        return {"webhook_status": 0}

    async def _unblock(self, number: str, act: Act) -> Mapping[str, Any]:
        self._phones.unblock(number, to=act.to)
        return {"webhook_status": 0}

    async def _change_number(self, number: str, act: Act) -> Mapping[str, Any]:
        return {"webhook_status": await self._phones.change_number(number, act.new)}

    async def _trouble(self, request: Request) -> Response:
        try:
            change = msgspec.json.decode(await request.body(), type=TroubleChange)
            number = request.path_params["number"]
            troubles = self._phones.trouble(number, **msgspec.structs.asdict(change))
        except (msgspec.DecodeError, InvalidInput) as error:
            return _refusal(error)
        return json_answer({"troubles": troubles})

    async def _list_phones(self, _request: Request) -> Response:
        phones = self._simulator.world.phones.values()
        return json_answer({"phones": [_shown(phone, letters=False) for phone in phones]})

    async def _show_phone(self, request: Request) -> Response:
        try:
            phone = self._simulator.world.phone(request.path_params["number"], keep=False)
        except InvalidInput as error:
            return _refusal(error)
        return json_answer(_shown(phone, letters=True))

    async def _list_templates(self, _request: Request) -> Response:
        templates = self._simulator.world.templates.values()
        return json_answer({"templates": [shown(template) for template in templates]})

    async def _change_template(self, request: Request) -> Response:
        try:
            change = msgspec.json.decode(await request.body(), type=TemplateChange)
            status = await self._simulator.change_template(
                request.path_params["name"],
                change.language,
                status=change.status,
                category=change.category,
            )
        except (msgspec.DecodeError, InvalidInput) as error:
            return _refusal(error)
        return json_answer({"webhook_status": status})

    async def _show_log(self, request: Request) -> Response:
        """Show sends from the `after`-th on; `next` is what to ask for after these."""
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            return _refusal(InvalidInput("after", "must be a number of sends"))
        world = self._simulator.world
        first = world.logged - len(world.log)
        start = max(0, int(after) - first)
        sends = list(itertools.islice(world.log, start, start + LOG_PAGE_MAX))
        return json_answer({"sends": sends, "next": first + start + len(sends)})


def _shown(phone: Phone, *, letters: bool) -> Mapping[str, Any]:
    sheet: dict[str, Any] = {
        "wa_id": phone.wa_id,
        "user_id": phone.user_id,
        "name": phone.name,
        "stopped": sorted(phone.stopped),
        "blocked": sorted(phone.blocked),
        "troubles": phone.troubles,
        "message_count": len(phone.inbox),
    }
    if letters:
        sheet["inbox"] = [_letter(letter) for letter in phone.inbox]
        sheet["sms"] = list(phone.sms)
    return sheet


def _letter(letter: Letter) -> Mapping[str, Any]:
    return {
        "message_id": letter.message_id,
        "phone_number_id": letter.phone_number_id,
        "received_at": letter.received_at,
        "type": letter.type,
        "header": letter.header,
        "text": letter.text,
        "footer": letter.footer,
        "template": letter.template,
        "category": letter.category,
        "language": letter.language,
        "buttons": [button.title for button in letter.buttons],
        "links": letter.links,
        "copy_code": letter.copy_code,
    }


def _refusal(error: Exception) -> Response:
    if isinstance(error, InvalidInput):
        status = 404 if isinstance(error, UnknownReference) else 400
        return json_answer({"error": f"{error.field}: {error.message}"}, status)
    return json_answer({"error": str(error)}, 400)
