"""One-time codes: ask for one, check it, send another, end it, see what became of it."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Annotated, Final

import segno
import structlog
from fastapi import Path

from askfirst.domain.codes.code import (
    Channel,
    Code,
    CodeState,
    DeliveryJob,
    Result,
    masked,
    parse_channels,
)
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.country import check_country_code
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
from askfirst.web.api.platform.idempotency import REPLAYED, IdempotencyKey, read_idempotency_key
from askfirst.web.api.platform.route import ApiRoute, Call, RawReply, raw_route
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_STATES: dict[Result | None, StateName] = {
    Result.USED: "approved",
    Result.EXPIRED: "expired",
    Result.LOCKED: "locked",
}


CodeIdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The `id` of the request.",
        examples=["cod_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_code(call: Call, body: CodeRequest) -> RawReply[CodeAnswer]:
    """Request a one-time code for a phone number.

    Choosing WhatsApp for a code is an opt-in to codes, and to nothing else. The answer arrives
    before the code is sent. It is the same whether or not the number is known, has refused codes,
    or is on WhatsApp; so it is safe to show. `GET /v1/codes/{id}` tells what became of the code.
    """
    key = read_idempotency_key(call.headers(b"idempotency-key"))
    order = _order(call.services, call.business_id, body, key)
    return await _taken(call.services, await request_code(call.services, order))


async def post_code_check(call: Call, body: CodeCheckRequest) -> RawReply[CodeCheckAnswer]:
    """Check the code that a person typed in.

    Every try is counted before it is compared. `approved` comes once for each request: the number
    has proven itself, and the ledger has a yes to codes, and to nothing else. Where the customer
    sends a message instead of getting a code (`whatsapp_inbound`), there is nothing to check: 409.
    """
    number = None
    if body.to is not None:
        (number,) = read_recipient(call.services, body.to, None).names
    attempt = Attempt(
        business_id=call.business_id,
        code_id=_code_id(call.names[0]),
        typed=body.code,
        purpose=body.purpose,
        number=number,
    )
    tried = await check_code(call.services, attempt)
    if tried is None:
        raise _unknown()
    code = tried.code
    return RawReply(
        CodeCheckAnswer(
            id=code.code_id,
            result=tried.result,
            tries_left=code.tries_max - code.tries if tried.result is Result.WRONG else 0,
            reference=code.reference,
        )
    )


async def post_code_resend(call: Call, _: None) -> RawReply[CodeAnswer]:
    """Send another code over the channel in use. The code before is no longer valid.

    There is no `Idempotency-Key` here: of two calls within half a minute, the second is refused
    with 429 (`cool_down`), and the first has sent its code.
    """
    requested = await resend_code(call.services, call.business_id, _code_id(call.names[0]))
    if requested is None:
        raise _unknown()
    return await _taken(call.services, requested)


async def get_code(code_id: CodeIdPath, services: World, caller: Caller) -> CodeSheet:
    """Return what became of a request: sent, delivered, approved, failed, fallback used, and when.

    This is for your own people, since it may say that a number has refused codes. For
    `whatsapp_inbound`, poll it to see whether the number has proven itself.
    """
    shown = await show_code(services, caller.business_id, _code_id(code_id))
    if shown is None:
        raise _unknown()
    return _sheet(shown)


async def remove_code(code_id: CodeIdPath, services: World, caller: Caller) -> None:
    """Cancel a request for a code. Its code is no longer valid."""
    if not await cancel_code(services, caller.business_id, _code_id(code_id)):
        raise _unknown()


def _order(
    services: Services, business_id: BusinessId, body: CodeRequest, key: str | None
) -> CodeOrder:
    country = body.country and check_country_code(body.country, "country")
    to = read_recipient(services, body.to, None, country)
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


async def _taken(services: Services, requested: Requested) -> RawReply[CodeAnswer]:
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
    headers = [(REPLAYED.lower().encode(), b"true")] if requested.is_replayed else None
    job = requested.job
    return RawReply(answer, headers, partial(_run_job, services, job) if job else None)


async def _run_job(services: Services, job: DeliveryJob) -> None:
    """Do what was promised. It may fail: the answer is out, and whoever is due next goes on."""
    try:
        await deliver_code(services, job)
    except Exception as error:  # noqa: BLE001 - see above
        log = structlog.get_logger("askfirst")
        log.warning("code_not_delivered", door="api", error=type(error).__name__)


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


ROUTES: Final = (
    raw_route(
        "POST",
        "/v1/codes",
        ApiScope.CODES_WRITE,
        post_code,
        "Request a code",
        request=CodeRequest,
        answer=CodeAnswer,
        status=201,
        parameters={"idempotency_key": IdempotencyKey},
        problems={
            409: "The `Idempotency-Key` was used with another body, or no sender is in service.",
            429: "A limit on codes is reached; `policy` names it.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/codes/{id}",
        scope=ApiScope.CODES_READ,
        function=get_code,
        summary="Get the status of a code",
        answer=CodeSheet,
        problems={
            404: "There is no request with this id.",
            422: "The id is not one of this kind.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/codes/{id}",
        scope=ApiScope.CODES_WRITE,
        function=remove_code,
        summary="Cancel a code",
        status=204,
        problems={
            404: "There is no request with this id.",
            422: "The id is not one of this kind.",
        },
    ),
    raw_route(
        "POST",
        "/v1/codes/{id}/check",
        ApiScope.CODES_WRITE,
        post_code_check,
        "Check a code",
        request=CodeCheckRequest,
        answer=CodeCheckAnswer,
        parameters={"code_id": CodeIdPath},
        problems={
            404: "There is no request with this id.",
            409: "The number has to write (`whatsapp_inbound`), so there is no code to type in.",
            429: "Too many wrong codes were typed in at this business today.",
        },
    ),
    raw_route(
        "POST",
        "/v1/codes/{id}/resend",
        ApiScope.CODES_WRITE,
        post_code_resend,
        "Resend a code",
        request=None,
        answer=CodeAnswer,
        parameters={"code_id": CodeIdPath},
        problems={
            404: "There is no request with this id.",
            409: "The request has ended, or is too old. Request a new code.",
            422: "The id is not one of this kind.",
            429: "Another code was sent less than half a minute ago, or a limit on codes is "
            "reached.",
        },
    ),
)
