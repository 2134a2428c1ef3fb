"""Run a command of the operator: here, or in the server that holds the database."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from askfirst.bootstrap.admin.server_lockfile import RunningServer, find_demo, read_lockfile
from askfirst.bootstrap.health.diagnosis import checks_of
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
Conversation = Generator[AnyAdminCommand, dict[str, Any], None]
_TRIES = 5
_PAUSE_SECONDS = 0.2


class Talk(Protocol):
    """Says one command after another, as the answers come."""

    def __call__(self, *, served: bool) -> Conversation:
        """Begin."""
        ...


def at_demo(settings: Settings, command: AnyAdminCommand | None = None) -> Settings:
    """Return the settings of the demo that runs here, where there is no database of one's own.

    A first key is what makes a database, so it is never one of the demo's.
    """
    usual = settings.sqlite_path
    demo = find_demo(usual) if usual and not isinstance(command, CreateKey) else None
    return isolated_settings(database_url=f"sqlite:///{demo}") if demo else settings


def perform(settings: Settings, command: AnyAdminCommand) -> dict[str, Any]:
    """Run the command here; where a server holds the database, let the server run it.

    Raises:
        AskfirstError: what went wrong, in one line.
    """
    answers: list[dict[str, Any]] = []
    perform_all(settings, (command,), answers.append)
    return answers[0]


def perform_all(
    settings: Settings, commands: Sequence[AnyAdminCommand], hear: Callable[[dict[str, Any]], None]
) -> None:
    """Run commands one after another, on a database that is opened once; `hear` takes each answer.

    Raises:
        AskfirstError: what went wrong, in one line; what was heard of before is done.
    """

    def say(*, served: bool) -> Conversation:  # noqa: ARG001 - the same wherever they run
        for command in commands:
            hear((yield command))

    makes_one = any(isinstance(command, CreateKey) for command in commands)
    converse(settings, say, makes_one=makes_one)


def converse(settings: Settings, talk: Talk, *, makes_one: bool = False) -> None:
    """Run commands that follow from each other's answers, on a database that is opened once.

    `talk` yields each command and is sent its answer; it is told whether a server is there, which
    then does what has to be done in the background. `makes_one`: there may be no database yet.

    The lock on the database tells who holds it: a lock file that a crash left behind is never
    followed.

    Raises:
        AskfirstError: what went wrong, in one line; what was heard of before is done.
    """
    path = settings.sqlite_path
    if path is not None and not path.exists() and not makes_one:
        message = (
            f"there is no database at {path}: name yours with --database-url or "
            "ASKFIRST_DATABASE_URL, or make one with askfirst serve or askfirst keys create"
        )
        raise InvalidInput("", message)
    for _ in range(_TRIES):
        try:
            return asyncio.run(_here(settings, talk))
        except StorageInUse:
            server = read_lockfile(settings.sqlite_path) if settings.sqlite_path else None
            if server is not None:
                return _there(server, talk)
            time.sleep(_PAUSE_SECONDS)  # a server that is just starting or stopping
    raise Unavailable(f"another process holds {settings.sqlite_path} and does not answer")


async def _here(settings: Settings, talk: Talk) -> None:
    async with open_services(settings) as wired:
        commands = talk(served=False)
        with suppress(StopIteration):
            command = next(commands)
            while True:
                answer = await carry_out(command, wired.services, partial(checks_of, wired))
                command = commands.send(answer)


def _there(server: RunningServer, talk: Talk) -> None:
    commands = talk(served=True)
    with suppress(StopIteration):
        command = next(commands)
        while True:
            command = commands.send(_at_the_server(server, command))


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
