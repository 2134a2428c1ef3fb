"""One-time codes: ask for one, check it, send another, end it, see what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import segno
import structlog
from fastapi import BackgroundTasks, Path, Request, Response

from askfirst.domain.codes.code import (
    Channel,
    Code,
    CodeState,
    Errand,
    Result,
    masked,
    parse_channels,
)
from askfirst.domain.values.ids import (
    BusinessId,
    CodeId,
    PhoneNumberId,
    Prefix,
    parse_id,
    parse_node_id,
)
from askfirst.domain.values.network_address import parse_network_address
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.codes.check_code import Attempt, check_code
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.guide_to_code import guide_to_code
from askfirst.usecases.codes.request_code import CodeOrder, Requested, request_code
from askfirst.usecases.codes.resend_code import ShownCode, cancel_code, resend_code, show_code
from askfirst.usecases.contacts.read_recipient import read_recipient
from askfirst.usecases.context.services import Services
from askfirst.web.api.codes.models import (
    CodeAnswer,
    CodeCheckAnswer,
    CodeCheckRequest,
    CodeHappening,
    CodeRequest,
    CodeSheet,
    StateName,
)
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.idempotency import REPLAYED, IdempotencyKey, read_idempotency_key
from askfirst.web.problems import NotFound

_STATES: dict[Result | None, StateName] = {
    Result.USED: "approved",
    Result.EXPIRED: "expired",
    Result.LOCKED: "locked",
}


CodeIdPath = Annotated[str, Path(alias="id", examples=["cod_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])]


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer, and what is to be done once it is out."""

    answer: CodeAnswer
    errand: Errand | None
    is_replayed: bool = False


async def take_code(
    services: Services, business_id: BusinessId, body: CodeRequest, keys: Sequence[str]
) -> Taken:
    """Take a request; `keys` are all values of the header Idempotency-Key."""
    key = read_idempotency_key(keys)
    requested = await request_code(services, _order(services, business_id, body, key))
    return await _taken(services, requested)


async def take_code_check(
    services: Services, business_id: BusinessId, code_id: str, body: CodeCheckRequest
) -> CodeCheckAnswer:
    """Judge a try; NotFound where there is no such request."""
    number = None
    if body.to is not None:
        (number,) = read_recipient(services, body.to, None).names
    attempt = Attempt(
        business_id=business_id,
        code_id=_code_id(code_id),
        typed=body.code,
        purpose=body.purpose,
        number=number,
    )
    tried = await check_code(services, attempt)
    if tried is None:
        raise _unknown()
    code = tried.code
    return CodeCheckAnswer(
        id=code.code_id,
        result=tried.result,
        tries_left=code.tries_max - code.tries if tried.result is Result.WRONG else 0,
        reference=code.reference,
    )


async def take_code_resend(services: Services, business_id: BusinessId, code_id: str) -> Taken:
    """Take a wish for another code; NotFound where there is no such request."""
    requested = await resend_code(services, business_id, _code_id(code_id))
    if requested is None:
        raise _unknown()
    return await _taken(services, requested)


async def run_errand(services: Services, errand: Errand | None) -> None:
    """Do what was promised. It may fail: the answer is out, and whoever is due next goes on."""
    if errand is None:
        return
    try:
        await deliver_code(services, errand)
    except Exception as error:  # noqa: BLE001 - see above
        log = structlog.get_logger("askfirst")
        log.warning("code_not_delivered", door="api", error=type(error).__name__)


async def post_code(
    body: CodeRequest,
    *,
    request: Request,
    response: Response,
    later: BackgroundTasks,
    services: World,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - for the document; read from all values
) -> CodeAnswer:
    """Take a request for a code. Choosing WhatsApp is the opt-in for codes, and for nothing else.

    The answer comes before the code leaves, and is the same whether or not the number is known, has
    said no, or is on WhatsApp. What became of it: `GET /v1/codes/{id}`.
    """
    keys = request.headers.getlist("idempotency-key")
    taken = await take_code(services, caller.business_id, body, keys)
    if taken.is_replayed:
        response.headers[REPLAYED] = "true"
    later.add_task(run_errand, services, taken.errand)
    return taken.answer


