"""`askfirst …` as a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_END = 20.0
_READY = "listening on "


class Process:
    """A server that answers; `address` is where."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        self.address = self._wait_for_address()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS_TO_END)

    def _wait_for_address(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(_READY):
                return line.removeprefix(_READY).strip()
        raise AssertionError(self.log.read_text())


OPEN_HOURS = Path(__file__).with_name("open_hours.toml")
"""A policy by which offers leave at any time, where no law has hours of its own."""


def environment(**settings: str) -> dict[str, str]:
    """The caller's variables without settings of askfirst's, and these; no hours to wait for."""
    settings = {"policy_file": str(OPEN_HOURS)} | settings
    ours = {name: text for name, text in os.environ.items() if not name.startswith("ASKFIRST_")}
    return ours | {f"ASKFIRST_{name.upper()}": text for name, text in settings.items()}


def run(
    *arguments: str, settings: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "askfirst", *arguments],
        capture_output=True,
        text=True,
        env=environment(**(settings or {})),
        cwd=cwd,
        check=False,
        timeout=120,
    )


@contextmanager
def running(log: Path, *arguments: str, **settings: str) -> Iterator[Process]:
    """Run a server until the block ends; its errors go to `log`."""
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "askfirst", *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(**settings),
        )
    with process:
        try:
            yield Process(process, log)
        finally:
            if process.poll() is None:
                process.kill()
