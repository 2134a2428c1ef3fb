"""Run a command of the operator: here, or in the server that holds the database."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from askfirst.bootstrap.health.diagnosis import checks_of
from askfirst.bootstrap.server_lockfile import RunningServer, find_demo, read_lockfile
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.errors import (
    AskfirstError,
    Conflict,
    InvalidInput,
    Unavailable,
    UnknownReference,
    UnsafeStorage,
)
from askfirst.storage.platform.errors import StorageInUse
from askfirst.web.admin.admin_commands import AnyAdminCommand, carry_out
from askfirst.web.admin.endpoint import PATH
from askfirst.web.admin.tenants import CreateKey

_SECONDS_MAX = 30
_TRIES = 5
_PAUSE_SECONDS = 0.2


def at_demo(settings: Settings, command: AnyAdminCommand) -> Settings:
    """Return the settings of the demo that runs here, where there is no database of one's own.

    A first key is what makes a database, so it is never one of the demo's.
    """
    usual = settings.sqlite_path
    demo = find_demo(usual) if usual and not isinstance(command, CreateKey) else None
    return isolated_settings(database_url=f"sqlite:///{demo}") if demo else settings


def perform(settings: Settings, command: AnyAdminCommand) -> dict[str, Any]:
    """Run the command here; where a server holds the database, let the server run it.

    The lock on the database tells: a lock file that a crash left behind is never followed.

    Raises:
        AskfirstError: what went wrong, in one line.
    """
    path = settings.sqlite_path
    if path is not None and not path.exists() and not isinstance(command, CreateKey):
        message = (
            f"there is no database at {path}: name yours with --database-url or "
            "ASKFIRST_DATABASE_URL, or make one with askfirst serve or askfirst keys create"
        )
        raise InvalidInput("", message)
    for _ in range(_TRIES):
        try:
            return asyncio.run(_here(settings, command))
        except StorageInUse:
            server = read_lockfile(settings.sqlite_path) if settings.sqlite_path else None
            if server is not None:
                return _at_the_server(server, command)
            time.sleep(_PAUSE_SECONDS)  # a server that is just starting or stopping
    raise Unavailable(f"another process holds {settings.sqlite_path} and does not answer")


async def _here(settings: Settings, command: AnyAdminCommand) -> dict[str, Any]:
    async with open_services(settings) as wired:
        return await carry_out(command, wired.services, partial(checks_of, wired))


def _at_the_server(server: RunningServer, command: AnyAdminCommand) -> dict[str, Any]:
    try:
        status, body = _post(server, msgspec.json.encode(command))
        answer: dict[str, Any] = json.loads(body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable(f"the server at {server.address} did not answer") from error
    if status != HTTPStatus.OK:
        raise _refusal(answer)
    return answer


def _post(server: RunningServer, body: bytes) -> tuple[int, bytes]:
    address = urlsplit(server.address)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=_SECONDS_MAX
    )
    try:
        connection.request("POST", PATH, body, {"authorization": f"Bearer {server.secret}"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _refusal(answer: dict[str, Any]) -> AskfirstError:
    code, field, message = (str(answer.get(name, "")) for name in ("code", "field", "message"))
    if code == InvalidInput.code:
        return InvalidInput(field, message)
    if code == UnknownReference.code:
        return UnknownReference(field, message)
    if code == Conflict.code:
        return Conflict(message)
    if code == UnsafeStorage.code:
        return UnsafeStorage(message)
    return Unavailable(message or "the server did not answer")
