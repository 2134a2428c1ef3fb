"""c15t's self-hosted backend, where it is installed, and an opt-in there.

An opt-in is recorded (`POST /subjects`) and read back (`GET /consents/check`), as its own
documentation describes both.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from askfirst.bootstrap.listening import address_of, listen
from askfirst.cli.tour.children import call, end
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.timestamp import Instant
from benchmarks.generators.frames import get, post
from benchmarks.generators.journeys import Journey, Line
from benchmarks.peers.people import new_people
from benchmarks.setup.machine import Running

REQUESTS = 2
_PACKAGES = ("@c15t/backend", "kysely", "better-sqlite3")
_SCRIPT = Path(__file__).with_name("c15t.mjs")
_DATABASE = "c15t.sqlite3"
_KIND = "marketing_communications"
_HEADERS: Mapping[str, str] = {"Content-Type": "application/json"}
_OK = 200
_LOG_LINES = 5
_VERSION_SECONDS = 10
_MILLISECOND = 1_000
_TABLES = {
    "consents": "SELECT count(*) FROM consent",
    "subjects": "SELECT count(*) FROM subject WHERE externalId IS NOT NULL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What was found: the folder, and which versions are there."""

    folder: Path
    node: str
    versions: Mapping[str, str]


def find_installed(folder: Path) -> Installed:
    """Look for c15t in a folder; Unavailable, with how to install it, where it is not there."""
    node = shutil.which("node")
    if node is None:
        raise Unavailable("node is not installed: c15t runs on Node.js")
    versions = {name: _version(folder, name) for name in _PACKAGES}
    missing = [name for name, version in versions.items() if not version]
    if missing:
        raise Unavailable(
            f"{folder} has no {', '.join(missing)}; install it: "
            f"npm install --prefix {folder} {' '.join(_PACKAGES)}"
        )
    said = subprocess.run(  # noqa: S603 - Node.js of this machine, asked for its version
        [node, "--version"], capture_output=True, text=True, timeout=_VERSION_SECONDS, check=False
    )
    return Installed(folder=folder, node=node, versions={"node": said.stdout.strip(), **versions})


def _version(folder: Path, package: str) -> str:
    """Return the version of a package that is installed, "" where it is not."""
    try:
        told = json.loads((folder / "node_modules" / package / "package.json").read_text())
        return str(told["version"])
    except (OSError, ValueError, KeyError):
        return ""


@contextmanager
def peer_server(installed: Installed, folder: Path) -> Iterator[Running]:
    """Run c15t on a socket of this machine, with a SQLite file in `folder`, as a process."""
    listener = listen("127.0.0.1", 0)
    address, fd = address_of(listener), listener.fileno()
    log = folder / "c15t.log"
    places = (_SCRIPT, installed.folder.resolve(), folder / _DATABASE, fd)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - Node.js of this machine, with a script of ours
            [installed.node, *map(str, places)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": os.environ.get("PATH", ""), "NODE_ENV": "production"},
            pass_fds=[fd],
        )
    listener.close()
    try:
        _wait(address, log)
        yield Running(address, process.pid)
    finally:
        end(process)


def _wait(address: str, log: Path) -> None:
    """Wait for its first answer: it makes its tables before."""
    try:
        status = call("GET", f"{address}/status").status
    except Unavailable:
        status = 0
    if status != _OK:
        print(*log.read_text(errors="replace").splitlines()[-_LOG_LINES:], file=sys.stderr)
        raise Unavailable("c15t did not start")


def opt_ins(given_at: Instant) -> Iterator[Journey]:
    """Yield opt-ins of somebody new, without end; all say that they were given at that time."""
    people = enumerate(new_people())
    return (partial(_opt_in, given_at, number, phone) for number, phone in people)


async def _opt_in(given_at: Instant, number: int, phone: str, lines: Sequence[Line]) -> bool:
    """Record and read back; a subject's id is in base 58, which has no nought."""
    (server,) = lines
    answer = {
        "type": _KIND,
        "subjectId": f"sub_{number:020d}".replace("0", "A"),
        "externalSubjectId": phone,
        "identityProvider": "bench",
        "domain": "shop.example",
        "preferences": {"marketing": True},
        "givenAt": given_at // _MILLISECOND,
    }
    status, _ = await server.ask(post("/subjects", _HEADERS, json.dumps(answer).encode()))
    if status != _OK:
        return False
    path = f"/consents/check?externalId={quote(phone, safe='')}&type={_KIND}"
    status, read = await server.ask(get(path, _HEADERS))
    return status == _OK and read.get("results", {}).get(_KIND, {}).get("hasConsent") is True


def count_kept(folder: Path) -> Mapping[str, int]:
    """Count what its file holds, past c15t, once it has ended."""
    try:
        with closing(sqlite3.connect(folder / _DATABASE)) as connection:
            return {name: connection.execute(text).fetchone()[0] for name, text in _TABLES.items()}
    except sqlite3.Error as error:
        raise Unavailable("this version of c15t keeps its rows in tables of other names") from error
