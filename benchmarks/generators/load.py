"""Load: many connections, each with one request at a time, for some seconds."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from askfirst.domain.values.errors import Unavailable
from benchmarks.generators.frames import Frames
from benchmarks.generators.loop_load import run_load
from benchmarks.generators.open_loop import run_at_rate

_SCRIPT = Path(__file__).resolve().parents[1] / "load.lua"
_DRAIN_SECONDS = 1.0
_SECONDS_TO_END = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of one run. Every request that was `asked` was also given time to be answered."""

    asked: int
    answered: int
    failed: int
    p50_ms: float
    p99_ms: float

    @property
    def errors(self) -> int:
        """Answers that were not good, and answers that did not come."""
        return self.failed + self.asked - self.answered


class Generator(Protocol):
    """Makes load."""

    @property
    def name(self) -> str: ...

    def run(self, address: str, frames: Frames, connections: int, seconds: float) -> Load: ...


def find_generator(name: str) -> Generator:
    """Take wrk where it is installed, unless told otherwise."""
    wrk = shutil.which("wrk")
    if name == Wrk.name and wrk is None:
        raise Unavailable("wrk is not installed")
    return Wrk(wrk) if wrk and name != LoopLoad.name else LoopLoad()


class Wrk:
    """wrk, one thread, fed from a file by a script."""

    name = "wrk"

    def __init__(self, program: str) -> None:
        self._program = program

    def run(self, address: str, frames: Frames, connections: int, seconds: float) -> Load:
        said = self._run(address, frames, connections, seconds)
        for line in reversed(said.splitlines()):
            if line.startswith("{"):
                return _read(json.loads(line))
        raise Unavailable(f"wrk said nothing of its run: {said.strip()[-200:]}")

    def _run(self, address: str, frames: Frames, connections: int, seconds: float) -> str:
        """Start it for long, and interrupt it once its requests are answered."""
        options = ["-t1", f"-c{connections}", "-d600", "--timeout", "10", "-s", str(_SCRIPT)]
        words = [str(frames.path), str(seconds), "cycle" if frames.cycles else "once"]
        process = subprocess.Popen(  # noqa: S603 - a program of the system's, with our arguments
            [self._program, *options, address, "--", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            time.sleep(seconds + _DRAIN_SECONDS)
            process.send_signal(signal.SIGINT)
            return process.communicate(timeout=_SECONDS_TO_END)[0]
        finally:
            process.kill()
            process.wait()


class LoopLoad:
    """The bundled generator: this process, on an event loop. It is slower than what it measures."""

    name = "asyncio"

    def run(self, address: str, frames: Frames, connections: int, seconds: float) -> Load:
        import uvloop

        place = urlsplit(address)
        host, port = place.hostname or "", place.port or 80
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            tally = runner.run(run_load(host, port, frames, connections, seconds))
        return told_to_end(tally.asked, tally.failed, tally.seconds, ran_out=tally.ran_out)


class OpenLoop:
    """The bundled generator at a rate (see `open_loop`)."""

    def __init__(self, rate: float, connections: int) -> None:
        self._rate, self._connections = rate, connections

    def run(self, address: str, frames: Frames, seconds: float) -> Load:
        """Ask for some seconds."""
        import uvloop

        found = urlsplit(address)
        place = found.hostname or "", found.port or 80
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            tally = runner.run(run_at_rate(place, frames, self._connections, self._rate, seconds))
        return told_to_end(tally.asked, tally.failed, tally.seconds, ran_out=tally.ran_out)


def told_to_end(asked: int, failed: int, seconds: list[float], *, ran_out: bool) -> Load:
    """Add up what a loop has counted; Unavailable where it had nothing left to ask."""
    if ran_out:
        raise Unavailable(_RAN_OUT)
    milliseconds = sorted(1000 * one for one in seconds) or [0.0]
    return Load(
        asked=asked,
        answered=len(seconds),
        failed=failed,
        p50_ms=milliseconds[len(milliseconds) * 50 // 100],
        p99_ms=milliseconds[len(milliseconds) * 99 // 100],
    )


_RAN_OUT = "the requests ran out before the time: the server is faster than was foreseen"


def _read(said: dict[str, int]) -> Load:
    if said["ran_out"]:
        raise Unavailable(_RAN_OUT)
    return Load(
        asked=said["asked"],
        answered=said["answered"],
        failed=said["failed"],
        p50_ms=said["p50_us"] / 1000,
        p99_ms=said["p99_us"] / 1000,
    )