async def post_code_check(
    code_id: CodeIdPath, body: CodeCheckRequest, services: World, caller: Caller
) -> CodeCheckAnswer:
    """Judge what was typed in. A try counts before it is compared, whatever comes of it.

    On `approved`, the number has proven itself; that is in the ledger, for codes only. Where the
    number has to write (`whatsapp_inbound`), there is nothing to type: 409.
    """
    return await take_code_check(services, caller.business_id, code_id, body)


async def post_code_resend(
    code_id: CodeIdPath, later: BackgroundTasks, services: World, caller: Caller
) -> CodeAnswer:
    """Send another code by the channel in use. The one before is no longer good.

    It takes no `Idempotency-Key`, and needs none: within half a minute the second of two is refused
    (429, `cool_down`), and the first has sent its code.
    """
    taken = await take_code_resend(services, caller.business_id, code_id)
    later.add_task(run_errand, services, taken.errand)
    return taken.answer


async def get_code(code_id: CodeIdPath, services: World, caller: Caller) -> CodeSheet:
    """Tell what became of a request: sent, delivered, approved, failed, fallback used, and when.

    For your own people: it may say that a number has refused codes. Poll it to see whether a number
    has proven itself (`whatsapp_inbound`).
    """
    shown = await show_code(services, caller.business_id, _code_id(code_id))
    if shown is None:
        raise _unknown()
    return _sheet(shown)


async def remove_code(code_id: CodeIdPath, services: World, caller: Caller) -> None:
    """End a request: its code is no longer good."""
    if not await cancel_code(services, caller.business_id, _code_id(code_id)):
        raise _unknown()


def _order(
    services: Services, business_id: BusinessId, body: CodeRequest, key: str | None
) -> CodeOrder:
    to = read_recipient(services, body.to, None)
    token = body.prompt.token if body.prompt else ""
    what = [
        *("POST /v1/codes", to.digits, body.channel, body.locale, body.purpose),
        *(body.reference, body.address, body.sender, token),
    ]
    return CodeOrder(
        business_id=business_id,
        number=PhoneNumber(to.digits),
        country=to.country,
        channels=parse_channels(body.channel) if body.channel is not None else (),
        locale=body.locale,
        purpose=body.purpose,
        reference=body.reference,
        address=parse_network_address(body.address, "address") if body.address else None,
        sender=PhoneNumberId(parse_node_id(body.sender, "sender")) if body.sender else None,
        token=token,
        key=(key, hashlib.sha256(json.dumps(what).encode()).digest()) if key else None,
    )


async def _taken(services: Services, requested: Requested) -> Taken:
    code = requested.code
    guide = await guide_to_code(services, requested)
    is_inbound = requested.channel is Channel.WHATSAPP_INBOUND
    answer = CodeAnswer(
        id=code.code_id,
        masked=masked(code.number),
        channel=requested.channel,
        purpose=code.purpose,
        locale=code.locale,
        expires_at=to_rfc3339(code.expires_at),
        resend_at=to_rfc3339(code.resend_at),
        digits=guide.digits,
        reminder=guide.reminder,
        open_url=guide.link or None,
        text=guide.text or None,
        page=guide.page or None,
        qr=_qr(guide.link) if is_inbound and guide.link else None,
    )
    return Taken(answer, requested.errand, requested.is_replayed)


def _sheet(shown: ShownCode) -> CodeSheet:
    code = shown.code
    return CodeSheet(
        id=code.code_id,
        state=_state(code, shown.result),
        masked=masked(code.number),
        channel=code.channel,
        purpose=code.purpose,
        locale=code.locale,
        reference=code.reference,
        tries_left=max(0, code.tries_max - code.tries),
        created_at=to_rfc3339(code.created_at),
        expires_at=to_rfc3339(code.expires_at),
        resend_at=to_rfc3339(code.resend_at),
        ended_at=to_rfc3339(code.ended_at) if code.ended_at is not None else None,
        history=[
            CodeHappening(
                what=line.what,
                channel=line.channel,
                at=to_rfc3339(line.at),
                reason=line.reason or None,
            )
            for line in code.history
        ],
    )


def _state(code: Code, result: Result | None) -> StateName:
    if code.state is CodeState.VOID:
        return "cancelled"
    return _STATES.get(result, "waiting")


def _qr(link: str) -> str:
    return segno.make_qr(link, error="m").svg_data_uri(scale=4)


def _code_id(text: str) -> CodeId:
    return CodeId(parse_id(Prefix.CODE, text, "id"))


def _unknown() -> NotFound:
    return NotFound("there is no such request for a code")
