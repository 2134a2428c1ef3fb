"""Runs the snippets of one page in order, in one shell, as a reader would."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import Snippet
from tests.support.processes import environment

SECONDS_MAX = 150.0
_KEY = re.compile(r"\bask_[\w-]+")
_SAID_KEY = "ask_…"
_PROGRAMS = {"sh": "source", "python": "python3"}
_MOMENT = "sleep 1\n"
_END = 'for job in $(jobs -p); do kill "$job"; done; wait\n'


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one snippet; `status` is None where the page did not get that far."""

    snippet: Snippet
    printed: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of this run, in place of those that the pages name."""

    server: int
    simulator: int

    def put_into(self, text: str, key: str = "") -> str:
        """Write a snippet as it runs here."""
        text = text.replace("8080", str(self.server)).replace("8090", str(self.simulator))
        return text.replace(_SAID_KEY, key) if key else text


def free_ports() -> Ports:
    """Find two ports that nobody listens on."""
    here = ("127.0.0.1", 0)
    with socket.create_server(here) as one, socket.create_server(here) as other:
        return Ports(one.getsockname()[1], other.getsockname()[1])


@contextmanager
def demo(folder: Path, ports: Ports) -> Iterator[str]:
    """Run `askfirst demo` while the block runs; gives its key."""
    command = [sys.executable, "-m", "askfirst", "demo", "--port", str(ports.server)]
    command += ["--simulator-port", str(ports.simulator)]
    with (folder / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment()
        )
    with process:
        try:
            assert process.stdout is not None
            yield next(found[0] for line in process.stdout if (found := _KEY.search(line)))
        finally:
            process.terminate()
            process.wait(20)


def run_page(
    snippets: Sequence[Snippet],
    folder: Path,
    ports: Ports,
    *,
    key: str = "",
    variables: Mapping[str, str] | None = None,
) -> list[Ran]:
    """Run every snippet that can be run; servers it leaves behind are ended with it."""
    runnable = [snippet for snippet in snippets if snippet.runs]
    lines = ["shopt -s expand_aliases\n"]
    for number, snippet in enumerate(runnable):
        (folder / f"{number}.in").write_text(ports.put_into(snippet.text, key), encoding="utf-8")
        program = _PROGRAMS[snippet.language]
        place = folder / str(number)
        if "PAUSED" in snippet.text:
            # A reader has read on by then: Meta tells whole seconds, and this is not the same one.
            lines.append(_MOMENT)
        lines.append(f'{program} "{place}.in" >"{place}.out" 2>&1; echo $? >"{place}.status"\n')
    script = folder / "page.sh"
    script.write_text("".join(lines) + _END, encoding="utf-8")
    _run(script, folder, environment() | {"HOME": str(folder)} | dict(variables or {}))
    return [_ran(snippet, folder / str(number)) for number, snippet in enumerate(runnable)]


def _run(script: Path, folder: Path, variables: dict[str, str]) -> None:
    variables["PATH"] = f"{Path(sys.executable).parent}:{variables['PATH']}"
    work = folder / "work"
    work.mkdir()
    with (folder / "page.log").open("ab") as log:
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", str(script)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=work,
            env=variables,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS_MAX)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # the shell's own session: all of it is ours
                process.wait()


def _ran(snippet: Snippet, place: Path) -> Ran:
    out, status = place.with_suffix(".out"), place.with_suffix(".status")
    printed = out.read_text(encoding="utf-8") if out.exists() else ""
    return Ran(snippet, printed, int(status.read_text()) if status.exists() else None)
