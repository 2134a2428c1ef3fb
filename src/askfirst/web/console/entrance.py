"""Who stands at the door: the cookie, the origin of a form, the role that a page asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from askfirst.domain.operators.operator import Permission
from askfirst.domain.operators.operator_session import WHOLE_LIFE
from askfirst.domain.operators.passkey import CHALLENGE_LIFE
from askfirst.domain.values.errors import NotPermitted
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.operators.sign_in import know_operator
from askfirst.usecases.tenants.resolve_business import meet_business
from askfirst.web.console.desk import Bureau, Desk, DeskHandler
from askfirst.web.console.words import console_reader
from askfirst.web.pages.forms import origin_of

_NAME: Final = "askfirst-console-"


class AskedFor(StrEnum):
    """What a browser was asked, or sent away for; each has a cookie of its own."""

    PASSKEY = "passkey"
    SIGN_ON = "sign-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One page or form of the console.

    `permission` None: whoever comes, signed in or not; `path` is behind that of the business.
    """

    method: str
    path: str
    handler: DeskHandler
    permission: Permission | None


def cookie_name(bureau: Bureau, business_id: str) -> str:
    """Name the cookie of a business: operators of two have both.

    `__Host-` keeps it from other hosts of the same domain; browsers take it over https only.
    """
    return ("__Host-" if bureau.is_https else "") + _NAME + business_id


def seat_cookie(desk: Desk, answer: Response, secret: str) -> Response:
    """Let a browser keep the secret of a session, out of the reach of scripts."""
    answer.set_cookie(
        cookie_name(desk.bureau, desk.business_id),
        secret,
        max_age=WHOLE_LIFE // SECOND,
        path="/",
        secure=desk.bureau.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


def drop_cookie(desk: Desk, answer: Response) -> Response:
    """Let a browser forget it."""
    answer.delete_cookie(
        cookie_name(desk.bureau, desk.business_id),
        path="/",
        secure=desk.bureau.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


def ask_cookie(
    desk: Desk, answer: Response, secret: str, what: AskedFor = AskedFor.PASSKEY
) -> Response:
    """Let a browser keep by what it is known while it answers.

    No other page sends it, but for the way back from a provider: that is another site's link.
    """
    answer.set_cookie(
        _ask_name(desk, what),
        secret,
        max_age=CHALLENGE_LIFE // SECOND,
        path="/",
        secure=desk.bureau.is_https,
        httponly=True,
        samesite="strict" if what is AskedFor.PASSKEY else "lax",
    )
    return answer


def asked_secret(desk: Desk, what: AskedFor = AskedFor.PASSKEY) -> str:
    """Return by what a browser is known that was asked; "" where it was not."""
    return desk.request.cookies.get(_ask_name(desk, what), "")


def drop_ask_cookie(desk: Desk, answer: Response, what: AskedFor = AskedFor.PASSKEY) -> Response:
    """Let a browser forget that it was asked."""
    answer.delete_cookie(
        _ask_name(desk, what),
        path="/",
        secure=desk.bureau.is_https,
        httponly=True,
        samesite="strict" if what is AskedFor.PASSKEY else "lax",
    )
    return answer


def _ask_name(desk: Desk, what: AskedFor) -> str:
    return ("__Host-" if desk.bureau.is_https else "") + f"askfirst-{what}-{desk.business_id}"


async def answer_at(bureau: Bureau, door: Door, request: Request) -> Response:
    """Let somebody through a door, or send them to sign in; a form only from our own pages.

    Raises:
        HTTPException: there is no such business.
        NotPermitted: the role lacks what the door asks for, or the form is another site's.
    """
    desk = await desk_of(bureau, request)
    if request.method == "POST":
        check_origin(bureau, request)
    if door.permission is None:
        return await door.handler(desk)
    if desk.seat is None:
        return RedirectResponse(f"{desk.home}/sign-in", HTTPStatus.SEE_OTHER)
    if not desk.may(door.permission):
        raise NotPermitted("your role does not allow this", needed=door.permission.value)
    return await door.handler(desk)


async def desk_of(bureau: Bureau, request: Request) -> Desk:
    """Take a request as one to the console of a business; 404 where there is none."""
    met = await meet_business(bureau.services, request.path_params["business"])
    if met is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    business, profile = met
    secret = request.cookies.get(cookie_name(bureau, business.business_id), "")
    seat = await know_operator(bureau.services, business.business_id, secret)
    return Desk(
        bureau=bureau,
        request=request,
        business=business,
        profile=profile,
        reader=console_reader(request, profile.locale),
        seat=seat,
        secret=secret if seat else "",
    )


def check_origin(bureau: Bureau, request: Request) -> None:
    """Refuse a form that a page of another origin sends.

    Ours is what the address of this deployment says, or what the browser itself asked for: people
    reach it as localhost, or by a name in their network.
    """
    given = origin_of(request, bureau.origin)
    host = request.headers.get("host", "")
    scheme = "https" if bureau.is_https else "http"
    if given not in (bureau.origin, f"{scheme}://{host}"):
        raise NotPermitted("the form must come from a page of this site")


def origin_from(address: str) -> str:
    """Return the origin of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
