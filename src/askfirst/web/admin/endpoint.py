"""The endpoint for the operator: `POST /local`, for whoever can read the server's lock file.

It is part of the server's own address, but opens only to the secret of this run, and only
exists where the server holds a SQLite file.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus

import msgspec
import structlog

from askfirst.domain.values.errors import AskfirstError, InvalidInput, NotAuthenticated
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_commands import AnyAdminCommand, carry_out
from askfirst.web.admin.transparency import Checks
from askfirst.web.asgi import (
    BodyIncomplete,
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    bearer,
    read_body,
    respond,
)

PATH = "/local"
_BODY_BYTES_MAX = 2_097_152
"""A part of a file of stops, with a note in each row."""
_JSON = b"application/json"
_DECODER = msgspec.json.Decoder(AnyAdminCommand)


class AdminEndpoint:
    """Runs commands for the owner of the database file."""

    def __init__(self, services: Services, checks: Checks, secret: str) -> None:
        self._services = services
        self._checks = checks
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one command, or say in one line why not."""
        try:
            answer = await self._answer(scope, receive)
        except AskfirstError as error:
            field = getattr(error, "field", "")
            refusal = {"code": error.code, "field": field, "message": error.message}
            is_stranger = isinstance(error, NotAuthenticated)
            status = HTTPStatus.FORBIDDEN if is_stranger else HTTPStatus.BAD_REQUEST
            await respond(send, status, msgspec.json.encode(refusal), _JSON)
        else:
            await respond(send, HTTPStatus.OK, msgspec.json.encode(answer), _JSON)

    async def _answer(self, scope: Scope, receive: Receive) -> object:
        given = bearer(scope).encode("latin-1")
        if scope["method"] != "POST" or not hmac.compare_digest(given, self._secret):
            raise NotAuthenticated("only for the command line of the user who runs the server")
        try:
            command = _DECODER.decode(await read_body(scope, receive, _BODY_BYTES_MAX))
        except (msgspec.DecodeError, BodyIncomplete, BodyTooLarge) as error:
            structlog.get_logger("askfirst").warning("command_malformed")
            raise InvalidInput("command", "was not understood: is it the same askfirst?") from error
        return await carry_out(command, self._services, self._checks)
