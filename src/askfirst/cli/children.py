"""Servers as child processes, on sockets that are bound before they start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "ASKFIRST_"
_SECONDS_TO_END = 15.0


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
