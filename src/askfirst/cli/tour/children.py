"""Servers as child processes, on sockets that are bound before they start; and calls to them."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from askfirst.domain.values.errors import Unavailable

_PREFIX = "ASKFIRST_"
_SECONDS_TO_END = 15.0
_ANSWER_SECONDS_MAX = 30


@contextmanager
def child(
    arguments: Sequence[str],
    listener: socket.socket,
    environment: Mapping[str, str],
    log: Path,
    program: str = "askfirst",
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m {program} …` on a socket while the block runs.

    The socket takes connections at once: whoever connects early waits for the first answer, so
    nobody has to guess when the child is ready. Settings of the caller's do not reach it.
    """
    ours = {name: text for name, text in os.environ.items() if not name.startswith(_PREFIX)}
    command = [sys.executable, "-m", program, *arguments, "--fd", str(listener.fileno())]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - ourselves, with arguments of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=ours | dict(environment),
            pass_fds=[listener.fileno()],
        )
    listener.close()
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and end it where it does not."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `body` is empty where it was not a JSON object."""

    status: int
    body: dict[str, Any]


def call(method: str, url: str, body: dict[str, Any] | None = None, *, token: str = "") -> Reply:
    """Make one call; Unavailable where nobody answers."""
    parts = urlsplit(url)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=_ANSWER_SECONDS_MAX
    )
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, target, content, headers)
        response = connection.getresponse()
        return Reply(response.status, _object(response.read()))
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"{parts.netloc} does not answer") from error
    finally:
        connection.close()


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
