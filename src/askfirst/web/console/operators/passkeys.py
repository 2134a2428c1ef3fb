"""Passkeys: signing in by one, and those of one's own account.

Only the two pages with passkeys on them run a script: browsers give passkeys to scripts alone.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response

from askfirst.domain.operators.passkey import PasskeyRefused
from askfirst.domain.values.errors import (
    AskfirstError,
    Conflict,
    InvalidInput,
    NotAuthenticated,
    TooMany,
)
from askfirst.domain.values.ids import PasskeyId, Prefix, parse_id
from askfirst.usecases.operators.passkeys import (
    PasskeyTry,
    add_passkey,
    ask_for_passkey,
    ask_to_sign_in,
    browser_secret,
    name_passkey,
    remove_passkey,
    sign_in_by_passkey,
)
from askfirst.web.console.desk import Desk
from askfirst.web.console.entrance import (
    ask_cookie,
    asked_secret,
    drop_ask_cookie,
    seat_cookie,
)
from askfirst.web.console.operators.account import account_page
from askfirst.web.console.operators.sign_in import sign_in_page
from askfirst.web.pages.forms import address_of, read_form

_ANSWER: Final = "answer"


async def ask_stranger(desk: Desk) -> Response:
    """Ask a browser for a passkey; only this browser may answer, once."""
    await read_form(desk.request)
    secret = browser_secret(desk.services)
    address = address_of(desk.request)
    try:
        question = await ask_to_sign_in(desk.services, desk.business_id, secret, address)
    except (Conflict, TooMany) as error:
        return _told(desk, error)
    return ask_cookie(desk, JSONResponse(json.loads(question)), secret)


async def take_passkey(desk: Desk) -> Response:
    """Let somebody in by a passkey, or say why it does not count."""
    form = await read_form(desk.request)
    given = PasskeyTry(
        business_id=desk.business_id,
        secret=asked_secret(desk),
        answer=form.get(_ANSWER, ""),
        address=address_of(desk.request),
        browser=desk.request.headers.get("user-agent", ""),
    )
    try:
        _, secret = await sign_in_by_passkey(desk.services, given)
    except PasskeyRefused as error:
        answer = sign_in_page(
            desk, HTTPStatus.UNAUTHORIZED, error=error, said=f"passkey.fault.{error.fault.value}"
        )
        return drop_ask_cookie(desk, answer)
    except TooMany as error:
        return sign_in_page(desk, HTTPStatus.TOO_MANY_REQUESTS, error=error)
    return drop_ask_cookie(desk, seat_cookie(desk, desk.see(""), secret))


async def ask_operator(desk: Desk) -> Response:
    """Ask the browser of a session to make a passkey."""
    form = await desk.form()
    try:
        question = await ask_for_passkey(
            desk.services,
            desk.seated,
            desk.secret,
            form.get("password", ""),
            address_of(desk.request),
        )
    except (Conflict, NotAuthenticated, TooMany) as error:
        return _told(desk, error)
    return JSONResponse(json.loads(question))


async def take_new_passkey(desk: Desk) -> Response:
    """Keep the passkey that was made."""
    form = await desk.form()
    answer, label = form.get(_ANSWER, ""), form.get("label", "")
    try:
        await add_passkey(desk.services, desk.seated, desk.secret, answer, label)
    except PasskeyRefused as error:
        return await account_page(desk, f"passkey.fault.{error.fault.value}")
    except InvalidInput:
        return await account_page(desk, "passkey.label_wrong")
    return desk.see("/account", "passkey_added")


async def take_passkey_name(desk: Desk) -> Response:
    """Call a passkey otherwise."""
    form = await desk.form()
    passkey_id = _passkey_id(desk)
    try:
        await name_passkey(desk.services, desk.seated, passkey_id, form.get("label", ""))
    except InvalidInput as error:
        if error.field != "label":
            raise
        return await account_page(desk, "passkey.label_wrong")
    return desk.see("/account", "passkey_named")


async def take_passkey_end(desk: Desk) -> Response:
    """Remove a passkey."""
    await desk.form()
    await remove_passkey(desk.services, desk.seated, _passkey_id(desk))
    return desk.see("/account", "passkey_removed")


def _told(desk: Desk, error: AskfirstError) -> Response:
    """Tell the script of the page what to say, in the reader's language."""
    match error:
        case TooMany(retry_after_seconds=wait):
            words = desk.words.plain("sign_in.wait", seconds=wait or 1)
            headers = {"retry-after": str(wait or 1)}
            return JSONResponse({"detail": words}, HTTPStatus.TOO_MANY_REQUESTS, headers)
        case NotAuthenticated():
            words = desk.words.plain("passkey.password_wrong")
            return JSONResponse({"detail": words}, HTTPStatus.UNAUTHORIZED)
        case _:
            words = desk.words.plain("passkey.none_here")
            return JSONResponse({"detail": words}, HTTPStatus.CONFLICT)


def _passkey_id(desk: Desk) -> PasskeyId:
    return PasskeyId(parse_id(Prefix.PASSKEY, desk.request.path_params["passkey"], "passkey"))
