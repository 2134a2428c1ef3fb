"""Single sign-on: to the provider, and back."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from askfirst.domain.operators.single_sign_on import SignOnRefused
from askfirst.domain.values.errors import TooMany, Unavailable
from askfirst.usecases.operators.passkeys import browser_secret
from askfirst.usecases.operators.single_sign_on import (
    SignOnTry,
    begin_sign_on,
    finish_sign_on,
)
from askfirst.web.console.desk import Desk
from askfirst.web.console.entrance import (
    AskedFor,
    ask_cookie,
    asked_secret,
    drop_ask_cookie,
    seat_cookie,
)
from askfirst.web.console.operators.sign_in import sign_in_page
from askfirst.web.pages.forms import address_of, read_form


async def take_sign_on(desk: Desk) -> Response:
    """Send a browser to the provider.

    By a page that goes on by itself, not a redirect: what a form leads to must be of this origin.
    """
    await read_form(desk.request)
    secret = browser_secret(desk.services)
    try:
        place = await begin_sign_on(
            desk.services, desk.business_id, secret, address_of(desk.request)
        )
    except TooMany as error:
        return sign_in_page(desk, HTTPStatus.TOO_MANY_REQUESTS, error=error)
    except Unavailable as error:
        return sign_in_page(
            desk, HTTPStatus.SERVICE_UNAVAILABLE, error=error, said="sso.unreachable"
        )
    answer = desk.page("sign_on.html", place=place)
    answer.headers["refresh"] = f"0; url={place}"
    return ask_cookie(desk, answer, secret, AskedFor.SIGN_ON)


async def take_return(desk: Desk) -> Response:
    """Let somebody in for whom the provider vouches, or say why nobody comes in.

    It is a GET because browsers come back by one; it counts once, at the browser that began.
    """
    told = desk.request.query_params
    given = SignOnTry(
        business_id=desk.business_id,
        secret=asked_secret(desk, AskedFor.SIGN_ON),
        state=told.get("state", ""),
        code="" if "error" in told else told.get("code", ""),
        issuer=told.get("iss", ""),
        address=address_of(desk.request),
        browser=desk.request.headers.get("user-agent", ""),
    )
    try:
        _, secret = await finish_sign_on(desk.services, given)
    except SignOnRefused as error:
        said = f"sso.fault.{error.fault.value}"
        answer = sign_in_page(desk, HTTPStatus.UNAUTHORIZED, error=error, said=said)
    except TooMany as error:
        answer = sign_in_page(desk, HTTPStatus.TOO_MANY_REQUESTS, error=error)
    except Unavailable as error:
        answer = sign_in_page(
            desk, HTTPStatus.SERVICE_UNAVAILABLE, error=error, said="sso.unreachable"
        )
    else:
        answer = seat_cookie(desk, desk.see(""), secret)
    return drop_ask_cookie(desk, answer, AskedFor.SIGN_ON)
