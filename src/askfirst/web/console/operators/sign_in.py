"""Signing in and out, and taking an invitation up."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from askfirst.domain.operators.operator import PASSWORD_MIN, parse_email
from askfirst.domain.values.errors import (
    AskfirstError,
    InvalidInput,
    NotAuthenticated,
    TooMany,
    UnknownReference,
)
from askfirst.usecases.operators.invite_operator import find_invited, join
from askfirst.usecases.operators.passkeys import can_have_passkeys
from askfirst.usecases.operators.sign_in import SignInTry, sign_in, sign_out
from askfirst.usecases.operators.single_sign_on import has_passwords, has_sign_on
from askfirst.web.console.desk import Desk, with_script
from askfirst.web.console.entrance import drop_cookie, seat_cookie
from askfirst.web.pages.forms import address_of, read_form


async def show_sign_in(desk: Desk) -> Response:
    """The form; who is in already goes on."""
    if desk.seat is not None:
        return desk.see("")
    return sign_in_page(desk)


def sign_in_page(
    desk: Desk,
    status: int = HTTPStatus.OK,
    *,
    email: str = "",
    error: AskfirstError | None = None,
    said: str = "sign_in.wrong",
) -> Response:
    """Write the page, with what was wrong: `said`, or how long to wait."""
    has_passkeys = can_have_passkeys(desk.services)
    wait = error.retry_after_seconds or 1 if isinstance(error, TooMany) else 0
    answer = desk.page(
        "sign_in.html",
        status,
        email=email,
        error=error,
        said=said,
        wait=wait,
        has_passkeys=has_passkeys,
        has_sign_on=has_sign_on(desk.services),
        has_passwords=has_passwords(desk.services),
    )
    if wait:
        answer.headers["retry-after"] = str(wait)
    return with_script(answer) if has_passkeys else answer


async def take_sign_in(desk: Desk) -> Response:
    """Let somebody in; whatever was wrong, they are told the same."""
    form = await read_form(desk.request)
    typed = form.get("email", "")
    try:
        attempt = SignInTry(
            business_id=desk.business_id,
            email=parse_email(typed),
            password=form.get("password", ""),
            code=form.get("code", ""),
            address=address_of(desk.request),
            browser=desk.request.headers.get("user-agent", ""),
        )
        _, secret = await sign_in(desk.services, attempt)
    except (InvalidInput, NotAuthenticated) as error:
        return sign_in_page(desk, HTTPStatus.UNAUTHORIZED, email=typed, error=error)
    except TooMany as error:
        return sign_in_page(desk, HTTPStatus.TOO_MANY_REQUESTS, email=typed, error=error)
    return seat_cookie(desk, desk.see(""), secret)


async def take_sign_out(desk: Desk) -> Response:
    """End the session."""
    await desk.form()
    await sign_out(desk.services, desk.seated)
    return drop_cookie(desk, desk.see("/sign-in"))


async def show_join(desk: Desk) -> Response:
    """The form of an invitation; opening it uses nothing up."""
    invited = await find_invited(desk.services, desk.business_id, _secret(desk))
    if invited is None:
        return desk.page("invitation_over.html", HTTPStatus.GONE)
    if not has_passwords(desk.services):
        return desk.see("/sign-in")
    return desk.page("join.html", invited=invited, name=invited.name, least=PASSWORD_MIN)


async def take_join(desk: Desk) -> Response:
    """Keep name and password; then they sign in with it, so that it is known to work."""
    form = await read_form(desk.request)
    if not has_passwords(desk.services):
        return desk.see("/sign-in")
    name = form.get("name", "")
    try:
        await join(desk.services, desk.business_id, _secret(desk), name, form.get("password", ""))
    except UnknownReference:
        return desk.page("invitation_over.html", HTTPStatus.GONE)
    except InvalidInput as error:
        invited = await find_invited(desk.services, desk.business_id, _secret(desk))
        if invited is None:
            return desk.page("invitation_over.html", HTTPStatus.GONE)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return desk.page(
            "join.html", status, invited=invited, name=name, least=PASSWORD_MIN, error=error
        )
    return desk.see("/sign-in", "joined")


def _secret(desk: Desk) -> str:
    secret: str = desk.request.path_params["secret"]
    return secret
