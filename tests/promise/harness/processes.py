"""Child processes on loopback, each started, killed and ended by its own id."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.promise.harness.actor import Part
from tests.promise.harness.forks import FORKS
from tests.promise.harness.server import serve

_ROOT = Path(__file__).parents[3]
_SECONDS_TO_END = 20.0
_SECONDS_TO_START = 60.0
_PAUSE_SECONDS = 0.02


class DidNotStart(Exception):
    """A child ended, or never answered; the message holds its last words."""


class Running(Protocol):
    """A process that was started here."""

    def is_running(self) -> bool: ...

    def last_words(self) -> str: ...


class Child:
    """A Python module as a process. `listener` is handed over open."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        log: Path,
        *,
        listener: socket.socket | None = None,
    ) -> None:
        ours = {name: text for name, text in os.environ.items() if not name.startswith("ASKFIRST_")}
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=ours,
                pass_fds=[listener.fileno()] if listener else [],
            )

    def is_running(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """SIGTERM; one that does not end in time is killed."""
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> str:
        return _end_of(self._log)


class ServerProcess:
    """`askfirst serve` on a socket that is handed over open, in a process of its own.

    Servers are killed and started again all the time, so they are forks of one that has imported
    everything: most of a start is that.
    """

    def __init__(self, environment: Mapping[str, str], listener: socket.socket, log: Path) -> None:
        self._log = log
        self._process = FORKS.Process(
            target=serve, args=(dict(environment), listener, log), daemon=True
        )
        self._process.start()

    def is_running(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._process.join()

    def end(self) -> None:
        """SIGTERM; one that does not end in time is killed."""
        self._process.terminate()
        self._process.join(_SECONDS_TO_END)
        if self.is_running():
            self.kill()

    def last_words(self) -> str:
        return _end_of(self._log)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


def actor(module: str, part: Part, listener: socket.socket | None = None) -> Child:
    """Start a client or the upstream."""
    arguments = [json.dumps(part), *([str(listener.fileno())] if listener else [])]
    log = Path(part["folder"]) / f"{part['name']}.log"
    return Child(f"tests.promise.harness.{module}", arguments, log, listener=listener)


def listen() -> socket.socket:
    """A listening socket on a free port; who connects early waits for the first answer."""
    return socket.create_server(("127.0.0.1", 0), backlog=512)


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def wait_until_ready(child: Running, port: int) -> None:
    """Return when the server says that it is ready."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and child.is_running():
        if _status(port) == http.HTTPStatus.OK:
            return
        time.sleep(_PAUSE_SECONDS)
    raise DidNotStart(child.last_words())


def _status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except OSError:
        return 0
    except http.client.HTTPException:
        return 0
    finally:
        connection.close()
