"""One's own account: sessions, the authenticator and passkeys."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Prefix, SessionId, parse_id
from askfirst.usecases.operators.manage_team import (
    authenticator_address,
    drop_authenticator,
    end_session,
    list_sessions,
    offer_authenticator,
    set_authenticator,
)
from askfirst.usecases.operators.passkeys import (
    can_have_passkeys,
    is_session_fresh,
    list_passkeys,
)
from askfirst.web.console.desk import Desk, field_of, with_script
from askfirst.web.pages.qr import qr_markup


async def show_account(desk: Desk) -> Response:
    """Who they are here, where they are signed in, and whether a code is asked for."""
    return await account_page(desk)


async def account_page(desk: Desk, wrong: str = "") -> Response:
    """Write the page; `wrong` names what it says of a passkey that was not kept."""
    services, operator, here = desk.services, desk.operator, desk.seated.session
    sessions = await list_sessions(services, desk.business_id, operator.operator_id)
    passkeys = await list_passkeys(services, desk.business_id)
    has_passkeys = can_have_passkeys(services)
    answer = desk.page(
        "account.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        sessions=sessions,
        here=here,
        passkeys=passkeys.get(operator.operator_id, ()),
        has_passkeys=has_passkeys,
        is_fresh=is_session_fresh(services, here),
        wrong=wrong,
    )
    return with_script(answer) if has_passkeys else answer


async def take_session_end(desk: Desk) -> Response:
    """End one of one's own sessions."""
    await desk.form()
    name = desk.request.path_params["session"]
    session_id = SessionId(parse_id(Prefix.SESSION, name, "session"))
    await end_session(desk.services, desk.seated, session_id)
    return desk.see("/account", "session_ended")


async def show_authenticator(desk: Desk) -> Response:
    """Offer a secret; it is kept once a code of it was typed."""
    secret, address = offer_authenticator(desk.services, desk.operator, _issuer(desk))
    return _offer(desk, secret, address)


async def take_authenticator(desk: Desk) -> Response:
    """Keep it, where the code is right."""
    form = await desk.form()
    secret = field_of(form, "secret")
    try:
        await set_authenticator(desk.services, desk.seated, secret, form.get("code", ""))
    except InvalidInput as error:
        address = authenticator_address(desk.services, desk.operator, secret, _issuer(desk))
        return _offer(desk, secret, address, error)
    return desk.see("/account", "authenticator_set")


async def take_authenticator_end(desk: Desk) -> Response:
    """Ask for no more codes."""
    await desk.form()
    await drop_authenticator(desk.services, desk.seated)
    return desk.see("/account", "authenticator_removed")


def _offer(desk: Desk, secret: str, address: str, error: InvalidInput | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    picture = qr_markup(address, title="QR code for your authenticator")
    spelled = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return desk.page(
        "authenticator.html", status, secret=secret, spelled=spelled, picture=picture, error=error
    )


def _issuer(desk: Desk) -> str:
    return f"askfirst {desk.business_id}"
